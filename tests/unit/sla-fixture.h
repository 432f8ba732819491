/* What test_sla.c and test_sla_words.c have in common. */
#ifndef GUICHET_SLA_FIXTURE_H
#define GUICHET_SLA_FIXTURE_H

#include "../../src/ticket/sla_private.h"

#include "calendars.h"

typedef struct {
	Holidays *france;
	Calendar *always, *sos, *semarchy, *life;
} Fixture;

static inline void
setup(Fixture *f, gconstpointer data)
{
	(void)data;
	f->france = shipped_holidays("fr");
	f->always = plan_calendar("always", f->france);
	f->sos = plan_calendar("sos24", f->france);
	f->semarchy = plan_calendar("semarchy", f->france);
	f->life = plan_calendar("1life", f->france);
}

static inline void
teardown(Fixture *f, gconstpointer data)
{
	(void)data;
	calendar_free(f->always);
	calendar_free(f->sos);
	calendar_free(f->semarchy);
	calendar_free(f->life);
	holidays_free(f->france);
}

static inline const Calendar *
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
static inline GArray *
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
static inline SlaInput
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

#endif
