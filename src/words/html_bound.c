/* A page with its tags bounded, before libxml2 sees it. */
#define _GNU_SOURCE /* memmem() */

#include "html_bound_private.h"

#include "guichet/base/limits.h"

#include <string.h>

#define SCAN_MOST 2000 /* open elements that an end tag is compared with */

typedef enum {
	TAG_BETWEEN, /* attributes, or behind the name */
	TAG_NAME,    /* of the tag or of an attribute */
	TAG_EQUALS,  /* a value follows */
	TAG_VALUE,   /* without quotes */
	TAG_SINGLE,
	TAG_DOUBLE,
} TagState;

typedef struct {
	GString *out;
	GArray *open;        /* guint: hashes of their names */
	GHashTable *counts;  /* of each: how many are open */
	const char *p, *end; /* what is left */
} Bound;

/* libxml2's own: an end tag goes past no element of a higher one. */
static const struct {
	const char *name;
	int priority;
} priorities[] = { { "div", 150 }, { "td", 160 }, { "th", 160 }, { "tr", 170 },
	{ "thead", 180 }, { "tbody", 180 }, { "tfoot", 180 }, { "table", 190 },
	{ "head", 200 }, { "body", 200 }, { "html", 220 } };

static const char *const empty[] = { "area", "base", "basefont", "br", "col",
	"embed", "frame", "hr", "img", "input", "isindex", "link", "meta",
	"param", "source", "wbr" };

static guint
hash_of(const char *name, gsize length)
{
	guint hash = 5381;

	for (gsize i = 0; i < length; i++)
		hash = hash * 33 + (guchar)g_ascii_tolower(name[i]);
	return hash;
}

static int
priority_of(guint hash)
{
	for (gsize i = 0; i < G_N_ELEMENTS(priorities); i++) {
		const char *name = priorities[i].name;

		if (hash_of(name, strlen(name)) == hash)
			return priorities[i].priority;
	}
	return 100;
}

static bool
is_named(const char *name, gsize length, const char *word)
{
	return strlen(word) == length &&
	    g_ascii_strncasecmp(name, word, length) == 0;
}

static bool
is_empty(const char *name, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(empty); i++) {
		if (is_named(name, length, empty[i]))
			return true;
	}
	return false;
}

/* The state behind the next letter of a tag (WHATWG, 13.2.5.32 on). */
static TagState
step(TagState state, char c)
{
	if (state == TAG_SINGLE)
		return c == '\'' ? TAG_BETWEEN : state;
	if (state == TAG_DOUBLE)
		return c == '"' ? TAG_BETWEEN : state;
	if (state == TAG_EQUALS && c == '\'')
		return TAG_SINGLE;
	if (state == TAG_EQUALS && c == '"')
		return TAG_DOUBLE;
	if (g_ascii_isspace(c))
		return state == TAG_EQUALS ? state : TAG_BETWEEN;
	if (state == TAG_EQUALS || state == TAG_VALUE)
		return TAG_VALUE;
	if (c == '/')
		return TAG_BETWEEN;
	return c == '=' ? TAG_EQUALS : TAG_NAME;
}

/* Copies what the limits let through of the tag that begins here, without its
 * '>', and goes behind it. */
static void
copy_tag(Bound *bound)
{
	const char *start = bound->p, *p = start + 1, *kept = NULL;
	TagState state = TAG_NAME, at = TAG_NAME;
	guint attributes = 0, breaks = 0;

	for (; p < bound->end; p++) {
		TagState next = step(state, *p);

		if (*p == '>' && state != TAG_SINGLE && state != TAG_DOUBLE)
			break;
		attributes += next == TAG_NAME && state == TAG_BETWEEN;
		breaks += g_ascii_isspace(*p) || strchr("/\"'", *p) != NULL;
		if (kept == NULL &&
		    (attributes > LIMIT_TAG_ATTRIBUTES ||
			breaks > LIMIT_TAG_BREAKS ||
			p - start > LIMIT_TAG_BYTES)) {
			kept = p;
			at = state;
		}
		state = next;
	}
	g_string_append_len(bound->out, start,
	    (kept != NULL ? kept : p) - start);
	if (kept != NULL && (at == TAG_SINGLE || at == TAG_DOUBLE))
		g_string_append_c(bound->out, at == TAG_SINGLE ? '\'' : '"');
	bound->p = p;
}

static void
count(Bound *bound, guint hash, int by)
{
	int now = GPOINTER_TO_INT(
	    g_hash_table_lookup(bound->counts, GUINT_TO_POINTER(hash)));

	g_hash_table_insert(bound->counts, GUINT_TO_POINTER(hash),
	    GINT_TO_POINTER(now + by));
}

