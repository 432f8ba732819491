/*
 * ticket_missed: guarantees of a ticket that were missed and that its client has
 * not been told of (doc/domain.md 6).
 *
 * Pure. Of a guarantee alone: a missed objective is reported, best effort is
 * not judged. Nothing of a ticket that only the desk has seen, nor of one that
 * somebody excluded or whose contract does not want it. Once a promise: a
 * response that a reopening made owed anew is another one.
 */
#ifndef GUICHET_TICKET_MISSED_H
#define GUICHET_TICKET_MISSED_H

#include "guichet/ticket/ticket_view.h"

/* So long behind the breach, for a person to say why it was none. */
#define MISSED_WAITS (2 * 3600)
/* What is longer ago than a month is in its report, and no news. */
#define MISSED_RECENT (31 * 86400)

/* Those that were missed by now: const SlaClock *, borrowed of the view, which
 * has its clocks. The caller owns the array. */
GPtrArray *ticket_missed(const TicketView *view);

/*
 * When the client is told, where no answer has told them before: the first
 * instant of the desk's hours so long behind the breach, or behind the instant
 * at which the desk came to know of the ticket; not before the view's now. Also
 * of one that is still to come. INSTANT_NONE: nothing is to be told. A view without a desk
 * tells nothing.
 */
Instant ticket_missed_tell_at(const TicketView *view);

#endif
