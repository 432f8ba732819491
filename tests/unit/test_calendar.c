#include "guichet/base/error.h"
#include "guichet/time/calendar.h"

#include "calendars.h"

/* ---- iCalendar ---- */

#define EVENT(body)                                                             \
 "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\n" body \
 "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
#define DAY1 "DTSTART;VALUE=DATE:20260102\r\n"

static const struct {
	const char *text;
	const char *dates; /* the first few, and how many there are */
	guint count;
} good_ics[] = {
	{ EVENT("DTSTART;VALUE=DATE:20261225\r\nSUMMARY:x"), "2026-12-25", 1 },
	{ EVENT("DTSTART;VALUE=DATE:20240229"), "2024-02-29", 1 },
	/* the end is the date after the last; some write the only date twice */
	{ EVENT(DAY1 "DTEND;VALUE=DATE:20260105"),
	    "2026-01-02 2026-01-03 2026-01-04", 3 },
	{ EVENT(DAY1 "DTEND;VALUE=DATE:20260102"), "2026-01-02", 1 },
	{ EVENT(DAY1 "DURATION:P2D"), "2026-01-02 2026-01-03", 2 },
	{ EVENT(DAY1 "DURATION:P1W"), "2026-01-02 2026-01-08", 7 },
	/* recurrences, from 2000 to 2060 */
	{ EVENT("DTSTART;VALUE=DATE:19700101\r\nRRULE:FREQ=YEARLY"),
	    "2000-01-01 2026-01-01 2060-01-01", 61 },
	{ EVENT(DAY1 "RRULE:FREQ=YEARLY;COUNT=3"),
	    "2026-01-02 2027-01-02 2028-01-02", 3 },
	{ EVENT(DAY1 "RRULE:FREQ=YEARLY;UNTIL=20280101"),
	    "2026-01-02 2027-01-02", 2 },
	{ EVENT("DTSTART;VALUE=DATE:20240229\r\n"
		"RRULE:FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=29"),
	    "2024-02-29 2028-02-29 2032-02-29", 3 },
	{ EVENT("DTSTART;VALUE=DATE:20260525\r\n"
		"RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2"),
	    "2026-05-25 2027-05-31", 2 },
	{ EVENT("DTSTART;VALUE=DATE:20260105\r\n"
		"RRULE:FREQ=WEEKLY;BYDAY=MO,FR;COUNT=4"),
	    "2026-01-05 2026-01-09 2026-01-12 2026-01-16", 4 },
	{ EVENT(DAY1 "RRULE:FREQ=YEARLY;COUNT=3\r\n"
		     "EXDATE;VALUE=DATE:20270102"),
	    "2026-01-02 2028-01-02", 2 },
	{ EVENT(DAY1 "RDATE;VALUE=DATE:20260401,20260402"),
	    "2026-01-02 2026-04-01 2026-04-02", 3 },
	{ EVENT(DAY1 "RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2\r\n"
		     "DTEND;VALUE=DATE:20260104"),
	    "2026-01-02 2026-01-03 2028-01-02 2028-01-03", 4 },
	{ EVENT(DAY1 "STATUS:CANCELLED"), "", 0 },
	/* what is empty and says nothing about when is no mistake */
	{ EVENT(DAY1 "DESCRIPTION:\r\nLOCATION:"), "2026-01-02", 1 },
	/* one recurrence is moved by an event of its own */
	{ EVENT(DAY1 "RRULE:FREQ=YEARLY;COUNT=2\r\nEND:VEVENT\r\n"
		     "BEGIN:VEVENT\r\nUID:u\r\n"
		     "RECURRENCE-ID;VALUE=DATE:20270102\r\n"
		     "DTSTART;VALUE=DATE:20270104"),
	    "2026-01-02 2027-01-04", 2 },
	{ "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n", "", 0 },
	/* two calendars in one text, and bare line feeds */
	{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260102\n"
	  "END:VEVENT\nEND:VCALENDAR\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n"
	  "DTSTART;VALUE=DATE:20260103\nEND:VEVENT\nEND:VCALENDAR\n",
	    "2026-01-02 2026-01-03", 2 },
};

