/*
 * compose: our own mails, as the bytes that go to the server.
 *
 * The result has CR LF line ends only, 7-bit, lines of at most 998 bytes
 * (text is quoted-printable or base64), exactly the header fields that the
 * struct asks for, and RFC 3834's marks when it is automatic. Every string is
 * checked first: a letter whose addresses or ids could inject anything is
 * refused with GUICHET_ERROR_PERMANENT.
 */
#ifndef GUICHET_COMPOSE_H
#define GUICHET_COMPOSE_H

#include "guichet/mail/message.h"

typedef enum {
	LETTER_PERSON,    /* technician's words: no robot marks */
	LETTER_REPLIED,   /* Auto-Submitted: auto-replied */
	LETTER_GENERATED, /* Auto-Submitted: auto-generated */
} LetterKind;

typedef struct {
	LetterKind kind;
	const char *from_name, *from_address;
	const char *to_name, *to_address; /* exactly one recipient */
	const char *const *copied; /* of Cc, for people to see, NULL-terminated;
				    * NULL: nobody */
	const char *reply_to;      /* NULL: none */
	const char *subject;
	const char *message_id;        /* without <>: ours, always given */
	const char *in_reply_to;       /* id without <>, or NULL */
	const char *const *references; /* of the parent, NULL-terminated */
	const char *loop;              /* X-Guichet-Loop, signed; NULL: none */
	Instant date;
	const char *zone;             /* for the Date field */
	const char *language;         /* Content-Language, "fr" */
	const char *text, *html;      /* html may be NULL */
	const GPtrArray *attachments; /* Attachment *, or NULL */
} Letter;

/* The whole mail. Deterministic: the MIME boundary is made from the
 * Message-ID. The caller frees. */
GBytes *compose(const Letter *letter, GError **error);

/* Whether it may stand between <> in a header of ours: printable ASCII without
 * <, >, blanks and encoded words, not too long. Ids of others' mails that are not are left
 * out of In-Reply-To. */
bool compose_id_is_safe(const char *id);

/*
 * "Re: SUBJECT [TAG]" for an answer: one Re:, the tag once, clean, cut to a
 * sane length, reply prefixes in the usual languages taken off first. The
 * caller frees.
 */
char *compose_subject(const char *subject, const char *tag);

/* The References of an answer (RFC 5322, 3.6.4): the parent's, or its single
 * In-Reply-To, then the parent's id; unsafe and repeated ids left out, the
 * first and last 20 of them, at most 8 KiB. Never NULL, possibly empty. The
 * caller frees with g_strfreev(). */
char **compose_references(const Message *parent);
/* Puts `root` in front of them, within the same bounds. */
void compose_references_under(char ***references, const char *root);

#endif
