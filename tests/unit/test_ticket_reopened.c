/* What a recovery, a resolution and a reopening make of a ticket's clocks. */
#include "guichet/ticket/ticket.h"

#define T0 1795190400 /* 2026-11-20T16:00:00Z */

static Ticket *
opened(void)
{
	Ticket *ticket = ticket_new(7);
	g_autoptr(Event) event = event_stored(EVENT_OPENED, 7, T0, "mail", 1);

	g_assert_true(ticket_apply(ticket, event));
	return ticket;
}

static void
assert_pause(const Ticket *ticket, guint place, Instant from, Instant to,
    TicketState why)
{
	const Pause *pause;

	g_assert_cmpuint(ticket->pauses->len, >, place);
	pause = &g_array_index(ticket->pauses, Pause, place);
	g_assert_cmpint(pause->from, ==, from);
	g_assert_cmpint(pause->to, ==, to);
	g_assert_cmpint(pause->why, ==, why);
}

static bool
moved_by(Ticket *ticket, const char *state, Instant at, const char *by,
    const char *anew)
{
	g_autoptr(Event) event = event_stored(EVENT_STATE, 7, at, "mail", 1);

	event_set(event_set(event, "state", state), "by", by);
	return ticket_apply(ticket, event_set(event, "anew", anew));
}

/* Who resolves has answered, save a recovery by itself, or a client who says
 * that it is settled. */
static void
test_who_answers(void)
{
	static const char *const movers[] = { "rule", "client", "technician",
		"manager", "alert" };

	for (gsize i = 0; i < G_N_ELEMENTS(movers); i++) {
		g_autoptr(Ticket) ticket = opened();
		bool unanswered = strcmp(movers[i], "alert") == 0 ||
		    strcmp(movers[i], "client") == 0;

		g_test_message("by %s", movers[i]);
		g_assert_true(
		    moved_by(ticket, "resolved", T0 + 50, movers[i], NULL));
		for (int m = 0; m < MILESTONE_COUNT; m++)
			g_assert_cmpint(ticket->met[m], ==,
			    unanswered && m == MILESTONE_RESPONSE ? INSTANT_NONE
								  : T0 + 50);
	}
}

/* Back after a recovery, it goes on; a person is owed a response anew. */
static void
test_reopened_by(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(moved_by(ticket, "resolved", T0 + 50, "alert", NULL));
	assert_pause(ticket, 0, T0 + 50, INSTANT_NONE, TICKET_RESOLVED);
	g_assert_true(moved_by(ticket, "open", T0 + 70, "alert", NULL));
	assert_pause(ticket, 0, T0 + 50, T0 + 70, TICKET_RESOLVED);
	g_assert_cmpint(ticket->reopened, ==, INSTANT_NONE);
	g_assert_cmpint(ticket->met[MILESTONE_RESPONSE], ==, INSTANT_NONE);
	ticket->warned[MILESTONE_RESPONSE] = 100;
	g_assert_true(
	    moved_by(ticket, "resolved", T0 + 80, "technician", NULL));
	g_assert_true(moved_by(ticket, "closed", T0 + 85, "technician", NULL));
	g_assert_true(moved_by(ticket, "open", T0 + 90, "client", "response"));
	g_assert_cmpuint(ticket->pauses->len, ==, 2);
	assert_pause(ticket, 1, T0 + 80, T0 + 90, TICKET_RESOLVED);
	g_assert_cmpint(ticket->reopened, ==, T0 + 90);
	g_assert_cmpint(ticket->met[MILESTONE_RESPONSE], ==, INSTANT_NONE);
	g_assert_cmpint(ticket->warned[MILESTONE_RESPONSE], ==, 0);
	g_assert_cmpint(ticket->met[MILESTONE_WORKAROUND], ==, T0 + 50);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reopened/who-answers", test_who_answers);
	g_test_add_func("/reopened/by-whom", test_reopened_by);
	return g_test_run();
}
