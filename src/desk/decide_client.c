/*
 * What the mail of a client, a stranger or a machine may do (doc/design.md 7):
 * which ticket it belongs to, whether it reopens or resumes, who is answered.
 */
#include "decide_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/prescan.h"

#include <stdlib.h>
#include <string.h>

#define WHY_HOST "host" /* of a link: both name it */

/* ---- which ticket ---- */

/* Whether the ticket's contract is one of the sender's own. */
static bool
shares_contract(const Situation *sit, const Ticket *ticket)
{
	for (gsize i = 0; sit->contracts != NULL && sit->contracts[i] != NULL;
	     i++) {
		if (strcmp(sit->contracts[i]->name, ticket->contract) == 0)
			return true;
	}
	return false;
}

/* A proof that the sender holds a mail of this ticket. An old token still
 * finds it, but proves nothing any more. */
static bool
link_proves(const Situation *sit, LinkKind link)
{
	return link == LINK_OWN_ID ||
	    (link == LINK_TOKEN && sit->token == TOKEN_OK);
}

/* Whether this mail is about that ticket at all. */
static bool
binds(const Situation *sit, const Candidate *c)
{
	switch (c->link) {
	case LINK_TOKEN:
	case LINK_OWN_ID:
	case LINK_STORED_ID:
		return true;
	case LINK_SEEN_ID: /* anybody can name an id */
		return c->participant || shares_contract(sit, c->ticket);
	case LINK_TAG: /* anybody can count */
		return c->participant;
	case LINK_NONE:
	case LINK_COUNT:
		break;
	}
	return false;
}

static const Candidate *
ticket_meant(Judgment *j)
{
	for (gsize i = 0; i < j->sit->candidate_count; i++) {
		if (binds(j->sit, &j->sit->candidates[i]))
			return &j->sit->candidates[i];
	}
	return NULL;
}

/* Whether the earlier copy is on a ticket that it did not open and that this
 * one does not name: a line above the mail, or the brake upon what proves no
 * more than it did, put it there. This one is judged as if it were the first,
 * or a forger had kept a proven mail from its ticket and its answer. */
static bool
is_copy_astray(const Situation *sit)
{
	if (sit->seen.opened)
		return false;
	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (c->ticket->number == sit->seen.ticket->number &&
		    binds(sit, c))
			return false;
	}
	return true;
}

/* ---- what is written on a ticket ---- */

/* What marks the mail on its ticket, the gravest first; NULL for nothing. */
static const char *
defect_of(const Situation *sit)
{
	if (sit->alert != NULL)
		return "not-a-trusted-source";
	if (sit->message->identity == NULL)
		return sit->message->identity_defect;
	if (sit->auth == AUTH_FAIL)
		return "not-authentic";
	if (g_strv_contains((const char *const *)sit->message->defects,
		DEFECT_PARTIAL))
		return DEFECT_PARTIAL;
	return NULL;
}

/* A machine's words, or those of somebody outside: kept inside, where no
 * client reads them (doc/security.md T6), and no state moves. */
static void
append(Judgment *j, const Candidate *c)
{
	bool machine = j->sit->robot->class != ROBOT_NONE;

	judgment_message(j, c->ticket->number,
	    machine ? AUTHOR_ROBOT : AUTHOR_STRANGER, false, false,
	    machine ? "automatic" : "not-a-participant");
	judgment_notify(j, c->ticket->number,
	    machine ? "client-message" : "unverified");
}

/* What the domain of its From disowns touches no ticket that is there, whoever
 * it names and whatever it holds: its text is kept inside. */
static void
keep_failed(Judgment *j, const Candidate *c)
{
	judgment_trace(j, "proof",
	    "failed: kept inside, the ticket stays as it is");
	judgment_message(j, c->ticket->number, AUTHOR_STRANGER, false, false,
	    "not-authentic");
	judgment_notify(j, c->ticket->number, "unverified");
}

/* ---- a new ticket ---- */

/* The contract a rule chose, if it is the sender's own. */
static const Contract *
contract_chosen(Judgment *j)
{
	const Situation *sit = j->sit;
	const char *wanted = sit->match != NULL ? sit->match->contract.value
						: NULL;

	if (wanted == NULL)
		return sit->contract;
	for (gsize i = 0; sit->contracts != NULL && sit->contracts[i] != NULL;
	     i++) {
		if (strcmp(sit->contracts[i]->name, wanted) == 0)
			return sit->contracts[i];
	}
	judgment_trace(j, "contract",
	    "a rule names %s, which is not the sender's: left alone", wanted);
	return sit->contract;
}

static const char *
matched(const MatchField *field)
{
	return field->value != NULL ? field->value : "";
}

