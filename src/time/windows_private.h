/*
 * windows: the row of windows of one calendar over a range of dates, and the
 * sums that make long stretches as cheap as short ones. Only calendar.c.
 */
#ifndef GUICHET_WINDOWS_PRIVATE_H
#define GUICHET_WINDOWS_PRIVATE_H

#include "guichet/time/calendar.h"

/* No calendar is looked at outside these dates. */
#define WINDOWS_FIRST ((Date)0)     /* 1970-01-01 */
#define WINDOWS_LAST  ((Date)84006) /* 2200-01-01 */

/* Seconds of one date; the weekly spans cut at midnight. */
typedef struct {
	int32_t open, close;
} DaySpan;

typedef struct {
	const Zone *zone;
	GArray *days[7]; /* DaySpan, ascending, not touching; 0 is Monday */
	const Holidays **holidays;
	gsize holidays_count;
	Opening *openings;
	gsize opening_count;
} WeekRule;

/* Everything that opens on dates in [first, last). What lies within some days
 * of either end may look otherwise in a longer row. */
typedef struct {
	Date first, last;
	GArray *windows; /* Window */
	GArray *before;  /* Seconds open before each window, and after all */
	GArray *dates;   /* Date with any open time, ascending */
} Windows;

Windows *windows_build(const WeekRule *rule, Date first, Date last);
void windows_free(Windows *windows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Windows, windows_free)

/* The index of the first window that closes after `at`; their number if
 * there is none. */
guint windows_find(const Windows *windows, Instant at);

/* Seconds open between the row's start and `at`. */
Seconds windows_sum(const Windows *windows, Instant at);

/* The holiday of a date, or NULL. */
const char *week_rule_holiday(const WeekRule *rule, Date date);

#endif
