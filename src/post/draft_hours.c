/* What an answer says of the hours that were bought in advance. */
#include "guichet/post/draft.h"

#include "guichet/ledger/ledger.h"
#include "guichet/rules/hours.h"
#include "guichet/store/store_ledger.h"

static bool
tells_hours(SendKind send)
{
	return send == SEND_ACKNOWLEDGMENT || send == SEND_RESOLUTION ||
	    send == SEND_CONFIRMATION;
}

static bool
are_prepaid(const Intake *in, const Contract *contract, Instant now)
{
	HourTerms hours;
	Terms terms;

	return ruleset_terms(in->ruleset, contract, now, &terms) &&
	    hour_terms(&terms, &hours) && hours.hours->prepaid;
}

static void
add_ticket(ReplyHours *hours, const LedgerFacts *facts, const GArray *rows,
    gint64 ticket)
{
	for (guint i = 0; i < facts->works->len; i++) {
		const LedgerWork *work = &g_array_index(facts->works,
		    LedgerWork, i);

		if (work->ticket == ticket)
			hours->worked += work->minutes;
	}
	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = &g_array_index(rows, LedgerRow, i);

		if (row->ticket == ticket)
			hours->counted += row->counted;
	}
}

bool
draft_hours_find(Intake *in, const TicketView *view, SendKind send, Instant now,
    ReplyHours *ret_hours, GError **error)
{
	g_autoptr(LedgerBook) book = NULL;
	g_autoptr(GArray) rows = NULL;

	*ret_hours = (ReplyHours){ 0 };
	ret_hours->are_told = tells_hours(send) && view->contract != NULL &&
	    are_prepaid(in, view->contract, now);
	if (!ret_hours->are_told)
		return true;
	book = store_ledger_book(in->store, view->contract->name, error);
	if (book == NULL)
		return false;
	/* As a fresh computation says it: what has lapsed meanwhile is gone. */
	rows = ledger_compute(&book->facts, now);
	/* Who never bought any is told of none. */
	ret_hours->are_told = rows->len > 0;
	ret_hours->left = ledger_sum(rows).balance;
	add_ticket(ret_hours, &book->facts, rows, view->ticket->number);
	return true;
}
