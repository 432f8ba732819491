/*
 * What the mail of a client, a stranger or a machine may do (doc/design.md 7):
 * whether it reopens, resumes or resolves it.
 */
#include "decide_private.h"

#include "guichet/desk/reply_choices.h"
#include "guichet/judgment/horizon.h"

#include "guichet/mail/message_cipher.h"
#include "guichet/mail/prescan.h"

#include <string.h>

/* ---- which ticket ---- */

/* Whether the earlier copy is on a ticket that it did not open and that this
 * one does not name: a line above the mail, or the brake upon what proves no
 * more than it did, put it there. This one is judged as if it were the first,
 * or a forger had kept a proven mail from its ticket and its answer. */
static bool
is_copy_astray(const Situation *sit)
{
	if (sit->seen.opened)
		return false;
	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (c->ticket->number == sit->seen.ticket->number &&
		    decide_binds(sit, c))
			return false;
	}
	return true;
}

/* ---- what is written on a ticket ---- */

/* What marks the mail on its ticket, the gravest first; NULL for nothing. */
const char *
decide_defect(const Situation *sit)
{
	if (sit->alert != NULL)
		return "not-a-trusted-source";
	if (sit->message->identity == NULL)
		return sit->message->identity_defect;
	if (sit->auth == AUTH_FAIL)
		return "not-authentic";
	if (g_strv_contains((const char *const *)sit->message->defects,
		DEFECT_PARTIAL))
		return DEFECT_PARTIAL;
	return NULL;
}

/* A machine's words, or those of somebody outside: kept inside, where no
 * client reads them (doc/security.md T6), and no state moves. */
static void
append(Judgment *j, const Candidate *c)
{
	bool machine = j->sit->robot->class != ROBOT_NONE;

	judgment_message(j, c->ticket->number,
	    machine ? AUTHOR_ROBOT : AUTHOR_STRANGER, false, false,
	    machine ? "automatic" : "not-a-participant");
	judgment_notify(j, c->ticket->number,
	    machine ? REASON_CLIENT_MESSAGE : REASON_UNVERIFIED);
}

/* What the domain of its From disowns touches no ticket that is there, whoever
 * it names and whatever it holds: its text is kept inside. */
static void
keep_failed(Judgment *j, const Candidate *c)
{
	judgment_trace(j, "proof",
	    "failed: kept inside, the ticket stays as it is");
	judgment_message(j, c->ticket->number, AUTHOR_STRANGER, false, false,
	    "not-authentic");
	judgment_notify(j, c->ticket->number, REASON_UNVERIFIED);
}

/* ---- an encrypted mail ---- */

/* On tickets whose client was told that a mail of theirs cannot be read. */
#define TAG_ENCRYPTED "encrypted"

/* Technicians read each time that it cannot be read. Whether its sender may be
 * told, too: a person whom the contract names, and who is proven. */
static bool
remark_cipher(Judgment *j, LinkKind link)
{
	const Situation *sit = j->sit;

	if (!message_is_encrypted(sit->message))
		return false;
	judgment_trace(j, "text", "encrypted: nobody here can read it");
	judgment_remark(j, REMARK_ENCRYPTED, "");
	return sit->who == WHO_CONTACT && sit->robot->class == ROBOT_NONE &&
	    decide_is_proven(sit, link);
}

static bool
is_acknowledged(const Judgment *j)
{
	for (guint i = 0; i < j->decision->effects->len; i++) {
		const Effect *effect = j->decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND &&
		    effect->send == SEND_ACKNOWLEDGMENT)
			return true;
	}
	return false;
}

/* A new ticket, whose acknowledgment says so. */
static void
open_new(Judgment *j, EventAuthor author)
{
	bool tell = remark_cipher(j, LINK_NONE);

	if (tell)
		judgment_remark(j, REMARK_UNREADABLE, "");
	decide_opening(j, author, true);
	if (tell && is_acknowledged(j))
		judgment_tag(j, 0, TAG_ENCRYPTED);
}

