/* An alert's mail on a ticket: its events, the client's information, opening. */
#include "alert_judgment_private.h"

#include "guichet/base/cleanup.h"

#include <string.h>

bool
alert_judgment_is_cut(const Alert *alert)
{
	return alert->limits[0] != NULL;
}

void
alert_judgment_notify(Judgment *j, gint64 ticket, Reason reason)
{
	judgment_send(j, SEND_NOTICE, ticket)->reason = reason;
}

void
alert_judgment_set_state(Judgment *j, gint64 ticket, TicketState state)
{
	judgment_state(j, ticket, state, MOVED_BY_ALERT);
}

/* ---- the mail and its event on a ticket ---- */

/* Onto the ticket without a word in its log. */
void
alert_judgment_keep(Judgment *j, gint64 ticket)
{
	Effect *effect = judgment_keep(j, ticket);

	(void)effect;
	judgment_trace(j, "effect",
	    "kept on the ticket and counted, nothing new");
}

/* What the mail says of itself; what the case knows, where no mail does. */
static Event *
describe(const AlertJudgment *a, gint64 ticket)
{
	EventStamp stamp = judgment_stamp(a->j, ticket);
	const Alert *alert = a->alert;
	Event *event;

	if (alert == NULL) {
		event = event_make_news(&stamp, NEWS_MAINTENANCE_OVER);
		event_set(event, "host", a->next->host);
		event_set(event, "service", a->next->service);
		return event_set(event, "level",
		    alert_level_name(a->next->level));
	}
	event = event_make_alert(&stamp, alert->type);
	event_set(event, "host", alert->host);
	event_set(event, "service", alert->service);
	event_set(event, "state",
	    *alert->state != '\0' ? alert->state : alert->severity);
	return event_set(event, "level", alert_level_name(alert->level));
}

void
alert_judgment_append(AlertJudgment *a, gint64 ticket, const char *defect)
{
	Judgment *j = a->j;
	g_autofree char *key = alert_case_ticket_key(a->next);

	a->event = judgment_write(j, describe(a, ticket));
	event_set(a->event, "key", key);
	event_set_int(a->event, "count", a->next->count);
	if (a->alert != NULL ? a->alert->members->len > 0
			     : *a->next->members != NULL)
		event_set_int(a->event, "members",
		    g_strv_length(a->next->members));
	judgment_message(j, ticket, AUTHOR_ALERT, false, a->facts->is_trusted,
	    defect);
}

void
alert_judgment_append_or_keep(AlertJudgment *a, gint64 ticket, bool is_news)
{
	if (is_news || alert_case_is_told(a->next->count))
		alert_judgment_append(a, ticket, NULL);
	else
		alert_judgment_keep(a->j, ticket);
}

/* ---- the client ---- */

/* What opens now, or was moved just now, is under today's rules. */
static const Contract *
contract_today(const AlertJudgment *a)
{
	const char *name = a->facts->target.contract;

	return *name != '\0' ? ruleset_contract(a->j->sit->ruleset, name)
			     : NULL;
}

AlertAffair
alert_judgment_new_affair(const AlertJudgment *a, gint64 ticket)
{
	return (AlertAffair){ .number = ticket,
		.contract = contract_today(a),
		.told = &a->facts->told };
}

/* ---- the end ---- */

void
alert_judgment_close(AlertJudgment *a, const TicketView *view,
    const AlertTold *told)
{
	const Ticket *ticket = view->ticket;
	bool others = a->facts->host_firing > 0 &&
	    a->facts->host_ticket == ticket->number;
	const AlertAffair affair = { .number = ticket->number,
		.contract = view->contract,
		.told = told };

	if (others) {
		judgment_trace(a->j, "state",
		    "others of the host fire: it stays open");
		return;
	}
	if (ticket_view_checks_recovery(view)) {
		judgment_trace(a->j, "state",
		    "recovered, to be confirmed by a technician");
		if (!ticket_has_tag(ticket, "recovered"))
			judgment_tag(a->j, ticket->number, "recovered");
		alert_judgment_notify(a->j, ticket->number,
		    REASON_ALERT_UNCONFIRMED);
		return;
	}
	alert_judgment_inform(a, &affair, INFORMED_RECOVERED);
	alert_judgment_set_state(a->j, ticket->number, TICKET_RESOLVED);
	judgment_trace(a->j, "state", "recovered: resolved");
	alert_judgment_notify(a->j, ticket->number, REASON_ALERT_RECOVERED);
}

/* ---- opening ---- */

static bool
stands_in(const char *folded, const char *text)
{
	g_autofree char *line = g_utf8_casefold(text, -1);

	return strstr(line, folded) != NULL;
}

/* The component that match rules found, where the plan covers it and the alert
 * itself speaks of it: its mail may tell of more than one. What words exclude,
 * a person decides. "" for none. */
static const char *
component_of_words(const AlertJudgment *a, const Terms *terms)
{
	const MatchResult *match = a->j->sit->match;
	const char *value = match != NULL ? match->component.value : NULL;
	g_autofree char *folded = NULL;

	if (value == NULL || a->alert == NULL)
		return "";
	folded = g_utf8_casefold(value, -1);
	if (!stands_in(folded, a->alert->service) &&
	    !stands_in(folded, a->alert->info) &&
	    !stands_in(folded, a->alert->host))
		return "";
	for (guint i = 0; i < terms->plan->components->len; i++) {
		const Component *one = terms->plan->components->pdata[i];

		if (strcmp(one->name, value) == 0 &&
		    plan_covers_component(terms->plan, value, terms->fields))
			return value;
	}
	return "";
}

