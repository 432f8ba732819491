/*
 * When a desk is open: openings, closings, and open time between two
 * instants.
 */
#include "guichet/time/calendar.h"

#include "guichet/base/error.h"
#include "windows_private.h"

#define DAY        86400
#define WEEK       (7 * DAY)
#define WEEK_SPANS 2000 /* more in one calendar is a mistake */
#define MARGIN     31   /* dates on each side of what is asked for */
#define EDGE       (8 * DAY)
#define TEN_YEARS  (3653LL * DAY)

/* `always` is one window that no arithmetic on instants leaves. */
#define ALWAYS_OPEN  (-(1LL << 50))
#define ALWAYS_CLOSE (1LL << 50)

typedef struct {
	Windows *row;
} Cache;

struct Calendar {
	char *name;
	bool always;
	WeekRule rule;
	Cache *cache; /* the one part that changes */
};

/* ---- making ---- */

static bool
spec_check(const CalendarSpec *spec, GError **error)
{
	const char *wrong = NULL;

	for (gsize i = 0; i < spec->span_count && wrong == NULL; i++) {
		const WeekSpan *span = &spec->spans[i];

		if (span->open < 0 || span->open >= WEEK ||
		    span->close <= span->open ||
		    span->close - span->open > WEEK)
			wrong = "a weekly opening ends before it begins or "
				"lasts over a week";
	}
	for (gsize i = 0; i < spec->opening_count && wrong == NULL; i++) {
		const Opening *opening = &spec->openings[i];

		if (opening->open < 0 || opening->open >= DAY ||
		    opening->close <= opening->open ||
		    opening->close - opening->open > WEEK)
			wrong = "an extra opening ends before it begins or "
				"lasts over a week";
	}
	if (spec->span_count > WEEK_SPANS)
		wrong = "too many weekly openings";
	if (spec->span_count == 0 && spec->opening_count == 0)
		wrong = "it never opens";
	if (wrong == NULL)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "calendar '%s': %s", spec->name, wrong);
	return false;
}

static gint
compare_day_spans(gconstpointer a, gconstpointer b)
{
	const DaySpan *x = a, *y = b;

	return x->open < y->open ? -1 : x->open > y->open;
}

/* Cuts the weekly spans at each midnight and joins what overlaps. */
static void
rule_set_days(WeekRule *rule, const CalendarSpec *spec)
{
	for (gsize i = 0; i < spec->span_count; i++) {
		int32_t open = spec->spans[i].open;

		while (open < spec->spans[i].close) {
			int32_t midnight = open - open % DAY;
			int32_t close = MIN(spec->spans[i].close,
			    midnight + DAY);
			DaySpan span = { open - midnight, close - midnight };

			g_array_append_val(rule->days[midnight / DAY % 7],
			    span);
			open = close;
		}
	}
	for (int day = 0; day < 7; day++) {
		GArray *spans = rule->days[day];
		guint kept = 0;

		g_array_sort(spans, compare_day_spans);
		for (guint i = 1; i < spans->len; i++) {
			DaySpan *last = &g_array_index(spans, DaySpan, kept);
			DaySpan next = g_array_index(spans, DaySpan, i);

			if (next.open <= last->close)
				last->close = MAX(last->close, next.close);
			else
				g_array_index(spans, DaySpan, ++kept) = next;
		}
		if (spans->len > 0)
			g_array_set_size(spans, kept + 1);
	}
}

/* Whether there is no second of the week that is shut. */
static bool
rule_is_whole_week(const WeekRule *rule)
{
	for (int day = 0; day < 7; day++) {
		const DaySpan *span = (DaySpan *)(void *)rule->days[day]->data;

		if (rule->days[day]->len != 1 || span->open != 0 ||
		    span->close != DAY)
			return false;
	}
	return rule->holidays_count == 0;
}

Calendar *
calendar_new(const CalendarSpec *spec, GError **error)
{
	Calendar *calendar;
	WeekRule *rule;

	if (!spec->always && !spec_check(spec, error))
		return NULL;

	calendar = g_new0(Calendar, 1);
	calendar->name = g_strdup(spec->name);
	calendar->cache = g_new0(Cache, 1);
	calendar->always = spec->always;
	rule = &calendar->rule;
	rule->zone = spec->zone;
	for (int day = 0; day < 7; day++)
		rule->days[day] = g_array_new(FALSE, FALSE, sizeof(DaySpan));
	if (spec->always)
		return calendar;

	rule_set_days(rule, spec);
	rule->holidays = g_memdup2(spec->holidays,
	    spec->holidays_count * sizeof *spec->holidays);
	rule->holidays_count = spec->holidays_count;
	rule->openings = g_memdup2(spec->openings,
	    spec->opening_count * sizeof *spec->openings);
	rule->opening_count = spec->opening_count;
	calendar->always = rule_is_whole_week(rule);
	return calendar;
}

