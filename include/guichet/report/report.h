/*
 * report: what the report of a contract's month says of its tickets, its hours
 * and its availability (doc/domain.md 13).
 *
 * Pure. Nothing is computed here that another room computes: clocks, rows of the
 * ledger and outages come in, and are placed in the month.
 *
 * A month is told as it stood at its end, or as of now while it lasts: events of
 * later instants are left out, so that a report that was read stays as it is.
 * What was corrected later stands in the month in which it was. Only what was
 * undone, as if it had never been, is in none.
 */
#ifndef GUICHET_REPORT_H
#define GUICHET_REPORT_H

#include "guichet/ledger/ledger.h"
#include "guichet/ticket/availability.h"
#include "guichet/ticket/ticket_view.h"
#include "guichet/ticket/told_history.h"

typedef struct {
	Date first, next; /* its first day, and the next month's */
	const Zone *zone;
	Instant from, to; /* `to` at most now */
	bool so_far;      /* it goes on behind `to` */
} ReportMonth;

/* The one that begins on `first`, of a zone. One that is still to come is
 * empty. */
ReportMonth report_month(const Zone *zone, Date first, Instant now);
bool report_month_has(const ReportMonth *month, Instant at);

/* ---- tickets ---- */

/* What became of a promise by the end of the month. */
typedef enum {
	REPORT_MET,
	REPORT_MISSED,
	REPORT_ENDED,   /* excluded, or done without it before it was due */
	REPORT_OPEN,    /* still owed, in time */
	REPORT_NO_TERM, /* best effort without a term: not judged */
	REPORT_VERDICT_COUNT,
} ReportVerdict;

/* "met", "missed", "ended", "open", "no-term". */
const char *report_verdict_name(ReportVerdict verdict);

typedef struct {
	Milestone milestone;
	Commitment commitment;
	ReportVerdict verdict;
	Instant settled; /* when it was: met, or the due instant of what was
			  * missed; INSTANT_NONE: it is open */
	bool counts;     /* settled in this month, or not settled */
	bool again;      /* a response that a reopening made owed anew */
	bool past;       /* a reopening or a merge ended its clock */
	int severity;
	Instant intake, due, met;  /* INSTANT_NONE */
	Seconds used, total, late; /* of SlaClock */
	Seconds paused;            /* of `pauses` */
	GArray *pauses;            /* Pause; the promise's own */
} ReportPromise;

/* A promise that was told, and is not so any more. */
typedef struct {
	Milestone milestone;
	Instant at;     /* when the client was told, or it was recast */
	Instant before; /* until when it was promised; INSTANT_NONE: no term */
	bool has_now;   /* it is promised still, in other terms */
	Instant now;    /* until then */
	bool recast;    /* it was missed, and is no breach any more */
} ReportChange;

typedef struct {
	Instant at;
	gint64 mail; /* its words are there */
	char *text;  /* NULL, until who gathers them sets them */
} ReportDebrief;

typedef struct {
	gint64 number;
	char *subject; /* NULL, until who gathers it sets it */
	TicketKind kind;
	int severity;      /* 0: none given */
	const Plan *plan;  /* in force; NULL: none. Of the view's rules */
	TicketState state; /* at the end of the month */
	Instant received;
	bool is_new;       /* received in the month */
	bool was_open;     /* when it began */
	bool is_open;      /* when it ended */
	bool was_resolved; /* in it, and still is */
	Instant resolved;  /* INSTANT_NONE */
	char *exclusion;   /* reason; NULL: not excluded */
	gint64 merged_into;
	Seconds third_party; /* of the month that it waited for one */
	gint64 rpo;          /* minutes of data lost, told in it; -1 */
	GArray *promises;    /* ReportPromise */
	GArray *changes;     /* ReportChange */
	GArray *debriefs;    /* ReportDebrief */
} ReportTicket;

void report_ticket_free(ReportTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportTicket, report_ticket_free)

/* From then on the ticket was in that state. */
typedef struct {
	Instant at;
	TicketState state;
} ReportTurn;

/* A ticket as it stood at `to`, folded from its events (Event *) before that
 * instant. *ret_turns: ReportTurn, ascending; *ret_known: those events,
 * borrowed. The caller owns all three; NULL, and neither of them, before it was
 * opened. */
Ticket *report_fold(gint64 number, const GPtrArray *events, Instant to,
    GArray **ret_turns, GPtrArray **ret_known);

/* NULL: it has no part in the month. `view` is of report_fold()'s ticket, with
 * its clocks as of the end of the month. */
ReportTicket *report_ticket(const TicketView *view, const GPtrArray *known,
    const GArray *turns, const ReportMonth *month);

/* ---- sums over tickets ---- */

/* Bins of a tenth of the term each, then up to one and a half, and above. */
#define REPORT_TENTHS 10
#define REPORT_SHARES (REPORT_TENTHS + 2)

typedef struct {
	guint by[REPORT_VERDICT_COUNT];
} ReportSum;

typedef struct {
	guint received, was_open, resolved, is_open;
	guint severities[SEVERITY_MAX + 1][KIND_COUNT]; /* of those received */
	ReportSum sums[MILESTONE_COUNT][COMMITMENT_COUNT];
	guint shares[REPORT_SHARES]; /* responses with a term, by its share */
	Seconds third_party;
} ReportCounts;

/* Of ReportTicket *. */
ReportCounts report_counts(const GPtrArray *tickets);

/* ---- hours ---- */

typedef struct {
	Minutes before, after; /* the prepaid balance */
	Minutes counted;       /* as rounded, reversals taken off */
	GArray *rows;          /* LedgerRow: booked in the month */
	GArray *days;          /* ReportHourDay, each day until `to` */
} ReportHours;

typedef struct {
	Date day;
	Minutes counted; /* since the month began */
	Minutes balance; /* at its end */
} ReportHourDay;

/* Of all rows of the ledger. */
ReportHours *report_hours(const GArray *all, const ReportMonth *month);
void report_hours_free(ReportHours *hours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportHours, report_hours_free)

/* What the rows charge; of one currency, rows being of others left out. */
Cents report_hours_charged(const ReportHours *hours, const char *currency);

/* A guarantee that was missed in the month, and what it brought. */
typedef struct {
	gint64 ticket;
	Milestone milestone;
	Instant due;
	Minutes minutes;      /* of hours; 0 */
	Cents amount;         /* of money, below 0; 0 */
	const char *currency; /* interned */
	gint64 counted_with;  /* the ticket whose breach brought the month's
			       * penalty; 0: nothing follows */
} ReportPenalty;

/* ReportPenalty, by due instant: of the contract's breaches (LedgerBreach) and
 * all rows of its ledger. */
GArray *report_penalties(const GArray *breaches, const GArray *all,
    const ReportMonth *month);
/* LedgerRow: penalties that were taken back in the month. */
GArray *report_taken_back(const ReportHours *hours);

/* ---- availability ---- */

typedef struct {
	Date day;
	Instant from, to;
	Seconds kinds[AVAILABILITY_KIND_COUNT]; /* down: counted, planned,
						 * excluded */
} ReportUpDay;

/* ReportUpDay, each day until `to`; the counted seconds are U. */
GArray *
report_up_days(const Availability *availability, const ReportMonth *month);

#endif
