#include "sla-fixture.h"

/* ---- pauses ---- */

static const struct {
	const char *clock, *within, *received, *pauses, *due, *now;
} cases[] = {
	{ "always", "24h", "2026-11-20 17:00", "", "2026-11-21 17:00", NULL },
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-20 18:00/2026-11-20 20:00", "2026-11-21 19:00", NULL },
	/* of nothing */
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-20 18:00/2026-11-20 18:00", "2026-11-21 17:00", NULL },
	/* overlapping, touching, in any order */
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-20 19:00/2026-11-20 21:00;"
	    "2026-11-20 18:00/2026-11-20 20:00;"
	    "2026-11-20 21:00/2026-11-20 22:00",
	    "2026-11-21 21:00", NULL },
	/* from before intake: counted from intake */
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-20 10:00/2026-11-20 18:00", "2026-11-21 18:00", NULL },
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-20 10:00/2026-11-20 17:00", "2026-11-21 17:00", NULL },
	/* from the due instant on: too late */
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-21 17:00/2026-11-21 19:00", "2026-11-21 17:00", NULL },
	/* begins before due only because of the first pause */
	{ "always", "24h", "2026-11-20 17:00",
	    "2026-11-20 18:00/2026-11-20 20:00;"
	    "2026-11-21 18:00/2026-11-21 21:00",
	    "2026-11-21 22:00", NULL },
	/* still running: as if it ended now */
	{ "always", "24h", "2026-11-20 17:00", "2026-11-20 18:00/",
	    "2026-11-23 12:00", "2026-11-22 13:00" },
	/* open time: only what was open of it */
	{ "semarchy", "4h", "2026-11-20 16:30",
	    "2026-11-20 17:00/2026-11-23 09:00", "2026-11-23 12:30", NULL },
	{ "semarchy", "4h", "2026-11-20 16:30",
	    "2026-11-20 18:00/2026-11-23 08:00", "2026-11-23 10:30", NULL },
	/* the due instant at a closing: the time is added after it */
	{ "semarchy", "4h", "2026-11-20 14:00",
	    "2026-11-20 15:00/2026-11-20 15:30", "2026-11-23 08:30", NULL },
	/* bd: the open time of the pause, as open time */
	{ "semarchy", "5bd", "2026-12-24 17:00",
	    "2026-12-28 16:00/2026-12-29 09:00", "2027-01-05 10:00", NULL },
	{ "semarchy", "5bd", "2026-12-24 17:00",
	    "2026-12-25 00:00/2026-12-26 00:00", "2027-01-04 17:00", NULL },
	/* d and mo: elapsed time */
	{ "semarchy", "2d", "2026-11-20 16:30",
	    "2026-11-21 00:00/2026-11-21 06:00", "2026-11-22 22:30", NULL },
	{ "semarchy", "12mo", "2026-11-20 16:30",
	    "2027-02-01 00:00/2027-02-11 00:00", "2027-11-30 16:30", NULL },
	/* an hour longer by the change of clocks */
	{ "always", "24h", "2026-10-24 12:00",
	    "2026-10-25 01:00/2026-10-25 04:00", "2026-10-25 15:00", NULL },
};

static void
test_pauses(Fixture *f, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GArray) pauses = read_pauses(cases[i].pauses);
		SlaInput in = input(f, cases[i].clock, cases[i].within,
		    cases[i].received, pauses, cases[i].now);
		g_autoptr(SlaClock) clock = sla_clock_make(&in);
		g_autoptr(SlaClock) response = NULL;

		g_test_message("%s %s %s %s", cases[i].clock, cases[i].within,
		    cases[i].received, cases[i].pauses);
		assert_instant(clock->due, paris(cases[i].due));
		/* At the due instant exactly all of it is used. */
		if (cases[i].now == NULL) {
			g_autoptr(SlaClock) at_due = NULL;

			in.now = clock->due;
			at_due = sla_clock_make(&in);
			g_assert_cmpint(at_due->due, ==, clock->due);
			g_assert_cmpint(at_due->used, ==, at_due->total);
			g_assert_cmpint(at_due->state, ==, SLA_RUNNING);
			in.now++;
			g_clear_pointer(&at_due, sla_clock_free);
			at_due = sla_clock_make(&in);
			g_assert_cmpint(at_due->state, ==, SLA_LATE);
		}

		/* The response clock knows no pause. */
		in.milestone = MILESTONE_RESPONSE;
		response = sla_clock_make(&in);
		assert_instant(response->due,
		    duration_end(in.within, in.clock, response->intake));
	}
}

