/*
 * The clocks of a ticket, one for each target that it falls under, and the
 * facts of it that they hang on.
 */
#include "guichet/ticket/sla.h"

#include "guichet/ticket/event_words.h"
#include "guichet/ticket/ticket.h"
#include "sla_private.h"

#include <string.h>

/* ---- what promises hang on ---- */

bool
ticket_is_of_an_alert(const Ticket *ticket)
{
	return event_source_is(ticket->source, OPENED_BY_ALERT);
}

bool
ticket_met_elsewhere(const Ticket *ticket, Milestone milestone)
{
	const TicketPast *past = ticket->met_as[milestone];

	return past != NULL &&
	    (strcmp(past->contract, ticket->contract) != 0 ||
		strcmp(past->rules, ticket->rules) != 0);
}

Instant
ticket_origin(const Ticket *ticket, const Plan *plan)
{
	if (plan == NULL || plan->alerts_are_mandate ||
	    !ticket_is_of_an_alert(ticket))
		return ticket->received;
	return ticket->asked;
}

const char *
ticket_mandate(const Ticket *ticket, const Plan *plan)
{
	if (!ticket_is_of_an_alert(ticket))
		return NULL;
	if (plan->alerts_are_mandate)
		return event_mandate_name(MANDATE_ALERT);
	return event_mandate_name(
	    ticket->asked != INSTANT_NONE ? MANDATE_CLIENT : MANDATE_NONE);
}

static Facts
complete_facts(Facts facts, const Ticket *ticket, const Terms *terms)
{
	const Plan *plan = terms != NULL ? terms->plan : NULL;

	facts.received = ticket_origin(ticket, plan);
	if (plan == NULL)
		return facts;
	if (facts.severity == 0)
		facts.severity = plan->default_severity;
	if (*facts.component != '\0')
		facts.excluded_component = !plan_covers_component(plan,
		    facts.component, terms->fields);
	return facts;
}

Facts
ticket_facts(const Ticket *ticket, const Terms *terms)
{
	Facts facts = {
		.severity = ticket->severity,
		.kind = ticket->kind,
		.scope = ticket->scope,
		.component = ticket->component,
		.excluded = ticket->excluded,
	};

	return complete_facts(facts, ticket, terms);
}

bool
ticket_response_anew(const Ticket *ticket, Milestone milestone)
{
	return milestone == MILESTONE_RESPONSE &&
	    ticket->reopened != INSTANT_NONE;
}

static Facts
count_from_reopening(Facts facts, const Ticket *ticket, Milestone milestone)
{
	if (facts.received != INSTANT_NONE &&
	    ticket_response_anew(ticket, milestone))
		facts.received = ticket->reopened;
	return facts;
}

Facts
ticket_facts_for(const Ticket *ticket, Milestone milestone, const Terms *terms)
{
	const TicketPast *past = ticket->met_as[milestone];
	Facts facts = { 0 };

	if (past == NULL) {
		facts = ticket_facts(ticket, terms);
		return count_from_reopening(facts, ticket, milestone);
	}
	facts.severity = past->severity;
	facts.kind = past->kind;
	facts.scope = past->scope;
	facts.component = past->component;
	facts.excluded = past->excluded;
	facts = complete_facts(facts, ticket, terms);
	return count_from_reopening(facts, ticket, milestone);
}

Facts
ticket_facts_carried(const Ticket *ticket, Milestone milestone,
    const Terms *terms)
{
	const TicketCarried *carried = ticket->carried[milestone];
	Facts facts = {
		.severity = carried->severity,
		.kind = carried->kind,
		.scope = carried->scope,
		.component = carried->component,
	};

	facts = complete_facts(facts, ticket, terms);
	facts.received = carried->received;
	return facts;
}

/* ---- clocks ---- */

/* When the ticket was done; INSTANT_NONE: it is not. */
static Instant
done_at(const Ticket *ticket)
{
	if (!ticket_state_is_done(ticket->state))
		return INSTANT_NONE;
	return g_array_index(ticket->pauses, Pause, ticket->pauses->len - 1)
	    .from;
}

