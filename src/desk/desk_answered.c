/* What stands on a ticket beside the mails of others. */
#include "guichet/desk/desk_answered.h"

#include "guichet/ticket/ticket_missed.h"

/* A correction that only a machine's or a client's words have brought about. */
static bool
is_automatic(const PromiseCase *c)
{
	const Ticket *ticket = c->view->ticket;

	return c->answer == SEND_CORRECTION &&
	    ticket->untold_why != CAUSE_DESK &&
	    ticket->untold_why != CAUSE_MERGE;
}

GPtrArray *
desk_promised(const PromiseCase *c)
{
	const Ticket *ticket = c->view->ticket;
	GPtrArray *events = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)event_free);
	EventStamp stamp = { .ticket = ticket->number,
		.at = c->now,
		.recorded = c->now,
		.actor = "rule",
		.mail = c->mail };
	const EventTelling telling = { .answer = c->answer,
		.outbox = c->outbox,
		.kind = ticket->kind,
		.severity = ticket->severity,
		.contract = ticket->contract,
		.plan = ticket->plan,
		.excluded = ticket->exclusion,
		.automatic = is_automatic(c) };

	g_ptr_array_add(events, event_make_told_terms(&stamp, &telling));
	for (guint i = 0; i < c->view->clocks->len; i++) {
		const SlaClock *clock = c->view->clocks->pdata[i];

		if (sla_is_owed(clock) &&
		    (clock->due != INSTANT_NONE || clock->state == SLA_NO_TERM))
			g_ptr_array_add(events, event_make_told(&stamp, clock));
	}
	return events;
}

GPtrArray *
desk_missed(const PromiseCase *c)
{
	g_autoptr(GPtrArray) missed = ticket_missed(c->view);
	GPtrArray *events = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)event_free);
	EventStamp stamp = { .ticket = c->view->ticket->number,
		.at = c->now,
		.recorded = c->now,
		.actor = "rule",
		.mail = c->mail };

	for (guint i = 0; i < missed->len; i++)
		g_ptr_array_add(events,
		    event_make_told_missed(&stamp, c->answer, c->outbox,
			missed->pdata[i]));
	return events;
}

Event *
desk_held(const HeldCase *c)
{
	EventStamp stamp = { .ticket = c->ticket,
		.at = c->at,
		.recorded = c->now,
		.actor = "rule",
		.mail = c->mail };

	return event_make_held(&stamp, c->what, c->why);
}

Event *
desk_noted(gint64 ticket, gint64 mail, Instant now)
{
	EventStamp stamp = { .ticket = ticket,
		.at = now,
		.recorded = now,
		.actor = "desk",
		.mail = mail };

	return event_make_message(&stamp, AUTHOR_DESK, VISIBILITY_INTERNAL,
	    true, NULL);
}
