/* What stands below the writer's words, or above, and is not theirs. */
#include "body_private.h"

#include <string.h>

enum {
	SIGNATURE_LINES = 20, /* below "-- ", which programs write */
	SIGNATURE_REACH = 60, /* empty lines among them */
	DASHES_LINES = 8,     /* below "--", which may be a writer's line */
	PROSE_WORDS = 8,
	PROSE_WORDS_MOST = 60,
	STAMP_CHARS = 70,
	STAMP_WORDS = 8,
	NOTICE_BYTES = 80, /* a notice below; a banner above may be short */
	BANNER_BYTES = 20,
	NAME_BYTES = 40,
	NAME_WORDS = 4,
	FOOTER_LINES = 6,
	TAILS_MOST = 50,
};

static guint
count_words(const char *text)
{
	guint words = 0;
	bool inside = false;

	for (; *text != '\0'; text++) {
		bool blank = g_ascii_isspace(*text);

		words += !blank && !inside;
		inside = !blank;
	}
	return words;
}

static bool
is_notice(const Sheet *sheet, const char *folded, gsize least)
{
	const Quotes *quotes = sheet->text.quotes;
	const char *p = folded + strspn(folded, "-_=~#!| ");

	return strlen(folded) >= least &&
	    (quotes_begins(quotes, QUOTES_NOTICES, p) ||
		(*p == '"' && quotes_begins(quotes, QUOTES_NOTICES, p + 1))) &&
	    quotes_contains(quotes, QUOTES_LEGAL, folded);
}

static char *
fold_lines(const Sheet *sheet, gsize from, gsize to)
{
	g_autoptr(GString) joined = g_string_new(NULL);

	for (gsize i = from; i < to; i++)
		g_string_append_printf(joined, "%s ", sheet->text.lines[i]);
	return quotes_fold(joined->str);
}

/* The first line behind the paragraph at `at`, at most `end`. */
static gsize
paragraph_end(const Sheet *sheet, gsize at, gsize end)
{
	while (at < end && !body_line_is_blank(sheet->text.lines[at]))
		at++;
	return at;
}

/* Sentences, as signatures have none. */
static bool
is_prose(const Sheet *sheet, gsize from, gsize to)
{
	g_autofree char *folded = fold_lines(sheet, from, to);
	guint words = count_words(folded);
	gsize length = strlen(folded);

	return words >= PROSE_WORDS && words <= PROSE_WORDS_MOST &&
	    strpbrk(folded, "@|<") == NULL && strstr(folded, "://") == NULL &&
	    (strchr(".!?", folded[length - 1]) != NULL ||
		strstr(folded, ". ") != NULL) &&
	    !is_notice(sheet, folded, 0) &&
	    !quotes_contains(sheet->text.quotes, QUOTES_LEGAL, folded);
}

static bool
is_postscript(const Sheet *sheet, gsize at)
{
	const char *const *words = quotes_list(sheet->text.quotes,
	    QUOTES_POSTSCRIPT);
	g_autofree char *folded = quotes_fold(sheet->text.lines[at]);

	for (; *words != NULL; words++) {
		gsize length = strlen(*words);

		if (g_str_has_prefix(folded, *words) &&
		    folded[length] != '\0' &&
		    strchr(" :-.,", folded[length]) != NULL &&
		    count_words(folded) > 1)
			return true;
	}
	return false;
}

/* The line at which the text goes on below what began at `at`. */
static gsize
next_mark(const Sheet *sheet, gsize at)
{
	const Text *text = &sheet->text;
	gsize end = MIN(text->count, at + SIGNATURE_REACH);

	for (; at < end; at++) {
		if (body_line_is_quoted(text->lines[at]) ||
		    body_mark_head(text, at) > 0 ||
		    body_mark_is_forward(text, at))
			break;
	}
	return at;
}

static guint
count_said(const Sheet *sheet, gsize from, gsize to)
{
	guint count = 0;

	for (gsize i = from; i < to; i++)
		count += !body_line_is_blank(sheet->text.lines[i]);
	return count;
}

/* Where a writer's own words begin again in a signature, or `end`. */
static gsize
words_in_signature(const Sheet *sheet, gsize at, gsize end, bool first_too)
{
	for (gsize i = at; i < end; i++) {
		bool begins = i == at
		    ? first_too
		    : body_line_is_blank(sheet->text.lines[i - 1]);

		if (body_line_is_blank(sheet->text.lines[i]))
			continue;
		if (is_postscript(sheet, i) ||
		    (begins &&
			is_prose(sheet, i, paragraph_end(sheet, i, end))))
			return i;
	}
	return end;
}

