/*
 * Maintenance by a technician's mail: who may order it, what is planned, who
 * is told; and that a client reads nothing of it.
 */
#include "intake-fixture.h"

#include "guichet/store/store_alert.h"

#define PASS BORDER("pass", "desk.example")

static void
open_ticket(Desk *desk)
{
	desk_deliver(desk,
	    "Return-Path: <" JEANNE ">\n" BORDER("pass",
		"acier-vosges.example") "From: <" JEANNE ">\n"
					"To: help@desk.example\n"
					"Subject: Panne\n"
					"Message-ID: <o@acier.test>\n"
					"\nLe serveur ne répond plus.\n",
	    T0);
}

static gint64
write_as(Desk *desk, const char *stamp, const char *from, const char *to,
    const char *text)
{
	static int number;
	g_autofree char *mail =
	    g_strdup_printf("%sFrom: <%s>\nTo: <%s>\nSubject: Re: Panne %d\n"
			    "Message-ID: <m%d@desk.example>\n"
			    "Content-Type: text/plain; charset=utf-8\n\n%s",
		stamp, from, to, number, number, text);

	number++;
	return desk_deliver(desk, mail, T0 + 1200);
}

/* "web1/HTTP 2026-11-20T21:00:00Z 2026-11-20T23:00:00Z by Anne Martin; ". */
static char *
planned(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = store_maintenance(desk->store, T0, &error);
	GString *all = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++) {
		const Maintenance *one = list->pdata[i];
		g_autofree char *from = instant_format(one->from);
		g_autofree char *to = instant_format(one->to);

		if (one->to <= one->from)
			continue; /* ended before it began */
		g_string_append_printf(all, "%s/%s %s %s by %s; ", one->host,
		    one->service, from, to, one->by);
	}
	return g_string_free(all, FALSE);
}

static void
assert_planned(Desk *desk, const char *expected)
{
	g_autofree char *all = planned(desk);

	g_assert_cmpstr(all, ==, expected);
}

/* What a person outside the desk was sent beside her acknowledgment. */
static void
assert_nothing_outside(Desk *desk)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, NULL, NULL);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		g_assert_null(strstr(row->to, "evil"));
		if (conf_technician(desk->conf, row->to) != NULL)
			continue;
		g_assert_cmpstr(row->what, ==, "acknowledgment");
		g_assert_null(strstr(row->text, CANARY));
	}
}

static char *
last_text(Desk *desk, const char *what, const char *to)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, what, to);
	const OutboxRow *last = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (last == NULL || row->id > last->id)
			last = row;
	}
	g_assert_nonnull(last);
	return g_strdup(last->text);
}

/* ---- who may ---- */

/* Every stamp with every address: one of them orders. */
static void
test_who_may(void)
{
	static const struct {
		const char *name, *fields;
	} stamps[] = {
		{ "none", "" },
		{ "fail", BORDER("fail", "desk.example") },
		{ "temperror", BORDER("temperror", "desk.example") },
		{ "other-domain", BORDER("pass", "evil.test") },
		{ "pass", PASS },
	};
	static const char *const senders[] = { ANNE, HUGO, JEANNE,
		"anne.martin@evil.test" };
	g_auto(Desk) desk = { 0 };
	g_autofree char *anne = NULL;
	guint done = 0;

	desk_set_up(&desk, "");
	open_ticket(&desk);
	anne = desk_field(&desk, "notice", ANNE, "Reply-To");
	for (gsize s = 0; s < G_N_ELEMENTS(stamps); s++) {
		for (gsize f = 0; f < G_N_ELEMENTS(senders); f++) {
			bool may = strcmp(stamps[s].name, "pass") == 0 &&
			    strcmp(senders[f], ANNE) == 0;
			g_autofree char *all = NULL;

			g_test_message("%s, %s", stamps[s].name, senders[f]);
			write_as(&desk, stamps[s].fields, senders[f], anne,
			    "#maintenance web1 22:00 2h " CANARY "\n");
			all = planned(&desk);
			done += may;
			g_assert_cmpint(*all != '\0', ==, done > 0);
			/* No command of a client is text for another. */
			g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==,
			    0);
		}
	}
	g_assert_cmpuint(done, ==, 1);
	assert_planned(&desk,
	    "web1/ 2026-11-20T21:00:00Z 2026-11-20T23:00:00Z by Anne "
	    "Martin; ");
	g_assert_cmpuint(desk_count(&desk, "confirmation", NULL), ==, 1);
	g_assert_cmpuint(desk_count(&desk, "confirmation", ANNE), ==, 1);
}

