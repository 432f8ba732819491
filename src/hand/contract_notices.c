/* Notices that were given of contracts, which the store knows and no file says:
 * told to each set of rules that is at work. */
#include "guichet/hand/hand.h"

#include "guichet/store/store_contract.h"

bool
contract_notices_tell(Intake *in, const Ruleset *ruleset, GError **error)
{
	const GPtrArray *all = ruleset_contracts(ruleset);

	for (guint i = 0; in->store != NULL && i < all->len; i++) {
		g_auto(ContractNotice) notice = { 0 };
		Contract *contract = all->pdata[i];
		bool is;

		if (contract->term.count == 0)
			continue;
		if (!store_contract_notice(in->store, contract->name, &is,
			&notice, error))
			return false;
		contract_note_notice(contract, is ? &notice.given : NULL,
		    notice.by);
	}
	return true;
}

bool
contract_notices_effect(Intake *in, StoreTx *tx, const Effect *effect,
    GError **error)
{
	const ContractNotice notice = { effect->date, effect->party, effect->at,
		effect->technician };
	GHashTableIter past;
	gpointer ruleset;

	if (!store_set_contract_notice(tx, effect->contract,
		effect->is_given ? &notice : NULL, error) ||
	    !contract_notices_tell(in, in->ruleset, error))
		return false;
	in->knows_duty = false;
	g_hash_table_iter_init(&past, in->past);
	while (g_hash_table_iter_next(&past, NULL, &ruleset)) {
		if (!contract_notices_tell(in, ruleset, error))
			return false;
	}
	return true;
}
