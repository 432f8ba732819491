/* What follows from each order: events and effects, or why nothing does. */
#include "order_private.h"

#include "alert_judgment_private.h"
#include "reply_private.h"

#include "guichet/base/text.h"

#include <string.h>

/* ---- common ---- */

static EventStamp
stamp_of(const Judgment *j, const OrderCase *c)
{
	return judgment_stamp(j, c->ticket->number);
}

static bool
order_state(Judgment *j, const OrderCase *c, TicketState state, GError **error)
{
	const Ticket *ticket = c->ticket;
	EventMover by = c->technician != NULL ? MOVED_BY_TECHNICIAN
					      : MOVED_BY_MANAGER;

	if (!ticket_state_may_follow(ticket->state, state))
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT
			" est %s : il ne peut pas devenir %s",
			"#%" G_GINT64_FORMAT " is %s: it cannot become %s",
			ticket->number, ticket_state_name(ticket->state),
			ticket_state_name(state)));
	if (ticket_state_is_done(ticket->state) && state == TICKET_OPEN)
		judgment_reopen(j, ticket->number, by);
	else
		judgment_state(j, ticket->number, state, by);
	return true;
}

static bool
refuse_state(const OrderCase *c, GError **error)
{
	return order_refuse(error,
	    text_in(c->language, "#%" G_GINT64_FORMAT " est déjà %s",
		"#%" G_GINT64_FORMAT " is %s already", c->ticket->number,
		ticket_state_name(c->ticket->state)));
}

static void
meet(Judgment *j, const OrderCase *c, Milestone milestone)
{
	EventStamp stamp = stamp_of(j, c);

	judgment_write(j, event_make_met(&stamp, milestone));
}

static void
assign(Judgment *j, const OrderCase *c, const char *who)
{
	EventStamp stamp = stamp_of(j, c);

	judgment_write(j, event_make_assigned(&stamp, who));
}

static void
set_severity(Judgment *j, const OrderCase *c, int severity)
{
	EventStamp stamp = stamp_of(j, c);

	judgment_write(j, event_make_severity(&stamp, severity));
}

/* ---- states ---- */

/* A program reads no resolution, and may answer it; but words that somebody
 * wrote go where its mail asks for answers. */
bool
order_tells_client(const OrderCase *c)
{
	return c->order->kind == ORDER_RESOLVE && *c->client.address != '\0' &&
	    (c->has_words || !c->client.is_program);
}

/* What the client is told is a public word: it meets the response, and whoever
 * of the technicians says it has the ticket. */
static void
answer_client(Judgment *j, const OrderCase *c)
{
	if (c->ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		meet(j, c, MILESTONE_RESPONSE);
	if (c->technician != NULL && *c->ticket->assigned == '\0')
		assign(j, c, c->technician);
}

bool
order_judge_resolve(Judgment *j, const OrderCase *c, GError **error)
{
	bool done = ticket_state_is_done(c->ticket->state);
	bool tells = order_tells_client(c);
	bool knows = c->order->kind == ORDER_RESOLVE_TOLD;

	/* Words may be added to a resolution; it is not told twice. */
	if (done && !c->has_words)
		return refuse_state(c, error);
	if (tells || knows)
		answer_client(j, c);
	if (!done && !order_state(j, c, TICKET_RESOLVED, error))
		return false;
	if (tells)
		judgment_send(j, SEND_RESOLUTION, c->ticket->number);
	else if (!knows && !c->client.is_program)
		judgment_held(j, c->ticket->number, SEND_RESOLUTION,
		    HELD_NO_RECIPIENT);
	judgment_trace(j, "order", "resolves #%" G_GINT64_FORMAT "%s",
	    c->ticket->number, tells || knows ? "" : ": no client to tell");
	return true;
}

bool
order_judge_close(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->ticket->state == TICKET_CLOSED)
		return refuse_state(c, error);
	return order_state(j, c, TICKET_CLOSED, error);
}

bool
order_judge_wait(Judgment *j, const OrderCase *c, GError **error)
{
	return order_state(j, c, TICKET_WAITING_CUSTOMER, error);
}

bool
order_judge_resume(Judgment *j, const OrderCase *c, GError **error)
{
	return order_state(j, c, TICKET_OPEN, error);
}

