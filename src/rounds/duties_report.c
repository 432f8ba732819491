/*
 * What was done of what plans owe unasked: on the first of each month, at the
 * morning's hour, the contacts of each contract that had such tickets in the
 * month before read which were done, when and by whom, and which were late.
 * The month that was told last is a setting of the store; a desk that was down
 * tells it when it is back.
 */
#include "rounds_private.h"

#include <string.h>

#define TOLD "duties-reported"

typedef struct {
	Date first, next; /* of the month that is told, and of the next */
	Instant now;
	GPtrArray *rows; /* QueueRow *, of all tickets */
} Report;

/* ---- when ---- */

static Date
month_of(Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return date_of(year, month, 1);
}

static Date
next_month(Date first)
{
	int year, month, day;

	date_split(first, &year, &month, &day);
	return date_of(year, month, date_month_days(year, month)) + 1;
}

static Instant
hour_of(const Intake *in, Date date)
{
	return zone_instant(zone_get(in->conf->zone, NULL),
	    wall_midnight(date) + in->conf->morning.at, ZONE_FIRST);
}

/* The first day of the month whose hour came last. */
static Date
month_now(const Intake *in, Instant now)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	Date first = month_of(wall_date(zone_wall(zone, now)));

	return hour_of(in, first) <= now ? first : month_of(first - 1);
}

/* ---- one contract's ---- */

static bool
is_of_month(const QueueRow *row, const Contract *contract, const Report *report)
{
	TicketKind kind;
	Date date = wall_date(
	    zone_wall(contract_zone(contract, report->now), row->received));

	return ticket_kind_parse(row->kind, &kind) && kind == KIND_DUTY &&
	    strcmp(row->contract, contract->name) == 0 &&
	    date >= report->first && date < report->next;
}

/* Whose doing its end was; "" where no person ended it. */
static bool
find_doer(Intake *in, gint64 number, char **ret_name, GError **error)
{
	static const char technician[] = "technician:";
	g_autoptr(GPtrArray) events = store_events(in->store, number, error);

	*ret_name = g_strdup("");
	for (guint i = 0; events != NULL && i < events->len; i++) {
		const Event *event = events->pdata[i];

		if (event->type != EVENT_STATE ||
		    !g_str_has_prefix(event->actor, technician))
			continue;
		g_free(*ret_name);
		*ret_name = g_strdup(event->actor + strlen(technician));
	}
	return events != NULL;
}

static const char *
title_of(const TicketView *view, const char *language)
{
	const Plan *plan = ticket_view_plan(view);

	for (guint i = 0; plan != NULL && i < plan->duties->len; i++) {
		const Duty *duty = plan->duties->pdata[i];
		const char *title = words_in(&duty->title, language);

		if (strcmp(duty->name, view->ticket->scope) == 0 &&
		    *title != '\0')
			return title;
	}
	return view->ticket->scope;
}

static bool
add_duty(Intake *in, Values *values, const Contract *contract, gint64 number,
    const Report *report, GError **error)
{
	const char *language = contract->language;
	const Zone *zone = contract_zone(contract, report->now);
	const TicketView *view = view_run(in, number, report->now, error);
	g_autofree char *by = NULL, *done = NULL, *due = NULL;
	const SlaClock *clock;
	Values *row;

	if (view == NULL || !find_doer(in, number, &by, error))
		return false;
	clock = sla_clock_of(view->clocks, MILESTONE_RESOLUTION);
	row = values_add(values, "duties");
	values_set(row, "title", title_of(view, language));
	if (view->ticket->resolved != INSTANT_NONE)
		done =
		    sla_date(wall_date(zone_wall(zone, view->ticket->resolved)),
			language);
	values_set(row, "done", done != NULL ? done : "");
	values_set(row, "by", by);
	/* Its term is the first instant that is too late. */
	if (clock != NULL && clock->due != INSTANT_NONE)
		due = sla_date(wall_date(zone_wall(zone, clock->due) - 1),
		    language);
	values_set(row, "due", due != NULL ? due : "");
	values_set(row, "late",
	    due != NULL &&
		    (clock->state == SLA_LATE || clock->state == SLA_MISSED)
		? "1"
		: "");
	return true;
}

