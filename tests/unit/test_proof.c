/*
 * Proof never mixes (doc/design.md 7): what is unproven never hinders what is
 * proven, the better copy acts, and what failed touches nothing.
 */
#include "proof-fixture.h"

/* ---- brakes and budgets ---- */

/* However many of one proof came before, the first of another opens its own
 * ticket and is acknowledged by its own budget. */
static void
test_counts_apart(void)
{
	for (Stamp flood = 0; flood < STAMPS; flood++) {
		for (Stamp last = 0; last < STAMPS; last++) {
			g_auto(Desk) desk = { 0 };
			gint64 id, before;
			guint acks;

			desk_set_up(&desk, "");
			for (int i = 0; i < 12; i++) {
				g_autofree char *name = g_strdup_printf("f%d",
				    i);
				/* Two subjects: the brake and the budget. */
				g_autofree char *subject =
				    g_strdup_printf("Panne %d", i < 4 ? 0 : i);

				deliver(&desk,
				    from_jeanne(flood, name, subject, ""),
				    T0 + i);
			}
			before = tickets(&desk);
			acks = desk_count(&desk, "acknowledgment", JEANNE);
			id = deliver(&desk,
			    from_jeanne(last, "l", "Panne 0", ""), T0 + 60);
			g_test_message("flood %d, last %d", flood, last);
			g_assert_cmpint(tickets(&desk) > before, ==,
			    flood != last);
			g_assert_cmpint(ticket_of(&desk, id), >, 0);
			g_assert_cmpint(
			    desk_count(&desk, "acknowledgment", JEANNE) > acks,
			    ==, flood != last && last != STAMP_FAIL);
		}
	}
}

/* ---- the same mail ---- */

/* Whichever copy is first, a client has one ticket and, where either copy may
 * be acknowledged, one acknowledgment; what the better one proves is known. */
static void
test_client_copies(void)
{
	for (Stamp first = 0; first < STAMPS; first++) {
		for (Stamp second = 0; second < STAMPS; second++) {
			g_auto(Desk) desk = { 0 };
			bool better = second == STAMP_PASS
			    ? first != STAMP_PASS
			    : first == STAMP_FAIL && second == STAMP_NONE;
			g_autofree char *said = NULL;
			gint64 copy;

			desk_set_up(&desk, "");
			deliver(&desk, from_jeanne(first, "a", "Panne", ""),
			    T0);
			copy = deliver(&desk,
			    from_jeanne(second, "a", "Panne", ""), T0 + 9);
			g_test_message("%d, then %d", first, second);
			g_assert_cmpint(tickets(&desk), ==, 1);
			g_assert_cmpuint(
			    desk_count(&desk, "acknowledgment", JEANNE), ==,
			    first != STAMP_FAIL || second != STAMP_FAIL);
			if (better) {
				said = said_of(&desk, copy);
				g_assert_cmpstr(said, ==,
				    second == STAMP_PASS ? "public client yes"
							 : "public client no");
			}
			/* Once in all. */
			for (int i = 0; i < 2; i++)
				deliver(&desk,
				    from_jeanne(i == 0 ? second : first, "a",
					"Panne", ""),
				    T0 + 20 + i);
			g_assert_cmpint(tickets(&desk), ==, 1);
			g_assert_cmpuint(
			    desk_count(&desk, "acknowledgment", JEANNE), ==,
			    first != STAMP_FAIL || second != STAMP_FAIL);
		}
	}
}

/* Where a first copy that proves less was put by a line above the mail, or by
 * the brake on forgeries of the same subject, binds no better one: that opens
 * its ticket and is acknowledged, and is the one that later copies repeat. */
static void
test_astray_copies(void)
{
	for (Stamp first = 0; first < STAMP_PASS; first++) {
		for (int brake = 0; brake < 2; brake++) {
			g_auto(Desk) desk = { 0 };
			g_autofree char *token = NULL, *above = NULL;
			g_autofree char *plain = NULL, *mail = NULL;
			gint64 before, copy;
			guint acks;

			desk_set_up(&desk, "");
			deliver(&desk,
			    from_jeanne(STAMP_PASS, "o", "Autre", ""), T0 - 9);
			token = desk_field(&desk, "acknowledgment", JEANNE,
			    "Reply-To");
			above = g_strdup_printf("Delivered-To: %s\n", token);
			for (int i = 0; brake && i < 2; i++)
				deliver(&desk,
				    from_jeanne(first, i ? "f1" : "f2", "Panne",
					""),
				    T0 - 5 + i);
			before = tickets(&desk);
			acks = desk_count(&desk, "acknowledgment", JEANNE);
			plain = from_jeanne(first, "a", "Panne", "");
			mail = g_strconcat(brake ? "" : above, plain, NULL);
			desk_deliver(&desk, mail, T0);
			g_test_message("%d, brake %d", first, brake);
			g_assert_cmpint(tickets(&desk), ==, before);
			for (int i = 0; i < 2; i++) {
				copy = deliver(&desk,
				    from_jeanne(STAMP_PASS, "a", "Panne", ""),
				    T0 + 9 + i);
				g_assert_cmpint(tickets(&desk), ==, before + 1);
				g_assert_cmpint(ticket_of(&desk, copy), ==,
				    i == 0 ? before + 1 : 0);
				g_assert_cmpuint(
				    desk_count(&desk, "acknowledgment", JEANNE),
				    ==, acks + 1);
			}
		}
	}
}