bool
order_judge_milestone(Judgment *j, const OrderCase *c, GError **error)
{
	Milestone milestone = c->order->kind == ORDER_WORKAROUND
	    ? MILESTONE_WORKAROUND
	    : MILESTONE_RESPONSE;

	if (c->ticket->met[milestone] != INSTANT_NONE)
		return order_refuse(error,
		    text_in(c->language, "déjà fait : %s",
			"the %s was met already", milestone_name(milestone)));
	meet(j, c, milestone);
	return c->ticket->state != TICKET_NEW ||
	    order_state(j, c, TICKET_OPEN, error);
}

/* ---- what a ticket is ---- */

bool
order_judge_assign(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->assignee == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"aucun technicien ne s'appelle « %.80s » ; donnez le "
			"nom ou l'adresse de guichet.yaml",
			"no technician is called '%.80s'; give the name or "
			"address that guichet.yaml has",
			c->order->text));
	assign(j, c, c->assignee);
	return true;
}

bool
order_judge_severity(Judgment *j, const OrderCase *c, GError **error)
{
	int severity = c->order->severity;
	const Plan *plan = ticket_view_plan(c->view);

	if (plan != NULL && (plan->severities & 1u << severity) == 0)
		return order_refuse(error,
		    text_in(c->language, "le plan %s n'a pas de gravité %d",
			"plan %s has no severity %d", plan->name, severity));
	set_severity(j, c, severity);
	return true;
}

/* What the mail was taken for is corrected: what was not met is counted anew
 * from its receipt (doc/domain.md 4). */
bool
order_judge_kind(Judgment *j, const OrderCase *c, GError **error)
{
	TicketKind kind = c->order->ticket_kind;
	EventStamp stamp = stamp_of(j, c);

	if (c->ticket->kind == KIND_DUTY)
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT
			" est une tâche périodique du contrat, et le reste",
			"#%" G_GINT64_FORMAT
			" is a duty of the contract, and stays one",
			c->ticket->number));
	/* That it was a guess until now is news. */
	if (c->ticket->kind == kind && !c->ticket->unsure)
		return order_refuse(error,
		    text_in(c->language, "#%" G_GINT64_FORMAT " : déjà %s",
			"#%" G_GINT64_FORMAT " is %s already",
			c->ticket->number,
			reply_words_kind(kind, c->language)));
	judgment_write(j, event_make_kind(&stamp, kind));
	return true;
}

bool
order_judge_component(Judgment *j, const OrderCase *c, GError **error)
{
	const char *name = c->order->text;
	EventStamp stamp = stamp_of(j, c);

	if (strcmp(c->ticket->component, name) == 0)
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT " : c'est déjà le composant",
			"#%" G_GINT64_FORMAT " has it already",
			c->ticket->number));
	judgment_write(j, event_make_component(&stamp, name));
	return true;
}

bool
order_judge_exclude(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = stamp_of(j, c);

	(void)error;
	judgment_write(j, event_make_excluded(&stamp, c->order->text));
	return true;
}

bool
order_judge_note(Judgment *j, const OrderCase *c, GError **error)
{
	const GPtrArray *effects = j->decision->effects;
	Effect *effect;

	(void)error;
	judgment_message(j, c->ticket->number, AUTHOR_DESK, false, true, NULL);
	effect = effects->pdata[effects->len - 1];
	effect->note = g_strdup(c->order->text);
	return true;
}

/* ---- its contract ---- */

/* The client hears that it began, as if a line of hosts.yaml had said so. */
static void
inform_of_alert(Judgment *j, const OrderCase *c, const Contract *contract)
{
	const Situation *now = j->sit;
	Situation then = *now;
	guint before = j->decision->effects->len;
	AlertFacts facts = { .source = "", .why = "", .ticket = c->ticket };
	AlertJudgment a = { .j = j, .facts = &facts };

	if (!alert_judgment_is_open(c->ticket))
		return;
	/* Whether it is old news depends on when it came. */
	then.received = c->ticket->received;
	then.now = c->at;
	j->sit = &then;
	alert_judgment_inform(&a,
	    &(AlertAffair){ .number = c->ticket->number,
		.contract = contract,
		.told = c->told },
	    ALERT_BEGAN);
	j->sit = now;
	for (guint i = before; i < j->decision->effects->len; i++) {
		Effect *effect = j->decision->effects->pdata[i];

		/* What is known now is told as it was then. */
		effect->at = c->at;
		if (effect->event == NULL)
			continue;
		effect->event->at = c->at;
		effect->event->recorded = c->now;
	}
}