/* On a ticket that is there, once, in a mail of its own. */
static void
tell_cipher(Judgment *j, const Candidate *c)
{
	Effect *effect;

	if (!remark_cipher(j, c->link) ||
	    ticket_has_tag(c->ticket, TAG_ENCRYPTED))
		return;
	judgment_remark(j, REMARK_UNREADABLE, "");
	effect = judgment_send(j, SEND_REMARK, c->ticket->number);
	effect->to = g_strdup(j->sit->message->identity);
	judgment_tag(j, c->ticket->number, TAG_ENCRYPTED);
}

/* ---- a follow-up ---- */

bool
decide_is_proven(const Situation *sit, LinkKind link)
{
	return sit->auth == AUTH_PASS ||
	    (sit->auth != AUTH_FAIL && decide_link_proves(sit, link));
}

/* What a client's own words have waited for goes on, proven or not. */
static void
resume(Judgment *j, const Ticket *ticket)
{
	if (ticket->state != TICKET_WAITING_CUSTOMER &&
	    ticket->state != TICKET_WAITING_APPROVAL)
		return;
	judgment_state(j, ticket->number, TICKET_OPEN, MOVED_BY_CLIENT);
	judgment_trace(j, "state", "the client answered: clocks resume");
}

/* Whether the word that it is settled is the client's to say: not of what an
 * alert has seen, which only its source or a technician knows to be over, nor
 * of what the desk owes unasked. */
static bool
may_settle(const Ticket *ticket)
{
	return !ticket_is_of_an_alert(ticket) && ticket->kind != KIND_DUTY;
}

/* "It is settled, please close": that, and nothing else. */
static Reason
settle(Judgment *j, const Ticket *ticket, bool proven)
{
	const char *rule = j->sit->match->asks.rule;

	if (proven && may_settle(ticket)) {
		judgment_state(j, ticket->number, TICKET_RESOLVED,
		    MOVED_BY_CLIENT);
		judgment_trace(j, "state",
		    "resolved by the client's own word (%s)", rule);
		/* It may be another's trouble, too. */
		judgment_send(j, SEND_CLOSING, ticket->number)->settled = true;
		return REASON_CLIENT_SETTLED;
	}
	judgment_trace(j, "state",
	    "not resolved, though it is settled (%s): %s", rule,
	    proven ? "it is not the client's to say"
		   : "neither authenticated nor an answer to a signed mail of "
		     "ours");
	resume(j, ticket);
	return REASON_CLIENT_SAYS_SETTLED;
}

/* Whether nothing follows from it on a ticket that is done: thanks, a word that
 * all is well, or that it can be closed, which it is. */
static bool
leaves_done(MatchAsks asks)
{
	return asks == MATCH_ASKS_NOTHING || asks == MATCH_ASKS_AGREEMENT ||
	    asks == MATCH_ASKS_CLOSING;
}

/* What is owed anew is told: until when. */
static Reason
reopen(Judgment *j, gint64 ticket)
{
	judgment_reopen(j, ticket, MOVED_BY_CLIENT);
	judgment_trace(j, "state", "reopened: a response is owed again");
	if (j->sit->who != WHO_STRANGER)
		decide_acknowledge(j, ticket);
	return REASON_REOPENED;
}

/* The client's own words on a ticket of theirs resume what waited for them, and
 * reopen what was done if it is proven whose they are. */
