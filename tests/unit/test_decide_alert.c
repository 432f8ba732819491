/* The judgment on alerts: who may open and close, what joins, what counts. */
#include "alert-fixture.h"

static void
test_opens(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_CRITICAL);
	decide(&c);
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 1);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "source"), ==,
	    "alert");
	g_assert_cmpstr(event_text(event_of(&c, EVENT_ALERT), "key"), ==,
	    "mon|nagios|web1/HTTP");
	g_assert_cmpint(c.decision->alert->ticket, ==, ALERT_TICKET_NEW);
	g_assert_true(c.decision->alert->firing);
	g_assert_true(c.decision->alert_turned);
	g_assert_cmpint(c.decision->alert->wake, ==, T0 + 3600);
}

/* Whatever else is said of it: nobody knows what it says. */
static void
test_unknown(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_NONE);
	c.alert.system = (char *)ALERT_SYSTEM_UNKNOWN;
	c.alert.key = (char *)"Disk full";
	c.alert.host = c.alert.service = (char *)"";
	c.facts.target.is_mapped = false;
	decide(&c);
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 1);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_ALERT), "key"), ==,
	    "mon|unknown|Disk full");
	g_assert_cmpstr(event_text(event_of(&c, EVENT_TAG), "add"), ==,
	    "unknown-alert");
	g_assert_cmpuint(count_kind(&c, EFFECT_NOTE), ==, 1);

	c.facts.openings = ALERT_STORM_HOUR;
	decide(&c);
	g_assert_nonnull(c.decision->storm);
}

static void
test_repeats(void)
{
	/* Mails so far, and whether the next is told to the ticket's log. */
	static const struct {
		gint64 count;
		bool told;
	} rows[] = { { 1, true }, { 7, true }, { 8, false }, { 14, false },
		{ 15, true }, { 16, false }, { 1023, true }, { 1024, false } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };

		case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_WARNING);
		know(&c, true, TICKET_OPEN);
		c.known->count = rows[i].count;
		decide(&c);
		g_assert_cmpint(c.decision->alert->count, ==,
		    rows[i].count + 1);
		g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 0);
		g_assert_cmpint(event_of(&c, EVENT_ALERT) != NULL, ==,
		    rows[i].told);
		g_assert_cmpuint(count_kind(&c, EFFECT_KEEP), ==,
		    rows[i].told ? 0 : 1);
		g_assert_cmpuint(count_kind(&c, EFFECT_SEND), ==, 0);
	}
}

static void
test_worsens(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_CRITICAL);
	know(&c, true, TICKET_OPEN);
	c.facts.target.severity = 2;
	decide(&c);
	g_assert_cmpint(event_int(event_of(&c, EVENT_SEVERITY), "severity"), ==,
	    2);
	c.facts.target.severity = 4; /* it eases: a person's to lower */
	decide(&c);
	g_assert_null(event_of(&c, EVENT_SEVERITY));
}

static void
test_recovery(void)
{
	static char *limits[] = { (char *)"members", NULL };
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_RECOVERY, ALERT_LEVEL_OK);
	decide(&c); /* nothing open: recorded only */
	g_assert_true(is_filed(&c));

	know(&c, true, TICKET_NEW);
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "resolved");
	g_assert_false(c.decision->alert->firing);

	c.alert.limits = limits; /* not read whole: closes nothing */
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "");
	g_assert_true(c.decision->alert->firing);
	c.alert.limits = limits + 1;

	c.sit.received = c.known->turned - 1; /* older than the problem */
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "");
}

/* The mail that was missed comes, but could not be read whole. */
static void
test_cut_expected(void)
{
	static char *limits[] = { (char *)"members", NULL };
	g_auto(Case) c = { 0 };
	g_autoptr(AlertCase) awaited = alert_case_new("mon",
	    ALERT_SYSTEM_EXPECTED, "backup");
	g_autoptr(Ticket) absence = ticket_new(6);

	case_init(&c, ALERT_RECOVERY, ALERT_LEVEL_OK);
	awaited->ticket = 6;
	awaited->firing = true;
	absence->state = TICKET_OPEN;
	absence->alert_key = alert_case_ticket_key(awaited);
	c.facts.expected = awaited;
	c.facts.expected_ticket = absence;
	c.facts.expected_told.budget = true;
	c.alert.limits = limits;
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "");
	g_assert_cmpint(event_of(&c, EVENT_MESSAGE)->ticket, ==, 6);
	g_assert_cmpuint(count_kind(&c, EFFECT_SEND), ==, 1);
	g_assert_true(c.decision->expected->firing);
	g_assert_cmpint(c.decision->expected->last, ==, T0);

	c.alert.limits = limits + 1;
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "resolved");
	g_assert_false(c.decision->expected->firing);
}

static void
test_forged(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_RECOVERY, ALERT_LEVEL_OK);
	c.facts.is_trusted = false;
	c.sit.is_alert_source = false;
	c.facts.source = "?abc";
	c.facts.victim = 5;
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "");
	g_assert_cmpint(event_of(&c, EVENT_MESSAGE)->ticket, ==, 5);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_MESSAGE), "defect"), ==,
	    "not-a-trusted-source");
	g_assert_cmpuint(count_kind(&c, EFFECT_SEND), ==, 1);
	g_assert_false(c.decision->alert->firing);

	c.facts.victim = 0; /* of nothing: as any machine's mail */
	decide(&c);
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 1);
	g_assert_null(event_of(&c, EVENT_ALERT));
}

