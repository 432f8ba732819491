/*
 * contract_dates: the days of contracts that somebody must mind (doc/domain.md
 * 7): the last day of notice of one that is renewed, the end of one that is not.
 * They are told so many days before, and on the day. Pure.
 */
#ifndef GUICHET_CONTRACT_DATES_H
#define GUICHET_CONTRACT_DATES_H

#include "guichet/rules/contract.h"

/* The client is told of it once, so many days before. */
#define CONTRACT_DATES_CLIENT 30

typedef struct {
	const Contract *contract;
	bool is_notice; /* the last day of notice; else it ends */
	Date date, end; /* `end`: the last day of the term */
	int days;       /* until `date` */
} ContractDate;

/* The next of that day or later; false: there is none. */
bool contract_dates_next(const Contract *contract, Date today,
    ContractDate *ret_date);

/* Whether it is to be told on a day after `since`, up to today: 90, 60 or 30
 * days before (of those only what is shorter than half of the term), or on the
 * day. */
bool contract_dates_is_told(const ContractDate *date, Date since, Date today);
/* The same of the client. */
bool
contract_dates_is_clients(const ContractDate *date, Date since, Date today);

/* "Acier Vosges: last day of notice Thursday 31 December 2026 (in 30 days), else
 * renewed by 12 months", in two lines. The caller frees. */
char *contract_dates_line(const ContractDate *date, const char *language);

#endif
