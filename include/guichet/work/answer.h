/*
 * answer: from an effect that sends, or a clock that alarms, to the outbox: what
 * may be said is gathered, drafted and posted (guichet/post).
 */
#ifndef GUICHET_ANSWER_H
#define GUICHET_ANSWER_H

#include "guichet/hand/hand.h"

/* Composes what the effect asks for and puts it into the outbox; a person's words
 * to a client wait there for as long as the site says, from `now` on. */
bool answer_effect(Intake *in, StoreTx *tx, const Effect *effect,
    const Gathered *gathered, Instant now, GError **error);

/* What tells the plan's addresses, else every technician, that a share of the
 * effect's clock is used; 100 is the breach. Without a clock it reminds them of
 * continuous effort, or, with an instant, who has the ticket of what silence
 * brings. Draft *, not yet posted; the caller owns. NULL with `error`. */
GPtrArray *answer_alarm(Intake *in, TicketView *view, const Effect *effect,
    Instant now, GError **error);

/* The same of one that a server had taken and that came back, for good or, by
 * its report, until it has tried again: then nobody is told. */
bool answer_came_back(Intake *in, StoreTx *tx, const OutboxRow *row,
    SendOutcome outcome, Instant now, GError **error);

#endif
