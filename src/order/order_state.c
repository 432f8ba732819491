/* Orders that move a ticket, and what they answer. */
#include "order_private.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"

/* A program reads no resolution, and may answer it; but words that somebody
 * wrote go where its mail asks for answers. */
bool
order_tells_client(const OrderCase *c)
{
	if (order_estimate_asks(c))
		return true;
	if (order_estimate_is_over(c))
		return *c->client.address != '\0' && !c->client.is_program;
	return c->order->kind == ORDER_RESOLVE && *c->client.address != '\0' &&
	    (order_has_words(c) || !c->client.is_program);
}

static bool
judge_resolve(Judgment *j, const OrderCase *c, GError **error)
{
	bool done = ticket_state_is_done(c->ticket->state);
	bool tells = order_tells_client(c);
	bool knows = c->order->kind == ORDER_RESOLVE_TOLD;

	/* Words may be added to a resolution; it is not told twice. */
	if (done && !order_has_words(c))
		return order_refuse_state(c, error);
	if (tells || knows)
		order_answer_client(j, c);
	if (!done && !order_move(j, c, TICKET_RESOLVED, error))
		return false;
	if (tells)
		order_say(j, c, SEND_RESOLUTION);
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
	return order_move(j, c, c->order->state, error);
}

static bool
judge_resume(Judgment *j, const OrderCase *c, GError **error)
{
	return order_move(j, c, TICKET_OPEN, error);
}

static bool
judge_reopen(Judgment *j, const OrderCase *c, GError **error)
{
	if (!ticket_state_is_done(c->ticket->state))
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " n'est ni résolu ni clos : il est %s",
			ORDER_NUMBER " is neither resolved nor closed: it is "
				     "%s",
			c->ticket->number,
			reply_words_ticket_state(c->ticket->state,
			    c->language)));
	return order_move(j, c, TICKET_OPEN, error);
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

/* Until when an answer is owed that the closing did not give; or NONE. */
static Instant
owed_until(const OrderCase *c)
{
	const SlaClock *clock;

	/* It is told of before it is written, or behind that. */
	if (!c->ticket->closed_unanswered &&
	    !ticket_is_answer_wanted(c->ticket))
		return INSTANT_NONE;
	clock = sla_clock_of(c->view->clocks, MILESTONE_RESPONSE);
	return clock != NULL && sla_is_owed(clock) ? clock->due : INSTANT_NONE;
}

/* A closing answers nobody (doc/domain.md 4). */
static char *
report_close(const OrderCase *c, const Decision *decision)
{
	Instant due = owed_until(c);
	g_autofree char *when = sla_when(due, c->language, c->zone);

	(void)decision;
	if (due != INSTANT_NONE && !c->has_words)
		return text_in(c->language,
		    ORDER_NUMBER " est clos ; personne n'est averti, et une "
				 "réponse reste due, au plus tard le %s.",
		    ORDER_NUMBER " is closed; nobody is told, and a response "
				 "is owed all the same, by %s.",
		    c->ticket->number, when);
	if (c->ticket->met[MILESTONE_RESPONSE] != INSTANT_NONE || c->has_words)
		return text_in(c->language, ORDER_NUMBER " est clos.",
		    ORDER_NUMBER " is closed.", c->ticket->number);
	return text_in(c->language,
	    ORDER_NUMBER " est clos ; personne n'est averti.",
	    ORDER_NUMBER " is closed; nobody is told.", c->ticket->number);
}

static char *
report_wait(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	if (c->order->state == TICKET_WAITING_THIRD_PARTY)
		return text_in(c->language,
		    ORDER_NUMBER " attend un tiers ; aucun délai n'est "
				 "suspendu.",
		    ORDER_NUMBER " waits for a third party; no clock stands "
				 "still.",
		    c->ticket->number);
	return text_in(c->language,
	    ORDER_NUMBER " attend le client ; ses délais sont suspendus, sauf "
			 "celui de la réponse.",
	    ORDER_NUMBER " waits for the client; its clocks stand still, but "
			 "for the response.",
	    c->ticket->number);
}

static char *
report_open(const OrderCase *c, const Decision *decision)
{
	if (order_has_reopened(decision))
		return text_in(c->language,
		    ORDER_NUMBER " est rouvert : une réponse est due à "
				 "nouveau.",
		    ORDER_NUMBER " is reopened: a response is owed again.",
		    c->ticket->number);
	return text_in(c->language,
	    ORDER_NUMBER " reprend : ses délais courent.",
	    ORDER_NUMBER " goes on: its clocks run.", c->ticket->number);
}

static bool
is_closed(const OrderCase *c)
{
	return c->ticket->state == TICKET_CLOSED;
}

static bool
is_waiting(const OrderCase *c)
{
	return c->ticket->state == c->order->state;
}

static bool
is_going_on(const OrderCase *c)
{
	return c->ticket->state == TICKET_OPEN;
}

const OrderRow order_row_resolve = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "resolve",
	.name_fr = "resoudre",
	.usage = "",
	.usage_fr = "",
	.command = "resolve N",
	.is_text = true,
	.arguments = "[TEXT...]",
	.max = G_MAXUINT,
	.summary = "Resolve a ticket and tell the client, in these words if "
		   "there are any",
	.summary_fr = "Résoudre le ticket et le dire au client",
	.example = "",
	.read = order_read_text,
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
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "close",
	.name_fr = "clore",
	.usage = "",
	.usage_fr = "",
	.command = "close N",
	.arguments = "",
	.summary = "Close a ticket; nobody is told",
	.summary_fr = "Clore le ticket ; personne n'est averti",
	.example = "",
	.read = order_read_nothing,
	.is_so = is_closed,
	.judge = judge_close,
	.report = report_close,
};

const OrderRow order_row_reopen = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "reopen",
	.name_fr = "rouvrir",
	.usage = "",
	.usage_fr = "",
	.command = "reopen N",
	.arguments = "",
	.summary = "Open again what was done; a response is owed again",
	.summary_fr = "Rouvrir le ticket ; une réponse est due à nouveau",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_reopen,
	.report = report_open,
};

const OrderRow order_row_wait = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "wait",
	.name_fr = "attendre",
	.usage = "customer|third-party",
	.usage_fr = "client|tiers",
	.command = "wait N",
	.command_too = "event N pause",
	.arguments = "[customer|third-party]",
	.max = 1,
	.wants = "customer or third-party",
	.summary = "Wait for the client, and clocks stand still; or for a "
		   "third party, which stops none",
	.summary_fr = "Attendre le client, et les délais sont suspendus ; ou "
		      "un tiers, ce qui n'en suspend aucun",
	.example = "third-party",
	.read = order_read_wait,
	.is_so = is_waiting,
	.judge = judge_wait,
	.report = report_wait,
};

const OrderRow order_row_resume = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "resume",
	.name_fr = "reprendre",
	.usage = "",
	.usage_fr = "",
	.command = "resume N",
	.command_too = "event N resume",
	.arguments = "",
	.summary = "Wait no longer: clocks run on",
	.summary_fr = "Ne plus attendre : les délais courent",
	.example = "",
	.read = order_read_nothing,
	.is_so = is_going_on,
	.judge = judge_resume,
	.report = report_open,
};
