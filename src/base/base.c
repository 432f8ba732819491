/* Instants as text, and now. */
#include "guichet/base/base.h"
#include "guichet/base/error.h"

#include <string.h>
#include <time.h>

/* Two decimal digits. Deadlines are asked for by the hundred thousand, and
 * printf was half of their cost. */
static char *
put_two(char *to, int value)
{
	*to++ = (char)('0' + value / 10 % 10);
	*to++ = (char)('0' + value % 10);
	return to;
}

char *
instant_format(Instant at)
{
	time_t seconds = (time_t)at;
	struct tm tm;
	char text[sizeof("2026-11-20T16:00:00Z")];
	char *end = text;

	if (at == INSTANT_NONE || gmtime_r(&seconds, &tm) == NULL ||
	    tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
		return g_strdup("never");
	end = put_two(end, (tm.tm_year + 1900) / 100);
	end = put_two(end, tm.tm_year + 1900);
	*end++ = '-';
	end = put_two(end, tm.tm_mon + 1);
	*end++ = '-';
	end = put_two(end, tm.tm_mday);
	*end++ = 'T';
	end = put_two(end, tm.tm_hour);
	*end++ = ':';
	end = put_two(end, tm.tm_min);
	*end++ = ':';
	end = put_two(end, tm.tm_sec);
	*end++ = 'Z';
	return g_strndup(text, (gsize)(end - text));
}

/* Reads `shape`, where 0 stands for a digit of the current number and any
 * other character for itself; a number ends where its digits do. */
static bool
read_shape(const char **text, const char *shape, int *numbers)
{
	const char *at = *text;

	for (; *shape != '\0'; shape++, at++) {
		if (*shape != '0') {
			if (*at != *shape && !(*shape == 'T' && *at == ' '))
				return false;
			numbers++;
			continue;
		}
		if (!g_ascii_isdigit(*at))
			return false;
		*numbers = *numbers * 10 + (*at - '0');
	}
	*text = at;
	return true;
}

/* The common form, "2026-11-20T17:00:00+01:00" or with Z, seconds optional. */
static bool
parse_common(const char *text, Instant *ret_at)
{
	int n[6] = { 0 }, offset[2] = { 0 };
	int sign = 0;
	GDate date;

	if (!read_shape(&text, "0000-00-00T00:00", n) ||
	    (*text == ':' && !read_shape(&text, ":00", n + 4)))
		return false;
	if (*text == '+' || *text == '-') {
		sign = *text++ == '+' ? 1 : -1;
		if (!read_shape(&text, "00:00", offset))
			return false;
	} else if (*text++ != 'Z') {
		return false;
	}
	if (*text != '\0' || n[0] < 1 || n[3] > 23 || n[4] > 59 || n[5] > 59 ||
	    offset[0] > 23 || offset[1] > 59 ||
	    !g_date_valid_dmy((GDateDay)n[2], (GDateMonth)n[1],
		(GDateYear)n[0]))
		return false;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)n[2], (GDateMonth)n[1],
	    (GDateYear)n[0]);
	/* GLib's day 1 is 0001-01-01. */
	*ret_at = ((Instant)g_date_get_julian(&date) - 719163) * 86400 +
	    n[3] * 3600 + n[4] * 60 + n[5] -
	    sign * (offset[0] * 3600 + offset[1] * 60);
	return true;
}

bool
instant_parse(const char *text, Instant *ret_at, GError **error)
{
	g_autofree char *full = NULL;
	g_autoptr(GDateTime) time = NULL;
	gsize length = strlen(text);

	if (parse_common(text, ret_at))
		return true;
	/* GLib wants seconds: "2026-11-20T17:00+01:00" gets them. */
	if (length >= 16 && text[13] == ':' && text[16] != ':')
		full = g_strdup_printf("%.16s:00%s", text, text + 16);
	else
		full = g_strdup(text);

	time = g_date_time_new_from_iso8601(full, NULL);
	if (time == NULL || strlen(full) > 40) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "'%s' is no instant; write it as 2026-11-20T17:00:00+01:00",
		    text);
		return false;
	}
	*ret_at = g_date_time_to_unix(time);
	return true;
}

Instant
instant_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}
