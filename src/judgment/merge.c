/* One ticket becomes another. */
#include "guichet/judgment/judgment.h"

/* Whether the promise is still to be kept. */
static bool
is_owed(const SlaClock *clock)
{
	return clock->due != INSTANT_NONE && clock->met == INSTANT_NONE &&
	    (clock->state == SLA_RUNNING || clock->state == SLA_PAUSED ||
		clock->state == SLA_LATE);
}

/* What the other one had promised and not met, this one keeps. */
static void
carry(Judgment *j, gint64 number, const TicketView *other)
{
	for (guint i = 0; i < other->clocks->len; i++) {
		const SlaClock *clock = other->clocks->pdata[i];
		Facts facts = clock->carried_from != 0
		    ? ticket_facts_carried(other->ticket, clock->milestone,
			  &other->terms)
		    : ticket_facts_for(other->ticket, clock->milestone,
			  &other->terms);
		EventStamp stamp = judgment_stamp(j, number);

		/* Of a ticket that became worse, what was promised before may
		 * be what holds. */
		if (clock->carried_from == 0)
			facts.severity = clock->severity;
		if (is_owed(clock))
			judgment_write(j,
			    event_make_carried(&stamp, other->ticket->number,
				clock, &facts));
	}
}

/* News that the other one's client was promised, unless they hear before. */
static void
carry_news(Judgment *j, const Ticket *here, const Ticket *other)
{
	EventStamp stamp = judgment_stamp(j, here->number);

	if (ticket_owes_news(other) &&
	    (!ticket_owes_news(here) || other->talk.next < here->talk.next))
		judgment_write(j,
		    event_make_next_carried(&stamp, other->talk.next,
			other->number));
}

void
judgment_merge(Judgment *j, const TicketView *here, const TicketView *other)
{
	EventStamp stamp = judgment_stamp(j, here->ticket->number);
	EventStamp there = judgment_stamp(j, other->ticket->number);
	Instant asked = ticket_is_of_an_alert(here->ticket)
	    ? other->ticket->received
	    : INSTANT_NONE;

	judgment_write(j, event_make_merged_from(&stamp, there.ticket, asked));
	carry(j, stamp.ticket, other);
	carry_news(j, here->ticket, other->ticket);
	judgment_write(j, event_make_merged_into(&there, stamp.ticket));
}
