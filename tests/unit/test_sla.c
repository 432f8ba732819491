#include "../../src/desk/sla-private.h"

#include "calendars.h"

typedef struct {
	Holidays *france;
	Calendar *always, *sos, *semarchy, *life;
} Fixture;

static void
setup(Fixture *f, gconstpointer data)
{
	(void)data;
	f->france = shipped_holidays("fr");
	f->always = plan_calendar("always", f->france);
	f->sos = plan_calendar("sos24", f->france);
	f->semarchy = plan_calendar("semarchy", f->france);
	f->life = plan_calendar("1life", f->france);
}

static void
teardown(Fixture *f, gconstpointer data)
{
	(void)data;
	calendar_free(f->always);
	calendar_free(f->sos);
	calendar_free(f->semarchy);
	calendar_free(f->life);
	holidays_free(f->france);
}

static const Calendar *
named(const Fixture *f, const char *name)
{
	if (strcmp(name, "always") == 0)
		return f->always;
	if (strcmp(name, "sos24") == 0)
		return f->sos;
	if (strcmp(name, "semarchy") == 0)
		return f->semarchy;
	g_assert_cmpstr(name, ==, "1life");
	return f->life;
}

/* "from/to;from/to" on the walls of Paris; no `to`: still running. */
static GArray *
read_pauses(const char *text)
{
	GArray *pauses = g_array_new(FALSE, FALSE, sizeof(Pause));
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);

	for (gsize i = 0; parts[i] != NULL && *parts[i] != '\0'; i++) {
		g_auto(GStrv) ends = g_strsplit(parts[i], "/", 2);
		Pause pause = { paris(ends[0]),
			*ends[1] == '\0' ? INSTANT_NONE : paris(ends[1]),
			TICKET_WAITING_CUSTOMER };

		g_array_append_val(pauses, pause);
	}
	return pauses;
}

/* `now` is far in the future unless given. */
static SlaInput
input(const Fixture *f, const char *clock, const char *within,
    const char *received, const GArray *pauses, const char *now)
{
	SlaInput in = {
		.milestone = MILESTONE_RESOLUTION,
		.commitment = COMMITMENT_GUARANTEED,
		.has_term = true,
		.clock = named(f, clock),
		.intake_clock = strcmp(clock, "1life") == 0 ? f->life
							    : f->always,
		.received = paris(received),
		.met = INSTANT_NONE,
		.ended = INSTANT_NONE,
		.pauses = (const Pause *)(void *)pauses->data,
		.pause_count = pauses->len,
		.now = paris(now != NULL ? now : "2030-01-01 00:00"),
	};

	g_assert_true(duration_parse(within, &in.within, NULL));
	return in;
}

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
	    "2026-12-01 00:00", "", false, true, SLA_LATE },
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
		Instant at = sla_share_at(clock, NULL, shares[i].share);

		g_test_message("%s %s %d %%", shares[i].clock, shares[i].within,
		    shares[i].share);
		assert_instant(at, paris(shares[i].at));
		in.now = at;
		then = sla_clock_make(&in);
		g_assert_cmpint(then->used * 100, >=,
		    then->total * shares[i].share);
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

/* ---- words ---- */

static void
assert_text(char *take_text, const char *wanted)
{
	g_assert_cmpstr(take_text, ==, wanted);
	g_free(take_text);
}

static void
test_when(Fixture *f, gconstpointer data)
{
	const Zone *zone = zone_get("Europe/Paris", NULL);

	(void)data;
	(void)f;
	assert_text(sla_when(paris("2026-11-20 17:00"), "fr", zone),
	    "vendredi 20 novembre 2026 à 17:00 (UTC+01:00)");
	assert_text(sla_when(paris("2026-11-20 17:00"), "en", zone),
	    "Friday 20 November 2026, 17:00 (UTC+01:00)");
	assert_text(sla_when(paris("2026-08-01 09:05:07"), "fr", zone),
	    "samedi 1er août 2026 à 09:05:07 (UTC+02:00)");
	assert_text(sla_when(paris("2026-08-01 09:05"), "en",
			zone_get("America/St_Johns", NULL)),
	    "Saturday 1 August 2026, 04:35 (UTC-02:30)");
	assert_text(sla_when(INSTANT_NONE, "fr", zone), "jamais");
}

