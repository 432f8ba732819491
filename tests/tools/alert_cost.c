/*
 * alert_cost CONF TICKETS ALERTS: what an alert costs while so many alerts'
 * tickets are open, in microseconds of processor, the best of several rounds:
 * a repeat, then one that opens and one that recovers.
 */
#include "guichet/app.h"
#include "guichet/context.h"
#include "guichet/store_alert.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 7
#define T0     1795190400 /* 2026-11-20T16:00:00Z */

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

/* An open ticket as an alert leaves it. */
static void
add_open(StoreTx *tx, int number)
{
	g_autofree char *key = g_strdup_printf("h%d.brasserie-lambic/load",
	    number);
	g_autoptr(AlertCase) one = alert_case_new("supervision", "nagios", key);
	g_autofree char *whole = alert_case_ticket_key(one);
	g_autoptr(Event) open = event_new(EVENT_OPENED, 0, T0 - 86400, "mail",
	    0);
	g_autoptr(Event) alert = NULL;
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(GPtrArray) clocks = g_ptr_array_new();

	event_set(open, "kind", "incident");
	event_set_int(open, "severity", 3);
	event_set(open, "source", "alert");
	must(store_append(tx, open, &failed));
	alert = event_new(EVENT_ALERT, open->ticket, T0 - 86400, "mail", 0);
	event_set(alert, "key", whole);
	must(store_append(tx, alert, &failed) &&
	    store_ticket(context->store, open->ticket, &ticket, &failed) &&
	    store_project(tx, ticket, clocks, INSTANT_NONE, &failed));
	one->ticket = open->ticket;
	one->firing = true;
	one->level = ALERT_LEVEL_WARNING;
	one->count = 20;
	one->first = one->last = one->turned = one->opened = T0 - 86400;
	must(store_put_alert(tx, one, &failed));
}

static void
take(StoreTx *tx, const char *host, const char *type, const char *state)
{
	Instant at = T0 + 120 * (Instant)++serial; /* under a storm's rate */
	g_autofree char *text = g_strdup_printf(
	    "Delivered-To: help+k3v9q2w8x7t5m4n6p1rz@desk.example\n"
	    "Message-ID: <cost.%d@supervision.example>\n"
	    "From: nagios@supervision.example\n"
	    "To: help+k3v9q2w8x7t5m4n6p1rz@desk.example\n"
	    "Subject: ** %s Service Alert: %s/load is %s **\n\n"
	    "***** Nagios *****\n\nNotification Type: %s\n\n"
	    "Service: load\nHost: %s\nState: %s\n",
	    serial, type, host, state, type, host, state);
	g_autofree char *name = g_strdup_printf("%d", serial);
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	g_autoptr(Message) message = message_parse((const guint8 *)text,
	    strlen(text), false);
	StoredMail row = { .mailbox = (char *)"support",
		.name = name,
		.received = at,
		.trusted = at,
		.size = (gint64)strlen(text) };
	bool known;

	must(store_add_mail(tx, &row, raw, &row.id, &known, &failed) &&
	    intake_one(context->intake, tx, &row, raw, message, at, &failed));
}

static double
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static double
round_of(StoreTx *tx, int tickets, int alerts, bool repeats)
{
	double begun = now();

	for (int i = 0; i < alerts; i++) {
		int which = repeats ? (i * 7919) % tickets : tickets + serial;
		g_autofree char *host = g_strdup_printf("h%d.brasserie-lambic",
		    which);

		take(tx, host, "PROBLEM", "WARNING");
		if (!repeats)
			take(tx, host, "RECOVERY", "OK");
	}
	return (now() - begun) / (repeats ? alerts : 2 * alerts);
}

int
main(int argc, char **argv)
{
	int tickets = argc == 4 ? atoi(argv[2]) : 0;
	int alerts = argc == 4 ? atoi(argv[3]) : 0;
	double best[2] = { 1e18, 1e18 };
	g_autoptr(StoreTx) tx = NULL;

	if (tickets < 1 || alerts < 1) {
		fputs("usage: alert_cost CONF TICKETS ALERTS\n", stderr);
		return APP_USAGE;
	}
	context = context_open(argv[1],
	    CONTEXT_RULES | CONTEXT_WRITE | CONTEXT_SECRETS);
	if (context == NULL)
		return APP_FAILED;
	must((tx = store_begin(context->store, &failed)) != NULL);
	for (int i = 0; i < tickets; i++)
		add_open(tx, i);
	must(store_commit(&tx, &failed));
	for (int round = 0; round < ROUNDS; round++) {
		must((tx = store_begin(context->store, &failed)) != NULL);
		best[0] = MIN(best[0], round_of(tx, tickets, alerts, true));
		best[1] = MIN(best[1], round_of(tx, tickets, alerts, false));
		must(store_commit(&tx, &failed));
	}
	printf("%.1f %.1f\n", best[0], best[1]);
	context_free(context);
	return APP_DONE;
}
