/* What the words of a mail weigh. */
#include "guichet/base/limits.h"
#include "guichet/rules/weights.h"
#include "rulesets.h"

#include <string.h>

static int
weigh(const Weights *weights, const char *subject, const char *text)
{
	g_autoptr(WeighedWords) words = weighed_words_new(subject, text);
	g_autoptr(WeightsFound) found = weights_find(weights, words);

	return weights_sum(found, NULL, NULL);
}

/* How the same words may be written, and what is another phrase. */
static void
test_words(void)
{
	g_autoptr(Weights) w = weights_new(0);
	static const struct {
		const char *text;
		int points;
	} rows[] = {
		{ "Le site ne répond plus", 1 },
		{ "LE SITE NE RÉPOND PLUS !", 1 },
		{ "il ne\nrépond\tplus, hélas", 1 },
		{ "ne re\xcc\x81pond plus", 1 },
		{ "ne répond. Plus tard", 0 },
		{ "ne répond ; plus", 0 },
		{ "ne répond pas plus", 0 },
		{ "n'est plus l\xe2\x80\x99"
		  "accès",
		    10 },
		{ "l'accès l'accès l acces", 10 },
		{ "l'accession", 0 },
		{ "ne répondait plus", 1 },
		{ "ne répara plus", 0 },
		{ "cœur de réseau", 100 },
		{ "coeur", 100 },
		{ "erreur 503", 1000 },
		{ "erreur 7", 1000 },
		{ "erreur", 0 },
		{ "Pourquoi ?", 20 },
		{ "erreur? 12", 20 },
		{ "\xff\xfe ne répond plus \xff", 1 },
		{ "", 0 },
		{ NULL, 0 },
	};

	g_assert_true(weights_add(w, WEIGHTS_WORDS, "ne répond plus", 1));
	g_assert_true(weights_add(w, WEIGHTS_WORDS, "l'accès", 10));
	g_assert_true(weights_add(w, WEIGHTS_WORDS, "cœur", 100));
	g_assert_true(weights_add(w, WEIGHTS_WORDS, "erreur 0", 1000));
	g_assert_true(weights_add(w, WEIGHTS_WORDS, "?", 20));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(weigh(w, NULL, rows[i].text), ==,
		    rows[i].points);
}

static void
test_subject(void)
{
	g_autoptr(Weights) w = weights_new(-7);

	g_assert_true(weights_add(w, WEIGHTS_WORDS, "panne", 10));
	g_assert_true(weights_add(w, WEIGHTS_SUBJECT, "Panne", 100));
	g_assert_cmpint(weigh(w, "rien", "rien"), ==, -7);
	g_assert_cmpint(weigh(w, "rien", "panne"), ==, 3);
	g_assert_cmpint(weigh(w, "panne", "panne panne"), ==, 103);
}

static void
test_phrases(void)
{
	g_autoptr(Weights) w = weights_new(0);
	static const char *const bad[] = { "", " - ", "un deux trois quatre",
		"fin. début", "quoi ?", "." };

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(weights_add(w, WEIGHTS_WORDS, bad[i], 1));
	g_assert_true(weights_add(w, WEIGHTS_WORDS, "déjà vu", 1));
	g_assert_false(weights_add(w, WEIGHTS_WORDS, "DEJA  VU", 2));
	g_assert_true(weights_add(w, WEIGHTS_SUBJECT, "déjà vu", 2));
}

/* What weighed most comes first, at most six. */
static void
test_found(void)
{
	g_autoptr(Weights) w = weights_new(0);
	g_autoptr(GPtrArray) rules = g_ptr_array_new();
	g_autoptr(WeighedWords) words = weighed_words_new("c",
	    "a b c d e f g h");
	g_autoptr(WeightsFound) found = NULL;
	g_autofree char *told = NULL;

	weights_add(w, WEIGHTS_WORDS, "a", 1);
	weights_add(w, WEIGHTS_WORDS, "b", -50);
	weights_add(w, WEIGHTS_WORDS, "c d", 50);
	weights_add(w, WEIGHTS_SUBJECT, "c", 60);
	weights_add(w, WEIGHTS_WORDS, "e", 2);
	weights_add(w, WEIGHTS_WORDS, "f", 3);
	weights_add(w, WEIGHTS_WORDS, "g", 4);
	weights_add(w, WEIGHTS_RULES, "Rule 1", -90);
	g_ptr_array_add(rules, (char *)"Rule 1");
	g_ptr_array_add(rules, (char *)"Rule 2");
	g_ptr_array_add(rules, (char *)"Rule 1"); /* of another file */
	found = weights_find(w, words);
	g_assert_cmpint(weights_sum(found, rules, &told), ==, -20);
	g_assert_cmpstr(told, ==,
	    "rule Rule 1 -90, subject c +60, b -50, c d +50, g +4, f +3");
}

