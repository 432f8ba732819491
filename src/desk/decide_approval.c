/*
 * A client's yes or no to an estimate (doc/security.md 2.3). It acts on the one
 * that it answers, from who was asked, and on no other. As it costs money, a
 * token proves too little, that the mail was seen, not by whom: their domain
 * vouches for the answer, or a question goes to their stored address, once, and
 * what answers that proves the first.
 */
#include "decide_private.h"

#include "guichet/judgment/horizon.h"

#include <string.h>

/* Whether the mail of ours that it answers asks for this estimate still. */
static bool
is_of_last(const Answered *answered, const TicketEstimate *estimate)
{
	if (!estimate->asks)
		return false;
	if (answered->what == SEND_NUDGE) /* time alone has no batch */
		return answered->sent > estimate->given;
	return answered->what == SEND_ESTIMATE
	    ? answered->batch == estimate->batch
	    : answered->batch > estimate->batch;
}

static void
record(Judgment *j, const Ticket *ticket, EventApproval says,
    EventApprovedBy by)
{
	EventStamp stamp = judgment_stamp(j, ticket->number);

	judgment_write(j, event_make_approval(&stamp, says, by));
	judgment_trace(j, "estimate", "%s, by %s", event_approval_name(says),
	    event_approved_by_name(by));
}

static Reason
settle(Judgment *j, const Ticket *ticket, EventApproval says,
    EventApprovedBy by)
{
	record(j, ticket, says, by);
	return says == APPROVAL_YES ? REASON_ESTIMATE_AGREED
				    : REASON_ESTIMATE_REFUSED;
}

/* What the stored contact says to our question: whether the first was theirs. */
static Reason
answer_question(Judgment *j, const Ticket *ticket, bool yes)
{
	const TicketEstimate *estimate = &ticket->estimate;

	if (estimate->said == APPROVAL_NONE ||
	    !horizon_answers_question(j->sit->answered.sent, j->sit->received))
		return REASON_NONE;
	if (yes)
		return settle(j, ticket, estimate->said, APPROVED_BY_QUESTION);
	record(j, ticket, APPROVAL_NONE, APPROVED_BY_QUESTION);
	judgment_remark(j, REMARK_DENIED, "");
	return REASON_NONE;
}

/* One question an estimate: whoever holds a token of theirs fills no mailbox. */
static Reason
ask(Judgment *j, const Ticket *ticket, EventApproval says)
{
	Effect *effect;

	if (ticket->estimate.said != APPROVAL_NONE)
		return REASON_ESTIMATE_UNPROVEN;
	record(j, ticket, says, APPROVED_BY_NOTHING);
	effect = judgment_send(j, SEND_QUESTION, ticket->number);
	effect->to = g_strdup(j->sit->message->identity);
	effect->says = says;
	return REASON_ESTIMATE_UNPROVEN;
}

/* A no may still become a yes; a yes was acted on. */
static bool
is_settled(const TicketEstimate *estimate, EventApproval says)
{
	return estimate->is_proven &&
	    (estimate->said == APPROVAL_YES || says == APPROVAL_NO);
}

bool
decide_waits_for_another(const Judgment *j, const Candidate *c)
{
	const Ticket *ticket = c->ticket;
	const char *approver;

	if (ticket->state != TICKET_WAITING_APPROVAL ||
	    !ticket->estimate.asks || ticket->estimate.is_proven)
		return false;
	approver = ticket_estimate_approver(c->view, "", j->sit->ruleset);
	return approver != NULL &&
	    strcmp(approver, j->sit->message->identity) != 0;
}

static bool
is_about_estimate(SendKind what)
{
	return what == SEND_ESTIMATE || what == SEND_QUESTION ||
	    what == SEND_NUDGE;
}

/* Whoever answered what is void would wait for work that nobody does. */
static void
tell_void(Judgment *j, const Candidate *c)
{
	const Situation *sit = j->sit;
	Effect *effect;

	if (!sit->answered.is_theirs || sit->who != WHO_CONTACT ||
	    !decide_is_proven(sit, c->link))
		return;
	effect = judgment_send(j, SEND_REMARK, c->ticket->number);
	effect->to = g_strdup(sit->message->identity);
}

/* An answer to the estimate that asks still, from who was asked, which no rule
 * takes for a yes or a no. */
static Reason
leave_asked(Judgment *j, const Ticket *ticket)
{
	const Answered *answered = &j->sit->answered;
	const TicketEstimate *estimate = &ticket->estimate;

	if (estimate->minutes != 0 && !estimate->is_proven &&
	    answered->outbox != 0 && answered->ticket == ticket->number &&
	    (answered->what == SEND_ESTIMATE || answered->what == SEND_NUDGE) &&
	    answered->is_theirs && is_of_last(answered, estimate)) {
		judgment_remark(j, REMARK_UNCLEAR, "");
		judgment_trace(j, "estimate",
		    "neither a plain yes nor a plain no: it stays asked");
	}
	return REASON_NONE;
}

Reason
decide_approval(Judgment *j, const Candidate *c)
{
	const Situation *sit = j->sit;
	const Answered *answered = &sit->answered;
	const TicketEstimate *estimate = &c->ticket->estimate;
	MatchAgrees agrees = match_agrees(sit->match);
	EventApproval says = agrees == MATCH_AGREES_YES ? APPROVAL_YES
							: APPROVAL_NO;

	if (agrees == MATCH_AGREES_COUNT)
		return leave_asked(j, c->ticket);
	if (estimate->minutes == 0 || answered->outbox == 0 ||
	    answered->ticket != c->ticket->number ||
	    !is_about_estimate(answered->what) || is_settled(estimate, says))
		return REASON_NONE;
	if (!is_of_last(answered, estimate)) {
		judgment_remark(j, REMARK_OTHER_ESTIMATE, "");
		tell_void(j, c);
		return REASON_NONE;
	}
	if (!answered->is_theirs || sit->who != WHO_CONTACT) {
		judgment_remark(j, REMARK_OTHER_ASKED,
		    ticket_estimate_approver(c->view, "", sit->ruleset));
		return REASON_NONE;
	}
	if (answered->what == SEND_QUESTION)
		return decide_is_proven(sit, c->link)
		    ? answer_question(j, c->ticket, says == APPROVAL_YES)
		    : REASON_NONE;
	if (sit->auth == AUTH_PASS)
		return settle(j, c->ticket, says, APPROVED_BY_MAIL);
	return decide_is_proven(sit, c->link) ? ask(j, c->ticket, says)
					      : REASON_NONE;
}
