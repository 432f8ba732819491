/* Availability, worked by hand. */
#include "availability-fixture.h"

/* ---- worked by hand ---- */

typedef struct {
	const char *title, *zone, *from, *to, *turns, *planned, *expected;
} Row;

/* November has 30 days of 86,400 s, its nights 30 windows of 3,600 s. */
static const Row rows[] = {
	{ "a quiet month", "Europe/Paris", NOV_FROM, NOV_TO, "", "",
	    "2592000 108000 0 0" },
	{ "down for 45 minutes at noon", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T12:00:00+01:00 down 7\n"
	    "1 web1 - 2026-11-10T12:45:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 2700 0\n"
	    "2700 s: 2700 counted, 0 planned, 0 excluded; web1#7" },
	{ "a warning is no outage, what it grows into is", "Europe/Paris",
	    NOV_FROM, NOV_TO,
	    "1 web1 HTTP 2026-11-10T12:00:00+01:00 warning 7\n"
	    "1 web1 HTTP 2026-11-10T12:10:00+01:00 critical 7\n"
	    "1 web1 HTTP 2026-11-10T12:20:00+01:00 warning 7\n"
	    "1 web1 HTTP 2026-11-10T12:30:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 600 0\n"
	    "600 s: 600 counted, 0 planned, 0 excluded; web1/HTTP#7" },
	{ "critical, then down, is one", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T12:00:00+01:00 critical 7\n"
	    "1 web1 - 2026-11-10T12:10:00+01:00 down 7\n"
	    "1 web1 - 2026-11-10T12:20:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 1200 0\n"
	    "1200 s: 1200 counted, 0 planned, 0 excluded; web1#7" },
	{ "two hosts at once count once", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T12:00:00+01:00 down 7\n"
	    "1 web1 - 2026-11-10T13:00:00+01:00 ok 7\n"
	    "2 web2 - 2026-11-10T12:30:00+01:00 down 8\n"
	    "2 web2 - 2026-11-10T13:15:00+01:00 ok 8\n",
	    "",
	    "2592000 108000 4500 0\n"
	    "4500 s: 4500 counted, 0 planned, 0 excluded; web1#7 web2#8" },
	{ "one inside the other, one apart", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T12:00:00+01:00 down 7\n"
	    "1 web1 - 2026-11-10T13:00:00+01:00 ok 7\n"
	    "2 web2 - 2026-11-10T12:10:00+01:00 down 8\n"
	    "2 web2 - 2026-11-10T12:20:00+01:00 ok 8\n"
	    "2 web2 - 2026-11-10T13:30:00+01:00 down 9\n"
	    "2 web2 - 2026-11-10T13:31:00+01:00 ok 9\n",
	    "",
	    "2592000 108000 3660 0\n"
	    "3600 s: 3600 counted, 0 planned, 0 excluded; web1#7 web2#8\n"
	    "60 s: 60 counted, 0 planned, 0 excluded; web2#9" },
	{ "over the night's window", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T00:50:00+01:00 down 7\n"
	    "1 web1 - 2026-11-10T02:05:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 900 0\n"
	    "4500 s: 900 counted, 3600 planned, 0 excluded; web1#7" },
	{ "wholly in the night's window", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T01:00:00+01:00 down 0\n"
	    "1 web1 - 2026-11-10T02:00:00+01:00 ok 0\n",
	    "",
	    "2592000 108000 0 0\n"
	    "3600 s: 0 counted, 3600 planned, 0 excluded; web1#0" },
	{ "maintenance announced 48 h ahead to the second", "Europe/Paris",
	    NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-12T14:10:00+01:00 down 0\n"
	    "1 web1 - 2026-11-12T15:30:00+01:00 ok 8\n",
	    "* - 2026-11-12T14:00:00+01:00 2026-11-12T15:00:00+01:00 "
	    "2026-11-10T14:00:00+01:00\n",
	    "2592000 111600 1800 0\n"
	    "4800 s: 1800 counted, 3000 planned, 0 excluded; web1#0" },
	{ "a second too late", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-12T14:10:00+01:00 down 0\n"
	    "1 web1 - 2026-11-12T14:30:00+01:00 ok 0\n",
	    "* - 2026-11-12T14:00:00+01:00 2026-11-12T15:00:00+01:00 "
	    "2026-11-10T14:00:01+01:00\n",
	    "2592000 108000 1200 0\n"
	    "1200 s: 1200 counted, 0 planned, 0 excluded; web1#0" },
	{ "announced late, a long one is not planned at its end either",
	    "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-14T12:00:00+01:00 down 0\n"
	    "1 web1 - 2026-11-14T12:01:00+01:00 ok 0\n",
	    "* - 2026-11-11T14:00:00+01:00 2026-11-15T14:00:00+01:00 "
	    "2026-11-10T14:00:00+01:00\n",
	    "2592000 108000 60 0\n"
	    "60 s: 60 counted, 0 planned, 0 excluded; web1#0" },
	{ "maintenance of one host does not excuse another", "Europe/Paris",
	    NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-12T14:00:00+01:00 down 0\n"
	    "1 web1 - 2026-11-12T15:00:00+01:00 ok 0\n"
	    "2 web2 - 2026-11-12T14:30:00+01:00 down 8\n"
	    "2 web2 - 2026-11-12T14:40:00+01:00 ok 8\n",
	    "web1 - 2026-11-12T14:00:00+01:00 2026-11-12T15:00:00+01:00 "
	    "2026-11-01T14:00:00+01:00\n",
	    /* one hour planned, less the ten minutes that count */
	    "2592000 111000 600 0\n"
	    "3600 s: 600 counted, 3000 planned, 0 excluded; web1#0 web2#8" },
	{ "maintenance of one service is none of its host", "Europe/Paris",
	    NOV_FROM, NOV_TO,
	    "1 web1 HTTP 2026-11-12T14:00:00+01:00 critical 0\n"
	    "1 web1 HTTP 2026-11-12T15:00:00+01:00 ok 0\n"
	    "2 web1 - 2026-11-12T14:30:00+01:00 down 8\n"
	    "2 web1 - 2026-11-12T14:31:00+01:00 ok 8\n",
	    "web1 HTTP 2026-11-12T14:00:00+01:00 2026-11-12T15:00:00+01:00 "
	    "2026-11-01T14:00:00+01:00\n",
	    "2592000 111540 60 0\n"
	    "3600 s: 60 counted, 3540 planned, 0 excluded; web1/HTTP#0 "
	    "web1#8" },
	{ "two maintenances and a night that overlap count once",
	    "Europe/Paris", NOV_FROM, NOV_TO, "",
	    "* - 2026-11-12T00:00:00+01:00 2026-11-12T03:00:00+01:00 "
	    "2026-11-01T00:00:00+01:00\n"
	    "web1 - 2026-11-12T02:30:00+01:00 2026-11-12T04:00:00+01:00 "
	    "2026-11-01T00:00:00+01:00\n",
	    /* four hours, of which one is the night's */
	    "2592000 118800 0 0" },
	{ "an excluded ticket is shown and counts as neither", "Europe/Paris",
	    NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-10T00:30:00+01:00 down 7 x\n"
	    "1 web1 - 2026-11-10T12:00:00+01:00 ok 7 x\n",
	    "",
	    /* 11.5 h, of which one is the night's */
	    "2592000 108000 0 37800\n"
	    "41400 s: 0 counted, 3600 planned, 37800 excluded; web1#7" },
	{ "what counts beside an excluded one counts", "Europe/Paris", NOV_FROM,
	    NOV_TO,
	    "1 web1 - 2026-11-10T12:00:00+01:00 down 7 x\n"
	    "1 web1 - 2026-11-10T14:00:00+01:00 ok 7 x\n"
	    "2 web2 - 2026-11-10T13:00:00+01:00 down 8\n"
	    "2 web2 - 2026-11-10T15:00:00+01:00 ok 8\n",
	    "",
	    "2592000 108000 7200 3600\n"
	    "10800 s: 7200 counted, 0 planned, 3600 excluded; web1#7 web2#8" },
	{ "begun before the month, over in it", "Europe/Paris", NOV_FROM,
	    NOV_TO,
	    "1 web1 - 2026-10-31T23:00:00+01:00 down 7\n"
	    "1 web1 - 2026-11-01T00:10:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 600 0\n"
	    "...600 s: 600 counted, 0 planned, 0 excluded; web1#7" },
	{ "still down at its end", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-11-30T23:00:00+01:00 down 7\n"
	    "1 web1 - 2026-12-02T23:00:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 3600 0\n"
	    "3600 s...: 3600 counted, 0 planned, 0 excluded; web1#7" },
	{ "down all the time, and nobody said that it ended", "Europe/Paris",
	    NOV_FROM, NOV_TO, "1 web1 - 2026-09-30T23:00:00+02:00 down 7\n", "",
	    "2592000 108000 2484000 0\n"
	    "...2592000 s...: 2484000 counted, 108000 planned, 0 excluded; "
	    "web1#7" },
	{ "over before, begun after: nothing", "Europe/Paris", NOV_FROM, NOV_TO,
	    "1 web1 - 2026-10-30T23:00:00+01:00 down 7\n"
	    "1 web1 - 2026-11-01T00:00:00+01:00 ok 7\n"
	    "1 web1 - 2026-12-01T00:00:00+01:00 down 9\n",
	    "", "2592000 108000 0 0" },
	{ "the night in the client's zone", "Europe/London",
	    "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z",
	    "1 web1 - 2026-11-10T01:00:00+01:00 down 7\n"
	    "1 web1 - 2026-11-10T02:00:00+01:00 ok 7\n",
	    "",
	    "2592000 108000 3600 0\n"
	    "3600 s: 3600 counted, 0 planned, 0 excluded; web1#7" },
	/* Paris, 25 October: 03:00 is 02:00 again. The window ends at the
	 * second 02:00 and lasts two hours; the day has 25. */
	{ "the night that has an hour more", "Europe/Paris",
	    "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
	    "1 web1 - 2026-10-25T00:59:00+02:00 down 7\n"
	    "1 web1 - 2026-10-25T02:01:00+01:00 ok 7\n",
	    "",
	    "90000 7200 120 0\n"
	    "7320 s: 120 counted, 7200 planned, 0 excluded; web1#7" },
	/* Paris, 29 March: 02:00 is skipped, and read with the offset before:
	 * one hour of a day of 23. */
	{ "the night that has an hour less", "Europe/Paris",
	    "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00",
	    "1 web1 - 2026-03-29T00:59:00+01:00 down 7\n"
	    "1 web1 - 2026-03-29T03:01:00+02:00 ok 7\n",
	    "",
	    "82800 3600 120 0\n"
	    "3720 s: 120 counted, 3600 planned, 0 excluded; web1#7" },
	/* London, 29 March: the change skips all of 01:00 to 02:00. */
	{ "the night that has no window", "Europe/London",
	    "2026-03-29T00:00:00Z", "2026-03-30T00:00:00+01:00",
	    "1 web1 - 2026-03-29T00:59:00Z down 7\n"
	    "1 web1 - 2026-03-29T02:01:00+01:00 ok 7\n",
	    "",
	    "82800 0 120 0\n"
	    "120 s: 120 counted, 0 planned, 0 excluded; web1#7" },
	/* London, 25 October: 02:00 is 01:00 again, before the window's end. */
	{ "the window that is repeated", "Europe/London",
	    "2026-10-25T00:00:00+01:00", "2026-10-26T00:00:00Z",
	    "1 web1 - 2026-10-25T01:00:00Z down 7\n"
	    "1 web1 - 2026-10-25T02:01:00Z ok 7\n",
	    "",
	    "90000 7200 60 0\n"
	    "3660 s: 60 counted, 3600 planned, 0 excluded; web1#7" },
	{ "February of a leap year", "Europe/Paris",
	    "2028-02-01T00:00:00+01:00", "2028-03-01T00:00:00+01:00",
	    "1 web1 - 2028-02-29T23:59:30+01:00 down 7\n"
	    "1 web1 - 2028-03-01T00:00:30+01:00 ok 7\n",
	    "",
	    "2505600 104400 30 0\n"
	    "30 s...: 30 counted, 0 planned, 0 excluded; web1#7" },
};

