/* Whose turn it is, and that somebody's always is. */
#include "guichet/daemon/turns.h"

#include <glib.h>

#include <string.h>

#define MIB     (1024L * 1024)
#define LARGEST (25 * MIB)
#define BUDGET  (64 * MIB)

/* ---- a table ---- */

/* A mail in three letters: its mailbox a or b; w waits, r being read, d read
 * (done), x set aside, s spent; and its size: 0, or 9 for 18 MiB. "!": alone. */
static Turn
turn_of(const char *word)
{
	Turn turn = { .mailbox = word[0] == 'a' ? "a" : "b" };

	turn.state = word[1] == 'r' ? TURN_READING
	    : word[1] == 'd'        ? TURN_READ
	    : word[1] == 'x'        ? TURN_ASIDE
				    : TURN_WAITS;
	turn.spent = word[1] == 's';
	turn.size = word[2] == '9' ? 18 * MIB : 1000;
	turn.alone = word[3] == '!';
	return turn;
}

/* "d" may be decided, "r" may be read, "-" neither. */
static char *
verdicts(const char *words, bool one_order, guint readers, guint mails)
{
	const TurnLimits limits = { one_order, readers, mails, BUDGET };
	g_auto(GStrv) list = g_strsplit(words, " ", -1);
	gsize count = g_strv_length(list);
	g_autofree Turn *turns = g_new0(Turn, count);
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < count; i++)
		turns[i] = turn_of(list[i]);
	turns_judge(turns, count, &limits);
	for (gsize i = 0; i < count; i++)
		g_string_append_c(text,
		    turns[i].may_decide     ? 'd'
			: turns[i].may_read ? 'r'
					    : '-');
	return g_string_free(text, FALSE);
}

