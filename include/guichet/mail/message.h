/*
 * message: what is in a mail, as plain data.
 *
 * A Message is made from raw bytes by message_parse(), which runs only inside
 * a reader process and cannot fail: a mail can only lack things, and each lack
 * is a defect. It crosses to the desk as a GVariant. It is immutable from then
 * on. Every string is clean UTF-8 (text.h) of bounded length, whatever the
 * mail held; file names are labels, never paths.
 *
 * Identity (doc/security.md 2.3, steps 1 and 2) is decided on the raw bytes:
 * one From field, one mailbox, a plain ASCII addr-spec, nothing that two
 * parsers could read in two ways. Else there is none, and `identity_defect`
 * says why.
 */
#ifndef GUICHET_MESSAGE_H
#define GUICHET_MESSAGE_H

#include "guichet/base/base.h"

typedef struct {
	char *name;    /* display name, "" if none */
	char *address; /* as parsed; not fit as an identity or a recipient */
} Mailbox;

typedef struct {
	char *name;  /* as written, original case */
	char *value; /* unfolded, RFC 2047 decoded, clean */
	char *raw;   /* unfolded, not decoded, clean: for structured parsers */
} Header;

typedef struct {
	char *name; /* cleaned label, at most LIMIT_FILE_NAME_BYTES, never "" */
	char *type; /* "application/pdf", lower-case */
	gint64 size;
	char *sha256;
	bool is_inline;
	GBytes *content; /* decoded */
} Attachment;

/* One recipient of a delivery status report (RFC 3464, or a text bounce). */
typedef struct {
	char *address, *action, *status; /* "" if not said */
	bool permanent;
} BounceRecipient;

typedef struct {
	char *original_message_id; /* "" if not said */
	char **ids; /* every id in the mail that came back, NULL-terminated */
	GPtrArray *recipients; /* BounceRecipient * */
} Bounce;

typedef struct Message {
	char *message_id; /* without <>, or NULL: absent or unusable */
	char **in_reply_to, **references; /* ids without <>, may be empty */
	bool has_date;
	Instant date; /* what the sender claims: for display only */

	GPtrArray *from, *reply_to, *to, *cc; /* Mailbox * */
	char *subject;
	char *identity;        /* canonical address, or NULL */
	char *identity_defect; /* NULL if there is an identity */

	char *return_path;  /* NULL if not stamped, "" for <> */
	GPtrArray *headers; /* Header *, in the mail's order, all of them */
	gsize received_count;

	char *text;     /* the body for people: plain, or HTML as text */
	char *new_text; /* what this mail adds: no quotations, no signature */
	char *
	    command_text; /* first text/plain leaf's top, or NULL (doc/security.md T23) */
	bool has_plain, has_html;
	GPtrArray *attachments; /* Attachment * */
	/*
	 * Message *: mails that were forwarded as attachments or stand in a
	 * digest, in the mail's order, within the limits of LIMIT_ENCLOSED_*.
	 * Of each there are from, subject, date, headers, text and defects, and
	 * nothing else. Nothing in them is proven, whoever proved the mail
	 * itself: anybody writes into a forward what they like. NULL is none.
	 * None are taken out of a report: those are bounces.
	 */
	GPtrArray *enclosed;
	bool is_digest; /* they stand in a multipart/digest (RFC 2046 5.1.5) */

	char *content_type; /* of the top part, "multipart/report" */
	char *report_type;  /* its report-type parameter, "" if none */
	Bounce *bounce;     /* NULL unless it reports a delivery */
	char *
	    content_sha256; /* of all below the trace headers: doc/design.md 7 */
	char **defects;     /* stable words, all listed in prescan.h */
} Message;

/*
 * Opens every file that reading may ever need: once, before a sandbox forbids
 * it. message_parse() does it at its first call otherwise.
 */
void message_preload(void);

/*
 * Reads a mail. `partial` says that only the head of an over-large mail is
 * here. Cannot fail.
 */
Message *message_parse(const guint8 *bytes, gsize length, bool partial);

void message_free(Message *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)

/* The value of the first header of that name, or NULL; and how many. */
const char *message_header(const Message *message, const char *name);
guint message_header_count(const Message *message, const char *name);

/*
 * For people alone, since anybody can write it: where the mail asks to be
 * answered (Reply-To), and who handed it in for its writer (Sender), as
 * "Name <address>, ..."; NULL if that is nobody but who stands in From. The
 * caller frees.
 */
char *message_answers_to(const Message *message);
char *message_sent_by(const Message *message);

/* To the desk and back. The latter checks everything again, a captured reader
 * being hostile: form, lengths, cleanness, hashes. The attachments' contents
 * are left in `bytes`, which they share. */
GVariant *message_to_variant(const Message *message);
Message *message_from_variant(GBytes *bytes, GError **error);

Mailbox *mailbox_new(const char *name, const char *address);
void mailbox_free(Mailbox *mailbox);
void attachment_free(Attachment *attachment);
void bounce_free(Bounce *bounce);

#endif
