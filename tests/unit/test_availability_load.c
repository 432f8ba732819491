/* `availability` in plans and contracts: what is read, what is refused. */
#include "guichet/alert/alert.h"
#include "rulesets.h"

#define PLAN_HEAD                                 \
 "title: x\nzone: Europe/Paris\nintake: always\n" \
 "severities: {1: a}\ndefault: {severity: 1}\ntargets: []\n"
#define CONTRACT_HEAD \
 "client: x\nlanguage: fr\ncontacts: [{address: a@example.com}]\n"
#define CONTRACT CONTRACT_HEAD "versions:\n- {from: 2026-01-01, plans: [p]}\n"

static char *
told(const AvailabilityTerms *terms)
{
	GString *text = g_string_new(NULL);
	g_autofree char *hosts = NULL, *services = NULL;

	if (terms == NULL)
		return g_string_free(text, FALSE);
	hosts = terms->hosts != NULL ? g_strjoinv(",", terms->hosts)
				     : g_strdup("-");
	services = terms->services != NULL ? g_strjoinv(",", terms->services)
					   : g_strdup("-");
	g_string_append_printf(text, "%s %" G_GINT64_FORMAT,
	    commitment_name(terms->commitment), terms->target);
	for (int level = 0; level <= ALERT_LEVEL_DOWN; level++) {
		if ((terms->levels & 1u << level) != 0)
			g_string_append_printf(text, " %s",
			    alert_level_name((AlertLevel)level));
	}
	g_string_append_printf(text, "; %s; %s; ahead %" G_GINT64_FORMAT, hosts,
	    services, terms->ahead);
	if (terms->has_night)
		g_string_append_printf(text, "; %d-%d", terms->night_from,
		    terms->night_to);
	return g_string_free(text, FALSE);
}

static const AvailabilityTerms *
terms_of(const Ruleset *ruleset, const char *contract)
{
	const Contract *one = ruleset_contract(ruleset, contract);

	g_assert_nonnull(one);
	return ruleset_availability(ruleset,
	    one->versions->pdata[one->versions->len - 1]);
}

