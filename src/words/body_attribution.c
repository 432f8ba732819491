/* The lines "On ..., X wrote:" above a quotation. */
#include "body_private.h"

#include <stdlib.h>
#include <string.h>

enum {
	ATTRIBUTION_LINES = 5,
	ATTRIBUTION_BYTES = 400,
	BARE_BYTES = 100, /* of "X wrote:", without date or address */
};

#define FULL_COLON "："

/* What a line, or several, say of who wrote when. */
typedef struct {
	bool address; /* anna@client.example */
	bool date;    /* with its year */
	bool digit;
	bool starts;     /* as an attribution does in some language */
	bool verb;       /* "wrote" as a word of its own */
	bool verb_ends;  /* and nothing behind it but the colon */
	bool verb_alone; /* and nothing before it */
} Facts;

/* ---- facts ---- */

static bool
is_letter_before(const char *text, const char *at)
{
	const char *before = at > text ? g_utf8_find_prev_char(text, at) : NULL;

	return before != NULL && g_unichar_isalnum(g_utf8_get_char(before));
}

const char *
text_find_word(const char *text, const char *word, gsize length, bool open)
{
	for (const char *p = text; (p = strstr(p, word)) != NULL; p++) {
		if (open ||
		    (!is_letter_before(text, p) &&
			!g_unichar_isalnum(g_utf8_get_char(p + length))))
			return p;
	}
	return NULL;
}

static void
find_verb(const Text *text, const char *folded, Facts *facts)
{
	const char *const *verbs = quotes_list(text->quotes, QUOTES_WROTE);

	for (; *verbs != NULL && !facts->verb_ends; verbs++) {
		gsize length = strlen(*verbs);
		bool open = (*verbs)[length - 1] == '*';
		g_autofree char *word = open ? g_strndup(*verbs, length - 1)
					     : NULL;
		const char *verb = open ? word : *verbs, *p;

		length -= open ? 1 : 0;
		p = text_find_word(folded, verb, length, open);
		if (p == NULL)
			continue;
		facts->verb = true;
		facts->verb_ends = open ||
		    strspn(p + length, " :()\"'>-=_") == strlen(p + length) ||
		    g_str_has_prefix(p + length, FULL_COLON) ||
		    g_str_has_prefix(p + length, " " FULL_COLON);
		facts->verb_alone = p == folded;
	}
}

static bool
is_start(const char *p, const char *word)
{
	gsize length = strlen(word);

	return strncmp(p, word, length) == 0 &&
	    (!g_unichar_isalpha(g_utf8_get_char(p + length)) ||
		(guchar)*word >= 0xe0);
}

static bool
begins_attribution(const Text *text, const char *folded)
{
	const char *const *starts = quotes_list(text->quotes, QUOTES_ON);

	folded += strspn(folded, "-_= ");
	for (; *starts != NULL; starts++) {
		if (is_start(folded, *starts))
			return true;
	}
	return false;
}

/* Years of the calendars in use: ours, the Persian, the Thai. */
static bool
is_year(guint number)
{
	return (number >= 1980 && number <= 2100) ||
	    (number >= 1370 && number <= 1480) ||
	    (number >= 2520 && number <= 2640);
}

/* Past a number of two digits at most and one sign, or NULL. */
static const char *
skip_part(const char *p, char *sign)
{
	gsize digits = strspn(p, "0123456789");

	if (digits < 1 || digits > 2 || atoi(p) < 1 || atoi(p) > 31 ||
	    strchr("/.-", p[digits]) == NULL || p[digits] == '\0' ||
	    (*sign != '\0' && p[digits] != *sign))
		return NULL;
	*sign = p[digits];
	p += digits + 1;
	return p + (*p == ' ' ? 1 : 0);
}

/* "20/11/26", "20. 11. 26": no address of a host, which has a fourth. */
static bool
is_short_date(const char *p)
{
	char sign = '\0';
	gsize digits;

	p = skip_part(p, &sign);
	p = p != NULL ? skip_part(p, &sign) : NULL;
	if (p == NULL)
		return false;
	digits = strspn(p, "0123456789");
	return digits == 2 && !(p[2] == sign && g_ascii_isdigit(p[3]));
}

/* "2026", "20/11/26", "20. 11. 2026". */
bool
body_folded_has_date(const char *folded)
{
	for (const char *p = folded; *p != '\0';) {
		gsize digits = strspn(p, "0123456789");

		if (digits == 4 && is_year((guint)atoi(p)))
			return true;
		if (digits > 0 && is_short_date(p))
			return true;
		p += MAX(digits, (gsize)1);
	}
	return false;
}

bool
body_folded_has_address(const char *folded)
{
	const char *at = strchr(folded, '@');

	return at != NULL && at > folded && g_ascii_isgraph(at[-1]) &&
	    g_ascii_isalnum(at[1]);
}

