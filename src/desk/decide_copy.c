/*
 * The same mail twice, the second copy better proven (doc/design.md 7, "The
 * same mail"). Two ways of delivery are enough for that, and so is a forger who
 * was first. The copy with the better proof acts, on the ticket that the first
 * one went to: once in all, and what was done already is not done again.
 */
#include "decide_private.h"

#include <string.h>

/* How the mail itself is tied to the ticket of its first copy. Whoever opened
 * it with that copy takes part in it. */
static Candidate
candidate_of_copy(const Situation *sit)
{
	Candidate c = { .link = LINK_NONE,
		.view = sit->seen.view,
		.ticket = sit->seen.ticket,
		.participant = sit->seen.opened };

	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *one = &sit->candidates[i];

		if (one->ticket->number != c.ticket->number)
			continue;
		c.link = one->link;
		c.participant = c.participant || one->participant;
		break;
	}
	return c;
}

bool
decide_files(Judgment *j)
{
	const Situation *sit = j->sit;
	Candidate c;
	bool theirs;

	if (!sit->seen.adds_files || sit->seen.ticket == NULL ||
	    sit->who == WHO_TECHNICIAN)
		return false;
	c = candidate_of_copy(sit);
	theirs = c.participant && sit->robot->class == ROBOT_NONE &&
	    sit->auth != AUTH_FAIL;
	j->decision->copy_of = sit->also_seen;
	judgment_trace(j, "repeat", "adds files to #%" G_GINT64_FORMAT,
	    c.ticket->number);
	judgment_remark(j, REMARK_FILES, "");
	/* Its words are known: they ask for nothing more. */
	event_asks_nothing(judgment_message(j, c.ticket->number,
	    theirs                                ? AUTHOR_CLIENT
		: sit->robot->class != ROBOT_NONE ? AUTHOR_ROBOT
						  : AUTHOR_STRANGER,
	    theirs, theirs && decide_is_proven(sit, c.link), "more-files"));
	judgment_notify(j, c.ticket->number,
	    theirs ? REASON_CLIENT_MESSAGE : REASON_UNVERIFIED);
	return true;
}

void
decide_copy(Judgment *j)
{
	const Situation *sit = j->sit;
	Candidate c = candidate_of_copy(sit);
	gint64 number = c.ticket->number;
	bool owed = sit->seen.opened && !sit->seen.acknowledged;
	guint before = j->decision->effects->len;
	Reason news;

	if (sit->robot->class != ROBOT_NONE || !c.participant) {
		judgment_repeat(j);
		return;
	}
	j->decision->copy_of = sit->also_seen;
	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by its first copy",
	    number);
	news = decide_answer(j, &c);
	if (owed)
		decide_acknowledge(j, number);
	/* Its words were told already: only what they change now is news. */
	if (sit->seen.proof == PROOF_FAIL ||
	    j->decision->effects->len > before + 1)
		judgment_notify(j, number, news);
}

void
decide_alert_copy(Judgment *j)
{
	const Situation *sit = j->sit;
	const Ticket *first = sit->seen.ticket;
	const AlertCase *now = j->decision->alert;
	gint64 number = now != NULL ? now->ticket : 0;
	EventStamp stamp = judgment_stamp(j, 0);

	if (first == NULL || !sit->is_alert_source || !sit->seen.opened ||
	    number == first->number)
		return;
	if (number == ALERT_TICKET_NEW)
		judgment_write(j,
		    event_make_linked(&stamp, first->number,
			event_lane_name(LANE_ALSO_SEEN)));
	/* Somebody's work on it goes on. */
	if (first->state != TICKET_NEW || first->messages > 1)
		return;
	judgment_trace(j, "repeat",
	    "#%" G_GINT64_FORMAT ", of the copy that proved nothing, is closed",
	    first->number);
	judgment_state(j, first->number, TICKET_CLOSED, MOVED_BY_RULE);
}
