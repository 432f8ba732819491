/*
 * What a monitoring system's mail may do. Alerts join by their key and nothing
 * else (DESIGN.md 7). A source that proves who it is opens, worsens and
 * resolves; anybody else's alert is a machine's mail that closes nothing
 * (SECURITY.md T3).
 */
#include "judgment-private.h"

#include "guichet/cleanup.h"

#include <string.h>

/* The judgment on one alert, and what is known of it afterwards. */
typedef struct {
	Judgment *j;
	const AlertFacts *facts;
	const Alert *alert;
	AlertCase *next; /* the decision's */
	Event *event;    /* the ticket's event about this mail, NULL */
} AlertJudgment;

static bool
is_open(const Ticket *ticket)
{
	return ticket != NULL && !ticket_state_is_done(ticket->state);
}

static bool
is_close_to_none(const Alert *alert)
{
	return alert->limits[0] != NULL;
}

static void
notify(Judgment *j, gint64 ticket, const char *reason)
{
	judgment_send(j, SEND_NOTICE, ticket)->reason = g_strdup(reason);
}

static void
tag(Judgment *j, gint64 ticket, const char *verb, const char *word)
{
	event_set(judgment_event(j, EVENT_TAG, ticket), verb, word);
}

static bool
has_tag(const Ticket *ticket, const char *word)
{
	return ticket != NULL &&
	    g_ptr_array_find_with_equal_func(ticket->tags, word, g_str_equal,
		NULL);
}

static void
set_state(Judgment *j, gint64 ticket, TicketState state)
{
	event_set(event_set(judgment_event(j, EVENT_STATE, ticket), "state",
		      ticket_state_name(state)),
	    "by", "alert");
}

/* ---- the mail and its event on a ticket ---- */

/* Onto the ticket without a word in its log. */
static void
keep(Judgment *j, gint64 ticket)
{
	Effect *effect = judgment_keep(j, ticket);

	(void)effect;
	judgment_trace(j, "effect",
	    "kept on the ticket and counted, nothing new");
}

static void
append(AlertJudgment *a, gint64 ticket, const char *defect)
{
	Judgment *j = a->j;
	g_autofree char *key = alert_case_ticket_key(a->next);
	const char *state = *a->alert->state != '\0' ? a->alert->state
						     : a->alert->severity;

	a->event = judgment_event(j, EVENT_ALERT, ticket);
	event_set(a->event, "key", key);
	event_set(a->event, "type", alert_type_name(a->alert->type));
	event_set(a->event, "host", a->alert->host);
	event_set(a->event, "service", a->alert->service);
	event_set(a->event, "state", state);
	event_set(a->event, "level", alert_level_name(a->alert->level));
	event_set_int(a->event, "count", a->next->count);
	if (a->alert->members->len > 0)
		event_set_int(a->event, "members",
		    g_strv_length(a->next->members));
	judgment_message(j, ticket, "alert", false, a->facts->is_trusted,
	    defect);
}

static void
append_or_keep(AlertJudgment *a, gint64 ticket, bool is_news)
{
	if (is_news || alert_case_is_told(a->next->count))
		append(a, ticket, NULL);
	else
		keep(a->j, ticket);
}

/* ---- the client ---- */

static const Contract *
contract_named(const Situation *sit, const char *name)
{
	return *name != '\0' ? ruleset_contract(sit->ruleset, name) : NULL;
}

static const char *
no_information(AlertJudgment *a, const Contract *contract)
{
	const Situation *sit = a->j->sit;

	if (contract->contacts->len == 0)
		return "no-recipient";
	if (sit->now - sit->received > sit->policy->acknowledge_within)
		return "old";
	return a->facts->tell_budget ? NULL : "budget";
}

