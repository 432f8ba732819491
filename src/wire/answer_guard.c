/* The guard before libetpan: lines held until whole, counted, dates mended. */
#include "answer_guard_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <string.h>

struct AnswerGuard {
	GString *line; /* of an answer, not yet whole */
	GString *good; /* may be parsed, from `taken` on */
	gsize taken;
	guint64 literal;   /* bytes that are still to come */
	guint parentheses; /* in this answer so far, its earlier lines too */
	guint depth;       /* open ones of them, outside quotes */
	bool goes_on;      /* the answer began on an earlier line */
	bool fetches;      /* and holds literals that are let through */
};

AnswerGuard *
answer_guard_new(void)
{
	AnswerGuard *guard = g_new0(AnswerGuard, 1);

	guard->line = g_string_new(NULL);
	guard->good = g_string_new(NULL);
	return guard;
}

void
answer_guard_free(AnswerGuard *guard)
{
	if (guard == NULL)
		return;
	g_string_free(guard->line, TRUE);
	g_string_free(guard->good, TRUE);
	g_free(guard);
}

static bool
refuse(GError **error, const char *why)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
	    "the server's answer is refused: %s", why);
	return false;
}

/*
 * The parentheses of one line. All of them count, for where a quoted string
 * begins is for the parser to say; how deep they lie counts outside quotes.
 */
static bool
count_parentheses(AnswerGuard *guard, GError **error)
{
	bool quoted = false;

	for (const char *p = guard->line->str; *p != '\0'; p++) {
		if (quoted && *p == '\\' && p[1] != '\0') {
			p++;
			continue;
		}
		if (*p == '"')
			quoted = !quoted;
		if (*p == '(' && ++guard->parentheses > LIMIT_IMAP_PARENTHESES)
			return refuse(error, "too many parentheses");
		if (quoted)
			continue;
		if (*p == '(' && ++guard->depth > LIMIT_IMAP_NESTING)
			return refuse(error, "parentheses nested too deep");
		if (*p == ')' && guard->depth > 0)
			guard->depth--;
	}
	return true;
}

/* Whether the line ends in "{12}", and how many bytes that announces. */
static bool
announces_literal(const GString *line, guint64 *ret_bytes)
{
	const char *end = line->str + strcspn(line->str, "\r\n");
	const char *p = end;

	if (p == line->str || *--p != '}')
		return false;
	if (p > line->str && p[-1] == '+')
		p--;
	while (p > line->str && g_ascii_isdigit(p[-1]))
		p--;
	if (p == line->str || p[-1] != '{' || !g_ascii_isdigit(*p))
		return false;
	*ret_bytes = g_ascii_strtoull(p, NULL, 10);
	return true;
}

/* "* 12 FETCH (": the only answers whose literals are mail. A literal of any
 * other is counted as the lines that it may be to the parser. */
static bool
is_fetch(const GString *line)
{
	const char *p = line->str;

	if (!g_str_has_prefix(p, "* "))
		return false;
	for (p += 2; g_ascii_isdigit(*p);)
		p++;
	return g_ascii_strncasecmp(p, " FETCH (", 8) == 0;
}

static bool
is_below(const char *digits, gint64 least, gint64 limit)
{
	g_autofree char *two = g_strndup(digits, 2);
	gint64 value = g_ascii_strtoll(two, NULL, 10);

	return value >= least && value < limit;
}