Reason
decide_answer(Judgment *j, const Candidate *c)
{
	const Situation *sit = j->sit;
	bool proven = decide_is_proven(sit, c->link);
	const Ticket *ticket = c->ticket;
	Reason news = REASON_CLIENT_MESSAGE, agreement;
	bool mandate = ticket_view_awaits_client(c->view);
	bool is_done = ticket_state_is_done(ticket->state);
	MatchAsks asks = match_asks(sit->match);
	Event *message;

	message = judgment_message(j, ticket->number, AUTHOR_CLIENT, true,
	    proven, decide_defect(sit));
	if (sit->button != 0)
		event_set(message, EVENT_BUTTON, sit->button_press);
	agreement = decide_objection(j, c) ? REASON_OBJECTED
					   : decide_approval(j, c);
	if (agreement != REASON_NONE) {
		resume(j, ticket);
		return agreement;
	}
	if (asks == MATCH_ASKS_NOTHING || (is_done && leaves_done(asks))) {
		event_asks_nothing(message);
		judgment_trace(j, "state", "%s: it stays as it is (%s)",
		    asks == MATCH_ASKS_NOTHING         ? "thanks alone"
			: asks == MATCH_ASKS_AGREEMENT ? "all is well"
						       : "it is done already",
		    sit->match->asks.rule);
		return news;
	}
	if (asks == MATCH_ASKS_CLOSING)
		return settle(j, ticket, proven);
	if (is_done && proven) {
		news = reopen(j, ticket->number);
	} else if (is_done) {
		judgment_trace(j, "state",
		    "not reopened: neither authenticated nor an answer to a "
		    "signed mail of ours");
		news = REASON_NOT_REOPENED;
		mandate = false; /* nothing runs that could be promised */
	} else {
		if (!decide_waits_for_another(j, c))
			resume(j, ticket);
		if (proven)
			decide_worsen(j, c);
	}
	if (mandate) {
		judgment_trace(j, "clocks",
		    "an alert is no mandate under plan %s: they count from "
		    "this mail, and it is answered as for a new ticket",
		    ticket->plan);
		decide_acknowledge(j, ticket->number);
	}
	return news;
}

/* Whether it is done and was too long ago to be reopened, for one who asks for
 * anything more than an end. */
static bool
is_too_late(const Situation *sit, const Candidate *c)
{
	MatchAsks asks = match_asks(sit->match);

	return ticket_done_since(c->ticket) != INSTANT_NONE &&
	    !leaves_done(asks) &&
	    sit->received >
	    ticket_view_reopen_end(c->view, HORIZON_REOPEN_SECONDS);
}

/* A new ticket in place of one that is past reopening; each names the other. */
static void
go_on(Judgment *j, const Candidate *c)
{
	EventStamp old = judgment_stamp(j, c->ticket->number);
	g_autofree char *tag = g_strdup_printf("[#%" G_GINT64_FORMAT "]",
	    c->ticket->number);

	judgment_trace(j, "state",
	    "done too long ago to be reopened: a new ticket goes on from it");
	judgment_remark(j, REMARK_CONTINUES, tag);
	open_new(j, AUTHOR_CLIENT);
	judgment_write(j, event_make_continued(&old, 0));
}

static void
follow_up(Judgment *j, const Candidate *c)
{
	Reason news = decide_answer(j, c);

	tell_cipher(j, c);

	/* What a mail that failed its proof opened was acknowledged to nobody:
	 * now somebody may know of it. */
	if (c->is_owed && decide_is_proven(j->sit, c->link))
		decide_acknowledge(j, c->ticket->number);
	judgment_notify(j, c->ticket->number, news);
}

static EventAuthor
author_of(const Situation *sit)
{
	if (sit->is_alert_source)
		return AUTHOR_ALERT;
	if (sit->robot->class != ROBOT_NONE)
		return AUTHOR_ROBOT;
	if (sit->who == WHO_CONTACT || sit->who == WHO_COLLEAGUE)
		return AUTHOR_CLIENT;
	return AUTHOR_STRANGER;
}

void
decide_client(Judgment *j)
{
	const Candidate *c = decide_ticket_meant(j->sit);

	if (j->sit->seen.ticket != NULL && !is_copy_astray(j->sit)) {
		decide_copy(j);
		return;
	}
	if (decide_reading(j))
		return;
	if (c == NULL) {
		judgment_trace(j, "ticket", "a new one");
		open_new(j, author_of(j->sit));
		return;
	}
	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by %s",
	    c->ticket->number, link_kind_name(c->link));
	decide_tie_threads(j, c);
	if (j->sit->auth == AUTH_FAIL)
		keep_failed(j, c);
	else if (!c->participant || j->sit->robot->class != ROBOT_NONE)
		append(j, c);
	else if (is_too_late(j->sit, c))
		go_on(j, c);
	else
		follow_up(j, c);
}