/* The kind of a mail that no rule could tell (doc/domain.md 5, "Unsure"). */
static TicketKind
kind_untold(const Plan *plan, bool *ret_unsure)
{
	*ret_unsure = plan->unsure != KIND_COUNT;
	return *ret_unsure ? plan->unsure : plan->default_kind;
}

/* Whether the plan, or one that it leads to, promises by component. */
static bool
has_components(const Ruleset *rules, const Plan *plan)
{
	while (plan != NULL && plan->components->len == 0)
		plan = plan->otherwise != NULL
		    ? ruleset_plan(rules, plan->otherwise)
		    : NULL;
	return plan != NULL;
}

/* What is promised on these facts; NULL without a contract in force. *unsure,
 * false before, turns true where the plan stands in for the mail's words. */
static const Plan *
plan_for(const Situation *sit, const Contract *contract, Facts *facts,
    bool *unsure)
{
	const Target *targets[MILESTONE_COUNT];
	const char *severity = sit->match != NULL
	    ? matched(&sit->match->severity)
	    : "";
	const char *kind = sit->match != NULL ? matched(&sit->match->kind) : "";
	TicketKind parsed;
	bool has_kind;
	Terms terms;

	/* Captured text may say anything. */
	facts->severity = atoi(severity);
	if (facts->severity < 1 || facts->severity > SEVERITY_MAX)
		facts->severity = 0;
	facts->kind = KIND_REQUEST;
	facts->scope = sit->match != NULL ? matched(&sit->match->scope) : "";
	facts->component = sit->match != NULL ? matched(&sit->match->component)
					      : "";
	facts->received = sit->received;
	has_kind = ticket_kind_parse(kind, &parsed) && parsed != KIND_DUTY;
	if (has_kind)
		facts->kind = parsed;
	if (contract == NULL ||
	    !ruleset_terms(sit->ruleset, contract, sit->received, &terms))
		return NULL;
	facts->severity = plan_severity(terms.plan, facts->severity);
	/* A word is a component where somebody promises one. */
	if (!has_components(sit->ruleset, terms.plan))
		facts->component = "";
	if (!has_kind)
		facts->kind = kind_untold(terms.plan, unsure);
	facts->excluded_component = !plan_covers_component(terms.plan,
	    facts->component, terms.fields);
	return plan_in_force(&terms, facts, targets);
}

static void
open_ticket(Judgment *j, const Contract *contract)
{
	const Situation *sit = j->sit;
	bool unsure = false;
	Facts facts = { 0 };
	const Plan *plan = plan_for(sit, contract, &facts, &unsure);
	EventOpening opening = { .facts = &facts,
		.unsure = unsure,
		.source = sit->is_alert_source ? OPENED_BY_ALERT
					       : OPENED_BY_MAIL };

	judgment_opened(j, contract, plan, &opening);
	judgment_trace(j, "contract", "%s, plan %s, severity %d, %s%s",
	    contract != NULL ? contract->name : "none",
	    plan != NULL ? plan->name : "none", facts.severity,
	    ticket_kind_name(facts.kind),
	    unsure ? ": unsure, until a technician has read it" : "");
}

static void
add_tags(Judgment *j)
{
	const Situation *sit = j->sit;

	for (guint i = 0; sit->match != NULL && i < sit->match->tags->len; i++)
		judgment_tag(j, 0, sit->match->tags->pdata[i]);
	if (sit->alert != NULL)
		judgment_tag(j, 0, "untrusted-alert");
	if (sit->robot->class == ROBOT_LIST)
		judgment_tag(j, 0, "bulk");
	if (sit->robot->class == ROBOT_MACHINE)
		judgment_tag(j, 0, "automatic");
	if (sit->who == WHO_COLLEAGUE)
		judgment_tag(j, 0, "unnamed-contact");
	if (sit->who == WHO_STRANGER || sit->who == WHO_NOBODY)
		judgment_tag(j, 0, "unknown-sender");
}

/* A number that the sender may not append to is told to the desk alone. */
static void
link_mentions(Judgment *j)
{
	const Situation *sit = j->sit;

	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];
		EventStamp stamp = judgment_stamp(j, 0);

		judgment_write(j,
		    event_make_linked(&stamp, c->ticket->number,
			link_kind_name(c->link)));
	}
}

