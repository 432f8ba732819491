/*
 * report_paper: the report of a contract's month, put into words and into JSON.
 *
 * The facts are those of report.h and of the rooms that count them; nothing is
 * computed here. Words are the contract's language's, or the one asked for.
 */
#ifndef GUICHET_REPORT_PAPER_H
#define GUICHET_REPORT_PAPER_H

#include "guichet/report/report.h"
#include "guichet/rules/ruleset.h"

#include <jansson.h>

typedef struct {
	const Ruleset *ruleset;
	const Contract *contract;
	const char *language;
	ReportMonth month;
	Terms terms;        /* at its end; `plan` NULL: not in force then */
	GPtrArray *tickets; /* ReportTicket *, by number */
	ReportCounts counts;

	ReportHours *hours;
	GArray *penalties, *taken; /* ReportPenalty; LedgerRow */
	bool has_hours;
	HourTerms hour_terms;
	Minutes included_used;
	GArray *left; /* LedgerLeft: packages, at the end of the month */

	const Availability *availability; /* NULL: none is promised */
	const AvailabilityTerms *availability_terms;
} ReportPaper;

/* What paper and page name, under the variables of the answer `report`. The
 * caller frees. */
Values *report_paper_values(const ReportPaper *paper);
/* The text for a terminal or a mail: at most 80 columns. The caller frees. */
char *report_paper_text(const ReportPaper *paper);
/* One page that needs nothing else. The caller frees. */
char *report_paper_page(const ReportPaper *paper);
json_t *report_paper_json(const ReportPaper *paper);

#endif
