/* A contract's ledger: what work costs, worked by hand; and the law that kept
 * rows come to what a fresh computation does. */
#include "ledger-fixture.h"

#define LATE "2027-06-01T00:00:00Z"

/* Regimes: ALD and 1Life; NUXIT Standard and Pro; Myown B with two servers. */
#define ALD     "15,0,1,-,0"
#define NUXIT   "30,0,1,-,0"
#define PRO     "30,90,1,-,0"
#define MYOWN_D "15,60,0,2000,0"
#define MYOWN_N "15,60,0,3500,30"
#define DAY     "15,0,0,2000,0"
#define NIGHT   "15,0,0,3500,30"

typedef struct {
	const char *title, *facts, *expected;
} Row;

/* RULE ticket|order counted balance [quantity x price = amount] */
static const Row rows[] = {
	{ "each started quarter-hour is consumed",
	    "c 1 2026-11-01T10:00:00Z - 600 0\n"
	    "w 7 70 2026-11-02T10:00:00Z 25 " ALD "\n"
	    "w 7 71 2026-11-02T11:00:00Z 1 " ALD "\n"
	    "w 7 72 2026-11-02T12:00:00Z 15 " ALD "\n",
	    "credit o1 0 600\npackage 7 30 -30\npackage 7 15 -15\n"
	    "package 7 15 -15\n= 540 60 0" },
	{ "thirty minutes are indivisible",
	    "c 1 2026-11-01T10:00:00Z - 180 16900\n"
	    "w 7 70 2026-11-02T10:00:00Z 31 " NUXIT "\n",
	    "credit o1 0 180 1 x 16900 = 16900\npackage 7 60 -60\n"
	    "= 120 60 16900" },
	{ "the package that ends first is consumed first",
	    "c 1 2026-11-01T10:00:00Z - 60 0\n"
	    "c 2 2026-11-01T10:00:00Z 2027-03-01T00:00:00Z 30 0\n"
	    "c 3 2026-11-01T10:00:00Z 2027-01-01T00:00:00Z 30 0\n"
	    "w 7 70 2026-11-02T10:00:00Z 75 " ALD "\n",
	    "credit o1 0 60\ncredit o2 0 30\ncredit o3 0 30\n"
	    "package 7 30 -30\npackage 7 30 -30\npackage 7 15 -15\n"
	    "= 45 75 0" },
	{ "what a package leaves at its end lapses",
	    "c 1 2026-11-01T10:00:00Z 2026-12-01T00:00:00Z 60 0\n"
	    "w 7 70 2026-11-02T10:00:00Z 15 " ALD "\n",
	    "credit o1 0 60\npackage 7 15 -15\nlapsed o1 0 -45\n= 0 15 0" },
	{ "two times and a package's end in one second: it is gone",
	    "c 1 2026-11-01T10:00:00Z 2026-12-01T00:00:00Z 60 0\n"
	    "c 2 2026-11-01T10:00:00Z - 15 0\n"
	    "w 8 81 2026-12-01T00:00:00Z 15 " ALD "\n"
	    "w 7 80 2026-12-01T00:00:00Z 15 " ALD "\n",
	    "credit o1 0 60\ncredit o2 0 15\nlapsed o1 0 -60\n"
	    "package 7 15 -15\noverdrawn 8 15 -15\n= -15 30 0" },
	{ "a second before its end it is there",
	    "c 1 2026-11-01T10:00:00Z 2026-12-01T00:00:00Z 60 0\n"
	    "w 7 80 2026-11-30T23:59:59Z 15 " ALD "\n"
	    "w 8 81 2026-11-30T23:59:59Z 15 " ALD "\n",
	    "credit o1 0 60\npackage 7 15 -15\npackage 8 15 -15\n"
	    "lapsed o1 0 -30\n= 0 30 0" },
	{ "below zero, and the next package pays it first",
	    "w 7 70 2026-11-02T10:00:00Z 50 " ALD "\n"
	    "w 8 80 2026-11-03T10:00:00Z 10 " ALD "\n"
	    "c 1 2026-11-04T10:00:00Z - 65 0\n"
	    "w 9 90 2026-11-05T10:00:00Z 5 " ALD "\n",
	    "overdrawn 7 60 -60\noverdrawn 8 15 -15\ncredit o1 0 65\n"
	    "settled 7 0 60\nsettled 7 0 -60\nsettled 8 0 5\n"
	    "settled 8 0 -5\noverdrawn 9 15 -15\n= -25 90 0" },
	{ "1 h 30 a month first, then credit; not carried over",
	    "c 1 2026-10-01T10:00:00Z - 180 0\n"
	    "w 7 70 2026-11-02T10:00:00Z 45 " PRO "\n"
	    "w 7 71 2026-11-03T10:00:00Z 45 " PRO "\n"
	    "w 7 72 2026-12-01T10:00:00Z 30 " PRO "\n",
	    "credit o1 0 180\nincluded 7 60 0\nincluded 7 30 0\n"
	    "package 7 30 -30\nincluded 7 30 0\n= 150 150 0" },
	{ "the month is the local one",
	    "w 7 70 2026-11-30T22:59:59Z 90 " PRO "\n"
	    "w 7 71 2026-11-30T23:00:00Z 90 " PRO "\n",
	    "included 7 90 0\nincluded 7 90 0\n= 0 180 0" },
	{ "free quarters of two servers, then 20 EUR a started one",
	    "w 7 70 2026-11-02T10:00:00Z 50 " MYOWN_D "\n"
	    "w 8 80 2026-11-03T10:00:00Z 16 " MYOWN_D "\n",
	    "included 7 60 0\nbilled 8 30 0 2 x 2000 = 4000\n= 0 90 4000" },
	{ "outside hours 35 EUR, and two quarters a ticket at least",
	    "w 7 70 2026-11-02T20:00:00Z 10 " NIGHT "\n",
	    "billed 7 15 0 1 x 3500 = 3500\nminimum 7 0 0 1 x 3500 = 3500\n"
	    "= 0 15 7000" },
	{ "the minimum is a ticket's, and is worked off",
	    "w 7 70 2026-11-02T20:00:00Z 10 " NIGHT "\n"
	    "w 7 71 2026-11-02T21:00:00Z 10 " NIGHT "\n"
	    "w 7 72 2026-11-02T22:00:00Z 10 " NIGHT "\n"
	    "w 8 80 2026-11-02T22:00:00Z 10 " NIGHT "\n",
	    "billed 7 15 0 1 x 3500 = 3500\nminimum 7 0 0 1 x 3500 = 3500\n"
	    "paid 7 15 0\nbilled 7 15 0 1 x 3500 = 3500\n"
	    "billed 8 15 0 1 x 3500 = 3500\nminimum 8 0 0 1 x 3500 = 3500\n"
	    "= 0 60 17500" },
	{ "what is included counts towards the minimum",
	    "w 7 70 2026-11-02T20:00:00Z 75 " MYOWN_N "\n",
	    "included 7 60 0\nbilled 7 15 0 1 x 3500 = 3500\n= 0 75 3500" },
	{ "wholly included, nothing is billed",
	    "w 7 70 2026-11-02T20:00:00Z 5 " MYOWN_N "\n",
	    "included 7 15 0\n= 0 15 0" },
	{ "a package's odd rest, then a started slice",
	    "c 1 2026-11-01T10:00:00Z - 20 0\n"
	    "w 7 70 2026-11-02T10:00:00Z 30 15,0,1,2000,0\n"
	    "w 7 71 2026-11-02T11:00:00Z 10 15,0,1,2000,0\n",
	    "credit o1 0 20\npackage 7 20 -20\nbilled 7 10 0 1 x 2000 = 2000\n"
	    "paid 7 5 0\nbilled 7 10 0 1 x 2000 = 2000\n= 0 45 4000" },
	{ "not debited, not handled, waived",
	    "c 1 2026-11-01T10:00:00Z - 60 0\n"
	    "w 7 70 2026-11-02T10:00:00Z 30 " ALD " not-debited\n"
	    "w 8 71 2026-11-02T10:00:01Z 30 " ALD " not-handled\n"
	    "w 9 72 2026-11-02T10:00:02Z 30 " ALD " waived\n",
	    "credit o1 0 60\nnot-debited 7 0 0\nnot-handled 8 0 0\n"
	    "waived 9 0 0\n= 60 0 0" },
	{ "a package counts from when it was bought",
	    "w 7 70 2026-11-02T10:00:00Z 15 15,0,1,2000,0\n"
	    "c 1 2026-11-02T10:00:01Z - 60 0\n",
	    "billed 7 15 0 1 x 2000 = 2000\ncredit o1 0 60\n= 60 15 2000" },
	{ "a package that ends before it begins is worth nothing",
	    "w 7 70 2026-11-01T10:00:00Z 15 " ALD "\n"
	    "c 1 2026-11-02T10:00:00Z 2026-11-02T10:00:00Z 60 0\n"
	    "w 7 71 2026-11-02T10:00:00Z 15 " ALD "\n",
	    "overdrawn 7 15 -15\ncredit o1 0 60\nlapsed o1 0 -60\n"
	    "overdrawn 7 15 -15\n= -30 30 0" },
	{ "in one second what is bought counts before what is worked",
	    "w 7 70 2026-11-02T10:00:00Z 15 " ALD "\n"
	    "c 1 2026-11-02T10:00:00Z - 60 0\n",
	    "credit o1 0 60\npackage 7 15 -15\n= 45 15 0" },
};

