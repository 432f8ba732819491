/*
 * What became of each promise that a client was told: settled at its end, and
 * not judged anew by what came afterwards; promised news among them.
 */
#include "told-fixture.h"

#include "guichet/ticket/told_history.h"

#define LUC "luc@brasserie-lambic.example" /* level B: 4 h, 12 h outside */

static void
open_one(Desk *desk)
{
	desk_set_up(desk, "");
	write_proven(desk, "pass", LUC,
	    "To: help@desk.example\nSubject: panne du site\n",
	    "Le site ne répond plus.", at("2026-11-23T10:00"));
	g_assert_cmpuint(desk_count(desk, "acknowledgment", LUC), ==, 1);
}

/* "response kept 2026-...; news owed": each promise as it stands at `now`. */
static char *
history(Desk *desk, Instant now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store, 1, &error);
	g_autoptr(GPtrArray) rows = NULL;
	GString *line = g_string_new(NULL);

	g_assert_no_error(error);
	rows = told_history(events, view(desk, now));
	for (guint i = 0; i < rows->len; i++) {
		const ToldHistoryRow *row = rows->pdata[i];

		for (guint k = 0; k < row->promises->len; k++) {
			const ToldHistoryPromise *one = &g_array_index(
			    row->promises, ToldHistoryPromise, k);

			g_string_append_printf(line, "%s%s %s",
			    line->len > 0 ? "; " : "",
			    row->subject == TOLD_OF_NEWS
				? "news"
				: milestone_name(one->milestone),
			    told_fate_name(one->fate));
		}
	}
	return g_string_free(line, FALSE);
}

static void
assert_history(Desk *desk, const char *when, const char *expected)
{
	g_autofree char *line = history(desk, at(when));

	g_assert_cmpstr(line, ==, expected);
}

/* A reopening owes another response: the first was kept all the same. */
static void
test_reopened(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	assert_history(&desk, "2026-11-23T10:30", "response owed");
	order(&desk, "reply 1 Voici.", at("2026-11-23T11:00"));
	order(&desk, "resolve 1", at("2026-11-23T12:00"));
	assert_history(&desk, "2026-11-23T12:00", "response kept");
	write_answer(&desk, LUC, "reply", "Le problème persiste, rien ne va.",
	    at("2026-11-25T10:00"));
	g_assert_cmpint(view(&desk, at("2026-11-25T10:05"))->ticket->reopened,
	    ==, at("2026-11-25T10:00"));
	for (int round = 0; round < 2; round++) {
		g_autofree char *line = history(&desk,
		    at(round == 0 ? "2026-11-25T10:05" : "2026-11-27T10:05"));

		g_assert_true(g_str_has_prefix(line, "response kept"));
	}
}

/* The same of one that was missed, and whose ticket is reopened twice. */
static void
test_missed_and_reopened(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *line = NULL;

	open_one(&desk);
	order(&desk, "reply 1 Voici.", at("2026-11-23T15:00"));
	order(&desk, "resolve 1", at("2026-11-23T15:10"));
	write_answer(&desk, LUC, "reply", "Le problème persiste, rien ne va.",
	    at("2026-11-25T10:00"));
	order(&desk, "reply 1 Encore.", at("2026-11-25T10:10"));
	order(&desk, "resolve 1", at("2026-11-25T10:20"));
	write_answer(&desk, LUC, "reply", "Le problème persiste toujours.",
	    at("2026-11-26T10:00"));
	line = history(&desk, at("2026-11-26T10:05"));
	g_assert_true(g_str_has_prefix(line, "response missed"));
}

/* Missed, and then somebody says why it was none. */
static void
test_recast(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	assert_history(&desk, "2026-11-23T14:30", "response missed");
	order(&desk, "event 1 exclude third-party", at("2026-11-23T15:00"));
	assert_history(&desk, "2026-11-23T16:00", "response recast");
}

/* What was excluded in time was never missed. */
static void
test_ended(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	order(&desk, "event 1 exclude third-party", at("2026-11-23T11:00"));
	assert_history(&desk, "2026-11-23T16:00", "response ended");
}

/* News: owed, kept by words, and kept whatever is promised next. */
static void
test_news(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	order(&desk, "reply 1 Voici.", at("2026-11-23T10:10"));
	order(&desk, "next 1 2026-11-24 16:00", at("2026-11-23T10:20"));
	assert_history(&desk, "2026-11-23T12:00", "response kept; news owed");
	order(&desk, "reply 1 Voilà.", at("2026-11-24T15:00"));
	assert_history(&desk, "2026-11-24T17:00", "response kept; news kept");
	order(&desk, "next 1 2026-11-25 16:00", at("2026-11-24T18:00"));
	assert_history(&desk, "2026-11-24T18:00",
	    "response kept; news kept; news owed");
	assert_history(&desk, "2026-11-25T16:01",
	    "response kept; news kept; news missed");
	order(&desk, "next 1 2026-11-26 16:00", at("2026-11-25T17:00"));
	order(&desk, "next 1 2026-11-27 16:00", at("2026-11-25T18:00"));
	order(&desk, "resolve 1", at("2026-11-26T18:00"));
	assert_history(&desk, "2026-11-30T18:00",
	    "response kept; news kept; news missed; news corrected; "
	    "news kept");
}

/* What a merged ticket's client was promised, the one that stays owes. */
static void
test_news_merged(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	write_proven(&desk, "pass", LUC,
	    "To: help@desk.example\nSubject: panne de la caisse\n",
	    "La caisse ne répond plus.", at("2026-11-23T10:05"));
	order(&desk, "reply 2 Voici.", at("2026-11-23T10:10"));
	order(&desk, "next 2 2026-11-24 16:00", at("2026-11-23T10:20"));
	order(&desk, "merge 1 2", at("2026-11-23T10:30"));
	g_assert_cmpint(view(&desk, at("2026-11-23T12:00"))->ticket->talk.next,
	    ==, at("2026-11-24T16:00"));
	/* It answered nothing of this one. */
	assert_history(&desk, "2026-11-23T12:00", "response owed; news owed");
	g_assert_cmpint(
	    ticket_unanswered(view(&desk, at("2026-11-23T12:00"))->ticket), ==,
	    at("2026-11-23T10:00"));
	order(&desk, "reply 1 Voilà.", at("2026-11-23T13:00"));
	assert_history(&desk, "2026-11-24T17:00", "response kept; news kept");
}

/* Nobody needs them any more: the client says that it is settled. */
static void
test_news_ended(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk);
	order(&desk, "reply 1 Voici.", at("2026-11-23T10:10"));
	order(&desk, "next 1 2026-11-24 16:00", at("2026-11-23T10:20"));
	write_answer(&desk, LUC, "reply", "C'est réglé.",
	    at("2026-11-23T12:00"));
	g_assert_cmpint(view(&desk, at("2026-11-23T12:05"))->ticket->state, ==,
	    TICKET_RESOLVED);
	assert_history(&desk, "2026-11-25T12:00", "response kept; news ended");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/told_history/news merged", test_news_merged);
	g_test_add_func("/told_history/reopened", test_reopened);
	g_test_add_func("/told_history/missed and reopened",
	    test_missed_and_reopened);
	g_test_add_func("/told_history/recast", test_recast);
	g_test_add_func("/told_history/ended", test_ended);
	g_test_add_func("/told_history/news", test_news);
	g_test_add_func("/told_history/news ended", test_news_ended);
	return g_test_run();
}
