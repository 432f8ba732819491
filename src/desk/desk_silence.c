/* What follows where nobody says a word about a ticket (doc/domain.md 7). */
#include "guichet/desk/desk_silence.h"

#include "guichet/ticket/awaits.h"

/* To who has the ticket. */
static void
tell(Judgment *j, const TickCase *c, Reason reason, Instant when)
{
	Effect *effect = judgment_send(j, SEND_ALARM, c->view->ticket->number);

	effect->reason = reason;
	effect->when = when;
}

/* What was over when an old mail came in is recorded, and nobody is told. */
static void
tell_unanswered(Judgment *j, const TickCase *c)
{
	const Ticket *ticket = c->view->ticket;
	Instant due = awaits_answer(c->view);

	if (ticket->opened - ticket->received > c->policy->acknowledge_within &&
	    due <= ticket->opened)
		return;
	tell(j, c, REASON_ANSWER_DUE, due);
}

static void
write_client(Judgment *j, const TickCase *c, SendKind kind)
{
	Effect *effect = judgment_send(j, kind, c->view->ticket->number);

	if (c->view->ticket->state == TICKET_WAITING_APPROVAL)
		effect->approval = true;
}

/* A question that did not go out is asked of nobody again: who has the ticket
 * knows from the failure. */
static void
ask_again(Judgment *j, const TickCase *c)
{
	if (c->word_is_out)
		write_client(j, c, SEND_NUDGE);
	else
		tell(j, c, REASON_NO_WORD, ticket_last_word(c->view->ticket));
}

/* The client was asked twice, and nothing came. */
static void
give_up(Judgment *j, const TickCase *c)
{
	gint64 number = c->view->ticket->number;

	if (!awaits_closes(c->view) || !c->word_is_out) {
		tell(j, c, REASON_NO_WORD, ticket_last_word(c->view->ticket));
		return;
	}
	judgment_state(j, number, TICKET_CLOSED, MOVED_BY_RULE);
	write_client(j, c, SEND_CLOSING);
	judgment_trace(j, "silence", "closed: the client said nothing");
}

static void
bring(Judgment *j, const TickCase *c, EventMind mind)
{
	const Ticket *ticket = c->view->ticket;

	switch (mind) {
	case MIND_ANSWER:
		tell_unanswered(j, c);
		return;
	case MIND_NEWS_SOON:
		tell(j, c, REASON_NEWS_SOON, ticket->talk.next);
		return;
	case MIND_NEWS:
		tell(j, c, REASON_NEWS_MISSED, ticket->talk.next);
		return;
	case MIND_REMIND:
		ask_again(j, c);
		return;
	case MIND_GIVE_UP:
		give_up(j, c);
		return;
	case MIND_THIRD_PARTY:
		tell(j, c, REASON_THIRD_PARTY, ticket->talk.entered);
		return;
	case MIND_LATER:
		tell(j, c, REASON_LATER, ticket->talk.later_said);
		return;
	case MIND_REVIEW:
		tell(j, c, REASON_REVIEW, ticket->talk.touched);
		return;
	case MIND_COUNT:
		break;
	}
	g_assert_not_reached();
}

void
desk_silence(Judgment *j, const TickCase *c)
{
	for (EventMind mind = 0; mind < MIND_COUNT; mind++) {
		Instant at = awaits_mind(c->view, mind);
		EventStamp stamp = judgment_stamp(j, c->view->ticket->number);

		if (at == INSTANT_NONE || at > c->now)
			continue;
		/* What is missed already needs no word that it is near. */
		if (mind == MIND_NEWS_SOON &&
		    c->view->ticket->talk.next < c->now)
			continue;
		judgment_write(j, event_make_minded(&stamp, mind));
		bring(j, c, mind);
	}
}

bool
desk_alarm_is_quiet(const Effect *effect, const Ticket *ticket)
{
	switch (effect->reason) {
	case REASON_REVIEW:
	case REASON_NO_WORD:
	case REASON_THIRD_PARTY:
		return true;
	case REASON_WARNING:
	case REASON_BREACH:
		return ticket->kind == KIND_DUTY;
	default:
		return false;
	}
}
