/* What a client was told of a ticket, answer by answer, and what became of it. */
#include "guichet/ticket/told_history.h"

#include "guichet/base/names.h"
#include "guichet/ticket/event_words.h"

#include <string.h>

#define TOLD_FATES(X)           \
 X(TOLD_OWED, "owed")           \
 X(TOLD_KEPT, "kept")           \
 X(TOLD_MISSED, "missed")       \
 X(TOLD_ENDED, "ended")         \
 X(TOLD_REPEATED, "repeated")   \
 X(TOLD_CORRECTED, "corrected") \
 X(TOLD_LOST, "lost")
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

static ToldHistoryRow *
add_row(GPtrArray *rows, const Event *event)
{
	ToldHistoryRow *row = g_new0(ToldHistoryRow, 1);

	row->at = event->at;
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

/* That a guarantee was missed: no promise, but what became of one. */
static void
add_missed(GPtrArray *rows, const Event *event)
{
	const ToldHistoryRow *last = rows->len > 0 ? rows->pdata[rows->len - 1]
						   : NULL;
	ToldHistoryPromise promise = { .fate = TOLD_MISSED,
		.due = event_int(event, "due") };
	Instant met = event_int(event, "met");
	ToldHistoryRow *row;

	if (!milestone_parse(event_text(event, "missed"), &promise.milestone) ||
	    !commitment_parse(event_text(event, "commitment"),
		&promise.commitment))
		return;
	promise.until = met != 0 ? met : INSTANT_NONE;
	row = add_row(rows, event);
	row->answer = event_text(event, "by");
	row->is_of_missed = true;
	if (last != NULL) {
		row->contract = last->contract;
		row->plan = last->plan;
		row->kind = last->kind;
		row->severity = last->severity;
	}
	g_array_append_val(row->promises, promise);
}

/* Those of an older program stand alone: what one instant told is one row. */
static void
add_promise(GPtrArray *rows, const Event *event)
{
	ToldHistoryRow *row = rows->len > 0 ? rows->pdata[rows->len - 1] : NULL;
	ToldHistoryPromise promise = { .until = INSTANT_NONE };
	Instant due = event_int(event, "due");

	if (!milestone_parse(event_text(event, "milestone"),
		&promise.milestone) ||
	    !commitment_parse(event_text(event, "commitment"),
		&promise.commitment))
		return;
	promise.due = due != 0 ? due : INSTANT_NONE;
	if (row == NULL || row->at != event->at)
		row = add_row(rows, event);
	g_array_append_val(row->promises, promise);
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

		row->is_lost = row->is_lost || row->outbox == outbox;
	}
}

/* ---- what became of it ---- */

static const ToldHistoryPromise *
find(const ToldHistoryRow *row, Milestone milestone)
{
	for (guint i = 0; i < row->promises->len; i++) {
		const ToldHistoryPromise *promise =
		    &g_array_index(row->promises, ToldHistoryPromise, i);

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
	} else if (row->is_of_missed) {
		return;
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
}

/* The next answer that told terms and arrived. */
static const ToldHistoryRow *
next_of(const GPtrArray *rows, guint i)
{
	while (++i < rows->len) {
		const ToldHistoryRow *row = rows->pdata[i];

		if (!row->is_lost && !row->is_of_missed)
			return row;
	}
	return NULL;
}

GPtrArray *
told_history(const GPtrArray *events, const TicketView *view)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);

	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		/* It never left. */
		if (event->undone)
			continue;
		if (event->type == EVENT_SENT)
			mark_lost(rows, event);
		else if (event->type == EVENT_TOLD &&
		    *event_text(event, "missed") != '\0')
			add_missed(rows, event);
		else if (event->type == EVENT_TOLD &&
		    *event_text(event, "terms") != '\0')
			add_row(rows, event);
		else if (event->type == EVENT_TOLD)
			add_promise(rows, event);
	}
	for (guint i = 0; i < rows->len; i++) {
		ToldHistoryRow *row = rows->pdata[i];

		for (guint k = 0; k < row->promises->len; k++)
			judge(&g_array_index(row->promises, ToldHistoryPromise,
				  k),
			    row, next_of(rows, i), view);
	}
	return rows;
}
