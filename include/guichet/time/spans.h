/*
 * spans: sets of time, as rows of half-open stretches [from, to).
 *
 * A row is a GArray of Span, ascending, none empty, none touching the next:
 * spans_tidy() makes it so of any, and every function here wants and gives
 * such rows. Results are the caller's.
 */
#ifndef GUICHET_SPANS_H
#define GUICHET_SPANS_H

#include "guichet/base/base.h"

typedef struct {
	Instant from, to;
} Span;

GArray *spans_new(void);

/* Appends one as it is, but an empty one: tidy the row before it is used. */
void spans_add(GArray *row, Instant from, Instant to);
/* Sorts, and joins what overlaps or touches. */
void spans_tidy(GArray *row);

/* What is in either, in both, in `a` but not in `b`. */
GArray *spans_union(const GArray *a, const GArray *b);
GArray *spans_both(const GArray *a, const GArray *b);
GArray *spans_minus(const GArray *a, const GArray *b);

/* What of the row lies in [from, to). */
GArray *spans_within(const GArray *row, Instant from, Instant to);

Seconds spans_seconds(const GArray *row);

/* Of any array of spans. */
static inline const Span *
span_at(const GArray *row, guint i)
{
	return &g_array_index(row, Span, i);
}

#endif
