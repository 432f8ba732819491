/* Which mail of ours the one in hand answers; what a technician has done, and was
 * told, before it. */
#include "guichet/work/gathered.h"
#include "guichet/work/work.h"

#include "guichet/judgment/horizon.h"
#include "guichet/judgment/refusal.h"

#include <string.h>

/* The ticket that the mail would act on. */
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

/* ---- which mail of ours it answers ---- */

/* A client's: the first that is known. */
static void
note_clients(Gathered *g, const OutboxRow *row)
{
	SendKind what;

	if (row == NULL || g->sit.answered.outbox != 0 ||
	    !send_kind_parse(row->what, &what))
		return;
	g->sit.answered = (Answered){ .outbox = row->id,
		.what = what,
		.ticket = row->ticket,
		.batch = row->batch,
		.sent = row->created,
		.is_theirs = g_strcmp0(row->to, g->sit.message->identity) ==
		    0 };
}

/* A technician's: the newest that went to them. */
static void
note_technicians(Gathered *g, OutboxRow *take_row, const Technician *technician)
{
	bool newer = take_row != NULL &&
	    strcmp(take_row->to, technician->address) == 0 &&
	    (g->answered == NULL || g->answered->id < take_row->id);

	outbox_row_free(newer ? g->answered : take_row);
	if (newer)
		g->answered = take_row;
}

void
gather_answered(Gathered *g, OutboxRow *take_row, const Technician *technician)
{
	if (technician != NULL) {
		note_technicians(g, take_row, technician);
		return;
	}
	note_clients(g, take_row);
	outbox_row_free(take_row);
}

bool
gather_answered_word(Gathered *g, Intake *in, const char *word,
    const Technician *technician, GError **error)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);
	OutboxRow *row = NULL;

	if (!store_outbox_by_token(in->store, lower, &row, error))
		return false;
	gather_answered(g, row, technician);
	return true;
}

/* ---- what a colleague did meanwhile ---- */

/* Whose doing it was; NULL: their own, or nobody's of the desk. "" a manager's. */
static const char *
colleague_of(const Event *event, const char *technician)
{
	const char *name = event->actor;

	if (g_str_has_prefix(name, "manager"))
		return "";
	if (!g_str_has_prefix(name, "technician:"))
		return NULL;
	name += strlen("technician:");
	return strcmp(name, technician) != 0 ? name : NULL;
}

/* What is answered tells of nothing that was done behind it. */
static bool
is_after(const OutboxRow *answered, Instant at, gint64 batch)
{
	return at > answered->created ||
	    (at == answered->created && batch > answered->batch);
}

/* What they had read: the mail of ours that they answer; of one that was held, the
 * last that asked about it, which told what had crossed it until then. */
static const OutboxRow *
find_read(const Gathered *g, const GPtrArray *rows)
{
	if (!g->sit.is_confirmed)
		return g->answered;
	for (guint i = rows->len; i-- > 0;) {
		const OutboxRow *row = rows->pdata[i];
		SendKind what;

		if (row->mail == g->sit.mail &&
		    send_kind_parse(row->what, &what) && what == SEND_CHALLENGE)
			return row;
	}
	return NULL;
}

static bool
resolves(const Event *event)
{
	TicketState state = TICKET_NEW;

	return event->type == EVENT_STATE &&
	    ticket_state_parse(event_text(event, "state"), &state) &&
	    ticket_state_is_done(state);
}

/* The mail to the client that was made with the event; NULL: none, or it was
 * taken back. The caller frees. */
static OutboxRow *
take_answer(GPtrArray *rows, const Event *event)
{
	for (guint i = 0; i < rows->len; i++) {
		OutboxRow *row = rows->pdata[i];
		SendKind what;

		if (row->batch == event->batch && row->batch != 0 &&
		    send_kind_parse(row->what, &what) &&
		    (what == SEND_REPLY || what == SEND_RESOLUTION) &&
		    !outbox_state_is(row->state, OUTBOX_DROPPED))
			return g_ptr_array_steal_index(rows, i);
	}
	return NULL;
}

/* Whether anybody of the desk has written on the ticket or resolved it: else there
 * is nothing to cross, and its log need not be read for it. */
static bool
is_answered(const Ticket *ticket)
{
	return ticket->talk.answers->len > 0 ||
	    ticket_state_is_done(ticket->state);
}

/* The last answer, or resolution, of a colleague's that the writer had not read of. */
static bool
find_crossed(Gathered *g, Intake *in, GError **error)
{
	gint64 ticket = ticket_at_hand(g);
	g_autoptr(GPtrArray) rows = NULL;
	const OutboxRow *read;

	if (ticket == 0 ||
	    (!g->sit.is_confirmed &&
		(g->answered == NULL || g->answered->ticket != ticket)) ||
	    !is_answered(g_array_index(g->candidates, Candidate, 0).ticket))
		return true;
	g->crossed_events = store_events(in->store, ticket, error);
	rows = g->crossed_events != NULL
	    ? store_outbox_of(in->store, ticket, error)
	    : NULL;
	read = rows != NULL ? find_read(g, rows) : NULL;
	for (guint i = read != NULL ? g->crossed_events->len : 0; i-- > 0;) {
		const Event *event = g->crossed_events->pdata[i];
		const char *by = colleague_of(event, g->sit.technician);

		if (by == NULL || event->undone ||
		    !is_after(read, event->recorded, event->batch))
			continue;
		g->crossed_row = take_answer(rows, event);
		if (g->crossed_row == NULL && !resolves(event))
			continue;
		g->crossed = (CrossedAnswer){ by,
			g->crossed_row != NULL ? g->crossed_row->text : NULL,
			event->recorded };
		g->sit.crossed = &g->crossed;
		break;
	}
	return rows != NULL;
}

bool
gather_past(Gathered *g, Intake *in, GError **error)
{
	const Situation *sit = &g->sit;
	const char *identity = sit->message->identity;
	Refusals *refusals = &g->sit.refusals;
	gint64 ticket = ticket_at_hand(g);
	OutboxQuery query = { .what = SEND_REFUSAL,
		.to = identity,
		.ticket = ticket };
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
	return find_answered(g, in, error) && find_said(g, in, error) &&
	    find_crossed(g, in, error);
}
