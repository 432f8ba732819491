/*
 * The n-th call to the disk fails, once or from then on, for n from one until
 * nothing fails any more (doc/security.md 4.3, P7): what was told as done is
 * there, nothing is there by half, and once the trouble is over the way of the
 * mails goes on to the same end.
 *
 * Each call by each error that it may give. In each run of the tests some of
 * them, all with LONG; SEED repeats a run.
 */
#include "store-trial.h"

#define RUNS  100 /* without LONG */
#define TRIES 3   /* of a step or an opening, as the desk tries again */

static const struct {
	DiskCall call;
	int code;
} faults[] = {
	{ DISK_OPEN, SQLITE_CANTOPEN },
	{ DISK_OPEN, SQLITE_NOMEM },
	{ DISK_OPEN, SQLITE_READONLY },
	{ DISK_READ, SQLITE_IOERR_READ },
	{ DISK_READ, SQLITE_NOMEM },
	{ DISK_WRITE, SQLITE_IOERR_WRITE },
	{ DISK_WRITE, SQLITE_FULL },
	{ DISK_WRITE, SQLITE_READONLY },
	{ DISK_WRITE, SQLITE_NOMEM },
	{ DISK_TRUNCATE, SQLITE_IOERR_TRUNCATE },
	{ DISK_TRUNCATE, SQLITE_FULL },
	{ DISK_SYNC, SQLITE_IOERR_FSYNC },
	{ DISK_SYNC, SQLITE_FULL },
	{ DISK_SIZE, SQLITE_IOERR_FSTAT },
	{ DISK_SIZE, SQLITE_NOMEM },
	{ DISK_LOCK, SQLITE_BUSY },
	{ DISK_LOCK, SQLITE_IOERR_LOCK },
	{ DISK_SHM, SQLITE_BUSY },
	{ DISK_SHM, SQLITE_IOERR_SHMLOCK },
	{ DISK_DELETE, SQLITE_IOERR_DELETE },
};

typedef struct {
	StoreTrial trial;
	int told; /* steps that were told as done */
	char what[64];
} Faulty;

/* What the file holds, with another eye and a disk that works. */
static int
look(Faulty *f)
{
	g_autofree char *sound = NULL;
	gint64 counts[DISK_CALLS], fail_at = disk.fail_at;
	sqlite3 *db = NULL;
	int found;

	memcpy(counts, disk.counts, sizeof(counts));
	disk.fail_at = 0;
	g_assert_cmpint(
	    sqlite3_open_v2(f->trial.path, &db, SQLITE_OPEN_READWRITE, NULL),
	    ==, SQLITE_OK);
	sound = store_integrity(db);
	found = trial_holds(&f->trial, db);
	sqlite3_close(db);
	disk.fail_at = fail_at;
	memcpy(disk.counts, counts, sizeof(counts));
	if (strcmp(sound, "ok") != 0 ||
	    (found != f->told && found != f->told + 1))
		g_error("%s: %d steps were told, the store holds %d: %s",
		    f->what, f->told, found, sound);
	return found;
}

/* What a failure may say: nothing of what is there is wrong for good. */
static void
assert_honest(Faulty *f, const GError *error)
{
	if (error == NULL || error->domain != GUICHET_ERROR ||
	    error->code == GUICHET_ERROR_PERMANENT)
		g_error("%s: says %s", f->what,
		    error != NULL ? error->message : "nothing");
}

static bool
open_again(Faulty *f)
{
	for (int i = 0; i < TRIES; i++) {
		g_autoptr(GError) error = NULL;

		if (f->trial.desk.store == NULL
			? trial_open(&f->trial, &error)
			: store_reopen(f->trial.desk.store, &error))
			return true;
		assert_honest(f, error);
	}
	return false;
}

/* Whether it is there: so it may be though its commit failed, above all once
 * the store has been opened again. */
static bool
is_there(Faulty *f, int step)
{
	if (look(f) <= step)
		return false;
	f->told = step + 1;
	return true;
}

/* One step, tried again as the desk does: opened anew where the store says
 * that it must. */
