/* The terms of contracts: how long, renewed how, noticed by when. */
#include "guichet/rules/contract.h"

#include "guichet/base/names.h"

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

/* The last day on which notice ends the term that ends then. */
static Date
notice_day(const Contract *contract, Date end)
{
	return contract->notice.count == 0
	    ? end
	    : date_move(end + 1, contract->notice, -1) - 1;
}

/* How often it is renewed before the notice that was given ends it. */
static gint64
last_renewal(const Contract *contract)
{
	gint64 renewals = count_renewals(contract, contract->noticed);

	return contract->noticed >
		notice_day(contract, nth_end(contract, renewals))
	    ? renewals + 1
	    : renewals;
}

Date
contract_noticed_end(const Contract *contract)
{
	return nth_end(contract, last_renewal(contract));
}

ContractTerm
contract_term(const Contract *contract, Date today)
{
	ContractTerm term = { .has_end = contract->has_until };
	gint64 last;

	if (!contract->has_until)
		return term;
	term.renews = contract->term.count > 0;
	term.renewals = count_renewals(contract, today);
	if (term.renews && contract->has_noticed) {
		last = last_renewal(contract);
		term.is_noticed = true;
		term.renews = term.renewals < last;
		term.renewals = MIN(term.renewals, last);
	}
	term.end = nth_end(contract, term.renewals);
	term.over = term.end < today;
	if (contract->notice.count == 0 || !term.renews)
		return term;
	term.has_notice = true;
	term.notice_by = notice_day(contract, term.end);
	term.notice_passed = term.notice_by < today;
	return term;
}

#define PARTY_NAMES(X)     \
 X(PARTY_CLIENT, "client") \
 X(PARTY_US, "us")
NAME_TABLE(parties, PARTY_NAMES, PARTY_COUNT);

const char *
contract_party_name(ContractParty party)
{
	return names_word(&parties, party);
}

bool
contract_party_parse(const char *name, ContractParty *ret_party)
{
	int value = names_find(&parties, name);

	if (value < 0)
		return false;
	*ret_party = (ContractParty)value;
	return true;
}

void
contract_note_notice(Contract *contract, const Date *given, ContractParty by)
{
	contract->has_noticed = given != NULL;
	contract->noticed = given != NULL ? *given : 0;
	contract->noticed_by = by;
}

int
contract_term_days(const Contract *contract, const ContractTerm *term)
{
	const ContractVersion *first = contract->versions->len > 0
	    ? contract->versions->pdata[0]
	    : NULL;

	if (contract->term.count > 0)
		return term->end - nth_end(contract, term->renewals - 1);
	return first != NULL ? term->end - first->from + 1 : 0;
}

#define CONTRACT_LIVES(X)           \
 X(CONTRACT_IN_FORCE, "in-force")   \
 X(CONTRACT_NOT_BEGUN, "not-begun") \
 X(CONTRACT_OVER, "over")
NAME_TABLE(lives, CONTRACT_LIVES, CONTRACT_LIFE_COUNT);

const char *
contract_life_name(ContractLife life)
{
	return names_word(&lives, life);
}

ContractLife
contract_life(const Contract *contract, Instant at, Date *ret_date)
{
	const ContractVersion *first;
	ContractTerm term;
	Date date = 0;
	ContractLife life = CONTRACT_IN_FORCE;

	if (contract_version(contract, at) == NULL) {
		life = CONTRACT_NOT_BEGUN;
		first = contract->versions->len > 0
		    ? contract->versions->pdata[0]
		    : NULL;
		date = first != NULL ? first->from : 0;
	} else {
		term = contract_term(contract,
		    wall_date(zone_wall(contract_zone(contract, at), at)));
		if (term.over) {
			life = CONTRACT_OVER;
			date = term.end;
		}
	}
	if (ret_date != NULL && life != CONTRACT_IN_FORCE)
		*ret_date = date;
	return life;
}

const Zone *
contract_zone(const Contract *contract, Instant at)
{
	const ContractVersion *version = contract_version(contract, at);

	return version != NULL && version->zone != NULL ? version->zone
							: contract->zone;
}
