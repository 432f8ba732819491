/*
 * sla: every clock of a ticket, recomputed from its events (doc/domain.md 3,
 * 4).
 *
 * Pure: ticket, terms and now in, clocks out. Nothing is counted up and
 * stored, so a change of severity or contract loses no pause.
 */
#ifndef GUICHET_SLA_H
#define GUICHET_SLA_H

#include "guichet/ticket/ticket.h"

typedef enum {
	SLA_RUNNING,
	SLA_PAUSED,
	SLA_LATE,    /* due passed, not met */
	SLA_MET,     /* in time */
	SLA_MISSED,  /* met too late, or done too late without it */
	SLA_ENDED,   /* excluded and not met in time, or done before due
		      * without it */
	SLA_NO_TERM, /* best effort without a term */
	SLA_STATE_COUNT,
} SlaState;

const char *sla_state_name(SlaState state);

/* One stretch of the arithmetic, in order, without gaps from intake to due. */
typedef enum {
	STEP_COUNTED, /* open time that was used */
	STEP_CLOSED,  /* outside the windows */
	STEP_HOLIDAY, /* `label` says which */
	STEP_PAUSED,  /* `label`: the state that paused it */
} StepKind;

typedef struct {
	StepKind kind;
	Instant from, to;
	Seconds used; /* counted towards the promise */
	char *label;
} SlaStep;

typedef struct SlaClock {
	Milestone milestone;
	Commitment commitment;
	SlaState state;
	Duration within; /* unless SLA_NO_TERM */
	const Target *target;
	const Plan *plan; /* whose promise it is; NULL: nobody said */
	const Calendar *clock;
	const Calendar *intake_clock; /* decided when the clock starts */
	Instant received, intake;
	bool in_window; /* intake == received */
	Instant
	    due; /* INSTANT_NONE if without a term, or while it can't be known */
	Instant met;         /* INSTANT_NONE */
	int severity;        /* that it is promised at */
	Seconds late;        /* behind due, less what it was done since; 0 */
	bool is_anew;        /* a response that a reopening made owed again */
	bool is_worse;       /* `received` is when the ticket became that bad */
	gint64 carried_from; /* the ticket whose promise it was, merged into
			      * this one; 0 */
	Seconds used,
	    total;      /* time run less pauses, and intake to due: the share */
	GArray *pauses; /* Pause: those that moved it, joined, all ended */
	GArray *steps;  /* SlaStep: see sla_steps() */
} SlaClock;

void sla_clock_free(SlaClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlaClock, sla_clock_free)

/*
 * The clocks of a ticket under terms, one a milestone that is promised, in
 * milestone order; possibly none: an alert that is no mandate has none before
 * its client writes. A clock under pause is due as if the pause
 * ended now. The caller owns the array and the clocks. `steps` are empty.
 *
 * A milestone that was met keeps the promise of then: its clock is that of the
 * severity it had. One that was met under another contract (see
 * ticket_met_elsewhere()) is left out, and so is a response that is owed anew
 * (ticket_response_anew()): sla_clock_for() makes it, with the terms of that
 * contract or instant.
 */
GPtrArray *sla_clocks(const Ticket *ticket, const Terms *terms, Instant now);

/* The clock of one milestone under these terms, or NULL. */
SlaClock *sla_clock_for(const Ticket *ticket, Milestone milestone,
    const Terms *terms, Instant now);

/* The clock of a promise that was carried over from a merged ticket, under the
 * terms of then; NULL where they promise no such thing. */
SlaClock *sla_clock_carried(const Ticket *ticket, Milestone milestone,
    const Terms *terms, Instant now);

/*
 * When technicians must next be reminded under continuous effort: an interval
 * of the hours in which the plan warns, after intake, the last reminder, the
 * last change of severity or contract, or the last wait for the client.
 * INSTANT_NONE: not, or not before something happens.
 */
Instant sla_remind_at(const Ticket *ticket, const Terms *terms);

/* The one of that milestone, borrowed, or NULL. */
SlaClock *sla_clock_of(const GPtrArray *clocks, Milestone milestone);

/* Whether its promise is still to be kept: neither met, nor missed for good, nor
 * ended. */
bool sla_is_owed(const SlaClock *clock);

/* The clock neither met nor ended that is due first, or NULL. */
const SlaClock *sla_next(const GPtrArray *clocks);

/* When `share` percent of the clock will be used if nothing pauses it;
 * INSTANT_NONE without a term. */
Instant sla_share_at(const SlaClock *clock, int share);

/* Works out `clock->steps`, for people. At most 400 steps; the middle of a
 * longer row is one step. */
void sla_steps(SlaClock *clock);

/*
 * The arithmetic in words, several lines, in "fr" or "en", times in `zone`:
 * received, intake and why, each stretch, holidays by name, pauses, due. It
 * must convince a client who doubts. The caller frees.
 */
char *
sla_explain(const SlaClock *clock, const char *language, const Zone *zone);

/* How it is counted in one or two sentences, for an acknowledgment, which says
 * what is promised and until when itself: "24 h counted from ...". */
char *sla_explain_short(const SlaClock *clock, const char *language,
    const Zone *zone);

/* "First answer by a technician", in words of that language. */
const char *sla_milestone(Milestone milestone, const char *language);
/* The same of a promise: a response that is owed again is not the first. */
const char *sla_promise(Milestone milestone, bool again, const char *language);

/* "vendredi 20 novembre 2026 à 17:00", "Friday 20 November 2026, 17:00", to the
 * minute that has begun; "(UTC+01:00)" follows in an hour that the clocks show
 * twice alone: who writes it says once whose time it is. */
char *sla_when(Instant at, const char *language, const Zone *zone);

/* "samedi 31 octobre 2026", "Saturday 31 October 2026". */
char *sla_date(Date date, const char *language);

/* "octobre 2026", "October 2026": of the month that the date lies in. */
char *sla_month(Date date, const char *language);

/* "sam. 31 oct. 16:30", "Sat 31 Oct 16:30"; the year only where it is not that
 * of `now`. The caller frees. */
char *
sla_moment(Instant at, const char *language, const Zone *zone, Instant now);

/* "26 h 5 min", "45 min 10 s", "0 s". The caller frees. */
char *sla_span(Seconds span);

#endif
