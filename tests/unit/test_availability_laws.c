/* That time adds up, and that each second is what the header says. */
#include "availability-fixture.h"

/* ---- laws ---- */

/* A month at random: three hosts that come and go, maintenance announced now
 * and then, one ticket in four excluded. */
static World *
random_world(GRand *rand, Instant from, Instant to)
{
	World *w = world_new("", "");

	for (gint64 alert = 1; alert <= 3; alert++) {
		Instant at = from - 100000 + g_rand_int_range(rand, 0, 90000);

		while (at < to + 100000) {
			AvailabilityTurn turn = { .alert = alert,
				.at = at,
				.level = g_rand_boolean(rand)
				    ? ALERT_LEVEL_DOWN
				    : ALERT_LEVEL_WARNING,
				.host = alert == 1 ? "web1" : "web2",
				.service = alert == 3 ? "HTTP" : "",
				.ticket = g_rand_int_range(rand, 0, 5),
				.firing = g_rand_boolean(rand) };

			turn.excluded = turn.ticket == 4;
			g_array_append_val((GArray *)w->facts.turns, turn);
			at += g_rand_int_range(rand, 1, 60000);
		}
	}
	for (int i = 0; i < 8; i++) {
		AvailabilityPlanned one = { .host = i % 2 == 0 ? "web*"
							       : "web2",
			.service = i % 3 == 0 ? "http" : "" };

		one.from = from + g_rand_int_range(rand, -50000, 2592000);
		one.to = one.from + g_rand_int_range(rand, 1, 40000);
		one.announced = one.from - g_rand_int_range(rand, 0, 400000);
		g_array_append_val((GArray *)w->facts.planned, one);
	}
	return w;
}

static void
count_between(World *w, Instant from, Instant to, Seconds sums[4])
{
	g_autoptr(Availability) found = NULL;
	g_autofree char *checked = NULL;

	g_array_set_size((GArray *)w->facts.periods, 0);
	add_period(w, 0, from, to, "Europe/Paris");
	found = availability_count(&w->facts);
	checked = tell(found);
	sums[0] += found->total;
	sums[1] += found->planned;
	sums[2] += found->unplanned;
	sums[3] += found->excluded;
}

/* The same second by second, straight from the words of the header. */
static void
count_slowly(const World *w, Instant from, Instant to, Seconds step,
    Seconds sums[4])
{
	const Zone *zone = zone_of("Europe/Paris");

	for (Instant at = from; at < to; at += step) {
		Wall wall = zone_wall(zone, at);
		bool planned = (wall - wall_midnight(wall_date(wall))) / 3600 ==
		    1;
		bool night = planned, counted = false, excluded = false;

		for (guint p = 0; p < w->facts.planned->len; p++) {
			const AvailabilityPlanned *m = &g_array_index(
			    w->facts.planned, AvailabilityPlanned, p);

			planned |= at >= m->from && at < m->to &&
			    m->from - m->announced >= AHEAD;
		}
		for (guint i = 0; i < w->facts.turns->len; i++) {
			const AvailabilityTurn *t =
			    &g_array_index(w->facts.turns, AvailabilityTurn, i);
			bool last = i + 1 == w->facts.turns->len ||
			    t[1].alert != t->alert || t[1].at > at;
			bool covered = false;

			if (t->at > at || !last || !t->firing ||
			    t->level != ALERT_LEVEL_DOWN)
				continue;
			for (guint p = 0; p < w->facts.planned->len; p++) {
				const AvailabilityPlanned *m = &g_array_index(
				    w->facts.planned, AvailabilityPlanned, p);

				covered |= at >= m->from && at < m->to &&
				    m->from - m->announced >= AHEAD &&
				    (strcmp(m->host, "web*") == 0 ||
					strcmp(m->host, t->host) == 0) &&
				    (*m->service == '\0' ||
					strcmp(t->service, "HTTP") == 0);
			}
			counted |= !covered && !t->excluded && !night;
			excluded |= !covered && t->excluded;
		}
		sums[0] += step;
		sums[1] += planned && !counted ? step : 0;
		sums[2] += counted ? step : 0;
		sums[3] += excluded && !counted && !planned ? step : 0;
	}
}

static void
test_law_split(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20261122);
	/* October, with its long night. */
	Instant from = instant_of("2026-10-01T00:00:00+02:00");
	Instant to = instant_of(NOV_FROM);

	for (int i = 0; i < 200; i++) {
		g_autoptr(World) w = random_world(rand, from, to);
		Instant middle = from +
		    g_rand_int_range(rand, 1, (gint32)(to - from));
		Seconds whole[4] = { 0 }, halves[4] = { 0 };

		count_between(w, from, to, whole);
		count_between(w, from, middle, halves);
		count_between(w, middle, to, halves);
		g_assert_cmpmem(whole, sizeof(whole), halves, sizeof(halves));
	}
}

static void
test_law_second_by_second(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(42);
	/* The slow rule takes the hour that the wall shows: right in every
	 * night but that in which 02:00 comes twice. */
	static const char *const days[] = { "2026-10-25T12:00:00+01:00",
		"2026-03-28T12:00:00+01:00", "2026-11-10T12:00:00+01:00" };

	for (int i = 0; i < 30; i++) {
		Instant from = instant_of(days[i % 3]);
		g_autoptr(World) w = random_world(rand, from, from + 86400);
		Seconds fast[4] = { 0 }, slow[4] = { 0 };

		count_between(w, from, from + 86400, fast);
		count_slowly(w, from, from + 86400, 1, slow);
		g_assert_cmpmem(fast, sizeof(fast), slow, sizeof(slow));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/availability/law-split", test_law_split);
	g_test_add_func("/availability/law-second-by-second",
	    test_law_second_by_second);
	return g_test_run();
}