void
calendar_free(Calendar *calendar)
{
	if (calendar == NULL)
		return;
	for (int day = 0; day < 7; day++)
		g_array_unref(calendar->rule.days[day]);
	g_free(calendar->rule.holidays);
	g_free(calendar->rule.openings);
	windows_free(calendar->cache->row);
	g_free(calendar->cache);
	g_free(calendar->name);
	g_free(calendar);
}

const char *
calendar_name(const Calendar *calendar)
{
	return calendar->name;
}

const Zone *
calendar_zone(const Calendar *calendar)
{
	return calendar->rule.zone;
}

bool
calendar_is_always(const Calendar *calendar)
{
	return calendar->always;
}

/* ---- the row of windows, made when asked for ---- */

static Date
to_date(Instant at)
{
	return (Date)(CLAMP(at, (Instant)WINDOWS_FIRST * DAY,
			  (Instant)WINDOWS_LAST * DAY) /
	    DAY);
}

static Instant
row_begin(const Windows *row)
{
	return (Instant)row->first * DAY;
}

static Instant
row_end(const Windows *row)
{
	return (Instant)row->last * DAY;
}

/*
 * The row, covering these dates with a margin. It at least doubles when it
 * grows, so that no order of questions makes it slow.
 */
static const Windows *
row_cover(const Calendar *calendar, Date first, Date last)
{
	Cache *cache = calendar->cache;
	Windows *row = cache->row;

	first = MAX(first - MARGIN, WINDOWS_FIRST);
	last = MIN(last + MARGIN, WINDOWS_LAST);
	if (row == NULL) {
		last = MIN(last + 366, WINDOWS_LAST);
	} else if (first >= row->first && last <= row->last) {
		return row;
	} else {
		Date length = row->last - row->first;

		first = first >= row->first
		    ? row->first
		    : MAX(MIN(first, row->first - length), WINDOWS_FIRST);
		last = last <= row->last
		    ? row->last
		    : MIN(MAX(last, row->last + length), WINDOWS_LAST);
	}
	row = windows_build(&calendar->rule, first, last);
	windows_free(cache->row);
	cache->row = row;
	return row;
}

/* What begins or ends near the row's ends may look otherwise in a longer
 * row. At the last resort, it is as it is. */
static bool
trusted_early(const Windows *row, Instant at)
{
	return row->first == WINDOWS_FIRST || at >= row_begin(row) + EDGE;
}

static bool
trusted_late(const Windows *row, Instant at)
{
	return row->last == WINDOWS_LAST || at <= row_end(row) - EDGE;
}

/*
 * Finds the first window that closes after `at` (step 0) or the last that does
 * not (step -1), in a row grown until that window can be trusted. NULL if
 * there is none within ten years.
 */
static const Windows *
row_around(const Calendar *calendar, Instant at, int step, guint *ret_index)
{
	Date first = to_date(at), last = to_date(at);

	for (;;) {
		const Windows *row = row_cover(calendar, first, last);
		guint i = windows_find(row, at) + (guint)step;
		const Window *w = i < row->windows->len
		    ? &g_array_index(row->windows, Window, i)
		    : NULL;
		bool early = row->first == WINDOWS_FIRST ||
		    (w != NULL ? trusted_early(row, w->open) : step == 0);
		bool late = row->last == WINDOWS_LAST || step < 0 ||
		    (w != NULL ? trusted_late(row, w->close)
			       : row_end(row) > at + TEN_YEARS + 2 * EDGE);

		if (early && late) {
			*ret_index = i;
			return w != NULL ? row : NULL;
		}
		if (!early)
			first = row->first - 1;
		if (!late)
			last = row->last + 1;
	}
}

/* ---- questions ---- */

bool
calendar_window(const Calendar *calendar, Instant at, Window *ret_window)
{
	const Windows *row;
	const Window *window;
	guint i;

	if (calendar->always) {
		*ret_window = (Window){ ALWAYS_OPEN, ALWAYS_CLOSE };
		return true;
	}
	row = row_around(calendar, at, 0, &i);
	if (row == NULL)
		return false;
	window = &g_array_index(row->windows, Window, i);
	if (window->open > at && window->open - at > TEN_YEARS)
		return false;
	*ret_window = *window;
	return true;
}

