/* What work costs under each of the shipped plans, and under a sixth. */
#include "guichet/rules/hours.h"
#include "rulesets.h"

typedef struct {
	const char *title, *plans, *fields;
	const char *received, *scope;
	TicketKind kind;
	const char *expected;
} Row;

/* PLAN slice SLICE, included N by PLAN, prepaid|required, rate N min N, DEBIT */
static const Row rows[] = {
	{ "SOS24 debits the ALD balance, by quarters where nobody says other",
	    "sos24, ald", "users: 80", "2026-11-24T10:00:00Z", "",
	    KIND_INCIDENT, "ald slice 15, prepaid, debited" },
	{ "ALD's slice is the contract's", "ald", "slice: 30m",
	    "2026-11-24T10:00:00Z", "", KIND_INCIDENT,
	    "ald slice 30, prepaid, debited" },
	{ "ALD's validity is the contract's", "ald", "validity: 12mo",
	    "2026-11-24T10:00:00Z", "", KIND_INCIDENT,
	    "ald slice 15, prepaid, for 12mo, debited" },
	{ "level A: one free quarter a server", "myown-a", "servers: 1",
	    "2026-11-24T10:00:00Z", "", KIND_INCIDENT,
	    "myown-a slice 15, included 15 by myown-a, rate 2000, debited" },
	{ "level B: two a server, 20 EUR in hours", "myown-b", "servers: 3",
	    "2026-11-24T10:00:00Z", "", KIND_INCIDENT,
	    "myown-b slice 15, included 90 by myown-b, rate 2000, debited" },
	{ "level C: three a server, 35 EUR and half an hour outside", "myown-c",
	    "servers: 2", "2026-11-24T16:00:00Z", "", KIND_INCIDENT,
	    "myown-c slice 15, included 90 by myown-c, rate 3500 minimum 30, "
	    "debited" },
	{ "the last second of the hours decides the rate", "myown-b",
	    "servers: 1", "2026-11-24T15:59:59Z", "", KIND_INCIDENT,
	    "myown-b slice 15, included 30 by myown-b, rate 2000, debited" },
	{ "the week-end is outside", "myown-b", "servers: 1",
	    "2026-11-21T10:00:00Z", "", KIND_INCIDENT,
	    "myown-b slice 15, included 30 by myown-b, rate 3500 minimum 30, "
	    "debited" },
	{ "Semarchy has no hours", "semarchy", "", "2026-11-24T10:00:00Z", "",
	    KIND_INCIDENT, "none" },
	{ "1Life: what is asked is debited", "1life", "package: 20",
	    "2026-11-24T10:00:00Z", "", KIND_REQUEST,
	    "1life slice 15, prepaid, debited" },
	{ "1Life: an error of the software is not", "1life", "package: 20",
	    "2026-11-24T10:00:00Z", "", KIND_INCIDENT,
	    "1life slice 15, prepaid, not-debited" },
	{ "1Life: the scope goes before the kind", "1life", "package: 20",
	    "2026-11-24T10:00:00Z", "diagnosis", KIND_INCIDENT,
	    "1life slice 15, prepaid, debited" },
	{ "1Life: a workaround is not debited", "1life", "package: 20",
	    "2026-11-24T10:00:00Z", "workaround", KIND_REQUEST,
	    "1life slice 15, prepaid, not-debited" },
	{ "1Life: consulting is not handled", "1life", "package: 20",
	    "2026-11-24T10:00:00Z", "consulting", KIND_REQUEST,
	    "1life slice 15, prepaid, not-handled" },
	{ "NUXIT 0: credit first, half hours", "nuxit-standard", "",
	    "2026-11-24T10:00:00Z", "", KIND_REQUEST,
	    "nuxit-standard slice 30, prepaid, required, debited" },
	{ "NUXIT 1: as 0", "nuxit-serenity", "", "2026-11-24T10:00:00Z", "",
	    KIND_REQUEST,
	    "nuxit-standard slice 30, prepaid, required, debited" },
	{ "NUXIT 2: 1 h 30, then as 0", "nuxit-pro", "", "2026-11-24T10:00:00Z",
	    "", KIND_INCIDENT,
	    "nuxit-standard slice 30, included 90 by nuxit-pro, prepaid, "
	    "required, debited" },
	{ "NUXIT 3: all of 2", "nuxit-business", "", "2026-11-24T10:00:00Z", "",
	    KIND_INCIDENT,
	    "nuxit-standard slice 30, included 90 by nuxit-business, prepaid, "
	    "required, debited" },
	{ "the sixth: by 20 minutes, an hour a mill, then by night and day",
	    "vigie", "mills: 3, night: yes, silo: no", "2026-11-24T10:00:00Z",
	    "", KIND_REQUEST,
	    "vigie-base slice 20, included 180 by vigie, prepaid, for 6mo, rate 1250, "
	    "debited" },
	{ "the sixth by night", "vigie", "mills: 1, night: yes, silo: no",
	    "2026-11-21T23:00:00Z", "", KIND_INCIDENT,
	    "vigie-base slice 20, included 60 by vigie, prepaid, for 6mo, rate 4000 "
	    "minimum 60, debited" },
	{ "the sixth's harbour is somebody else's", "vigie",
	    "mills: 1, night: yes, silo: no", "2026-11-24T10:00:00Z", "harbour",
	    KIND_REQUEST,
	    "vigie-base slice 20, included 60 by vigie, prepaid, for 6mo, rate 1250, "
	    "not-handled" },
};