/* From now on its cases are that client's, until a mail says otherwise. */
static void
map_alert(Judgment *j, const OrderCase *c, const Contract *contract)
{
	Effect *effect;

	if (ticket_has_tag(c->ticket, "unmapped-host"))
		judgment_untag(j, c->ticket->number, "unmapped-host");
	effect = judgment_effect(j, EFFECT_MAP);
	effect->ticket = c->ticket->number;
	effect->reason = g_strdup(c->order->text);
	inform_of_alert(j, c, contract);
}

bool
order_judge_contract(Judgment *j, const OrderCase *c, GError **error)
{
	const char *name = c->order->text;
	const Contract *contract = ruleset_contract(c->ruleset, name);
	EventStamp stamp = stamp_of(j, c);
	const char *mandate;
	Terms terms;

	if (contract == NULL)
		return order_refuse(error,
		    text_in(c->language, "il n'y a pas de contrat « %.80s »",
			"there is no contract '%.80s'", name));
	if (!ruleset_terms(c->ruleset, contract, c->ticket->received, &terms))
		return order_refuse(error,
		    text_in(c->language,
			"le contrat %s n'était pas en vigueur quand le mail a "
			"été reçu",
			"contract %s was not in force when the mail was "
			"received",
			name));
	mandate = ticket_mandate(c->ticket, terms.plan);
	judgment_write(j,
	    event_make_contract(&stamp, name, terms.plan->name,
		ruleset_hash(c->ruleset), mandate));
	/* A severity that the plan does not have is its default, as at
	 * opening. */
	if (c->ticket->severity != 0 &&
	    plan_severity(terms.plan, c->ticket->severity) !=
		c->ticket->severity)
		set_severity(j, c, terms.plan->default_severity);
	if (mandate != NULL)
		map_alert(j, c, contract);
	return true;
}

/* ---- maintenance ---- */

static bool
is_ended_above(const Judgment *j, gint64 number)
{
	for (guint i = 0; i < j->decision->effects->len; i++) {
		const Effect *effect = j->decision->effects->pdata[i];

		if (effect->kind == EFFECT_MAINTENANCE &&
		    effect->maintenance->ends &&
		    effect->maintenance->number == number)
			return true;
	}
	return false;
}

static char *
describe(const MaintenanceOrder *order)
{
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *from = instant_format(order->from);
	g_autofree char *to = instant_format(order->to);

	if (order->ends)
		return g_strdup_printf("number %" G_GINT64_FORMAT
				       " (%s, until %s) ends now",
		    order->number, target, to);
	return g_strdup_printf("%s is silent from %s to %s", target, from, to);
}

bool
order_judge_maintenance(Judgment *j, const OrderCase *c, GError **error)
{
	MaintenanceOrder *order = c->order->maintenance;
	Effect *effect;

	if (order->ends && (!c->is_planned || is_ended_above(j, order->number)))
		return order_refuse(error,
		    text_in(c->language,
			"il n'y a pas de maintenance %" G_GINT64_FORMAT
			" qui ne soit pas finie ; `guichet maintenance list` "
			"les montre",
			"there is no maintenance %" G_GINT64_FORMAT
			" that is not over; `guichet maintenance list` shows "
			"them",
			order->number));
	effect = judgment_effect(j, EFFECT_MAINTENANCE);
	effect->maintenance = order;
	effect->technician = g_strdup(
	    c->technician != NULL ? c->technician : "manager");
	effect->at = order->ends ? c->now : c->at;
	effect->reason = describe(order);
	judgment_trace(j, "maintenance", "%s", effect->reason);
	return true;
}

/* ---- what was held up ---- */

bool
order_judge_outbox(Judgment *j, const OrderCase *c, GError **error)
{
	bool again = c->order->kind == ORDER_OUTBOX_RETRY;
	gint64 id = c->order->number;
	Effect *effect;

	if (c->state == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"rien à envoyer n'a le numéro %" G_GINT64_FORMAT,
			"the outbox has no %" G_GINT64_FORMAT, id));
	if (strcmp(c->state, "sent") == 0 || strcmp(c->state, "dropped") == 0)
		return order_refuse(error,
		    text_in(c->language, "%" G_GINT64_FORMAT " : déjà %s",
			"%" G_GINT64_FORMAT " is %s already", id, c->state));
	/* It may have been accepted already: the end will tell. */
	if (again &&
	    (strcmp(c->state, "sending") == 0 || strcmp(c->state, "dot") == 0))
		return order_refuse(error,
		    text_in(c->language,
			"%" G_GINT64_FORMAT
			" est en cours d'envoi ; revoyez dans une minute",
			"%" G_GINT64_FORMAT
			" is being sent just now; look again in a minute",
			id));
	effect = judgment_effect(j,
	    again ? EFFECT_OUTBOX_AGAIN : EFFECT_OUTBOX_DROP);
	effect->id = id;
	return true;
}