static Facts
facts_of(const Text *text, const char *folded)
{
	Facts facts = { .address = body_folded_has_address(folded),
		.date = body_folded_has_date(folded),
		.digit = strpbrk(folded, "0123456789") != NULL };

	facts.starts = begins_attribution(text, folded);
	find_verb(text, folded, &facts);
	return facts;
}

/* ---- attributions ---- */

/* A colon, whatever shows nothing behind it. */
bool
body_line_ends_in_colon(const char *line)
{
	const char *end = line + strlen(line);

	while (end > line) {
		const char *last = g_utf8_find_prev_char(line, end);
		gunichar c = g_utf8_get_char(last);

		if (c == ':' || c == 0xff1a)
			return true;
		if (c != '*' && c != ' ' && c != 0xa0 && c != '\t' &&
		    !(c >= 0x200b && c <= 0x206f))
			return false;
		end = last;
	}
	return false;
}

/* An attribution with a quotation right below: little is asked of it. */
static bool
is_clear_above_quotation(const Facts *facts, gsize length)
{
	if (facts->verb && (facts->digit || facts->address))
		return true;
	if (facts->verb_ends && !facts->verb_alone && length <= BARE_BYTES)
		return true;
	return facts->address && (facts->date || length <= BARE_BYTES);
}

/* With nothing to show where the quotation ends. */
static bool
is_clear_alone(const Facts *facts)
{
	return facts->date &&
	    (facts->address ||
		(facts->verb && (facts->starts || facts->verb_ends)));
}

static bool
is_attribution(const Text *text, const char *folded, bool quoted)
{
	gsize length = strlen(folded);
	Facts facts;

	if (length > ATTRIBUTION_BYTES)
		return false;
	facts = facts_of(text, folded);
	if (text->evidence == EVIDENCE_ANY &&
	    ((facts.verb && (facts.digit || facts.address)) ||
		(facts.address && facts.date)))
		return true;
	return quoted ? is_clear_above_quotation(&facts, length)
		      : is_clear_alone(&facts);
}

/* "2026-11-20 16:00 GMT+01:00 Support <help@desk.example>", as Gmail wrote it
 * without a colon: a date first, and nothing that a sentence has. */
static bool
is_dated_name(const Text *text, gsize at)
{
	const char *line = text->lines[at];
	gsize year = strspn(line, "0123456789"), below;
	bool zoned = strstr(line, " GMT") != NULL ||
	    strstr(line, " UTC") != NULL;

	if (year != 4 || strlen(line) > BARE_BYTES ||
	    strchr("-/.", line[year]) == NULL || line[year] == '\0' ||
	    !body_folded_has_date(line))
		return false;
	if (at > 0 && !body_line_is_blank(text->lines[at - 1]))
		return false;
	if (at + 1 < text->count && !body_line_is_blank(text->lines[at + 1]))
		return false;
	return (zoned && strstr(line, "://") == NULL) ||
	    (body_folded_has_address(line) &&
		body_find_quotation(text, at + 1, &below));
}

/* A ">" that closes an address begun in the lines above is no quotation's. */
static bool
goes_on(const Text *text, gsize at)
{
	int open = 0;

	if (*text->lines[at] != '>')
		return false;
	for (gsize i = at; i-- > 0 && at - i <= ATTRIBUTION_LINES;) {
		const char *line = text->lines[i];

		if (body_line_is_blank(line) || body_line_is_quoted(line))
			break;
		for (; *line != '\0'; line++)
			open += (*line == '<') - (*line == '>');
	}
	return open > 0;
}

static char *
join_folded(const Text *text, gsize from, gsize to)
{
	g_autoptr(GString) joined = g_string_new(NULL);

	for (gsize i = from; i <= to; i++)
		g_string_append_printf(joined, "%s ", text->lines[i]);
	return quotes_fold(joined->str);
}

/* The line above `at` that may belong to the same attribution, or `at`. */
static gsize
line_above(const Text *text, gsize at, gsize low)
{
	gsize above = at;

	/* Some programs leave an empty line before the address. */
	if (above > low && body_line_is_blank(text->lines[above - 1]) &&
	    *text->lines[at] == '<')
		above--;
	if (above <= low || body_line_is_blank(text->lines[above - 1]) ||
	    body_line_ends_in_colon(text->lines[above - 1]) ||
	    (body_line_is_quoted(text->lines[above - 1]) &&
		!goes_on(text, above - 1)))
		return at;
	return above - 1;
}

static bool
is_strong_start(const Text *text, gsize at)
{
	g_autofree char *folded = quotes_fold(text->lines[at]);

	return strpbrk(folded, "0123456789") != NULL &&
	    begins_attribution(text, folded);
}

