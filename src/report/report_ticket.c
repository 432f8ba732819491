/* One ticket in the month that a report is of. */
#include "guichet/report/report.h"

#include "guichet/base/names.h"
#include "guichet/ticket/ticket_breach.h"

#include <string.h>

#define VERDICT_NAMES(X)    \
 X(REPORT_MET, "met")       \
 X(REPORT_MISSED, "missed") \
 X(REPORT_ENDED, "ended")   \
 X(REPORT_OPEN, "open")     \
 X(REPORT_NO_TERM, "no-term")
NAME_TABLE(verdicts, VERDICT_NAMES, REPORT_VERDICT_COUNT);

const char *
report_verdict_name(ReportVerdict verdict)
{
	return names_word(&verdicts, verdict);
}

/* ---- the month ---- */

static Instant
midnight(const Zone *zone, Date date)
{
	return zone_instant(zone, wall_midnight(date), ZONE_FIRST);
}

ReportMonth
report_month(const Zone *zone, Date first, Instant now)
{
	int year, month, day;
	ReportMonth result = { .first = first, .zone = zone };
	Instant end;

	date_split(first, &year, &month, &day);
	result.next = first + date_month_days(year, month);
	result.from = midnight(zone, first);
	end = midnight(zone, result.next);
	result.so_far = now < end;
	result.to = MAX(MIN(end, now), result.from);
	return result;
}

bool
report_month_has(const ReportMonth *month, Instant at)
{
	return at != INSTANT_NONE && at >= month->from && at < month->to;
}

/* ---- as it stood ---- */

static void
note_turn(GArray *turns, const Ticket *ticket, Instant at)
{
	ReportTurn turn = { at, ticket->state };

	if (turns->len > 0) {
		const ReportTurn *last = &g_array_index(turns, ReportTurn,
		    turns->len - 1);

		if (last->state == turn.state)
			return;
		turn.at = MAX(turn.at, last->at);
	}
	g_array_append_val(turns, turn);
}

Ticket *
report_fold(gint64 number, const GPtrArray *events, Instant to,
    GArray **ret_turns, GPtrArray **ret_known)
{
	g_autoptr(Ticket) ticket = ticket_new(number);
	g_autoptr(GArray) turns = g_array_new(FALSE, FALSE, sizeof(ReportTurn));
	g_autoptr(GPtrArray) known = g_ptr_array_new();

	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		if (event->at >= to)
			continue;
		g_ptr_array_add(known, (gpointer)event);
		if (ticket_apply(ticket, event) &&
		    ticket->received != INSTANT_NONE)
			note_turn(turns, ticket, event->at);
	}
	if (turns->len == 0)
		return NULL;
	*ret_turns = g_steal_pointer(&turns);
	*ret_known = g_steal_pointer(&known);
	return g_steal_pointer(&ticket);
}

/* ---- promises ---- */

static void
promise_clear(gpointer data)
{
	ReportPromise *promise = data;

	g_clear_pointer(&promise->pauses, g_array_unref);
}

static void
debrief_clear(gpointer data)
{
	ReportDebrief *debrief = data;

	g_clear_pointer(&debrief->text, g_free);
}

/* When nobody was owed it any more. */
static Instant
ended_at(const Ticket *ticket)
{
	if (ticket->excluded && ticket->excluded_at != INSTANT_NONE)
		return ticket->excluded_at;
	return ticket_done_since(ticket) != INSTANT_NONE
	    ? ticket_done_since(ticket)
	    : ticket->changed;
}

static void
judge(ReportPromise *promise, const SlaClock *clock, const Ticket *ticket)
{
	promise->settled = INSTANT_NONE;
	switch (clock->state) {
	case SLA_MET:
		promise->verdict = REPORT_MET;
		promise->settled = clock->met;
		break;
	case SLA_LATE:
	case SLA_MISSED:
		promise->verdict = REPORT_MISSED;
		promise->settled = clock->due;
		break;
	case SLA_ENDED:
		promise->verdict = REPORT_ENDED;
		promise->settled = ended_at(ticket);
		break;
	case SLA_NO_TERM:
		promise->verdict = REPORT_NO_TERM;
		promise->settled = clock->met;
		break;
	default:
		promise->verdict = REPORT_OPEN;
		break;
	}
}

static Seconds
pauses_last(const GArray *pauses)
{
	Seconds sum = 0;

	for (guint i = 0; i < pauses->len; i++) {
		const Pause *pause = &g_array_index(pauses, Pause, i);

		sum += pause->to - pause->from;
	}
	return sum;
}

