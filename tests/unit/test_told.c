/*
 * What a client was told stays true or is corrected (doc/domain.md, promises
 * that change): what counts as a change, when it is told, and to whom.
 */
#include "told-fixture.h"

#include "guichet/ticket/ticket_told.h"

#define PRIYA "priya.shah@halcyon-data.example"
#define TOM   "tom.ashworth@halcyon-data.example"
#define LUC   "luc@brasserie-lambic.example"

static void
write_mail(Desk *desk, const char *from, const char *subject, Instant when)
{
	g_autofree char *head =
	    g_strdup_printf("To: help@desk.example\nSubject: %s\n", subject);

	write_proven(desk, "pass", from, head,
	    "The import page answers slowly.", when);
}

#define OPENED "2026-11-23T10:00"

static void
open_one(Desk *desk)
{
	desk_set_up(desk, "");
	write_mail(desk, PRIYA, "Severity 3: import page", at(OPENED));
	g_assert_cmpuint(desk_count(desk, "acknowledgment", PRIYA), ==, 1);
}

/* A technician lowers it: ten minutes later she reads before, now, why, how it
 * is counted, what to do; once. */
static void
test_lowered(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	open_one(&desk);
	order(&desk, "severity 1 4", at("2026-11-23T10:30"));
	tick(&desk, at("2026-11-23T10:39"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 0);
	tick(&desk, at("2026-11-23T10:40"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 1);
	text = last_text(&desk, "correction", PRIYA);
	assert_says(text, "a technician has looked into your request");
	assert_says(text, "Severity\n  Before: 3 (");
	assert_says(text, "  Now:    4 (");
	assert_says(text, "Workaround\n  Before: objective, not guaranteed: ");
	assert_says(text, "  Now:    none");
	assert_says(text, "How this is counted:\n");
	assert_says(text, "If you do not agree");
	g_assert_null(ticket_told_changes(view(&desk, at("2026-11-23T10:41"))));
	tick(&desk, at("2026-11-23T11:40"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 1);
}

/* What is true again within ten minutes is not said. */
static void
test_taken_back(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	order(&desk, "severity 1 2", at("2026-11-23T10:30"));
	order(&desk, "severity 1 3", at("2026-11-23T10:35"));
	tick(&desk, at("2026-11-23T10:45"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 0);
	/* And what comes later collects its own ten minutes. */
	order(&desk, "severity 1 2", at("2026-11-23T14:00"));
	tick(&desk, at("2026-11-23T14:05"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 0);
	tick(&desk, at("2026-11-23T14:10"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 1);
}

/* Time that she was waited for moves terms and is no news; an exclusion is. */
static void
test_waited_and_excluded(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	open_one(&desk);
	order(&desk, "event 1 reply", at("2026-11-23T10:10"));
	order(&desk, "event 1 pause", at("2026-11-23T10:30"));
	order(&desk, "event 1 resume", at("2026-11-24T10:30"));
	tick(&desk, at("2026-11-24T11:00"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 0);
	order(&desk, "event 1 exclude security", at("2026-11-24T12:00"));
	tick(&desk, at("2026-11-24T12:10"));
	text = last_text(&desk, "correction", PRIYA);
	assert_says(text,
	    "Terms of the contract\n  Before: they apply\n"
	    "  Now:    excluded: security");
	assert_says(text, "Resolution\n  Before: objective");
}

/* What a technician's reply says along with his words needs no mail of its own. */
static void
test_said_along(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL;

	open_one(&desk);
	order(&desk, "severity 1 4", at("2026-11-23T10:30"));
	order(&desk, "reply 1 Looking.", at("2026-11-23T10:35"));
	rows = desk_sent(&desk, "reply", PRIYA);
	g_assert_cmpuint(rows->len, ==, 1);
	assert_says(((OutboxRow *)rows->pdata[0])->text,
	    "Looking.\n\nWhat we told you before is not so any more: a "
	    "technician has looked into your request.\n\n- Severity\n");
	tick(&desk, at("2026-11-23T10:45"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 0);
	/* The next has nothing to add. */
	order(&desk, "reply 1 Done.", at("2026-11-23T11:35"));
	g_clear_pointer(&rows, g_ptr_array_unref);
	rows = desk_sent(&desk, "reply", PRIYA);
	g_assert_cmpuint(rows->len, ==, 2);
	for (guint i = 0; i < 2; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (strstr(row->text, "Done.") != NULL)
			g_assert_null(strstr(row->text, "not so any more"));
	}
}

/* What is done needs no word. */
static void
test_done_needs_none(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	order(&desk, "severity 1 2", at("2026-11-23T10:30"));
	order(&desk, "resolve 1", at("2026-11-23T10:35"));
	tick(&desk, at("2026-11-23T11:00"));
	g_assert_cmpuint(desk_count(&desk, "correction", NULL), ==, 0);
}

/* Another contract: who was told reads it, and nobody else of either. */
static void
test_contract(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	write_mail(&desk, PRIYA, "Severity 3: import page",
	    at("2026-11-23T10:00"));
	order(&desk, "contract 1 brasserie-lambic", at("2026-11-23T11:00"));
	tick(&desk, at("2026-11-23T11:10"));
	g_assert_cmpuint(desk_count(&desk, "correction", PRIYA), ==, 1);
	g_assert_cmpuint(desk_count(&desk, "correction", TOM), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "correction", LUC), ==, 0);
}

/* ---- whatever the orders ---- */

static const char *const orders[] = { "severity 1 1", "severity 1 2",
	"severity 1 3", "severity 1 4", "kind 1 request", "kind 1 incident",
	"event 1 pause", "event 1 resume", "event 1 reply",
	"event 1 exclude misuse", "resolve 1", "reopen 1", "note 1 x",
	"component 1 http", "contract 1 brasserie-lambic",
	"contract 1 halcyon-data", "close 1" };

/* After each step, either nothing differs from what was told last, or the tick
 * knows when it tells; and once it has, nothing differs. */
static void
test_whatever(void)
{
	guint32 seed = g_test_rand_int();
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);

	g_test_message("seed %u", seed);
	for (int life = 0; life < 6; life++) {
		g_auto(Desk) desk = { 0 };
		Instant now = at(OPENED);

		open_one(&desk);
		for (int step = 0; step < 12; step++) {
			const TicketView *one;
			g_autofree char *told = NULL;
			Instant due;
			bool done;

			/* Some are refused, as they may be. */
			now += g_rand_int_range(rand, 60, 7200);
			told = try_order(&desk,
			    orders[g_rand_int_range(rand, 0,
				G_N_ELEMENTS(orders))],
			    now, &done);
			one = view(&desk, now);
			due = ticket_told_correct_at(one);
			if (due == INSTANT_NONE)
				continue;
			g_assert_cmpint(ticket_view_wake(one), <=, due);
			now = MAX(now, due);
			tick(&desk, now);
			g_assert_null(ticket_told_changes(view(&desk, now)));
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/told/lowered", test_lowered);
	g_test_add_func("/told/taken-back", test_taken_back);
	g_test_add_func("/told/waited-and-excluded", test_waited_and_excluded);
	g_test_add_func("/told/said-along", test_said_along);
	g_test_add_func("/told/done", test_done_needs_none);
	g_test_add_func("/told/contract", test_contract);
	g_test_add_func("/told/whatever", test_whatever);
	return g_test_run();
}