/* Of several lines with no quotation's marks below them: text of the writer's
 * may be among them. */
static bool
is_whole_start(const Text *text, gsize at, const char *folded)
{
	return text->evidence == EVIDENCE_ANY ||
	    body_folded_has_address(folded) ||
	    (body_folded_has_date(text->lines[at]) &&
		is_strong_start(text, at));
}

/* A first part that stands above the line with the address: the date. */
static bool
has_part_above(const Text *text, gsize start, gsize above)
{
	const char *line = text->lines[above];
	g_autofree char *own = quotes_fold(text->lines[start]);

	return above < start && !body_folded_has_date(own) &&
	    body_folded_has_date(line) && strlen(line) <= BARE_BYTES &&
	    !body_line_ends_in_colon(line);
}

/*
 * Where the attribution begins that ends in line `last`, none above `low`;
 * `last` + 1 if it is none. The nearest line that begins as attributions do is
 * its first, else the nearest that makes one, with its date above it.
 */
static gsize
attribution_start(const Text *text, gsize last, gsize low)
{
	gsize best = last + 1, at = last, below;
	bool quoted = body_find_quotation(text, last + 1, &below);

	for (guint lines = 0; lines < ATTRIBUTION_LINES; lines++) {
		g_autofree char *folded = join_folded(text, at, last);
		gsize above;

		if (strlen(folded) > ATTRIBUTION_BYTES)
			break;
		if (is_attribution(text, folded, quoted) &&
		    (quoted || at == last ||
			is_whole_start(text, at, folded))) {
			if (is_strong_start(text, at))
				return at;
			if (best > last)
				best = at;
		}
		above = line_above(text, at, low);
		if (above == at)
			break;
		at = above;
	}
	if (best <= last) {
		gsize above = line_above(text, best, low);

		if (has_part_above(text, best, above))
			best = above;
	}
	return best;
}

bool
body_mark_is_attribution(const Text *text, const char *line)
{
	g_autofree char *folded = NULL;
	Facts facts;

	if (!body_line_ends_in_colon(line))
		return false;
	folded = quotes_fold(line);
	facts = facts_of(text, folded);
	return is_clear_alone(&facts);
}

bool
body_mark_says_who(const Text *text, const char *folded)
{
	Facts facts = facts_of(text, folded);

	return (facts.verb_ends && !facts.verb_alone) ||
	    (facts.verb && facts.date) ||
	    (facts.date && facts.address && facts.starts);
}

/*
 * "Thanks On 20 Nov 2026, X wrote:" above a quotation: what stands before the
 * attribution in its line gets a line of its own.
 */
static char *
split_line(const Text *text, gsize at)
{
	const char *const *starts = quotes_list(text->quotes, QUOTES_ON);
	const char *line = text->lines[at];
	g_autofree char *lower = NULL;

	if (at + 1 >= text->count ||
	    !body_line_is_quoted(text->lines[at + 1]) || *line == '\0' ||
	    is_strong_start(text, at))
		return NULL;
	lower = g_ascii_strdown(line, -1);
	for (; *starts != NULL; starts++) {
		const char *p = text_find_word(lower + 1, *starts,
		    strlen(*starts), false);
		g_autofree char *folded = p != NULL ? quotes_fold(p) : NULL;
		Facts facts;

		if (folded == NULL || strlen(*starts) < 2)
			continue;
		facts = facts_of(text, folded);
		if (facts.date && facts.verb_ends &&
		    memchr(line, '@', (gsize)(p - lower)) == NULL)
			return g_strndup(line, (gsize)(p - lower));
	}
	return NULL;
}

/* The attribution itself, cut off, is of no use any more. */
static void
split_lines(Text *text)
{
	for (gsize i = 0; i < text->count; i++) {
		char *own = body_line_ends_in_colon(text->lines[i]) &&
			!body_line_is_quoted(text->lines[i])
		    ? split_line(text, i)
		    : NULL;

		if (own == NULL)
			continue;
		for (gsize end = strlen(own);
		     end > 0 && strchr("- \t", own[end - 1]) != NULL;)
			own[--end] = '\0';
		g_free(text->lines[i]);
		text->lines[i] = own;
	}
}

void
text_find_attributions(Text *text)
{
	gsize low = 0;

	split_lines(text);
	for (gsize i = 0; i < text->count; i++) {
		gsize start;

		if (body_line_is_quoted(text->lines[i]) && !goes_on(text, i)) {
			low = i + 1;
			continue;
		}
		if (g_ascii_isdigit(*text->lines[i]) && is_dated_name(text, i))
			start = i;
		else if (body_line_ends_in_colon(text->lines[i]))
			start = attribution_start(text, i, low);
		else
			continue;
		if (start > i)
			continue;
		text->attributions[start] = i + 1;
		low = i + 1;
	}
}
