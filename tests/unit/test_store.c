/* Transactions, events and projections. */
#include "store-fixture.h"

static void
test_rollback(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GPtrArray) events = NULL;

	(void)data;
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 1);
	store_tx_free(g_steal_pointer(&tx));
	events = store_events(f->store, 1, NULL);
	g_assert_cmpuint(events->len, ==, 0);

	tx = begin(f);
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 1);
	commit(&tx);
}

static void
test_savepoint(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GArray) numbers = NULL;

	(void)data;
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 1);
	g_assert_true(store_savepoint(tx, &error));
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 2);
	g_assert_true(store_rollback_to(tx, &error));
	g_assert_true(store_savepoint(tx, &error));
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 2);
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 3);
	g_assert_true(store_release(tx, &error));
	commit(&tx);
	numbers = store_ticket_numbers(f->store, 1, 100, &error);
	g_assert_cmpuint(numbers->len, ==, 2);
	g_assert_cmpint(g_array_index(numbers, gint64, 0), ==, 2);
	g_assert_cmpint(g_array_index(numbers, gint64, 1), ==, 3);
}

/* Each statement that changes something and the commit, nothing else. */
static guint
count_events(Fixture *f, gint64 ticket)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(f->store, ticket, &error);

	g_assert_no_error(error);
	return events->len;
}

/* What a transaction keeps in memory goes the way of the rest: the events it
 * has loaded, and the words that wait for its commit. */
static void
test_kept_in_memory(Fixture *f, gconstpointer data)
{
	static const char *const texts[] = { "before", "undone", "behind" };
	g_autoptr(StoreTx) tx = begin(f);
	gint64 ticket = 0, other;

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Message) message = letter(texts[i],
		    "jeanne@acier-vosges.example", texts[i], texts[i]);
		gint64 mail = add_raw_mail(tx, 1, (guint32)i + 1, texts[i],
		    NULL);

		if (i == 0)
			ticket = open_ticket(tx, mail, T0);
		g_assert_cmpuint(count_events(f, ticket), ==, i == 0 ? 1 : 2);
		g_assert_true(store_savepoint(tx, NULL));
		mail_done(tx, mail, message, ticket, "client");
		add_message_event(tx, ticket, mail, "yes");
		g_assert_cmpuint(count_events(f, ticket), ==, i == 0 ? 2 : 3);
		g_assert_true(i == 1 ? store_rollback_to(tx, NULL)
				     : store_release(tx, NULL));
	}
	g_assert_cmpuint(count_events(f, ticket), ==, 3);
	other = open_ticket(tx, 0, T0);
	g_assert_cmpuint(count_events(f, other), ==, 1);
	g_assert_cmpuint(count_events(f, ticket), ==, 3);
	commit(&tx);
	g_assert_cmpuint(count_events(f, ticket), ==, 3);
	g_assert_cmpint(ask(f, "SELECT count(*) FROM words"), ==, 2);
	g_assert_cmpint(
	    ask(f, "SELECT count(*) FROM words WHERE words MATCH 'undone'"), ==,
	    0);
}

/* Nothing of a transaction that was given up is found. */
static void
test_words_given_up(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("a@b",
	    "jeanne@acier-vosges.example", "x", "gone");
	gint64 mail = add_raw_mail(tx, 1, 1, "gone", NULL);

	(void)data;
	mail_done(tx, mail, message, open_ticket(tx, mail, T0), "client");
	g_clear_pointer(&tx, store_tx_free);
	tx = begin(f);
	commit(&tx);
	g_assert_cmpint(ask(f, "SELECT count(*) FROM words"), ==, 0);
}

static void
test_write_hook(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Ticket) ticket = NULL;
	g_autofree char *text = NULL;
	int writes = 0;

	(void)data;
	store_set_write_hook(count_writes, &writes);
	tx = begin(f);
	g_assert_cmpint(writes, ==, 0);
	open_ticket(tx, 0, T0);
	g_assert_cmpint(writes, ==, 1);
	g_assert_true(store_set_setting(tx, "unclean", "1", NULL));
	g_assert_cmpint(writes, ==, 2);
	g_assert_true(store_ticket(f->store, 1, &ticket, NULL));
	g_assert_cmpint(writes, ==, 2);
	/* the pulse, and the commit itself */
	commit(&tx);
	g_assert_cmpint(writes, ==, 4);
	text = dump(f);
	g_assert_cmpint(writes, ==, 4);
	store_set_write_hook(NULL, NULL);
}

static void
test_append_only(Fixture *f, gconstpointer data)
{
	static const char *const attempts[] = {
		"UPDATE event SET at = 0",
		"DELETE FROM event",
		"PRAGMA recursive_triggers = ON;"
		"REPLACE INTO event SELECT * FROM event",
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;

	(void)data;
	open_ticket(tx, 0, T0);
	commit(&tx);
	before = dump(f);
	for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++) {
		g_test_message("%s", attempts[i]);
		g_assert_cmpint(meddle(f, attempts[i]), ==, SQLITE_CONSTRAINT);
	}
	after = dump(f);
	g_assert_cmpstr(before, ==, after);
}

