/* What a site says of alerts: sources, hosts, silence, expected mails; and
 * what the store keeps of them. */
#include "store-fixture.h"

#include "guichet/alert/alert_map.h"
#include "guichet/site/alert_origin.h"
#include "guichet/store/store_alert.h"

#include "message_fixture.h"

static AlertMap *
map_of(const char *path, const char *text, const char **ret_said)
{
	static const char *const contracts[] = { "lambic", "halcyon", NULL };
	g_autoptr(RuleFiles) files = rule_files_new();
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autofree char *said = NULL;
	AlertMap *map;

	rule_files_add(files, path, bytes);
	map = alert_map_of_files(files, "rules", contracts, problems);
	said = problems_format(problems);
	*ret_said = g_intern_string(said);
	return map;
}

static void
test_hosts(void)
{
	static const struct {
		const char *host, *service, *contract;
		AlertLevel level;
		int severity;
	} rows[] = {
		{ "web1.lambic", "HTTP shop", "lambic", ALERT_LEVEL_DOWN, 1 },
		{ "WEB1.Lambic", "http", "lambic", ALERT_LEVEL_WARNING, 4 },
		{ "web1.lambic", "disk", "halcyon", ALERT_LEVEL_WARNING, 3 },
		{ "web10.lambic", "HTTP", NULL, ALERT_LEVEL_DOWN, 2 },
		{ "xweb1.lambic", "HTTP", NULL, ALERT_LEVEL_WARNING, 3 },
		{ "db3", "", "halcyon", ALERT_LEVEL_UNKNOWN, 0 },
		{ "db33", "", NULL, ALERT_LEVEL_DOWN, 2 },
		{ "", "", NULL, ALERT_LEVEL_NONE, 0 },
	};
	const char *said;
	g_autoptr(AlertMap) map = map_of("alerts/hosts.yaml",
	    "severities: {down: 2, warning: 3}\n"
	    "hosts:\n"
	    "- {host: web1.lambic, service: \"HTTP*\", contract: lambic, "
	    "severity: {down: 1, warning: 4}}\n"
	    "- {host: web1.lambic, contract: halcyon}\n"
	    "- {host: \"db?\", contract: halcyon}\n",
	    &said);

	g_assert_cmpstr(said, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const AlertHost *line = alert_map_host(map, "mon", rows[i].host,
		    rows[i].service);

		g_test_message("%s/%s", rows[i].host, rows[i].service);
		g_assert_cmpstr(line != NULL ? line->contract : NULL, ==,
		    rows[i].contract);
		g_assert_cmpint(alert_map_severity(map, line, rows[i].level),
		    ==, rows[i].severity);
	}
}

