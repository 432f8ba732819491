/*
 * availability-fixture: facts of availability from words, results as words.
 */
#ifndef AVAILABILITY_FIXTURE_H
#define AVAILABILITY_FIXTURE_H

#include "guichet/ticket/availability.h"

#include <string.h>

#define LEVELS_DOWN (1u << ALERT_LEVEL_DOWN | 1u << ALERT_LEVEL_CRITICAL)
#define AHEAD       (48 * 3600)

#define NOV_FROM "2026-11-01T00:00:00+01:00"
#define NOV_TO   "2026-12-01T00:00:00+01:00"

static inline Instant
instant_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	Instant at = 0;

	instant_parse(text, &at, &error);
	g_assert_no_error(error);
	return at;
}

static inline const Zone *
zone_of(const char *name)
{
	g_autoptr(GError) error = NULL;
	const Zone *zone = zone_get(name, &error);

	g_assert_no_error(error);
	return zone;
}

/* ---- facts from words ---- */

typedef struct {
	AvailabilityFacts facts;
	AvailabilityTerms terms[2];
	GStringChunk *words;
} World;

/* "down" and the like is firing, "ok" is over; "x" behind: excluded.
 *	ALERT HOST SERVICE INSTANT LEVEL TICKET [x]; "-" for no service. */
static inline void
add_turn(World *w, const char *line)
{
	g_auto(GStrv) word = g_strsplit(line, " ", -1);
	AvailabilityTurn turn = { 0 };

	g_assert_cmpuint(g_strv_length(word), >=, 6);
	turn.alert = g_ascii_strtoll(word[0], NULL, 10);
	turn.host = g_string_chunk_insert(w->words, word[1]);
	turn.service = strcmp(word[2], "-") == 0
	    ? ""
	    : g_string_chunk_insert(w->words, word[2]);
	turn.at = instant_of(word[3]);
	g_assert_true(alert_level_parse(word[4], &turn.level));
	turn.firing = turn.level != ALERT_LEVEL_OK;
	turn.ticket = g_ascii_strtoll(word[5], NULL, 10);
	turn.excluded = word[6] != NULL;
	g_array_append_val((GArray *)w->facts.turns, turn);
}

/* HOST SERVICE FROM TO ANNOUNCED */
static inline void
add_planned(World *w, const char *line)
{
	g_auto(GStrv) word = g_strsplit(line, " ", -1);
	AvailabilityPlanned one = { 0 };

	g_assert_cmpuint(g_strv_length(word), ==, 5);
	one.host = g_string_chunk_insert(w->words, word[0]);
	one.service = strcmp(word[1], "-") == 0
	    ? ""
	    : g_string_chunk_insert(w->words, word[1]);
	one.from = instant_of(word[2]);
	one.to = instant_of(word[3]);
	one.announced = instant_of(word[4]);
	g_array_append_val((GArray *)w->facts.planned, one);
}

static inline void
each_line(World *w, const char *lines, void (*add)(World *w, const char *line))
{
	g_auto(GStrv) all = g_strsplit(lines, "\n", -1);

	for (gsize i = 0; all[i] != NULL; i++) {
		if (*all[i] != '\0')
			add(w, all[i]);
	}
}

static inline void
add_period(World *w, guint terms, Instant from, Instant to, const char *zone)
{
	AvailabilityPeriod period = { from, to, &w->terms[terms],
		zone_of(zone) };

	g_array_append_val((GArray *)w->facts.periods, period);
}

static inline World *
world_new(const char *turns, const char *planned)
{
	World *w = g_new0(World, 1);

	w->words = g_string_chunk_new(256);
	w->facts.periods = g_array_new(FALSE, FALSE,
	    sizeof(AvailabilityPeriod));
	w->facts.turns = g_array_new(FALSE, FALSE, sizeof(AvailabilityTurn));
	w->facts.planned = g_array_new(FALSE, FALSE,
	    sizeof(AvailabilityPlanned));
	for (int i = 0; i < 2; i++)
		w->terms[i] = (AvailabilityTerms){ .levels = LEVELS_DOWN,
			.target = 999000,
			.ahead = AHEAD,
			.has_night = true,
			.night_from = 3600,
			.night_to = 7200 };
	each_line(w, turns, add_turn);
	each_line(w, planned, add_planned);
	return w;
}

static inline void
world_free(World *w)
{
	g_array_unref((GArray *)w->facts.periods);
	g_array_unref((GArray *)w->facts.turns);
	g_array_unref((GArray *)w->facts.planned);
	g_string_chunk_free(w->words);
	g_free(w);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* ---- results as words ---- */

static inline void
tell_outage(GString *text, const AvailabilityOutage *outage)
{
	Seconds sum = 0;

	g_string_append_printf(text,
	    "\n%s%" G_GINT64_FORMAT " s%s: %" G_GINT64_FORMAT
	    " counted, %" G_GINT64_FORMAT " planned, %" G_GINT64_FORMAT
	    " excluded;",
	    outage->before ? "..." : "", outage->to - outage->from,
	    outage->after ? "..." : "", outage->counted, outage->planned,
	    outage->excluded);
	for (guint i = 0; i < outage->shares->len; i++) {
		const AvailabilityShare *share = &g_array_index(outage->shares,
		    AvailabilityShare, i);

		g_string_append_printf(text, " %s%s%s#%" G_GINT64_FORMAT,
		    share->host, *share->service != '\0' ? "/" : "",
		    share->service, share->ticket);
	}
	/* Its parts are all of it, without a gap. */
	for (guint i = 0; i < outage->parts->len; i++) {
		const AvailabilityPart *part = &g_array_index(outage->parts,
		    AvailabilityPart, i);

		g_assert_cmpint(part->from, ==, outage->from + sum);
		g_assert_cmpint(part->to, >, part->from);
		sum += part->to - part->from;
	}
	g_assert_cmpint(sum, ==, outage->to - outage->from);
	g_assert_cmpint(sum, ==,
	    outage->counted + outage->planned + outage->excluded);
}

/* "T P U X" and a line an outage. */
static inline char *
tell(const Availability *a)
{
	GString *text = g_string_new(NULL);
	Seconds counted = 0, excluded = 0;

	g_string_append_printf(text,
	    "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
	    " %" G_GINT64_FORMAT,
	    a->total, a->planned, a->unplanned, a->excluded);
	for (guint i = 0; i < a->outages->len; i++) {
		const AvailabilityOutage *outage = a->outages->pdata[i];

		tell_outage(text, outage);
		counted += outage->counted;
		excluded += outage->excluded;
	}
	g_assert_cmpint(counted, ==, a->unplanned);
	g_assert_cmpint(excluded, ==, a->excluded);
	g_assert_cmpint(a->planned + a->unplanned, <=, a->total);
	return g_string_free(text, FALSE);
}

#endif