/* He who has left may order nothing, whatever he still holds. */
static void
test_left(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *anne = NULL;

	desk_set_up(&desk, "");
	open_ticket(&desk);
	anne = desk_field(&desk, "notice", ANNE, "Reply-To");
	((Technician *)desk.conf->technicians->pdata[0])->active = false;
	write_as(&desk, PASS, ANNE, anne, "#maintenance web1 22:00 2h\n");
	assert_planned(&desk, "");
	g_assert_cmpuint(desk_count(&desk, "confirmation", NULL), ==, 0);
}

/* ---- what is done ---- */

static void
test_orders(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *text = NULL, *again = NULL, *from = NULL;
	g_autoptr(Ticket) ticket = NULL;

	desk_set_up(&desk, "");
	open_ticket(&desk);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	write_as(&desk, PASS, ANNE, to,
	    "#maintenance web1.lambic 22:00 2h " CANARY "\n"
	    "#maintenance \"db*/MySQL slow\" 24/11 22:00 25/11 01:00\n"
	    "\n"
	    "Le disque est à changer, " CANARY ".\n"
	    "Anne\n");
	assert_planned(&desk,
	    "web1.lambic/ 2026-11-20T21:00:00Z 2026-11-20T23:00:00Z by Anne "
	    "Martin; "
	    "db*/MySQL slow 2026-11-24T21:00:00Z 2026-11-25T00:00:00Z by Anne "
	    "Martin; ");
	assert_nothing_outside(&desk);
	text = last_text(&desk, "confirmation", ANNE);
	g_assert_nonnull(strstr(text,
	    "Maintenance 1 : web1.lambic est muet\n"
	    "  du vendredi 20 novembre 2026 à 22:00\n"
	    "  au samedi 21 novembre 2026 à 00:00.\n"
	    "  Motif : " CANARY "\n"));
	g_assert_nonnull(strstr(text, "#maintenance end 2\n"));
	g_assert_nonnull(strstr(text, "Le texte sous les commandes est gardé"));
	/* It is no answer: the response still runs, and nobody took it. */
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->state, ==, TICKET_NEW);
	g_assert_cmpint(ticket->met[MILESTONE_RESPONSE], ==, INSTANT_NONE);
	g_assert_cmpstr(ticket->assigned, ==, "");

	/* He ends them by answering what told him of them. */
	from = desk_field(&desk, "confirmation", ANNE, "Reply-To");
	write_as(&desk, PASS, ANNE, from,
	    "#maintenance end 2\n#maintenance end 1\n\n"
	    "> Maintenance 1 : web1.lambic est muet\n");
	assert_planned(&desk, "");
	again = last_text(&desk, "confirmation", ANNE);
	g_assert_nonnull(
	    strstr(again, "Maintenance 2 : db*/MySQL slow n'est plus muet"));
	assert_nothing_outside(&desk);
}

/* His mail program quotes the confirmation without marks: what is silent, and
 * whose it is, is no client's business. */
static void
test_confirmation_quoted(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *from = NULL, *text = NULL, *told = NULL;

	desk_set_up(&desk, "");
	open_ticket(&desk);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	write_as(&desk, PASS, ANNE, to,
	    "#maintenance web1.lambic 22:00 2h " CANARY "\n");
	from = desk_field(&desk, "confirmation", ANNE, "Reply-To");
	text = last_text(&desk, "confirmation", ANNE);
	told = g_strconcat("C'est noté.\n\n", text, NULL);
	write_as(&desk, PASS, ANNE, from, told);
	assert_nothing_outside(&desk);
	g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==, 1);
}

