/*
 * One order has one meaning through every door: each row of the table, by its
 * own example, through each door that it says it has, the control socket
 * included. Whether a row has all that it needs, test_order_rows tells.
 */
#include "socket-fixture.h"

#include "guichet/base/owner.h"
#include "guichet/order/order.h"
#include "guichet/store/store_alert.h"
#include "guichet/store/store_ledger.h"
#include "guichet/work/work.h"

#define THEN (T0 + 3600)
/* Who gives orders at the command line: whoever runs the test. */
static char *login, *lea;

#define REQUEST                 \
 "From: <" JEANNE ">\n"         \
 "To: help@desk.example\n"      \
 "Subject: Panne de l'ERP\n"    \
 "Message-ID: <o@acier.test>\n" \
 "\nPlus rien ne marche.\n"
#define SECOND                   \
 "From: <" JEANNE ">\n"          \
 "To: help@desk.example\n"       \
 "Subject: L'ERP, encore\n"      \
 "Message-ID: <o2@acier.test>\n" \
 "\nToujours rien.\n"
#define MORE                     \
 "From: <" JEANNE ">\n"          \
 "To: help@desk.example\n"       \
 "Subject: Re: Panne de l'ERP\n" \
 "In-Reply-To: <o@acier.test>\n" \
 "Message-ID: <o3@acier.test>\n" \
 "\nEt les imprimantes non plus.\n"
#define PROGRAM                              \
 "From: <formulaire@acier-vosges.example>\n" \
 "Auto-Submitted: auto-generated\n"          \
 "To: help@desk.example\n"                   \
 "Subject: Formulaire\n"                     \
 "Message-ID: <f@acier.test>\n"              \
 "\nPlus rien ne marche.\n"
#define ABSENT                      \
 "From: <paul@elsewhere.test>\n"    \
 "Auto-Submitted: auto-replied\n"   \
 "Message-ID: <a@elsewhere.test>\n" \
 "Subject: Absent\n\nx\n"

/* What our border says of a technician's mail that it received THEN. */
#define STAMP                                                       \
 "Authentication-Results: mx.desk.example;\n"                       \
 "\tdmarc=pass header.from=desk.example\n"                          \
 "Received: from mail.test (mail.test [192.0.2.3])\n"               \
 "\tby mx.desk.example with ESMTPS id 1 for <help@desk.example>;\n" \
 "\tFri, 20 Nov 2026 18:00:00 +0100\n"

/* ---- through a door ---- */

static void
write_as_anne(Desk *desk, const char *line)
{
	g_autofree char *to = desk_field(desk, "notice", ANNE, "Reply-To");
	g_autofree char *mail = g_strdup_printf(STAMP
	    "From: <" ANNE ">\nTo: <%s>\nSubject: Re: Panne\n"
	    "Message-ID: <r%u@desk.example>\n\n%s\n",
	    to, desk->mails, line);

	desk_deliver(desk, mail, THEN);
}

static void
by_mail(Desk *desk, const char *line)
{
	write_as_anne(desk, line);
	g_assert_cmpuint(desk_count(desk, "refusal", NULL), ==, 0);
}

static void
by_command(Desk *desk, char *const *words)
{
	bool done;
	g_autofree char *said = desk_order_by(desk, login, &done, words);

	g_test_message("%s", said);
	g_assert_true(done);
}

/* The words of the command, about number 1: the caller's. */
static char **
words_of(const OrderRow *row)
{
	g_auto(GStrv) own = g_strsplit(row->command, " ", 0);
	g_auto(GStrv) more = g_strsplit(row->example, " ", 0);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	for (gsize i = 0; own[i] != NULL; i++)
		g_strv_builder_add(words,
		    g_ascii_isupper(*own[i]) ? "1" : own[i]);
	if (row->max == 1)
		g_strv_builder_add(words, row->example);
	else if (row->max > 1)
		g_strv_builder_addv(words, (const char **)more);
	return g_strv_builder_end(words);
}

