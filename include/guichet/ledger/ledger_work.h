/*
 * ledger_work: a ticket's worklog as the ledger counts it: each entry under the
 * terms that the ticket has, which decide its slice, what is included, its rate.
 */
#ifndef GUICHET_LEDGER_WORK_H
#define GUICHET_LEDGER_WORK_H

#include "guichet/ledger/ledger.h"
#include "guichet/ticket/ticket_view.h"

/* LedgerWork, in order of the log; none where the ticket's plan has no hours.
 * `events` (Event *) are the ticket's own. The caller unrefs. */
GArray *ledger_works(const TicketView *view, const GPtrArray *events);

/* The first day of the local month of an instant, and of the one after it. */
Date ledger_month(const Zone *zone, Instant at);
Date ledger_next_month(Date month);

#endif