void
decide_link_hosts(Judgment *j)
{
	const Situation *sit = j->sit;

	/* Of several alerts in a mail, each has its own host. */
	if (sit->hosts_alert != sit->alert)
		return;
	for (gsize i = 0; i < sit->host_count; i++) {
		EventStamp here = judgment_stamp(j, 0);
		EventStamp there = judgment_stamp(j, sit->hosts[i]);

		judgment_write(j,
		    event_make_linked(&here, sit->hosts[i], WHY_HOST));
		judgment_write(j, event_make_linked(&there, 0, WHY_HOST));
		judgment_trace(j, "link",
		    "#%" G_GINT64_FORMAT " is about the same host",
		    sit->hosts[i]);
	}
}

/* Other tickets of its people that its thread runs through: whoever reads one
 * of them is led to the others, from both sides. */
static void
link_threads(Judgment *j, gint64 number)
{
	const Situation *sit = j->sit;

	for (gsize i = 0; sit->auth != AUTH_FAIL && i < sit->candidate_count;
	     i++) {
		const Candidate *c = &sit->candidates[i];
		gint64 pair[] = { number, c->ticket->number };

		if (c->ticket->number == number || !binds(sit, c) ||
		    c->link == LINK_TAG || c->is_linked ||
		    (!c->participant && !shares_contract(sit, c->ticket)))
			continue;
		for (gsize k = 0; k < G_N_ELEMENTS(pair); k++) {
			EventStamp stamp = judgment_stamp(j, pair[k]);

			judgment_write(j,
			    event_make_linked(&stamp, pair[1 - k],
				link_kind_name(c->link)));
		}
	}
}

/* ---- the answer ---- */

/* A list of ours puts its own path in place of the writer's. Anybody can write
 * its List-Id, so that the path has to be the list's, not just any. */
static bool
returns_elsewhere(const Situation *sit)
{
	const Message *message = sit->message;
	g_autofree char *path = NULL;
	const char *list = judgment_own_list(sit);
	const char *domain;

	if (message->return_path == NULL) /* not stamped */
		return false;
	path = text_address_canonical(message->return_path);
	if (path == NULL)
		return true;
	domain = text_address_domain(path);
	return !auth_domains_aligned(domain,
		   text_address_domain(message->identity)) &&
	    (list == NULL || !auth_domains_aligned(domain, list));
}

/*
 * Whether it answers something. A stranger who does is not answered, be it ours
 * or not: else the answer, or its absence, told which ids and addresses are
 * known here (doc/design.md 7).
 */
static bool
names_a_mail(const Situation *sit)
{
	return g_strv_length(sit->message->in_reply_to) > 0 ||
	    g_strv_length(sit->message->references) > 0 ||
	    sit->token != TOKEN_ABSENT;
}

/* Why there is no acknowledgment; HELD_COUNT if there is one. *ret_stranger
 * asks for the fixed text. */
static HeldReason
no_acknowledgment(const Situation *sit, bool *ret_stranger)
{
	const DeskPolicy *policy = sit->policy;

	*ret_stranger = sit->who == WHO_STRANGER;
	if (sit->robot->class != ROBOT_NONE || sit->is_alert_source)
		return HELD_ROBOT;
	if (sit->message->identity == NULL)
		return HELD_NO_IDENTITY;
	if (sit->who == WHO_STRANGER &&
	    (sit->is_at_secret || !policy->acknowledge_strangers ||
		names_a_mail(sit)))
		return HELD_STRANGER;
	if (sit->who == WHO_STRANGER && sit->auth != AUTH_PASS)
		return HELD_STRANGER;
	if (sit->auth == AUTH_FAIL)
		return HELD_NOT_AUTHENTIC;
	if (returns_elsewhere(sit))
		return HELD_RETURN_PATH;
	if (sit->message->received_count > LIMIT_RECEIVED_FIELDS)
		return HELD_LOOP;
	if (sit->now - sit->received > policy->acknowledge_within)
		return HELD_OLD;
	if (sit->acks_address_hour >= policy->per_address_hour ||
	    sit->acks_address_day >= policy->per_address_day)
		return HELD_BUDGET;
	if (sit->acks_domain_hour >= policy->per_domain_hour)
		return HELD_BUDGET;
	if (sit->acks_hour >= policy->per_hour)
		return HELD_BUDGET;
	return HELD_COUNT;
}

void
decide_acknowledge(Judgment *j, gint64 ticket)
{
	bool stranger;
	HeldReason why = no_acknowledgment(j->sit, &stranger);
	Effect *effect;

	if (why != HELD_COUNT) {
		judgment_held(j, ticket, SEND_ACKNOWLEDGMENT, why);
		judgment_trace(j, "answer", "no acknowledgment: %s",
		    event_held_name(why));
		return;
	}
	effect = judgment_send(j, SEND_ACKNOWLEDGMENT, ticket);
	effect->to = g_strdup(j->sit->message->identity);
	effect->stranger = stranger;
	if (j->sit->who == WHO_COLLEAGUE)
		effect->reason = g_strdup("colleague");
	judgment_trace(j, "answer", "acknowledgment to %s", effect->to);
}