static char *
told(const GArray *all)
{
	GString *text = g_string_new(NULL);
	const LedgerSum sum = ledger_sum(all);

	for (guint i = 0; i < all->len; i++) {
		const LedgerRow *row = &g_array_index(all, LedgerRow, i);

		g_string_append_printf(text,
		    "%s %s%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
		    " %" G_GINT64_FORMAT,
		    ledger_rule_name(row->rule), row->ticket != 0 ? "" : "o",
		    row->ticket != 0 ? row->ticket : row->order, row->counted,
		    row->balance);
		if (row->quantity != 0)
			g_string_append_printf(text,
			    " %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
			    " = %" G_GINT64_FORMAT,
			    row->quantity, row->price, row->amount);
		g_string_append_c(text, '\n');
	}
	g_string_append_printf(text,
	    "= %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
	    sum.balance, sum.counted, sum.amount);
	return g_string_free(text, FALSE);
}

static void
test_row(gconstpointer data)
{
	const Row *row = data;
	g_autoptr(GArray) all = NULL;
	g_autofree char *found = NULL;
	Book book;

	book_init(&book);
	book_read(&book, row->facts);
	all = ledger_compute(&book.facts, book_instant(LATE));
	found = told(all);
	g_assert_cmpstr(found, ==, row->expected);
	book_clear(&book);
}

