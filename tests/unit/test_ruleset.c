#include "guichet/alert/alert_map.h"
#include "rulesets.h"

#define PLAN_HEAD                                 \
 "title: x\nzone: Europe/Paris\nintake: always\n" \
 "severities: {1: a, 2: b}\ndefault: {severity: 2}\n"
#define NO_TARGETS "targets: []\n"

static const char bare[] = PLAN_HEAD NO_TARGETS;

/* Each file with its mistakes and what is said of them; the other files of the
 * set are right. */
static void
test_mistakes(void)
{
	static const struct {
		const char *file, *text, *problems;
	} rows[] = {
		{ "calendars/c.yaml", "open: []\n",
		    "1:7: the calendar never opens; give 'open' or 'always: "
		    "yes'\n" },
		{ "calendars/c.yaml", "zone: client\n",
		    "1:1: the calendar never opens; give 'open' or 'always: "
		    "yes'\n" },
		{ "calendars/c.yaml",
		    "zone: Europe/Pariss\nholidays: [fr]\n"
		    "open: [Mon-Fri 9-17, Mon-Fry 09:00-17:00, Mon 25:00 - Fri "
		    "18:00]\n",
		    "1:7: 'Europe/Pariss' is no time zone of this system; "
		    "write one such as Europe/Paris\n"
		    "2:12: unknown set of holidays 'fr'; known: none\n"
		    "3:8: 'Mon-Fri 9-17' is no opening time; write 'Mon-Fri "
		    "09:00-12:30' or 'Mon 09:00 - Fri 18:00'\n"
		    "3:22: 'Mon-Fry 09:00-17:00' is no opening time; write "
		    "'Mon-Fri 09:00-12:30' or 'Mon 09:00 - Fri 18:00'\n"
		    "3:43: 'Mon 25:00 - Fri 18:00' is no opening time; write "
		    "'Mon-Fri 09:00-12:30' or 'Mon 09:00 - Fri 18:00'\n" },
		{ "calendars/c.yaml",
		    "always: yes\nclosures: [{date: 2026-02-29, name: x}]\n"
		    "openings: [{date: 2026-02-28, from: 10:00, to: 09:00}]\n",
		    "1:1: 'always: yes' is open around the clock; remove it, "
		    "or 'open', 'openings' and 'closures'\n"
		    "2:19: '2026-02-29' is no date; write 2026-11-20\n"
		    "3:12: 'to' must be later than 'from'\n" },
		{ "calendars/f.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", NULL },
		{ "plans/p.yaml", "titel: x\n",
		    "1:1: the key 'default' is missing\n"
		    "1:1: the key 'intake' is missing\n"
		    "1:1: the key 'severities' is missing\n"
		    "1:1: the key 'targets' is missing\n"
		    "1:1: the key 'title' is missing\n"
		    "1:1: the key 'zone' is missing\n"
		    "1:1: unknown key 'titel'; did you mean 'title'?\n" },
		{ "plans/p.yaml",
		    PLAN_HEAD "targets:\n"
			      "- {milestone: response, "
			      "commitment: guaranteed, within: "
			      "4h}\n"
			      "- {milestone: restore, "
			      "commitment: objective}\n"
			      "- {milestone: workaround, "
			      "commitment: objective, within: "
			      "11y, clock: desks}\n",
		    "7:3: a target without a clock; name the calendar its "
		    "time runs on, as in 'clock: always'\n"
		    "8:3: this objective target needs a term, as in 'within: "
		    "4h'\n"
		    "9:58: \n"
		    "9:70: unknown calendar 'desks'; did you mean 'desk'?\n" },
		{ "plans/p.yaml",
		    PLAN_HEAD "targets:\n"
			      "- {milestone: response, commitment: guaranteed, "
			      "within: 4h, clock: always, when: {severity: "
			      "[0, 3, 1]}}\n"
			      "- {milestone: response, commitment: guaranteed, "
			      "within: 5h, clock: always, when: {kind: "
			      "panne}}\n",
		    "7:94: '0' is no severity; severities go from 1, the "
		    "worst, to 9\n"
		    "7:97: the plan has no severity 3; add it to "
		    "'severities' or correct the number\n"
		    "8:89: unknown kind 'panne'; known: incident, request, "
		    "question, duty\n" },
		{ "plans/p.yaml",
		    "title: x\nzone: Mars/Olympus\nintake: alway\n"
		    "holidays: fr\n"
		    "severities: {0: a, 12: b, 3: c}\n"
		    "default: {severity: 1, kind: duty}\n" NO_TARGETS,
		    "2:7: 'Mars/Olympus' is no time zone of this system; write "
		    "one such as Europe/Paris\n"
		    "3:9: unknown calendar 'alway'; did you mean 'always'?\n"
		    "4:11: unknown set of holidays 'fr'; known: none\n"
		    "5:14: '0' is no severity; severities go from 1, the "
		    "worst, to 9\n"
		    "5:20: '12' is no severity; severities go from 1, the "
		    "worst, to 9\n"
		    "6:21: the plan has no severity 1; add it to 'severities' "
		    "or correct the number\n"
		    "6:30: unknown word 'duty'; known: incident, request, "
		    "question\n" },
		{ "plans/p.yaml",
		    PLAN_HEAD NO_TARGETS
		    "fields: {fusion: yes-no, users: number}\n"
		    "components:\n"
		    "  Ria: {title: Ria, covered_if: fussion}\n"
		    "  f5: {title: F5, covered: no, covered_if: users}\n",
		    "7:10: nothing in the plan asks for the field 'fusion'; "
		    "use it or remove it\n"
		    "9:3: write 'Ria' in small letters, as rules set it\n"
		    "9:33: the plan has no yes-no field 'fussion'; add it to "
		    "'fields' or correct the name\n"
		    "10:44: 'covered: no' and 'covered_if' exclude each "
		    "other; keep one\n"
		    "10:44: the plan has no yes-no field 'users'; add it to "
		    "'fields' or correct the name\n" },
		{ "plans/p.yaml", PLAN_HEAD NO_TARGETS "otherwise: q\n",
		    "7:12: 'otherwise' is never used without 'applies'; say "
		    "when the plan itself applies\n" },
		{ "plans/p.yaml",
		    PLAN_HEAD NO_TARGETS
		    "applies: {kind: incident}\notherwise: p\n",
		    "8:12: 'otherwise' leads back to 'p'; one plan of the "
		    "round must end it\n" },
		{ "plans/p.yaml",
		    PLAN_HEAD NO_TARGETS
		    "warnings: {shares: [50, 40, 100], hours: nuit, to: [x]}\n"
		    "continuous: {severities: [1]}\n"
		    "duties: [{name: a, title: a, every: 2h, clock: desk}]\n"
		    "terms: {hour: 3}\n",
		    "7:25: '40' is no share; shares are percents from 1 to "
		    "99 in ascending order, the breach comes by itself\n"
		    "7:29: '100' is no share; shares are percents from 1 to "
		    "99 in ascending order, the breach comes by itself\n"
		    "7:42: unknown calendar 'nuit'; known: always, desk\n"
		    "7:53: 'x' is no mail address; write name@domain alone\n"
		    "8:13: the key 'remind_every' is missing\n"
		    "9:37: a duty comes back every so many d, bd or mo\n"
		    "10:9: unknown key 'hour'; did you mean 'hours'?\n" },
		{ "match/m.yaml",
		    "rules:\n"
		    "- name: a\n"
		    "  when: {subjet: x, text: '(', robot: robo, contract: c, "
		    "any: []}\n"
		    "  set: {severity: 11, kind: panne, contract: c, scope: "
		    "'${x}', tags: ['${y']}\n"
		    "- name: a\n"
		    "  when: {not: {text: '(?<x>a)'}, text: '(a+)+$'}\n"
		    "  set: {component: '${x}'}\n"
		    "- {name: b, when: {}}\n",
		    "3:10: unknown key 'subjet'; did you mean 'subject'?\n"
		    "3:27: bad pattern '(': missing closing parenthesis at "
		    "byte 1\n"
		    "3:39: unknown class of robots 'robo'; known: self, "
		    "bounce, receipt, feedback, autoreply, list, machine, "
		    "suspect-loop, human\n"
		    "3:55: unknown contract 'c'; known: none\n"
		    "3:63: a list of conditions is expected here\n"
		    "4:19: severities go from 1 to 9\n"
		    "4:29: unknown kind 'panne'; known: incident, request, "
		    "question\n"
		    "4:46: unknown contract 'c'; known: none\n"
		    "4:56: no pattern of this rule has a group 'x'; write "
		    "(?<x>...) in one that is not under 'not'\n"
		    "4:70: '${' without '}'\n"
		    "5:3: the file has two rules 'a'\n"
		    "6:40: the pattern '(a+)+$' backtracks too much; do not "
		    "repeat what is itself repeated, as in (a+)+, nor put .* "
		    "beside .*, or make the inner one possessive: a++\n"
		    "7:20: no pattern of this rule has a group 'x'; write "
		    "(?<x>...) in one that is not under 'not'\n"
		    "8:3: the rule does nothing; give 'set', 'stop' or both, or "
		    "name it in a scale's 'rules'\n"
		    "8:19: a condition is expected here\n" },
		{ "plans/Mon Plan.yaml", bare,
		    ": a file's name is what others call it: small letters, "
		    "digits, '-' and '_' only\n" },
		{ "plans/p.yaml", "a: [\n", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = problems_of_files(
		    files_of(CALENDAR_ALWAYS, CALENDAR_DESK, "plans/q.yaml",
			bare, rows[i].file, rows[i].text, NULL));
		g_autofree char *head = g_strconcat("rules/", rows[i].file, ":",
		    NULL);
		g_auto(GStrv) parts = g_strsplit(found, head, -1);
		g_autofree char *shown = g_strjoinv("", parts);
		g_auto(GStrv) lines = NULL, expected = NULL;

		g_test_message("%s", rows[i].text);
		g_test_message("%s", shown);
		if (rows[i].problems == NULL) {
			g_assert_cmpuint(g_strv_length(parts), >=, 1);
			g_assert_cmpstr(found, !=, "");
			continue;
		}
		if (g_str_has_prefix(rows[i].problems, ":")) {
			g_assert_true(
			    g_str_has_suffix(found, rows[i].problems));
			continue;
		}
		lines = g_strsplit(shown, "\n", -1);
		expected = g_strsplit(rows[i].problems, "\n", -1);
		for (gsize l = 0; lines[l] != NULL && expected[l] != NULL; l++)
			if (g_str_has_suffix(expected[l], ": "))
				g_assert_true(
				    g_str_has_prefix(lines[l], expected[l]));
			else
				g_assert_cmpstr(lines[l], ==, expected[l]);
		g_assert_cmpuint(g_strv_length(lines), ==,
		    g_strv_length(expected));
	}
}

/* Two conditions for one milestone, and what is said of the second. */
static void
test_overlap(void)
{
	enum {
		FINE,
		OVERLAP,
		NEVER
	};
	static const struct {
		const char *first, *second;
		int verdict;
	} rows[] = {
		{ "{severity: 1}", "{severity: 2}", FINE },
		{ "{severity: 1}", "{severity: [1, 2]}", FINE },
		{ "{severity: 1}", "{kind: incident, severity: [1, 2]}",
		    OVERLAP },
		{ "{severity: [1, 2]}", "{severity: 1}", NEVER },
		{ "{severity: 1}", "{severity: 1}", NEVER },
		{ "{}", "{}", NEVER },
		{ "{severity: 1}", "{}", FINE },
		{ "{}", "{severity: 1}", NEVER },
		{ "{severity: 1}", "{kind: incident}", OVERLAP },
		{ "{severity: 1, kind: request}", "{kind: incident}", FINE },
		{ "{scope: [a, b]}", "{scope: [b, c]}", OVERLAP },
		{ "{scope: a}", "{scope: b}", FINE },
		{ "{scope: a}", "{scope: [a, b]}", FINE },
		{ "{covered: yes}", "{covered: no}", FINE },
		{ "{covered: yes}", "{severity: 1}", OVERLAP },
		{ "{received: {in: desk}}", "{received: {in: desk, open: no}}",
		    FINE },
		{ "{received: {in: desk}}", "{received: {in: always}}",
		    OVERLAP },
		{ "{received: {in: desk}}", "{}", FINE },
		{ "{field: f}", "{field: not f}", FINE },
		{ "{field: f}", "{field: f}", NEVER },
		{ "{field: f}", "{field: g}", OVERLAP },
		{ "{field: f, severity: 1}", "{severity: 1}", FINE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(PLAN_HEAD
		    "fields: {f: yes-no, g: yes-no}\n"
		    "components:\n"
		    "  a: {title: a, covered_if: f}\n"
		    "  b: {title: b, covered_if: g}\n"
		    "targets:\n"
		    "- {milestone: response, commitment: "
		    "best-effort, when: %s}\n"
		    "- {milestone: restore, commitment: "
		    "best-effort, when: %s}\n"
		    "- {milestone: response, commitment: "
		    "best-effort, when: %s}\n",
		    rows[i].first, rows[i].second, rows[i].second);
		g_autofree char *found = problems_of_files(
		    files_of(CALENDAR_ALWAYS, CALENDAR_DESK, "plans/p.yaml",
			text, NULL));

		g_test_message("%s then %s", rows[i].first, rows[i].second);
		if (rows[i].verdict == FINE)
			g_assert_cmpstr(found, ==, "");
		else if (rows[i].verdict == NEVER)
			g_assert_cmpstr(found, ==,
			    "rules/plans/p.yaml:13:3: this response target is "
			    "never reached: that on line 11 always holds where "
			    "it does\n");
		else
			g_assert_cmpstr(found, ==,
			    "rules/plans/p.yaml:13:3: the conditions of this "
			    "response target and of that on line 11 overlap; "
			    "make them exclude each other, or the first a "
			    "special case of the second\n");
	}
}

/* A round of several plans is told at each of them. */
static void
test_otherwise(void)
{
#define NEXT(name) \
 PLAN_HEAD NO_TARGETS "applies: {severity: 1}\notherwise: " name "\n"
	g_autofree char *found = problems_of_files(
	    files_of(CALENDAR_ALWAYS, "plans/a.yaml", NEXT("b"), "plans/b.yaml",
		NEXT("c"), "plans/c.yaml", NEXT("b"), "plans/d.yaml", NEXT("e"),
		"plans/e.yaml", bare, NULL));

	g_assert_cmpstr(found, ==,
	    "rules/plans/b.yaml:8:12: 'otherwise' leads back to 'b'; one plan "
	    "of the round must end it\n"
	    "rules/plans/c.yaml:8:12: 'otherwise' leads back to 'c'; one plan "
	    "of the round must end it\n");
#undef NEXT
}

static const char one_day[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//FR\r\n"
    "BEGIN:VEVENT\r\nUID:1@example.com\r\nDTSTAMP:20250101T000000Z\r\n"
    "DTSTART;VALUE=DATE:20261120\r\nSUMMARY:Fête locale\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";

/* Which zone and which holidays a calendar has, by what its file says. */
static void
test_calendars(void)
{
	g_autoptr(Ruleset) ruleset = ruleset_of(files_of("calendars/fete.ics",
	    one_day, "calendars/a.yaml", "open: [Mon-Fri 09:00-17:00]\n",
	    "calendars/b.yaml",
	    "zone: Asia/Tokyo\nholidays: none\nopen: [Mon-Sun 09:00-17:00]\n"
	    "closures: [{date: 2026-11-19, name: Inventaire}]\n"
	    "openings: [{date: 2026-11-19, from: 10:00, to: 11:00}]\n",
	    "calendars/c.yaml",
	    "zone: client\nholidays: [fete]\nopen: [Fri 22:00-06:00]\n",
	    "calendars/d.yaml", "open: [Sat 10:00 - Tue 09:00]\n",
	    "calendars/e.yaml", "open: [Sat-Mon 10:00-24:00]\n", NULL));
	static const char *const fete[] = { "fete", NULL };
	static const char *const none[] = { NULL };
	const Zone *paris = zone_get("Europe/Paris", NULL);
	static const struct {
		const char *name;
		bool fete;
		const char *at;
		bool open;
	} rows[] = {
		{ "a", false, "2026-11-20T09:00:00+01:00", true },
		{ "a", false, "2026-11-20T08:59:59+01:00", false },
		{ "a", true, "2026-11-20T09:00:00+01:00", false },
		{ "b", true, "2026-11-20T09:00:00+09:00", true },
		{ "b", false, "2026-11-19T09:30:00+09:00", false },
		{ "b", false, "2026-11-19T10:30:00+09:00", true },
		{ "c", false, "2026-11-20T22:30:00+01:00", false },
		{ "c", false, "2026-11-27T22:30:00+01:00", true },
		{ "c", false, "2026-11-28T05:59:59+01:00", true },
		{ "c", false, "2026-11-28T06:00:00+01:00", false },
		{ "d", false, "2026-11-22T03:00:00+01:00", true },
		{ "d", false, "2026-11-24T08:59:59+01:00", true },
		{ "d", false, "2026-11-24T09:00:00+01:00", false },
		{ "e", false, "2026-11-22T23:59:59+01:00", true },
		{ "e", false, "2026-11-23T10:00:00+01:00", true },
		{ "e", false, "2026-11-24T10:00:00+01:00", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Calendar *calendar = ruleset_calendar(ruleset,
		    rows[i].name, paris, rows[i].fete ? fete : none);

		g_test_message("%s %s", rows[i].name, rows[i].at);
		g_assert_cmpint(
		    calendar_is_open(calendar, instant_of(rows[i].at)), ==,
		    rows[i].open);
	}
	g_assert_true(ruleset_calendar(ruleset, "a", paris, fete) ==
	    ruleset_calendar(ruleset, "a", paris, fete));
	g_assert_true(ruleset_calendar(ruleset, "a", paris, fete) !=
	    ruleset_calendar(ruleset, "a", paris, none));
	g_assert_null(ruleset_calendar(ruleset, "z", paris, none));
	g_assert_cmpuint(holidays_count(ruleset_holidays(ruleset, "fete")), ==,
	    1);
	g_assert_null(ruleset_holidays(ruleset, "a"));
	g_assert_cmpstr(
	    calendar_closure(ruleset_calendar(ruleset, "a", paris, fete),
		date_of(2026, 11, 20)),
	    ==, "Fête locale");
}

/* The bytes alone do not tell two sets apart. */
static void
test_hash(void)
{
	RuleFiles *sets[] = {
		files_of("plans/a.yaml", "xy", "plans/b.yaml", "z", NULL),
		files_of("plans/a.yaml", "x", "plans/b.yaml", "yz", NULL),
		files_of("plans/a.yaml", "xy", "plans/c.yaml", "z", NULL),
		files_of("plans/a.yaml", "xyz", NULL),
		files_of(NULL, NULL),
	};
	g_autoptr(RuleFiles) same = files_of("plans/b.yaml", "z",
	    "plans/a.yaml", "xy", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(sets); i++)
		for (gsize j = 0; j < i; j++)
			g_assert_cmpstr(sets[i]->hash, !=, sets[j]->hash);
	g_assert_cmpstr(same->hash, ==, sets[0]->hash);
	for (gsize i = 0; i < G_N_ELEMENTS(sets); i++)
		rule_files_free(sets[i]);
}

/* All that is shipped, answers and robots too. */
static void
test_shipped(void)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(RuleFiles) files = rule_files_read("rules", problems);
	g_autoptr(Ruleset) ruleset = ruleset_load(files, "rules", problems);
	g_autofree char *found = problems_format(problems);
	const Template *subject = NULL, *text = NULL, *html = NULL;

	g_assert_cmpstr(found, ==, "");
	g_assert_cmpuint(problems_count(files->passed_over), ==, 0);
	g_assert_nonnull(ruleset_robots(ruleset));
	g_assert_cmpuint(ruleset_contracts(ruleset)->len, >=, 6);
	g_assert_cmpuint(strlen(ruleset_hash(ruleset)), ==, 64);
	g_assert_true(ruleset_reply(ruleset, "acknowledgment", "fr", &subject,
	    &text, &html));
	g_assert_true(subject != NULL && text != NULL && html != NULL);
	g_assert_false(ruleset_reply(ruleset, "acknowledgment", "de", &subject,
	    &text, &html));
	g_assert_false(
	    ruleset_reply(ruleset, "nothing", "en", &subject, &text, &html));
}

/* A set that answers has every answer, and each is checked. */
static void
test_replies(void)
{
	g_autofree char *found = problems_of_files(
	    files_of("replies/fr/reply.txt", "Bonjour\n{{ nul_ne_sait }}\n",
		"replies/fr/salut.txt", "x", "replies/en/reply.subject", "x",
		NULL));
	static const char *const expected[] = {
		"rules/replies/fr/reply.txt:2:",
		"rules/replies/fr/salut.txt: no answer has that name\n",
		"rules/replies/en/reply.txt: missing; ",
		"rules/replies/fr/reply.subject: missing; ",
		"rules/replies/en/acknowledgment.txt: missing; ",
		"rules/robots.yaml: missing; ",
	};

	g_test_message("%s", found);
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_nonnull(strstr(found, expected[i]));
	g_assert_null(strstr(found, "replies/en/reply.subject"));
}

/* Whoever only reads the queue needs no recogniser, not even a bad one. */
static void
test_terms(void)
{
	g_autoptr(RuleFiles) files = files_of(CALENDAR_ALWAYS,
	    "calendars/a.yaml", "always: yes\n", "plans/p.yaml", bare,
	    "contracts/c.yaml",
	    "client: C\nlanguage: fr\ndomains: [c.example]\n"
	    "versions: [{from: 2026-01-01, plans: [p]}]\n",
	    "alerts/hosts.yaml", "hosts: [{host: web1, contract: c}]\n",
	    "alerts/bad.yaml", "system: 3\n", "match/bad.yaml", "x\n", NULL);
	g_autoptr(Problems) none = problems_new(), all = problems_new();
	g_autoptr(Ruleset) terms = ruleset_load_terms(files, "rules", none);
	g_autoptr(Ruleset) whole = ruleset_load(files, "rules", all);
	g_autofree char *found = problems_format(none);

	g_assert_cmpstr(found, ==, "");
	g_assert_null(whole);
	g_assert_cmpuint(problems_count(all), >, 1);
	g_assert_cmpstr(ruleset_hash(terms), ==, files->hash);
	g_assert_nonnull(ruleset_plan(terms, "p"));
	g_assert_nonnull(ruleset_contract(terms, "c"));
	g_assert_cmpstr(
	    alert_map_host(ruleset_alert_map(terms), "", "web1", "")->contract,
	    ==, "c");
}

/* A pattern that backtracks without measure is a mistake wherever one may
 * stand; of files that were loaded before it is not looked for again. */
static void
test_known(void)
{
	static const char *const files[][2] = {
		{ "match/m.yaml",
		    "rules: [{name: a, when: {subject: '(a+)+$'}, "
		    "set: {severity: 1}}]\n" },
		{ "robots.yaml",
		    "[{class: list, name: a, header: X-A, "
		    "value: '(a+)+$'}]\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		for (int known = 0; known < 2; known++) {
			g_autoptr(RuleFiles) one = files_of(files[i][0],
			    files[i][1], NULL);
			g_autoptr(Problems) problems = problems_new();
			g_autoptr(Ruleset) ruleset = NULL;
			g_autofree char *found = NULL;

			problems_set_known(problems, known);
			ruleset = ruleset_load(one, "rules", problems);
			found = problems_format(problems);
			g_test_message("%s: %s", files[i][0], found);
			g_assert_true((strstr(found, "backtracks too much") !=
					  NULL) == !known);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ruleset/mistakes", test_mistakes);
	g_test_add_func("/ruleset/overlap", test_overlap);
	g_test_add_func("/ruleset/otherwise", test_otherwise);
	g_test_add_func("/ruleset/calendars", test_calendars);
	g_test_add_func("/ruleset/hash", test_hash);
	g_test_add_func("/ruleset/shipped", test_shipped);
	g_test_add_func("/ruleset/replies", test_replies);
	g_test_add_func("/ruleset/terms", test_terms);
	g_test_add_func("/ruleset/known", test_known);
	return g_test_run();
}
