/* What is owed again of a ticket: what was met, and what a reopening asks for. */
#include "ticket_private.h"

void
ticket_owe_anew(Ticket *ticket, Milestone milestone)
{
	ticket->met[milestone] = INSTANT_NONE;
	g_clear_pointer(&ticket->met_as[milestone], ticket_past_free);
}

void
ticket_forget_warnings(Ticket *ticket, Milestone milestone)
{
	ticket->warned[milestone] = 0;
	ticket->warned_at[milestone] = INSTANT_NONE;
	ticket->rearmed[milestone] = false;
}

/* Whoever reopens it waits for an answer again: nothing of what was said of
 * the response clock before is about this one. */
void
ticket_reopen(Ticket *ticket, const Event *event)
{
	ticket->resolved = INSTANT_NONE;
	ticket_owe_anew(ticket, MILESTONE_RESOLUTION);
	if (*event_text(event, "anew") == '\0')
		return;
	ticket->reopened = MAX(event->at, ticket->received);
	g_free(ticket->reopened_rules);
	ticket->reopened_rules = g_strdup(event_text(event, "rules"));
	ticket_owe_anew(ticket, MILESTONE_RESPONSE);
	ticket_forget_warnings(ticket, MILESTONE_RESPONSE);
	g_clear_pointer(&ticket->carried[MILESTONE_RESPONSE],
	    ticket_carried_free);
	g_array_set_size(ticket->answers, 0);
}
