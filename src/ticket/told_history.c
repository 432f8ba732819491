/* What a client was told of a ticket, answer by answer, and what became of it. */
#include "guichet/ticket/told_history.h"

#include "guichet/base/names.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"

#include <string.h>

#define TOLD_FATES(X)           \
 X(TOLD_OWED, "owed")           \
 X(TOLD_KEPT, "kept")           \
 X(TOLD_MISSED, "missed")       \
 X(TOLD_ENDED, "ended")         \
 X(TOLD_REPEATED, "repeated")   \
 X(TOLD_CORRECTED, "corrected") \
 X(TOLD_LOST, "lost")           \
 X(TOLD_RECAST, "recast")
NAME_TABLE(fates, TOLD_FATES, TOLD_FATE_COUNT);

const char *
told_fate_name(ToldFate fate)
{
	return names_word(&fates, fate);
}

static void
row_free(gpointer data)
{
	ToldHistoryRow *row = data;

	g_array_unref(row->promises);
	g_free(row);
}

static ToldHistoryPromise *
promise_at(const ToldHistoryRow *row, guint i)
{
	return &g_array_index(row->promises, ToldHistoryPromise, i);
}

/* ---- what was told ---- */

static ToldHistoryRow *
add_row(GPtrArray *rows, const Event *event, ToldSubject subject)
{
	ToldHistoryRow *row = g_new0(ToldHistoryRow, 1);

	row->at = event->at;
	row->subject = subject;
	row->outbox = event_int(event, "outbox");
	row->answer = event_text(event, "terms");
	row->contract = event_text(event, "contract");
	row->plan = event_text(event, "plan");
	row->kind = event_text(event, "kind");
	row->excluded = event_text(event, "excluded");
	row->severity = (int)event_int(event, "severity");
	row->promises = g_array_new(FALSE, FALSE, sizeof(ToldHistoryPromise));
	g_ptr_array_add(rows, row);
	return row;
}

static void
add_to(ToldHistoryRow *row, ToldHistoryPromise promise)
{
	promise.recast_from = INSTANT_NONE;
	g_array_append_val(row->promises, promise);
}

/* The last answer about it; NULL: none. */
static ToldHistoryRow *
last_of(const GPtrArray *rows, ToldSubject subject)
{
	for (guint i = rows->len; i-- > 0;) {
		ToldHistoryRow *row = rows->pdata[i];

		if (row->subject == subject)
			return row;
	}
	return NULL;
}

/* That a guarantee was missed: no promise, but what became of one. */
static void
add_missed(GPtrArray *rows, const Event *event)
{
	const ToldHistoryRow *last = last_of(rows, TOLD_OF_TERMS);
	ToldHistoryPromise promise = { .fate = TOLD_MISSED,
		.due = event_int(event, "due"),
		.is_settled = true };
	Instant met = event_int(event, "met");
	ToldHistoryRow *row;

	if (!milestone_parse(event_text(event, "missed"), &promise.milestone) ||
	    !commitment_parse(event_text(event, "commitment"),
		&promise.commitment))
		return;
	promise.until = met != 0 ? met : INSTANT_NONE;
	row = add_row(rows, event, TOLD_OF_MISSED);
	row->answer = event_text(event, "by");
	if (last != NULL) {
		row->contract = last->contract;
		row->plan = last->plan;
		row->kind = last->kind;
		row->severity = last->severity;
	}
	add_to(row, promise);
}

/* Those of an older program stand alone: what one instant told is one row. */
static void
add_promise(GPtrArray *rows, const Event *event)
{
	ToldHistoryRow *row = last_of(rows, TOLD_OF_TERMS);
	ToldHistoryPromise promise = { .until = INSTANT_NONE };
	Instant due = event_int(event, "due");

	if (!milestone_parse(event_text(event, "milestone"),
		&promise.milestone) ||
	    !commitment_parse(event_text(event, "commitment"),
		&promise.commitment))
		return;
	promise.due = due != 0 ? due : INSTANT_NONE;
	if (row == NULL || row->at != event->at)
		row = add_row(rows, event, TOLD_OF_TERMS);
	add_to(row, promise);
}

static void
add_news(GPtrArray *rows, const Event *event)
{
	ToldHistoryPromise promise = { .due = event_int(event, "due"),
		.until = INSTANT_NONE };
	ToldHistoryRow *row;

	if (promise.due <= 0)
		return;
	row = add_row(rows, event, TOLD_OF_NEWS);
	row->batch = event->batch;
	row->mail = event->mail;
	add_to(row, promise);
}

static void
add_told(GPtrArray *rows, const Event *event)
{
	if (event->type == EVENT_NEXT)
		add_news(rows, event);
	else if (event->type != EVENT_TOLD)
		return;
	else if (*event_text(event, "missed") != '\0')
		add_missed(rows, event);
	else if (*event_text(event, "terms") != '\0')
		add_row(rows, event, TOLD_OF_TERMS);
	else
		add_promise(rows, event);
}

