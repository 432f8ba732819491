/* Orders that move a ticket, and what they answer. */
#include "order_private.h"

#include "reply_private.h"

#include "guichet/base/text.h"

#include <string.h>

/* What the client is told is a public word: it meets the response, and whoever
 * of the technicians says it has the ticket. */
static void
answer_client(Judgment *j, const OrderCase *c)
{
	if (c->ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		order_meet(j, c, MILESTONE_RESPONSE);
	if (c->technician != NULL && *c->ticket->assigned == '\0')
		order_assign(j, c, c->technician);
}

/* A program reads no resolution, and may answer it; but words that somebody
 * wrote go where its mail asks for answers. */
bool
order_tells_client(const OrderCase *c)
{
	return c->order->kind == ORDER_RESOLVE && *c->client.address != '\0' &&
	    (c->has_words || !c->client.is_program);
}

static bool
judge_resolve(Judgment *j, const OrderCase *c, GError **error)
{
	bool done = ticket_state_is_done(c->ticket->state);
	bool tells = order_tells_client(c);
	bool knows = c->order->kind == ORDER_RESOLVE_TOLD;

	/* Words may be added to a resolution; it is not told twice. */
	if (done && !c->has_words)
		return order_refuse_state(c, error);
	if (tells || knows)
		answer_client(j, c);
	if (!done && !order_move(j, c, TICKET_RESOLVED, error))
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

static bool
judge_close(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->ticket->state == TICKET_CLOSED)
		return order_refuse_state(c, error);
	return order_move(j, c, TICKET_CLOSED, error);
}

static bool
judge_wait(Judgment *j, const OrderCase *c, GError **error)
{
	return order_move(j, c, TICKET_WAITING_CUSTOMER, error);
}

static bool
judge_resume(Judgment *j, const OrderCase *c, GError **error)
{
	return order_move(j, c, TICKET_OPEN, error);
}

static bool
judge_milestone(Judgment *j, const OrderCase *c, GError **error)
{
	Milestone milestone = c->order->kind == ORDER_WORKAROUND
	    ? MILESTONE_WORKAROUND
	    : MILESTONE_RESPONSE;

	if (c->ticket->met[milestone] != INSTANT_NONE)
		return order_refuse(error,
		    text_in(c->language, "déjà fait : %s",
			"the %s was met already", milestone_name(milestone)));
	order_meet(j, c, milestone);
	return c->ticket->state != TICKET_NEW ||
	    order_move(j, c, TICKET_OPEN, error);
}

static char *
report_resolve(const OrderCase *c, const Decision *decision)
{
	gint64 number = c->ticket->number;

	(void)decision;
	if (order_tells_client(c))
		return text_in(c->language,
		    ORDER_NUMBER " est résolu ; le client en est averti.",
		    ORDER_NUMBER " is resolved; the client is told.", number);
	if (c->client.is_program)
		return text_in(c->language,
		    ORDER_NUMBER
		    " est résolu ; un programme l'a ouvert, personne "
		    "n'est averti.",
		    ORDER_NUMBER
		    " is resolved; a program opened it, so nobody is "
		    "told.",
		    number);
	return text_in(c->language,
	    ORDER_NUMBER " est résolu ; personne n'est averti : il n'a pas "
			 "d'adresse à qui répondre.",
	    ORDER_NUMBER " is resolved; nobody is told: it has no address to "
			 "answer.",
	    number);
}

static char *
report_close(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " est clos ; personne n'est averti.",
	    ORDER_NUMBER " is closed; nobody is told.", c->ticket->number);
}

const OrderRow order_row_resolve = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "resolve",
	.name_fr = "resoudre",
	.usage = "",
	.usage_fr = "",
	.command = "resolve N",
	.arguments = "",
	.summary = "Resolve a ticket and tell the client",
	.summary_fr = "Résoudre le ticket et le dire au client",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_resolve,
	.report = report_resolve,
};

const OrderRow order_row_resolve_told = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N resolve",
	.arguments = "",
	.summary = "It is resolved, and the client knows",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_resolve,
	.report = order_report_recorded,
};

const OrderRow order_row_close = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "close N",
	.arguments = "",
	.summary = "Close a ticket; nobody is told",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_close,
	.report = report_close,
};

const OrderRow order_row_wait = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N pause",
	.arguments = "",
	.summary = "Wait for the client: clocks stand still",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_wait,
	.report = order_report_recorded,
};

const OrderRow order_row_resume = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N resume",
	.arguments = "",
	.summary = "The client answered: clocks run on",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_resume,
	.report = order_report_recorded,
};

const OrderRow order_row_answered = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N reply",
	.arguments = "",
	.summary = "The response was given, by telephone say",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_milestone,
	.report = order_report_recorded,
};

const OrderRow order_row_workaround = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N workaround",
	.arguments = "",
	.summary = "There is a workaround",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_milestone,
	.report = order_report_recorded,
};
