/* The rows of a contract's ledger, from what was worked and bought. */
#include "guichet/ledger/ledger.h"

#include "guichet/base/names.h"

#include <string.h>

#define RULE_NAMES(X)                 \
 X(LEDGER_CREDIT, "credit")           \
 X(LEDGER_PAID, "paid")               \
 X(LEDGER_INCLUDED, "included")       \
 X(LEDGER_PACKAGE, "package")         \
 X(LEDGER_OVERDRAWN, "overdrawn")     \
 X(LEDGER_SETTLED, "settled")         \
 X(LEDGER_LAPSED, "lapsed")           \
 X(LEDGER_BILLED, "billed")           \
 X(LEDGER_MINIMUM, "minimum")         \
 X(LEDGER_NOT_DEBITED, "not-debited") \
 X(LEDGER_NOT_HANDLED, "not-handled") \
 X(LEDGER_WAIVED, "waived")           \
 X(LEDGER_PENALTY, "penalty")
NAME_TABLE(rules, RULE_NAMES, LEDGER_RULE_COUNT);

const char *
ledger_rule_name(LedgerRule rule)
{
	return names_word(&rules, rule);
}

bool
ledger_rule_parse(const char *name, LedgerRule *ret_rule)
{
	int value = names_find(&rules, name);

	if (value < 0)
		return false;
	*ret_rule = (LedgerRule)value;
	return true;
}

/* ---- what happened, in order ---- */

/* Before it began: it never counts. */
static bool
has_ended(const LedgerCredit *credit)
{
	return credit->until != INSTANT_NONE && credit->until <= credit->at;
}

/* In the order in which they count within one second. */
typedef enum {
	STEP_LAPSE, /* a package ends: work of that second finds it gone */
	STEP_CREDIT,
	STEP_WORK,
} StepKind;

typedef struct {
	StepKind kind;
	Instant at;
	guint place; /* of its work or credit */
	gint64 major, minor;
} Step;

static gint
compare_steps(gconstpointer a, gconstpointer b)
{
	const Step *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->major != y->major)
		return x->major < y->major ? -1 : 1;
	return x->minor < y->minor ? -1 : x->minor > y->minor;
}

/* Two technicians' times of one second count in the order of the log. */
static GArray *
order_steps(const LedgerFacts *facts, const GArray *credits, Instant now)
{
	GArray *steps = g_array_new(FALSE, FALSE, sizeof(Step));

	for (guint i = 0; i < facts->works->len; i++) {
		const LedgerWork *work = &g_array_index(facts->works,
		    LedgerWork, i);
		Step step = { STEP_WORK, work->at, i, work->event,
			work->ticket };

		g_array_append_val(steps, step);
	}
	for (guint i = 0; i < credits->len; i++) {
		const LedgerCredit *credit = &g_array_index(credits,
		    LedgerCredit, i);
		Step step = { STEP_CREDIT, credit->at, i, credit->order, 0 };

		g_array_append_val(steps, step);
		step.kind = STEP_LAPSE;
		step.at = credit->until;
		if (credit->until != INSTANT_NONE && !has_ended(credit) &&
		    step.at <= now)
			g_array_append_val(steps, step);
	}
	g_array_sort(steps, compare_steps);
	return steps;
}

/* ---- the run through them ---- */

typedef struct {
	const LedgerCredit *credit;
	Minutes left;
} Package;

/* What was worked below zero, oldest first. */
typedef struct {
	const LedgerWork *work;
	Minutes owed;
} Debt;

typedef struct {
	Date month;
	const char *plan;
	Minutes used;
} Month;

/* What a ticket's minimum looks at. */
typedef struct {
	gint64 ticket;
	Minutes ahead;   /* billed, and not worked yet */
	Minutes counted; /* worked or billed in all */
} Billed;

typedef struct {
	GArray *rows;
	GArray *packages; /* Package, by end, then order */
	GArray *debts;
	GArray *months;
	GHashTable *billed; /* gint64 to Billed */
} Run;

static bool
ends_before(const LedgerCredit *a, const LedgerCredit *b)
{
	if (a->until != b->until)
		return b->until == INSTANT_NONE ||
		    (a->until != INSTANT_NONE && a->until < b->until);
	return a->order < b->order;
}

static LedgerRow
row_of_work(const LedgerWork *work, LedgerRule rule, Minutes counted)
{
	return (LedgerRow){ .at = work->at,
		.booked = work->at,
		.ticket = work->ticket,
		.event = work->event,
		.mail = work->mail,
		.rule = rule,
		.plan = work->plan,
		.counted = counted,
		.currency = work->currency };
}

