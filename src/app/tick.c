#include "guichet/tick.h"

#include "guichet/error.h"

#include "intake-private.h"

/* How many tickets one tick looks at: the rest comes with the next. */
#define TICK_BATCH 200

/*
 * Mail that was old when it came in (a first look at a full mailbox, an
 * outage) made a ticket, but nobody is warned about its past.
 */
static bool
came_late(const Intake *in, const Ticket *ticket)
{
	return ticket->opened - ticket->received >
	    in->conf->policy.acknowledge_within;
}

/* Announces the highest share that has passed, and only that one. */
static bool
warn(Intake *in, StoreTx *tx, const Docket *docket, const SlaClock *clock,
    int share, Instant now, GError **error)
{
	g_autoptr(Event) event = event_new(EVENT_WARNED, docket->ticket->number,
	    now, "tick", 0);

	event->recorded = now;
	event_set(event, "milestone", milestone_name(clock->milestone));
	event_set_int(event, "share", share);
	return store_append(tx, event, error) &&
	    (came_late(in, docket->ticket) ||
		answer_alarm(in, tx, docket, clock, share, now, error));
}

static bool
tick_ticket(Intake *in, StoreTx *tx, gint64 number, Instant now, GError **error)
{
	g_autoptr(Docket) docket = docket_load(in, number, now, error);

	if (docket == NULL)
		return false;
	for (guint i = 0; i < docket->clocks->len; i++) {
		const SlaClock *clock = docket->clocks->pdata[i];
		int reached = 0;
		int share;

		for (int after = docket->ticket->warned[clock->milestone];
		     (share = docket_next_share(docket, clock, after)) != 0;
		     after = share) {
			Instant at = docket_alarm_at(docket, clock, share);

			if (at == INSTANT_NONE || at > now)
				break;
			reached = share;
		}
		if (reached != 0 &&
		    !warn(in, tx, docket, clock, reached, now, error))
			return false;
	}
	return docket_project(in, tx, number, "tick", now, error);
}

bool
tick_due(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GArray) due = store_due(in->store, now, TICK_BATCH, error);

	if (due == NULL || !alert_tick(in, tx, now, error))
		return false;
	for (guint i = 0; i < due->len; i++) {
		if (!tick_ticket(in, tx, g_array_index(due, gint64, i), now,
			error))
			return false;
	}
	return true;
}

bool
tick_begin(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	return expected_arm(in, tx, now, error);
}
