/*
 * What is taken back is as if it had never been ordered: state, holder, terms and
 * each clock, whatever was ordered before it. Orders by chance, by a seed that
 * is printed.
 */
#include "intake-fixture.h"

#include "guichet/work/work.h"

#define REQUEST                 \
 "From: <" JEANNE ">\n"         \
 "To: help@desk.example\n"      \
 "Subject: Panne de l'ERP\n"    \
 "Message-ID: <u@acier.test>\n" \
 "\nPlus rien ne marche.\n"

#define LEA_LINE \
 "- {name: Léa Roche, address: lea.roche@desk.example, login: lea}\n"
#define LATER (T0 + 30 * 86400)
#define STEPS 60

static const char *const orders[] = { "take 1", "ack 1", "wait 1",
	"wait 1 third-party", "resume 1", "severity 1 3", "severity 1 2",
	"kind 1 request", "kind 1 question", "component 1 haproxy",
	"tag 1 printing", "tag 1 vosges", "untag 1 printing", "resolve 1",
	"resolve 1 Fini", "close 1", "reopen 1", "call 1", "exclude 1 misuse",
	"time 1 0:25", "workaround 1 File", "reply 1 Bonjour", "assign 1 hugo",
	"contract 1 halcyon-data", "contract 1 acier-vosges", "note 1 Usure",
	"event 1 answered", "next 1 2026-11-23 16:00", "noanswer 1",
	"later 1 2026-11-23", "estimate 1 2h", "rpo 1 10m", "debrief 1 Usure" };

static bool
give(Desk *desk, const char *line, Instant at, char **ret_said)
{
	g_autofree char *when = instant_format(at);
	g_autofree char *whole = g_strconcat(line, " --at ", when, NULL);
	g_auto(GStrv) words = g_strsplit(whole, " ", 0);
	bool done;

	*ret_said = desk_order_by(desk, "lea", &done, words);
	return done;
}

static void
add_clocks(GString *all, const GPtrArray *clocks)
{
	for (guint i = 0; i < clocks->len; i++) {
		const SlaClock *c = clocks->pdata[i];

		g_string_append_printf(all,
		    "\n%s %s %s intake %" G_GINT64_FORMAT
		    " due %" G_GINT64_FORMAT " met %" G_GINT64_FORMAT,
		    milestone_name(c->milestone),
		    commitment_name(c->commitment), sla_state_name(c->state),
		    c->intake, c->due, c->met);
	}
}

/* All that an order may have changed, but for what only ever rises: the instant
 * of the last change, and the count that voids tokens. */
static char *
describe(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	const TicketView *view;
	const Ticket *t;
	GString *all = g_string_new(NULL);

	view_begin(desk->intake);
	view = view_run(desk->intake, 1, LATER, &error);
	g_assert_no_error(error);
	t = view->ticket;
	g_string_append_printf(all,
	    "%s '%s' severity %d kind %d%s '%s' '%s' '%s' %d %s pauses %u "
	    "messages %d",
	    ticket_state_name(t->state), t->assigned, t->severity, t->kind,
	    t->unsure ? "?" : "", t->component, t->contract, t->plan,
	    t->excluded, t->exclusion, t->pauses->len, t->messages);
	g_string_append_printf(all,
	    " next %" G_GINT64_FORMAT " later %" G_GINT64_FORMAT, t->talk.next,
	    t->talk.later);
	for (guint i = 0; i < t->tags->len; i++)
		g_string_append_printf(all, " #%s", (char *)t->tags->pdata[i]);
	add_clocks(all, view->clocks);
	return g_string_free(all, FALSE);
}

/* All that stands in the outbox has left. */
static void
send_all(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = desk_sent(desk, NULL, NULL);
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (!outbox_state_is(row->state, OUTBOX_READY))
			continue;
		store_outbox_state(tx, row->id,
		    &(OutboxTurn){ OUTBOX_SENDING, T0, 0, "", T0 }, &error);
		store_outbox_state(tx, row->id,
		    &(OutboxTurn){ OUTBOX_SENT, T0, 250, "", T0 }, &error);
		g_assert_no_error(error);
	}
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* Gives it, takes it back if it did anything, and gives it for good. Whether it
 * could be given. */
static bool
try(Desk *desk, const char *line, Instant at)
{
	g_autofree char *before = describe(desk);
	g_autofree char *said = NULL, *taken = NULL, *again = NULL;
	g_autofree char *given = NULL, *after = NULL, *second = NULL;
	Instant then = at + 20;

	if (!give(desk, line, at, &said))
		return false;
	given = describe(desk);
	if (strstr(said, "yours already") != NULL) {
		g_assert_cmpstr(given, ==, before);
		return true; /* and nothing of it is there to take back */
	}
	if (!give(desk, "undo 1", then, &taken))
		g_error("%s: %s", line, taken);
	after = describe(desk);
	g_test_message("%s: %s: %s", line, said, taken);
	g_assert_cmpstr(after, ==, before);
	g_assert_true(give(desk, line, at, &again));
	second = describe(desk);
	g_assert_cmpstr(second, ==, given);
	send_all(desk);
	return true;
}

static void
test_any(void)
{
	g_auto(Desk) desk = { 0 };
	guint given = 0;

	desk_set_up(&desk, LEA_LINE);
	desk_deliver(&desk, REQUEST, T0);
	send_all(&desk);
	for (guint i = 0; i < STEPS; i++) {
		const char *line =
		    orders[g_test_rand_int_range(0, G_N_ELEMENTS(orders))];

		given += try(&desk, line, T0 + 60 + i * 50);
	}
	g_assert_cmpuint(given, >, STEPS / 6);
}

/* Each by itself, on a ticket as it came. */
static void
test_each(void)
{
	g_auto(Desk) desk = { 0 };
	guint given = 0;

	desk_set_up(&desk, LEA_LINE);
	for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
		desk_renew(&desk);
		desk_deliver(&desk, REQUEST, T0);
		send_all(&desk);
		given += try(&desk, orders[i], T0 + 600);
	}
	g_assert_cmpuint(given, >=, 20);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/undo/each", test_each);
	g_test_add_func("/undo/any", test_any);
	return g_test_run();
}