static void
give(Desk *desk, OrderKind kind, OrderDoors door, const char *words_below)
{
	const OrderRow *row = order_row(kind);
	g_auto(GStrv) words = door != ORDER_BY_MAIL ? words_of(row) : NULL;
	g_autofree char *line = NULL;

	switch (door) {
	case ORDER_BY_MAIL:
		line = g_strdup_printf("#%s %s\n\n%s", row->name, row->example,
		    words_below);
		by_mail(desk, line);
		return;
	case ORDER_BY_COMMAND:
		by_command(desk, words);
		return;
	case ORDER_BY_CONTROL:
		socket_order(desk, THEN, words);
		return;
	}
}

/* ---- what came of it ---- */

/* A mail's own event, and that who gives the order has the ticket now, are of
 * who gives it and no part of the order. */
static bool
is_of_the_giver(const Event *event)
{
	return (event->type == EVENT_MESSAGE &&
		   strcmp(event_text(event, "author"), "technician") == 0) ||
	    (event->type == EVENT_ASSIGNED &&
		g_str_has_suffix(event->actor, event_text(event, "who")));
}

static void
describe_events(Desk *desk, gint64 ticket, GString *all)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store, ticket, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < events->len; i++) {
		Event *event = events->pdata[i];
		g_autofree char *line = NULL;

		if (event->at != THEN || is_of_the_giver(event))
			continue;
		/* "by" says once more who it was. */
		g_free(event->actor);
		event->actor = g_strdup("somebody");
		if (*event_text(event, "by") != '\0')
			event_set(event, "by", "somebody");
		if (event->type == EVENT_TIME)
			event_set(event, "who", "somebody");
		line = event_describe(event);
		g_string_append_printf(all, "#%" G_GINT64_FORMAT " %s\n",
		    ticket, line);
	}
}

static void
describe_maintenance(Desk *desk, GString *all)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = store_maintenance(desk->store, 0, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++) {
		const Maintenance *one = list->pdata[i];
		g_autofree char *from = instant_format(one->from);
		g_autofree char *to = instant_format(one->to);
		g_autofree char *announced = instant_format(one->announced);

		g_string_append_printf(all,
		    "maintenance %s/%s %s to %s, said %s\n", one->host,
		    one->service, from, to, announced);
	}
}

/* What clients are sent, and the state of each mail of ours. */
static void
describe_outbox(Desk *desk, GString *all)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, NULL, NULL);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (conf_technician(desk->conf, row->to) == NULL)
			g_string_append_printf(all, "%s to %s %s\n", row->what,
			    row->to, row->state);
	}
}

static void
describe_ledger(Desk *desk, GString *all)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LedgerBook) book = store_ledger_book(desk->store,
	    "maison-tissier", &error);

	g_assert_no_error(error);
	for (guint i = 0; i < book->rows->len; i++) {
		const LedgerRow *row = &g_array_index(book->rows, LedgerRow, i);
		g_autofree char *line = ledger_row_describe(row);

		g_string_append_printf(all,
		    "ledger %s reverses=%" G_GINT64_FORMAT "\n", line,
		    row->reverses);
	}
}

static char *
describe(Desk *desk)
{
	GString *all = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(StoredMail) mail = NULL;
	g_autofree char *secrets = NULL, *notice = NULL, *confirmed = NULL;

	for (gint64 number = 1; number <= 3; number++)
		describe_events(desk, number, all);
	describe_maintenance(desk, all);
	describe_ledger(desk, all);
	describe_outbox(desk, all);
	store_setting(desk->store, "secrets-said", &secrets, &error);
	store_setting(desk->store, "contract-notice acier-vosges", &notice,
	    &error);
	store_setting(desk->store, "confirmed", &confirmed, &error);
	g_assert_no_error(error);
	g_string_append_printf(all, "secrets %s\n",
	    secrets != NULL ? secrets : "");
	if (confirmed != NULL)
		g_string_append_printf(all, "to be judged again: %s\n",
		    confirmed);
	if (notice != NULL)
		g_string_append_printf(all, "notice %.17s\n", notice);
	store_mail(desk->store, 1, &mail, &error);
	g_assert_no_error(error);
	g_string_append_printf(all, "mail 1 on #%" G_GINT64_FORMAT " %s\n",
	    mail->ticket, mail->lane);
	return g_string_free(all, FALSE);
}

