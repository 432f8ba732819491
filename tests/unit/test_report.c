/* What a contract's month comes to: which tickets have a part in it, each promise
 * once, hours and penalties by hand, outages by day. */
#include "told-fixture.h"

#include "guichet/report/report.h"

#define LUC "luc@brasserie-lambic.example" /* level B: 4 h, 12 h outside */

static ReportMonth
november(Instant now)
{
	return report_month(zone_get("Europe/Brussels", NULL),
	    date_of(2026, 11, 1), now);
}

static void
test_month(void)
{
	ReportMonth whole = november(at("2027-01-01T00:00"));
	ReportMonth part = november(at("2026-11-10T12:00"));
	ReportMonth none = november(at("2026-10-10T12:00"));

	g_assert_cmpint(whole.from, ==, at("2026-11-01T00:00"));
	g_assert_cmpint(whole.to, ==, at("2026-12-01T00:00"));
	g_assert_false(whole.so_far);
	g_assert_cmpint(part.to, ==, at("2026-11-10T12:00"));
	g_assert_true(part.so_far);
	g_assert_cmpint(none.to, ==, none.from);
	g_assert_true(report_month_has(&whole, whole.from));
	g_assert_false(report_month_has(&whole, whole.to));
	g_assert_false(report_month_has(&whole, INSTANT_NONE));
}

/* ---- tickets ---- */

static ReportTicket *
ticket_of(Desk *desk, gint64 number, const ReportMonth *month)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store, number, &error);
	g_autoptr(GPtrArray) known = NULL;
	g_autoptr(GArray) turns = NULL;
	g_autoptr(TicketView) view = NULL;
	Ticket *ticket;

	g_assert_no_error(error);
	ticket = report_fold(number, events, month->to, &turns, &known);
	if (ticket == NULL)
		return NULL;
	view = view_new(desk->intake, ticket, &error);
	g_assert_no_error(error);
	ticket_view_run(view, month->to);
	return report_ticket(view, known, turns, month);
}

/* "response met; response missed past" */
static void
assert_promises(Desk *desk, const ReportMonth *month, const char *expected)
{
	g_autoptr(ReportTicket) ticket = ticket_of(desk, 1, month);
	g_autoptr(GString) line = g_string_new(NULL);

	for (guint i = 0; ticket != NULL && i < ticket->promises->len; i++) {
		const ReportPromise *one = &g_array_index(ticket->promises,
		    ReportPromise, i);

		g_string_append_printf(line, "%s%s %s%s%s",
		    line->len > 0 ? "; " : "", milestone_name(one->milestone),
		    report_verdict_name(one->verdict), one->past ? " past" : "",
		    one->counts ? "" : " before");
	}
	g_assert_cmpstr(ticket != NULL ? line->str : "none", ==, expected);
}

static void
open_one(Desk *desk, const char *when)
{
	desk_set_up(desk, "");
	write_proven(desk, "pass", LUC,
	    "To: help@desk.example\nSubject: panne du site\n",
	    "Le site ne répond plus.", at(when));
}

/* It stands in the month in which it was settled, and once. */
static void
test_settled(void)
{
	g_auto(Desk) desk = { 0 };
	const Instant later = at("2027-02-01T00:00");
	ReportMonth october = report_month(zone_get("Europe/Brussels", NULL),
	    date_of(2026, 10, 1), later);
	ReportMonth month = november(later);
	ReportMonth december = report_month(month.zone, date_of(2026, 12, 1),
	    later);
	g_autoptr(ReportTicket) ticket = NULL;

	open_one(&desk, "2026-11-30T10:00");
	order(&desk, "reply 1 Voici.", at("2026-11-30T11:00"));
	order(&desk, "wait 1 third-party", at("2026-11-30T22:00"));
	order(&desk, "resolve 1", at("2026-12-02T12:00"));
	assert_promises(&desk, &october, "none");
	assert_promises(&desk, &month, "response met");
	assert_promises(&desk, &december, "response met before");
	ticket = ticket_of(&desk, 1, &month);
	g_assert_true(ticket->is_new && ticket->is_open);
	g_assert_false(ticket->was_open || ticket->was_resolved);
	g_assert_cmpint(ticket->state, ==, TICKET_WAITING_THIRD_PARTY);
	g_assert_cmpint(ticket->third_party, ==, 2 * 3600);
	g_clear_pointer(&ticket, report_ticket_free);
	ticket = ticket_of(&desk, 1, &december);
	g_assert_true(ticket->was_open && ticket->was_resolved);
	g_assert_cmpint(ticket->third_party, ==, 36 * 3600);
}

