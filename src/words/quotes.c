/* The words of mail programs, from rules/quotes.yaml into tables. */
#include "guichet/words/quotes.h"

#include "guichet/base/names.h"

#include <string.h>

enum {
	TONGUES_MAX = 64,         /* bits of QuotesTongues */
	WHOLE_GREETING_BYTES = 6, /* as long as this, its ending may vary */
};

typedef struct {
	QuotesLabel label;
	QuotesTongues tongues;
} Label;

struct Quotes {
	gatomicrefcount references;
	GBytes *source;
	GHashTable *prefixes; /* word to QuotesPrefix * */
	GHashTable *labels;   /* word to Label * */
	GPtrArray *lists[QUOTES_LISTS];
	GHashTable
	    *phrases; /* of courtesies, bare, to bits of 1 << QuotesList */
};

#define QUOTES_LABEL_KEYS(X) \
 X(QUOTES_FROM, "from")      \
 X(QUOTES_SENT, "sent")      \
 X(QUOTES_TO, "to")          \
 X(QUOTES_CC, "cc")          \
 X(QUOTES_SUBJECT, "subject")
NAME_TABLE(label_keys, QUOTES_LABEL_KEYS, QUOTES_LABEL_COUNT);

#define QUOTES_LIST_KEYS(X)           \
 X(QUOTES_ORIGINAL, "original")       \
 X(QUOTES_FORWARDED, "forwarded")     \
 X(QUOTES_ON, "on")                   \
 X(QUOTES_WROTE, "wrote")             \
 X(QUOTES_STAMPS, "stamps")           \
 X(QUOTES_BELOW, "below")             \
 X(QUOTES_POSTSCRIPT, "postscript")   \
 X(QUOTES_NOTICES, "notices")         \
 X(QUOTES_LEGAL, "legal")             \
 X(QUOTES_STUBS, "stubs")             \
 X(QUOTES_SNIPS, "snips")             \
 X(QUOTES_FOOTERS, "footers")         \
 X(QUOTES_UNDELIVERED, "undelivered") \
 X(QUOTES_DELAYED, "delayed")         \
 X(QUOTES_GIVEN_UP, "given-up")       \
 X(QUOTES_RETURNED, "returned")       \
 X(QUOTES_SERVERS, "servers")         \
 X(QUOTES_OFFICES, "offices")         \
 X(QUOTES_RECIPIENTS, "recipients")   \
 X(QUOTES_GREETINGS, "greetings")     \
 X(QUOTES_ADDRESSEES, "addressees")   \
 X(QUOTES_CLOSINGS, "closings")
NAME_TABLE(list_keys, QUOTES_LIST_KEYS, QUOTES_LISTS);

/* ---- folding ---- */

/* What neither shows nor tells: marks of direction, stars of bold. */
static bool
is_silent(gunichar c)
{
	return c == '*' || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    c == 0xfeff || c == 0x307; /* of a small Turkish I */
}

char *
quotes_fold(const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);
	GString *folded = g_string_sized_new(strlen(lower));
	bool blank = false;

	for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c != '*' && is_silent(c))
			continue;
		if (c >= 0x80 && g_unichar_isdigit(c))
			c = (gunichar)('0' + g_unichar_digit_value(c));
		if (c == '*' || g_unichar_isspace(c)) {
			blank = folded->len > 0;
			continue;
		}
		if (blank)
			g_string_append_c(folded, ' ');
		blank = false;
		g_string_append_unichar(folded, c == 0x2019 ? '\'' : c);
	}
	return g_string_free(folded, FALSE);
}

/* The words alone, without case and accents, one blank between them. */
static char *
bare(const char *text)
{
	g_autofree char *parted = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
	GString *words = g_string_new(NULL);
	bool blank = false;

	for (const char *p = parted; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_ismark(c))
			continue;
		if (!g_unichar_isalnum(c)) {
			blank = words->len > 0;
			continue;
		}
		if (blank)
			g_string_append_c(words, ' ');
		blank = false;
		g_string_append_unichar(words, g_unichar_tolower(c));
	}
	return g_string_free(words, FALSE);
}

/* ---- loading ---- */

static bool
is_courtesy(int kind)
{
	return kind == QUOTES_GREETINGS || kind == QUOTES_ADDRESSEES ||
	    kind == QUOTES_CLOSINGS;
}

