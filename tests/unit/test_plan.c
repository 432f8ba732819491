#include "rulesets.h"

/* "response guaranteed 24h always; restore ..." or "nothing". */
static char *
promise(const Plan *plan, const Target *const targets[MILESTONE_COUNT])
{
	GString *text = g_string_new(plan == NULL ? "nothing" : plan->name);

	g_string_append_c(text, ':');
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		const Target *target = targets[i];
		g_autofree char *within = NULL;

		if (target == NULL)
			continue;
		within = target->has_term ? duration_format(target->within)
					  : g_strdup("-");
		g_string_append_printf(text, " %s %s %s %s;",
		    milestone_name(target->milestone),
		    commitment_name(target->commitment), within, target->clock);
	}
	return g_string_free(text, FALSE);
}

static GHashTable *
fields_of(const char *text)
{
	GHashTable *fields = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, g_free);
	g_auto(GStrv) words = g_strsplit_set(text, "= ", -1);

	for (gsize i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
		g_hash_table_insert(fields, g_strdup(words[i]),
		    g_strdup(words[i + 1]));
	return fields;
}

static char *
promise_of(const Ruleset *ruleset, const char *name, int severity,
    TicketKind kind, const char *component, const char *fields_text,
    const char *received)
{
	g_autoptr(GHashTable) fields = fields_of(fields_text);
	Terms terms = {
		.ruleset = ruleset,
		.plan = ruleset_plan(ruleset, name),
		.fields = fields,
	};
	Facts facts = {
		.severity = severity,
		.kind = kind,
		.scope = "",
		.component = component,
		.received = instant_of(received),
	};
	const Target *targets[MILESTONE_COUNT];
	const Plan *plan;

	g_assert_nonnull(terms.plan);
	facts.excluded_component = !plan_covers_component(terms.plan, component,
	    fields);
	plan = plan_in_force(&terms, &facts, targets);
	return promise(plan, targets);
}

#define FRIDAY_NOON "2026-11-20T12:00:00+01:00"
#define SATURDAY    "2026-11-21T12:00:00+01:00"