/* The texts whole, as a client reads them. */
static void
test_explain(Fixture *f, gconstpointer data)
{
	const Zone *zone = zone_get("Europe/Paris", NULL);
	g_autoptr(GArray) none = read_pauses("");
	g_autoptr(GArray) wait = read_pauses(
	    "2026-12-28 16:00/2026-12-29 09:00");
	SlaInput in = input(f, "always", "24h", "2026-11-20 18:30", none,
	    "2026-11-20 18:31");
	g_autoptr(SlaClock) sos = NULL, fix = NULL, open = NULL;
	g_autoptr(SlaClock) inside = NULL;
	g_autofree char *inside_text = NULL;

	(void)data;
	in.milestone = MILESTONE_RESPONSE;
	in.intake_clock = f->sos;
	sos = sla_clock_make(&in);
	assert_text(sla_explain(sos, "fr", zone),
	    "Reçu le vendredi 20 novembre 2026 à 18:30 (UTC+01:00).\n"
	    "Pris en compte le lundi 23 novembre 2026 à 09:00 (UTC+01:00), "
	    "car reçu hors de la plage de prise en charge « sos24 », fermée "
	    "du ven. 20 nov. 18:00 au lun. 23 nov. 09:00.\n"
	    "Première réponse : délai garanti de 24 h, calendrier « always » "
	    "(24 h sur 24, 7 jours sur 7).\n"
	    "Compté :\n"
	    "  lun. 23 nov. 09:00 → mar. 24 nov. 09:00 : 24 h\n"
	    "Échéance : mardi 24 novembre 2026 à 09:00 (UTC+01:00).\n"
	    "Heures de Europe/Paris.\n");
	assert_text(sla_explain_short(sos, "fr", zone),
	    "Première réponse garantie au plus tard le mardi 24 novembre 2026 "
	    "à 09:00 (UTC+01:00) : 24 h à compter du lundi 23 novembre 2026 à "
	    "09:00 (UTC+01:00). Reçu hors de la plage de prise en charge "
	    "« sos24 », le message compte à partir de son ouverture "
	    "suivante.");
	assert_text(sla_explain_short(sos, "en", zone),
	    "First response guaranteed by Tuesday 24 November 2026, 09:00 "
	    "(UTC+01:00): 24 h counted from Monday 23 November 2026, 09:00 "
	    "(UTC+01:00). Received outside the intake window \"sos24\", the "
	    "message counts from its next opening.");

	in.received = paris("2026-11-20 17:00");
	inside = sla_clock_make(&in);
	inside_text = sla_explain(inside, "en", zone);
	g_assert_nonnull(strstr(inside_text,
	    "the intake window \"sos24\" was open from Mon 16 Nov 09:00 to "
	    "Fri 20 Nov 18:00.\n"));

	/* Open time over Christmas, and a pause; steps worked out before. */
	in = input(f, "semarchy", "8h", "2026-12-24 17:00", wait, NULL);
	in.commitment = COMMITMENT_OBJECTIVE;
	in.met = paris("2026-12-29 08:30");
	open = sla_clock_make(&in);
	sla_steps(open, NULL);
	assert_text(sla_explain(open, "en", zone),
	    "Received Thursday 24 December 2026, 17:00 (UTC+01:00).\n"
	    "Counted from receipt, because the intake window \"always\" was "
	    "open.\n"
	    "Resolution: objective, aimed at and not guaranteed, of 8 h of "
	    "open time, calendar \"semarchy\".\n"
	    "Counted:\n"
	    "  Thu 24 Dec 17:00 → Thu 24 Dec 18:00: 1 h\n"
	    "  Thu 24 Dec 18:00 → Fri 25 Dec 00:00: closed, not counted\n"
	    "  Fri 25 Dec 00:00 → Sat 26 Dec 00:00: Noël, not counted\n"
	    "  Sat 26 Dec 00:00 → Mon 28 Dec 08:00: closed, not counted\n"
	    "  Mon 28 Dec 08:00 → Mon 28 Dec 15:00: 7 h (in all 8 h)\n"
	    "Due: Monday 28 December 2026, 15:00 (UTC+01:00).\n"
	    "Reached Tuesday 29 December 2026, 08:30 (UTC+01:00), late.\n"
	    "Times are those of Europe/Paris.\n");

	in = input(f, "semarchy", "5bd", "2026-12-24 17:00", wait, NULL);
	in.commitment = COMMITMENT_OBJECTIVE;
	in.milestone = MILESTONE_WORKAROUND;
	fix = sla_clock_make(&in);
	assert_text(sla_explain(fix, "fr", zone),
	    "Reçu le jeudi 24 décembre 2026 à 17:00 (UTC+01:00).\n"
	    "Pris en compte à la réception, car la plage de prise en charge "
	    "« always » était ouverte.\n"
	    "Contournement : objectif, visé sans être garanti, de 5 jours "
	    "ouvrés, calendrier « semarchy ».\n"
	    "Jours ouvrés comptés après le jeu. 24 déc. : 1) lun. 28 déc., "
	    "2) mar. 29 déc., 3) mer. 30 déc., 4) jeu. 31 déc., 5) lun. 4 "
	    "janv. 2027 ; jours fermés : ven. 25 déc. (Noël), ven. 1er janv. "
	    "2027 (Jour de l'an) ; à la même heure, ou à la fermeture.\n"
	    "Suspendu : lun. 28 déc. 16:00 → mar. 29 déc. 09:00, en attente "
	    "de votre réponse ; l'échéance recule de 3 h d'ouverture.\n"
	    "Échéance : mardi 5 janvier 2027 à 10:00 (UTC+01:00).\n"
	    "L'échéance est dépassée.\n"
	    "Heures de Europe/Paris.\n");
}

/* The clocks change while it counts: said, or 24 h look like 25. */
static void
test_explain_change(Fixture *f, gconstpointer data)
{
	g_autoptr(GArray) none = read_pauses("");
	SlaInput in = input(f, "always", "24h", "2026-03-28 10:00", none,
	    "2026-03-28 11:00");
	g_autoptr(SlaClock) clock = sla_clock_make(&in);
	g_autofree char *text = sla_explain(clock, "fr",
	    zone_get("Europe/Paris", NULL));
	g_autofree char *far = sla_explain(clock, "en",
	    zone_get("Asia/Tokyo", NULL));

	(void)data;
	g_assert_nonnull(strstr(text,
	    "  sam. 28 mars 10:00 → dim. 29 mars 11:00 : 24 h\n"
	    "    (changement d'heure le dim. 29 mars : de UTC+01:00 à "
	    "UTC+02:00)\n"));
	g_assert_nonnull(strstr(far,
	    "calendar \"always\" (around the clock), "
	    "on the clocks of Europe/Paris.\n"));
	g_assert_nonnull(strstr(far,
	    "Due: Sunday 29 March 2026, 18:00 "
	    "(UTC+09:00).\n"));
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
	sla_steps(clock, NULL);
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
		{ "/sla/properties", test_properties },
		{ "/sla/when", test_when },
		{ "/sla/explain", test_explain },
		{ "/sla/explain-change", test_explain_change },
		{ "/sla/long", test_long },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, setup, tests[i].run,
		    teardown);
	return g_test_run();
}
