#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/yaml/pattern.h"

#include <string.h>
#include <time.h>

static Pattern *
pattern_of(const char *expression)
{
	g_autoptr(GError) error = NULL;
	Pattern *pattern = pattern_new(expression, &error);

	g_assert_no_error(error);
	return pattern;
}

static void
test_find(void)
{
	static const struct {
		const char *expression, *subject;
		PatternResult result;
	} rows[] = {
		{ "panne", "PANNE bloquante", PATTERN_YES },
		{ "(?-i)panne", "PANNE bloquante", PATTERN_NO },
		{ "arrêt[ée]", "Serveur ARRÊTÉ", PATTERN_YES },
		{ "\\bété\\b", "cet été, rien", PATTERN_YES },
		{ "\\bt\\b", "été", PATTERN_NO },
		{ "^\\w+$", "œuvre", PATTERN_YES },
		{ "^down", "site\ndown", PATTERN_NO },
		{ "(?m)^down", "site\ndown", PATTERN_YES },
		{ "", "", PATTERN_YES },
		{ "$", "texte", PATTERN_YES },
		{ "x*$", "", PATTERN_YES },
		{ "[\\x{3042}-\\x{3093}]+", "サーバー こわれた", PATTERN_YES },
		{ "(?<=n°)\\d+", "ticket n°42", PATTERN_YES },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Pattern) pattern = pattern_of(rows[i].expression);

		g_test_message("%s", rows[i].expression);
		g_assert_cmpint(pattern_find(pattern, rows[i].subject, NULL),
		    ==, rows[i].result);
		g_assert_cmpstr(pattern_text(pattern), ==, rows[i].expression);
	}
}

/* A match is found wherever it starts, also across the runs in which the
 * places are tried, in text of several bytes a character. */
static void
test_places(void)
{
	static const char *const fillers[] = { "x", "é", "猫", "🐈" };
	g_autoptr(Pattern) pattern = pattern_of("(?<=\\D)42(fin)?$");

	for (gsize f = 0; f < G_N_ELEMENTS(fillers); f++)
		for (int n = 1; n < 300; n++) {
			g_autoptr(GString) subject = g_string_new(NULL);

			for (int i = 0; i < n; i++)
				g_string_append(subject, fillers[f]);
			g_assert_cmpint(
			    pattern_find(pattern, subject->str, NULL), ==,
			    PATTERN_NO);
			g_string_append(subject, "42fin");
			g_assert_cmpint(
			    pattern_find(pattern, subject->str, NULL), ==,
			    PATTERN_YES);
		}
}

static void
test_captures(void)
{
	g_autoptr(Pattern) pattern = pattern_of(
	    "(?<host>[\\w-]+)(?:\\.(?<domain>\\S+))? (est|is) (?<state>down)");
	g_autoptr(GHashTable) captures = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, g_free);
	const char *const *names = pattern_names(pattern);

	g_assert_cmpstr(names[0], ==, "domain");
	g_assert_cmpstr(names[1], ==, "host");
	g_assert_cmpstr(names[2], ==, "state");
	g_assert_null(names[3]);

	g_hash_table_insert(captures, g_strdup("host"), g_strdup("old"));
	g_assert_cmpint(pattern_find(pattern, "tout va bien", captures), ==,
	    PATTERN_NO);
	g_assert_cmpuint(g_hash_table_size(captures), ==, 1);
	g_assert_cmpint(pattern_find(pattern, "srv-é7 IS Down", captures), ==,
	    PATTERN_YES);
	g_assert_cmpstr(g_hash_table_lookup(captures, "host"), ==, "srv-é7");
	g_assert_cmpstr(g_hash_table_lookup(captures, "3"), ==, "IS");
	g_assert_cmpstr(g_hash_table_lookup(captures, "state"), ==, "Down");
	g_assert_false(g_hash_table_contains(captures, "domain"));
	g_assert_false(g_hash_table_contains(captures, "0"));
}

