/*
 * What a merge carries over (doc/domain.md 4): of each milestone the earliest
 * due instant that is not met, whichever number stays.
 */
#include "intake-fixture.h"

#include "guichet/ticket/ticket_view.h"
#include "guichet/work/work.h"

#define LUC "luc@brasserie-lambic.example"

static Instant
at(const char *text)
{
	g_autofree char *whole = g_strconcat(text, ":00+01:00", NULL);
	g_autoptr(GError) error = NULL;
	Instant instant;

	g_assert_true(instant_parse(whole, &instant, &error));
	return instant;
}

static void
ask(Desk *desk, const char *from, const char *id, const char *when)
{
	g_autofree char *mail = g_strdup_printf("From: <%s>\n"
						"To: help@desk.example\n"
						"Subject: Panne %s\n"
						"Message-ID: <%s@x.test>\n"
						"\nLa boutique est arretee.\n",
	    from, id, id);

	desk_deliver(desk, mail, at(when));
}

static bool
order(Desk *desk, const char *words, const char *when)
{
	g_auto(GStrv) own = NULL;
	g_autofree char *all = g_strdup_printf("%s --at %s:00+01:00", words,
	    when);
	g_autofree char *said = NULL;
	bool done;

	own = g_strsplit(all, " ", 0);
	said = desk_order(desk, &done, own);
	g_test_message("%s: %s", words, said);
	return done;
}

static const SlaClock *
response(Desk *desk, gint64 number, const char *now)
{
	g_autoptr(GError) error = NULL;
	const TicketView *view;

	view_begin(desk->intake);
	view = view_run(desk->intake, number, at(now), &error);
	g_assert_no_error(error);
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->milestone == MILESTONE_RESPONSE)
			return clock;
	}
	g_assert_not_reached();
}

/* The worked example: Myown B, #1 of 09:00 answered 09:30, #2 of 12:00. */
static void
test_worked_example(void)
{
	static const char *const merges[] = { "merge 1 2", "merge 2 1" };

	for (gint64 kept = 1; kept <= 2; kept++) {
		gint64 gone = 3 - kept;
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) ticket = NULL;
		const SlaClock *clock;

		desk_set_up(&desk, "");
		ask(&desk, LUC, "a", "2026-11-23T09:00");
		g_assert_true(
		    order(&desk, "event 1 reply", "2026-11-23T09:30"));
		ask(&desk, LUC, "b", "2026-11-23T12:00");
		g_assert_true(
		    order(&desk, merges[kept - 1], "2026-11-23T12:50"));
		clock = response(&desk, kept, "2026-11-23T13:00");
		g_assert_cmpint(clock->state, ==, SLA_RUNNING);
		g_assert_cmpint(clock->due, ==, at("2026-11-23T16:00"));
		g_assert_cmpint(clock->carried_from, ==, kept == 1 ? 2 : 0);
		/* The one that went owes nothing, and nothing moves it. */
		ticket = desk_ticket(&desk, gone);
		g_assert_cmpint(ticket->state, ==, TICKET_CLOSED);
		g_assert_cmpint(ticket->merged_into, ==, kept);
		g_assert_cmpint(ticket->epoch, ==, 1);
		g_assert_cmpint(
		    response(&desk, gone, "2026-11-24T13:00")->state, ==,
		    gone == 1 ? SLA_MET : SLA_ENDED);
		g_assert_false(order(&desk,
		    gone == 1 ? "resolve 1" : "resolve 2", "2026-11-23T14:00"));
		/* An answer on the one that stays meets it. */
		g_assert_true(
		    order(&desk, kept == 1 ? "event 1 reply" : "event 2 reply",
			"2026-11-23T15:00"));
		g_assert_cmpint(
		    response(&desk, kept, "2026-11-23T15:30")->state, ==,
		    SLA_MET);
		g_assert_cmpuint(desk_count(&desk, "acknowledgment", LUC), ==,
		    2);
		g_assert_cmpuint(desk_count(&desk, "information", LUC), ==, 0);
	}
}

/* Of two that are not met the earlier holds, and it goes on being late. */
static void
test_both_owed(void)
{
	g_auto(Desk) desk = { 0 };
	const SlaClock *clock;

	desk_set_up(&desk, "");
	ask(&desk, LUC, "a", "2026-11-23T09:00");
	ask(&desk, LUC, "b", "2026-11-23T12:00");
	ask(&desk, LUC, "c", "2026-11-23T11:00");
	g_assert_true(order(&desk, "merge 2 3", "2026-11-23T12:10"));
	clock = response(&desk, 2, "2026-11-23T12:20");
	g_assert_cmpint(clock->due, ==, at("2026-11-23T15:00"));
	g_assert_cmpint(clock->carried_from, ==, 3);
	/* And what was carried is carried on. */
	g_assert_true(order(&desk, "merge 1 2", "2026-11-23T12:30"));
	clock = response(&desk, 1, "2026-11-23T13:00");
	g_assert_cmpint(clock->due, ==, at("2026-11-23T13:00"));
	g_assert_cmpint(clock->carried_from, ==, 0);
	g_assert_cmpint(response(&desk, 1, "2026-11-23T13:01")->state, ==,
	    SLA_LATE);
}

/* A mail to the one that went goes to the one that stays. */
static void
test_mails_follow(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) kept = NULL, gone = NULL;
	g_autofree char *to = NULL, *mail = NULL;

	desk_set_up(&desk, "");
	ask(&desk, JEANNE, "a", "2026-11-24T09:00");
	ask(&desk, "karim.benali@acier-vosges.example", "b",
	    "2026-11-24T09:10");
	to = desk_field(&desk, "acknowledgment",
	    "karim.benali@acier-vosges.example", "Reply-To");
	g_assert_true(order(&desk, "merge 1 2", "2026-11-24T09:30"));
	mail = g_strdup_printf(
	    "From: <karim.benali@acier-vosges.example>\nTo: <%s>\n"
	    "Subject: Re: Panne b\nIn-Reply-To: <b@x.test>\n"
	    "Message-ID: <b2@x.test>\n\nToujours.\n",
	    to);
	desk_deliver(&desk, mail, at("2026-11-24T09:40"));
	kept = desk_ticket(&desk, 1);
	gone = desk_ticket(&desk, 2);
	g_assert_cmpint(kept->messages, ==, 2);
	g_assert_cmpint(gone->messages, ==, 1);
}

static void
test_refused(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	ask(&desk, LUC, "a", "2026-11-24T09:00");
	ask(&desk, JEANNE, "b", "2026-11-24T09:00");
	ask(&desk, LUC, "c", "2026-11-24T09:00");
	g_assert_false(order(&desk, "merge 1 2", "2026-11-24T09:30"));
	g_assert_false(order(&desk, "merge 1 1", "2026-11-24T09:30"));
	g_assert_false(order(&desk, "merge 1 9", "2026-11-24T09:30"));
	g_assert_true(order(&desk, "merge 1 3", "2026-11-24T09:30"));
	g_assert_false(order(&desk, "merge 1 3", "2026-11-24T09:30"));
	g_assert_true(order(&desk, "link 1 2", "2026-11-24T09:30"));
	g_assert_false(order(&desk, "link 2 1", "2026-11-24T09:30"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/merged/worked-example", test_worked_example);
	g_test_add_func("/merged/both-owed", test_both_owed);
	g_test_add_func("/merged/mails-follow", test_mails_follow);
	g_test_add_func("/merged/refused", test_refused);
	return g_test_run();
}
