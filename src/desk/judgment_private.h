/*
 * judgment_private: the Decision while it is being made. Shared by decide.c
 * (which way a mail goes), decide_client.c and decide_technician.c.
 */
#ifndef GUICHET_JUDGMENT_PRIVATE_H
#define GUICHET_JUDGMENT_PRIVATE_H

#include "guichet/desk/decide.h"
#include "guichet/desk/refusal.h"
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
void judgment_file(Judgment *j, MailLane lane);
/* Files a mail that only repeats another. */
void judgment_repeat(Judgment *j);
/* The mail onto a ticket, without an event; words of the desk's own. */
Effect *judgment_keep(Judgment *j, gint64 ticket);
void judgment_note(Judgment *j, gint64 ticket, EventNote about);

/* One of that kind, empty, borrowed. */
Effect *judgment_effect(Judgment *j, EffectKind kind);

/* The message's own event; `defect` may be NULL. */
void judgment_message(Judgment *j, gint64 ticket, EventAuthor author,
    bool is_public, bool verified, const char *defect);

/* Puts a ticket into a state. */
void
judgment_state(Judgment *j, gint64 ticket, TicketState state, EventMover by);
/* Reopens it for a person: the response is owed anew. */
void judgment_reopen(Judgment *j, gint64 ticket, EventMover by);
void judgment_tag(Judgment *j, gint64 ticket, const char *tag);
void judgment_untag(Judgment *j, gint64 ticket, const char *tag);
/* What is not sent, and why, stands on the ticket. */
void
judgment_held(Judgment *j, gint64 ticket, SendKind what, HeldReason reason);
/* A notice to each technician. */
Effect *judgment_notify(Judgment *j, gint64 ticket, const char *reason);

/* The word of `own_lists` that the mail's List-Id holds, or NULL. */
const char *judgment_own_list(const Situation *sit);

/* What an alert does; false: it is to be judged as any other mail. */
bool decide_alert(Judgment *j);
/* What a technician may order by mail. */
void decide_technician(Judgment *j);
/* His orders of no ticket (decide_desk.c); false: it holds none, or its proof is
 * to be judged as any other mail's. */
bool decide_desk(Judgment *j);
/* How he is told that nothing was done. */
RefusalWay decide_refusal_way(const Situation *sit);
/*
 * Parked mails (decide_parked.c). Why a technician's mail on that ticket may not
 * act, a word the templates know: DECIDE_PARKED if it can be confirmed, NULL if
 * it acts.
 */
#define DECIDE_PARKED "unconfirmed"
const char *
decide_parked_obstacle(const Situation *sit, const Candidate *meant);
/* The same of one that names no ticket, but for its token. */
const char *decide_parked_unasked(const Situation *sit);
/* The same of one that is for the desk itself. */
const char *decide_parked_desk(const Situation *sit);
/* Why no challenge can go out now, or NULL; and what sends it. */
const char *decide_parked_refusal(const Situation *sit);
Effect *decide_parked_challenge(Judgment *j, gint64 ticket);
/* Whether it says yes to a challenge and nothing else; then what that does, and
 * why it does nothing, or NULL. */
bool decide_parked_is_answer(const Situation *sit);
const char *decide_parked_answer(Judgment *j, gint64 ticket);
/* What anybody else may: doc/design.md 7. */
void decide_client(Judgment *j);
/* The same mail as an earlier one, better proven (decide_copy.c). */
void decide_copy(Judgment *j);
/* A copy that went to where the rules weigh it more, as to the alert address:
 * the ticket that the first one opened is raised. */
void decide_raise(Judgment *j);
/* A trusted alert's, which has judged itself already. */
void decide_alert_copy(Judgment *j);
/* What a client's own words, proven or not, change on a ticket they take part
 * in: a word for the notice, "client-message" if nothing. */
const char *decide_answer(Judgment *j, const Candidate *candidate);
/* Whether the mail proves that its sender may reopen what is done. */
bool decide_is_proven(const Situation *sit, LinkKind link);
/* Whether one more acknowledgment goes out on the ticket, and why not. */
void decide_acknowledge(Judgment *j, gint64 ticket);
/* The new ticket and those about the same host name each other. */
void decide_link_hosts(Judgment *j);
/* Opens a ticket from the mail. Returns the notice to technicians, borrowed. */
Effect *decide_opening(Judgment *j, EventAuthor author, bool answer);

#endif
