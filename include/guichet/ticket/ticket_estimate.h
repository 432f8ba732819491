/*
 * ticket_estimate: which estimates wait for the client's agreement, and whose.
 *
 * By the plan's `terms`: all of them where it has `estimate`, those above the
 * contract's threshold where it has `approval` (doc/domain.md 5). Pure.
 */
#ifndef GUICHET_TICKET_ESTIMATE_H
#define GUICHET_TICKET_ESTIMATE_H

#include "guichet/ticket/ticket_view.h"

/* Whether so many minutes are more than the plan does at a time: then it is
 * another team's, and nothing waits. *ret_plan, which may be NULL, has its limit.
 * The address of that team, where the contract names one; NULL. */
bool ticket_estimate_is_over(const TicketView *view, int minutes,
    const Plan **ret_plan);
const char *ticket_estimate_team(const TicketView *view);

/* Whether an estimate of so many minutes waits for it. */
bool ticket_estimate_asks(const TicketView *view, int minutes);

/*
 * Whom it is asked of: the contact whom the contract names for it, else the
 * ticket's client if the contract names them, else the first whom it names; by
 * the contacts of `today`. NULL: nobody may. Borrowed.
 */
const char *ticket_estimate_approver(const TicketView *view, const char *client,
    const Ruleset *today);

#endif
