/*
 * ledger: the minutes and cents of one contract (doc/domain.md 6).
 *
 * Pure: what was worked and what was bought in, rows out. The rows are kept
 * append-only; when what they stood on changes, ledger_reconcile() says which
 * are reversed and which take their place, so that the kept rows that are not
 * reversed are at any moment those of a fresh computation.
 *
 * Work is taken in order from what its ticket's minimum has paid already, what
 * is included in the local month, the package that ends first, and what is
 * billed; where nothing is billed the balance goes below zero, and the next
 * package pays that first.
 */
#ifndef GUICHET_LEDGER_H
#define GUICHET_LEDGER_H

#include "guichet/rules/hours.h"

typedef enum {
	LEDGER_CREDIT,      /* a package was bought, or given */
	LEDGER_PAID,        /* worked within a minimum that was billed */
	LEDGER_INCLUDED,    /* of what the month includes */
	LEDGER_PACKAGE,     /* of a package */
	LEDGER_OVERDRAWN,   /* below zero: no package was left */
	LEDGER_SETTLED,     /* of a later package, for what was overdrawn */
	LEDGER_LAPSED,      /* a package ended before it was used */
	LEDGER_BILLED,      /* at the plan's rate */
	LEDGER_MINIMUM,     /* billed besides: a ticket's minimum */
	LEDGER_NOT_DEBITED, /* by the plan's table, or no rate fits */
	LEDGER_NOT_HANDLED, /* by the plan's table it is not its work */
	LEDGER_WAIVED,      /* a person took the debit back */
	LEDGER_PENALTY,     /* of a month with a missed guarantee */
	LEDGER_RULE_COUNT,
} LedgerRule;

/* "credit", "not-debited". */
const char *ledger_rule_name(LedgerRule rule);
bool ledger_rule_parse(const char *name, LedgerRule *ret_rule);

/* One entry of a worklog, with what it costs. Strings are interned. */
typedef struct {
	gint64 ticket, event, mail; /* `event`: its seq */
	Instant at;                 /* when it was told */
	Date month;                 /* first day of the local month of `at` */
	Minutes minutes;            /* as told, above 0 */
	Debit debit;
	bool is_waived;
	const char *plan; /* whose slice and rate */
	const char *included_by;
	Minutes slice, included; /* `included`: of the whole month */
	bool prepaid, billed;    /* `billed`: a rate fits */
	Cents price;             /* of a slice */
	Minutes minimum;         /* of the ticket; 0: none */
	const char *currency;    /* "" */
} LedgerWork;

/* A package. Strings are interned. */
typedef struct {
	gint64 order; /* what ordered it: its number; below 0: nobody did, it is
		       * the penalty of a month */
	gint64 ticket; /* whose breach brought it; 0: none */
	Instant at;
	Instant until; /* from then on it is worth nothing; INSTANT_NONE */
	Minutes minutes;
	Cents amount; /* what it costs */
	const char *plan, *currency;
} LedgerCredit;

/* A guarantee that was missed. Strings are interned. */
typedef struct {
	gint64 ticket;
	Milestone milestone;
	Instant at;       /* until when it was guaranteed */
	Date month;       /* first day of the local month of `at` */
	const char *plan; /* whose hours it brings, or whose fee back */
	Minutes minutes;  /* of hours; 0 */
	Cents amount;     /* of money, below 0; 0 */
	const char *currency;
	Instant known; /* since when it is kept; 0: it is not */
} LedgerBreach;

typedef struct {
	const GArray *works;    /* LedgerWork, in any order */
	const GArray *credits;  /* LedgerCredit, those that were taken back
				 * left out */
	const GArray *breaches; /* LedgerBreach, in any order; NULL: none */
} LedgerFacts;

typedef struct {
	gint64 id;       /* 0: not kept */
	gint64 reverses; /* the row that it takes back; 0 */
	Instant at;
	Instant booked; /* in whose month it stands in a statement */
	gint64 ticket, event, mail; /* 0: of an order */
	gint64 order;               /* 0: of a ticket */
	gint64 package; /* the order of the package it changes; 0: none */
	LedgerRule rule;
	const char *plan;
	Minutes counted; /* as rounded; 0 of what is no work */
	Minutes balance; /* how the prepaid balance changes */
	gint64 quantity; /* of `unit` minutes each, at `price` */
	Minutes unit;
	Cents price, amount;
	const char *currency;
} LedgerRow;

/* LedgerCredit: those of `facts`, and the penalty of each month that has a
 * breach which brings one, of the first of them: once a month. The caller
 * unrefs. */
GArray *ledger_credits(const LedgerFacts *facts);

/* LedgerRow, in order of their instants; what lapses later than `now` is not
 * there yet. The caller unrefs. */
GArray *ledger_compute(const LedgerFacts *facts, Instant now);

/*
 * What is to be appended to `kept` (all rows, in order of their ids) so that
 * what is not reversed is `wanted`: reversals, then new rows. What is dated
 * before `month`, the first instant of the month of `now`, is booked as of
 * `now`: a statement that was read does not change. Only a ledger without any
 * row books everything where it happened.
 */
GArray *ledger_reconcile(const GArray *kept, const GArray *wanted, Instant now,
    Instant month);

/* The row as a line that tells all but ids and bookings, for comparison and
 * tests. The caller frees. */
char *ledger_row_describe(const LedgerRow *row);

/* What all rows come to. */
typedef struct {
	Minutes balance;
	Minutes counted;
	Cents amount;
} LedgerSum;

LedgerSum ledger_sum(const GArray *rows);

/* What is left of each package that is not used up, by its end: the caller
 * unrefs. */
typedef struct {
	gint64 order;
	Instant until;
	Minutes left;
} LedgerLeft;

GArray *ledger_left(const GArray *rows, const LedgerFacts *facts);

/* Minutes of the month's that were used, of that plan's. */
Minutes
ledger_included_used(const LedgerFacts *facts, const GArray *rows, Date month);

#endif
