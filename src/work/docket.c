/*
 * A ticket with its terms and clocks: loaded, projected, and when it must be
 * looked at next.
 */
#include "guichet/work/work.h"

#include "guichet/base/error.h"
#include "guichet/base/problems.h"

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
	ruleset = ruleset_load_terms(files, "stored rules", problems);
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

static bool
terms_of(Intake *in, const Ticket *ticket, const char *contract_name,
    const char *rules, bool *ret_has, Terms *ret_terms, GError **error)
{
	const Ruleset *ruleset = intake_rules(in, rules, error);
	const Contract *contract;

	if (ruleset == NULL)
		return false;
	contract = ruleset_contract(ruleset, contract_name);
	*ret_has = contract != NULL &&
	    ruleset_terms(ruleset, contract, ticket->received, ret_terms);
	return true;
}

static gint
compare_clocks(gconstpointer a, gconstpointer b)
{
	const SlaClock *x = *(const SlaClock *const *)a;
	const SlaClock *y = *(const SlaClock *const *)b;

	return (int)x->milestone - (int)y->milestone;
}

/* What was met before the ticket moved to this contract, as it was then. */
static bool
add_past_clocks(Intake *in, Docket *docket, Instant now, GError **error)
{
	const Ticket *ticket = docket->ticket;
	guint count = docket->clocks->len;

	for (int m = 0; m < MILESTONE_COUNT; m++) {
		const TicketPast *past = ticket->met_as[m];
		SlaClock *clock;
		Terms terms;
		bool has;

		if (!ticket_met_elsewhere(ticket, (Milestone)m))
			continue;
		if (!terms_of(in, ticket, past->contract, past->rules, &has,
			&terms, error))
			return false;
		clock = has ? sla_clock_for(ticket, (Milestone)m, &terms, now)
			    : NULL;
		if (clock != NULL)
			g_ptr_array_add(docket->clocks, clock);
	}
	if (docket->clocks->len > count)
		g_ptr_array_sort(docket->clocks, compare_clocks);
	return true;
}

Docket *
docket_new(Intake *in, Ticket *take_ticket, Instant now, GError **error)
{
	g_autoptr(Docket) docket = g_new0(Docket, 1);
	const Target *targets[MILESTONE_COUNT];

	docket->ticket = take_ticket;
	if (!terms_of(in, take_ticket, take_ticket->contract,
		take_ticket->rules, &docket->has_terms, &docket->terms, error))
		return NULL;
	/* An alert is a mandate to work only where the plan says so. */
	if (docket->has_terms &&
	    ticket_origin(take_ticket, docket->terms.plan) == INSTANT_NONE)
		docket->has_terms = false;
	if (docket->has_terms) {
		Facts facts = ticket_facts(docket->ticket, &docket->terms);

		docket->in_force = terms_in_force(&docket->terms, &facts,
		    targets);
		docket->clocks = sla_clocks(docket->ticket, &docket->terms,
		    now);
	} else {
		docket->clocks = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)sla_clock_free);
	}
	if (!add_past_clocks(in, docket, now, error))
		return NULL;
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

const char *
docket_informed(const Intake *in, const Ticket *ticket)
{
	const Contract *contract = ruleset_contract(in->ruleset,
	    ticket->contract);
	const Contact *first;

	if (contract == NULL || !contract->inform_of_alerts ||
	    contract->contacts->len == 0)
		return "";
	first = contract->contacts->pdata[0];
	return first->address;
}

bool
docket_words(Intake *in, const Docket *docket, char **ret_subject,
    char **ret_requester, gint64 *ret_mail, GError **error)
{
	const Ticket *ticket = docket->ticket;
	g_autofree char *subject = NULL, *opener = NULL, *client = NULL;

	if (!store_ticket_words(in->store, ticket->number, &subject, &opener,
		ret_mail, error))
		return false;
	if (strcmp(ticket->source, "alert") == 0 &&
	    !store_first_client(in->store, ticket->number, &client, error))
		return false;
	if (client != NULL && *client == '\0') {
		g_free(client);
		client = g_strdup(docket_informed(in, ticket));
	}
	*ret_subject = g_steal_pointer(&subject);
	*ret_requester = client != NULL ? g_steal_pointer(&client)
					: g_steal_pointer(&opener);
	return true;
}