/* The plan's, and under it the contract's own. */
static void
test_read(void)
{
	static const struct {
		const char *plan, *contract, *terms;
	} rows[] = {
		{ "", "", "" },
		{ "{objective: 99.9 %}", "",
		    "objective 999000 critical down; -; -; ahead 0" },
		{ "{every: 1mo, guaranteed: 99.9%}", "",
		    "guaranteed 999000 critical down; -; -; ahead 0" },
		{ "{guaranteed: 100 %, counts: down}", "",
		    "guaranteed 1000000 down; -; -; ahead 0" },
		{ "{guaranteed: 99.9999 %, counts: [warning, unknown]}", "",
		    "guaranteed 999999 unknown warning; -; -; ahead 0" },
		{ "{objective: 95 %, hosts: [\"web*\", db1], services: HTTP}",
		    "",
		    "objective 950000 critical down; web*,db1; HTTP; "
		    "ahead 0" },
		{ "{objective: 0.5 %, planned: {announced: 48h}}", "",
		    "objective 5000 critical down; -; -; ahead 172800" },
		{ "{objective: 99 %, planned: {nightly: \"01:00-02:00\", "
		  "zone: client}}",
		    "",
		    "objective 990000 critical down; -; -; ahead 0; "
		    "3600-7200" },
		{ "{objective: 99 %, planned: {nightly: \"23:30-00:30\"}}", "",
		    "objective 990000 critical down; -; -; ahead 0; "
		    "84600-88200" },
		{ "{objective: 99 %, planned: {nightly: \"22:00-24:00\"}}", "",
		    "objective 990000 critical down; -; -; ahead 0; "
		    "79200-86400" },
		/* What the contract leaves out is the plan's. */
		{ "{objective: 99 %, counts: [down], planned: {announced: "
		  "48h}}",
		    "{hosts: [\"*.x\"]}",
		    "objective 990000 down; *.x; -; ahead 172800" },
		{ "{objective: 99 %, planned: {announced: 48h}}",
		    "{guaranteed: 99.5 %, planned: {nightly: "
		    "\"00:00-01:00\"}}",
		    "guaranteed 995000 critical down; -; -; ahead 0; "
		    "0-3600" },
		{ "", "{guaranteed: 99.5 %}",
		    "guaranteed 995000 critical down; -; -; ahead 0" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *plan = g_strconcat(PLAN_HEAD,
		    *rows[i].plan != '\0' ? "terms: {availability: " : "",
		    rows[i].plan, *rows[i].plan != '\0' ? "}\n" : "", NULL);
		g_autofree char *contract = g_strconcat(CONTRACT_HEAD
		    "versions:\n- from: 2026-01-01\n  plans: [p]\n",
		    *rows[i].contract != '\0' ? "  availability: " : "",
		    rows[i].contract, "\n", NULL);
		g_autoptr(Ruleset) ruleset = ruleset_of(
		    files_of(CALENDAR_ALWAYS, "plans/p.yaml", plan,
			"contracts/c.yaml", contract, NULL));
		g_autofree char *found = told(terms_of(ruleset, "c"));

		g_assert_cmpstr(found, ==, rows[i].terms);
	}
}

/* Line 7 is the plan's `terms`, column 23 what stands for `%s`. */
static void
test_refused(void)
{
	static const struct {
		const char *text, *problems;
	} rows[] = {
		{ "{}",
		    "7:23: how much is promised? add 'objective: 99.9 %' or "
		    "'guaranteed: 99.9 %'\n" },
		{ "99.9 %",
		    "7:23: keys and values are expected here, not a single "
		    "value\n" },
		{ "{objective: 99.9 %, guaranteed: 99.9 %}",
		    "7:35: it is an 'objective' or 'guaranteed'; keep one\n" },
		{ "{objective: 99.9}",
		    "7:35: '99.9' is no share of the time; write 99.9 %, with "
		    "at most four digits behind the point\n" },
		{ "{objective: 100.1 %}",
		    "7:35: '100.1 %' is no share of the time; write 99.9 %, "
		    "with at most four digits behind the point\n" },
		{ "{objective: 0 %}",
		    "7:35: '0 %' is no share of the time; write 99.9 %, with "
		    "at most four digits behind the point\n" },
		{ "{objective: 99.99999 %}",
		    "7:35: '99.99999 %' is no share of the time; write 99.9 "
		    "%, with at most four digits behind the point\n" },
		{ "{objective: -1 %}",
		    "7:35: '-1 %' is no share of the time; write 99.9 %, with "
		    "at most four digits behind the point\n" },
		{ "{objective: 99. %}",
		    "7:35: '99. %' is no share of the time; write 99.9 %, "
		    "with at most four digits behind the point\n" },
		{ "{objective: 99 %, targets: x}",
		    "7:41: unknown key 'targets'; known: every, objective, "
		    "guaranteed, counts, hosts, services, planned\n" },
		{ "{objective: 99 %, every: 1d}",
		    "7:48: availability is counted by the month: 1mo\n" },
		{ "{objective: 99 %, counts: [down, critcal]}",
		    "7:56: unknown level of an alert 'critcal'; did you mean "
		    "'critical'?\n" },
		{ "{objective: 99 %, counts: ok}",
		    "7:49: unknown level of an alert 'ok'" },
		{ "{objective: 99 %, counts: []}",
		    "7:49: name a level: down, critical\n" },
		{ "{objective: 99 %, hosts: []}",
		    "7:48: an empty list would count nothing; name a pattern, "
		    "or leave 'hosts' out\n" },
		{ "{objective: 99 %, services: [a, \"*a*b*c*d*\"]}",
		    "7:55: a name with at most 4 '*' is expected here\n" },
		{ "{objective: 99 %, planned: {}}",
		    "7:50: what is planned? add 'announced', 'nightly' or "
		    "both, or leave 'planned' out\n" },
		{ "{objective: 99 %, planned: {announced: 2d}}",
		    "7:62: write it in hours, as 48h\n" },
		{ "{objective: 99 %, planned: {announced: soon}}", "7:62: " },
		{ "{objective: 99 %, planned: {nightly: 01:00}}",
		    "7:60: '01:00' is no window of the night; write "
		    "01:00-02:00\n" },
		{ "{objective: 99 %, planned: {nightly: 01:00-25:00}}",
		    "7:60: '01:00-25:00' is no window of the night; write "
		    "01:00-02:00\n" },
		{ "{objective: 99 %, planned: {nightly: 01:00-01:00}}",
		    "7:60: '01:00-01:00' is no window of the night; write "
		    "01:00-02:00\n" },
		{ "{objective: 99 %, planned: {nightly: 24:00-01:00}}",
		    "7:60: '24:00-01:00' is no window of the night; write "
		    "01:00-02:00\n" },
		{ "{objective: 99 %, planned: {nightly: 01:00-02:00, zone: "
		  "Europe/Paris}}",
		    "7:79: " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *plan = g_strconcat(
		    PLAN_HEAD "terms: {availability: ", rows[i].text, "}\n",
		    NULL);
		g_autofree char *found = problems_of_files(
		    files_of(CALENDAR_ALWAYS, "plans/p.yaml", plan,
			"contracts/c.yaml", CONTRACT, NULL));
		g_autofree char *wanted =
		    g_strconcat("rules/plans/p.yaml:", rows[i].problems, NULL);

		if (g_str_has_suffix(wanted, "\n"))
			g_assert_cmpstr(found, ==, wanted);
		else if (!g_str_has_prefix(found, wanted))
			g_assert_cmpstr(found, ==, wanted);
	}
}

/* What the shipped plans and contracts promise (doc/domain.md 5). */
static void
test_shipped(void)
{
	static const struct {
		const char *contract, *terms;
	} rows[] = {
		{ "halcyon-data",
		    "objective 999000 critical down; -; HTTP*,API*; ahead "
		    "172800; 3600-7200" },
		{ "phare-ouest", "guaranteed 999500 down; -; -; ahead 259200" },
		{ "brasserie-lambic", "" },
	};
	g_autoptr(Ruleset) ruleset = shipped_rules();
	g_autofree char *business = told(
	    ruleset_plan(ruleset, "nuxit-business")->availability);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = told(
		    terms_of(ruleset, rows[i].contract));

		g_assert_cmpstr(found, ==, rows[i].terms);
	}
	g_assert_cmpstr(business, ==,
	    "guaranteed 999000 critical down; -; -; ahead 0");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/availability-load/read", test_read);
	g_test_add_func("/availability-load/refused", test_refused);
	g_test_add_func("/availability-load/shipped", test_shipped);
	return g_test_run();
}