bool
calendar_window_before(const Calendar *calendar, Instant at, Window *ret_window)
{
	const Windows *row;
	const Window *window;
	guint i;

	if (calendar->always)
		return false;
	row = row_around(calendar, at, -1, &i);
	if (row == NULL)
		return false;
	window = &g_array_index(row->windows, Window, i);
	if (at - window->close > TEN_YEARS)
		return false;
	*ret_window = *window;
	return true;
}

bool
calendar_is_open(const Calendar *calendar, Instant at)
{
	Window window;

	return calendar_window(calendar, at, &window) && window.open <= at &&
	    at < window.close;
}

Instant
calendar_intake(const Calendar *calendar, Instant at)
{
	Window window;

	if (!calendar_window(calendar, at, &window))
		return INSTANT_NONE;
	return MAX(at, window.open);
}

Seconds
calendar_open_seconds(const Calendar *calendar, Instant from, Instant to)
{
	const Windows *row;

	if (to <= from)
		return 0;
	if (calendar->always)
		return to - from;
	row = row_cover(calendar, to_date(from), to_date(to));
	return windows_sum(row, to) - windows_sum(row, from);
}

Instant
calendar_add_open(const Calendar *calendar, Instant from, Seconds seconds)
{
	Date last = to_date(from);

	if (seconds <= 0)
		return from;
	if (calendar->always)
		return from + seconds;
	for (;;) {
		const Windows *row = row_cover(calendar, to_date(from), last);
		const Seconds *before =
		    (const Seconds *)(void *)row->before->data;
		Seconds wanted = windows_sum(row, from) + seconds;
		guint low = windows_find(row, from);
		guint high = row->windows->len;

		/* The first window at whose end enough has passed. */
		while (low < high) {
			guint middle = low + (high - low) / 2;

			if (before[middle + 1] >= wanted)
				high = middle;
			else
				low = middle + 1;
		}
		if (low < row->windows->len) {
			Instant end =
			    g_array_index(row->windows, Window, low).open +
			    (wanted - before[low]);

			if (trusted_late(row, end))
				return end;
		}
		if (row->last == WINDOWS_LAST)
			return INSTANT_NONE;
		last = row->last + 1;
	}
}

const char *
calendar_closure(const Calendar *calendar, Date date)
{
	if (calendar->always ||
	    calendar->rule.days[date_weekday(date)]->len == 0)
		return NULL;
	return week_rule_holiday(&calendar->rule, date);
}

bool
calendar_date_windows(const Calendar *calendar, Date date, Window *ret_first,
    Window *ret_last)
{
	const Zone *zone = calendar->rule.zone;
	Instant start = zone_instant(zone, wall_midnight(date), ZONE_FIRST);
	Instant end = zone_instant(zone, wall_midnight(date + 1), ZONE_FIRST);
	Window first, last;

	if (!calendar_window(calendar, start, &first) || first.open >= end ||
	    start >= end)
		return false;
	/* The last that opens on that date: the one that is open at its last
	 * second, or the one that closed before. */
	if (!calendar_window(calendar, end - 1, &last) || last.open >= end)
		if (!calendar_window_before(calendar, end - 1, &last))
			last = first;
	*ret_first = (Window){ MAX(first.open, start), MIN(first.close, end) };
	*ret_last = (Window){ MAX(last.open, start), MIN(last.close, end) };
	return true;
}

bool
calendar_open_date(const Calendar *calendar, Date after, int64_t count,
    Date *ret_date)
{
	Date start = CLAMP(after, WINDOWS_FIRST, WINDOWS_LAST - 1);
	Date last = start;

	g_assert(count > 0);
	if (calendar->always) {
		*ret_date = (Date)(after + count);
		return true;
	}
	for (;;) {
		const Windows *row = row_cover(calendar, start, last);
		const Date *dates = (const Date *)(void *)row->dates->data;
		guint low = 0, high = row->dates->len;

		while (low < high) {
			guint middle = low + (high - low) / 2;

			if (dates[middle] > after)
				high = middle;
			else
				low = middle + 1;
		}
		if (count <= row->dates->len - low) {
			Date date = dates[low + (guint)(count - 1)];

			if (trusted_late(row, (Instant)date * DAY)) {
				*ret_date = date;
				return true;
			}
		}
		if (row->last == WINDOWS_LAST)
			return false;
		last = row->last + 1;
	}
}

bool
calendar_holidays_end(const Calendar *calendar, Date *ret_date)
{
	bool any = false;

	for (gsize i = 0; i < calendar->rule.holidays_count; i++) {
		Date last;

		if (!holidays_last(calendar->rule.holidays[i], &last))
			continue;
		if (!any || last < *ret_date)
			*ret_date = last;
		any = true;
	}
	return any;
}