static void
test_mistakes(void)
{
	static const struct {
		const char *path, *text, *said;
	} rows[] = {
		{ "alerts/hosts.yaml",
		    "hosts:\n- {host: a, contract: nobody}\n", "nobody" },
		{ "alerts/hosts.yaml", "hosts:\n- {host: \"*a*b*c*d*\"}\n",
		    "at most 4" },
		{ "alerts/hosts.yaml", "hosts: all\n", "a list" },
		{ "alerts/maintenance.yaml",
		    "maintenance:\n- {host: a, from: \"25:00\", to: \"2:00\", "
		    "zone: Etc/UTC}\n",
		    "time of day" },
		{ "alerts/expected.yaml",
		    "expected:\n- {name: x, by: \"06:00\", zone: Etc/UTC}\n",
		    "by what" },
		{ "alerts/expected.yaml",
		    "expected:\n- {name: x, subject: '(', by: \"06:00\", "
		    "zone: Etc/UTC}\n",
		    "2:" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *said;
		g_autoptr(AlertMap) map = map_of(rows[i].path, rows[i].text,
		    &said);

		g_test_message("%s", said);
		g_assert_nonnull(strstr(said, rows[i].said));
	}
}

/* Paris, over midnight, and on the day that it begins. */
static void
test_quiet(void)
{
	static const struct {
		const char *at, *until;
	} rows[] = {
		{ "2026-11-20T22:59:59+01:00", NULL },
		{ "2026-11-20T23:00:00+01:00", "2026-11-21T01:00:00Z" },
		{ "2026-11-21T01:59:59+01:00", "2026-11-21T01:00:00Z" },
		{ "2026-11-21T02:00:00+01:00", NULL },
		{ "2026-11-21T23:30:00+01:00", NULL }, /* a Saturday */
	};
	const char *said;
	g_autoptr(AlertMap) map = map_of("alerts/maintenance.yaml",
	    "maintenance:\n- {host: \"db*\", from: \"23:00\", to: \"02:00\", "
	    "days: [mon, tue, wed, thu, fri], zone: Europe/Paris}\n",
	    &said);

	g_assert_cmpstr(said, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Instant at;
		Instant until;
		g_autofree char *text = NULL;

		g_assert_true(instant_parse(rows[i].at, &at, NULL));
		until = alert_map_quiet_until(map, "db1", "disk", at);
		text = until != INSTANT_NONE ? instant_format(until) : NULL;
		g_assert_cmpstr(text, ==, rows[i].until);
		g_assert_cmpint(alert_map_quiet_until(map, "web1", "", at), ==,
		    INSTANT_NONE);
	}
}

static void
test_expected_next(void)
{
	const char *said;
	g_autoptr(AlertMap) map = map_of("alerts/expected.yaml",
	    "expected:\n- {name: b, subject: ok, by: \"06:00\", days: [mon, "
	    "fri], zone: Europe/Paris}\n",
	    &said);
	const AlertExpected *expected = alert_map_expected(map, "b");
	Instant at;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	g_assert_cmpstr(said, ==, "");
	g_assert_true(instant_parse("2026-11-20T06:00:00+01:00", &at, NULL));
	first = instant_format(alert_expected_next(expected, at - 1));
	second = instant_format(alert_expected_next(expected, at));
	g_assert_cmpstr(first, ==, "2026-11-20T05:00:00Z");
	g_assert_cmpstr(second, ==, "2026-11-23T05:00:00Z");
	g_assert_null(alert_map_expected(map, "c"));
}

/* A deadline in the hour that a change of clocks takes away or gives twice:
 * once a night all the same, and the later of the two showings. */
static void
test_expected_clock_change(void)
{
	static const struct {
		const char *after, *next;
	} rows[] = {
		{ "2026-03-28T02:30:00+01:00", "2026-03-29T01:30:00Z" },
		{ "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z" },
		{ "2026-10-24T02:30:00+02:00", "2026-10-25T01:30:00Z" },
		{ "2026-10-25T02:30:00+02:00", "2026-10-25T01:30:00Z" },
		{ "2026-10-25T02:30:00+01:00", "2026-10-26T01:30:00Z" },
	};
	const char *said;
	g_autoptr(AlertMap) map = map_of("alerts/expected.yaml",
	    "expected:\n- {name: b, subject: ok, by: \"02:30\", "
	    "zone: Europe/Paris}\n",
	    &said);
	const AlertExpected *expected = alert_map_expected(map, "b");

	g_assert_cmpstr(said, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = NULL;
		Instant after, next;

		g_assert_true(instant_parse(rows[i].after, &after, NULL));
		next = alert_expected_next(expected, after);
		text = instant_format(next);
		g_assert_cmpstr(text, ==, rows[i].next);
		g_assert_cmpint(alert_expected_last(expected, next), ==, next);
		g_assert_cmpint(alert_expected_last(expected, next - 1), <=,
		    after);
		g_assert_cmpint(alert_expected_next(expected, next - 1), ==,
		    next);
	}
}

/* ---- sources ---- */

static GPtrArray *
origins_of(const char *text, const char **ret_said)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("guichet.yaml", text,
	    strlen(text), problems);
	GPtrArray *origins = alert_origins_load(yaml_root(document));
	g_autofree char *said = problems_format(problems);

	*ret_said = g_intern_string(said);
	return origins;
}

