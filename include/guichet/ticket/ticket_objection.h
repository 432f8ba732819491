/*
 * ticket_objection: a client's word against an exclusion (doc/domain.md 4).
 *
 * Pure. Within the term that the plan would have without it, and once a ticket:
 * then nothing is excluded, from the original intake on, until a technician
 * decides again.
 */
#ifndef GUICHET_TICKET_OBJECTION_H
#define GUICHET_TICKET_OBJECTION_H

#include "guichet/ticket/ticket_view.h"

/* Whether an objection received then puts it back. `*ret_component` is the
 * excluded component, "" where none is: the ticket's string. */
bool ticket_objection_counts(const TicketView *view, Instant received,
    const char **ret_component);

/* Whether what was told last says so much of an exclusion that the client may
 * object to it. */
bool ticket_objection_is_told(const TicketView *view);

#endif
