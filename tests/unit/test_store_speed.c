/*
 * What the store costs; with `-m perf` in numbers too. The tick must cost by
 * what is due, not by what is open: the plan that SQLite chooses is checked
 * always, the time only on request.
 */
#include "store-fixture.h"

static void
assert_uses(Fixture *f, const char *sql, const char *index)
{
	g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql,
	    NULL);
	g_autoptr(GString) plan = g_string_new(NULL);
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, explain, -1, &stmt, NULL), ==,
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		g_string_append_printf(plan, "%s; ",
		    (const char *)sqlite3_column_text(stmt, 3));
	g_test_message("%s", plan->str);
	g_assert_nonnull(strstr(plan->str, index));
	g_assert_null(strstr(plan->str, "TEMP B-TREE"));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

/* The same text as in store_ticket.c and store_outbox.c. */
static void
test_plans(Fixture *f, gconstpointer data)
{
	(void)data;
	assert_uses(f,
	    "SELECT number FROM ticket WHERE wake <= ? "
	    "ORDER BY wake, number LIMIT ?",
	    "INDEX ticket_wake (wake<?)");
	assert_uses(f, "SELECT min(wake) FROM ticket WHERE wake IS NOT NULL",
	    "INDEX ticket_wake");
	assert_uses(f,
	    "SELECT number FROM ticket WHERE done = 0 "
	    "ORDER BY due_key, severity_key, number",
	    "INDEX ticket_queue");
	assert_uses(f,
	    "SELECT id FROM outbox WHERE state IN ('ready', 'retry') "
	    "AND next <= ? ORDER BY next, id LIMIT ?",
	    "INDEX outbox_next (next<?)");
	assert_uses(f,
	    "SELECT id FROM mail WHERE state = 'raw' "
	    "ORDER BY received, uid, id LIMIT ?",
	    "INDEX mail_unread");
	assert_uses(f,
	    "SELECT id FROM outbox WHERE state NOT IN ('sent', 'dropped') "
	    "ORDER BY id",
	    "INDEX outbox_open");
	assert_uses(f,
	    "SELECT count(*) FROM outbox WHERE what = 'acknowledgment' "
	    "AND state NOT IN ('failed', 'dropped') AND proof = ? "
	    "AND created >= ?",
	    "INDEX outbox_acks (proof=? AND created>?)");
	assert_uses(f,
	    "SELECT id FROM mail WHERE mailbox = ? AND uidvalidity = ? "
	    "AND uid = ? AND uid > 0",
	    "INDEX mail_uid (mailbox=? AND uidvalidity=? AND uid=?)");
	assert_uses(f,
	    "SELECT mail.id FROM raw JOIN mail ON mail.raw = raw.id "
	    "WHERE raw.sha256 = ? AND mail.mailbox = ? "
	    "AND mail.received = ? AND mail.uidvalidity <> ? "
	    "AND mail.uid > 0 ORDER BY mail.id LIMIT 1",
	    "INDEX mail_raw (raw=?)");
	assert_uses(f,
	    "SELECT 1 FROM content "
	    "JOIN address ON address.id = +content.sender "
	    "WHERE content.message_id = ? AND content.mail <> ? "
	    "AND address.address = ?",
	    "INDEX content_message_id (message_id=?)");
	assert_uses(f,
	    "SELECT 1 FROM content "
	    "JOIN address ON address.id = +content.sender "
	    "WHERE content.words_sha256 = ? AND content.words_sha256 <> '' "
	    "AND address.address = ?",
	    "INDEX content_words (words_sha256=?)");
	assert_uses(f,
	    "SELECT 1 FROM content "
	    "JOIN address ON address.id = content.sender "
	    "JOIN mail ON mail.id = +content.mail "
	    "WHERE address.address = ? AND content.date IS ? "
	    "AND content.author = 'technician' AND mail.ticket = ?",
	    "INDEX content_technician (sender=? AND date=?)");
	assert_uses(f,
	    "SELECT count(*) FROM content WHERE sender = "
	    "(SELECT id FROM address WHERE address = ?) "
	    "AND subject_key = ? AND proof = ? AND received >= ? "
	    "AND author <> 'alert'",
	    "INDEX content_subject (sender=? AND subject_key=? AND proof=? "
	    "AND received>?)");
}

