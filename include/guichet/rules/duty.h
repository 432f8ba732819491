/*
 * duty: when a plan owes what nobody asked for (doc/domain.md 1), as the
 * contract's versions have it.
 *
 * A duty comes back. Its first period begins with the version of the contract
 * that brought it; those of `mo` begin with the first of each local calendar
 * month after that, those of `d` and `bd` so many dates later each. It is due
 * at the first opening of its calendar in the period. Pure: no store, no now
 * of its own.
 */
#ifndef GUICHET_DUTY_H
#define GUICHET_DUTY_H

#include "guichet/rules/ruleset.h"

/* One duty under one contract. Borrowed from the ruleset. */
typedef struct {
	const Contract *contract;
	const ContractVersion *version;
	const Plan *plan;
	const Duty *duty;
	const Calendar *clock;
	Date begins; /* its first period: earlier versions may have had it */
} DutyRow;

/* The duties of a version of a contract: DutyRow. The caller owns the array. */
GArray *duty_rows(const Ruleset *ruleset, const Contract *contract,
    const ContractVersion *version);

typedef struct {
	gint64 number; /* from 0 */
	Date begins;
	Instant due;
} DutyPeriod;

/* The n-th period; false if the calendar does not open again. */
bool duty_period(const DutyRow *row, gint64 number, DutyPeriod *ret_period);

/* The last period that was due at or before `now`; false if none was. */
bool duty_latest(const DutyRow *row, Instant now, DutyPeriod *ret_period);

/* The first that is due after `now`. */
bool duty_next(const DutyRow *row, Instant now, DutyPeriod *ret_period);

/* Whether its last period is the desk's to open: it was due at or before `now`,
 * and after `begun`, from when on the desk minds duties. */
bool duty_is_due(const DutyRow *row, Instant begun, Instant now,
    DutyPeriod *ret_period);

/* What a contract owes at that instant, as duty_rows(); NULL if it is not in
 * force yet or over. The caller owns the array. */
GArray *
duty_rows_at(const Ruleset *ruleset, const Contract *contract, Instant now);

/* When something of any contract may next be due: the first period of a duty
 * after `now`, or the day from which a version counts, which may bring others.
 * INSTANT_NONE: never. */
Instant duty_next_of_all(const Ruleset *ruleset, Instant now);

#endif
