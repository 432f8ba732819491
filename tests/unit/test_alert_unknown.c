/*
 * Mails of a trusted source that no recogniser knows: what joins them, and who
 * is a person all the same.
 */
#include "intake-fixture.h"

#include "guichet/alert/alert.h"

#include "guichet/base/cleanup.h"

#define SOURCE                                                        \
 "alert_sources:\n"                                                   \
 "- {name: mon, address: help+w7f2kq9zt4m8hx3vb6rd@desk.example, "    \
 "require: token, contract: acier-vosges}\n"                          \
 "- {name: probe, from: probe@acier-vosges.example, require: "        \
 "authenticated, contract: acier-vosges}\n"                           \
 "- {name: shop, from: acier-vosges.example, require: authenticated," \
 " contract: acier-vosges}\n"
#define MON  "help+w7f2kq9zt4m8hx3vb6rd@desk.example"
#define HELP "help@desk.example"

/* ---- keys ---- */

static char *
key_of(const Desk *desk, const char *subject)
{
	g_autofree char *text = g_strdup_printf("From: n@mon.example\n"
						"Subject: %s\n\nx\n",
	    subject);
	g_autoptr(Message) message = message_parse((const guint8 *)text,
	    strlen(text), false);
	g_autoptr(AlertMails) mails =
	    alert_mails_new(ruleset_alerts(desk->ruleset), message);
	g_autoptr(Alert) alert = alert_unknown(mails);

	g_assert_true(alert_is_unknown(alert));
	g_assert_cmpint(alert->type, ==, ALERT_PROBLEM);
	g_assert_cmpint(alert->level, ==, ALERT_LEVEL_NONE);
	return g_strdup(alert->key);
}

static void
test_keys(void)
{
	static const struct {
		const char *subject, *key;
	} rows[] = {
		{ "Disk full", "Disk full" },
		{ "  Disk   full ", "Disk full" },
		{ "", "(no subject)" },
		{ "4711", "#" },
		/* what a relay adds, and what is the system's own */
		{ "[EXT] Disk full", "Disk full" },
		{ "***SPAM*** [EXTERNAL] Disk full", "Disk full" },
		{ "Fwd: Disk full", "Disk full" },
		{ "[web1] Disk full", "[web1] Disk full" },
		{ "[preprod] Disk full", "[preprod] Disk full" },
		/* counters, dates and times */
		{ "Disk at 85% (12 errors)", "Disk at #% (# errors)" },
		{ "Disk at 85,5%", "Disk at #%" },
		{ "Cold at -12.5 C", "Cold at # C" },
		{ "Cold - 12 C", "Cold - # C" },
		{ "Job #4711 failed, id=12", "Job ## failed, id=#" },
		{ "Report 2026-11-24 03:00:12", "Report #" },
		{ "Report 20261124T030000Z.", "Report #." },
		{ "Report of Tue, Nov 24 2026 3:05 PM", "Report of #" },
		{ "Rapport du mardi 24 novembre 2026", "Rapport du #" },
		{ "Rapport de novembre", "Rapport de novembre" },
		{ "Late since 2h30, 15min ago", "Late since # ago" },
		/* ids */
		{ "Job a3f9c2d17e failed", "Job # failed" },
		{ "Run 7d9f1c2e-4b5a-4c6d-8e7f-0a1b2c3d4e5f", "Run #" },
		{ "Run job-a3f9c2d17e.log", "Run job-#.log" },
		{ "A defaced facade", "A defaced facade" },
		/* names are whole */
		{ "web1 down", "web1 down" },
		{ "web10 down", "web10 down" },
		{ "srv-01.lyon down", "srv-01.lyon down" },
		{ "192.0.2.7 down", "192.0.2.7 down" },
		{ "01-srv down", "01-srv down" },
		{ "backup-2026-11-24 failed", "backup-# failed" },
		{ "INC0047110 opened", "INC# opened" },
		{ "Échec à 03h00 sur é1", "Échec à # sur é1" },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, SOURCE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *key = key_of(&desk, rows[i].subject);

		g_test_message("%s", rows[i].subject);
		g_assert_cmpstr(key, ==, rows[i].key);
	}
}

static void
test_long_keys(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *words = g_strnfill(900, 'w');
	g_autofree char *other = g_strconcat(words, "x", NULL);
	g_autofree char *one = NULL, *two = NULL;

	desk_set_up(&desk, SOURCE);
	one = key_of(&desk, words);
	two = key_of(&desk, other);
	g_assert_cmpstr(one, !=, two);
	g_assert_cmpuint(strlen(one), <=, 600);
}

/* ---- the desk ---- */

typedef struct {
	const char *from, *to, *more, *subject, *text;
} Mail;

static void
deliver(Desk *desk, const Mail *mail, Instant at)
{
	static int number;
	const char *domain = strchr(mail->from, '@') + 1;
	g_autofree char *text = g_strdup_printf(
	    "Return-Path: <%s>\n"
	    "Authentication-Results: mx.desk.example; dmarc=pass "
	    "header.from=%s\n"
	    "Received: from a (a.%s [192.0.2.9]) by mx.desk.example with "
	    "ESMTP id 1; Fri, 20 Nov 2026 17:00:00 +0100\n"
	    "From: <%s>\nTo: <%s>\nSubject: %s\n%s"
	    "Message-ID: <u%d@%s>\n\n%s\n",
	    mail->from, domain, domain, mail->from, mail->to, mail->subject,
	    mail->more, number++, domain, mail->text);

	desk_deliver(desk, text, at);
}

