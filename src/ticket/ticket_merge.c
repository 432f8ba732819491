/* What a merge makes of the two tickets (doc/domain.md 4). */
#include "ticket_private.h"

void
ticket_carried_free(TicketCarried *carried)
{
	if (carried == NULL)
		return;
	g_free(carried->scope);
	g_free(carried->component);
	g_free(carried);
}
/* What was merged into another is done with; what it still owes is carried over
 * there by events of that one. */
bool
ticket_apply_merged(Ticket *ticket, const Event *event)
{
	gint64 into = event_int(event, "into");
	Instant asked = event_int(event, "asked");

	if (into == ticket->number || ticket->merged_into != 0)
		return false;
	if (into == 0) {
		if (asked != 0 &&
		    (ticket->asked == INSTANT_NONE || asked < ticket->asked))
			ticket->asked = MAX(asked, ticket->received);
		return event_int(event, "from") != 0;
	}
	if (!ticket_state_is_done(ticket->state)) {
		ticket_end_pause(ticket, event->at);
		ticket_start_pause(ticket, event->at, TICKET_CLOSED);
	}
	ticket->state = TICKET_CLOSED;
	ticket->merged_into = into;
	ticket->epoch++;
	ticket->turned = event->at;
	return true;
}

/* A promise that another ticket had not met. Where this one's own was met, that
 * met nothing of the other: it is owed again. */
bool
ticket_apply_carried(Ticket *ticket, const Event *event)
{
	g_autoptr(TicketCarried) carried = g_new0(TicketCarried, 1);
	TicketCarried **known;
	Milestone m;

	carried->ticket = event_int(event, "ticket");
	carried->received = event_int(event, "received");
	carried->due = event_int(event, "due");
	carried->since = event->at;
	carried->scope = g_strdup(event_text(event, "scope"));
	carried->component = g_strdup(event_text(event, "component"));
	if (!milestone_parse(event_text(event, "milestone"), &m) ||
	    !ticket_kind_parse(event_text(event, "kind"), &carried->kind) ||
	    !ticket_read_severity(event, &carried->severity) ||
	    carried->due == 0)
		return false;
	known = &ticket->carried[m];
	if (ticket->met[m] != INSTANT_NONE) {
		ticket_owe_anew(ticket, m);
		ticket_forget_warnings(ticket, m);
		g_clear_pointer(known, ticket_carried_free);
		carried->alone = true;
	}
	ticket->rearmed[m] = ticket->warned[m] > 0;
	if (*known != NULL)
		carried->alone = (*known)->alone;
	if (*known != NULL && (*known)->due <= carried->due)
		return true;
	ticket_carried_free(*known);
	*known = g_steal_pointer(&carried);
	return true;
}
