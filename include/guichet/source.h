/*
 * source: where mail comes from. One ops struct a kind: source_imap.c,
 * source_maildir.c. Runs only inside a fetch process (app/fetch.c), which
 * blocks in it; every wait also wakes on the desk's socket.
 *
 * The server is hostile until shown otherwise: TLS is verified before a byte
 * of IMAP, answers are bounded in size and time, only UID commands are used,
 * and nothing is ever deleted or plainly expunged.
 */
#ifndef GUICHET_SOURCE_H
#define GUICHET_SOURCE_H

#include "guichet/base.h"

/* One mail as it was found. */
typedef struct {
	guint32 uidvalidity, uid; /* 0, 0 for a Maildir */
	char *name;               /* Maildir file name, "" for IMAP; bytes that
	                             are not printable ASCII are %XX in it */
	Instant received;         /* INTERNALDATE, or the delivery time;
	                             INSTANT_NONE if the server kept it */
	guint64 size;
	bool truncated; /* over LIMIT_MAIL_BYTES, or the server has lost the
	                   rest: only the head, maybe nothing, is in `bytes` */
	GBytes *bytes;
} RawMail;

void raw_mail_free(RawMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RawMail, raw_mail_free)

/* A mail's copy on the server, by UID or, in a Maildir, by name. */
typedef struct {
	guint32 uidvalidity, uid;
	char *name;
} SourceMark;

SourceMark *source_mark_new(guint32 uidvalidity, guint32 uid, const char *name);
void source_mark_free(SourceMark *mark);

typedef enum {
	DONE_NOTHING, /* leave the server's copy as it is: the cursor suffices */
	DONE_KEYWORD,
	DONE_MOVE,
} DoneAction;

/* A mailbox of guichet.yaml. Crosses to the fetch process as a{sv}. */
typedef struct {
	char *kind; /* "imap" or "maildir" */
	char *name; /* ours */
	/* imap */
	char *host;
	guint16 port;
	bool starttls; /* else implicit TLS; there is no plain */
	char *user, *password;
	char *ca_file;  /* NULL: the system's store */
	char *folder;   /* "INBOX" */
	bool since_all; /* else only mail after the first look */
	/* Not since_all: when the first look was, by the desk's record of its
	 * first `cursor`; INSTANT_NONE if there was none yet. Without it a new
	 * UIDVALIDITY would bring in all the mail from before. */
	Instant first_look;
	DoneAction done;
	char *done_name; /* the keyword or the folder */
	Seconds poll;    /* between looks; IDLE comes on top */
	/* maildir */
	char *path;
} SourceConf;

GVariant *source_conf_to_variant(const SourceConf *conf); /* floating */
SourceConf *source_conf_from_variant(GVariant *variant);
void source_conf_free(SourceConf *conf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceConf, source_conf_free)

typedef struct Source Source;

/* Called for each new mail, in UID order. False stops the look. It may call
 * done() for mails that it was given before. */
typedef bool (*SourceMail)(void *data, const RawMail *mail, GError **error);

typedef struct {
	const char *kind;
	/* Connects, authenticates, selects; learns the UIDVALIDITY. */
	Source *(*open)(const SourceConf *conf, GError **error);
	/*
	 * Hands over every mail above the cursor and moves the cursor. When
	 * UIDVALIDITY differs from *uidvalidity, all mail is looked at again
	 * (the desk knows repeats by their bytes). 0, 0 is the first look. A
	 * Maildir has no cursor: what is in new/ is new, and is handed over
	 * once by each process.
	 */
	bool (*look)(Source *source, guint32 *uidvalidity, guint32 *uid,
	    SourceMail each, void *data, GError **error);
	/*
	 * Keyword, MOVE, or new/ to cur/; as configured. All of them go in one
	 * command, since a far server would else be asked for nothing but
	 * marks in a storm; at most LIMIT_MARKS. A mail that is no longer
	 * there is success. GUICHET_ERROR_PERMANENT is the server's NO to one
	 * of them: the others may or may not be marked, and to ask again, one
	 * by one, does no harm. Any other error ends the source.
	 */
	bool (*done)(Source *source, SourceMark *const *marks, guint count,
	    GError **error);
	/* Waits until there may be new mail, `seconds` passed, or `socket` can
	 * be read; may return early. */
	bool (
	    *wait)(Source *source, int socket, Seconds seconds, GError **error);
	void (*close)(Source *source);
} SourceOps;

/* NULL if there is no such kind. */
const SourceOps *source_ops(const char *kind);

#endif