/* Words of a technician's mail, or those of a mail of its own, promised news. */
static bool
is_lost_news(const ToldHistoryRow *row, const Event *event)
{
	if (row->subject != TOLD_OF_NEWS)
		return false;
	return row->mail != 0
	    ? row->mail == event->mail
	    : strcmp(event_text(event, "what"), send_kind_name(SEND_NEWS)) == 0;
}

/* The answer did not arrive. */
static void
mark_lost(GPtrArray *rows, const Event *event)
{
	gint64 outbox = event_int(event, "outbox");

	if (strcmp(event_text(event, "outcome"),
		send_outcome_name(SEND_OUTCOME_DELAYED)) == 0)
		return;
	for (guint i = 0; outbox != 0 && i < rows->len; i++) {
		ToldHistoryRow *row = rows->pdata[i];

		row->is_lost = row->is_lost || row->outbox == outbox ||
		    (i + 1 == rows->len && is_lost_news(row, event));
	}
}

/* ---- what became of terms ---- */

static const ToldHistoryPromise *
find(const ToldHistoryRow *row, Milestone milestone)
{
	for (guint i = 0; i < row->promises->len; i++) {
		const ToldHistoryPromise *promise = promise_at(row, i);

		if (promise->milestone == milestone)
			return promise;
	}
	return NULL;
}

static void
judge_met(ToldHistoryPromise *promise, Instant met)
{
	promise->fate = promise->due == INSTANT_NONE || met <= promise->due
	    ? TOLD_KEPT
	    : TOLD_MISSED;
	promise->until = met;
}

/* The last that was told of it: as its clock is. */
static void
judge_last(ToldHistoryPromise *promise, const TicketView *view)
{
	const SlaClock *clock = sla_clock_of(view->clocks, promise->milestone);

	if (clock == NULL || clock->state == SLA_ENDED) {
		promise->fate = TOLD_ENDED;
	} else if (clock->met != INSTANT_NONE) {
		promise->fate = clock->state == SLA_MISSED ? TOLD_MISSED
							   : TOLD_KEPT;
		promise->until = clock->met;
	} else if (clock->state == SLA_LATE || clock->state == SLA_MISSED) {
		promise->fate = TOLD_MISSED;
	} else {
		promise->fate = TOLD_OWED;
		promise->until = clock->due;
	}
}

/* It was missed, and is not judged so any more. */
static void
recast(ToldHistoryPromise *promise, const TicketView *view)
{
	const SlaClock *clock = sla_clock_of(view->clocks, promise->milestone);
	bool is_none = view->ticket->excluded || clock == NULL ||
	    (clock->state != SLA_LATE && clock->state != SLA_MISSED);

	if (promise->recast_from == INSTANT_NONE ||
	    (promise->fate != TOLD_ENDED && promise->fate != TOLD_CORRECTED &&
		(promise->fate != TOLD_MISSED || !is_none)))
		return;
	promise->fate = TOLD_RECAST;
	promise->until = promise->recast_from;
}

static void
judge(ToldHistoryPromise *promise, const ToldHistoryRow *row,
    const ToldHistoryRow *next, const TicketView *view)
{
	Instant met = view->ticket->met[promise->milestone];
	const ToldHistoryPromise *again = next != NULL
	    ? find(next, promise->milestone)
	    : NULL;

	if (row->is_lost) {
		promise->fate = TOLD_LOST;
	} else if (next == NULL) {
		judge_last(promise, view);
	} else if (again == NULL && met != INSTANT_NONE && met <= next->at) {
		judge_met(promise, met);
	} else {
		bool same = again != NULL && again->due == promise->due &&
		    again->commitment == promise->commitment;

		promise->fate = same ? TOLD_REPEATED : TOLD_CORRECTED;
		promise->until = next->at;
	}
	recast(promise, view);
}

/* The next answer that told terms and arrived. */
static const ToldHistoryRow *
next_of(const GPtrArray *rows, guint i)
{
	while (++i < rows->len) {
		const ToldHistoryRow *row = rows->pdata[i];

		if (!row->is_lost && row->subject == TOLD_OF_TERMS)
			return row;
	}
	return NULL;
}

/* What is not settled yet; of responses alone, or of all. */
static void
judge_terms(GPtrArray *rows, const TicketView *view, bool responses)
{
	for (guint i = 0; i < rows->len; i++) {
		ToldHistoryRow *row = rows->pdata[i];
		const ToldHistoryRow *next = next_of(rows, i);

		for (guint k = 0; k < row->promises->len; k++) {
			ToldHistoryPromise *promise = promise_at(row, k);

			if (row->subject != TOLD_OF_TERMS ||
			    promise->is_settled ||
			    (responses &&
				promise->milestone != MILESTONE_RESPONSE))
				continue;
			judge(promise, row, next, view);
			promise->is_settled = responses;
		}
	}
}

/* The last that terms promised of it; NULL: nothing. */
static ToldHistoryPromise *
last_promise(const GPtrArray *rows, Milestone milestone)
{
	for (guint i = rows->len; i-- > 0;) {
		const ToldHistoryRow *row = rows->pdata[i];

		for (guint k = 0;
		     row->subject == TOLD_OF_TERMS && k < row->promises->len;
		     k++) {
			if (promise_at(row, k)->milestone == milestone)
				return promise_at(row, k);
		}
	}
	return NULL;
}

