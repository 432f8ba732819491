/*
 * judgment: the Decision while it is being made. Shared by all who judge: mails
 * and alerts (the desk), orders.
 */
#ifndef GUICHET_JUDGMENT_H
#define GUICHET_JUDGMENT_H

#include "guichet/judgment/decision.h"
#include "guichet/judgment/situation.h"
#include "guichet/ticket/event_make.h"

typedef struct Judgment {
	const Situation *sit;
	Decision *decision;
	const char *actor; /* of its events: "mail", "tick" */
} Judgment;

/* An empty decision about it. */
void judgment_begin(Judgment *j, const Situation *sit, const char *actor);

/* One line of trace, "stage: verdict". */
void judgment_trace(Judgment *j, const char *stage, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* What an event on the ticket is made with: caused by what is in hand, at its
 * receipt. `ticket` 0 is the new one. */
EventStamp judgment_stamp(const Judgment *j, gint64 ticket);
/* Takes the event into the decision; returned, borrowed. */
Event *judgment_write(Judgment *j, Event *take_event);
/* The new ticket, under a plan of the contract, either of which may be NULL;
 * what the judgment does not know itself is filled in. */
void judgment_opened(Judgment *j, const Contract *contract, const Plan *plan,
    const EventOpening *opening);
Effect *judgment_send(Judgment *j, SendKind kind, gint64 ticket);
/* What a person says to the client among the effects from there on, and nobody's
 * yet, is that technician's; NULL: nothing changes. */
void judgment_speaks(Judgment *j, guint from, const char *technician);
void judgment_file(Judgment *j, MailLane lane);
/* Files a mail that only repeats another. */
void judgment_repeat(Judgment *j);
/* The mail onto a ticket, without an event; words of the desk's own. */
Effect *judgment_keep(Judgment *j, gint64 ticket);
void judgment_note(Judgment *j, gint64 ticket, EventNote about);

/* One of that kind, empty, borrowed. */
Effect *judgment_effect(Judgment *j, EffectKind kind);

/* The message's own event, borrowed; `defect` may be NULL. */
Event *judgment_message(Judgment *j, gint64 ticket, EventAuthor author,
    bool is_public, bool verified, const char *defect);

/* Puts a ticket into a state. */
void
judgment_state(Judgment *j, gint64 ticket, TicketState state, EventMover by);
/* Reopens it for a person: the response is owed anew. */
void judgment_reopen(Judgment *j, gint64 ticket, EventMover by);
/* (merge.c) The other ticket is this one from now on: what it had promised and
 * not met, by its clocks, this one owes (doc/domain.md 4). */
void
judgment_merge(Judgment *j, const TicketView *here, const TicketView *other);
/* Both name each other, inside; 0: the ticket that the mail opens. */
void judgment_link(Judgment *j, gint64 one, gint64 other, const char *why);
void judgment_tag(Judgment *j, gint64 ticket, const char *tag);
void judgment_untag(Judgment *j, gint64 ticket, const char *tag);
/* What is not sent, and why, stands on the ticket. */
void
judgment_held(Judgment *j, gint64 ticket, SendKind what, HeldReason reason);
/* A notice to technicians (desk/notice_readers.h). */
Effect *judgment_notify(Judgment *j, gint64 ticket, Reason reason);

/* What readers of the notice and of the client's answer should know besides. */
void judgment_remark(Judgment *j, RemarkKind kind, const char *text);

/* The word of `own_lists` that the mail's List-Id holds, or NULL. */
const char *judgment_own_list(const Situation *sit);

#endif
