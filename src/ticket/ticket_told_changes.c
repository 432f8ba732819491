/* What the client was told last and is not so any more. */
#include "guichet/ticket/ticket_told.h"

#include <string.h>

/* The ticket as if nobody had been waited for since. */
static TicketView *
view_without_pauses(const TicketView *view)
{
	Ticket *copy = ticket_copy(view->ticket);
	TicketView *other = ticket_view_new(copy);

	for (guint i = copy->pauses->len; i-- > 0;) {
		const Pause *pause = &g_array_index(copy->pauses, Pause, i);

		if (pause->from >= copy->told->at)
			g_array_remove_index(copy->pauses, i);
	}
	ticket_view_settle(other, &view->rules);
	ticket_view_run(other, view->now);
	return other;
}

static bool
is_same_due(Instant a, Instant b)
{
	if (a == INSTANT_NONE || b == INSTANT_NONE)
		return a == b;
	return ABS(a - b) < TOLD_SAME_SECONDS;
}

static void
compare(ToldChanges *changes, const TicketView *view, const TicketView *calm,
    Milestone m)
{
	const Ticket *ticket = view->ticket;
	const SlaClock *now = sla_clock_of(view->clocks, m);
	const SlaClock *still = sla_clock_of(calm->clocks, m);
	ToldPromise promise = { .milestone = m,
		.was = ticket->told->promised[m].is,
		.commitment_before = ticket->told->promised[m].commitment,
		.due_before = ticket->told->promised[m].due,
		.due_now = INSTANT_NONE };

	if (ticket->met[m] != INSTANT_NONE ||
	    (now != NULL && ticket_response_anew(ticket, m)))
		return;
	promise.is = now != NULL && sla_is_owed(now);
	if (promise.is) {
		promise.commitment_now = now->commitment;
		promise.due_now = now->due;
	}
	/* While it cannot be known, nothing is told of it. */
	if (promise.is && now->state != SLA_NO_TERM && now->due == INSTANT_NONE)
		return;
	if (!promise.was && !promise.is)
		return;
	if (promise.was && promise.is &&
	    promise.commitment_before == promise.commitment_now &&
	    is_same_due(promise.due_before,
		still != NULL ? still->due : now->due))
		return;
	g_array_append_val(changes->promises, promise);
}

void
ticket_told_changes_free(ToldChanges *changes)
{
	if (changes == NULL)
		return;
	g_array_unref(changes->promises);
	g_free(changes);
}

/* Of a part of their system a client hears where one of the two is no part of
 * the plan that they bought. */
static bool
is_other_component(const TicketView *view)
{
	const char *then = view->ticket->told->as.component;
	const char *now = view->ticket->component;
	const Plan *plan = view->terms.plan;

	return plan != NULL && strcmp(then, now) != 0 &&
	    !(plan_covers_component(plan, then, view->terms.fields) &&
		plan_covers_component(plan, now, view->terms.fields));
}

/* Whether the last terms that were told since, were those of no breach. */
static bool
is_said(const Ticket *ticket, Instant at)
{
	const TicketTold *told = ticket->told;

	if (at >= told->at)
		return false;
	if (ticket->excluded)
		return *told->exclusion != '\0';
	return told->as.kind == ticket->kind &&
	    strcmp(told->as.component, ticket->component) == 0 &&
	    strcmp(told->as.contract, ticket->contract) == 0;
}

/* Told, and no breach any more, which was not said yet: a response that is owed
 * anew leaves the first one as it was. */
static bool
is_no_breach(const TicketView *view, Milestone m)
{
	const Ticket *ticket = view->ticket;
	const SlaClock *clock = sla_clock_of(view->clocks, m);
	Instant at = ticket->missed[m].at;

	if (at == INSTANT_NONE || is_said(ticket, at))
		return false;
	if (ticket->excluded)
		return true;
	if (ticket_response_anew(ticket, m) && at < ticket->reopened)
		return false;
	return clock == NULL ||
	    (clock->state != SLA_LATE && clock->state != SLA_MISSED);
}

static bool
was_no_breach(const TicketView *view)
{
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		if (is_no_breach(view, (Milestone)m))
			return true;
	}
	return false;
}

static void
compare_promises(ToldChanges *changes, const TicketView *view)
{
	g_autoptr(TicketView) calm = NULL;

	if (ticket_state_is_done(view->ticket->state))
		return;
	calm = view_without_pauses(view);
	for (int m = 0; m < MILESTONE_COUNT; m++)
		compare(changes, view, calm, (Milestone)m);
}

ToldChanges *
ticket_told_changes(const TicketView *view)
{
	const Ticket *ticket = view->ticket;
	const TicketTold *told = ticket->told;
	g_autoptr(ToldChanges) changes = NULL;
	bool breach;

	if (ticket->untold == INSTANT_NONE || told == NULL)
		return NULL;
	breach = was_no_breach(view);
	if (ticket_state_is_done(ticket->state) && !breach)
		return NULL;
	changes = g_new0(ToldChanges, 1);
	changes->breach = breach;
	changes->promises = g_array_new(FALSE, FALSE, sizeof(ToldPromise));
	changes->before = told;
	changes->why = ticket->untold_why;
	changes->contract = strcmp(told->as.contract, ticket->contract) != 0;
	changes->plan = strcmp(told->plan, ticket->plan) != 0;
	changes->kind = told->as.kind != ticket->kind;
	changes->severity = told->as.severity != ticket->severity;
	changes->exclusion = strcmp(told->exclusion, ticket->exclusion) != 0;
	changes->component = is_other_component(view);
	compare_promises(changes, view);
	if (!changes->breach && !changes->contract && !changes->plan &&
	    !changes->kind && !changes->severity && !changes->exclusion &&
	    !changes->component && changes->promises->len == 0)
		return NULL;
	return g_steal_pointer(&changes);
}

/* ---- when ---- */

/* The first instant from `at` on at which one more may go out that nobody has
 * ordered. */
static Instant
automatic_at(const GArray *past, Instant at)
{
	Instant last, third;

	if (past->len == 0)
		return at;
	last = g_array_index(past, Instant, past->len - 1);
	at = MAX(at, last + TOLD_AUTOMATIC_EVERY);
	if (past->len < TOLD_AUTOMATIC_DAY)
		return at;
	third = g_array_index(past, Instant, past->len - TOLD_AUTOMATIC_DAY);
	return MAX(at, third + TOLD_DAY);
}

Instant
ticket_told_correct_at(const TicketView *view)
{
	const Ticket *ticket = view->ticket;
	g_autoptr(ToldChanges) changes = ticket_told_changes(view);
	Instant at;

	if (changes == NULL)
		return INSTANT_NONE;
	at = ticket->untold + TOLD_COLLECTS;
	return changes->why == CAUSE_DESK || changes->why == CAUSE_MERGE
	    ? at
	    : automatic_at(ticket->auto_told, at);
}