/* ---- every row ---- */

static void
fail_first_answer(Desk *desk)
{
	static const OutboxState states[] = { OUTBOX_SENDING, OUTBOX_FAILED };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		store_outbox_state(tx, 1,
		    &(OutboxTurn){ states[i], T0, 0, "", T0 }, &error);
		g_assert_no_error(error);
	}
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* An order of before. */
static void
command_before(Desk *desk, const char *line)
{
	g_autofree char *whole = g_strconcat(line,
	    " --at 2026-11-20T17:30:00+01:00", NULL);
	g_auto(GStrv) words = g_strsplit(whole, " ", 0);

	by_command(desk, words);
}

/* What must be so that the example can be carried out. */
static void
prepare(Desk *desk, OrderKind kind)
{
	static char *const plan[] = { (char *)"maintenance", (char *)"add",
		(char *)"db1", (char *)"22:00", (char *)"2h", NULL };

	desk_renew(desk);
	if (order_row(kind)->about == ORDER_ON_MAIL)
		desk_deliver(desk, ABSENT, T0);
	desk_deliver(desk, REQUEST, T0);
	if (order_row(kind)->about == ORDER_ON_OUTBOX)
		fail_first_answer(desk);
	/* The newest notice is the first ticket's again. */
	if (kind == ORDER_LINK || kind == ORDER_MERGE) {
		desk_deliver(desk, SECOND, T0 + 60);
		desk_deliver(desk, MORE, T0 + 120);
	}
	if (kind == ORDER_RESUME)
		command_before(desk, "event 1 pause");
	if (kind == ORDER_REOPEN)
		command_before(desk, "resolve 1");
	if (kind == ORDER_STOP)
		command_before(desk, "reply 1 Bonjour");
	if (kind == ORDER_UNTAG || kind == ORDER_UNDO)
		command_before(desk, "tag 1 printing");
	if (kind == ORDER_LEDGER_REVERSE)
		command_before(desk,
		    "ledger credit maison-tissier 10h F-2026-118 -");
	if (kind == ORDER_MAINTENANCE_END)
		by_command(desk, plan);
	if (kind == ORDER_SEND) {
		command_before(desk, "reply 1 Bonjour");
		write_as_anne(desk, "Nous regardons.");
	}
}

static char *
try_door(Desk *desk, OrderKind kind, OrderDoors door)
{
	g_autofree char *before = NULL;
	char *after;

	prepare(desk, kind);
	before = describe(desk);
	give(desk, kind, door, "");
	after = describe(desk);
	g_test_message("door %d: %s", (int)door, after);
	/* What is only read changes nothing, and is answered. */
	if (order_row(kind)->doors == ORDER_BY_MAIL &&
	    order_row(kind)->about == ORDER_ON_DESK)
		g_assert_cmpuint(desk_count(desk, "confirmation", ANNE), ==, 1);
	else
		g_assert_cmpstr(before, !=, after);
	return after;
}

static void
test_every_door(void)
{
	static const OrderDoors doors[] = { ORDER_BY_COMMAND, ORDER_BY_CONTROL,
		ORDER_BY_MAIL };
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, lea);
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		g_autofree char *first = NULL;

		for (gsize i = 0; i < G_N_ELEMENTS(doors); i++) {
			g_autofree char *here = NULL;

			if ((order_row(kind)->doors & doors[i]) == 0)
				continue;
			g_test_message("order %d, door %d", (int)kind,
			    (int)doors[i]);
			here = try_door(&desk, kind, doors[i]);
			if (first == NULL)
				first = g_steal_pointer(&here);
			else
				g_assert_cmpstr(here, ==, first);
		}
		g_assert_nonnull(first);
	}
}

