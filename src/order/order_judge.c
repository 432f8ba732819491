/* An order judged: who may give it, what it is about, and what all share. */
#include "order_private.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"
#include "guichet/ticket/awaits.h"

#include <string.h>

EventStamp
order_stamp(const Judgment *j, const OrderCase *c)
{
	return judgment_stamp(j, c->ticket->number);
}

bool
order_refuse_state(const OrderCase *c, GError **error)
{
	return order_refuse(error,
	    text_in(c->language, "#%" G_GINT64_FORMAT " est déjà %s",
		"#%" G_GINT64_FORMAT " is %s already", c->ticket->number,
		reply_words_ticket_state(c->ticket->state, c->language)));
}

bool
order_move(Judgment *j, const OrderCase *c, TicketState state, GError **error)
{
	const Ticket *ticket = c->ticket;
	EventMover by = c->technician != NULL ? MOVED_BY_TECHNICIAN
					      : MOVED_BY_MANAGER;

	if (ticket->state == state)
		return order_refuse_state(c, error);
	if (!ticket_state_may_follow(ticket->state, state))
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT
			" est %s : il ne peut pas devenir %s",
			"#%" G_GINT64_FORMAT " is %s: it cannot become %s",
			ticket->number,
			reply_words_ticket_state(ticket->state, c->language),
			reply_words_ticket_state(state, c->language)));
	if (ticket_state_is_done(ticket->state) && state == TICKET_OPEN)
		judgment_reopen(j, ticket->number, by);
	else
		judgment_state(j, ticket->number, state, by);
	return true;
}

void
order_meet(Judgment *j, const OrderCase *c, Milestone milestone)
{
	EventStamp stamp = order_stamp(j, c);

	judgment_write(j, event_make_met(&stamp, milestone));
}

void
order_answers(Judgment *j, const OrderCase *c)
{
	if (c->ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		order_meet(j, c, MILESTONE_RESPONSE);
}

bool
order_has_words(const OrderCase *c)
{
	return c->has_words || (c->order->line == 0 && *c->order->text != '\0');
}

void
order_answer_client(Judgment *j, const OrderCase *c)
{
	order_answers(j, c);
	if (c->technician != NULL && *c->ticket->assigned == '\0')
		order_assign(j, c, c->technician);
}

/* That somebody spoke to the client is an event of its own where no mail brought the
 * words. */
void
order_say(Judgment *j, const OrderCase *c, SendKind send)
{
	EventStamp stamp = order_stamp(j, c);
	Effect *effect;
	Instant news;

	if (c->order->line == 0 && *c->order->text != '\0')
		judgment_write(j,
		    event_make_message(&stamp, AUTHOR_TECHNICIAN,
			VISIBILITY_PUBLIC, true, NULL));
	news = send == SEND_REPLY && c->order->line == 0
	    ? awaits_news_after(c->view, c->at)
	    : INSTANT_NONE;
	/* The plan says when the client hears next. */
	if (news != INSTANT_NONE)
		judgment_write(j, event_make_next(&stamp, news));
	effect = judgment_send(j, send, c->ticket->number);
	if (*c->order->text != '\0')
		effect->words = g_strdup(c->order->text);
}

/* Of an alert the client knows who wrote about it, or was told. */
static bool
client_knows(const OrderCase *c)
{
	return !ticket_is_of_an_alert(c->ticket) ||
	    c->ticket->asked != INSTANT_NONE ||
	    (c->told != NULL && c->told->began);
}

bool
order_tell_handled(Judgment *j, const OrderCase *c, HandledHow how)
{
	/* That somebody has it does not say that they saw it. */
	const char *who = c->technician != NULL ? c->technician
	    : how == HANDLED_SEEN               ? ""
						: c->ticket->assigned;
	Effect *effect;

	if (*c->client.address == '\0' || c->client.is_program ||
	    !client_knows(c))
		return false;
	effect = judgment_send(j, SEND_HANDLED, c->ticket->number);
	effect->handled = how;
	effect->technician = *who != '\0' ? g_strdup(who) : NULL;
	effect->at = c->at;
	if (how == HANDLED_CALLED && *c->order->text != '\0')
		effect->words = g_strdup(c->order->text);
	return true;
}

bool
order_check_open(const OrderCase *c, GError **error)
{
	if (!ticket_state_is_done(c->ticket->state))
		return true;
	return order_refuse(error,
	    text_in(c->language,
		ORDER_NUMBER " est %s : rouvrez-le d'abord (#rouvrir)",
		ORDER_NUMBER " is %s: reopen it first (#reopen)",
		c->ticket->number,
		reply_words_ticket_state(c->ticket->state, c->language)));
}

void
order_keep_text(Judgment *j, const OrderCase *c)
{
	const GPtrArray *effects = j->decision->effects;
	Effect *effect;

	if (*c->order->text == '\0')
		return;
	judgment_message(j, c->ticket->number, AUTHOR_DESK, false, true, NULL);
	effect = effects->pdata[effects->len - 1];
	effect->note = g_strdup(c->order->text);
}

void
order_assign(Judgment *j, const OrderCase *c, const char *who)
{
	EventStamp stamp = order_stamp(j, c);

	judgment_write(j, event_make_assigned(&stamp, who));
}

void
order_set_severity(Judgment *j, const OrderCase *c, int severity, Instant from)
{
	const TicketGrade grade = { severity, from, false };
	EventStamp stamp = order_stamp(j, c);
	Event *event;

	event = judgment_write(j, event_make_severity(&stamp, severity, from));
	/* Words that go out with it answer what it asks anew. */
	if (from != INSTANT_NONE && !c->has_words &&
	    ticket_view_owes_response(c->view, &grade, c->ticket->kind))
		event_owes_response(event);
}

char *
order_actor(const OrderCase *c)
{
	if (c->technician != NULL)
		return g_strdup_printf("technician:%s", c->technician);
	return c->manager != NULL ? g_strdup_printf("manager:%s", c->manager)
				  : g_strdup("manager");
}

static bool
may(const OrderCase *c)
{
	return (order_row(c->order->kind)->may &
		   (c->technician != NULL && !c->is_command
			   ? ORDER_MAY_TECHNICIAN
			   : ORDER_MAY_MANAGER)) != 0;
}

static bool
check_ticket(const OrderCase *c, GError **error)
{
	if (order_row(c->order->kind)->about != ORDER_ON_TICKET)
		return true;
	if (c->ticket != NULL && c->ticket->merged_into != 0)
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT
			" est fusionné dans #%" G_GINT64_FORMAT
			" : donnez l'ordre là",
			"#%" G_GINT64_FORMAT
			" was merged into #%" G_GINT64_FORMAT
			": give the order there",
			c->ticket->number, c->ticket->merged_into));
	if (c->ticket != NULL)
		return true;
	return order_refuse(error,
	    text_in(c->language, "il n'y a pas de ticket #%" G_GINT64_FORMAT,
		"there is no ticket #%" G_GINT64_FORMAT, c->order->number));
}

