/*
 * desk_answered: what stands on a ticket beside the mails of others: what its
 * client was promised in an answer, an answer that was held back, words of the
 * desk's own.
 *
 * Pure. The events are the caller's, who appends them as they are.
 */
#ifndef GUICHET_DESK_ANSWERED_H
#define GUICHET_DESK_ANSWERED_H

#include "guichet/ticket/event_make.h"
#include "guichet/ticket/ticket_view.h"

/* An answer that tells the client the ticket's terms and each promise that is
 * still owed. */
typedef struct {
	const TicketView *view; /* with its clocks */
	SendKind answer;
	gint64 outbox; /* its row */
	gint64 mail;   /* that is answered, or 0 */
	Instant now;
} PromiseCase;

/* An event (Event *) of the terms and one a promise, so that editing a plan
 * never changes what was told. */
GPtrArray *desk_promised(const PromiseCase *c);

/* The same of each guarantee that an answer says was missed. */
GPtrArray *desk_missed(const PromiseCase *c);

/* An answer that does not go out. */
typedef struct {
	gint64 ticket, mail;
	Instant at, now; /* of what it answers; of the record */
	SendKind what;
	HeldReason why;
} HeldCase;

Event *desk_held(const HeldCase *c);

/* Words of the desk's own, kept inside as `mail`. */
Event *desk_noted(gint64 ticket, gint64 mail, Instant now);

#endif
