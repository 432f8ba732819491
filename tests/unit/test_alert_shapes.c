/*
 * Shapes that many systems' mails take, whatever their words: a host with its
 * other names, a check's output that looks like fields, headings. Each is
 * generated for each system that writes so.
 */
#include "alert-mails.h"

#include "guichet/base/cleanup.h"

/* How a system writes, with @H for the host and @O for the output; `service`
 * says whether of one. */
typedef struct {
	const char *name;
	bool service;
	const char *subject, *text;
} Shape;

static const Shape shapes[] = {
	{ "nagios", false, "** PROBLEM Host Alert: web1 is DOWN **",
	    "***** Nagios *****\n\nNotification Type: PROBLEM\nHost: @H\n"
	    "State: DOWN\nAddress: 192.0.2.1\nInfo: @O\n\n"
	    "Date/Time: Fri Nov 20\n" },
	{ "nagios", true, "** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
	    "***** Nagios *****\n\nNotification Type: PROBLEM\n\n"
	    "Service: HTTP\nHost: @H\nAddress: 192.0.2.1\nState: CRITICAL\n\n"
	    "Date/Time: Fri Nov 20\n\nAdditional Info:\n\n@O\n" },
	{ "naemon", true, "** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
	    "***** Naemon *****\n\nNotification Type: PROBLEM\n\n"
	    "Service: HTTP\nHost: @H\nAddress: 192.0.2.1\nState: CRITICAL\n\n"
	    "Date/Time: Fri Nov 20\n\nAdditional Info:\n\n@O\n" },
	{ "icinga", false, "PROBLEM - web1 is DOWN",
	    "***** Icinga *****\n\nNotification Type: PROBLEM\n\n"
	    "Host: @H\nAddress: 192.0.2.1\nState: DOWN\n\n"
	    "Date/Time: Fri Nov 20\n\nAdditional Info: @O\n" },
	{ "icinga", true, "PROBLEM - web1 - HTTP is CRITICAL",
	    "***** Icinga *****\n\nNotification Type: PROBLEM\n\n"
	    "Service: HTTP\nHost: @H\nAddress: 192.0.2.1\nState: CRITICAL\n\n"
	    "Date/Time: Fri Nov 20\n\nAdditional Info: @O\n" },
	{ "icinga2", true, "[PROBLEM] HTTP on web1 is CRITICAL!",
	    "***** Service Monitoring on mon *****\n\n"
	    "HTTP on web1 is CRITICAL!\n\nInfo:    @O\n\nWhen:    x\n"
	    "Service: HTTP\nHost:    @H\n" },
	{ "icinga2", false, "[PROBLEM] Host web1 is DOWN!",
	    "***** Host Monitoring on mon *****\n\nweb1 is DOWN!\n\n"
	    "Info:    @O\n\nWhen:    x\nHost:    @H\n" },
	{ "centreon", true, "** PROBLEM alert - web1/HTTP is CRITICAL **",
	    "***** centreon Notification *****\n\n"
	    "Notification Type: PROBLEM\n\nService: HTTP\nHost: @H\n"
	    "Address: 192.0.2.1\nState: CRITICAL\n\nDate/Time: x\n\n"
	    "Additional Info : @O\n" },
	{ "centreon", false, "Host DOWN alert for web1!",
	    "***** centreon Notification *****\n\nType:PROBLEM\nHost: @H\n"
	    "State: DOWN\nAddress: 192.0.2.1\nInfo: @O\nDate/Time: x\n" },
	{ "checkmk", true, "Check_MK: web1/HTTP OK -> CRIT",
	    "Host:     @H\nService:  HTTP\nEvent:    OK -> CRIT\n"
	    "Address:  192.0.2.1\nPlugin Output: @O\n" },
	{ "checkmk", false, "Check_MK: web1 - UP -> DOWN",
	    "Host:     @H\nEvent:    UP -> DOWN\n"
	    "Address:  192.0.2.1\nPlugin Output: @O\n" },
	{ "zabbix", true, "Problem: HTTP",
	    "Problem started at 08:40:00 on 2026.11.20\nProblem name: HTTP\n"
	    "Host: @H\nSeverity: High\nOperational data: @O\n"
	    "Original problem ID: 91\n" },
};

static const char *const hosts[] = { "web1", "web1 (Payroll)",
	"web1 (Serveur de paie)", "web1 (192.0.2.1)", "web1 (2001:db8::1)",
	"web1 (web1.client.example)", "web1 [192.0.2.1]", "web1 [Payroll]" };