/* A copy that went to the alert address as well: the one ticket is raised,
 * whichever came first, but not by what its domain disowns. */
static void
test_copy_raises(void)
{
	for (Stamp second = 0; second < STAMPS; second++) {
		for (int alert_first = 0; alert_first < 2; alert_first++) {
			g_auto(Desk) desk = { 0 };
			g_autoptr(Ticket) ticket = NULL;

			desk_set_up(&desk, "");
			for (int i = 0; i < 2; i++) {
				g_autofree char *plain =
				    from_jeanne(i == 0 ? STAMP_NONE : second,
					"a", "Question", "");
				g_autofree char *mail = g_strconcat(i ==
					    !alert_first
					? "Delivered-To: sos24@desk.example\n"
					: "",
				    plain, NULL);

				desk_deliver(&desk, mail, T0 + i);
			}
			ticket = desk_ticket(&desk, 1);
			g_test_message("%d, alert address %d", second,
			    alert_first);
			g_assert_cmpint(tickets(&desk), ==, 1);
			if (alert_first || second != STAMP_FAIL)
				g_assert_cmpint(ticket->severity, ==, 1);
			else
				g_assert_cmpint(ticket->severity, !=, 1);
			g_assert_cmpuint(
			    desk_count(&desk, "acknowledgment", JEANNE), ==, 1);
		}
	}
}

/* A technician's answer goes out with the first copy that is proven. */
static void
test_technician_copies(void)
{
	for (Stamp first = 0; first < STAMPS; first++) {
		for (Stamp second = 0; second < STAMPS; second++) {
			g_auto(Desk) desk = { 0 };
			g_autofree char *to = NULL;
			const Stamp stamps[] = { first, second, STAMP_NONE,
				STAMP_PASS, STAMP_PASS };

			desk_set_up(&desk, "");
			deliver(&desk, from_jeanne(STAMP_PASS, "a", "X", ""),
			    T0);
			to = desk_field(&desk, "notice", ANNE, "Reply-To");
			for (guint i = 0; i < G_N_ELEMENTS(stamps); i++) {
				bool proven = false;

				deliver(&desk,
				    from_anne(stamps[i], to, "t", A_DATE,
					"Bonjour.\n"),
				    T0 + 3600 + (Instant)i);
				for (guint k = 0; k <= i; k++)
					proven |= stamps[k] == STAMP_PASS;
				g_test_message("%d %d, copy %u", first, second,
				    i);
				g_assert_cmpuint(replies(&desk), ==, proven);
			}
		}
	}
}

#define SONDE                                                           \
 "alert_sources:\n"                                                     \
 "- {name: sonde, from: nagios@sonde.example, require: authenticated, " \
 "contract: acier-vosges}\n"

/* A trusted alert acts though its unproven copy was first: one ticket is open,
 * the trusted one. */
static void
test_alert_copies(void)
{
	static const char *const stamps[] = { NO_STAMP,
		FAIL_OF("sonde.example"), PASS_OF("sonde.example") };

	for (Stamp first = 0; first < STAMPS; first++) {
		g_auto(Desk) desk = { 0 };
		guint open = 0;

		desk_set_up(&desk, SONDE);
		for (int i = 0; i < 3; i++) {
			g_autofree char *mail = g_strdup_printf(
			    "%sFrom: nagios@sonde.example\n"
			    "To: help@desk.example\n"
			    "Message-ID: <n@sonde.example>\n"
			    "Subject: ** PROBLEM Service Alert: erp1/HTTP is "
			    "CRITICAL **\n\n"
			    "***** Nagios *****\n\n"
			    "Notification Type: PROBLEM\n\nService: HTTP\n"
			    "Host: erp1\nAddress: 192.0.2.9\nState: CRITICAL\n",
			    stamps[i == 0 ? first : STAMP_PASS]);

			desk_deliver(&desk, mail, T0 + i);
		}
		for (gint64 n = 1; n <= tickets(&desk); n++) {
			g_autoptr(Ticket) ticket = desk_ticket(&desk, n);

			if (ticket_state_is_done(ticket->state))
				continue;
			open++;
			g_test_message("first %d: #%d", first, (int)n);
			g_assert_cmpstr(ticket->source, ==, "alert");
			g_assert_cmpstr(ticket->contract, ==, "acier-vosges");
		}
		g_assert_cmpuint(open, ==, 1);
	}
}

/* ---- what failed ---- */

