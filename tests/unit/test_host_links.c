/* An alert and a client's mail about one host name each other, inside. */
#include "intake-fixture.h"

#include "guichet/judgment/alert_case.h"

#define LUC   "luc@brasserie-lambic.example"
#define PROBE "help+q7w2e9r4t6@desk.example"
#define MONITORING                      \
 "alert_sources:\n"                     \
 "- {name: sonde, address: " PROBE ", " \
 "from: nagios@sonde.example, require: token}\n"

static void
test_named(void)
{
	static const struct {
		const char *text;
		bool named;
	} rows[] = {
		{ "web1.lambic ne répond plus", true },
		{ "Panne de WEB1.Lambic.", true },
		{ "(web1.lambic)", true },
		{ "https://web1.lambic/panier", true },
		{ "web1.lambic.example", false },
		{ "xweb1.lambic", false },
		{ "www.web1.lambic", false },
		{ "luc@web1.lambic", false },
		{ "web1.lambic-2", false },
		{ "web1.lambicé", false },
		{ "web1", false },
		{ "", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].text);
		g_assert_cmpint(
		    alert_host_is_named("web1.lambic", rows[i].text), ==,
		    rows[i].named);
	}
	g_assert_false(alert_host_is_named("db", "db est lent"));
	g_assert_false(alert_host_is_named("", "x"));
}

static void
test_names_in(void)
{
	g_auto(GStrv) names = alert_hosts_in(
	    "Panne (WEB1.lambic), srv-erp. et web1.lambic ; d1 à 10:05", 3);
	g_autofree char *all = g_strjoinv(" ", names);

	g_assert_cmpstr(all, ==, "web1.lambic srv-erp");
}

static void
fails(Desk *desk, const char *host, Instant at)
{
	g_autofree char *mail = g_strdup_printf(
	    "From: nagios@sonde.example\nTo: " PROBE "\n"
	    "Subject: ** PROBLEM Host Alert: %s is DOWN **\n"
	    "Message-ID: <%" G_GINT64_FORMAT "@sonde.example>\n"
	    "Auto-Submitted: auto-generated\n\n***** Nagios *****\n\n"
	    "Notification Type: PROBLEM\nHost: %s\nState: DOWN\n"
	    "Address: 192.0.2.80\nInfo: CRITICAL - probe\n\n"
	    "Date/Time: 2026-11-20T17:00:00+01:00\n",
	    host, at, host);

	desk_deliver(desk, mail, at);
}

static void
writes(Desk *desk, const char *from, const char *text, Instant at)
{
	g_autofree char *mail = g_strdup_printf(
	    "From: <%s>\nTo: help@desk.example\nSubject: Panne\n"
	    "Message-ID: <%" G_GINT64_FORMAT "@x.test>\n\n%s\n",
	    from, at, text);

	desk_deliver(desk, mail, at);
}

static bool
names(Desk *desk, gint64 ticket, gint64 other)
{
	g_autoptr(GError) error = NULL;
	bool linked;

	store_is_linked(desk->store, ticket, other, &linked, &error);
	g_assert_no_error(error);
	return linked;
}

static bool
name_each_other(Desk *desk, gint64 one, gint64 other)
{
	g_assert_cmpint(names(desk, one, other), ==, names(desk, other, one));
	return names(desk, one, other);
}

static void
test_links(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) alert = NULL;

	desk_set_up(&desk, MONITORING);
	fails(&desk, "web1.brasserie-lambic", T0);
	alert = desk_ticket(&desk, 1);
	g_assert_cmpstr(alert->host, ==, "web1.brasserie-lambic");
	g_assert_cmpstr(alert->contract, ==, "brasserie-lambic");
	writes(&desk, LUC, "web1.brasserie-lambic est en panne ?", T0 + 600);
	g_assert_true(name_each_other(&desk, 1, 2));
	/* Another host, a part of a name, another contract, the next week. */
	writes(&desk, LUC, "db1.brasserie-lambic est lent.", T0 + 700);
	g_assert_false(name_each_other(&desk, 1, 3));
	writes(&desk, JEANNE, "web1.brasserie-lambic est en panne ?", T0 + 800);
	g_assert_false(name_each_other(&desk, 1, 4));
	writes(&desk, LUC, "Encore web1.brasserie-lambic ?", T0 + 7 * 86400);
	g_assert_false(name_each_other(&desk, 1, 5));
	/* And the other way round. */
	fails(&desk, "db1.brasserie-lambic", T0 + 900);
	g_assert_true(name_each_other(&desk, 6, 3));
	g_assert_false(name_each_other(&desk, 6, 2));
	/* Nobody outside reads of it. */
	g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/host-links/named", test_named);
	g_test_add_func("/host-links/names-in", test_names_in);
	g_test_add_func("/host-links/links", test_links);
	return g_test_run();
}