static void
add_phrase(Quotes *quotes, const char *word, int kind)
{
	char *phrase = bare(word);
	guint kinds = GPOINTER_TO_UINT(
	    g_hash_table_lookup(quotes->phrases, phrase));

	g_hash_table_replace(quotes->phrases, phrase,
	    GUINT_TO_POINTER(kinds | 1U << kind));
}

static void
add_prefix(Quotes *quotes, const char *word, QuotesTongues tongue, bool forward)
{
	QuotesPrefix *prefix = g_hash_table_lookup(quotes->prefixes, word);

	if (prefix == NULL) {
		prefix = g_new0(QuotesPrefix, 1);
		g_hash_table_insert(quotes->prefixes, g_strdup(word), prefix);
	}
	if (forward)
		prefix->forward |= tongue;
	else
		prefix->reply |= tongue;
}

/* A word that is two labels keeps the first: one file says both of none. */
static void
add_label(Quotes *quotes, const char *word, QuotesTongues tongue,
    QuotesLabel kind)
{
	Label *label = g_hash_table_lookup(quotes->labels, word);

	if (label == NULL) {
		label = g_new0(Label, 1);
		label->label = kind;
		g_hash_table_insert(quotes->labels, g_strdup(word), label);
	}
	label->tongues |= tongue;
}

static void
add_word(Quotes *quotes, const char *key, const char *word,
    QuotesTongues tongue)
{
	GPtrArray *list;
	int label, kind;

	if (strcmp(key, "reply") == 0 || strcmp(key, "forward") == 0) {
		add_prefix(quotes, word, tongue, *key == 'f');
		return;
	}
	label = names_find(&label_keys, key);
	if (label >= 0)
		add_label(quotes, word, tongue, (QuotesLabel)label);
	kind = names_find(&list_keys, key);
	if (is_courtesy(kind))
		add_phrase(quotes, word, kind);
	list = kind >= 0 ? quotes->lists[kind] : NULL;
	if (list != NULL &&
	    !g_ptr_array_find_with_equal_func(list, word, g_str_equal, NULL))
		g_ptr_array_add(list, g_strdup(word));
}

/* Stars are folded away, but for the one at the end of a verb. */
static void
load_word(Quotes *quotes, const char *key, const YamlNode *node,
    QuotesTongues tongue)
{
	const char *text = yaml_text(node);
	g_autofree char *word = text != NULL ? quotes_fold(text) : NULL;
	g_autofree char *open = NULL;

	if (word == NULL)
		return;
	if (*word == '\0') {
		yaml_problem(node, "a word must have letters");
		return;
	}
	if (strcmp(key, "wrote") == 0 && g_str_has_suffix(text, "*")) {
		open = g_strconcat(word, "*", NULL);
		add_word(quotes, key, open, tongue);
		return;
	}
	add_word(quotes, key, word, tongue);
}

static void
load_tongue(Quotes *quotes, const YamlNode *map, QuotesTongues tongue)
{
	static const char *const keys[] = { "reply", "forward", "from", "sent",
		"to", "cc", "subject", "original", "forwarded", "on", "wrote",
		"stamps", "below", "postscript", "notices", "legal", "stubs",
		"snips", "footers", "undelivered", "delayed", "given-up",
		"returned", "servers", "offices", "recipients", "greetings",
		"addressees", "closings", NULL };

	if (!yaml_check_keys(map, keys))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *key = yaml_text(yaml_key(map, i));
		const YamlNode *list = yaml_value(map, i);

		if (yaml_kind(list) != YAML_LIST)
			yaml_problem(list, "'%s' is a list of words", key);
		for (guint k = 0;
		     yaml_kind(list) == YAML_LIST && k < yaml_count(list); k++)
			load_word(quotes, key, yaml_item(list, k), tongue);
	}
}

static void
load_root(Quotes *quotes, const YamlNode *root)
{
	static const char *const keys[] = { "common", "languages", NULL };
	const YamlNode *common = yaml_get(root, "common");
	const YamlNode *languages = yaml_need(root, "languages");

	if (!yaml_check_keys(root, keys))
		return;
	if (common != NULL)
		load_tongue(quotes, common, G_MAXUINT64);
	if (languages == NULL || !yaml_is_map(languages))
		return;
	if (yaml_count(languages) > TONGUES_MAX)
		yaml_problem(languages, "at most %d languages", TONGUES_MAX);
	for (guint i = 0; i < MIN(yaml_count(languages), TONGUES_MAX); i++)
		load_tongue(quotes, yaml_value(languages, i),
		    (QuotesTongues)1 << i);
}