static void
move(Desk *desk, TicketState state)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);
	g_autoptr(Event) event = event_stored(EVENT_STATE, 1, T0 + 60, "test",
	    0);

	g_assert_no_error(error);
	event_set(event, "state", ticket_state_name(state));
	if (state != TICKET_NEW)
		store_append(tx, event, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* Whatever it holds, what its domain disowns leaves a ticket as it is. */
static void
test_fail_touches_nothing(void)
{
	static const TicketState states[] = { TICKET_NEW, TICKET_OPEN,
		TICKET_WAITING_CUSTOMER, TICKET_WAITING_APPROVAL,
		TICKET_RESOLVED, TICKET_CLOSED };

	for (gsize s = 0; s < G_N_ELEMENTS(states); s++) {
		for (int tie = 0; tie < 3; tie++) {
			g_auto(Desk) desk = { 0 };
			g_autofree char *to = NULL, *id = NULL, *said = NULL;
			g_autofree char *mail = NULL;
			g_autoptr(Ticket) before = NULL, after = NULL;
			gint64 forged;

			desk_set_up(&desk, "");
			deliver(&desk, from_jeanne(STAMP_PASS, "a", "X", ""),
			    T0);
			to = desk_field(&desk, "acknowledgment", JEANNE,
			    "Reply-To");
			id = desk_field(&desk, "acknowledgment", JEANNE,
			    "Message-ID");
			move(&desk, states[s]);
			before = desk_ticket(&desk, 1);
			mail = g_strdup_printf(
			    FAIL_OF(
				ACIER) "From: <" JEANNE
				       ">\nTo: <%s>\nSubject: %s\n"
				       "Message-ID: <forged@evil.test>\n%s%s\n\n" CANARY
				       "\n",
			    tie == 0 ? to : "help@desk.example",
			    tie == 2 ? "Re: [#1] X" : "Re: X",
			    tie == 1 ? "In-Reply-To: " : "X: ",
			    tie == 1 ? id : "");
			forged = desk_deliver(&desk, mail, T0 + 7200);
			after = desk_ticket(&desk, 1);
			g_test_message("%s, tie %d",
			    ticket_state_name(states[s]), tie);
			g_assert_cmpint(tickets(&desk), ==, 1);
			g_assert_cmpint(after->state, ==, before->state);
			g_assert_cmpint(after->epoch, ==, before->epoch);
			g_assert_cmpuint(after->pauses->len, ==,
			    before->pauses->len);
			said = said_of(&desk, forged);
			g_assert_cmpstr(said, ==, "internal stranger no");
			g_assert_cmpuint(
			    desk_count(&desk, "acknowledgment", JEANNE), ==, 1);
		}
	}
}

/* On its own it opens a ticket whose clocks run; nobody outside is told until
 * a technician has written or a proven mail came. */
static void
test_fail_opens(void)
{
	for (int technician = 0; technician < 2; technician++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(GPtrArray) notices = NULL;
		g_autofree char *to = NULL;
		const OutboxRow *notice;

		desk_set_up(&desk, "");
		deliver(&desk, from_jeanne(STAMP_FAIL, "a", "Panne", ""), T0);
		g_assert_cmpint(tickets(&desk), ==, 1);
		g_assert_cmpuint(desk_count(&desk, NULL, JEANNE), ==, 0);
		notices = desk_sent(&desk, "notice", ANNE);
		notice = notices->pdata[0];
		g_assert_nonnull(strstr(notice->text, "DMARC"));
		g_assert_nonnull(strstr(notice->text, "téléphone"));
		g_assert_nonnull(strstr(notice->text, "acier-vosges"));
		to = desk_field(&desk, "notice", ANNE, "Reply-To");
		/* Unproven, it stays untold. */
		deliver(&desk,
		    from_jeanne(STAMP_NONE, "n", "Re: [#1] Panne", ""),
		    T0 + 60);
		g_assert_cmpuint(desk_count(&desk, NULL, JEANNE), ==, 0);
		if (technician)
			deliver(&desk,
			    from_anne(STAMP_PASS, to, "t", A_DATE,
				"Bonjour.\n"),
			    T0 + 120);
		deliver(&desk,
		    from_jeanne(STAMP_PASS, "p", "Re: [#1] Panne", ""),
		    T0 + 180);
		deliver(&desk,
		    from_jeanne(STAMP_PASS, "q", "Re: [#1] Panne", ""),
		    T0 + 240);
		g_assert_cmpint(tickets(&desk), ==, 1);
		g_assert_cmpuint(desk_count(&desk, "reply", JEANNE), ==,
		    technician);
		g_assert_cmpuint(desk_count(&desk, "acknowledgment", JEANNE),
		    ==, !technician);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/proof/" #test, test_##test)
	ADD(counts_apart);
	ADD(client_copies);
	ADD(astray_copies);
	ADD(copy_raises);
	ADD(technician_copies);
	ADD(alert_copies);
	ADD(fail_touches_nothing);
	ADD(fail_opens);
#undef ADD
	return g_test_run();
}
