/*
 * What the words of a line say, where nobody knows the system that wrote it:
 * that something is bad or over, and what it is about. The words are data,
 * rules/alerts/unknown.yaml.
 */
#include "alert_private.h"
#include "guichet/base/text.h"

#include <string.h>

#define MAX_WORDS 60 /* of a line: what is behind them says nothing */
#define NEAR      2  /* words back that a `not` reaches */

/* ---- phrases ---- */

static void
phrase_free(gpointer data)
{
	AlertPhrase *phrase = data;

	g_strfreev(phrase->words);
	g_free(phrase);
}

AlertUnknown *
alert_unknown_new(void)
{
	AlertUnknown *unknown = g_new0(AlertUnknown, 1);

	unknown->phrases = g_hash_table_new_full(NULL, NULL, NULL,
	    (GDestroyNotify)g_ptr_array_unref);
	unknown->read = g_ptr_array_new_with_free_func(alert_step_free);
	return unknown;
}

void
alert_unknown_free(AlertUnknown *unknown)
{
	g_hash_table_unref(unknown->phrases);
	g_ptr_array_unref(unknown->read);
	g_free(unknown);
}

static gpointer
first_letter(const char *word)
{
	return GUINT_TO_POINTER(g_utf8_get_char(word));
}

static int
compare_lengths(gconstpointer a, gconstpointer b)
{
	const AlertPhrase *one = *(const AlertPhrase *const *)a;
	const AlertPhrase *other = *(const AlertPhrase *const *)b;
	guint length = g_strv_length(one->words);
	guint others = g_strv_length(other->words);

	if (length != others)
		return length > others ? -1 : 1;
	return (int)one->kind - (int)other->kind;
}

void
alert_unknown_add(AlertUnknown *unknown, AlertWordKind kind, const char *text)
{
	AlertPhrase *phrase = g_new0(AlertPhrase, 1);
	g_autofree char *folded = NULL;
	GPtrArray *alike;
	gpointer letter;

	while (*text == '=' && text[1] != '>') {
		phrase->marks++;
		text++;
	}
	folded = alert_fold(text);
	phrase->words = g_strsplit_set(folded, " '", -1);
	phrase->kind = kind;
	letter = first_letter(folded);
	alike = g_hash_table_lookup(unknown->phrases, letter);
	if (alike == NULL) {
		alike = g_ptr_array_new_with_free_func(phrase_free);
		g_hash_table_insert(unknown->phrases, letter, alike);
	}
	g_ptr_array_add(alike, phrase);
	g_ptr_array_sort(alike, compare_lengths);
}

/* ---- a line's words ---- */

typedef struct {
	char *text; /* folded */
	AlertWordKind kind;
	guint span; /* words of the phrase that begins here; 0: within one */
	int marks;  /* of that phrase */
	bool capitals;
	bool opens, closes; /* a mark stands before it, behind it */
} Word;

typedef struct {
	Word words[MAX_WORDS];
	guint count;
} Line;