static gint64
order_of(const LedgerCredit *credit)
{
	return MAX(credit->order, 0);
}

static LedgerRow
row_of_credit(const LedgerCredit *credit, LedgerRule rule, Instant at,
    Minutes balance)
{
	return (LedgerRow){ .at = at,
		.booked = at,
		.ticket = credit->ticket,
		.order = order_of(credit),
		.package = credit->order,
		.rule = rule,
		.plan = credit->plan,
		.balance = balance,
		.currency = credit->currency };
}

static void
settle(Run *run, Package *package, Instant at)
{
	while (run->debts->len > 0 && package->left > 0) {
		Debt *debt = &g_array_index(run->debts, Debt, 0);
		Minutes part = MIN(debt->owed, package->left);
		LedgerRow row = row_of_work(debt->work, LEDGER_SETTLED, 0);

		row.at = row.booked = at;
		row.order = order_of(package->credit);
		row.balance = part;
		g_array_append_val(run->rows, row);
		row.package = package->credit->order;
		row.balance = -part;
		g_array_append_val(run->rows, row);
		package->left -= part;
		debt->owed -= part;
		if (debt->owed == 0)
			g_array_remove_index(run->debts, 0);
	}
}

static void
take_credit(Run *run, const LedgerCredit *credit)
{
	LedgerRow row = row_of_credit(credit,
	    credit->order < 0 ? LEDGER_PENALTY : LEDGER_CREDIT, credit->at,
	    credit->minutes);
	Package package = { credit, credit->minutes };
	guint place = 0;

	if (credit->amount != 0) {
		row.quantity = 1;
		row.unit = credit->minutes;
		row.price = row.amount = credit->amount;
	}
	g_array_append_val(run->rows, row);
	if (has_ended(credit)) {
		row = row_of_credit(credit, LEDGER_LAPSED, credit->at,
		    -credit->minutes);
		g_array_append_val(run->rows, row);
		return;
	}
	settle(run, &package, credit->at);
	while (place < run->packages->len &&
	    ends_before(g_array_index(run->packages, Package, place).credit,
		credit))
		place++;
	g_array_insert_val(run->packages, place, package);
}

static void
lapse(Run *run, const LedgerCredit *credit, Instant at)
{
	for (guint i = 0; i < run->packages->len; i++) {
		const Package *package = &g_array_index(run->packages, Package,
		    i);
		LedgerRow row;

		if (package->credit != credit)
			continue;
		row = row_of_credit(credit, LEDGER_LAPSED, at, -package->left);
		if (package->left > 0)
			g_array_append_val(run->rows, row);
		g_array_remove_index(run->packages, i);
		return;
	}
}

static Minutes
take_ahead(Run *run, const LedgerWork *work, Billed *billed, Minutes rest)
{
	Minutes part = MIN(billed->ahead, rest);
	LedgerRow row = row_of_work(work, LEDGER_PAID, part);

	if (part == 0)
		return rest;
	g_array_append_val(run->rows, row);
	billed->ahead -= part;
	return rest - part;
}

static Month *
month_of(Run *run, const LedgerWork *work)
{
	Month month = { work->month, work->included_by, 0 };

	for (guint i = 0; i < run->months->len; i++) {
		Month *one = &g_array_index(run->months, Month, i);

		if (one->month == work->month && one->plan == work->included_by)
			return one;
	}
	g_array_append_val(run->months, month);
	return &g_array_index(run->months, Month, run->months->len - 1);
}

static Minutes
take_included(Run *run, const LedgerWork *work, Minutes rest)
{
	Month *month;
	Minutes part;
	LedgerRow row;

	if (work->included <= 0 || rest == 0)
		return rest;
	month = month_of(run, work);
	part = CLAMP(work->included - month->used, 0, rest);
	row = row_of_work(work, LEDGER_INCLUDED, part);
	row.plan = work->included_by;
	if (part > 0)
		g_array_append_val(run->rows, row);
	month->used += part;
	return rest - part;
}

static Minutes
take_packages(Run *run, const LedgerWork *work, Minutes rest)
{
	for (guint i = 0; rest > 0 && i < run->packages->len; i++) {
		Package *package = &g_array_index(run->packages, Package, i);
		Minutes part = MIN(package->left, rest);
		LedgerRow row = row_of_work(work, LEDGER_PACKAGE, part);

		if (part == 0)
			continue;
		row.package = package->credit->order;
		row.balance = -part;
		g_array_append_val(run->rows, row);
		package->left -= part;
		rest -= part;
	}
	return rest;
}