/* One wrong line, and nothing of the mail is done; he is told which. */
static void
test_all_or_nothing(void)
{
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "#maintenance web1 22:00 2h\n#maintenance db1 22h 2h\n",
		    "ligne 2 : #maintenance : « 22h » n'est pas un début" },
		{ "#maintenance web1 22:00 2h\n#maintenance end 9\n",
		    "ligne 2 : #maintenance : il n'y a pas de maintenance 9" },
		{ "#maintenance end 1\n#maintenance end 1\n",
		    "ligne 2 : #maintenance : il n'y a pas de maintenance 1" },
		{ "#maintenance web1 22:00 40d\n",
		    "ligne 1 : #maintenance : une maintenance de plus de 31" },
		{ "#maintenance web1 2026-11-20 12:00 2h\n",
		    "ligne 1 : #maintenance : elle finirait avant" },
		{ "#maintenance web1 22:00 2h\n#resolve\n\nFait.\n",
		    "ligne 2 : #resolve ne va pas avec la commande" },
		{ "Bonjour,\n\n#maintenance web1 22:00 2h\n",
		    "ligne 3 : les commandes se placent au-dessus de" },
	};
	static const char before[] =
	    "old1/ 2026-11-20T16:19:00Z 2026-11-21T16:19:00Z by Anne Martin; ";

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *to = NULL, *text = NULL;

		desk_set_up(&desk, "");
		open_ticket(&desk);
		to = desk_field(&desk, "notice", ANNE, "Reply-To");
		write_as(&desk, PASS, ANNE, to,
		    "#maintenance old1 2026-11-20T16:19:00Z 1d\n");
		assert_planned(&desk, before);
		write_as(&desk, PASS, ANNE, to, rows[i].text);
		g_test_message("%s", rows[i].told);
		assert_planned(&desk, before);
		assert_nothing_outside(&desk);
		g_assert_cmpuint(desk_count(&desk, "confirmation", NULL), ==,
		    1);
		text = last_text(&desk, "refusal", ANNE);
		g_assert_nonnull(strstr(text, rows[i].told));
		g_assert_nonnull(strstr(text,
		    strstr(rows[i].text, "end") != NULL
			? "  #maintenance end NUMÉRO"
			: "  #maintenance HÔTE[@CONTRAT][/SERVICE] DÉBUT FIN"));
	}
}

/* The same mail once more, by whatever way, plans nothing more. */
static void
test_replay(void)
{
	static const char mail[] = PASS "From: <" ANNE ">\nTo: <%s>\n"
					"Subject: x\nMessage-ID: <%s>\n\n"
					"#maintenance web1 22:00 2h\n";
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *first = NULL, *other = NULL;

	desk_set_up(&desk, "");
	open_ticket(&desk);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	first = g_strdup_printf(mail, to, "a@desk.example");
	other = g_strdup_printf(mail, to, "b@desk.example");
	desk_deliver(&desk, first, T0 + 600);
	desk_deliver(&desk, first, T0 + 8 * 3600);
	desk_deliver(&desk, other, T0 + 8 * 3600);
	assert_planned(&desk,
	    "web1/ 2026-11-20T21:00:00Z 2026-11-20T23:00:00Z by Anne "
	    "Martin; ");
}

/* ---- without a ticket ---- */

/* A mail that was confirmed, as a reader tells of it again. */
static void
read_again(Desk *desk, gint64 id, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Message) message = message_parse((const guint8 *)text,
	    strlen(text), false);
	g_autoptr(StoredMail) mail = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	store_mail(desk->store, id, &mail, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(mail->state, ==, "raw");
	intake_one(desk->intake, tx, mail, message, T0 + 1800, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* It is parked; his word alone carries it out, once. */
static void
test_new_mail(void)
{
	static const char mail[] = PASS
	    "From: <" ANNE ">\nTo: <help@desk.example>\nSubject: Re: x\n"
	    "Message-ID: <new@desk.example>\n\n"
	    "#maintenance \"web1/HTTP shop\" 22:00 2h " CANARY "\n";
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL, *to = NULL;
	g_autoptr(Ticket) before = NULL, after = NULL;
	gint64 id;

	desk_set_up(&desk, "");
	id = desk_deliver(&desk, mail, T0 + 1200);
	assert_planned(&desk, "");
	before = desk_ticket(&desk, 1);
	g_assert_cmpint(before->state, ==, TICKET_NEW);
	text = last_text(&desk, "challenge", ANNE);
	g_assert_nonnull(strstr(text, "#maintenance \"web1/HTTP shop\""));
	/* He is told once, his colleague in the notice. */
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "notice", HUGO), ==, 1);

	/* A colleague's copy of it confirms nothing. */
	to = desk_field(&desk, "challenge", ANNE, "Reply-To");
	write_as(&desk, PASS, HUGO, to, "OK\n");
	write_as(&desk, "", ANNE, to, "OK\n");
	g_assert_false(intake_reads_again(desk.intake));
	write_as(&desk, PASS, ANNE, to, "OK\n");
	g_assert_true(intake_reads_again(desk.intake));
	assert_planned(&desk, "");
	read_again(&desk, id, mail);
	assert_planned(&desk,
	    "web1/HTTP shop 2026-11-20T21:00:00Z 2026-11-20T23:00:00Z by Anne "
	    "Martin; ");
	after = desk_ticket(&desk, 1);
	g_assert_cmpint(after->state, ==, TICKET_RESOLVED);
	assert_nothing_outside(&desk);
}

