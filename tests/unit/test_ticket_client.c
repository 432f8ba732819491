/*
 * Whom a ticket answers and who reads along, of facts made by hand.
 */
#include "intake-fixture.h"

#define ACIER "acier-vosges.example"
#define ERP   "erp@" ACIER
#define KARIM "karim.benali@" ACIER
#define FORM  "formulaire@web.test"

static void
set(char **word, const char *value)
{
	g_free(*word);
	*word = g_strdup(value);
}

/* Whom the ticket answers, by who opened it and who has written since. */
static void
test_who(void)
{
	static const struct {
		const char *source, *contract, *opener;
		bool program;
		const char *first;
		gint64 last; /* mail of a person */
		const char *to;
		gint64 thread;
		bool is_program;
	} rows[] = {
		{ "mail", "acier-vosges", JEANNE, false, JEANNE, 7, JEANNE, 7,
		    false },
		{ "mail", "", "x@y.test", false, "", 7, "x@y.test", 7, false },
		{ "mail", "acier-vosges", ERP, true, "", 0, ERP, 7, true },
		{ "mail", "acier-vosges", ERP, true, JEANNE, 8, JEANNE, 8,
		    false },
		{ "mail", "acier-vosges", JEANNE, true, "", 0, JEANNE, 7,
		    false },
		{ "mail", "", FORM, true, "", 0, FORM, 7, true },
		{ "mail", "", "", false, "", 0, "", 0, false },
		{ "mail", "", ANNE, false, "", 0, ANNE, 7, false }, /* ours */
		{ "alert", "studio-orme", "n@s.test", true, "", 0, "", 0,
		    true },
		{ "alert", "acier-vosges", "n@s.test", true, JEANNE, 8, JEANNE,
		    8, false },
		{ "alert", "brasserie-lambic", "n@s.test", true, "", 0,
		    "luc@brasserie-lambic.example", 0, false },
		{ "alert", "", "n@s.test", true, "", 0, "", 0, true },
		{ "duty", "acier-vosges", "", false, "", 0, "", 0, false },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TicketView) view = ticket_view_new(ticket_new(5));
		TicketPeople *people = ticket_people_new();
		TicketClient client;

		set(&view->ticket->source, rows[i].source);
		set(&view->ticket->contract, rows[i].contract);
		view->ticket->received = T0;
		set(&people->opener, rows[i].opener);
		people->opening_mail = 7;
		people->opened_by_program = rows[i].program;
		set(&people->first_client, rows[i].first);
		people->last_mail = rows[i].last;
		view->people = people;
		ticket_view_settle(view, &(TicketRules){ .own = desk.ruleset });
		client = ticket_view_client(view, desk.ruleset);
		g_test_message("row %zu", i);
		g_assert_cmpstr(client.address, ==, rows[i].to);
		g_assert_cmpint(client.thread, ==, rows[i].thread);
		g_assert_cmpint(client.is_program, ==, rows[i].is_program);
	}
}

static char **
list_of(const char *addresses)
{
	return g_strsplit(addresses, " ", -1);
}

/* Who reads along: people of the contract as it is today, and nobody else. */
static void
test_copies(void)
{
	static const struct {
		const char *contract, *client, *openers, *proven, *copied;
		const char *copies;
	} rows[] = {
		{ "acier-vosges", JEANNE, JEANNE, JEANNE, "", "" },
		{ "acier-vosges", JEANNE, JEANNE, JEANNE, KARIM, KARIM },
		/* who asks is answered, who opened it reads along */
		{ "acier-vosges", KARIM, JEANNE, KARIM, "", JEANNE },
		{ "acier-vosges", JEANNE, JEANNE, KARIM, "", KARIM },
		/* the domain is theirs whole; others' is not */
		{ "acier-vosges", JEANNE, JEANNE, JEANNE,
		    "new@" ACIER " x@b.test luc@brasserie-lambic.example",
		    "new@" ACIER },
		/* only named contacts */
		{ "halcyon-data", "a@b.test", "", "a@b.test",
		    "nobody@halcyon-data.example", "" },
		/* no contract, nobody */
		{ "", "x@y.test", "x@y.test", "x@y.test", "z@y.test", "" },
		/* who has left opened it */
		{ "acier-vosges", JEANNE, "gone@b.test", "", "", "" },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TicketView) view = ticket_view_new(ticket_new(5));
		TicketPeople *people = ticket_people_new();
		g_autoptr(GPtrArray) copies = NULL;
		g_autofree char *all = NULL;

		set(&view->ticket->contract, rows[i].contract);
		view->people = people;
		set(&people->proven, rows[i].proven);
		g_strfreev(people->openers);
		people->openers = list_of(rows[i].openers);
		g_strfreev(people->copied);
		people->copied = list_of(rows[i].copied);
		copies = ticket_view_copies(view, desk.ruleset, rows[i].client);
		g_ptr_array_add(copies, NULL);
		all = g_strjoinv(" ", (char **)copies->pdata);
		g_test_message("row %zu", i);
		g_assert_cmpstr(all, ==, rows[i].copies);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/client/who", test_who);
	g_test_add_func("/client/copies", test_copies);
	return g_test_run();
}
