/* Orders that say what a ticket is and whose. */
#include "order_private.h"

#include "reply_private.h"

#include "guichet/base/text.h"

#include <string.h>

static bool
judge_assign(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->assignee == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"aucun technicien ne s'appelle « %.80s » ; donnez le "
			"nom ou l'adresse de guichet.yaml",
			"no technician is called '%.80s'; give the name or "
			"address that guichet.yaml has",
			c->order->text));
	order_assign(j, c, c->assignee);
	return true;
}

static bool
judge_severity(Judgment *j, const OrderCase *c, GError **error)
{
	int severity = c->order->severity;
	const Plan *plan = ticket_view_plan(c->view);

	if (plan != NULL && (plan->severities & 1u << severity) == 0)
		return order_refuse(error,
		    text_in(c->language, "le plan %s n'a pas de gravité %d",
			"plan %s has no severity %d", plan->name, severity));
	order_set_severity(j, c, severity);
	return true;
}

/* What the mail was taken for is corrected: what was not met is counted anew
 * from its receipt (doc/domain.md 4). */
static bool
judge_kind(Judgment *j, const OrderCase *c, GError **error)
{
	TicketKind kind = c->order->ticket_kind;
	EventStamp stamp = order_stamp(j, c);

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

static bool
judge_component(Judgment *j, const OrderCase *c, GError **error)
{
	const char *name = c->order->text;
	EventStamp stamp = order_stamp(j, c);

	if (strcmp(c->ticket->component, name) == 0)
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT " : c'est déjà le composant",
			"#%" G_GINT64_FORMAT " has it already",
			c->ticket->number));
	judgment_write(j, event_make_component(&stamp, name));
	return true;
}

static bool
judge_exclude(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	(void)error;
	judgment_write(j, event_make_excluded(&stamp, c->order->text));
	return true;
}

static bool
judge_note(Judgment *j, const OrderCase *c, GError **error)
{
	const GPtrArray *effects = j->decision->effects;
	Effect *effect;

	(void)error;
	judgment_message(j, c->ticket->number, AUTHOR_DESK, false, true, NULL);
	effect = effects->pdata[effects->len - 1];
	effect->note = g_strdup(c->order->text);
	return true;
}

static char *
report_assign(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " est attribué à %s.",
	    ORDER_NUMBER " is assigned to %s.", c->ticket->number, c->assignee);
}

static char *
report_severity(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER
	    " est maintenant de gravité %d ; ses délais sont recalculés "
	    "depuis sa prise en charge.",
	    ORDER_NUMBER " has severity %d now; its clocks are recomputed from "
			 "intake.",
	    c->ticket->number, c->order->severity);
}

static char *
report_kind(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : %s. Ses délais sont recalculés depuis sa prise en "
			 "charge.",
	    ORDER_NUMBER ": %s. Its clocks are recomputed from intake.",
	    c->ticket->number,
	    reply_words_kind(c->order->ticket_kind, c->language));
}

/* Whether the contract's plan covers it, which decides what is promised. */
static const char *
cover_words(const OrderCase *c)
{
	const Terms *terms = &c->view->terms;

	if (terms->plan == NULL)
		return "";
	if (plan_covers_component(terms->plan, c->order->text, terms->fields))
		return text_is_french(c->language) ? ", couvert par le contrat"
						   : ", which the contract "
						     "covers";
	return text_is_french(c->language) ? ", exclu par le contrat"
					   : ", which the contract excludes";
}

static char *
report_component(const OrderCase *c, const Decision *decision)
{
	bool french = text_is_french(c->language);
	const char *name = c->order->text;

	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER
	    " : composant %s%s. Ses délais sont recalculés depuis sa "
	    "prise en charge.",
	    ORDER_NUMBER
	    ": component %s%s. Its clocks are recomputed from intake.",
	    c->ticket->number,
	    *name != '\0' ? name
		: french  ? "aucun"
			  : "none",
	    cover_words(c));
}

static char *
report_note(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, "Noté sur " ORDER_NUMBER ", en interne.",
	    "Noted on " ORDER_NUMBER ", inside.", c->ticket->number);
}

const OrderRow order_row_assign = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "assign N",
	.arguments = "TECHNICIAN",
	.min = 1,
	.max = 1,
	.summary = "Give a ticket to a technician",
	.example = "Hugo Vidal",
	.read = order_read_name,
	.judge = judge_assign,
	.report = report_assign,
};

const OrderRow order_row_severity = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "severity N",
	.command_too = "event N severity",
	.arguments = "SEVERITY",
	.min = 1,
	.max = 1,
	.wants = "a number from 1, the worst, to 9",
	.summary = "Change the severity; the clocks are recomputed",
	.example = "3",
	.read = order_read_severity,
	.judge = judge_severity,
	.report = report_severity,
};

const OrderRow order_row_kind = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "kind",
	.name_fr = "nature",
	.usage = "incident|request|question",
	.usage_fr = "incident|demande|question",
	.command = "kind N",
	.arguments = "KIND",
	.min = 1,
	.max = 1,
	.wants = "incident, request or question",
	.summary = "Say what it is; the clocks are recomputed",
	.summary_fr = "Dire ce que c'est ; les délais sont recalculés",
	.example = "request",
	.read = order_read_kind,
	.judge = judge_kind,
	.report = report_kind,
};

const OrderRow order_row_component = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "component",
	.name_fr = "composant",
	.usage = "NAME|none",
	.usage_fr = "NOM|aucun",
	.command = "component N",
	.arguments = "NAME",
	.min = 1,
	.max = 1,
	.wants = "a component's name, or none",
	.summary = "Say what fails; the clocks are recomputed",
	.summary_fr = "Dire ce qui est en panne ; les délais sont "
		      "recalculés",
	.example = "haproxy",
	.read = order_read_component,
	.judge = judge_component,
	.report = report_component,
};

const OrderRow order_row_exclude = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.command = "event N exclude",
	.arguments = "[REASON]",
	.max = 1,
	.summary = "Take the ticket out of the guarantee",
	.example = "misuse",
	.read = order_read_reason,
	.judge = judge_exclude,
	.report = order_report_recorded,
};

const OrderRow order_row_note = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_ALL,
	.words = ORDER_WORDS_INSIDE,
	.command = "note N",
	.arguments = "[TEXT...]",
	.min = 1,
	.max = G_MAXUINT,
	.summary = "Keep an internal note (from standard input "
		   "without TEXT)",
	.example = "The disk is worn.",
	.read = order_read_note,
	.judge = judge_note,
	.report = report_note,
};
