/*
 * Events that were taken back: the ticket is folded as if they had never been,
 * save that a token which they voided stays void, and that their author has had a
 * part in it.
 */
#include "ticket_private.h"

/* What turned the ticket did so for whoever has mail of that time. */
static void
pass(Ticket *ticket, const Event *event)
{
	TicketState to;

	if (event->type != EVENT_STATE ||
	    !ticket_state_parse(event_text(event, "state"), &to))
		return;
	if (to == TICKET_CLOSED || ticket_state_is_done(ticket->state)) {
		ticket->epoch++;
		ticket->turned = event->at;
	}
}

/* Somebody else's words that went out meanwhile answered the client: they were
 * no response only because there was one. */
static bool
apply(Ticket *ticket, const Event *event)
{
	Instant first = INSTANT_NONE;

	if (event_int(event, "of") <= 0)
		return false;
	/* What was met is owed as it was before: another promise than the one
	 * that was told meanwhile, it may be. */
	if (ticket->told != NULL && ticket->untold == INSTANT_NONE) {
		ticket->untold = MAX(event->recorded, event->at);
		ticket->untold_why = CAUSE_DESK;
	}
	for (guint i = 0; i < ticket->answers->len; i++) {
		Instant at = g_array_index(ticket->answers, TicketAnswer, i).at;

		first = first == INSTANT_NONE ? at : MIN(first, at);
	}
	if (ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		ticket->met[MILESTONE_RESPONSE] = first;
	return true;
}

bool
ticket_fold_undone(Ticket *ticket, const Event *event)
{
	if (event->undone)
		pass(ticket, event);
	else if (!apply(ticket, event))
		return false;
	ticket->changed = MAX(ticket->changed, event->at);
	/* Who has had a part in it reads on. */
	ticket_note_part(ticket, event);
	return true;
}
