/* Mails that cannot be had: kept, counted, dropped, by their place. */
#include "store-fixture.h"

#include "guichet/store/store_unfetched.h"

static bool
add(Fixture *f, guint32 uidvalidity, guint32 uid, const char *name, Instant at)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(f->store, &error);
	const UnfetchedMail row = { .mailbox = (char *)"box",
		.uidvalidity = uidvalidity,
		.uid = uid,
		.name = (char *)name,
		.received = INSTANT_NONE,
		.size = 12,
		.why = (char *)"no" };
	bool is_new = false;

	g_assert_true(store_add_unfetched(tx, &row, at, &is_new, &error));
	g_assert_true(store_commit(&tx, &error));
	return is_new;
}

static guint
known(Fixture *f, const char *mailbox, Instant untried)
{
	g_autoptr(GPtrArray) rows = store_unfetched(f->store, mailbox, untried,
	    NULL);

	g_assert_nonnull(rows);
	return rows->len;
}

static void
test_rows(Fixture *f, gconstpointer data)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(StoreTx) tx = NULL;
	const UnfetchedMail *row;

	(void)data;
	g_assert_true(add(f, 7, 1, "", 100));
	g_assert_true(add(f, 7, 2, "", 100));
	g_assert_true(add(f, 0, 0, "1.fifo", 100));
	g_assert_false(add(f, 7, 2, "", 300));
	g_assert_cmpuint(known(f, NULL, G_MAXINT64), ==, 3);
	g_assert_cmpuint(known(f, "box", 200), ==, 2);
	g_assert_cmpuint(known(f, "other", G_MAXINT64), ==, 0);
	rows = store_unfetched(f->store, "box", G_MAXINT64, NULL);
	row = rows->pdata[2];
	g_assert_cmpuint(row->uid, ==, 2);
	g_assert_cmpint(row->first, ==, 100);
	g_assert_cmpint(row->last, ==, 300);
	g_assert_cmpint(row->tries, ==, 2);
	g_assert_cmpint(row->received, ==, INSTANT_NONE);
	g_assert_cmpstr(row->why, ==, "no");

	tx = store_begin(f->store, NULL);
	g_assert_true(store_drop_unfetched(tx, "box", 7, 1, "", NULL));
	g_assert_true(store_drop_unfetched(tx, "box", 7, 99, "", NULL));
	/* What has no UID has no number that could change. */
	g_assert_true(store_renumber_unfetched(tx, "box", 8, NULL));
	g_assert_true(store_commit(&tx, NULL));
	g_assert_cmpuint(known(f, NULL, G_MAXINT64), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/store-unfetched/rows", Fixture, NULL, fixture_set_up,
	    test_rows, fixture_tear_down);
	return g_test_run();
}