static void
test_which_package(void)
{
	g_autoptr(GArray) all = NULL, left = NULL;
	static const gint64 expected[] = { 3, 2, 1 };
	guint at = 0;
	Book book;

	book_init(&book);
	book_read(&book, rows[2].facts);
	all = ledger_compute(&book.facts, book_instant("2026-11-03T00:00:00Z"));
	for (guint i = 0; i < all->len; i++) {
		const LedgerRow *row = &g_array_index(all, LedgerRow, i);

		if (row->rule == LEDGER_PACKAGE)
			g_assert_cmpint(row->package, ==, expected[at++]);
	}
	g_assert_cmpuint(at, ==, 3);
	left = ledger_left(all, &book.facts);
	g_assert_cmpuint(left->len, ==, 1);
	g_assert_cmpint(g_array_index(left, LedgerLeft, 0).order, ==, 1);
	g_assert_cmpint(g_array_index(left, LedgerLeft, 0).left, ==, 45);
	book_clear(&book);
}

/* ---- kept rows ---- */

typedef struct {
	GArray *kept;
	gint64 last;
} Kept;

static void
keep(Kept *kept, const LedgerFacts *facts, Instant now, Instant month)
{
	g_autoptr(GArray) wanted = ledger_compute(facts, now);
	g_autoptr(GArray) more = ledger_reconcile(kept->kept, wanted, now,
	    month);
	g_autoptr(GArray) again = NULL;
	LedgerSum is, should = ledger_sum(wanted);

	for (guint i = 0; i < more->len; i++) {
		LedgerRow row = g_array_index(more, LedgerRow, i);

		row.id = ++kept->last;
		g_array_append_val(kept->kept, row);
	}
	is = ledger_sum(kept->kept);
	g_assert_cmpint(is.balance, ==, should.balance);
	g_assert_cmpint(is.counted, ==, should.counted);
	g_assert_cmpint(is.amount, ==, should.amount);
	again = ledger_reconcile(kept->kept, wanted, now, month);
	g_assert_cmpuint(again->len, ==, 0);
}

static void
test_corrections_are_booked_when_made(void)
{
	Kept kept = { g_array_new(FALSE, FALSE, sizeof(LedgerRow)), 0 };
	const Instant december = book_instant("2026-11-30T23:00:00Z");
	const Instant now = book_instant("2026-12-05T10:00:00Z");
	const LedgerRow *row;
	Book book;

	book_init(&book);
	book_read(&book,
	    "w 7 70 2026-11-02T10:00:00Z 10 " DAY "\n"
	    "w 7 71 2026-11-20T10:00:00Z 10 " DAY "\n");
	keep(&kept, &book.facts, book_instant("2026-11-20T10:00:00Z"),
	    book_instant("2026-10-31T23:00:00Z"));
	g_assert_cmpuint(kept.kept->len, ==, 2);
	/* The second was 20 minutes, as is found in December. */
	g_array_index(book.works, LedgerWork, 1).minutes = 20;
	keep(&kept, &book.facts, now, december);
	g_assert_cmpuint(kept.kept->len, ==, 4);
	row = &g_array_index(kept.kept, LedgerRow, 2);
	g_assert_cmpint(row->reverses, ==, 2);
	g_assert_cmpint(row->amount, ==, -2000);
	g_assert_cmpint(row->booked, ==, now);
	row = &g_array_index(kept.kept, LedgerRow, 3);
	g_assert_cmpint(row->amount, ==, 4000);
	g_assert_cmpint(row->booked, ==, now);
	g_assert_cmpint(row->at, ==, book_instant("2026-11-20T10:00:00Z"));
	book_clear(&book);
	g_array_unref(kept.kept);
}

