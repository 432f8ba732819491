/*
 * reply_files: what of a mail's attachments goes along with an answer. Pure.
 */
#ifndef GUICHET_REPLY_FILES_H
#define GUICHET_REPLY_FILES_H

#include "guichet/mail/message.h"

typedef enum {
	REPLY_FILE_SENT,
	REPLY_FILE_TOO_LARGE, /* above the site's forward_bytes */
	REPLY_FILE_GONE,      /* erased, or the mail came without its end */
	REPLY_FILE_FATE_COUNT,
} ReplyFileFate;

typedef struct {
	const char *name;
	gint64 size;
	ReplyFileFate fate;
} ReplyFile;

/* What of a mail's attachments fits into `limit` bytes: ReplyFile *, for each
 * that is for the reader. A technician's answer takes along what was attached to
 * it: no other mails, our notices among them, no signature, and no picture
 * that only its HTML shows. `along` gets those that fit, Attachment *,
 * borrowed; it may be NULL. */
GPtrArray *reply_files(const Message *message, gint64 limit, bool is_answer,
    GPtrArray *along);

#endif
