/* What a technician has done, and was told, before the mail in hand. */
#include "guichet/work/work.h"

#include "guichet/judgment/horizon.h"
#include "guichet/judgment/refusal.h"

#include <string.h>

/* The ticket that his mail would act on. */
static gint64
ticket_at_hand(const Gathered *g)
{
	return g->candidates->len > 0
	    ? g_array_index(g->candidates, Candidate, 0).ticket->number
	    : 0;
}

/* Whether what it answers is a refusal of ours. */
static bool
find_answered(Gathered *g, Intake *in, GError **error)
{
	char **ids = g->sit.message->in_reply_to;

	for (gsize i = 0; ids[i] != NULL; i++) {
		g_autoptr(OutboxRow) row = NULL;
		SendKind what;

		if (!store_outbox_by_message_id(in->store, ids[i], &row, error))
			return false;
		if (row != NULL && send_kind_parse(row->what, &what) &&
		    (what == SEND_REFUSAL || what == SEND_CHALLENGE))
			g->sit.refusals.answers_one = true;
	}
	return true;
}

/* How often the same words were refused before, and how often before a list. */
static bool
find_said(Gathered *g, Intake *in, GError **error)
{
	const char *identity = g->sit.message->identity;
	Span words = { g->sit.received - REFUSAL_WORDS_SECONDS, G_MAXINT64 };
	Instant list;
	Refusals *refusals = &g->sit.refusals;

	if (!store_count_refused(in->store, identity, g->words, words,
		&refusals->said, error) ||
	    !store_last_refusal_list(in->store, identity, &list, error) ||
	    (list != INSTANT_NONE &&
		!store_count_refused(in->store, identity, g->words,
		    (Span){ words.from, list }, &refusals->said_listed, error)))
		return false;
	return true;
}

bool
gather_past(Gathered *g, Intake *in, GError **error)
{
	const Situation *sit = &g->sit;
	const char *identity = sit->message->identity;
	Refusals *refusals = &g->sit.refusals;
	gint64 ticket = ticket_at_hand(g);
	OutboxQuery query = { SEND_REFUSAL, identity, ticket, 0 };
	RefusalCounts proven, unproven, day;

	if (!store_has_acted(in->store,
		&(ActedQuery){ sit->message, sit->mail, ticket, g->words },
		&g->sit.replayed, error))
		return false;
	query.since = sit->now - HORIZON_REFUSALS_PROVEN_SECONDS;
	if (!store_count_refusals(in->store, &query, true, &proven, error))
		return false;
	query.since = sit->now - HORIZON_REFUSALS_UNPROVEN_SECONDS;
	if (!store_count_refusals(in->store, &query, false, &unproven, error))
		return false;
	refusals->proven_hour = proven.all;
	query.since = sit->now - HORIZON_REFUSALS_DAY_SECONDS;
	if (!store_count_refusals(in->store, &query, true, &day, error))
		return false;
	refusals->proven_day = day.all + day.lists;
	refusals->unproven_day = unproven.all;
	refusals->unproven_here = unproven.here;
	return find_answered(g, in, error) && find_said(g, in, error);
}
