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

static bool
judge_take(Judgment *j, const OrderCase *c, GError **error)
{
	bool is_met = c->ticket->met[MILESTONE_RESPONSE] != INSTANT_NONE;

	if (!order_check_open(c, error))
		return false;
	if (c->technician == NULL)
		return refuse_nameless(c, error);
	if (strcmp(c->ticket->assigned, c->technician) != 0)
		order_assign(j, c, c->technician);
	else if (is_met)
		return order_refuse(error,
		    text_in(c->language, ORDER_NUMBER " est déjà à vous",
			ORDER_NUMBER " is yours already", c->ticket->number));
	order_answers(j, c);
	return begin_work(j, c, error);
}

static bool
judge_answered(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->ticket->met[MILESTONE_RESPONSE] != INSTANT_NONE)
		return order_refuse(error,
		    text_in(c->language, "une réponse a déjà été donnée",
			"the response was met already"));
	order_meet(j, c, MILESTONE_RESPONSE);
	return begin_work(j, c, error);
}

static bool
judge_ack(Judgment *j, const OrderCase *c, GError **error)
{
	return order_check_open(c, error) && judge_answered(j, c, error);
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

static char *
report_take(const OrderCase *c, const Decision *decision)
{
	if (order_has_met(decision, MILESTONE_RESPONSE))
		return text_in(c->language,
		    ORDER_NUMBER " est à %s ; le délai de réponse est arrêté.",
		    ORDER_NUMBER " is %s's; the response is met.",
		    c->ticket->number, c->technician);
	return text_in(c->language, ORDER_NUMBER " est à %s.",
	    ORDER_NUMBER " is %s's.", c->ticket->number, c->technician);
}

static char *
report_ack(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : le délai de réponse est arrêté.",
	    ORDER_NUMBER ": the response is met.", c->ticket->number);
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
	.doors = ORDER_BY_MAIL,
	.may = ORDER_MAY_ALL,
	.name = "take",
	.name_fr = "prendre",
	.usage = "",
	.usage_fr = "",
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
