/*
 * Several states in one mail are several alerts: each system that gathers them,
 * with states that are bad and good in every order, read and taken in. And two
 * mails about one alert that come in the wrong order.
 */
#include "intake-fixture.h"

#include "guichet/alert/alert.h"
#include "guichet/base/cleanup.h"

#define MON "help+w7f2kq9zt4m8hx3vb6rd@desk.example"
#define SOURCE      \
 "alert_sources:\n" \
 "- {name: mon, address: " MON ", require: token, contract: acier-vosges}\n"

/* What a system writes of three things, each bad or well; `head` is above all,
 * and NULL stands for what the system writes of a state on its own. */
typedef struct {
	const char *system, *subject, *head;
	const char *bad[3], *good[3];
} Gatherer;

static const Gatherer gatherers[] = {
	{ "checkmk", "Check_MK: 3 notifications for srv8", "",
	    { "Host:    srv8\nService: CPU\nEvent:   OK -> CRIT\n"
	      "Address: 192.0.2.1\nPlugin Output: CRIT\n",
		"Host:    srv8\nService: Memory\nEvent:   OK -> CRIT\n"
		"Address: 192.0.2.1\nPlugin Output: CRIT\n",
		"Host:    srv9\nEvent:   UP -> DOWN\nAddress: 192.0.2.2\n" },
	    { "Host:    srv8\nService: CPU\nEvent:   CRIT -> OK\n"
	      "Address: 192.0.2.1\nPlugin Output: OK\n",
		"Host:    srv8\nService: Memory\nEvent:   CRIT -> OK\n"
		"Address: 192.0.2.1\nPlugin Output: OK\n",
		"Host:    srv9\nEvent:   DOWN -> UP\n"
		"Address: 192.0.2.2\n" } },
	{ "munin", "[munin] web3", "",
	    { "a :: web3 :: Disk usage\n\tCRITICALs: / is 99 (outside [:92]).\n",
		"a :: web3 :: Load average\n\tWARNINGs: load is 9.\n",
		"a :: web4 :: Disk usage\n\tCRITICALs: / is 99.\n" },
	    { "a :: web3 :: Disk usage\n\tOKs: / is 20.\n",
		"a :: web3 :: Load average\n\tOKs: load is 1.\n",
		"a :: web4 :: Disk usage\n\tOKs: / is 20.\n" } },
	{ "pfsense", "fw1 - Notification",
	    "Notifications in this message: 3\n"
	    "================================\n\n",
	    { "08:40:01 MONITOR: WAN1 is down, omitting from group F\n",
		"08:40:02 MONITOR: WAN2 is down, omitting from group F\n",
		"08:40:03 MONITOR: WAN3 is down, omitting from group F\n" },
	    { "08:41:01 MONITOR: WAN1 is available now, adding to group F\n",
		"08:41:02 MONITOR: WAN2 is available now, adding to group F\n",
		"08:41:03 MONITOR: WAN3 is available now, adding to group "
		"F\n" } },
	{ "nagios", "Digest", "",
	    { "***** Nagios *****\n\nNotification Type: PROBLEM\nHost: w1\n"
	      "State: DOWN\nInfo: x\n\nDate/Time: x\n\n",
		"***** Nagios *****\n\nNotification Type: PROBLEM\n"
		"Service: HTTP\nHost: w1\nState: CRITICAL\n\n"
		"Date/Time: x\n\n",
		"***** Nagios *****\n\nNotification Type: PROBLEM\nHost: w2\n"
		"State: DOWN\nInfo: x\n\nDate/Time: x\n\n" },
	    { "***** Nagios *****\n\nNotification Type: RECOVERY\nHost: w1\n"
	      "State: UP\nInfo: x\n\nDate/Time: x\n\n",
		"***** Nagios *****\n\nNotification Type: RECOVERY\n"
		"Service: HTTP\nHost: w1\nState: OK\n\nDate/Time: x\n\n",
		"***** Nagios *****\n\nNotification Type: RECOVERY\nHost: w2\n"
		"State: UP\nInfo: x\n\nDate/Time: x\n\n" } },
};