#define MAIL(received)                                                  \
 "Received: " received " by mx.desk.test with ESMTP id 1; Fri, 20 Nov " \
 "2026 10:00:00 +0100\nFrom: <n@mon.test>\nSubject: x\n\nx\n"

static void
test_sources(void)
{
	static const char text[] =
	    "alert_sources:\n"
	    "- {name: secret, address: a+xyz@desk.test, require: token}\n"
	    "- {name: signed, from: mon.test, require: authenticated}\n"
	    "- {name: pinned, from: n@mon.test, host: 192.0.2.9, require: "
	    "pinned}\n";
	static const char good[] = MAIL("from h (h.mon.test [192.0.2.9])");
	static const struct {
		const char *mail, *to;
		AuthVerdict auth;
		const char *name;
	} rows[] = {
		{ good, "a+xyz@desk.test", AUTH_NONE, "secret" },
		{ good, "a+xyz@desk.test", AUTH_FAIL, NULL },
		{ good, "a+xyzz@desk.test", AUTH_NONE, "pinned" },
		{ good, "help@desk.test", AUTH_PASS, "signed" },
		{ MAIL("from h (x [192.0.2.10])"), "help@desk.test", AUTH_NONE,
		    NULL },
		/* what the peer says of itself proves nothing */
		{ MAIL("from [192.0.2.9] (x [192.0.2.10])"), "help@desk.test",
		    AUTH_NONE, NULL },
		{ MAIL("from (a [192.0.2.9]) (x [192.0.2.10])"),
		    "help@desk.test", AUTH_NONE, NULL },
		{ "From: <n@mon.test>\nSubject: x\n\nx\n", "help@desk.test",
		    AUTH_NONE, NULL },
	};
	static const char *const border[] = { "mx.desk.test", NULL };
	const AuthConfig config = { .border_hosts = border };
	const char *said;
	g_autoptr(GPtrArray) origins = origins_of(text, &said);

	g_assert_cmpstr(said, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *to[] = { (char *)rows[i].to, NULL };
		Message *message = fixture_message(rows[i].mail);
		g_autofree char *why = NULL;
		const AlertOrigin *origin = alert_origin_find(origins, message,
		    to, rows[i].auth, &config, &why);

		/* A From that is proven to be forged closes nothing. */
		g_test_message("row %zu: %s", i, why);
		g_assert_cmpstr(origin != NULL ? origin->name : NULL, ==,
		    rows[i].name);
		fixture_message_free(message);
	}
}

static void
test_source_mistakes(void)
{
	static const char *const rows[] = {
		"alert_sources:\n- {name: a, from: b.test, require: token}\n",
		"alert_sources:\n- {name: a, address: a@b.test, require: "
		"authenticated}\n",
		"alert_sources:\n- {name: a, from: b.test, require: pinned}\n",
		"alert_sources:\n- {name: a, address: a@b.test}\n",
		"alert_sources:\n- {name: a b, address: a@b.test, require: "
		"token}\n",
		"alert_sources: yes\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *said;
		g_autoptr(GPtrArray) origins = origins_of(rows[i], &said);

		g_test_message("%s", said);
		g_assert_cmpstr(said, !=, "");
	}
}

#define STAMP(peer)                                                          \
 "Received: from x (" peer ")\r\n\tby mx.desk.test with ESMTP; Fri, 20 Nov " \
 "2026\r\n 10:00:00 +0100\r\n"
#define AUTO "Auto-Submitted: auto-generated\n"

