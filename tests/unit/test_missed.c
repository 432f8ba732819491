/*
 * A missed guarantee is told to the client (doc/domain.md 6): when, by which
 * mail, once, and not where nothing was guaranteed or nobody outside knows.
 */
#include "told-fixture.h"

#include "guichet/store/store_ledger.h"
#include "guichet/ticket/ticket_missed.h"
#include "guichet/ticket/told_history.h"

#define LUC    "luc@brasserie-lambic.example" /* level B: 4 h, 12 h outside */
#define PRIYA  "priya.shah@halcyon-data.example" /* objectives */
#define JEANNE "jeanne.morel@acier-vosges.example"

static void
write_mail(Desk *desk, const char *proof, const char *from, const char *to,
    Instant when)
{
	g_autofree char *head =
	    g_strdup_printf("To: <%s>\nSubject: panne du site\n", to);

	write_proven(desk, proof, from, head, "Le site ne répond plus.", when);
}

static guint
count(Desk *desk)
{
	return desk_count(desk, "missed", NULL);
}

/* What the client's ledger comes to. */
static void
assert_booked(Desk *desk, Cents amount)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LedgerBook) book = store_ledger_book(desk->store,
	    "brasserie-lambic", &error);

	g_assert_no_error(error);
	g_assert_cmpint(ledger_sum(book->rows).amount, ==, amount);
}

static void
open_one(Desk *desk, const char *when)
{
	desk_set_up(desk, "");
	write_mail(desk, "pass", LUC, "help@desk.example", at(when));
	g_assert_cmpuint(desk_count(desk, "acknowledgment", LUC), ==, 1);
}

