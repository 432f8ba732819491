#include "guichet/base/error.h"
#include "guichet/time/duration.h"

#include "calendars.h"

/* ---- text ---- */

static void
test_parse(void)
{
	static const struct {
		const char *text;
		DurationUnit unit;
		int64_t count;
		const char *shortest;
	} good[] = {
		{ "30m", DURATION_TIME, 1800, "30m" },
		{ "24h", DURATION_TIME, 86400, "24h" },
		{ "1h30m", DURATION_TIME, 5400, "90m" },
		{ "90s", DURATION_TIME, 90, "90s" },
		{ "2h0m5s", DURATION_TIME, 7205, "2h5s" },
		{ "1h1m1s", DURATION_TIME, 3661, "61m1s" },
		{ "120m", DURATION_TIME, 7200, "2h" },
		{ "2d", DURATION_DAYS, 2, "2d" },
		{ "5bd", DURATION_BUSINESS_DAYS, 5, "5bd" },
		{ "12mo", DURATION_MONTHS, 12, "12mo" },
		{ "007d", DURATION_DAYS, 7, "7d" },
		{ "120mo", DURATION_MONTHS, 120, "120mo" },
		{ "3653d", DURATION_DAYS, 3653, "3653d" },
		{ "87672h", DURATION_TIME, 315619200, "87672h" },
	};
	static const char *const bad[] = { "", "0h", "0d", "-1h", "+1h", "1",
		"h", "1 h", " 1h", "1h ", "30m1h", "1h1h", "1d12h", "1.5h",
		"1w", "1M", "1H", "1y", "bd", "1bd2bd", "1bdd", "121mo",
		"3654d", "3654bd", "87673h", "99999999999999999999h",
		"9999999999s", "1h\n", "\xff" };

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autofree char *text = NULL;
		g_autoptr(GError) error = NULL;
		Duration d;

		g_test_message("%s", good[i].text);
		duration_parse(good[i].text, &d, &error);
		g_assert_no_error(error);
		g_assert_cmpint(d.unit, ==, good[i].unit);
		g_assert_cmpint(d.count, ==, good[i].count);
		text = duration_format(d);
		g_assert_cmpstr(text, ==, good[i].shortest);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		Duration d = { DURATION_MONTHS, 77 };

		g_test_message("'%s'", bad[i]);
		g_assert_false(duration_parse(bad[i], &d, &error));
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_cmpint(d.count, ==, 77);
	}
}

/* ---- the worked examples ---- */

static const struct {
	const char *calendar, *within, *received, *intake, *due;
} examples[] = {
	{ "sos24", "24h", "2026-11-20 17:00", NULL, "2026-11-21 17:00" },
	{ "sos24", "24h", "2026-11-20 17:59:59", NULL, "2026-11-21 17:59:59" },
	{ "sos24", "24h", "2026-11-20 18:00:00", "2026-11-23 09:00",
	    "2026-11-24 09:00" },
	{ "sos24", "24h", "2026-11-23 08:59:59", "2026-11-23 09:00",
	    "2026-11-24 09:00" },
	{ "sos24", "24h", "2026-11-25 03:12", NULL, "2026-11-26 03:12" },
	{ "sos24", "24h", "2026-03-28 10:00", "2026-03-30 09:00",
	    "2026-03-31 09:00" },
	{ "semarchy", "4h", "2026-11-20 16:30", NULL, "2026-11-23 10:30" },
	{ "semarchy", "4h", "2026-12-24 17:00", NULL, "2026-12-28 11:00" },
	{ "semarchy", "8h", "2026-12-31 12:45", NULL, "2027-01-04 10:45" },
	{ "semarchy", "5bd", "2026-12-24 17:00", NULL, "2027-01-04 17:00" },
	{ "semarchy", "15bd", "2026-11-20 16:30", NULL, "2026-12-11 16:30" },
	{ "semarchy", "5bd", "2026-11-22 03:29", "2026-11-23 08:00",
	    "2026-11-30 08:00" },
	{ "semarchy", "5bd", "2026-11-20 20:00", "2026-11-23 08:00",
	    "2026-11-30 08:00" },
	{ "1life", "4h", "2026-11-20 16:30", NULL, "2026-11-23 12:30" },
	{ "1life", "4h", "2026-12-31 12:45", "2026-12-31 13:30",
	    "2027-01-01 09:30" },
	{ "nuxit", "4h", "2026-11-20 16:30", NULL, "2026-11-23 11:30" },
};

