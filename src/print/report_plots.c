/* What a report's page draws: where each bar stands, in units of the drawing, and
 * the same in words for who does not see it. */
#include "report_paper_private.h"

#include "guichet/yaml/catalog.h"

/* The drawing: 360 wide, bars between TOP and BASE. */
#define LEFT 8
#define WIDE 344
#define TOP  20
#define BASE 120
#define TALL (BASE - TOP)

typedef struct {
	Values *plot;
	guint bars;
	gint64 most; /* what a bar over the whole height stands for */
} Plot;

static Plot
add_plot(Values *values, const char *title, char *take_about)
{
	g_autofree char *about = take_about;
	Plot plot = { .plot = values_add(values, "plots") };

	values_set(plot.plot, "title", title);
	values_set(plot.plot, "about", about);
	return plot;
}

typedef enum {
	BAR_GOOD,
	BAR_BAD,
	BAR_FAINT,
} BarMood;

/* Bar `i` of them, standing on `from` of the whole. */
static void
add_bar(const Plot *plot, guint i, gint64 from, gint64 value, BarMood mood)
{
	static const char *const moods[] = { "good", "bad", "faint" };
	gint64 pitch = WIDE * 10 / MAX(plot->bars, 1);
	gint64 high, low;
	Values *bar;

	if (value <= 0 || plot->most <= 0)
		return;
	bar = values_add(plot->plot, "bars");
	low = from * TALL / plot->most;
	high = MAX(value * TALL / plot->most, 1);
	values_setf(bar, "x", "%d.%d", (int)(LEFT + (i * pitch) / 10),
	    (int)(i * pitch % 10));
	values_setf(bar, "y", "%d", (int)(BASE - low - high));
	values_setf(bar, "wide", "%d.%d", (int)(pitch * 8 / 100),
	    (int)(pitch * 8 / 10 % 10));
	values_setf(bar, "high", "%d", (int)high);
	values_set(bar, "mood", moods[mood]);
}

static void
add_tick(const Plot *plot, guint i, char *take_label)
{
	g_autofree char *label = take_label;
	gint64 pitch = WIDE * 10 / MAX(plot->bars, 1);
	Values *tick = values_add(plot->plot, "ticks");

	values_setf(tick, "x", "%d",
	    (int)(LEFT + (i * pitch + pitch / 2) / 10));
	values_set(tick, "label", label);
}

static void
add_top(const Plot *plot, char *take_label)
{
	g_autofree char *label = take_label;

	values_set(plot->plot, "most", label);
}

/* ---- responses ---- */

static void
add_responses(const ReportPaper *paper, Values *values)
{
	const guint *shares = paper->counts.shares;
	const char *language = paper->language;
	guint kept = 0, missed = 0;
	Plot plot;

	for (int i = 0; i < REPORT_SHARES; i++)
		*(i < REPORT_TENTHS ? &kept : &missed) += shares[i];
	if (kept + missed == 0)
		return;
	plot = add_plot(values,
	    catalog_text(language, "Answers against their term"),
	    g_strdup_printf(catalog_text(language,
				"How much of its term each first answer took: "
				"%u in time, %u too late; the dashed line "
				"is the end of the term."),
		kept, missed));
	plot.bars = REPORT_SHARES;
	for (int i = 0; i < REPORT_SHARES; i++)
		plot.most = MAX(plot.most, shares[i]);
	add_top(&plot, g_strdup_printf("%d", (int)plot.most));
	values_setf(plot.plot, "target", "%d",
	    LEFT + WIDE * REPORT_TENTHS / REPORT_SHARES);
	for (guint i = 0; i < REPORT_SHARES; i++) {
		add_bar(&plot, i, 0, shares[i],
		    i < REPORT_TENTHS ? BAR_GOOD : BAR_BAD);
		if (i % 2 == 1 && i < REPORT_TENTHS - 1)
			add_tick(&plot, i,
			    g_strdup_printf("%u %%",
				(i + 1) * (100 / REPORT_TENTHS)));
	}
}

/* ---- days ---- */

static char *
day_of_month(Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return g_strdup_printf("%d", day);
}

static void
add_day_ticks(const Plot *plot, const ReportMonth *month)
{
	for (guint i = 0; i < plot->bars; i += 7)
		add_tick(plot, i, day_of_month(month->first + (Date)i));
}

static void
add_hours(const ReportPaper *paper, Values *values)
{
	const GArray *days = paper->hours->days;
	const char *language = paper->language;
	g_autofree char *counted = hours_format(paper->hours->counted);
	g_autofree char *left = hours_format(paper->hours->after);
	Plot plot;
	gint64 most = 0;

	if (!paper->has_hours || days->len == 0)
		return;
	for (guint i = 0; i < days->len; i++) {
		const ReportHourDay *day = &g_array_index(days, ReportHourDay,
		    i);

		most = MAX(most, MAX(day->counted, 0) + MAX(day->balance, 0));
	}
	if (most == 0)
		return;
	plot = add_plot(values, catalog_text(language, "Hours used and left"),
	    g_strdup_printf(catalog_text(language,
				"By day: %s used by the end of the month "
				"(below), %s prepaid left (above)."),
		counted, left));
	plot.bars = (guint)(paper->month.next - paper->month.first);
	plot.most = most;
	add_top(&plot, hours_format(most));
	for (guint i = 0; i < days->len; i++) {
		const ReportHourDay *day = &g_array_index(days, ReportHourDay,
		    i);

		add_bar(&plot, i, 0, day->counted, BAR_GOOD);
		add_bar(&plot, i, MAX(day->counted, 0), day->balance,
		    BAR_FAINT);
	}
	add_day_ticks(&plot, &paper->month);
}

static void
add_availability(const ReportPaper *paper, Values *values)
{
	const char *language = paper->language;
	g_autoptr(GArray) days = NULL;
	g_autofree char *down = NULL;
	Plot plot;

	if (paper->availability == NULL)
		return;
	days = report_up_days(paper->availability, &paper->month);
	down = report_paper_span(paper->availability->unplanned, language);
	plot = add_plot(values, catalog_text(language, "Availability by day"),
	    g_strdup_printf(catalog_text(language,
				"Down without being planned: %s in "
				"all; planned or excluded in grey."),
		down));
	plot.bars = (guint)(paper->month.next - paper->month.first);
	for (guint i = 0; i < days->len; i++) {
		const Seconds *k = g_array_index(days, ReportUpDay, i).kinds;

		plot.most = MAX(plot.most,
		    k[AVAILABILITY_COUNTED] + k[AVAILABILITY_PLANNED] +
			k[AVAILABILITY_EXCLUDED]);
	}
	add_top(&plot, report_paper_span(plot.most, language));
	for (guint i = 0; i < days->len; i++) {
		const Seconds *k = g_array_index(days, ReportUpDay, i).kinds;

		add_bar(&plot, i, 0, k[AVAILABILITY_COUNTED], BAR_BAD);
		add_bar(&plot, i, k[AVAILABILITY_COUNTED],
		    k[AVAILABILITY_PLANNED] + k[AVAILABILITY_EXCLUDED],
		    BAR_FAINT);
	}
	add_day_ticks(&plot, &paper->month);
}

void
report_plots_add(const ReportPaper *paper, Values *values)
{
	add_responses(paper, values);
	add_hours(paper, values);
	add_availability(paper, values);
}
