/* What a month's report is made from, looked up in the store and the rules. */
#include "report_gather_private.h"

#include "guichet/base/error.h"
#include "guichet/ledger/ledger_work.h"
#include "guichet/order/command.h"
#include "guichet/work/work.h"

#include <string.h>

void
report_book_clear(ReportBook *book)
{
	ReportPaper *paper = &book->paper;

	g_clear_pointer(&paper->tickets, g_ptr_array_unref);
	g_clear_pointer(&paper->hours, report_hours_free);
	g_clear_pointer(&paper->penalties, g_array_unref);
	g_clear_pointer(&paper->taken, g_array_unref);
	g_clear_pointer(&paper->left, g_array_unref);
	g_clear_pointer(&book->rows, g_ptr_array_unref);
	availability_book_free(book->availability);
	ledger_month_clear(&book->ledger);
}

/* ---- tickets ---- */

/* What stands behind "#debrief"; all of a note that orders nothing, as the
 * command line writes it. What else a technician's mail says stays inside. */
static char *
debrief_words(const char *text)
{
	g_autoptr(CommandList) list = command_parse(text, "en");

	for (guint i = 0; i < list->commands->len; i++) {
		const Command *command = list->commands->pdata[i];

		if (command->order == ORDER_DEBRIEF)
			return g_strdup(command->argument);
	}
	return list->commands->len == 0 && list->errors->len == 0
	    ? g_strdup(text)
	    : g_strdup("");
}

static bool
read_debriefs(const Context *context, ReportTicket *ticket, GError **error)
{
	g_autoptr(GPtrArray) entries = NULL;

	if (ticket->debriefs->len == 0)
		return true;
	entries = store_entries(context->store, ticket->number, error);
	for (guint i = 0; entries != NULL && i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];

		for (guint k = 0; k < ticket->debriefs->len; k++) {
			ReportDebrief *debrief =
			    &g_array_index(ticket->debriefs, ReportDebrief, k);

			if (entry->mail == 0 || entry->mail != debrief->mail)
				continue;
			g_free(debrief->text);
			debrief->text = debrief_words(entry->text);
		}
	}
	return entries != NULL;
}

static bool
read_ticket(const Context *context, ReportPaper *paper, const QueueRow *row,
    GError **error)
{
	g_autoptr(GPtrArray) events = store_events(context->store, row->number,
	    error);
	g_autoptr(GPtrArray) known = NULL;
	g_autoptr(GArray) turns = NULL;
	g_autoptr(TicketView) view = NULL;
	g_autoptr(ReportTicket) ticket = NULL;
	Ticket *folded;

	if (events == NULL)
		return false;
	folded = report_fold(row->number, events, paper->month.to, &turns,
	    &known);
	if (folded == NULL)
		return true;
	view = view_new(context->intake, folded, error);
	if (view == NULL)
		return false;
	ticket_view_run(view, paper->month.to);
	ticket = report_ticket(view, known, turns, &paper->month);
	if (ticket == NULL)
		return true;
	ticket->subject = g_strdup(row->subject != NULL ? row->subject : "");
	if (!read_debriefs(context, ticket, error))
		return false;
	g_ptr_array_add(paper->tickets, g_steal_pointer(&ticket));
	return true;
}

static bool
read_tickets(const Context *context, ReportPaper *paper, GError **error)
{
	const Span month = { paper->month.from, paper->month.to };
	g_autoptr(GPtrArray) rows = store_queue_of_contract(context->store,
	    paper->contract->name, month, error);

	if (rows == NULL)
		return false;
	paper->tickets = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)report_ticket_free);
	for (guint i = 0; i < rows->len; i++) {
		if (!read_ticket(context, paper, rows->pdata[i], error))
			return false;
	}
	paper->counts = report_counts(paper->tickets);
	return true;
}

/* ---- hours, availability ---- */

static bool
read_hours(const Context *context, ReportBook *book, Instant now,
    GError **error)
{
	ReportPaper *paper = &book->paper;
	g_autoptr(GArray) then = NULL;
	const LedgerFacts *facts;

	if (!ledger_month_read(&book->ledger, context, now, error))
		return false;
	facts = &book->ledger.book->facts;
	paper->hours = report_hours(book->ledger.all, &paper->month);
	paper->penalties = report_penalties(facts->breaches, book->ledger.all,
	    &paper->month);
	paper->taken = report_taken_back(paper->hours);
	paper->has_hours = paper->terms.plan != NULL &&
	    hour_terms(&paper->terms, &paper->hour_terms);
	then = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	for (guint i = 0; i < book->ledger.all->len; i++) {
		const LedgerRow *row = &g_array_index(book->ledger.all,
		    LedgerRow, i);

		if (row->booked < paper->month.to)
			g_array_append_vals(then, row, 1);
	}
	paper->left = ledger_left(then, facts);
	paper->included_used = ledger_included_used(facts, then,
	    paper->month.first);
	return true;
}

static bool
read_availability(Context *context, ReportBook *book, Instant now,
    GError **error)
{
	int day;
	const AvailabilityRow *row;

	book->query = (AvailabilityQuery){ .from = INSTANT_NONE, .now = now };
	date_split(book->paper.month.first, &book->query.year,
	    &book->query.month, &day);
	book->availability = availability_book_new(context, &book->query);
	book->rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)availability_row_free);
	if (!availability_rows(book->availability, book->paper.contract,
		book->rows, error))
		return false;
	if (book->rows->len == 0)
		return true;
	row = book->rows->pdata[0];
	book->paper.availability = row->sums;
	book->paper.availability_terms = row->terms;
	return true;
}

bool
report_gather(ReportBook *book, Context *context, const char *month,
    Instant now, GError **error)
{
	ReportPaper *paper = &book->paper;

	book->ledger.contract = paper->contract;
	if (!ledger_month_parse(&book->ledger, month, now))
		return false;
	paper->ruleset = context->ruleset;
	paper->month = report_month(book->ledger.zone, book->ledger.month, now);
	if (paper->month.to == paper->month.from) {
		g_set_error_literal(error, GUICHET_ERROR,
		    GUICHET_ERROR_PERMANENT, "that month has not begun yet");
		return false;
	}
	(void)ruleset_terms(context->ruleset, paper->contract,
	    paper->month.to - 1, &paper->terms);
	return read_tickets(context, paper, error) &&
	    read_hours(context, book, now, error) &&
	    read_availability(context, book, now, error);
}
