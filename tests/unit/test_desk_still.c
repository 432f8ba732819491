/*
 * The desk cannot stand still: readers die at any place, beside mails of any
 * size, and every mail ends decided.
 *
 * The desk is the real one, with its loop, store and mailboxes; the readers die
 * when a mail says so (fake-reader.h), and the intake only tells. This program
 * is its own children.
 */
#include "desk-fixture.h"
#include "telling-intake.h"

#include <signal.h>

#define MIB (1024L * 1024)

/* Seconds without a mail decided: it stands still. A loaded machine takes its
 * time, a sanitized reader more of it. */
#ifdef GUICHET_SANITIZED
# define STILL 120
#else
# define STILL 45
#endif

/* ---- a life of one desk ---- */

typedef struct {
	bool once;
	int readers;
	char *folder, *deaths;
	int delivered; /* mails, a second apart */
} Life;

static const char *const both[] = { "one", "two", NULL };

static void
life_begin(Life *life)
{
	life->folder = g_dir_make_tmp("guichet-XXXXXX", NULL);
	life->deaths = g_build_filename(life->folder, "deaths", NULL);
	for (gsize i = 0; both[i] != NULL; i++)
		make_maildir(life->folder, both[i]);
	make_maildir(life->folder, "out");
	g_assert_cmpint(g_mkdir(life->deaths, 0700), ==, 0);
	tell_children("deaths", life->deaths);
}

static void
life_end(Life *life)
{
	remove_site(life->folder);
	g_free(life->folder);
	g_free(life->deaths);
}

/* The next mail in the order of receipt, which kills so many readers. */
static void
put(Life *life, const char *box, gsize size, int deaths)
{
	g_autofree char *head = g_strdup_printf("X-Deaths: %d\r\nSubject: m%d",
	    deaths, life->delivered);

	g_test_message("%s: %d bytes, %d deaths", box, (int)size, deaths);
	deliver_large(life->folder, box, life->delivered++, head, size);
}

static void
run_desk(const Life *life)
{
	DeskOptions options = { .once = life->once,
		.at = life->once ? 1795200000 : INSTANT_NONE };
	DeskSite *site = site_in(life->folder, both);
	Store *store;

	site->conf->readers = life->readers;
	store = store_open(site->conf->store, STORE_MAKE, NULL);
	_exit(desk_run(desk_new(site, store, &options)));
}

/* What is decided is marked: it leaves new/. */
static int
count_decided(const Life *life)
{
	return (int)(count_files(life->folder, "one", "cur") +
	    count_files(life->folder, "two", "cur"));
}

/* Waits until so many are decided; stops the test if none is any more. */
static void
wait_for_decided(const Life *life, pid_t pid, int wanted)
{
	gint64 since = g_get_monotonic_time();
	int before = -1;

	for (;;) {
		int decided = count_decided(life);

		if (decided >= wanted)
			return;
		if (decided != before)
			since = g_get_monotonic_time();
		before = decided;
		if (g_get_monotonic_time() - since > STILL * G_USEC_PER_SEC) {
			kill(pid, SIGKILL);
			g_error("the desk stands still: %d of %d decided",
			    decided, life->delivered);
		}
		g_usleep(2000);
	}
}

static pid_t
life_start(const Life *life)
{
	pid_t pid = fork();

	if (pid == 0)
		run_desk(life);
	return pid;
}

/* Every mail was told of, once. */
static void
check_told(const Life *life)
{
	g_autofree char *path = g_build_filename(life->folder, "guichet.db",
	    NULL);
	g_autoptr(Store) store = store_open(path, STORE_READ, NULL);
	g_autofree char *story = NULL;
	g_auto(GStrv) words = NULL;

	g_assert_true(store_setting(store, "story", &story, NULL));
	g_test_message("%s", story);
	words = g_strsplit(g_strchomp(story), " ", -1);
	g_assert_cmpint((int)g_strv_length(words), ==, life->delivered);
}

static void
life_finish(Life *life, pid_t pid)
{
	wait_for_decided(life, pid, life->delivered);
	if (!life->once)
		g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
	g_assert_cmpint(wait_for(pid), ==, 0);
	check_told(life);
}

/* ---- the smallest input ---- */

