/*
 * A ticket with the rules it lives under, its clocks and its client: what is
 * promised on it, whom it answers, and when it must be looked at next.
 */
#include "guichet/ticket/ticket_view.h"

#include "guichet/ticket/awaits.h"
#include "guichet/ticket/event_make.h"
#include "guichet/ticket/ticket_missed.h"
#include "guichet/ticket/ticket_told.h"

#include <string.h>

TicketPeople *
ticket_people_new(void)
{
	TicketPeople *people = g_new0(TicketPeople, 1);
	char **words[] = { &people->subject, &people->opener,
		&people->first_client, &people->asker, &people->proven };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		*words[i] = g_strdup("");
	people->copied = g_new0(char *, 1);
	people->openers = g_new0(char *, 1);
	people->writers = g_new0(char *, 1);
	return people;
}

void
ticket_people_free(TicketPeople *people)
{
	if (people == NULL)
		return;
	g_free(people->subject);
	g_free(people->opener);
	g_free(people->first_client);
	g_free(people->asker);
	g_free(people->proven);
	g_strfreev(people->copied);
	g_strfreev(people->openers);
	g_strfreev(people->writers);
	g_free(people);
}

TicketView *
ticket_view_new(Ticket *take_ticket)
{
	TicketView *view = g_new0(TicketView, 1);

	view->ticket = take_ticket;
	return view;
}

void
ticket_view_free(TicketView *view)
{
	if (view == NULL)
		return;
	g_clear_pointer(&view->clocks, g_ptr_array_unref);
	ticket_people_free(view->people);
	ticket_free(view->ticket);
	g_free(view);
}

/* Of a day of the world, in seconds: on that date in any zone but the farthest. */
#define NOON (12 * 3600)

/* ---- terms and clocks ---- */

/* `rules` NULL: those of a ticket as it was once, which nobody has looked up. */
static bool
find_terms(const Ruleset *rules, const char *name, Instant received,
    Terms *ret_terms)
{
	const Contract *contract = rules != NULL ? ruleset_contract(rules, name)
						 : NULL;

	return contract != NULL &&
	    ruleset_terms(rules, contract, received, ret_terms);
}

void
ticket_view_settle(TicketView *view, const TicketRules *rules)
{
	const Ticket *ticket = view->ticket;
	const Target *targets[MILESTONE_COUNT];
	Facts facts;

	g_clear_pointer(&view->clocks, g_ptr_array_unref);
	view->is_settled = true;
	view->rules = *rules;
	view->terms = view->in_force = (Terms){ 0 };
	view->contract = ruleset_contract(rules->own, ticket->contract);
	view->has_terms = find_terms(rules->own, ticket->contract,
	    ticket->received, &view->terms);
	/* An alert is a mandate to work only where the plan says so. */
	if (view->has_terms &&
	    ticket_origin(ticket, view->terms.plan) == INSTANT_NONE)
		view->has_terms = false;
	if (!view->has_terms)
		return;
	facts = ticket_facts(ticket, &view->terms);
	view->in_force = terms_in_force(&view->terms, &facts, targets);
}

static gint
compare_clocks(gconstpointer a, gconstpointer b)
{
	const SlaClock *x = *(const SlaClock *const *)a;
	const SlaClock *y = *(const SlaClock *const *)b;

	return (int)x->milestone - (int)y->milestone;
}

/* Under which contract one milestone was promised and from when on, where that
 * is not as the rest of the ticket: what was met before it moved to this
 * contract, as it was then, and a response that is owed anew. */
static bool
find_other_terms(const TicketView *view, Milestone milestone, Terms *ret_terms)
{
	const Ticket *ticket = view->ticket;
	const TicketPast *past = ticket->met_as[milestone];
	bool anew = ticket_response_anew(ticket, milestone);
	Instant from = anew ? ticket->reopened : ticket->received;

	if (ticket_met_elsewhere(ticket, milestone))
		return find_terms(view->rules.past[milestone], past->contract,
		    from, ret_terms);
	return anew && view->has_terms &&
	    find_terms(view->rules.anew != NULL ? view->rules.anew
						: view->rules.own,
		ticket->contract, from, ret_terms);
}

static void
add_other_clocks(TicketView *view)
{
	guint count = view->clocks->len;

	for (int m = 0; m < MILESTONE_COUNT; m++) {
		SlaClock *clock = NULL;
		Terms terms;

		if (find_other_terms(view, (Milestone)m, &terms))
			clock = sla_clock_for(view->ticket, (Milestone)m,
			    &terms, view->now);
		if (clock != NULL)
			g_ptr_array_add(view->clocks, clock);
	}
	if (view->clocks->len > count)
		g_ptr_array_sort(view->clocks, compare_clocks);
}

