/*
 * lifebook: what must not be forgotten with the store, kept beside the token
 * keys as TOKENS.life: which store they sign for, its life, the ticket numbers
 * that may have been given, and the store's last known pulse.
 *
 * By it a start knows a store that was restored, or that is gone. Everything
 * but the pulse is on the disk before the store commits what follows from it;
 * the pulse follows each commit without waiting for the disk, so that after a
 * power cut it may lag behind the store, and is never ahead of one that is
 * whole.
 */
#ifndef GUICHET_LIFEBOOK_H
#define GUICHET_LIFEBOOK_H

#include "guichet/site/conf.h"
#include "guichet/store/store_life.h"

/* How an instant is known: a rehearsal has its own (INSTANT_NONE: the clock),
 * and random bytes by a seed (0: the kernel's). */
typedef struct {
	Instant at;
	guint64 seed;
} LifeClock;

/* Whether keys, or what was kept beside them, say that a store was here. */
bool lifebook_has_past(const Conf *conf);

/*
 * Makes the store and a book for it, where there is none; the keys are not its
 * business. `after`: 0, or a number that the tickets begin behind. The book of
 * a store that is lost goes on with the next life. GUICHET_ERROR_CONFIG if
 * there is a store.
 */
bool
lifebook_init(const Conf *conf, gint64 after, LifeClock clock, GError **error);

/*
 * Ties the open store to the book of the site: every writer does it before it
 * changes anything else. A store that is behind its book begins its next life:
 * what it had not sent is "maybe", and "restored" tells why (work/restored.c).
 * GUICHET_ERROR_CONFIG if it is another site's.
 */
bool lifebook_attach(const Conf *conf, Store *store, LifeClock clock,
    GError **error);

/* The next life begins, with numbers above `number`, for what the store itself
 * has met: `doubt` as in store_set_life(). */
bool lifebook_raise(StoreTx *tx, const char *why, gint64 number, gint64 doubt,
    Instant now, GError **error);

/* A setting: when the newest mail was received that the life before is known to
 * have had, by a mailbox's marks; none where nothing tells. */
#define LIFEBOOK_SIGN "restored-sign"

/* Whether the store is this site's: for whoever only reads. */
bool lifebook_check_site(const Conf *conf, Store *store, GError **error);

/* `guichet restore`: see store_replace(). The book is ahead of the copy before
 * that takes its place. */
bool lifebook_restore(const Conf *conf, const char *from, LifeClock clock,
    char **ret_aside, GError **error);

#endif