static void
test_by_hand(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		g_autoptr(World) w = world_new(row->turns, row->planned);
		g_autoptr(Availability) found = NULL;
		g_autofree char *words = NULL;

		add_period(w, 0, instant_of(row->from), instant_of(row->to),
		    row->zone);
		found = availability_count(&w->facts);
		words = tell(found);
		g_test_message("%s", row->title);
		g_assert_cmpstr(words, ==, row->expected);
	}
}

/* ---- what counts ---- */

static const char several[] =
    "1 web1.client HTTP 2026-11-10T12:00:00+01:00 critical 1\n"
    "1 web1.client HTTP 2026-11-10T12:01:00+01:00 ok 1\n"
    "2 web1.client backup 2026-11-11T12:00:00+01:00 critical 2\n"
    "2 web1.client backup 2026-11-11T12:02:00+01:00 ok 2\n"
    "3 web1.client - 2026-11-12T12:00:00+01:00 down 3\n"
    "3 web1.client - 2026-11-12T12:04:00+01:00 ok 3\n"
    "4 test.client HTTP 2026-11-13T12:00:00+01:00 critical 4\n"
    "4 test.client HTTP 2026-11-13T12:08:00+01:00 ok 4\n"
    "5 web1.client HTTP 2026-11-14T12:00:00+01:00 warning 5\n"
    "5 web1.client HTTP 2026-11-14T12:16:00+01:00 ok 5\n";

