/*
 * alert_cost CONF TICKETS ALERTS: what an alert costs while so many alerts'
 * tickets are open, each with the mail that opened it: a repeat, then one that
 * opens and one that recovers. A line for each: microseconds of processor, the
 * best of several rounds, commits and their share of checkpoints included;
 * then, over all rounds, steps of SQLite's machine, pages found in memory,
 * pages read and pages written.
 */
#include "guichet/app.h"
#include "guichet/context.h"
#include "guichet/store_alert.h"

#include "../unit/store-work.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 7
#define BATCH  32         /* mails that the desk commits at once */
#define FILL   1000       /* tickets */
#define T0     1795190400 /* 2026-11-20T16:00:00Z */

/* What one kind of alert has cost. */
typedef struct {
	double best; /* microseconds an alert */
	StoreWork work;
	int alerts;
} Cost;

static Context *context;
static GError *failed;
static int serial;

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
deliver(StoreTx *tx, const char *host, const char *type, const char *state,
    Instant at, StoredMail *ret_row)
{
	g_autofree char *text = g_strdup_printf(
	    "Delivered-To: help+k3v9q2w8x7t5m4n6p1rz@desk.example\n"
	    "Message-ID: <cost.%d@supervision.example>\n"
	    "From: nagios@supervision.example\n"
	    "To: help+k3v9q2w8x7t5m4n6p1rz@desk.example\n"
	    "Subject: ** %s Service Alert: %s/load is %s **\n\n"
	    "***** Nagios *****\n\nNotification Type: %s\n\n"
	    "Service: load\nHost: %s\nState: %s\n",
	    ++serial, type, host, state, type, host, state);
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	bool known;

	*ret_row = (StoredMail){ .mailbox = (char *)"support",
		.name = g_strdup_printf("%d", serial),
		.received = at,
		.trusted = at,
		.size = (gint64)strlen(text),
		.behind = true };
	must(store_add_mail(tx, ret_row, raw, &ret_row->id, &known, &failed));
	return message_parse((const guint8 *)text, strlen(text), false);
}

/* An open ticket as an alert leaves it. */
static void
add_open(StoreTx *tx, int number)
{
	Instant at = T0 - 86400;
	g_autofree char *host = host_of(number);
	g_autofree char *key = g_strconcat(host, "/load", NULL);
	g_autoptr(AlertCase) one = alert_case_new("supervision", "nagios", key);
	g_autofree char *whole = alert_case_ticket_key(one);
	StoredMail row;
	g_autoptr(Message) message = deliver(tx, host, "PROBLEM", "WARNING", at,
	    &row);
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
	    store_ticket(context->store, open->ticket, &ticket, &failed) &&
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
fill(int tickets)
{
	for (int i = 0; i < tickets;) {
		g_autoptr(StoreTx) tx = store_begin(context->store, &failed);

		must(tx != NULL);
		for (int n = 0; n < FILL && i < tickets; n++)
			add_open(tx, i++);
		must(store_commit(&tx, &failed));
	}
}

/* One mail, under a storm's rate. */
static void
take(StoreTx *tx, const char *host, const char *type, const char *state)
{
	static Instant at = T0;
	StoredMail row;
	g_autoptr(Message) message = deliver(tx, host, type, state, at += 120,
	    &row);
	g_autoptr(GBytes) raw = g_bytes_new_static("", 0);

	must(intake_one(context->intake, tx, &row, raw, message, at, &failed));
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
run_round(Cost *cost, int tickets, int alerts, bool repeats)
{
	g_autoptr(StoreTx) tx = NULL;
	double begun;

	store_work(context->store);
	begun = now();
	for (int i = 0; i < alerts; i++) {
		gint64 n = cost->alerts + i;
		g_autofree char *host = host_of(
		    (int)(repeats ? n * 7919 % tickets : tickets + n / 2));
		bool fires = repeats || n % 2 == 0;

		if (tx == NULL)
			must((tx = store_begin(context->store, &failed)) !=
			    NULL);
		take(tx, host, fires ? "PROBLEM" : "RECOVERY",
		    fires ? "WARNING" : "OK");
		if ((i + 1) % BATCH == 0 || i + 1 == alerts)
			must(store_commit(&tx, &failed));
	}
	cost->best = MIN(cost->best, (now() - begun) / alerts);
	cost->alerts += alerts;
	add_work(&cost->work, store_work(context->store));
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
	int tickets = argc == 4 ? atoi(argv[2]) : 0;
	int alerts = argc == 4 ? atoi(argv[3]) : 0;
	Cost repeats = { .best = 1e18 }, openings = { .best = 1e18 };

	if (tickets < 1 || alerts < 1) {
		fputs("usage: alert_cost CONF TICKETS ALERTS\n", stderr);
		return APP_USAGE;
	}
	context = context_open(argv[1],
	    CONTEXT_RULES | CONTEXT_WRITE | CONTEXT_SECRETS);
	if (context == NULL)
		return APP_FAILED;
	fill(tickets);
	for (int round = 0; round < ROUNDS; round++) {
		run_round(&repeats, tickets, alerts, true);
		run_round(&openings, tickets, alerts, false);
	}
	tell(&repeats);
	tell(&openings);
	context_free(context);
	return APP_DONE;
}
