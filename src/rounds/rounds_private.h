/*
 * rounds: what the tick goes through, each in a file: what is due opens tickets
 * or is told, in the transaction of the tick; and when it next will be.
 */
#ifndef GUICHET_ROUNDS_PRIVATE_H
#define GUICHET_ROUNDS_PRIVATE_H

#include "guichet/post/post.h"
#include "guichet/store/store_ledger.h"

/* ---- duties (duties.c) ---- */

/* Opens a ticket for each duty that has come due, at most the latest of those
 * missed in an outage. */
bool duties_open(Intake *in, StoreTx *tx, Instant now, GError **error);
/* When the next will; INSTANT_NONE: never. */
bool duties_next(Intake *in, Instant now, Instant *ret_at, GError **error);

/* ---- the morning mail (morning.c) ---- */

/* Sends it where the hour has come and nobody had it that day. */
bool morning_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
/* When the next is due; INSTANT_NONE: never. */
bool morning_next(Intake *in, Instant now, Instant *ret_at, GError **error);

/* (duties_report.c) Tells the clients of the month before, once. */
bool duties_report_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool
duties_report_next(Intake *in, Instant now, Instant *ret_at, GError **error);

/* ---- alarms (alarms.c) ---- */

bool alarms_post(Intake *in, StoreTx *tx, const GPtrArray *drafts, Instant now,
    GError **error);
/* Of several for one reader, one mail that lists them. */
bool alarms_post_joined(Intake *in, StoreTx *tx, GPtrArray *drafts, Instant now,
    GError **error);

/* ---- contracts' days (contracts.c) ---- */

/* Tells the manager and the clients of those that have come since. */
bool contracts_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool contracts_next(Intake *in, Instant now, Instant *ret_at, GError **error);

/* (morning_desk.c) All that the mails of one morning are made of. */
typedef struct {
	Instant now, since;          /* what went wrong since is told */
	GPtrArray *rows;             /* QueueRow *, all that is open */
	GPtrArray *unsent, *refused; /* OutboxRow * */
	GPtrArray *missed, *taken;   /* LedgerMissed *, LedgerTaken * */
	gint64 filed; /* the last mail without a ticket that is told of */
} MorningDesk;

/* (morning_missed.c) What guarantees were missed since, or were none. */
void morning_missed_add(const MorningDesk *desk, const Intake *in,
    Values *values, const ReadingFor *reader);

bool morning_desk_load(MorningDesk *desk, Intake *in, GError **error);
void morning_desk_clear(MorningDesk *desk);
/* Adds a Draft for each who has anything to read. */
bool morning_desk_drafts(MorningDesk *desk, Intake *in, GPtrArray *drafts,
    GError **error);

#endif
