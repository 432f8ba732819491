/* The report of a contract's month as JSON. */
#include "report_paper_private.h"

#include "guichet/print/instant_json.h"

#include <string.h>

static json_t *
pauses_json(const ReportPromise *promise)
{
	json_t *list = json_array();

	for (guint i = 0; i < promise->pauses->len; i++) {
		const Pause *pause = &g_array_index(promise->pauses, Pause, i);

		json_array_append_new(list,
		    json_pack("{so so ss}", "from", instant_json(pause->from),
			"to", instant_json(pause->to), "why",
			ticket_state_name(pause->why)));
	}
	return list;
}

static json_t *
promises_json(const ReportTicket *ticket)
{
	json_t *list = json_array();

	for (guint i = 0; i < ticket->promises->len; i++) {
		const ReportPromise *one = &g_array_index(ticket->promises,
		    ReportPromise, i);

		json_array_append_new(list,
		    json_pack("{ss ss ss so sb sb si so so so sI sI sI so}",
			"milestone", milestone_name(one->milestone),
			"commitment", commitment_name(one->commitment),
			"became", report_verdict_name(one->verdict), "settled",
			instant_json(one->settled), "counts", one->counts,
			"past", one->past, "severity", one->severity, "intake",
			instant_json(one->intake), "due",
			instant_json(one->due), "met", instant_json(one->met),
			"used", (json_int_t)one->used, "total",
			(json_int_t)one->total, "late", (json_int_t)one->late,
			"pauses", pauses_json(one)));
	}
	return list;
}

static json_t *
changes_json(const ReportTicket *ticket)
{
	json_t *list = json_array();

	for (guint i = 0; i < ticket->changes->len; i++) {
		const ReportChange *one = &g_array_index(ticket->changes,
		    ReportChange, i);

		json_array_append_new(list,
		    json_pack("{ss so so so sb}", "milestone",
			milestone_name(one->milestone), "at",
			instant_json(one->at), "before",
			instant_json(one->before), "now",
			instant_json(one->now), "recast", one->recast));
	}
	return list;
}

static json_t *
debriefs_json(const ReportTicket *ticket)
{
	json_t *list = json_array();

	for (guint i = 0; i < ticket->debriefs->len; i++) {
		const ReportDebrief *one = &g_array_index(ticket->debriefs,
		    ReportDebrief, i);

		json_array_append_new(list,
		    json_pack("{so ss}", "at", instant_json(one->at), "text",
			one->text != NULL ? one->text : ""));
	}
	return list;
}

static json_t *
ticket_json(const ReportTicket *ticket)
{
	return json_pack("{sI ss ss si ss so so ss? so sI so so so so}",
	    "ticket", (json_int_t)ticket->number, "subject", ticket->subject,
	    "kind", ticket_kind_name(ticket->kind), "severity",
	    ticket->severity, "state", ticket_state_name(ticket->state),
	    "received", instant_json(ticket->received), "resolved",
	    instant_json(ticket->resolved), "excluded", ticket->exclusion,
	    "merged_into",
	    ticket->merged_into != 0 ? json_integer(ticket->merged_into)
				     : json_null(),
	    "third_party", (json_int_t)ticket->third_party, "rpo_minutes",
	    ticket->rpo >= 0 ? json_integer(ticket->rpo) : json_null(),
	    "promises", promises_json(ticket), "changes", changes_json(ticket),
	    "debriefs", debriefs_json(ticket));
}

static json_t *
severities_json(const ReportCounts *counts)
{
	json_t *list = json_array();

	for (int severity = 0; severity <= SEVERITY_MAX; severity++) {
		for (int k = 0; k < KIND_COUNT; k++) {
			guint count = counts->severities[severity][k];

			if (count > 0)
				json_array_append_new(list,
				    json_pack("{si ss si}", "severity",
					severity, "kind",
					ticket_kind_name((TicketKind)k),
					"count", (int)count));
		}
	}
	return list;
}

static json_t *
sums_json(const ReportCounts *counts)
{
	json_t *list = json_array();

	for (int i = 0; i < MILESTONE_COUNT * COMMITMENT_COUNT; i++) {
		int m = i / COMMITMENT_COUNT, c = i % COMMITMENT_COUNT;
		json_t *sum = json_pack("{ss ss}", "milestone",
		    milestone_name((Milestone)m), "commitment",
		    commitment_name((Commitment)c));
		guint all = 0;

		for (int v = 0; v < REPORT_VERDICT_COUNT; v++) {
			guint count = counts->sums[m][c].by[v];

			all += count;
			json_object_set_new(sum,
			    report_verdict_name((ReportVerdict)v),
			    json_integer(count));
		}
		if (all > 0)
			json_array_append(list, sum);
		json_decref(sum);
	}
	return list;
}

