/*
 * Each mail of tests/alerts/SYSTEM/ is read and held against the lines of its
 * .expect; `none` is no alert.
 */
#include "alert-mails.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"

static void
read_as_is(const char *path, const char *bytes, Message *message,
    char **expected)
{
	g_autoptr(Alert) alert = alert_recognise(rules, message);

	(void)bytes;
	check_alert(alert, path, expected);
}

static void
test_mails(void)
{
	g_assert_cmpuint(each_mail(read_as_is), >=, 190);
}

/* Hosts are whole, and so is what joins problem and recovery. */
static void
test_keys(void)
{
	static const char *const mails[] = {
		"Subject: ** PROBLEM Host Alert: web1 is DOWN **\n\n",
		"Subject: ** RECOVERY Host Alert: web10 is UP **\n\n",
		"Subject: ** PROBLEM Service Alert: web1/0 is CRITICAL **\n\n",
		"Subject: Check_MK: web1 - UP -> DOWN\n\n",
	};
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(Message) message = message_parse(
		    (const guint8 *)mails[i], strlen(mails[i]), false);
		g_autoptr(Alert) alert = alert_recognise(rules, message);

		g_assert_nonnull(alert);
		g_assert_true(g_hash_table_add(seen,
		    g_strconcat(alert->system, " ", alert->key, NULL)));
	}
}

/* ---- hostile ---- */

static Message *
mail_of(const char *subject, const char *text)
{
	g_autofree char *mail = g_strdup_printf("From: x@example.com\n"
						"Subject: %s\n\n%s",
	    subject, text);

	return message_parse((const guint8 *)mail, strlen(mail), false);
}

static void
test_many_members(void)
{
	g_autoptr(GString) text = g_string_new("[9999] Firing\n");
	g_autoptr(Message) message = NULL;
	g_autoptr(Alert) alert = NULL;

	for (int i = 0; i < 3000; i++)
		g_string_append_printf(text,
		    "Labels\nalertname = X\ninstance = h%d:9100\n", i);
	message = mail_of("[FIRING:9999] X", text->str);
	alert = alert_recognise(rules, message);
	g_assert_nonnull(alert);
	g_assert_cmpuint(alert->members->len, ==, 500);
	g_assert_true(
	    g_strv_contains((const char *const *)alert->limits, "members"));
	g_assert_cmpstr(alert->key, ==, "X");
}

static bool
gave_up_at(const Message *message, const char *limit)
{
	g_autoptr(Alert) alert = alert_recognise(rules, message);

	g_assert_nonnull(alert);
	g_assert_cmpint(alert->type, ==, ALERT_RECOVERY);
	return g_strv_contains((const char *const *)alert->limits, limit);
}

/* A recovery of which not all was read: something below may still fail. */
static void
test_cut_texts(void)
{
	static const char head[] = "From: x@example.com\n"
				   "Subject: [RESOLVED] X\n\n"
				   "Resolved\nLabels\nalertname = X\n";
	g_autoptr(GString) text = g_string_new(head);
	g_autoptr(Message) whole = message_parse((const guint8 *)head,
	    strlen(head), false);
	g_autoptr(Message) part = message_parse((const guint8 *)head,
	    strlen(head), true);
	g_autoptr(Message) lines = NULL, size = NULL;

	g_assert_false(gave_up_at(whole, "partial"));
	g_assert_true(gave_up_at(part, "partial"));
	for (int i = 0; i < 21000; i++)
		g_string_append(text, "a\n");
	lines = message_parse((const guint8 *)text->str, text->len, false);
	g_assert_true(gave_up_at(lines, "lines"));
	g_assert_false(gave_up_at(whole, "lines"));
	for (int i = 0; i < 40000; i++)
		g_string_append(text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
	size = message_parse((const guint8 *)text->str, text->len, false);
	g_assert_true(gave_up_at(size, "text-size"));
}

static void
test_long_values(void)
{
	g_autofree char *name = g_strnfill(900, 'a');
	g_autofree char *subject =
	    g_strdup_printf("** PROBLEM Host Alert: %s is DOWN **", name);
	g_autofree char *other =
	    g_strdup_printf("** PROBLEM Host Alert: %sb is DOWN **", name);
	g_autoptr(Message) message = mail_of(subject, "x");
	g_autoptr(Message) message2 = mail_of(other, "x");
	g_autoptr(Alert) alert = alert_recognise(rules, message);
	g_autoptr(Alert) alert2 = alert_recognise(rules, message2);

	g_assert_nonnull(alert);
	g_assert_nonnull(alert2);
	g_assert_cmpuint(strlen(alert->host), <=, 400);
	g_assert_cmpuint(strlen(alert->key), <=, 600);
	g_assert_cmpstr(alert->key, !=, alert2->key);
}

/* What is shown is cut; what joins is not. */
static void
test_long_keys(void)
{
	g_autofree char *long_name = g_strnfill(700, 'a');
	g_autofree char *keys[3] = { NULL };
	g_autofree char *members[3] = { NULL };
	static const char *const ends[] = { "b", "c", "b" };

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *subject =
		    g_strdup_printf("[FIRING:1] Disk %s%s", long_name, ends[i]);
		g_autofree char *text =
		    g_strdup_printf("[1] Firing\nLabels\nalertname = Disk\n"
				    "instance = %s%s\n",
			long_name, ends[i]);
		g_autoptr(Message) message = mail_of(subject, text);
		g_autoptr(Alert) alert = alert_recognise(rules, message);
		const AlertMember *member;

		g_assert_nonnull(alert);
		g_assert_cmpuint(alert->members->len, ==, 1);
		member = alert->members->pdata[0];
		g_assert_cmpuint(strlen(member->host), <=, 400);
		g_assert_cmpuint(strlen(alert->host), <=, 400);
		keys[i] = g_strdup(alert->key);
		members[i] = g_strdup(member->key);
	}
	g_assert_cmpstr(keys[0], !=, keys[1]);
	g_assert_cmpstr(keys[0], ==, keys[2]);
	g_assert_cmpstr(members[0], !=, members[1]);
	g_assert_cmpstr(members[0], ==, members[2]);
}