/* What terms promised, and is missed now: later terms may leave out what was
 * met too late. */
static void
mark_recast(GPtrArray *rows, const TicketView *then)
{
	for (guint i = 0; i < then->clocks->len; i++) {
		const SlaClock *clock = then->clocks->pdata[i];
		ToldHistoryPromise *promise = last_promise(rows,
		    clock->milestone);

		if (promise != NULL &&
		    (clock->state == SLA_LATE || clock->state == SLA_MISSED))
			promise->recast_from = then->now;
	}
}

/* ---- what became of news ---- */

static void
settle_news(ToldHistoryPromise *promise, ToldFate fate, Instant at)
{
	promise->fate = fate;
	promise->until = at;
	promise->is_settled = true;
}

/* Words kept them, or nothing did by `at`. */
static void
judge_news(ToldHistoryPromise *promise, const Ticket *ticket, Instant at)
{
	Instant met = ticket->talk.next_met;

	if (met != INSTANT_NONE) {
		judge_met(promise, met);
	} else {
		promise->fate = at > promise->due ? TOLD_MISSED : TOLD_OWED;
		promise->until = at > promise->due ? INSTANT_NONE
						   : promise->due;
	}
}

/* A technician who resolves it has written; a recovery, or the client's own
 * word, ends what nobody needs any more. */
static void
end_news(ToldHistoryPromise *promise, const Event *event)
{
	const char *by = event_text(event, "by");

	if (event_mover_is(by, MOVED_BY_TECHNICIAN) ||
	    event_mover_is(by, MOVED_BY_MANAGER))
		judge_met(promise, event->at);
	else
		settle_news(promise, TOLD_ENDED, event->at);
}

/* What this event makes of the news that were promised before it. */
static void
pass_news(GPtrArray *rows, const Ticket *ticket, const Event *event)
{
	ToldHistoryRow *row = last_of(rows, TOLD_OF_NEWS);
	ToldHistoryPromise *promise = row != NULL ? promise_at(row, 0) : NULL;
	TicketState to;
	bool merges = event->type == EVENT_MERGED &&
	    event_int(event, "into") != 0;
	bool ends = merges ||
	    (event->type == EVENT_STATE &&
		ticket_state_parse(event_text(event, "state"), &to) &&
		ticket_state_is_done(to));

	if (promise == NULL || promise->is_settled ||
	    (!ends && event->type != EVENT_NEXT))
		return;
	judge_news(promise, ticket, event->at);
	if (row->is_lost)
		promise->fate = TOLD_LOST;
	else if (promise->fate == TOLD_OWED && merges)
		settle_news(promise, TOLD_ENDED, event->at);
	else if (promise->fate == TOLD_OWED && ends)
		end_news(promise, event);
	else if (promise->fate == TOLD_OWED)
		settle_news(promise, TOLD_CORRECTED, event->at);
	promise->is_settled = true;
}

static void
judge_last_news(GPtrArray *rows, const TicketView *view)
{
	ToldHistoryRow *row = last_of(rows, TOLD_OF_NEWS);

	if (row == NULL || promise_at(row, 0)->is_settled)
		return;
	judge_news(promise_at(row, 0), view->ticket, view->now);
	if (row->is_lost)
		promise_at(row, 0)->fate = TOLD_LOST;
}

/* ---- all of it ---- */

/* The ticket as it was, under the rules that it has now. */
static TicketView *
view_then(const Ticket *ticket, const TicketView *view, Instant at)
{
	TicketView *then = ticket_view_new(ticket_copy(ticket));

	ticket_view_settle(then, &view->rules);
	ticket_view_run(then, at);
	return then;
}

/* What ends a promise, or makes a breach none, is looked at before it acts. */
static void
pass(GPtrArray *rows, const Ticket *ticket, const TicketView *view,
    const Event *event)
{
	bool anew = event->type == EVENT_STATE &&
	    *event_text(event, "anew") != '\0';
	bool recasts = event->type == EVENT_EXCLUDED ||
	    event->type == EVENT_KIND || event->type == EVENT_COMPONENT;

	pass_news(rows, ticket, event);
	if ((anew || recasts) && rows->len > 0) {
		g_autoptr(TicketView) then = view_then(ticket, view, event->at);

		if (anew)
			judge_terms(rows, then, true);
		else
			mark_recast(rows, then);
	}
}

GPtrArray *
told_history(const GPtrArray *events, const TicketView *view)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
	g_autoptr(Ticket) ticket = ticket_new(view->ticket->number);

	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		/* What was taken back never left, and ended nothing. */
		if (!event->undone) {
			pass(rows, ticket, view, event);
			add_told(rows, event);
		}
		ticket_apply(ticket, event);
		if (event->type == EVENT_SENT)
			mark_lost(rows, event);
	}
	judge_terms(rows, view, false);
	judge_last_news(rows, view);
	return rows;
}