/* Once a ticket and state, where the contract wants it. */
static void
inform(AlertJudgment *a, gint64 ticket, const char *contract_name,
    const char *what)
{
	Judgment *j = a->j;
	const Contract *contract = contract_named(j->sit, contract_name);
	const char *why;

	if (contract == NULL || !contract->inform_of_alerts)
		return;
	why = no_information(a, contract);
	if (why != NULL) {
		Event *held = judgment_event(j, EVENT_HELD, ticket);

		event_set(held, "what", send_kind_name(SEND_INFORMATION));
		event_set(held, "reason", why);
		return;
	}
	event_set(a->event, "informed", what);
	for (guint i = 0; i < contract->contacts->len; i++) {
		const Contact *contact = contract->contacts->pdata[i];
		Effect *effect = judgment_send(j, SEND_INFORMATION, ticket);

		effect->to = g_strdup(contact->address);
		effect->reason = g_strdup(what);
	}
	judgment_trace(j, "answer", "the client is informed: %s", what);
}

/* ---- opening ---- */

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
	if (facts->severity == 0 ||
	    (terms.plan->severities & 1u << facts->severity) == 0)
		facts->severity = terms.plan->default_severity;
	facts->excluded_component = !plan_covers_component(terms.plan,
	    facts->component, terms.fields);
	return plan_in_force(&terms, facts, targets);
}

static void
open_ticket(AlertJudgment *a)
{
	Judgment *j = a->j;
	const Situation *sit = j->sit;
	const Contract *contract = contract_named(sit,
	    a->facts->target.contract);
	Event *event = judgment_event(j, EVENT_OPENED, 0);
	Facts facts = { 0 };
	const Plan *plan = plan_for(a, contract, &facts);

	event_set(event, "kind", kind_name(facts.kind));
	event_set_int(event, "severity", facts.severity);
	event_set(event, "scope", facts.scope);
	event_set(event, "component", facts.component);
	event_set(event, "contract", contract != NULL ? contract->name : "");
	event_set(event, "plan", plan != NULL ? plan->name : "");
	event_set(event, "rules", sit->rules);
	event_set(event, "mailbox", sit->mailbox);
	event_set(event, "source", "alert");
	judgment_trace(j, "contract", "%s, plan %s, severity %d",
	    contract != NULL ? contract->name : "none",
	    plan != NULL ? plan->name : "none", facts.severity);
}

static void
begin(AlertJudgment *a)
{
	a->next->count = 1;
	a->next->turned = a->j->sit->received;
	a->j->decision->alert_turned = true;
}

static void
open_one(AlertJudgment *a)
{
	Judgment *j = a->j;

	begin(a);
	a->next->ticket = ALERT_TICKET_NEW;
	a->next->opened = j->sit->received;
	open_ticket(a);
	append(a, 0, NULL);
	if (!a->facts->target.is_mapped) {
		tag(j, 0, "add", "unmapped-host");
		judgment_note(j, 0, "unmapped-host");
		judgment_trace(j, "contract",
		    "no line of rules/alerts/hosts.yaml fits the host");
	}
	if (a->alert->type == ALERT_FLAPPING_START) {
		a->next->flapping = true;
		tag(j, 0, "add", "flapping");
	}
	inform(a, 0, a->facts->target.contract, "opened");
	notify(j, 0, "alert-opened");
}

/* ---- storms ---- */

/* The parent's ticket, the first time, says what has happened. */
static void
open_storm(AlertJudgment *a, AlertCase *storm)
{
	Judgment *j = a->j;

	storm->count = 1;
	storm->active = 1;
	storm->ticket = ALERT_TICKET_NEW;
	storm->firing = true;
	storm->opened = storm->turned = j->sit->received;
	open_ticket(a);
	a->event = judgment_event(j, EVENT_ALERT, 0);
	{
		g_autofree char *key = alert_case_ticket_key(storm);

		event_set(a->event, "key", key);
	}
	event_set(a->event, "type", "storm");
	event_set_int(a->event, "count", 1);
	judgment_message(j, 0, "alert", false, true, NULL);
	tag(j, 0, "add", "storm");
	judgment_note(j, 0, "storm");
	notify(j, 0, "alert-storm");
}

