#include "guichet/rules/robot.h"

#include "guichet/base/limits.h"
#include "message_fixture.h"

#define RULES_FILE "rules/robots.yaml"

static RobotRules *
load(const char *text, char **ret_problems)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("robots.yaml", text,
	    strlen(text), problems);
	RobotRules *rules = document == NULL
	    ? NULL
	    : robot_rules_load(yaml_root(document), problems);

	*ret_problems = problems_format(problems);
	return rules;
}

static RobotRules *
shipped_rules(void)
{
	g_autofree char *text = NULL, *wrong = NULL;
	g_autoptr(GError) error = NULL;
	RobotRules *rules;

	g_file_get_contents(RULES_FILE, &text, NULL, &error);
	g_assert_no_error(error);
	rules = load(text, &wrong);
	g_assert_cmpstr(wrong, ==, "");
	g_assert_nonnull(rules);
	return rules;
}

#include "robot_rows.h"

static char *
signals_of(const RobotVerdict *verdict)
{
	g_ptr_array_add(verdict->signals, NULL);
	return g_strjoinv(" ", (char **)verdict->signals->pdata);
}

/* Whether `word` is one of the blank-separated ones. */
static bool
has_word(const char *words, const char *word)
{
	g_auto(GStrv) parts = g_strsplit(words, " ", -1);

	return g_strv_contains((const char *const *)parts, word);
}

static void
check_row(const RobotRules *rules, const RobotRow *row, const char *fields)
{
	g_autofree char *mail = g_strconcat(fields,
	    strstr(fields, "From:") != NULL ? "" : PERSON_FROM,
	    strstr(fields, "Subject:") != NULL ? "" : PERSON_SUBJECT,
	    strstr(fields, "Return-Path:") != NULL ? "" : PERSON_PATH,
	    "\nBonjour, rien ne va plus.\n", NULL);
	g_autoptr(FixtureMessage) message = fixture_message(mail);
	g_autoptr(RobotVerdict) verdict = NULL;
	g_autofree char *signals = NULL;

	if (row->part != NULL)
		fixture_add_part(message, row->part);
	verdict = robot_classify(message, rules, NULL);
	signals = signals_of(verdict);
	g_test_message("%s -> %s: %s", fields, robot_class_name(verdict->class),
	    signals);
	g_assert_cmpstr(robot_class_name(verdict->class), ==,
	    robot_class_name(row->class));
	g_assert_cmpuint(verdict->failed->len, ==, 0);
	if (row->signal == NULL)
		g_assert_cmpstr(signals, ==, "");
	else
		g_assert_true(has_word(signals, row->signal));
}

/* The field's name in another case, and all its text upper-case. */
static char *
shouted(const char *fields)
{
	return g_ascii_strup(fields, -1);
}

/* Blanks folded, as a relay may do, and more around them. */
static char *
folded(const char *fields)
{
	g_auto(GStrv) lines = g_strsplit(fields, "\n", -1);
	GString *text = g_string_new(NULL);

	for (gsize i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
		char *colon = strstr(lines[i], ": ");

		if (colon != NULL)
			*colon = '\0';
		g_string_append_printf(text, "%s:%s%s  \n", lines[i],
		    colon != NULL ? "\n \t" : "",
		    colon != NULL ? colon + 2 : "");
	}
	return g_string_free(text, FALSE);
}

static void
test_table(void)
{
	g_autoptr(RobotRules) rules = shipped_rules();

	G_STATIC_ASSERT(G_N_ELEMENTS(robot_rows) >= 90);
	for (gsize i = 0; i < G_N_ELEMENTS(robot_rows); i++)
		check_row(rules, &robot_rows[i], robot_rows[i].fields);
}

static void
test_variants(void)
{
	g_autoptr(RobotRules) rules = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(robot_rows); i++) {
		const RobotRow *row = &robot_rows[i];
		g_autofree char *wide = folded(row->fields);

		check_row(rules, row, wide);
		/* ASCII case folding would break é, and the fixture's own
		 * search for field names. */
		if (g_str_is_ascii(row->fields) &&
		    strstr(row->fields, "From:") == NULL &&
		    strstr(row->fields, "Subject:") == NULL &&
		    strstr(row->fields, "Return-Path:") == NULL) {
			g_autofree char *loud = shouted(row->fields);

			check_row(rules, row, loud);
		}
	}
}

/* Every signal of the shipped file fires for some row, or is of what only the
 * desk knows: a line that no test reaches may have a mistake in it. */