/* ---- what the doors did differently once ---- */

/* A mail, the command, and what is said to have been told already. */
static void
test_resolve(void)
{
	static const struct {
		OrderKind kind;
		OrderDoors door;
	} ways[] = {
		{ ORDER_RESOLVE, ORDER_BY_MAIL },
		{ ORDER_RESOLVE, ORDER_BY_COMMAND },
		{ ORDER_RESOLVE_TOLD, ORDER_BY_CONTROL },
	};
	g_auto(Desk) desk = { 0 };
	g_autofree char *first = NULL;

	desk_set_up(&desk, lea);
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autoptr(GString) log = g_string_new(NULL);

		prepare(&desk, ORDER_RESOLVE);
		give(&desk, ways[i].kind, ways[i].door, "");
		describe_events(&desk, 1, log);
		g_assert_nonnull(strstr(log->str, "milestone=response"));
		g_assert_cmpuint(desk_count(&desk, "resolution", JEANNE), ==,
		    ways[i].kind == ORDER_RESOLVE ? 1 : 0);
		if (first == NULL)
			first = g_strdup(log->str);
		g_assert_cmpstr(log->str, ==, first);
	}
}

/* A client's program is told nothing through any door; words that a person
 * wrote go where it asks for answers. */
static void
test_resolve_a_programs(void)
{
	static const struct {
		OrderDoors door;
		const char *words;
	} ways[] = {
		{ ORDER_BY_MAIL, "" },
		{ ORDER_BY_COMMAND, "" },
		{ ORDER_BY_CONTROL, "" },
		{ ORDER_BY_MAIL, "C'est fait.\n" },
	};

	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, lea);
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autoptr(Ticket) ticket = NULL;

		desk_renew(&desk);
		desk_deliver(&desk, PROGRAM, T0);
		give(&desk, ORDER_RESOLVE, ways[i].door, ways[i].words);
		ticket = desk_ticket(&desk, 1);
		g_assert_cmpint(ticket->state, ==, TICKET_RESOLVED);
		g_assert_cmpuint(desk_count(&desk, "resolution", NULL), ==,
		    *ways[i].words != '\0' ? 1 : 0);
	}
}

/* ---- what a ticket is ---- */

#define ORME                          \
 "From: <ines@studio-orme.example>\n" \
 "To: help@desk.example\n"            \
 "Subject: Le site\n"                 \
 "Message-ID: <s@orme.test>\n"        \
 "\nBonjour, une question de site.\n"

/* "kind=request plan=nuxit-standard unsure=0 component=". */
static void
assert_is(Desk *desk, const char *expected)
{
	g_autoptr(Ticket) ticket = desk_ticket(desk, 1);
	g_autofree char *is = g_strdup_printf("%s %s unsure=%d %s",
	    ticket_kind_name(ticket->kind), ticket->plan, ticket->unsure,
	    ticket->component);

	g_assert_cmpstr(is, ==, expected);
}

/* Its due instant stays or goes by the plan that it falls under now, counted
 * from its receipt (doc/domain.md 4). */
static void
test_kind(void)
{
	static const char *const lines[] = { "#nature demande",
		"#kind incident", "#Kind Demande", "#nature incident" };
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, lea);
	desk_deliver(&desk, ORME, T0);
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(GError) error = NULL;
		const TicketView *view;
		bool incident = i % 2 == 1;

		by_mail(&desk, lines[i]);
		assert_is(&desk,
		    incident ? "incident nuxit-pro unsure=0 "
			     : "request nuxit-standard unsure=0 ");
		view = view_run(desk.intake, 1, THEN, &error);
		g_assert_no_error(error);
		for (guint k = 0; k < view->clocks->len; k++) {
			const SlaClock *clock = view->clocks->pdata[k];

			if (clock->milestone == MILESTONE_RESPONSE)
				g_assert_cmpint(clock->due, ==,
				    incident ? T0 + 4 * 3600 : INSTANT_NONE);
		}
	}
	/* Nothing of it went to the client. */
	g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "confirmation", ANNE), ==, 4);
}

