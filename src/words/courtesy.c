/* Greetings and closings, cut from around what a mail says. */
#include "guichet/words/courtesy.h"

#include <string.h>

enum {
	PHRASE_WORDS = 4, /* of the longest phrase that is looked up */
	NAME_WORDS = 4,   /* of a line of names, and of whom a mail greets */
};

/* What follows a word. */
typedef enum {
	BREAK_NONE,
	BREAK_COMMA,
	BREAK_SENTENCE,
	BREAK_LINE,
} Break;

typedef struct {
	const char *start, *end;
	Break after;
	bool stopped; /* a stop or a mark stands behind it */
} Word;

/* ---- words ---- */

static Break
break_of(gunichar c)
{
	if (c == '\n' || c == 0x2028 || c == 0x2029)
		return BREAK_LINE;
	if (c == ',')
		return BREAK_COMMA;
	return c < 0x80 && strchr(".:;?!", (int)c) != NULL ? BREAK_SENTENCE
							   : BREAK_NONE;
}

static bool
belongs(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static GArray *
words_of(const char *text)
{
	GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));
	const char *p = text;

	while (*p != '\0') {
		gunichar c = g_utf8_get_char(p);
		Word word = { p, p, BREAK_NONE, false };

		while (belongs(g_utf8_get_char(word.end)))
			word.end = g_utf8_next_char(word.end);
		p = word.end > p ? word.end : g_utf8_next_char(p);
		if (word.end > word.start) {
			g_array_append_val(words, word);
		} else if (words->len > 0) {
			Word *last = &g_array_index(words, Word,
			    words->len - 1);

			last->after = MAX(last->after, break_of(c));
			last->stopped |= break_of(c) == BREAK_SENTENCE;
		}
	}
	if (words->len > 0)
		g_array_index(words, Word, words->len - 1).after = BREAK_LINE;
	return words;
}

static const Word *
word_at(const GArray *words, guint i)
{
	return &g_array_index(words, Word, i);
}

/* How many words from `i` on, up to `end`, are one phrase of the kind. */
static guint
phrase_length(const GArray *words, guint i, guint end, QuotesList kind)
{
	guint most = MIN(end - i, PHRASE_WORDS);

	for (guint n = most; n > 0; n--) {
		const char *start = word_at(words, i)->start;
		g_autofree char *phrase = g_strndup(start,
		    (gsize)(word_at(words, i + n - 1)->end - start));

		if (quotes_courtesy(quotes_current(), kind, phrase))
			return n;
	}
	return 0;
}

/* "Anne", but neither "ERP" nor "bloqué". */
static bool
is_name(const Word *word)
{
	const char *second = g_utf8_next_char(word->start);

	return g_unichar_isupper(g_utf8_get_char(word->start)) &&
	    (second == word->end ||
		!g_unichar_isupper(g_utf8_get_char(second)));
}

/* ---- the beginning ---- */

/* The words behind those who are greeted, if the greeting ends with them. */
static guint
addressees_end(const GArray *words, guint i)
{
	for (guint k = i; k < words->len && k - i < NAME_WORDS;) {
		guint n = phrase_length(words, k, words->len,
		    QUOTES_ADDRESSEES);

		if (n == 0 && !is_name(word_at(words, k)))
			return i;
		k += MAX(n, 1);
		if (word_at(words, k - 1)->after != BREAK_NONE)
			return k;
	}
	return i;
}

static guint
greeting_end(const GArray *words)
{
	guint i = 0, n;

	while (i < words->len &&
	    (n = phrase_length(words, i, words->len, QUOTES_GREETINGS)) > 0) {
		i += n;
		if (word_at(words, i - 1)->after == BREAK_NONE)
			i = addressees_end(words, i);
	}
	return i;
}

/* ---- the end ---- */

/* Where the piece begins that ends before `end`: behind a break this strong. */
static guint
piece_start(const GArray *words, guint from, guint end, Break strength)
{
	guint i = end - 1;

	while (i > from && word_at(words, i - 1)->after < strength)
		i--;
	return i;
}

static bool
all_closings(const GArray *words, guint from, guint end)
{
	for (guint i = from; i < end;) {
		guint n = phrase_length(words, i, end, QUOTES_CLOSINGS);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

static bool
all_names(const GArray *words, guint from, guint end)
{
	if (end - from > NAME_WORDS || word_at(words, end - 1)->stopped)
		return false;
	for (guint i = from; i < end; i++)
		if (!is_name(word_at(words, i)) &&
		    phrase_length(words, i, i + 1, QUOTES_ADDRESSEES) == 0)
			return false;
	return true;
}

/* The words before one closing or name that ends them; `end` if none does.
 * Names count behind a comma ("Merci, Anne") only where a closing stands before
 * it. */
static guint
ending_start(const GArray *words, guint from, guint end)
{
	guint start = piece_start(words, from, end, BREAK_COMMA);
	guint line = piece_start(words, from, end, BREAK_LINE);

	if (all_closings(words, start, end))
		return start;
	if (line > from && all_names(words, line, end))
		return line;
	if (start > from && all_names(words, start, end) &&
	    all_closings(words, piece_start(words, from, start, BREAK_COMMA),
		start))
		return start;
	return end;
}

/* The words before closings and names that end the mail. */
static guint
closing_start(const GArray *words, guint from)
{
	guint end = words->len;

	while (end > from) {
		guint start = ending_start(words, from, end);

		if (start == end)
			break;
		end = start;
	}
	return end;
}

/* ---- both ---- */

/* Behind the word and what parts it from the next: a question mark is said. */
static const char *
behind(const Word *word)
{
	const char *p = word->end;

	while (*p != '\0' && *p != '?' && !belongs(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return p;
}

char *
courtesy_cut(const char *text)
{
	g_autoptr(GArray) words = words_of(text != NULL ? text : "");
	guint from = greeting_end(words);
	guint end = closing_start(words, from);
	const char *start = from > 0 ? behind(word_at(words, from - 1)) : text;

	if (words->len == 0)
		return g_strdup(text != NULL ? text : "");
	if (end < words->len)
		return g_strndup(start,
		    (gsize)(MAX(word_at(words, end)->start, start) - start));
	return g_strdup(start);
}
