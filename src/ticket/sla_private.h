/*
 * sla_private: one clock from explicit inputs, so that tests and the oracle's
 * driver need neither rules nor events.
 */
#ifndef GUICHET_SLA_PRIVATE_H
#define GUICHET_SLA_PRIVATE_H

#include "guichet/ticket/sla.h"

/* All borrowed. */
typedef struct {
	Milestone milestone;
	Commitment commitment;
	bool has_term;
	Duration within;
	const Target *target; /* only passed on; may be NULL */
	const Plan *plan;     /* likewise */
	const Calendar *clock, *intake_clock;
	Instant received;
	Instant met;   /* INSTANT_NONE */
	Instant ended; /* when the ticket was resolved or closed, or NONE */
	bool runs_out; /* that ended it not: it runs to its term, and is missed
			* there; `ended` is NONE */
	bool excluded;
	bool is_anew;        /* only passed on */
	const Pause *pauses; /* in any order, may overlap */
	gsize pause_count;
	/* A promise carried over from a ticket that was merged into this one:
	 * due as it was then, and moved by what pauses from then on. */
	bool is_carried;
	Instant due, since;
	Instant now;
} SlaInput;

/* The caller frees. */
SlaClock *sla_clock_make(const SlaInput *input);

/* The steps of a clock, as sla_steps() sets them. The caller frees. */
GArray *sla_steps_make(const SlaClock *clock);

#endif
