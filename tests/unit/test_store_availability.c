/* What availability is counted from: turns, rules, and a store of before. */
#include "store-fixture.h"

#include "guichet/store/store_alert.h"
#include "guichet/store/store_availability.h"

#define MAKE_VERSION_2                               \
 WITHOUT_PROOF                                       \
 "DROP INDEX rule_since_at; DROP TABLE rule_since;"  \
 "ALTER TABLE alert_turn DROP COLUMN ticket;"        \
 "ALTER TABLE alert_turn DROP COLUMN contract;"      \
 "ALTER TABLE alert_turn DROP COLUMN flip;"          \
 "ALTER TABLE maintenance DROP COLUMN announced;"    \
 "CREATE INDEX mail_hash ON mail (sha256, mailbox);" \
 "CREATE INDEX ticket_alert ON ticket (alert_key);"  \
 "DROP TABLE life; DROP INDEX outbox_token;"         \
 "ALTER TABLE outbox DROP COLUMN token;"             \
 "DROP TABLE unfetched;"                             \
 "PRAGMA user_version = 2;"

static AlertCase *
put_case(StoreTx *tx, const char *host, const char *contract, gint64 ticket)
{
	g_autoptr(GError) error = NULL;
	AlertCase *one = alert_case_new("mon", "nagios", host);

	g_free(one->host);
	one->host = g_strdup(host);
	g_free(one->contract);
	one->contract = g_strdup(contract);
	one->ticket = ticket;
	g_assert_true(store_put_alert(tx, one, &error));
	return one;
}

static void
turn(StoreTx *tx, AlertCase *one, Instant at, AlertLevel level)
{
	g_autoptr(GError) error = NULL;

	one->firing = level != ALERT_LEVEL_OK;
	one->level = level;
	one->turned = at;
	g_assert_true(store_put_alert(tx, one, &error));
	g_assert_true(store_alert_turned(tx, one, &error));
}

/* "host+SECONDS level #ticket contract; ..." */
static char *
turns_between(Fixture *f, Instant from, Instant to)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) turns = store_alert_turns(f->store, from, to,
	    &error);
	GString *text = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < turns->len; i++) {
		const AlertTurn *one = turns->pdata[i];

		g_assert_cmpint(one->firing, ==, one->level != ALERT_LEVEL_OK);
		g_string_append_printf(text,
		    "%s%+d %s #%" G_GINT64_FORMAT " %s; ", one->host,
		    (int)(one->at - T0), alert_level_name(one->level),
		    one->ticket, one->contract);
	}
	return g_string_free(text, FALSE);
}

static void
test_turns(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(AlertCase) a = put_case(tx, "a", "old", 0);
	g_autoptr(AlertCase) b = put_case(tx, "b", "other", 0);
	g_autoptr(GError) error = NULL;
	static const struct {
		int from, to;
		const char *turns;
	} rows[] = {
		/* all before `to`, of those before `from` each alert's last */
		{ -1000, -500, "" },
		{ -1000, 0, "" },
		{ 0, 1, "a+0 warning #0 old; " },
		{ 0, 200,
		    "a+0 warning #0 old; a+100 critical #0 new; "
		    "b+150 down #0 other; " },
		{ 100, 200,
		    "a+0 warning #0 old; a+100 critical #0 new; b+150 down #0 other; " },
		{ 101, 120, "a+100 critical #0 new; " },
		{ 250, 260, "b+150 down #0 other; " },
		{ 300, 400,
		    "b+150 down #0 other; b+300 down #0 other; "
		    "b+300 ok #0 other; " },
		/* long over: nothing */
		{ 900, 1000, "" },
	};

	(void)data;
	turn(tx, a, T0, ALERT_LEVEL_WARNING);
	g_free(a->contract);
	a->contract = g_strdup("new");
	a->level = ALERT_LEVEL_CRITICAL;
	g_assert_true(store_alert_changed(tx, a, T0 + 100, &error));
	turn(tx, b, T0 + 150, ALERT_LEVEL_DOWN);
	turn(tx, a, T0 + 200, ALERT_LEVEL_OK);
	/* Two of one second: the later stands, both come. */
	turn(tx, b, T0 + 300, ALERT_LEVEL_DOWN);
	turn(tx, b, T0 + 300, ALERT_LEVEL_OK);
	commit(&tx);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = turns_between(f, T0 + rows[i].from,
		    T0 + rows[i].to);

		g_assert_cmpstr(found, ==, rows[i].turns);
	}
}

static void
test_hosts(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(AlertCase) b = put_case(tx, "b", "mine", 0);
	g_autoptr(AlertCase) a = put_case(tx, "a", "mine", 0);
	g_autoptr(AlertCase) c = put_case(tx, "c", "other", 0);
	g_autoptr(AlertCase) again = alert_case_copy(a);
	g_autoptr(GPtrArray) hosts = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	g_free(again->key);
	again->key = g_strdup("a/disk");
	g_assert_true(store_put_alert(tx, again, &error));
	commit(&tx);
	hosts = store_alert_hosts_of(f->store, "mine", &error);
	g_assert_cmpuint(hosts->len, ==, 2);
	g_assert_cmpstr(hosts->pdata[0], ==, "a");
	g_assert_cmpstr(hosts->pdata[1], ==, "b");
}

