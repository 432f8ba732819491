/*
 * decide: the desk's judgment on one mail (doc/design.md 2, steps 4 and 5; 7).
 *
 * Pure: a Situation, which the app layer gathers from store and rules, in; a
 * Decision out. It does no I/O and keeps nothing. Each step leaves a line of
 * trace, which `guichet why` shows.
 */
#ifndef GUICHET_DECIDE_H
#define GUICHET_DECIDE_H

#include "guichet/judgment/decision.h"
#include "guichet/judgment/situation.h"

Decision *decide_mail(const Situation *situation);
/* One more alert of a mail that decide_mail() has judged; `situation->alert` is
 * a trusted source's. */
Decision *decide_further(const Situation *situation);
/* What time alone brings about the alert `situation->alert->known`, whose wake
 * has come: a reminder, the end of flapping or of maintenance, a mail that did
 * not come. There is no message; `received` is now, `mail` the last about it.
 * What opens without a mail (EVENT_OPENED with mail 0) needs words of the
 * desk's own. */
Decision *decide_alert_tick(const Situation *situation);

/* The ticket's number in the first [#N] of a subject, or 0. */
gint64 decide_subject_tag(const char *subject);
/* The ticket that a person names without the tag, "Ticket 3", "Re: #3 Panne", "3":
 * its number, or 0. A hint, of a technician's orders and of nothing else. */
gint64 decide_subject_number(const char *subject);

#endif
