/*
 * Only the trusted source that opened a ticket ends it (doc/security.md T3): no
 * key, words, id or Date in a mail of anybody else does.
 */
#include "proof-fixture.h"

#define SECRET  "help+q7w2e9r4t6y1u8i3o5pz@desk.example"
#define ANOTHER "help+m4n8b2v6c1x7z5l3k9jh@desk.example"
#define PLAIN   "help@desk.example"

static const char sources[] = "alert_sources:\n"
			      "- {name: sonde, address: " SECRET
			      ", from: nagios@sonde.example, "
			      "require: token, contract: acier-vosges}\n"
			      "- {name: autre, address: " ANOTHER
			      ", require: token}\n";

/* Who says that it is over; the first is the source itself. */
static const struct {
	const char *name, *stamp, *from, *to;
} senders[] = {
	{ "the source", NO_STAMP, "nagios@sonde.example", SECRET },
	{ "its From alone", NO_STAMP, "nagios@sonde.example", PLAIN },
	{ "its From, proven", PASS_OF("sonde.example"), "nagios@sonde.example",
	    PLAIN },
	{ "its From, disowned", FAIL_OF("sonde.example"),
	    "nagios@sonde.example", SECRET },
	{ "its address, another From", NO_STAMP, "nagios@evil.test", SECRET },
	{ "another source", NO_STAMP, "nagios@autre.example", ANOTHER },
	{ "its From, another's address", NO_STAMP, "nagios@sonde.example",
	    ANOTHER },
	{ "a stranger", PASS_OF("evil.test"), "nagios@evil.test", PLAIN },
	{ "a client", PASS_OF(ACIER), JEANNE, PLAIN },
	{ "a technician", NO_STAMP, ANNE, PLAIN },
};

/* By what it names the problem. */
static const struct {
	const char *name, *head, *subject, *text;
} recoveries[] = {
	{ "key", "X: x\n", "** RECOVERY Service Alert: erp1/HTTP is OK **",
	    "***** Nagios *****\n\nNotification Type: RECOVERY\n\n"
	    "Service: HTTP\nHost: erp1\nAddress: 192.0.2.9\nState: OK\n" },
	{ "key and thread", "In-Reply-To: <n1@sonde.example>\n",
	    "** RECOVERY Service Alert: erp1/HTTP is OK **",
	    "***** Nagios *****\n\nNotification Type: RECOVERY\n\n"
	    "Service: HTTP\nHost: erp1\nAddress: 192.0.2.9\nState: OK\n" },
	{ "thread and words", "References: <n1@sonde.example>\n",
	    "Re: ** PROBLEM Service Alert: erp1/HTTP is CRITICAL **",
	    "RECOVERY. Resolved. erp1/HTTP is OK.\n" },
	{ "tag", "X: x\n", "[#1] RECOVERY: erp1/HTTP is OK", "OK\n" },
	{ "number", "X: x\n", "Resolved: #1", "#resolve\n" },
};

static bool
ends(gsize sender, gsize recovery, bool same_id)
{
	static const char problem[] =
	    "From: nagios@sonde.example\nTo: " SECRET "\n"
	    "Message-ID: <n1@sonde.example>\n"
	    "Date: Fri, 20 Nov 2026 16:59:00 +0100\n"
	    "Subject: ** PROBLEM Service Alert: erp1/HTTP is CRITICAL **\n\n"
	    "***** Nagios *****\n\nNotification Type: PROBLEM\n\n"
	    "Service: HTTP\nHost: erp1\nAddress: 192.0.2.9\n"
	    "State: CRITICAL\n";
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;
	g_autofree char *mail = g_strdup_printf(
	    "%sFrom: <%s>\nTo: %s\nMessage-ID: <%s@sonde.example>\n"
	    "Date: Fri, 20 Nov 2026 17:59:00 +0100\n%sSubject: %s\n\n%s",
	    senders[sender].stamp, senders[sender].from, senders[sender].to,
	    same_id ? "n1" : "n2", recoveries[recovery].head,
	    recoveries[recovery].subject, recoveries[recovery].text);

	desk_set_up(&desk, sources);
	desk_deliver(&desk, problem, T0);
	desk_deliver(&desk, mail, T0 + 3600);
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpstr(ticket->source, ==, "alert");
	return ticket_state_is_done(ticket->state);
}

static void
test_forged(void)
{
	for (gsize s = 1; s < G_N_ELEMENTS(senders); s++) {
		for (gsize r = 0; r < G_N_ELEMENTS(recoveries); r++) {
			g_test_message("%s, by %s", senders[s].name,
			    recoveries[r].name);
			g_assert_false(ends(s, r, r % 2 != 0));
		}
	}
}

static void
test_genuine(void)
{
	g_assert_true(ends(0, 0, false));
	g_assert_true(ends(0, 1, false));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/forged-recovery/" #test, test_##test)
	ADD(forged);
	ADD(genuine);
#undef ADD
	return g_test_run();
}