/* Closes it and what is open within it; false if it closes nothing. */
static bool
close_element(Bound *bound, guint hash)
{
	int priority = priority_of(hash);
	guint i = bound->open->len;
	guint least = i > SCAN_MOST ? i - SCAN_MOST : 0;

	if (g_hash_table_lookup(bound->counts, GUINT_TO_POINTER(hash)) == NULL)
		return false;
	while (i > least && g_array_index(bound->open, guint, i - 1) != hash) {
		if (priority_of(g_array_index(bound->open, guint, i - 1)) >
		    priority)
			return false;
		i--;
	}
	if (i == least)
		return false;
	for (guint k = i - 1; k < bound->open->len; k++)
		count(bound, g_array_index(bound->open, guint, k), -1);
	g_array_set_size(bound->open, i - 1);
	return true;
}

static void
end_tag(Bound *bound)
{
	const char *name = bound->p + 2, *close;
	gsize length = 0;

	while (name + length < bound->end && g_ascii_isalnum(name[length]))
		length++;
	for (close = name + length; close < bound->end && *close != '>';)
		close++;
	if (close_element(bound, hash_of(name, length)))
		g_string_append_printf(bound->out, "</%.*s>", (int)length,
		    name);
	else if (is_named(name, length, "p")) /* an empty one, for browsers */
		g_string_append(bound->out, "<p></p>");
	bound->p = close < bound->end ? close + 1 : close;
}

/* What stands in it is no tag, up to its end tag. */
static void
copy_raw(Bound *bound, const char *name, gsize length)
{
	const char *p = bound->p;

	while ((p = memchr(p, '<', (gsize)(bound->end - p))) != NULL) {
		if ((gsize)(bound->end - p) > length + 2 && p[1] == '/' &&
		    g_ascii_strncasecmp(p + 2, name, length) == 0)
			break;
		p++;
	}
	if (p == NULL)
		p = bound->end;
	g_string_append_len(bound->out, bound->p, p - bound->p);
	bound->p = p;
}

static void
start_tag(Bound *bound)
{
	const char *name = bound->p + 1;
	gsize length = 0;
	guint hash;

	while (name + length < bound->end && g_ascii_isalnum(name[length]))
		length++;
	copy_tag(bound);
	if (bound->p == bound->end)
		return;
	g_string_append_c(bound->out, '>');
	bound->p++;
	if (bound->p[-2] == '/' || is_empty(name, length))
		return;
	hash = hash_of(name, length);
	g_array_append_val(bound->open, hash);
	count(bound, hash, 1);
	if (is_named(name, length, "script") || is_named(name, length, "style"))
		copy_raw(bound, name, length);
}

/* Copies a comment whole: what stands in it is no tag either. */
static bool
copy_comment(Bound *bound)
{
	gsize left = (gsize)(bound->end - bound->p);
	const char *close;

	if (left < 7 || memcmp(bound->p, "<!--", 4) != 0)
		return false;
	close = memmem(bound->p + 4, left - 4, "-->", 3);
	if (close == NULL)
		return false;
	g_string_append_len(bound->out, bound->p, close + 3 - bound->p);
	bound->p = close + 3;
	return true;
}

GString *
html_bound(const char *html, gsize length)
{
	Bound bound = { .out = g_string_sized_new(length),
		.open = g_array_new(FALSE, FALSE, sizeof(guint)),
		.counts = g_hash_table_new(NULL, NULL),
		.p = html,
		.end = html + length };
	bool unended = false; /* a comment began that no "-->" ends */

	while (bound.p < bound.end) {
		const char *tag = memchr(bound.p, '<',
		    (gsize)(bound.end - bound.p));

		if (tag == NULL)
			tag = bound.end;
		g_string_append_len(bound.out, bound.p, tag - bound.p);
		bound.p = tag;
		if (tag == bound.end)
			break;
		if (!unended && copy_comment(&bound))
			continue;
		if (bound.end - tag >= 4 && memcmp(tag, "<!--", 4) == 0)
			unended = true;
		if (bound.end - tag > 1 && g_ascii_isalpha(tag[1]))
			start_tag(&bound);
		else if (bound.end - tag > 2 && tag[1] == '/' &&
		    g_ascii_isalpha(tag[2]))
			end_tag(&bound);
		else
			g_string_append_c(bound.out, *bound.p++);
	}
	g_array_unref(bound.open);
	g_hash_table_unref(bound.counts);
	return bound.out;
}
