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

/* An answer that tells the client each due instant goes out: an event (Event *)
 * a clock, so that editing a plan never changes what was told. `mail` is the one
 * that is answered, or 0. */
GPtrArray *desk_promised(const TicketView *view, gint64 mail, Instant now);

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
