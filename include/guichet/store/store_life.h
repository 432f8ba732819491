/*
 * store_life: whose a store is, and which of its lives it lives.
 *
 * layer: store
 *
 * A store has a random identity, given once, and a life that each restore
 * raises (doc/design.md 7, "Which ticket"; doc/security.md 2.6). What is signed
 * names both. What must not be forgotten with the file is kept elsewhere by a
 * StoreKeeper: the life, the ticket numbers that may have been given, and the
 * `pulse`, which counts the commits and so shows an older copy.
 */
#ifndef GUICHET_STORE_LIFE_H
#define GUICHET_STORE_LIFE_H

#include "guichet/store/store.h"

typedef struct {
	char *identity; /* 32 hexadecimal digits; "": none was given yet */
	gint32 life;    /* from 1; 0 without identity */
	char *site;     /* the desk's address, "" before it is known */
	gint64 pulse;   /* commits so far */
	gint64 number;  /* no ticket gets it or a lower one */
	Instant mark;   /* mail received until then may have been answered in an
			 * earlier life; INSTANT_NONE: there was none */
} StoreLife;

/*
 * What this store, in each of its lives, marks mails with, so that it knows its
 * own marks: eight lower-case hexadecimal digits, which tell nothing of the
 * identity. NULL without one. The caller frees.
 */
char *store_life_seal(const StoreLife *life);
void store_life_clear(StoreLife *life);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreLife, store_life_clear)

bool store_life(Store *store, StoreLife *ret_life, GError **error);
/* All but the pulse. What the store had not sent may have been sent by the life
 * that ends: `doubt` makes it "maybe", for a person to decide; of the rows up
 * to this id, 0 for none. */
bool store_set_life(StoreTx *tx, const StoreLife *life, gint64 doubt,
    GError **error);
/* Numbers up to this one are never given any more. */
bool store_skip_numbers(StoreTx *tx, gint64 number, GError **error);
/* The highest row of the outbox; 0 for none. */
bool store_last_outbox(Store *store, gint64 *ret_id, GError **error);

/* What keeps it beside the store. */
typedef struct {
	/* Before `number` is given: durable, up to *ret_until. */
	bool (*reserve)(void *data, gint64 number, gint64 *ret_until,
	    GError **error);
	/* Before the store takes this life: durable. */
	bool (*live)(void *data, const StoreLife *life, GError **error);
	/* After a commit; may be lost with the power. */
	void (*pulse)(void *data, gint64 pulse);
	void (*free)(void *data);
} StoreKeeper;

/* The store owns `data` from now on. */
void store_set_keeper(Store *store, const StoreKeeper *keeper, void *data);
/* Has the keeper keep it; does nothing without one. */
bool store_keep_life(StoreTx *tx, const StoreLife *life, GError **error);

/*
 * Whether an answer to this person (NULL: to anybody) on this ticket (0:
 * on none) carried the word as its Reply-To.
 */
bool store_outbox_carried(Store *store, const char *word, const char *to,
    gint64 ticket, bool *ret_carried, GError **error);

/*
 * Makes a store at `path`, where none is: complete, or not there at all.
 * GUICHET_ERROR_CONFIG where there is one, or what is left of one.
 */
bool store_make(const char *path, GError **error);
/*
 * Puts a copy of the store `from` in the place of the one at `path`, after it
 * has been looked through for damage; the one that was there is moved aside, to
 * *ret_aside (NULL: there was none). Refused while a writer has it open. What
 * `from` itself knows comes back in *ret_life before anything is moved, and
 * `agree` may refuse it.
 */
typedef bool (*StoreAgree)(void *data, const StoreLife *life, GError **error);
bool store_replace(const char *path, const char *from, StoreAgree agree,
    void *data, char **ret_aside, GError **error);

/* The file is not the one that was opened any more: nothing is written. */
bool store_is_gone(const Store *store);

#endif
