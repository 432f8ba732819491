/* Orders of planned silence. */
#include "order_private.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"

#include <string.h>

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

static bool
judge_maintenance(Judgment *j, const OrderCase *c, GError **error)
{
	MaintenanceOrder *order = c->order->maintenance;
	g_autofree char *words = NULL;
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
	if (!order->ends && *order->contract != '\0' &&
	    ruleset_contract(c->ruleset, order->contract) == NULL)
		return order_refuse(error,
		    text_in(c->language, "il n'y a pas de contrat « %.80s »",
			"there is no contract '%.80s'", order->contract));
	effect = judgment_effect(j, EFFECT_MAINTENANCE);
	effect->maintenance = order;
	effect->technician = g_strdup(
	    c->technician != NULL ? c->technician : "manager");
	effect->at = order->ends ? c->now : c->at;
	words = maintenance_order_describe(order);
	judgment_trace(j, "maintenance", "%s", words);
	return true;
}

static char *
report_maintenance(const OrderCase *c, const Decision *decision)
{
	const MaintenanceOrder *order = c->order->maintenance;
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *from = maintenance_order_instant(order->from, c->zone);
	g_autofree char *to = maintenance_order_instant(order->to, c->zone);

	(void)decision;
	if (order->ends)
		return text_in(c->language,
		    "La maintenance %" G_GINT64_FORMAT " est finie.",
		    "Maintenance %" G_GINT64_FORMAT " is over.", order->number);
	return text_in(c->language,
	    "Maintenance %" G_GINT64_FORMAT
	    " : %s est muet de %s à %s ; ce qui échoue encore alors ouvre un "
	    "ticket.",
	    "Maintenance %" G_GINT64_FORMAT
	    ": %s is silent from %s to %s; what still fails then opens a "
	    "ticket.",
	    order->number, target, from, to);
}

const OrderRow order_row_maintenance = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.about = ORDER_ON_MAINTENANCE,
	.words = ORDER_WORDS_INSIDE,
	.repeats = true,
	.name = "maintenance",
	.name_fr = "maintenance",
	.usage = "HOST[@CONTRACT][/SERVICE] FROM TO [REASON]",
	.usage_fr = "HÔTE[@CONTRAT][/SERVICE] DÉBUT FIN [MOTIF]",
	.command = "maintenance add",
	.arguments = "HOST[@CONTRACT][/SERVICE] FROM TO",
	.min = 3,
	.max = 3,
	.summary = "Planned silence of a host's alerts",
	.summary_fr = "Silence prévu des alertes d'un hôte",
	.example = "web1 22:00 2h",
	.read = order_read_maintenance,
	.judge = judge_maintenance,
	.report = report_maintenance,
};

const OrderRow order_row_maintenance_end = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.about = ORDER_ON_MAINTENANCE,
	.words = ORDER_WORDS_INSIDE,
	.repeats = true,
	.name = "maintenance end",
	.name_fr = "maintenance end",
	.usage = "ORDER_NUMBER",
	.usage_fr = "NUMÉRO",
	.command = "maintenance end",
	.arguments = "ORDER_NUMBER",
	.min = 1,
	.max = 1,
	.summary = "End it before its time",
	.summary_fr = "L'abréger",
	.example = "1",
	.read = order_read_maintenance_end,
	.judge = judge_maintenance,
	.report = report_maintenance,
};