static void
line_clear(Line *line)
{
	for (guint i = 0; i < line->count; i++)
		g_free(line->words[i].text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Line, line_clear)

static bool
is_letter(const char *p)
{
	return g_unichar_isalnum(g_utf8_get_char(p));
}

static bool
is_arrow(const char *p)
{
	return g_str_has_prefix(p, "->") || g_str_has_prefix(p, "=>") ||
	    g_str_has_prefix(p, "→");
}

static bool
is_sign(const char *p)
{
	return g_unichar_type(g_utf8_get_char(p)) == G_UNICODE_OTHER_SYMBOL;
}

/* "web-1.lyon_2": what joins the parts of a name. */
static bool
joins(const char *p)
{
	return strchr("-_.", *p) != NULL && *p != '\0' && p[1] != '\0' &&
	    is_letter(p + 1);
}

static const char *
word_end(const char *p)
{
	if (is_arrow(p) && *p != '\xe2')
		return p + 2;
	if (!is_letter(p))
		return g_utf8_next_char(p);
	while (*p != '\0' && (is_letter(p) || joins(p)))
		p = g_utf8_next_char(p);
	return p;
}

static bool
is_capital(const char *from, const char *end)
{
	bool any = false;

	for (; from < end; from = g_utf8_next_char(from)) {
		gunichar c = g_utf8_get_char(from);

		if (g_unichar_islower(c))
			return false;
		any |= g_unichar_isupper(c);
	}
	return any;
}

/* What sets words off from each other. */
static bool
is_mark(const char *p)
{
	return strchr("[](){}:|!?.;,*<>\"=", *p) != NULL ||
	    (*p == '-' && (p[1] == ' ' || p[1] == '\0')) ||
	    g_str_has_prefix(p, "–") || g_str_has_prefix(p, "—") ||
	    g_str_has_prefix(p, "：");
}

static void
split(Line *line, const char *text)
{
	const char *end;
	bool opens = true;

	for (const char *p = text; *p != '\0' && line->count < MAX_WORDS;
	     p = end) {
		bool arrow = is_arrow(p), sign = !arrow && is_sign(p);

		end = word_end(p);
		if (arrow || sign || is_letter(p)) {
			line->words[line->count++] =
			    (Word){ .text = g_utf8_strdown(p, end - p),
				    .span = 1,
				    .capitals = is_capital(p, end),
				    .opens = opens || sign,
				    .closes = sign };
			opens = sign;
		} else if (is_mark(p)) {
			opens = true;
			if (line->count > 0)
				line->words[line->count - 1].closes = true;
		}
	}
	if (line->count > 0 && line->count < MAX_WORDS)
		line->words[line->count - 1].closes = true;
}

static bool
fits_word(const char *pattern, const char *word)
{
	gsize length = strlen(pattern);

	return length > 1 && pattern[length - 1] == '*'
	    ? strncmp(pattern, word, length - 1) == 0
	    : strcmp(pattern, word) == 0;
}

static bool
fits(const AlertPhrase *phrase, const Line *line, guint at)
{
	for (guint i = 0; phrase->words[i] != NULL; i++)
		if (at + i >= line->count ||
		    !fits_word(phrase->words[i], line->words[at + i].text))
			return false;
	return true;
}

static const AlertPhrase *
phrase_at(const AlertUnknown *unknown, const Line *line, guint at)
{
	const GPtrArray *alike = g_hash_table_lookup(unknown->phrases,
	    first_letter(line->words[at].text));

	for (guint i = 0; alike != NULL && i < alike->len; i++)
		if (fits(alike->pdata[i], line, at))
			return alike->pdata[i];
	return NULL;
}

static void
name_kinds(const AlertUnknown *unknown, Line *line)
{
	for (guint at = 0; at < line->count; at += line->words[at].span) {
		Word *word = &line->words[at];
		const AlertPhrase *phrase = phrase_at(unknown, line, at);

		if (phrase != NULL) {
			word->kind = phrase->kind;
			word->marks = phrase->marks;
			word->span = g_strv_length(phrase->words);
		} else if (strspn(word->text, "0") == strlen(word->text)) {
			word->kind = WORD_NOT; /* "0 errors" */
		}
		for (guint i = 1; i < word->span; i++) {
			line->words[at + i].kind = word->kind;
			line->words[at + i].span = 0;
		}
	}
}

/* ---- what they say ---- */

static const Word *
before(const Line *line, guint at)
{
	while (at > 0)
		if (line->words[--at].span > 0)
			return &line->words[at];
	return NULL;
}

static bool
is_closed(const Line *line, guint at)
{
	return line->words[at + line->words[at].span - 1].closes;
}

/* Nothing else stands between the marks around it. */
static bool
is_alone(const Line *line, guint at)
{
	guint first = at, last = at + line->words[at].span - 1;

	while (!line->words[first].opens && first > 0 &&
	    line->words[first - 1].kind != WORD_OTHER)
		first--;
	while (!line->words[last].closes && last + 1 < line->count &&
	    line->words[last + 1].kind != WORD_OTHER)
		last++;
	return line->words[first].opens && line->words[last].closes;
}

static bool
counts(const Line *line, guint at)
{
	const Word *word = &line->words[at];
	const Word *last = before(line, at);

	if (word->marks == 0 || is_alone(line, at))
		return true;
	if (last != NULL && !word->opens &&
	    (last->kind == WORD_IS || last->kind == WORD_NOW))
		return true;
	return is_closed(line, at) && (word->marks == 1 || word->capitals);
}

/* "not", "no longer" within the clause, a word or two before it. */
static AlertWordKind
turned_by(const Line *line, guint at)
{
	guint far = 0;

	while (at > 0 && far < NEAR && !line->words[at].opens) {
		const Word *word = &line->words[--at];

		if (word->kind == WORD_NOT || word->kind == WORD_NO_MORE)
			return word->kind;
		if (word->span > 0)
			far++;
	}
	return WORD_OTHER;
}

typedef enum {
	IS_NONE,
	IS_BAD,
	IS_GRAVE,
	IS_GOOD,
	IS_OVER,
} Meaning;

static Meaning
meaning_of(const Line *line, guint at)
{
	const Word *word = &line->words[at];
	AlertWordKind turn = turned_by(line, at);

	switch (word->kind) {
	case WORD_OVER:
	case WORD_GOOD:
		if (turn != WORD_OTHER)
			return IS_BAD;
		if (!counts(line, at))
			return IS_NONE;
		return word->kind == WORD_OVER ? IS_OVER : IS_GOOD;
	case WORD_BAD:
	case WORD_GRAVE:
		if (turn != WORD_OTHER)
			return turn == WORD_NO_MORE ? IS_OVER : IS_NONE;
		return word->kind == WORD_BAD ? IS_BAD : IS_GRAVE;
	default:
		return IS_NONE;
	}
}

/* "failure cleared", "la panne est résolue": the bad is what is over. */
static bool
is_taken_back(const Line *line, guint at)
{
	for (guint i = at + line->words[at].span; i < line->count; i++) {
		const Word *word = &line->words[i];

		if (line->words[i - 1].closes)
			return false;
		if (word->kind == WORD_OVER || word->kind == WORD_GOOD)
			return meaning_of(line, i) >= IS_GOOD;
		if (word->kind != WORD_IS && word->kind != WORD_FILLER)
			return false;
	}
	return false;
}

typedef struct {
	bool over, good, good_alone;   /* `over` is good, too */
	bool bad, bad_alone, bad_open; /* `open`: nothing takes it back */
	bool bad_first, over_last;     /* the line begins, ends so */
	bool maybe; /* good words that may mean another thing */
	bool grave, update, notice;
	Meaning now; /* behind a `now`, the last */
} Sum;

static void
add_up(const Line *line, guint at, Sum *sum)
{
	Meaning meaning = meaning_of(line, at);
	const Word *word = &line->words[at], *last = before(line, at);
	bool alone = meaning != IS_NONE && is_alone(line, at);

	sum->update |= word->kind == WORD_UPDATE;
	/* "Info 6C8F1F65: ...", "[Info] ..." */
	sum->notice |= word->kind == WORD_NOTICE && word->opens;
	sum->maybe |= meaning == IS_NONE && word->kind == WORD_GOOD;
	sum->over_last = meaning == IS_OVER && is_closed(line, at);
	if (meaning == IS_NONE)
		return;
	if (meaning == IS_BAD) {
		bool open = !is_taken_back(line, at);

		sum->bad = true;
		sum->bad_open |= open;
		sum->bad_alone |= open && alone;
		sum->bad_first |= !sum->good;
	} else if (meaning == IS_GRAVE) {
		sum->grave = true;
	} else {
		sum->good = true;
		sum->good_alone |= alone;
		sum->over |= meaning == IS_OVER;
	}
	if (last != NULL && last->kind == WORD_NOW)
		sum->now = meaning;
}

static AlertSaying
judge(const Sum *sum)
{
	AlertSaying good = sum->over ? SAYS_OVER
	    : sum->notice            ? SAYS_GOOD_NOTICE
				     : SAYS_GOOD;

	if (sum->now == IS_BAD || sum->now == IS_GRAVE)
		return SAYS_BAD;
	if (sum->now != IS_NONE || (sum->good && !sum->bad))
		return good;
	/* Of both, what is set off; what is not plain is bad. */
	if (sum->good && !sum->bad_alone && (sum->good_alone || !sum->bad_open))
		return good;
	/* "Outage of the VPN resolved" */
	if (sum->bad_first && sum->over_last && !sum->bad_alone)
		return SAYS_MAYBE;
	if (sum->bad)
		return SAYS_BAD;
	if (sum->maybe && !sum->notice)
		return SAYS_MAYBE;
	if (sum->update)
		return SAYS_UPDATE;
	if (sum->grave)
		return SAYS_BAD;
	return sum->notice ? SAYS_NOTICE : SAYS_NOTHING;
}

AlertSaying
alert_saying(const AlertUnknown *unknown, const char *text)
{
	g_auto(Line) line = { .count = 0 };
	Sum sum = { .now = IS_NONE };

	split(&line, text);
	name_kinds(unknown, &line);
	for (guint i = 0; i < line.count; i += line.words[i].span)
		add_up(&line, i, &sum);
	return judge(&sum);
}

static int
compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
alert_stem(const AlertUnknown *unknown, const char *text)
{
	g_auto(Line) line = { .count = 0 };
	g_autoptr(GPtrArray) kept = g_ptr_array_new();
	const char *last = NULL;
	GString *stem = g_string_new(NULL);

	split(&line, text);
	name_kinds(unknown, &line);
	for (guint i = 0; i < line.count; i++)
		if (line.words[i].kind == WORD_OTHER)
			g_ptr_array_add(kept, line.words[i].text);
	g_ptr_array_sort(kept, compare_words);
	for (guint i = 0; i < kept->len; i++) {
		if (g_strcmp0(last, kept->pdata[i]) == 0)
			continue;
		last = kept->pdata[i];
		g_string_append_printf(stem, "%s%s", stem->len > 0 ? " " : "",
		    last);
	}
	return g_string_free(stem, FALSE);
}
