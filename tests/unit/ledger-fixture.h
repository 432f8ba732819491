/*
 * ledger-fixture: what was worked and bought, from lines of words.
 *
 *	c ORDER INSTANT UNTIL|- MINUTES CENTS
 *	w TICKET EVENT INSTANT MINUTES SLICE,INCLUDED,PREPAID,PRICE,MINIMUM [WORD]
 *
 * PRICE - is none; WORD one of waived, not-debited, not-handled.
 */
#ifndef LEDGER_FIXTURE_H
#define LEDGER_FIXTURE_H

#include "guichet/ledger/ledger_work.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	GArray *works, *credits;
	LedgerFacts facts;
} Book;

static inline void
book_init(Book *book)
{
	book->works = g_array_new(FALSE, FALSE, sizeof(LedgerWork));
	book->credits = g_array_new(FALSE, FALSE, sizeof(LedgerCredit));
	book->facts = (LedgerFacts){ book->works, book->credits, NULL };
}

static inline void
book_clear(Book *book)
{
	g_array_unref(book->works);
	g_array_unref(book->credits);
}

static inline Instant
book_instant(const char *text)
{
	g_autoptr(GError) error = NULL;
	Instant at = INSTANT_NONE;

	if (strcmp(text, "-") == 0)
		return INSTANT_NONE;
	instant_parse(text, &at, &error);
	g_assert_no_error(error);
	return at;
}

static inline gint64
book_number(const char *text)
{
	return g_ascii_strtoll(text, NULL, 10);
}

static inline void
book_credit(Book *book, char *const *word)
{
	LedgerCredit credit = {
		.order = book_number(word[1]),
		.at = book_instant(word[2]),
		.until = book_instant(word[3]),
		.minutes = book_number(word[4]),
		.amount = book_number(word[5]),
		.plan = "p",
		.currency = "EUR",
	};

	g_array_append_val(book->credits, credit);
}

static inline void
book_work(Book *book, char *const *word)
{
	g_auto(GStrv) terms = g_strsplit(word[5], ",", -1);
	LedgerWork work = {
		.ticket = book_number(word[1]),
		.event = book_number(word[2]),
		.at = book_instant(word[3]),
		.minutes = book_number(word[4]),
		.slice = book_number(terms[0]),
		.included = book_number(terms[1]),
		.prepaid = *terms[2] == '1',
		.billed = *terms[3] != '-',
		.minimum = book_number(terms[4]),
		.plan = "p",
		.included_by = "i",
		.currency = "EUR",
	};

	if (work.billed)
		work.price = book_number(terms[3]);
	work.month = ledger_month(zone_get("Europe/Paris", NULL), work.at);
	work.is_waived = g_strcmp0(word[6], "waived") == 0;
	if (word[6] != NULL && !work.is_waived)
		g_assert_true(debit_parse(word[6], &work.debit));
	g_array_append_val(book->works, work);
}

static inline void
book_read(Book *book, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) word = g_strsplit(g_strstrip(lines[i]), " ", -1);

		if (word[0] != NULL && strcmp(word[0], "c") == 0)
			book_credit(book, word);
		else if (word[0] != NULL && strcmp(word[0], "w") == 0)
			book_work(book, word);
	}
}

#endif