/* ---- states ---- */

static const struct {
	const char *label, *met, *ended, *now, *pauses;
	bool excluded, has_term;
	SlaState state;
} states[] = {
	{ "running", NULL, NULL, "2026-11-20 18:00", "", false, true,
	    SLA_RUNNING },
	{ "at the due instant", NULL, NULL, "2026-11-21 17:00", "", false, true,
	    SLA_RUNNING },
	{ "a second late", NULL, NULL, "2026-11-21 17:00:01", "", false, true,
	    SLA_LATE },
	{ "met at the last second", "2026-11-21 17:00", NULL,
	    "2026-12-01 00:00", "", false, true, SLA_MET },
	{ "met a second late", "2026-11-21 17:00:01", NULL, "2026-12-01 00:00",
	    "", false, true, SLA_MISSED },
	{ "met in time thanks to a pause", "2026-11-21 18:00", NULL,
	    "2026-12-01 00:00", "2026-11-21 08:00/2026-11-21 09:00", false,
	    true, SLA_MET },
	{ "a pause after it was met does not help", "2026-11-21 18:00", NULL,
	    "2026-12-01 00:00", "2026-11-21 17:30/2026-11-22 09:00", false,
	    true, SLA_MISSED },
	{ "paused", NULL, NULL, "2026-11-25 00:00", "2026-11-21 08:00/", false,
	    true, SLA_PAUSED },
	{ "paused when it was late already", NULL, NULL, "2026-11-25 00:00",
	    "2026-11-22 08:00/", false, true, SLA_LATE },
	{ "paused in the future", NULL, NULL, "2026-11-21 00:00",
	    "2026-11-21 08:00/", false, true, SLA_RUNNING },
	{ "resumed", NULL, NULL, "2026-11-21 17:30",
	    "2026-11-21 08:00/2026-11-21 10:00", false, true, SLA_RUNNING },
	{ "excluded", NULL, NULL, "2026-12-01 00:00", "", true, true,
	    SLA_ENDED },
	{ "excluded after it was met", "2026-11-21 10:00", NULL,
	    "2026-12-01 00:00", "", true, true, SLA_MET },
	{ "excluded though met late", "2026-11-22 10:00", NULL,
	    "2026-12-01 00:00", "", true, true, SLA_ENDED },
	{ "closed without it", NULL, "2026-11-21 10:00", "2026-12-01 00:00", "",
	    false, true, SLA_ENDED },
	{ "closed too late without it", NULL, "2026-11-22 10:00",
	    "2026-12-01 00:00", "", false, true, SLA_MISSED },
	{ "without a term", NULL, NULL, "2026-12-01 00:00", "", false, false,
	    SLA_NO_TERM },
	{ "without a term, met", "2026-11-21 10:00", NULL, "2026-12-01 00:00",
	    "", false, false, SLA_NO_TERM },
};

static void
test_states(Fixture *f, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		g_autoptr(GArray) pauses = read_pauses(states[i].pauses);
		SlaInput in = input(f, "always", "24h", "2026-11-20 17:00",
		    pauses, states[i].now);
		g_autoptr(SlaClock) clock = NULL;

		in.has_term = states[i].has_term;
		if (!in.has_term)
			in.within = (Duration){ 0 };
		in.excluded = states[i].excluded;
		if (states[i].met != NULL)
			in.met = paris(states[i].met);
		if (states[i].ended != NULL)
			in.ended = paris(states[i].ended);
		clock = sla_clock_make(&in);
		g_test_message("%s", states[i].label);
		g_assert_cmpstr(sla_state_name(clock->state), ==,
		    sla_state_name(states[i].state));
		if (!in.has_term)
			assert_instant(clock->due, INSTANT_NONE);
	}
}

/* ---- shares ---- */

