/*
 * No ticket is forgotten (doc/domain.md 7): the answer that a
 * client's mail is due, clients and others who are waited for, the review of
 * what nobody speaks of. Real rules and a real store; time is given.
 */
#include "silence-fixture.h"

/* ---- the answer that is due ---- */

/* 1Life owes no response in a term: eight open hours of the desk. */
static void
test_answer_due(void)
{
	static const struct {
		const char *name, *received, *due, *told;
	} rows[] = {
		{ "within the day", "2026-11-23T09:30", "2026-11-23T17:30",
		    "2026-11-23T17:31" },
		{ "over night", "2026-11-23T16:00", "2026-11-24T15:00",
		    "2026-11-24T15:01" },
		{ "over a week-end", "2026-11-20T17:00", "2026-11-23T16:00",
		    "2026-11-23T16:01" },
		{ "to closing time", "2026-11-24T10:00", "2026-11-24T18:00",
		    "2026-11-25T09:00" },
		{ "a holiday", "2026-12-24T17:00", "2026-12-28T16:00",
		    "2026-12-28T16:01" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };

		g_test_message("%s", rows[i].name);
		desk_set_up(&desk, "");
		client_writes(&desk, NULL, at(rows[i].received));
		assert_next(&desk, "answer", rows[i].due);
		tick(&desk, at(rows[i].told) - 60);
		assert_told(&desk, "answer-due", 0);
		tick(&desk, at(rows[i].told));
		assert_told(&desk, "answer-due", 2); /* nobody has it: all */
		tick(&desk, at(rows[i].told) + 3600);
		assert_told(&desk, "answer-due", 2);
		/* It is late, and stays what is next. */
		assert_next(&desk, "answer", rows[i].due);
		assert_wakes(&desk);
		g_assert_cmpuint(desk_count(&desk, "nudge", NULL), ==, 0);
	}
}

/* The oldest mail counts, and its answer ends it; a mail behind that begins
 * anew, thanks do not. */
static void
test_answered(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	client_writes(&desk, "Des nouvelles ?", at("2026-11-23T11:30"));
	assert_next(&desk, "answer", "2026-11-23T17:30");
	order(&desk, "assign 1 Hugo Vidal", at("2026-11-23T12:00"));
	assert_next(&desk, "answer", "2026-11-23T17:30");
	order(&desk, "reply 1 'C-est en cours.'", at("2026-11-23T12:10"));
	assert_next(&desk, "review", "2026-11-30T12:10");
	client_writes(&desk, "Merci beaucoup !", at("2026-11-23T13:00"));
	assert_next(&desk, "review", "2026-11-30T13:00");
	client_writes(&desk, "Cela ne marche pas.", at("2026-11-23T14:00"));
	assert_next(&desk, "answer", "2026-11-24T13:00");
	order(&desk, "ack 1", at("2026-11-23T15:00"));
	assert_next(&desk, "review", "2026-11-30T15:00");
}

/* Words that came back have answered nothing. */
static void
test_bounced(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	order(&desk, "reply 1 Voici.", at("2026-11-23T10:00"));
	assert_next(&desk, "review", "2026-11-30T10:00");
	fail_last(&desk, "reply", at("2026-11-23T10:05"));
	assert_next(&desk, "answer", "2026-11-23T17:30");
}

/* While the plan gives a term to the response, that is what is next. */
static void
test_plan_owes_response(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	write_as(&desk, "luc@brasserie-lambic.example", NULL,
	    at("2026-11-23T10:00"));
	assert_next(&desk, "response", "2026-11-23T14:00");
	order(&desk, "ack 1", at("2026-11-23T10:30"));
	assert_next(&desk, "review", "2026-11-30T10:30");
	write_as(&desk, "luc@brasserie-lambic.example", "Et maintenant ?",
	    at("2026-11-23T11:00"));
	assert_next(&desk, "answer", "2026-11-24T10:00");
}

/* What nobody proves to have written is due an answer too, what its domain
 * disowns is not. */
static void
test_whose(void)
{
	g_auto(Desk) desk = { 0 };
	g_auto(Desk) other = { 0 };

	desk_set_up(&desk, "");
	write_stamped(&desk, CLAIRE, "none", NULL, at("2026-11-23T09:30"));
	assert_next(&desk, "answer", "2026-11-23T17:30");
	desk_set_up(&other, "");
	write_stamped(&other, CLAIRE, "fail", NULL, at("2026-11-23T09:30"));
	assert_next(&other, "review", "2026-11-30T09:30");
}