/* An excluded component goes to the plan that takes over; what is below the
 * order is an answer. */
static void
test_component(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *told = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	desk_set_up(&desk, lea);
	desk_deliver(&desk,
	    "From: <" JEANNE ">\nTo: sos24@desk.example\n"
	    "Subject: Panne bloquante\nMessage-ID: <b@acier.test>\n"
	    "\nTout est bloqué.\n",
	    T0);
	assert_is(&desk, "incident sos24 unsure=0 ");
	by_mail(&desk, "#component HAProxy");
	assert_is(&desk, "incident ald unsure=0 haproxy");
	told = desk_field(&desk, "confirmation", ANNE, "Subject");
	g_assert_nonnull(strstr(told, "Fait"));
	rows = desk_sent(&desk, "confirmation", ANNE);
	g_assert_nonnull(strstr(((OutboxRow *)rows->pdata[0])->text,
	    "#1 : composant haproxy, exclu par le contrat."));
	by_mail(&desk, "#composant aucun\n\nNous regardons.");
	assert_is(&desk, "incident sos24 unsure=0 ");
	g_assert_cmpuint(desk_count(&desk, "reply", JEANNE), ==, 1);
}

/* What cannot be done stops the mail, and is told with how it is written. */
static void
test_refused(void)
{
	static const struct {
		const char *lines, *told, *usage;
	} rows[] = {
		{ "#kind duty", "ligne 1 : #kind : « duty » n'est pas une",
		    "#nature incident|" },
		{ "#kind", "ligne 1 : #kind : écrivez #nature incident",
		    "#nature incident|" },
		{ "#kind incident request", "ligne 1 : #kind : écrivez",
		    "#nature incident|" },
		{ "#kind incident\n#nature demande",
		    "ligne 2 : #nature y est deux fois", "#nature incident|" },
		{ "#kind request\n#component ap/che",
		    "ligne 2 : #component : « ap/che » n'est pas un nom",
		    "#nature incident|" },
		{ "#kind request\n#maintenance web1 22:00 2h",
		    "ligne 2 : #maintenance ne va pas avec",
		    "#nature incident|" },
		{ "Bonjour.\n#kind request", "ligne 2 : les commandes se",
		    "#nature incident|" },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, lea);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) sent = NULL;
		const OutboxRow *row;

		desk_renew(&desk);
		desk_deliver(&desk, REQUEST, T0);
		write_as_anne(&desk, rows[i].lines);
		sent = desk_sent(&desk, "refusal", ANNE);
		g_assert_cmpuint(sent->len, ==, 1);
		row = sent->pdata[0];
		g_test_message("%s", row->text);
		g_assert_nonnull(strstr(row->text, rows[i].told));
		/* How to write what he tried, and no list of all there is. */
		g_assert_nonnull(strstr(row->text, rows[i].usage));
		g_assert_null(strstr(row->text, "#etiqueter NOM"));
		g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
		assert_is(&desk, "incident sos24 unsure=0 ");
	}
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	login = owner_login();
	lea = g_strdup_printf(
	    "- {name: Léa Roche, address: lea.roche@desk.example, login: %s}\n",
	    login);
#define ADD(test) g_test_add_func("/orders/" #test, test_##test)
	ADD(every_door);
	ADD(resolve);
	ADD(resolve_a_programs);
	ADD(kind);
	ADD(component);
	ADD(refused);
#undef ADD
	failed = g_test_run();
	g_free(login);
	g_free(lea);
	return failed;
}
