/* A ticket beside itself: to see what events would make of it. */
#include "ticket_private.h"

#include <string.h>

TicketPast *
ticket_past_new(const Ticket *ticket)
{
	const TicketPast now = { ticket->kind, ticket->severity, ticket->scope,
		ticket->component, ticket->contract, ticket->rules,
		ticket->excluded, ticket->grades->len };

	return ticket_past_copy(&now);
}

void
ticket_past_free(TicketPast *past)
{
	if (past == NULL)
		return;
	g_free(past->scope);
	g_free(past->component);
	g_free(past->contract);
	g_free(past->rules);
	g_free(past);
}

bool
ticket_past_is_present(const TicketPast *past, const Ticket *ticket)
{
	return past->kind == ticket->kind &&
	    past->severity == ticket->severity &&
	    strcmp(past->scope, ticket->scope) == 0 &&
	    strcmp(past->component, ticket->component) == 0 &&
	    strcmp(past->contract, ticket->contract) == 0 &&
	    strcmp(past->rules, ticket->rules) == 0 &&
	    past->excluded == ticket->excluded &&
	    ticket_grades_agree(ticket, past->grades, ticket->grades->len);
}

TicketPast *
ticket_past_copy(const TicketPast *past)
{
	TicketPast *copy = g_new0(TicketPast, 1);

	*copy = *past;
	copy->scope = g_strdup(past->scope);
	copy->component = g_strdup(past->component);
	copy->contract = g_strdup(past->contract);
	copy->rules = g_strdup(past->rules);
	return copy;
}

static TicketCarried *
copy_carried(const TicketCarried *carried)
{
	TicketCarried *copy = g_new0(TicketCarried, 1);

	*copy = *carried;
	copy->scope = g_strdup(carried->scope);
	copy->component = g_strdup(carried->component);
	return copy;
}

static gpointer
copy_word(gconstpointer word, gpointer data)
{
	(void)data;
	return g_strdup(word);
}

static GPtrArray *
copy_words(GPtrArray *words)
{
	GPtrArray *copy = g_ptr_array_copy(words, (GCopyFunc)copy_word, NULL);

	g_ptr_array_set_free_func(copy, g_free);
	return copy;
}

Ticket *
ticket_copy(const Ticket *ticket)
{
	Ticket *copy = g_new0(Ticket, 1);

	*copy = *ticket;
	copy->scope = g_strdup(ticket->scope);
	copy->component = g_strdup(ticket->component);
	copy->proposed = g_strdup(ticket->proposed);
	copy->contract = g_strdup(ticket->contract);
	copy->plan = g_strdup(ticket->plan);
	copy->rules = g_strdup(ticket->rules);
	copy->reopened_rules = g_strdup(ticket->reopened_rules);
	copy->source = g_strdup(ticket->source);
	copy->mailbox = g_strdup(ticket->mailbox);
	copy->assigned = g_strdup(ticket->assigned);
	copy->exclusion = g_strdup(ticket->exclusion);
	copy->host = g_strdup(ticket->host);
	copy->service = g_strdup(ticket->service);
	copy->alert_key = g_strdup(ticket->alert_key);
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		if (ticket->met_as[i] != NULL)
			copy->met_as[i] = ticket_past_copy(ticket->met_as[i]);
		if (ticket->carried[i] != NULL)
			copy->carried[i] = copy_carried(ticket->carried[i]);
	}
	copy->told = ticket_told_copy(ticket->told);
	copy->told_before = ticket_told_copy(ticket->told_before);
	copy->grades = g_array_copy(ticket->grades);
	copy->auto_told = g_array_copy(ticket->auto_told);
	copy->answers = g_array_copy(ticket->answers);
	copy->talk.asks = g_array_copy(ticket->talk.asks);
	copy->talk.answers = g_array_copy(ticket->talk.answers);
	copy->pauses = g_array_copy(ticket->pauses);
	copy->tags = copy_words(ticket->tags);
	copy->part = copy_words(ticket->part);
	return copy;
}

bool
ticket_event_changes_terms(EventType type)
{
	return type == EVENT_SEVERITY || type == EVENT_KIND ||
	    type == EVENT_COMPONENT || type == EVENT_CONTRACT ||
	    type == EVENT_EXCLUDED;
}
