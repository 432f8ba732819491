/* Orders that say who has a ticket, and that its client was answered. */
#include "order_private.h"

#include "guichet/base/text.h"

#include <string.h>

static bool
refuse_nameless(const OrderCase *c, GError **error)
{
	return order_refuse(error,
	    text_in(c->language,
		"rien ne dit quel technicien vous êtes : donnez un nom, assign "
		"%" G_GINT64_FORMAT " NOM",
		"nothing says which technician you are: give a name, assign "
		"%" G_GINT64_FORMAT " NAME",
		c->order->number));
}

/* Whom the ticket is given to: a name, "" for nobody, NULL for none known. */
static const char *
find_assignee(const OrderCase *c)
{
	switch (c->order->whom) {
	case ORDER_WHOM_ME:
		return c->technician;
	case ORDER_WHOM_NOBODY:
		return "";
	case ORDER_WHOM_NAMED:
		return c->assignee;
	}
	g_assert_not_reached();
}

static bool
judge_assign(Judgment *j, const OrderCase *c, GError **error)
{
	const char *who = find_assignee(c);

	if (who == NULL && c->order->whom == ORDER_WHOM_ME)
		return refuse_nameless(c, error);
	if (who == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"aucun technicien ne s'appelle « %.80s » ; donnez le "
			"nom ou l'adresse de guichet.yaml",
			"no technician is called '%.80s'; give the name or "
			"address that guichet.yaml has",
			c->order->text));
	if (*who == '\0' && *c->ticket->assigned == '\0')
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " n'est attribué à personne",
			ORDER_NUMBER " is assigned to nobody already",
			c->ticket->number));
	order_assign(j, c, who);
	return true;
}

/* Who says that the client's mail was seen is about to work on it. */
static bool
begin_work(Judgment *j, const OrderCase *c, GError **error)
{
	return c->ticket->state != TICKET_NEW ||
	    order_move(j, c, TICKET_OPEN, error);
}

/* Theirs already: an answer gives the ticket to who writes it, and orders beside
 * this one are not to fail for that. */
static bool
has_it(const OrderCase *c)
{
	return c->technician != NULL &&
	    strcmp(c->ticket->assigned, c->technician) == 0;
}

static bool
judge_take(Judgment *j, const OrderCase *c, GError **error)
{
	bool is_met = c->ticket->met[MILESTONE_RESPONSE] != INSTANT_NONE;
	bool is_asked = ticket_unanswered(c->ticket) != INSTANT_NONE;
	EventStamp stamp = order_stamp(j, c);

	if (!order_check_open(c, error))
		return false;
	if (c->technician == NULL)
		return refuse_nameless(c, error);
	if (!has_it(c))
		order_assign(j, c, c->technician);
	order_answers(j, c);
	/* What an answer says, no second mail need say. */
	if (!is_met && !c->has_words &&
	    order_tell_handled(j, c, HANDLED_TAKEN) && is_asked)
		judgment_write(j, event_make_answered(&stamp, ANSWERED_SEEN));
	return begin_work(j, c, error);
}

static bool
judge_answered(Judgment *j, const OrderCase *c, GError **error)
{
	bool is_met = c->ticket->met[MILESTONE_RESPONSE] != INSTANT_NONE;
	bool is_asked = ticket_unanswered(c->ticket) != INSTANT_NONE;
	EventStamp stamp = order_stamp(j, c);

	if (is_met && !is_asked)
		return order_refuse(error,
		    text_in(c->language, "une réponse a déjà été donnée",
			"the response was met already"));
	order_answers(j, c);
	if (is_asked)
		judgment_write(j, event_make_answered(&stamp, ANSWERED_SEEN));
	return begin_work(j, c, error);
}

static bool
judge_ack(Judgment *j, const OrderCase *c, GError **error)
{
	if (!order_check_open(c, error) || !judge_answered(j, c, error))
		return false;
	if (!c->has_words)
		order_tell_handled(j, c, HANDLED_SEEN);
	return true;
}

/* By telephone, which is as good as a mail of ours. */
static bool
judge_call(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	judgment_write(j, event_make_call(&stamp));
	order_answers(j, c);
	order_tell_handled(j, c, HANDLED_CALLED);
	return begin_work(j, c, error);
}

static bool
judge_reply(Judgment *j, const OrderCase *c, GError **error)
{
	if (*c->client.address == '\0')
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " n'a pas d'adresse à qui répondre",
			ORDER_NUMBER " has no address to answer",
			c->ticket->number));
	order_answer_client(j, c);
	if (!begin_work(j, c, error))
		return false;
	order_say(j, c, SEND_REPLY);
	return true;
}

