#include "rulesets.h"

static const Contract *
shipped(const Ruleset *ruleset, const char *name)
{
	const Contract *contract = ruleset_contract(ruleset, name);

	g_assert_nonnull(contract);
	return contract;
}

/* An old ticket keeps the version of its day, which begins at midnight in the
 * zone of the contract. */
static void
test_versions(void)
{
	static const struct {
		const char *contract, *at, *plan;
	} rows[] = {
		{ "acier-vosges", "2025-01-31T23:59:59+01:00", NULL },
		{ "acier-vosges", "2025-02-01T00:00:00+01:00", "ald" },
		{ "acier-vosges", "2026-01-31T23:59:59+01:00", "ald" },
		{ "acier-vosges", "2026-01-31T23:00:00Z", "sos24" },
		{ "acier-vosges", "2030-01-01T00:00:00Z", "sos24" },
		{ "halcyon-data", "2025-12-31T23:59:59Z", NULL },
		{ "halcyon-data", "2026-01-01T00:00:00Z", "semarchy" },
	};
	g_autoptr(Ruleset) ruleset = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Contract *contract = shipped(ruleset, rows[i].contract);
		Terms terms = { .plan = NULL };
		bool found = ruleset_terms(ruleset, contract,
		    instant_of(rows[i].at), &terms);

		g_test_message("%s %s", rows[i].contract, rows[i].at);
		g_assert_cmpint(found, ==, rows[i].plan != NULL);
		g_assert_cmpstr(terms.plan == NULL ? NULL : terms.plan->name,
		    ==, rows[i].plan);
		g_assert_cmpint(
		    contract_version(contract, instant_of(rows[i].at)) != NULL,
		    ==, found);
	}
}

static void
test_terms(void)
{
	g_autoptr(Ruleset) ruleset = shipped_rules();
	const Contract *halcyon = shipped(ruleset, "halcyon-data");
	const Contract *acier = shipped(ruleset, "acier-vosges");
	Terms terms;

	g_assert_true(ruleset_terms(ruleset, halcyon,
	    instant_of("2026-06-01T10:00Z"), &terms));
	g_assert_cmpstr(zone_name(terms.zone), ==, "Europe/London");
	g_assert_cmpstr(
	    zone_name(calendar_zone(terms_calendar(&terms, "semarchy"))), ==,
	    "Europe/London");
	g_assert_true(ruleset_terms(ruleset, acier,
	    instant_of("2026-06-01T10:00Z"), &terms));
	g_assert_null(terms.zone);
	g_assert_cmpstr(g_hash_table_lookup(terms.fields, "gateways"), ==,
	    "yes");
	g_assert_cmpstr(
	    zone_name(calendar_zone(terms_calendar(&terms, "sos24"))), ==,
	    "Europe/Paris");
	/* The same question gives the same calendar. */
	g_assert_true(terms_calendar(&terms, "always") ==
	    terms_calendar(&terms, "always"));
	g_assert_true(acier->has_until);
	g_assert_cmpint(acier->until, ==, date_of(2027, 1, 31));
	g_assert_cmpint(acier->term.unit, ==, DURATION_MONTHS);
	g_assert_cmpint(acier->notice.count, ==, 1);
	g_assert_false(halcyon->has_until);
	g_assert_true(halcyon->named_contacts_only);
	g_assert_cmpstr(halcyon->language, ==, "en");
	g_assert_null(ruleset_contract(ruleset, "nobody"));
}

static void
test_match(void)
{
	static const struct {
		const char *contract, *address;
		ContactMatch match;
	} rows[] = {
		{ "acier-vosges", "jeanne.morel@acier-vosges.example",
		    CONTACT_NAMED },
		{ "acier-vosges", "stagiaire@acier-vosges.example",
		    CONTACT_DOMAIN },
		{ "acier-vosges", "x@it.acier-vosges.example", CONTACT_NONE },
		{ "acier-vosges", "x@faux-acier-vosges.example", CONTACT_NONE },
		{ "acier-vosges", "acier-vosges.example", CONTACT_NONE },
		{ "acier-vosges", "", CONTACT_NONE },
		{ "clinique-alize", "astreinte@si.clinique-alize.example",
		    CONTACT_NAMED },
		{ "clinique-alize", "x@si.clinique-alize.example",
		    CONTACT_DOMAIN },
		{ "studio-orme", "ines.garnier.orme@mail.example",
		    CONTACT_NAMED },
		{ "studio-orme", "autre@mail.example", CONTACT_NONE },
	};
	g_autoptr(Ruleset) ruleset = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s %s", rows[i].contract, rows[i].address);
		g_assert_cmpint(
		    contract_match(shipped(ruleset, rows[i].contract),
			rows[i].address),
		    ==, rows[i].match);
	}
}

static void
test_public_domains(void)
{
	static const char *const public[] = { "gmail.com", "GMail.com",
		"orange.fr", "free.fr", "laposte.net", "skynet.be",
		"proximus.be", "outlook.com", "outlook.fr", "hotmail.co.uk",
		"hotmail.fr", "yahoo.fr", "yahoo.com.br", "icloud.com",
		"gmx.de", "proton.me", "protonmail.ch", "wanadoo.fr", "live.be",
		"sfr.fr", "telenet.be" };
	static const char *const owned[] = { "acier-vosges.example",
		"gmail.com.example", "notgmail.com", "live.societe.example",
		"yahoo.acme.example", "free.fr.example", "corp.orange.fr", "",
		"com" };

	for (gsize i = 0; i < G_N_ELEMENTS(public); i++) {
		g_test_message("%s", public[i]);
		g_assert_true(contract_public_domain(public[i]));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(owned); i++) {
		g_test_message("%s", owned[i]);
		g_assert_false(contract_public_domain(owned[i]));
	}
}