static void
test_events(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GPtrArray) events = NULL;
	g_autoptr(Event) told = event_stored(EVENT_TOLD, 1, T0 + 5, "rule", 0);
	g_autoptr(Event) again = event_stored(EVENT_OPENED, 1, T0, "mail", 0);
	g_autoptr(Event) orphan = event_stored(EVENT_MESSAGE, 1, T0, "mail",
	    77);
	g_autoptr(GError) error = NULL;
	g_autofree char *line = NULL;
	g_autofree char *line_back = NULL;

	(void)data;
	open_ticket(tx, 0, T0);
	told->recorded = T0 + 9;
	event_set_int(event_set(told, "milestone", "response"), "due",
	    G_MAXINT64);
	g_assert_true(store_append(tx, told, NULL));

	/* One opening a ticket, and no mail that is not there. */
	g_assert_false(store_append(tx, again, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	g_clear_error(&error);
	g_assert_false(store_append(tx, orphan, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	g_assert_cmpint(orphan->seq, ==, 0);
	commit(&tx);

	events = store_events(f->store, 1, NULL);
	g_assert_cmpuint(events->len, ==, 2);
	line = event_describe(told);
	line_back = event_describe(events->pdata[1]);
	g_assert_cmpstr(line, ==, line_back);
	g_assert_cmpint(((Event *)events->pdata[1])->recorded, ==, T0 + 9);
	g_assert_cmpint(((Event *)events->pdata[1])->seq, ==, told->seq);
}

static void
test_no_ticket(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	Ticket *ticket = (Ticket *)f;

	(void)data;
	g_assert_true(store_ticket(f->store, 1, &ticket, &error));
	g_assert_no_error(error);
	g_assert_null(ticket);
}

static gint64
first_due(Fixture *f, Instant now, guint *ret_count)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) due = store_due(f->store, now, 100, &error);

	g_assert_no_error(error);
	*ret_count = due->len;
	return due->len > 0 ? g_array_index(due, gint64, 0) : 0;
}

static void
test_due(Fixture *f, gconstpointer data)
{
	static const Instant wakes[] = { T0 + 300, INSTANT_NONE, T0 + 100,
		T0 + 200 };
	g_autoptr(StoreTx) tx = begin(f);
	Instant next = 0;
	guint count;

	(void)data;
	g_assert_true(store_next_wake(f->store, &next, NULL));
	g_assert_cmpint(next, ==, INSTANT_NONE);
	for (gsize i = 0; i < G_N_ELEMENTS(wakes); i++)
		project(f, tx, open_ticket(tx, 0, T0), INSTANT_NONE, wakes[i]);
	commit(&tx);

	g_assert_true(store_next_wake(f->store, &next, NULL));
	g_assert_cmpint(next, ==, T0 + 100);
	g_assert_cmpint(first_due(f, T0 + 99, &count), ==, 0);
	g_assert_cmpint(first_due(f, T0 + 100, &count), ==, 3);
	g_assert_cmpuint(count, ==, 1);
	g_assert_cmpint(first_due(f, G_MAXINT64, &count), ==, 3);
	g_assert_cmpuint(count, ==, 3);
}

static void
assert_queue(Fixture *f, bool done, const char *expected)
{
	g_autoptr(GPtrArray) rows = store_queue(f->store, done, NULL);
	g_autoptr(GString) numbers = g_string_new(NULL);

	for (guint i = 0; i < rows->len; i++) {
		const QueueRow *row = rows->pdata[i];

		g_string_append_printf(numbers, "%d ", (int)row->number);
	}
	g_assert_cmpstr(numbers->str, ==, expected);
}

static void
set_severity(StoreTx *tx, gint64 number, int severity)
{
	append(tx,
	    event_set_int(event_stored(EVENT_SEVERITY, number, T0, "cli", 0),
		"severity", severity));
}

static void
test_queue(Fixture *f, gconstpointer data)
{
	/* number 1...: due and severity */
	static const struct {
		Instant due;
		int severity;
		bool resolved;
	} rows[] = {
		{ INSTANT_NONE, 0, false },
		{ INSTANT_NONE, 3, false },
		{ T0 + 200, 0, false },
		{ T0 + 200, 2, false },
		{ T0 + 100, 4, false },
		{ T0 + 200, 2, false },
		{ INSTANT_NONE, 1, true },
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GPtrArray) queue = NULL;
	const QueueRow *first;

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 number = open_ticket(tx, 0, T0);

		set_severity(tx, number, rows[i].severity);
		append(tx,
		    event_set(event_stored(EVENT_TAG, number, T0, "cli", 0),
			"add", "vpn"));
		if (rows[i].resolved)
			append(tx,
			    event_set(
				event_stored(EVENT_STATE, number, T0, "cli", 0),
				"state", "resolved"));
		project(f, tx, number, rows[i].due, INSTANT_NONE);
	}
	commit(&tx);
	assert_queue(f, false, "5 4 6 3 2 1 ");
	assert_queue(f, true, "5 4 6 3 7 2 1 ");

	queue = store_queue(f->store, false, NULL);
	first = queue->pdata[0];
	g_assert_cmpint(first->next_due, ==, T0 + 100);
	g_assert_cmpint(first->intake, ==, T0);
	g_assert_cmpstr(first->next_milestone, ==, "response");
	g_assert_cmpstr(first->next_commitment, ==, "guaranteed");
	g_assert_cmpstr(first->contract, ==, "acier-vosges");
	g_assert_cmpstr(first->state, ==, "new");
	g_assert_cmpstr(first->tags[0], ==, "vpn");
	g_assert_null(first->tags[1]);
	g_assert_cmpstr(first->subject, ==, "");
}

