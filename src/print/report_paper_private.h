/*
 * report_paper_private: the parts of a report in words.
 */
#ifndef GUICHET_REPORT_PAPER_PRIVATE_H
#define GUICHET_REPORT_PAPER_PRIVATE_H

#include "guichet/print/report_paper.h"
#include "guichet/ticket/sla.h"

typedef enum {
	REPORT_LINE,
	REPORT_LINE_DETAIL, /* of the line above */
	REPORT_LINE_LATE,   /* the same, of what was not kept */
} ReportLine;

Values *report_paper_section(Values *values, const char *title);
void report_paper_add(Values *section, ReportLine kind, char *take_line);

/* On the client's wall; "-" of INSTANT_NONE. The caller frees. */
char *report_paper_when(const ReportPaper *paper, Instant at);
const char *report_paper_verdict(ReportVerdict verdict, const char *language);

/* What a row of the ledger is. */
const char *report_words_rule(LedgerRule rule, const char *language);

/* What stands before a value: ": " and " : ". */
const char *report_words_colon(const char *language);
/* "12 h", "2 h 5 min". The caller frees. */
char *report_paper_span(Seconds span, const char *language);

/* Lines of one ticket. */
void report_paper_ticket(const ReportPaper *paper, Values *section,
    const ReportTicket *ticket);

/* Sections, where there is something to say. */
void report_paper_penalties(const ReportPaper *paper, Values *values);
void report_paper_hours(const ReportPaper *paper, Values *values);
void report_paper_availability(const ReportPaper *paper, Values *values);

/* What the page draws: `plots`, each with its bars and a text of the same. */
void report_plots_add(const ReportPaper *paper, Values *values);

#endif