/* `in_force` are the terms of the plan whose promise it is: its calendars. */
static SlaInput
input_of(const Ticket *ticket, const Terms *in_force, const Target *target,
    Instant received, Instant now)
{
	const Calendar *intake_clock = terms_calendar(in_force,
	    in_force->plan->intake);
	Instant met = ticket->met[target->milestone];
	bool runs_out = ticket->closed_unanswered &&
	    target->milestone == MILESTONE_RESPONSE;

	/* A technician may have been at it before the client asked. */
	if (met != INSTANT_NONE)
		met = MAX(met, received);

	return (SlaInput){
		.milestone = target->milestone,
		.commitment = target->commitment,
		.has_term = target->has_term,
		.within = target->within,
		.target = target,
		.plan = in_force->plan,
		/* A promise without a term may name no calendar. */
		.clock = target->clock != NULL
		    ? terms_calendar(in_force, target->clock)
		    : intake_clock,
		.intake_clock = intake_clock,
		.received = received,
		.met = met,
		.ended = runs_out ? INSTANT_NONE : done_at(ticket),
		.runs_out = runs_out,
		/* What it owed, the one that it was merged into owes. */
		.excluded = (ticket->excluded && !in_force->fell_back) ||
		    ticket->merged_into != 0,
		.is_anew = ticket_response_anew(ticket, target->milestone),
		.pauses = (const Pause *)(void *)ticket->pauses->data,
		.pause_count = ticket->pauses->len,
		.now = now,
	};
}

static SlaClock *
make(const Ticket *ticket, const Terms *in_force, const Target *target,
    Instant received, Instant now)
{
	SlaInput input = input_of(ticket, in_force, target, received, now);
	SlaClock *clock = sla_clock_make(&input);

	/* What the fall-back would have owed before anybody knew of it counts
	 * from then. */
	if (!in_force->fell_back || clock->due == INSTANT_NONE ||
	    clock->due > ticket->excluded_at)
		return clock;
	sla_clock_free(clock);
	input = input_of(ticket, in_force, target, ticket->excluded_at, now);
	return sla_clock_make(&input);
}

SlaClock *
sla_clock_carried(const Ticket *ticket, Milestone milestone, const Terms *terms,
    Instant now)
{
	const TicketCarried *carried = ticket->carried[milestone];
	const Target *targets[MILESTONE_COUNT] = { NULL };
	Facts facts = ticket_facts_carried(ticket, milestone, terms);
	Terms in_force = terms_in_force(terms, &facts, targets);
	SlaInput input;
	SlaClock *clock;

	if (targets[milestone] == NULL || !targets[milestone]->has_term)
		return NULL;
	input = input_of(ticket, &in_force, targets[milestone],
	    carried->received, now);
	input.is_carried = true;
	input.due = carried->due;
	input.since = carried->since;
	clock = sla_clock_make(&input);
	clock->carried_from = carried->ticket;
	return clock;
}

/* Of two promises of one milestone, the later one for the worse, the one that
 * holds: the stronger, or else what is due earlier (doc/domain.md 4). */
static SlaClock *
hold(SlaClock *take_new, SlaClock *take_old)
{
	bool old;

	if (take_new == NULL || take_old == NULL)
		return take_new != NULL ? take_new : take_old;
	old = take_old->commitment < take_new->commitment ||
	    (take_old->commitment == take_new->commitment &&
		take_old->due != INSTANT_NONE &&
		(take_new->due == INSTANT_NONE ||
		    take_old->due < take_new->due));
	sla_clock_free(old ? take_new : take_old);
	return old ? take_old : take_new;
}

static SlaClock *
make_at(const Ticket *ticket, Milestone milestone, const Facts *facts,
    const Terms *terms, Instant now)
{
	const Target *targets[MILESTONE_COUNT] = { NULL };
	Terms in_force = terms_in_force(terms, facts, targets);
	SlaClock *clock;

	if (targets[milestone] == NULL)
		return NULL;
	clock = make(ticket, &in_force, targets[milestone], facts->received,
	    now);
	clock->severity = facts->severity;
	return clock;
}

/* Whether it became as bad as it is only after the clocks' origin. */
static bool
became(const TicketGrade *grade, Instant origin)
{
	return grade->from != INSTANT_NONE && grade->from > origin;
}

/* What holds of the first `grades` severities that the ticket was given, back to
 * the one that it had all along. */
static SlaClock *
make_of_grades(const Ticket *ticket, Milestone milestone, Facts facts,
    guint grades, const Terms *terms, Instant now)
{
	Instant origin = facts.received;
	SlaClock *held = NULL, *clock;
	const TicketGrade *grade;

	for (guint i = grades; i-- > 0;) {
		grade = &g_array_index(ticket->grades, TicketGrade, i);
		facts.severity = grade->severity != 0
		    ? grade->severity
		    : terms->plan->default_severity;
		facts.received = became(grade, origin) ? grade->from : origin;
		clock = make_at(ticket, milestone, &facts, terms, now);
		if (clock != NULL)
			clock->is_worse = became(grade, origin);
		held = hold(held, clock);
		/* What was met of the grades before is no promise any more. */
		if (!became(grade, origin) ||
		    (grade->anew && milestone == MILESTONE_RESPONSE))
			break;
	}
	return held;
}

