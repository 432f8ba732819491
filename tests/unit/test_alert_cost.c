/*
 * What an alert costs must not grow with the tickets that are open: the same
 * work is done beside FEW and beside MANY of them, and counted by SQLite
 * itself, which no load on the machine bends. A scan of what is open shows as
 * steps, a look-up without an index as rows passed.
 */
#include "intake-fixture.h"

#include "guichet/rounds/tick.h"

#include "open-alerts.h"
#include "store-work.h"

#define FEW    100
#define MANY   5000
#define BATCH  500 /* tickets made in one transaction */
#define ROUNDS 5

#define STRANGER "nagios@elsewhere.example"

static void
add_open(Desk *desk, int tickets)
{
	for (int i = 0; i < tickets;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

		g_assert_no_error(error);
		for (int n = 0; n < BATCH && i < tickets; n++) {
			open_alerts_add(desk->store, tx, i++, &error);
			g_assert_no_error(error);
		}
		store_commit(&tx, &error);
		g_assert_no_error(error);
	}
}

/* ---- what is done ---- */

static void
take(Desk *desk, const char *from, const char *to, int host, const char *type,
    const char *state)
{
	int serial = (int)desk->mails + 1;
	g_autofree char *name = open_alerts_host(host);
	g_autofree char *text = open_alerts_mail(serial, from, to, name, type,
	    state);

	desk_deliver(desk, text, T0 + 600 * serial);
}

static void
repeat(Desk *desk, int round)
{
	take(desk, "nagios@supervision.example", OPEN_ALERTS_TO, 10 + round,
	    "PROBLEM", "WARNING");
}

static void
worsen(Desk *desk, int round)
{
	take(desk, "nagios@supervision.example", OPEN_ALERTS_TO, 20 + round,
	    "PROBLEM", "CRITICAL");
}

static void
recover(Desk *desk, int round)
{
	take(desk, "nagios@supervision.example", OPEN_ALERTS_TO, 30 + round,
	    "RECOVERY", "OK");
}

static void
open_new(Desk *desk, int round)
{
	take(desk, "nagios@supervision.example", OPEN_ALERTS_TO,
	    MANY + 10 * round, "PROBLEM", "WARNING");
}

/* Of what a known source says already, and of nothing that is known. */
static void
hear_strangers(Desk *desk, int round)
{
	take(desk, STRANGER, "help@desk.example", 40 + round, "PROBLEM",
	    "WARNING");
	take(desk, STRANGER, "help@desk.example", MANY + 10 * round + 1,
	    "PROBLEM", "WARNING");
}

static void
write_as_client(Desk *desk, int round)
{
	g_autofree char *text = g_strdup_printf("Message-ID: <%u@x.example>\n"
						"From: " JEANNE "\n"
						"To: help@desk.example\n"
						"Subject: Panne %u\n\n"
						"Bonjour, plus rien ne va.\n",
	    desk->mails, desk->mails);

	(void)round;
	desk_deliver(desk, text, T0 + 600 * (Instant)desk->mails);
}

/* What the desk asks at each turn, with nothing due. */
static void
turn(Desk *desk, int round)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) sends = NULL;
	g_autoptr(GPtrArray) first = NULL;
	g_autoptr(GPtrArray) unread = NULL;
	g_autoptr(StoreTx) tx = NULL;
	Instant wake, next;

	(void)round;
	tick_next(desk->intake, T0, &wake, &error);
	g_assert_no_error(error);
	store_outbox_next(desk->store, &next, &error);
	g_assert_no_error(error);
	sends = store_outbox_due(desk->store, T0 - 3600, 10, &error);
	g_assert_no_error(error);
	first = store_unread_first(desk->store, 64, &error);
	g_assert_no_error(error);
	unread = store_unread_mails(desk->store, 64, &error);
	g_assert_no_error(error);
	tx = store_begin(desk->store, &error);
	g_assert_no_error(error);
	tick_due(desk->intake, tx, T0 - 3600, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

static const struct {
	const char *name;
	void (*work)(Desk *desk, int round);
} rows[] = {
	{ "a repeat", repeat },
	{ "a worse state", worsen },
	{ "a recovery", recover },
	{ "an opening", open_new },
	{ "strangers", hear_strangers },
	{ "a client", write_as_client },
	{ "a turn", turn },
};

/* ---- counted ---- */

static void
keep_least(StoreWork *least, StoreWork work)
{
	least->steps = MIN(least->steps, work.steps);
	least->scanned = MIN(least->scanned, work.scanned);
	least->found = MIN(least->found, work.found + work.read);
	least->written = MIN(least->written, work.written);
}

/* The first time prepares the statements and warms what is read, and now and
 * then FTS5 joins its parts: the least of some rounds. */
static void
measure(int tickets, StoreWork *works)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk,
	    "alert_sources:\n"
	    "- {name: " OPEN_ALERTS_SOURCE ", address: " OPEN_ALERTS_TO
	    ", require: token}\n");
	add_open(&desk, tickets);
	for (int round = 0; round < ROUNDS; round++) {
		for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
			store_work(desk.store);
			rows[i].work(&desk, round);
			if (round == 0)
				works[i] = store_work(desk.store);
			else
				keep_least(&works[i], store_work(desk.store));
		}
	}
}

static void
test_independent(void)
{
	StoreWork few[G_N_ELEMENTS(rows)], many[G_N_ELEMENTS(rows)];

	measure(FEW, few);
	measure(MANY, many);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message(
		    "%s: steps %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
		    ", rows passed %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
		    ", pages %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
		    ", written %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
		    rows[i].name, few[i].steps, many[i].steps, few[i].scanned,
		    many[i].scanned, few[i].found, many[i].found,
		    few[i].written, many[i].written);
		g_assert_cmpint(few[i].steps, >, 20);
		g_assert_cmpint(many[i].steps, <=,
		    few[i].steps + few[i].steps / 20 + 20);
		g_assert_cmpint(many[i].scanned, <=, few[i].scanned + 10);
		/* One level more of a few trees, no more. */
		g_assert_cmpint(many[i].found, <=,
		    few[i].found + few[i].found / 2 + 10);
		g_assert_cmpint(many[i].written, <=, few[i].written + 16);
	}
}

/* The measure itself: one question without an index is seen. */
static void
test_scan_is_seen(void)
{
	g_auto(Desk) desk = { 0 };
	StoreWork before, after;

	desk_set_up(&desk, "");
	add_open(&desk, FEW);
	store_work(desk.store);
	turn(&desk, 0);
	before = store_work(desk.store);
	turn(&desk, 0);
	{
		g_auto(Stmt) q = stmt_read(desk.store,
		    "SELECT count(*) FROM alert WHERE host = 'h1'");
		gint64 count;

		g_assert_true(stmt_one(&q, 0, &count, NULL));
	}
	after = store_work(desk.store);
	g_assert_cmpint(after.steps, >, before.steps + FEW);
	g_assert_cmpint(after.scanned, >=, before.scanned + FEW - 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/alert-cost/scan-is-seen", test_scan_is_seen);
	g_test_add_func("/alert-cost/independent", test_independent);
	return g_test_run();
}