/* ---- the law ---- */

#define T0 1793000000

static LedgerWork
random_work(GRand *rand, gint64 event, Instant at)
{
	static const Minutes slices[] = { 1, 10, 15, 30, 60 };
	LedgerWork work = {
		.ticket = g_rand_int_range(rand, 1, 6),
		.event = event,
		.at = at,
		.minutes = g_rand_int_range(rand, 1, 200),
		.debit = g_rand_int_range(rand, 0, 8) == 0 ? DEBIT_NOT_DEBITED
							   : DEBIT_DEBITED,
		.slice = slices[g_rand_int_range(rand, 0, 5)],
		.included = g_rand_int_range(rand, 0, 3) * 45,
		.prepaid = g_rand_boolean(rand),
		.billed = g_rand_boolean(rand),
		.price = g_rand_int_range(rand, 0, 5000),
		.minimum = g_rand_int_range(rand, 0, 3) * 30,
		.plan = "p",
		.included_by = "i",
		.currency = "EUR",
	};

	work.month = ledger_month(zone_get("Europe/Paris", NULL), at);
	return work;
}

static void
change_something(GRand *rand, Book *book, gint64 *number, Instant *now)
{
	const int what = g_rand_int_range(rand, 0, 10);
	guint one = book->works->len > 0
	    ? (guint)g_rand_int_range(rand, 0, (gint)book->works->len)
	    : 0;

	*now += g_rand_int_range(rand, 0, 200000);
	if (what < 5 || book->works->len == 0) {
		/* A mail may come late. */
		LedgerWork work = random_work(rand, ++*number,
		    *now - g_rand_int_range(rand, 0, 2) * 86400);

		g_array_append_val(book->works, work);
	} else if (what < 7) {
		LedgerCredit credit = { .order = ++*number,
			.at = *now,
			.until = g_rand_boolean(rand)
			    ? INSTANT_NONE
			    : *now + g_rand_int_range(rand, 0, 3000000),
			.minutes = g_rand_int_range(rand, 1, 400),
			.amount = g_rand_int_range(rand, 0, 2) * 16900,
			.plan = "p",
			.currency = "EUR" };

		g_array_append_val(book->credits, credit);
	} else if (what == 7) {
		g_array_remove_index(book->works, one); /* undone */
	} else if (what == 8 && book->credits->len > 0) {
		g_array_remove_index(book->credits,
		    (guint)g_rand_int_range(rand, 0, (gint)book->credits->len));
	} else {
		LedgerWork *work = &g_array_index(book->works, LedgerWork, one);
		LedgerWork other = random_work(rand, work->event, work->at);

		other.is_waived = g_rand_boolean(rand);
		*work = other; /* another contract's terms, or taken back */
	}
}

static void
test_sum_is_balance(void)
{
	const guint32 seed = (guint32)g_test_rand_int();
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	const char *long_run = g_getenv("LONG");
	const int rounds = long_run != NULL && *long_run != '\0' ? 2000 : 60;

	g_test_message("seed %u", seed);
	for (int round = 0; round < rounds; round++) {
		Kept kept = { g_array_new(FALSE, FALSE, sizeof(LedgerRow)), 0 };
		gint64 number = 0;
		Instant now = T0;
		Book book;

		book_init(&book);
		for (int i = 0; i < 40; i++) {
			change_something(rand, &book, &number, &now);
			keep(&kept, &book.facts, now, now - 1000000);
		}
		book_clear(&book);
		g_array_unref(kept.kept);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("/ledger/rows/%s",
		    rows[i].title);

		g_test_add_data_func(path, &rows[i], test_row);
	}
	g_test_add_func("/ledger/which package", test_which_package);
	g_test_add_func("/ledger/corrections are booked when they are made",
	    test_corrections_are_booked_when_made);
	g_test_add_func("/ledger/the sum is the balance", test_sum_is_balance);
	return g_test_run();
}
