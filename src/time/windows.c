/* A calendar's windows of some years, in order. */
#include "windows_private.h"

#define DAY 86400

/* An opening in wall-clock time. At a cut, where a holiday begins, not even
 * the first showing of a repeated midnight is open any more. */
typedef struct {
	Wall open, close;
	bool cut;
} Stretch;

static gint
compare_stretches(gconstpointer a, gconstpointer b)
{
	const Stretch *x = a, *y = b;

	return x->open < y->open ? -1 : x->open > y->open;
}

static gint
compare_windows(gconstpointer a, gconstpointer b)
{
	const Window *x = a, *y = b;

	return x->open < y->open ? -1 : x->open > y->open;
}

const char *
week_rule_holiday(const WeekRule *rule, Date date)
{
	for (gsize i = 0; i < rule->holidays_count; i++) {
		const char *label = holidays_label(rule->holidays[i], date);

		if (label != NULL)
			return label;
	}
	return NULL;
}

/* Joins with the last stretch where they touch on the wall. */
static void
add_stretch(GArray *stretches, const Stretch *stretch)
{
	Stretch *last = stretches->len == 0
	    ? NULL
	    : &g_array_index(stretches, Stretch, stretches->len - 1);

	if (last == NULL || stretch->open > last->close) {
		g_array_append_vals(stretches, stretch, 1);
	} else if (stretch->close > last->close) {
		last->close = stretch->close;
		last->cut = stretch->cut;
	}
}

static GArray *
weekly_stretches(const WeekRule *rule, Date first, Date last)
{
	GArray *stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
	bool shut = week_rule_holiday(rule, first) != NULL;

	for (Date date = first; date < last; date++) {
		const GArray *spans = rule->days[date_weekday(date)];
		bool shut_next = week_rule_holiday(rule, date + 1) != NULL;

		for (guint i = 0; !shut && i < spans->len; i++) {
			DaySpan span = g_array_index(spans, DaySpan, i);
			Stretch stretch = {
				.open = wall_midnight(date) + span.open,
				.close = wall_midnight(date) + span.close,
				.cut = span.close == DAY && shut_next,
			};

			add_stretch(stretches, &stretch);
		}
		shut = shut_next;
	}
	return stretches;
}

/* Puts the single openings among the weekly ones. */
static GArray *
with_openings(const WeekRule *rule, Date first, Date last, GArray *weekly)
{
	GArray *joined;
	guint added = 0;

	for (gsize i = 0; i < rule->opening_count; i++) {
		const Opening *o = &rule->openings[i];
		Stretch stretch = {
			.open = wall_midnight(o->date) + o->open,
			.close = wall_midnight(o->date) + o->close,
		};

		if (o->date < first || o->date >= last)
			continue;
		g_array_append_val(weekly, stretch);
		added++;
	}
	if (added == 0)
		return weekly;

	g_array_sort(weekly, compare_stretches);
	joined = g_array_new(FALSE, FALSE, sizeof(Stretch));
	for (guint i = 0; i < weekly->len; i++)
		add_stretch(joined, &g_array_index(weekly, Stretch, i));
	g_array_unref(weekly);
	return joined;
}

/*
 * From walls to instants. A change of clocks can turn the order of two
 * stretches around or make them meet, so they are sorted and joined again.
 */
static GArray *
to_windows(const Zone *zone, const GArray *stretches)
{
	g_autoptr(GArray) found = g_array_sized_new(FALSE, FALSE,
	    sizeof(Window), stretches->len);
	GArray *windows = g_array_sized_new(FALSE, FALSE, sizeof(Window),
	    stretches->len);
	bool sorted = true;
	Instant before = INT64_MIN;

	for (guint i = 0; i < stretches->len; i++) {
		const Stretch *s = &g_array_index(stretches, Stretch, i);
		Window window = {
			zone_instant(zone, s->open, ZONE_FIRST),
			zone_instant(zone, s->close,
			    s->cut ? ZONE_FIRST : ZONE_SECOND),
		};

		if (window.open >= window.close)
			continue;
		sorted = sorted && window.open >= before;
		before = window.open;
		g_array_append_val(found, window);
	}
	if (!sorted)
		g_array_sort(found, compare_windows);

	for (guint i = 0; i < found->len; i++) {
		const Window *next = &g_array_index(found, Window, i);
		Window *last = windows->len == 0
		    ? NULL
		    : &g_array_index(windows, Window, windows->len - 1);

		if (last == NULL || next->open > last->close)
			g_array_append_vals(windows, next, 1);
		else
			last->close = MAX(last->close, next->close);
	}
	return windows;
}

static void
add_sums(Windows *row, const Zone *zone)
{
	Seconds sum = 0;
	Date latest = INT32_MIN;

	for (guint i = 0; i < row->windows->len; i++) {
		const Window *w = &g_array_index(row->windows, Window, i);
		Date date = wall_date(zone_wall(zone, w->open));
		Date end = wall_date(zone_wall(zone, w->close - 1));

		g_array_append_val(row->before, sum);
		sum += w->close - w->open;
		for (date = MAX(date, latest + 1); date <= end; date++) {
			g_array_append_val(row->dates, date);
			latest = date;
		}
	}
	g_array_append_val(row->before, sum);
}

Windows *
windows_build(const WeekRule *rule, Date first, Date last)
{
	g_autoptr(GArray) stretches = with_openings(rule, first, last,
	    weekly_stretches(rule, first, last));
	Windows *row = g_new0(Windows, 1);

	row->first = first;
	row->last = last;
	row->windows = to_windows(rule->zone, stretches);
	row->before = g_array_new(FALSE, FALSE, sizeof(Seconds));
	row->dates = g_array_new(FALSE, FALSE, sizeof(Date));
	add_sums(row, rule->zone);
	return row;
}

void
windows_free(Windows *windows)
{
	if (windows == NULL)
		return;
	g_array_unref(windows->windows);
	g_array_unref(windows->before);
	g_array_unref(windows->dates);
	g_free(windows);
}

guint
windows_find(const Windows *windows, Instant at)
{
	guint low = 0, high = windows->windows->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(windows->windows, Window, middle).close > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

Seconds
windows_sum(const Windows *windows, Instant at)
{
	guint i = windows_find(windows, at);
	Seconds sum = g_array_index(windows->before, Seconds, i);
	const Window *w;

	if (i == windows->windows->len)
		return sum;
	w = &g_array_index(windows->windows, Window, i);
	return at > w->open ? sum + (at - w->open) : sum;
}