static bool
is_there(const GArray *promises, const ReportPromise *promise)
{
	for (guint i = 0; i < promises->len; i++) {
		const ReportPromise *one = &g_array_index(promises,
		    ReportPromise, i);

		if (one->milestone == promise->milestone &&
		    one->verdict == promise->verdict &&
		    one->settled == promise->settled)
			return true;
	}
	return false;
}

typedef struct {
	ReportTicket *ticket;
	const ReportMonth *month;
	bool is_excluded; /* nothing of it is a breach */
} Adding;

static void
add_promise(const Adding *adding, const SlaClock *clock, const Ticket *ticket,
    bool past)
{
	GArray *promises = adding->ticket->promises;
	ReportPromise promise = { .milestone = clock->milestone,
		.commitment = clock->commitment,
		.again = clock->is_anew,
		.past = past,
		.severity = clock->severity,
		.intake = clock->intake,
		.due = clock->due,
		.met = clock->met,
		.used = clock->used,
		.total = clock->total,
		.late = clock->late };

	judge(&promise, clock, ticket);
	promise.counts = promise.settled == INSTANT_NONE ||
	    report_month_has(adding->month, promise.settled);
	if (past && is_there(promises, &promise))
		return;
	promise.pauses = clock->pauses != NULL
	    ? g_array_copy(clock->pauses)
	    : g_array_new(FALSE, FALSE, sizeof(Pause));
	promise.paused = pauses_last(promise.pauses);
	g_array_append_val(promises, promise);
}

/* A response that was given was kept, whatever is owed anew since; what was
 * missed was missed. Anything else goes on. */
static void
add_past(gpointer data, const TicketView *then, bool merges)
{
	const Adding *adding = data;

	for (guint i = 0; i < then->clocks->len; i++) {
		const SlaClock *clock = then->clocks->pdata[i];
		bool is_kept = clock->state == SLA_MET &&
		    (merges || clock->milestone == MILESTONE_RESPONSE);
		bool is_missed = !adding->is_excluded &&
		    clock->met != INSTANT_NONE &&
		    (clock->state == SLA_MISSED || clock->state == SLA_LATE);

		if (is_kept || is_missed)
			add_promise(adding, clock, then->ticket, true);
	}
}

/* What a merged ticket still owed, the one that stays owes. */
static void
add_promises(const Adding *adding, const TicketView *view,
    const GPtrArray *known)
{
	for (guint i = 0;
	     view->ticket->merged_into == 0 && i < view->clocks->len; i++)
		add_promise(adding, view->clocks->pdata[i], view->ticket,
		    false);
	if (view->has_terms && ticket_breaches_need_events(view->ticket))
		ticket_past_views(view, known, add_past, (gpointer)adding);
}

/* ---- promises that changed ---- */

/* Whether the client may have been told two things. */
static bool
may_have_changed(const GPtrArray *known, const ReportMonth *month)
{
	guint told = 0;

	for (guint i = 0; i < known->len; i++) {
		const Event *event = known->pdata[i];

		if (event->type == EVENT_TOLD &&
		    *event_text(event, "terms") != '\0')
			told++;
		if (report_month_has(month, event->at) &&
		    (event->type == EVENT_EXCLUDED ||
			(told > 0 && ticket_event_changes_terms(event->type))))
			return true;
	}
	return told > 1;
}

/* The next answer that promises it; NULL: none. */
static const ToldHistoryPromise *
told_next(const GPtrArray *rows, guint place, Milestone milestone)
{
	for (guint i = place + 1; i < rows->len; i++) {
		const ToldHistoryRow *row = rows->pdata[i];

		if (row->subject != TOLD_OF_TERMS)
			continue;
		for (guint k = 0; k < row->promises->len; k++) {
			const ToldHistoryPromise *one = &g_array_index(
			    row->promises, ToldHistoryPromise, k);

			if (one->milestone == milestone)
				return one;
		}
		return NULL;
	}
	return NULL;
}

static void
add_changes_of(const Adding *adding, const GPtrArray *rows, guint place)
{
	const ToldHistoryRow *row = rows->pdata[place];

	for (guint k = 0; k < row->promises->len; k++) {
		const ToldHistoryPromise *one = &g_array_index(row->promises,
		    ToldHistoryPromise, k);
		const ToldHistoryPromise *next;
		ReportChange change = { .milestone = one->milestone,
			.at = one->until,
			.before = one->due,
			.now = INSTANT_NONE,
			.recast = one->fate == TOLD_RECAST };

		if ((one->fate != TOLD_CORRECTED && !change.recast) ||
		    !report_month_has(adding->month, one->until))
			continue;
		next = change.recast ? NULL
				     : told_next(rows, place, one->milestone);
		change.has_now = next != NULL;
		if (next != NULL)
			change.now = next->due;
		g_array_append_val(adding->ticket->changes, change);
	}
}

