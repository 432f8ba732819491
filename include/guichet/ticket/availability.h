/*
 * availability: what a stretch of a client's service was worth (doc/domain.md
 * 5).
 *
 *	ratio = (T - P - U) / (T - P)
 *
 * T is the time looked at, P what of it was planned, U what of it the service
 * was down without plan. Pure, all in whole seconds; the ratio is compared as a
 * fraction, so that nothing is rounded where it decides.
 *
 * - An alert is down while it fires at a level that counts, for a host and
 *   service that count (AvailabilityTerms of plan.h). It begins and ends with
 *   the mails that say so; a technician's word that the ticket is resolved, or
 *   the service restored, ends it too, until the ticket is opened again.
 * - U is the union of what is down: two hosts down at once count once.
 * - Planned is every night's window, used or not, and each maintenance that
 *   was announced long enough ahead, whole. One announced too late is not
 *   planned in any part of it. It is planned for the hosts it names: another
 *   that is down meanwhile counts, and that time is U and not P. Without
 *   `planned` terms nothing is.
 * - The night's window follows the wall clock (zone.h): its beginning is the
 *   first of a repeated time, its end the second. Where the spring change skips
 *   all of it, there is none.
 * - What fails on an excluded ticket is neither: it is shown, and counts as up
 *   (force majeure, a security block). The whole outage, also before the word
 *   was given.
 * - One that began before the time looked at counts from its beginning, one
 *   that runs on until its end.
 * - A change of terms parts the time into periods, each counted by its own;
 *   what no period covers is in none of the sums.
 *
 * Two neighbouring stretches give the same seconds as both in one; started
 * hours, which are rounded up once for all, need not.
 */
#ifndef GUICHET_AVAILABILITY_H
#define GUICHET_AVAILABILITY_H

#include "guichet/alert/alert.h"
#include "guichet/rules/plan.h"
#include "guichet/time/spans.h"

/* Some time under one set of terms. */
typedef struct {
	Instant from, to;
	const AvailabilityTerms *terms;
	const Zone *zone; /* the client's: in which the night is */
} AvailabilityPeriod;

/* What an alert is from this instant on. */
typedef struct {
	gint64 alert; /* any number of its own */
	Instant at;
	bool firing;
	AlertLevel level;
	const char *host, *service; /* "" */
	gint64 ticket;              /* 0: none */
	bool excluded;              /* the ticket is */
} AvailabilityTurn;

/* A maintenance of the client's, by the patterns of alert_map.h. */
typedef struct {
	Instant from, to, announced;
	const char *host, *service; /* service "": any */
} AvailabilityPlanned;

typedef struct {
	const GArray *periods; /* AvailabilityPeriod, ascending, apart */
	const GArray *turns;   /* AvailabilityTurn, by alert, then in order */
	const GArray *planned; /* AvailabilityPlanned */
} AvailabilityFacts;

typedef enum {
	AVAILABILITY_COUNTED, /* U */
	AVAILABILITY_PLANNED,
	AVAILABILITY_EXCLUDED,
	AVAILABILITY_KIND_COUNT,
} AvailabilityKind;

/* "counted", "planned", "excluded". */
const char *availability_kind_name(AvailabilityKind kind);

typedef struct {
	Instant from, to;
	AvailabilityKind kind;
} AvailabilityPart;

/* One alert's share of an outage. Strings are the facts'. */
typedef struct {
	gint64 alert, ticket;
	const char *host, *service;
	Instant from, to;
	bool before, after; /* cut there: it had begun, it goes on */
	bool excluded;
} AvailabilityShare;

/* Something was down without a break. */
typedef struct {
	Instant from, to;
	bool before, after;                 /* likewise */
	Seconds counted, planned, excluded; /* its length, in three */
	GArray *parts;  /* AvailabilityPart, ascending, without a gap */
	GArray *shares; /* AvailabilityShare, by beginning, then alert */
} AvailabilityOutage;

typedef struct {
	Seconds total, planned, unplanned; /* T, P, U */
	Seconds excluded;                  /* down, but neither of the two */
	GPtrArray *outages;                /* AvailabilityOutage *, ascending */
} Availability;

Availability *availability_count(const AvailabilityFacts *facts);
void availability_free(Availability *availability);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Availability, availability_free)

/* The ratio in millionths, rounded down; -1 if all of the time was planned. */
gint64 availability_millionths(const Availability *availability);
/* Whether it is at least so many millionths; it is where nothing was to be up. */
bool availability_meets(const Availability *availability, gint64 target);
/* U in hours, a started one as a whole: of the sum, not of each outage. */
gint64 availability_started_hours(const Availability *availability);

#endif