/* A mail that a person may take off the heap. What is not decided yet would
 * become a ticket twice. */
static bool
check_aside(const OrderCase *c, GError **error)
{
	gint64 id = c->order->number;

	if (c->state == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"il n'y a pas de mail %" G_GINT64_FORMAT,
			"there is no mail %" G_GINT64_FORMAT, id));
	if (c->on_ticket != 0)
		return order_refuse(error,
		    text_in(c->language,
			"le mail %" G_GINT64_FORMAT
			" est déjà sur le ticket #%" G_GINT64_FORMAT,
			"mail %" G_GINT64_FORMAT
			" is on ticket #%" G_GINT64_FORMAT " already",
			id, c->on_ticket));
	if (strcmp(c->state, "done") != 0 &&
	    strcmp(c->state, "unreadable") != 0)
		return order_refuse(error,
		    text_in(c->language,
			"le mail %" G_GINT64_FORMAT
			" est en cours de lecture ; revoyez dans une minute",
			"mail %" G_GINT64_FORMAT
			" is still being read; look again in a minute",
			id));
	return true;
}

/* A ticket for a mail that was on none; a person looked at it. */
bool
order_judge_release(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = judgment_stamp(j, 0);
	EventOpening opening = { .kind = KIND_REQUEST,
		.rules = ruleset_hash(c->ruleset),
		.mailbox = c->mailbox,
		.source = OPENED_BY_MAIL };

	if (!check_aside(c, error))
		return false;
	judgment_write(j, event_make_opened(&stamp, &opening));
	judgment_message(j, 0, AUTHOR_STRANGER, false, false, NULL);
	return true;
}

bool
order_judge_drop(Judgment *j, const OrderCase *c, GError **error)
{
	if (!check_aside(c, error))
		return false;
	judgment_file(j, LANE_DROPPED);
	return true;
}

/* ---- all ---- */

static bool
may(const OrderCase *c)
{
	return (order_row(c->order->kind)->may &
		   (c->technician != NULL ? ORDER_MAY_TECHNICIAN
					  : ORDER_MAY_MANAGER)) != 0;
}

static bool
check_ticket(const OrderCase *c, GError **error)
{
	if (order_row(c->order->kind)->about != ORDER_ON_TICKET ||
	    c->ticket != NULL)
		return true;
	return order_refuse(error,
	    text_in(c->language, "il n'y a pas de ticket #%" G_GINT64_FORMAT,
		"there is no ticket #%" G_GINT64_FORMAT, c->order->number));
}

bool
order_judge_within(Judgment *j, const OrderCase *c, GError **error)
{
	g_autofree char *actor = c->technician != NULL
	    ? g_strdup_printf("technician:%s", c->technician)
	    : g_strdup("manager");
	const char *before = j->actor;
	guint effects = j->decision->effects->len;
	bool done;

	if (!may(c))
		return order_refuse(error,
		    text_in(c->language, "cet ordre n'est pas pour vous",
			"this order is not yours to give"));
	j->actor = actor;
	done = check_ticket(c, error) &&
	    order_row(c->order->kind)->judge(j, c, error);
	j->actor = before;
	if (!done)
		g_ptr_array_set_size(j->decision->effects, (gint)effects);
	return done;
}

Decision *
order_judge(const OrderCase *c, GError **error)
{
	bool aside = order_row(c->order->kind)->about == ORDER_ON_MAIL;
	/* What is set aside happened when it was received. */
	const Situation sit = {
		.mail = aside ? c->order->number : c->mail,
		.received = aside && c->state != NULL ? c->received : c->at,
		.now = c->now,
		.mailbox = c->mailbox,
		.rules = ruleset_hash(c->ruleset),
		.ruleset = c->ruleset,
		.policy = c->policy,
	};
	Judgment j;

	judgment_begin(&j, &sit, "manager");
	j.decision->at = c->at;
	if (order_judge_within(&j, c, error))
		return j.decision;
	decision_free(j.decision);
	return NULL;
}
