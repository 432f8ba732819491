/*
 * store_ledger: contracts' ledgers, kept (doc/domain.md 10).
 *
 * Rows and orders are append-only. Worklogs are a projection of the tickets'
 * events; whenever one of them or an order changes, the rows are settled in the
 * same transaction, so that those that stand are those of a fresh computation.
 */
#ifndef GUICHET_STORE_LEDGER_H
#define GUICHET_STORE_LEDGER_H

#include "guichet/ledger/ledger_order.h"
#include "guichet/store/store.h"

/* When rows are settled: now, and the first instant of its local month. */
typedef struct {
	Instant now, month;
} LedgerTime;

/* Of a ticket under `contract` ("" none): its worklog (LedgerWork), as far as it
 * is younger than the ledger. Settles whose ledgers it changes. */
bool store_ledger_project(StoreTx *tx, gint64 ticket, const char *contract,
    const GArray *works, LedgerTime when, GError **error);
/* Appends the order and settles. */
bool store_ledger_order(StoreTx *tx, const LedgerOrder *order, GError **error);

/* What a contract's ledger stands on, and what it says. */
typedef struct {
	GArray *works, *credits; /* behind `facts` */
	LedgerFacts facts;
	GArray *rows;      /* LedgerRow, kept, by id */
	GPtrArray *orders; /* LedgerOrder *, of the credits, in their order */
} LedgerBook;

LedgerBook *
store_ledger_book(Store *store, const char *contract, GError **error);
void ledger_book_free(LedgerBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerBook, ledger_book_free)

/* A kept row, and whose it is: *ret_contract NULL without one; what took it
 * back, 0. The caller frees *ret_contract. */
bool store_ledger_row(Store *store, gint64 id, LedgerRow *ret_row,
    char **ret_contract, gint64 *ret_reversed_by, GError **error);

#endif
