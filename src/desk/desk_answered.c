/* What stands on a ticket beside the mails of others. */
#include "guichet/desk/desk_answered.h"

GPtrArray *
desk_promised(const TicketView *view, gint64 mail, Instant now)
{
	GPtrArray *events = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)event_free);
	EventStamp stamp = { .ticket = view->ticket->number,
		.at = now,
		.recorded = now,
		.actor = "rule",
		.mail = mail };

	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->due != INSTANT_NONE)
			g_ptr_array_add(events, event_make_told(&stamp, clock));
	}
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
