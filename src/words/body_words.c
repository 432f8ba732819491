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

char *
body_own_words(const char *bytes, bool *ret_below)
{
	g_auto(Text) text = { .count = 0 };
	g_autoptr(GString) own = g_string_new(NULL);
	gsize end = 0, next;
	bool begun = false;

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
	while (end > 0 &&
	    (body_line_is_blank(text.lines[end - 1]) ||
		is_added(&text, text.lines[end - 1])))
		end--;
	for (gsize i = 0; i < end; i++) {
		begun = begun || !body_line_is_blank(text.lines[i]);
		if (begun)
			g_string_append_printf(own, "%s\n", text.lines[i]);
	}
	return g_strdup(g_strchomp(own->str));
}