static void
count_in_storm(AlertJudgment *a, AlertCase *storm)
{
	gint64 ticket = a->facts->storm_ticket->number;
	Event *event;

	storm->count++;
	storm->last = a->j->sit->received;
	if (!alert_case_is_told(storm->count)) {
		keep(a->j, ticket);
		return;
	}
	event = judgment_event(a->j, EVENT_ALERT, ticket);
	event_set(event, "type", "storm");
	event_set_int(event, "count", storm->count);
	event_set_int(event, "active", storm->active);
	judgment_message(a->j, ticket, "alert", false, true, NULL);
}

static AlertCase *
next_storm(AlertJudgment *a)
{
	AlertCase *storm = a->facts->storm != NULL
	    ? alert_case_copy(a->facts->storm)
	    : alert_case_new(a->facts->source, ALERT_SYSTEM_STORM, "");

	storm->last = a->j->sit->received;
	storm->mail = a->j->sit->mail;
	a->j->decision->storm = storm;
	return storm;
}

static bool
is_in_storm(const AlertJudgment *a)
{
	return is_open(a->facts->storm_ticket) && a->facts->known != NULL &&
	    a->facts->known->ticket == a->facts->storm_ticket->number;
}

static void
join_storm(AlertJudgment *a)
{
	AlertCase *storm = next_storm(a);

	judgment_trace(a->j, "storm",
	    "%d tickets of this source within the hour: one parent for the "
	    "rest",
	    a->facts->openings);
	begin(a);
	if (!is_open(a->facts->storm_ticket)) {
		a->next->ticket = ALERT_TICKET_NEW;
		open_storm(a, storm);
		return;
	}
	a->next->ticket = a->facts->storm_ticket->number;
	storm->active++;
	count_in_storm(a, storm);
}

