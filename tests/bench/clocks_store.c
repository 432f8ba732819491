/*
 * Fills a store with tickets that nobody wrote, and times a tick over it.
 *
 *   clocks_store CONF fill TICKETS DUE AT   DUE of them have a warning to get
 *   clocks_store CONF tick AT               prints the seconds of a tick over all
 *                                           that is due, and those of processor
 */
#include "guichet/cmd/context.h"
#include "guichet/rounds/tick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 20000

static const char *const contracts[] = { "halcyon-data", "acier-vosges",
	"brasserie-lambic", "studio-orme", "phare-ouest" };

static void
need(bool done, GError *error)
{
	if (done)
		return;
	fprintf(stderr, "clocks_store: %s\n",
	    error != NULL ? error->message : "usage");
	exit(1);
}

/* Appends to store and ticket. */
static void
add(StoreTx *tx, Ticket *ticket, Event *take_event)
{
	g_autoptr(Event) event = take_event;
	g_autoptr(GError) error = NULL;

	need(store_append(tx, event, &error), error);
	ticket->number = event->ticket;
	ticket_apply(ticket, event);
}

static void
add_state(StoreTx *tx, Ticket *ticket, Instant at, const char *state)
{
	add(tx, ticket,
	    event_set(event_stored(EVENT_STATE, ticket->number, at, "bench", 0),
		"state", state));
}

/* One whose clocks have been through something. */
static void
live(StoreTx *tx, Ticket *ticket, Instant at, int n)
{
	add(tx, ticket,
	    event_set(
		event_stored(EVENT_MESSAGE, ticket->number, at, "mail", 0),
		"author", "client"));
	if (n % 2 == 0)
		add(tx, ticket,
		    event_set_int(event_stored(EVENT_SEVERITY, ticket->number,
				      at + 600, "bench", 0),
			"severity", 1 + n % 4));
	add(tx, ticket,
	    event_set(
		event_stored(EVENT_MET, ticket->number, at + 1200, "bench", 0),
		"milestone", "response"));
	add_state(tx, ticket, at + 1800, "waiting-customer");
	add_state(tx, ticket, at + 9000, "open");
}

static void
fill_one(StoreTx *tx, const char *rules, int n, bool due, Instant at)
{
	g_autoptr(Ticket) ticket = ticket_new(0);
	g_autoptr(GPtrArray) clocks = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	Instant received = due ? at - 2400 : at - 86400 * (1 + n % 300) - n;
	Event *event = event_stored(EVENT_OPENED, 0, received, "mail", 0);

	event_set(event, "kind", "incident");
	event_set_int(event, "severity", due ? 1 : 1 + n % 4);
	event_set(event, "contract",
	    due ? contracts[0] : contracts[n % (int)G_N_ELEMENTS(contracts)]);
	event_set(event, "rules", rules);
	event_set(event, "source", "mail");
	/* The number is the store's to give. */
	need(store_append(tx, event, &error), error);
	ticket->number = event->ticket;
	ticket_apply(ticket, event);
	event_free(event);
	if (!due)
		live(tx, ticket, received, n);
	need(store_project(tx, ticket, clocks,
		 &(TicketNext){ .wake = due ? at - n : at + 3600 + n }, &error),
	    error);
}

static void
fill(const Context *context, int tickets, int due, Instant at)
{
	int n = 0;

	while (n < tickets) {
		g_autoptr(GError) error = NULL;
		g_autoptr(StoreTx) tx = store_begin(context->store, &error);

		need(tx != NULL && store_keep_rules(tx, context->files, &error),
		    error);
		for (int i = 0; i < BATCH && n < tickets; i++, n++)
			fill_one(tx, context->files->hash, n, n < due, at);
		need(store_commit(&tx, &error), error);
	}
}

static void
tick(const Context *context, Instant at)
{
	gint64 begun = g_get_monotonic_time();
	clock_t worked = clock();

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(StoreTx) tx = NULL;
		Instant next;

		need(tick_next(context->intake, at, &next, &error), error);
		if (next == INSTANT_NONE || next > at)
			break;
		tx = store_begin(context->store, &error);
		need(tx != NULL && tick_due(context->intake, tx, at, &error) &&
			store_commit(&tx, &error),
		    error);
	}
	printf("%.6f %.6f\n",
	    (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC,
	    (double)(clock() - worked) / CLOCKS_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Context *context;
	Instant at;

	need(argc >= 4, NULL);
	need(instant_parse(argv[argc - 1], &at, &error), error);
	context = context_open(argv[1],
	    CONTEXT_RULES | CONTEXT_WRITE | CONTEXT_SECRETS);
	need(context != NULL, NULL);
	if (strcmp(argv[2], "fill") == 0 && argc == 6)
		fill(context, atoi(argv[3]), atoi(argv[4]), at);
	else
		tick(context, at);
	context_free(context);
	return 0;
}