/* Breach Tuesday 10:00, told at 12:00, once, with what follows. */
static void
test_told_two_hours_later(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	open_one(&desk, "2026-11-23T22:00"); /* 12 h: Tuesday 10:00 */
	tick(&desk, at("2026-11-24T11:59"));
	g_assert_cmpuint(count(&desk), ==, 0);
	tick(&desk, at("2026-11-24T12:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
	text = last_text(&desk, "missed", LUC);
	assert_says(text, "[#1] (panne du site) n'a pas été tenu");
	assert_says(text,
	    "Délai garanti : 12 h, soit au plus tard le mardi 24 novembre "
	    "2026 à 10:00");
	assert_says(text, "Ce n'est pas encore fait");
	assert_says(text, "vous est remboursé");
	assert_says(text, "Si vous n'êtes pas d'accord");
	tick(&desk, at("2026-11-24T13:00"));
	tick(&desk, at("2026-11-26T13:00"));
	order(&desk, "reply 1 Voici.", at("2026-11-26T14:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
	g_free(text);
	text = last_text(&desk, "reply", LUC);
	g_assert_null(strstr(text, "pas été tenu"));
}

/* A desk that was stopped then tells it in its next hours, not by night. */
static void
test_told_after_a_stop(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk, "2026-11-23T22:00");
	tick(&desk, at("2026-11-24T22:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
	tick(&desk, at("2026-11-25T08:59"));
	g_assert_cmpuint(count(&desk), ==, 0);
	tick(&desk, at("2026-11-25T09:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
}

/* Breach Saturday 16:00: told on Monday 09:00. */
static void
test_told_in_open_hours(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk, "2026-11-21T04:00"); /* 12 h: Saturday 16:00 */
	tick(&desk, at("2026-11-23T08:59"));
	g_assert_cmpuint(count(&desk), ==, 0);
	tick(&desk, at("2026-11-23T09:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
}

/* Whoever answers late says it along, and then it is told. */
static void
test_said_with_the_answer(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	open_one(&desk, "2026-11-24T10:00"); /* 4 h: 14:00 */
	order(&desk, "reply 1 Nous regardons.", at("2026-11-24T14:30"));
	text = last_text(&desk, "reply", LUC);
	assert_says(text, "Nous regardons.");
	assert_says(text, "n'a pas été tenu");
	assert_says(text, "Fait en retard : le mardi 24 novembre 2026 à 14:30");
	tick(&desk, at("2026-11-24T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
}

/* In time, or by telephone in time: nothing was missed. */
static void
test_kept(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk, "2026-11-24T10:00");
	order(&desk, "reply 1 Nous regardons.", at("2026-11-24T14:00"));
	tick(&desk, at("2026-11-25T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
	g_assert_cmpint(
	    ticket_missed_tell_at(view(&desk, at("2026-11-25T16:00"))), ==,
	    INSTANT_NONE);
}

/* A person says within the two hours that it was none. */
static void
test_excluded_before(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk, "2026-11-24T10:00");
	tick(&desk, at("2026-11-24T14:01"));
	order(&desk, "event 1 exclude third-party", at("2026-11-24T15:00"));
	tick(&desk, at("2026-11-25T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
}

/* Of an objective nobody is told so. */
static void
test_no_guarantee(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	write_mail(&desk, "pass", PRIYA, "help@desk.example",
	    at("2026-11-24T10:00"));
	tick(&desk, at("2026-11-26T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
}

/* What its domain disowns was told to nobody, until somebody writes. */
static void
test_unproven(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	write_mail(&desk, "fail", LUC, "help@desk.example",
	    at("2026-11-24T10:00"));
	tick(&desk, at("2026-11-25T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
	order(&desk, "reply 1 Nous regardons.", at("2026-11-25T17:00"));
	g_assert_cmpuint(desk_count(&desk, "reply", LUC), ==, 1);
	tick(&desk, at("2026-11-26T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
}

/* The contract may not want it. */
static void
test_not_wanted(void)
{
	g_auto(Desk) desk = { 0 };
	Contract *contract;

	desk_set_up(&desk, "");
	contract = (Contract *)ruleset_contract(desk.ruleset,
	    "brasserie-lambic");
	contract->inform_of_missed = false;
	write_mail(&desk, "pass", LUC, "help@desk.example",
	    at("2026-11-24T10:00"));
	tick(&desk, at("2026-11-25T16:00"));
	g_assert_cmpuint(count(&desk), ==, 0);
}

/* Told, and then it was none: what was said to follow is taken back, in the
 * ledger at once, and by mail, though the ticket is done. */
static void
test_none_after_all(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	open_one(&desk, "2026-11-24T10:00");
	tick(&desk, at("2026-11-24T14:01"));
	assert_booked(&desk, -28000);
	tick(&desk, at("2026-11-24T16:00"));
	text = last_text(&desk, "missed", LUC);
	assert_says(text, "vous est remboursé");
	order(&desk, "resolve 1", at("2026-11-24T17:00"));
	assert_booked(&desk, -28000);
	order(&desk, "event 1 exclude third-party", at("2026-11-24T18:00"));
	assert_booked(&desk, 0);
	tick(&desk, at("2026-11-24T18:09"));
	g_assert_cmpuint(desk_count(&desk, "correction", LUC), ==, 0);
	tick(&desk, at("2026-11-24T18:10"));
	tick(&desk, at("2026-11-25T18:10"));
	g_assert_cmpuint(desk_count(&desk, "correction", LUC), ==, 1);
	g_free(text);
	text = last_text(&desk, "correction", LUC);
	assert_says(text,
	    "- Garantie non tenue\n  Avant      : elle n'a pas été tenue\n"
	    "  Maintenant : il n'y a pas eu de manquement au contrat");
	g_assert_null(strstr(text, "Première réponse"));
}

/* The same where other terms were told meanwhile. */
static void
test_none_after_terms(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) events = NULL, rows = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	guint recast = 0;

	open_one(&desk, "2026-11-24T10:00");
	tick(&desk, at("2026-11-24T16:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
	order(&desk, "severity 1 4", at("2026-11-24T16:05"));
	tick(&desk, at("2026-11-24T16:15"));
	g_assert_cmpuint(desk_count(&desk, "correction", LUC), ==, 1);
	g_assert_cmpint(view(&desk, at("2026-11-24T16:20"))->ticket->told->at,
	    ==, at("2026-11-24T16:15"));
	order(&desk, "event 1 exclude third-party", at("2026-11-24T18:00"));
	tick(&desk, at("2026-11-24T18:10"));
	text = last_text(&desk, "correction", LUC);
	assert_says(text, "il n'y a pas eu de manquement au contrat");
	/* Once. */
	order(&desk, "severity 1 3", at("2026-11-24T19:00"));
	tick(&desk, at("2026-11-24T19:10"));
	g_free(text);
	text = last_text(&desk, "correction", LUC);
	g_assert_cmpuint(desk_count(&desk, "correction", LUC), ==, 3);
	assert_silent(text, "manquement");
	events = store_events(desk.store, 1, &error);
	g_assert_no_error(error);
	rows = told_history(events, view(&desk, at("2026-11-24T20:00")));
	for (guint i = 0; i < rows->len; i++) {
		const ToldHistoryRow *row = rows->pdata[i];

		for (guint k = 0; k < row->promises->len; k++)
			recast += g_array_index(row->promises,
				      ToldHistoryPromise, k)
				      .fate == TOLD_RECAST;
	}
	g_assert_cmpuint(recast, ==, 1);
}

/* What was missed stays missed when somebody reopens the ticket. */
static void
test_booked_for_good(void)
{
	g_auto(Desk) desk = { 0 };

	open_one(&desk, "2026-11-24T10:00");
	order(&desk, "reply 1 Nous regardons.", at("2026-11-24T14:30"));
	assert_booked(&desk, -28000);
	order(&desk, "resolve 1", at("2026-11-24T15:00"));
	write_answer(&desk, LUC, "reply", "Le problème persiste, rien ne va.",
	    at("2026-11-25T10:00"));
	g_assert_cmpint(view(&desk, at("2026-11-25T10:05"))->ticket->reopened,
	    !=, INSTANT_NONE);
	order(&desk, "reply 1 Encore.", at("2026-11-25T10:10"));
	assert_booked(&desk, -28000);
}

/* A notice of what is late leaves out the time while it was done; round two has
 * no first response. */
static void
test_late_by(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *notice = NULL, *told = NULL;

	desk_set_up(&desk, "");
	write_mail(&desk, "pass", PRIYA, "help@desk.example",
	    at("2026-11-02T10:00"));
	order(&desk, "severity 1 2", at("2026-11-02T10:05"));
	order(&desk, "reply 1 Looking.", at("2026-11-02T10:10"));
	/* Its fix was due on Saturday the 7th, 10:00. */
	order(&desk, "event 1 resolve", at("2026-11-07T12:00"));
	write_answer(&desk, PRIYA, "reply", "It is still broken, again.",
	    at("2026-11-09T10:00"));
	g_assert_cmpint(view(&desk, at("2026-11-09T10:05"))->ticket->reopened,
	    !=, INSTANT_NONE);
	notice = last_text(&desk, "notice", ANNE);
	assert_says(notice, "EN RETARD de 2 h");
	assert_says(notice, "Réponse d'un technicien");
	g_assert_null(strstr(notice, "Première réponse"));
	told = last_text(&desk, "acknowledgment", PRIYA);
	assert_says(told, "is open again.");
	assert_says(told, "- Answer by a technician");
}

/* `guichet told` has a line of it, and by which mail. */
static void
test_history(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) events = NULL, rows = NULL;
	g_autoptr(GError) error = NULL;
	const ToldHistoryRow *row;
	const ToldHistoryPromise *promise;
	Instant now = at("2026-11-24T18:00");

	open_one(&desk, "2026-11-24T10:00");
	tick(&desk, at("2026-11-24T16:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
	events = store_events(desk.store, 1, &error);
	g_assert_no_error(error);
	rows = told_history(events, view(&desk, now));
	g_assert_cmpuint(rows->len, ==, 2);
	row = rows->pdata[1];
	g_assert_cmpstr(row->answer, ==, "missed");
	g_assert_cmpint(row->outbox, >, 0);
	promise = &g_array_index(row->promises, ToldHistoryPromise, 0);
	g_assert_cmpint(promise->milestone, ==, MILESTONE_RESPONSE);
	g_assert_cmpint(promise->fate, ==, TOLD_MISSED);
	g_assert_cmpint(promise->due, ==, at("2026-11-24T14:00"));
	/* It told no terms: what the acknowledgment did stands. */
	row = rows->pdata[0];
	promise = &g_array_index(row->promises, ToldHistoryPromise, 0);
	g_assert_cmpint(promise->fate, ==, TOLD_MISSED);
}

/* A reply that did not go out told nothing. */
static void
test_reply_that_came_back(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;
	StoreTx *tx;

	open_one(&desk, "2026-11-24T10:00");
	order(&desk, "reply 1 Nous regardons.", at("2026-11-24T14:30"));
	rows = desk_sent(&desk, "reply", LUC);
	tx = store_begin(desk.store, &error);
	g_assert_no_error(error);
	g_assert_true(intake_send_failed(desk.intake, tx, rows->pdata[0],
	    at("2026-11-24T15:00"), &error));
	g_assert_true(store_commit(&tx, &error));
	tick(&desk, at("2026-11-24T16:00"));
	g_assert_cmpuint(count(&desk), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/missed/told two hours later, once",
	    test_told_two_hours_later);
	g_test_add_func("/missed/told after a stop", test_told_after_a_stop);
	g_test_add_func("/missed/told in open hours", test_told_in_open_hours);
	g_test_add_func("/missed/said with the answer",
	    test_said_with_the_answer);
	g_test_add_func("/missed/kept", test_kept);
	g_test_add_func("/missed/excluded before it is told",
	    test_excluded_before);
	g_test_add_func("/missed/no guarantee", test_no_guarantee);
	g_test_add_func("/missed/unproven", test_unproven);
	g_test_add_func("/missed/not wanted", test_not_wanted);
	g_test_add_func("/missed/none after all", test_none_after_all);
	g_test_add_func("/missed/none after other terms",
	    test_none_after_terms);
	g_test_add_func("/missed/booked for good", test_booked_for_good);
	g_test_add_func("/missed/late by", test_late_by);
	g_test_add_func("/missed/history", test_history);
	g_test_add_func("/missed/a reply that came back",
	    test_reply_that_came_back);
	return g_test_run();
}