/* The site's own word, and severity 1 by day and night. */
static void
test_site(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk,
	    "answer: {within: 2h, calendar: 1life, severity_1: 30m}\n");
	client_writes(&desk, NULL, at("2026-11-23T12:00"));
	assert_next(&desk, "answer", "2026-11-23T15:00");
	order(&desk, "severity 1 1", at("2026-11-23T12:05"));
	assert_next(&desk, "answer", "2026-11-23T12:30");
}

/* ---- who is waited for ---- */

static void
ask(Desk *desk)
{
	client_writes(desk, NULL, at("2026-11-02T09:30"));
	order(desk, "reply 1 'Quelle version ?'", at("2026-11-02T10:00"));
	order(desk, "wait 1 customer", at("2026-11-02T10:00"));
}

/* Five open days, then ten (the 11th is a holiday): asked again once, then the
 * technician is told, then he is asked what to do about it. */
static void
test_client_says_nothing(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	ask(&desk);
	all_sent(&desk);
	assert_next(&desk, "remind", "2026-11-09T10:00");
	tick(&desk, at("2026-11-09T09:59"));
	g_assert_cmpuint(desk_count(&desk, "nudge", NULL), ==, 0);
	tick(&desk, at("2026-11-09T10:00"));
	g_assert_cmpuint(desk_count(&desk, "nudge", CLAIRE), ==, 1);
	assert_next(&desk, "give-up", "2026-11-24T10:00");
	tick(&desk, at("2026-11-24T10:00"));
	g_assert_cmpuint(desk_count(&desk, "nudge", NULL), ==, 1);
	assert_told(&desk, "no-word", 2);
	assert_next(&desk, "review", "2026-12-01T10:00");
	tick(&desk, at("2026-12-01T10:00"));
	assert_told(&desk, "review", 2);
	/* Nobody did anything: after ten days, then after twenty. */
	assert_next(&desk, "review", "2026-12-15T10:00");
	tick(&desk, at("2026-12-15T10:00"));
	assert_next(&desk, "review", "2027-01-14T10:00");
	order(&desk, "note 1 'On rappelle lundi.'", at("2026-12-16T10:00"));
	assert_next(&desk, "review", "2026-12-23T10:00");
	assert_state(&desk, TICKET_WAITING_CUSTOMER);
}

/* Where the site wants it, severity 3 and 4 are closed, and their client reads
 * how to go on; their answer reopens. */
static void
test_closes(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "silence: {remind: 2, give_up: 3, close: yes}\n");
	ask(&desk);
	all_sent(&desk);
	tick(&desk, at("2026-11-04T10:00"));
	g_assert_cmpuint(desk_count(&desk, "nudge", CLAIRE), ==, 1);
	tick(&desk, at("2026-11-09T10:00"));
	g_assert_cmpuint(desk_count(&desk, "closing", CLAIRE), ==, 1);
	assert_told(&desk, "no-word", 0);
	assert_state(&desk, TICKET_CLOSED);
	client_writes(&desk, "Version 12.", at("2026-11-09T11:00"));
	assert_state(&desk, TICKET_OPEN);
	assert_next(&desk, "answer", "2026-11-10T10:00");
}

/* Severity 1 and 2 are never closed by themselves. */
static void
test_never_closes(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "silence: {remind: 2, give_up: 3, close: yes}\n");
	ask(&desk);
	order(&desk, "severity 1 2", at("2026-11-02T10:01"));
	all_sent(&desk);
	tick(&desk, at("2026-11-04T10:00"));
	tick(&desk, at("2026-11-09T10:00"));
	g_assert_cmpuint(desk_count(&desk, "closing", NULL), ==, 0);
	assert_told(&desk, "no-word", 2);
	assert_state(&desk, TICKET_WAITING_CUSTOMER);
}

/* A question that did not go out asks nothing: no client is asked again. */
static void
test_question_not_sent(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	ask(&desk);
	tick(&desk, at("2026-11-09T10:00"));
	g_assert_cmpuint(desk_count(&desk, "nudge", NULL), ==, 0);
	assert_told(&desk, "no-word", 2);
	assert_wakes(&desk);
}

/* Without a word of ours nobody was asked. */
static void
test_never_asked(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-02T09:30"));
	order(&desk, "wait 1 customer", at("2026-11-02T10:00"));
	assert_next(&desk, "answer", "2026-11-02T17:30");
}