static void
test_coverage(void)
{
	static const char *const elsewhere[] = { "own-message-id", "own-mark",
		"own-text", "own-references", "own-address", "same-subject",
		"to-bounce-address", "alert-source", "many-received", "bounce",
		"qmail", /* and whole mails of test_robot_weak.c: */
		"ses-notification", "sns-notification", "part-reaction",
		"calendar-answer", "content-class-calendar", "challenge-sender",
		"tmda", NULL };
	g_autoptr(RobotRules) rules = shipped_rules();
	g_autoptr(GHashTable) fired = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(robot_rows); i++) {
		if (robot_rows[i].signal != NULL)
			g_hash_table_add(fired, g_strdup(robot_rows[i].signal));
	}
	for (guint i = 0; i < rules->signals->len; i++) {
		const RobotSignal *signal = rules->signals->pdata[i];

		/* What proves nothing alone: test_robot_weak.c. */
		if (signal->class == ROBOT_NONE || signal->weight != 0 ||
		    g_strv_contains(elsewhere, signal->name))
			continue;
		g_test_message("%s", signal->name);
		g_assert_true(g_hash_table_contains(fired, signal->name));
	}
}

static void
test_context(void)
{
	static const char *const own[] = { "help@our.test", "support@our.test",
		NULL };
	static const struct {
		const char *mail;
		RobotContext context;
		RobotClass class;
		const char *signals;
	} rows[] = {
		{ PERSON_FROM, { .own_message_id = true }, ROBOT_SELF,
		    "own-message-id" },
		{ PERSON_FROM, { .own_mark = true }, ROBOT_SELF, "own-mark" },
		{ "From: Support@OUR.test\n", { .own_addresses = own },
		    ROBOT_MACHINE, "own-address" },
		{ PERSON_FROM, { .own_addresses = own }, ROBOT_NONE, "" },
		{ PERSON_FROM, { .own_references = 3 }, ROBOT_SUSPECT_LOOP,
		    "own-references" },
		{ PERSON_FROM "\n \n", { .own_references = 3 },
		    ROBOT_SUSPECT_LOOP, "own-references" },
		{ PERSON_FROM "\nMerci", { .own_references = 9 }, ROBOT_NONE,
		    "" },
		{ PERSON_FROM, { .own_references = 2 }, ROBOT_NONE, "" },
		{ PERSON_FROM, { .same_subject = 3 }, ROBOT_SUSPECT_LOOP,
		    "same-subject" },
		{ PERSON_FROM, { .same_subject = 2 }, ROBOT_NONE, "" },
		{ PERSON_FROM, { .own_text = true }, ROBOT_SUSPECT_LOOP,
		    "own-text" },
		{ PERSON_FROM, { .alert_source = true }, ROBOT_MACHINE,
		    "alert-source" },
		{ PERSON_FROM, { .bounce_address = true }, ROBOT_NONE, "" },
		{ "Return-Path: <>\n" PERSON_FROM, { .bounce_address = true },
		    ROBOT_BOUNCE, "to-bounce-address null-path" },
		{ "Return-Path: <>\n" PERSON_FROM
		  "\n\nHi. This is the qmail-send program at x.test.\n",
		    { 0 }, ROBOT_BOUNCE, "qmail null-path" },
		{ PERSON_PATH PERSON_FROM
		    "\nHi. This is the qmail-send program at x.test.\n",
		    { 0 }, ROBOT_NONE, "" },
	};
	g_autoptr(RobotRules) rules = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FixtureMessage) message = fixture_message(
		    rows[i].mail);
		g_autoptr(RobotVerdict) verdict = robot_classify(message, rules,
		    &rows[i].context);
		g_autofree char *signals = signals_of(verdict);

		g_test_message("%zu %s", i, rows[i].mail);
		g_assert_cmpstr(signals, ==, rows[i].signals);
		g_assert_cmpint(verdict->class, ==, rows[i].class);
	}
}

static void
test_structure(void)
{
	g_autoptr(RobotRules) rules = shipped_rules();
	g_autoptr(FixtureMessage) message = fixture_message(PERSON_FROM);
	g_autoptr(FixtureMessage) forwarded = fixture_message(PERSON_FROM);
	g_autoptr(RobotVerdict) at = NULL, over = NULL, bounce = NULL;
	g_autoptr(RobotVerdict) forward = NULL;
	Bounce report = { NULL, NULL, NULL };

	message->received_count = LIMIT_RECEIVED_FIELDS;
	at = robot_classify(message, rules, NULL);
	g_assert_cmpint(at->class, ==, ROBOT_NONE);
	message->received_count++;
	over = robot_classify(message, rules, NULL);
	g_assert_cmpint(over->class, ==, ROBOT_SUSPECT_LOOP);
	message->bounce = &report;
	bounce = robot_classify(message, rules, NULL);
	message->bounce = NULL;
	g_assert_cmpint(bounce->class, ==, ROBOT_BOUNCE);
	/* A person who forwards a mail as an attachment is a person. */
	fixture_add_part(forwarded, "message/rfc822");
	forward = robot_classify(forwarded, rules, NULL);
	g_assert_cmpint(forward->class, ==, ROBOT_NONE);
}

