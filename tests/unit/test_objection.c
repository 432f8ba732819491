/*
 * A client objects to an exclusion (doc/domain.md 4): proven, in answer to the
 * mail that told of it, within the plan's term and once, it puts the ticket back,
 * from its original intake, until a technician decides again.
 */
#include "told-fixture.h"

#define KARIM "karim.benali@acier-vosges.example"

/* A blocking failure of Monday 10:00: a response by Tuesday 10:00. */
static void
open_one(Desk *desk)
{
	desk_set_up(desk, "");
	write_proven(desk, "pass", JEANNE,
	    "To: sos24@desk.example\nSubject: Panne ERP\n",
	    "Panne bloquante, tout est arrêté.", at("2026-11-23T10:00"));
	g_assert_cmpstr(view(desk, at("2026-11-23T10:05"))->ticket->plan, ==,
	    "sos24");
}

/* Excluded at 11:00, and told at 11:10. */
static void
exclude_one(Desk *desk, const char *words)
{
	open_one(desk);
	order(desk, words, at("2026-11-23T11:00"));
	tick(desk, at("2026-11-23T11:10"));
	g_assert_cmpuint(desk_count(desk, "correction", JEANNE), ==, 1);
}

static void
assert_back(Desk *desk, Instant when, bool back)
{
	const TicketView *one = view(desk, when);
	const SlaClock *response = sla_clock_of(one->clocks,
	    MILESTONE_RESPONSE);

	g_assert_cmpint(one->ticket->objected, ==, back);
	g_assert_cmpstr(one->ticket->plan, ==, back ? "sos24" : "ald");
	if (!back)
		return;
	g_assert_false(one->ticket->excluded);
	g_assert_cmpint(response->commitment, ==, COMMITMENT_GUARANTEED);
	g_assert_cmpint(response->due, ==, at("2026-11-24T10:00"));
}

static void
test_puts_back(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *offered = NULL, *notice = NULL, *told = NULL;

	exclude_one(&desk, "event 1 exclude third-party");
	assert_back(&desk, at("2026-11-23T12:00"), false);
	offered = last_text(&desk, "correction", JEANNE);
	assert_says(offered, "Une ligne suffit : Je conteste cette exclusion.");
	write_answer(&desk, JEANNE, "correction",
	    "Je conteste cette exclusion.\nC'est votre serveur.",
	    at("2026-11-23T14:00"));
	assert_back(&desk, at("2026-11-23T14:05"), true);
	notice = last_text(&desk, "notice", ANNE);
	assert_says(notice, "Le client conteste l'exclusion");
	/* What holds now is told, with the term of the first intake. */
	tick(&desk, at("2026-11-23T14:12"));
	told = last_text(&desk, "correction", JEANNE);
	assert_says(told, "Maintenant : ils s'appliquent");
	assert_says(told, "mardi 24 novembre 2026 à 10:00");
	g_assert_null(strstr(told, "conteste"));
	/* A technician decides again, and that stands. */
	order(&desk, "event 1 exclude third-party", at("2026-11-23T15:00"));
	tick(&desk, at("2026-11-23T15:10"));
	g_assert_cmpuint(desk_count(&desk, "correction", JEANNE), ==, 3);
	write_answer(&desk, JEANNE, "correction", "Je conteste encore.",
	    at("2026-11-23T16:00"));
	g_assert_true(view(&desk, at("2026-11-23T16:05"))->ticket->excluded);
	g_assert_cmpstr(view(&desk, at("2026-11-23T16:05"))->ticket->plan, ==,
	    "ald");
}

/* Of a component: it is proposed again, and SOS24 runs meanwhile. */
static void
test_component(void)
{
	g_auto(Desk) desk = { 0 };

	exclude_one(&desk, "component 1 haproxy");
	write_answer(&desk, JEANNE, "correction",
	    "Bonjour,\nnous ne sommes pas d'accord, c'est Apache.",
	    at("2026-11-23T14:00"));
	assert_back(&desk, at("2026-11-23T14:05"), true);
	g_assert_cmpstr(view(&desk, at("2026-11-23T14:05"))->ticket->proposed,
	    ==, "haproxy");
	order(&desk, "component 1 haproxy", at("2026-11-23T15:00"));
	g_assert_cmpstr(view(&desk, at("2026-11-23T15:05"))->ticket->plan, ==,
	    "ald");
}

/* ---- what does not count ---- */

static void
assert_stays(const char *proof, const char *from, const char *what,
    const char *words, const char *when)
{
	g_auto(Desk) desk = { 0 };

	exclude_one(&desk, "event 1 exclude third-party");
	if (what != NULL) {
		write_answer(&desk, from, what, words, at(when));
	} else {
		g_autofree char *head = g_strdup_printf(
		    "To: help@desk.example\nSubject: Re: Panne ERP [#1]\n");

		write_proven(&desk, proof, from, head, words, at(when));
	}
	assert_back(&desk, at(when) + 300, false);
	g_assert_true(view(&desk, at(when) + 300)->ticket->excluded);
}

static void
test_stays(void)
{
	/* Behind the term, other words, a question, another mail of ours, the
	 * subject alone, another contact. */
	assert_stays("pass", JEANNE, "correction",
	    "Je conteste cette exclusion.", "2026-11-24T10:01");
	assert_stays("pass", JEANNE, "correction",
	    "Le serveur est toujours en panne.", "2026-11-23T14:00");
	assert_stays("pass", JEANNE, "correction", "Pas d'accord ? Pourquoi ?",
	    "2026-11-23T14:00");
	assert_stays("pass", JEANNE, "acknowledgment",
	    "Je conteste cette exclusion.", "2026-11-23T14:00");
	assert_stays("pass", JEANNE, NULL, "Je conteste cette exclusion.",
	    "2026-11-23T14:00");
	assert_stays("pass", KARIM, NULL, "Je conteste cette exclusion.",
	    "2026-11-23T14:00");
}

/* The words are data, in the clients' languages. */
static void
test_words(void)
{
	static const char *const rows[] = { "Je conteste.",
		"Pas d'accord, c'est couvert.",
		"Nous contestons cette "
		"exclusion.",
		"Je ne suis pas d'accord.", "I contest this exclusion.",
		"We object.", "I disagree with this.",
		"Ik betwist deze uitsluiting.", "Niet akkoord.", "Non." };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };

		g_test_message("%s", rows[i]);
		exclude_one(&desk, "event 1 exclude third-party");
		write_answer(&desk, JEANNE, "correction", rows[i],
		    at("2026-11-23T14:00"));
		assert_back(&desk, at("2026-11-23T14:05"), true);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/objection/puts back", test_puts_back);
	g_test_add_func("/objection/component", test_component);
	g_test_add_func("/objection/stays", test_stays);
	g_test_add_func("/objection/words", test_words);
	return g_test_run();
}
