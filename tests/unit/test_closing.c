/*
 * A closing without a word ends no response: who waits is owed it still, and it is
 * missed at its term (doc/domain.md 4).
 */
#include "told-fixture.h"

#include "guichet/ticket/sla.h"

#define LUC   "luc@brasserie-lambic.example"
#define PRIYA "priya.shah@halcyon-data.example"

/* Level B, Monday morning: 4 h, until 14:00; warned of at 12:00 and 13:12. */
static void
open_one(Desk *desk)
{
	desk_set_up(desk, "");
	desk_deliver(desk,
	    BORDER("pass",
		"brasserie-lambic.example") "From: <" LUC ">\n"
					    "To: help@desk.example\n"
					    "Subject: panne du site\n"
					    "Message-ID: <1@x.test>\n"
					    "\nLe site ne répond plus.\n",
	    at("2026-11-23T10:00"));
	g_assert_cmpuint(desk_count(desk, "acknowledgment", LUC), ==, 1);
}

static void
assert_response(Desk *desk, const char *when, SlaState state)
{
	const TicketView *one = view(desk, at(when));
	const SlaClock *clock = sla_clock_of(one->clocks, MILESTONE_RESPONSE);

	g_assert_nonnull(clock);
	g_assert_cmpstr(sla_state_name(clock->state), ==,
	    sla_state_name(state));
}

static guint
alarms(Desk *desk)
{
	return desk_count(desk, "alarm", ANNE);
}

static void
test_missed_at_its_term(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *closed = NULL;
	g_autofree char *breach = NULL;
	bool done;

	open_one(&desk);
	closed = try_order(&desk, "close 1", at("2026-11-23T10:30"), &done);
	g_assert_true(done);
	assert_says(closed,
	    "nobody is told, and a response is owed all the same, by Monday "
	    "23 November 2026, 14:00.");
	assert_response(&desk, "2026-11-23T10:31", SLA_RUNNING);
	tick(&desk, at("2026-11-23T12:00"));
	g_assert_cmpuint(alarms(&desk), ==, 1);
	tick(&desk, at("2026-11-23T13:12"));
	g_assert_cmpuint(alarms(&desk), ==, 2);
	tick(&desk, at("2026-11-23T14:00"));
	g_assert_cmpuint(alarms(&desk), ==, 2);
	assert_response(&desk, "2026-11-23T14:00", SLA_RUNNING);
	tick(&desk, at("2026-11-23T14:01"));
	g_assert_cmpuint(alarms(&desk), ==, 3);
	breach = last_text(&desk, "alarm", ANNE);
	assert_says(breach,
	    "garanti) : échéance dépassée, elle était le lundi 23 novembre "
	    "2026 à 14:00");
	assert_response(&desk, "2026-11-23T14:01", SLA_MISSED);

	/* Once, and the client learns of it as of any other. */
	tick(&desk, at("2026-11-23T16:00"));
	tick(&desk, at("2026-11-30T16:00"));
	g_assert_cmpuint(alarms(&desk), ==, 3);
	g_assert_cmpuint(desk_count(&desk, "missed", LUC), ==, 1);
	/* It is done: nobody reviews it. */
	g_assert_cmpint(ticket_view_wake(view(&desk, at("2026-11-30T16:01"))),
	    ==, INSTANT_NONE);
}

/* Alone among its clocks: nothing else is owed of what is closed. */
static void
test_others_end(void)
{
	g_auto(Desk) desk = { 0 };
	const TicketView *one;

	desk_set_up(&desk, "");
	desk_deliver(&desk,
	    BORDER("pass",
		"halcyon-data.example") "From: <" PRIYA ">\n"
					"To: help@desk.example\n"
					"Subject: Severity 3: import page\n"
					"Message-ID: <1@x.test>\n"
					"\nThe import page is slow.\n",
	    at("2026-11-23T10:00"));
	order(&desk, "close 1", at("2026-11-23T10:30"));
	one = view(&desk, at("2026-11-23T10:31"));
	g_assert_cmpuint(one->clocks->len, >=, 3);
	for (guint i = 0; i < one->clocks->len; i++) {
		const SlaClock *clock = one->clocks->pdata[i];

		g_assert_cmpint(clock->state, ==,
		    clock->milestone == MILESTONE_RESPONSE ? SLA_RUNNING
							   : SLA_ENDED);
	}
	g_assert_cmpint(sla_remind_at(one->ticket, &one->terms), ==,
	    INSTANT_NONE);
}

/* What ends it after all: words, the exclusion; what makes it owed as before. */
static void
test_after_the_closing(void)
{
	static const struct {
		const char *order;
		SlaState state;
		guint alarms; /* one for all that was reached by then */
	} rows[] = {
		{ "reply 1 'Le site répond.'", SLA_MET, 0 },
		{ "call 1 '+32 2 555 01 20'", SLA_MET, 0 },
		{ "exclude 1 misuse", SLA_ENDED, 0 }, { "undo 1", SLA_LATE, 1 },
		{ "reopen 1", SLA_RUNNING, 1 }, /* half of the new term */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };

		open_one(&desk);
		order(&desk, "close 1", at("2026-11-23T10:30"));
		order(&desk, rows[i].order, at("2026-11-23T11:00"));
		tick(&desk, at("2026-11-23T14:01"));
		g_test_message("%s", rows[i].order);
		assert_response(&desk, "2026-11-23T14:01", rows[i].state);
		g_assert_cmpuint(alarms(&desk), ==, rows[i].alarms);
	}
}

/* Nobody is owed an answer any more: what a client calls settled, resolved,
 * then closed; an alert that is over. */
static void
test_nobody_waits(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	desk_deliver(&desk,
	    BORDER("pass",
		"brasserie-lambic.example") "From: <" LUC ">\n"
					    "To: help@desk.example\n"
					    "Subject: Re: panne du site\n"
					    "Message-ID: <2@x.test>\n"
					    "In-Reply-To: <1@x.test>\n"
					    "\nC'est réglé.\n",
	    at("2026-11-23T10:20"));
	assert_response(&desk, "2026-11-23T10:21", SLA_ENDED);
	order(&desk, "close 1", at("2026-11-23T10:30"));
	assert_response(&desk, "2026-11-23T10:31", SLA_ENDED);
	tick(&desk, at("2026-11-23T14:01"));
	g_assert_cmpuint(alarms(&desk), ==, 0);
}

/* A store of before, or one that was off for long: what was over a month ago is
 * no news. */
static void
test_long_over(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	order(&desk, "close 1", at("2026-11-23T10:30"));
	tick(&desk, at("2027-01-10T10:00"));
	g_assert_cmpuint(alarms(&desk), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "missed", LUC), ==, 0);
	assert_response(&desk, "2027-01-10T10:00", SLA_MISSED);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/closing/missed-at-its-term", test_missed_at_its_term);
	g_test_add_func("/closing/others-end", test_others_end);
	g_test_add_func("/closing/after-it", test_after_the_closing);
	g_test_add_func("/closing/nobody-waits", test_nobody_waits);
	g_test_add_func("/closing/long-over", test_long_over);
	return g_test_run();
}
