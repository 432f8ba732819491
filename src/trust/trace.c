/* Tokens of structured header fields. */
#include "trace_private.h"

#include "guichet/trust/received.h"

#include <string.h>

#define NESTING_MAX 32 /* of comments: real ones have two */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
cursor_comment(Cursor *cursor)
{
	int depth = 0;

	do {
		if (*cursor->p == '\\' && cursor->p[1] != '\0')
			cursor->p++;
		else if (*cursor->p == '(')
			depth++;
		else if (*cursor->p == ')')
			depth--;
		if (*cursor->p == '\0' || depth > NESTING_MAX) {
			cursor->broken = true;
			return;
		}
		cursor->p++;
	} while (depth > 0);
}

void
cursor_skip(Cursor *cursor)
{
	while (!cursor->broken) {
		if (is_space(*cursor->p))
			cursor->p++;
		else if (*cursor->p == '(')
			cursor_comment(cursor);
		else
			return;
	}
}

bool
cursor_take(Cursor *cursor, char c)
{
	cursor_skip(cursor);
	if (cursor->broken || *cursor->p != c)
		return false;
	cursor->p++;
	return true;
}

char *
cursor_quoted(Cursor *cursor)
{
	GString *text = g_string_new(NULL);

	g_assert(*cursor->p == '"');
	for (cursor->p++; *cursor->p != '"'; cursor->p++) {
		if (*cursor->p == '\\' && cursor->p[1] != '\0')
			cursor->p++;
		if (*cursor->p == '\0') {
			cursor->broken = true;
			return g_string_free(text, FALSE);
		}
		g_string_append_c(text, *cursor->p);
	}
	cursor->p++;
	return g_string_free(text, FALSE);
}

char *
cursor_word(Cursor *cursor, const char *stops)
{
	const char *start = cursor->p;

	while (*cursor->p != '\0' && !is_space(*cursor->p) &&
	    strchr(stops, *cursor->p) == NULL)
		cursor->p++;
	return g_strndup(start, (gsize)(cursor->p - start));
}

/* Digits only, `least` to `most` of them; -1 if not. */
static int
read_digits(const char *text, gsize least, gsize most)
{
	gsize length = strspn(text, "0123456789");
	int number = 0;

	if (text[length] != '\0' || length < least || length > most)
		return -1;
	for (; *text != '\0'; text++)
		number = number * 10 + (*text - '0');
	return number;
}

static int
read_month(const char *text)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (strlen(text) != 3)
		return -1;
	for (int i = 0; i < 12; i++) {
		if (g_ascii_strncasecmp(text, names + (gsize)i * 3, 3) == 0)
			return i + 1;
	}
	return -1;
}

/* RFC 5322, 4.3: two digits are of 1950 to 2049, three count from 1900. */
static int
read_year(const char *text)
{
	int year = read_digits(text, 2, 4);

	if (year >= 0 && strlen(text) < 4)
		year += strlen(text) == 2 && year < 50 ? 2000 : 1900;
	return year >= 1970 ? year : -1;
}

static bool
read_clock(const char *text, int *ret_seconds)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", 4);
	guint count = g_strv_length(parts);
	int hour, minute, second;

	if (count < 2 || count > 3)
		return false;
	hour = read_digits(parts[0], 1, 2);
	minute = read_digits(parts[1], 2, 2);
	second = count == 3 ? read_digits(parts[2], 2, 2) : 0;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 60)
		return false;
	*ret_seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* Seconds east. Letters that no mail system of today writes are refused, as is
 * what no place on Earth has. */
static bool
read_offset(const char *text, int *ret_offset)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = { { "GMT", 0 }, { "UT", 0 }, { "UTC", 0 }, { "Z", 0 },
		{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		{ "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };
	int digits, minutes;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strcasecmp(text, names[i].name) != 0)
			continue;
		*ret_offset = names[i].hours * 3600;
		return true;
	}
	if (*text != '+' && *text != '-')
		return false;
	digits = read_digits(text + 1, 4, 4);
	minutes = digits / 100 * 60 + digits % 100;
	if (digits < 0 || digits % 100 > 59 || minutes > 14 * 60)
		return false;
	*ret_offset = (*text == '-' ? -60 : 60) * minutes;
	return true;
}

static bool
is_date(int year, int month, int day)
{
	return month > 0 && day > 0 && year >= 0 &&
	    g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

/* "Mon, 16 Nov 2026 09:12:31 +0100 (CET)", the day's name optional. */
static Instant
read_date(const char *text)
{
	Cursor cursor = { text, false };
	char *words[5] = { NULL };
	g_autofree char *day = NULL, *month = NULL, *year = NULL;
	g_autofree char *hours = NULL, *zone = NULL;
	int seconds, offset, y, m, d;
	GDate date;

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		cursor_skip(&cursor);
		words[i] = cursor_word(&cursor, "(),");
		if (i == 0 && !g_ascii_isdigit(*words[0])) {
			g_free(words[0]);
			cursor_take(&cursor, ',');
			cursor_skip(&cursor);
			words[0] = cursor_word(&cursor, "(),");
		}
	}
	day = words[0];
	month = words[1];
	year = words[2];
	hours = words[3];
	zone = words[4];
	cursor_skip(&cursor);
	d = read_digits(day, 1, 2);
	m = read_month(month);
	y = read_year(year);
	if (cursor.broken || *cursor.p != '\0' || !is_date(y, m, d) ||
	    !read_clock(hours, &seconds) || !read_offset(zone, &offset))
		return INSTANT_NONE;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
	/* Day 1 of GDate is 1 January of the year 1; 719163 is 1970. */
	return ((Instant)g_date_get_julian(&date) - 719163) * 86400 + seconds -
	    offset;
}

Instant
received_date(const char *received)
{
	Cursor cursor = { received, false };
	const char *last = NULL;

	while (!cursor.broken && *cursor.p != '\0') {
		cursor_skip(&cursor);
		if (*cursor.p == '"')
			g_free(cursor_quoted(&cursor));
		else if (*cursor.p == ';')
			last = ++cursor.p;
		else if (*cursor.p != '\0')
			cursor.p++;
	}
	return cursor.broken || last == NULL ? INSTANT_NONE : read_date(last);
}