static const char *const bad_ics[] = {
	"",
	"nonsense",
	"BEGIN:VCALENDAR\r\n",
	"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\nEND:VEVENT\r\n",
	EVENT("SUMMARY:no date"),
	EVENT("DTSTART;VALUE=DATE:20261301"),
	EVENT("DTSTART;VALUE=DATE:20260001"),
	EVENT("DTSTART;VALUE=DATE:20260230"),
	EVENT("DTSTART;VALUE=DATE:20250229"),
	EVENT("DTSTART;VALUE=DATE:20260100"),
	EVENT("DTSTART;VALUE=DATE:2026"),
	EVENT("DTSTART;VALUE=DATE:"),
	EVENT("DTSTART:20260101T090000"),
	EVENT(DAY1 "DTEND;VALUE=DATE:20260101"),
	EVENT(DAY1 "DTEND;VALUE=DATE:20260231"),
	EVENT(DAY1 "DTEND;VALUE=DATE:20290101"),
	EVENT(DAY1 "DURATION:PT12H"),
	EVENT(DAY1 "RRULE:FREQ=NEVER"),
	EVENT(DAY1 "RRULE:"),
	EVENT(DAY1 "RRULE:FREQ=SECONDLY"),
	EVENT(DAY1 "RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20261399"),
	EVENT(DAY1 "RDATE;VALUE=DATE:20260631"),
	EVENT(DAY1 "SUMMARY:\xff\xfe"),
};

static void
test_ics(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(good_ics); i++) {
		g_autoptr(Holidays) holidays = holidays_new("site");
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) dates = g_strsplit(good_ics[i].dates, " ", -1);

		g_test_message("%s", good_ics[i].text);
		holidays_add_ics(holidays, good_ics[i].text,
		    strlen(good_ics[i].text), &error);
		g_assert_no_error(error);
		g_assert_cmpuint(holidays_count(holidays), ==,
		    good_ics[i].count);
		for (gsize d = 0; dates[d] != NULL && *dates[d] != '\0'; d++) {
			Date date;

			g_assert_true(date_parse(dates[d], &date));
			g_assert_nonnull(holidays_label(holidays, date));
		}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad_ics); i++) {
		g_autoptr(Holidays) holidays = holidays_new("site");
		g_autoptr(GError) error = NULL;

		g_test_message("%s", bad_ics[i]);
		g_assert_false(holidays_add_ics(holidays, bad_ics[i],
		    strlen(bad_ics[i]), &error));
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_cmpuint(holidays_count(holidays), ==, 0);
	}
}

/* A broken event behind a good one: nothing is added at all. */
static void
test_ics_whole(void)
{
	static const char text[] = EVENT(
	    DAY1 "SUMMARY:Bon\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n"
		 "DTSTART;VALUE=DATE:20269999");
	g_autoptr(Holidays) holidays = holidays_new("site");
	g_autoptr(GError) error = NULL;

	holidays_add(holidays, date_of(2026, 1, 2), "Premier nom");
	g_assert_false(holidays_add_ics(holidays, text, strlen(text), &error));
	g_assert_cmpuint(holidays_count(holidays), ==, 1);

	/* The first name of a date stays. */
	g_assert_true(
	    holidays_add_ics(holidays, EVENT(DAY1 "SUMMARY:Autre\\, nom"),
		strlen(EVENT(DAY1 "SUMMARY:Autre\\, nom")), NULL));
	g_assert_cmpstr(holidays_label(holidays, date_of(2026, 1, 2)), ==,
	    "Premier nom");
	/* A length that ends before the text does. */
	g_assert_false(
	    holidays_add_ics(holidays, EVENT(DAY1 "SUMMARY:x"), 40, NULL));
}

/* The shipped files: known feasts, and every year whole. */
static void
test_shipped(void)
{
	static const struct {
		const char *country, *date, *label;
	} days[] = {
		{ "fr", "2024-01-01", "Jour de l'an" },
		{ "fr", "2024-04-01", "Lundi de Pâques" },
		{ "fr", "2024-05-09", "Ascension" },
		{ "fr", "2024-05-20", "Lundi de Pentecôte" },
		{ "fr", "2026-04-06", "Lundi de Pâques" },
		{ "fr", "2026-05-08", "Victoire 1945" },
		{ "fr", "2026-05-14", "Ascension" },
		{ "fr", "2026-07-14", "Fête nationale" },
		{ "fr", "2026-11-11", "Armistice 1918" },
		{ "fr", "2038-04-26", "Lundi de Pâques" },
		{ "fr", "2040-12-25", "Noël" },
		{ "be", "2026-07-21", "Fête nationale" },
		{ "be", "2027-05-06", "Ascension" },
		{ "be", "2035-05-14", "Lundi de Pentecôte" },
		{ "be", "2040-08-15", "Assomption" },
		{ "be", "2026-05-08", NULL },
		{ "be", "2026-07-14", NULL },
		{ "fr", "2026-07-21", NULL },
		{ "fr", "2026-04-05", NULL },
		{ "fr", "2026-12-26", NULL },
	};
	g_autoptr(Holidays) fr = shipped_holidays("fr");
	g_autoptr(Holidays) be = shipped_holidays("be");

	for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
		Date date;

		g_test_message("%s %s", days[i].country, days[i].date);
		g_assert_true(date_parse(days[i].date, &date));
		g_assert_cmpstr(
		    holidays_label(*days[i].country == 'f' ? fr : be, date), ==,
		    days[i].label);
	}
	/* 11 and 10 a year, 17 years; no two of them ever fall together. */
	g_assert_cmpuint(holidays_count(fr), ==, 17 * 11);
	g_assert_cmpuint(holidays_count(be), ==, 17 * 10);
}

