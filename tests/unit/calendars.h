/* Calendars of the shipped plans, made by hand for the tests of time. */
#ifndef TEST_CALENDARS_H
#define TEST_CALENDARS_H

#include "guichet/time/calendar.h"

#include <string.h>

#define AT(day, hour, minute) ((day)*86400 + (hour)*3600 + (minute)*60)

static inline Holidays *
shipped_holidays(const char *country)
{
	g_autofree char *path = g_strdup_printf("rules/calendars/%s.ics",
	    country);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize length;
	Holidays *holidays = holidays_new(country);

	g_file_get_contents(path, &text, &length, &error);
	g_assert_no_error(error);
	holidays_add_ics(holidays, text, length, &error);
	g_assert_no_error(error);
	return holidays;
}

/* Monday to Friday, one or two spans a day, in minutes; the second may be
 * empty. `holidays` may be NULL. */
static inline Calendar *
weekday_calendar(const char *name, const char *zone, int open, int close,
    int open2, int close2, const Holidays *holidays)
{
	WeekSpan spans[10];
	gsize count = 0;
	g_autoptr(GError) error = NULL;
	Calendar *calendar;

	for (int day = 0; day < 5; day++) {
		spans[count++] = (WeekSpan){ AT(day, 0, open),
			AT(day, 0, close) };
		if (open2 < close2)
			spans[count++] = (WeekSpan){ AT(day, 0, open2),
				AT(day, 0, close2) };
	}
	calendar = calendar_new(
	    &(CalendarSpec){
		.name = name,
		.zone = zone_get(zone, NULL),
		.spans = spans,
		.span_count = count,
		.holidays = &holidays,
		.holidays_count = holidays != NULL ? 1 : 0,
	    },
	    &error);
	g_assert_no_error(error);
	return calendar;
}

/* One span a week, which may last days. */
static inline Calendar *
span_calendar(const char *name, const char *zone, int32_t open, int32_t close,
    const Holidays *holidays)
{
	WeekSpan span = { open, close };
	g_autoptr(GError) error = NULL;
	Calendar *calendar = calendar_new(
	    &(CalendarSpec){
		.name = name,
		.zone = zone_get(zone, NULL),
		.spans = &span,
		.span_count = 1,
		.holidays = &holidays,
		.holidays_count = holidays != NULL ? 1 : 0,
	    },
	    &error);

	g_assert_no_error(error);
	return calendar;
}

static inline Calendar *
always_calendar(const char *zone)
{
	g_autoptr(GError) error = NULL;
	Calendar *calendar = calendar_new(
	    &(CalendarSpec){
		.name = "always",
		.zone = zone_get(zone, NULL),
		.always = true,
	    },
	    &error);

	g_assert_no_error(error);
	return calendar;
}

/* The calendars of doc/domain.md, by the names that it gives them. */
static inline Calendar *
plan_calendar(const char *name, const Holidays *france)
{
	if (strcmp(name, "sos24") == 0)
		return span_calendar(name, "Europe/Paris", AT(0, 9, 0),
		    AT(4, 18, 0), NULL);
	if (strcmp(name, "myown") == 0)
		return weekday_calendar(name, "Europe/Brussels", 9 * 60,
		    17 * 60, 0, 0, NULL);
	if (strcmp(name, "semarchy") == 0)
		return weekday_calendar(name, "Europe/Paris", 8 * 60, 18 * 60,
		    0, 0, france);
	if (strcmp(name, "1life") == 0)
		return weekday_calendar(name, "Europe/Paris", 9 * 60,
		    12 * 60 + 30, 13 * 60 + 30, 17 * 60, NULL);
	if (strcmp(name, "nuxit") == 0)
		return weekday_calendar(name, "Europe/Paris", 9 * 60, 18 * 60,
		    0, 0, france);
	g_assert_cmpstr(name, ==, "always");
	return always_calendar("Europe/Paris");
}

/* "2026-11-20 17:00" or with seconds, on that zone's wall. */
static inline Instant
wall_instant(const char *zone, const char *text)
{
	g_autofree char *utc = g_strdup_printf("%s%s", text,
	    strlen(text) == 16 ? ":00Z" : "Z");
	Instant wall;

	g_assert_true(instant_parse(utc, &wall, NULL));
	return zone_instant(zone_get(zone, NULL), wall, ZONE_FIRST);
}

static inline Instant
paris(const char *text)
{
	return wall_instant("Europe/Paris", text);
}

static inline Instant
utc(const char *text)
{
	return wall_instant("UTC", text);
}

/* Prints both instants when they differ. */
#define assert_instant(actual, wanted)                   \
 do {                                                    \
  g_autofree char *actual_text = instant_format(actual); \
  g_autofree char *wanted_text = instant_format(wanted); \
  g_assert_cmpstr(actual_text, ==, wanted_text);         \
 } while (0)

#endif
