/* The order that puts a ticket under another contract. */
#include "order_private.h"

#include "guichet/judgment/alert_judgment.h"
#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"

#include <string.h>

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
	    INFORMED_OPENED);
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
	effect->contract = g_strdup(c->order->text);
	inform_of_alert(j, c, contract);
}

static bool
judge_contract(Judgment *j, const OrderCase *c, GError **error)
{
	const char *name = c->order->text;
	const Contract *contract = ruleset_contract(c->ruleset, name);
	EventStamp stamp = order_stamp(j, c);
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
		order_set_severity(j, c, terms.plan->default_severity,
		    INSTANT_NONE);
	if (mandate != NULL)
		map_alert(j, c, contract);
	return true;
}

/* Who is informed of an alert by it, or why nobody is. */
static void
add_informed(GString *said, const OrderCase *c, const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];
		const Event *event = effect->event;
		g_autofree char *line = NULL;
		SendKind held;

		if (effect->kind == EFFECT_SEND &&
		    effect->send == SEND_INFORMATION)
			line = text_in(c->language, "%s est informé.\n",
			    "%s is informed.\n", effect->to);
		else if (event != NULL && event->type == EVENT_HELD &&
		    send_kind_parse(event_text(event, "what"), &held) &&
		    held == SEND_INFORMATION)
			line = text_in(c->language,
			    "Le client n'est pas informé : %s.\n",
			    "The client is not informed: %s.\n",
			    reply_words_held(event_text(event, "reason"),
				c->language));
		if (line != NULL)
			g_string_append(said, line);
	}
}

static const Event *
find_change(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL &&
		    effect->event->type == EVENT_CONTRACT)
			return effect->event;
	}
	g_assert_not_reached();
}

static char *
report_contract(const OrderCase *c, const Decision *decision)
{
	const Event *change = find_change(decision);
	const char *mandate = event_text(change, "mandate");
	const char *plan = event_text(change, "plan");
	g_autofree char *under = *mandate != '\0'
	    ? text_in(c->language, "Plan %s : %s.\n", "Plan %s: %s.\n", plan,
		  alert_mandate_words(mandate, c->language))
	    : g_strdup("");
	g_autofree char *moved = text_in(c->language,
	    ORDER_NUMBER " est sous le contrat %s ; ses délais sont "
			 "recalculés.",
	    ORDER_NUMBER " is under contract %s; its clocks are recomputed.",
	    c->ticket->number, c->order->text);
	GString *said = g_string_new(under);

	if (*mandate != '\0')
		add_informed(said, c, decision);
	g_string_append(said, moved);
	return g_string_free(said, FALSE);
}

const OrderRow order_row_contract = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "contract",
	.name_fr = "contrat",
	.usage = "NAME",
	.usage_fr = "NOM",
	.command = "contract N",
	.command_too = "event N contract",
	.arguments = "NAME",
	.min = 1,
	.max = 1,
	.wants = "a contract's name",
	.summary = "Put it under another contract",
	.summary_fr = "Mettre le ticket sous un autre contrat",
	.example = "halcyon-data",
	.read = order_read_name,
	.judge = judge_contract,
	.report = report_contract,
};
