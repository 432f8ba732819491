/*
 * ticket_breach: the guarantees of a ticket that were missed, and are breaches
 * still (doc/domain.md 4).
 *
 * Pure. A breach outlives its clock: a response that somebody reopening the
 * ticket made owed anew was missed all the same, as was what a merged ticket was
 * answered too late. None is left of a ticket that somebody excluded.
 */
#ifndef GUICHET_TICKET_BREACH_H
#define GUICHET_TICKET_BREACH_H

#include "guichet/ticket/ticket_view.h"

typedef struct {
	Milestone milestone;
	Instant due;      /* until when it was guaranteed */
	const Plan *plan; /* whose guarantee it was; of the view's rules */
} TicketBreach;

/* TicketBreach, by due instant. `view` has its clocks; `events` (Event *) are
 * the ticket's own, in order, and may be empty where it was never reopened or
 * merged. The caller unrefs. */
GArray *ticket_breaches(const TicketView *view, const GPtrArray *events);

/*
 * Looks at the ticket as it was just before each event that ended a clock of its:
 * a reopening that makes a response owed anew, and, with `merges`, a merge into
 * another. `then` has its clocks of that instant, and is gone after the call.
 */
typedef void (
    *TicketPastLook)(gpointer data, const TicketView *then, bool merges);
void ticket_past_views(const TicketView *view, const GPtrArray *events,
    TicketPastLook look, gpointer data);

/* Whether it takes the events to tell. */
bool ticket_breaches_need_events(const Ticket *ticket);

#endif
