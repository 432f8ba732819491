/* The marks that mail programs put above what they quote. */
#include "guichet/words/body.h"

#include "body_private.h"
#include "guichet/base/limits.h"

#include <string.h>

enum {
	BLOCK_LINES = 16,
	BLOCK_FOLDED = 4, /* lines of one field */
	LABEL_BYTES = 40,
	FORWARD_BYTES = 400,
	FORWARD_LEAST = 8,
	SEPARATOR_BYTES = 200,
	RULE_BYTES = 10,
};

#define FULL_COLON "："

/* ---- lines ---- */

bool
body_line_is_blank(const char *line)
{
	return line[strspn(line, " \t")] == '\0';
}

bool
body_line_is_quoted(const char *line)
{
	return *line == '>' || (*line == ' ' && line[1] == '>');
}

bool
body_line_is_signature_mark(const char *line)
{
	return strcmp(line, "-- ") == 0 || strcmp(line, "--") == 0;
}

bool
body_line_is_rule(const char *line)
{
	const char *p = line + strspn(line, " \t");
	gsize length = 0;

	if (*p == '_' || *p == '-' || *p == '=' || *p == '*')
		length = strspn(p, (char[]){ *p, '\0' });
	return length >= RULE_BYTES && body_line_is_blank(p + length);
}

static bool
is_barred(const char *line)
{
	return *line == '|' && (line[1] == ' ' || line[1] == '\0');
}

gsize
body_skip_blank(const Text *text, gsize at)
{
	while (at < text->count && body_line_is_blank(text->lines[at]))
		at++;
	return at;
}

gsize
body_skip_quoted(const Text *text, gsize at)
{
	bool barred = at < text->count && is_barred(text->lines[at]);
	gsize end = at;

	for (; at < text->count; at++) {
		const char *line = text->lines[at];

		if (body_line_is_quoted(line) || (barred && is_barred(line)))
			end = at + 1;
		else if (!body_line_is_blank(line))
			break;
	}
	return end;
}

static bool
is_snip(const Text *text, const char *line)
{
	const char *p = line + strspn(line, " \t");
	g_autofree char *folded = NULL;

	if (*p == '\0' || strlen(p) > 16)
		return false;
	folded = quotes_fold(p);
	return g_strv_contains(quotes_list(text->quotes, QUOTES_SNIPS), folded);
}

bool
body_find_quotation(const Text *text, gsize at, gsize *ret_at)
{
	gsize found = body_skip_blank(text, at);

	while (found < text->count && is_snip(text, text->lines[found]))
		found = body_skip_blank(text, found + 1);
	*ret_at = found;
	return found < text->count &&
	    (body_line_is_quoted(text->lines[found]) ||
		is_barred(text->lines[found]));
}

bool
text_is_long(const char *bytes)
{
	gsize lines = 0;

	for (; *bytes != '\0' && lines <= LIMIT_ANSWER_LINES; bytes++)
		lines += *bytes == '\n';
	return lines > LIMIT_ANSWER_LINES;
}

void
text_open(Text *text, const char *bytes, Evidence evidence)
{
	text->lines = g_strsplit(bytes, "\n", -1);
	text->count = g_strv_length(text->lines);
	text->evidence = evidence;
	text->quotes = quotes_current();
	text->attributions = g_new0(gsize, text->count + 1);
	text_find_attributions(text);
}

void
text_close(Text *text)
{
	g_strfreev(text->lines);
	g_free(text->attributions);
}

/* ---- heads of several lines ---- */

/* The label of "From: x", or false. */
static bool
label_of(const Text *text, const char *line, QuotesLabel *ret_label,
    QuotesTongues *ret_tongues)
{
	const char *colon = NULL;
	g_autofree char *word = NULL;
	g_autofree char *folded = NULL;

	for (const char *p = line;
	     *p != '\0' && p - line < LABEL_BYTES && colon == NULL; p++) {
		if (*p == ':' || g_str_has_prefix(p, FULL_COLON))
			colon = p;
	}
	if (colon == NULL || colon == line)
		return false;
	word = g_strndup(line, (gsize)(colon - line));
	folded = quotes_fold(word);
	return quotes_label(text->quotes, folded, ret_label, ret_tongues);
}

static bool
is_block(const Text *text, const guint *seen, bool known)
{
	guint kinds = 0;

	for (gsize i = 0; i <= QUOTES_SUBJECT; i++)
		kinds += seen[i] > 0;
	if (text->evidence == EVIDENCE_ANY && kinds >= 3)
		return true;
	if (seen[QUOTES_TO] == 0 || !known)
		return false;
	return kinds >= 3 || (kinds == 2 && seen[QUOTES_SENT] > 0);
}

