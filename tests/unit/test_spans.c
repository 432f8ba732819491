#include "guichet/time/spans.h"

#include <stdio.h>

static GArray *
row_of(const char *text)
{
	GArray *row = spans_new();
	int from, to, length;

	while (sscanf(text, " %d-%d%n", &from, &to, &length) == 2) {
		spans_add(row, from, to);
		text += length;
	}
	spans_tidy(row);
	return row;
}

static char *
row_text(GArray *take_row)
{
	g_autoptr(GArray) row = take_row;
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < row->len; i++)
		g_string_append_printf(text, "%s%d-%d", i > 0 ? " " : "",
		    (int)span_at(row, i)->from, (int)span_at(row, i)->to);
	return g_string_free(text, FALSE);
}

static void
test_spans(void)
{
	static const struct {
		const char *a, *b, *either, *both, *minus;
	} cases[] = {
		{ "", "", "", "", "" },
		{ "1-5", "", "1-5", "", "1-5" },
		{ "", "1-5", "1-5", "", "" },
		{ "1-5", "5-9", "1-9", "", "1-5" },
		{ "1-6", "5-9", "1-9", "5-6", "1-5" },
		{ "1-9", "3-4 6-7", "1-9", "3-4 6-7", "1-3 4-6 7-9" },
		{ "3-4 6-7", "1-9", "1-9", "3-4 6-7", "" },
		{ "1-3 5-8", "2-6", "1-8", "2-3 5-6", "1-2 6-8" },
		{ "5-8 1-3 2-4", "8-9 0-1", "0-4 5-9", "", "1-4 5-8" },
		{ "1-2 3-4 5-6", "0-10", "0-10", "1-2 3-4 5-6", "" },
		{ "4-4 7-5", "1-2", "1-2", "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GArray) a = row_of(cases[i].a);
		g_autoptr(GArray) b = row_of(cases[i].b);
		g_autofree char *either = row_text(spans_union(a, b));
		g_autofree char *both = row_text(spans_both(a, b));
		g_autofree char *minus = row_text(spans_minus(a, b));

		g_assert_cmpstr(either, ==, cases[i].either);
		g_assert_cmpstr(both, ==, cases[i].both);
		g_assert_cmpstr(minus, ==, cases[i].minus);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spans/sets", test_spans);
	return g_test_run();
}