/* Owed at the end of the month, whatever came afterwards. */
static void
test_as_it_stood(void)
{
	g_auto(Desk) desk = { 0 };
	ReportMonth month = november(at("2027-02-01T00:00"));

	open_one(&desk, "2026-11-30T22:00");
	order(&desk, "reply 1 Voici.", at("2026-12-01T02:00"));
	assert_promises(&desk, &month, "response open");
}

static void
test_missed(void)
{
	g_auto(Desk) desk = { 0 };
	ReportMonth month = november(at("2027-02-01T00:00"));
	g_autoptr(GPtrArray) tickets = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)report_ticket_free);
	ReportCounts counts;
	const ReportPromise *one;

	open_one(&desk, "2026-11-23T10:00");
	order(&desk, "reply 1 Voici.", at("2026-11-23T15:00"));
	assert_promises(&desk, &month, "response missed");
	g_ptr_array_add(tickets, ticket_of(&desk, 1, &month));
	one = &g_array_index(((ReportTicket *)tickets->pdata[0])->promises,
	    ReportPromise, 0);
	g_assert_cmpint(one->settled, ==, at("2026-11-23T14:00"));
	g_assert_cmpint(one->late, ==, 3600);
	counts = report_counts(tickets);
	g_assert_cmpuint(counts.received, ==, 1);
	g_assert_cmpuint(counts.sums[MILESTONE_RESPONSE][COMMITMENT_GUARANTEED]
			     .by[REPORT_MISSED],
	    ==, 1);
	g_assert_cmpuint(counts.shares[REPORT_TENTHS], ==, 1); /* 5 h of 4 */
}

/* A response that was given stays beside the one that is owed anew. */
static void
test_reopened(void)
{
	g_auto(Desk) desk = { 0 };
	ReportMonth month = november(at("2027-02-01T00:00"));

	open_one(&desk, "2026-11-23T10:00");
	order(&desk, "reply 1 Voici.", at("2026-11-23T11:00"));
	order(&desk, "resolve 1", at("2026-11-23T12:00"));
	write_answer(&desk, LUC, "reply", "Le problème persiste, rien ne va.",
	    at("2026-11-25T10:00"));
	assert_promises(&desk, &month, "response missed; response met past");
}

static void
test_excluded(void)
{
	g_auto(Desk) desk = { 0 };
	ReportMonth month = november(at("2027-02-01T00:00"));
	g_autoptr(ReportTicket) ticket = NULL;

	open_one(&desk, "2026-11-23T10:00");
	order(&desk, "exclude 1 force-majeure", at("2026-11-23T11:00"));
	assert_promises(&desk, &month, "response ended");
	ticket = ticket_of(&desk, 1, &month);
	g_assert_cmpstr(ticket->exclusion, ==, "force-majeure");
}

/* ---- hours and penalties ---- */

static void
add_row(GArray *rows, LedgerRow row)
{
	row.id = rows->len + 1;
	row.at = row.booked;
	row.currency = row.amount != 0 ? "EUR" : "";
	g_array_append_val(rows, row);
}

static GArray *
rows_new(void)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	const Date first = date_of(2026, 11, 1);

	add_row(rows,
	    (LedgerRow){ .booked = at("2026-10-05T10:00"),
		.rule = LEDGER_CREDIT,
		.balance = 600 });
	add_row(rows,
	    (LedgerRow){ .booked = at("2026-11-02T10:00"),
		.rule = LEDGER_PACKAGE,
		.ticket = 3,
		.counted = 30,
		.balance = -30 });
	add_row(rows,
	    (LedgerRow){ .booked = at("2026-11-02T11:00"),
		.rule = LEDGER_BILLED,
		.ticket = 3,
		.counted = 15,
		.amount = 2000 });
	add_row(rows,
	    (LedgerRow){ .booked = at("2026-11-10T10:00"),
		.rule = LEDGER_PENALTY,
		.ticket = 4,
		.package = -(gint64)first,
		.balance = 420 });
	add_row(rows,
	    (LedgerRow){ .booked = at("2026-12-01T10:00"),
		.rule = LEDGER_PENALTY,
		.ticket = 4,
		.package = -(gint64)first,
		.reverses = 4,
		.balance = -420 });
	return rows;
}