static bool
has_tag(const Ticket *ticket, const char *tag)
{
	return g_ptr_array_find_with_equal_func(ticket->tags, tag, g_str_equal,
	    NULL);
}

#define AUTO   "Auto-Submitted: auto-generated\n"
#define PERSON "User-Agent: Mozilla Thunderbird\n"

/* What the first mail's ticket is. */
static void
test_who(void)
{
	static const struct {
		Mail mail;
		bool is_alert;
		guint answers; /* acknowledgments to its sender */
	} rows[] = {
		/* a system, at the secret address: it need not say so */
		{ { "x@mon.example", MON, AUTO, "Disk full", "x" }, true, 0 },
		{ { "x@mon.example", MON, "", "Disk full", "x" }, true, 0 },
		{ { "x@mon.example", MON, "Precedence: bulk\n", "Disk full",
		      "x" },
		    true, 0 },
		/* a person's answer there: his own if he is known */
		{ { "x@else.example", MON, PERSON, "Re: Disk full", "oui" },
		    false, 0 },
		{ { JEANNE, MON, PERSON, "Re: Disk full", "oui" }, false, 1 },
		/* another program's, that speaks of an alert: bounded */
		{ { "x@mon.example", MON, AUTO, "[GLPI #12] Disk full", "x" },
		    true, 0 },
		/* a whole From is the system, whatever it looks like */
		{ { "probe@acier-vosges.example", HELP, "", "Disk full", "x" },
		    true, 0 },
		{ { "probe@acier-vosges.example", HELP, PERSON, "Re: x", "x" },
		    true, 0 },
		/* a domain: only what says that it is a machine's */
		{ { "cron@acier-vosges.example", HELP, AUTO, "Disk full", "x" },
		    true, 0 },
		{ { "cron@acier-vosges.example", HELP, "Precedence: bulk\n",
		      "Disk full", "x" },
		    true, 0 },
		{ { JEANNE, HELP, "", "Disk full", "x" }, false, 1 },
		{ { "paul@acier-vosges.example", HELP, PERSON, "Re: x", "x" },
		    false, 1 },
		/* a named contact is no machine, and is not answered as one */
		{ { JEANNE, HELP, AUTO, "Disk full", "x" }, false, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) ticket = NULL;

		g_test_message("%s to %s: %s", rows[i].mail.from,
		    rows[i].mail.to, rows[i].mail.subject);
		desk_set_up(&desk, SOURCE "acknowledge: {strangers: yes}\n");
		deliver(&desk, &rows[i].mail, T0);
		ticket = desk_ticket(&desk, 1);
		g_assert_nonnull(ticket);
		g_assert_cmpint(has_tag(ticket, "unknown-alert"), ==,
		    rows[i].is_alert);
		g_assert_cmpstr(ticket->source, ==,
		    rows[i].is_alert ? "alert" : "mail");
		if (rows[i].is_alert)
			g_assert_cmpstr(ticket->contract, ==, "acier-vosges");
		g_assert_cmpuint(
		    desk_count(&desk, "acknowledgment", rows[i].mail.from), ==,
		    rows[i].answers);
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 1);
		g_assert_cmpuint(desk_count(&desk, "information", NULL), ==, 0);
	}
}

/* A report about another mail is none of a source's own. */
static void
test_absence(void)
{
	static const Mail mail = { "x@mon.example", MON,
		"Auto-Submitted: auto-replied\n", "Out of office", "x" };
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;

	desk_set_up(&desk, SOURCE);
	deliver(&desk, &mail, T0);
	ticket = desk_ticket(&desk, 1);
	g_assert_true(ticket == NULL || !has_tag(ticket, "unknown-alert"));
	g_assert_cmpuint(desk_count(&desk, "acknowledgment", NULL), ==, 0);
}

static gint64
count_tickets(Desk *desk)
{
	gint64 count = 0;

	for (;;) {
		g_autoptr(Ticket) ticket = desk_ticket(desk, count + 1);

		if (ticket == NULL)
			return count;
		count++;
	}
}

/* Repeats are one ticket, and many subjects one storm. */
static void
test_storm(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, SOURCE);
	for (int i = 0; i < 20; i++) {
		g_autofree char *subject =
		    g_strdup_printf("Disk at %d%% since 03:%02d", 70 + i, i);
		Mail mail = { "x@mon.example", MON, AUTO, subject, "x" };

		deliver(&desk, &mail, T0 + i);
	}
	g_assert_cmpint(count_tickets(&desk), ==, 1);
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 1);
	for (int i = 0; i < 200; i++) {
		g_autofree char *subject = g_strdup_printf("Host w%d down", i);
		Mail mail = { "x@mon.example", MON, AUTO, subject, "x" };

		deliver(&desk, &mail, T0 + 60 + i);
	}
	/* the hour's limit, and the storm's own */
	g_assert_cmpint(count_tickets(&desk), ==, 61);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/alert-unknown/keys", test_keys);
	g_test_add_func("/alert-unknown/long-keys", test_long_keys);
	g_test_add_func("/alert-unknown/who", test_who);
	g_test_add_func("/alert-unknown/absence", test_absence);
	g_test_add_func("/alert-unknown/storm", test_storm);
	return g_test_run();
}
