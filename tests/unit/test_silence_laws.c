/*
 * Laws of random lives (doc/domain.md 7): whatever people say and order, an open
 * ticket has a next instant, the tick reaches it, and does something about it
 * once; what is shown as next is never nothing. Real rules; no store.
 */
#include "guichet/desk/desk_answered.h"
#include "guichet/desk/desk_unasked.h"
#include "guichet/ticket/awaits.h"

#include "rulesets.h"

#include <string.h>

#define T0    1793610000 /* Monday 2026-11-02T09:00+01:00 */
#define HOUR  3600
#define DAY   (24 * HOUR)
#define LIVES 300
#define STEPS 60

static Ruleset *rules;
static SilenceDesk *hours;
static const SilenceRules plain;
static const SilenceRules closing = { .says_close = true, .closes = true };

static const char *const contracts[][2] = { { "acier-vosges", "sos24" },
	{ "brasserie-lambic", "myown-b" }, { "halcyon-data", "semarchy" },
	{ "maison-tissier", "1life" }, { "studio-orme", "nuxit-pro" },
	{ "", "" } };

typedef struct {
	TicketView *view;
	GRand *random;
	Instant now;
	gint64 mail;
	GString *story; /* told if a law is broken */
} Life;

static void
happen(Life *life, Event *take_event)
{
	g_autoptr(Event) event = take_event;
	g_autofree char *line = event_describe(event);

	g_string_append_printf(life->story, "%s\n", line);
	ticket_view_apply(life->view, event);
}

static void
look(Life *life)
{
	if (!life->view->is_settled)
		ticket_view_settle(life->view, &(TicketRules){ .own = rules });
	ticket_view_run(life->view, life->now);
}

static void
live(Life *life, int severity, guint contract)
{
	EventStamp stamp = { .ticket = 1,
		.at = life->now,
		.recorded = life->now,
		.actor = "mail",
		.mail = ++life->mail };

	const Facts facts = { .severity = severity,
		.kind = KIND_INCIDENT,
		.scope = "",
		.component = "",
		.received = life->now };

	life->view = ticket_view_new(ticket_new(1));
	life->view->desk = hours;
	happen(life,
	    event_make_opened(&stamp,
		&(EventOpening){ .facts = &facts,
		    .contract = contracts[contract][0],
		    .plan = contracts[contract][1],
		    .rules = "",
		    .source = OPENED_BY_MAIL }));
	happen(life,
	    event_make_message(&stamp, AUTHOR_CLIENT, VISIBILITY_PUBLIC, true,
		NULL));
	look(life);
}

/* Somebody does something. */
static void
act(Life *life)
{
	GRand *r = life->random;
	EventStamp stamp = { .ticket = 1,
		.at = life->now,
		.recorded = life->now,
		.actor = "technician:Anne Martin",
		.mail = ++life->mail };

	switch (g_rand_int_range(r, 0, 12)) {
	case 0:
	case 1:
		happen(life,
		    event_make_message(&stamp, AUTHOR_CLIENT, VISIBILITY_PUBLIC,
			g_rand_boolean(r), NULL));
		break;
	case 2:
		happen(life,
		    event_make_message(&stamp, AUTHOR_TECHNICIAN,
			VISIBILITY_PUBLIC, true, NULL));
		happen(life, event_make_met(&stamp, MILESTONE_RESPONSE));
		break;
	case 3:
		happen(life,
		    event_make_message(&stamp, AUTHOR_TECHNICIAN,
			VISIBILITY_INTERNAL, true, NULL));
		break;
	case 4:
	case 5:
	case 6:
		happen(life,
		    event_make_state(&stamp,
			(TicketState)g_rand_int_range(r, TICKET_OPEN,
			    TICKET_STATE_COUNT),
			MOVED_BY_TECHNICIAN));
		break;
	case 7:
		happen(life,
		    event_make_next(&stamp,
			life->now + g_rand_int_range(r, 60, 9 * DAY)));
		break;
	case 8:
		happen(life,
		    event_make_later(&stamp,
			life->now + g_rand_int_range(r, 60, 30 * DAY)));
		break;
	case 9:
		happen(life, event_make_answered(&stamp, ANSWERED_NONE));
		break;
	case 10:
		happen(life,
		    event_make_severity(&stamp, g_rand_int_range(r, 1, 5),
			g_rand_boolean(r) ? life->now : INSTANT_NONE));
		break;
	case 11: /* our last words came back */
		stamp.mail = life->mail - g_rand_int_range(r, 1, 3);
		happen(life,
		    event_set(event_make_failed(&stamp, 1, "reply",
				  SEND_OUTCOME_BOUNCED, 550),
			"unmet", "response"));
		break;
	}
	look(life);
}

