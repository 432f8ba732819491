/*
 * intake: one mail, from its Message to everything that follows from it
 * (doc/design.md 2, steps 4 to 6).
 *
 * It gathers the Situation from store and rules, has the desk decide, and
 * applies the effects, answers to send included, in the caller's transaction.
 * The caller holds a savepoint and commits; the mailbox hears of it only
 * afterwards.
 */
#ifndef GUICHET_INTAKE_H
#define GUICHET_INTAKE_H

#include "guichet/hand/hand.h"

/* All borrowed, for its life. */
Intake *intake_new(const Conf *conf, const Ruleset *ruleset, Store *store);
void intake_free(Intake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intake, intake_free)

/* For rehearsals: where its random bytes come from (random.h). 0 before. */
void intake_set_seed(Intake *intake, guint64 seed);

/* Until when every mailbox was looked at and its mail decided: what has not
 * come since is not yet absent. INSTANT_NONE: not all yet. Before: for ever. */
void intake_set_heard(Intake *intake, Instant heard);

/*
 * Whether the raw mail may carry a token of ours, so that its reader must have
 * seen no other: a cheap scan that may say yes too often, never no wrongly.
 */
bool intake_wants_fresh(const Intake *intake, GBytes *raw);

/*
 * Decides one mail. `message` NULL: no reader survived it, and it becomes a
 * ticket "unreadable mail". GUICHET_ERROR_TEMPORARY is the store's; any other
 * error is about this mail alone.
 */
bool intake_one(Intake *intake, StoreTx *tx, const StoredMail *mail,
    const Message *message, Instant now, GError **error);

/* Whether what it decided since it was asked has mails that were done read
 * again: they are "raw" in the store. */
bool intake_reads_again(Intake *intake);

/*
 * A mailbox holds a mail that bears this store's own mark, `row` says where (and
 * sha256 of its bytes, or NULL): where the store does not know the mail, nor of
 * the restore by which it forgot it, its next life begins, and is told.
 * `count`: about how many mails it has forgotten; numbers go on above theirs.
 */
bool intake_ahead(Intake *intake, StoreTx *tx, const StoredMail *row,
    gint64 count, Instant now, GError **error);

/* An answer that will never be delivered: onto the ticket, and a notice to the
 * technicians. The row's state is set already. */
bool intake_send_failed(Intake *intake, StoreTx *tx, const OutboxRow *row,
    Instant now, GError **error);

#endif
