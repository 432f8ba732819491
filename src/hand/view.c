/*
 * Tickets as the store has them, with the rules of their day: loaded for who
 * judges, answers or shows them, and projected once they have changed.
 */
#include "guichet/hand/hand.h"

#include "guichet/base/error.h"
#include "guichet/base/problems.h"
#include "guichet/ledger/ledger_breach.h"
#include "guichet/ledger/ledger_work.h"
#include "guichet/store/store_ledger.h"
#include "guichet/ticket/ticket_breach.h"

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
	problems_set_past(problems, true);
	ruleset = ruleset_load_terms(files, "stored rules", problems);
	if (ruleset == NULL) {
		/* A newer program no longer reads them: the present rules are
		 * nearer to the promise than none. */
		return in->ruleset;
	}
	g_hash_table_insert(in->past, g_strdup(hash), ruleset);
	return contract_notices_tell(in, ruleset, error) ? ruleset : NULL;
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
	if (*ticket->reopened_rules == '\0')
		return true;
	ret_rules->anew = intake_rules(in, ticket->reopened_rules, error);
	return ret_rules->anew != NULL;
}

TicketView *
view_new(Intake *in, Ticket *take_ticket, GError **error)
{
	g_autoptr(TicketView) view = ticket_view_new(take_ticket);
	TicketRules rules;

	if (!find_rules(in, view->ticket, &rules, error))
		return NULL;
	view->desk = in->desk;
	ticket_view_settle(view, &rules);
	return g_steal_pointer(&view);
}

/* ---- what is in hand ---- */

static void
note_event(void *data, const Event *event)
{
	Intake *in = data;

	for (guint i = in->views->len; i-- > 0;) {
		TicketView *view = in->views->pdata[i];

		if (view->ticket->number != event->ticket)
			continue;
		/* What is folded in already cannot be taken out: from the store
		 * anew. Somebody may still hold this one. */
		if (event->type == EVENT_UNDONE)
			g_ptr_array_add(in->past_views,
			    g_ptr_array_remove_index(in->views, i));
		else
			ticket_view_apply(view, event);
	}
}

/* Somebody may still hold them. */
static void
note_undone(void *data)
{
	Intake *in = data;

	for (guint i = 0; i < in->views->len; i++)
		g_ptr_array_add(in->past_views, in->views->pdata[i]);
	g_ptr_array_set_size(in->views, 0);
}

static const StoreListener listener = { note_event, note_undone };

void
view_begin(Intake *in)
{
	store_listen(in->store, &listener, in);
	note_undone(in);
	g_ptr_array_set_size(in->past_views, 0);
}

void
view_end(Intake *in)
{
	if (in->store != NULL && store_listener(in->store) == in)
		store_listen(in->store, NULL, NULL);
	note_undone(in);
	g_ptr_array_unref(in->past_views);
	g_ptr_array_unref(in->views);
}

static TicketView *
find_view(const Intake *in, gint64 number)
{
	for (guint i = 0; i < in->views->len; i++) {
		TicketView *view = in->views->pdata[i];

		if (view->ticket->number == number)
			return view;
	}
	return NULL;
}

static bool
settle(Intake *in, TicketView *view, GError **error)
{
	TicketRules rules;

	if (view->is_settled)
		return true;
	if (!find_rules(in, view->ticket, &rules, error))
		return false;
	ticket_view_settle(view, &rules);
	return true;
}

/* NULL where the store has no such ticket. */
static bool
load_view(Intake *in, gint64 number, TicketView **ret_view, GError **error)
{
	Ticket *ticket = NULL;

	*ret_view = NULL;
	if (!store_ticket(in->store, number, &ticket, error))
		return false;
	if (ticket == NULL)
		return true;
	*ret_view = ticket_view_new(ticket);
	(*ret_view)->desk = in->desk;
	g_ptr_array_add(in->views, *ret_view);
	return true;
}

