/*
 * horizon: how far back the desk looks when it counts, how long what it gave
 * out holds, and when a mail counts as received. Who gathers facts asks here
 * and decides nothing itself.
 */
#ifndef GUICHET_HORIZON_H
#define GUICHET_HORIZON_H

#include "guichet/base/base.h"

/* ---- how far back is counted; all end with what is in hand ---- */

/* Mails of one subject: a wheel of two programs turns within minutes, and who
 * writes on the same thing an hour later is a person. */
#define HORIZON_SUBJECT_SECONDS 3600
/* Acknowledgments, as `acknowledge` of guichet.yaml names its budgets. */
#define HORIZON_ACKS_HOUR_SECONDS 3600
#define HORIZON_ACKS_DAY_SECONDS  86400
/* Refusals to a proven technician, so that an hour's mistakes fill one list;
 * and those that anybody may cause, a day, so that who forges all night costs
 * a handful (doc/security.md 2.3). */
#define HORIZON_REFUSALS_PROVEN_SECONDS   3600
#define HORIZON_REFUSALS_UNPROVEN_SECONDS 86400
/* All that a proven technician was told of refusals: whoever goes on for a day
 * without one mail that acts is a program. */
#define HORIZON_REFUSALS_DAY_SECONDS 86400
/* What a client was told of alerts, and a technician in notices: both budgets
 * are an hour's. */
#define HORIZON_TOLD_SECONDS 3600

/* ---- what a client is written that no person said ---- */

/* One mail of a kind on one ticket in so long; a budget's hour; and what waits
 * to be summed up leaves by itself so long behind, should nobody do it. */
#define HORIZON_SAME_KIND_SECONDS 600
#define HORIZON_AUTOMATIC_SECONDS 3600
/* A person who opens more tickets in an hour lets a program write. */
#define HORIZON_PROVEN_ACKS_HOUR  30
#define HORIZON_SUM_GRACE_SECONDS 3600

/* ---- contracts that promise nothing ---- */

/* How long whoever wrote under one knows that they were told: a month's mails about
 * one trouble need it once. */
#define HORIZON_LIFE_SECONDS (30 * 86400)
/* How many alerts of one host's ticket are looked at to know whether any fires:
 * no host has more services that fail at once. */
#define HORIZON_HOST_ALERTS 100

/* ---- what is read by mail ---- */

/* Of the queue and of tickets, an hour, to a technician's own address: a
 * morning's work reads less, and who got hold of their mailbox does not carry
 * the store away through it. */
#define HORIZON_READ_SECONDS 3600
#define HORIZON_READ_ROWS    50
#define HORIZON_READ_TEXTS   20

/* ---- one host, an alert and a client's mail ---- */

/* Trouble that a client writes of and that a probe sees lies within a day; among
 * the latest mails that hold the name, so that no store is gone through for a
 * hint; a mail names few hosts; and whoever reads it looks at a few tickets. */
#define HORIZON_HOST_SECONDS 86400
#define HORIZON_HOST_MAILS   100
#define HORIZON_HOST_NAMES   10
#define HORIZON_HOST_LINKS   3

/* ---- a call ---- */

/* How far back the clocks of a ticket may begin that somebody says came by
 * telephone: a night's calls are written down in the morning, and nobody
 * remembers the minute of what is older. */
#define HORIZON_CALL_SECONDS 86400

/* ---- a wheel ---- */

/* How many mails of one subject robots.yaml is told of, this one included.
 * What goes on a ticket of its writer's is its first: the brake is for what
 * would open a ticket each time, and be answered; people do write three times
 * on one. */
static inline guint
horizon_turns(int before, bool is_follow_up)
{
	return is_follow_up || before < 0 ? 1 : (guint)before + 1;
}

/* ---- tokens (doc/security.md 2.6) ---- */

/* In days: a technician's orders, so that a notice found in an old mailbox is
 * none; a client's answers, since people do answer after a season, and the
 * worst that one can do is reopen. */
#define HORIZON_TECHNICIAN_DAYS 30
/* What a button offers is of the day; who finds it later answers in words. */
#define HORIZON_BUTTON_DAYS 7
#define HORIZON_CLIENT_DAYS 180
/* And a delivery's own address: servers give up after five days, lists and
 * queues that stood still are slower. */
#define HORIZON_BOUNCE_DAYS 30
#define HORIZON_DAY_SECONDS 86400 /* a token's day, in UTC */

/* How long behind its end a client reopens a ticket whose plan does not say: as
 * long as our mails about it can be answered. */
#define HORIZON_REOPEN_SECONDS (HORIZON_CLIENT_DAYS * HORIZON_DAY_SECONDS)

static inline gint32
horizon_token_days(bool is_technician)
{
	return is_technician ? HORIZON_TECHNICIAN_DAYS : HORIZON_CLIENT_DAYS;
}

/* ---- technicians' mails that wait to be confirmed (doc/security.md 2.3) ---- */

/* How long an answer to a challenge confirms: who sent the mail reads their own
 * within the day. In days for the token, which is dated by the day. */
#define HORIZON_CONFIRM_SECONDS 86400
#define HORIZON_CONFIRM_DAYS    1
/* A Date further from the receipt is no mail of now: clocks that go wrong
 * differ by minutes, and queues give up within three days. Beyond, an old mail
 * may have been sent again, whose signature is still good. */
#define HORIZON_DATE_EARLY_SECONDS 900
#define HORIZON_DATE_LATE_SECONDS  (3 * 86400)

/* How long a client answers whether a yes to an estimate was theirs: over a
 * holiday, as a link of ours is good. */
#define HORIZON_QUESTION_SECONDS (HORIZON_BUTTON_DAYS * 86400)

static inline bool
horizon_answers_question(Instant sent, Instant received)
{
	return received - sent <= HORIZON_QUESTION_SECONDS;
}

/* Whether our challenge can still be answered. */
static inline bool
horizon_confirms(Instant sent, Instant received)
{
	return received - sent <= HORIZON_CONFIRM_SECONDS;
}

/* Whether a mail of that Date is one of now. */
static inline bool
horizon_is_fresh(Instant dated, Instant received)
{
	return received - dated >= -(Seconds)HORIZON_DATE_EARLY_SECONDS &&
	    received - dated <= HORIZON_DATE_LATE_SECONDS;
}

/* The day that tokens are dated with. */
static inline gint32
horizon_day(Instant at)
{
	return (gint32)(at / HORIZON_DAY_SECONDS);
}

/* Whether our mail to a technician, answered at `received`, is too old for
 * its id to act. */
static inline bool
horizon_is_expired(Instant sent, Instant received)
{
	return received - sent >
	    (Seconds)HORIZON_TECHNICIAN_DAYS * HORIZON_DAY_SECONDS;
}

/* ---- receipt (doc/design.md 7) ---- */

/* A queue may hold a mail between the border and the mailbox for a day; clocks
 * of two of our own machines differ by minutes. Beyond, a stamp is wrong or
 * forged. */
#define HORIZON_QUEUE_SECONDS 86400
#define HORIZON_SKEW_SECONDS  300

/* When clocks start: at the border's stamp (INSTANT_NONE: none) if it is near
 * the delivery, else at the delivery. */
static inline Instant
horizon_receipt(Instant delivered, Instant stamp)
{
	bool is_near = stamp != INSTANT_NONE &&
	    stamp >= delivered - HORIZON_QUEUE_SECONDS &&
	    stamp <= delivered + HORIZON_SKEW_SECONDS;

	return is_near ? stamp : delivered;
}

#endif
