/*
 * store_sums: answers that wait in the outbox to be told together, in one mail
 * an hour (desk_restraint.h). Such a row has the hour of its sum, and leaves by
 * itself where nobody sums it up.
 */
#ifndef GUICHET_STORE_SUMS_H
#define GUICHET_STORE_SUMS_H

#include "guichet/desk/desk_restraint.h"
#include "guichet/store/store.h"

/* One reader's, by canonical address; how the mail is to be written to them. */
typedef struct {
	Instant at; /* INSTANT_NONE: there is none */
	char *to, *language, *zone;
} OutboxSum;

void outbox_sum_clear(OutboxSum *sum);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OutboxSum, outbox_sum_clear)

/* What the reader got and is to get that counts, RestraintMail: each mail made
 * since then that leaves alone, and the next sum after `now`. */
GArray *store_sums_beside(Store *store, const char *to, Instant since,
    Instant now, GError **error);
/* The answer waits for the reader's sum; `to` is its own. */
bool store_sums_add(StoreTx *tx, gint64 outbox, const OutboxSum *sum,
    GError **error);
/* The first sum of those whose hour is not after `now`; INSTANT_MAX: of all. */
bool
store_sums_next(Store *store, Instant now, OutboxSum *ret_sum, GError **error);
/* What waits for the sum of that reader, whose hour is not after `now`:
 * OutboxRow *, the caller's. */
GPtrArray *
store_sums_of(Store *store, const OutboxSum *sum, Instant now, GError **error);

#endif
