/*
 * store_contract: what the store knows of contracts' lives (doc/domain.md 11):
 * who was told that one promises nothing, and what runs of one that does not.
 */
#ifndef GUICHET_STORE_CONTRACT_H
#define GUICHET_STORE_CONTRACT_H

#include "guichet/rules/contract.h"
#include "guichet/store/store.h"

/* When an acknowledgment last told the address that the contract is over or has
 * not begun; INSTANT_NONE: never. */
bool store_life_told(Store *store, const char *address, const char *contract,
    Instant *ret_at, GError **error);
/* The latest open ticket of alerts about that host, under the contract; 0. */
bool store_host_ticket(Store *store, const char *contract, const char *host,
    gint64 *ret_ticket, GError **error);

/* Tickets of a source's alerts under the contract since, at most 1000. */
bool store_contract_openings(Store *store, const char *source,
    const char *contract, Instant since, int *ret_count, GError **error);

/* A notice that was given of a contract. */
typedef struct {
	Date given;
	ContractParty by;
	Instant recorded;
	char *actor; /* who recorded it */
} ContractNotice;

void contract_notice_clear(ContractNotice *notice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContractNotice, contract_notice_clear)

/* *ret_is false: none was given. */
bool store_contract_notice(Store *store, const char *contract, bool *ret_is,
    ContractNotice *ret_notice, GError **error);
/* NULL: none was given after all. */
bool store_set_contract_notice(StoreTx *tx, const char *contract,
    const ContractNotice *notice, GError **error);
/* What each contract's notice is, for store_dump(). */
bool store_dump_notices(Store *store, GString *dump, GError **error);

#endif
