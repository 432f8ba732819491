/* Reports about mails of ours: the delivery they are of, its mark, who is told;
 * and what is on no ticket, told once a day. */
#include "intake-fixture.h"

#include "guichet/rounds/tick.h"

#define OF_JEANNE        \
 "Return-Path: <" JEANNE \
 ">\n" BORDER("pass", "acier-vosges.example") "From: <" JEANNE ">\n"

#define REPORT(action, status)                                                 \
 "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" \
 "--b\n\nIt could not be delivered.\n"                                         \
 "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"    \
 "Final-Recipient: rfc822; " JEANNE "\nAction: " action "\nStatus: " status    \
 "\n\n"

static void
open_and_answer(Desk *desk)
{
	g_autofree char *reply_to = NULL, *mail = NULL;

	desk_set_up(desk, "");
	desk_deliver(desk,
	    OF_JEANNE "To: help@desk.example\nSubject: Extranet\n"
		      "Message-ID: <o1@acier.test>\n\nRien ne va.\n",
	    T0);
	reply_to = desk_field(desk, "notice", ANNE, "Reply-To");
	mail = g_strdup_printf(
	    "Return-Path: <" ANNE ">\nDelivered-To: %s\n" BORDER("pass",
		"desk.example") "From: <" ANNE ">\nTo: %s\nSubject: Re: x\n"
				"Message-ID: <a1@desk.test>\n\nC'est fait.\n",
	    reply_to, reply_to);
	desk_deliver(desk, mail, T0 + 60);
	g_assert_cmpuint(desk_count(desk, "reply", JEANNE), ==, 1);
}

/* The events of that outcome on the first ticket. */
static guint
marked(Desk *desk, const char *outcome)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store, 1, &error);
	guint count = 0;

	g_assert_no_error(error);
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		count += event->type == EVENT_SENT &&
		    strcmp(event_text(event, "outcome"), outcome) == 0;
	}
	return count;
}

static char *
envelope_of_reply(Desk *desk)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, "reply", JEANNE);

	return g_strdup(((OutboxRow *)rows->pdata[0])->from);
}

