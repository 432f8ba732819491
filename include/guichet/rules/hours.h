/*
 * hours: what work costs under a plan, as data (`terms.hours`, `terms.requests`
 * and `terms.fees` of a plan's file; doc/domain.md 6).
 *
 * Minutes and cents are integers; money excludes VAT. What the loader made is
 * immutable and borrowed from its Ruleset.
 */
#ifndef GUICHET_HOURS_H
#define GUICHET_HOURS_H

#include "guichet/rules/contract.h"

/* Where neither plan nor contract says how time is rounded. */
#define HOURS_SLICE 15

/* What a started slice costs. */
typedef struct {
	char *received_in; /* a calendar that was open then, or NULL: any */
	Cents amount;
	Minutes minimum; /* a ticket's, of what is billed at it; 0: none */
} HourRate;

/* Hours that are sold together. */
typedef struct {
	Minutes length;
	Cents amount; /* with has_amount: what they cost */
	bool has_amount;
} HourPackage;

/* A fee of so much where the field is at most `up_to`. */
typedef struct {
	gint64 up_to; /* G_MAXINT64: any */
	Cents amount;
} HourFeeStep;

typedef struct PlanHours {
	bool is_given;       /* the plan has `hours` */
	bool prepaid;        /* packages are bought and consumed */
	bool required;       /* no credit, no intervention */
	Minutes slice;       /* 0: not said here */
	bool slice_field;    /* the contract's field `slice` says */
	Duration validity;   /* of a package; count 0: for ever */
	bool validity_field; /* the contract's field `validity` says */
	Minutes included;    /* each local month, not carried over; 0 */
	char *included_per;  /* times this field of the contract, or NULL */
	GArray *rates;       /* HourRate: the first that fits */
	GArray *packages;    /* HourPackage; empty: any */
	char *onward;        /* the plan whose hours these are, or that takes
				* over from what is included; NULL */
	char **debited;      /* scopes or kinds, NULL: not named */
	char **not_debited;
	char **not_handled;
	bool has_fees;
	Cents fee;              /* a month, where no step says so */
	GArray *steps;          /* HourFeeStep, ascending */
	char *fee_per;          /* times this field, or NULL */
	char *fee_by;           /* the field that chooses the step, or NULL */
	int billed_every;       /* months */
	Minutes breach_credit;  /* of hours, each month with a missed guarantee;
				 * 0: none */
	char *breach_credit_to; /* the plan whose hours these are; NULL: its
				 * own */
	bool breach_refund;     /* that month's fee, in place of hours */
	bool in_advance;
	char *currency; /* of all its amounts, "" without any */
} PlanHours;

PlanHours *plan_hours_new(void);
void plan_hours_free(PlanHours *hours);

/* What is done with work of one kind. */
typedef enum {
	DEBIT_DEBITED,
	DEBIT_NOT_DEBITED,
	DEBIT_NOT_HANDLED, /* by the booklet it is not this plan's work */
	DEBIT_COUNT,
} Debit;

/* "debited", "not-debited", "not-handled". */
const char *debit_name(Debit debit);
bool debit_parse(const char *name, Debit *ret_debit);

/* The hours of a contract, through all plans that its own lead to. */
typedef struct {
	Terms terms;             /* of the plan that `hours` is of */
	const PlanHours *hours;  /* slice, packages and rates */
	const Plan *included_by; /* NULL: nothing is included */
	Minutes included;        /* in a local month, all servers together */
	Minutes slice;           /* at least 1 */
	Duration validity;       /* of a package; count 0: for ever */
} HourTerms;

/* False where the contract's plan has no hours. `terms` as of
 * ruleset_terms(). */
bool hour_terms(const Terms *terms, HourTerms *ret_hours);

/* The rate of what was received then; NULL: nothing is billed. */
const HourRate *hour_terms_rate(const HourTerms *hours, Instant received);

/* By the plan of `terms` itself: the scope where its table has it, else the
 * kind, else debited. */
Debit hours_debit(const Terms *terms, const Facts *facts);

/* `minutes` in whole slices, a started one counted. */
Minutes hours_round(Minutes minutes, Minutes slice);

/* The fee of a whole month under the plan of `terms`; false where it has none,
 * or the contract lacks the field that it hangs on. */
bool hours_fee(const Terms *terms, Cents *ret_fee);

/* What a month with a missed guarantee brings a contract's client. */
typedef struct {
	Minutes minutes;  /* of hours; 0 */
	Cents amount;     /* of money, below 0; 0 */
	const char *plan; /* whose hours, or whose fee */
	const char *currency;
} HourPenalty;

/* False where the plan of `terms` promises nothing, or the fee of the month is
 * not known. */
bool hours_penalty(const Terms *terms, HourPenalty *ret_penalty);

/* "12 h 10", "45 min", "-1 h 05"; "169.00 EUR". The caller frees. */
char *hours_format(Minutes minutes);
/* The same to a reader: in Dutch an hour is a "u". */
char *hours_tell(Minutes minutes, const char *language);
char *hours_money(Cents cents, const char *currency);

#endif
