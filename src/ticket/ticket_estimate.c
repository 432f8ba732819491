/* The work, folded in: that some was done, its estimate, and what the client
 * says of it. */
#include "ticket_private.h"

static void
give(Ticket *ticket, const Event *event)
{
	ticket->estimate = (TicketEstimate){
		.minutes = (int)event_int(event, "minutes"),
		.asks = *event_text(event, "asks") != '\0',
		.batch = event->batch,
		.given = event->recorded,
	};
}

static void
hear(TicketEstimate *estimate, const Event *event)
{
	EventApproval said;

	if (!event_approval_parse(event_text(event, "says"), &said))
		return;
	estimate->said = said;
	estimate->is_proven = said != APPROVAL_NONE &&
	    !event_approved_by_is(event_text(event, "by"), APPROVED_BY_NOTHING);
}

void
ticket_estimate_apply(Ticket *ticket, const Event *event)
{
	TicketEstimate *estimate = &ticket->estimate;

	if (event->type == EVENT_TIME)
		ticket->worked = true;
	else if (event->type == EVENT_ESTIMATE)
		give(ticket, event);
	else if (event->type == EVENT_APPROVAL)
		hear(estimate, event);
	else if (event->type == EVENT_STATE &&
	    ticket_state_is_done(ticket->state) && !estimate->is_proven)
		estimate->asks = false;
}
