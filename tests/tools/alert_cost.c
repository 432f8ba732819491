/*
 * alert_cost ALERTS CONF TICKETS [CONF TICKETS]...: what an alert costs while
 * so many alerts' tickets are open, each with the mail that opened it: a
 * repeat of one of the latest thousand, which is what a storm brings; a repeat
 * of any of them, each far from the one before; one that opens and one that
 * recovers. For each desk a line of each: microseconds of processor, the best of many rounds, commits and their
 * share of checkpoints included; then, over all rounds, steps of SQLite's
 * machine, pages found in memory, pages read and pages written.
 *
 * The desks take turns, round by round, so that other work on the machine
 * bears on all of them alike.
 */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"

#include "../unit/open-alerts.h"
#include "../unit/store-work.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 20
#define BATCH  32   /* mails that the desk commits at once */
#define FILL   1000 /* tickets */
#define KEYS   1000 /* of a storm */

typedef enum {
	REPEAT,
	REPEAT_ANY,
	OPENING,
	KINDS
} Kind;

/* What one kind of alert has cost. */
typedef struct {
	double best; /* microseconds an alert */
	StoreWork work;
	int alerts;
} Cost;

typedef struct {
	Context *context;
	int tickets, mails;
	Cost costs[KINDS];
} Desk;

static GError *failed;

static void
must(bool done)
{
	if (!done) {
		fprintf(stderr, "alert_cost: %s\n",
		    failed != NULL ? failed->message : "failed");
		exit(APP_FAILED);
	}
}

static void
fill(Desk *desk)
{
	for (int i = 0; i < desk->tickets;) {
		g_autoptr(StoreTx) tx = store_begin(desk->context->store,
		    &failed);

		must(tx != NULL);
		for (int n = 0; n < FILL && i < desk->tickets; n++)
			must(open_alerts_add(desk->context->store, tx, i++,
			    &failed));
		must(store_commit(&tx, &failed));
	}
}

/* One mail, under a storm's rate. */
static void
take(Desk *desk, StoreTx *tx, const char *host, const char *type,
    const char *state)
{
	Instant at = OPEN_ALERTS_T0 + 120 * (Instant)++desk->mails;
	g_autofree char *text = open_alerts_mail(desk->mails,
	    "nagios@supervision.example", OPEN_ALERTS_TO, host, type, state);
	g_autofree char *name = g_strdup_printf("%d", desk->mails);
	StoredMail row = { .mailbox = (char *)"support",
		.name = name,
		.received = at,
		.trusted = at };
	g_autoptr(Message) message = open_alerts_deliver(tx, desk->mails, text,
	    at, &row.id, &failed);

	must(message != NULL && store_savepoint(tx, &failed) &&
	    intake_one(desk->context->intake, tx, &row, message, at, &failed) &&
	    store_release(tx, &failed));
}

static double
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void
add_work(StoreWork *sum, StoreWork more)
{
	sum->steps += more.steps;
	sum->found += more.found;
	sum->read += more.read;
	sum->written += more.written;
}

/* Whose turn it is: neighbours in time are none in the store. */
static int
choose(const Desk *desk, Kind kind, gint64 n)
{
	gint64 keys = MIN(desk->tickets, KEYS);

	if (kind == REPEAT)
		return (int)(desk->tickets - keys + n * 7919 % keys);
	if (kind == REPEAT_ANY)
		return (int)(n * 7919 % desk->tickets);
	return (int)(desk->tickets + n / 2);
}

static void
run_round(Desk *desk, int alerts, Kind kind)
{
	Cost *cost = &desk->costs[kind];
	Store *store = desk->context->store;
	g_autoptr(StoreTx) tx = NULL;
	double begun;

	store_work(store);
	begun = now();
	for (int i = 0; i < alerts; i++) {
		gint64 n = cost->alerts + i;
		g_autofree char *host = open_alerts_host(choose(desk, kind, n));
		bool fires = kind != OPENING || n % 2 == 0;

		if (tx == NULL)
			must((tx = store_begin(store, &failed)) != NULL);
		take(desk, tx, host, fires ? "PROBLEM" : "RECOVERY",
		    fires ? "WARNING" : "OK");
		if ((i + 1) % BATCH == 0 || i + 1 == alerts)
			must(store_commit(&tx, &failed));
	}
	cost->best = MIN(cost->best, (now() - begun) / alerts);
	cost->alerts += alerts;
	add_work(&cost->work, store_work(store));
}

static void
tell(const Cost *cost)
{
	double n = cost->alerts;

	printf("%.1f %.1f %.1f %.2f %.2f\n", cost->best,
	    (double)cost->work.steps / n, (double)cost->work.found / n,
	    (double)cost->work.read / n, (double)cost->work.written / n);
}

int
main(int argc, char **argv)
{
	int alerts = argc >= 4 ? atoi(argv[1]) : 0;
	int count = (argc - 2) / 2;
	g_autofree Desk *desks = g_new0(Desk, MAX(count, 1));

	if (alerts < 1 || argc % 2 != 0) {
		fputs("usage: alert_cost ALERTS CONF TICKETS "
		      "[CONF TICKETS]...\n",
		    stderr);
		return APP_USAGE;
	}
	for (int i = 0; i < count; i++) {
		desks[i].context = context_open(argv[2 + 2 * i],
		    CONTEXT_RULES | CONTEXT_WRITE | CONTEXT_SECRETS);
		if (desks[i].context == NULL)
			return APP_FAILED;
		desks[i].tickets = MAX(atoi(argv[3 + 2 * i]), 1);
		for (int k = 0; k < KINDS; k++)
			desks[i].costs[k].best = 1e18;
		fill(&desks[i]);
	}
	for (int i = 0; i < ROUNDS * count; i++) {
		for (int k = 0; k < KINDS; k++)
			run_round(&desks[i % count], alerts, (Kind)k);
	}
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < KINDS; k++)
			tell(&desks[i].costs[k]);
		context_free(desks[i].context);
	}
	return APP_DONE;
}