/* To the address that only our envelope named; whatever its words are. */
static void
test_signed_address(void)
{
	static const struct {
		const char *name, *body;
		guint bounced, delayed;
	} rows[] = {
		{ "for good", REPORT("failed", "5.1.1") "--b--\n", 1, 0 },
		{ "for now", REPORT("delayed", "4.4.7") "--b--\n", 0, 1 },
		{ "in words that nobody knows", "\nxyzzy\n", 1, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *to = NULL;

		g_test_message("%s", rows[i].name);
		open_and_answer(&desk);
		to = envelope_of_reply(&desk);
		g_assert_nonnull(strchr(to, '+'));
		for (int twice = 0; twice < 2; twice++) {
			g_autofree char *mail = g_strdup_printf(
			    "Return-Path: <>\nDelivered-To: %s\n"
			    "From: Mail <mail@mx.client.example>\nTo: %s\n"
			    "Subject: x\nMessage-ID: <d%d@mx.example>\n%s",
			    to, to, twice, rows[i].body);

			desk_deliver(&desk, mail, T0 + 120 + twice);
		}
		g_assert_cmpuint(marked(&desk, "bounced"), ==, rows[i].bounced);
		g_assert_cmpuint(marked(&desk, "delayed"), ==, rows[i].delayed);
		g_assert_cmpuint(desk_count(&desk, "alarm", ANNE), ==,
		    rows[i].bounced);
		g_assert_cmpuint(
		    desk_count(&desk, NULL, "mail@mx.client.example"), ==, 0);
		g_assert_null(desk_ticket(&desk, 2));
	}
}

/* Any id of ours in what came back, wherever it stands, finds the ticket, and
 * marks nothing: whoever has had our mail knows it (bad input 37, forged-dsn). A
 * site without signed addresses has nothing better. */
static void
test_ids(void)
{
	static const char *const places[] = { "Message-ID: <%s>\n",
		"Message-ID: <x@relay.example>\nX-Guichet-Loop: <%s>\n",
		"Message-ID: <x@relay.example>\nIn-Reply-To: <%s>\n",
		"Message-ID: <x@relay.example>\nReferences: <y@z> <%s>\n" };

	for (gsize i = 0; i < 4 * G_N_ELEMENTS(places); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *id = NULL, *field = NULL, *mail = NULL;
		g_autoptr(GPtrArray) rows = NULL;
		g_auto(GStrv) parts = NULL;
		bool in_text = i / G_N_ELEMENTS(places) % 2 == 1;
		bool is_signed = i < 2 * G_N_ELEMENTS(places);
		g_autofree char *said = NULL;

		open_and_answer(&desk);
		rows = desk_sent(&desk, "reply", JEANNE);
		id = g_strdup(((OutboxRow *)rows->pdata[0])->message_id);
		parts = g_strsplit(places[i % G_N_ELEMENTS(places)], "%s", 2);
		field = g_strjoinv(id, parts);
		mail = g_strdup_printf(
		    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n"
		    "To: help@desk.example\nMessage-ID: <d1@mx.example>\n"
		    "Subject: failure notice\n%s%s\nTo: " JEANNE "\n\nx\n%s",
		    in_text ? "\nIt could not be delivered:\n<" JEANNE
			      ">\n550 5.1.1 no\n\n--- Below this line is a "
			      "copy of the message.\n\n"
			    : REPORT("failed", "5.1.1") "--b\nContent-Type: "
							"message/rfc822\n\n",
		    field, in_text ? "" : "--b--\n");
		g_test_message("%s in %s", places[i % G_N_ELEMENTS(places)],
		    in_text ? "text" : "a part");
		desk.conf->plus_addresses = is_signed;
		desk_deliver(&desk, mail, T0 + 120);
		g_assert_cmpuint(marked(&desk, "bounced"), ==,
		    is_signed ? 0 : 1);
		g_assert_cmpuint(desk_count(&desk, "alarm", ANNE), ==,
		    is_signed ? 0 : 1);
		said = store_dump(desk.store, NULL);
		g_assert_nonnull(strstr(said, "\"failure notice\""));
		g_assert_null(desk_ticket(&desk, 2));
	}
}

/* A report that nobody signed, or a person's mail to that address, marks
 * nothing. */
static void
test_others(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *mail = NULL;

	open_and_answer(&desk);
	to = envelope_of_reply(&desk);
	mail = g_strdup_printf(OF_JEANNE
	    "To: %s\nSubject: Merci\n"
	    "Message-ID: <p1@acier.test>\n\nOui.\n",
	    to);
	desk_deliver(&desk, mail, T0 + 120);
	desk_deliver(&desk,
	    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n"
	    "To: help@desk.example\nMessage-ID: <d1@mx.example>\n"
	    "Subject: failure notice\n" REPORT("failed", "5.1.1") "--b--\n",
	    T0 + 130);
	g_assert_cmpuint(marked(&desk, "bounced"), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "alarm", ANNE), ==, 0);
}

static void
tick_at(Desk *desk, Instant now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	tick_due(desk->intake, tx, now, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* Once in the morning, whatever came; nothing on a day without; never of a
 * technician's own out-of-office, or the list would answer itself. */
static void
test_told(void)
{
	enum {
		MORNING = T0 + 15 * 3600
	}; /* Saturday 08:00 in Paris */
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	const OutboxRow *row;

	desk_set_up(&desk, "");
	for (int i = 0; i < 3; i++) {
		g_autofree char *mail = g_strdup_printf(
		    "From: karl@stranger.example\nTo: help@desk.example\n"
		    "Auto-Submitted: auto-replied\nSubject: Weg %d\n"
		    "Message-ID: <w%d@stranger.example>\n\nWeg.\n",
		    i, i);

		desk_deliver(&desk, mail, T0 + i);
	}
	tick_at(&desk, MORNING - 1);
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 0);
	tick_at(&desk, MORNING);
	tick_at(&desk, MORNING + 60);
	rows = desk_sent(&desk, "notice", ANNE);
	g_assert_cmpuint(rows->len, ==, 1);
	row = rows->pdata[0];
	g_assert_nonnull(strstr(row->text, "karl@stranger.example"));
	g_assert_nonnull(strstr(row->text, "guichet quarantine release 3"));
	tick_at(&desk, MORNING + 86400);
	desk_deliver(&desk,
	    "From: " ANNE "\nTo: help@desk.example\n"
	    "Auto-Submitted: auto-replied\nSubject: Absente\n"
	    "Message-ID: <w9@desk.test>\n\nAbsente.\n",
	    MORNING + 86500);
	tick_at(&desk, MORNING + 3 * 86400);
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bounces/signed-address", test_signed_address);
	g_test_add_func("/bounces/ids", test_ids);
	g_test_add_func("/bounces/others", test_others);
	g_test_add_func("/bounces/told", test_told);
	return g_test_run();
}