bool
view_find(Intake *in, gint64 number, TicketView **ret_view, GError **error)
{
	*ret_view = find_view(in, number);
	if (*ret_view == NULL && !load_view(in, number, ret_view, error))
		return false;
	return *ret_view == NULL || settle(in, *ret_view, error);
}

TicketView *
view_load(Intake *in, gint64 number, GError **error)
{
	TicketView *view;

	if (!view_find(in, number, &view, error))
		return NULL;
	if (view == NULL)
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "there is no ticket #%" G_GINT64_FORMAT
		    "; `guichet list --all` shows those there are",
		    number);
	return view;
}

TicketView *
view_run(Intake *in, gint64 number, Instant now, GError **error)
{
	TicketView *view = view_load(in, number, error);

	if (view != NULL)
		ticket_view_run(view, now);
	return view;
}

static bool
is_ours(const Intake *in, const char *address)
{
	return g_strv_contains((const char *const *)in->conf->own_addresses,
	    address);
}

static GPtrArray *
without_us(const Intake *in, GPtrArray *take_addresses)
{
	for (guint i = take_addresses->len; i-- > 0;) {
		if (is_ours(in, take_addresses->pdata[i]))
			g_ptr_array_remove_index(take_addresses, i);
	}
	return take_addresses;
}

GPtrArray *
view_copies(const Intake *in, const TicketView *view, const char *client)
{
	return without_us(in, ticket_view_copies(view, in->ruleset, client));
}

GPtrArray *
view_parties(const Intake *in, const TicketView *view)
{
	return without_us(in, ticket_view_parties(view, in->ruleset));
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
	/* A form, or a list that rewrites From: nobody answers ourselves. */
	if (is_ours(in, ret_client->address)) {
		ret_client->address = "";
		ret_client->is_program = true;
	}
	return true;
}

bool
view_follow(Intake *in, StoreTx *tx, gint64 number, const Cause *cause,
    GError **error)
{
	TicketView *view = view_load(in, number, error);
	g_autoptr(Event) event = NULL;

	if (view == NULL)
		return false;
	event = ticket_view_follow(view, cause->actor, cause->at, cause->now);
	return event == NULL || hand_append(tx, event, error);
}

/* Its worklog and what it missed, in the ledger of its contract. */
static bool
keep_hours(Intake *in, StoreTx *tx, const TicketView *view, Instant now,
    GError **error)
{
	const Ticket *ticket = view->ticket;
	const Zone *zone = view->contract != NULL
	    ? contract_zone(view->contract, now)
	    : zone_get(in->conf->zone, NULL);
	g_autoptr(GPtrArray) events = ticket->worked ||
		ticket_breaches_need_events(ticket)
	    ? store_events(in->store, ticket->number, error)
	    : g_ptr_array_new();
	g_autoptr(GArray) works = NULL, breaches = NULL;

	if (events == NULL)
		return false;
	works = ledger_works(view, events);
	breaches = ledger_breaches(view, events);
	return store_ledger_project(tx,
	    &(LedgerShare){ ticket->number,
		view->contract != NULL ? view->contract->name : "", works,
		breaches },
	    (LedgerTime){ now, ledger_month_begins(zone, now) }, error);
}

bool
view_project(Intake *in, StoreTx *tx, gint64 number, Instant now,
    GError **error)
{
	TicketView *view = view_run(in, number, now, error);

	return view != NULL &&
	    store_project(tx, view->ticket, view->clocks,
		&(TicketNext){ ticket_view_wake(view), awaits_first(view) },
		error) &&
	    (!ticket_view_is_ahead(view) ||
		store_project_ahead(tx, number, error)) &&
	    keep_hours(in, tx, view, now, error);
}

bool
view_settle(Intake *in, StoreTx *tx, gint64 number, const Cause *cause,
    GError **error)
{
	return view_follow(in, tx, number, cause, error) &&
	    view_project(in, tx, number, cause->now, error);
}

bool
hand_append(StoreTx *tx, Event *event, GError **error)
{
	return store_append(tx, event, error);
}
