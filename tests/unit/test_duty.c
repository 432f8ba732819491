/* Duties and terms: what comes back, and what ends. */
#include "rulesets.h"

#include "guichet/rules/duty.h"

static const char plan_text[] =
    "title: x\nzone: Europe/Paris\nintake: always\nseverities: {1: a}\n"
    "default: {severity: 1}\n"
    "targets: [{milestone: response, commitment: best-effort}]\n"
    "duties:\n"
    "- {name: month, title: a, every: 1mo, clock: desk}\n"
    "- {name: quarter, title: a, every: 3mo, clock: desk}\n"
    "- {name: week, title: a, every: 7d, clock: desk}\n"
    "- {name: ten, title: a, every: 10bd, clock: desk}\n";

static const char other_text[] =
    "title: y\nzone: Europe/Paris\nintake: always\nseverities: {1: a}\n"
    "default: {severity: 1}\n"
    "targets: [{milestone: response, commitment: best-effort}]\n";

static const char contract_text[] =
    "client: X\nlanguage: fr\ndomains: [x.example]\nversions:\n"
    "- {from: 2026-01-15, plans: [p]}\n"
    "- {from: 2026-04-20, plans: [p], zone: Europe/London}\n"
    "- {from: 2026-06-01, plans: [q]}\n"
    "- {from: 2026-09-10, plans: [p]}\n";

static Ruleset *
rules(void)
{
	return ruleset_of(files_of(CALENDAR_ALWAYS, CALENDAR_DESK,
	    "plans/p.yaml", plan_text, "plans/q.yaml", other_text,
	    "contracts/c.yaml", contract_text, NULL));
}

static const DutyRow *
find_row(const GArray *rows, const char *name)
{
	for (guint i = 0; i < rows->len; i++) {
		const DutyRow *row = &g_array_index(rows, DutyRow, i);

		if (strcmp(row->duty->name, name) == 0)
			return row;
	}
	g_assert_not_reached();
}

static char *
text_of(bool found, const DutyPeriod *period)
{
	g_autofree char *begins = NULL, *due = NULL;

	if (!found)
		return g_strdup("none");
	begins = date_format(period->begins);
	due = instant_format(period->due);
	return g_strdup_printf("%s %s", begins, due);
}

static void
test_periods(void)
{
	static const struct {
		const char *at, *duty, *latest, *next;
	} rows[] = {
		/* Thursday 15 January, the contract's first day */
		{ "2026-01-15T09:00:00+01:00", "month",
		    "2026-01-15 2026-01-15T08:00:00Z",
		    "2026-02-01 2026-02-02T08:00:00Z" },
		/* the first of February is a Sunday */
		{ "2026-02-02T08:59:59+01:00", "month",
		    "2026-01-15 2026-01-15T08:00:00Z",
		    "2026-02-01 2026-02-02T08:00:00Z" },
		{ "2026-02-02T09:00:00+01:00", "month",
		    "2026-02-01 2026-02-02T08:00:00Z",
		    "2026-03-01 2026-03-02T08:00:00Z" },
		{ "2026-03-31T12:00:00+02:00", "quarter",
		    "2026-01-15 2026-01-15T08:00:00Z",
		    "2026-04-01 2026-04-01T07:00:00Z" },
		{ "2026-01-22T10:00:00+01:00", "week",
		    "2026-01-22 2026-01-22T08:00:00Z",
		    "2026-01-29 2026-01-29T08:00:00Z" },
		{ "2026-01-30T10:00:00+01:00", "ten",
		    "2026-01-29 2026-01-29T08:00:00Z",
		    "2026-02-12 2026-02-12T08:00:00Z" },
		/* another version with the same duty goes on with its months,
		 * and in its own zone */
		{ "2026-04-21T12:00:00Z", "month",
		    "2026-04-01 2026-04-01T08:00:00Z",
		    "2026-05-01 2026-05-01T08:00:00Z" },
		/* one that comes after a break begins anew */
		{ "2026-09-10T12:00:00Z", "quarter",
		    "2026-09-10 2026-09-10T07:00:00Z",
		    "2026-12-01 2026-12-01T08:00:00Z" },
	};
	g_autoptr(Ruleset) ruleset = rules();
	const Contract *contract = ruleset_contract(ruleset, "c");

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Instant at = instant_of(rows[i].at);
		g_autoptr(GArray) all = duty_rows(ruleset, contract,
		    contract_version(contract, at));
		const DutyRow *row = find_row(all, rows[i].duty);
		DutyPeriod period = { 0 };
		g_autofree char *latest = NULL, *next = NULL;

		latest = text_of(duty_latest(row, at, &period), &period);
		next = text_of(duty_next(row, at, &period), &period);
		g_test_message("%s %s", rows[i].at, rows[i].duty);
		g_assert_cmpstr(latest, ==, rows[i].latest);
		g_assert_cmpstr(next, ==, rows[i].next);
	}
}

