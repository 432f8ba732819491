/* What a month comes to: requests, promises, hours, penalties, days. */
#include "guichet/report/report.h"

#include <string.h>

/* ---- tickets ---- */

/* The bin of a response; -1: it had no term, or is none that is judged. */
static int
share_of(const ReportPromise *promise)
{
	gint64 tenths;

	if (promise->milestone != MILESTONE_RESPONSE ||
	    (promise->verdict != REPORT_MET &&
		promise->verdict != REPORT_MISSED) ||
	    promise->total <= 0)
		return -1;
	/* What took the whole term was still in time. */
	tenths = (promise->used * REPORT_TENTHS + promise->total - 1) /
	    promise->total;
	if (promise->verdict == REPORT_MET)
		return (int)CLAMP(tenths - 1, 0, REPORT_TENTHS - 1);
	return promise->used * 2 <= promise->total * 3 ? REPORT_TENTHS
						       : REPORT_TENTHS + 1;
}

static void
count_promises(ReportCounts *counts, const ReportTicket *ticket)
{
	for (guint i = 0; i < ticket->promises->len; i++) {
		const ReportPromise *one = &g_array_index(ticket->promises,
		    ReportPromise, i);
		int share = share_of(one);

		if (!one->counts)
			continue;
		counts->sums[one->milestone][one->commitment]
		    .by[one->verdict]++;
		if (share >= 0)
			counts->shares[share]++;
	}
}

ReportCounts
report_counts(const GPtrArray *tickets)
{
	ReportCounts counts = { 0 };

	for (guint i = 0; i < tickets->len; i++) {
		const ReportTicket *ticket = tickets->pdata[i];

		counts.was_open += ticket->was_open;
		counts.is_open += ticket->is_open;
		counts.resolved += ticket->was_resolved;
		counts.third_party += ticket->third_party;
		if (ticket->is_new) {
			counts.received++;
			counts.severities[ticket->severity][ticket->kind]++;
		}
		count_promises(&counts, ticket);
	}
	return counts;
}

/* ---- hours ---- */

static Instant
midnight(const ReportMonth *month, Date date)
{
	return zone_instant(month->zone, wall_midnight(date), ZONE_FIRST);
}

static const LedgerRow *
row_at(const GArray *rows, guint i)
{
	return &g_array_index(rows, LedgerRow, i);
}

/* Rows are booked in the order of their ids, so one walk would not do: a day's
 * sum takes all of them. */
static ReportHourDay
hours_until(const GArray *all, const ReportMonth *month, Date day, Instant end)
{
	ReportHourDay sum = { .day = day };

	for (guint i = 0; i < all->len; i++) {
		const LedgerRow *row = row_at(all, i);

		if (row->booked >= end)
			continue;
		sum.balance += row->balance;
		if (row->booked >= month->from)
			sum.counted += row->counted;
	}
	return sum;
}

ReportHours *
report_hours(const GArray *all, const ReportMonth *month)
{
	ReportHours *hours = g_new0(ReportHours, 1);
	ReportHourDay last;

	hours->rows = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	hours->days = g_array_new(FALSE, FALSE, sizeof(ReportHourDay));
	for (guint i = 0; i < all->len; i++) {
		if (report_month_has(month, row_at(all, i)->booked))
			g_array_append_vals(hours->rows, row_at(all, i), 1);
	}
	for (Date day = month->first; midnight(month, day) < month->to; day++) {
		ReportHourDay sum = hours_until(all, month, day,
		    MIN(midnight(month, day + 1), month->to));

		g_array_append_val(hours->days, sum);
	}
	hours->before =
	    hours_until(all, month, month->first, month->from).balance;
	last = hours_until(all, month, month->next, month->to);
	hours->after = last.balance;
	hours->counted = last.counted;
	return hours;
}

void
report_hours_free(ReportHours *hours)
{
	if (hours == NULL)
		return;
	g_array_unref(hours->rows);
	g_array_unref(hours->days);
	g_free(hours);
}