static char *
report_assign(const OrderCase *c, const Decision *decision)
{
	const char *who = find_assignee(c);

	(void)decision;
	if (*who == '\0')
		return text_in(c->language,
		    ORDER_NUMBER " n'est plus attribué à personne.",
		    ORDER_NUMBER " is assigned to nobody now.",
		    c->ticket->number);
	return text_in(c->language, ORDER_NUMBER " est attribué à %s.",
	    ORDER_NUMBER " is assigned to %s.", c->ticket->number, who);
}

/* Whether the client reads of it, in a mail of its own. */
static const char *
told_words(const OrderCase *c, const Decision *decision)
{
	bool french = text_is_french(c->language);

	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND && effect->send == SEND_HANDLED)
			return french ? " Le client en est averti."
				      : " The client is told.";
	}
	if (c->has_words)
		return "";
	return french ? " Personne n'est averti." : " Nobody is told.";
}

/* What the decision does may be done by the time that it is told. */
static bool
is_given(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Event *event =
		    ((Effect *)decision->effects->pdata[i])->event;

		if (event != NULL && event->type == EVENT_ASSIGNED)
			return true;
	}
	return false;
}

static char *
report_take(const OrderCase *c, const Decision *decision)
{
	if (order_has_met(decision, MILESTONE_RESPONSE))
		return text_in(c->language,
		    ORDER_NUMBER
		    " est à %s ; le délai de réponse est arrêté.%s",
		    ORDER_NUMBER " is %s's; the response is met.%s",
		    c->ticket->number, c->technician, told_words(c, decision));
	if (!is_given(decision))
		return text_in(c->language, ORDER_NUMBER " est déjà à vous.",
		    ORDER_NUMBER " is yours already.", c->ticket->number);
	return text_in(c->language, ORDER_NUMBER " est à %s.",
	    ORDER_NUMBER " is %s's.", c->ticket->number, c->technician);
}

static char *
report_ack(const OrderCase *c, const Decision *decision)
{
	return text_in(c->language,
	    ORDER_NUMBER " : le délai de réponse est arrêté.%s",
	    ORDER_NUMBER ": the response is met.%s", c->ticket->number,
	    told_words(c, decision));
}

static char *
report_call(const OrderCase *c, const Decision *decision)
{
	return text_in(c->language, ORDER_NUMBER " : l'appel est noté.%s",
	    ORDER_NUMBER ": the call is recorded.%s", c->ticket->number,
	    told_words(c, decision));
}

static char *
report_reply(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : la réponse part à %s.",
	    ORDER_NUMBER ": the answer goes to %s.", c->ticket->number,
	    c->client.address);
}

const OrderRow order_row_assign = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "assign",
	.name_fr = "attribuer",
	.usage = "NAME|me|nobody",
	.usage_fr = "NOM|moi|personne",
	.command = "assign N",
	.arguments = "TECHNICIAN|me|nobody",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "a technician's name, me or nobody",
	.summary = "Give a ticket to a technician",
	.summary_fr = "Donner le ticket à un technicien",
	.example = "Hugo Vidal",
	.read = order_read_whom,
	.judge = judge_assign,
	.report = report_assign,
};

const OrderRow order_row_take = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "take",
	.name_fr = "prendre",
	.usage = "",
	.usage_fr = "",
	.command = "take N",
	.arguments = "",
	.summary = "Have a ticket oneself, which meets the response",
	.summary_fr = "Prendre le ticket, ce qui arrête le délai de réponse",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_take,
	.report = report_take,
};

const OrderRow order_row_ack = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "ack",
	.name_fr = "accuser",
	.usage = "",
	.usage_fr = "",
	.command = "ack N",
	.arguments = "",
	.summary = "Say that it was seen, which meets the response",
	.summary_fr = "Dire que c'est vu, ce qui arrête le délai de réponse",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_ack,
	.report = report_ack,
};

const OrderRow order_row_answered = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N reply",
	.arguments = "",
	.summary = "The response was given, by telephone say",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_answered,
	.report = order_report_recorded,
};

const OrderRow order_row_call = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "call",
	.name_fr = "appel",
	.usage = "[TEXT]",
	.usage_fr = "[TEXTE]",
	.command = "call N",
	.arguments = "[TEXT...]",
	.max = G_MAXUINT,
	.summary = "The client was answered by telephone, and reads TEXT in "
		   "one line",
	.summary_fr = "Le client a eu sa réponse au téléphone, et lit TEXTE "
		      "en une ligne",
	.example = "The printer is on its way.",
	.read = order_read_sentence,
	.judge = judge_call,
	.report = report_call,
};

const OrderRow order_row_reply = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.command = "reply N",
	.arguments = "TEXT...",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "the words for the client, or - to read them",
	.summary = "Answer the client on the ticket's thread (TEXT - reads "
		   "standard input)",
	.example = "The printer is on its way.",
	.read = order_read_needed_text,
	.judge = judge_reply,
	.report = report_reply,
};
