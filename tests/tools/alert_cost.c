/*
 * alert_cost ALERTS CONF TICKETS [CONF TICKETS]...: what an alert costs while
 * so many alerts' tickets are open, each with the mail that opened it: a
 * repeat, then one that opens and one that recovers. For each desk a line of
 * each: microseconds of processor, the best of many rounds, commits and their
 * share of checkpoints included; then, over all rounds, steps of SQLite's
 * machine, pages found in memory, pages read and pages written.
 *
 * The desks take turns, round by round, so that other work on the machine
 * bears on all of them alike.
 */
#include "guichet/app.h"
#include "guichet/context.h"
#include "guichet/store_alert.h"

#include "../unit/store-work.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 20
#define BATCH  32         /* mails that the desk commits at once */
#define FILL   1000       /* tickets */
#define T0     1795190400 /* 2026-11-20T16:00:00Z */

/* What one kind of alert has cost. */
typedef struct {
	double best; /* microseconds an alert */
	StoreWork work;
	int alerts;
} Cost;

typedef struct {
	Context *context;
	int tickets, mails;
	Cost repeats, openings;
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

static char *
host_of(int number)
{
	return g_strdup_printf("h%d.brasserie-lambic", number);
}

/* Raw in the store, not yet decided. */
static Message *
deliver(Desk *desk, StoreTx *tx, const char *host, const char *type,
    const char *state, Instant at, StoredMail *ret_row)
{
	g_autofree char *text = g_strdup_printf(
	    "Delivered-To: help+k3v9q2w8x7t5m4n6p1rz@desk.example\n"
	    "Message-ID: <cost.%d@supervision.example>\n"
	    "From: nagios@supervision.example\n"
	    "To: help+k3v9q2w8x7t5m4n6p1rz@desk.example\n"
	    "Subject: ** %s Service Alert: %s/load is %s **\n\n"
	    "***** Nagios *****\n\nNotification Type: %s\n\n"
	    "Service: load\nHost: %s\nState: %s\n",
	    ++desk->mails, type, host, state, type, host, state);
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	bool known;

	*ret_row = (StoredMail){ .mailbox = (char *)"support",
		.name = g_strdup_printf("%d", desk->mails),
		.received = at,
		.trusted = at,
		.size = (gint64)strlen(text),
		.behind = true };
	must(store_add_mail(tx, ret_row, raw, &ret_row->id, &known, &failed));
	return message_parse((const guint8 *)text, strlen(text), false);
}

/* An open ticket as an alert leaves it. */
static void
add_open(Desk *desk, StoreTx *tx, int number)
{
	Store *store = desk->context->store;
	Instant at = T0 - 86400;
	g_autofree char *host = host_of(number);
	g_autofree char *key = g_strconcat(host, "/load", NULL);
	g_autoptr(AlertCase) one = alert_case_new("supervision", "nagios", key);
	g_autofree char *whole = alert_case_ticket_key(one);
	StoredMail row;
	g_autoptr(Message) message = deliver(desk, tx, host, "PROBLEM",
	    "WARNING", at, &row);
	g_autoptr(Event) open = event_new(EVENT_OPENED, 0, at, "mail", row.id);
	g_autoptr(Event) alert = NULL;
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(GPtrArray) clocks = g_ptr_array_new();

	event_set(open, "kind", "incident");
	event_set_int(open, "severity", 3);
	event_set(open, "source", "alert");
	must(store_append(tx, open, &failed));
	alert = event_new(EVENT_ALERT, open->ticket, at, "mail", row.id);
	event_set(alert, "key", whole);
	must(store_append(tx, alert, &failed) &&
	    store_mail_done(tx, row.id, message, at, open->ticket, 0, "alert",
		"internal", NULL, &failed) &&
	    store_mail_marked(tx, row.id, &failed) &&
	    store_ticket(store, open->ticket, &ticket, &failed) &&
	    store_project(tx, ticket, clocks, INSTANT_NONE, &failed));
	one->ticket = open->ticket;
	one->firing = true;
	one->level = ALERT_LEVEL_WARNING;
	one->count = 20;
	one->first = one->last = one->turned = one->opened = at;
	must(store_put_alert(tx, one, &failed));
	g_free(row.name);
}

static void
fill(Desk *desk)
{
	for (int i = 0; i < desk->tickets;) {
		g_autoptr(StoreTx) tx = store_begin(desk->context->store,
		    &failed);

		must(tx != NULL);
		for (int n = 0; n < FILL && i < desk->tickets; n++)
			add_open(desk, tx, i++);
		must(store_commit(&tx, &failed));
	}
}

/* One mail, under a storm's rate. */
static void
take(Desk *desk, StoreTx *tx, const char *host, const char *type,
    const char *state)
{
	Instant at = T0 + 120 * (Instant)(desk->mails - desk->tickets + 1);
	StoredMail row;
	g_autoptr(Message) message = deliver(desk, tx, host, type, state, at,
	    &row);
	g_autoptr(GBytes) raw = g_bytes_new_static("", 0);

	must(intake_one(desk->context->intake, tx, &row, raw, message, at,
	    &failed));
	g_free(row.name);
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

static void
run_round(Desk *desk, int alerts, bool repeats)
{
	Cost *cost = repeats ? &desk->repeats : &desk->openings;
	Store *store = desk->context->store;
	g_autoptr(StoreTx) tx = NULL;
	double begun;

	store_work(store);
	begun = now();
	for (int i = 0; i < alerts; i++) {
		gint64 n = cost->alerts + i;
		g_autofree char *host = host_of(
		    (int)(repeats ? n * 7919 % desk->tickets
				  : desk->tickets + n / 2));
		bool fires = repeats || n % 2 == 0;

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
		desks[i].repeats.best = desks[i].openings.best = 1e18;
		fill(&desks[i]);
	}
	for (int i = 0; i < ROUNDS * count; i++) {
		run_round(&desks[i % count], alerts, true);
		run_round(&desks[i % count], alerts, false);
	}
	for (int i = 0; i < count; i++) {
		tell(&desks[i].repeats);
		tell(&desks[i].openings);
		context_free(desks[i].context);
	}
	return APP_DONE;
}