static void
add_changes(const Adding *adding, const TicketView *view,
    const GPtrArray *known)
{
	g_autoptr(GPtrArray) rows = NULL;

	if (!may_have_changed(known, adding->month))
		return;
	rows = told_history(known, view);
	for (guint i = 0; i < rows->len; i++) {
		const ToldHistoryRow *row = rows->pdata[i];

		if (row->subject == TOLD_OF_TERMS)
			add_changes_of(adding, rows, i);
	}
}

/* ---- the ticket ---- */

static void
add_words(const Adding *adding, const GPtrArray *known)
{
	for (guint i = 0; i < known->len; i++) {
		const Event *event = known->pdata[i];
		ReportDebrief debrief = { event->at, event->mail, NULL };

		if (event->undone ||
		    !report_month_has(adding->month, event->at))
			continue;
		if (event->type == EVENT_RPO)
			adding->ticket->rpo = event_int(event, "minutes");
		if (event->type == EVENT_DEBRIEF)
			g_array_append_val(adding->ticket->debriefs, debrief);
	}
}

/* Where it stood when the month began and ended, and where it waited. */
static void
place_turns(ReportTicket *ticket, const GArray *turns, const ReportMonth *month)
{
	bool is_done = true;

	for (guint i = 0; i < turns->len; i++) {
		const ReportTurn *turn = &g_array_index(turns, ReportTurn, i);
		Instant end = i + 1 < turns->len
		    ? g_array_index(turns, ReportTurn, i + 1).at
		    : month->to;
		Seconds waits = MIN(end, month->to) -
		    MAX(turn->at, month->from);

		if (turn->state == TICKET_WAITING_THIRD_PARTY)
			ticket->third_party += MAX(waits, 0);
		is_done = ticket_state_is_done(turn->state);
		if (turn->at < month->from)
			ticket->was_open = !is_done;
		ticket->state = turn->state;
	}
	ticket->is_open = !is_done;
}

static bool
has_part(const ReportTicket *ticket)
{
	if (ticket->is_new || ticket->was_open || ticket->is_open ||
	    ticket->was_resolved || ticket->changes->len > 0 ||
	    ticket->debriefs->len > 0 || ticket->rpo >= 0)
		return true;
	for (guint i = 0; i < ticket->promises->len; i++) {
		const ReportPromise *one = &g_array_index(ticket->promises,
		    ReportPromise, i);

		if (one->counts && one->settled != INSTANT_NONE)
			return true;
	}
	return false;
}

static ReportTicket *
ticket_of(const TicketView *view, const ReportMonth *month)
{
	const Ticket *from = view->ticket;
	ReportTicket *ticket = g_new0(ReportTicket, 1);

	ticket->number = from->number;
	ticket->kind = from->kind;
	ticket->severity = from->severity;
	ticket->plan = ticket_view_plan(view);
	ticket->received = from->received;
	ticket->is_new = report_month_has(month, from->received);
	ticket->resolved = ticket_done_since(from);
	ticket->was_resolved = report_month_has(month, ticket->resolved);
	ticket->exclusion = from->excluded ? g_strdup(from->exclusion) : NULL;
	ticket->merged_into = from->merged_into;
	ticket->rpo = -1;
	ticket->promises = g_array_new(FALSE, FALSE, sizeof(ReportPromise));
	g_array_set_clear_func(ticket->promises, promise_clear);
	ticket->changes = g_array_new(FALSE, FALSE, sizeof(ReportChange));
	ticket->debriefs = g_array_new(FALSE, FALSE, sizeof(ReportDebrief));
	g_array_set_clear_func(ticket->debriefs, debrief_clear);
	return ticket;
}

ReportTicket *
report_ticket(const TicketView *view, const GPtrArray *known,
    const GArray *turns, const ReportMonth *month)
{
	g_autoptr(ReportTicket) ticket = ticket_of(view, month);
	const Adding adding = { ticket, month, view->ticket->excluded };

	place_turns(ticket, turns, month);
	add_promises(&adding, view, known);
	add_changes(&adding, view, known);
	add_words(&adding, known);
	return has_part(ticket) ? g_steal_pointer(&ticket) : NULL;
}

void
report_ticket_free(ReportTicket *ticket)
{
	if (ticket == NULL)
		return;
	g_free(ticket->subject);
	g_free(ticket->exclusion);
	g_array_unref(ticket->promises);
	g_array_unref(ticket->changes);
	g_array_unref(ticket->debriefs);
	g_free(ticket);
}