static const Plan *
plan_for(AlertJudgment *a, const Contract *contract, Facts *facts)
{
	const Situation *sit = a->j->sit;
	const AlertTarget *target = &a->facts->target;
	const Target *targets[MILESTONE_COUNT];
	Terms terms;

	facts->severity = target->severity;
	facts->kind = KIND_INCIDENT;
	facts->scope = target->scope;
	facts->component = target->component;
	facts->received = sit->received;
	if (contract == NULL ||
	    !ruleset_terms(sit->ruleset, contract, sit->received, &terms))
		return NULL;
	facts->severity = plan_severity(terms.plan, facts->severity);
	if (*facts->component == '\0')
		facts->component = component_of_words(a, &terms);
	facts->excluded_component = !plan_covers_component(terms.plan,
	    facts->component, terms.fields);
	return plan_in_force(&terms, facts, targets);
}

void
alert_judgment_open_ticket(AlertJudgment *a)
{
	Judgment *j = a->j;
	const Contract *contract = contract_today(a);
	Facts facts = { 0 };
	const Plan *plan = plan_for(a, contract, &facts);

	judgment_opened(j, contract, plan,
	    &(EventOpening){ .facts = &facts, .source = OPENED_BY_ALERT });
	judgment_trace(j, "ticket", "a new one");
	judgment_trace(j, "contract", "%s, plan %s, severity %d",
	    contract != NULL ? contract->name : "none",
	    plan != NULL ? plan->name : "none", facts.severity);
}

void
alert_judgment_begin(AlertJudgment *a)
{
	a->next->count = 1;
	a->next->silenced = false;
	a->next->turned = a->j->sit->received;
	a->j->decision->alert_turned = true;
}

/* Whose it is, where that is not plain; or that nobody knows what it is. */
static void
tell_whose(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	Judgment *j = a->j;

	if (alert_judgment_is_unknown(a)) {
		judgment_tag(j, 0, "unknown-alert");
		judgment_note(j, 0, NOTE_UNKNOWN_ALERT);
	} else if (facts->is_shared) {
		judgment_tag(j, 0, ALERT_TAG_SHARED);
		judgment_note(j, 0, NOTE_SHARED);
		judgment_trace(j, "contract",
		    "hosts of several clients: nobody's");
	} else if (!facts->target.is_mapped) {
		judgment_tag(j, 0, "unmapped-host");
		judgment_note(j, 0, NOTE_UNMAPPED);
		judgment_trace(j, "contract",
		    "no line of rules/alerts/hosts.yaml fits the host");
	} else if (facts->is_partly) {
		judgment_note(j, 0, NOTE_PARTLY_MAPPED);
		judgment_trace(j, "contract",
		    "hosts that no line fits count as the same client's");
	}
}

/* Another client's host has joined what is one client's ticket, or has taken
 * its place there. */
static bool
is_of_another(const AlertJudgment *a, const Ticket *ticket)
{
	const AlertFacts *facts = a->facts;

	return facts->is_shared ||
	    (a->alert->members->len > 0 && facts->target.is_mapped &&
		*ticket->contract != '\0' &&
		strcmp(ticket->contract, facts->target.contract) != 0);
}

bool
alert_judgment_tell_joined(AlertJudgment *a, const Ticket *ticket)
{
	bool is_clients = *ticket->contract != '\0';

	if (!is_of_another(a, ticket))
		return false;
	if (ticket_has_tag(ticket, ALERT_TAG_SHARED))
		return is_clients;
	judgment_tag(a->j, ticket->number, ALERT_TAG_SHARED);
	judgment_note(a->j, ticket->number,
	    is_clients ? NOTE_JOINED : NOTE_SHARED);
	judgment_trace(a->j, "contract",
	    "hosts of several clients now: it stays as it is");
	alert_judgment_notify(a->j, ticket->number, REASON_ALERT_WORSE);
	return is_clients;
}

static void
open_one(AlertJudgment *a)
{
	Judgment *j = a->j;
	AlertAffair affair;

	a->next->ticket = ALERT_TICKET_NEW;
	a->next->opened = j->sit->received;
	alert_judgment_open_ticket(a);
	alert_judgment_append(a, 0, NULL);
	tell_whose(a);
	decide_link_hosts(j);
	if (a->alert != NULL && a->alert->type == ALERT_FLAPPING_START) {
		a->next->flapping = true;
		judgment_tag(j, 0, "flapping");
	}
	affair = alert_judgment_new_affair(a, 0);
	if (a->facts->over_before) {
		alert_judgment_set_state(j, 0, TICKET_RESOLVED);
		alert_judgment_notify(j, 0, REASON_ALERT_RECOVERED);
		return;
	}
	alert_judgment_inform(a, &affair, INFORMED_OPENED);
	alert_judgment_notify(j, 0, REASON_ALERT_OPENED);
}

/* Where nothing is promised, a host has one ticket, told of once. */
static void
join_host(AlertJudgment *a)
{
	a->next->ticket = a->facts->host_ticket;
	alert_judgment_append_or_keep(a, a->facts->host_ticket,
	    a->facts->known == NULL);
	judgment_trace(a->j, "ticket",
	    "#%" G_GINT64_FORMAT " by its host: the contract promises nothing",
	    a->facts->host_ticket);
}

void
alert_judgment_open(AlertJudgment *a)
{
	if (a->facts->host_ticket != 0)
		join_host(a);
	else if (a->facts->is_client_storm ||
	    a->facts->openings >= ALERT_STORM_HOUR)
		alert_judgment_join_storm(a);
	else
		open_one(a);
}
