/* Promised lengths of time, and when one ends. */
#include "guichet/time/duration.h"

#include "guichet/base/error.h"

#include <string.h>

#define DAY         86400
#define MOST_DAYS   3653 /* ten years */
#define MOST_MONTHS 120

/* ---- text ---- */

static bool
refuse(const char *text, GError **error)
{
	g_autofree char *shown = g_strndup(text, 40);
	g_autofree char *valid = g_utf8_make_valid(shown, -1);

	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "'%s' is no length of time; write 30m, 24h, 1h30m, 2d, 5bd or "
	    "12mo, at most ten years",
	    valid);
	return false;
}

/* Digits without a sign, at most nine of them. */
static bool
take_count(const char **at, int64_t *ret_count)
{
	const char *start = *at;
	int64_t count = 0;

	while (g_ascii_isdigit(**at) && *at - start < 10)
		count = count * 10 + (*(*at)++ - '0');
	if (*at == start || *at - start > 9)
		return false;
	*ret_count = count;
	return true;
}

/* "1h30m10s": each unit at most once, the larger first. */
static bool
parse_seconds(const char *at, Duration *duration)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = { { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	gsize unit = 0;

	duration->unit = DURATION_TIME;
	duration->count = 0;
	while (*at != '\0') {
		int64_t count;

		if (!take_count(&at, &count))
			return false;
		while (unit < G_N_ELEMENTS(units) && units[unit].letter != *at)
			unit++;
		if (unit == G_N_ELEMENTS(units))
			return false;
		duration->count += count * units[unit++].seconds;
		at++;
	}
	return true;
}

bool
duration_parse(const char *text, Duration *ret_duration, GError **error)
{
	static const struct {
		const char *suffix;
		DurationUnit unit;
		int64_t most;
	} units[] = {
		{ "d", DURATION_DAYS, MOST_DAYS },
		{ "bd", DURATION_BUSINESS_DAYS, MOST_DAYS },
		{ "mo", DURATION_MONTHS, MOST_MONTHS },
	};
	const char *at = text;
	int64_t most = (int64_t)MOST_DAYS * DAY;
	Duration duration;
	bool read = false;

	if (strcmp(text, "month") == 0) {
		*ret_duration = (Duration){ DURATION_MONTH_END, 1 };
		return true;
	}

	if (!take_count(&at, &duration.count))
		return refuse(text, error);
	for (gsize i = 0; i < G_N_ELEMENTS(units) && !read; i++) {
		if (strcmp(at, units[i].suffix) != 0)
			continue;
		duration.unit = units[i].unit;
		most = units[i].most;
		read = true;
	}
	if (!read && !parse_seconds(text, &duration))
		return refuse(text, error);
	if (duration.count < 1 || duration.count > most)
		return refuse(text, error);
	*ret_duration = duration;
	return true;
}

/* "1h30m": every unit that is not 0. */
static char *
format_parts(int64_t hours, int64_t minutes, int64_t seconds)
{
	GString *text = g_string_new(NULL);

	if (hours > 0)
		g_string_append_printf(text, "%" G_GINT64_FORMAT "h", hours);
	if (minutes > 0)
		g_string_append_printf(text, "%" G_GINT64_FORMAT "m", minutes);
	if (seconds > 0)
		g_string_append_printf(text, "%" G_GINT64_FORMAT "s", seconds);
	return g_string_free(text, FALSE);
}

static char *
shorter(char *take_a, char *take_b)
{
	if (strlen(take_b) < strlen(take_a)) {
		g_free(take_a);
		return take_b;
	}
	g_free(take_b);
	return take_a;
}

char *
duration_format(Duration duration)
{
	int64_t n = duration.count;

	switch (duration.unit) {
	case DURATION_DAYS:
		return g_strdup_printf("%" G_GINT64_FORMAT "d", n);
	case DURATION_BUSINESS_DAYS:
		return g_strdup_printf("%" G_GINT64_FORMAT "bd", n);
	case DURATION_MONTHS:
		return g_strdup_printf("%" G_GINT64_FORMAT "mo", n);
	case DURATION_MONTH_END:
		return g_strdup("month");
	case DURATION_TIME:
		break;
	}
	return shorter(format_parts(n / 3600, n / 60 % 60, n % 60),
	    shorter(format_parts(0, n / 60, n % 60), format_parts(0, 0, n)));
}

/* ---- arithmetic ---- */

static Date
add_months(Date date, int64_t months)
{
	int year, month, day;
	int64_t count;

	date_split(date, &year, &month, &day);
	count = (int64_t)year * 12 + month - 1 + months;
	year = (int)(count / 12);
	month = (int)(count % 12) + 1;
	return date_of(year, month, MIN(day, date_month_days(year, month)));
}

/* The first of the month behind that of the date. */
static Date
month_after(Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return month == 12 ? date_of(year + 1, 1, 1)
			   : date_of(year, month + 1, 1);
}

/* That time of that date if open then, else the date's last closing before
 * it, else its first opening. */
static Instant
open_moment(const Calendar *calendar, Date date, Wall time)
{
	const Zone *zone = calendar_zone(calendar);
	Instant start = zone_instant(zone, wall_midnight(date), ZONE_FIRST);
	Instant at = zone_instant(zone, wall_midnight(date) + time, ZONE_FIRST);
	Window window;

	if (calendar_is_open(calendar, at))
		return at;
	if (calendar_window_before(calendar, at, &window) &&
	    window.close > start)
		return window.close;
	return calendar_intake(calendar, start);
}

Instant
duration_end(Duration duration, const Calendar *calendar, Instant from)
{
	const Zone *zone = calendar_zone(calendar);
	Wall wall, time;
	Date date;

	if (duration.unit == DURATION_TIME)
		return calendar_add_open(calendar, from, duration.count);

	/* Like open time, business days count from the next opening. */
	if (duration.unit == DURATION_BUSINESS_DAYS)
		from = calendar_intake(calendar, from);
	if (from == INSTANT_NONE)
		return INSTANT_NONE;
	wall = zone_wall(zone, from);
	date = wall_date(wall);
	time = wall - wall_midnight(date);
	switch (duration.unit) {
	case DURATION_DAYS:
		date += (Date)duration.count;
		break;
	case DURATION_MONTHS:
		date = add_months(date, duration.count);
		break;
	case DURATION_MONTH_END:
		return zone_instant(zone, wall_midnight(month_after(date)),
		    ZONE_FIRST);
	case DURATION_BUSINESS_DAYS:
		if (!calendar_open_date(calendar, date, duration.count, &date))
			return INSTANT_NONE;
		return open_moment(calendar, date, time);
	case DURATION_TIME:
		g_assert_not_reached();
	}
	return zone_instant(zone, wall_midnight(date) + time, ZONE_FIRST);
}