gsize
body_mark_header_block(const Text *text, gsize at)
{
	guint seen[QUOTES_SUBJECT + 1] = { 0 }, folded = 0;
	bool known = false;
	QuotesLabel label;
	QuotesTongues tongues;
	gsize first = at, i;

	if (body_line_is_rule(text->lines[at]))
		first = body_skip_blank(text, at + 1);
	if (first >= text->count ||
	    !label_of(text, text->lines[first], &label, &tongues))
		return 0;
	for (i = first; i < MIN(text->count, first + BLOCK_LINES); i++) {
		const char *line = text->lines[i];

		if (label_of(text, line, &label, &tongues)) {
			seen[label]++;
			folded = 0;
			known = known || body_folded_has_address(line) ||
			    body_folded_has_date(line);
		} else if (body_line_is_blank(line) ||
		    body_line_is_quoted(line) || ++folded > BLOCK_FOLDED) {
			break;
		}
	}
	return is_block(text, seen, known) ? i - at : 0;
}

QuotesTongues
body_mark_tongues(const Text *text)
{
	for (gsize i = 0; i < text->count; i++) {
		QuotesLabel label;
		QuotesTongues tongues;

		if (body_mark_header_block(text, i) > 0 &&
		    !body_line_is_rule(text->lines[i]) &&
		    label_of(text, text->lines[i], &label, &tongues))
			return tongues;
	}
	return 0;
}

/* ---- lines between dashes ---- */

/* What stands between the signs at both ends, folded; NULL: there are none. */
static char *
decorated(const char *line)
{
	static const char signs[] = "-_=~*<>+ \t";
	const char *p = line + strspn(line, " \t");
	gsize length = strlen(p), before = strspn(p, signs), after = 0;
	g_autofree char *core = NULL;

	if (before < 2 || length > SEPARATOR_BYTES || length == before)
		return NULL;
	while (strchr(signs, p[length - after - 1]) != NULL)
		after++;
	if (after < 2)
		return NULL;
	core = g_strndup(p + before, length - before - after);
	return quotes_fold(core);
}

/* With dashes before it only, as some programs leave it: enough where nothing
 * may slip through. */
static bool
is_open_separator(const Text *text, const char *line)
{
	g_autofree char *folded = NULL;

	if (text->evidence != EVIDENCE_ANY || strncmp(line, "--", 2) != 0 ||
	    strlen(line) > SEPARATOR_BYTES)
		return false;
	folded = quotes_fold(line);
	return quotes_begins(text->quotes, QUOTES_ORIGINAL,
	    folded + strspn(folded, "- "));
}

bool
body_mark_is_separator(const Text *text, gsize at)
{
	g_autofree char *core = NULL;

	if (strchr("-_=~*<+ ", *text->lines[at]) == NULL ||
	    *text->lines[at] == '\0')
		return false;
	core = decorated(text->lines[at]);
	if (core == NULL)
		return is_open_separator(text, text->lines[at]);
	return quotes_begins(text->quotes, QUOTES_ORIGINAL, core) ||
	    body_mark_says_who(text, core);
}

bool
body_mark_is_forward(const Text *text, gsize at)
{
	const char *line = text->lines[at];
	g_autofree char *folded = NULL;

	if (strlen(line) > FORWARD_BYTES || strlen(line) < FORWARD_LEAST ||
	    !(body_line_ends_in_colon(line) || strchr("-_=*< ", *line) != NULL))
		return false;
	folded = quotes_fold(line);
	return quotes_begins(text->quotes, QUOTES_FORWARDED,
	    folded + strspn(folded, "-_=<> "));
}

gsize
body_mark_head(const Text *text, gsize at)
{
	gsize length = body_mark_header_block(text, at), next;

	if (length > 0)
		return at + length;
	if (text->attributions[at] > 0)
		return text->attributions[at];
	if (!body_mark_is_separator(text, at))
		return 0;
	next = body_skip_blank(text, at + 1);
	if (next < text->count)
		length = body_mark_header_block(text, next);
	return length > 0 ? next + length : at + 1;
}

bool
body_line_heads_quotation(const char *line)
{
	const Text text = { .quotes = quotes_current() };
	g_autofree char *folded = NULL;
	QuotesLabel label;
	QuotesTongues tongues;

	if (label_of(&text, line, &label, &tongues) && label == QUOTES_FROM)
		return true;
	folded = quotes_fold(line);
	return body_line_ends_in_colon(line) &&
	    body_mark_says_who(&text, folded);
}
