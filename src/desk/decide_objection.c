/*
 * A client's objection to an exclusion, in answer to the mail that told of it:
 * proven, within the plan's term, once, it puts the ticket back (doc/domain.md
 * 4). Anything else of it is words, which a technician reads.
 */
#include "decide_private.h"

#include "guichet/ticket/ticket_objection.h"

/* One answer went to several at most: rows of one kind, the first of them told. */
static bool
answers_the_telling(const Answered *answered, const Ticket *ticket)
{
	const TicketTold *told = ticket->told;

	return answered->outbox != 0 && answered->is_theirs &&
	    answered->ticket == ticket->number && told != NULL &&
	    told->outbox != 0 && answered->outbox >= told->outbox &&
	    answered->what == told->answer;
}

bool
decide_objection(Judgment *j, const Candidate *c)
{
	const Situation *sit = j->sit;
	EventStamp stamp = judgment_stamp(j, c->ticket->number);
	const char *component;

	if (match_agrees(sit->match) != MATCH_AGREES_NO ||
	    !answers_the_telling(&sit->answered, c->ticket) ||
	    !ticket_objection_is_told(c->view))
		return false;
	if (!decide_is_proven(sit, c->link) ||
	    !ticket_objection_counts(c->view, sit->received, &component)) {
		judgment_trace(j, "objection",
		    "to an exclusion, for a technician to read: it is not "
		    "proven, not in time, not the first, or nothing is excluded "
		    "any more");
		return false;
	}
	judgment_write(j, event_make_objected(&stamp, component));
	judgment_trace(j, "objection",
	    "nothing is excluded until a technician decides again");
	return true;
}