/* dd-Mon-yyyy hh:mm:ss +zzzz; the first digit of the day may be a blank. */
static bool
is_date(const char *text, gsize length)
{
	static const char shape[] = "?9-Aaa-9999 99:99:99 +9999";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	bool known = false;

	if (length != sizeof(shape) - 1)
		return false;
	for (gsize i = 0; i < length; i++) {
		char c = text[i];
		bool fits = shape[i] == '9'     ? g_ascii_isdigit(c)
		    : shape[i] == '?'           ? g_ascii_isdigit(c) || c == ' '
		    : shape[i] == '+'           ? c == '+' || c == '-'
		    : g_ascii_isalpha(shape[i]) ? g_ascii_isalpha(c)
						: c == shape[i];

		if (!fits)
			return false;
	}
	for (gsize i = 0; months[i] != '\0'; i += 3)
		known = known ||
		    g_ascii_strncasecmp(months + i, text + 3, 3) == 0;
	return known && is_below(text, 1, 32) && is_below(text + 12, 0, 24) &&
	    is_below(text + 15, 0, 60) && is_below(text + 18, 0, 61) &&
	    is_below(text + 22, 0, 15) && is_below(text + 24, 0, 60);
}

/* What INTERNALDATE is followed by, up to the blank or parenthesis behind. */
static gsize
date_length(const char *text)
{
	const char *end;

	if (*text != '"')
		return strcspn(text, " )\r\n");
	end = text + 1 + strcspn(text + 1, "\"\r\n");
	return (gsize)(end - text) + (*end == '"');
}

/* An answer has one date; of more, the parser may think what it likes. */
static void
mend_date(GString *line)
{
	static const char word[] = "INTERNALDATE ";
	gsize at = 0, length;

	while (at < line->len &&
	    g_ascii_strncasecmp(line->str + at, word, sizeof(word) - 1) != 0)
		at++;
	if (at >= line->len)
		return;
	at += sizeof(word) - 1;
	length = date_length(line->str + at);
	if (length > 2 && line->str[at] == '"' &&
	    is_date(line->str + at + 1, length - 2))
		return;
	g_string_erase(line, (gssize)at, (gssize)length);
	g_string_insert(line, (gssize)at, "\"" ANSWER_GUARD_NO_DATE "\"");
}

/* A whole line: through, or refused. */
static bool
end_line(AnswerGuard *guard, GError **error)
{
	guint64 bytes = 0;
	bool announces;

	if (strlen(guard->line->str) < guard->line->len)
		return refuse(error, "a NUL in it");
	if (!guard->goes_on)
		guard->fetches = is_fetch(guard->line);
	if (!count_parentheses(guard, error))
		return false;
	announces = announces_literal(guard->line, &bytes);
	if (announces && bytes > G_MAXINT32)
		return refuse(error, "a literal of more than 2 GiB");
	if (guard->fetches)
		mend_date(guard->line);
	if (announces && guard->fetches)
		guard->literal = bytes;
	guard->goes_on = announces;
	if (!announces)
		guard->parentheses = guard->depth = 0;
	g_string_append_len(guard->good, guard->line->str,
	    (gssize)guard->line->len);
	g_string_truncate(guard->line, 0);
	return true;
}

bool
answer_guard_put(AnswerGuard *guard, const char *bytes, gsize length,
    GError **error)
{
	while (length > 0) {
		const char *newline;
		gsize n;

		if (guard->literal > 0) {
			n = (gsize)MIN(guard->literal, length);
			g_string_append_len(guard->good, bytes, (gssize)n);
			guard->literal -= n;
		} else {
			newline = memchr(bytes, '\n', length);
			n = newline != NULL ? (gsize)(newline - bytes) + 1
					    : length;
			g_string_append_len(guard->line, bytes, (gssize)n);
			if (newline != NULL && !end_line(guard, error))
				return false;
		}
		bytes += n;
		length -= n;
	}
	return true;
}

gsize
answer_guard_take(AnswerGuard *guard, char *buffer, gsize size)
{
	gsize n = MIN(size, guard->good->len - guard->taken);

	memcpy(buffer, guard->good->str + guard->taken, n);
	guard->taken += n;
	if (guard->taken == guard->good->len) {
		g_string_truncate(guard->good, 0);
		guard->taken = 0;
	}
	return n;
}

bool
answer_guard_has_some(const AnswerGuard *guard)
{
	return guard->taken < guard->good->len;
}

bool
answer_guard_is_empty(const AnswerGuard *guard)
{
	return !answer_guard_has_some(guard) && guard->line->len == 0;
}