/* A command stands alone: who gives it is told that it changes nothing, and that is
 * no success of a script's. */
static bool
is_so(const OrderCase *c)
{
	const OrderRow *row = order_row(c->order->kind);

	return c->order->line > 0 && row->is_so != NULL && row->is_so(c);
}

bool
order_judge_within(Judgment *j, const OrderCase *c, GError **error)
{
	g_autofree char *actor = order_actor(c);
	const char *before = j->actor;
	guint effects = j->decision->effects->len;
	bool done;

	if (!may(c))
		return order_refuse(error,
		    text_in(c->language, "cet ordre n'est pas pour vous",
			"this order is not yours to give"));
	j->actor = actor;
	done = check_ticket(c, error) &&
	    (is_so(c) || order_row(c->order->kind)->judge(j, c, error));
	j->actor = before;
	if (done)
		judgment_speaks(j, effects, c->technician);
	else
		g_ptr_array_set_size(j->decision->effects, (gint)effects);
	return done;
}

/* Of a mail's orders they are told once, by who judges the mail. */
static void
tell_colleagues(Judgment *j, const OrderCase *c)
{
	g_autoptr(GPtrArray) orders = g_ptr_array_new();

	if (order_row(c->order->kind)->about != ORDER_ON_TICKET)
		return;
	g_ptr_array_add(orders, (gpointer)c);
	order_tell_colleagues(j, c->ticket,
	    &(OrderTold){ c->technician, orders, NULL, c->at });
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
	if (order_judge_within(&j, c, error)) {
		tell_colleagues(&j, c);
		return j.decision;
	}
	decision_free(j.decision);
	return NULL;
}

/* ---- what is said of it once it is done ---- */

char *
order_report(const OrderCase *c, const Decision *decision)
{
	if (is_so(c))
		return text_in(c->language,
		    ORDER_NUMBER " : #%s : c'était déjà le cas.",
		    ORDER_NUMBER ": #%s: already so.", c->ticket->number,
		    c->order->name);
	return order_row(c->order->kind)->report(c, decision);
}

bool
order_has_met(const Decision *decision, Milestone milestone)
{
	Milestone met;

	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL && effect->event->type == EVENT_MET &&
		    milestone_parse(event_text(effect->event, "milestone"),
			&met) &&
		    met == milestone)
			return true;
	}
	return false;
}

bool
order_has_reopened(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL &&
		    effect->event->type == EVENT_STATE &&
		    *event_text(effect->event, "anew") != '\0')
			return true;
	}
	return false;
}

/* An order that only records what happened, by its own last word. */
char *
order_report_recorded(const OrderCase *c, const Decision *decision)
{
	const char *word = strrchr(order_row(c->order->kind)->command, ' ');

	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : %s est noté.",
	    ORDER_NUMBER ": %s recorded.", c->ticket->number, word + 1);
}