/* A client's mail never has a mark by right that puts it behind. */
static void
test_suspect(void)
{
	static const struct {
		const char *raw;
		bool is;
	} rows[] = {
		/* the secret address, anywhere in the head */
		{ "To: A+XYZ@desk.test\n\nx", true },
		{ "Delivered-To: a+xyz@desk.test\r\n\r\nx", true },
		{ "To: help@desk.test\n\na+xyz@desk.test", false },
		{ "To: help@desk.test\r\n\r\na+xyz@desk.test", false },
		/* a whole From, and nowhere else */
		{ "From: Probe <Probe@Watch.test>\n\nx", true },
		{ "From: a@b.test\nCc: probe@watch.test\n\nx", false },
		{ "From: a@b.test\nSubject: probe@watch.test\n\nx", false },
		{ "X-From: probe@watch.test\nFrom: a@b.test\n\nx", false },
		{ "From: probe@watch.test, a@b.test\n\nx", false },
		/* of the domain: a person, and a program */
		{ "From: jean@mon.test\nSubject: panne\n\nx", false },
		{ "From: jean@mon.test\nAuto-Submitted: no\n\nx", false },
		{ "From: jean@mon.test\nX-Mailer: auto-submitted:\n\nx",
		    false },
		{ AUTO "From: nagios@mon.test\n\nx", true },
		{ "From: nagios@mon.test\nPrecedence: Bulk\n\nx", true },
		{ "From: n@mon.test\nX-Auto-Response-Suppress: All\n\nx",
		    true },
		{ "From: jean@mon.test\nPrecedence: list\n\nx", false },
		{ AUTO "List-Id: <l.mon.test>\nFrom: jean@mon.test\n\nx",
		    false },
		{ AUTO "From: n@sub.mon.test\n\nx", false },
		{ AUTO "From: n@other.test\n\nx", false },
		/* by the host that gave it to us */
		{ STAMP("h.test [192.0.2.9]") AUTO "From: r@h.test\n\nx",
		    true },
		{ STAMP("h.test [192.0.2.9]") "From: jean@h.test\n\nx", false },
		{ STAMP("h.test [192.0.2.90]") AUTO "From: r@h.test\n\nx",
		    false },
		{ "Received: from x (h [192.0.2.9]) by mx.evil.test; x\n" AUTO
		  "From: r@h.test\n\nx",
		    false },
		{ STAMP("h [192.0.2.10]") STAMP("h [192.0.2.9]") AUTO
		    "From: r@h.test\n\nx",
		    false },
		/* a named contact, whatever his mail has */
		{ AUTO "To: a+xyz@desk.test\nFrom: Luc <luc@mon.test>\n\nx",
		    false },
		{ "", false },
		{ "\n\n", false },
		{ "From:", false },
	};
	static const char *const border[] = { "mx.desk.test", NULL };
	const AuthConfig config = { .border_hosts = border };
	const char *said;
	g_autoptr(GPtrArray) origins = origins_of(
	    "alert_sources:\n"
	    "- {name: s, address: a+xyz@desk.test, require: token}\n"
	    "- {name: w, from: probe@watch.test, require: authenticated}\n"
	    "- {name: d, from: mon.test, require: authenticated}\n"
	    "- {name: p, host: 192.0.2.9, require: pinned}\n",
	    &said);
	Contact luc = { .name = (char *)"Luc",
		.address = (char *)"luc@mon.test" };
	char *none[] = { NULL };
	g_autoptr(GPtrArray) contacts = g_ptr_array_new();
	g_autoptr(GPtrArray) contracts = g_ptr_array_new();
	Contract contract = { .name = (char *)"lambic",
		.contacts = contacts,
		.domains = none };

	g_assert_cmpstr(said, ==, "");
	g_ptr_array_add(contacts, &luc);
	g_ptr_array_add(contracts, &contract);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GBytes) raw = g_bytes_new(rows[i].raw,
		    strlen(rows[i].raw));

		g_test_message("row %zu: %s", i, rows[i].raw);
		g_assert_cmpint(
		    alert_origin_suspect(origins, &config, contracts, raw), ==,
		    rows[i].is);
	}
}

/* ---- the store ---- */

