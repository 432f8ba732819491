/*
 * ledger_month_private: a month of a contract's ledger, for its statement and its
 * report.
 */
#ifndef GUICHET_LEDGER_MONTH_PRIVATE_H
#define GUICHET_LEDGER_MONTH_PRIVATE_H

#include "guichet/cmd/context.h"
#include "guichet/store/store_ledger.h"

#include "guichet/base/cleanup.h"

typedef struct {
	const Contract *contract; /* who asks sets it */
	const Zone *zone;
	Date month; /* its first day */
	Instant from, to;
	LedgerBook *book;
	GArray *all;  /* LedgerRow: kept, and what is to be kept next */
	GArray *rows; /* of the month */
} LedgerMonth;

/* "2026-11"; NULL: the one of `now`. False after it has said that it is none. */
bool ledger_month_parse(LedgerMonth *s, const char *text, Instant now);
/* What lapsed since the last change is not written yet, and counts. */
bool ledger_month_read(LedgerMonth *s, const Context *context, Instant now,
    GError **error);
/* What the rows before that instant come to. */
Minutes ledger_month_balance(const LedgerMonth *s, Instant at);
/* What a package stands on; "" of another row. */
const char *ledger_month_reference(const LedgerMonth *s, const LedgerRow *row);

void ledger_month_clear(LedgerMonth *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerMonth, ledger_month_clear)

#endif