static bool
one_step(Faulty *f, int i)
{
	StoreTrial *trial = &f->trial;

	for (int n = 0; n < TRIES; n++) {
		g_autoptr(GError) error = NULL;

		if (trial->desk.store == NULL ||
		    store_is_in_doubt(trial->desk.store)) {
			if (!open_again(f))
				return false;
			if (is_there(f, i))
				return true;
		}
		if (trial_step(trial,
			&g_array_index(trial->steps, TrialStep, (guint)i),
			&error)) {
			f->told = i + 1;
			return true;
		}
		assert_honest(f, error);
		if (is_there(f, i))
			return true;
	}
	return false;
}

/* Where the second mail begins the store is closed, as by a restart, so that
 * its log goes into the database and is deleted. */
static bool
restarts_at(Faulty *f, int step)
{
	const TrialStep *steps = (const TrialStep *)f->trial.steps->data;

	return step > 0 && steps[step].mail == 1 && steps[step - 1].mail == 0;
}

/* Whether the fault came about at all. */
static bool
one_run(Faulty *f, guint which, gint64 n, bool for_ever)
{
	gsize length;
	const void *base = g_bytes_get_data(f->trial.base, &length);
	guint hits;

	g_snprintf(f->what, sizeof(f->what), "%s %" G_GINT64_FORMAT " %s %d",
	    disk_call_names[faults[which].call], n,
	    for_ever ? "and ever" : "once", faults[which].code);
	trial_lay(&f->trial, base, length, NULL);
	f->told = 0;
	disk_fail(faults[which].call, n, for_ever, faults[which].code);
	for (int i = 0; i < (int)f->trial.steps->len;) {
		if (restarts_at(f, i))
			trial_close(&f->trial);
		if (one_step(f, i)) {
			i++;
			continue;
		}
		if (disk.fail_at == 0 || disk.hits == 0)
			g_error("%s: step %d does not go on", f->what, i);
		disk.fail_at = 0; /* the trouble is over */
		i = look(f);
		f->told = i;
	}
	hits = disk.hits;
	disk.fail_at = 0;
	g_assert_cmpint(look(f), ==, (int)f->trial.steps->len);
	trial_close(&f->trial);
	return hits > 0;
}

/* How many calls of each kind a run makes that nothing disturbs. */
static void
count_calls(Faulty *f, gint64 *ret_counts)
{
	g_assert_false(one_run(f, 0, 0, false));
	memcpy(ret_counts, disk.counts, sizeof(disk.counts));
}

static void
test_all(Faulty *f)
{
	guint runs = 0;

	for (guint which = 0; which < G_N_ELEMENTS(faults); which++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			gint64 n = 1;

			while (one_run(f, which, n, for_ever))
				n++;
			runs += (guint)n;
			g_test_message("%s fails with %d%s: %" G_GINT64_FORMAT
				       " places",
			    disk_call_names[faults[which].call],
			    faults[which].code, for_ever ? " for ever" : "",
			    n - 1);
		}
	}
	g_test_message("%u runs", runs);
}

static void
test_some(Faulty *f)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(trial_seed());
	gint64 counts[DISK_CALLS];

	count_calls(f, counts);
	for (int i = 0; i < RUNS; i++) {
		guint which = (guint)i % G_N_ELEMENTS(faults);
		gint64 most = counts[faults[which].call];

		one_run(f, which,
		    1 + g_rand_int_range(rand, 0, (gint32)MAX(most, 1)),
		    g_rand_boolean(rand));
	}
}

/* Where memory runs out while a mail is decided, SQLite's picture of the file
 * stayed wrong until the store was opened again. */
static void
test_no_memory(void)
{
	Faulty f = { 0 };
	guint which = 0;

	while (faults[which].call != DISK_READ ||
	    faults[which].code != SQLITE_NOMEM)
		which++;
	trial_set_up(&f.trial, false);
	for (gint64 n = 31; n <= 50; n++)
		one_run(&f, which, n, true);
	trial_clear(&f.trial);
}

static void
test_errors(void)
{
	Faulty f = { 0 };

	trial_set_up(&f.trial, false);
	if (g_getenv("LONG") != NULL)
		test_all(&f);
	else
		test_some(&f);
	trial_clear(&f.trial);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/io-errors/no-memory", test_no_memory);
	g_test_add_func("/io-errors/any-call", test_errors);
	return g_test_run();
}