static const char plan[] =
    "title: x\nzone: Europe/Paris\nintake: always\ncontacts_max: 1\n"
    "severities: {1: a}\ndefault: {severity: 1}\n"
    "fields: {nuit: yes-no, postes: number, note: text}\n"
    "targets: [{milestone: response, commitment: best-effort, "
    "when: {field: nuit}}]\n"
    "terms: {fees: {per: postes, every: 1mo, amount: 9.00 EUR}, penalty: {for: availability, of: note}}\n";

static const char tailored[] =
    "title: x\nzone: Europe/Paris\nintake: always\n"
    "severities: {1: a}\ndefault: {severity: 1}\ntargets: contract\n";

static char *
problems_of(const char *contract)
{
	return problems_of_files(files_of(CALENDAR_ALWAYS, "plans/x.yaml", plan,
	    "plans/mesure.yaml", tailored, "contracts/c.yaml", contract, NULL));
}

#define VERSION "versions: [{from: 2026-01-01, plans: [x]}]\n"
#define CLIENT  "client: C\nlanguage: fr\ndomains: [c.example]\n"

static void
test_mistakes(void)
{
	static const struct {
		const char *text, *problems;
	} rows[] = {
		{ CLIENT VERSION, "" },
		{ "client: C\nlanguage: de\n" VERSION,
		    "1:1: nobody can write under this contract; give "
		    "'contacts' or 'domains'\n"
		    "2:11: unknown word 'de'; known: en, fr\n" },
		/* Who knows an address is no client for it. */
		{ "client: C\nlanguage: fr\n"
		  "recipients: [c@desk.example]\n" VERSION,
		    "3:13: nobody can write under this contract: 'recipients' "
		    "only choose among a sender's own; give 'contacts' or "
		    "'domains'\n" },
		{ "client: C\nlanguage: fr\ndomains: [gmail.com, 'c', "
		  "ok.example]\n" VERSION,
		    "3:11: anybody can have an address at 'gmail.com': it "
		    "names no client; list the contacts' addresses instead\n"
		    "3:22: 'c' is no domain; write example.com\n" },
		{ CLIENT "contacts:\n- {address: a@c.example}\n"
			 "- {address: A@c.example}\n- {address: a b}\n" VERSION,
		    "5:1: the plan 'x' allows 1 named contacts, here are 3\n"
		    "6:13: 'a@c.example' is there twice\n"
		    "7:13: 'a b' is no mail address; write name@domain "
		    "alone\n" },
		{ CLIENT "versions: []\n",
		    "4:11: a list of dated versions is expected here, each "
		    "with 'from' and 'plans'\n" },
		{ CLIENT "versions:\n- {from: 2026-02-30, plans: [y]}\n"
			 "- {from: 2026-01-01, plans: [x], zone: "
			 "Europe/Pari, holidays: [fr]}\n"
			 "- {from: 2026-01-01, plans: [x]}\n",
		    "5:10: '2026-02-30' is no date; write 2026-11-20\n"
		    "5:30: unknown plan 'y'; known: mesure, x\n"
		    "6:40: 'Europe/Pari' is no time zone of this system; "
		    "write one such as Europe/Paris\n"
		    "6:64: unknown set of holidays 'fr'; known: none\n"
		    "7:3: versions go by ascending 'from'; this one is not "
		    "later than that on line 6\n" },
		{ CLIENT "versions:\n- {from: 2026-01-01, plans: [x], fields: "
			 "{nuit: oui, postes: dix, note: oui, jour: no}}\n",
		    "5:49: 'nuit' is yes or no, not 'oui'\n"
		    "5:62: 'postes' is a whole number, not 'dix'\n"
		    "5:78: unknown field of the contract's plans 'jour'; "
		    "known: note, nuit, postes\n" },
		{ CLIENT "versions: [{from: 2026-01-01, plans: [mesure]}]\n",
		    "4:12: the plan 'mesure' leaves the promises to the "
		    "contract; add 'targets'\n" },
		{ CLIENT "versions:\n- from: 2026-01-01\n  plans: [mesure]\n"
			 "  targets: [{milestone: response, commitment: "
			 "guaranteed, within: 1h, when: {severity: 2}}]\n"
			 "  continuous: {severities: [3]}\n",
		    "7:13: a target without a clock; name the calendar its "
		    "time runs on, as in 'clock: always'\n"
		    "7:88: the plan has no severity 2; add it to "
		    "'severities' or correct the number\n"
		    "8:15: the key 'remind_every' is missing\n"
		    "8:29: the plan has no severity 3; add it to "
		    "'severities' or correct the number\n" },
		{ CLIENT VERSION "term: {until: soon, renewed_by: 10h}\n",
		    "5:15: 'soon' is no date; write 2026-11-20\n"
		    "5:33: a contract is renewed by so many mo or d\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = problems_of(rows[i].text);
		g_auto(GStrv) parts = g_strsplit(found,
		    "rules/contracts/c.yaml:", -1);
		g_autofree char *shown = g_strjoinv("", parts);

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(shown, ==, rows[i].problems);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/contract/versions", test_versions);
	g_test_add_func("/contract/terms", test_terms);
	g_test_add_func("/contract/match", test_match);
	g_test_add_func("/contract/public-domains", test_public_domains);
	g_test_add_func("/contract/mistakes", test_mistakes);
	return g_test_run();
}