static json_t *
rows_json(const GArray *rows)
{
	json_t *list = json_array();

	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = &g_array_index(rows, LedgerRow, i);

		json_array_append_new(list,
		    json_pack("{sI so sI ss sI sI sI ss sI}", "row",
			(json_int_t)row->id, "at", instant_json(row->at),
			"ticket", (json_int_t)row->ticket, "rule",
			ledger_rule_name(row->rule), "counted",
			(json_int_t)row->counted, "balance",
			(json_int_t)row->balance, "amount",
			(json_int_t)row->amount, "currency", row->currency,
			"reverses", (json_int_t)row->reverses));
	}
	return list;
}

static json_t *
left_json(const GArray *left)
{
	json_t *list = json_array();

	for (guint i = 0; i < left->len; i++) {
		const LedgerLeft *one = &g_array_index(left, LedgerLeft, i);

		json_array_append_new(list,
		    json_pack("{sI so}", "left", (json_int_t)one->left, "until",
			instant_json(one->until)));
	}
	return list;
}

static json_t *
hours_json(const ReportPaper *paper)
{
	return json_pack("{sI sI sI sI sI so so}", "before",
	    (json_int_t)paper->hours->before, "after",
	    (json_int_t)paper->hours->after, "counted",
	    (json_int_t)paper->hours->counted, "included",
	    (json_int_t)(paper->has_hours ? paper->hour_terms.included : 0),
	    "included_used", (json_int_t)paper->included_used, "packages",
	    left_json(paper->left), "rows", rows_json(paper->hours->rows));
}

static json_t *
penalties_json(const ReportPaper *paper)
{
	json_t *list = json_array();

	for (guint i = 0; i < paper->penalties->len; i++) {
		const ReportPenalty *one = &g_array_index(paper->penalties,
		    ReportPenalty, i);

		json_array_append_new(list,
		    json_pack("{sI ss so sI sI ss sI}", "ticket",
			(json_int_t)one->ticket, "milestone",
			milestone_name(one->milestone), "due",
			instant_json(one->due), "minutes",
			(json_int_t)one->minutes, "amount",
			(json_int_t)one->amount, "currency", one->currency,
			"counted_with", (json_int_t)one->counted_with));
	}
	return list;
}

static json_t *
availability_json(const ReportPaper *paper)
{
	const Availability *sums = paper->availability;
	json_t *days;
	g_autoptr(GArray) list = NULL;

	if (sums == NULL)
		return json_null();
	days = json_array();
	list = report_up_days(sums, &paper->month);
	for (guint i = 0; i < list->len; i++) {
		const ReportUpDay *day = &g_array_index(list, ReportUpDay, i);
		g_autofree char *date = date_format(day->day);

		json_array_append_new(days,
		    json_pack("{ss sI sI sI}", "day", date, "unplanned",
			(json_int_t)day->kinds[AVAILABILITY_COUNTED], "planned",
			(json_int_t)day->kinds[AVAILABILITY_PLANNED],
			"excluded",
			(json_int_t)day->kinds[AVAILABILITY_EXCLUDED]));
	}
	return json_pack("{sI sI sI sI sI ss sb so}", "total",
	    (json_int_t)sums->total, "planned", (json_int_t)sums->planned,
	    "unplanned", (json_int_t)sums->unplanned, "ratio",
	    (json_int_t)availability_millionths(sums), "promised",
	    (json_int_t)paper->availability_terms->target, "commitment",
	    commitment_name(paper->availability_terms->commitment), "kept",
	    availability_meets(sums, paper->availability_terms->target), "days",
	    days);
}

json_t *
report_paper_json(const ReportPaper *paper)
{
	const ReportCounts *counts = &paper->counts;
	json_t *tickets = json_array();
	g_autofree char *day = date_format(paper->month.first);
	g_autofree char *month = g_strndup(day, strlen("2026-11"));

	for (guint i = 0; i < paper->tickets->len; i++)
		json_array_append_new(tickets,
		    ticket_json(paper->tickets->pdata[i]));
	return json_pack(
	    "{ss ss ss? ss so so sb si si si si sI so so so so so so so}",
	    "contract", paper->contract->name, "month", month, "plan",
	    paper->terms.plan != NULL ? paper->terms.plan->name : NULL, "zone",
	    zone_name(paper->month.zone), "from",
	    instant_json(paper->month.from), "to",
	    instant_json(paper->month.to), "so_far", paper->month.so_far,
	    "received", (int)counts->received, "resolved",
	    (int)counts->resolved, "open_before", (int)counts->was_open,
	    "open_after", (int)counts->is_open, "third_party",
	    (json_int_t)counts->third_party, "severities",
	    severities_json(counts), "promises", sums_json(counts), "penalties",
	    penalties_json(paper), "taken_back", rows_json(paper->taken),
	    "hours", hours_json(paper), "availability",
	    availability_json(paper), "tickets", tickets);
}
