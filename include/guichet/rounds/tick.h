/*
 * tick: what time alone brings about: warnings, reminders of continuous effort,
 * and the tickets of duties.
 */
#ifndef GUICHET_TICK_H
#define GUICHET_TICK_H

#include "guichet/work/intake.h"

/*
 * Opens the tickets of duties that are due, looks at the tickets whose wake is
 * due (store_due), some of them at least, and sets their next wake. Called again while there are any.
 */
bool tick_due(Intake *intake, StoreTx *tx, Instant now, GError **error);

/* When that is next worth while: a ticket's wake or a duty; INSTANT_NONE:
 * nothing is. */
bool tick_next(Intake *intake, Instant now, Instant *ret_at, GError **error);

/* Once when a desk begins, and when it takes new rules: sets when the mails
 * that must come are looked for. */
bool tick_begin(Intake *intake, StoreTx *tx, Instant now, GError **error);

#endif
