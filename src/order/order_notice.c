/* The order that records notice of a contract, which then ends at its term. */
#include "order_private.h"

#include "guichet/base/text.h"

#include <string.h>

#define NONE "none"

static bool
read_notice(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	(void)line;
	order->is_given = strcmp(words[1], NONE) != 0;
	if (order->is_given && !date_parse(words[1], &order->date))
		return order_refuse(error,
		    text_in(reading->language,
			"'%.40s' n'est pas une date ; écrivez 2026-11-30",
			"'%.40s' is no date; write 2026-11-30", words[1]));
	if (!contract_party_parse(words[2], &order->party))
		return order_refuse(error,
		    text_in(reading->language,
			"'%.40s' : le préavis est donné par client ou us",
			"'%.40s': notice is given by client or us", words[2]));
	order_set_text(order, g_strdup(words[0]));
	return true;
}

static Date
day_of(const OrderCase *c, const Contract *contract)
{
	return wall_date(zone_wall(contract_zone(contract, c->at), c->at));
}

static bool
check_notice(const OrderCase *c, const Contract *contract, GError **error)
{
	ContractTerm term;

	if (contract == NULL)
		return order_refuse(error,
		    text_in(c->language, "il n'y a pas de contrat « %.80s »",
			"there is no contract '%.80s'", c->order->text));
	term = contract_term(contract, day_of(c, contract));
	if (contract->term.count == 0)
		return order_refuse(error,
		    text_in(c->language,
			"le contrat %s n'est pas reconduit : il n'y a pas de "
			"préavis à donner",
			"contract %s is not renewed: there is no notice to "
			"give",
			contract->name));
	if (term.over)
		return order_refuse(error,
		    text_in(c->language, "le contrat %s est terminé",
			"contract %s is over", contract->name));
	/* Another day may end another term: no notice is overwritten unseen. */
	if (c->order->is_given && contract->has_noticed) {
		g_autofree char *given = date_format(contract->noticed);

		return order_refuse(error,
		    text_in(c->language,
			"un préavis est noté déjà, du %s : ôtez-le d'abord, "
			"contract notice %s --given none",
			"notice was given on %s already: take it back first, "
			"contract notice %s --given none",
			given, contract->name));
	}
	if (c->order->is_given && c->order->date > day_of(c, contract))
		return order_refuse(error,
		    text_in(c->language,
			"ce jour n'est pas encore venu : on note un préavis "
			"qui a été donné",
			"that day has not come yet: a notice that was given "
			"is recorded"));
	return true;
}

static bool
judge_notice(Judgment *j, const OrderCase *c, GError **error)
{
	const Contract *contract = ruleset_contract(c->ruleset, c->order->text);
	Effect *effect;

	if (!check_notice(c, contract, error))
		return false;
	effect = judgment_effect(j, EFFECT_NOTICE);
	effect->contract = g_strdup(contract->name);
	effect->is_given = c->order->is_given;
	effect->date = c->order->date;
	effect->party = c->order->party;
	effect->technician = order_actor(c);
	effect->at = c->now;
	return true;
}

/* When it ends now. */
static char *
report_notice(const OrderCase *c, const Decision *decision)
{
	const Contract *own = ruleset_contract(c->ruleset, c->order->text);
	Contract then = *own;
	g_autofree char *end = NULL;
	ContractTerm term;

	(void)decision;
	contract_note_notice(&then, c->order->is_given ? &c->order->date : NULL,
	    c->order->party);
	term = contract_term(&then, day_of(c, own));
	if (term.is_noticed)
		term.end = contract_noticed_end(&then);
	end = date_format(term.end);
	return c->order->is_given
	    ? text_in(c->language,
		  "Contrat %s : préavis noté, il se termine le %s.",
		  "Contract %s: notice is recorded, it ends on %s.", own->name,
		  end)
	    : text_in(c->language,
		  "Contrat %s : pas de préavis ; il court jusqu'au %s, puis est "
		  "reconduit.",
		  "Contract %s: no notice; it runs until %s, then is renewed.",
		  own->name, end);
}

const OrderRow order_row_notice = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_CONTRACT,
	.command = "contract notice",
	.arguments = "CONTRACT DATE BY",
	.min = 3,
	.max = 3,
	.summary = "Record notice of a contract: it ends at its term",
	.example = "acier-vosges 2026-11-20 client",
	.read = read_notice,
	.judge = judge_notice,
	.report = report_notice,
};