static int number;

static void
deliver(Desk *desk, const char *subject, const char *date, const char *text,
    Instant at)
{
	g_autofree char *mail = g_strdup_printf("Return-Path: <n@mon.example>\n"
						"From: <n@mon.example>\n"
						"To: <" MON ">\nSubject: %s\n%s"
						"Auto-Submitted: "
						"auto-generated\n"
						"Message-ID: "
						"<s%d@mon.example>\n\n%s\n",
	    subject, date, number++, text);

	desk_deliver(desk, mail, at);
}

/* Bit i of `bad`: the thing i is bad. */
static char *
gathered_text(const Gatherer *one, guint bad, bool backwards)
{
	GString *text = g_string_new(one->head);

	for (guint i = 0; i < 3; i++) {
		guint at = backwards ? 2 - i : i;

		g_string_append(text,
		    (bad & 1u << at) != 0 ? one->bad[at] : one->good[at]);
	}
	return g_string_free(text, FALSE);
}

static gint64
count_tickets(Desk *desk, gint64 *ret_open)
{
	gint64 count = 0;

	*ret_open = 0;
	for (;;) {
		g_autoptr(Ticket) ticket = desk_ticket(desk, count + 1);

		if (ticket == NULL)
			return count;
		if (!ticket_state_is_done(ticket->state))
			(*ret_open)++;
		count++;
	}
}

static guint
bits(guint set)
{
	guint count = 0;

	for (; set != 0; set &= set - 1)
		count++;
	return count;
}

/* Every mixture, after all three were bad, and from the start. */
static void
test_mixtures(void)
{
	for (gsize g = 0; g < G_N_ELEMENTS(gatherers); g++) {
		const Gatherer *one = &gatherers[g];
		g_auto(Desk) desk = { 0 };
		gint64 open, tickets = 0;
		Instant at = T0;

		desk_set_up(&desk, SOURCE);
		for (guint bad = 0; bad < 8; bad++, at += 30 * 86400) {
			g_autofree char *text = gathered_text(one, bad,
			    bad % 2 != 0);
			g_autofree char *well = gathered_text(one, 0, false);

			g_test_message("%s, %u", one->system, bad);
			deliver(&desk, one->subject, "", text, at);
			tickets += bits(bad);
			g_assert_cmpint(count_tickets(&desk, &open), ==,
			    tickets);
			g_assert_cmpint(open, ==, bits(bad));
			deliver(&desk, one->subject, "", well, at + 9000);
			g_assert_cmpint(count_tickets(&desk, &open), ==,
			    tickets);
			g_assert_cmpint(open, ==, 0);
		}
	}
}

/* The gravest is what one reads who asks for one; the last word on each counts;
 * a part of another system is that system's. */
