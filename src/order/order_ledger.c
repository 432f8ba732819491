/*
 * Orders of contracts' ledgers: a package is credited, a row is taken back.
 * Nothing is edited: both append.
 */
#include "order_private.h"

#include "guichet/ledger/ledger_order.h"
#include "guichet/ledger/ledger_work.h"

#include "guichet/base/text.h"

#include <string.h>

#define NOTHING "-"

/* ---- a package ---- */

static bool
read_credit(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	if (!order_read_minutes(order, words + 1, line, reading, error))
		return false;
	order->is_given = strcmp(words[3], NOTHING) != 0;
	if (order->is_given && !date_parse(words[3], &order->date))
		return order_refuse(error,
		    text_in(reading->language,
			"'%.40s' n'est pas une date ; écrivez 2026-11-30",
			"'%.40s' is no date; write 2026-11-30", words[3]));
	order_set_text(order, g_strdup(words[0]));
	g_free(order->title);
	order->title = g_strdup(words[2]);
	return true;
}

static bool
refuse_contract(const OrderCase *c, GError **error)
{
	return order_refuse(error,
	    text_in(c->language, "il n'y a pas de contrat « %.80s »",
		"there is no contract '%.80s'", c->order->text));
}

/* "10 h, 20 h" */
static char *
list_packages(const GArray *packages)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < packages->len; i++) {
		g_autofree char *one = hours_format(
		    g_array_index(packages, HourPackage, i).length);

		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", one);
	}
	return g_string_free(text, FALSE);
}

static bool
find_package(const OrderCase *c, const HourTerms *hours,
    const HourPackage **ret_package, GError **error)
{
	const GArray *packages = hours->hours->packages;
	g_autofree char *known = NULL;

	*ret_package = NULL;
	for (guint i = 0; i < packages->len; i++) {
		const HourPackage *one = &g_array_index(packages, HourPackage,
		    i);

		if (one->length == c->order->minutes)
			*ret_package = one;
	}
	if (*ret_package != NULL || packages->len == 0)
		return true;
	known = list_packages(packages);
	return order_refuse(error,
	    text_in(c->language, "le plan %s vend des forfaits de %s",
		"the plan '%s' sells packages of %s", hours->terms.plan->name,
		known));
}

/* From the end of its last day on, or so long after the day it was bought. */
static bool
find_end(const OrderCase *c, const Contract *contract, const HourTerms *hours,
    Instant *ret_until, GError **error)
{
	const Zone *zone = contract_zone(contract, c->at);
	const Date today = wall_date(zone_wall(zone, c->at));
	Instant midnight = zone_instant(zone, wall_midnight(today), ZONE_FIRST);

	*ret_until = INSTANT_NONE;
	if (c->order->is_given)
		*ret_until = zone_instant(zone,
		    wall_midnight(c->order->date + 1), ZONE_FIRST);
	else if (hours->validity.count > 0)
		*ret_until = duration_end(hours->validity,
		    terms_calendar(&hours->terms, hours->terms.plan->intake),
		    midnight);
	if (*ret_until != INSTANT_NONE && *ret_until <= c->at)
		return order_refuse(error,
		    text_in(c->language,
			"ce jour est passé : le forfait ne vaudrait rien",
			"that day is past: the package would be worth "
			"nothing"));
	return true;
}

/* An invoice is entered once: again, it is a slip. */
static bool
check_reference(const OrderCase *c, GError **error)
{
	g_autofree char *when = NULL;

	if (c->ledger_credited == INSTANT_NONE)
		return true;
	when = sla_when(c->ledger_credited, c->language, c->zone);
	return order_refuse(error,
	    text_in(c->language,
		"« %.80s » a déjà été crédité, le %s ; pour un autre forfait, "
		"donnez une autre référence",
		"'%.80s' was credited already, on %s; for another package, "
		"give another reference",
		c->order->title, when));
}

static bool
judge_credit(Judgment *j, const OrderCase *c, GError **error)
{
	const Contract *contract = ruleset_contract(c->ruleset, c->order->text);
	const HourPackage *package;
	LedgerOrder *order;
	HourTerms hours;
	Instant until;
	Terms terms;

	if (contract == NULL)
		return refuse_contract(c, error);
	if (!ruleset_terms(c->ruleset, contract, c->at, &terms) ||
	    !hour_terms(&terms, &hours) || !hours.hours->prepaid)
		return order_refuse(error,
		    text_in(c->language,
			"aucun forfait ne se vend sous le contrat %s",
			"no packages are sold under contract %s",
			contract->name));
	if (!check_reference(c, error) ||
	    !find_package(c, &hours, &package, error) ||
	    !find_end(c, contract, &hours, &until, error))
		return false;
	order = judgment_effect(j, EFFECT_LEDGER)->ledger = g_new0(LedgerOrder,
	    1);
	order->kind = LEDGER_ORDER_CREDIT;
	order->contract = g_strdup(contract->name);
	order->minutes = c->order->minutes;
	order->amount = package != NULL ? package->amount : 0;
	order->plan = g_intern_string(hours.terms.plan->name);
	order->currency = g_intern_string(hours.hours->currency);
	order->until = until;
	order->reference = g_strdup(c->order->title);
	order->by = order_actor(c);
	order->at = c->at;
	order->now = c->now;
	order->month = ledger_month_begins(contract_zone(contract, c->now),
	    c->now);
	return true;
}

static const LedgerOrder *
ordered(const Decision *decision)
{
	for (guint i = decision->effects->len; i-- > 0;) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_LEDGER)
			return effect->ledger;
	}
	g_assert_not_reached();
}