static SlaClock **
find_clock(const TicketView *view, Milestone milestone)
{
	for (guint i = 0; i < view->clocks->len; i++) {
		SlaClock **clock = (SlaClock **)&view->clocks->pdata[i];

		if ((*clock)->milestone == milestone)
			return clock;
	}
	return NULL;
}

/* Of the ticket's own promise and one carried over, the earlier holds. */
static void
add_carried(TicketView *view, Milestone milestone)
{
	const TicketCarried *carried = view->ticket->carried[milestone];
	SlaClock **own = find_clock(view, milestone);
	SlaClock *clock;
	Terms terms;

	if (!find_terms(view->rules.own, view->ticket->contract,
		carried->received, &terms))
		return;
	clock = sla_clock_carried(view->ticket, milestone, &terms, view->now);
	if (clock == NULL)
		return;
	if (own == NULL) {
		g_ptr_array_add(view->clocks, clock);
		g_ptr_array_sort(view->clocks, compare_clocks);
	} else if (carried->alone || (*own)->due == INSTANT_NONE ||
	    clock->due < (*own)->due) {
		sla_clock_free(*own);
		*own = clock;
	} else {
		sla_clock_free(clock);
	}
}

void
ticket_view_run(TicketView *view, Instant now)
{
	if (view->clocks != NULL && view->now == now)
		return;
	g_clear_pointer(&view->clocks, g_ptr_array_unref);
	view->now = now;
	view->clocks = view->has_terms
	    ? sla_clocks(view->ticket, &view->terms, now)
	    : g_ptr_array_new_with_free_func((GDestroyNotify)sla_clock_free);
	add_other_clocks(view);
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		if (view->ticket->carried[m] != NULL)
			add_carried(view, (Milestone)m);
	}
}

/* What moves no clock and no client. */
static bool
is_record(const Event *event)
{
	const char *author;

	switch (event->type) {
	case EVENT_TOLD:
	case EVENT_HELD:
	case EVENT_LIFE:
	case EVENT_LINKED:
	case EVENT_TAG:
	case EVENT_ASSIGNED:
	case EVENT_WARNED:
	case EVENT_REMINDED:
	case EVENT_ANSWERED:
	case EVENT_NEXT:
	case EVENT_LATER:
	case EVENT_ESTIMATE:
	case EVENT_APPROVAL:
	case EVENT_MINDED:
		return true;
	case EVENT_SENT:
		return *event_text(event, "unmet") == '\0';
	case EVENT_MESSAGE:
		author = event_text(event, "author");
		return !event_author_is(author, AUTHOR_CLIENT) &&
		    !event_author_is(author, AUTHOR_STRANGER);
	default:
		return false;
	}
}

bool
ticket_view_apply(TicketView *view, const Event *event)
{
	/* One that makes no sense changes nothing, today as on its day. */
	ticket_apply(view->ticket, event);
	if (is_record(event))
		return true;
	view->is_settled = false;
	g_clear_pointer(&view->clocks, g_ptr_array_unref);
	if (event->type == EVENT_MESSAGE)
		g_clear_pointer(&view->people, ticket_people_free);
	return false;
}

/* ---- its own rules ---- */

const Plan *
ticket_view_plan(const TicketView *view)
{
	return ruleset_plan(view->rules.own, view->ticket->plan);
}

const Plan *
ticket_view_plan_meant(const TicketView *view)
{
	const Plan *plan = ticket_view_plan(view);

	return plan != NULL ? plan : view->terms.plan;
}

bool
ticket_view_awaits_client(const TicketView *view)
{
	return view->terms.plan != NULL &&
	    ticket_origin(view->ticket, view->terms.plan) == INSTANT_NONE;
}

bool
ticket_view_is_ahead(const TicketView *view)
{
	const PlanTerms *offer;

	if (!view->has_terms)
		return false;
	/* Of the plan that was bought, whichever judges; what it falls back to
	 * may have a condition of its own. */
	offer = &view->terms.plan->terms;
	if (offer->ahead || terms_field_is_yes(&view->terms, offer->ahead_if))
		return true;
	return view->in_force.plan != NULL &&
	    terms_field_is_yes(&view->terms,
		view->in_force.plan->terms.ahead_if);
}

bool
ticket_view_checks_recovery(const TicketView *view)
{
	const Plan *plan = ticket_view_plan(view);

	return plan != NULL &&
	    (plan->confirm_recoveries & 1u << view->ticket->severity) != 0;
}

