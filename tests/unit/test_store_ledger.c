/* Ledgers in the store: rows follow what they stand on, in its transaction. */
#include "store-fixture.h"

#include "guichet/store/store_ledger.h"

#define WHEN ((LedgerTime){ T0 + 3600, T0 - 86400 })

static LedgerWork
work_of(gint64 event, Minutes minutes)
{
	return (LedgerWork){ .ticket = 1,
		.event = event,
		.at = T0,
		.minutes = minutes,
		.plan = g_intern_string("p"),
		.included_by = g_intern_string(""),
		.slice = 15,
		.prepaid = true,
		.currency = g_intern_string("EUR") };
}

static GArray *
works_of(gint64 first, gint64 second)
{
	GArray *works = g_array_new(FALSE, FALSE, sizeof(LedgerWork));
	LedgerWork one = work_of(first, 25), two = work_of(second, 5);

	if (first != 0)
		g_array_append_val(works, one);
	if (second != 0)
		g_array_append_val(works, two);
	return works;
}

static void
worked(Fixture *f, const char *contract, GArray *take_works, bool commits)
{
	g_autoptr(GArray) works = take_works;
	g_autoptr(GArray) breaches = g_array_new(FALSE, FALSE,
	    sizeof(LedgerBreach));
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = begin(f);

	store_ledger_project(tx, &(LedgerShare){ 1, contract, works, breaches },
	    WHEN, &error);
	g_assert_no_error(error);
	if (commits)
		commit(&tx);
}

static void
check(Fixture *f, const char *contract, guint rows, Minutes balance)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LedgerBook) book = store_ledger_book(f->store, contract,
	    &error);

	g_assert_no_error(error);
	g_assert_cmpuint(book->rows->len, ==, rows);
	g_assert_cmpint(ledger_sum(book->rows).balance, ==, balance);
}

static void
test_follows(Fixture *f, gconstpointer data)
{
	(void)data;
	worked(f, "a", works_of(7, 8), true);
	check(f, "a", 2, -45);
	/* Nothing new: nothing is written. */
	worked(f, "a", works_of(7, 8), true);
	check(f, "a", 2, -45);
	/* The ticket is another contract's. */
	worked(f, "b", works_of(7, 8), true);
	check(f, "a", 4, 0);
	check(f, "b", 2, -45);
	/* A time is undone, then all. */
	worked(f, "b", works_of(7, 0), true);
	check(f, "b", 3, -30);
	worked(f, "b", works_of(0, 0), true);
	check(f, "b", 4, 0);
}

/* What is not committed was never there: the event, its work, its rows. */
static void
test_one_transaction(Fixture *f, gconstpointer data)
{
	(void)data;
	worked(f, "a", works_of(7, 8), false);
	check(f, "a", 0, 0);
	worked(f, "a", works_of(7, 0), true);
	check(f, "a", 1, -30);
}

static void
order(Fixture *f, LedgerOrderKind kind, gint64 target)
{
	const LedgerOrder one = { .kind = kind,
		.contract = (char *)"a",
		.minutes = kind == LEDGER_ORDER_CREDIT ? 60 : 0,
		.amount = kind == LEDGER_ORDER_CREDIT ? 16900 : 0,
		.plan = "p",
		.currency = "EUR",
		.until = INSTANT_NONE,
		.reference = (char *)"F-1",
		.by = (char *)"manager",
		.target = target,
		.at = T0 - 60,
		.now = T0 + 3600,
		.month = T0 - 86400 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = begin(f);

	store_ledger_order(tx, &one, &error);
	g_assert_no_error(error);
	commit(&tx);
}

static void
test_orders(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *contract = NULL;
	gint64 reversed_by = 0;
	LedgerRow row;

	(void)data;
	worked(f, "a", works_of(7, 8), true);
	order(f, LEDGER_ORDER_CREDIT, 0);
	/* Bought before the work was told: two rows below zero are reversed,
	 * two of the package take their place. */
	check(f, "a", 7, 15);
	order(f, LEDGER_ORDER_WAIVE, 7);
	check(f, "a", 9, 45);
	order(f, LEDGER_ORDER_TAKE_BACK, 1);
	check(f, "a", 12, -15);
	g_assert_true(store_ledger_row(f->store, 1, &row, &contract,
	    &reversed_by, &error));
	g_assert_cmpstr(contract, ==, "a");
	g_assert_cmpint(row.rule, ==, LEDGER_OVERDRAWN);
	g_assert_cmpint(reversed_by, !=, 0);
	g_free(g_steal_pointer(&contract));
	g_assert_true(store_ledger_row(f->store, 99, &row, &contract,
	    &reversed_by, &error));
	g_assert_null(contract);
}

/* What was told to a store that knew no ledgers is in none. */
static void
test_older_store(Fixture *f, gconstpointer data)
{
	sqlite3 *db;

	(void)data;
	store_free(g_steal_pointer(&f->store));
	g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(
	    sqlite3_exec(db,
		VERSION_11
		"DROP TABLE worked; DROP TABLE ledger;"
		"DROP TABLE ledger_order;"
		"DELETE FROM setting WHERE key = 'ledger-since';"
		"INSERT INTO event (seq, ticket, at, recorded, type, actor, "
		"data) VALUES (7, 1, 0, 0, 'opened', 'mail', '{}');"
		"PRAGMA user_version = 10;",
		NULL, NULL, NULL),
	    ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
	fixture_open(f);
	worked(f, "a", works_of(7, 8), true);
	check(f, "a", 1, -15);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store-ledger/follows", test_follows);
	ADD("/store-ledger/one transaction", test_one_transaction);
	ADD("/store-ledger/orders", test_orders);
	ADD("/store-ledger/older store", test_older_store);
	return g_test_run();
}
