/* store_breach_private: missed guarantees, a projection beside the worklogs. */
#ifndef GUICHET_STORE_BREACH_PRIVATE_H
#define GUICHET_STORE_BREACH_PRIVATE_H

#include "guichet/store/store_ledger.h"

/* Appends those of a contract. */
bool store_breaches_read(Store *store, const char *contract, GArray *breaches,
    GError **error);
/* Keeps those of the ticket. *ret_before is the contract that they were under,
 * "" none, the caller's to free; *changed is set where anything is another. */
bool store_breaches_project(StoreTx *tx, const LedgerShare *share, Instant now,
    char **ret_before, bool *changed, GError **error);

#endif
