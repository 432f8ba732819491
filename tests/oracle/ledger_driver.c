/*
 * Answers the months of ledger_run.py: lines as ledger-fixture.h has them, a
 * line "= INSTANT" behind each month, which is then computed as of that
 * instant. Prints what each entry, package and rule comes to.
 */
#include "../unit/ledger-fixture.h"

static void
print_rows(const Book *book, Instant now)
{
	g_autoptr(GArray) rows = ledger_compute(&book->facts, now);
	const LedgerSum sum = ledger_sum(rows);

	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = &g_array_index(rows, LedgerRow, i);

		printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT
		       " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
		       " %" G_GINT64_FORMAT "\n",
		    row->event != 0 ? row->event : -row->order,
		    ledger_rule_name(row->rule), row->package, row->counted,
		    row->balance, row->amount);
	}
	printf("= %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
	       "\n",
	    sum.balance, sum.counted, sum.amount);
}

int
main(void)
{
	GString *month = g_string_new(NULL);
	char line[512];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		Book book;

		if (*line != '=') {
			g_string_append(month, line);
			continue;
		}
		book_init(&book);
		book_read(&book, month->str);
		print_rows(&book, book_instant(g_strstrip(line + 1)));
		book_clear(&book);
		g_string_truncate(month, 0);
	}
	g_string_free(month, TRUE);
	return 0;
}