/* ---- windows ---- */

static void
assert_window(const Calendar *calendar, const char *at, const char *open,
    const char *close)
{
	const char *zone = zone_name(calendar_zone(calendar));
	Window window;

	g_test_message("%s at %s", calendar_name(calendar), at);
	g_assert_true(
	    calendar_window(calendar, wall_instant(zone, at), &window));
	assert_instant(window.open, utc(open));
	assert_instant(window.close, utc(close));
}

static void
test_windows(void)
{
	g_autoptr(Holidays) fr = shipped_holidays("fr");
	g_autoptr(Calendar) sos = plan_calendar("sos24", fr);
	g_autoptr(Calendar) life = plan_calendar("1life", fr);
	g_autoptr(Calendar) semarchy = plan_calendar("semarchy", fr);
	g_autoptr(Calendar) shut = span_calendar("with-holidays",
	    "Europe/Paris", AT(0, 9, 0), AT(4, 18, 0), fr);
	Window before;

	/* one window of days, the end is not in it */
	assert_window(sos, "2026-11-20 17:59:59", "2026-11-16 08:00",
	    "2026-11-20 17:00");
	assert_window(sos, "2026-11-20 18:00", "2026-11-23 08:00",
	    "2026-11-27 17:00");
	/* over the change of clocks */
	assert_window(sos, "2026-03-28 10:00", "2026-03-30 07:00",
	    "2026-04-03 16:00");
	assert_window(life, "2026-11-20 12:30", "2026-11-20 12:30",
	    "2026-11-20 16:00");
	assert_window(semarchy, "2026-12-24 18:00", "2026-12-28 07:00",
	    "2026-12-28 17:00");
	/* a holiday cuts a continuous window: 11 November is a Wednesday */
	assert_window(shut, "2026-11-10 23:00", "2026-11-09 08:00",
	    "2026-11-10 23:00");
	assert_window(shut, "2026-11-11 00:00", "2026-11-11 23:00",
	    "2026-11-13 17:00");
	g_assert_cmpstr(calendar_closure(shut, date_of(2026, 11, 11)), ==,
	    "Armistice 1918");
	g_assert_null(calendar_closure(shut, date_of(2026, 11, 12)));
	/* 1 November 2026 is a Sunday: the week would not open it anyway */
	g_assert_null(calendar_closure(shut, date_of(2026, 11, 1)));

	g_assert_true(calendar_window_before(semarchy,
	    paris("2026-12-27 10:00"), &before));
	assert_instant(before.close, utc("2026-12-24 17:00"));
	g_assert_true(calendar_window_before(semarchy,
	    paris("2026-12-24 18:00"), &before));
	assert_instant(before.close, utc("2026-12-24 17:00"));
	g_assert_true(calendar_window_before(semarchy,
	    paris("2026-12-24 17:59"), &before));
	assert_instant(before.close, utc("2026-12-23 17:00"));
}

