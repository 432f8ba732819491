/*
 * reply_words: the trade's words in French and English, for whoever writes to people.
 */
#ifndef GUICHET_REPLY_WORDS_H
#define GUICHET_REPLY_WORDS_H

#include "guichet/judgment/reply_files.h"
#include "guichet/judgment/situation.h"
#include "guichet/ticket/send_kind.h"
#include "guichet/ticket/sla.h"

/* "… 14 lines cut"; the caller frees. */
char *reply_words_lines_cut(guint lines, const char *language);
const char *reply_words_commitment(Commitment commitment, const char *language);
const char *reply_words_kind(TicketKind kind, const char *language);
const char *reply_words_ticket_state(TicketState state, const char *language);
const char *reply_words_sla_state(SlaState state, const char *language);
const char *reply_words_who(WhoKind who, const char *language);
const char *reply_words_send(SendKind kind, const char *language);
const char *reply_words_fate(ReplyFileFate fate, const char *language);
/* What auth.h says, in the reader's language. The words themselves if they are
 * not known, as of the next too. */
char *reply_words_proof(const char *why, const char *language);
const char *reply_words_held(const char *why, const char *language);
const char *reply_words_exclusion(const char *reason, const char *language);

/* Of what was told and is not so any more: whose doing, of what, and the pieces
 * that it is said with. */
typedef enum {
	REPLY_CHANGE_CONTRACT,
	REPLY_CHANGE_PLAN,
	REPLY_CHANGE_KIND,
	REPLY_CHANGE_SEVERITY,
	REPLY_CHANGE_COMPONENT,
	REPLY_CHANGE_EXCLUSION,
	REPLY_CHANGE_BREACH,
	REPLY_CHANGE_COUNT,
} ReplyChange;

typedef enum {
	REPLY_TELLING_NONE,      /* nothing is promised */
	REPLY_TELLING_NO_TERM,   /* something, without a time */
	REPLY_TELLING_APPLY,     /* the contract's terms do */
	REPLY_TELLING_EXCLUDED,  /* they do not; why follows */
	REPLY_TELLING_MISSED,    /* a guarantee was told to be */
	REPLY_TELLING_NO_BREACH, /* and it was not */
	REPLY_TELLING_OBJECT,    /* what to do about it */
	REPLY_TELLING_NO_PLAN,
	REPLY_TELLING_NO_SEVERITY,
	REPLY_TELLING_NO_PART, /* of their system */
	REPLY_TELLING_COUNT,
} ReplyTelling;

const char *reply_words_cause(TicketCause cause, const char *language);
const char *reply_words_change(ReplyChange change, const char *language);
const char *reply_words_telling(ReplyTelling telling, const char *language);

/* The caller frees these: "4 h ouvrées", "3 j 4 h", "12 ko". */
char *reply_words_within(Duration within, bool open_time, const char *language);
char *reply_words_span(Seconds span, const char *language);
char *reply_words_size(gint64 bytes, const char *language);

#endif
