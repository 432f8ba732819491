/* Orders that tie two tickets: each names the other, or one becomes the other. */
#include "order_private.h"

#include "guichet/base/text.h"

#include <string.h>

#define WHY_ORDER "order" /* of a link: a person said so */

static bool
read_other(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	const char *word = words[0] + (*words[0] == '#');
	guint64 number;

	(void)line;
	if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &number, NULL))
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » n'est pas le numéro d'un ticket",
			"'%.40s' is no ticket's number", words[0]));
	order->other = (gint64)number;
	return true;
}

/* A second ticket that is there, and is another. */
static bool
check_other(const OrderCase *c, GError **error)
{
	if (c->order->other == c->ticket->number)
		return order_refuse(error,
		    text_in(c->language, "c'est le même ticket",
			"it is the same ticket"));
	if (c->other == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"il n'y a pas de ticket #%" G_GINT64_FORMAT,
			"there is no ticket #%" G_GINT64_FORMAT,
			c->order->other));
	return true;
}

static bool
is_linked(const OrderCase *c)
{
	return c->is_linked;
}

static bool
judge_link(Judgment *j, const OrderCase *c, GError **error)
{
	if (!check_other(c, error))
		return false;
	if (c->is_linked)
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT " et #%" G_GINT64_FORMAT
			" se nomment déjà",
			"#%" G_GINT64_FORMAT " and #%" G_GINT64_FORMAT
			" name each other already",
			c->ticket->number, c->order->other));
	judgment_link(j, c->ticket->number, c->order->other, WHY_ORDER);
	return true;
}

/* ---- merge ---- */

/* Why the other one cannot become this one. */
static bool
check_merge(const OrderCase *c, GError **error)
{
	const Ticket *here = c->ticket, *other = c->other->ticket;

	if (strcmp(here->contract, other->contract) != 0)
		return order_refuse(error,
		    text_in(c->language,
			"seuls des tickets d'un même contrat se fusionnent",
			"only tickets of one contract merge"));
	if (ticket_state_is_done(here->state))
		return order_refuse_state(c, error);
	if (other->merged_into != 0 || other->state == TICKET_CLOSED)
		return order_refuse(error,
		    text_in(c->language, "#%" G_GINT64_FORMAT " est déjà clos",
			"#%" G_GINT64_FORMAT " is closed already",
			other->number));
	/* Its source goes on writing about that one, and ends it. */
	if (ticket_is_of_an_alert(other))
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT
			" est celui d'une alerte : c'est lui qui reste ; "
			"fusionnez #%" G_GINT64_FORMAT " dans lui",
			"#%" G_GINT64_FORMAT
			" is an alert's: it is the one that stays; merge "
			"#%" G_GINT64_FORMAT " into it",
			other->number, here->number));
	return true;
}

static bool
judge_merge(Judgment *j, const OrderCase *c, GError **error)
{
	const Ticket *other;

	if (!check_other(c, error) || !check_merge(c, error))
		return false;
	other = c->other->ticket;
	judgment_merge(j, c->view, c->other);
	if (*c->ticket->assigned == '\0' && *other->assigned != '\0')
		order_assign(j, c, other->assigned);
	judgment_trace(j, "order",
	    "#%" G_GINT64_FORMAT " is #%" G_GINT64_FORMAT " from now on",
	    c->order->other, c->ticket->number);
	return true;
}

static char *
report_link(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " et " ORDER_NUMBER " se nomment l'un l'autre, en "
			 "interne.",
	    ORDER_NUMBER " and " ORDER_NUMBER " name each other, inside.",
	    c->ticket->number, c->order->other);
}

static char *
report_merge(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " est fusionné dans " ORDER_NUMBER
			 ", qui reprend ses délais ; personne n'est averti.",
	    ORDER_NUMBER " was merged into " ORDER_NUMBER
			 ", which keeps its terms; nobody is told.",
	    c->order->other, c->ticket->number);
}

const OrderRow order_row_link = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.words = ORDER_WORDS_INSIDE,
	.name = "link",
	.name_fr = "lier",
	.usage = "N",
	.usage_fr = "N",
	.command = "link N",
	.arguments = "OTHER",
	.min = 1,
	.max = 1,
	.wants = "another ticket's number",
	.summary = "Let two tickets name each other, inside",
	.summary_fr = "Faire que deux tickets se nomment, en interne",
	.example = "2",
	.read = read_other,
	.is_so = is_linked,
	.judge = judge_link,
	.report = report_link,
};

const OrderRow order_row_merge = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.words = ORDER_WORDS_INSIDE,
	.name = "merge",
	.name_fr = "fusionner",
	.usage = "N",
	.usage_fr = "N",
	.command = "merge N",
	.arguments = "OTHER",
	.min = 1,
	.max = 1,
	.wants = "the number of the ticket that becomes this one",
	.summary = "Merge another ticket of the contract into this one",
	.summary_fr = "Fusionner dans ce ticket un autre du même contrat",
	.example = "2",
	.read = read_other,
	.judge = judge_merge,
	.report = report_merge,
};
