/* What a technician wrote for the client, and nothing else. */
#include "guichet/words/body.h"

#include "body_private.h"

#include <string.h>

/*
 * Whether somebody else's words begin at `at`, by any mark. *next is set to
 * the line after them; what follows a header block belongs to it.
 */
static bool
quotation_at(const Text *text, gsize at, gsize *next)
{
	gsize quoted;

	if (body_line_is_quoted(text->lines[at])) {
		*next = body_skip_quoted(text, at);
		return true;
	}
	*next = text->count;
	if (text->attributions[at] > 0) {
		if (body_find_quotation(text, text->attributions[at], &quoted))
			*next = body_skip_quoted(text, quoted);
		return true;
	}
	return body_mark_is_forward(text, at) ||
	    body_mark_is_separator(text, at) ||
	    body_mark_header_block(text, at) > 0;
}

static bool
is_added(const Text *text, const char *line)
{
	g_autofree char *folded = quotes_fold(line);

	return quotes_begins(text->quotes, QUOTES_STAMPS, folded);
}

/* Whether there are words below a quotation, beside a signature, what a
 * program adds of its own, and more quotations. */
static bool
has_words_below(const Text *text, gsize at)
{
	while (
	    at < text->count && !body_line_is_signature_mark(text->lines[at])) {
		gsize next;

		if (quotation_at(text, at, &next)) {
			at = next;
			continue;
		}
		if (!body_line_is_blank(text->lines[at]) &&
		    !is_added(text, text->lines[at]))
			return true;
		at++;
	}
	return false;
}

static char *
join(const Text *text, gsize from, gsize to)
{
	GString *all = g_string_new(NULL);

	while (from < to && body_line_is_blank(text->lines[from]))
		from++;
	while (to > from &&
	    (body_line_is_blank(text->lines[to - 1]) ||
		is_added(text, text->lines[to - 1])))
		to--;
	for (gsize i = from; i < to; i++)
		g_string_append_printf(all, "%s\n", text->lines[i]);
	g_strchomp(all->str);
	return g_string_free(all, FALSE);
}

/* As s-nail marks what it quotes. */
static bool
has_bar(const char *line)
{
	return line[strspn(line, " ")] == '|';
}

/* Whether a quotation begins there and ends before the text does. */
static bool
ends_quotation(const Text *text, gsize at, gsize *next)
{
	if (!quotation_at(text, at, next))
		return false;
	if (*next < text->count || text->attributions[at] == 0)
		return *next < text->count;
	for (*next = text->attributions[at];
	     *next < text->count && has_bar(text->lines[*next]); ++*next)
		continue;
	return *next > text->attributions[at] && *next < text->count;
}

char *
body_words_below(const char *bytes, char **ret_quoted)
{
	g_auto(Text) text = { .count = 0 };
	g_autofree char *words = NULL;
	gsize begin = 0, end, next, other;

	if (text_is_long(bytes))
		return NULL;
	text_open(&text, bytes, EVIDENCE_ANY);
	while (begin < text.count && body_line_is_blank(text.lines[begin]))
		begin++;
	if (begin == text.count || !ends_quotation(&text, begin, &next))
		return NULL;
	for (end = next;
	     end < text.count && !body_line_is_signature_mark(text.lines[end]);
	     end++) {
		if (quotation_at(&text, end, &other) ||
		    has_bar(text.lines[end]))
			return NULL;
	}
	words = join(&text, next, end);
	if (*words == '\0')
		return NULL;
	*ret_quoted = join(&text, begin, next);
	return g_steal_pointer(&words);
}

char *
body_own_words(const char *bytes, bool *ret_below)
{
	g_auto(Text) text = { .count = 0 };
	gsize end = 0, next;

	*ret_below = text_is_long(bytes);
	if (*ret_below)
		return g_strdup("");
	text_open(&text, bytes, EVIDENCE_ANY);
	for (; end < text.count; end++) {
		if (quotation_at(&text, end, &next)) {
			*ret_below = has_words_below(&text, next);
			break;
		}
	}
	for (gsize i = 0; i < end; i++) {
		if (!body_line_is_signature_mark(text.lines[i]))
			continue;
		end = i;
	}
	return join(&text, 0, end);
}