/* Dropped and made again from the events, the projections are the same. */
static void
test_rebuild(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autofree char *before = NULL;
	g_autofree char *cleared = NULL;
	g_autofree char *after = NULL;
	g_autoptr(GArray) numbers = NULL;

	(void)data;
	for (int i = 0; i < 3; i++)
		project(f, tx, open_ticket(tx, 0, T0 + i), T0 + 60, T0 + 30);
	commit(&tx);
	before = dump(f);
	g_assert_nonnull(strstr(before, "clock response guaranteed running"));

	tx = begin(f);
	g_assert_true(store_clear_projections(tx, NULL));
	cleared = dump(f);
	g_assert_cmpstr(cleared, !=, before);
	assert_queue(f, true, "");
	numbers = store_ticket_numbers(f->store, 0, 100, NULL);
	for (guint i = 0; i < numbers->len; i++)
		project(f, tx, g_array_index(numbers, gint64, i), T0 + 60,
		    T0 + 30);
	commit(&tx);
	after = dump(f);
	g_assert_cmpstr(before, ==, after);
	assert_queue(f, true, "1 2 3 ");
}

static void
test_rules(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(RuleFiles) files = rule_files_new();
	g_autoptr(RuleFiles) back = NULL;
	g_autoptr(RuleFiles) none = NULL;
	g_autoptr(GBytes) plan = g_bytes_new_static("a: \0b\n", 6);
	g_autoptr(GBytes) empty = g_bytes_new_static("", 0);

	(void)data;
	rule_files_add(files, "plans/sos24.yaml", plan);
	rule_files_add(files, "plans/copy.yaml", plan);
	rule_files_add(files, "replies/fr/empty.txt", empty);
	rule_files_seal(files);
	g_assert_true(store_keep_rules(tx, files, NULL));
	g_assert_true(store_keep_rules(tx, files, NULL)); /* once is enough */
	commit(&tx);
	g_assert_cmpint(ask(f, "SELECT count(*) FROM rule_bytes"), ==, 2);

	g_assert_true(store_rules(f->store, files->hash, &back, NULL));
	g_assert_cmpuint(g_hash_table_size(back->files), ==, 3);
	g_assert_cmpstr(back->hash, ==, files->hash);
	g_assert_true(g_bytes_equal(plan,
	    g_hash_table_lookup(back->files, "plans/sos24.yaml")));
	g_assert_true(store_rules(f->store, "unknown", &none, NULL));
	g_assert_null(none);
}

static void
test_setting(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autofree char *value = NULL;

	(void)data;
	g_assert_true(store_setting(f->store, "unclean", &value, NULL));
	g_assert_null(value);
	g_assert_true(store_set_setting(tx, "unclean", "1", NULL));
	g_assert_true(store_set_setting(tx, "unclean", "2", NULL));
	g_assert_true(store_setting(f->store, "unclean", &value, NULL));
	g_assert_cmpstr(value, ==, "2");
	g_clear_pointer(&value, g_free);
	g_assert_true(store_set_setting(tx, "unclean", NULL, NULL));
	g_assert_true(store_setting(f->store, "unclean", &value, NULL));
	g_assert_null(value);
	commit(&tx);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store/rollback", test_rollback);
	ADD("/store/savepoint", test_savepoint);
	ADD("/store/kept-in-memory", test_kept_in_memory);
	ADD("/store/words-given-up", test_words_given_up);
	ADD("/store/write-hook", test_write_hook);
	ADD("/store/append-only", test_append_only);
	ADD("/store/events", test_events);
	ADD("/store/no-ticket", test_no_ticket);
	ADD("/store/due", test_due);
	ADD("/store/queue", test_queue);
	ADD("/store/rebuild", test_rebuild);
	ADD("/store/rules", test_rules);
	ADD("/store/setting", test_setting);
	return g_test_run();
}