static void
test_classes(void)
{
	for (int i = ROBOT_SELF; i <= ROBOT_NONE; i++) {
		RobotClass class = ROBOT_LIST;

		g_assert_true(
		    robot_class_parse(robot_class_name((RobotClass)i), &class));
		g_assert_cmpint(class, ==, i);
	}
	g_assert_false(robot_class_parse("person", &(RobotClass){ 0 }));
}

/* What a list passes on may come from a program all the same. */
static void
test_beside_list(void)
{
	static const struct {
		const char *fields;
		RobotClass class, beside;
	} table[] = {
		{ "", ROBOT_NONE, ROBOT_NONE },
		{ "List-Id: <demandes.desk.example>\nPrecedence: list\n",
		    ROBOT_LIST, ROBOT_NONE },
		{ "List-Id: <demandes.desk.example>\n"
		  "Auto-Submitted: auto-generated\n",
		    ROBOT_LIST, ROBOT_MACHINE },
		{ "Auto-Submitted: auto-generated\n", ROBOT_MACHINE,
		    ROBOT_MACHINE },
	};
	RobotRules *rules = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *mail = g_strconcat(table[i].fields,
		    PERSON_FROM, PERSON_SUBJECT, PERSON_PATH,
		    "\nBonjour, rien ne va plus.\n", NULL);
		g_autoptr(FixtureMessage) message = fixture_message(mail);
		g_autoptr(RobotVerdict) verdict = robot_classify(message, rules,
		    NULL);

		g_assert_cmpint(verdict->class, ==, table[i].class);
		g_assert_cmpint(verdict->beside_list, ==, table[i].beside);
	}
	robot_rules_free(rules);
}

static void
test_mistakes(void)
{
	static const struct {
		const char *yaml, *problem;
	} rows[] = {
		{ "a: b", "is a list" },
		{ "- x", "" },
		{ "- {name: a, header: X}", "class" },
		{ "- {class: list, header: X}", "name" },
		{ "- {class: list, name: '', header: X}", "needs a name" },
		{ "- {class: lists, name: a, header: X}", "no class 'lists'" },
		{ "- {class: list, name: a}", "either header or test" },
		{ "- {class: list, name: a, header: X, test: from}",
		    "either header or test" },
		{ "- {class: list, name: a, test: form}", "no test 'form'" },
		{ "- {class: list, name: a, header: 'X Y'}", "no header's" },
		{ "- {class: list, name: a, header: 'X:'}", "no header's" },
		{ "- {class: list, name: a, header: '*'}", "no header's" },
		{ "- {class: list, name: a, header: 'X*Y'}", "no header's" },
		{ "- {class: list, name: a, header: X, value: '('}", "" },
		{ "- {class: list, name: a, header: X, values: b}", "values" },
		{ "- {class: list, name: a, header: X, also: b}",
		    "no signal 'b'" },
		{ "- {class: list, name: a, header: X, also: a}",
		    "the signal itself" },
		{ "- {class: list, name: a, header: X}\n"
		  "- {class: list, name: a, header: Y}",
		    "two signals" },
		{ "- {class: list, name: a, header: X, also: b}\n"
		  "- {class: list, name: b, header: X, also: c}\n"
		  "- {class: list, name: c, header: X}",
		    "chains" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wrong = NULL;
		g_autoptr(RobotRules) rules = load(rows[i].yaml, &wrong);

		g_test_message("%s: %s", rows[i].yaml, wrong);
		g_assert_null(rules);
		g_assert_cmpstr(wrong, !=, "");
		g_assert_nonnull(strstr(wrong, rows[i].problem));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/robot/table", test_table);
	g_test_add_func("/robot/variants", test_variants);
	g_test_add_func("/robot/coverage", test_coverage);
	g_test_add_func("/robot/context", test_context);
	g_test_add_func("/robot/structure", test_structure);
	g_test_add_func("/robot/classes", test_classes);
	g_test_add_func("/robot/beside-list", test_beside_list);
	g_test_add_func("/robot/mistakes", test_mistakes);
	return g_test_run();
}