static void
add_billed(Run *run, const LedgerWork *work, LedgerRule rule, Minutes counted,
    gint64 quantity)
{
	LedgerRow row = row_of_work(work, rule, counted);

	row.quantity = quantity;
	row.unit = work->slice;
	row.price = work->price;
	row.amount = quantity * work->price;
	g_array_append_val(run->rows, row);
}

/* What is left of other sources may be no whole slice: a started one counts. */
static void
bill(Run *run, const LedgerWork *work, Billed *billed, Minutes rest)
{
	Minutes whole = hours_round(rest, work->slice), more;

	add_billed(run, work, LEDGER_BILLED, rest, whole / work->slice);
	billed->ahead += whole - rest;
	billed->counted += whole - rest;
	if (billed->counted >= work->minimum)
		return;
	more = hours_round(work->minimum - billed->counted, work->slice);
	add_billed(run, work, LEDGER_MINIMUM, 0, more / work->slice);
	billed->ahead += more;
	billed->counted += more;
}

static Billed *
billed_of(Run *run, gint64 ticket)
{
	Billed *billed = g_hash_table_lookup(run->billed, &ticket);

	if (billed == NULL) {
		billed = g_new0(Billed, 1);
		billed->ticket = ticket;
		g_hash_table_insert(run->billed, &billed->ticket, billed);
	}
	return billed;
}

static void
overdraw(Run *run, const LedgerWork *work, Minutes rest)
{
	LedgerRow row = row_of_work(work, LEDGER_OVERDRAWN, rest);
	Debt debt = { work, rest };

	row.balance = -rest;
	g_array_append_val(run->rows, row);
	g_array_append_val(run->debts, debt);
}

static void
add_free(Run *run, const LedgerWork *work, LedgerRule rule)
{
	LedgerRow row = row_of_work(work, rule, 0);

	g_array_append_val(run->rows, row);
}

static void
take_work(Run *run, const LedgerWork *work)
{
	Minutes rest = hours_round(work->minutes, work->slice);
	Billed *billed;

	if (work->is_waived) {
		add_free(run, work, LEDGER_WAIVED);
		return;
	}
	if (work->debit != DEBIT_DEBITED) {
		add_free(run, work,
		    work->debit == DEBIT_NOT_DEBITED ? LEDGER_NOT_DEBITED
						     : LEDGER_NOT_HANDLED);
		return;
	}
	billed = billed_of(run, work->ticket);
	rest = take_ahead(run, work, billed, rest);
	billed->counted += rest;
	rest = take_included(run, work, rest);
	if (work->prepaid)
		rest = take_packages(run, work, rest);
	if (rest > 0 && work->billed)
		bill(run, work, billed, rest);
	else if (rest > 0 && work->prepaid)
		overdraw(run, work, rest);
	else if (rest > 0)
		add_free(run, work, LEDGER_NOT_DEBITED);
}

GArray *
ledger_compute(const LedgerFacts *facts, Instant now)
{
	g_autoptr(GArray) credits = ledger_credits(facts);
	g_autoptr(GArray) steps = order_steps(facts, credits, now);
	Run run = {
		.rows = g_array_new(FALSE, FALSE, sizeof(LedgerRow)),
		.packages = g_array_new(FALSE, FALSE, sizeof(Package)),
		.debts = g_array_new(FALSE, FALSE, sizeof(Debt)),
		.months = g_array_new(FALSE, FALSE, sizeof(Month)),
		.billed = g_hash_table_new_full(g_int64_hash, g_int64_equal,
		    NULL, g_free),
	};

	for (guint i = 0; i < steps->len; i++) {
		const Step *step = &g_array_index(steps, Step, i);

		if (step->kind == STEP_WORK)
			take_work(&run,
			    &g_array_index(facts->works, LedgerWork,
				step->place));
		else if (step->kind == STEP_CREDIT)
			take_credit(&run,
			    &g_array_index(credits, LedgerCredit, step->place));
		else
			lapse(&run,
			    &g_array_index(credits, LedgerCredit, step->place),
			    step->at);
	}
	g_array_unref(run.packages);
	g_array_unref(run.debts);
	g_array_unref(run.months);
	g_hash_table_unref(run.billed);
	return run.rows;
}
