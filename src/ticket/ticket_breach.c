/* Missed guarantees that are breaches still, those of clocks that are gone among
 * them. */
#include "guichet/ticket/ticket_breach.h"

bool
ticket_breaches_need_events(const Ticket *ticket)
{
	return ticket->reopened != INSTANT_NONE || ticket->merged_into != 0;
}

static bool
is_there(const GArray *breaches, const TicketBreach *breach)
{
	for (guint i = 0; i < breaches->len; i++) {
		const TicketBreach *one = &g_array_index(breaches, TicketBreach,
		    i);

		if (one->milestone == breach->milestone &&
		    one->due == breach->due)
			return true;
	}
	return false;
}

/* What was met under another contract is that contract's. */
static bool
is_breach(const TicketView *view, const SlaClock *clock)
{
	return clock->commitment == COMMITMENT_GUARANTEED &&
	    clock->plan != NULL && clock->due != INSTANT_NONE &&
	    (clock->state == SLA_LATE || clock->state == SLA_MISSED) &&
	    !ticket_met_elsewhere(view->ticket, clock->milestone);
}

/* Those that the clocks of a view show: all, or what was met too late alone. */
static void
add_clocks(GArray *breaches, const TicketView *view, bool met_alone)
{
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];
		TicketBreach breach = { clock->milestone, clock->due,
			clock->plan };

		if (is_breach(view, clock) &&
		    (!met_alone || clock->met != INSTANT_NONE) &&
		    !is_there(breaches, &breach))
			g_array_append_val(breaches, breach);
	}
}

static bool
reopens(const Event *event)
{
	return event->type == EVENT_STATE && *event_text(event, "anew") != '\0';
}

/* What a merged ticket still owes, the one that stays owes. */
static bool
merges(const Event *event)
{
	return event->type == EVENT_MERGED && event_int(event, "into") != 0;
}

void
ticket_past_views(const TicketView *view, const GPtrArray *events,
    TicketPastLook look, gpointer data)
{
	g_autoptr(Ticket) ticket = ticket_new(view->ticket->number);

	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		if (!event->undone && (reopens(event) || merges(event))) {
			g_autoptr(TicketView) then = ticket_view_new(
			    ticket_copy(ticket));

			ticket_view_settle(then, &view->rules);
			ticket_view_run(then, event->at);
			look(data, then, merges(event));
		}
		ticket_apply(ticket, event);
	}
}

static void
add_past(gpointer breaches, const TicketView *then, bool merges)
{
	add_clocks(breaches, then, merges);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const TicketBreach *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return (int)x->milestone - (int)y->milestone;
}

GArray *
ticket_breaches(const TicketView *view, const GPtrArray *events)
{
	GArray *breaches = g_array_new(FALSE, FALSE, sizeof(TicketBreach));

	if (!view->has_terms || view->ticket->excluded)
		return breaches;
	if (ticket_breaches_need_events(view->ticket))
		ticket_past_views(view, events, add_past, breaches);
	add_clocks(breaches, view, false);
	g_array_sort(breaches, compare);
	return breaches;
}