/* What each provider's texts promise (doc/domain.md 5). */
static void
test_promises(void)
{
	static const struct {
		const char *plan;
		int severity;
		TicketKind kind;
		const char *component, *fields, *received, *promise;
	} rows[] = {
		{ "sos24", 1, KIND_INCIDENT, "", "", FRIDAY_NOON,
		    "sos24: response guaranteed 24h always;" },
		{ "sos24", 1, KIND_INCIDENT, "inconnu", "", FRIDAY_NOON,
		    "sos24: response guaranteed 24h always;" },
		{ "sos24", 1, KIND_INCIDENT, "cups", "", SATURDAY,
		    "sos24: response guaranteed 24h always;" },
		{ "sos24", 1, KIND_INCIDENT, "netscaler", "", FRIDAY_NOON,
		    "ald: response best-effort - always;" },
		{ "sos24", 1, KIND_INCIDENT, "ria", "", FRIDAY_NOON,
		    "ald: response best-effort - always;" },
		{ "sos24", 1, KIND_INCIDENT, "ria", "fusion=yes", FRIDAY_NOON,
		    "sos24: response guaranteed 24h always;" },
		{ "sos24", 1, KIND_INCIDENT, "gateway", "gateways=no",
		    FRIDAY_NOON, "ald: response best-effort - always;" },
		{ "sos24", 1, KIND_REQUEST, "", "", FRIDAY_NOON,
		    "ald: response best-effort - always;" },
		{ "sos24", 2, KIND_INCIDENT, "", "erp_monitoring=yes",
		    FRIDAY_NOON, "ald: response best-effort 10d always;" },
		{ "ald", 1, KIND_INCIDENT, "", "erp_monitoring=no", FRIDAY_NOON,
		    "ald: response best-effort - always;" },
		{ "myown-a", 3, KIND_REQUEST, "", "", SATURDAY,
		    "myown-a: response guaranteed 24h always;" },
		{ "myown-b", 1, KIND_INCIDENT, "", "", FRIDAY_NOON,
		    "myown-b: response guaranteed 4h always;" },
		{ "myown-b", 1, KIND_INCIDENT, "", "", SATURDAY,
		    "myown-b: response guaranteed 12h always;" },
		{ "myown-b", 1, KIND_INCIDENT, "", "",
		    "2026-11-20T17:00:00+01:00",
		    "myown-b: response guaranteed 12h always;" },
		{ "myown-b", 1, KIND_INCIDENT, "", "",
		    "2026-11-20T09:00:00+01:00",
		    "myown-b: response guaranteed 4h always;" },
		{ "myown-c", 1, KIND_INCIDENT, "", "", SATURDAY,
		    "myown-c: response guaranteed 4h always;" },
		{ "semarchy", 1, KIND_INCIDENT, "", "", SATURDAY,
		    "semarchy: response objective 1h always; workaround "
		    "objective 30m always; resolution objective 1h always; "
		    "restore objective 24h always;" },
		{ "semarchy", 2, KIND_INCIDENT, "", "", SATURDAY,
		    "semarchy: response objective 1h always; workaround "
		    "objective 2d always; resolution objective 5d always; "
		    "restore objective 24h always;" },
		{ "semarchy", 3, KIND_INCIDENT, "", "", SATURDAY,
		    "semarchy: response objective 4h semarchy; workaround "
		    "objective 5bd semarchy; resolution objective 15bd "
		    "semarchy;" },
		{ "semarchy", 4, KIND_INCIDENT, "", "", SATURDAY,
		    "semarchy: response objective 8h semarchy; resolution "
		    "objective 12mo always;" },
		{ "semarchy", 3, KIND_QUESTION, "", "", SATURDAY,
		    "semarchy: response objective 4h semarchy;" },
		{ "1life", 1, KIND_INCIDENT, "", "", FRIDAY_NOON,
		    "1life: workaround best-effort - 1life;" },
		{ "1life", 1, KIND_REQUEST, "", "", FRIDAY_NOON, "1life:" },
		{ "1life", 3, KIND_INCIDENT, "", "", FRIDAY_NOON, "1life:" },
		{ "nuxit-standard", 1, KIND_INCIDENT, "", "", FRIDAY_NOON,
		    "nuxit-standard: response best-effort - nuxit;" },
		{ "nuxit-serenity", 1, KIND_INCIDENT, "", "", FRIDAY_NOON,
		    "nuxit-serenity: response best-effort - nuxit;" },
		{ "nuxit-pro", 4, KIND_INCIDENT, "", "", SATURDAY,
		    "nuxit-pro: response guaranteed 4h always;" },
		{ "nuxit-pro", 1, KIND_REQUEST, "", "", SATURDAY,
		    "nuxit-standard: response best-effort - nuxit;" },
		{ "nuxit-business", 2, KIND_INCIDENT, "", "", SATURDAY,
		    "nuxit-business: response guaranteed 45m always;" },
		{ "nuxit-critical", 1, KIND_INCIDENT, "", "", SATURDAY,
		    "nuxit-critical:" },
	};
	g_autoptr(Ruleset) ruleset = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = promise_of(ruleset, rows[i].plan,
		    rows[i].severity, rows[i].kind, rows[i].component,
		    rows[i].fields, rows[i].received);

		g_test_message("%s %d", rows[i].plan, rows[i].severity);
		g_assert_cmpstr(found, ==, rows[i].promise);
	}
}

/* From receipt to due, through calendars as plans and contracts name them. */
static void
test_dues(void)
{
	static const struct {
		const char *contract, *received, *intake, *due;
		int severity;
	} rows[] = {
		{ "acier-vosges", "2026-11-20T18:00:00+01:00",
		    "2026-11-23T09:00:00+01:00", "2026-11-24T09:00:00+01:00",
		    1 },
		{ "acier-vosges", "2026-11-25T03:12:00+01:00",
		    "2026-11-25T03:12:00+01:00", "2026-11-26T03:12:00+01:00",
		    1 },
		/* 10d under the monitoring option, over a change of clocks. */
		{ "acier-vosges", "2026-10-20T10:00:00+02:00",
		    "2026-10-20T10:00:00+02:00", "2026-10-30T10:00:00+01:00",
		    2 },
		{ "brasserie-lambic", "2026-11-20T16:59:59+01:00",
		    "2026-11-20T16:59:59+01:00", "2026-11-20T20:59:59+01:00",
		    2 },
		/* Half past four in London, where it is open until six; and
		 * 11 November is a holiday of the contract's set. */
		{ "halcyon-data", "2026-11-10T16:30:00+00:00",
		    "2026-11-10T16:30:00+00:00", "2026-11-12T10:30:00+00:00",
		    3 },
		{ "studio-orme", "2026-12-25T22:00:00+01:00",
		    "2026-12-25T22:00:00+01:00", "2026-12-26T02:00:00+01:00",
		    3 },
		{ "phare-ouest", "2026-12-25T22:00:00+01:00",
		    "2026-12-25T22:00:00+01:00", "2026-12-25T22:15:00+01:00",
		    2 },
	};
	g_autoptr(Ruleset) ruleset = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Contract *contract = ruleset_contract(ruleset,
		    rows[i].contract);
		Facts facts = {
			.severity = rows[i].severity,
			.kind = KIND_INCIDENT,
			.scope = "",
			.component = "",
			.received = instant_of(rows[i].received),
		};
		const Target *targets[MILESTONE_COUNT];
		Terms terms;
		const Target *target;
		Instant intake;

		g_test_message("%s %s", rows[i].contract, rows[i].received);
		g_assert_true(
		    ruleset_terms(ruleset, contract, facts.received, &terms));
		terms.plan = plan_in_force(&terms, &facts, targets);
		g_assert_nonnull(terms.plan);
		target = targets[MILESTONE_RESPONSE];
		g_assert_nonnull(target);
		intake = calendar_intake(
		    terms_calendar(&terms, terms.plan->intake), facts.received);
		g_assert_cmpint(intake, ==, instant_of(rows[i].intake));
		g_assert_cmpint(duration_end(target->within,
				    terms_calendar(&terms, target->clock),
				    intake),
		    ==, instant_of(rows[i].due));
	}
}

