/*
 * maintenance_order: what somebody orders about planned maintenance, at the
 * command line or in a technician's mail, and the rules of both.
 *
 *   HOST[@CONTRACT][/SERVICE] FROM TO [REASON]      end NUMBER
 *
 * With a contract, only its hosts are meant, and all of them where no host
 * stands before the '@': clients may have hosts of the same name.
 * Patterns are those of alert_map.h; one with a blank in it stands in "double
 * quotes". FROM is "now" or "maintenant" (this minute), a time of day (its next
 * one), a date and a time of day, or an instant with its offset; TO likewise,
 * counted from FROM, or a duration. Dates are 2026-11-24, 24/11/2026 or 24/11,
 * which is the next one: the day always comes before the month. Times are of
 * the zone's wall clock; one that the clock shows twice means the longer
 * maintenance, one that it skips is read with the offset before the change
 * (zone.h).
 *
 * Pure: the same words, zone and instant give the same order.
 */
#ifndef GUICHET_MAINTENANCE_ORDER_H
#define GUICHET_MAINTENANCE_ORDER_H

#include "guichet/time/zone.h"

#define MAINTENANCE_DAYS_MAX 31 /* longer is no maintenance */
#define MAINTENANCE_STARS    4  /* more would search without measure */

typedef struct {
	bool ends;            /* an existing one; else one is planned */
	gint64 number;        /* 0: planned, and not stored yet */
	char *host, *service; /* service "": any */
	char *contract;       /* whose hosts alone; "": whoever's */
	Instant from, to;
	char *reason; /* "" */
} MaintenanceOrder;

/*
 * The instant that a text names, as one that ends does: a time of day (its next
 * one after `after`), a date with one, a date alone (then at `clock`, seconds of
 * its wall clock), or an instant with its offset. False: it names none.
 */
bool maintenance_order_time(const char *text, const Zone *zone, Instant after,
    int32_t clock, Instant *ret_at);

void maintenance_order_free(MaintenanceOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaintenanceOrder, maintenance_order_free)

/*
 * The argument of a command, as above, written at `written` and carried out at
 * `now`. Of one that ends, only the number is known. NULL with
 * GUICHET_ERROR_PERMANENT, which says in that language what is wrong and how
 * it is written.
 */
MaintenanceOrder *maintenance_order_read(const char *argument, const Zone *zone,
    Instant written, Instant now, const char *language, GError **error);

/* The same of parts. */
typedef struct {
	const char *target; /* HOST[/SERVICE], without quotes */
	const char *from, *to;
} MaintenanceParts;

MaintenanceOrder *
maintenance_order_plan(const MaintenanceParts *parts, const Zone *zone,
    Instant written, Instant now, const char *language, GError **error);

/* "HOST/SERVICE" or "HOST". The caller frees. */
char *maintenance_order_target(const MaintenanceOrder *order);

/* "2026-11-24T22:00:00+01:00". The caller frees. */
char *maintenance_order_instant(Instant at, const Zone *zone);

/* The argument that orders the same whenever it is read, in that zone. The
 * caller frees. */
char *maintenance_order_format(const MaintenanceOrder *order, const Zone *zone);

/* What it plans or ends, for a trace: English, in UTC. The caller frees. */
char *maintenance_order_describe(const MaintenanceOrder *order);

#endif