static void
test_reading(void)
{
	static const struct {
		const char *subject, *text, *said;
	} rows[] = {
		{ "rtr - Notification",
		    "Notifications in this message: 3\n=====\n\n"
		    "08:59:03 UPS Notification from rtr - x\n\n"
		    "Communications with UPS S1 lost\n"
		    "08:59:08 UPS Notification from rtr - x\n\n"
		    "UPS S1 is unavailable\n"
		    "08:59:13 UPS Notification from rtr - x\n\n"
		    "Communications with UPS S1 established\n",
		    "nut recovery S1/Communications; " },
		{ "rtr - Notification",
		    "Notifications in this message: 2\n=====\n\n"
		    "08:59:03 UPS Notification from rtr - x\n\n"
		    "UPS S1 battery is low\n"
		    "08:59:30 MONITOR: WAN2 is available now, adding\n",
		    "nut problem S1/power; pfsense recovery rtr/WAN2; " },
		{ "IMPORTANT: '1' serveurs de nouveau en ligne, '2' serveurs "
		  "hors-ligne",
		    "Les serveurs suivants sont hors-ligne :\nIntranet\n"
		    "Boutique\nLes serveurs suivants sont en ligne :\n"
		    "Vitrine\n",
		    "phpservermon problem Intranet/; phpservermon problem "
		    "Boutique/; phpservermon recovery Vitrine/; " },
		/* one notification whose output says Host: again */
		{ "Check_MK: srv8/Memory OK -> CRIT",
		    "Host:    srv8\nService: Memory\nEvent:   OK -> CRIT\n"
		    "Address: 192.0.2.1\nPlugin Output: CRIT\nHost:   x\n",
		    "checkmk problem srv8/Memory; " },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, SOURCE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "From: n@mon.example\nSubject: %s\n"
		    "Content-Type: text/plain; charset=utf-8\n\n%s",
		    rows[i].subject, rows[i].text);
		g_autoptr(Message) message = message_parse((const guint8 *)mail,
		    strlen(mail), false);
		g_autoptr(AlertMails) mails =
		    alert_mails_new(ruleset_alerts(desk.ruleset), message);
		g_autoptr(GPtrArray) alerts = alert_read(mails);
		g_autoptr(GString) said = g_string_new(NULL);

		for (guint a = 0; a < alerts->len; a++) {
			const Alert *alert = alerts->pdata[a];

			g_string_append_printf(said, "%s %s %s/%s; ",
			    alert->system, alert_type_name(alert->type),
			    alert->host, alert->service);
		}
		g_assert_cmpstr(said->str, ==, rows[i].said);
	}
}

/* ---- out of order ---- */

/* The end was here first, and its problem is the older one, or not. */
static void
test_order(void)
{
	static const struct {
		const char *ended, *began; /* Date fields */
		int apart;                 /* seconds between their receipts */
		bool is_over;
	} rows[] = {
		{ "Date: Fri, 20 Nov 2026 16:58:00 +0100\n",
		    "Date: Fri, 20 Nov 2026 16:46:00 +0100\n", 60, true },
		{ "Date: Fri, 20 Nov 2026 16:58:00 +0100\n",
		    "Date: Fri, 20 Nov 2026 16:46:00 +0100\n", 3600, true },
		{ "Date: Fri, 20 Nov 2026 16:58:00 +0100\n",
		    "Date: Fri, 20 Nov 2026 16:46:00 +0100\n", 3601, false },
		{ "Date: Fri, 20 Nov 2026 16:58:00 +0100\n",
		    "Date: Fri, 20 Nov 2026 16:59:00 +0100\n", 60, false },
		{ "Date: Fri, 20 Nov 2026 16:58:00 +0100\n", "", 60, false },
		{ "", "Date: Fri, 20 Nov 2026 16:46:00 +0100\n", 60, false },
	};
	static const char *const kinds[][2] = {
		{ "** RECOVERY Host Alert: web1 is UP **",
		    "** PROBLEM Host Alert: web1 is DOWN **" },
		{ "Shop is back online", "Shop is offline" },
	};

	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
		for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
			g_auto(Desk) desk = { 0 };
			gint64 open;

			g_test_message("%s %" G_GSIZE_FORMAT, kinds[k][0], i);
			desk_set_up(&desk, SOURCE);
			deliver(&desk, kinds[k][0], rows[i].ended, "x", T0);
			deliver(&desk, kinds[k][1], rows[i].began, "x",
			    T0 + rows[i].apart);
			g_assert_cmpint(count_tickets(&desk, &open), ==, 1);
			g_assert_cmpint(open, ==, rows[i].is_over ? 0 : 1);
			/* the next one is another */
			deliver(&desk, kinds[k][1],
			    "Date: Fri, 20 Nov 2026 22:00:00 +0100\n", "x",
			    T0 + 18000);
			count_tickets(&desk, &open);
			g_assert_cmpint(open, ==, 1);
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/alert-several/reading", test_reading);
	g_test_add_func("/alert-several/mixtures", test_mixtures);
	g_test_add_func("/alert-several/order", test_order);
	return g_test_run();
}