/* SOS24's calendar is its intake; its 24 hours are elapsed, around the clock.
 * Every other example runs on its own calendar. */
static void
test_examples(void)
{
	g_autoptr(Holidays) france = shipped_holidays("fr");
	g_autoptr(Calendar) always = plan_calendar("always", france);

	for (gsize i = 0; i < G_N_ELEMENTS(examples); i++) {
		const char *name = examples[i].calendar;
		g_autoptr(Calendar) calendar = plan_calendar(name, france);
		Instant received = paris(examples[i].received);
		Instant intake = calendar_intake(calendar, received);
		Duration within;

		g_test_message("%s, %s: %s", name, examples[i].within,
		    examples[i].received);
		g_assert_true(
		    duration_parse(examples[i].within, &within, NULL));
		assert_instant(intake,
		    examples[i].intake != NULL ? paris(examples[i].intake)
					       : received);
		assert_instant(
		    duration_end(within,
			strcmp(name, "sos24") == 0 ? always : calendar, intake),
		    paris(examples[i].due));
	}
}

/* ---- the odd ones ---- */

static const struct {
	const char *calendar, *within, *from, *due; /* due in UTC */
} odd[] = {
	/* 24 hours are 24 x 3600 s, over either change of clocks */
	{ "always", "24h", "2026-03-28 10:00", "2026-03-29 09:00" },
	{ "always", "24h", "2026-10-24 10:00", "2026-10-25 08:00" },
	/* d: the same wall time */
	{ "always", "2d", "2026-03-28 10:00", "2026-03-30 08:00" },
	{ "always", "1d", "2026-10-24 10:00", "2026-10-25 09:00" },
	/* landing in the skipped hour: read as +01:00 */
	{ "always", "1d", "2026-03-28 02:30", "2026-03-29 01:30" },
	{ "semarchy", "1d", "2026-03-28 02:30", "2026-03-29 01:30" },
	/* landing in the repeated hour: the first */
	{ "always", "1d", "2026-10-24 02:30", "2026-10-25 00:30" },
	{ "always", "1mo", "2026-09-25 02:30", "2026-10-25 00:30" },
	/* mo: clamped to the month's end */
	{ "always", "1mo", "2026-01-31 12:00", "2026-02-28 11:00" },
	{ "always", "1mo", "2028-01-31 12:00", "2028-02-29 11:00" },
	{ "always", "12mo", "2028-02-29 12:00", "2029-02-28 11:00" },
	{ "always", "13mo", "2026-12-31 12:00", "2028-01-31 11:00" },
	{ "semarchy", "12mo", "2026-11-20 16:30", "2027-11-20 15:30" },
	/* open time: a due instant is the end of a window, not the next start */
	{ "semarchy", "10h", "2026-11-20 08:00", "2026-11-20 17:00" },
	{ "semarchy", "10h", "2026-11-20 18:00", "2026-11-23 17:00" },
	{ "semarchy", "1s", "2026-11-20 18:00", "2026-11-23 07:00:01" },
	{ "1life", "3h30m", "2026-11-20 09:00", "2026-11-20 11:30" },
	/* bd: from outside, they count from the next opening */
	{ "semarchy", "1bd", "2026-11-20 20:00", "2026-11-24 07:00" },
	{ "semarchy", "5bd", "2026-11-22 03:29", "2026-11-30 07:00" },
	{ "semarchy", "1bd", "2026-11-20 03:00", "2026-11-23 07:00" },
	/* in the lunch break: from its end */
	{ "1life", "1bd", "2026-11-20 13:00", "2026-11-23 12:30" },
	/* at the closing itself: shut, so the next opening */
	{ "semarchy", "2bd", "2026-11-19 18:00", "2026-11-24 07:00" },
	/* from a date that is shut itself */
	{ "semarchy", "1bd", "2026-12-25 10:00", "2026-12-29 07:00" },
	/* a window of days: each date of it has open time */
	{ "sos24", "1bd", "2026-11-20 17:00", "2026-11-23 16:00" },
	{ "sos24", "1bd", "2026-11-24 03:00", "2026-11-25 02:00" },
	{ "sos24", "3bd", "2026-11-20 03:00", "2026-11-25 02:00" },
	{ "sos24", "1bd", "2026-11-20 03:00", "2026-11-23 08:00" },
	{ "always", "5bd", "2026-11-20 17:00", "2026-11-25 16:00" },
};