static void
test_table(void)
{
	static const struct {
		const char *words;
		bool one_order;
		guint readers, mails;
		const char *verdicts;
	} rows[] = {
		{ "aw0 aw0 bw0", false, 2, 36, "rrr" },
		/* in order, each mailbox its own or one for all */
		{ "ad0 ar0 ad0 bd0", false, 2, 36, "d--d" },
		{ "ad0 ar0 ad0 bd0", true, 2, 36, "d---" },
		/* nothing blocks that is set aside, or spent */
		{ "ax0 ad0", false, 2, 36, "-d" },
		{ "as0 ad0", false, 2, 36, "dd" },
		/* S1: the head lost its reader, those behind hold all bytes */
		{ "aw0 ad9 ad9 ad9 ad9 aw0", false, 1, 36, "r-----" },
		{ "aw9 ad9 ad9 ad9 ad9 aw0", true, 1, 36, "r-----" },
		{ "aw0 ar9 ar9 ad9 ad9 aw0", false, 2, 36, "r-----" },
		/* or all places */
		{ "aw0 ad0 ad0 ad0", false, 1, 3, "r---" },
		{ "aw0 ad0 ad0 ad0 bw0 bd0", false, 2, 3, "r---r-" },
		/* no more heads than readers beyond the budget */
		{ "aw0 ad0 ad0 ad0 bw0 bd0", false, 1, 3, "r-----" },
		{ "ar0 ad0 ad0 ad0 bw0 bd0", false, 1, 3, "------" },
		/* the last of them may go beyond the bytes, not two */
		{ "aw9 aw9 aw9 aw9 aw9 aw0", false, 1, 36, "rrrr--" },
		/* what may have ended the desk is read alone, in order */
		{ "aw0! aw0! bw0", false, 2, 36, "r--" },
		{ "aw0 aw0!", false, 2, 36, "r-" },
		{ "ar0! aw0! bw0", false, 2, 36, "---" },
		{ "aw0! ad0 ad0!", false, 2, 36, "r--" },
		{ "ax0! aw0 aw0", false, 2, 36, "-rr" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = verdicts(rows[i].words,
		    rows[i].one_order, rows[i].readers, rows[i].mails);

		g_test_message("%s", rows[i].words);
		g_assert_cmpstr(got, ==, rows[i].verdicts);
	}
}

/* ---- random lives ---- */

#define ATTEMPTS 2

typedef struct {
	Turn turn;
	int number; /* its place in the order */
	int deaths; /* readers that it will still kill */
	int attempts;
	int failures; /* of its decision, then it is set aside */
} Mail;

typedef struct {
	GRand *rand;
	TurnLimits limits;
	GPtrArray *mails; /* Mail *, in the order of decision */
	int arrivals;     /* still to come */
	int boxes;
	bool in_order; /* none arrives that was received before another */
	int arrived, decided, aside;
} World;

static const char *const names[] = { "a", "b", "c", "d" };

static bool
chance(World *w, int percent)
{
	return g_rand_int_range(w->rand, 0, 100) < percent;
}

static gint
compare_mails(gconstpointer a, gconstpointer b)
{
	return (*(Mail *const *)a)->number - (*(Mail *const *)b)->number;
}

static void
arrive(World *w)
{
	Mail *mail = g_new0(Mail, 1);

	mail->turn.mailbox = names[g_rand_int_range(w->rand, 0, w->boxes)];
	mail->turn.size = chance(w, 50)
	    ? g_rand_int_range(w->rand, 1, (gint32)LARGEST + 1)
	    : 1000;
	mail->turn.alone = chance(w, 5);
	mail->deaths = chance(w, 30) ? g_rand_int_range(w->rand, 1, 4) : 0;
	mail->failures = chance(w, 3);
	/* Mostly at the end. */
	mail->number = 1000 * ++w->arrived;
	if (!w->in_order && chance(w, 20))
		mail->number = g_rand_int_range(w->rand, 0, mail->number);
	g_ptr_array_add(w->mails, mail);
	g_ptr_array_sort(w->mails, compare_mails);
	w->arrivals--;
}

/* A reader answers or dies. */
static void
end_reading(Mail *mail)
{
	mail->turn.state = mail->deaths > 0 ? TURN_WAITS : TURN_READ;
	mail->deaths -= mail->deaths > 0;
	mail->turn.spent = mail->attempts >= ATTEMPTS + mail->turn.alone;
}

static void
judge(World *w, Turn *turns)
{
	for (guint i = 0; i < w->mails->len; i++)
		turns[i] = ((Mail *)w->mails->pdata[i])->turn;
	turns_judge(turns, w->mails->len, &w->limits);
}

/* What the desk does in one turn; whether it did anything. */
static bool
desk_turn(World *w)
{
	g_autofree Turn *turns = g_new0(Turn, w->mails->len + 1);
	bool moved = false;

	judge(w, turns);
	for (guint i = w->mails->len; i-- > 0;) {
		Mail *mail = w->mails->pdata[i];

		if (turns[i].may_read) {
			mail->turn.state = TURN_READING;
			mail->attempts++;
		} else if (turns[i].may_decide && mail->failures > 0) {
			mail->turn.state = TURN_ASIDE;
			w->aside++;
		} else if (turns[i].may_decide) {
			g_free(g_ptr_array_steal_index(w->mails, i));
			w->decided++;
		} else {
			continue;
		}
		moved = true;
	}
	return moved;
}

/* How many are being read. What is held in memory is bounded, but for what a
 * mail received earlier comes to stand before. */
static guint
check_bounds(const World *w)
{
	gint64 bytes = 0;
	guint reading = 0;

	for (guint i = 0; i < w->mails->len; i++) {
		const Mail *mail = w->mails->pdata[i];

		reading += mail->turn.state == TURN_READING;
		if (mail->turn.state == TURN_READING ||
		    mail->turn.state == TURN_READ)
			bytes += mail->turn.size;
	}
	if (w->in_order)
		g_assert_cmpint(bytes, <=,
		    w->limits.bytes +
			(1 + (gint64)w->limits.readers) * LARGEST);
	return reading;
}

static Mail *
any_reading(World *w, guint reading)
{
	gint32 which = g_rand_int_range(w->rand, 0, (gint32)reading);

	for (guint i = 0;; i++) {
		Mail *mail = w->mails->pdata[i];

		if (mail->turn.state == TURN_READING && which-- == 0)
			return mail;
	}
}

static void
live(guint32 seed)
{
	World w = { .rand = g_rand_new_with_seed(seed) };
	int all;

	w.mails = g_ptr_array_new();
	w.in_order = chance(&w, 50);
	w.boxes = g_rand_int_range(w.rand, 1, 5);
	w.arrivals = all = g_rand_int_range(w.rand, 1, 60);
	w.limits.one_order = chance(&w, 50);
	w.limits.readers = (guint)g_rand_int_range(w.rand, 1, 5);
	w.limits.mails = (guint)g_rand_int_range(w.rand, 1, 40);
	w.limits.bytes = BUDGET;
	while (w.decided + w.aside < all) {
		guint reading;
		bool moved;

		if (w.arrivals > 0 && chance(&w, 60))
			arrive(&w);
		moved = desk_turn(&w);
		reading = check_bounds(&w);
		/* Nobody's turn, nobody reading, and none to come. */
		if (!moved && reading == 0 && w.arrivals == 0)
			g_error("seed %u stands still with %u mails", seed,
			    w.mails->len);
		if (reading > 0 && chance(&w, 70))
			end_reading(any_reading(&w, reading));
	}
	g_ptr_array_foreach(w.mails, (GFunc)(void (*)(void))g_free, NULL);
	g_ptr_array_unref(w.mails);
	g_rand_free(w.rand);
}

/* Arrivals, deaths and sizes in any order: every mail ends decided, or set
 * aside where its decision fails. */
static void
test_lives(void)
{
	guint32 first = (guint32)g_test_rand_int();
	guint count = g_getenv("LONG") != NULL ? 200000 : 2000;

	g_test_message("seeds from %u", first);
	for (guint i = 0; i < count; i++)
		live(first + i);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/turns/table", test_table);
	g_test_add_func("/turns/lives", test_lives);
	return g_test_run();
}
