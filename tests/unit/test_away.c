/* When somebody who is away is back (rules/away.yaml), and no false dates. */
#include "guichet/rules/ruleset.h"

#include "rulesets.h"

static Ruleset *rules;

/* "2026-11-02", or "" of a text that tells none; on Friday 23 October 2026. */
static char *
back_of(const char *text)
{
	Date back;

	return away_return(ruleset_away(rules), text, date_of(2026, 10, 23),
		   &back)
	    ? date_format(back)
	    : g_strdup("");
}

static void
test_return(void)
{
	static const struct {
		const char *text, *back;
	} rows[] = {
		{ "Je suis absent jusqu'au 30 octobre.", "2026-10-31" },
		{ "Je suis absente jusqu’au vendredi 30 octobre 2026 inclus.",
		    "2026-10-31" },
		{ "En congés du 24 octobre au 1er novembre.", "2026-11-02" },
		{ "Je serai de retour le lundi 2 novembre.", "2026-11-02" },
		{ "De retour le 02/11/2026, merci de votre patience.",
		    "2026-11-02" },
		{ "Absent jusqu'au 30/10", "2026-10-31" },
		{ "I am out of the office until 30 October.", "2026-10-31" },
		{ "I am away until Friday, October 30th, and will answer then.",
		    "2026-10-31" },
		{ "I will be back on Monday 2 November 2026.", "2026-11-02" },
		{ "Returning on 2026-11-02", "2026-11-02" },
		{ "Out of office from 20 to 30 October", "2026-10-31" },
		{ "Ik ben afwezig tot en met 30 oktober.", "2026-10-31" },
		{ "Op 2 november ben ik terug; ik ben terug op 2 november.",
		    "2026-11-02" },
		{ "Ich bin bis zum 30. Oktober nicht im Büro.", "2026-10-31" },
		{ "Ab dem 2. November bin ich wieder da.", "2026-11-02" },
		{ "Ich bin vom 24.10. bis 30.10.2026 nicht erreichbar.",
		    "2026-10-31" },
		{ "Away until 8 January", "2027-01-09" },
		/* Of several the last. */
		{ "Until 25 October I am ill. I am back on 3 November.",
		    "2026-11-03" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *back = back_of(rows[i].text);

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(back, ==, rows[i].back);
	}
}

/* What is no date of return. */
static void
test_false(void)
{
	static const char *const texts[] = {
		"",
		"I am out of the office until further notice.",
		"Je suis absent depuis le 12 octobre.",
		"The office is open until 17:00.",
		"We answer until 17.30 on week days.",
		"Call +32 2 555 01 20 until I am back.",
		"I was back on 2 October.",
		"Je suis absent jusqu'au 12/10/2026.",
		"Absent jusqu'au 31 novembre.",
		"Until 30 Brumaire",
		"Back in 2 minutes",
		"On 26 October you wrote: the server is down.",
		"Votre ticket 10/11 est ouvert.",
		"Valid until 1 September 2031",
		"jusqu'au bout",
		"Bis bald, Ihr Team 30.10.2026",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *back = back_of(texts[i]);

		g_test_message("%s", texts[i]);
		g_assert_cmpstr(back, ==, "");
	}
}

static void
test_mistakes(void)
{
	static const struct {
		const char *yaml, *said;
	} rows[] = {
		{ "months: []\nuntil: [a]\nback: [b]\ndates: [c]\n",
		    "months is a list of twelve" },
		{ "until: [a]\nback: [b]\ndates: [c]\n",
		    "the key 'months' is missing" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(GBytes) bytes = g_bytes_new_static(rows[i].yaml,
		    strlen(rows[i].yaml));
		g_autofree char *said = NULL;

		g_assert_null(away_load("away.yaml", bytes, problems));
		said = problems_format(problems);
		g_assert_nonnull(strstr(said, rows[i].said));
	}
}

int
main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_func("/away/return", test_return);
	g_test_add_func("/away/false", test_false);
	g_test_add_func("/away/mistakes", test_mistakes);
	result = g_test_run();
	ruleset_free(rules);
	return result;
}
