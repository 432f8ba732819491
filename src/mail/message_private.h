/*
 * What the files that make a Message share.
 */
#ifndef GUICHET_MESSAGE_PRIVATE_H
#define GUICHET_MESSAGE_PRIVATE_H

#include "guichet/mail/message.h"
#include "guichet/mail/prescan.h"

/* A message that is being read. */
typedef struct {
	Prescan *scan;
	Message *message;
	guint parts;      /* leaves so far */
	bool answers;     /* another mail: body.h */
	GBytes *status;   /* the first delivery-status part, or NULL */
	GBytes *original; /* the first returned mail or header, or NULL */
	guint within;     /* how many mails it is enclosed in */
	bool in_digest;   /* a multipart/digest was seen */
	bool looked_for_hint;
	char *hint; /* message_charset_hint() */
} Reading;

/* An empty message: all lists there, all strings that may not be NULL. */
Message *message_new(void);

/* message_headers.c: the fields into the message. */
void message_read_headers(Reading *reading);

/* message_parts.c: the body's parts into the message. */
void message_read_parts(Reading *reading);

/* message_enclosed.c: what stands in the mails among the attachments. */
void message_read_enclosed(Reading *reading);

/* message.c: a mail that is enclosed in so many. */
Message *message_parse_within(const guint8 *bytes, gsize length, bool partial,
    guint within);

/* message_charset.c: the charset that the mail names for other bytes of it, or
 * NULL; the second only if there are 8-bit ones among these. Borrowed. */
const char *message_charset_hint(Reading *reading);
const char *message_raw_hint(Reading *reading, const char *bytes, gsize length);

/* message_charset.c: a parameter of a Content-* field of its, raw bytes read by
 * that charset; params_get(). */
char *message_parameter(Reading *reading, const char *value, gsize length,
    const char *name);

/* message_hash.c: the hash of all below the trace headers. */
char *message_content_hash(const char *bytes, gsize length);

/* message_headers.c: "Fri, 20 Nov 2026 16:00:00 +0100" and its old forms. */
bool message_read_date(const char *value, Instant *ret_at);

/* message_names.c: a label out of whatever a sender calls a file. */
char *message_file_name(const char *name, const char *type);

#endif
