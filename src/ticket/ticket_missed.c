/* Missed guarantees, and what their client was told of them. */
#include "guichet/ticket/ticket_missed.h"

#include "ticket_private.h"

#include "guichet/ticket/awaits.h"
#include "guichet/ticket/send_kind.h"

#include <string.h>

/* ---- folded from events ---- */

bool
ticket_apply_missed(Ticket *ticket, const Event *event)
{
	SendKind answer;
	Milestone m;

	if (!milestone_parse(event_text(event, "missed"), &m) ||
	    !send_kind_parse(event_text(event, "by"), &answer))
		return false;
	ticket->missed[m] = (TicketMissed){ event->at,
		event_int(event, "outbox"), answer == SEND_MISSED };
	return true;
}

/* One in a mail of its own that nobody takes is not written for ever: the desk
 * is told that it did not arrive. */
void
ticket_untell_missed(Ticket *ticket, gint64 outbox)
{
	for (int m = 0; m < MILESTONE_COUNT; m++) {
		TicketMissed *missed = &ticket->missed[m];

		if (missed->at != INSTANT_NONE && missed->outbox == outbox &&
		    !missed->is_alone)
			missed->at = INSTANT_NONE;
	}
}

/* ---- what is to be told ---- */

/* Who wrote it, or was written to, knows of the ticket. */
static bool
is_known_outside(const Ticket *ticket)
{
	return ticket->is_proven || ticket->told != NULL ||
	    ticket_last_word(ticket) != INSTANT_NONE;
}

static bool
may_tell(const TicketView *view)
{
	const Ticket *ticket = view->ticket;

	return view->contract != NULL && view->contract->inform_of_missed &&
	    view->has_terms && !ticket->excluded && ticket->merged_into == 0 &&
	    is_known_outside(ticket);
}

static bool
is_told(const Ticket *ticket, const SlaClock *clock)
{
	Instant told = ticket->missed[clock->milestone].at;

	return told != INSTANT_NONE &&
	    !(ticket_response_anew(ticket, clock->milestone) &&
		told < ticket->reopened);
}

static bool
is_missed(const SlaClock *clock)
{
	return clock->commitment == COMMITMENT_GUARANTEED &&
	    (clock->state == SLA_LATE || clock->state == SLA_MISSED);
}

/* What was over when an old mail came in, and was told to nobody then, is told
 * to nobody. */
static bool
is_news(const TicketView *view, const SlaClock *clock)
{
	const Ticket *ticket = view->ticket;

	return clock->due != INSTANT_NONE &&
	    clock->due > view->now - MISSED_RECENT &&
	    (clock->due > ticket->opened || ticket->told != NULL) &&
	    !is_told(ticket, clock);
}

GPtrArray *
ticket_missed(const TicketView *view)
{
	GPtrArray *missed = g_ptr_array_new();

	for (guint i = 0; may_tell(view) && i < view->clocks->len; i++) {
		SlaClock *clock = view->clocks->pdata[i];

		if (is_missed(clock) && is_news(view, clock))
			g_ptr_array_add(missed, clock);
	}
	return missed;
}

/* In the due second itself an answer is still in time; the hour counts from the
 * term all the same. */
static Instant
tell_at(const TicketView *view, const SlaClock *clock)
{
	bool is_open = clock->commitment == COMMITMENT_GUARANTEED &&
	    clock->state == SLA_RUNNING;
	Instant from = MAX(clock->due, view->ticket->opened) + MISSED_WAITS;

	if ((!is_open && !is_missed(clock)) || !is_news(view, clock))
		return INSTANT_NONE;
	/* What nobody could tell then waits for the next hours, too. */
	return calendar_intake(view->desk->open, MAX(from, view->now));
}

Instant
ticket_missed_tell_at(const TicketView *view)
{
	Instant first = INSTANT_NONE;

	if (view->desk == NULL || !may_tell(view))
		return INSTANT_NONE;
	for (guint i = 0; i < view->clocks->len; i++) {
		Instant at = tell_at(view, view->clocks->pdata[i]);

		if (at != INSTANT_NONE && (first == INSTANT_NONE || at < first))
			first = at;
	}
	return first;
}