Effect *
decide_opening(Judgment *j, EventAuthor author, bool answer)
{
	const Situation *sit = j->sit;
	bool known = sit->who == WHO_CONTACT || sit->who == WHO_TECHNICIAN;

	open_ticket(j, contract_chosen(j));
	add_tags(j);
	judgment_message(j, 0, author, author != AUTHOR_TECHNICIAN,
	    known && sit->auth == AUTH_PASS, defect_of(sit));
	link_mentions(j);
	if (sit->alert == NULL)
		decide_link_hosts(j);
	if (answer)
		decide_acknowledge(j, 0);
	return judgment_notify(j, 0, "new-ticket");
}

/* ---- a follow-up ---- */

bool
decide_is_proven(const Situation *sit, LinkKind link)
{
	return sit->auth == AUTH_PASS ||
	    (sit->auth != AUTH_FAIL && link_proves(sit, link));
}

/* Thanks alone, as match rules know them: they are kept, and move nothing. */
static bool
asks_nothing(const Situation *sit)
{
	return sit->match != NULL && sit->match->asks.value != NULL;
}

/* The client's own words on his own ticket: they resume what waited for
 * them, and reopen what was done if it is proven that they are his. */
const char *
decide_answer(Judgment *j, const Candidate *c)
{
	const Situation *sit = j->sit;
	bool proven = decide_is_proven(sit, c->link);
	const Ticket *ticket = c->ticket;
	const char *news = "client-message";
	bool mandate = ticket_view_awaits_client(c->view);

	judgment_message(j, ticket->number, AUTHOR_CLIENT, true, proven,
	    defect_of(sit));
	if (asks_nothing(sit)) {
		judgment_trace(j, "state",
		    "thanks alone: it stays as it is (%s)",
		    sit->match->asks.rule);
		return news;
	}
	if (ticket->state == TICKET_WAITING_CUSTOMER ||
	    ticket->state == TICKET_WAITING_APPROVAL) {
		judgment_state(j, ticket->number, TICKET_OPEN, MOVED_BY_CLIENT);
		judgment_trace(j, "state",
		    "the client answered: clocks resume");
	} else if (ticket_state_is_done(ticket->state) && proven) {
		judgment_reopen(j, ticket->number, MOVED_BY_CLIENT);
		judgment_trace(j, "state",
		    "reopened: a response is owed again");
		news = "reopened";
	} else if (ticket_state_is_done(ticket->state)) {
		judgment_trace(j, "state",
		    "not reopened: neither authenticated nor an answer to a "
		    "signed mail of ours");
		news = "not-reopened";
		mandate = false; /* nothing runs that could be promised */
	}
	if (mandate) {
		judgment_trace(j, "clocks",
		    "an alert is no mandate under plan %s: they count from "
		    "this mail, and he is answered as for a new ticket",
		    ticket->plan);
		decide_acknowledge(j, ticket->number);
	}
	return news;
}

static void
follow_up(Judgment *j, const Candidate *c)
{
	const char *news = decide_answer(j, c);

	/* What a mail that failed its proof opened was acknowledged to nobody:
	 * now somebody may know of it. */
	if (c->is_owed && decide_is_proven(j->sit, c->link))
		decide_acknowledge(j, c->ticket->number);
	judgment_notify(j, c->ticket->number, news);
}

static EventAuthor
author_of(const Situation *sit)
{
	if (sit->is_alert_source)
		return AUTHOR_ALERT;
	if (sit->robot->class != ROBOT_NONE)
		return AUTHOR_ROBOT;
	if (sit->who == WHO_CONTACT || sit->who == WHO_COLLEAGUE)
		return AUTHOR_CLIENT;
	return AUTHOR_STRANGER;
}

void
decide_client(Judgment *j)
{
	const Candidate *c = ticket_meant(j);

	if (j->sit->seen.ticket != NULL && !is_copy_astray(j->sit)) {
		decide_copy(j);
		return;
	}
	if (c == NULL) {
		judgment_trace(j, "ticket", "a new one");
		decide_opening(j, author_of(j->sit), true);
		return;
	}
	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by %s",
	    c->ticket->number, link_kind_name(c->link));
	link_threads(j, c->ticket->number);
	if (j->sit->auth == AUTH_FAIL)
		keep_failed(j, c);
	else if (c->participant && j->sit->robot->class == ROBOT_NONE)
		follow_up(j, c);
	else
		append(j, c);
}