/* So many hours of a plan are hours of the world, whenever it is open; days are
 * its calendar's. */
static Instant
count_from(const Terms *terms, Duration within, Instant from)
{
	return within.unit == DURATION_TIME
	    ? from + within.count
	    : duration_end(within, terms_calendar(terms, terms->plan->intake),
		  from);
}

/* How long an alert may stay away, counted from `end`; INSTANT_NONE: no term
 * says. */
static Instant
recurrence_from(const TicketView *view, Instant end)
{
	const Target *targets[MILESTONE_COUNT] = { NULL };
	const Target *response;
	Facts facts = ticket_facts(view->ticket, &view->terms);
	Terms in_force;

	facts.received = view->ticket->received; /* mandate or not */
	in_force = terms_in_force(&view->terms, &facts, targets);
	if (in_force.plan == NULL)
		return INSTANT_NONE;
	if (in_force.plan->has_recurrence)
		return count_from(&in_force, in_force.plan->recurrence, end);
	/* What was no mandate owed no answer. */
	response = view->has_terms ? targets[MILESTONE_RESPONSE] : NULL;
	if (response == NULL || !response->has_term)
		return INSTANT_NONE;
	return duration_end(response->within,
	    terms_calendar(&in_force, response->clock), end);
}

Instant
ticket_view_recurrence_end(const TicketView *view, Seconds least)
{
	const Ticket *ticket = view->ticket;
	Instant end = INSTANT_NONE;

	if (view->terms.plan != NULL &&
	    ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		end = recurrence_from(view, ticket->resolved);
	return end == INSTANT_NONE ? ticket->resolved + least
				   : MAX(end, ticket->resolved + least);
}

Instant
ticket_view_reopen_end(const TicketView *view, Seconds otherwise)
{
	Instant since = ticket_done_since(view->ticket);
	const Terms *terms = view->in_force.plan != NULL ? &view->in_force
							 : &view->terms;
	Instant end;

	if (terms->plan == NULL || !terms->plan->has_reopen)
		return since + otherwise;
	end = count_from(terms, terms->plan->reopen, since);
	return end != INSTANT_NONE ? end : since + otherwise;
}

bool
ticket_view_known_terms(const TicketView *view, Terms *ret_terms)
{
	Date last;

	if (view->has_terms) {
		*ret_terms = view->terms;
		return true;
	}
	return view->contract != NULL &&
	    contract_life(view->contract, view->ticket->received, &last) ==
	    CONTRACT_OVER &&
	    ruleset_terms(view->rules.own, view->contract,
		wall_midnight(last) + NOON, ret_terms);
}

const Zone *
ticket_view_zone(const TicketView *view)
{
	Terms terms;

	if (!ticket_view_known_terms(view, &terms))
		return NULL;
	return terms.zone != NULL ? terms.zone : terms.plan->zone;
}

Event *
ticket_view_follow(const TicketView *view, const char *actor, Instant at,
    Instant now)
{
	const Target *targets[MILESTONE_COUNT];
	const Ticket *ticket = view->ticket;
	const Plan *plan;
	const char *name;
	Facts facts;
	EventStamp stamp = { .ticket = ticket->number,
		.at = at,
		.recorded = now,
		.actor = actor };

	if (!view->has_terms || ticket->kind == KIND_DUTY)
		return NULL;
	facts = ticket_facts(ticket, &view->terms);
	plan = plan_in_force(&view->terms, &facts, targets);
	name = plan != NULL ? plan->name : "";
	if (strcmp(name, ticket->plan) == 0)
		return NULL;
	return event_make_contract(&stamp, ticket->contract, name,
	    ticket->rules, NULL);
}

/* ---- what time brings ---- */

/* Closed without a word, and missed then. Of what was long over when its closing
 * was read anew, nobody need hear. */
static bool
has_run_out(const TicketView *view, const SlaClock *clock)
{
	return view->ticket->closed_unanswered && clock->state == SLA_MISSED &&
	    clock->met == INSTANT_NONE &&
	    clock->milestone == MILESTONE_RESPONSE &&
	    clock->due > view->now - MISSED_RECENT;
}

/* A clock that nobody need be warned about: met, ended, paused (it moves by
 * itself until an event ends the pause), or without a judgment. */
static bool
is_quiet(const TicketView *view, const SlaClock *clock)
{
	return clock->commitment == COMMITMENT_BEST_EFFORT ||
	    (clock->state != SLA_RUNNING && clock->state != SLA_LATE &&
		!has_run_out(view, clock));
}

/* The plan's first share above `after`, then 100 for the breach, then 0. */
static int
share_above(const Plan *plan, int after)
{
	const int *shares = plan->warning_shares;

	for (gsize i = 0;
	     i < G_N_ELEMENTS(plan->warning_shares) && shares[i] > 0; i++) {
		if (shares[i] > after)
			return shares[i];
	}
	return after < 100 ? 100 : 0;
}

int
ticket_view_told_share(const TicketView *view, const SlaClock *clock)
{
	const Ticket *ticket = view->ticket;
	Instant told_at = ticket->warned_at[clock->milestone];
	int told = 0, share;

	if (!ticket->rearmed[clock->milestone] || view->in_force.plan == NULL)
		return ticket->warned[clock->milestone];
	/* What this clock had reached then was told with it. */
	while ((share = share_above(view->in_force.plan, told)) != 0) {
		Instant at = sla_share_at(clock, share);

		if (at == INSTANT_NONE || at > told_at)
			break;
		told = share;
	}
	return told;
}

int
ticket_view_next_share(const TicketView *view, const SlaClock *clock, int after)
{
	if (is_quiet(view, clock) || view->in_force.plan == NULL)
		return 0;
	return share_above(view->in_force.plan, after);
}

Instant
ticket_view_alarm_at(const TicketView *view, const SlaClock *clock, int share)
{
	const char *hours = view->in_force.plan->warning_hours;
	Instant at = sla_share_at(clock, share);

	if (at == INSTANT_NONE)
		return at;
	/* In the due second itself an answer is still in time. */
	if (share >= 100)
		at++;
	if (hours == NULL)
		return at;
	return calendar_intake(terms_calendar(&view->in_force, hours), at);
}

/* ---- what became worse ---- */

/* When a response that counts from `from` would be due; INSTANT_NONE: never. */
static Instant
response_due(const Terms *in_force, const Target *target, Instant from)
{
	const Calendar *clock = terms_calendar(in_force,
	    in_force->plan->intake);
	Instant intake = calendar_intake(clock, from);

	if (target->clock != NULL)
		clock = terms_calendar(in_force, target->clock);
	return intake == INSTANT_NONE
	    ? INSTANT_NONE
	    : duration_end(target->within, clock, intake);
}

bool
ticket_view_owes_response(const TicketView *view, const TicketGrade *grade,
    TicketKind kind)
{
	const Ticket *ticket = view->ticket;
	const Target *before[MILESTONE_COUNT] = { NULL };
	const Target *after[MILESTONE_COUNT] = { NULL };
	const Target *old, *new;
	Terms then, now;
	Facts facts;

	if (!view->has_terms || ticket->excluded ||
	    ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		return false;
	facts = ticket_facts(ticket, &view->terms);
	then = terms_in_force(&view->terms, &facts, before);
	facts.severity = grade->severity;
	facts.kind = kind;
	now = terms_in_force(&view->terms, &facts, after);
	old = before[MILESTONE_RESPONSE];
	new = after[MILESTONE_RESPONSE];
	if (new == NULL || !new->has_term)
		return false;
	return old == NULL || !old->has_term || then.plan != now.plan ||
	    new->commitment < old->commitment ||
	    response_due(&now, new, grade->from) <
	    response_due(&then, old, grade->from);
}

/* When something is to be told of the clock; or when its state changes, since
 * best effort runs late without a word. */
static Instant
wake_of(const TicketView *view, const SlaClock *clock)
{
	int share = ticket_view_next_share(view, clock,
	    ticket_view_told_share(view, clock));

	if (share != 0)
		return ticket_view_alarm_at(view, clock, share);
	return clock->state == SLA_RUNNING && clock->due != INSTANT_NONE
	    ? clock->due + 1
	    : INSTANT_NONE;
}

static Instant
earlier(Instant a, Instant b)
{
	return a == INSTANT_NONE ? b : b == INSTANT_NONE ? a : MIN(a, b);
}

Instant
ticket_view_clocks_wake(const TicketView *view)
{
	/* Of what is done, too: nobody has kept it. */
	Instant wake = ticket_missed_tell_at(view);

	if (view->has_terms)
		wake = earlier(wake, sla_remind_at(view->ticket, &view->terms));
	for (guint i = 0; i < view->clocks->len; i++)
		wake = earlier(wake, wake_of(view, view->clocks->pdata[i]));
	return earlier(wake, ticket_told_correct_at(view));
}

Instant
ticket_view_wake(const TicketView *view)
{
	return awaits_wake(view, ticket_view_clocks_wake(view));
}
