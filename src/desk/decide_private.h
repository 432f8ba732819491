/*
 * decide_private: the ways that a mail may go. decide.c chooses one;
 * decide_client.c, decide_technician.c and so on each walk one.
 */
#ifndef GUICHET_DECIDE_PRIVATE_H
#define GUICHET_DECIDE_PRIVATE_H

#include "guichet/desk/decide.h"
#include "guichet/judgment/judgment.h"
#include "guichet/judgment/refusal.h"
#include "guichet/order/command.h"
#include "guichet/ticket/ticket_estimate.h"

/* What an alert does; false: it is to be judged as any other mail. */
bool decide_alert(Judgment *j);
/* What a technician may order by mail. */
void decide_technician(Judgment *j);
/* A technician's orders of no ticket (decide_desk.c); false: it holds none, or its proof is
 * to be judged as any other mail's. */
bool decide_desk(Judgment *j);
/* How they are told that nothing was done. */
RefusalWay decide_refusal_way(const Situation *sit);
/*
 * Parked mails (decide_parked.c). Why a technician's mail on that ticket may not
 * act: REASON_UNCONFIRMED if it can be confirmed, REASON_NONE if it acts.
 */
Reason decide_parked_obstacle(const Situation *sit, const Candidate *meant);
/* The same of one that names no ticket, but for its token. */
Reason decide_parked_unasked(const Situation *sit);
/* The same of one that is for the desk itself. */
Reason decide_parked_desk(const Situation *sit);
/* Why no challenge can go out now, or REASON_NONE; and what sends it. */
Reason decide_parked_refusal(const Situation *sit);
Effect *decide_parked_challenge(Judgment *j, gint64 ticket, Reason why);
/* Whether a colleague has answered since what it answers; then that it is held,
 * and that both read it. */
bool decide_parked_is_crossed(const Situation *sit);
void decide_parked_hold(Judgment *j, const Ticket *ticket);
/* Whether it says yes to a challenge and nothing else; then what that does, and
 * why it does nothing, or REASON_NONE. */
bool decide_parked_is_answer(const Situation *sit);
Reason decide_parked_answer(Judgment *j, gint64 ticket);
/* What a client asks to read (decide_reading.c); false: it is judged as any
 * other mail. */
bool decide_reading(Judgment *j);
/* What anybody else may: doc/design.md 7. */
void decide_client(Judgment *j);
/* The same mail as an earlier one, better proven (decide_copy.c). */
void decide_copy(Judgment *j);
/* A copy that went to where the rules weigh it more, as to the alert address:
 * the ticket that the first one opened is raised. */
void decide_raise(Judgment *j);
/* A proven answer of the client's on the open ticket may say that it became
 * worse (decide_worse.c). */
void decide_worsen(Judgment *j, const Candidate *c);
/* The files that a copy adds to the ticket of the first; false: it adds none. */
bool decide_files(Judgment *j);
/* A trusted alert's, which has judged itself already. */
void decide_alert_copy(Judgment *j);
/* What a client's own words, proven or not, change on a ticket they take part
 * in: the notice's reason, REASON_CLIENT_MESSAGE if nothing. */
Reason decide_answer(Judgment *j, const Candidate *candidate);
/* A yes or a no to an estimate (decide_approval.c): the notice's reason, or
 * REASON_NONE: the mail is judged as any other. */
Reason decide_approval(Judgment *j, const Candidate *candidate);
/* (decide_objection.c) Puts back what was excluded, where the client objects and
 * that counts. */
bool decide_objection(Judgment *j, const Candidate *c);
/* Whether the ticket waits for the word of somebody else on an estimate: the
 * writer's own ends no such wait. */
bool decide_waits_for_another(const Judgment *j, const Candidate *c);
/* Which ticket the mail is about (decide_thread.c); NULL: none that is there. */
const Candidate *decide_ticket_meant(const Situation *sit);
/* Whether it is about that one at all. */
bool decide_binds(const Situation *sit, const Candidate *c);
/* The other tickets of its people that its thread runs through: of which nobody
 * has read yet become this one, the others and this one name each other. */
void decide_tie_threads(Judgment *j, const Candidate *meant);
/* A proof that the sender holds a mail of the ticket: an old token still finds
 * it, but proves nothing any more; nor does a choice that was made. */
bool decide_link_proves(const Situation *sit, LinkKind link);
/* Whether the mail proves that its sender may reopen what is done. */
bool decide_is_proven(const Situation *sit, LinkKind link);
/* What marks the mail on its ticket, the gravest first; NULL for nothing. */
const char *decide_defect(const Situation *sit);
/* Whether the acknowledgment of the new ticket says that its contract promises
 * nothing (decide_life.c); then that stands on the ticket. */
bool decide_life(Judgment *j, gint64 ticket);
/* Whether one more acknowledgment goes out on the ticket, and why not. */
void decide_acknowledge(Judgment *j, gint64 ticket);
/* The new ticket and those about the same host name each other. */
void decide_link_hosts(Judgment *j);
/* Opens a ticket from the mail (decide_opening.c). Returns the notice to technicians, borrowed. */
Effect *decide_opening(Judgment *j, EventAuthor author, bool answer);

#endif