/* A mail that loses its reader, then four large ones, then three good ones. */
static void
test_smallest(void)
{
	static const struct {
		bool once;
		int readers, deaths;
	} rows[] = { { true, 1, 1 }, { true, 2, 2 }, { false, 1, 2 } };
	gsize count = g_getenv("LONG") != NULL ? G_N_ELEMENTS(rows) : 1;

	for (gsize i = 0; i < count; i++) {
		Life life = { .once = rows[i].once,
			.readers = rows[i].readers };
		pid_t pid;

		life_begin(&life);
		put(&life, "one", 0, rows[i].deaths);
		for (int n = 0; n < 4; n++)
			put(&life, "one", 18 * MIB, 0);
		for (int n = 0; n < 3; n++)
			put(&life, "one", 0, 0);
		pid = life_start(&life);
		life_finish(&life, pid);
		life_end(&life);
	}
}

/* ---- every place of the window ---- */

/* Seven mails, more bytes than may be in flight, and one that kills: at each
 * place, once or for good, with one and several readers. */
static void
test_places(void)
{
	for (int place = 0; place < 7; place++) {
		for (int kind = 0; kind < 4; kind++) {
			Life life = { .once = kind % 2 == 0,
				.readers = kind < 2 ? 1 : 3 };
			pid_t pid;

			life_begin(&life);
			for (int n = 0; n < 7; n++)
				put(&life, n % 3 == 2 ? "two" : "one",
				    n % 2 == 0 ? 24 * MIB : 0,
				    n == place ? 1 + place % 2 : 0);
			pid = life_start(&life);
			life_finish(&life, pid);
			life_end(&life);
		}
	}
}

/* ---- random sequences ---- */

static gsize
any_size(GRand *rand, int *large)
{
	int kind = g_rand_int_range(rand, 0, 10);

	if (kind < 5 && *large > 0) {
		(*large)--;
		return (gsize)g_rand_int_range(rand, 15 * MIB, 25 * MIB - 1000);
	}
	return (gsize)(kind < 8 ? g_rand_int_range(rand, 0, 2000)
				: g_rand_int_range(rand, 0, MIB));
}

static void
put_some(Life *life, GRand *rand, int *large)
{
	int count = g_rand_int_range(rand, 4, 10);

	for (int i = 0; i < count; i++) {
		int deaths = g_rand_int_range(rand, 0, 8);

		/* The first of each mailbox kills as a rule. */
		put(life, g_rand_int_range(rand, 0, 4) == 0 ? "two" : "one",
		    i == 0 ? 0 : any_size(rand, large),
		    i == 0           ? 1 + deaths % 2
			: deaths < 3 ? deaths
				     : 0);
	}
}

static void
live(guint32 seed, bool once)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	Life life = { .once = once };
	int batches = once ? 1 : g_rand_int_range(rand, 1, 4);
	int large = g_getenv("LONG") != NULL ? 6 : 4;
	pid_t pid;

	life.readers = g_rand_int_range(rand, 1, 4);
	g_test_message("seed %u, %s, %d readers", seed, once ? "once" : "on",
	    life.readers);
	life_begin(&life);
	put_some(&life, rand, &large);
	pid = life_start(&life);
	/* What comes later comes while some are decided, others not. */
	for (int i = 1; i < batches; i++) {
		wait_for_decided(&life, pid, life.delivered / 2);
		put_some(&life, rand, &large);
	}
	life_finish(&life, pid);
	life_end(&life);
}

static void
test_random(void)
{
	const char *given = g_getenv("SEED");
	guint32 seed = given != NULL
	    ? (guint32)g_ascii_strtoull(given, NULL, 10)
	    : (guint32)g_test_rand_int();
	guint count = g_getenv("LONG") != NULL ? 60 : 1;

	for (guint i = 0; i < count; i++)
		live(seed + i, (seed + i) % 2 == 0);
}

int
main(int argc, char **argv)
{
	desk_test_begin(&argc, &argv, NULL);
	g_test_add_func("/desk-still/smallest", test_smallest);
	g_test_add_func("/desk-still/random", test_random);
	if (g_getenv("LONG") != NULL)
		g_test_add_func("/desk-still/places", test_places);
	return g_test_run();
}