static void
test_odd(void)
{
	g_autoptr(Holidays) france = shipped_holidays("fr");

	for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_autoptr(Calendar) calendar = plan_calendar(odd[i].calendar,
		    france);
		Duration within;

		g_test_message("%s, %s: %s", odd[i].calendar, odd[i].within,
		    odd[i].from);
		g_assert_true(duration_parse(odd[i].within, &within, NULL));
		assert_instant(
		    duration_end(within, calendar, paris(odd[i].from)),
		    utc(odd[i].due));
	}
}

/*
 * A later start never ends earlier. Exceptions follow from the meaning
 * of the units: the same wall time may land in an hour that a change of
 * clocks skips (02:30 then ends after 03:00 does) or start in the second
 * showing of one (02:10 again, after 02:50); and months are clamped (the
 * 30th at 23:00 and the 31st at 01:00 both end on the 30th).
 */
static bool
clamped(const Zone *zone, Instant from, Instant due)
{
	int year, month, day, due_day;

	date_split(wall_date(zone_wall(zone, from)), &year, &month, &day);
	date_split(wall_date(zone_wall(zone, due)), &year, &month, &due_day);
	return day != due_day;
}

static void
test_order(void)
{
	static const char *const texts[] = { "1s", "45m", "24h", "200h", "1d",
		"10d", "1bd", "5bd", "1mo", "12mo" };
	static const char *const names[] = { "sos24", "semarchy", "1life",
		"always" };
	g_autoptr(Holidays) france = shipped_holidays("fr");
	guint compared = 0;

	for (gsize c = 0; c < G_N_ELEMENTS(names); c++) {
		g_autoptr(Calendar) calendar = plan_calendar(names[c], france);
		const Zone *zone = calendar_zone(calendar);

		for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
			Duration within;
			Instant last = INSTANT_NONE;

			g_assert_true(duration_parse(texts[t], &within, NULL));
			for (Instant at = paris("2026-03-01 00:00");
			     at < paris("2027-01-10 00:00"); at += 1801) {
				Instant intake = calendar_intake(calendar, at);
				Instant due = duration_end(within, calendar,
				    intake);
				Wall wall = zone_wall(zone, due);

				g_assert_cmpint(due, >, at);
				if (within.unit == DURATION_BUSINESS_DAYS)
					g_assert_cmpint(
					    duration_end(within, calendar, at),
					    ==, due);
				/* just after the spring change */
				if (within.unit != DURATION_TIME &&
				    zone_instant(zone, zone_wall(zone, intake),
					ZONE_FIRST) != intake)
					continue;
				if (within.unit == DURATION_MONTHS &&
				    clamped(zone, intake, due))
					continue;
				if (within.unit != DURATION_TIME &&
				    zone_wall(zone, due - 7200) + 7200 != wall)
					continue;
				g_assert_cmpint(due, >=, last);
				last = due;
				compared++;
			}
		}
	}
	g_assert_cmpuint(compared, >, 500000);
}

/* How many a second; printed, never judged. */
static void
test_speed(void)
{
	static const char *const texts[] = { "5bd", "24h", "2d" };
	g_autoptr(Holidays) france = shipped_holidays("fr");
	g_autoptr(Calendar) calendar = plan_calendar("semarchy", france);

	if (!g_test_perf()) {
		g_test_skip("only with -m perf");
		return;
	}
	for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
		Duration within;
		Instant from = paris("2026-01-01 00:00"), sum = 0;
		gint64 began = g_get_monotonic_time();
		double seconds;

		g_assert_true(duration_parse(texts[t], &within, NULL));
		for (int i = 0; i < 2000000; i++) {
			Instant at = calendar_intake(calendar,
			    from + (Instant)i * 7919 % 100000000);

			sum += duration_end(within, calendar, at);
		}
		seconds = (double)(g_get_monotonic_time() - began) / 1e6;
		g_test_message("%s: %.0f a second (%" G_GINT64_FORMAT ")",
		    texts[t], 2e6 / seconds, sum % 10);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/duration/parse", test_parse);
	g_test_add_func("/duration/examples", test_examples);
	g_test_add_func("/duration/odd", test_odd);
	g_test_add_func("/duration/order", test_order);
	g_test_add_func("/duration/speed", test_speed);
	return g_test_run();
}
