/* Phrases with points, and what a mail weighs on them. */
#include "guichet/rules/weights.h"

#include "guichet/base/limits.h"

#include <stdlib.h>
#include <string.h>

#define PHRASE_WORDS 3
#define WORD_LETTERS 6 /* what follows is mostly grammar */
#define SHOWN        6 /* phrases that are named to people */

#define OE 0x153 /* the letter that no normalization parts */

/* What a key begins with, by WeightsPart, and how people read it. */
static const char *const marks[] = { "", "\t", "\v" };
static const char *const shown[] = { "", "subject ", "rule " };

struct Weights {
	int start;
	bool has_phrases;   /* besides the names of rules */
	GHashTable *points; /* mark and phrase to int */
};

struct WeighedWords {
	GPtrArray *subject, *text; /* char *, as words_of() gives them */
};

/* One phrase that was found, as the scale's key has it. */
typedef struct {
	const char *phrase;
	int points;
} Found;

struct WeightsFound {
	const Weights *weights;
	GArray *phrases; /* Found, no repeats */
};

Weights *
weights_new(int start)
{
	Weights *weights = g_new0(Weights, 1);

	weights->start = start;
	weights->points = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	return weights;
}

void
weights_free(Weights *weights)
{
	if (weights == NULL)
		return;
	g_hash_table_unref(weights->points);
	g_free(weights);
}

/* ---- words ---- */

/* Small letters without accents. */
static char *
fold(const char *text)
{
	g_autofree char *cut = g_strndup(text, LIMIT_WEIGHED_BYTES);
	g_autofree char *valid = g_utf8_make_valid(cut, -1);
	g_autofree char *parted = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
	GString *folded = g_string_sized_new(strlen(parted));

	for (const char *p = parted; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_unichar_tolower(g_utf8_get_char(p));

		if (c == OE)
			g_string_append(folded, "oe");
		else if (!g_unichar_ismark(c))
			g_string_append_unichar(folded, c);
	}
	return g_string_free(folded, FALSE);
}

