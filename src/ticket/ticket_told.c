/* What the client was told last, folded from events. */
#include "ticket_private.h"

#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"

#include <string.h>

void
ticket_told_free(TicketTold *told)
{
	if (told == NULL)
		return;
	g_free(told->as.scope);
	g_free(told->as.component);
	g_free(told->as.contract);
	g_free(told->as.rules);
	g_free(told->plan);
	g_free(told->exclusion);
	g_free(told);
}

TicketTold *
ticket_told_copy(const TicketTold *told)
{
	TicketTold *copy;
	g_autofree TicketPast *as = NULL;

	if (told == NULL)
		return NULL;
	copy = g_new0(TicketTold, 1);
	*copy = *told;
	as = ticket_past_copy(&told->as);
	copy->as = *as;
	copy->plan = g_strdup(told->plan);
	copy->exclusion = g_strdup(told->exclusion);
	return copy;
}

static void
tell(Ticket *ticket, TicketTold *take_told)
{
	ticket_told_free(ticket->told_before);
	ticket->told_before = ticket->told;
	ticket->told = take_told;
	ticket->untold = INSTANT_NONE;
}

static bool
apply_terms(Ticket *ticket, const Event *event)
{
	TicketTold *told = g_new0(TicketTold, 1);
	g_autofree TicketPast *as = ticket_past_new(ticket);

	told->at = event->at;
	told->outbox = event_int(event, "outbox");
	if (!send_kind_parse(event_text(event, "terms"), &told->answer))
		told->answer = SEND_COUNT;
	told->is_correction = strcmp(event_text(event, "terms"),
				  send_kind_name(SEND_CORRECTION)) == 0;
	told->as = *as;
	told->plan = g_strdup(event_text(event, "plan"));
	told->exclusion = g_strdup(event_text(event, "excluded"));
	for (int m = 0; m < MILESTONE_COUNT; m++)
		told->promised[m].due = INSTANT_NONE;
	if (*event_text(event, "automatic") != '\0')
		g_array_append_val(ticket->auto_told, event->at);
	tell(ticket, told);
	return true;
}

bool
ticket_apply_told(Ticket *ticket, const Event *event)
{
	TicketTold *told = ticket->told;
	Milestone m;
	Commitment commitment;
	Instant due = event_int(event, "due");

	if (json_object_get(event->data, "missed") != NULL)
		return ticket_apply_missed(ticket, event);
	if (json_object_get(event->data, "terms") != NULL)
		return apply_terms(ticket, event);
	if (!milestone_parse(event_text(event, "milestone"), &m) ||
	    !commitment_parse(event_text(event, "commitment"), &commitment))
		return false;
	/* Of an older program: which terms it told is not known. */
	if (told == NULL)
		return true;
	told->promised[m].is = true;
	told->promised[m].commitment = commitment;
	told->promised[m].due = due != 0 ? due : INSTANT_NONE;
	return true;
}

void
ticket_untell(Ticket *ticket, const Event *event)
{
	gint64 outbox = event_int(event, "outbox");

	if (outbox == 0 ||
	    strcmp(event_text(event, "outcome"),
		send_outcome_name(SEND_OUTCOME_DELAYED)) == 0)
		return;
	ticket_untell_missed(ticket, outbox);
	/* A correction that nobody takes is not written for ever: the desk is
	 * told that it did not arrive. */
	if (ticket->told == NULL || ticket->told->is_correction ||
	    ticket->told->outbox != outbox)
		return;
	ticket_told_free(ticket->told);
	ticket->told = g_steal_pointer(&ticket->told_before);
	ticket->untold = ticket->told != NULL ? MAX(event->recorded, event->at)
					      : INSTANT_NONE;
}

/* What may make a promise, or what was said of it, another. */
static bool
may_change(EventType type)
{
	switch (type) {
	case EVENT_SEVERITY:
	case EVENT_KIND:
	case EVENT_COMPONENT:
	case EVENT_CONTRACT:
	case EVENT_EXCLUDED:
	case EVENT_CARRIED:
		return true;
	default:
		return false;
	}
}

static TicketCause
cause_of(const Ticket *ticket, const Event *event)
{
	if (event->type == EVENT_CARRIED)
		return CAUSE_MERGE;
	if (g_str_has_prefix(event->actor, "technician:") ||
	    g_str_has_prefix(event->actor, "manager"))
		return CAUSE_DESK;
	if (event->mail == 0)
		return CAUSE_RULE;
	return event->mail == ticket->alert_mail ? CAUSE_ALERT : CAUSE_CLIENT;
}

/* The same facts make the same promises, unless one was carried over. */
static bool
is_as_told(const Ticket *ticket)
{
	const TicketTold *told = ticket->told;

	for (int m = 0; m < MILESTONE_COUNT; m++) {
		const TicketCarried *carried = ticket->carried[m];

		if (carried != NULL && carried->since >= told->at)
			return false;
	}
	return ticket_past_is_present(&told->as, ticket) &&
	    strcmp(told->plan, ticket->plan) == 0 &&
	    strcmp(told->exclusion, ticket->exclusion) == 0;
}

void
ticket_note_untold(Ticket *ticket, const Event *event)
{
	if (ticket->told == NULL || !may_change(event->type))
		return;
	if (is_as_told(ticket)) {
		ticket->untold = INSTANT_NONE;
		return;
	}
	/* The plan only follows what somebody changed. */
	if (ticket->untold != INSTANT_NONE && event->type == EVENT_CONTRACT &&
	    cause_of(ticket, event) == CAUSE_RULE)
		return;
	if (ticket->untold == INSTANT_NONE)
		ticket->untold = MAX(event->recorded, event->at);
	ticket->untold_why = cause_of(ticket, event);
}
