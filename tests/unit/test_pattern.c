#define PCRE2_CODE_UNIT_WIDTH 8

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/yaml/pattern.h"

#include <pcre2.h>
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
		{ "", "", PATTERN_YES }, { "$", "texte", PATTERN_YES },
		{ "x*$", "", PATTERN_YES },
		{ "[\\x{3042}-\\x{3093}]+", "サーバー こわれた", PATTERN_YES },
		{ "(?<=n°)\\d+", "ticket n°42", PATTERN_YES },
		{ "appel \\(?", "appel (1)",
		    PATTERN_YES }, /* ends as groups begin */
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

/* ---- what is metered less finds the same ---- */

/* An expression out of parts that may hide what is repeated. */
static void
add_expression(GString *text, GRand *r, int depth)
{
	static const char *const atoms[] = { "a", "b", "é", "[ab]", "[^a)*+]",
		"[]b?]", "\\w", "\\+", "\\x{e9}", ".", "\\b", "^", "$", "(?m)",
		"[[:alpha:]{]", "\\(", "(?#a+)", "\\d", "(?<!a)", "(?=b)",
		"(?:)", "\\N{U+61}" };
	static const char *const repeats[] = { "", "", "", "*", "+", "?", "*?",
		"+?", "??", "++", "{2}", "{1,3}", "{2,}?", "?+" };
	static const char *const opens[] = { "(", "(?:", "(?i:", "(?>",
		"(?=", "(?!", "(?-i:" };
	int parts = g_rand_int_range(r, 1, 4);

	for (int i = 0; i < parts; i++) {
		if (depth > 0 && g_rand_int_range(r, 0, 3) == 0) {
			g_string_append(text,
			    opens[g_rand_int_range(r, 0, G_N_ELEMENTS(opens))]);
			add_expression(text, r, depth - 1);
			if (g_rand_boolean(r)) {
				g_string_append_c(text, '|');
				add_expression(text, r, depth - 1);
			}
			g_string_append_c(text, ')');
		} else {
			g_string_append(text,
			    atoms[g_rand_int_range(r, 0, G_N_ELEMENTS(atoms))]);
		}
		g_string_append(text,
		    repeats[g_rand_int_range(r, 0, G_N_ELEMENTS(repeats))]);
	}
}

static char *
any_subject(GRand *r)
{
	static const char *const letters[] = { "a", "b", "é", "B", "+", "(",
		"1", "\n", " ", "A" };
	GString *text = g_string_new(NULL);
	int length = g_rand_int_range(r, 0, 12);

	for (int i = 0; i < length; i++)
		g_string_append(text,
		    letters[g_rand_int_range(r, 0, G_N_ELEMENTS(letters))]);
	return g_string_free(text, FALSE);
}

typedef struct {
	gssize from, to; /* -1: nowhere */
} Place;

/* Where PCRE2 alone finds it. */
static Place
plainly(const pcre2_code *code, const char *subject, uint32_t options)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code,
	    NULL);
	int rc = pcre2_match(code, (PCRE2_SPTR)subject, strlen(subject), 0,
	    options, data, NULL);
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(data);
	Place place = { -1, -1 };

	g_assert_true(rc > 0 || rc == PCRE2_ERROR_NOMATCH);
	if (rc > 0)
		place = (Place){ (gssize)ovector[0], (gssize)ovector[1] };
	pcre2_match_data_free(data);
	return place;
}

/* By its machine code or by its interpreter: they do not always agree. What
 * hits a limit has no answer. */
static bool
find_the_same(const Pattern *pattern, const pcre2_code *code,
    const char *subject, int *found)
{
	gint64 steps = LIMIT_PATTERN_STEPS;
	PatternSpan span = { .group = "" };
	PatternResult result = pattern_next(pattern, subject, 0, &steps, &span);
	Place ours = { -1, -1 };

	if (result == PATTERN_LIMIT)
		return true;
	if (result == PATTERN_YES)
		ours = (Place){ (gssize)span.from, (gssize)span.to };
	*found += result == PATTERN_YES;
	for (int interpreted = 0; interpreted < 2; interpreted++) {
		Place place = plainly(code, subject,
		    interpreted ? PCRE2_NO_JIT : 0);

		if (place.from == ours.from && place.to == ours.to)
			return true;
	}
	return false;
}

#define EXPRESSIONS 4000
#define SUBJECTS    8

/* Random expressions find in random texts what PCRE2 finds without callouts. */
static void
test_the_same(void)
{
	guint32 seed = (guint32)g_test_rand_int();
	g_autoptr(GRand) r = g_rand_new_with_seed(seed);
	int compiled = 0, found = 0;

	g_test_message("SEED=%u", seed);
	for (int i = 0; i < EXPRESSIONS; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(Pattern) pattern = NULL;
		pcre2_code *code;
		PCRE2_SIZE offset;
		int rc;

		add_expression(text, r, 3);
		code = pcre2_compile((PCRE2_SPTR)text->str,
		    PCRE2_ZERO_TERMINATED,
		    PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &rc, &offset, NULL);
		pattern = pattern_new(text->str, NULL);
		g_assert_true((code == NULL) == (pattern == NULL));
		if (code == NULL)
			continue;
		pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
		for (int s = 0; s < SUBJECTS; s++) {
			g_autofree char *subject = any_subject(r);

			if (!find_the_same(pattern, code, subject, &found))
				g_error("'%s' in '%s' is not the same",
				    text->str, subject);
		}
		compiled++;
		pcre2_code_free(code);
	}
	g_assert_cmpint(compiled, >, EXPRESSIONS / 4);
	g_assert_cmpint(found, >, EXPRESSIONS);
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
	g_test_add_func("/pattern/the same", test_the_same);
	g_test_add_func("/pattern/limits", test_limits);
	return g_test_run();
}