/* Flapping is of beginnings and ends, not of what only grew worse. */
static void
test_changes(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(AlertCase) a = put_case(tx, "a", "", 0);
	g_autoptr(GError) error = NULL;
	int count = 0;

	(void)data;
	turn(tx, a, T0, ALERT_LEVEL_WARNING);
	a->level = ALERT_LEVEL_CRITICAL;
	g_assert_true(store_alert_changed(tx, a, T0 + 1, &error));
	turn(tx, a, T0 + 2, ALERT_LEVEL_OK);
	g_assert_true(store_alert_changes(f->store, a->id, T0, &count, &error));
	g_assert_cmpint(count, ==, 2);
}

/* The ticket's contract, where it has one: it may have been moved. */
static void
test_contract(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	gint64 number = open_ticket(tx, 0, T0);
	g_autoptr(AlertCase) a = put_case(tx, "a", "mapped", number);
	g_autoptr(Event) move = event_stored(EVENT_CONTRACT, number, T0 + 60,
	    "cli", 0);
	g_autofree char *before = NULL, *after = NULL;

	(void)data;
	turn(tx, a, T0, ALERT_LEVEL_DOWN);
	project(f, tx, number, INSTANT_NONE, INSTANT_NONE);
	commit(&tx);
	before = turns_between(f, T0, T0 + 1);
	tx = begin(f);
	event_set(move, "contract", "moved");
	g_assert_true(store_append(tx, move, NULL));
	project(f, tx, number, INSTANT_NONE, INSTANT_NONE);
	commit(&tx);
	after = turns_between(f, T0, T0 + 1);
	g_assert_null(strstr(before, "moved"));
	g_assert_cmpstr(after, ==, "a+0 down #1 moved; ");
}

/* ---- rules ---- */

static char *
keep(StoreTx *tx, const char *text)
{
	g_autoptr(RuleFiles) files = rule_files_new();
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;

	rule_files_add(files, "plans/p.yaml", bytes);
	rule_files_seal(files);
	g_assert_true(store_keep_rules(tx, files, &error));
	return g_strdup(files->hash);
}

static void
test_rules(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autofree char *a = keep(tx, "a"), *b = keep(tx, "b");
	const struct {
		const char *hash;
		int at;
	} starts[] = { { a, 0 }, { a, 10 }, { b, 20 }, { b, 30 }, { a, 40 } };
	static const int times[] = { 0, 20, 40 };
	g_autoptr(GPtrArray) history = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	history = store_rules_history(f->store, &error);
	g_assert_cmpuint(history->len, ==, 0);
	g_ptr_array_unref(g_steal_pointer(&history));
	for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
		g_assert_true(store_rules_since(tx, starts[i].hash,
		    T0 + starts[i].at, &error));
	commit(&tx);
	history = store_rules_history(f->store, &error);
	g_assert_cmpuint(history->len, ==, 3);
	for (guint i = 0; i < history->len; i++) {
		const RulesSince *since = history->pdata[i];

		g_assert_cmpint(since->at, ==, T0 + times[i]);
		g_assert_cmpstr(since->hash, ==, i == 1 ? b : a);
	}
	g_assert_cmpint(ask(f, "SELECT count(*) FROM rule_since"), ==, 3);
}

/* ---- a store of version 2 ---- */

static void
test_migration(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	gint64 number = open_ticket(tx, 0, T0 + 100);
	g_autoptr(AlertCase) a = put_case(tx, "a", "mine", number);
	Maintenance plan = { .host = (char *)"a",
		.from = T0,
		.to = T0 + 3600,
		.announced = T0 - 60,
		.by = (char *)"manager" };
	g_autoptr(GPtrArray) list = NULL;
	g_autofree char *turns = NULL;
	g_autoptr(GError) error = NULL;
	const Maintenance *one;
	gint64 id;
	int count = 0;

	(void)data;
	turn(tx, a, T0, ALERT_LEVEL_DOWN); /* of an earlier ticket */
	turn(tx, a, T0 + 50, ALERT_LEVEL_OK);
	turn(tx, a, T0 + 100, ALERT_LEVEL_DOWN);
	project(f, tx, number, INSTANT_NONE, INSTANT_NONE);
	g_assert_true(store_add_maintenance(tx, &plan, &id, &error));
	commit(&tx);
	store_free(g_steal_pointer(&f->store));
	g_assert_cmpint(meddle(f, MAKE_VERSION_2), ==, 0);
	g_assert_null(store_open(f->path, STORE_READ, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_clear_error(&error);

	fixture_open(f);
	turns = turns_between(f, T0, T0 + 200);
	/* What it cannot know it does not say. */
	g_assert_cmpstr(turns, ==,
	    "a+0 down #0 mine; a+50 ok #0 mine; a+100 down #1 acier-vosges; ");
	g_assert_true(store_alert_changes(f->store, a->id, T0, &count, &error));
	g_assert_cmpint(count, ==, 3);
	list = store_maintenance(f->store, T0, &error);
	g_assert_cmpuint(list->len, ==, 1);
	one = list->pdata[0];
	g_assert_cmpint(one->announced, ==, INSTANT_NONE);
	g_assert_cmpstr(one->by, ==, "manager");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store-availability/turns", test_turns);
	ADD("/store-availability/hosts", test_hosts);
	ADD("/store-availability/changes", test_changes);
	ADD("/store-availability/contract", test_contract);
	ADD("/store-availability/rules", test_rules);
	ADD("/store-availability/migration", test_migration);
	return g_test_run();
}