static void
test_nothing_due(void)
{
	g_autoptr(Ruleset) ruleset = rules();
	const Contract *contract = ruleset_contract(ruleset, "c");
	g_autoptr(GArray) first = duty_rows(ruleset, contract,
	    contract->versions->pdata[0]);
	g_autoptr(GArray) none = duty_rows(ruleset, contract,
	    contract->versions->pdata[2]);
	DutyPeriod period = { .number = 7 };

	g_assert_cmpuint(first->len, ==, 4);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_false(duty_latest(find_row(first, "month"),
	    instant_of("2026-01-15T08:59:59+01:00"), &period));
	g_assert_cmpint(period.number, ==, 7);
}

/* Each period is later than the last, and latest and next meet. */
static void
test_rising(void)
{
	g_autoptr(Ruleset) ruleset = rules();
	const Contract *contract = ruleset_contract(ruleset, "c");
	g_autoptr(GArray) all = duty_rows(ruleset, contract,
	    contract->versions->pdata[0]);

	for (guint i = 0; i < all->len; i++) {
		const DutyRow *row = &g_array_index(all, DutyRow, i);
		DutyPeriod last = { .due = INSTANT_NONE }, period, other;

		for (gint64 n = 0; n < 200; n++) {
			g_assert_true(duty_period(row, n, &period));
			g_assert_cmpint(period.due, >, last.due);
			g_assert_true(duty_latest(row, period.due, &other));
			g_assert_cmpint(other.number, ==, n);
			g_assert_true(duty_next(row, period.due - 1, &other));
			g_assert_cmpint(other.number, ==, n);
			last = period;
		}
	}
}

/* ---- terms ---- */

static Instant
instant(const char *text)
{
	g_autoptr(GError) error = NULL;
	Instant at;

	instant_parse(text, &at, &error);
	g_assert_no_error(error);
	return at;
}

/* When the desk looks again: the next period of any duty, or the day of a
 * version, in its own zone, whichever is first. */
static void
test_next_of_all(void)
{
	static const struct {
		const char *now, *next; /* NULL: nothing comes any more */
	} rows[] = {
		/* Nothing is in force: the first version's day. */
		{ "2026-01-02T00:00:00Z", "2026-01-14T23:00:00Z" },
		/* The week's second period, before all others. */
		{ "2026-01-15T12:00:00Z", "2026-01-22T08:00:00Z" },
		/* London's midnight, in summer, before any period there. */
		{ "2026-04-17T12:00:00Z", "2026-04-19T23:00:00Z" },
		/* A plan without duties: the day of the next version. */
		{ "2026-06-02T00:00:00Z", "2026-09-09T22:00:00Z" },
	};
	Ruleset *ruleset = rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *next = instant_format(
		    duty_next_of_all(ruleset, instant(rows[i].now)));

		g_test_message("%s", rows[i].now);
		g_assert_cmpstr(next, ==, rows[i].next);
	}
	ruleset_free(ruleset);
}

/* What was due before the desk minded duties was somebody else's, and each
 * period is due until a later one is. */
static void
test_is_due(void)
{
	static const struct {
		const char *begun, *now, *begins; /* NULL: not due */
	} rows[] = {
		{ "2026-01-10T00:00:00Z", "2026-01-15T07:59:59Z", NULL },
		{ "2026-01-10T00:00:00Z", "2026-01-15T08:00:00Z",
		    "2026-01-15" },
		{ "2026-01-15T08:00:00Z", "2026-01-15T08:00:00Z", NULL },
		{ "2026-01-15T08:00:00Z", "2026-01-22T07:59:59Z", NULL },
		{ "2026-01-15T08:00:00Z", "2026-02-04T12:00:00Z",
		    "2026-01-29" },
	};
	Ruleset *ruleset = rules();
	const Contract *contract = ruleset_contracts(ruleset)->pdata[0];

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Instant now = instant(rows[i].now);
		g_autoptr(GArray) owed = duty_rows_at(ruleset, contract,
		    instant("2026-01-15T07:00:00Z"));
		DutyPeriod period;
		bool due = duty_is_due(find_row(owed, "week"),
		    instant(rows[i].begun), now, &period);
		g_autofree char *begins = due ? date_format(period.begins)
					      : NULL;

		g_test_message("%s %s", rows[i].begun, rows[i].now);
		g_assert_cmpstr(begins, ==, rows[i].begins);
	}
	ruleset_free(ruleset);
}

