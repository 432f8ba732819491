/*
 * uid_take_private: mails out of a selected folder, by their UIDs.
 *
 * In batches, since a far server answers one command as slowly as fifty; one
 * by one where the server refuses a batch, or broke over one before.
 */
#ifndef GUICHET_UID_TAKE_PRIVATE_H
#define GUICHET_UID_TAKE_PRIVATE_H

#include "guichet/wire/source.h"
#include "session_private.h"

#define IMAP_ANSWER_BYTES (256 * 1024) /* and what is said unasked */

/* Of source_imap.c. */
struct Source {
	Session *session;
	DoneAction done;
	char *done_name;   /* keyword, or folder as a quoted string */
	char *done_folder; /* the folder's name, for messages */
	bool since_all;
	Instant first_look;
	guint32 alone;     /* up to here one by one */
	GHashTable *aside; /* passed over; or NULL */
	guint refusals;    /* in a row */
	char *seal;        /* the keyword that is the store's alone, or NULL */
	bool weigh;        /* for those above this one */
	guint32 weigh_above;
	bool looked;   /* since the folder was selected */
	char *warning; /* or NULL */
};

/* Where each mail goes, and the cursor that follows it; NULL: none does. */
typedef struct {
	const SourceTaker *ops;
	void *data;
	guint32 *uidvalidity, *uid;
} UidTaker;

/* GCompareFunc of guint32. */
int uid_compare(gconstpointer a, gconstpointer b);

typedef struct {
	guint32 first, last;
	bool to_the_end;     /* `last` does not count */
	const char *keyword; /* only mails that bear it; NULL: all */
} UidRange;

/* The UIDs of the range that there are, sorted, once each. */
bool
uid_search(Source *source, const UidRange *range, GArray *uids, GError **error);

/* (uid_weigh.c) SourceOps.weigh of a folder with the cursor's UIDVALIDITY. */
bool
uid_weigh(Source *source, const SourceTaker *ops, void *data, GError **error);

/* The mails of these UIDs, which are sorted and of this folder. `old_below`:
 * those below it that were received before the first look are not wanted. */
bool uid_take_all(Source *source, const GArray *uids, guint32 old_below,
    const UidTaker *taker, GError **error);

/* SourceOps.again. */
bool uid_take_again(Source *source, const SourceMark *mark,
    const SourceTaker *ops, void *data, GError **error);

#endif
