/*
 * ledger_breach: a ticket's missed guarantees as the ledger counts them: what
 * each brings by the contract, in which month (doc/domain.md 10).
 */
#ifndef GUICHET_LEDGER_BREACH_H
#define GUICHET_LEDGER_BREACH_H

#include "guichet/ledger/ledger.h"
#include "guichet/ticket/ticket_view.h"

/* LedgerBreach, those that bring nothing among them. As of ticket_breaches().
 * The caller unrefs. */
GArray *ledger_breaches(const TicketView *view, const GPtrArray *events);

#endif