static void
test_refused(void)
{
	static const struct {
		const char *expression, *words;
	} rows[] = {
		{ "(panne", "missing closing parenthesis" },
		{ "[a", "missing terminating ]" },
		{ "a\\Cb", "\\C" },
		{ "*", "quantifier does not follow" },
		{ "\xff", "UTF-8" },
		{ "(a+)+$", "backtracks too much" },
	};
	g_autofree char *large = g_strnfill(LIMIT_PATTERN_BYTES + 1, 'x');
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) mistake = NULL;
		g_autoptr(Pattern) pattern = NULL;

		g_test_message("%s", rows[i].expression);
		pattern = pattern_new(rows[i].expression, &mistake);
		g_assert_true(
		    pattern == NULL || !pattern_is_bounded(pattern, &mistake));
		g_assert_error(mistake, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_nonnull(strstr(mistake->message, rows[i].words));
	}
	g_assert_null(pattern_new(large, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
}

static double
processor_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * Classic patterns, each with its worst subject: `unit` over and over, then
 * `end`. Each is refused when loaded or stopped when run; none is slow, and
 * none that is stopped says "no match".
 */
static void
test_redos(void)
{
	static const struct {
		const char *expression, *unit, *end;
	} rows[] = {
		{ "(a+)+$", "a", "!" },
		{ "^(a+)+$", "a", "!" },
		{ "([a-zA-Z]+)*$", "a", "!" },
		{ "(a|aa)+$", "a", "!" },
		{ "(a|a?)+$", "a", "!" },
		{ "(.*a){20}$", "a", "!" },
		{ "^(([a-z])+.)+[A-Z]([a-z])+$", "a", "" },
		{ "(x+x+)+y", "x", "" },
		{ "^(\\w+\\s?)*$", "mot ", "!" },
		{ "(?:\\s*\\w+\\s*)+:", "a ", "!" },
		{ "\\s+$", " ", "x" },
		{ "[ \\t]+(?=$)", " ", "x" },
		{ ".*.*=.*", "a", "" },
		{ "\\w*\\w*\\w*;", "a", "" },
		{ "(\\d+)+-(\\d+)+z", "1", "" },
		{ "^([\\w.-]+)+@([\\w-]+\\.)+com$", "a.", "" },
		{ "(<[^>]*>\\s*)*$", "<a>", "x" },
		{ "\"(\\\\.|[^\"])*\"x", "\\\"", "" },
		{ "<!--.*?-->", "<!--", "" },
		{ "(?s)\\w.*\\d.*;.*\\d.*z", "a1;", "" },
		{ "(?=(\\w+))\\w+\\w+\\w+Z!", "a", "" },
		{ "(\\p{L}\\p{M}*)+\\d{3}", "é", "x" },
		{ "^(?:.?){40}a{40}$", "a", "b" },
		{ "((ab)*)*c", "ab", "" },
		{ "(^|[ ,])(\\w+,?)+ ?;", "a,", "" },
		{ "a+b", "a", "" },
	};
	int stopped = 0, refused = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		double start = processor_seconds(), took;
		g_autoptr(Pattern) pattern = pattern_new(rows[i].expression,
		    NULL);
		g_autoptr(GString) subject = g_string_new(NULL);
		PatternResult result = PATTERN_LIMIT;

		while (subject->len < LIMIT_RULE_TEXT_BYTES - 16)
			g_string_append(subject, rows[i].unit);
		g_string_append(subject, rows[i].end);
		if (pattern != NULL && !pattern_is_bounded(pattern, NULL))
			g_clear_pointer(&pattern, pattern_free);
		if (pattern != NULL)
			result = pattern_find(pattern, subject->str, NULL);
		took = processor_seconds() - start;
		refused += pattern == NULL;
		stopped += pattern != NULL && result == PATTERN_LIMIT;
		g_test_message("%s: %s, %.1f ms", rows[i].expression,
		    pattern == NULL               ? "refused"
			: result == PATTERN_LIMIT ? "stopped"
						  : "answered",
		    took * 1000);
		g_assert_cmpint(result, !=, PATTERN_YES);
#ifndef GUICHET_SANITIZED
		g_assert_cmpfloat(took, <, 0.5);
#endif
	}
	g_assert_cmpint(refused, >=, 8);
	g_assert_cmpint(stopped, >=, 3);
}

/* What a sensible site writes is not refused. */
static void
test_sensible(void)
{
	static const char *const rows[] = {
		"panne.*bloquante.*urgent",
		"\\b(?:production|prod)\\b.{0,80}\\b(?:down|HS|arrêt\\w*)",
		"^\\s*\\[?(URGENT|CRITIQUE)\\]?[\\s:!-]*",
		"ticket\\s+n°?\\s*(?<number>\\d+)",
		"https?://[^\\s/]+/\\S*",
		"(?m)^host:\\s*(?<host>\\S+)\\s*$",
		"impossible de (se )?connecter|plus (aucun )?accès",
		"^(?:re|tr|fwd?|aw|wg)\\s*:\\s*",
	};
	g_autoptr(GString) mail = g_string_new(NULL);

	while (mail->len < LIMIT_RULE_TEXT_BYTES)
		g_string_append(mail,
		    "Bonjour,\nle serveur de production ne répond plus depuis "
		    "09:12, pouvez-vous regarder ? Merci d'avance.\n\n");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Pattern) pattern = pattern_of(rows[i]);

		g_test_message("%s", rows[i]);
		g_assert_cmpint(pattern_find(pattern, mail->str, NULL), ==,
		    PATTERN_NO);
	}
}

static void
test_limits(void)
{
	g_autoptr(Pattern) end = pattern_of("fin$");
	g_autoptr(GString) text = g_string_new(NULL);
	gint64 budget = 1000;

	/* At the limit the end is seen, one byte on it is not. */
	g_string_set_size(text, LIMIT_RULE_TEXT_BYTES - 3);
	memset(text->str, '.', text->len);
	g_string_append(text, "fin");
	g_assert_cmpint(pattern_find(end, text->str, NULL), ==, PATTERN_YES);
	g_string_insert_c(text, 0, '.');
	g_assert_cmpint(pattern_find(end, text->str, NULL), ==, PATTERN_NO);

	/* A character that the cut would split is left out whole. */
	g_string_set_size(text, LIMIT_RULE_TEXT_BYTES - 1);
	g_string_append(text, "é");
	g_assert_cmpint(pattern_find(end, text->str, NULL), ==, PATTERN_NO);

	/* Text that is not clean is no crash. */
	g_assert_cmpint(pattern_find(end, "\xff\xc3 fin", NULL), ==,
	    PATTERN_YES);

	g_assert_cmpint(pattern_find_within(end, "fin", NULL, &budget), ==,
	    PATTERN_YES);
	g_assert_cmpint(budget, <, 1000);
	budget = 0;
	g_string_truncate(text, 0);
	g_string_set_size(text, 10000);
	memset(text->str, 'f', text->len);
	g_string_append(text, "n");
	g_assert_cmpint(pattern_find_within(end, text->str, NULL, &budget), ==,
	    PATTERN_LIMIT);
	g_assert_cmpint(budget, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pattern/find", test_find);
	g_test_add_func("/pattern/places", test_places);
	g_test_add_func("/pattern/captures", test_captures);
	g_test_add_func("/pattern/refused", test_refused);
	g_test_add_func("/pattern/redos", test_redos);
	g_test_add_func("/pattern/sensible", test_sensible);
	g_test_add_func("/pattern/limits", test_limits);
	return g_test_run();
}
