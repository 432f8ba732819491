/* `hosts` of a contract's own file: whose an alert is, beside hosts.yaml. */
#include "guichet/alert/alert_map.h"

#include "rulesets.h"

#define PLAN                                                    \
 "plans/p.yaml",                                                \
     "title: x\nzone: Europe/Paris\nintake: always\n"           \
     "severities: {1: a, 2: b, 3: c}\ndefault: {severity: 2}\n" \
     "targets: []\n"
#define CONTRACT(hosts)                                 \
 "client: C\nlanguage: fr\ndomains: [client.example]\n" \
 "versions: [{from: 2026-01-01, plans: [p]}]\n"         \
 "hosts:\n" hosts

/* Lines 6 on. */
static RuleFiles *
site(const char *lambic, const char *halcyon, const char *map)
{
	g_autofree char *one = g_strconcat(CONTRACT(""), lambic, NULL);
	g_autofree char *two = g_strconcat(CONTRACT(""), halcyon, NULL);

	return files_of(CALENDAR_ALWAYS, PLAN, "contracts/lambic.yaml", one,
	    "contracts/halcyon.yaml", two, "alerts/hosts.yaml", map, NULL);
}

static void
test_lines(void)
{
	static const struct {
		const char *source, *host, *service;
		const char *contract, *component, *where;
		int severity; /* of critical */
	} rows[] = {
		/* hosts.yaml has the first word, wherever the contracts are */
		{ "mon", "web9.lambic", "", "halcyon", NULL,
		    "rules/alerts/hosts.yaml:3", 2 },
		{ "mon", "web1.lambic", "HTTP shop", "lambic", "http",
		    "rules/contracts/lambic.yaml:6", 1 },
		{ "mon", "WEB1.Lambic", "disk", "lambic", NULL,
		    "rules/contracts/lambic.yaml:7", 2 },
		{ "mon", "db1.halcyon", "", "halcyon", NULL,
		    "rules/contracts/halcyon.yaml:6", 2 },
		{ "probe", "gw", "", "halcyon", "net",
		    "rules/contracts/halcyon.yaml:7", 3 },
		{ "mon", "gw", "", NULL, NULL, NULL, 2 },
		{ "mon", "xweb1.lambic2", "", NULL, NULL, NULL, 2 },
	};
	g_autoptr(Ruleset) ruleset = ruleset_of(
	    site("- {host: \"*.lambic\", service: \"HTTP*\", component: http, "
		 "severity: 1}\n"
		 "- {host: \"*.lambic\"}\n",
		"- {host: \"db?.halcyon\"}\n"
		"- {host: gw, source: probe, component: net, severity: "
		"{critical: 3}}\n",
		"severities: {critical: 2}\nhosts:\n"
		"- {host: web9.lambic, contract: halcyon}\n"));
	const AlertMap *map = ruleset_alert_map(ruleset);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const AlertHost *line = alert_map_host(map, rows[i].source,
		    rows[i].host, rows[i].service);
		g_autofree char *where = line == NULL
		    ? NULL
		    : g_strdup_printf("%s:%" G_GSIZE_FORMAT, line->file,
			  line->line);

		g_test_message("%s/%s", rows[i].host, rows[i].service);
		g_assert_cmpstr(where, ==, rows[i].where);
		g_assert_cmpstr(line != NULL ? line->contract : NULL, ==,
		    rows[i].contract);
		g_assert_cmpstr(line != NULL ? line->component : NULL, ==,
		    rows[i].component);
		g_assert_cmpint(
		    alert_map_severity(map, line, ALERT_LEVEL_CRITICAL), ==,
		    rows[i].severity);
	}
}

#define CLAIM(host, line)                                    \
 "'" host "' is claimed by the contract 'halcyon', too, on " \
 "rules/contracts/halcyon.yaml:" line "; leave it to one of them\n"

static void
test_mistakes(void)
{
	static const struct {
		const char *lambic, *halcyon, *said;
	} rows[] = {
		{ "- {host: \"*.a\"}\n", "- {host: b}\n- {host: \"*.A\"}\n",
		    "rules/contracts/lambic.yaml:6:3: " CLAIM("*.a", "7") },
		{ "- {host: web1}\n- {host: web1, service: disk}\n",
		    "- {host: web1, service: Disk}\n",
		    "rules/contracts/lambic.yaml:7:3: " CLAIM("web1", "6") },
		{ "- {host: web1, service: \"*\"}\n", "- {host: web1}\n",
		    "rules/contracts/lambic.yaml:6:3: " CLAIM("web1", "6") },
		{ "- {host: web1, source: mon}\n", "- {host: web1}\n",
		    "rules/contracts/lambic.yaml:6:3: " CLAIM("web1", "6") },
		/* each a part of it */
		{ "- {host: web1, source: mon}\n",
		    "- {host: web1, source: probe}\n", "" },
		{ "- {host: web1, service: disk}\n", "- {host: web1}\n", "" },
		{ "- {host: web1}\n- {host: web1, component: x}\n",
		    "- {host: web2}\n", "" },
		{ "- {host: \"web*\"}\n", "- {host: web1}\n", "" },
		/* its schema */
		{ "- {host: web1, contract: halcyon}\n", "- {host: web2}\n",
		    "rules/contracts/lambic.yaml:6:16: unknown key "
		    "'contract'; known: host, service, source, component, "
		    "scope, severity\n" },
		{ "- {service: disk}\n", "- {host: web2}\n",
		    "rules/contracts/lambic.yaml:6:3: the key 'host' is "
		    "missing\n" },
		{ "- {host: \"*a*b*c*d*\"}\n", "- {host: web2}\n",
		    "rules/contracts/lambic.yaml:6:10: a name with at most 4 "
		    "'*' is expected here\n" },
		{ "  web1\n", "- {host: web2}\n",
		    "rules/contracts/lambic.yaml:6:3: a list of hosts is "
		    "expected here, each as {host: web1}\n" },
		{ "- {host: web1, severity: 12}\n", "- {host: web2}\n",
		    "rules/contracts/lambic.yaml:6:26: " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = problems_of_files(
		    site(rows[i].lambic, rows[i].halcyon, "hosts: []\n"));

		g_test_message("%s", said);
		if (g_str_has_suffix(rows[i].said, ": "))
			g_assert_true(g_str_has_prefix(said, rows[i].said));
		else
			g_assert_cmpstr(said, ==, rows[i].said);
	}
}

/* hosts.yaml may take a host from the contract whose file claims it. */
static void
test_no_conflict_with_the_map(void)
{
	g_autofree char *said = problems_of_files(site("- {host: web1}\n",
	    "- {host: web2}\n", "hosts:\n- {host: web1, contract: halcyon}\n"));

	g_assert_cmpstr(said, ==, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/contract-hosts/lines", test_lines);
	g_test_add_func("/contract-hosts/mistakes", test_mistakes);
	g_test_add_func("/contract-hosts/map", test_no_conflict_with_the_map);
	return g_test_run();
}
