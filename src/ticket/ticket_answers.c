/* What met a ticket's response, and that words which came back met nothing. */
#include "ticket_private.h"

void
ticket_note_answer(Ticket *ticket, const Event *event)
{
	TicketAnswer answer = { MAX(event->at, ticket->received), event->mail };

	g_array_append_val(ticket->answers, answer);
}

/* The words of that mail did not reach the client: the first of the others
 * counts, if there are any. */
static void
take_back(Ticket *ticket, gint64 mail)
{
	Instant first = INSTANT_NONE;

	for (guint i = ticket->answers->len; i-- > 0;) {
		const TicketAnswer *answer = &g_array_index(ticket->answers,
		    TicketAnswer, i);

		if (answer->mail == mail)
			g_array_remove_index(ticket->answers, i);
		else if (first == INSTANT_NONE || answer->at < first)
			first = answer->at;
	}
	if (first == INSTANT_NONE)
		ticket_owe_anew(ticket, MILESTONE_RESPONSE);
	ticket->met[MILESTONE_RESPONSE] = first;
}

bool
ticket_apply_sent(Ticket *ticket, const Event *event)
{
	ticket_untell(ticket, event);
	if (*event_text(event, "unmet") != '\0' && event->mail != 0)
		take_back(ticket, event->mail);
	return true;
}
