/*
 * What must hold of every clock, tried on random ones: the shipped calendars,
 * several zones, every unit, both changes of clocks.
 */
#include "calendars.h"

#include "../../src/ticket/sla_private.h"

#define CASES 4000
#define DAY   86400

static const char *const zones[] = { "Europe/Paris", "Europe/London",
	"America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
	"America/St_Johns", "UTC" };

typedef struct {
	Holidays *france;
	GPtrArray *calendars; /* Calendar * */
} Fixture;

static void
setup(Fixture *f, gconstpointer data)
{
	(void)data;
	f->france = shipped_holidays("fr");
	f->calendars = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)calendar_free);
	for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
		g_ptr_array_add(f->calendars, always_calendar(zones[i]));
		g_ptr_array_add(f->calendars,
		    weekday_calendar("lunch", zones[i], 9 * 60, 12 * 60 + 30,
			13 * 60 + 30, 17 * 60, f->france));
		g_ptr_array_add(f->calendars,
		    span_calendar("days", zones[i], AT(0, 9, 0), AT(4, 18, 0),
			f->france));
		/* open in the hours at which clocks change */
		g_ptr_array_add(f->calendars,
		    span_calendar("night", zones[i], AT(6, 1, 30), AT(6, 2, 45),
			NULL));
	}
}

static void
teardown(Fixture *f, gconstpointer data)
{
	(void)data;
	g_ptr_array_unref(f->calendars);
	holidays_free(f->france);
}

static Duration
any_duration(void)
{
	switch (g_test_rand_int_range(0, 4)) {
	case 0:
		return (
		    Duration){ DURATION_DAYS, g_test_rand_int_range(1, 20) };
	case 1:
		return (Duration){ DURATION_BUSINESS_DAYS,
			g_test_rand_int_range(1, 10) };
	case 2:
		return (
		    Duration){ DURATION_MONTHS, g_test_rand_int_range(1, 13) };
	default:
		return (Duration){ DURATION_TIME,
			g_test_rand_int_range(1, 3 * DAY) };
	}
}

/*
 * Received from 2015 to 2040, taken in on its own calendar or, as it comes, at
 * any hour.
 */
static SlaInput
any_input(const Fixture *f)
{
	SlaInput in = {
		.milestone = MILESTONE_RESOLUTION,
		.has_term = true,
		.within = any_duration(),
		.received = 1420070400 +
		    (Instant)g_test_rand_int_range(0, 9496) * DAY +
		    g_test_rand_int_range(0, DAY),
		.met = INSTANT_NONE,
		.ended = INSTANT_NONE,
		.now = (Instant)1 << 40,
	};
	gint32 place;

	place = g_test_rand_int_range(0, (gint32)f->calendars->len);
	in.clock = f->calendars->pdata[place];
	/* The first of a zone's four is always open. */
	in.intake_clock = g_test_rand_bit() ? in.clock
					    : f->calendars->pdata[place & ~3];
	return in;
}

static Instant
due_of(const SlaInput *in)
{
	g_autoptr(SlaClock) clock = sla_clock_make(in);

	return clock->due;
}

/* Whether the wall time of `at` is one that a change of clocks has put there:
 * d, bd and mo that land in a skipped hour are read an hour late. */
static bool
near_change(const Calendar *calendar, Instant at)
{
	const Zone *zone = calendar_zone(calendar);

	return zone_offset(zone, at - 2 * 3600) != zone_offset(zone, at + 7200);
}

/* From the 28th to the 31st, months that are too short end on one date: the
 * later receipt may have the earlier time of that day. */
static bool
same_date(const Calendar *calendar, Instant a, Instant b)
{
	const Zone *zone = calendar_zone(calendar);

	return wall_date(zone_wall(zone, a)) == wall_date(zone_wall(zone, b));
}

static void
test_later_is_later(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < CASES; i++) {
		SlaInput in = any_input(f);
		Instant first = due_of(&in), second;

		in.received += g_test_rand_int_range(1,
		    g_test_rand_bit() ? 4000 : 4 * DAY);
		second = due_of(&in);
		/* In an hour that is repeated, who comes later may have the
		 * earlier time of day. */
		if (in.within.unit != DURATION_TIME &&
		    (near_change(in.clock, second) ||
			near_change(in.clock, in.received)))
			continue;
		if (in.within.unit == DURATION_MONTHS &&
		    same_date(in.clock, first, second))
			continue;
		g_assert_cmpint(second, >=, first);
	}
}

