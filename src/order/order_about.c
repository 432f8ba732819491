/* Orders that say what a ticket is. */
#include "order_private.h"

#include "guichet/judgment/alert_judgment.h"
#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"

#include <string.h>

/* The plan that the ticket is under, by an order above this one too. */
static const Plan *
plan_of(const Judgment *j, const OrderCase *c)
{
	const Plan *plan = ticket_view_plan(c->view);

	for (guint i = 0; i < j->decision->effects->len; i++) {
		const Effect *effect = j->decision->effects->pdata[i];
		const Contract *contract;
		Terms terms;

		if (effect->event == NULL ||
		    effect->event->type != EVENT_CONTRACT)
			continue;
		contract = ruleset_contract(c->ruleset,
		    event_text(effect->event, "contract"));
		if (contract != NULL &&
		    ruleset_terms(c->ruleset, contract, c->ticket->received,
			&terms))
			plan = terms.plan;
	}
	return plan;
}

/* What is to count from now must have become worse: else what was promised all
 * along holds anyway, and a correction is meant. */
static bool
check_worse(const OrderCase *c, const Plan *plan, GError **error)
{
	int known = c->ticket->severity != 0 ? c->ticket->severity
	    : plan != NULL                   ? plan->default_severity
					     : 0;

	if (known == 0 || c->order->severity < known)
		return true;
	return order_refuse(error,
	    text_in(c->language,
		ORDER_NUMBER " est de gravité %d : maintenant est pour ce qui "
			     "est devenu plus grave ; sans ce mot, la gravité "
			     "est corrigée depuis le début",
		ORDER_NUMBER " has severity %d: now is for what became worse; "
			     "without it the severity is corrected from the "
			     "start",
		c->ticket->number, known));
}

static bool
judge_severity(Judgment *j, const OrderCase *c, GError **error)
{
	int severity = c->order->severity;
	const Plan *plan = plan_of(j, c);

	if (plan != NULL && (plan->severities & 1u << severity) == 0)
		return order_refuse(error,
		    text_in(c->language, "le plan %s n'a pas de gravité %d",
			"plan %s has no severity %d", plan->name, severity));
	if (c->order->from_now && !check_worse(c, plan, error))
		return false;
	order_set_severity(j, c, severity,
	    c->order->from_now ? c->at : INSTANT_NONE);
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

	/* That its words named another is answered by saying it again. */
	if (strcmp(c->ticket->component, name) == 0 &&
	    *c->ticket->proposed == '\0')
		return order_refuse(error,
		    text_in(c->language,
			"#%" G_GINT64_FORMAT " : c'est déjà le composant",
			"#%" G_GINT64_FORMAT " has it already",
			c->ticket->number));
	judgment_write(j, event_make_component(&stamp, name));
	return true;
}

/* Those that decide how its alert is judged are the program's to set. */
static bool
check_tag(const OrderCase *c, GError **error)
{
	static const char *const own[] = { "maintenance", "recovered",
		"flapping", ALERT_TAG_SHARED, NULL };

	return !g_strv_contains(own, c->order->text) ||
	    order_refuse(error,
		text_in(c->language,
		    "l'étiquette « %s » est posée par le programme seul",
		    "tag '%s' is the program's own to set", c->order->text));
}

static bool
judge_tag(Judgment *j, const OrderCase *c, GError **error)
{
	if (!check_tag(c, error))
		return false;
	if (ticket_has_tag(c->ticket, c->order->text))
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " porte déjà l'étiquette « %s »",
			ORDER_NUMBER " bears the tag '%s' already",
			c->ticket->number, c->order->text));
	judgment_tag(j, c->ticket->number, c->order->text);
	return true;
}

static bool
judge_untag(Judgment *j, const OrderCase *c, GError **error)
{
	if (!check_tag(c, error))
		return false;
	if (!ticket_has_tag(c->ticket, c->order->text))
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " ne porte pas l'étiquette « %s »",
			ORDER_NUMBER " does not bear the tag '%s'",
			c->ticket->number, c->order->text));
	judgment_untag(j, c->ticket->number, c->order->text);
	return true;
}

static char *
report_tag(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : étiquette « %s » posée.",
	    ORDER_NUMBER ": tagged '%s'.", c->ticket->number, c->order->text);
}

static char *
report_untag(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : étiquette « %s » ôtée.",
	    ORDER_NUMBER ": tag '%s' taken off.", c->ticket->number,
	    c->order->text);
}

static char *
report_severity(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	if (c->order->from_now)
		return text_in(c->language,
		    ORDER_NUMBER
		    " est devenu de gravité %d ; ce qui reste à tenir court à "
		    "partir de maintenant, sauf ce qui était dû plus tôt.",
		    ORDER_NUMBER
		    " became severity %d; what is not met counts from now, but "
		    "for what was due earlier.",
		    c->ticket->number, c->order->severity);
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

static bool
is_of_kind(const OrderCase *c)
{
	return c->ticket->kind == c->order->ticket_kind && !c->ticket->unsure;
}

static bool
is_of_component(const OrderCase *c)
{
	return strcmp(c->ticket->component, c->order->text) == 0 &&
	    *c->ticket->proposed == '\0';
}

static bool
is_tagged(const OrderCase *c)
{
	return check_tag(c, NULL) && ticket_has_tag(c->ticket, c->order->text);
}

static bool
is_untagged(const OrderCase *c)
{
	return check_tag(c, NULL) && !ticket_has_tag(c->ticket, c->order->text);
}

const OrderRow order_row_severity = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "severity",
	.name_fr = "gravite",
	.usage = "NUMBER [now]",
	.usage_fr = "NOMBRE [maintenant]",
	.command = "severity N",
	.command_too = "event N severity",
	.arguments = "SEVERITY [now]",
	.min = 1,
	.max = 2,
	.wants = "a number from 1, the worst, to 9, and now if it became so",
	.summary = "Change the severity; the clocks are recomputed, or run "
		   "from now",
	.summary_fr = "Changer la gravité ; les délais sont recalculés, ou "
		      "courent dès maintenant",
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
	.is_so = is_of_kind,
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
	.is_so = is_of_component,
	.judge = judge_component,
	.report = report_component,
};

const OrderRow order_row_tag = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.repeats = true,
	.name = "tag",
	.name_fr = "etiqueter",
	.usage = "NAME",
	.usage_fr = "NOM",
	.command = "tag N",
	.arguments = "NAME",
	.min = 1,
	.max = 1,
	.wants = "a tag",
	.summary = "Mark it with a word",
	.summary_fr = "Marquer le ticket d'un mot",
	.example = "printing",
	.read = order_read_tag,
	.is_so = is_tagged,
	.judge = judge_tag,
	.report = report_tag,
};

const OrderRow order_row_untag = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.repeats = true,
	.name = "untag",
	.name_fr = "detiqueter",
	.usage = "NAME",
	.usage_fr = "NOM",
	.command = "untag N",
	.arguments = "NAME",
	.min = 1,
	.max = 1,
	.wants = "a tag",
	.summary = "Take such a word off",
	.summary_fr = "Ôter un tel mot",
	.example = "printing",
	.read = order_read_tag,
	.is_so = is_untagged,
	.judge = judge_untag,
	.report = report_untag,
};
