/* A month of a contract's ledger, as it is kept and as it is to be kept next. */
#include "ledger_month_private.h"

#include "guichet/ledger/ledger_work.h"

#include <stdio.h>
#include <string.h>

void
ledger_month_clear(LedgerMonth *s)
{
	ledger_book_free(s->book);
	g_clear_pointer(&s->all, g_array_unref);
	g_clear_pointer(&s->rows, g_array_unref);
}

bool
ledger_month_parse(LedgerMonth *s, const char *text, Instant now)
{
	g_autofree char *day = NULL;

	s->zone = contract_zone(s->contract, now);
	s->month = ledger_month(s->zone, now);
	if (text != NULL) {
		day = g_strdup_printf("%s-01", text);
		if (strlen(text) != 7 || !date_parse(day, &s->month)) {
			fprintf(stderr,
			    "guichet: '%s' is no month; write 2026-11\n", text);
			return false;
		}
	}
	s->from = zone_instant(s->zone, wall_midnight(s->month), ZONE_FIRST);
	s->to = zone_instant(s->zone,
	    wall_midnight(ledger_next_month(s->month)), ZONE_FIRST);
	return true;
}

bool
ledger_month_read(LedgerMonth *s, const Context *context, Instant now,
    GError **error)
{
	g_autoptr(GArray) wanted = NULL, more = NULL;

	s->book = store_ledger_book(context->store, s->contract->name, error);
	if (s->book == NULL)
		return false;
	wanted = ledger_compute(&s->book->facts, now);
	more = ledger_reconcile(s->book->rows, wanted, now,
	    ledger_month_begins(s->zone, now));
	s->all = g_array_copy(s->book->rows);
	g_array_append_vals(s->all, more->data, more->len);
	s->rows = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	for (guint i = 0; i < s->all->len; i++) {
		const LedgerRow *row = &g_array_index(s->all, LedgerRow, i);

		if (row->booked >= s->from && row->booked < s->to)
			g_array_append_vals(s->rows, row, 1);
	}
	return true;
}

Minutes
ledger_month_balance(const LedgerMonth *s, Instant at)
{
	Minutes balance = 0;

	for (guint i = 0; i < s->all->len; i++) {
		const LedgerRow *row = &g_array_index(s->all, LedgerRow, i);

		if (row->booked < at)
			balance += row->balance;
	}
	return balance;
}

const char *
ledger_month_reference(const LedgerMonth *s, const LedgerRow *row)
{
	for (guint i = 0; i < s->book->orders->len; i++) {
		const LedgerOrder *order = s->book->orders->pdata[i];

		if (row->rule == LEDGER_CREDIT && order->target == row->order)
			return order->reference;
	}
	return "";
}
