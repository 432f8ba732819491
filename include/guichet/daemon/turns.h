/*
 * turns: whose turn it is among the mails that the desk holds in memory. Pure.
 *
 * Mails are decided in order (doc/design.md 1): each mailbox has its own order,
 * or one rules over all. In an order, what cannot be decided yet blocks what
 * stands behind it; the first that blocks is the order's head.
 *
 * Why the desk cannot stand still:
 *
 *   1. A head waits for a reader or has one: what is read can be decided.
 *   2. While fewer heads are being read than there are readers, the first head
 *      that waits goes, whatever the budgets of mails and bytes say. They bind
 *      only what stands behind a head.
 *   3. A reader ends with each mail in bounded time: it answers, dies or is
 *      killed. Each end is an answer or costs the mail an attempt, and a mail
 *      whose attempts are spent can be decided unread.
 *
 * So while a mail waits, a head is being read or is given to a reader now; and
 * each head is read, or spent, in the end. What is held beyond the budget is the
 * mail that reached it and one for each reader; and, where mails arrive that
 * were received before others, those that they come to stand before.
 */
#ifndef GUICHET_TURNS_H
#define GUICHET_TURNS_H

#include "guichet/base/base.h"

typedef enum {
	TURN_WAITS,   /* for a reader */
	TURN_READING, /* has one */
	TURN_READ,    /* a reader has answered */
	TURN_ASIDE,   /* out of the order: blocks nobody, counts for nothing */
	TURN_STATE_COUNT,
} TurnState;

const char *turn_state_name(TurnState state);

/* One mail. */
typedef struct {
	const char *mailbox; /* borrowed */
	TurnState state;
	bool spent; /* no attempt is left: it may be decided unread */
	bool alone; /* it may have ended the desk: nothing is read beside it */
	gint64
	    size; /* bytes that it holds while it is read and until decided */
	/* out */
	bool may_decide;
	bool may_read; /* only of TURN_WAITS */
	bool is_head;
} Turn;

typedef struct {
	bool one_order; /* over all mailboxes */
	guint readers;  /* at least 1 */
	guint mails;    /* read or being read, besides heads */
	gint64 bytes;   /* of them: no further one begins above that */
} TurnLimits;

/* Fills in the judgment of each; they come in the order of decision. */
void turns_judge(Turn *turns, gsize count, const TurnLimits *limits);

#endif
