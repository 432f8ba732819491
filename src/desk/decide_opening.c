/*
 * What a mail opens: under which contract and plan, what it names, and whether
 * its sender gets an acknowledgment (doc/design.md 7).
 */
#include "decide_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <stdlib.h>
#include <string.h>

#define WHY_HOST "host" /* of a link: both name it */

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

/* What is promised on these facts; NULL without a contract in force. The
 * opening is told where the plan stands in for the mail's words, and which
 * component they name that it excludes. */
static const Plan *
plan_for(const Situation *sit, const Contract *contract, Facts *facts,
    EventOpening *opening)
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
		facts->kind = kind_untold(terms.plan, &opening->unsure);
	/* What words exclude, a person decides: until then it is promised. */
	if (!plan_covers_component(terms.plan, facts->component,
		terms.fields)) {
		opening->proposes = facts->component;
		facts->component = "";
	}
	return plan_in_force(&terms, facts, targets);
}

static void
open_ticket(Judgment *j, const Contract *contract)
{
	const Situation *sit = j->sit;
	Facts facts = { 0 };
	EventOpening opening = { .facts = &facts,
		.source = sit->is_alert_source ? OPENED_BY_ALERT
					       : OPENED_BY_MAIL };
	const Plan *plan = plan_for(sit, contract, &facts, &opening);

	judgment_opened(j, contract, plan, &opening);
	judgment_trace(j, "contract", "%s, plan %s, severity %d, %s%s",
	    contract != NULL ? contract->name : "none",
	    plan != NULL ? plan->name : "none", facts.severity,
	    ticket_kind_name(facts.kind),
	    opening.unsure ? ": unsure, until a technician has read it" : "");
	if (opening.proposes != NULL)
		judgment_trace(j, "component",
		    "%s by its words, which the plan excludes: a technician "
		    "says so, until then it is promised",
		    opening.proposes);
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
		judgment_link(j, 0, sit->hosts[i], WHY_HOST);
		judgment_trace(j, "link",
		    "#%" G_GINT64_FORMAT " is about the same host",
		    sit->hosts[i]);
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
	if (situation_is_owed(sit))
		return HELD_COUNT;
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
	effect->life = decide_life(j, ticket);
	if (j->sit->who == WHO_COLLEAGUE)
		effect->contacts = true;
	judgment_trace(j, "answer", "acknowledgment to %s", effect->to);
}

Effect *
decide_opening(Judgment *j, EventAuthor author, bool answer)
{
	const Situation *sit = j->sit;
	bool known = sit->who == WHO_CONTACT || sit->who == WHO_TECHNICIAN;
	Event *message;

	open_ticket(j, contract_chosen(j));
	add_tags(j);
	message = judgment_message(j, 0, author, author != AUTHOR_TECHNICIAN,
	    known && sit->auth == AUTH_PASS, decide_defect(sit));
	if (match_asks(sit->match) == MATCH_ASKS_NOTHING)
		event_asks_nothing(message);
	link_mentions(j);
	if (sit->alert == NULL)
		decide_link_hosts(j);
	if (answer)
		decide_acknowledge(j, 0);
	return judgment_notify(j, 0, REASON_NEW_TICKET);
}