static void
report(const char *what, int count, gint64 since)
{
	double seconds = (double)(g_get_monotonic_time() - since) / 1e6;

	g_test_maximized_result(count / seconds, "%s: %.0f/s", what,
	    count / seconds);
}

static void
test_mails(Fixture *f, gconstpointer data)
{
	g_autofree char *filler = g_strnfill(4000, 'x');
	g_autoptr(StoreTx) tx = NULL;
	int count = g_test_perf() ? 5000 : 100;
	gint64 start = g_get_monotonic_time();

	(void)data;
	for (int i = 0; i < count; i += 50) {
		tx = begin(f);
		for (int j = i; j < i + 50; j++) {
			g_autofree char *bytes = g_strdup_printf("%d %s", j,
			    filler);

			add_raw_mail(tx, 1, (guint32)j + 1, bytes, NULL);
		}
		commit(&tx);
	}
	report("mails of 4 kB in batches of 50", count, start);

	start = g_get_monotonic_time();
	for (int i = 0; i < count; i += 50) {
		tx = begin(f);
		for (int j = i; j < i + 50; j++) {
			g_autofree char *id = g_strdup_printf("%d@x.test", j);
			g_autoptr(Message) message = letter(id,
			    "jeanne@client.example", "Panne",
			    "Le serveur de messagerie ne repond plus "
			    "depuis ce matin, merci de nous aider.");
			gint64 ticket = open_ticket(tx, j + 1, T0);

			add_message_event(tx, ticket, j + 1, "yes");
			mail_done(tx, j + 1, message, ticket, "client");
			project(f, tx, ticket, T0 + 60, T0 + 30);
		}
		commit(&tx);
	}
	report("mails done, with ticket and projection", count, start);

	start = g_get_monotonic_time();
	tx = begin(f);
	g_assert_true(store_clear_projections(tx, NULL));
	for (int i = 1; i <= count; i++)
		project(f, tx, i, T0 + 60, T0 + 30);
	commit(&tx);
	report("tickets rebuilt, without their clocks' arithmetic", count,
	    start);
}

static void
test_events(Fixture *f, gconstpointer data)
{
	int count = g_test_perf() ? 50000 : 500;
	g_autoptr(StoreTx) tx = begin(f);
	gint64 ticket = open_ticket(tx, 0, T0);
	gint64 start = g_get_monotonic_time();

	(void)data;
	for (int i = 0; i < count; i++)
		add_message_event(tx, ticket, 0, "yes");
	commit(&tx);
	report("events, one transaction", count, start);
}

/* 100 tickets due among `count` open ones: microseconds a look. */
static double
time_due(Fixture *f, int from, int count)
{
	g_autoptr(StoreTx) tx = begin(f);
	gint64 start;

	for (int i = from; i < count; i++) {
		g_autoptr(Ticket) ticket = ticket_new(i + 1);
		g_autoptr(GPtrArray) none = g_ptr_array_new();

		ticket->received = ticket->opened = ticket->changed = T0;
		g_assert_true(store_project(tx, ticket, none,
		    &(TicketNext){ .wake = i < 100 ? T0 + i : T0 + 100000 + i },
		    NULL));
	}
	commit(&tx);
	start = g_get_monotonic_time();
	for (int i = 0; i < 1000; i++) {
		g_autoptr(GArray) due = store_due(f->store, T0 + 1000, 1000,
		    NULL);
		Instant next;

		g_assert_cmpuint(due->len, ==, 100);
		g_assert_true(store_next_wake(f->store, &next, NULL));
	}
	return (double)(g_get_monotonic_time() - start) / 1000;
}

static void
test_tick(Fixture *f, gconstpointer data)
{
	double few, many;

	(void)data;
	if (!g_test_perf()) {
		g_test_skip("with -m perf only");
		return;
	}
	few = time_due(f, 0, 1000);
	many = time_due(f, 1000, 200000);
	g_test_minimized_result(few, "tick of 1,000: %.1f us", few);
	g_test_minimized_result(many, "tick of 200,000: %.1f us", many);
	g_assert_cmpfloat(many, <, 1.5 * few);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store-speed/plans", test_plans);
	ADD("/store-speed/mails", test_mails);
	ADD("/store-speed/events", test_events);
	ADD("/store-speed/tick", test_tick);
	return g_test_run();
}
