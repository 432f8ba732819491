/*
 * ticket_told: what a ticket's client was told last, and what of it is not so
 * any more (doc/domain.md, promises that change).
 *
 * Pure. The fold keeps the last answer that told terms; words that did not
 * arrive told nothing. Where an older program told them, without saying of
 * which terms, nothing is compared.
 */
#ifndef GUICHET_TICKET_TOLD_H
#define GUICHET_TICKET_TOLD_H

#include "guichet/ticket/ticket_view.h"

/* How long changes are collected: people correct what they have just ordered,
 * and one mail says all of it. */
#define TOLD_COLLECTS 600
/* What no person has ordered is corrected at most once in so long ... */
#define TOLD_AUTOMATIC_EVERY 3600
/* ... and so often a day; then one mail sums up. */
#define TOLD_AUTOMATIC_DAY 3
#define TOLD_DAY           86400
/* A due instant that moves by less is the same to a reader. */
#define TOLD_SAME_SECONDS 60

/* One promise that is another now. */
typedef struct {
	Milestone milestone;
	bool was, is; /* promised before, promised now */
	Commitment commitment_before, commitment_now;
	Instant due_before, due_now; /* INSTANT_NONE: without a term */
} ToldPromise;

/* What differs. Strings are the ticket's. */
typedef struct {
	bool contract, plan, kind, severity, exclusion;
	bool component; /* and whether the plan that was bought covers it */
	bool breach;    /* a guarantee was told to be missed, and was not */
	const TicketTold *before;
	GArray *promises; /* ToldPromise */
	TicketCause why;  /* of the last change */
} ToldChanges;

/*
 * What the client was told and is not so now; NULL where all of it holds, or
 * nothing was told, or the ticket is done: then only that a missed guarantee was
 * none is told still, since what followed from it is taken back. A due instant that moved because the
 * client was waited for, or because the ticket was done in between, is no
 * change: an acknowledgment says that this time does not count. Nor is a
 * response that is owed anew: what was told of the first one was kept. `view`
 * has its clocks.
 */
ToldChanges *ticket_told_changes(const TicketView *view);
void ticket_told_changes_free(ToldChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToldChanges, ticket_told_changes_free)

/* When the client is told, where something differs; INSTANT_NONE: not. */
Instant ticket_told_correct_at(const TicketView *view);

#endif
