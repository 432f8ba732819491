/* Two mails that came by two paths: whether their words are the same. */
#include "guichet/words/same.h"

#include "guichet/words/quotes.h"

#include <string.h>

enum {
	SUBJECT_MARK_BYTES = 40, /* a longer one is the writer's */
	ADDED_BYTES = 4000,      /* of a banner or footer */
};

/* The length of the mark at `p`, "[EXT]", "***SPAM***", "{Virus?}"; or 0. */
static gsize
mark_at(const char *p)
{
	static const char open[] = "[{*", close[] = "]}*";
	const char *kind = *p != '\0' ? strchr(open, *p) : NULL;
	gsize stars = strspn(p, "*");
	const char *end;

	if (kind == NULL)
		return 0;
	end = strchr(p + MAX(stars, 1), close[kind - open]);
	if (end == NULL || end - p > SUBJECT_MARK_BYTES)
		return 0;
	return (gsize)(end - p) + MAX(strspn(end, "*"), 1);
}

/* Without what servers put in, in whichever place. */
static char *
bare_subject(const char *subject)
{
	GString *bare = g_string_new(NULL);
	char *folded;

	for (const char *p = subject; *p != '\0';) {
		gsize mark = mark_at(p);

		if (mark == 0)
			g_string_append_c(bare, *p);
		p += MAX(mark, 1);
	}
	folded = quotes_fold(bare->str);
	g_string_free(bare, TRUE);
	return folded;
}

bool
same_subject(const char *one, const char *other)
{
	g_autofree char *a = bare_subject(one), *b = bare_subject(other);

	return strcmp(a, b) == 0;
}

/* Whether it holds nothing of a writer's: signs, or the words of servers. */
static bool
is_added(const char *text, gsize length)
{
	const Quotes *quotes = quotes_current();
	g_autofree char *folded = g_strndup(text, length);
	bool says = false;

	for (const char *p = folded; *p != '\0'; p = g_utf8_next_char(p))
		says = says || g_unichar_isalnum(g_utf8_get_char(p));
	return !says ||
	    (length <= ADDED_BYTES &&
		(quotes_contains(quotes, QUOTES_NOTICES, folded) ||
		    quotes_contains(quotes, QUOTES_LEGAL, folded) ||
		    quotes_contains(quotes, QUOTES_FOOTERS, folded) ||
		    quotes_contains(quotes, QUOTES_STAMPS, folded)));
}

bool
same_text(const char *one, const char *other)
{
	g_autofree char *a = quotes_fold(one), *b = quotes_fold(other);
	const char *longer = strlen(a) >= strlen(b) ? a : b;
	const char *shorter = longer == a ? b : a;
	const char *at;

	if (strlen(longer) == strlen(shorter))
		return strcmp(longer, shorter) == 0;
	if (*shorter == '\0') /* of no words nothing can be the same */
		return false;
	at = strstr(longer, shorter);
	return at != NULL && is_added(longer, (gsize)(at - longer)) &&
	    is_added(at + strlen(shorter), strlen(at + strlen(shorter)));
}

/* ---- what servers add, cut ---- */

static bool
is_added_raw(const char *text, gsize length)
{
	g_autofree char *raw = g_strndup(text, length);
	g_autofree char *folded = quotes_fold(raw);

	return is_added(folded, strlen(folded));
}

/* Whether the line at `p` parts paragraphs: it has neither letter nor digit. */
static bool
parts(const char *p, const char *end)
{
	for (; p < end && *p != '\n'; p = g_utf8_next_char(p)) {
		if (g_unichar_isalnum(g_utf8_get_char(p)))
			return false;
	}
	return true;
}

/* The beginning of the line that ends right before `p`. */
static const char *
line_before(const char *text, const char *p)
{
	for (p--; p > text && p[-1] != '\n';)
		p--;
	return p;
}

char *
same_without_added(const char *text)
{
	const char *begin = text != NULL ? text : "";
	const char *end = begin + strlen(begin);

	/* The last paragraph, with the line that parts it from the others. */
	for (;;) {
		const char *p = end;

		while (p > begin && parts(line_before(begin, p), p))
			p = line_before(begin, p);
		while (p > begin && !parts(line_before(begin, p), p))
			p = line_before(begin, p);
		if (p == begin || !is_added_raw(p, (gsize)(end - p)))
			break;
		end = p;
	}
	/* And the first. */
	for (;;) {
		const char *p = begin, *next;

		while (p < end && !parts(p, end)) {
			next = memchr(p, '\n', (gsize)(end - p));
			p = next != NULL ? next + 1 : end;
		}
		if (p == begin || p == end ||
		    !is_added_raw(begin, (gsize)(p - begin)))
			break;
		while (p < end && *p != '\0' && parts(p, end)) {
			next = memchr(p, '\n', (gsize)(end - p));
			p = next != NULL ? next + 1 : end;
		}
		begin = p;
	}
	return g_strndup(begin, (gsize)(end - begin));
}
