/*
 * calendar: when a desk is open (doc/domain.md 1 and 2).
 *
 * A calendar is a zone, weekly wall-clock spans, sets of holidays, and single
 * closures and extra openings. It is seen as an endless row of windows: half-
 * open intervals [open, close) of instants, in order, never touching and
 * never empty. A holiday or closure removes its whole local date, also from
 * the middle of a span that lasts days. An opening time that a change of
 * clocks skips is read with the offset before it; a repeated opening is the
 * first occurrence, a repeated closing the second (but where a holiday begins
 * at a repeated midnight, the window ends at the first: all of the date is
 * shut). Nothing is open before 1970 or from 2200 on.
 *
 * Calendars are immutable but for a cache of windows, and belong to one
 * thread. Those of a Ruleset are borrowed from it.
 */
#ifndef GUICHET_CALENDAR_H
#define GUICHET_CALENDAR_H

#include "guichet/time/zone.h"

typedef struct Calendar Calendar;
typedef struct Holidays Holidays;

typedef struct {
	Instant open, close;
} Window;

/* Seconds of wall clock since Monday 00:00; 0 <= open < 7 days, and
 * open < close <= open + 7 days. Spans may touch and overlap: they are joined. */
typedef struct {
	int32_t open, close;
} WeekSpan;

/* A single opening on one date, wall-clock seconds of that date, beside the
 * weekly spans and in spite of any holiday. */
typedef struct {
	Date date;
	int32_t open, close;
} Opening;

/* ---- holidays: named dates, from iCalendar files (RFC 5545) ---- */

Holidays *holidays_new(const char *name);
/* Single days that a calendar shuts: no file of years that could run out. */
Holidays *holidays_new_closures(const char *name);
void holidays_free(Holidays *holidays);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Holidays, holidays_free)

/* Adds one date; the first name given to a date stays. */
void holidays_add(Holidays *holidays, Date date, const char *label);

/*
 * Adds the events of an iCalendar text, whole days each, recurrences expanded
 * from 2000 to 2060, cancelled events left out. Impossible dates, times of
 * day and broken text are refused with GUICHET_ERROR_CONFIG, which names the
 * event, and then nothing was added.
 */
bool holidays_add_ics(Holidays *holidays, const char *text, gsize length,
    GError **error);

/* The name of the holiday on that date, or NULL. */
const char *holidays_label(const Holidays *holidays, Date date);
guint holidays_count(const Holidays *holidays);
/* The last date that it names: of what comes after it knows nothing. False if
 * it names none, or only closures. */
bool holidays_last(const Holidays *holidays, Date *ret_date);

/* ---- calendars ---- */

typedef struct {
	const char *name;
	const Zone *zone;
	bool
	    always; /* 24/7: no spans, no holidays, no closures are looked at */
	const WeekSpan *spans;
	gsize span_count;
	const Holidays *const
	    *holidays; /* borrowed: must outlive the calendar */
	gsize holidays_count;
	const Opening *openings;
	gsize opening_count;
} CalendarSpec;

/* GUICHET_ERROR_CONFIG if a span is impossible or the calendar would never
 * open (no span and no opening). Everything but the holidays is copied. */
Calendar *calendar_new(const CalendarSpec *spec, GError **error);
void calendar_free(Calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_free)

const char *calendar_name(const Calendar *calendar);
const Zone *calendar_zone(const Calendar *calendar);
bool calendar_is_always(const Calendar *calendar);

bool calendar_is_open(const Calendar *calendar, Instant at);

/*
 * The window that contains `at`, or else the next one. False if it does not
 * open again within 10 years (holidays can close a calendar for good).
 */
bool calendar_window(const Calendar *calendar, Instant at, Window *ret_window);

/* The last window that closes at or before `at`; false within 10 years. */
bool calendar_window_before(const Calendar *calendar, Instant at,
    Window *ret_window);

/* `at` if open then, else the next opening, else INSTANT_NONE. */
Instant calendar_intake(const Calendar *calendar, Instant at);

/* Open seconds in [from, to); 0 if to <= from. */
Seconds
calendar_open_seconds(const Calendar *calendar, Instant from, Instant to);

/* The instant at which `seconds` of open time have passed since `from`: the
 * end of a window, not the start of the next, when they fall together.
 * INSTANT_NONE if never. With 0 seconds it is `from`. */
Instant
calendar_add_open(const Calendar *calendar, Instant from, Seconds seconds);

/* Why a local date is shut although the week would open it: the holiday's or
 * closure's name, else NULL. */
const char *calendar_closure(const Calendar *calendar, Date date);

/* Up to which date its holidays are known: the earliest of its sets' last ones.
 * False if it looks at none. */
bool calendar_holidays_end(const Calendar *calendar, Date *ret_date);

/* Whether any time of that local date is open, and its first and last such,
 * as far as they lie on that date. */
bool calendar_date_windows(const Calendar *calendar, Date date,
    Window *ret_first, Window *ret_last);

/* The count-th date after `after` that has any open time; count > 0. False if
 * there are not that many. */
bool calendar_open_date(const Calendar *calendar, Date after, int64_t count,
    Date *ret_date);

#endif
