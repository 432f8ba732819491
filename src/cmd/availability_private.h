/*
 * availability_private: from store and rules to what availability.h counts.
 *
 * All is as it was at the time: turns of alerts and their tickets from the
 * store, terms from the rules that were in force then (store_availability.h).
 */
#ifndef GUICHET_AVAILABILITY_PRIVATE_H
#define GUICHET_AVAILABILITY_PRIVATE_H

#include "guichet/cmd/context.h"
#include "guichet/ticket/availability.h"

/* What was asked. */
typedef struct {
	Instant from, to; /* INSTANT_NONE: the month of `year`, `month` */
	int year, month;
	const char *host; /* a pattern, or NULL: all */
	bool by_host;     /* a row for each, besides */
	Instant now;      /* nothing is known of what comes after */
} AvailabilityQuery;

/* One line of the answer. */
typedef struct {
	const Contract *contract;
	char *host; /* NULL: all together */
	const Zone *zone;
	Instant from, to;               /* `to` at most now */
	bool so_far;                    /* it was to be later */
	const AvailabilityTerms *terms; /* in force at its end */
	Availability *sums;
} AvailabilityRow;

void availability_row_free(AvailabilityRow *row);

/* What the rows borrow from. */
typedef struct AvailabilityBook AvailabilityBook;

AvailabilityBook *
availability_book_new(Context *context, const AvailabilityQuery *query);
void availability_book_free(AvailabilityBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AvailabilityBook, availability_book_free)

/* Adds the contract's rows, AvailabilityRow *; none if it promised nothing in
 * that time. */
bool availability_rows(AvailabilityBook *book, const Contract *contract,
    GPtrArray *rows, GError **error);

/* For people, and one JSON object a row. */
void availability_print(const AvailabilityRow *row);
void availability_print_table(const GPtrArray *rows);
void availability_print_json(const AvailabilityRow *row);

#endif
