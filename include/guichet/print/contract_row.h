/*
 * A contract on one day, for `guichet contract`: its version, its term, and
 * both as JSON.
 */
#ifndef GUICHET_CONTRACT_ROW_H
#define GUICHET_CONTRACT_ROW_H

#include "guichet/rules/ruleset.h"

#include <jansson.h>

/* One contract on one day. */
typedef struct {
	const Ruleset *ruleset;
	const Contract *contract;
	const ContractVersion *version; /* NULL: not yet in force */
	const Zone *zone;
	Instant now;
	Date today;
	ContractTerm term;
	Date next; /* the next date to mind, if there is one */
	bool has_next;
} ContractRow;

ContractRow
contract_row(const Ruleset *ruleset, const Contract *contract, Instant now);

/* "not-yet", "open-ended", "over", "ends", "runs", or "renews": the day of
 * notice has passed. */
const char *contract_row_state(const ContractRow *row);

/* The promises of the version's plan at that place: a contract's own stand for
 * those of the first. And the zone and holidays of its calendars. */
const GPtrArray *
contract_row_targets(const ContractRow *row, gsize place, const Plan *plan);
char **contract_row_holidays(const ContractRow *row);
const Zone *contract_row_zone(const ContractRow *row);

/* A line of the list, and all that is in force. The caller owns. */
json_t *contract_row_json(const ContractRow *row);
json_t *contract_row_whole(const ContractRow *row);

#endif
