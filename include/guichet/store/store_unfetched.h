/*
 * store_unfetched: mails that are there and cannot be had: the server refuses
 * them, the connection ends over them, or in a Maildir they are no mail. They
 * are listed, and asked for again once a day; see SourceTaker.refused.
 */
#ifndef GUICHET_STORE_UNFETCHED_H
#define GUICHET_STORE_UNFETCHED_H

#include "guichet/store/store.h"

typedef struct {
	char *mailbox;
	guint32 uidvalidity, uid;
	char *name;       /* of the Maildir file, "" for IMAP */
	Instant received; /* INSTANT_NONE: not known */
	gint64 size;      /* 0: not known */
	char *why;
	Instant first, last; /* when it was refused */
	int tries;
} UnfetchedMail;

void unfetched_mail_free(UnfetchedMail *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnfetchedMail, unfetched_mail_free)

/* One more refusal, at `at`. Of `row` it takes all but first, last and tries.
 * *ret_new: it was not known. */
bool store_add_unfetched(StoreTx *tx, const UnfetchedMail *row, Instant at,
    bool *ret_new, GError **error);

/* It came after all, or is gone. One that is not known is no failure. */
bool store_drop_unfetched(StoreTx *tx, const char *mailbox, guint32 uidvalidity,
    guint32 uid, const char *name, GError **error);

/* The folder's numbers are others now: those of before name nothing. */
bool store_renumber_unfetched(StoreTx *tx, const char *mailbox,
    guint32 uidvalidity, GError **error);

/* UnfetchedMail *, the oldest first: of one mailbox, or all where it is NULL;
 * those that were not tried since `untried`. */
GPtrArray *store_unfetched(Store *store, const char *mailbox, Instant untried,
    GError **error);

/* The names of all mails that were taken out of a Maildir: char *. */
GPtrArray *store_taken_names(Store *store, const char *mailbox, GError **error);

#endif