static bool
has_worsened(const Ticket *ticket, guint grades, Instant origin)
{
	return grades > 0 &&
	    became(&g_array_index(ticket->grades, TicketGrade, grades - 1),
		origin);
}

SlaClock *
sla_clock_for(const Ticket *ticket, Milestone milestone, const Terms *terms,
    Instant now)
{
	const TicketPast *past = ticket->met_as[milestone];
	guint grades = past != NULL ? past->grades : ticket->grades->len;
	Facts facts = ticket_facts_for(ticket, milestone, terms);

	if (facts.received == INSTANT_NONE)
		return NULL;
	return has_worsened(ticket, grades, facts.received)
	    ? make_of_grades(ticket, milestone, facts, grades, terms, now)
	    : make_at(ticket, milestone, &facts, terms, now);
}

GPtrArray *
sla_clocks(const Ticket *ticket, const Terms *terms, Instant now)
{
	GPtrArray *clocks = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)sla_clock_free);
	const Target *targets[MILESTONE_COUNT] = { NULL };
	Facts facts = ticket_facts(ticket, terms);
	bool worse = has_worsened(ticket, ticket->grades->len, facts.received);
	Terms in_force;

	if (facts.received == INSTANT_NONE)
		return clocks;
	in_force = terms_in_force(terms, &facts, targets);
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		SlaClock *clock = NULL;

		if (ticket_met_elsewhere(ticket, (Milestone)m) ||
		    ticket_response_anew(ticket, (Milestone)m))
			continue;
		if (ticket->met_as[m] != NULL || worse)
			clock = sla_clock_for(ticket, (Milestone)m, terms, now);
		else if (targets[m] != NULL)
			clock = make(ticket, &in_force, targets[m],
			    facts.received, now);
		if (clock != NULL && clock->severity == 0)
			clock->severity = facts.severity;
		if (clock != NULL)
			g_ptr_array_add(clocks, clock);
	}
	return clocks;
}

/* ---- continuous effort ---- */

/* When the wait that `at` lies in ends; INSTANT_NONE: not yet. */
static Instant
after_pauses(const Ticket *ticket, Instant at)
{
	for (guint i = 0; i < ticket->pauses->len; i++) {
		const Pause *pause = &g_array_index(ticket->pauses, Pause, i);

		if (pause->to == INSTANT_NONE)
			return INSTANT_NONE;
		if (pause->to > at)
			at = pause->to;
	}
	return at;
}

/* From when on technicians owe continuous effort, INSTANT_NONE if they do not
 * or no longer. Of an alert that is over, and waits for somebody to say so, there
 * is nothing to work around. */
static Instant
effort_from(const Ticket *ticket, Instant intake)
{
	if (ticket_state_is_done(ticket->state) || ticket->excluded ||
	    ticket->kind != KIND_INCIDENT || intake == INSTANT_NONE ||
	    ticket_has_tag(ticket, "recovered") ||
	    ticket->met[MILESTONE_WORKAROUND] != INSTANT_NONE ||
	    ticket->met[MILESTONE_RESTORE] != INSTANT_NONE)
		return INSTANT_NONE;
	return after_pauses(ticket,
	    MAX(intake, MAX(ticket->changed_terms, ticket->reminded)));
}

Instant
sla_remind_at(const Ticket *ticket, const Terms *terms)
{
	const Target *targets[MILESTONE_COUNT];
	Facts facts = ticket_facts(ticket, terms);
	Terms in_force = terms_in_force(terms, &facts, targets);
	const Calendar *hours;
	Duration every;
	Instant from;

	if (in_force.plan == NULL ||
	    (terms_continuous(&in_force, &every) & 1u << facts.severity) == 0)
		return INSTANT_NONE;
	from = effort_from(ticket,
	    calendar_intake(terms_calendar(&in_force, in_force.plan->intake),
		facts.received));
	if (from == INSTANT_NONE)
		return INSTANT_NONE;
	hours = terms_calendar(&in_force, in_force.plan->warning_hours);
	from = calendar_intake(hours, from);
	if (from == INSTANT_NONE)
		return INSTANT_NONE;
	from = duration_end(every, hours, from);
	return from == INSTANT_NONE ? from : calendar_intake(hours, from);
}
