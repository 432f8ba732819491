/* Whether a client's objection to an exclusion counts. */
#include "guichet/ticket/ticket_objection.h"

#include "guichet/ticket/event_make.h"

/* The component that the plan which was bought does not cover; "" none. */
static const char *
excluded_component(const TicketView *view, const char *component)
{
	const Plan *plan = view->terms.plan;

	return plan != NULL && *component != '\0' &&
		!plan_covers_component(plan, component, view->terms.fields)
	    ? component
	    : "";
}

/* The ticket as it would be. */
static TicketView *
view_objected(const TicketView *view, const char *component, Instant received)
{
	TicketView *other = ticket_view_new(ticket_copy(view->ticket));
	const EventStamp stamp = { .ticket = view->ticket->number,
		.at = received,
		.recorded = received,
		.actor = "mail" };
	g_autoptr(Event) event = event_make_objected(&stamp, component);

	ticket_apply(other->ticket, event);
	ticket_view_settle(other, &view->rules);
	ticket_view_run(other, received);
	return other;
}

bool
ticket_objection_counts(const TicketView *view, Instant received,
    const char **ret_component)
{
	const Ticket *ticket = view->ticket;
	g_autoptr(TicketView) other = NULL;

	*ret_component = excluded_component(view, ticket->component);
	if (ticket->objected || ticket_state_is_done(ticket->state) ||
	    !view->has_terms || (!ticket->excluded && **ret_component == '\0'))
		return false;
	other = view_objected(view, *ret_component, received);
	for (guint i = 0; i < other->clocks->len; i++) {
		const SlaClock *clock = other->clocks->pdata[i];

		/* Best effort is no term to be put back to. */
		if (clock->commitment != COMMITMENT_BEST_EFFORT &&
		    clock->due != INSTANT_NONE)
			return received <= clock->due;
	}
	return false;
}

bool
ticket_objection_is_told(const TicketView *view)
{
	const TicketTold *told = view->ticket->told;

	return told != NULL &&
	    (*told->exclusion != '\0' ||
		*excluded_component(view, told->as.component) != '\0');
}
