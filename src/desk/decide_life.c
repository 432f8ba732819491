/*
 * Who is told that a contract promises nothing (doc/domain.md 11): whoever writes
 * under it, once in a while, and on the ticket, for the desk.
 */
#include "decide_private.h"

#include "guichet/judgment/horizon.h"

/* Of the ticket that this decision opens; NULL: none. */
static const Contract *
contract_opened(const Judgment *j)
{
	for (guint i = 0; i < j->decision->effects->len; i++) {
		const Effect *effect = j->decision->effects->pdata[i];

		if (effect->kind == EFFECT_OPEN)
			return ruleset_contract(j->sit->ruleset,
			    event_text(effect->event, "contract"));
	}
	return NULL;
}

bool
decide_life(Judgment *j, gint64 ticket)
{
	const Situation *sit = j->sit;
	EventStamp stamp = judgment_stamp(j, ticket);
	const Contract *contract = ticket == 0 ? contract_opened(j) : NULL;
	ContractLife life;

	if (contract == NULL)
		return false;
	life = contract_life(contract, sit->received, NULL);
	if (life == CONTRACT_IN_FORCE)
		return false;
	judgment_trace(j, "contract", "%s: it promises nothing",
	    contract_life_name(life));
	if (contract == sit->contract && sit->life_told != INSTANT_NONE &&
	    sit->now - sit->life_told < HORIZON_LIFE_SECONDS)
		return false;
	judgment_write(j, event_make_life(&stamp, contract, life));
	return true;
}