static void
test_shares(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *clock, *within, *received, *pauses;
		int share;
		const char *at;
	} shares[] = {
		{ "always", "24h", "2026-11-20 17:00", "", 50,
		    "2026-11-21 05:00" },
		{ "always", "24h", "2026-11-20 17:00", "", 80,
		    "2026-11-21 12:12" },
		{ "always", "24h", "2026-11-20 17:00", "", 100,
		    "2026-11-21 17:00" },
		{ "always", "24h", "2026-11-20 17:00", "", 0,
		    "2026-11-20 17:00" },
		{ "always", "24h", "2026-11-20 17:00",
		    "2026-11-20 18:00/2026-11-20 20:00", 50,
		    "2026-11-21 07:00" },
		/* a pause after that share does not move it */
		{ "always", "24h", "2026-11-20 17:00",
		    "2026-11-21 06:00/2026-11-21 08:00", 50,
		    "2026-11-21 05:00" },
		{ "semarchy", "4h", "2026-11-20 16:30", "", 50,
		    "2026-11-23 08:30" },
		{ "semarchy", "5bd", "2026-11-16 08:00", "", 50,
		    "2026-11-18 13:00" },
		{ "semarchy", "2d", "2026-11-20 16:30", "", 50,
		    "2026-11-21 16:30" },
		/* 1 second in 3: rounded up */
		{ "always", "3s", "2026-11-20 17:00", "", 50,
		    "2026-11-20 17:00:02" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(shares); i++) {
		g_autoptr(GArray) pauses = read_pauses(shares[i].pauses);
		SlaInput in = input(f, shares[i].clock, shares[i].within,
		    shares[i].received, pauses, NULL);
		g_autoptr(SlaClock) clock = sla_clock_make(&in);
		g_autoptr(SlaClock) then = NULL;
		Instant at = sla_share_at(clock, shares[i].share);

		g_test_message("%s %s %d %%", shares[i].clock, shares[i].within,
		    shares[i].share);
		assert_instant(at, paris(shares[i].at));
		in.now = at;
		then = sla_clock_make(&in);
		g_assert_cmpint(then->used * 100, >=,
		    then->total * shares[i].share);
	}
}

/* Nobody is late with what is done: only what came before a resolution and
 * after a reopening counts. Waiting for the client from then on does. */
static void
test_late(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *pauses;
		TicketState why;
		const char *now;
		Seconds late;
	} rows[] = {
		{ "", TICKET_RESOLVED, "2026-11-23 14:00", 0 },
		{ "", TICKET_RESOLVED, "2026-11-23 16:00", 7200 },
		{ "2026-11-23 15:00/2026-11-24 15:00", TICKET_RESOLVED,
		    "2026-11-24 16:00", 7200 },
		{ "2026-11-23 15:00/2026-11-24 15:00", TICKET_CLOSED,
		    "2026-11-24 16:00", 7200 },
		{ "2026-11-23 15:00/2026-11-24 15:00", TICKET_WAITING_CUSTOMER,
		    "2026-11-24 16:00", 26 * 3600 },
		/* Before the due instant it moves that. */
		{ "2026-11-23 11:00/2026-11-23 12:00", TICKET_RESOLVED,
		    "2026-11-23 16:00", 3600 },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GArray) pauses = read_pauses(rows[i].pauses);
		SlaInput in;
		g_autoptr(SlaClock) clock = NULL;

		for (guint k = 0; k < pauses->len; k++)
			g_array_index(pauses, Pause, k).why = rows[i].why;
		in = input(f, "always", "4h", "2026-11-23 10:00", pauses,
		    rows[i].now);
		clock = sla_clock_make(&in);
		g_assert_cmpint(clock->late, ==, rows[i].late);
	}
}

static void
test_next(Fixture *f, gconstpointer data)
{
	g_autoptr(GArray) none = read_pauses("");
	g_autoptr(GPtrArray) clocks = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)sla_clock_free);
	SlaInput in = input(f, "always", "24h", "2026-11-20 17:00", none,
	    "2026-11-20 18:00");

	(void)data;
	g_assert_null(sla_next(clocks));
	g_ptr_array_add(clocks, sla_clock_make(&in));
	in.within.count = 7200;
	g_ptr_array_add(clocks, sla_clock_make(&in));
	in.within.count = 3600;
	in.met = in.now;
	g_ptr_array_add(clocks, sla_clock_make(&in));
	in.met = INSTANT_NONE;
	in.has_term = false;
	g_ptr_array_add(clocks, sla_clock_make(&in));
	g_assert_true(sla_next(clocks) == g_ptr_array_index(clocks, 1));
}

/* ---- properties, on random cases ---- */