static void
test_flapping(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_RECOVERY, ALERT_LEVEL_OK);
	know(&c, true, TICKET_OPEN);
	c.facts.changes = ALERT_FLAP_CHANGES - 2;
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "resolved");
	c.facts.changes = ALERT_FLAP_CHANGES - 1;
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "");
	g_assert_true(c.decision->alert->flapping);
	g_assert_cmpint(event_int(event_of(&c, EVENT_ALERT), "score"), ==,
	    ALERT_FLAP_CHANGES);
	g_assert_cmpint(c.decision->alert->wake, ==, T0 + ALERT_FLAP_WINDOW);
}

static void
test_is_back(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_WARNING);
	know(&c, false, TICKET_RESOLVED);
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "open");
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 0);

	c.ticket->resolved = c.known->turned = T0 - ALERT_REJOIN - 1;
	decide(&c);
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 1);

	c.ticket->state = TICKET_CLOSED; /* a person's word is final */
	c.ticket->resolved = c.known->turned = T0 - 10;
	decide(&c);
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 1);
}

static void
test_silence(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_DOWN);
	c.facts.silent_until = T0 + 1800;
	decide(&c);
	g_assert_true(is_filed(&c));
	g_assert_true(c.decision->alert->silenced);
	g_assert_true(c.decision->alert_turned);
	g_assert_cmpint(c.decision->alert->wake, ==, T0 + 1800);

	/* Again: counted, and no turn. */
	c.known = alert_case_copy(c.decision->alert);
	c.facts.known = c.known;
	c.sit.received = c.sit.now = T0 + 60;
	decide(&c);
	g_assert_true(is_filed(&c));
	g_assert_true(c.decision->alert->silenced);
	g_assert_false(c.decision->alert_turned);
	g_assert_cmpint(c.decision->alert->count, ==, 2);
	g_assert_cmpint(c.decision->alert->turned, ==, T0);
	g_assert_cmpint(c.decision->alert->wake, ==, T0 + 1800);
}

static void
test_storm(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_DOWN);
	c.facts.openings = ALERT_STORM_HOUR;
	decide(&c); /* the parent */
	g_assert_cmpuint(count_kind(&c, EFFECT_OPEN), ==, 1);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_ALERT), "type"), ==,
	    "storm");
	g_assert_cmpint(c.decision->storm->active, ==, 1);

	c.storm = alert_case_copy(c.decision->storm);
	c.storm->ticket = 9;
	c.storm->count = 100;
	c.storm_ticket = ticket_new(9);
	c.facts.storm = c.storm;
	c.facts.storm_ticket = c.storm_ticket;
	decide(&c); /* the next of it: counted */
	g_assert_cmpuint(count_kind(&c, EFFECT_KEEP), ==, 1);
	g_assert_cmpuint(c.decision->effects->len, ==, 1);
	g_assert_cmpint(c.decision->storm->active, ==, 2);
	g_assert_cmpint(c.decision->alert->ticket, ==, 9);

	know(&c, true, TICKET_NEW); /* the last of it recovers */
	c.known->ticket = 9;
	c.facts.ticket = c.storm_ticket;
	c.alert.type = ALERT_RECOVERY;
	decide(&c);
	g_assert_cmpint(c.decision->storm->active, ==, 0);
	g_assert_cmpstr(state_of(&c), ==, "resolved");
	c.storm->active = 2; /* not the last */
	decide(&c);
	g_assert_cmpstr(state_of(&c), ==, "");
}

static void
test_rest(void)
{
	static const AlertType types[] = { ALERT_ACKNOWLEDGMENT, ALERT_UPDATE,
		ALERT_CUSTOM, ALERT_DOWNTIME_START, ALERT_DOWNTIME_END };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		g_auto(Case) c = { 0 };

		case_init(&c, types[i], ALERT_LEVEL_NONE);
		decide(&c);
		g_assert_true(is_filed(&c));
		know(&c, true, TICKET_OPEN);
		decide(&c);
		g_assert_cmpstr(state_of(&c), ==, "");
		g_assert_nonnull(event_of(&c, EVENT_ALERT));
		g_assert_true(c.decision->alert->firing);
	}
}

static void
test_keys(void)
{
	g_autofree char *long_key = g_strnfill(300, 'k');
	g_autofree char *other = g_strconcat(long_key, "x", NULL);
	g_autofree char *a = alert_case_key(long_key);
	g_autofree char *b = alert_case_key(other);
	g_autofree char *plain = alert_case_key("web1/HTTP");

	g_assert_cmpstr(plain, ==, "web1/HTTP");
	g_assert_cmpuint(strlen(a), <, 100);
	g_assert_cmpstr(a, !=, b);
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_func("/decide-alert/opens", test_opens);
	g_test_add_func("/decide-alert/unknown", test_unknown);
	g_test_add_func("/decide-alert/repeats", test_repeats);
	g_test_add_func("/decide-alert/worsens", test_worsens);
	g_test_add_func("/decide-alert/recovery", test_recovery);
	g_test_add_func("/decide-alert/cut-expected", test_cut_expected);
	g_test_add_func("/decide-alert/forged", test_forged);
	g_test_add_func("/decide-alert/flapping", test_flapping);
	g_test_add_func("/decide-alert/is-back", test_is_back);
	g_test_add_func("/decide-alert/silence", test_silence);
	g_test_add_func("/decide-alert/storm", test_storm);
	g_test_add_func("/decide-alert/rest", test_rest);
	g_test_add_func("/decide-alert/keys", test_keys);
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
