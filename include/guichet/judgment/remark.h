/*
 * remark: what whoever reads a mail of ours should know besides: of a mail that
 * came in, and of what the desk made of it.
 *
 * One kind has words for the client and words for technicians; NULL where it is
 * nothing for them. Its text is what it is about: a ticket's tag, addresses.
 */
#ifndef GUICHET_REMARK_H
#define GUICHET_REMARK_H

#include "guichet/base/base.h"

typedef enum {
	REMARK_CONTINUES,  /* the ticket `text` is past reopening: this one goes
			   * on in its place */
	REMARK_ENCRYPTED,  /* for technicians: the mail cannot be read */
	REMARK_UNREADABLE, /* the same, for its sender */
	REMARK_FILES, /* for technicians: the same mail by another path, with
		       * files that the first copy did not have */
	REMARK_OTHER_ESTIMATE, /* for technicians: a yes or a no to one that is
				* void */
	REMARK_OTHER_ASKED,    /* for technicians: one of somebody else than who
			     * was asked, `text` */
	REMARK_UNCLEAR,        /* for technicians: an answer that is neither */
	REMARK_DENIED,         /* for technicians: it was not theirs */
	REMARK_WORSE, /* for technicians: its words raised the severity, `text`
			   * "2 -> 1 (rule)" */
	REMARK_WORSE_WAY, /* the same, by the address that it went to */
	REMARK_COUNT,
} RemarkKind;

typedef struct {
	RemarkKind kind;
	char *text;
} Remark;

/* Onto a list (of the caller's, NULL: a new one), which owns it. */
void remark_add(GPtrArray **remarks, RemarkKind kind, const char *text);
/* In the reader's language; NULL: nothing for them. The caller frees. */
char *remark_words(const Remark *remark, bool for_client, const char *language);

#endif