static void
add_file(RuleFiles *files, const char *name, const char *path)
{
	g_autofree char *text = NULL;
	gsize length;
	g_autoptr(GBytes) bytes = NULL;

	g_assert_true(g_file_get_contents(path, &text, &length, NULL));
	bytes = g_bytes_new(text, length);
	rule_files_add(files, name, bytes);
}

static Ruleset *
rules_with(const char *plans, const char *fields)
{
	RuleFiles *files = shipped_files();
	g_autofree char *text = g_strdup_printf(
	    "client: C\nlanguage: fr\ncontacts: [{address: a@c.example}]\n"
	    "versions: [{from: 2026-01-01, plans: [%s], fields: {%s}}]\n",
	    plans, fields);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	rule_files_add(files, "contracts/c.yaml", bytes);
	add_file(files, "plans/vigie.yaml",
	    "tests/plans/sixth/plans/vigie.yaml");
	add_file(files, "plans/vigie-base.yaml",
	    "tests/plans/sixth/plans/vigie-base.yaml");
	add_file(files, "calendars/vigie.yaml",
	    "tests/plans/sixth/calendars/vigie.yaml");
	add_file(files, "calendars/vigie-quart.yaml",
	    "tests/plans/sixth/calendars/vigie-quart.yaml");
	rule_files_seal(files);
	return ruleset_of(files);
}

static char *
described(const Terms *terms, const Row *row)
{
	const Facts facts = { .severity = 3,
		.kind = row->kind,
		.scope = row->scope,
		.component = "",
		.received = instant_of(row->received) };
	GString *text = g_string_new(NULL);
	const HourRate *rate;
	HourTerms hours;

	if (!hour_terms(terms, &hours))
		return g_string_free(g_string_append(text, "none"), FALSE);
	g_string_append_printf(text, "%s slice %" G_GINT64_FORMAT ", ",
	    hours.terms.plan->name, hours.slice);
	if (hours.included_by != NULL)
		g_string_append_printf(text,
		    "included %" G_GINT64_FORMAT " by %s, ", hours.included,
		    hours.included_by->name);
	if (hours.hours->prepaid)
		g_string_append(text, "prepaid, ");
	if (hours.hours->required)
		g_string_append(text, "required, ");
	if (hours.validity.count > 0) {
		g_autofree char *validity = duration_format(hours.validity);

		g_string_append_printf(text, "for %s, ", validity);
	}
	rate = hour_terms_rate(&hours, facts.received);
	if (rate != NULL)
		g_string_append_printf(text, "rate %" G_GINT64_FORMAT "%s",
		    rate->amount, rate->minimum > 0 ? "" : ", ");
	if (rate != NULL && rate->minimum > 0)
		g_string_append_printf(text, " minimum %" G_GINT64_FORMAT ", ",
		    rate->minimum);
	g_string_append(text, debit_name(hours_debit(terms, &facts)));
	return g_string_free(text, FALSE);
}