/* Somebody else's words under his name are not sent on to him. */
static void
test_forged_new_mail(void)
{
	static const char *const stamps[] = { "",
		BORDER("fail", "desk.example") };

	for (gsize i = 0; i < G_N_ELEMENTS(stamps); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *text = NULL;

		desk_set_up(&desk, "");
		write_as(&desk, stamps[i], ANNE, "help@desk.example",
		    "#maintenance " CANARY " 22:00 2h\n#" CANARY "\n");
		assert_planned(&desk, "");
		text = last_text(&desk, "refusal", ANNE);
		g_assert_null(strstr(text, CANARY));
		g_assert_nonnull(strstr(text, "Rien ne prouve"));
	}
}

/* Commands are read in plain text alone: he is told that nothing was done. */
static void
test_html_only(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	desk_set_up(&desk, "");
	desk_deliver(&desk,
	    PASS "From: <" ANNE ">\nTo: <help@desk.example>\nSubject: x\n"
		 "Message-ID: <h@desk.example>\nMIME-Version: 1.0\n"
		 "Content-Type: text/html; charset=utf-8\n\n"
		 "<p>#maintenance web1 22:00 2h</p>\n",
	    T0);
	assert_planned(&desk, "");
	text = last_text(&desk, "refusal", ANNE);
	g_assert_nonnull(
	    strstr(text, "commandes se lisent dans le texte brut"));
}

/* ---- the same rules at the command line ---- */

static void
test_manager(void)
{
	static const struct {
		const char *words[6], *said;
		bool done;
	} rows[] = {
		{ { "maintenance", "add", "web1/HTTP", "22:00", "2h" },
		    "Maintenance 1: web1/HTTP is silent from "
		    "2026-11-20T22:00:00+01:00 to 2026-11-21T00:00:00+01:00; ",
		    true },
		{ { "maintenance", "add", "web2", "24/11 22:00",
		      "2026-11-25T01:00:00+01:00" },
		    "Maintenance 2: web2 is silent from "
		    "2026-11-24T22:00:00+01:00 to 2026-11-25T01:00:00+01:00; ",
		    true },
		{ { "maintenance", "add", "web1", "22h", "2h" },
		    "'22h' is no time to begin", false },
		{ { "maintenance", "add", "web1", "22:00", "40d" },
		    "a maintenance of more than 31 days", false },
		{ { "maintenance", "add", "*a*b*c*d*", "22:00", "2h" },
		    "name a host, with at most 4 '*'", false },
		{ { "maintenance", "add", "web1", "2026-11-20T12:00:00Z",
		      "2h" },
		    "it would be over before it begins, or is over", false },
		{ { "maintenance", "end", "2" }, "Maintenance 2 is over",
		    true },
		{ { "maintenance", "end", "3" }, "there is no maintenance 3",
		    false },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool done;
		g_autofree char *said = desk_order(&desk, &done,
		    (char *const *)rows[i].words);

		g_assert_true(g_str_has_prefix(said, rows[i].said));
		g_assert_cmpint(done, ==, rows[i].done);
	}
	assert_planned(&desk,
	    "web1/HTTP 2026-11-20T21:00:00Z 2026-11-20T23:00:00Z by "
	    "manager; ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/intake-maintenance/" #test, test_##test)
	ADD(who_may);
	ADD(left);
	ADD(orders);
	ADD(confirmation_quoted);
	ADD(all_or_nothing);
	ADD(replay);
	ADD(new_mail);
	ADD(forged_new_mail);
	ADD(html_only);
	ADD(manager);
#undef ADD
	return g_test_run();
}
