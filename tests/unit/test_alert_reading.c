/* What an alert's mail is taken for: whose it is, who wrote it, and when. */
#include "guichet/judgment/alert_reading.h"

#include "rulesets.h"

/* ---- whose ---- */

static const char hosts[] =
    "severities: {down: 1, warning: 3}\n"
    "hosts:\n"
    "- {host: a*, contract: a, component: erp, scope: one}\n"
    "- {host: b1, contract: b, severity: {warning: 2}}\n"
    "- {host: free}\n";

/* As contracts of two clients know them. */
static AlertMap *
map_of(const char *yaml)
{
	static const char *const contracts[] = { "a", "b", NULL };
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(RuleFiles) files = rule_files_new();
	g_autoptr(GBytes) bytes = g_bytes_new(yaml, strlen(yaml));
	g_autofree char *found = NULL;
	AlertMap *map;

	rule_files_add(files, "alerts/hosts.yaml", bytes);
	rule_files_seal(files);
	map = alert_map_of_files(files, "rules", contracts, problems);
	found = problems_format(problems);
	g_assert_cmpstr(found, ==, "");
	return map;
}

/* "a1 down, b1 ok": hosts and their levels, the firing ones alone are bad. */
static void
fill_members(Alert *alert, const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " ,", -1);

	for (gsize i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2) {
		AlertMember *member = g_new0(AlertMember, 1);

		member->host = words[i];
		member->service = (char *)"";
		member->key = words[i];
		g_assert_true(alert_level_parse(words[i + 1], &member->level));
		member->firing = member->level > ALERT_LEVEL_OK;
		g_ptr_array_add(alert->members, member);
		words[i] = g_strdup("-");
	}
}

static void
member_free(gpointer data)
{
	AlertMember *member = data;

	g_free(member->host);
	g_free(member);
}

static char *
target_of(const AlertMap *map, const char *members, const char *contract)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(member_free);
	Alert alert = { .host = (char *)"",
		.service = (char *)"",
		.members = list };
	AlertFacts facts = { .alert = &alert, .source = "s" };

	fill_members(&alert, members);
	facts.target = (AlertTarget){ .contract = "" };
	alert_reading_target(&facts, map, contract);
	return g_strdup_printf("%s %s %s %d%s%s%s%s", facts.target.contract,
	    facts.target.component, facts.target.scope, facts.target.severity,
	    facts.is_shared ? " shared" : "", facts.is_partly ? " partly" : "",
	    facts.target.is_mapped ? " mapped" : "",
	    facts.target.by_source ? " source" : "");
}

