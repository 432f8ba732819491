/*
 * The power lost at any moment of some mails' way through the store
 * (doc/security.md 4.3, P6): it opens, its pages fit, every step whose commit
 * was told is there and none by half, and the way goes on to the same end.
 *
 * Of what was not synced the disk keeps any part, in any order, torn at 512
 * bytes. LOSSES of them, ten thousand with LONG; SEED repeats a run.
 */
#include "store-trial.h"

#define LOSSES      250
#define LOSSES_LONG 10000
#define GO_ON_EVERY 10 /* of these losses the way is gone on with to its end */

static void
lay_loss(StoreTrial *trial, guint changes, GRand *rand)
{
	g_autofree char *wal = g_strconcat(trial->path, "-wal", NULL);
	g_autoptr(GByteArray) db = disk_image(disk_place(trial->path),
	    trial->base, changes, rand);
	g_autoptr(GByteArray) log = disk_image(disk_place(wal), NULL, changes,
	    rand);

	g_assert_nonnull(db);
	trial_lay(trial, db->data, db->len, log);
}

/* How many steps had been told as done. */
static int
steps_told(StoreTrial *trial, guint changes)
{
	guint done = 0;

	while (done + 1 < trial->told->len &&
	    g_array_index(trial->told, guint, done + 1) <= changes)
		done++;
	return (int)done;
}

static void
go_on(StoreTrial *trial, int from)
{
	g_autofree char *hash = NULL;

	for (guint i = (guint)from; i < trial->steps->len; i++) {
		g_autoptr(GError) error = NULL;

		trial_step(trial, &g_array_index(trial->steps, TrialStep, i),
		    &error);
		g_assert_no_error(error);
	}
	hash = store_hash(trial->desk.store->db);
	g_assert_cmpstr(hash, ==, trial->after->pdata[trial->steps->len]);
}

/* Whether a step was found whose commit nobody had been told of yet. */
static bool
lose_power(StoreTrial *trial, guint changes, GRand *rand, bool to_the_end)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *sound = NULL;
	int told = steps_told(trial, changes), found;

	lay_loss(trial, changes, rand);
	trial_open(trial, &error);
	g_assert_no_error(error);
	sound = store_integrity(trial->desk.store->db);
	g_assert_cmpstr(sound, ==, "ok");
	found = trial_holds(trial, trial->desk.store->db);
	if (found != told && found != told + 1)
		g_error("after %u of %u changes: %d steps were told, the "
			"store holds %d",
		    changes, disk.journal->len, told, found);
	if (to_the_end)
		go_on(trial, found);
	trial_close(trial);
	return found > told;
}

static void
test_losses(void)
{
	StoreTrial trial = { 0 };
	g_autoptr(GRand) rand = g_rand_new_with_seed(trial_seed());
	int losses = g_getenv("LONG") != NULL ? LOSSES_LONG : LOSSES;
	int ahead = 0;
	GArray *journal;

	trial_set_up(&trial, true);
	journal = disk.journal;
	g_assert_cmpuint(journal->len, >, 100);
	for (int i = 0; i < losses; i++) {
		guint changes = (guint)g_rand_int_range(rand, 0,
		    (gint32)journal->len + 1);

		/* A trial writes itself, which belongs to no journal. */
		disk.is_idle = true;
		ahead += lose_power(&trial, changes, rand,
		    i % GO_ON_EVERY == 0);
		disk.is_idle = false;
	}
	g_test_message("%d losses over %u changes and %u steps; %d had the "
		       "step of which nobody had been told",
	    losses, journal->len, trial.steps->len, ahead);
	trial_clear(&trial);
}

/* That the disk of these tests loses what it should: of two writes, the first
 * synced, any part of the second. */
static void
test_disk(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	bool lost = false, whole = false, torn = false;

	disk_install();
	disk_keep_journal();
	for (int i = 0; i < 3; i++) {
		DiskChange change = { i == 1 ? DISK_SYNC : DISK_WRITE, 0, 0,
			NULL };

		if (i != 1)
			change.bytes = g_bytes_new_take(
			    g_strnfill(2 * DISK_SECTOR, i == 0 ? 'a' : 'b'),
			    2 * DISK_SECTOR);
		g_array_append_val(disk.journal, change);
	}
	for (int i = 0; i < 100; i++) {
		g_autoptr(GByteArray) image = disk_image(0, NULL, 3, rand);

		g_assert_cmpuint(image->len, ==, 2 * DISK_SECTOR);
		lost = lost || !memchr(image->data, 'b', image->len);
		whole = whole || !memchr(image->data, 'a', image->len);
		torn = torn ||
		    (memchr(image->data, 'a', image->len) &&
			memchr(image->data, 'b', image->len));
	}
	g_assert_true(lost && whole && torn);
	disk_uninstall();
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/power-loss/disk", test_disk);
	g_test_add_func("/power-loss/any-moment", test_losses);
	return g_test_run();
}
