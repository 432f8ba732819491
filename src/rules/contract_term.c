/* The terms of contracts: how long, renewed how, noticed by when. */
#include "guichet/rules/contract.h"

#define MOST_RENEWALS 100000 /* daily, for longer than any contract */

/* So many days or months after a date, or before it if negative; the day of
 * the month is clamped to the month's end. */
static Date
date_move(Date date, Duration by, gint64 times)
{
	int year, month, day;
	gint64 months;

	if (by.unit != DURATION_MONTHS)
		return (Date)(date + by.count * times);
	date_split(date, &year, &month, &day);
	months = (gint64)year * 12 + month - 1 + by.count * times;
	year = (int)(months / 12);
	month = (int)(months % 12) + 1;
	return date_of(year, month, MIN(day, date_month_days(year, month)));
}

/* A term is counted from the day after the last one's end, so that months end
 * where months end. */
static Date
nth_end(const Contract *contract, gint64 renewals)
{
	return date_move(contract->until + 1, contract->term, renewals) - 1;
}

/* How often it was renewed up to that day. */
static gint64
count_renewals(const Contract *contract, Date today)
{
	gint64 low = 0, high = MOST_RENEWALS;

	if (contract->term.count == 0)
		return 0;
	while (low < high) {
		gint64 middle = low + (high - low) / 2;

		if (nth_end(contract, middle) >= today)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

ContractTerm
contract_term(const Contract *contract, Date today)
{
	ContractTerm term = { .has_end = contract->has_until };

	if (!contract->has_until)
		return term;
	term.renews = contract->term.count > 0;
	term.renewals = count_renewals(contract, today);
	term.end = nth_end(contract, term.renewals);
	term.over = term.end < today;
	if (contract->notice.count == 0 || !term.renews)
		return term;
	term.has_notice = true;
	term.notice_by = date_move(term.end + 1, contract->notice, -1) - 1;
	term.notice_passed = term.notice_by < today;
	return term;
}

const Zone *
contract_zone(const Contract *contract, Instant at)
{
	const ContractVersion *version = contract_version(contract, at);

	return version != NULL && version->zone != NULL ? version->zone
							: contract->zone;
}
