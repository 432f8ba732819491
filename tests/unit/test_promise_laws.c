/*
 * The laws of promises (doc/domain.md 6, 7), whatever is ordered: each order of
 * the table that is about a ticket, in random turns, with clients' words and time
 * between them. What was told last holds, or its correction is due and then
 * goes out; an open ticket has a next instant; no ticket sends its client two
 * mails of one kind within ten minutes that nobody wrote.
 */
#include "told-fixture.h"

#include "guichet/order/order.h"
#include "guichet/ticket/ticket_told.h"

#define LIVES 8
#define STEPS 24

typedef struct {
	Desk desk;
	GRand *random;
	Instant now;
	const char *client;
	GString *story; /* told if a law is broken */
	guint done;     /* orders that were */
} Life;

static const struct {
	const char *client, *to, *subject;
} openings[] = {
	{ "luc@brasserie-lambic.example", "help@desk.example",
	    "Le site ne répond plus" },
	{ "priya.shah@halcyon-data.example", "help@desk.example",
	    "Severity 3: import page" },
	{ JEANNE, "sos24@desk.example", "Panne bloquante" },
	{ "ines@studio-orme.example", "help@desk.example",
	    "Le site est en panne" },
};

static const char *
pick(Life *life, const char *const *words)
{
	return words[g_rand_int_range(life->random, 0,
	    (gint32)g_strv_length((char **)words))];
}

/* So many hours ahead, as an order reads it. */
static char *
ahead(const Life *life, int hours)
{
	g_autoptr(GDateTime) then = g_date_time_new_from_unix_utc(
	    life->now + hours * 3600);

	return g_date_time_format(then, "%Y-%m-%d %H:%M");
}

/* What stands behind it: its own example, or another that is as good. */
static char *
arguments_of(Life *life, OrderKind kind)
{
	static const char *const severities[] = { "1", "2", "3", "4", "1 now",
		NULL };
	static const char *const kinds[] = { "incident", "request", "question",
		NULL };
	static const char *const components[] = { "haproxy", "cups", "none",
		NULL };
	static const char *const contracts[] = { "halcyon-data", "acier-vosges",
		"brasserie-lambic", NULL };
	static const char *const reasons[] = { "misuse", "third-party",
		"security", NULL };
	static const char *const waits[] = { "customer", "third-party", NULL };

	switch (kind) {
	case ORDER_SEVERITY:
		return g_strdup(pick(life, severities));
	case ORDER_KIND:
		return g_strdup(pick(life, kinds));
	case ORDER_COMPONENT:
		return g_strdup(pick(life, components));
	case ORDER_CONTRACT:
		return g_strdup(pick(life, contracts));
	case ORDER_EXCLUDE:
		return g_strdup(pick(life, reasons));
	case ORDER_WAIT:
		return g_strdup(pick(life, waits));
	case ORDER_NEXT:
	case ORDER_LATER:
		return ahead(life, g_rand_int_range(life->random, 2, 30));
	default:
		return g_strdup(order_row(kind)->example);
	}
}

static void
give(Life *life)
{
	OrderKind kind;
	const OrderRow *row;
	g_autofree char *arguments = NULL, *line = NULL;
	g_auto(GStrv) words = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(StoreTx) tx = NULL;
	bool done;

	do {
		kind = (OrderKind)g_rand_int_range(life->random, 0,
		    ORDER_COUNT);
		row = order_row(kind);
	} while (row->about != ORDER_ON_TICKET || row->command == NULL);
	arguments = arguments_of(life, kind);
	line = g_strdup_printf("%s %s", row->command, arguments);
	words = g_strsplit(g_strchomp(line), " ", 0);
	for (gsize i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], "N") == 0) {
			g_free(words[i]);
			words[i] = g_strdup("1");
		}
	}
	tx = store_begin(life->desk.store, &error);
	g_assert_no_error(error);
	/* Some are refused, as they may be. */
	done = manage_run(life->desk.intake, tx,
	    &(ManageCall){ words, NULL, life->now }, out, &error);
	g_string_append_printf(life->story, "%s%s\n", line,
	    done ? "" : " (refused)");
	life->done += done;
	if (done) {
		g_autoptr(GError) failed = NULL;

		store_commit(&tx, &failed);
		g_assert_no_error(failed);
	}
}

/* The client writes, in answer to whatever they had last. */
static void
say(Life *life)
{
	static const char *const words[] = { "C'est réglé.",
		"Le problème persiste.", "Je conteste cette exclusion.",
		"Voici le journal, cela continue.", "Merci !", NULL };
	static const char *const kinds[] = { "acknowledgment", "correction",
		"reply", NULL };
	const char *what = pick(life, kinds), *text = pick(life, words);

	if (desk_count(&life->desk, what, life->client) == 0)
		what = "acknowledgment";
	g_string_append_printf(life->story, "client, to the %s: %s\n", what,
	    text);
	write_answer(&life->desk, life->client, what, text, life->now);
}

static void
break_law(const Life *life, const char *law)
{
	g_error("%s, of %s:\n%s", law, life->client, life->story->str);
}

/* By the ticket itself, not by what minds what was told: whatever is said to hold
 * does. */