static void
test_terms(void)
{
	static const struct {
		const char *term, *today, *end, *notice;
		int renewals;
		bool over, passed;
	} rows[] = {
		{ "until: 2027-01-31, renewed_by: 12mo, notice: 1mo",
		    "2026-12-31", "2027-01-31", "2026-12-31", 0, false, false },
		{ "until: 2027-01-31, renewed_by: 12mo, notice: 1mo",
		    "2027-01-01", "2027-01-31", "2026-12-31", 0, false, true },
		{ "until: 2027-01-31, renewed_by: 12mo, notice: 1mo",
		    "2027-02-01", "2028-01-31", "2027-12-31", 1, false, false },
		/* a whole month of notice: June */
		{ "until: 2026-06-30, renewed_by: 6mo, notice: 1mo",
		    "2026-06-01", "2026-06-30", "2026-05-31", 0, false, true },
		{ "until: 2026-06-30, renewed_by: 6mo, notice: 1mo",
		    "2026-07-01", "2026-12-31", "2026-11-30", 1, false, false },
		/* months end where months end */
		{ "until: 2026-02-28, renewed_by: 1mo, notice: 10d",
		    "2026-03-05", "2026-03-31", "2026-03-21", 1, false, false },
		{ "until: 2026-02-28, renewed_by: 1mo, notice: 10d",
		    "2028-02-03", "2028-02-29", "2028-02-19", 24, false,
		    false },
		{ "until: 2026-03-31, renewed_by: 90d", "2026-04-01",
		    "2026-06-29", "-", 1, false, false },
		/* not renewed */
		{ "until: 2026-03-31", "2026-03-31", "2026-03-31", "-", 0,
		    false, false },
		{ "until: 2026-03-31, notice: 1mo", "2026-04-01", "2026-03-31",
		    "-", 0, true, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("client: X\n"
							"language: fr\n"
							"domains: [x.example]\n"
							"term: {%s}\n"
							"versions: [{from: "
							"2020-01-01, plans: "
							"[q]}]\n",
		    rows[i].term);
		g_autoptr(Ruleset) ruleset = ruleset_of(
		    files_of(CALENDAR_ALWAYS, CALENDAR_DESK, "plans/q.yaml",
			other_text, "contracts/c.yaml", text, NULL));
		g_autofree char *end = NULL, *notice = NULL;
		ContractTerm term;
		Date today;

		g_test_message("%s on %s", rows[i].term, rows[i].today);
		g_assert_true(date_parse(rows[i].today, &today));
		term = contract_term(ruleset_contract(ruleset, "c"), today);
		end = date_format(term.end);
		notice = term.has_notice ? date_format(term.notice_by)
					 : g_strdup("-");
		g_assert_true(term.has_end);
		g_assert_cmpstr(end, ==, rows[i].end);
		g_assert_cmpstr(notice, ==, rows[i].notice);
		g_assert_cmpint(term.renewals, ==, rows[i].renewals);
		g_assert_cmpint(term.over, ==, rows[i].over);
		g_assert_cmpint(term.notice_passed, ==, rows[i].passed);
	}
}

static void
test_wrong_terms(void)
{
	g_autofree char *found = problems_of_files(files_of(CALENDAR_ALWAYS,
	    "plans/q.yaml", other_text, "contracts/c.yaml",
	    "client: X\nlanguage: fr\ndomains: [x.example]\n"
	    "term: {until: 2026-03-31, renewed_by: 5bd, notice: 24h}\n"
	    "versions: [{from: 2020-01-01, plans: [q]}]\n",
	    NULL));

	g_assert_cmpstr(found, ==,
	    "rules/contracts/c.yaml:4:39: a contract is renewed by so many mo "
	    "or d\n"
	    "rules/contracts/c.yaml:4:52: notice is given so many mo or d "
	    "before the end\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/duty/periods", test_periods);
	g_test_add_func("/duty/nothing-due", test_nothing_due);
	g_test_add_func("/duty/rising", test_rising);
	g_test_add_func("/duty/next-of-all", test_next_of_all);
	g_test_add_func("/duty/is-due", test_is_due);
	g_test_add_func("/contract-term/ends", test_terms);
	g_test_add_func("/contract-term/mistakes", test_wrong_terms);
	return g_test_run();
}