static void
test_store(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(AlertCase) one = alert_case_new("mon", "nagios", "web1");
	g_autoptr(AlertCase) found = NULL, other = NULL, alias = NULL;
	g_autoptr(GPtrArray) due = NULL;
	g_autoptr(GError) error = NULL;
	Instant wake;
	int count;

	(void)data;
	one->members = (g_strfreev(one->members), g_strsplit("a\nb", "\n", 0));
	g_free(one->alias);
	one->alias = g_strdup("web1 down");
	one->firing = true;
	one->level = ALERT_LEVEL_DOWN;
	one->ticket = 3;
	one->opened = one->turned = one->last = T0;
	one->wake = T0 + 60;
	g_assert_true(store_put_alert(tx, one, &error));
	g_assert_true(store_alert_turned(tx, one, &error));
	g_assert_true(store_put_alert(tx, one, &error)); /* the same row */
	commit(&tx);

	g_assert_true(
	    store_alert(f->store, "mon", "nagios", "web1", &found, &error));
	g_assert_cmpint(found->id, ==, one->id);
	g_assert_true(found->firing);
	g_assert_cmpint(found->level, ==, ALERT_LEVEL_DOWN);
	g_assert_cmpstr(found->members[1], ==, "b");
	g_assert_cmpint(found->opened, ==, T0);
	g_assert_true(
	    store_alert(f->store, "mon", "nagios", "web10", &other, &error));
	g_assert_null(other);
	g_assert_true(store_alert_alias(f->store, "mon", "nagios", "web1 down",
	    &alias, &error));
	g_assert_nonnull(alias);
	g_assert_true(
	    store_alert_changes(f->store, one->id, T0, &count, &error));
	g_assert_cmpint(count, ==, 1);
	g_assert_true(
	    store_alert_changes(f->store, one->id, T0 + 1, &count, &error));
	g_assert_cmpint(count, ==, 0);
	g_assert_true(
	    store_alert_openings(f->store, "mon", T0, &count, &error));
	g_assert_cmpint(count, ==, 1);
	g_assert_true(store_next_wake(f->store, &wake, &error));
	g_assert_cmpint(wake, ==, T0 + 60);
	due = store_alerts_due(f->store, T0 + 59, 10, &error);
	g_assert_cmpuint(due->len, ==, 0);
}

static void
test_maintenance(Fixture *f, gconstpointer data)
{
	Maintenance plan = { .host = (char *)"db*",
		.from = T0,
		.to = T0 + 3600,
		.announced = T0 - 60,
		.by = (char *)"manager" };
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GPtrArray) list = NULL, over = NULL;
	g_autoptr(GError) error = NULL;
	gint64 id;

	(void)data;
	g_assert_true(store_add_maintenance(tx, &plan, &id, &error));
	list = store_maintenance(f->store, T0 + 3599, &error);
	g_assert_cmpuint(list->len, ==, 1);
	g_assert_cmpint(((Maintenance *)list->pdata[0])->announced, ==,
	    T0 - 60);
	g_assert_true(store_end_maintenance(tx, id, T0 + 60, &error));
	over = store_maintenance(f->store, T0 + 60, &error);
	g_assert_cmpuint(over->len, ==, 0);
	g_assert_false(store_end_maintenance(tx, id, T0 + 61, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/alert-desk/hosts", test_hosts);
	g_test_add_func("/alert-desk/mistakes", test_mistakes);
	g_test_add_func("/alert-desk/quiet", test_quiet);
	g_test_add_func("/alert-desk/expected-next", test_expected_next);
	g_test_add_func("/alert-desk/expected-clock-change",
	    test_expected_clock_change);
	g_test_add_func("/alert-desk/sources", test_sources);
	g_test_add_func("/alert-desk/source-mistakes", test_source_mistakes);
	g_test_add_func("/alert-desk/suspect", test_suspect);
	g_test_add("/alert-desk/store", Fixture, NULL, fixture_set_up,
	    test_store, fixture_tear_down);
	g_test_add("/alert-desk/maintenance", Fixture, NULL, fixture_set_up,
	    test_maintenance, fixture_tear_down);
	return g_test_run();
}