static const char *const outputs[] = { "x", "CRITICAL - lost 100%",
	"Datastore: ok\nService: ssh running\nHost: mgmt\nState: OK",
	"see below\nService : spooler", "\nHost: other\nState: UP",
	"Service: a\nService: b\nNotification Type: RECOVERY",
	"Status: OK\nHostname: other (192.0.2.9)" };

/* @H and @O of the shape, filled in. */
static char *
fill(const char *shape, const char *host, const char *output)
{
	GString *text = g_string_new(shape);

	g_string_replace(text, "@H", host, 0);
	g_string_replace(text, "@O", output, 0);
	return g_string_free(text, FALSE);
}

static Message *
mail_of(const char *subject, const char *text)
{
	g_autofree char *mail = g_strdup_printf("From: n@mon.example\n"
						"Subject: %s\n\n%s",
	    subject, text);

	return message_parse((const guint8 *)mail, strlen(mail), false);
}

/* Whatever the host is called besides, and whatever the check says. */
static void
test_fields(void)
{
	for (gsize s = 0; s < G_N_ELEMENTS(shapes); s++)
		for (gsize h = 0; h < G_N_ELEMENTS(hosts); h++)
			for (gsize o = 0; o < G_N_ELEMENTS(outputs); o++) {
				const Shape *shape = &shapes[s];
				g_autofree char *text = fill(shape->text,
				    hosts[h], outputs[o]);
				g_autoptr(Message) message =
				    mail_of(shape->subject, text);
				g_autoptr(Alert) alert = alert_recognise(rules,
				    message);

				g_test_message("%s, %s, %s", shape->name,
				    hosts[h], outputs[o]);
				g_assert_nonnull(alert);
				g_assert_cmpstr(alert->system, ==, shape->name);
				g_assert_cmpint(alert->type, ==, ALERT_PROBLEM);
				g_assert_cmpstr(alert->host, ==, "web1");
				g_assert_cmpstr(alert->service, ==,
				    shape->service ? "HTTP" : "");
			}
}

/* What names a host whole, and what only names it besides. */
static void
test_host_names(void)
{
	static const struct {
		const char *device, *host;
	} rows[] = {
		{ "web1 (192.0.2.9)", "web1" },
		{ "web1 (web1.client.example)", "web1" },
		{ "CORE-SW1 (10.1.1.1) (Cisco)", "CORE-SW1" },
		{ "web1 (Dupont)", "web1 (Dupont)" },
		{ "web1 (Martin)", "web1 (Martin)" },
		{ "Web 1 (prod)", "Web 1 (prod)" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(
		    "Device: %s\nSensor: Ping\nStatus: Down\n", rows[i].device);
		g_autoptr(Message) message = mail_of("PRTG", text);
		g_autoptr(Alert) alert = alert_recognise(rules, message);

		g_assert_nonnull(alert);
		g_assert_cmpstr(alert->host, ==, rows[i].host);
	}
}

/* A heading is no value; what stands below it may be. */
static void
test_headings(void)
{
	static const char *const lines[] = { "===== @H =====", "## @H ##",
		"--- @H ---", "*** @H ***", "=== @H:" };

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *host = fill(lines[i], "Host", "");
		g_autofree char *service = fill(lines[i], "Service", "");
		g_autofree char *labels = g_strdup_printf(
		    "***** Nagios *****\n\nNotification Type: PROBLEM\n\n"
		    "%s\n\nHost: web1\n\n%s\n\nService: HTTP\n"
		    "State: CRITICAL\n",
		    host, service);
		g_autofree char *below = g_strdup_printf(
		    "***** Nagios *****\n\nNotification Type: PROBLEM\n"
		    "State: CRITICAL\n\n%s\n\nweb1\n\n%s\n\nHTTP\n",
		    host, service);
		const char *const texts[] = { labels, below };

		for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
			g_autoptr(Message) message = mail_of("** PROBLEM "
							     "Service Alert **",
			    texts[t]);
			g_autoptr(Alert) alert = alert_recognise(rules,
			    message);

			g_test_message("%s", texts[t]);
			g_assert_nonnull(alert);
			g_assert_cmpstr(alert->host, ==, "web1");
			g_assert_cmpstr(alert->service, ==, "HTTP");
		}
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(AlertRules) loaded = NULL;

	g_test_init(&argc, &argv, NULL);
	loaded = load_rules();
	rules = loaded;
	g_test_set_nonfatal_assertions();
	g_test_add_func("/alert-shapes/fields", test_fields);
	g_test_add_func("/alert-shapes/host-names", test_host_names);
	g_test_add_func("/alert-shapes/headings", test_headings);
	return g_test_run();
}
