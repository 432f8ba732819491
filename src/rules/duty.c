/* When a plan owes what nobody asked for. */
#include "guichet/rules/duty.h"

#include <string.h>

/* No duty is looked at beyond so many periods: daily for five centuries. */
#define MOST_PERIODS 200000

/* ---- which duties ---- */

static bool
version_owes(const Ruleset *ruleset, const ContractVersion *version,
    const char *plan_name, const char *duty_name)
{
	const Plan *plan = ruleset_plan(ruleset, plan_name);

	if (!g_strv_contains((const char *const *)version->plans, plan_name))
		return false;
	for (guint i = 0; i < plan->duties->len; i++) {
		const Duty *duty = plan->duties->pdata[i];

		if (strcmp(duty->name, duty_name) == 0)
			return true;
	}
	return false;
}

/* The row of versions before this one that had the duty without a break: a
 * new fee or contact does not begin the months anew. */
static Date
first_begins(const Ruleset *ruleset, const Contract *contract,
    const ContractVersion *version, const Plan *plan, const Duty *duty)
{
	Date begins = version->from;
	guint i;

	if (!g_ptr_array_find(contract->versions, version, &i))
		return begins;
	while (i-- > 0) {
		const ContractVersion *before = contract->versions->pdata[i];

		if (!version_owes(ruleset, before, plan->name, duty->name))
			break;
		begins = before->from;
	}
	return begins;
}

GArray *
duty_rows(const Ruleset *ruleset, const Contract *contract,
    const ContractVersion *version)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(DutyRow));

	for (gsize p = 0; version->plans[p] != NULL; p++) {
		const Plan *plan = ruleset_plan(ruleset, version->plans[p]);
		Terms terms = {
			.ruleset = ruleset,
			.plan = plan,
			.zone = version->zone,
			.holidays = (const char *const *)version->holidays,
			.fields = version->fields,
		};

		for (guint i = 0; i < plan->duties->len; i++) {
			const Duty *duty = plan->duties->pdata[i];
			DutyRow row = {
				.contract = contract,
				.version = version,
				.plan = plan,
				.duty = duty,
				.clock = terms_calendar(&terms, duty->clock),
				.begins = first_begins(ruleset, contract,
				    version, plan, duty),
			};

			g_array_append_val(rows, row);
		}
	}
	return rows;
}

/* ---- when ---- */

/* The first of the month so many months after that of the date. */
static Date
month_after(Date date, gint64 months)
{
	int year, month, day;
	gint64 count;

	date_split(date, &year, &month, &day);
	count = (gint64)year * 12 + month - 1 + months;
	return date_of((int)(count / 12), (int)(count % 12) + 1, 1);
}

static bool
period_begins(const DutyRow *row, gint64 number, Date *ret_date)
{
	gint64 count = row->duty->every.count * number;

	*ret_date = row->begins;
	if (number == 0)
		return true;
	switch (row->duty->every.unit) {
	case DURATION_MONTHS:
		*ret_date = month_after(row->begins, count);
		return true;
	case DURATION_DAYS:
		*ret_date = (Date)(row->begins + count);
		return true;
	case DURATION_BUSINESS_DAYS:
		return calendar_open_date(row->clock, row->begins, count,
		    ret_date);
	case DURATION_MONTH_END:
	case DURATION_TIME: /* the loader refuses both */
		break;
	}
	return false;
}

bool
duty_period(const DutyRow *row, gint64 number, DutyPeriod *ret_period)
{
	const Zone *zone = calendar_zone(row->clock);
	DutyPeriod period = { .number = number };

	if (number > MOST_PERIODS ||
	    !period_begins(row, number, &period.begins))
		return false;
	period.due = calendar_intake(row->clock,
	    zone_instant(zone, wall_midnight(period.begins), ZONE_FIRST));
	if (period.due == INSTANT_NONE)
		return false;
	*ret_period = period;
	return true;
}

/* Whether the period is due after `now`, or there is none. What has not begun
 * is not due: no calendar is asked for years that are far. */
static bool
is_after(const DutyRow *row, gint64 number, Instant now)
{
	const Zone *zone = calendar_zone(row->clock);
	DutyPeriod period;
	Date begins;

	return number > MOST_PERIODS || !period_begins(row, number, &begins) ||
	    zone_instant(zone, wall_midnight(begins), ZONE_FIRST) > now ||
	    !duty_period(row, number, &period) || period.due > now;
}

/* The number of the first period that is due after `now`. */
static gint64
first_after(const DutyRow *row, Instant now)
{
	gint64 low = 0, high = MOST_PERIODS;

	while (low < high) {
		gint64 middle = low + (high - low) / 2;

		if (is_after(row, middle, now))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool
duty_latest(const DutyRow *row, Instant now, DutyPeriod *ret_period)
{
	gint64 next = first_after(row, now);

	return next > 0 && duty_period(row, next - 1, ret_period);
}

bool
duty_next(const DutyRow *row, Instant now, DutyPeriod *ret_period)
{
	return duty_period(row, first_after(row, now), ret_period);
}

bool
duty_is_due(const DutyRow *row, Instant begun, Instant now,
    DutyPeriod *ret_period)
{
	DutyPeriod period;

	if (!duty_latest(row, now, &period) || period.due <= begun)
		return false;
	*ret_period = period;
	return true;
}

/* ---- all contracts ---- */

GArray *
duty_rows_at(const Ruleset *ruleset, const Contract *contract, Instant now)
{
	const ContractVersion *version = contract_version(contract, now);
	Date today = wall_date(zone_wall(contract_zone(contract, now), now));

	if (version == NULL || contract_term(contract, today).over)
		return NULL;
	return duty_rows(ruleset, contract, version);
}

static void
take_sooner(Instant *next, Instant at, Instant now)
{
	if (at > now && (*next == INSTANT_NONE || at < *next))
		*next = at;
}

static void
take_versions(Instant *next, const Contract *contract, Instant now)
{
	for (guint i = 0; i < contract->versions->len; i++) {
		const ContractVersion *version = contract->versions->pdata[i];
		const Zone *zone = version->zone != NULL ? version->zone
							 : contract->zone;

		take_sooner(next,
		    zone_instant(zone, wall_midnight(version->from),
			ZONE_FIRST),
		    now);
	}
}

Instant
duty_next_of_all(const Ruleset *ruleset, Instant now)
{
	const GPtrArray *contracts = ruleset_contracts(ruleset);
	Instant next = INSTANT_NONE;

	for (guint c = 0; c < contracts->len; c++) {
		const Contract *contract = contracts->pdata[c];
		g_autoptr(GArray) rows = duty_rows_at(ruleset, contract, now);

		for (guint i = 0; rows != NULL && i < rows->len; i++) {
			DutyPeriod period;

			if (duty_next(&g_array_index(rows, DutyRow, i), now,
				&period))
				take_sooner(&next, period.due, now);
		}
		take_versions(&next, contract, now);
	}
	return next;
}