static void
test_pause_of_nothing(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < CASES; i++) {
		SlaInput in = any_input(f);
		Instant due = due_of(&in);
		Instant at = in.received + g_test_rand_int_range(-DAY, 9 * DAY);
		Pause nothing = { at, at, TICKET_WAITING_CUSTOMER };

		in.pauses = &nothing;
		in.pause_count = 1;
		g_assert_cmpint(due_of(&in), ==, due);
	}
}

/* A pause never makes due earlier, and one after due changes nothing. */
static void
test_pauses(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < CASES; i++) {
		SlaInput in = any_input(f);
		Instant due = due_of(&in);
		Instant at = in.received + g_test_rand_int_range(-DAY, 9 * DAY);
		Pause pause = { at, at + g_test_rand_int_range(1, 3 * DAY),
			TICKET_WAITING_CUSTOMER };

		in.pauses = &pause;
		in.pause_count = 1;
		g_assert_cmpint(due_of(&in), >=, due);
		if (at >= due)
			g_assert_cmpint(due_of(&in), ==, due);
	}
}

/* The same events give the same clocks, whenever they are looked at; and two
 * pauses that touch are one. */
static void
test_looked_at(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < CASES; i++) {
		SlaInput in = any_input(f);
		Instant at = in.received + g_test_rand_int_range(0, 3 * DAY);
		Seconds half = g_test_rand_int_range(1, DAY);
		Pause two[] = { { at + half, at + 2 * half,
				    TICKET_WAITING_CUSTOMER },
			{ at, at + half, TICKET_WAITING_APPROVAL } };
		Pause one = { at, at + 2 * half, TICKET_WAITING_CUSTOMER };
		Instant due;

		in.pauses = &one;
		in.pause_count = 1;
		due = due_of(&in);
		in.pauses = two;
		in.pause_count = 2;
		g_assert_cmpint(due_of(&in), ==, due);
		in.now = at + 2 * half + g_test_rand_int_range(0, 9 * DAY);
		g_assert_cmpint(due_of(&in), ==, due);
	}
}

/* Shares rise with their percentage and end at the due instant. */
static void
test_shares(Fixture *f, gconstpointer data)
{
	(void)data;
	for (int i = 0; i < CASES; i++) {
		SlaInput in = any_input(f);
		g_autoptr(SlaClock) clock = sla_clock_make(&in);
		Instant last = clock->intake;

		for (int share = 10; share <= 100; share += 30) {
			Instant at = sla_share_at(clock, share);

			g_assert_cmpint(at, >=, last);
			last = at;
		}
		g_assert_cmpint(last, ==, clock->due);
	}
}

/*
 * Waiting stops all clocks but the response; time while it was resolved stops
 * the response as it does the others; time while it was only closed does not.
 */
static void
test_what_stops_a_response(Fixture *f, gconstpointer data)
{
	static const TicketState states[] = { TICKET_WAITING_CUSTOMER,
		TICKET_WAITING_APPROVAL, TICKET_RESOLVED, TICKET_CLOSED };

	(void)data;
	for (int i = 0; i < CASES; i++) {
		SlaInput in = any_input(f);
		Instant due = due_of(&in), moved;
		Instant at = in.received + g_test_rand_int_range(0, 9 * DAY);
		Pause pause = { at, at + g_test_rand_int_range(1, 30 * DAY),
			states[i % 4] };

		in.pauses = &pause;
		in.pause_count = 1;
		moved = due_of(&in);
		in.milestone = MILESTONE_RESPONSE;
		g_assert_cmpint(due_of(&in), ==,
		    pause.why == TICKET_RESOLVED ? moved : due);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(Fixture *f, gconstpointer data);
	} tests[] = {
		{ "/laws/later-receipt-is-due-later", test_later_is_later },
		{ "/laws/pause-of-nothing", test_pause_of_nothing },
		{ "/laws/pauses-never-hasten", test_pauses },
		{ "/laws/looked-at-any-time", test_looked_at },
		{ "/laws/what-stops-a-response", test_what_stops_a_response },
		{ "/laws/shares-rise", test_shares },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, setup, tests[i].run,
		    teardown);
	return g_test_run();
}
