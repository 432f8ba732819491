/* Contracts' days: which comes next, and when somebody is told. */
#include "guichet/desk/contract_dates.h"

#include "guichet/base/text.h"
#include "guichet/ticket/sla.h"

bool
contract_dates_next(const Contract *contract, Date today,
    ContractDate *ret_date)
{
	ContractTerm term = contract_term(contract, today);

	if (!term.has_end || term.over ||
	    (term.renews && (!term.has_notice || term.notice_passed)))
		return false;
	*ret_date = (ContractDate){
		.contract = contract,
		.is_notice = term.renews,
		.date = term.renews ? term.notice_by : term.end,
		.end = term.end,
	};
	ret_date->days = ret_date->date - today;
	return true;
}

/* Whether the day that lies so many before it is one of those. */
static bool
falls(const ContractDate *date, int before, Date since, Date today)
{
	Date day = date->date - before;

	return day > since && day <= today;
}

/* Of a short term, few days before are near enough to be told of. */
static bool
is_offered(const ContractDate *date, int before)
{
	ContractTerm term = { .end = date->end };

	term.renewals = contract_term(date->contract, date->end).renewals;
	return before * 2 < contract_term_days(date->contract, &term);
}

bool
contract_dates_is_told(const ContractDate *date, Date since, Date today)
{
	static const int before[] = { 90, 60, 30 };

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		if (is_offered(date, before[i]) &&
		    falls(date, before[i], since, today))
			return true;
	}
	return falls(date, 0, since, today);
}

bool
contract_dates_is_clients(const ContractDate *date, Date since, Date today)
{
	return date->contract->tells_client &&
	    falls(date, CONTRACT_DATES_CLIENT, since, today);
}

static char *
days_left(int days, const char *language)
{
	if (days == 0)
		return text_in(language, "aujourd'hui", "today");
	if (days == 1)
		return text_in(language, "demain", "tomorrow");
	return text_in(language, "dans %d jours", "in %d days", days);
}

char *
contract_dates_line(const ContractDate *date, const char *language)
{
	const Contract *contract = date->contract;
	g_autofree char *day = sla_date(date->date, language);
	g_autofree char *end = sla_date(date->end, language);
	g_autofree char *left = days_left(date->days, language);

	if (!date->is_notice)
		return text_in(language, "%s (%s)\n      se termine le %s, %s",
		    "%s (%s)\n      ends on %s, %s", contract->client,
		    contract->name, day, left);
	return text_in(language,
	    "%s (%s)\n      dernier jour de préavis le %s, %s\n"
	    "      sinon reconduit après le %s",
	    "%s (%s)\n      last day of notice %s, %s\n"
	    "      else renewed after %s",
	    contract->client, contract->name, day, left, end);
}