static void
check_holds(const Life *life, const TicketView *one)
{
	const Ticket *ticket = one->ticket;
	const TicketTold *told = ticket->told;

	if (told == NULL || ticket_state_is_done(ticket->state))
		return;
	if (told->as.severity != ticket->severity ||
	    told->as.kind != ticket->kind ||
	    strcmp(told->as.contract, ticket->contract) != 0 ||
	    strcmp(told->plan, ticket->plan) != 0 ||
	    strcmp(told->exclusion, ticket->exclusion) != 0)
		break_law(life, "other terms were told, and nobody knows");
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		const SlaClock *clock = sla_clock_of(one->clocks, (Milestone)m);
		bool is = clock != NULL && sla_is_owed(clock);

		if (ticket->met[m] != INSTANT_NONE ||
		    ticket_response_anew(ticket, (Milestone)m) ||
		    (is && clock->state != SLA_NO_TERM &&
			clock->due == INSTANT_NONE))
			continue;
		if (is != told->promised[m].is ||
		    (is && clock->commitment != told->promised[m].commitment))
			break_law(life, "another promise was told");
		if (is && ticket->pauses->len == 0 &&
		    clock->due != INSTANT_NONE &&
		    ABS(clock->due - told->promised[m].due) >=
			TOLD_SAME_SECONDS)
			break_law(life, "another instant was told");
	}
}

static void
check_ticket(Life *life, gint64 number)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ToldChanges) changes = NULL, left = NULL;
	const TicketView *one;
	Instant due;

	view_begin(life->desk.intake);
	one = view_run(life->desk.intake, number, life->now, &error);
	g_assert_no_error(error);
	if (!ticket_state_is_done(one->ticket->state) &&
	    ticket_view_wake(one) == INSTANT_NONE)
		break_law(life, "an open ticket has no next instant");
	changes = ticket_told_changes(one);
	if (changes == NULL) {
		check_holds(life, one);
		return;
	}
	due = ticket_told_correct_at(one);
	if (due == INSTANT_NONE || ticket_view_wake(one) == INSTANT_NONE ||
	    ticket_view_wake(one) > due)
		break_law(life,
		    "what was told holds no more, and nobody wakes");
	life->now = MAX(life->now, due);
	g_string_append(life->story, "(correction is due)\n");
	tick(&life->desk, life->now);
	view_begin(life->desk.intake);
	one = view_run(life->desk.intake, number, life->now, &error);
	g_assert_no_error(error);
	left = ticket_told_changes(one);
	if (left != NULL)
		break_law(life, "its correction is due, and is not told");
	check_holds(life, one);
}

/* Those that leave at once: what waits for a sum is told in it. */
static void
check_mails(Life *life)
{
	g_autoptr(GPtrArray) rows = desk_sent(&life->desk, NULL, NULL);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *a = rows->pdata[i];
		SendKind kind;

		if (!send_kind_parse(a->what, &kind) ||
		    !send_kind_is_automatic(kind) ||
		    kind == SEND_ACKNOWLEDGMENT || a->ticket == 0 ||
		    a->next > a->created + 60)
			continue;
		for (guint k = 0; k < rows->len; k++) {
			const OutboxRow *b = rows->pdata[k];

			if (a->id < b->id && a->ticket == b->ticket &&
			    strcmp(a->to, b->to) == 0 &&
			    strcmp(a->what, b->what) == 0 &&
			    b->next <= b->created + 60 &&
			    ABS(a->created - b->created) < 600)
				break_law(life,
				    "two mails of one kind in ten minutes");
		}
	}
}

static void
live(Life *life, guint opening)
{
	g_autofree char *head = g_strdup_printf("To: %s\nSubject: %s\n",
	    openings[opening].to, openings[opening].subject);

	life->client = openings[opening].client;
	life->now = T0 + g_rand_int_range(life->random, 0, 3 * 86400);
	for (int i = 0; i < 2; i++) {
		write_proven(&life->desk, "pass", life->client, head,
		    "Cela ne répond plus.", life->now);
		life->now += 900;
	}
	for (int step = 0; step < STEPS; step++) {
		life->now += g_rand_int_range(life->random, 30,
		    g_rand_boolean(life->random) ? 900 : 30000);
		if (g_rand_int_range(life->random, 0, 4) == 0)
			say(life);
		else
			give(life);
		if (g_rand_boolean(life->random))
			tick(&life->desk, life->now);
		check_ticket(life, 1);
		check_ticket(life, 2);
	}
	check_mails(life);
}

static void
test_laws(void)
{
	guint32 seed = g_test_rand_int();
	Life life = { .random = g_rand_new_with_seed(seed) };

	g_test_message("seed %u", seed);
	desk_set_up(&life.desk, "");
	for (guint i = 0; i < LIVES; i++) {
		life.story = g_string_new(NULL);
		live(&life, i % G_N_ELEMENTS(openings));
		g_string_free(life.story, TRUE);
		desk_renew(&life.desk);
	}
	/* Else it says little. */
	g_assert_cmpuint(life.done, >, LIVES * STEPS / 5);
	desk_clear(&life.desk);
	g_rand_free(life.random);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/promise_laws/whatever is ordered", test_laws);
	return g_test_run();
}
