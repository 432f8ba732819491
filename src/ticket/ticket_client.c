/* Whom a ticket answers, and who of the client's people reads along. */
#include "guichet/ticket/ticket_view.h"

#include <string.h>

const GPtrArray *
ticket_view_alert_contacts(const Contract *own, const Ruleset *today)
{
	const Contract *now;

	if (own == NULL || !own->inform_of_alerts)
		return NULL;
	/* Who has left meanwhile is told nothing. */
	now = ruleset_contract(today, own->name);
	return now != NULL ? now->contacts : own->contacts;
}

static const char *
first_address(const GPtrArray *contacts)
{
	const Contact *first;

	if (contacts == NULL || contacts->len == 0)
		return "";
	first = contacts->pdata[0];
	return first->address;
}

/* Where none of the client's people has asked anything. */
static TicketClient
opening_client(const TicketView *view, const Ruleset *today)
{
	const TicketPeople *people = view->people;
	TicketClient client = { .address = people->opener };

	if (people->opened_by_program && *people->first_client != '\0') {
		client.address = people->first_client;
	} else if (event_source_is(view->ticket->source, OPENED_BY_ALERT)) {
		client.address = first_address(
		    ticket_view_alert_contacts(view->contract, today));
		client.is_program = *client.address == '\0';
	} else if (people->opened_by_program) {
		client.is_program = view->contract == NULL ||
		    contract_match(view->contract, people->opener) !=
			CONTACT_NAMED;
	}
	client.thread = people->last_mail;
	if (client.thread == 0 && *client.address != '\0' &&
	    strcmp(client.address, people->opener) == 0)
		client.thread = people->opening_mail;
	return client;
}

static bool
has_opened(const TicketPeople *people, const char *address)
{
	return g_strv_contains((const char *const *)people->openers, address) ||
	    (people->opened_by_program &&
		strcmp(people->first_client, address) == 0);
}

/* How today's contract knows the address. */
static ContactMatch
match_today(const TicketView *view, const Ruleset *today, const char *address,
    bool *ret_named_only)
{
	const Contract *contract = ruleset_contract(today,
	    view->ticket->contract);

	*ret_named_only = contract != NULL && contract->named_contacts_only;
	return contract != NULL ? contract_match(contract, address)
				: CONTACT_NONE;
}

bool
ticket_view_may_copy(const TicketView *view, const Ruleset *today,
    const char *address)
{
	bool named_only;
	ContactMatch match = match_today(view, today, address, &named_only);

	return match == CONTACT_NAMED ||
	    (match == CONTACT_DOMAIN && !named_only);
}

/* Who opened it may be somebody of theirs whom no contract names. */
static bool
may_be_answered(const TicketView *view, const Ruleset *today,
    const char *address)
{
	bool named_only;

	return match_today(view, today, address, &named_only) != CONTACT_NONE &&
	    (has_opened(view->people, address) ||
		ticket_view_may_copy(view, today, address));
}

TicketClient
ticket_view_client(const TicketView *view, const Ruleset *today)
{
	const TicketPeople *people = view->people;

	return ticket_view_client_who(view, today, people->asker,
	    people->asker_mail);
}

TicketClient
ticket_view_client_who(const TicketView *view, const Ruleset *today,
    const char *writer, gint64 mail)
{
	TicketClient client = opening_client(view, today);

	if (*writer == '\0' || !may_be_answered(view, today, writer))
		return client;
	client.address = writer;
	client.thread = mail;
	client.is_program = false;
	return client;
}

/* ---- who reads along ---- */

static void
add_copy(GPtrArray *copies, const char *address, const char *client)
{
	if (strcmp(address, client) != 0 &&
	    !g_ptr_array_find_with_equal_func(copies, address, g_str_equal,
		NULL))
		g_ptr_array_add(copies, (gpointer)address);
}

GPtrArray *
ticket_view_copies(const TicketView *view, const Ruleset *today,
    const char *client)
{
	const TicketPeople *people = view->people;
	GPtrArray *copies = g_ptr_array_new();

	for (gsize i = 0; people->openers[i] != NULL; i++) {
		if (may_be_answered(view, today, people->openers[i]))
			add_copy(copies, people->openers[i], client);
	}
	if (people->opened_by_program && *people->first_client != '\0' &&
	    may_be_answered(view, today, people->first_client))
		add_copy(copies, people->first_client, client);
	if (*people->proven != '\0' &&
	    ticket_view_may_copy(view, today, people->proven))
		add_copy(copies, people->proven, client);
	for (gsize i = 0; people->copied[i] != NULL; i++) {
		if (ticket_view_may_copy(view, today, people->copied[i]))
			add_copy(copies, people->copied[i], client);
	}
	return copies;
}

GPtrArray *
ticket_view_parties(const TicketView *view, const Ruleset *today)
{
	GPtrArray *parties = ticket_view_copies(view, today, "");
	char **writers = view->people->writers;

	for (gsize i = 0; writers[i] != NULL; i++) {
		if (may_be_answered(view, today, writers[i]))
			add_copy(parties, writers[i], "");
	}
	return parties;
}
