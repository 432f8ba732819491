#include "guichet/sla.h"

#include "sla-private.h"

GPtrArray *
sla_clocks(const Ticket *ticket, const Terms *terms, Instant now)
{
	GPtrArray *clocks = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)sla_clock_free);
	const Target *targets[MILESTONE_COUNT] = { NULL };
	Facts facts = ticket_facts(ticket, terms);
	const Plan *plan = plan_in_force(terms, &facts, targets);
	const Calendar *intake_clock;
	Instant ended = INSTANT_NONE;

	if (plan == NULL)
		return clocks;
	intake_clock = terms_calendar(terms, plan->intake);
	if (ticket_state_is_done(ticket->state))
		ended = ticket->resolved != INSTANT_NONE ? ticket->resolved
							 : ticket->changed;
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		const Target *target = targets[m];

		if (target == NULL)
			continue;
		g_ptr_array_add(clocks,
		    sla_clock_make(&(SlaInput){
			.milestone = (Milestone)m,
			.commitment = target->commitment,
			.has_term = target->has_term,
			.within = target->within,
			.target = target,
			/* A promise without a term may name no calendar. */
			.clock = target->clock != NULL
			    ? terms_calendar(terms, target->clock)
			    : intake_clock,
			.intake_clock = intake_clock,
			.received = ticket->received,
			.met = ticket->met[m],
			.ended = ended,
			.excluded = ticket->excluded,
			.pauses = (const Pause *)(void *)ticket->pauses->data,
			.pause_count = ticket->pauses->len,
			.now = now,
		    }));
	}
	return clocks;
}