/* A signature's mark at `at`: returns the line to go on with. */
gsize
sheet_take_signature(Sheet *sheet, gsize at)
{
	bool certain = strcmp(sheet->text.lines[at], "-- ") == 0;
	gsize end = next_mark(sheet, at + 1), words;
	guint said = count_said(sheet, at + 1, end);

	words = words_in_signature(sheet, at + 1, end, !certain);
	/* Below a quotation they may well answer that one. */
	if (words < end && !is_postscript(sheet, words) &&
	    sheet_has(sheet, 0, at, ROLE_QUOTE))
		sheet->doubtful = true;
	if (said > (certain ? SIGNATURE_LINES : DASHES_LINES) ||
	    (!certain && words < end && !is_postscript(sheet, words)) ||
	    !sheet_has(sheet, 0, at, ROLE_OWN)) {
		sheet_set(sheet, at, at + 1, ROLE_OWN);
		return at + 1;
	}
	sheet_set(sheet, at, words, ROLE_TAIL);
	sheet_set(sheet, words, end, ROLE_OWN);
	return end;
}

/* ---- the end of the writer's words ---- */

static bool
is_stamp(const Sheet *sheet, const char *folded)
{
	return quotes_begins(sheet->text.quotes, QUOTES_STAMPS, folded) &&
	    strstr(folded, ", ") == NULL &&
	    count_words(folded) <= STAMP_WORDS &&
	    g_utf8_strlen(folded, -1) <= STAMP_CHARS;
}

/* "-----", "***", and the mark of a tracking program. */
static bool
is_ornament(const char *line)
{
	const char *p = line + strspn(line, " \t");
	gsize length = strlen(p);

	while (length > 0 && g_ascii_isspace(p[length - 1]))
		length--;
	if (length == strlen("ᐧ") && g_str_has_prefix(p, "ᐧ"))
		return true;
	return length >= 2 && strchr("-*#~=_+", *p) != NULL &&
	    strspn(p, (char[]){ *p, '\0' }) >= length;
}

/* "-Anna", below a text. */
static bool
is_signed_name(const char *line)
{
	gunichar first = *line == '-' ? g_utf8_get_char(line + 1) : 0;

	return g_unichar_isupper(first) && strlen(line) <= NAME_BYTES &&
	    count_words(line) <= NAME_WORDS &&
	    strpbrk(line, "0123456789.?!:,;") == NULL;
}

gsize
sheet_last_own(const Sheet *sheet)
{
	gsize i = sheet->text.count;

	while (i > 0 && sheet->roles[i - 1] != ROLE_OWN)
		i--;
	return i;
}

/* The first line of the paragraph that ends before `end`. */
static gsize
paragraph_start(const Sheet *sheet, gsize end)
{
	while (end > 0 && sheet->roles[end - 1] == ROLE_OWN)
		end--;
	return end;
}

/* A rule with a mailing list's words below it: where it begins, or `end`. */
static gsize
footer_start(const Sheet *sheet, gsize end)
{
	for (gsize i = end; i-- > 0 && end - i <= FOOTER_LINES;) {
		g_autofree char *folded = NULL;

		if (!body_line_is_rule(sheet->text.lines[i]))
			continue;
		folded = fold_lines(sheet, i + 1, end);
		return quotes_contains(sheet->text.quotes, QUOTES_FOOTERS,
			   folded)
		    ? i
		    : end;
	}
	return end;
}

/* Where the last thing begins that is not the writer's, or `end`. */
static gsize
tail_start(const Sheet *sheet, gsize end)
{
	gsize start = paragraph_start(sheet, end);
	const char *line = sheet->text.lines[end - 1];
	g_autofree char *folded = quotes_fold(line);
	g_autofree char *whole = NULL;

	if (is_ornament(line) || is_stamp(sheet, folded))
		return end - 1;
	if (start == end - 1 && is_signed_name(line))
		return start;
	whole = fold_lines(sheet, start, end);
	if (is_notice(sheet, whole, NOTICE_BYTES))
		return start;
	return footer_start(sheet, end);
}

void
sheet_trim_tail(Sheet *sheet)
{
	for (guint i = 0; i < TAILS_MOST; i++) {
		gsize end = sheet_last_own(sheet);
		gsize start = end > 0 ? tail_start(sheet, end) : end;

		/* Never the last of the writer's words. */
		if (start == end || !sheet_has(sheet, 0, start, ROLE_OWN))
			return;
		sheet_set(sheet, start, end, ROLE_TAIL);
	}
}

/* "[EXTERNAL] This mail came from outside", above a text. */
void
sheet_trim_banner(Sheet *sheet)
{
	gsize first = body_skip_blank(&sheet->text, 0);
	gsize end = paragraph_end(sheet, first, sheet->text.count);
	g_autofree char *folded = NULL;

	if (first >= sheet->text.count || sheet->roles[first] != ROLE_OWN ||
	    !sheet_has(sheet, end, sheet->text.count, ROLE_OWN))
		return;
	folded = fold_lines(sheet, first, end);
	if (is_notice(sheet, folded, BANNER_BYTES))
		sheet_set(sheet, first, end, ROLE_TAIL);
}
