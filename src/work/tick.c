/* What time alone brings about: warnings, reminders, duties. */
#include "guichet/work/tick.h"

#include "guichet/base/error.h"

#include "guichet/work/work.h"

/* How many tickets one tick looks at: the rest comes with the next. */
#define TICK_BATCH 200

/* Reminders missed in an outage that are counted one by one. */
#define MISSED_REMINDERS 1000

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
warn(Intake *in, StoreTx *tx, TicketView *view, const SlaClock *clock,
    int share, Instant now, GError **error)
{
	EventStamp stamp = { .ticket = view->ticket->number,
		.at = now,
		.recorded = now,
		.actor = "tick" };
	g_autoptr(Event) event = event_make_warned(&stamp, clock->milestone,
	    share);

	return effects_append(tx, event, error) &&
	    (came_late(in, view->ticket) ||
		answer_alarm(in, tx, view, clock, share, now, error));
}

/*
 * Under continuous effort: one reminder, however many were missed, dated when
 * the last of them was due, so that the interval does not drift.
 */
static bool
remind(Intake *in, StoreTx *tx, TicketView *view, Instant now, GError **error)
{
	Ticket *ticket = view->ticket;
	Instant at = view->has_terms ? sla_remind_at(ticket, &view->terms)
				     : INSTANT_NONE;
	g_autoptr(Event) event = NULL;
	int missed = 0;

	if (at == INSTANT_NONE || at > now)
		return true;
	for (Instant next = at; next != INSTANT_NONE && next <= now; missed++) {
		at = missed < MISSED_REMINDERS ? next : now;
		ticket->reminded = at;
		next = missed < MISSED_REMINDERS
		    ? sla_remind_at(ticket, &view->terms)
		    : INSTANT_NONE;
	}
	event = event_make_reminded(&(EventStamp){ .ticket = ticket->number,
					.at = at,
					.recorded = now,
					.actor = "tick" },
	    ticket->reminders + 1);
	return effects_append(tx, event, error) &&
	    (came_late(in, ticket) ||
		answer_reminder(in, tx, view, now, error));
}

static bool
tick_ticket(Intake *in, StoreTx *tx, gint64 number, Instant now, GError **error)
{
	g_autoptr(TicketView) view = view_run(in, number, now, error);

	if (view == NULL)
		return false;
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];
		int reached = 0;
		int share;

		for (int after = ticket_view_told_share(view, clock);
		     (share = ticket_view_next_share(view, clock, after)) != 0;
		     after = share) {
			Instant at = ticket_view_alarm_at(view, clock, share);

			if (at == INSTANT_NONE || at > now)
				break;
			reached = share;
		}
		if (reached != 0 &&
		    !warn(in, tx, view, clock, reached, now, error))
			return false;
	}
	return remind(in, tx, view, now, error) &&
	    view_project(in, tx, number, "tick", now, error);
}

bool
tick_due(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GArray) due = store_due(in->store, now, TICK_BATCH, error);

	if (due == NULL || !duties_open(in, tx, now, error) ||
	    !alert_tick(in, tx, now, error) ||
	    !notice_budget_tick(in, tx, now, error) ||
	    !refusal_list_tick(in, tx, now, error))
		return false;
	for (guint i = 0; i < due->len; i++) {
		if (!tick_ticket(in, tx, g_array_index(due, gint64, i), now,
			error))
			return false;
	}
	return true;
}

static Instant
earlier(Instant a, Instant b)
{
	return a == INSTANT_NONE ? b : b == INSTANT_NONE ? a : MIN(a, b);
}

bool
tick_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Instant wake, duty, summary, list;

	if (!store_next_wake(in->store, &wake, error) ||
	    !duties_next(in, now, &duty, error) ||
	    !notice_budget_next(in, &summary, error) ||
	    !refusal_list_next(in, &list, error))
		return false;
	*ret_at = earlier(earlier(wake, duty), earlier(summary, list));
	return true;
}

bool
tick_begin(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	return expected_arm(in, tx, now, error) &&
	    restored_tell(in, tx, now, error);
}