static void
test_parts(void)
{
	g_autoptr(Ruleset) ruleset = shipped_rules();
	const Plan *semarchy = ruleset_plan(ruleset, "semarchy");
	const Plan *pro = ruleset_plan(ruleset, "nuxit-pro");
	const Plan *b = ruleset_plan(ruleset, "myown-b");
	const Contract *critical = ruleset_contract(ruleset, "phare-ouest");
	Terms terms = { .ruleset = ruleset, .plan = semarchy };
	Duration every = { 0 };

	g_assert_cmpuint(ruleset_plans(ruleset)->len, ==, 12);
	g_assert_cmpint(terms_continuous(&terms, &every), ==, 1 << 1 | 1 << 2);
	g_assert_cmpint(every.count, ==, 1800);
	g_assert_true(
	    ruleset_terms(ruleset, critical, instant_of(SATURDAY), &terms));
	g_assert_cmpint(terms_continuous(&terms, &every), ==, 1 << 1);
	g_assert_cmpint(every.count, ==, 3600);
	terms = (Terms){ .ruleset = ruleset, .plan = pro };
	g_assert_cmpint(terms_continuous(&terms, NULL), ==, 0);

	g_assert_cmpint(semarchy->warning_shares[0], ==, 50);
	g_assert_cmpint(semarchy->warning_shares[1], ==, 80);
	g_assert_cmpint(semarchy->warning_shares[2], ==, 0);
	g_assert_cmpint(semarchy->contacts_max, ==, 5);
	g_assert_true(b->alerts_are_mandate);
	g_assert_false(pro->alerts_are_mandate);
	g_assert_cmpint(pro->unsure, ==, KIND_INCIDENT);
	g_assert_cmpint(semarchy->unsure, ==, KIND_COUNT);
	g_assert_cmpstr(zone_name(b->zone), ==, "Europe/Brussels");
	g_assert_cmpuint(pro->duties->len, ==, 2);
	g_assert_cmpstr(words_in(&semarchy->severity_names[1], "fr"), ==,
	    "interruption totale du service");
	g_assert_cmpstr(words_in(&semarchy->severity_names[4], "en"), ==,
	    "minor impact on the business");
	g_assert_cmpstr(words_in(&(Words){ .fr = NULL }, "fr"), ==, "");
	g_assert_cmpstr(words_in(&(Words){ .en = (char *)"x" }, "fr"), ==, "x");
}

/* A sixth provider, in YAML alone, with something of each of the five. */
static const char sixth[] =
    "title: {fr: Vigie, en: Lookout}\n"
    "provider: Vigie\n"
    "zone: America/Montreal\n"
    "intake: desk\n"
    "severities: {1: arrêt, 2: gêne}\n"
    "default: {severity: 2, kind: request}\n"
    "fields: {nuit: yes-no, bornes: yes-no}\n"
    "applies: {kind: [incident, request], covered: yes}\n"
    "otherwise: bas\n"
    "components:\n"
    "  borne: {title: Borne, covered_if: bornes}\n"
    "targets:\n"
    "- {milestone: response, commitment: guaranteed, within: 20m, clock: "
    "always,\n"
    "   when: {severity: 1, scope: [quai, gare], received: {in: desk, open: "
    "yes}}}\n"
    "- {milestone: response, commitment: guaranteed, within: 3h, clock: "
    "always,\n"
    "   when: {severity: 1, received: {in: desk, open: yes}}}\n"
    "- {milestone: response, commitment: objective, within: 6h, clock: "
    "always,\n"
    "   when: {severity: 1, received: {in: desk, open: no}, field: nuit}}\n"
    "- {milestone: response, commitment: best-effort,\n"
    "   when: {severity: 1, received: {in: desk, open: no}, field: not nuit}}\n"
    "- {milestone: resolution, commitment: objective, within: 3bd, clock: "
    "desk}\n";