/* What is told stands on the ticket, as the work layer has it. */
static guint
told(Life *life, SendKind answer)
{
	g_autoptr(GPtrArray) events = NULL;
	guint count;

	if (answer != SEND_MISSED)
		return 0;
	events = desk_missed(&(PromiseCase){ .view = life->view,
	    .answer = answer,
	    .outbox = 1,
	    .now = life->now });
	count = events->len;
	g_assert_cmpuint(count, >, 0);
	g_ptr_array_set_free_func(events, NULL);
	for (guint i = 0; i < count; i++)
		happen(life, events->pdata[i]);
	return count;
}

/* The tick at the instant that the ticket asked for. Returns whether it did
 * anything. */
static bool
tick(Life *life)
{
	static const DeskPolicy policy = { .acknowledge_within = DAY };
	g_autoptr(Decision) decision = desk_tick(&(TickCase){ life->view,
	    &policy, life->now, g_rand_boolean(life->random) });
	guint events = 0;

	for (guint i = 0; i < decision->effects->len; i++) {
		Effect *effect = decision->effects->pdata[i];

		if (effect->event == NULL) {
			events += told(life, effect->send);
			continue;
		}
		happen(life, g_steal_pointer(&effect->event));
		events++;
	}
	look(life);
	return events > 0;
}

/* Lets time pass until then, looking whenever the ticket asks for it. */
static void
pass(Life *life, Instant until)
{
	for (int looks = 0;; looks++) {
		Instant wake = ticket_view_wake(life->view);
		Awaits next = awaits_first(life->view);

		if (ticket_state_is_done(life->view->ticket->state)) {
			g_assert_cmpint(next.kind, ==, AWAITS_NOTHING);
			break;
		}
		if (wake == INSTANT_NONE || next.kind == AWAITS_NOTHING ||
		    next.at == INSTANT_NONE || looks > 2000)
			g_error("wake %" G_GINT64_FORMAT ", next '%s', %d "
				"looks:\n%s",
			    wake, awaits_name(next.kind), looks,
			    life->story->str);
		if (wake > until)
			break;
		life->now = MAX(life->now, wake);
		look(life);
		tick(life);
		/* What was due is done with: it asks for no second look. */
		wake = ticket_view_wake(life->view);
		if (wake != INSTANT_NONE && wake <= life->now && tick(life))
			g_error("twice at %" G_GINT64_FORMAT ":\n%s", life->now,
			    life->story->str);
	}
	life->now = MAX(life->now, until);
	look(life);
}

static void
test_lives(gconstpointer data)
{
	for (guint32 seed = 0; seed < LIVES; seed++) {
		Life life = { .now = T0 + (Instant)seed * 7 * HOUR,
			.random = g_rand_new_with_seed(seed),
			.story = g_string_new(NULL) };

		hours = silence_desk_new(data, rules,
		    zone_get("Europe/Paris", NULL));
		live(&life, (int)(seed % 5), seed % G_N_ELEMENTS(contracts));
		for (int step = 0; step < STEPS; step++) {
			pass(&life,
			    life.now +
				g_rand_int_range(life.random, 0, 4 * DAY));
			act(&life);
		}
		pass(&life, life.now + 60 * DAY);
		ticket_view_free(life.view);
		g_string_free(life.story, TRUE);
		g_rand_free(life.random);
		silence_desk_free(hours);
	}
}

int
main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_data_func("/silence/lives", &plain, test_lives);
	g_test_add_data_func("/silence/lives that are closed", &closing,
	    test_lives);
	result = g_test_run();
	ruleset_free(rules);
	return result;
}
