/*
 * order_case: the question that an order puts to the desk, and the answer.
 *
 * Pure: what the order is about, looked up by whoever asks, in; a Decision
 * out. Through which door it came changes nothing but who gave it.
 */
#ifndef GUICHET_ORDER_CASE_H
#define GUICHET_ORDER_CASE_H

#include "guichet/judgment/decision.h"
#include "guichet/judgment/reading.h"
#include "guichet/judgment/situation.h"
#include "guichet/ledger/ledger.h"
#include "guichet/order/order.h"
#include "guichet/ticket/ticket_view.h"

/* A mail of ours about the ticket, for who takes something back. */
typedef struct {
	gint64 id, batch;
	SendKind what;
	Instant at;
	bool is_here;  /* it can be held back still */
	bool has_left; /* or may have */
} CaseAnswer;

/* What it takes to judge one order. All borrowed, nothing changes. */
typedef struct OrderCase {
	const Order *order;
	const char *technician; /* who gives it; NULL: a manager */
	const char *manager;    /* their login on this machine, NULL: unknown */
	bool is_command;        /* not by mail: who reaches that door may all */
	Instant at;             /* when it happened: a mail's receipt */
	Instant now;            /* when it is recorded */
	gint64 mail;            /* that brought it, 0: none */
	bool has_words;         /* for the client, with it */
	const char *words;      /* below it in the mail; NULL: no mail */
	bool has_note;          /* words that are kept inside, with it */
	const char *language;   /* of who gives it */
	const Zone *zone;       /* of the site */
	const Ruleset *ruleset;
	const DeskPolicy *policy;

	/* ORDER_ON_TICKET */
	const TicketView *view; /* NULL: there is none */
	const Ticket *ticket;   /* the view's */
	TicketClient client;    /* whom answers go to */
	const char *assignee; /* ORDER_ASSIGN: as the site spells it, or NULL */
	const TicketView *other; /* of order->other, with clocks; NULL: none */
	bool is_linked;          /* the two name each other already */
	const AlertTold *told;   /* ORDER_CONTRACT, of an alert's ticket */

	/* ORDER_STOP, ORDER_UNDO, ORDER_SEND: all of the ticket, the oldest first; NULL: not
	 * looked up. */
	const GPtrArray *events; /* Event * */
	const GArray *answers;   /* CaseAnswer */

	/* ORDER_MAINTENANCE_END: it is planned, and not over. */
	bool is_planned;

	/* ORDER_ON_DESK: what there is to read, char *, a row or a ticket each,
	 * secrets masked; NULL: what it names is not there. */
	const GPtrArray *rows;
	guint found;        /* how many there are; `rows` may hold fewer */
	ReadingUse reading; /* what they have read within the hour */

	/* ORDER_LEDGER_REVERSE: the row, whose it is (NULL: there is none), and
	 * what took it back, 0. */
	LedgerRow ledger_row;
	const char *ledger_contract;
	gint64 ledger_reversed_by;
	/* ORDER_LEDGER_CREDIT: when its reference was credited already;
	 * INSTANT_NONE: it was not. */
	Instant ledger_credited;

	/* A row of the outbox, or a mail. */
	const char *state; /* NULL: there is none */
	const char *mailbox;
	gint64 on_ticket;
	Instant received;
} OrderCase;

/* NULL with GUICHET_ERROR_PERMANENT, which says in the case's language why
 * nothing is done. */
Decision *order_judge(const OrderCase *c, GError **error);

/* The same within the judgment of the mail that brings it: nothing is added to
 * the decision if it fails. */
bool order_judge_within(struct Judgment *j, const OrderCase *c, GError **error);

/* "technician:Anne Martin", "manager:root" or "manager": as whose doing it is
 * recorded. The caller frees. */
char *order_actor(const OrderCase *c);

/* Orders and words that were just judged, as their colleagues read of them. All
 * borrowed. */
typedef struct {
	const char *technician;  /* whose doing it is; NULL: a manager's */
	const GPtrArray *orders; /* OrderCase *, or NULL */
	const char *words;       /* below them, to the client or inside; NULL */
	Instant at;              /* 0: now */
} OrderTold;

/* A notice to who has, or had, a part in the ticket (notice_readers.h), if that
 * is anybody else; and on each other ticket that the orders are about. */
void order_tell_colleagues(struct Judgment *j, const Ticket *ticket,
    const OrderTold *told);
/* Whether anything of it goes to the client. */
bool order_told_client(const Decision *decision);

/* Whether the client is told by a mail of ours. */
bool order_tells_client(const OrderCase *c);

/* What is said of it once it is done, lines without an end. The caller
 * frees. */
char *order_report(const OrderCase *c, const Decision *decision);

#endif