static void
test_odd_mails(void)
{
	g_autofree char *stars = g_strnfill(200000, '*');
	g_autofree char *blanks = g_strnfill(200000, '\n');
	g_autofree char *labels = g_strnfill(60000, ':');
	const char *const texts[] = { "", stars, blanks, labels, "> > >",
		"\xff\xfe Host: \x80", "Host:\nService:\nState:\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Message) message = mail_of("?", texts[i]);

		g_assert_null(alert_recognise(rules, message));
	}
}

/* ---- other faces ---- */

static void
test_json(void)
{
	g_autoptr(Message) message = mail_of("[PROBLEM] disk on db7 is "
					     "CRITICAL!",
	    "");
	g_autoptr(Message) none = mail_of("Bonjour", "");
	g_autoptr(Alert) alert = alert_recognise(rules, message);
	g_autoptr(Alert) no_alert = alert_recognise(rules, none);
	g_autoptr(json_t) json = alert_to_json(alert);
	g_autoptr(json_t) null = alert_to_json(no_alert);
	g_autofree char *text = json_dumps(json, JSON_COMPACT);

	g_assert_cmpstr(text, ==,
	    "{\"system\":\"icinga2\",\"type\":\"problem\",\"host\":\"db7\","
	    "\"service\":\"disk\",\"state\":\"CRITICAL\","
	    "\"key\":\"db7/disk\"}");
	g_assert_true(json_is_null(null));
}

static void
test_examine(void)
{
	g_autofree char *conversation = NULL, *answered = NULL;
	g_autoptr(Message) message = mail_of("Alerte",
	    "***** Nagios *****\nNotification Type: PROBLEM\n");
	g_autoptr(Message) answer = mail_of("Re: Alerte",
	    "***** Nagios *****\nNotification Type: PROBLEM\n");
	g_autoptr(GPtrArray) readings = alert_examine(rules, message,
	    &conversation);
	g_autoptr(GPtrArray) nothing = alert_examine(rules, answer, &answered);
	const AlertReading *nagios = NULL;

	g_assert_null(conversation);
	for (guint i = 0; i < readings->len; i++) {
		const AlertReading *reading = readings->pdata[i];

		if (strcmp(reading->system, "nagios") == 0)
			nagios = reading;
	}
	g_assert_nonnull(nagios);
	g_assert_null(nagios->alert);
	g_assert_cmpuint(g_strv_length(nagios->lacking), ==, 0);
	g_assert_true(
	    g_strv_contains((const char *const *)nagios->missing, "host"));
	g_assert_true(g_strv_contains((const char *const *)nagios->fields,
	    "type: PROBLEM"));
	g_assert_cmpuint(nothing->len, ==, 0);
	g_assert_true(g_str_has_prefix(answered, "subject: "));
}

/* A system that nobody knew needs a file alone. */
static void
test_new_system(void)
{
	static const char file[] =
	    "system: fournil\n"
	    "parts: {four: 'Four|Étuve'}\n"
	    "signs:\n"
	    "  - subject: '^${four} \\S+ '\n"
	    "    header: {X-Fournil: '*'}\n"
	    "read:\n"
	    "  - subject: '^${four} (?<host>\\S+) (?<state>\\w+)'\n"
	    "  - labels: {info: Motif}\n"
	    "states: {ok: chaud, critical: [froid, tiède]}\n"
	    "need: host\n"
	    "key: 'four ${host}'\n";
	static const char mail[] = "Subject: Four nord froid\n"
				   "X-Fournil: 1\n\nMotif : porte ouverte\n";
	g_autoptr(AlertRules) own = alert_rules_new();
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Message) message = message_parse((const guint8 *)mail,
	    strlen(mail), false);
	g_autoptr(Alert) alert = NULL;

	alert_rules_load_text(own, "fournil.yaml", file, strlen(file),
	    problems);
	alert_rules_seal(own);
	g_assert_cmpuint(problems_count(problems), ==, 0);
	g_assert_cmpuint(alert_rules_count(own), ==, 1);
	alert = alert_recognise(own, message);
	g_assert_nonnull(alert);
	g_assert_cmpstr(alert->key, ==, "four nord");
	g_assert_cmpint(alert->level, ==, ALERT_LEVEL_CRITICAL);
	g_assert_cmpint(alert->type, ==, ALERT_PROBLEM);
	g_assert_cmpstr(alert->info, ==, "porte ouverte");
}

