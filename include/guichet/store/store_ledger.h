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

/* What one ticket puts into the ledger of its contract. */
typedef struct {
	gint64 ticket;
	const char *contract;           /* "" none */
	const GArray *works, *breaches; /* LedgerWork, LedgerBreach */
} LedgerShare;

/* Its worklog and its missed guarantees, as far as they are younger than the
 * ledger. Settles whose ledgers it changes. */
bool store_ledger_project(StoreTx *tx, const LedgerShare *share,
    LedgerTime when, GError **error);
/* Appends the order and settles. */
bool store_ledger_order(StoreTx *tx, const LedgerOrder *order, GError **error);

/* What a contract's ledger stands on, and what it says. */
typedef struct {
	GArray *works, *credits, *breaches; /* behind `facts` */
	LedgerFacts facts;
	GArray *rows;      /* LedgerRow, kept, by id */
	GPtrArray *orders; /* LedgerOrder *, of all credits, taken back or not:
			    * `target` is its own number */
} LedgerBook;

LedgerBook *
store_ledger_book(Store *store, const char *contract, GError **error);
void ledger_book_free(LedgerBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerBook, ledger_book_free)

/* A missed guarantee, whose it is, and the penalty that stands for its month. */
typedef struct {
	char *contract;
	LedgerBreach breach;
	gint64 penalty_of; /* the ticket whose breach brought it; 0: nothing */
	bool brought_it;   /* it is this one */
} LedgerMissed;

/* A penalty that was taken back. */
typedef struct {
	char *contract;
	LedgerRow row; /* the reversal */
	gint64 next;   /* the ticket whose breach has its place; 0: none */
} LedgerTaken;

/* LedgerMissed *, those that became known behind `since`, in their order. */
GPtrArray *store_ledger_missed(Store *store, Instant since, GError **error);
/* LedgerTaken *, those taken back behind `since`, but for those that the same
 * breach still brings, in another row. */
GPtrArray *store_ledger_taken(Store *store, Instant since, GError **error);

/* When that was credited that has this reference and was not taken back;
 * INSTANT_NONE: nothing was. */
bool store_ledger_credited(Store *store, const char *contract,
    const char *reference, Instant *ret_at, GError **error);

/* A kept row, and whose it is: *ret_contract NULL without one; what took it
 * back, 0. The caller frees *ret_contract. */
bool store_ledger_row(Store *store, gint64 id, LedgerRow *ret_row,
    char **ret_contract, gint64 *ret_reversed_by, GError **error);

#endif