static void
test_what_counts(void)
{
	static char *web[] = { (char *)"WEB*", NULL };
	static char *http[] = { (char *)"smtp", (char *)"http*", NULL };
	static const struct {
		guint levels;
		char **hosts, **services;
		Seconds unplanned;
	} cases[] = {
		{ LEVELS_DOWN, NULL, NULL, 60 + 120 + 240 + 480 },
		{ LEVELS_DOWN, web, NULL, 60 + 120 + 240 },
		/* The host's own alert names no service, and counts. */
		{ LEVELS_DOWN, NULL, http, 60 + 240 + 480 },
		{ LEVELS_DOWN, web, http, 60 + 240 },
		{ 1u << ALERT_LEVEL_DOWN, NULL, NULL, 240 },
		{ 1u << ALERT_LEVEL_WARNING, NULL, http, 960 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(World) w = world_new(several, "");
		g_autoptr(Availability) found = NULL;

		w->terms[0].levels = cases[i].levels;
		w->terms[0].hosts = cases[i].hosts;
		w->terms[0].services = cases[i].services;
		add_period(w, 0, instant_of(NOV_FROM), instant_of(NOV_TO),
		    "Europe/Paris");
		found = availability_count(&w->facts);
		g_assert_cmpint(found->unplanned, ==, cases[i].unplanned);
	}
}

/* Where the text plans nothing, nothing is planned. */
static void
test_nothing_planned(void)
{
	g_autoptr(World) w =
	    world_new("1 web1 - 2026-11-12T01:10:00+01:00 down 0\n"
		      "1 web1 - 2026-11-12T01:20:00+01:00 ok 0\n",
		"* - 2026-11-12T01:00:00+01:00 2026-11-12T02:00:00+01:00 "
		"2026-10-01T00:00:00+02:00\n");
	g_autoptr(Availability) found = NULL;

	w->terms[0].ahead = 0;
	w->terms[0].has_night = false;
	add_period(w, 0, instant_of(NOV_FROM), instant_of(NOV_TO),
	    "Europe/Paris");
	found = availability_count(&w->facts);
	g_assert_cmpint(found->planned, ==, 0);
	g_assert_cmpint(found->unplanned, ==, 600);
}

/* A window over midnight belongs to the day it begins on, and reaches into a
 * month that begins in it. */
static void
test_over_midnight(void)
{
	g_autoptr(World) w = world_new("", "");
	g_autoptr(Availability) found = NULL;

	w->terms[0].night_from = 23 * 3600;
	w->terms[0].night_to = 25 * 3600;
	add_period(w, 0, instant_of(NOV_FROM),
	    instant_of("2026-11-03T00:00:00+01:00"), "Europe/Paris");
	found = availability_count(&w->facts);
	/* 00:00-01:00, 23:00-01:00, 23:00-00:00 */
	g_assert_cmpint(found->planned, ==, 4 * 3600);
}

/* On the 11th the contract moves the night by an hour, and asks for less; for
 * one day between the two nothing is in force. */
static void
test_change_of_terms(void)
{
	g_autoptr(World) w =
	    world_new("1 web1 - 2026-11-09T23:50:00+01:00 critical 7\n"
		      "1 web1 - 2026-11-11T03:10:00+01:00 down 7\n"
		      "1 web1 - 2026-11-11T03:20:00+01:00 ok 7\n",
		"");
	g_autoptr(Availability) found = NULL;
	g_autofree char *words = NULL;

	w->terms[1].night_from = 2 * 3600;
	w->terms[1].night_to = 3 * 3600;
	w->terms[1].levels = 1u << ALERT_LEVEL_DOWN;
	add_period(w, 0, instant_of("2026-11-09T00:00:00+01:00"),
	    instant_of("2026-11-10T00:00:00+01:00"), "Europe/Paris");
	add_period(w, 1, instant_of("2026-11-11T00:00:00+01:00"),
	    instant_of("2026-11-12T00:00:00+01:00"), "Europe/Paris");
	found = availability_count(&w->facts);
	words = tell(found);
	g_assert_cmpstr(words, ==,
	    "172800 7200 1200 0\n"
	    "600 s...: 600 counted, 0 planned, 0 excluded; web1#7\n"
	    "600 s: 600 counted, 0 planned, 0 excluded; web1#7");
}

/* ---- the ratio ---- */

static void
test_ratio(void)
{
	static const struct {
		Seconds total, planned, unplanned;
		gint64 millionths;
		bool met; /* 99.9 % */
		gint64 hours;
	} cases[] = {
		{ 2592000, 108000, 0, 1000000, true, 0 },
		{ 2592000, 108000, 1, 999999, true, 1 },
		/* 0.1 % of 2,484,000 s is 2,484 s: just enough. */
		{ 2592000, 108000, 2484, 999000, true, 1 },
		{ 2592000, 108000, 2485, 998999, false, 1 },
		{ 2592000, 0, 2592, 999000, true, 1 },
		{ 2592000, 0, 2593, 998999, false, 1 },
		{ 2592000, 0, 3600, 998611, false, 1 },
		{ 2592000, 0, 3601, 998610, false, 2 },
		{ 2592000, 0, 7200, 997222, false, 2 },
		{ 2592000, 108000, 2484000, 0, false, 690 },
		{ 86400, 86400, 0, -1, true, 0 },
		{ 0, 0, 0, -1, true, 0 },
		/* Ten years: nothing overflows. */
		{ 315576000, 0, 315576, 999000, true, 88 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Availability a = { .total = cases[i].total,
			.planned = cases[i].planned,
			.unplanned = cases[i].unplanned };

		g_assert_cmpint(availability_millionths(&a), ==,
		    cases[i].millionths);
		g_assert_cmpint(availability_meets(&a, 999000), ==,
		    cases[i].met);
		g_assert_cmpint(availability_started_hours(&a), ==,
		    cases[i].hours);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/availability/by-hand", test_by_hand);
	g_test_add_func("/availability/what-counts", test_what_counts);
	g_test_add_func("/availability/nothing-planned", test_nothing_planned);
	g_test_add_func("/availability/over-midnight", test_over_midnight);
	g_test_add_func("/availability/change-of-terms", test_change_of_terms);
	g_test_add_func("/availability/ratio", test_ratio);
	return g_test_run();
}