static void
test_row(gconstpointer data)
{
	const Row *row = data;
	g_autoptr(Ruleset) ruleset = rules_with(row->plans, row->fields);
	g_autofree char *found = NULL;
	Terms terms;

	g_assert_true(ruleset_terms(ruleset, ruleset_contract(ruleset, "c"),
	    instant_of(row->received), &terms));
	found = described(&terms, row);
	g_assert_cmpstr(found, ==, row->expected);
}

/* ---- fees ---- */

static void
test_fees(void)
{
	static const struct {
		const char *plans, *fields;
		Cents fee; /* -1: none */
	} fees[] = {
		{ "sos24, ald", "users: 1", 50000 },
		{ "sos24, ald", "users: 49", 50000 },
		{ "sos24, ald", "users: 50", 100000 },
		{ "sos24, ald", "users: 150", 100000 },
		{ "sos24, ald", "users: 151", 150000 },
		{ "sos24, ald", "", -1 },
		{ "myown-a", "servers: 1", 7000 },
		{ "myown-b", "servers: 3", 42000 },
		{ "myown-c", "servers: 4", 84000 },
		{ "semarchy", "", -1 },
		{ "1life", "package: 10", -1 },
		{ "nuxit-standard", "", -1 },
		{ "nuxit-serenity", "", 1500 },
		{ "nuxit-pro", "", 4500 },
		{ "nuxit-business", "", 9000 },
		{ "vigie", "mills: 2, night: yes, silo: no", 2 * 3333 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(fees); i++) {
		g_autoptr(Ruleset) ruleset = rules_with(fees[i].plans,
		    fees[i].fields);
		Cents fee = -1;
		Terms terms;

		g_assert_true(
		    ruleset_terms(ruleset, ruleset_contract(ruleset, "c"),
			instant_of("2026-11-24T10:00:00Z"), &terms));
		g_assert_cmpint(hours_fee(&terms, &fee), ==, fees[i].fee >= 0);
		g_assert_cmpint(fee, ==, fees[i].fee);
	}
}

static void
test_packages(void)
{
	static const HourPackage sold[] = { { 180, 16900, true },
		{ 300, 23900, true }, { 600, 39900, true },
		{ 1200, 69900, true } };
	g_autoptr(Ruleset) ruleset = shipped_rules();
	const GArray *packages =
	    ruleset_plan(ruleset, "nuxit-standard")->terms.hours->packages;

	g_assert_cmpuint(packages->len, ==, G_N_ELEMENTS(sold));
	for (guint i = 0; i < packages->len; i++) {
		const HourPackage *one = &g_array_index(packages, HourPackage,
		    i);

		g_assert_cmpint(one->length, ==, sold[i].length);
		g_assert_true(one->has_amount);
		g_assert_cmpint(one->amount, ==, sold[i].amount);
	}
	packages = ruleset_plan(ruleset, "1life")->terms.hours->packages;
	g_assert_cmpuint(packages->len, ==, 5);
	g_assert_cmpint(g_array_index(packages, HourPackage, 4).length, ==,
	    6000);
	g_assert_false(g_array_index(packages, HourPackage, 4).has_amount);
}

/* ---- mistakes ---- */

static void
test_mistakes(void)
{
	static const struct {
		const char *terms, *says;
	} wrong[] = {
		{ "hours: {slice: 15m}", "say what time is taken from" },
		{ "hours: {prepaid: yes, slice: 90s}", "whole minutes" },
		{ "hours: {prepaid: yes, included: {time: 1h, every: 1mo, "
		  "carried: yes}}",
		    "not carried over" },
		{ "hours: {prepaid: yes, included: {time: 1h, every: 3mo}}",
		    "by the month" },
		{ "hours: {prepaid: yes, included: {every: 1mo}}",
		    "say what is included" },
		{ "hours: {rates: [{amount: 1.00 EUR}, {amount: 2.00 EUR}]}",
		    "leaves nothing to it" },
		{ "hours: {rates: [{received_in: desk, amount: 1.00 EUR}, "
		  "{amount: 2.00 USD}]}",
		    "one currency" },
		{ "hours: {as: p}", "lead back to themselves" },
		{ "hours: {as: bare}", "has none" },
		{ "hours: {as: p, then: p}", "one other plan" },
		{ "fees: {every: 1mo}", "say the fee" },
		{ "penalty: {for: breach, at_most: once a month}",
		    "say what a missed guarantee brings" },
		{ "penalty: {for: breach, refund: month's fee, "
		  "at_most: once a month}",
		    "and the plan has none: say 'fees'" },
		{ "penalty: {for: breach, credit: 7h}", "say 'at_most'" },
		{ "penalty: {for: breach, credit: 7h, at_most: once a month}",
		    "no client reads of it: say 'missed'" },
		{ "fees: {every: 3mo, amount: 1.00 EUR}", "of a month" },
		{ "fees: {every: 1mo, by: n, amount: 1.00 EUR}",
		    "stand together" },
		{ "fees: {every: 1mo, by: n, steps: [{amount: 1.00 EUR}, "
		  "{up_to: 3, amount: 2.00 EUR}]}",
		    "steps rise" },
	};
	static const char base[] =
	    "title: T\nzone: Europe/Paris\nintake: always\n"
	    "severities: {1: a}\ndefault: {severity: 1}\n"
	    "targets: [{milestone: response, commitment: best-effort}]\n";

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *text =
		    g_strdup_printf("%sfields: {n: number}\nterms:\n  %s\n",
			base, wrong[i].terms);
		g_autofree char *found = problems_of_files(
		    files_of(CALENDAR_ALWAYS, CALENDAR_DESK, "plans/p.yaml",
			text, "plans/bare.yaml", base, NULL));

		if (strstr(found, wrong[i].says) == NULL)
			g_error("%s: '%s' does not say '%s'", wrong[i].terms,
			    found, wrong[i].says);
	}
}

static void
test_words(void)
{
	static const struct {
		Minutes minutes;
		const char *text;
	} words[] = { { 0, "0 min" }, { 45, "45 min" }, { 60, "1 h" },
		{ 730, "12 h 10" }, { 65, "1 h 05" }, { -65, "-1 h 05" },
		{ -5, "-5 min" }, { -120, "-2 h" } };
	g_autofree char *money = hours_money(-16905, "EUR");

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *text = hours_format(words[i].minutes);

		g_assert_cmpstr(text, ==, words[i].text);
	}
	g_assert_cmpstr(money, ==, "-169.05 EUR");
	g_assert_cmpint(hours_round(0, 15), ==, 0);
	g_assert_cmpint(hours_round(1, 15), ==, 15);
	g_assert_cmpint(hours_round(15, 15), ==, 15);
	g_assert_cmpint(hours_round(16, 15), ==, 30);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("/hours/rows/%s",
		    rows[i].title);

		g_test_add_data_func(path, &rows[i], test_row);
	}
	g_test_add_func("/hours/fees", test_fees);
	g_test_add_func("/hours/packages", test_packages);
	g_test_add_func("/hours/mistakes", test_mistakes);
	g_test_add_func("/hours/words", test_words);
	return g_test_run();
}