static void
go_on_in_storm(AlertJudgment *a, bool firing)
{
	AlertCase *storm = next_storm(a);
	const AlertCase *known = a->facts->known;

	if (known->firing != firing) {
		storm->active += firing ? 1 : -1;
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	a->next->firing = firing;
	count_in_storm(a, storm);
	if (storm->active > 0)
		return;
	judgment_trace(a->j, "state", "nothing of the storm is left");
	storm->firing = false;
	set_state(a->j, a->facts->storm_ticket->number, TICKET_RESOLVED);
	notify(a->j, a->facts->storm_ticket->number, "alert-recovered");
}

/* ---- members ---- */

static int
compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_member(GPtrArray *set, const char *key)
{
	if (!g_ptr_array_find_with_equal_func(set, key, g_str_equal, NULL))
		g_ptr_array_add(set, g_strdup(key));
}

/* Each mail lists all that fires now; one that could not be read whole only
 * adds to what was known. */
static void
take_members(AlertJudgment *a)
{
	GPtrArray *set = g_ptr_array_new();

	for (guint i = 0; i < a->alert->members->len; i++) {
		const AlertMember *member = a->alert->members->pdata[i];
		g_autofree char *key = alert_case_key(member->key);

		if (member->firing)
			add_member(set, key);
	}
	for (char **m = a->next->members;
	     is_close_to_none(a->alert) && *m != NULL; m++)
		add_member(set, *m);
	g_ptr_array_sort(set, compare_words);
	g_ptr_array_add(set, NULL);
	g_strfreev(a->next->members);
	a->next->members = (char **)g_ptr_array_free(set, FALSE);
}

/* ---- a problem ---- */

static void
worsen(AlertJudgment *a, const Ticket *ticket)
{
	int severity = a->facts->target.severity;

	if (severity == 0 || ticket->severity == 0 ||
	    severity >= ticket->severity)
		return;
	event_set_int(judgment_event(a->j, EVENT_SEVERITY, ticket->number),
	    "severity", severity);
	judgment_trace(a->j, "severity", "worse: %d in place of %d", severity,
	    ticket->severity);
	notify(a->j, ticket->number, "alert-worse");
}

static void
repeat(AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;
	const Ticket *ticket = a->facts->ticket;
	bool back = !known->firing;
	bool flap_news = a->alert->type == ALERT_FLAPPING_START &&
	    !known->flapping;

	a->next->count++;
	if (back) {
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	append_or_keep(a, ticket->number,
	    (back && !known->flapping) || flap_news ||
		a->alert->level > known->level);
	if (flap_news) {
		a->next->flapping = true;
		tag(a->j, ticket->number, "add", "flapping");
	}
	if (back && has_tag(ticket, "recovered"))
		tag(a->j, ticket->number, "remove", "recovered");
	worsen(a, ticket);
}

/* Recovered and back within the hour: the same incident. */
static bool
is_back(const AlertJudgment *a)
{
	const Ticket *ticket = a->facts->ticket;

	return ticket != NULL && ticket->state == TICKET_RESOLVED &&
	    a->j->sit->received - ticket->resolved <= ALERT_REJOIN &&
	    a->facts->known->turned >= ticket->resolved;
}

static void
reopen(AlertJudgment *a)
{
	gint64 ticket = a->facts->ticket->number;

	begin(a);
	a->next->count = a->facts->known->count + 1;
	append(a, ticket, NULL);
	set_state(a->j, ticket, TICKET_OPEN);
	judgment_trace(a->j, "state", "back within the hour: reopened");
	worsen(a, a->facts->ticket);
	notify(a->j, ticket, "alert-back");
}

static void
silence(AlertJudgment *a)
{
	begin(a);
	a->next->ticket = 0;
	a->next->silenced = true;
	a->next->wake = a->facts->silent_until;
	judgment_trace(a->j, "maintenance",
	    "planned: silenced, and kept for availability");
	judgment_file(a->j, "alert");
}

static void
problem(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	a->next->firing = true;
	a->next->level = a->alert->level;
	a->next->wake = facts->silent_after > 0
	    ? a->j->sit->received + facts->silent_after
	    : INSTANT_NONE;
	if (is_in_storm(a))
		go_on_in_storm(a, true);
	else if (is_open(facts->ticket))
		repeat(a);
	else if (facts->silent_until != INSTANT_NONE)
		silence(a);
	else if (is_back(a))
		reopen(a);
	else if (facts->openings >= ALERT_STORM_HOUR)
		join_storm(a);
	else
		open_one(a);
}

/* ---- a recovery ---- */

static bool
waits_for_check(AlertJudgment *a, const Ticket *ticket)
{
	const Situation *sit = a->j->sit;
	const Plan *plan = ruleset_plan(sit->ruleset, ticket->plan);

	return plan != NULL &&
	    (plan->confirm_recoveries & 1u << ticket->severity) != 0;
}

static void
close_recovered(AlertJudgment *a)
{
	const Ticket *ticket = a->facts->ticket;

	if (waits_for_check(a, ticket)) {
		judgment_trace(a->j, "state",
		    "recovered, to be confirmed by a technician");
		if (!has_tag(ticket, "recovered"))
			tag(a->j, ticket->number, "add", "recovered");
		notify(a->j, ticket->number, "alert-unconfirmed");
		return;
	}
	if (a->facts->told_opened && !a->facts->told_recovered)
		inform(a, ticket->number, ticket->contract, "recovered");
	set_state(a->j, ticket->number, TICKET_RESOLVED);
	judgment_trace(a->j, "state", "recovered: resolved");
	notify(a->j, ticket->number, "alert-recovered");
}

/* Too many turns: it stays open until it has been quiet for a while. */
static void
hold_flapping(AlertJudgment *a, int changes)
{
	gint64 ticket = a->facts->ticket->number;
	bool news = !a->facts->known->flapping;

	a->next->flapping = true;
	a->next->wake = a->j->sit->received + ALERT_FLAP_WINDOW;
	judgment_trace(a->j, "flapping",
	    "%d changes within the hour: it stays open", changes);
	append_or_keep(a, ticket, news);
	if (a->event != NULL)
		event_set_int(a->event, "score", changes);
	if (!news)
		return;
	tag(a->j, ticket, "add", "flapping");
	notify(a->j, ticket, "alert-flapping");
}

static void
recover(AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;
	const Ticket *ticket = a->facts->ticket;
	int changes = a->facts->changes + 1;

	a->next->firing = false;
	a->next->level = ALERT_LEVEL_OK;
	a->next->wake = INSTANT_NONE;
	a->next->count++;
	if (known->firing) {
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	if (a->alert->type != ALERT_FLAPPING_STOP &&
	    (known->flapping || changes >= ALERT_FLAP_CHANGES)) {
		hold_flapping(a, changes);
		return;
	}
	if (known->flapping) {
		a->next->flapping = false;
		tag(a->j, ticket->number, "remove", "flapping");
	}
	append_or_keep(a, ticket->number, known->firing);
	/* Said twice, it waits for its check all the same. */
	if (a->event != NULL &&
	    (known->firing || !has_tag(ticket, "recovered")))
		close_recovered(a);
}

/* Nothing to close: what it says is kept, and nothing more. */
static void
file_away(AlertJudgment *a, const char *why)
{
	judgment_trace(a->j, "effect", "%s", why);
	judgment_file(a->j, "alert");
}

static void
recovery(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	if (is_close_to_none(a->alert)) {
		judgment_trace(a->j, "alert",
		    "not read whole: it closes nothing");
		if (!is_open(facts->ticket)) {
			file_away(a, "nothing is open");
			return;
		}
		a->next->count++;
		append(a, facts->ticket->number, "cut");
		notify(a->j, facts->ticket->number, "alert-unconfirmed");
		return;
	}
	if (facts->known != NULL &&
	    a->j->sit->received < facts->known->turned) {
		judgment_trace(a->j, "alert",
		    "older than what is known: it closes nothing");
		if (is_open(facts->ticket))
			keep(a->j, facts->ticket->number);
		else
			file_away(a, "nothing is open");
		return;
	}
	if (is_in_storm(a)) {
		go_on_in_storm(a, false);
		return;
	}
	if (is_open(facts->ticket)) {
		recover(a);
		return;
	}
	if (a->next->firing) {
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	a->next->firing = a->next->silenced = false;
	a->next->level = ALERT_LEVEL_OK;
	a->next->wake = INSTANT_NONE;
	file_away(a, "a recovery with nothing open");
}

/* ---- the rest ---- */

static void
mention(AlertJudgment *a)
{
	const Ticket *ticket = a->facts->ticket;

	if (!is_open(ticket)) {
		file_away(a, "nothing is open");
		return;
	}
	a->next->count++;
	append(a, ticket->number, NULL);
	if (a->alert->type == ALERT_UPDATE) {
		if (a->alert->level > a->next->level)
			a->next->level = a->alert->level;
		worsen(a, ticket);
	}
}

/* ---- a mail that had to come ---- */

static void
meet_expectation(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	AlertCase *met;

	if (facts->expected == NULL)
		return;
	met = alert_case_copy(facts->expected);
	met->last = a->j->sit->received;
	met->mail = a->j->sit->mail;
	met->firing = false;
	a->j->decision->expected = met;
	judgment_trace(a->j, "expected", "%s has come", met->key);
	if (!is_open(facts->expected_ticket))
		return;
	met->turned = a->j->sit->received;
	set_state(a->j, facts->expected_ticket->number, TICKET_RESOLVED);
	notify(a->j, facts->expected_ticket->number, "alert-recovered");
}

/* ---- who says so ---- */

static void
begin_judgment(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	const Situation *sit = a->j->sit;
	g_autofree char *key = alert_case_key(a->alert->key);
	AlertCase *next = facts->known != NULL
	    ? alert_case_copy(facts->known)
	    : alert_case_new(facts->source, a->alert->system, key);

	if (next->first == INSTANT_NONE)
		next->first = sit->received;
	next->last = MAX(next->last, sit->received);
	next->mail = sit->mail;
	if (*a->alert->alias != '\0' && *next->alias == '\0') {
		g_free(next->alias);
		next->alias = alert_case_key(a->alert->alias);
	}
	if (*a->alert->host != '\0') {
		g_free(next->host);
		next->host = g_strdup(a->alert->host);
		g_free(next->service);
		next->service = g_strdup(a->alert->service);
	}
	if (facts->target.is_mapped) {
		g_free(next->contract);
		next->contract = g_strdup(facts->target.contract);
	}
	a->next = next;
	a->j->decision->alert = next;
}

static void
judge_trusted(AlertJudgment *a)
{
	if (a->alert->members->len > 0)
		take_members(a);
	switch (a->alert->type) {
	case ALERT_PROBLEM:
	case ALERT_FLAPPING_START:
		problem(a);
		break;
	case ALERT_RECOVERY:
		recovery(a);
		break;
	case ALERT_FLAPPING_STOP:
		if (a->alert->level == ALERT_LEVEL_OK)
			recovery(a);
		else
			mention(a);
		break;
	case ALERT_ACKNOWLEDGMENT:
	case ALERT_UPDATE:
	case ALERT_DOWNTIME_START:
	case ALERT_DOWNTIME_END:
	case ALERT_CUSTOM:
		mention(a);
		break;
	case ALERT_TEST:
		file_away(a, "a test");
		break;
	}
	meet_expectation(a);
}

/* A stranger's alert: on the ticket it speaks of, for a person to see, or as
 * any machine's mail. It moves nothing. */
static bool
judge_untrusted(AlertJudgment *a)
{
	Judgment *j = a->j;
	const AlertFacts *facts = a->facts;
	gint64 ticket = is_open(facts->ticket) ? facts->ticket->number
					       : facts->victim;

	a->next->count++;
	if (ticket != 0) {
		bool told = facts->known != NULL &&
		    facts->known->ticket == ticket;

		judgment_trace(j, "ticket",
		    "#%" G_GINT64_FORMAT " by its key: kept inside", ticket);
		a->next->ticket = ticket;
		if (alert_case_is_told(a->next->count))
			judgment_message(j, ticket, "alert", false, false,
			    "not-a-trusted-source");
		else
			keep(j, ticket);
		if (!told)
			notify(j, ticket, "alert-untrusted");
		return true;
	}
	if (facts->openings >= ALERT_STORM_HOUR) {
		judgment_file(j, "alert");
		return true;
	}
	a->next->ticket = ALERT_TICKET_NEW;
	a->next->opened = j->sit->received;
	return false;
}

bool
judge_alert(Judgment *j)
{
	const AlertFacts *facts = j->sit->alert;
	AlertJudgment a = { .j = j, .facts = facts };

	if (facts == NULL)
		return false;
	a.alert = facts->alert;
	if (a.alert == NULL) {
		judgment_trace(j, "source", "%s: %s", facts->source,
		    facts->why);
		judgment_file(j, "alert");
		meet_expectation(&a);
		return true;
	}
	judgment_trace(j, "alert", "%s %s, level %s, key %s", a.alert->system,
	    alert_type_name(a.alert->type), alert_level_name(a.alert->level),
	    a.alert->key);
	judgment_trace(j, "source", "%s: %s",
	    facts->is_trusted ? facts->source : "not a trusted source",
	    facts->why);
	begin_judgment(&a);
	if (!facts->is_trusted)
		return judge_untrusted(&a);
	if (is_open(facts->ticket))
		judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by its key",
		    facts->ticket->number);
	judge_trusted(&a);
	return true;
}