static Quotes *
quotes_new(GBytes *source)
{
	Quotes *quotes = g_new0(Quotes, 1);

	g_atomic_ref_count_init(&quotes->references);
	quotes->source = g_bytes_ref(source);
	quotes->prefixes = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, g_free);
	quotes->labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    g_free);
	quotes->phrases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	for (gsize i = 0; i < QUOTES_LISTS; i++)
		quotes->lists[i] = g_ptr_array_new_with_free_func(g_free);
	return quotes;
}

Quotes *
quotes_load(const char *file, GBytes *yaml, Problems *problems)
{
	guint before = problems_count(problems);
	g_autoptr(Quotes) quotes = quotes_new(yaml);
	gsize length;
	const char *text = g_bytes_get_data(yaml, &length);
	g_autoptr(YamlDocument) document = yaml_parse(file,
	    text != NULL ? text : "", length, problems);

	if (document != NULL)
		load_root(quotes, yaml_root(document));
	for (gsize i = 0; i < QUOTES_LISTS; i++)
		g_ptr_array_add(quotes->lists[i], NULL);
	return problems_count(problems) > before ? NULL
						 : g_steal_pointer(&quotes);
}

Quotes *
quotes_ref(Quotes *quotes)
{
	g_atomic_ref_count_inc(&quotes->references);
	return quotes;
}

void
quotes_unref(Quotes *quotes)
{
	if (quotes == NULL || !g_atomic_ref_count_dec(&quotes->references))
		return;
	g_bytes_unref(quotes->source);
	g_hash_table_unref(quotes->prefixes);
	g_hash_table_unref(quotes->labels);
	g_hash_table_unref(quotes->phrases);
	for (gsize i = 0; i < QUOTES_LISTS; i++)
		g_ptr_array_unref(quotes->lists[i]);
	g_free(quotes);
}

GBytes *
quotes_source(const Quotes *quotes)
{
	return quotes->source;
}

/* ---- those in force ---- */

static Quotes *in_force;

const Quotes *
quotes_current(void)
{
	if (in_force == NULL) {
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(GBytes) yaml = quotes_builtin();

		in_force = quotes_load("quotes.yaml", yaml, problems);
		g_assert(in_force != NULL);
	}
	return in_force;
}

void
quotes_use(Quotes *quotes)
{
	if (quotes != NULL)
		quotes_ref(quotes);
	quotes_unref(in_force);
	in_force = quotes;
}

/* ---- asking ---- */

QuotesPrefix
quotes_prefix(const Quotes *quotes, const char *word)
{
	const QuotesPrefix *prefix = g_hash_table_lookup(quotes->prefixes,
	    word);

	return prefix != NULL ? *prefix : (QuotesPrefix){ 0, 0 };
}

bool
quotes_label(const Quotes *quotes, const char *word, QuotesLabel *ret_label,
    QuotesTongues *ret_tongues)
{
	const Label *label = g_hash_table_lookup(quotes->labels, word);

	if (label == NULL)
		return false;
	*ret_label = label->label;
	*ret_tongues = label->tongues;
	return true;
}

const char *const *
quotes_list(const Quotes *quotes, QuotesList list)
{
	return (const char *const *)quotes->lists[list]->pdata;
}

bool
quotes_begins(const Quotes *quotes, QuotesList list, const char *folded)
{
	const char *const *words = quotes_list(quotes, list);

	for (; *words != NULL; words++) {
		if (g_str_has_prefix(folded, *words))
			return true;
	}
	return false;
}

bool
quotes_contains(const Quotes *quotes, QuotesList list, const char *folded)
{
	const char *const *words = quotes_list(quotes, list);

	for (; *words != NULL; words++) {
		if (strstr(folded, *words) != NULL)
			return true;
	}
	return false;
}

bool
quotes_greets(const Quotes *quotes, const char *folded)
{
	const char *const *words = quotes_list(quotes, QUOTES_GREETINGS);

	for (; *words != NULL; words++) {
		gsize length = strlen(*words);

		if (g_str_has_prefix(folded, *words) &&
		    (length >= WHOLE_GREETING_BYTES ||
			!g_unichar_isalpha(g_utf8_get_char(folded + length))))
			return true;
	}
	return false;
}

bool
quotes_courtesy(const Quotes *quotes, QuotesList list, const char *phrase)
{
	g_autofree char *key = bare(phrase);

	return (GPOINTER_TO_UINT(g_hash_table_lookup(quotes->phrases, key)) &
		   1U << list) != 0;
}
