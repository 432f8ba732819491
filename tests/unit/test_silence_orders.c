/*
 * What technicians say of time beside the clocks (doc/domain.md 7): news that
 * are promised, mails that need no answer, their own reminders.
 */
#include "silence-fixture.h"

static void
assert_holds(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		g_error("'%s' is missing in:\n%s", words, text);
}

/* The text of the newest mail of that kind. */
static char *
newest(Desk *desk, const char *what)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, what, NULL);
	const OutboxRow *last = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (last == NULL || row->id > last->id)
			last = row;
	}
	return g_strdup(last != NULL ? last->text : "");
}

/* Promised in a mail of its own, it answers; it is called to mind half an hour
 * before, and told with the manager when nobody wrote. */
static void
test_news(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	desk_set_up(&desk,
	    "manager: {name: Paule, address: paule@desk.example}\n");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	order(&desk, "next 1 16:00", at("2026-11-23T10:00"));
	g_assert_cmpuint(desk_count(&desk, "news", CLAIRE), ==, 1);
	text = newest(&desk, "news");
	assert_holds(text, "au plus tard le lundi 23 novembre 2026");
	assert_next(&desk, "news", "2026-11-23T16:00");
	tick(&desk, at("2026-11-23T15:29"));
	assert_told(&desk, "news-soon", 0);
	tick(&desk, at("2026-11-23T15:30"));
	assert_told(&desk, "news-soon", 2);
	tick(&desk, at("2026-11-23T16:00"));
	assert_told(&desk, "news-missed", 0);
	tick(&desk, at("2026-11-23T16:01"));
	assert_told(&desk, "news-missed", 3);
	g_assert_cmpuint(desk_count(&desk, "alarm", "paule@desk.example"), ==,
	    1);
	tick(&desk, at("2026-11-23T17:00"));
	assert_told(&desk, "news-missed", 3);
	assert_wakes(&desk);
}

/* Words keep it; a later promise moves it, and the client reads so. */
static void
test_news_kept(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	order(&desk, "next 1 16:00", at("2026-11-23T10:00"));
	order(&desk, "next 1 24/11 11:00", at("2026-11-23T15:00"));
	g_assert_cmpuint(desk_count(&desk, "news", CLAIRE), ==, 2);
	assert_next(&desk, "news", "2026-11-24T11:00");
	tick(&desk, at("2026-11-23T16:01"));
	assert_told(&desk, "news-missed", 0);
	order(&desk, "reply 1 Voici.", at("2026-11-24T10:00"));
	tick(&desk, at("2026-11-24T11:01"));
	assert_told(&desk, "news-missed", 0);
	assert_next(&desk, "review", "2026-12-01T10:00");
	/* What came back has kept nothing. */
	fail_last(&desk, "reply", at("2026-11-24T11:30"));
	tick(&desk, at("2026-11-24T11:31"));
	assert_told(&desk, "news-missed", 2);
}

/* A technician's answer to their notice. */
static void
anne_answers(Desk *desk, const char *words, Instant when)
{
	g_autofree char *to = desk_field(desk, "notice", ANNE, "Reply-To");
	g_autofree char *mail = g_strdup_printf(
	    BORDER("pass",
		"desk.example") "From: <" ANNE ">\nTo: <%s>\nSubject: Re\n"
				"Date: Mon, 23 Nov 2026 10:00:00 +0100\n"
				"Message-ID: <a1@desk.test>\n\n%s\n",
	    to, words);

	desk_deliver(desk, mail, when);
}

/* In a technician's answer it stands in that, and in no mail of its own; the
 * same words do not keep it. */
static void
test_news_in_an_answer(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	anne_answers(&desk, "#nouvelles 16:00\n\nNous regardons.",
	    at("2026-11-23T10:00"));
	g_assert_cmpuint(desk_count(&desk, "news", NULL), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "reply", CLAIRE), ==, 1);
	text = newest(&desk, "reply");
	assert_holds(text, "Nous regardons.");
	assert_holds(text, "de nos nouvelles au plus tard le lundi 23");
	assert_next(&desk, "news", "2026-11-23T16:00");
}

static void
test_refused(void)
{
	static const struct {
		const char *words, *said;
	} rows[] = {
		{ "next 1 2026-11-22", "past" },
		{ "next 1 soon", "neither a time nor a date" },
		{ "next 1 2028-01-01", "more than a year" },
		{ "later 1 2026-12-24", "at most 30 days" },
		{ "later 1 2026-11-23 18:00", "something is due before" },
		{ "later 1 2026-11-20", "past" },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = refused(&desk, rows[i].words,
		    at("2026-11-23T10:00"));

		g_test_message("%s: %s", rows[i].words, said);
		assert_holds(said, rows[i].said);
	}
	order(&desk, "noanswer 1", at("2026-11-23T10:00"));
	g_free(refused(&desk, "noanswer 1", at("2026-11-23T10:01")));
}

/* What asks for nothing is answered; a reminder of one's own takes the place of
 * the review, once. */
static void
test_later(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	order(&desk, "noanswer 1", at("2026-11-23T10:00"));
	assert_next(&desk, "review", "2026-11-30T10:00");
	order(&desk, "later 1 2026-12-09", at("2026-11-23T10:00"));
	assert_next(&desk, "later", "2026-12-09T09:00");
	tick(&desk, at("2026-12-08T12:00"));
	assert_told(&desk, "review", 0);
	tick(&desk, at("2026-12-09T09:00"));
	assert_told(&desk, "later", 2);
	assert_next(&desk, "review", "2026-12-16T09:00");
}

/* Who has it was told to the client: that is no silence. */
static void
test_taken(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	assert_next(&desk, "answer", "2026-11-23T17:30");
	anne_answers(&desk, "#take", at("2026-11-23T10:00"));
	g_assert_cmpuint(desk_count(&desk, "handled", NULL), ==, 1);
	assert_next(&desk, "review", "2026-11-30T10:00");
}

/* Words that go out with a reminder of one's own answer what was due before. */
static void
test_later_with_words(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	client_writes(&desk, NULL, at("2026-11-23T09:30"));
	anne_answers(&desk, "#later 2026-12-20\n\nAu printemps.",
	    at("2026-11-23T10:00"));
	g_assert_cmpuint(desk_count(&desk, "reply", CLAIRE), ==, 1);
	assert_next(&desk, "later", "2026-12-20T09:00");
}

/* Reasons may be written as people say them. */
static void
test_reasons(void)
{
	static const struct {
		const char *words, *reason;
	} rows[] = {
		{ "exclude 1 third party", "third-party" },
		{ "exclude 1 Third-Party the line", "third-party" },
		{ "exclude 1 out of scope", "out-of-scope" },
		{ "exclude 1 force majeure", "force-majeure" },
		{ "exclude 1 information manquante", "missing-information" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) ticket = NULL;

		desk_set_up(&desk, "");
		client_writes(&desk, NULL, at("2026-11-23T09:30"));
		order(&desk, rows[i].words, at("2026-11-23T10:00"));
		ticket = desk_ticket(&desk, 1);
		g_assert_cmpstr(ticket->exclusion, ==, rows[i].reason);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/silence/news", test_news);
	g_test_add_func("/silence/news kept", test_news_kept);
	g_test_add_func("/silence/news in an answer", test_news_in_an_answer);
	g_test_add_func("/silence/refused", test_refused);
	g_test_add_func("/silence/later", test_later);
	g_test_add_func("/silence/taken", test_taken);
	g_test_add_func("/silence/later with words", test_later_with_words);
	g_test_add_func("/silence/reasons", test_reasons);
	return g_test_run();
}
