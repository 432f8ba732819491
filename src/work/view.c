/*
 * Tickets as the store has them, with the rules of their day: loaded for who
 * judges, answers or shows them, and projected once they have changed.
 */
#include "guichet/work/work.h"

#include "guichet/base/error.h"
#include "guichet/base/problems.h"
#include "guichet/work/intake.h"

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

/* The sets of rules that the ticket's promises were made under. */
static bool
find_rules(Intake *in, const Ticket *ticket, TicketRules *ret_rules,
    GError **error)
{
	*ret_rules =
	    (TicketRules){ .own = intake_rules(in, ticket->rules, error) };
	if (ret_rules->own == NULL)
		return false;
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		if (!ticket_met_elsewhere(ticket, (Milestone)m))
			continue;
		ret_rules->past[m] = intake_rules(in, ticket->met_as[m]->rules,
		    error);
		if (ret_rules->past[m] == NULL)
			return false;
	}
	return true;
}

TicketView *
view_new(Intake *in, Ticket *take_ticket, GError **error)
{
	g_autoptr(TicketView) view = ticket_view_new(take_ticket);
	TicketRules rules;

	if (!find_rules(in, view->ticket, &rules, error))
		return NULL;
	ticket_view_settle(view, &rules);
	return g_steal_pointer(&view);
}

TicketView *
view_load(Intake *in, gint64 number, GError **error)
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
	return view_new(in, g_steal_pointer(&ticket), error);
}

TicketView *
view_run(Intake *in, gint64 number, Instant now, GError **error)
{
	TicketView *view = view_load(in, number, error);

	if (view != NULL)
		ticket_view_run(view, now);
	return view;
}

bool
view_client(Intake *in, TicketView *view, TicketClient *ret_client,
    GError **error)
{
	if (view->people == NULL &&
	    !store_ticket_people(in->store, view->ticket->number, &view->people,
		error))
		return false;
	*ret_client = ticket_view_client(view, in->ruleset);
	return true;
}

/* Moves the ticket to the plan that its facts now fall under. */
static bool
follow_plan(Intake *in, StoreTx *tx, TicketView *view, const char *actor,
    Instant at, Instant now, GError **error)
{
	g_autoptr(Event) event = ticket_view_follow(view, actor, at, now);
	TicketRules rules;

	if (event == NULL)
		return true;
	if (!effects_append(tx, event, error))
		return false;
	ticket_view_apply(view, event);
	if (!find_rules(in, view->ticket, &rules, error))
		return false;
	ticket_view_settle(view, &rules);
	return true;
}

bool
view_project(Intake *in, StoreTx *tx, gint64 number, const char *actor,
    Instant now, GError **error)
{
	return view_project_at(in, tx, number, actor, now, now, error);
}

bool
view_project_at(Intake *in, StoreTx *tx, gint64 number, const char *actor,
    Instant at, Instant now, GError **error)
{
	g_autoptr(TicketView) view = view_load(in, number, error);

	if (view == NULL ||
	    (actor != NULL &&
		!follow_plan(in, tx, view, actor, at, now, error)))
		return false;
	ticket_view_run(view, now);
	return store_project(tx, view->ticket, view->clocks,
	    ticket_view_wake(view), error);
}