/* A clock that nobody need be warned about: met, ended, paused (it moves by
 * itself until an event ends the pause), or without a judgment. */
static bool
is_quiet(const SlaClock *clock)
{
	return clock->commitment == COMMITMENT_BEST_EFFORT ||
	    (clock->state != SLA_RUNNING && clock->state != SLA_LATE);
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
docket_told_share(const Docket *docket, const SlaClock *clock)
{
	const Ticket *ticket = docket->ticket;
	Instant told_at = ticket->warned_at[clock->milestone];
	int told = 0, share;

	if (!ticket->rearmed[clock->milestone] || docket->in_force.plan == NULL)
		return ticket->warned[clock->milestone];
	/* What this clock had reached then was told with it. */
	while ((share = share_above(docket->in_force.plan, told)) != 0) {
		Instant at = sla_share_at(clock, ticket, share);

		if (at == INSTANT_NONE || at > told_at)
			break;
		told = share;
	}
	return told;
}

int
docket_next_share(const Docket *docket, const SlaClock *clock, int after)
{
	if (is_quiet(clock) || docket->in_force.plan == NULL)
		return 0;
	return share_above(docket->in_force.plan, after);
}

Instant
docket_alarm_at(const Docket *docket, const SlaClock *clock, int share)
{
	const char *hours = docket->in_force.plan->warning_hours;
	Instant at = sla_share_at(clock, docket->ticket, share);

	if (at == INSTANT_NONE)
		return at;
	/* In the due second itself an answer is still in time. */
	if (share >= 100)
		at++;
	if (hours == NULL)
		return at;
	return calendar_intake(terms_calendar(&docket->in_force, hours), at);
}

/* When something is to be told of the clock; or when its state changes, since
 * best effort runs late without a word. */
static Instant
wake_of(const Docket *docket, const SlaClock *clock)
{
	int share = docket_next_share(docket, clock,
	    docket_told_share(docket, clock));

	if (share != 0)
		return docket_alarm_at(docket, clock, share);
	return clock->state == SLA_RUNNING && clock->due != INSTANT_NONE
	    ? clock->due + 1
	    : INSTANT_NONE;
}

/* When the tick must look again; INSTANT_NONE: never. */
static Instant
next_wake(const Docket *docket)
{
	Instant wake = docket->has_terms
	    ? sla_remind_at(docket->ticket, &docket->terms)
	    : INSTANT_NONE;

	if (ticket_state_is_done(docket->ticket->state))
		return INSTANT_NONE;
	for (guint i = 0; i < docket->clocks->len; i++) {
		Instant at = wake_of(docket, docket->clocks->pdata[i]);

		if (at != INSTANT_NONE && (wake == INSTANT_NONE || at < wake))
			wake = at;
	}
	return wake;
}

/* Moves the ticket to the plan that its facts now fall under. */
static bool
follow_plan(StoreTx *tx, Docket *docket, const char *actor, Instant at,
    Instant now, GError **error)
{
	const Target *targets[MILESTONE_COUNT];
	Facts facts = ticket_facts(docket->ticket, &docket->terms);
	const Plan *plan = plan_in_force(&docket->terms, &facts, targets);
	const char *name = plan != NULL ? plan->name : "";
	g_autoptr(Event) event = NULL;

	if (strcmp(name, docket->ticket->plan) == 0 ||
	    docket->ticket->kind == KIND_DUTY)
		return true;
	event = event_new(EVENT_CONTRACT, docket->ticket->number, at, actor, 0);
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
	return docket_project_at(in, tx, number, actor, now, now, error);
}

bool
docket_project_at(Intake *in, StoreTx *tx, gint64 number, const char *actor,
    Instant at, Instant now, GError **error)
{
	g_autoptr(Docket) docket = docket_load(in, number, now, error);

	if (docket == NULL)
		return false;
	if (docket->has_terms && actor != NULL &&
	    !follow_plan(tx, docket, actor, at, now, error))
		return false;
	return store_project(tx, docket->ticket, docket->clocks,
	    ticket_state_is_done(docket->ticket->state) ? INSTANT_NONE
							: next_wake(docket),
	    error);
}
