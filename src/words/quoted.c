/* Quotations without the usual marks, known by what they repeat. */
#include "guichet/words/quoted.h"

#include "guichet/base/text.h"

#include <string.h>

enum {
	TELLING_BYTES = 16, /* shorter lines are alike by chance: a name */
	MARKED_BYTES = 4,   /* behind a mark nobody writes so by chance */
	PART_BYTES = 12,    /* of a line that a mail program has broken */
	PREFIX_BYTES = 40,  /* no mark is longer */
	INITIALS = 10,      /* "AM>", "Anne>" */
	POURED_LINES = 2,   /* one may be alike by chance, within a sentence */
	FOLDED_BYTES = 65536, /* of a text; a command's text is no longer */
};

struct QuotedLines {
	GHashTable *internal, *public; /* cores, char * */
	GString *all;                  /* the internal ones, a line each */
};

QuotedLines *
quoted_lines_new(void)
{
	QuotedLines *lines = g_new0(QuotedLines, 1);

	lines->internal = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	lines->public = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	lines->all = g_string_new("\n");
	return lines;
}

void
quoted_lines_free(QuotedLines *lines)
{
	if (lines == NULL)
		return;
	g_hash_table_unref(lines->internal);
	g_hash_table_unref(lines->public);
	g_string_free(lines->all, TRUE);
	g_free(lines);
}

static bool
is_word(const char *at)
{
	return g_unichar_isalnum(g_utf8_get_char(at));
}

/* From its first letter or digit. */
static const char *
skip_marks(const char *text)
{
	while (*text != '\0' && !is_word(text))
		text = g_utf8_next_char(text);
	return text;
}

/* How blanks fall is the mail program's, and so may be what stands at the end:
 * a mark there, too, or the '>' of an address. */
static char *
without_end(const char *line)
{
	char *clean = text_clean_line(line, -1, G_MAXINT);
	char *end = clean + strlen(clean);

	while (end > clean) {
		char *last = g_utf8_find_prev_char(clean, end);

		if (last == NULL || is_word(last))
			break;
		end = last;
	}
	*end = '\0';
	return clean;
}

typedef void (*LineFunc)(QuotedLines *lines, const char *core);

static void
each_line(QuotedLines *lines, const char *text, LineFunc function)
{
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);

	for (gsize i = 0; all[i] != NULL; i++) {
		g_autofree char *line = without_end(all[i]);
		const char *core = skip_marks(line);

		if (strlen(core) >= MARKED_BYTES)
			function(lines, core);
	}
}

static void
add_internal(QuotedLines *lines, const char *core)
{
	if (g_hash_table_add(lines->internal, g_strdup(core)))
		g_string_append_printf(lines->all, "%s\n", core);
}

void
quoted_lines_add_internal(QuotedLines *lines, const char *text)
{
	each_line(lines, text, add_internal);
}

static void
add_public(QuotedLines *lines, const char *core)
{
	g_hash_table_add(lines->public, g_strdup(core));
}

void
quoted_lines_add_public(QuotedLines *lines, const char *text)
{
	each_line(lines, text, add_public);
}

/* ---- what stands before a line ---- */

typedef enum {
	MARK_NONE,
	MARK_LIST, /* what people begin the items of a list with, too */
	MARK_QUOTE,
} Mark;

/* Behind initials that end in '>' or the like. */
static const char *
skip_initials(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && is_word(p) && p - from < INITIALS)
		p = g_utf8_next_char(p);
	return p > from && p < end && strchr(">|}]", *p) != NULL ? p : from;
}

static Mark
mark_of(const char *from, const char *end)
{
	static const char lists[] = "-*+#.([\"'";
	const char *p = skip_initials(from, end);
	Mark mark = p > from ? MARK_QUOTE : MARK_NONE;

	for (; p < end; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (is_word(p))
			return MARK_NONE;
		if (g_unichar_isspace(c))
			continue;
		/* Bullets, dashes, an opening guillemet. */
		if ((c < 128 && strchr(lists, (int)c) != NULL) || c == 0xab ||
		    c == 0xb7 || (c >= 0x2010 && c <= 0x2015) || c == 0x2022 ||
		    c == 0x201c || c == 0x2018)
			mark = MAX(mark, MARK_LIST);
		else
			mark = MARK_QUOTE;
	}
	return mark;
}

static bool
is_secret(const QuotedLines *lines, const char *core)
{
	return g_hash_table_contains(lines->internal, core) &&
	    !g_hash_table_contains(lines->public, core);
}

static bool
has_letter(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		if (g_unichar_isalpha(g_utf8_get_char(text)))
			return true;
	}
	return false;
}

/* Whether it is what stands from `at` on, behind all before it. */
static bool
repeats_at(const QuotedLines *lines, const char *line, const char *at)
{
	Mark mark = mark_of(line, at);
	gsize length = strlen(at);

	if (is_secret(lines, at) &&
	    (mark != MARK_NONE || (length >= TELLING_BYTES && has_letter(at))))
		return true;
	if (mark != MARK_QUOTE)
		return false;
	if (g_hash_table_contains(lines->public, at))
		return g_hash_table_contains(lines->internal, at);
	return length >= PART_BYTES && strstr(lines->all->str, at) != NULL;
}

static bool
repeats(const QuotedLines *lines, const char *line)
{
	bool inside = false; /* a word, where no line can begin */

	for (const char *p = line; *p != '\0' && p - line <= PREFIX_BYTES;
	     p = g_utf8_next_char(p)) {
		if (is_word(p) && !inside && strlen(p) >= MARKED_BYTES &&
		    repeats_at(lines, line, p))
			return true;
		inside = is_word(p);
	}
	return false;
}

/* ---- lines that were poured into one another ---- */

/* Letters without their case, and one blank wherever there are some. */
static char *
fold(const char *text)
{
	g_autofree char *line = text_clean_line(text, -1, FOLDED_BYTES);
	g_autofree char *lower = g_utf8_casefold(line, -1);
	GString *folded = g_string_new(NULL);

	for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
		if (!g_unichar_isspace(g_utf8_get_char(p)))
			g_string_append_unichar(folded, g_utf8_get_char(p));
		else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
			g_string_append_c(folded, ' ');
	}
	return g_string_free(folded, FALSE);
}

/* A page made text may be one paragraph, or broken anew at any column. */
static bool
holds_poured(const QuotedLines *lines, const char *text)
{
	g_autofree char *folded = fold(text);
	GHashTableIter iter;
	gpointer core;
	guint found = 0;

	g_hash_table_iter_init(&iter, lines->internal);
	while (found < POURED_LINES &&
	    g_hash_table_iter_next(&iter, &core, NULL)) {
		g_autofree char *line = NULL;

		if (strlen(core) < TELLING_BYTES || !has_letter(core) ||
		    !is_secret(lines, core))
			continue;
		line = fold(core);
		found += strstr(folded, line) != NULL;
	}
	return found >= POURED_LINES;
}

bool
quoted_lines_in(const QuotedLines *lines, const char *text)
{
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);

	for (gsize i = 0; all[i] != NULL; i++) {
		g_autofree char *line = without_end(all[i]);

		if (repeats(lines, line))
			return true;
	}
	return holds_poured(lines, text);
}