/* No more of a mail is read than the limit says. */
static void
test_limit(void)
{
	g_autoptr(Weights) w = weights_new(0);
	g_autoptr(GString) text = g_string_new(NULL);

	weights_add(w, WEIGHTS_WORDS, "panne", 1);
	while (text->len < LIMIT_WEIGHED_BYTES)
		g_string_append(text, "mot ");
	g_string_append(text, "panne");
	g_assert_cmpint(weigh(w, NULL, text->str), ==, 0);
	g_assert_cmpint(weigh(w, NULL, text->str + 4 * 3), ==, 1);
}

/* ---- in rule files ---- */

#define SCALE                                \
 "weights:\n- name: bad\n  start: -10\n"     \
 "  words: {60: [en panne], -20: [merci]}\n" \
 "  subject: {5: [panne]}\n"

static char *
kind_of(const char *rules, const char *subject, const char *text)
{
	g_autofree char *file = g_strconcat(SCALE, rules, NULL);
	g_autoptr(Ruleset) ruleset = ruleset_of(
	    files_of("match/a.yaml", file, NULL));
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	Message message = { .subject = (char *)subject,
		.text = (char *)text,
		.new_text = (char *)text,
		.headers = none,
		.attachments = none };
	const MatchContext context = { .mailbox = "help",
		.contract = "",
		.robot = "human" };
	g_autoptr(MatchResult) result = match_of(ruleset_match(ruleset),
	    &message, &context);

	g_assert_cmpuint(result->failed->len, ==, 0);
	g_assert_cmpuint(result->weighed->len, ==, 1);
	return g_strdup_printf("%s %s",
	    result->kind.value != NULL ? result->kind.value : "-",
	    (char *)result->weighed->pdata[0]);
}

static void
test_rules(void)
{
	static const char rules[] =
	    "  rules: {1: [sign]}\n"
	    "rules:\n"
	    "- name: sign\n  when: {text: signal}\n"
	    "- name: up\n  when: {weight: {scale: bad, from: 45}}\n"
	    "  set: {kind: incident}\n"
	    "- name: down\n  when: {weight: {scale: bad, below: -10}}\n"
	    "  set: {kind: request}\n";
	static const struct {
		const char *subject, *text, *result;
	} rows[] = {
		{ "", "en panne", "incident bad 50: en panne +60" },
		{ "Panne", "en panne, merci de passer",
		    "- bad 35: en panne +60, merci -20, subject panne +5" },
		{ "", "merci de passer", "request bad -30: merci -20" },
		{ "", "Bonjour, merci", "- bad -10: no word of it" },
		{ "", "rien", "- bad -10: no word of it" },
		{ "", "signal", "- bad -9: rule sign +1" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *result = kind_of(rules, rows[i].subject,
		    rows[i].text);

		g_assert_cmpstr(result, ==, rows[i].result);
	}
}

static void
test_mistakes(void)
{
	static const struct {
		const char *file, *problem;
	} rows[] = {
		{ "rules:\n- name: a\n  when: {weight: {scale: bad}}\n"
		  "  stop: yes\n",
		    "no scale 'bad' is known here" },
		{ SCALE "rules:\n- name: a\n"
			"  when: {weight: {scale: bad, from: 3, below: 3}}\n"
			"  stop: yes\n",
		    "no weight lies from 3 to below 3" },
		{ SCALE "- name: bad\n  start: 0\n", "two scales 'bad'" },
		{ "weights:\n- name: a\n  words: {1: [a b c d]}\n",
		    "one to three words" },
		{ "weights:\n- name: a\n  words: {much: [a]}\n", "points go" },
		{ "weights:\n- name: a\n  words: [a]\n",
		    "points, each with a list" },
		{ "weights: 3\n", "a list of scales" },
		{ SCALE "rules:\n- name: a\n  when: {text: b}\n",
		    "the rule does nothing" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = problems_of_files(
		    files_of("match/a.yaml", rows[i].file, NULL));

		if (strstr(text, rows[i].problem) == NULL)
			g_error("row %zu: %s", i, text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/weights/words", test_words);
	g_test_add_func("/weights/subject", test_subject);
	g_test_add_func("/weights/phrases", test_phrases);
	g_test_add_func("/weights/found", test_found);
	g_test_add_func("/weights/limit", test_limit);
	g_test_add_func("/weights/rules", test_rules);
	g_test_add_func("/weights/mistakes", test_mistakes);
	return g_test_run();
}
