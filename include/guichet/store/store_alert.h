/*
 * store_alert: what is known of alerts, and planned maintenance. See store.h
 * for errors and transactions. Cases are no projection: `rebuild` leaves them.
 *
 * Every look-up is by an index that no number of open tickets makes slower.
 *
 * Nothing of it is ever removed: a turn takes some 60 bytes, a case some 350.
 * Where each of 1,000 alerts a day has a key of its own (a time stamp in it),
 * a year of both comes to 170 MB, a fraction of what their mails and tickets
 * take; with the same thousand keys, to 42 MB.
 */
#ifndef GUICHET_STORE_ALERT_H
#define GUICHET_STORE_ALERT_H

#include "guichet/judgment/alert_case.h"
#include "guichet/store/store.h"

/* NULL in *ret_case if there is none. */
bool store_alert(Store *store, const char *source, const char *system,
    const char *key, AlertCase **ret_case, GError **error);
/* The latest with that alias. */
bool store_alert_alias(Store *store, const char *source, const char *system,
    const char *alias, AlertCase **ret_case, GError **error);
/* Those with that alias that fire or whose ticket is open, the latest first:
 * AlertCase *. */
GPtrArray *store_alerts_alike(Store *store, const char *source,
    const char *system, const char *alias, guint limit, GError **error);
/* The open ticket of the latest of the sender's mails whose subject fits; 0. */
typedef struct {
	const char *address;
	guint limit; /* of mails that are looked at */
	bool (*fits)(const char *subject, gconstpointer data);
	gconstpointer data;
} SubjectSearch;
bool store_alert_subjects(Store *store, const SubjectSearch *search,
    gint64 *ret_ticket, GError **error);
/* What a mail's Date says; INSTANT_NONE if it has none, or is not there. */
bool
store_alert_dated(Store *store, gint64 mail, Instant *ret_date, GError **error);
/* The open ticket of any source's alert of that key; 0. */
bool store_alert_ticket(Store *store, const char *system, const char *key,
    gint64 *ret_ticket, GError **error);
/* Beginnings and ends since; tickets of a source since, at most 100. */
bool store_alert_changes(Store *store, gint64 id, Instant since, int *ret_count,
    GError **error);
bool store_alert_openings(Store *store, const char *source, Instant since,
    int *ret_count, GError **error);

/* Adds one that has no id, and sets it; else changes all but its key. */
bool store_put_alert(StoreTx *tx, AlertCase *one, GError **error);
/* What availability is counted from (store_availability.h): begun or ended at
 * `turned`; or, at `at`, only of another level, ticket or client. */
bool store_alert_turned(StoreTx *tx, const AlertCase *one, GError **error);
bool store_alert_changed(StoreTx *tx, const AlertCase *one, Instant at,
    GError **error);

/* Cases whose wake is due, the earliest first: AlertCase *. */
GPtrArray *
store_alerts_due(Store *store, Instant now, guint limit, GError **error);
/* Those that a ticket holds: AlertCase *. */
GPtrArray *store_alerts_of_ticket(Store *store, gint64 ticket, guint limit,
    GError **error);

/* A host that was heard of. */
typedef struct {
	char *source, *host, *service, *contract;
	gint64 count;
	Instant last;
} AlertSeen;
void alert_seen_free(AlertSeen *seen);
/* AlertSeen *, by host and service. */
GPtrArray *store_alert_hosts(Store *store, GError **error);

/* ---- planned maintenance ---- */

typedef struct {
	gint64 id;
	char *host, *service; /* patterns of alert_map.h; service "" any */
	char *contract;       /* whose hosts alone; "" whoever's */
	Instant from, to;
	Instant announced; /* when it was ordered; INSTANT_NONE: not known */
	char *by;          /* who planned it */
} Maintenance;
void maintenance_free(Maintenance *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Maintenance, maintenance_free)

bool store_add_maintenance(StoreTx *tx, const Maintenance *one, gint64 *ret_id,
    GError **error);
/* Ends it at `at`; false and GUICHET_ERROR_PERMANENT if it is over or not
 * there. */
bool store_end_maintenance(StoreTx *tx, gint64 id, Instant at, GError **error);
/* Those that end after `since`: Maintenance *, by their beginning. */
GPtrArray *store_maintenance(Store *store, Instant since, GError **error);

/* Cases with their turns, and maintenance, as text, for store_dump(). */
bool store_dump_alerts(Store *store, GString *dump, GError **error);

#endif
