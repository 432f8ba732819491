/* What is owed again, anew or still, of a ticket: what was met, what a reopening
 * asks for, what a closing leaves, and what a change of severity makes of it. */
#include "ticket_private.h"

#include "guichet/ticket/event_words.h"

static const TicketGrade *
grade_of(const Ticket *ticket, guint i)
{
	return &g_array_index(ticket->grades, TicketGrade, i);
}

bool
ticket_grades_agree(const Ticket *ticket, guint one, guint other)
{
	while (one > 0 && other > 0 && one != other) {
		const TicketGrade *a = grade_of(ticket, --one);
		const TicketGrade *b = grade_of(ticket, --other);

		if (a->severity != b->severity || a->from != b->from)
			return false;
		if (a->from == INSTANT_NONE)
			return true;
	}
	return one == other;
}

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

/* Nothing of what was said of the response clock before is about the new one. */
static void
owe_response(Ticket *ticket)
{
	ticket_owe_anew(ticket, MILESTONE_RESPONSE);
	ticket_forget_warnings(ticket, MILESTONE_RESPONSE);
	g_clear_pointer(&ticket->carried[MILESTONE_RESPONSE],
	    ticket_carried_free);
	g_array_set_size(ticket->answers, 0);
}

bool
ticket_take_grade(Ticket *ticket, const Event *event)
{
	gint64 from = event_int(event, "became");
	TicketGrade grade = { .from = from != 0 ? from : INSTANT_NONE,
		.anew = *event_text(event, "anew") != '\0' };

	if (!ticket_read_severity(event, &grade.severity))
		return false;
	if (grade.anew)
		owe_response(ticket);
	ticket->severity = grade.severity;
	g_array_append_val(ticket->grades, grade);
	return true;
}

/* Whoever reopens it waits for an answer again. */
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
	owe_response(ticket);
}

bool
ticket_is_answer_wanted(const Ticket *ticket)
{
	return !ticket_state_is_done(ticket->state) &&
	    !ticket_has_tag(ticket, "recovered");
}

bool
ticket_leaves_unanswered(const Ticket *ticket, const Event *event)
{
	const char *by = event_text(event, "by");

	if (ticket_state_is_done(ticket->state))
		return ticket->closed_unanswered;
	return ticket_is_answer_wanted(ticket) &&
	    (event_mover_is(by, MOVED_BY_TECHNICIAN) ||
		event_mover_is(by, MOVED_BY_MANAGER));
}

/* What was excluded is what a technician is asked for again. */
bool
ticket_apply_objected(Ticket *ticket, const Event *event)
{
	const char *component = event_text(event, "proposes");

	if (ticket->objected)
		return false;
	ticket->objected = true;
	ticket->excluded = false;
	ticket->excluded_at = INSTANT_NONE;
	g_free(ticket->exclusion);
	ticket->exclusion = g_strdup("");
	if (*component == '\0')
		return true;
	g_free(ticket->component);
	ticket->component = g_strdup("");
	g_free(ticket->proposed);
	ticket->proposed = g_strdup(component);
	return true;
}