Cents
report_hours_charged(const ReportHours *hours, const char *currency)
{
	Cents sum = 0;

	for (guint i = 0; i < hours->rows->len; i++) {
		const LedgerRow *row = row_at(hours->rows, i);

		if (strcmp(row->currency, currency) == 0)
			sum += row->amount;
	}
	return sum;
}

/* ---- penalties ---- */

/* By then: what is taken back later stands in a later report. */
static bool
is_reversed(const GArray *all, gint64 id, Instant by)
{
	for (guint i = 0; id != 0 && i < all->len; i++) {
		if (row_at(all, i)->reverses == id &&
		    row_at(all, i)->booked < by)
			return true;
	}
	return false;
}

/* The month's penalty that stands, as its package is named after the month. */
static const LedgerRow *
penalty_of(const GArray *all, const ReportMonth *month)
{
	for (guint i = 0; i < all->len; i++) {
		const LedgerRow *row = row_at(all, i);

		if (row->rule == LEDGER_PENALTY && row->reverses == 0 &&
		    row->package == -(gint64)month->first &&
		    !is_reversed(all, row->id, month->to))
			return row;
	}
	return NULL;
}

static gint
compare_penalties(gconstpointer a, gconstpointer b)
{
	const ReportPenalty *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return x->ticket < y->ticket ? -1 : x->ticket > y->ticket;
}

GArray *
report_penalties(const GArray *breaches, const GArray *all,
    const ReportMonth *month)
{
	GArray *penalties = g_array_new(FALSE, FALSE, sizeof(ReportPenalty));
	const LedgerRow *row = penalty_of(all, month);
	bool is_told = row == NULL;

	for (guint i = 0; breaches != NULL && i < breaches->len; i++) {
		const LedgerBreach *breach = &g_array_index(breaches,
		    LedgerBreach, i);
		ReportPenalty penalty = { .ticket = breach->ticket,
			.milestone = breach->milestone,
			.due = breach->at,
			.currency = breach->currency };

		if (breach->month != month->first || breach->at >= month->to)
			continue;
		penalty.counted_with = row != NULL ? row->ticket : 0;
		if (!is_told && row->ticket == breach->ticket) {
			penalty.minutes = row->balance;
			penalty.amount = row->amount;
			is_told = true;
		}
		g_array_append_val(penalties, penalty);
	}
	g_array_sort(penalties, compare_penalties);
	return penalties;
}

GArray *
report_taken_back(const ReportHours *hours)
{
	GArray *taken = g_array_new(FALSE, FALSE, sizeof(LedgerRow));

	for (guint i = 0; i < hours->rows->len; i++) {
		const LedgerRow *row = row_at(hours->rows, i);

		if (row->rule == LEDGER_PENALTY && row->reverses != 0)
			g_array_append_vals(taken, row, 1);
	}
	return taken;
}

/* ---- availability ---- */

static void
add_outage(ReportUpDay *day, const AvailabilityOutage *outage)
{
	for (guint i = 0; i < outage->parts->len; i++) {
		const AvailabilityPart *part = &g_array_index(outage->parts,
		    AvailabilityPart, i);
		Seconds length = MIN(part->to, day->to) -
		    MAX(part->from, day->from);

		day->kinds[part->kind] += MAX(length, 0);
	}
}

GArray *
report_up_days(const Availability *availability, const ReportMonth *month)
{
	GArray *days = g_array_new(FALSE, FALSE, sizeof(ReportUpDay));

	for (Date date = month->first; midnight(month, date) < month->to;
	     date++) {
		ReportUpDay day = { .day = date,
			.from = midnight(month, date),
			.to = MIN(midnight(month, date + 1), month->to) };

		for (guint i = 0; i < availability->outages->len; i++)
			add_outage(&day, availability->outages->pdata[i]);
		g_array_append_val(days, day);
	}
	return days;
}