static const char sixth_low[] =
    "title: Bas\n"
    "zone: America/Montreal\n"
    "intake: always\n"
    "severities: {1: a, 2: b}\n"
    "default: {severity: 2}\n"
    "targets:\n"
    "- {milestone: response, commitment: best-effort, within: 2d, clock: "
    "desk}\n";

static void
test_sixth(void)
{
	g_autoptr(Ruleset) ruleset = ruleset_of(
	    files_of(CALENDAR_ALWAYS, CALENDAR_DESK, "plans/vigie.yaml", sixth,
		"plans/bas.yaml", sixth_low, NULL));
	static const struct {
		int severity;
		TicketKind kind;
		const char *scope, *component, *fields, *received, *promise;
	} rows[] = {
		{ 1, KIND_INCIDENT, "quai", "", "", "2026-11-20T14:00Z",
		    "vigie: response guaranteed 20m always; resolution "
		    "objective 3bd desk;" },
		{ 1, KIND_INCIDENT, "port", "", "", "2026-11-20T14:00Z",
		    "vigie: response guaranteed 3h always; resolution "
		    "objective 3bd desk;" },
		{ 1, KIND_INCIDENT, "quai", "", "nuit=yes",
		    "2026-11-20T13:59:59Z",
		    "vigie: response objective 6h always; resolution "
		    "objective 3bd desk;" },
		{ 1, KIND_INCIDENT, "quai", "", "nuit=no", "2026-11-20T22:00Z",
		    "vigie: response best-effort - desk; resolution "
		    "objective 3bd desk;" },
		{ 2, KIND_REQUEST, "", "", "", "2026-11-20T14:00Z",
		    "vigie: resolution objective 3bd desk;" },
		{ 2, KIND_QUESTION, "", "", "", "2026-11-20T14:00Z",
		    "bas: response best-effort 2d desk;" },
		{ 1, KIND_INCIDENT, "", "borne", "bornes=no",
		    "2026-11-20T14:00Z", "bas: response best-effort 2d desk;" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GHashTable) fields = fields_of(rows[i].fields);
		Terms terms = { .ruleset = ruleset,
			.plan = ruleset_plan(ruleset, "vigie"),
			.fields = fields };
		Facts facts = { .severity = rows[i].severity,
			.kind = rows[i].kind,
			.scope = rows[i].scope,
			.component = rows[i].component,
			.received = instant_of(rows[i].received) };
		const Target *targets[MILESTONE_COUNT];
		g_autofree char *found = NULL;

		facts.excluded_component = !plan_covers_component(terms.plan,
		    rows[i].component, fields);
		found = promise(plan_in_force(&terms, &facts, targets),
		    targets);
		g_test_message("row %zu", i);
		g_assert_cmpstr(found, ==, rows[i].promise);
	}
}

/* A plan that applies to nothing else promises nothing else. */
static void
test_nothing(void)
{
	g_autoptr(Ruleset) ruleset = ruleset_of(
	    files_of(CALENDAR_ALWAYS, "plans/x.yaml",
		"title: x\nzone: Europe/Paris\nintake: always\n"
		"severities: {1: a}\ndefault: {severity: 1}\n"
		"applies: {kind: incident}\n"
		"targets: [{milestone: response, commitment: best-effort}]\n",
		NULL));
	g_autofree char *found = promise_of(ruleset, "x", 1, KIND_REQUEST, "",
	    "", SATURDAY);

	g_assert_cmpstr(found, ==, "nothing:");
}

static void
test_names(void)
{
	TicketKind kind = KIND_DUTY;
	Milestone milestone = MILESTONE_RESTORE;
	Commitment commitment = COMMITMENT_GUARANTEED;

	for (int i = 0; i < KIND_COUNT; i++) {
		g_assert_true(
		    ticket_kind_parse(ticket_kind_name((TicketKind)i), &kind));
		g_assert_cmpint(kind, ==, i);
	}
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		g_assert_true(
		    milestone_parse(milestone_name((Milestone)i), &milestone));
		g_assert_cmpint(milestone, ==, i);
	}
	g_assert_true(commitment_parse("best-effort", &commitment));
	g_assert_cmpint(commitment, ==, COMMITMENT_BEST_EFFORT);
	g_assert_false(ticket_kind_parse("Incident", &kind));
	g_assert_false(milestone_parse("", &milestone));
	g_assert_false(commitment_parse("none", &commitment));
	g_assert_cmpint(kind, ==, KIND_DUTY);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/plan/promises", test_promises);
	g_test_add_func("/plan/dues", test_dues);
	g_test_add_func("/plan/parts", test_parts);
	g_test_add_func("/plan/sixth", test_sixth);
	g_test_add_func("/plan/nothing", test_nothing);
	g_test_add_func("/plan/names", test_names);
	return g_test_run();
}
