/*
 * ledger_order: what a person orders of a ledger, beside what follows from
 * work: a package, or that a row is taken back.
 */
#ifndef GUICHET_LEDGER_ORDER_H
#define GUICHET_LEDGER_ORDER_H

#include "guichet/ledger/ledger.h"

typedef enum {
	LEDGER_ORDER_CREDIT,    /* a package is bought, or given */
	LEDGER_ORDER_TAKE_BACK, /* it never was */
	LEDGER_ORDER_WAIVE,     /* an entry of a worklog costs nothing */
	LEDGER_ORDER_COUNT,
} LedgerOrderKind;

/* "credit", "take-back", "waive". */
const char *ledger_order_name(LedgerOrderKind kind);
bool ledger_order_parse(const char *name, LedgerOrderKind *ret_kind);

typedef struct LedgerOrder {
	LedgerOrderKind kind;
	char *contract;
	Minutes minutes;             /* of a credit */
	Cents amount;                /* what it costs; 0 */
	const char *plan, *currency; /* interned; whose packages these are */
	Instant until;   /* from then on it is worth nothing; INSTANT_NONE */
	char *reference; /* an invoice's, an order's; "" */
	gint64 target;   /* the order that is taken back, or the event that is
			  * waived */
	char *by;
	Instant at;         /* when it holds from */
	Instant now, month; /* when it is recorded, and the first instant of
			     * that local month */
} LedgerOrder;

void ledger_order_free(LedgerOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerOrder, ledger_order_free)

/* The first instant of the local month of `at`. */
Instant ledger_month_begins(const Zone *zone, Instant at);

#endif
