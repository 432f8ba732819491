/*
 * contract_hours_private: the hours and the fee of a contract, as `guichet
 * contract show` tells them.
 */
#ifndef GUICHET_CONTRACT_HOURS_PRIVATE_H
#define GUICHET_CONTRACT_HOURS_PRIVATE_H

#include "guichet/cmd/context.h"
#include "guichet/print/contract_row.h"

/* `store` NULL: there is none, or it cannot be read; then only the fee is told,
 * since nobody knows what is left. */
bool contract_hours_print(const ContractRow *row, Store *store, GError **error);
bool contract_hours_json(const ContractRow *row, Store *store, json_t *whole,
    GError **error);

#endif