/* Each file and all that is said of it. */
static void
test_mistakes(void)
{
	static const struct {
		const char *text, *problems;
	} rows[] = {
		{ "system: x\nsigns: [{subject: a}]\nread: [{set: {host: h}}]\n"
		  "key: '${hots}'\n",
		    "f:4:6: unknown field 'hots'; did you mean 'host'?\n" },
		{ "system: x\nsigns: [{subject: '('}]\nread: []\nkey: k\n",
		    "f:2:19: bad pattern '(': missing closing parenthesis at "
		    "byte 1\n" },
		{ "system: unknown\nsigns: [{subject: a}]\n"
		  "read: [{subject: a}]\nkey: k\n",
		    "f:1:9: 'unknown' is the desk's own word: choose "
		    "another name\n" },
		{ "system: x\nsigns: [{}]\nread: []\nkey: k\n",
		    "f:2:9: a sign needs a subject, text, from or header\n" },
		{ "system: x\nsigns: [{body: a}]\nread: []\nkey: k\n",
		    "f:2:10: unknown key 'body'; known: subject, text, from, "
		    "header\n" },
		{ "system: x\nsigns: [{subject: a}]\nread: []\nkey: '${'\n",
		    "f:4:6: '${' has a ${ without a name and a }\n" },
		{ "system: x\nsigns: [{subject: a}]\nread: []\nkey: k\n"
		  "types: {probleme: [A]}\n",
		    "f:5:9: unknown type of alert 'probleme'\n" },
		{ "system: x\nparts: {up: 'UP|OK'}\n"
		  "signs: [{subject: '${down}'}]\nread: []\nkey: k\n",
		    "f:3:19: '${down}' has a ${name} that is not of parts\n" },
		{ "system: x\nsigns: [{subject: a}]\nread: []\nkey: k\n"
		  "members: {firing: F, resolved: R, start: S,\n"
		  "  pair: '(?<name>n)(?<value>v)', row: '(?<pairs>p)'}\n",
		    "f:5:10: 'row' and 'cell' go together\n" },
		{ "system: x\nsigns: [{subject: a}]\nread: []\nkey: k\n"
		  "members: {firing: F, resolved: R, start: S,\n"
		  "  pair: '(?<name>n)(?<value>v)', status: 'over'}\n",
		    "f:6:42: the pattern has no group (?<resolved>...)\n" },
		{ "states: {ok: [A, a]}\n", "f:1:18: 'a' is there twice\n" },
		{ "prefixes: ['^x']\n",
		    "f:1:12: the pattern has no group (?<rest>...)\n" },
		{ "banners: ['^x']\n",
		    "f:1:11: the pattern has no group (?<banner>...)\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(AlertRules) own = alert_rules_new();
		g_autoptr(Problems) problems = problems_new();
		g_autofree char *said = NULL;

		alert_rules_load_text(own, "f", rows[i].text,
		    strlen(rows[i].text), problems);
		said = problems_format(problems);
		g_assert_cmpstr(said, ==, rows[i].problems);
	}
}

static void
test_names(void)
{
	for (int i = ALERT_PROBLEM; i <= ALERT_TEST; i++) {
		AlertType type;

		g_assert_true(
		    alert_type_parse(alert_type_name((AlertType)i), &type));
		g_assert_cmpint(type, ==, i);
	}
	for (int i = ALERT_LEVEL_NONE; i <= ALERT_LEVEL_DOWN; i++) {
		AlertLevel level;

		g_assert_true(
		    alert_level_parse(alert_level_name((AlertLevel)i), &level));
		g_assert_cmpint(level, ==, i);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(AlertRules) loaded = NULL;

	g_test_init(&argc, &argv, NULL);
	loaded = load_rules();
	rules = loaded;
	/* All that fail are worth knowing. */
	g_test_set_nonfatal_assertions();
	g_test_add_func("/alert/mails", test_mails);
	g_test_add_func("/alert/keys", test_keys);
	g_test_add_func("/alert/many-members", test_many_members);
	g_test_add_func("/alert/cut-texts", test_cut_texts);
	g_test_add_func("/alert/long-values", test_long_values);
	g_test_add_func("/alert/long-keys", test_long_keys);
	g_test_add_func("/alert/odd-mails", test_odd_mails);
	g_test_add_func("/alert/json", test_json);
	g_test_add_func("/alert/examine", test_examine);
	g_test_add_func("/alert/new-system", test_new_system);
	g_test_add_func("/alert/mistakes", test_mistakes);
	g_test_add_func("/alert/names", test_names);
	return g_test_run();
}
