#include "intake-private.h"

#include "guichet/error.h"
#include "guichet/problems.h"

#include <string.h>

const Ruleset *
intake_rules(Intake *in, const char *hash, GError **error)
{
	g_autoptr(Problems) problems = NULL;
	g_autoptr(RuleFiles) files = NULL;
	Ruleset *ruleset;

	if (*hash == '\0' || strcmp(hash, ruleset_hash(in->ruleset)) == 0)
		return in->ruleset;
	ruleset = g_hash_table_lookup(in->past, hash);
	if (ruleset != NULL)
		return ruleset;
	if (!store_rules(in->store, hash, &files, error))
		return NULL;
	if (files == NULL)
		return in->ruleset;
	problems = problems_new();
	ruleset = ruleset_load(files, "stored rules", problems);
	if (ruleset == NULL) {
		/* A newer program no longer reads them: the present rules are
		 * nearer to the promise than none. */
		return in->ruleset;
	}
	g_hash_table_insert(in->past, g_strdup(hash), ruleset);
	return ruleset;
}

void
docket_free(Docket *docket)
{
	if (docket == NULL)
		return;
	g_clear_pointer(&docket->clocks, g_ptr_array_unref);
	ticket_free(docket->ticket);
	g_free(docket);
}

Docket *
docket_new(Intake *in, Ticket *take_ticket, Instant now, GError **error)
{
	g_autoptr(Docket) docket = g_new0(Docket, 1);
	const Ruleset *ruleset;
	const Contract *contract;

	docket->ticket = take_ticket;
	ruleset = intake_rules(in, docket->ticket->rules, error);
	if (ruleset == NULL)
		return NULL;
	contract = ruleset_contract(ruleset, docket->ticket->contract);
	docket->has_terms = contract != NULL &&
	    ruleset_terms(ruleset, contract, docket->ticket->received,
		&docket->terms);
	/* An alert is a mandate to work only where the plan says so. */
	if (docket->has_terms && !docket->terms.plan->alerts_are_mandate &&
	    strcmp(docket->ticket->source, "alert") == 0)
		docket->has_terms = false;
	docket->clocks = docket->has_terms
	    ? sla_clocks(docket->ticket, &docket->terms, now)
	    : g_ptr_array_new();
	return g_steal_pointer(&docket);
}

Docket *
docket_load(Intake *in, gint64 number, Instant now, GError **error)
{
	g_autoptr(Ticket) ticket = NULL;

	if (!store_ticket(in->store, number, &ticket, error))
		return NULL;
	if (ticket == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "there is no ticket #%" G_GINT64_FORMAT
		    "; `guichet list --all` shows those there are",
		    number);
		return NULL;
	}
	return docket_new(in, g_steal_pointer(&ticket), now, error);
}

/* A clock that nobody need be warned about: met, ended, paused (it moves by
 * itself until an event ends the pause), or without a judgment. */
static bool
is_quiet(const SlaClock *clock)
{
	return clock->commitment == COMMITMENT_BEST_EFFORT ||
	    (clock->state != SLA_RUNNING && clock->state != SLA_LATE);
}

int
docket_next_share(const Docket *docket, const SlaClock *clock, int after)
{
	const int *shares = docket->terms.plan->warning_shares;

	if (is_quiet(clock))
		return 0;
	for (gsize i = 0;
	     i < G_N_ELEMENTS(docket->terms.plan->warning_shares) &&
	     shares[i] > 0;
	     i++) {
		if (shares[i] > after)
			return shares[i];
	}
	return after < 100 ? 100 : 0;
}

Instant
docket_alarm_at(const Docket *docket, const SlaClock *clock, int share)
{
	const char *hours = docket->terms.plan->warning_hours;
	Instant at = sla_share_at(clock, docket->ticket, share);

	if (at == INSTANT_NONE || hours == NULL)
		return at;
	return calendar_intake(terms_calendar(&docket->terms, hours), at);
}

/* When the tick must look again; INSTANT_NONE: never. */
static Instant
next_wake(const Docket *docket)
{
	Instant wake = INSTANT_NONE;

	if (ticket_state_is_done(docket->ticket->state))
		return INSTANT_NONE;
	for (guint i = 0; i < docket->clocks->len; i++) {
		const SlaClock *clock = docket->clocks->pdata[i];
		int share = docket_next_share(docket, clock,
		    docket->ticket->warned[clock->milestone]);
		Instant at = share != 0 ? docket_alarm_at(docket, clock, share)
					: INSTANT_NONE;

		if (at != INSTANT_NONE && (wake == INSTANT_NONE || at < wake))
			wake = at;
	}
	return wake;
}

/* Moves the ticket to the plan that its facts now fall under. */
static bool
follow_plan(StoreTx *tx, Docket *docket, const char *actor, Instant now,
    GError **error)
{
	const Target *targets[MILESTONE_COUNT];
	Facts facts = ticket_facts(docket->ticket, &docket->terms);
	const Plan *plan = plan_in_force(&docket->terms, &facts, targets);
	const char *name = plan != NULL ? plan->name : "";
	g_autoptr(Event) event = NULL;

	if (strcmp(name, docket->ticket->plan) == 0)
		return true;
	event = event_new(EVENT_CONTRACT, docket->ticket->number, now, actor,
	    0);
	event->recorded = now;
	event_set(event, "contract", docket->ticket->contract);
	event_set(event, "plan", name);
	event_set(event, "rules", docket->ticket->rules);
	return store_append(tx, event, error) &&
	    (ticket_apply(docket->ticket, event), true);
}

bool
docket_project(Intake *in, StoreTx *tx, gint64 number, const char *actor,
    Instant now, GError **error)
{
	g_autoptr(Docket) docket = docket_load(in, number, now, error);

	if (docket == NULL)
		return false;
	if (docket->has_terms && actor != NULL &&
	    !follow_plan(tx, docket, actor, now, error))
		return false;
	return store_project(tx, docket->ticket, docket->clocks,
	    ticket_state_is_done(docket->ticket->state) ? INSTANT_NONE
							: next_wake(docket),
	    error);
}
