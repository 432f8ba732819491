/* Kept rows against those of a fresh computation, and what they come to. */
#include "guichet/ledger/ledger.h"

#include <string.h>

char *
ledger_row_describe(const LedgerRow *row)
{
	g_autofree char *at = instant_format(row->at);
	GString *line = g_string_new(NULL);

	g_string_append_printf(line,
	    "%s %s ticket=%" G_GINT64_FORMAT " event=%" G_GINT64_FORMAT
	    " mail=%" G_GINT64_FORMAT " order=%" G_GINT64_FORMAT
	    " package=%" G_GINT64_FORMAT " plan=%s counted=%" G_GINT64_FORMAT
	    " balance=%" G_GINT64_FORMAT,
	    at, ledger_rule_name(row->rule), row->ticket, row->event, row->mail,
	    row->order, row->package, row->plan, row->counted, row->balance);
	if (row->quantity != 0)
		g_string_append_printf(line,
		    " quantity=%" G_GINT64_FORMAT " unit=%" G_GINT64_FORMAT
		    " price=%" G_GINT64_FORMAT " amount=%" G_GINT64_FORMAT
		    " %s",
		    row->quantity, row->unit, row->price, row->amount,
		    row->currency);
	return g_string_free(line, FALSE);
}

LedgerSum
ledger_sum(const GArray *rows)
{
	LedgerSum sum = { 0 };

	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = &g_array_index(rows, LedgerRow, i);

		sum.balance += row->balance;
		sum.counted += row->counted;
		sum.amount += row->amount;
	}
	return sum;
}

/* ---- what is appended ---- */

/* The kept rows that stand, in order; the others are pairs. */
static GPtrArray *
standing(const GArray *kept)
{
	g_autoptr(GHashTable) reversed = g_hash_table_new(g_int64_hash,
	    g_int64_equal);
	GPtrArray *rows = g_ptr_array_new();

	for (guint i = 0; i < kept->len; i++) {
		LedgerRow *row = &g_array_index(kept, LedgerRow, i);

		if (row->reverses != 0)
			g_hash_table_add(reversed, &row->reverses);
	}
	for (guint i = 0; i < kept->len; i++) {
		LedgerRow *row = &g_array_index(kept, LedgerRow, i);

		if (row->reverses == 0 &&
		    !g_hash_table_contains(reversed, &row->id))
			g_ptr_array_add(rows, row);
	}
	return rows;
}

static LedgerRow
reversal(const LedgerRow *row, Instant now)
{
	LedgerRow back = *row;

	back.id = 0;
	back.reverses = row->id;
	back.booked = now;
	back.counted = -row->counted;
	back.balance = -row->balance;
	back.quantity = -row->quantity;
	back.amount = -row->amount;
	return back;
}

/* How many of `rows` are like each: text to a count. */
static GHashTable *
count_rows(const GArray *rows)
{
	GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, NULL);

	for (guint i = 0; i < rows->len; i++) {
		char *key = ledger_row_describe(
		    &g_array_index(rows, LedgerRow, i));
		guint count = GPOINTER_TO_UINT(
		    g_hash_table_lookup(counts, key));

		g_hash_table_insert(counts, key, GUINT_TO_POINTER(count + 1));
	}
	return counts;
}

/* Takes one like it; false if there is none. */
static bool
take_like(GHashTable *counts, const LedgerRow *row)
{
	g_autofree char *key = ledger_row_describe(row);
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

	if (count == 0)
		return false;
	g_hash_table_insert(counts, g_steal_pointer(&key),
	    GUINT_TO_POINTER(count - 1));
	return true;
}

GArray *
ledger_reconcile(const GArray *kept, const GArray *wanted, Instant now,
    Instant month)
{
	GArray *appended = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	g_autoptr(GArray) stay = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	g_autoptr(GHashTable) missing = count_rows(wanted);
	g_autoptr(GPtrArray) rows = standing(kept);
	g_autoptr(GHashTable) there = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = rows->pdata[i];
		LedgerRow back = reversal(row, now);

		if (take_like(missing, row))
			g_array_append_vals(stay, row, 1);
		else
			g_array_append_val(appended, back);
	}
	there = count_rows(stay);
	for (guint i = 0; i < wanted->len; i++) {
		LedgerRow row = g_array_index(wanted, LedgerRow, i);

		if (take_like(there, &row))
			continue;
		row.booked = kept->len > 0 && row.at < month ? now : row.at;
		g_array_append_val(appended, row);
	}
	return appended;
}

/* ---- what is left ---- */

static gint
compare_left(gconstpointer a, gconstpointer b)
{
	const LedgerLeft *x = a, *y = b;

	if (x->until != y->until) {
		if (x->until == INSTANT_NONE || y->until == INSTANT_NONE)
			return x->until == INSTANT_NONE ? 1 : -1;
		return x->until < y->until ? -1 : 1;
	}
	return x->order < y->order ? -1 : x->order > y->order;
}

GArray *
ledger_left(const GArray *rows, const LedgerFacts *facts)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(LedgerLeft));
	g_autoptr(GArray) credits = ledger_credits(facts);

	for (guint i = 0; i < credits->len; i++) {
		const LedgerCredit *credit = &g_array_index(credits,
		    LedgerCredit, i);
		LedgerLeft one = { credit->order, credit->until, 0 };

		for (guint j = 0; j < rows->len; j++) {
			const LedgerRow *row = &g_array_index(rows, LedgerRow,
			    j);

			if (row->package == credit->order)
				one.left += row->balance;
		}
		if (one.left != 0)
			g_array_append_val(all, one);
	}
	g_array_sort(all, compare_left);
	return all;
}

Minutes
ledger_included_used(const LedgerFacts *facts, const GArray *rows, Date month)
{
	g_autoptr(GHashTable) events = g_hash_table_new(g_int64_hash,
	    g_int64_equal);
	Minutes used = 0;

	for (guint i = 0; i < facts->works->len; i++) {
		LedgerWork *work = &g_array_index(facts->works, LedgerWork, i);

		if (work->month == month)
			g_hash_table_add(events, &work->event);
	}
	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = &g_array_index(rows, LedgerRow, i);

		if (row->rule == LEDGER_INCLUDED &&
		    g_hash_table_contains(events, &row->event))
			used += row->counted;
	}
	return used;
}