/* What the changes of clocks do to openings and closings. */
static void
test_changes(void)
{
	/* Sunday 01:00 to 02:30, and 02:30 to 05:00 in another calendar */
	g_autoptr(Calendar) close = span_calendar("close", "Europe/Paris",
	    AT(6, 1, 0), AT(6, 2, 30), NULL);
	g_autoptr(Calendar) open = span_calendar("open", "Europe/Paris",
	    AT(6, 2, 30), AT(6, 5, 0), NULL);
	g_autoptr(Calendar) inside = span_calendar("inside", "Europe/Paris",
	    AT(6, 2, 10), AT(6, 2, 20), NULL);
	g_autoptr(Holidays) sunday = holidays_new("site");
	g_autoptr(Calendar) midnight = NULL;
	g_autoptr(Calendar) monday = NULL;

	/* skipped: read with +01:00, so 03:30 */
	assert_window(open, "2026-03-29 00:00", "2026-03-29 01:30",
	    "2026-03-29 03:00");
	assert_window(close, "2026-03-29 00:00", "2026-03-29 00:00",
	    "2026-03-29 01:30");
	assert_window(inside, "2026-03-29 00:00", "2026-03-29 01:10",
	    "2026-03-29 01:20");
	/* repeated: opens at the first, closes at the second */
	assert_window(open, "2026-10-25 00:00", "2026-10-25 00:30",
	    "2026-10-25 04:00");
	assert_window(close, "2026-10-25 00:00", "2026-10-24 23:00",
	    "2026-10-25 01:30");
	assert_window(inside, "2026-10-25 00:00", "2026-10-25 00:10",
	    "2026-10-25 01:20");

	/* In the Azores midnight of 25 October comes twice. A holiday takes
	 * all of its date, so the window ends at the first. */
	holidays_add(sunday, date_of(2026, 10, 25), "Fermeture");
	midnight = span_calendar("midnight", "Atlantic/Azores", AT(5, 9, 0),
	    AT(6, 12, 0), sunday);
	assert_window(midnight, "2026-10-24 10:00", "2026-10-24 09:00",
	    "2026-10-25 00:00");
	monday = span_calendar("monday", "Atlantic/Azores", AT(5, 9, 0),
	    AT(6, 0, 0), NULL);
	assert_window(monday, "2026-10-24 10:00", "2026-10-24 09:00",
	    "2026-10-25 01:00");
}

/* Weekly spans that touch, overlap and wrap, and single openings. */
static void
test_joined(void)
{
	static const WeekSpan spans[] = {
		{ AT(0, 9, 0), AT(0, 12, 0) },
		{ AT(0, 12, 0), AT(0, 14, 0) },
		{ AT(0, 13, 0), AT(0, 15, 0) },
		{ AT(6, 20, 0), AT(7, 2, 0) }, /* Sunday to Monday */
		{ AT(2, 9, 0), AT(2, 10, 0) },
	};
	static const Opening openings[] = {
		{ 20418, AT(0, 9, 0), AT(0, 11, 0) },  /* Fri 2025-11-26 */
		{ 20448, AT(0, 22, 0), AT(0, 26, 0) }, /* until 02:00 */
		{ 20450, AT(0, 14, 0), AT(0, 16, 0) },
	};
	g_autoptr(Holidays) holidays = holidays_new("site");
	const Holidays *const sets[] = { holidays };
	CalendarSpec spec = {
		.name = "joined",
		.zone = zone_get("Europe/Paris", NULL),
		.spans = spans,
		.span_count = G_N_ELEMENTS(spans),
		.holidays = sets,
		.holidays_count = 1,
		.openings = openings,
		.opening_count = G_N_ELEMENTS(openings),
	};
	g_autoptr(Calendar) calendar = NULL;
	Window first, last;
	g_autofree char *opening_date = date_format(openings[0].date);

	holidays_add(holidays, openings[2].date, "Inventaire");
	calendar = calendar_new(&spec, NULL);

	assert_window(calendar, "2026-11-23 10:00", "2026-11-23 08:00",
	    "2026-11-23 14:00");
	assert_window(calendar, "2026-11-22 21:00", "2026-11-22 19:00",
	    "2026-11-23 01:00");
	/* in spite of the holiday, beside the week */
	g_assert_true(
	    calendar_date_windows(calendar, openings[2].date, &first, &last));
	g_assert_cmpint(first.close - first.open, ==, 7200);
	g_assert_true(first.open == last.open);
	/* over midnight: the next date has its part */
	g_assert_true(calendar_date_windows(calendar, openings[1].date + 1,
	    &first, &last));
	g_assert_cmpint(first.close - first.open, ==, 7200);
	g_assert_cmpstr(opening_date, ==, "2025-11-26");
}