static bool
post(Intake *in, StoreTx *tx, const Contract *contract, Values *values,
    Instant now, GError **error)
{
	for (guint i = 0; i < contract->contacts->len; i++) {
		const Contact *contact = contract->contacts->pdata[i];
		g_autoptr(Draft) draft = g_new0(Draft, 1);

		draft->send = SEND_DUTIES;
		draft->no_answer = true; /* it is about no one ticket */
		draft->to = g_strdup(contact->address);
		draft->language = g_strdup(contract->language);
		draft->zone = g_strdup(zone_name(contract_zone(contract, now)));
		draft_render(draft, in, values);
		if (!post_draft(in, tx, draft, now, error))
			return false;
	}
	return true;
}

static bool
tell_contract(Intake *in, StoreTx *tx, const Contract *contract,
    const Report *report, GError **error)
{
	g_autoptr(Values) values = values_new();
	g_autofree char *month = sla_month(report->first, contract->language);
	const ContractVersion *version = contract_version(contract,
	    report->now);
	const Plan *plan = version != NULL
	    ? ruleset_plan(in->ruleset, version->plans[0])
	    : NULL;
	guint count = 0;

	for (guint i = 0; i < report->rows->len; i++) {
		const QueueRow *row = report->rows->pdata[i];

		if (!is_of_month(row, contract, report))
			continue;
		count++;
		if (!add_duty(in, values, contract, row->number, report, error))
			return false;
	}
	if (count == 0)
		return true;
	values_set(values, "desk", in->conf->site);
	values_set(values, "client", contract->client);
	values_set(values, "month", month);
	values_set(values, "plan",
	    plan != NULL ? words_in(&plan->title, contract->language) : "");
	return post(in, tx, contract, values, report->now, error);
}

static int
by_number(gconstpointer a, gconstpointer b)
{
	const QueueRow *x = *(QueueRow *const *)a, *y = *(QueueRow *const *)b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static bool
tell(Intake *in, StoreTx *tx, Report *report, GError **error)
{
	const GPtrArray *all = ruleset_contracts(in->ruleset);
	g_autoptr(GPtrArray) rows = store_queue(in->store, true, error);

	if (rows == NULL)
		return false;
	g_ptr_array_sort(rows, by_number);
	report->rows = rows;
	for (guint i = 0; i < all->len; i++) {
		const Contract *contract = all->pdata[i];

		if (contract->duties_report &&
		    !tell_contract(in, tx, contract, report, error))
			return false;
	}
	return true;
}

/* ---- the tick ---- */

/* The month that begins after what was told last; `absent` where none was. */
static bool
load_told(Intake *in, Date absent, Date *ret_first, bool *ret_begins,
    GError **error)
{
	g_autofree char *value = NULL;

	if (!store_setting(in->store, TOLD, &value, error))
		return false;
	*ret_begins = value == NULL || !date_parse(value, ret_first);
	if (*ret_begins)
		*ret_first = absent;
	return true;
}

bool
duties_report_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autofree char *value = NULL;
	Report report = { .now = now };
	Date month = month_now(in, now), last;
	bool begins;

	if (!load_told(in, month, &last, &begins, error))
		return false;
	value = date_format(month);
	if (last >= month)
		return !begins || store_set_setting(tx, TOLD, value, error);
	report.first = month_of(month - 1);
	report.next = month;
	return tell(in, tx, &report, error) &&
	    store_set_setting(tx, TOLD, value, error);
}

bool
duties_report_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Date month = month_now(in, now), last;
	bool begins;

	if (!load_told(in, month, &last, &begins, error))
		return false;
	*ret_at = last < month ? now : hour_of(in, next_month(month));
	return true;
}
