/* A store on a disk that fails (doc/security.md 4.2). */
#include "store-fixture.h"

#include "faulty-disk.h"
#include "guichet/store/store_life.h"

#include <sys/stat.h>
#include <unistd.h>

static Event *
opening(void)
{
	Event *event = event_stored(EVENT_OPENED, 0, T0, "test", 0);

	event_set(event, "kind", "request");
	return event;
}

static gint64
open_one(Fixture *f, GError **error)
{
	g_autoptr(Event) event = opening();
	g_autoptr(StoreTx) tx = store_begin(f->store, error);

	if (tx == NULL || !store_append(tx, event, error) ||
	    !store_commit(&tx, error))
		return -1;
	return event->ticket;
}

static gint64
last(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	gint64 number = -1;

	store_last_ticket(f->store, &number, &error);
	g_assert_no_error(error);
	return number;
}

/* After it nothing is written until the store was opened again; then it is
 * whole, with or without the transaction whose end is not known. */
static void
test_fsync(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	gint64 there;

	(void)data;
	g_assert_cmpint(open_one(f, NULL), ==, 1);
	g_assert_false(store_is_in_doubt(f->store));
	faulty_disk_fail_fsync(1);
	g_assert_cmpint(open_one(f, &error), ==, -1);
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY);
	g_clear_error(&error);
	g_assert_true(store_is_in_doubt(f->store));

	/* The disk works again, and still. */
	g_assert_cmpint(open_one(f, &error), ==, -1);
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY);
	g_assert_nonnull(strstr(error->message, "opened again"));
	g_clear_error(&error);

	g_assert_true(store_reopen(f->store, &error));
	g_assert_no_error(error);
	g_assert_false(store_is_in_doubt(f->store));
	there = last(f);
	g_assert_true(there == 1 || there == 2);
	g_assert_cmpint(open_one(f, &error), ==, there + 1);
	g_assert_no_error(error);
}

/* The lock is held all the while: nobody else slips in. */
static void
test_lock(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *away = g_strconcat(f->path, ".away", NULL);

	(void)data;
	g_assert_cmpint(open_one(f, NULL), ==, 1);
	faulty_disk_fail_fsync(1);
	g_assert_cmpint(open_one(f, NULL), ==, -1);

	/* A file that is not there is not made anew, and not waited for. */
	g_assert_cmpint(g_rename(f->path, away), ==, 0);
	g_assert_false(store_reopen(f->store, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_assert_true(store_is_gone(f->store));
	g_clear_error(&error);
	g_assert_true(store_is_in_doubt(f->store));
	g_assert_null(store_begin(f->store, NULL));
	g_assert_cmpint(g_rename(away, f->path), ==, 0);
	g_assert_null(store_open(f->path, STORE_WRITE, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY);
	g_clear_error(&error);
	g_assert_true(store_reopen(f->store, &error));
	g_assert_no_error(error);
}

/* Cut under us: nothing is committed on what is left of it. */
static void
check_cut(Fixture *f, bool whole)
{
	g_autoptr(GError) error = NULL;
	struct stat status;

	g_assert_cmpint(open_one(f, NULL), ==, 1);
	g_assert_cmpint(stat(f->path, &status), ==, 0);
	g_assert_cmpint(truncate(f->path, whole ? 0 : status.st_size - 1), ==,
	    0);
	g_assert_cmpint(open_one(f, &error), ==, -1);
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_assert_true(store_is_gone(f->store));
}

static void
test_cut(Fixture *f, gconstpointer data)
{
	(void)data;
	check_cut(f, false);
}

static void
test_emptied(Fixture *f, gconstpointer data)
{
	(void)data;
	check_cut(f, true);
}

/* What was damaged is said, and not written on. */
static void
test_damage(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	FILE *file;
	char rubbish[4096];

	(void)data;
	memset(rubbish, 'x', sizeof(rubbish));
	g_assert_cmpint(open_one(f, NULL), ==, 1);
	store_free(f->store); /* everything into the one file */
	fixture_open(f);
	faulty_disk_fail_fsync(1);
	g_assert_cmpint(open_one(f, NULL), ==, -1);
	file = fopen(f->path, "r+b");
	g_assert_nonnull(file);
	g_assert_cmpint(fseek(file, 4L * 4096, SEEK_SET), ==, 0);
	g_assert_cmpuint(fwrite(rubbish, 1, sizeof(rubbish), file), ==,
	    sizeof(rubbish));
	g_assert_cmpint(fclose(file), ==, 0);
	g_assert_false(store_reopen(f->store, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_assert_true(store_is_in_doubt(f->store));
}

static void
set_up(Fixture *f, gconstpointer data)
{
	faulty_disk_install();
	fixture_set_up(f, data);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
	fixture_tear_down(f, data);
	faulty_disk_uninstall();
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#undef ADD
#define ADD(name, test) g_test_add(name, Fixture, NULL, set_up, test, tear_down)
	ADD("/store-fault/fsync", test_fsync);
	ADD("/store-fault/lock", test_lock);
	ADD("/store-fault/cut", test_cut);
	ADD("/store-fault/emptied", test_emptied);
	ADD("/store-fault/damage", test_damage);
	return g_test_run();
}
