/*
 * source: where mail comes from. One ops struct a kind: source_imap.c,
 * source_maildir.c. Runs only inside a fetch process (daemon/fetch.c), which
 * blocks in it; every wait also wakes on the desk's socket.
 *
 * The server is hostile until shown otherwise: TLS is verified before a byte
 * of IMAP, answers are bounded in size and time, only UID commands are used,
 * and nothing is ever deleted or plainly expunged.
 */
#ifndef GUICHET_SOURCE_H
#define GUICHET_SOURCE_H

#include "guichet/base/base.h"

/* One mail as it was found. */
typedef struct {
	guint32 uidvalidity, uid; /* 0, 0 for a Maildir */
	char *name;               /* Maildir file name, "" for IMAP; bytes that
	                             are not printable ASCII are %XX in it */
	Instant received;         /* INTERNALDATE, or the delivery time;
	                             INSTANT_NONE if the server kept it, or
	                             gave one that makes no sense */
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

/* One word for it: "7/12/", "0/0/1795190400.M1P2.host". The caller frees. */
char *source_mark_key(guint32 uidvalidity, guint32 uid, const char *name);
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
	bool starttls; /* else implicit TLS */
	bool plain;    /* no TLS: for tests, and not among what crosses */
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
	/* Up to this UID mails are asked for one by one: a command for several
	 * of them ended an earlier process. */
	guint32 alone;
	/*
	 * What this store alone marks mails with, beside done_name (letters and
	 * digits; NULL: nothing): IMAP's keyword DONE_NAME-SEAL; of a Maildir
	 * the file guichet-SEAL in it, which names the last mail moved. With
	 * `weigh` those above the UID weigh_above that bear it are told first
	 * of all: the store may have forgotten that it had them.
	 */
	char *seal;
	bool weigh;
	guint32 weigh_above;
	/* maildir */
	char *path;
	/* What the desk knows already, sets of strings; NULL: nothing. They
	 * cross beside the rest, since they may be long. */
	GHashTable *aside; /* source_mark_key() of each mail that is set aside:
	                      look() passes it over, again() does not */
	GHashTable *taken; /* source_taken_name() of each mail of a Maildir */
} SourceConf;

GVariant *source_conf_to_variant(const SourceConf *conf); /* floating */
SourceConf *source_conf_from_variant(GVariant *variant);
void source_conf_free(SourceConf *conf);

/* What is known, on its way to the fetch process: the desk adds to a text, the
 * process reads it into its SourceConf. */
void source_known_add_aside(GString *known, const char *key);
void source_known_add_taken(GString *known, const char *name);
void source_conf_take_known(SourceConf *conf, GBytes *known);
/* A Maildir file's name without its flags: the same in new/ and in cur/. The
 * caller frees. */
char *source_taken_name(const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourceConf, source_conf_free)

typedef struct Source Source;

/*
 * Where a look puts what it finds. A function that fails stops the look, and
 * each may call done() for mails that it was given before.
 */
typedef struct {
	/* Each new mail, in UID order. */
	bool (*mail)(void *data, const RawMail *mail, GError **error);
	/*
	 * The server is about to be asked for the mails from `first` to `last`.
	 * Should nothing more be heard, one of them is what ended it. Only of
	 * IMAP.
	 */
	bool (*asking)(void *data, guint32 uidvalidity, guint32 first,
	    guint32 last, GError **error);
	/* One that cannot be had, though it was asked for alone; or a thing in
	 * a Maildir that is no mail. `mail` is without bytes, and passed. */
	bool (*refused)(void *data, const RawMail *mail, const char *why,
	    GError **error);
	/* Of again(): it is no longer there. */
	bool (*gone)(void *data, const SourceMark *mark, GError **error);
	/* Of weigh(): one that bears the store's seal; of a Maildir without
	 * bytes. `count`, said of the first alone: about how many the mailbox
	 * holds above what the store knows. */
	bool (*ahead)(void *data, const RawMail *mail, guint count,
	    GError **error);
} SourceTaker;

typedef struct {
	const char *kind;
	/* Connects, authenticates, selects; learns the UIDVALIDITY. */
	Source *(*open)(const SourceConf *conf, GError **error);
	/* Before the first look(), with the cursor's UIDVALIDITY: ahead() for
	 * the newest mails, LIMIT_WEIGHED_MAILS at most, that bear the store's
	 * seal where it has nothing yet. Mails are marked behind the commit, so
	 * that a store which knows none of them was set back. */
	bool (*weigh)(Source *source, guint32 uidvalidity,
	    const SourceTaker *taker, void *data, GError **error);
	/*
	 * Hands over every mail above the cursor and moves the cursor. When
	 * UIDVALIDITY differs from *uidvalidity, all mail is looked at again
	 * (the desk knows repeats by their bytes). 0, 0 is the first look. A
	 * Maildir has no cursor: what is in new/ is new, and is handed over
	 * once by each process.
	 *
	 * A mail that the server refuses (NO, BAD) does not hold up the others:
	 * it is refused(). LIMIT_IMAP_REFUSALS in a row are the server's
	 * trouble, GUICHET_ERROR_TEMPORARY.
	 */
	bool (*look)(Source *source, guint32 *uidvalidity, guint32 *uid,
	    const SourceTaker *taker, void *data, GError **error);
	/* One mail that was set aside, once more: mail(), refused() or gone()
	 * is called, unless that fails. */
	bool (*again)(Source *source, const SourceMark *mark,
	    const SourceTaker *taker, void *data, GError **error);
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
	/* What a person should see to though mail comes in: the source's, or
	 * NULL. */
	const char *(*warning)(const Source *source);
	void (*close)(Source *source);
} SourceOps;

/* NULL if there is no such kind. */
const SourceOps *source_ops(const char *kind);

#endif
