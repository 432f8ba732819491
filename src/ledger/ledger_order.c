/* What a person orders of a ledger. */
#include "guichet/ledger/ledger_order.h"

#include "guichet/base/names.h"
#include "guichet/ledger/ledger_work.h"

#define KIND_NAMES(X)                   \
 X(LEDGER_ORDER_CREDIT, "credit")       \
 X(LEDGER_ORDER_TAKE_BACK, "take-back") \
 X(LEDGER_ORDER_WAIVE, "waive")
NAME_TABLE(kinds, KIND_NAMES, LEDGER_ORDER_COUNT);

const char *
ledger_order_name(LedgerOrderKind kind)
{
	return names_word(&kinds, kind);
}

bool
ledger_order_parse(const char *name, LedgerOrderKind *ret_kind)
{
	int value = names_find(&kinds, name);

	if (value < 0)
		return false;
	*ret_kind = (LedgerOrderKind)value;
	return true;
}

void
ledger_order_free(LedgerOrder *order)
{
	if (order == NULL)
		return;
	g_free(order->contract);
	g_free(order->reference);
	g_free(order->by);
	g_free(order);
}

Instant
ledger_month_begins(const Zone *zone, Instant at)
{
	return zone_instant(zone, wall_midnight(ledger_month(zone, at)),
	    ZONE_FIRST);
}