static void
test_hours(void)
{
	g_autoptr(GArray) rows = rows_new();
	ReportMonth month = november(at("2027-02-01T00:00"));
	g_autoptr(ReportHours) hours = report_hours(rows, &month);
	const ReportHourDay *days = (const ReportHourDay *)hours->days->data;

	g_assert_cmpint(hours->before, ==, 600);
	g_assert_cmpint(hours->after, ==, 600 - 30 + 420);
	g_assert_cmpint(hours->counted, ==, 45);
	g_assert_cmpuint(hours->rows->len, ==, 3);
	g_assert_cmpint(report_hours_charged(hours, "EUR"), ==, 2000);
	g_assert_cmpint(report_hours_charged(hours, "CHF"), ==, 0);
	g_assert_cmpuint(hours->days->len, ==, 30);
	g_assert_cmpint(days[0].counted, ==, 0);
	g_assert_cmpint(days[1].counted, ==, 45);
	g_assert_cmpint(days[1].balance, ==, 570);
	g_assert_cmpint(days[29].balance, ==, 990);
}

/* Of the first breach, once a month; what is taken back in December is so in
 * December's report. */
static void
test_penalties(void)
{
	g_autoptr(GArray) rows = rows_new();
	g_autoptr(GArray) breaches = g_array_new(FALSE, FALSE,
	    sizeof(LedgerBreach));
	const LedgerBreach both[] = {
		{ .ticket = 5,
		    .at = at("2026-11-20T10:00"),
		    .month = date_of(2026, 11, 1),
		    .currency = "" },
		{ .ticket = 4,
		    .at = at("2026-11-10T10:00"),
		    .month = date_of(2026, 11, 1),
		    .currency = "" },
	};
	ReportMonth month = november(at("2027-02-01T00:00"));
	ReportMonth next = report_month(month.zone, month.next,
	    at("2027-02-01T00:00"));
	g_autoptr(GArray) penalties = NULL, taken = NULL;
	g_autoptr(ReportHours) december = report_hours(rows, &next);
	const ReportPenalty *found;

	g_array_append_vals(breaches, both, G_N_ELEMENTS(both));
	penalties = report_penalties(breaches, rows, &month);
	found = (const ReportPenalty *)penalties->data;
	g_assert_cmpuint(penalties->len, ==, 2);
	g_assert_cmpint(found[0].ticket, ==, 4);
	g_assert_cmpint(found[0].minutes, ==, 420);
	g_assert_cmpint(found[1].ticket, ==, 5);
	g_assert_cmpint(found[1].minutes, ==, 0);
	g_assert_cmpint(found[1].counted_with, ==, 4);
	taken = report_taken_back(december);
	g_assert_cmpuint(taken->len, ==, 1);
}

/* ---- availability ---- */

static void
test_days(void)
{
	ReportMonth month = november(at("2026-11-04T12:00"));
	AvailabilityPart parts[] = {
		{ at("2026-11-02T23:00"), at("2026-11-03T00:30"),
		    AVAILABILITY_COUNTED },
		{ at("2026-11-03T00:30"), at("2026-11-03T01:00"),
		    AVAILABILITY_PLANNED },
	};
	AvailabilityOutage outage = { .parts = g_array_new(FALSE, FALSE,
					  sizeof(AvailabilityPart)) };
	g_autoptr(GPtrArray) outages = g_ptr_array_new();
	const Availability sums = { .outages = outages };
	g_autoptr(GArray) days = NULL;
	const ReportUpDay *day;

	g_array_append_vals(outage.parts, parts, G_N_ELEMENTS(parts));
	g_ptr_array_add(outages, &outage);
	days = report_up_days(&sums, &month);
	day = (const ReportUpDay *)days->data;
	g_assert_cmpuint(days->len, ==, 4);
	g_assert_cmpint(day[0].kinds[AVAILABILITY_COUNTED], ==, 0);
	g_assert_cmpint(day[1].kinds[AVAILABILITY_COUNTED], ==, 3600);
	g_assert_cmpint(day[2].kinds[AVAILABILITY_COUNTED], ==, 1800);
	g_assert_cmpint(day[2].kinds[AVAILABILITY_PLANNED], ==, 1800);
	g_assert_cmpint(day[3].to, ==, at("2026-11-04T12:00"));
	g_array_unref(outage.parts);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/report/month", test_month);
	g_test_add_func("/report/settled", test_settled);
	g_test_add_func("/report/as it stood", test_as_it_stood);
	g_test_add_func("/report/missed", test_missed);
	g_test_add_func("/report/reopened", test_reopened);
	g_test_add_func("/report/excluded", test_excluded);
	g_test_add_func("/report/hours", test_hours);
	g_test_add_func("/report/penalties", test_penalties);
	g_test_add_func("/report/days", test_days);
	return g_test_run();
}