static char *
report_credit(const OrderCase *c, const Decision *decision)
{
	const LedgerOrder *order = ordered(decision);
	const Contract *contract = ruleset_contract(c->ruleset,
	    order->contract);
	g_autofree char *length = hours_format(order->minutes);
	g_autofree char *price = hours_money(order->amount, order->currency);
	g_autofree char *last = order->until == INSTANT_NONE
	    ? NULL
	    : date_format(wall_date(
		  zone_wall(contract_zone(contract, c->at), order->until - 1)));

	g_autofree char *end = last == NULL
	    ? g_strdup("")
	    : text_in(c->language, ", jusqu'au %s", ", until %s", last);

	return text_in(c->language, "Contrat %s : %s de plus (%s)%s%s%s.",
	    "Contract %s: %s credited (%s)%s%s%s.", order->contract, length,
	    order->reference, order->amount != 0 ? ", " : "",
	    order->amount != 0 ? price : "", end);
}

const OrderRow order_row_ledger_credit = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_CONTRACT,
	.command = "ledger credit",
	.arguments = "CONTRACT TIME REFERENCE UNTIL",
	.min = 4,
	.max = 4,
	.summary = "Credit a package of hours to a contract",
	.example = "maison-tissier 10h F-2026-118 2027-11-30",
	.read = read_credit,
	.judge = judge_credit,
	.report = report_credit,
};

/* ---- a row ---- */

static bool
read_reverse(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	guint64 number;

	(void)line;
	if (!g_ascii_string_to_unsigned(words[0], 10, 1, G_MAXINT64, &number,
		NULL))
		return order_refuse(error,
		    text_in(reading->language,
			"'%.40s' n'est pas le numéro d'une ligne",
			"'%.40s' is no row's number", words[0]));
	order->row = (gint64)number;
	return true;
}

static bool
check_row(const OrderCase *c, GError **error)
{
	if (c->ledger_contract == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"il n'y a pas de ligne %" G_GINT64_FORMAT
			" ; `guichet ledger statement` les montre",
			"there is no row %" G_GINT64_FORMAT
			"; `guichet ledger statement` shows them",
			c->order->row));
	if (c->ledger_reversed_by != 0 || c->ledger_row.reverses != 0)
		return order_refuse(error,
		    text_in(c->language,
			"la ligne %" G_GINT64_FORMAT " ne compte déjà plus",
			"row %" G_GINT64_FORMAT " counts no more already",
			c->order->row));
	switch (c->ledger_row.rule) {
	case LEDGER_PENALTY:
		return order_refuse(error,
		    text_in(c->language,
			"la ligne %" G_GINT64_FORMAT
			" découle d'une garantie non tenue de " ORDER_NUMBER
			" : excluez le ticket s'il n'y en a pas eu",
			"row %" G_GINT64_FORMAT
			" follows from a missed guarantee of " ORDER_NUMBER
			": exclude the ticket if there was none",
			c->order->row, c->ledger_row.ticket));
	case LEDGER_LAPSED:
	case LEDGER_SETTLED:
	case LEDGER_NOT_DEBITED:
	case LEDGER_NOT_HANDLED:
	case LEDGER_WAIVED:
		return order_refuse(error,
		    text_in(c->language,
			"la ligne %" G_GINT64_FORMAT
			" découle d'autres : reprenez le forfait ou le temps",
			"row %" G_GINT64_FORMAT
			" follows from others: take back the package or the "
			"time",
			c->order->row));
	default:
		return true;
	}
}

static bool
judge_reverse(Judgment *j, const OrderCase *c, GError **error)
{
	const Contract *contract;
	LedgerOrder *order;

	if (!check_row(c, error))
		return false;
	contract = ruleset_contract(c->ruleset, c->ledger_contract);
	order = judgment_effect(j, EFFECT_LEDGER)->ledger = g_new0(LedgerOrder,
	    1);
	order->kind = c->ledger_row.rule == LEDGER_CREDIT
	    ? LEDGER_ORDER_TAKE_BACK
	    : LEDGER_ORDER_WAIVE;
	order->contract = g_strdup(c->ledger_contract);
	order->target = c->ledger_row.rule == LEDGER_CREDIT
	    ? c->ledger_row.order
	    : c->ledger_row.event;
	order->until = INSTANT_NONE;
	order->reference = g_strdup("");
	order->by = order_actor(c);
	order->at = order->now = c->now;
	order->month = ledger_month_begins(
	    contract != NULL ? contract_zone(contract, c->now) : c->zone,
	    c->now);
	return true;
}

static char *
report_reverse(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	if (c->ledger_row.rule == LEDGER_CREDIT)
		return text_in(c->language,
		    "Contrat %s : le forfait de la ligne %" G_GINT64_FORMAT
		    " est repris.",
		    "Contract %s: the package of row %" G_GINT64_FORMAT
		    " is taken back.",
		    c->ledger_contract, c->order->row);
	return text_in(c->language,
	    "Contrat %s : ce temps de " ORDER_NUMBER " ne coûte plus rien.",
	    "Contract %s: that time of " ORDER_NUMBER " costs nothing any "
	    "more.",
	    c->ledger_contract, c->ledger_row.ticket);
}

const OrderRow order_row_ledger_reverse = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_CONTRACT,
	.command = "ledger reverse",
	.arguments = "ROW",
	.min = 1,
	.max = 1,
	.summary = "Take back a package, or the debit of a time",
	.example = "1",
	.read = read_reverse,
	.judge = judge_reverse,
	.report = report_reverse,
};