static void
test_properties(Fixture *f, gconstpointer data)
{
	static const char *const names[] = { "always", "sos24", "semarchy",
		"1life" };
	static const char *const lengths[] = { "1h", "24h", "60h", "1d", "5bd",
		"1mo" };
	g_autoptr(GRand) random = g_rand_new_with_seed(20261121);
	Instant start = paris("2026-01-01 00:00");

	(void)data;
	for (int i = 0; i < 20000; i++) {
		g_autoptr(GArray) pauses = g_array_new(FALSE, FALSE,
		    sizeof(Pause));
		SlaInput in = input(f, names[g_rand_int_range(random, 0, 4)],
		    lengths[g_rand_int_range(random, 0, 6)], "2026-01-01 00:00",
		    pauses, NULL);
		g_autoptr(SlaClock) clock = NULL, more = NULL;
		g_autoptr(GArray) steps = NULL;
		Seconds used = 0;
		Instant end;

		in.received = start + g_rand_int_range(random, 0, 31536000);
		in.intake_clock = in.clock;
		for (int p = g_rand_int_range(random, 0, 4); p > 0; p--) {
			Pause pause = { in.received +
				    g_rand_int_range(random, -50000, 500000),
				0, TICKET_WAITING_CUSTOMER };

			pause.to = pause.from +
			    g_rand_int_range(random, 0, 200000);
			g_array_append_val(pauses, pause);
		}
		in.pauses = (const Pause *)(void *)pauses->data;
		in.pause_count = pauses->len;
		clock = sla_clock_make(&in);

		/* The steps run from intake to due and use it all up. */
		steps = sla_steps_make(clock);
		end = clock->intake;
		for (guint s = 0; s < steps->len; s++) {
			const SlaStep *step = &g_array_index(steps, SlaStep, s);

			g_assert_cmpint(step->from, ==, end);
			g_assert_cmpint(step->to, >, step->from);
			end = step->to;
			used += step->used;
		}
		g_assert_cmpint(end, ==, clock->due);
		g_assert_cmpint(used, ==, clock->total);
		g_assert_cmpuint(steps->len, <=, 400);

		/* A pause of nothing changes nothing. */
		{
			Pause nothing = { in.received +
				    g_rand_int_range(random, 0, 200000),
				0, TICKET_WAITING_APPROVAL };

			nothing.to = nothing.from;
			g_array_append_val(pauses, nothing);
		}
		in.pauses = (const Pause *)(void *)pauses->data;
		in.pause_count = pauses->len;
		more = sla_clock_make(&in);
		g_assert_cmpint(more->due, ==, clock->due);
		g_assert_cmpint(more->used, ==, clock->used);

		/* A later receipt is never due earlier, pauses apart. */
		if (in.within.unit == DURATION_TIME) {
			g_autoptr(SlaClock) first = NULL, later = NULL;

			in.pause_count = 0;
			first = sla_clock_make(&in);
			in.received += g_rand_int_range(random, 0, 100000);
			later = sla_clock_make(&in);
			g_assert_cmpint(later->due, >=, first->due);
		}
	}
}

/* A clock of years has its middle left out, and still no gap. */
static void
test_long(Fixture *f, gconstpointer data)
{
	g_autoptr(GArray) none = read_pauses("");
	SlaInput in = input(f, "1life", "9000h", "2026-01-05 10:00", none,
	    NULL);
	g_autoptr(SlaClock) clock = sla_clock_make(&in);
	Instant end = clock->intake;
	Seconds used = 0;

	(void)data;
	sla_steps(clock);
	g_assert_cmpuint(clock->steps->len, ==, 400);
	for (guint i = 0; i < clock->steps->len; i++) {
		const SlaStep *step = &g_array_index(clock->steps, SlaStep, i);

		g_assert_cmpint(step->from, ==, end);
		end = step->to;
		used += step->used;
	}
	g_assert_cmpint(end, ==, clock->due);
	g_assert_cmpint(used, ==, 9000 * 3600);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(Fixture *f, gconstpointer data);
	} tests[] = {
		{ "/sla/pauses", test_pauses },
		{ "/sla/states", test_states },
		{ "/sla/shares", test_shares },
		{ "/sla/next", test_next },
		{ "/sla/late", test_late },
		{ "/sla/properties", test_properties },
		{ "/sla/long", test_long },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, setup, tests[i].run,
		    teardown);
	return g_test_run();
}
