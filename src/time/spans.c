/* Sets of time: union, both, minus. */
#include "guichet/time/spans.h"

GArray *
spans_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(Span));
}

void
spans_add(GArray *row, Instant from, Instant to)
{
	Span span = { from, to };

	if (from < to)
		g_array_append_val(row, span);
}

static gint
compare_spans(gconstpointer a, gconstpointer b)
{
	const Span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

void
spans_tidy(GArray *row)
{
	guint kept = 0;

	g_array_sort(row, compare_spans);
	for (guint i = 0; i < row->len; i++) {
		Span next = *span_at(row, i);
		Span *last = kept == 0 ? NULL
				       : &g_array_index(row, Span, kept - 1);

		if (last != NULL && next.from <= last->to)
			last->to = MAX(last->to, next.to);
		else
			g_array_index(row, Span, kept++) = next;
	}
	g_array_set_size(row, kept);
}

GArray *
spans_union(const GArray *a, const GArray *b)
{
	GArray *all = spans_new();

	g_array_append_vals(all, a->data, a->len);
	g_array_append_vals(all, b->data, b->len);
	spans_tidy(all);
	return all;
}

GArray *
spans_both(const GArray *a, const GArray *b)
{
	GArray *both = spans_new();
	guint i = 0, j = 0;

	while (i < a->len && j < b->len) {
		const Span *x = span_at(a, i), *y = span_at(b, j);

		spans_add(both, MAX(x->from, y->from), MIN(x->to, y->to));
		if (x->to <= y->to)
			i++;
		else
			j++;
	}
	return both;
}

GArray *
spans_minus(const GArray *a, const GArray *b)
{
	GArray *rest = spans_new();
	guint j = 0;

	for (guint i = 0; i < a->len; i++) {
		const Span *x = span_at(a, i);
		Instant from = x->from;

		/* One of `b` may reach into the next of `a`, too. */
		while (j < b->len && span_at(b, j)->to <= from)
			j++;
		for (guint k = j; k < b->len && span_at(b, k)->from < x->to;
		     k++) {
			spans_add(rest, from, span_at(b, k)->from);
			from = span_at(b, k)->to;
		}
		spans_add(rest, from, x->to);
	}
	return rest;
}

GArray *
spans_within(const GArray *row, Instant from, Instant to)
{
	g_autoptr(GArray) frame = spans_new();

	spans_add(frame, from, to);
	return spans_both(row, frame);
}

Seconds
spans_seconds(const GArray *row)
{
	Seconds sum = 0;

	for (guint i = 0; i < row->len; i++)
		sum += span_at(row, i)->to - span_at(row, i)->from;
	return sum;
}