static void
test_target(void)
{
	g_autoptr(AlertMap) map = map_of(hosts);
	static const struct {
		const char *members, *contract, *target;
	} rows[] = {
		{ "a1 down", NULL, "a erp one 1 mapped" },
		{ "a1 warning,a2 down", NULL, "a erp one 1 mapped" },
		{ "a1 down,free down", NULL, "a erp one 1 partly mapped" },
		{ "free down", NULL, "   1" },
		{ "none warning", NULL, "   3" },
		/* Of two clients: nobody's, as grave as either has it. */
		{ "a1 warning,b1 warning", NULL, "   2 shared" },
		{ "a1 warning,b1 down", NULL, "   1 shared" },
		/* What has ended counts for nobody. */
		{ "a1 down,b1 ok", NULL, "a erp one 1 mapped" },
		/* All of the source is one client's. */
		{ "a1 down,b1 down", "b", "b   1 mapped source" },
		{ "a1 warning", "b", "b   3 mapped source" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *target = target_of(map, rows[i].members,
		    rows[i].contract);

		g_test_message("%s", rows[i].members);
		g_assert_cmpstr(target, ==, rows[i].target);
	}
}

/* ---- who ---- */

static void
test_writer(void)
{
	static const AlertSigns nobody = { .class = ROBOT_NONE };
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	const Message message = { .headers = none };
	static const struct {
		AlertSigns signs;
		AlertWriter writer;
	} rows[] = {
		{ { .class = ROBOT_BOUNCE, .is_sender = true },
		    ALERT_WRITER_REPORT },
		{ { .class = ROBOT_AUTOREPLY }, ALERT_WRITER_REPORT },
		/* By its own From, whole, it is never a person. */
		{ { .class = ROBOT_NONE, .is_sender = true, .converses = true },
		    ALERT_WRITER_SYSTEM },
		/* By its secret address, whoever converses there is one. */
		{ { .class = ROBOT_NONE, .converses = true },
		    ALERT_WRITER_PERSON },
		{ { .class = ROBOT_MACHINE, .converses = true },
		    ALERT_WRITER_SYSTEM },
		{ { .class = ROBOT_NONE, .is_named = true },
		    ALERT_WRITER_SYSTEM },
		/* By its domain, a program alone. */
		{ { .class = ROBOT_NONE, .is_shared = true },
		    ALERT_WRITER_OTHER },
		{ { .class = ROBOT_MACHINE, .is_shared = true },
		    ALERT_WRITER_SYSTEM },
		{ { .class = ROBOT_MACHINE,
		      .is_shared = true,
		      .is_named = true },
		    ALERT_WRITER_OTHER },
		{ { .class = ROBOT_MACHINE,
		      .is_shared = true,
		      .converses = true },
		    ALERT_WRITER_OTHER },
		{ { .class = ROBOT_NONE, .is_shared = true, .converses = true },
		    ALERT_WRITER_PERSON },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("row %zu", i);
		g_assert_cmpint(alert_reading_writer(&rows[i].signs, &message),
		    ==, rows[i].writer);
	}
	g_assert_cmpint(alert_reading_writer(&nobody, &message), ==,
	    ALERT_WRITER_SYSTEM);
}

/* ---- when ---- */

/* A word that only may mean an end does so where something waits for it. */
static void
test_doubt(void)
{
	for (int bits = 0; bits < 16; bits++) {
		Ticket ticket = { .state = bits & 4 ? TICKET_RESOLVED
						    : TICKET_OPEN };
		AlertCase known = { .firing = bits & 8 };
		Alert alert = { .only_known = bits & 1 };
		AlertFacts facts = { .alert = &alert,
			.known = bits & 2 ? &known : NULL,
			.ticket = bits & 2 ? &ticket : NULL };
		bool waits = bits & 2 && (!(bits & 4) || bits & 8);

		g_assert_cmpint(alert_reading_is_doubtful(&facts), ==,
		    (bits & 1) && !waits);
	}
}

static void
test_ended(void)
{
	AlertCase one = { .turned = 1000, .last = 1000, .mail = 7 };

	g_assert_true(alert_reading_has_ended(&one, 1000 + ALERT_REJOIN));
	g_assert_false(alert_reading_has_ended(&one, 1001 + ALERT_REJOIN));
	g_assert_true(alert_reading_has_ended(&one, 990));
	one.last = 1001;
	g_assert_false(alert_reading_has_ended(&one, 1002));
	one.last = 1000;
	one.firing = true;
	g_assert_false(alert_reading_has_ended(&one, 1002));
	g_assert_false(alert_reading_has_ended(NULL, 1002));
}

static void
test_overtaken(void)
{
	static const struct {
		const char *id;
		bool has_date;
		Instant date, ended;
		bool overtaken;
	} rows[] = {
		{ "", true, 10, 20, true },
		{ "", true, 20, 20, false },
		{ "", true, 30, 20, false },
		{ "", false, 10, 20, false },
		{ "", true, 10, INSTANT_NONE, false },
		{ "key", true, 30, 20, true },
		{ "4711", true, 30, 20, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Alert alert = { .event_id = (char *)rows[i].id,
			.key = (char *)"key" };
		AlertFacts facts = { .alert = &alert };
		Message message = { .has_date = rows[i].has_date,
			.date = rows[i].date };

		g_assert_cmpint(
		    alert_reading_is_overtaken(&facts, &message, rows[i].ended),
		    ==, rows[i].overtaken);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/alert-reading/target", test_target);
	g_test_add_func("/alert-reading/writer", test_writer);
	g_test_add_func("/alert-reading/doubt", test_doubt);
	g_test_add_func("/alert-reading/ended", test_ended);
	g_test_add_func("/alert-reading/overtaken", test_overtaken);
	return g_test_run();
}
