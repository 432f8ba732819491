/*
 * report_gather_private: from store and rules to what report_paper.h tells.
 *
 * Clocks are those of the ticket's own rules, rows those of the ledger,
 * availability that of `guichet availability`: nothing is counted twice.
 */
#ifndef GUICHET_REPORT_GATHER_PRIVATE_H
#define GUICHET_REPORT_GATHER_PRIVATE_H

#include "availability_private.h"
#include "ledger_month_private.h"

#include "guichet/print/report_paper.h"

/* A report and what it borrows from. */
typedef struct {
	ReportPaper paper;
	LedgerMonth ledger;
	AvailabilityQuery query;
	AvailabilityBook *availability;
	GPtrArray *rows; /* AvailabilityRow * */
} ReportBook;

/* Fills in the paper of its `contract`. False with *error NULL after it has said
 * that `month` is none. */
bool report_gather(ReportBook *book, Context *context, const char *month,
    Instant now, GError **error);

void report_book_clear(ReportBook *book);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportBook, report_book_clear)

#endif