/* The end of the run of letters that begins at `p`, or of digits. */
static const char *
run_end(const char *p, gboolean (*belongs)(gunichar))
{
	while (belongs(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return p;
}

/* The letters that a word counts by. */
static char *
word_begin(const char *word, const char *end)
{
	const char *p = word;

	for (int i = 0; i < WORD_LETTERS && p < end; i++)
		p = g_utf8_next_char(p);
	return g_strndup(word, (gsize)(p - word));
}

/* The words of the text, the caller's; "." where a sentence ends, if it does
 * not end in "?" or "!". */
static GPtrArray *
words_of(const char *text)
{
	g_autofree char *folded = fold(text);
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	const char *p = folded;

	while (*p != '\0') {
		gunichar c = g_utf8_get_char(p);
		const char *end = g_utf8_next_char(p);

		if (g_unichar_isdigit(c)) {
			end = run_end(p, g_unichar_isdigit);
			g_ptr_array_add(words, g_strdup("0"));
		} else if (g_unichar_isalpha(c)) {
			end = run_end(p, g_unichar_isalpha);
			g_ptr_array_add(words, word_begin(p, end));
		} else if (c == '?' || c == '!') {
			g_ptr_array_add(words, g_strndup(p, 1));
		} else if (c == '.' || c == ':' || c == ';') {
			g_ptr_array_add(words, g_strdup("."));
		}
		p = end;
	}
	return words;
}

static bool
ends_sentence(const char *word)
{
	return strchr(".?!", word[0]) != NULL;
}

/* ---- the scale ---- */

/* Appends the words of one phrase as keys have them; false if it is none. */
static bool
phrase_key(GString *key, const char *phrase)
{
	g_autoptr(GPtrArray) words = words_of(phrase);

	if (words->len == 0 || words->len > PHRASE_WORDS)
		return false;
	for (guint i = 0; i < words->len; i++) {
		const char *word = words->pdata[i];

		if (word[0] == '.' || (ends_sentence(word) && words->len > 1))
			return false;
		g_string_append_printf(key, "%s%s", i > 0 ? " " : "", word);
	}
	return true;
}

bool
weights_add(Weights *weights, WeightsPart part, const char *phrase, int points)
{
	g_autoptr(GString) key = g_string_new(marks[part]);

	if (part == WEIGHTS_RULES)
		g_string_append(key, phrase);
	else if (!phrase_key(key, phrase))
		return false;
	if (g_hash_table_contains(weights->points, key->str))
		return false;
	g_hash_table_insert(weights->points, g_strdup(key->str),
	    GINT_TO_POINTER(points));
	weights->has_phrases = weights->has_phrases || part != WEIGHTS_RULES;
	return true;
}

bool
weights_knows_rule(const Weights *weights, const char *rule)
{
	g_autofree char *key = g_strconcat(marks[WEIGHTS_RULES], rule, NULL);

	return g_hash_table_contains(weights->points, key);
}

/* ---- what a mail holds of it ---- */

WeighedWords *
weighed_words_new(const char *subject, const char *text)
{
	WeighedWords *words = g_new0(WeighedWords, 1);

	words->subject = words_of(subject != NULL ? subject : "");
	words->text = words_of(text != NULL ? text : "");
	return words;
}

void
weighed_words_free(WeighedWords *words)
{
	if (words == NULL)
		return;
	g_ptr_array_unref(words->subject);
	g_ptr_array_unref(words->text);
	g_free(words);
}

/* Adds the phrase to what was found, if it is on the scale. */
static void
find(const Weights *weights, const char *key, GHashTable *found)
{
	gpointer phrase, points;

	if (g_hash_table_lookup_extended(weights->points, key, &phrase,
		&points))
		g_hash_table_insert(found, phrase, points);
}

/* Finds all phrases of the words as those of `part`. */
static void
find_phrases(const Weights *weights, WeightsPart part, const GPtrArray *words,
    GHashTable *found)
{
	g_autoptr(GString) key = g_string_new(NULL);

	for (guint i = 0; i < words->len; i++) {
		g_string_assign(key, marks[part]);
		for (guint n = 0; n < PHRASE_WORDS && i + n < words->len; n++) {
			const char *word = words->pdata[i + n];

			if (n > 0 && ends_sentence(word))
				break;
			if (n > 0)
				g_string_append_c(key, ' ');
			g_string_append(key, word);
			find(weights, key->str, found);
			if (ends_sentence(word))
				break;
		}
	}
}

WeightsFound *
weights_find(const Weights *weights, const WeighedWords *words)
{
	g_autoptr(GHashTable) each = g_hash_table_new(g_str_hash, g_str_equal);
	WeightsFound *found = g_new0(WeightsFound, 1);
	GHashTableIter iter;
	gpointer phrase, points;

	if (weights->has_phrases) {
		find_phrases(weights, WEIGHTS_WORDS, words->subject, each);
		find_phrases(weights, WEIGHTS_SUBJECT, words->subject, each);
		find_phrases(weights, WEIGHTS_WORDS, words->text, each);
	}
	found->weights = weights;
	found->phrases = g_array_new(FALSE, FALSE, sizeof(Found));
	g_hash_table_iter_init(&iter, each);
	while (g_hash_table_iter_next(&iter, &phrase, &points)) {
		Found one = { phrase, GPOINTER_TO_INT(points) };

		g_array_append_val(found->phrases, one);
	}
	return found;
}

void
weights_found_free(WeightsFound *found)
{
	if (found == NULL)
		return;
	g_array_unref(found->phrases);
	g_free(found);
}

/* ---- what it weighs, and what weighed most, for people ---- */

static int
compare(gconstpointer a, gconstpointer b)
{
	const Found *x = a, *y = b;

	if (abs(x->points) != abs(y->points))
		return abs(x->points) > abs(y->points) ? -1 : 1;
	return strcmp(x->phrase, y->phrase);
}

static WeightsPart
part_of(const char *key)
{
	WeightsPart part = WEIGHTS_RULES;

	while (part > 0 && !g_str_has_prefix(key, marks[part]))
		part--;
	return part;
}

/* Those of rules that the scale names, each once. */
static void
add_rules(const Weights *weights, const GPtrArray *names, GArray *all)
{
	g_autoptr(GHashTable) each = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; names != NULL && i < names->len; i++) {
		g_autofree char *key = g_strconcat(marks[WEIGHTS_RULES],
		    names->pdata[i], NULL);
		gpointer phrase, points;
		Found one;

		if (!g_hash_table_lookup_extended(weights->points, key, &phrase,
			&points) ||
		    !g_hash_table_add(each, phrase))
			continue;
		one = (Found){ phrase, GPOINTER_TO_INT(points) };
		g_array_append_val(all, one);
	}
}

/* Puts them in order. */
static char *
heaviest(GArray *all)
{
	GString *text = g_string_new(NULL);

	g_array_sort(all, compare);
	for (guint i = 0; i < all->len && i < SHOWN; i++) {
		const Found *one = &g_array_index(all, Found, i);
		WeightsPart part = part_of(one->phrase);

		g_string_append_printf(text, "%s%s%s %+d", i > 0 ? ", " : "",
		    shown[part], one->phrase + strlen(marks[part]),
		    one->points);
	}
	return g_string_free(text, FALSE);
}

int
weights_sum(const WeightsFound *found, const GPtrArray *rules, char **ret_told)
{
	g_autoptr(GArray) all = g_array_copy(found->phrases);
	int sum = found->weights->start;

	add_rules(found->weights, rules, all);
	for (guint i = 0; i < all->len; i++)
		sum += g_array_index(all, Found, i).points;
	if (ret_told != NULL)
		*ret_told = heaviest(all);
	return sum;
}