static void
test_third_party(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "silence: {third_party: 3}\n");
	client_writes(&desk, NULL, at("2026-11-02T09:30"));
	order(&desk, "assign 1 Hugo Vidal", at("2026-11-02T09:40"));
	order(&desk, "reply 1 Vu.", at("2026-11-02T10:00"));
	order(&desk, "wait 1 third-party", at("2026-11-02T10:00"));
	assert_next(&desk, "third-party", "2026-11-05T10:00");
	tick(&desk, at("2026-11-05T10:00"));
	assert_told(&desk, "third-party", 1); /* who has it */
	assert_next(&desk, "third-party", "2026-11-10T10:00");
	tick(&desk, at("2026-11-10T10:00"));
	assert_told(&desk, "third-party", 2);
}

/* Who says that they are away is not reminded before they are back, and not given
 * up; a technician's absence is none of theirs. */
static void
test_away(void)
{
	static const struct {
		const char *from, *remind;
	} rows[] = {
		/* Back on Monday 7 December: five open days behind that opening. */
		{ CLAIRE, "2026-12-14T09:00" },
		{ ANNE, "2026-11-30T10:05" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *to = NULL, *mail = NULL;

		desk_set_up(&desk, "");
		client_writes(&desk, NULL, at("2026-11-23T09:30"));
		order(&desk, "reply 1 'Laquelle ?'", at("2026-11-23T10:00"));
		order(&desk, "wait 1 customer", at("2026-11-23T10:05"));
		assert_next(&desk, "remind", "2026-11-30T10:05");
		to = desk_field(&desk,
		    strcmp(rows[i].from, ANNE) == 0 ? "notice" : "reply",
		    rows[i].from, "Reply-To");
		mail = g_strdup_printf(
		    "Authentication-Results: mx.desk.example;\n\tdmarc=pass "
		    "header.from=%s\nReceived: from mail.test (mail.test "
		    "[192.0.2.3])\n\tby mx.desk.example with ESMTPS id 1 for "
		    "<help@desk.example>;\n\tMon, 23 Nov 2026 10:06:00 +0100\n"
		    "From: <%s>\nTo: <%s>\nSubject: Absence\n"
		    "Auto-Submitted: auto-replied\n"
		    "Message-ID: <away@x.test>\n\n"
		    "Je suis de retour le lundi 7 décembre.\n",
		    strchr(rows[i].from, '@') + 1, rows[i].from, to);
		desk_deliver(&desk, mail, at("2026-11-23T10:06"));
		assert_next(&desk, "remind", rows[i].remind);
	}
}

/* What wants a look of two tickets at one opening is one mail a reader. */
static void
test_joined(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	const OutboxRow *row;

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	desk_deliver(&desk,
	    BORDER("pass",
		"maison-tissier.example") "From: <" CLAIRE ">\nTo: "
					  "help@desk.example\nSubject: Les "
					  "factures\nMessage-ID: "
					  "<other@x.test>\n\nComment les "
					  "trier ?\n",
	    at("2026-11-23T09:40"));
	order(&desk, "noanswer 1", at("2026-11-23T10:00"));
	order(&desk, "noanswer 2", at("2026-11-23T10:00"));
	tick(&desk, at("2026-11-30T10:00"));
	rows = desk_sent(&desk, "alarm", ANNE);
	g_assert_cmpuint(rows->len, ==, 1);
	row = rows->pdata[0];
	g_assert_cmpint(row->ticket, ==, 0);
	g_assert_cmpstr(row->subject, ==, "À regarder : 2 tickets");
	g_assert_nonnull(strstr(row->text, "[#1] Sans nouvelles"));
	g_assert_nonnull(strstr(row->text, "[#2] Sans nouvelles"));
	assert_next(&desk, "review", "2026-12-14T10:00");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/silence/answer due", test_answer_due);
	g_test_add_func("/silence/answered", test_answered);
	g_test_add_func("/silence/bounced", test_bounced);
	g_test_add_func("/silence/plan owes response", test_plan_owes_response);
	g_test_add_func("/silence/whose", test_whose);
	g_test_add_func("/silence/site", test_site);
	g_test_add_func("/silence/client says nothing",
	    test_client_says_nothing);
	g_test_add_func("/silence/closes", test_closes);
	g_test_add_func("/silence/never closes", test_never_closes);
	g_test_add_func("/silence/question not sent", test_question_not_sent);
	g_test_add_func("/silence/never asked", test_never_asked);
	g_test_add_func("/silence/third party", test_third_party);
	g_test_add_func("/silence/joined", test_joined);
	g_test_add_func("/silence/away", test_away);
	return g_test_run();
}