static void
test_refused(void)
{
	static const WeekSpan spans[] = { { -1, 10 }, { 10, 10 }, { 10, 5 },
		{ 7 * 86400, 7 * 86400 + 1 }, { 5, 7 * 86400 + 6 } };
	CalendarSpec spec = { .name = "x",
		.zone = zone_get("Europe/Paris", NULL) };
	Opening opening = { 20000, 86400, 86500 };
	g_autoptr(GError) error = NULL;

	g_assert_null(calendar_new(&spec, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	spec.span_count = 1;
	for (gsize i = 0; i < G_N_ELEMENTS(spans); i++) {
		spec.spans = &spans[i];
		g_assert_null(calendar_new(&spec, NULL));
	}
	spec.span_count = 0;
	spec.openings = &opening;
	spec.opening_count = 1;
	g_assert_null(calendar_new(&spec, NULL));
}

/* Calendars that seldom or never open. */
static void
test_seldom(void)
{
	static const WeekSpan monday = { AT(0, 9, 0), AT(0, 10, 0) };
	g_autoptr(Holidays) every = holidays_new("site");
	const Holidays *const sets[] = { every };
	Opening once = { date_of(2031, 6, 2), AT(0, 9, 0), AT(0, 10, 0) };
	CalendarSpec spec = {
		.name = "seldom",
		.zone = zone_get("Europe/Paris", NULL),
		.openings = &once,
		.opening_count = 1,
	};
	g_autoptr(Calendar) seldom = calendar_new(&spec, NULL);
	g_autoptr(Calendar) never = NULL;
	g_autoptr(Calendar) week = span_calendar("week", "Europe/Paris", 0,
	    7 * 86400, NULL);
	Window window;
	Date date;

	assert_instant(calendar_intake(seldom, paris("2026-01-01 00:00")),
	    utc("2031-06-02 07:00"));
	/* over ten years away, and past */
	assert_instant(calendar_intake(seldom, paris("2020-01-01 00:00")),
	    INSTANT_NONE);
	assert_instant(calendar_intake(seldom, paris("2031-06-02 10:00")),
	    INSTANT_NONE);
	assert_instant(
	    calendar_add_open(seldom, paris("2026-01-01 00:00"), 3600),
	    utc("2031-06-02 08:00"));
	assert_instant(
	    calendar_add_open(seldom, paris("2026-01-01 00:00"), 3601),
	    INSTANT_NONE);
	g_assert_false(
	    calendar_open_date(seldom, date_of(2026, 1, 1), 2, &date));

	for (Date d = date_of(1970, 1, 1); d < date_of(2200, 1, 1); d++)
		holidays_add(every, d, "Fermé");
	spec = (CalendarSpec){ .name = "never",
		.zone = zone_get("Europe/Paris", NULL),
		.spans = &monday,
		.span_count = 1,
		.holidays = sets,
		.holidays_count = 1 };
	never = calendar_new(&spec, NULL);
	g_assert_false(
	    calendar_window(never, paris("2026-01-01 00:00"), &window));
	g_assert_false(
	    calendar_window_before(never, paris("2026-01-01 00:00"), &window));
	assert_instant(calendar_add_open(never, paris("2026-01-01 00:00"), 1),
	    INSTANT_NONE);

	/* a week without a gap is 24/7 */
	g_assert_true(calendar_is_always(week));
	g_assert_true(calendar_is_open(week, paris("2026-03-29 03:30")));

	/* instants that no mail has */
	g_assert_false(calendar_window(never, INT64_MIN / 4, &window));
	g_assert_false(calendar_window(never, INT64_MAX / 4, &window));
	g_assert_cmpint(
	    calendar_open_seconds(never, INT64_MIN / 4, INT64_MAX / 4), ==, 0);
}

/* ---- sums, whatever was asked before ---- */

static Seconds
slow_open_seconds(const Calendar *calendar, Instant from, Instant to)
{
	Seconds sum = 0;

	for (Instant at = from; at < to; at += 60)
		sum += calendar_is_open(calendar, at) ? 60 : 0;
	return sum;
}

static void
test_sums(void)
{
	g_autoptr(Holidays) fr = shipped_holidays("fr");
	g_autoptr(GRand) random = g_rand_new_with_seed(20261120);
	static const char *const names[] = { "sos24", "semarchy", "1life" };

	for (gsize c = 0; c < G_N_ELEMENTS(names); c++) {
		g_autoptr(Calendar) one = plan_calendar(names[c], fr);

		for (int i = 0; i < 150; i++) {
			g_autoptr(Calendar) fresh = plan_calendar(names[c], fr);
			/* 1990 to 2060, in any order, whole minutes */
			Instant from = 60LL *
			    g_rand_int_range(random, 10519200, 47335680);
			Instant to = from +
			    60 * g_rand_int_range(random, 0, 20000);
			Seconds open = calendar_open_seconds(one, from, to);
			Instant end;
			Window window;

			g_assert_cmpint(open, ==,
			    slow_open_seconds(fresh, from, to));
			end = calendar_add_open(one, from, open);
			g_assert_cmpint(end, <=, to);
			g_assert_cmpint(calendar_open_seconds(fresh, from, end),
			    ==, open);
			g_assert_true(calendar_window(one, from, &window));
			g_assert_cmpint(window.close, >, from);
		}
	}
}

static void
test_dates(void)
{
	g_autoptr(Holidays) fr = shipped_holidays("fr");
	g_autoptr(Calendar) life = plan_calendar("1life", fr);
	g_autoptr(Calendar) sos = plan_calendar("sos24", fr);
	g_autoptr(Calendar) always = plan_calendar("always", fr);
	Window first, last;
	Date date;

	g_assert_true(
	    calendar_date_windows(life, date_of(2026, 11, 20), &first, &last));
	assert_instant(first.open, utc("2026-11-20 08:00"));
	assert_instant(first.close, utc("2026-11-20 11:30"));
	assert_instant(last.close, utc("2026-11-20 16:00"));
	g_assert_false(
	    calendar_date_windows(life, date_of(2026, 11, 21), &first, &last));
	/* cut at both midnights */
	g_assert_true(
	    calendar_date_windows(sos, date_of(2026, 11, 18), &first, &last));
	assert_instant(first.open, utc("2026-11-17 23:00"));
	assert_instant(last.close, utc("2026-11-18 23:00"));
	g_assert_true(calendar_date_windows(always, date_of(2026, 10, 25),
	    &first, &last));
	g_assert_cmpint(last.close - first.open, ==, 25 * 3600);

	g_assert_true(
	    calendar_open_date(life, date_of(2026, 11, 20), 6, &date));
	g_assert_cmpint(date, ==, date_of(2026, 11, 30));
}

/* Up to where holidays are known: the set that ends first. A calendar's own
 * closures end nothing: who shuts on one day knows the holidays all the same. */
static void
test_holidays_end(void)
{
	g_autoptr(Holidays) none = holidays_new("none");
	g_autoptr(Holidays) one = holidays_new("one");
	g_autoptr(Holidays) two = holidays_new("two");
	g_autoptr(Holidays) shut = holidays_new_closures("c");
	const Holidays *sets[] = { none, shut, one, two };
	const WeekSpan day = { 8 * 3600, 18 * 3600 };
	CalendarSpec spec = { .name = "c",
		.zone = zone_get("Europe/Paris", NULL),
		.spans = &day,
		.span_count = 1,
		.holidays = sets,
		.holidays_count = 1 };
	g_autoptr(Calendar) without = calendar_new(&spec, NULL);
	g_autoptr(Calendar) with = NULL;
	Date end = 0;

	holidays_add(one, date_of(2026, 12, 25), "x");
	holidays_add(one, date_of(2026, 1, 1), "x");
	holidays_add(two, date_of(2040, 12, 25), "x");
	g_assert_false(holidays_last(none, &end));
	g_assert_true(holidays_last(one, &end));
	g_assert_cmpint(end, ==, date_of(2026, 12, 25));
	g_assert_nonnull(without);
	g_assert_false(calendar_holidays_end(without, &end));
	holidays_add(shut, date_of(2026, 12, 24), "x");
	spec.holidays_count = 4;
	with = calendar_new(&spec, NULL);
	g_assert_true(calendar_holidays_end(with, &end));
	g_assert_cmpint(end, ==, date_of(2026, 12, 25));
	g_assert_false(holidays_last(shut, &end));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/holidays/ics", test_ics);
	g_test_add_func("/holidays/whole-or-nothing", test_ics_whole);
	g_test_add_func("/holidays/shipped", test_shipped);
	g_test_add_func("/calendar/windows", test_windows);
	g_test_add_func("/calendar/changes", test_changes);
	g_test_add_func("/calendar/joined", test_joined);
	g_test_add_func("/calendar/refused", test_refused);
	g_test_add_func("/calendar/seldom", test_seldom);
	g_test_add_func("/calendar/sums", test_sums);
	g_test_add_func("/calendar/dates", test_dates);
	g_test_add_func("/calendar/holidays-end", test_holidays_end);
	return g_test_run();
}
