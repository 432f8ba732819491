/* What time alone brings about alerts, and what the client is told of them. */
#include "alert-fixture.h"

/* web1 of the brasserie, whose contract wants its alerts told. */
static void
tick_init(Case *c, bool firing, TicketState state)
{
	case_init(c, ALERT_PROBLEM, ALERT_LEVEL_WARNING);
	know(c, firing, state);
	c->ticket->contract = (g_free(c->ticket->contract),
	    g_strdup("brasserie-lambic"));
	c->ticket->alert_key = (g_free(c->ticket->alert_key),
	    g_strdup("mon|nagios|web1/HTTP"));
	c->facts.alert = NULL;
	c->facts.target.contract = "brasserie-lambic";
	c->sit.message = NULL;
	c->sit.received = c->sit.now = c->known->wake = T0;
}

static void
tick(Case *c)
{
	see_tickets(c);
	decision_free(c->decision);
	c->decision = decide_alert_tick(&c->sit);
}

/* The one rule, by mail and by the tick: what was told, and what is said. */
static void
test_told(void)
{
	static const struct {
		const char *contract;
		AlertTold told;
		Seconds late;
		bool says;
		const char *held;
	} rows[] = {
		{ "brasserie-lambic", { true, false, true }, 0, true, "" },
		{ "brasserie-lambic", { true, true, true }, 0, false, "" },
		{ "brasserie-lambic", { false, false, true }, 0, false, "" },
		{ "brasserie-lambic", { true, false, false }, 0, false,
		    "budget" },
		{ "brasserie-lambic", { true, false, true }, 86401, false,
		    "old" },
		{ "studio-orme", { true, false, true }, 0, false, "" },
		{ "", { true, false, true }, 0, false, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (int by_tick = 0; by_tick < 2; by_tick++) {
			g_auto(Case) c = { 0 };
			const Event *held;

			g_test_message("row %zu, tick %d", i, by_tick);
			tick_init(&c, by_tick == 0, TICKET_OPEN);
			g_free(c.ticket->contract);
			c.ticket->contract = g_strdup(rows[i].contract);
			c.facts.told = rows[i].told;
			c.known->flapping = by_tick == 1;
			c.sit.now = T0 + rows[i].late;
			if (by_tick == 1) {
				tick(&c);
			} else {
				c.alert.type = ALERT_RECOVERY;
				c.facts.alert = &c.alert;
				c.sit.message = c.message;
				decide(&c);
			}
			g_assert_cmpstr(state_of(&c), ==, "resolved");
			g_assert_cmpuint(count_sent(&c, SEND_INFORMATION) > 0,
			    ==, rows[i].says);
			g_assert_cmpstr(
			    event_text(event_of(&c, EVENT_ALERT), "informed"),
			    ==, rows[i].says ? "recovered" : "");
			held = event_of(&c, EVENT_HELD);
			g_assert_cmpstr(
			    held != NULL ? event_text(held, "reason") : "", ==,
			    rows[i].held);
		}
	}
}

static void
test_silent(void)
{
	g_auto(Case) c = { 0 };

	tick_init(&c, true, TICKET_OPEN);
	tick(&c);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_ALERT), "type"), ==,
	    "silent");
	g_assert_cmpint(c.decision->alert->wake, ==, T0 + 3600);
	g_assert_cmpuint(count_sent(&c, SEND_INFORMATION), ==, 0);

	/* One of a storm's many: its parent reminds, once for all. */
	g_free(c.ticket->alert_key);
	c.ticket->alert_key = g_strdup("mon|storm|");
	tick(&c);
	g_assert_cmpuint(c.decision->effects->len, ==, 0);
	g_assert_cmpint(c.decision->alert->wake, ==, INSTANT_NONE);

	c.ticket->state = TICKET_CLOSED;
	tick(&c);
	g_assert_cmpuint(c.decision->effects->len, ==, 0);
	g_assert_cmpint(c.decision->alert->wake, ==, INSTANT_NONE);
}

static void
test_silence_ends(void)
{
	g_auto(Case) c = { 0 };

	tick_init(&c, true, TICKET_OPEN);
	c.known->silenced = true;
	c.known->ticket = 0;
	c.known->wake = T0 - 120; /* when it ended */
	c.facts.ticket = NULL;
	c.facts.silent_until = T0 + 600; /* another one goes on */
	tick(&c);
	g_assert_cmpuint(c.decision->effects->len, ==, 0);
	g_assert_cmpint(c.decision->alert->wake, ==, T0 + 600);
	g_assert_true(c.decision->alert->silenced);

	c.facts.silent_until = INSTANT_NONE;
	tick(&c);
	g_assert_cmpint(event_of(&c, EVENT_OPENED)->at, ==, T0 - 120);
	g_assert_cmpint(event_of(&c, EVENT_OPENED)->mail, ==, 7);
	g_assert_cmpuint(count_sent(&c, SEND_INFORMATION), ==, 1);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_ALERT), "informed"), ==,
	    "opened");
	g_assert_cmpint(c.decision->alert->ticket, ==, ALERT_TICKET_NEW);
	g_assert_false(c.decision->alert->silenced);
	/* It began in the maintenance: no second beginning is counted. */
	g_assert_false(c.decision->alert_turned);

	/* A data centre that comes back badly. */
	c.facts.openings = ALERT_STORM_HOUR;
	tick(&c);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_ALERT), "type"), ==,
	    "storm");
	g_assert_cmpuint(count_sent(&c, SEND_INFORMATION), ==, 0);

	c.facts.openings = 0;
	c.facts.target = (AlertTarget){ .contract = "",
		.component = "",
		.scope = "",
		.severity = 3 };
	tick(&c);
	g_assert_cmpuint(count_kind(&c, EFFECT_NOTE), ==, 1);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_TAG), "add"), ==,
	    "unmapped-host");
}

#define DAY 86400

/* Deadlines at T0, a day before it, and so on. */
static void
test_await(void)
{
	static const struct {
		const char *what;
		Instant last, heard, now, wake;
		gint64 count; /* absences on the ticket that is opened */
		Instant opened, next;
	} rows[] = {
		{ "it came", T0 - 3600, T0 + 60, T0 + 60, T0, 0, 0, T0 + DAY },
		{ "at the very first second", T0 - 36000, T0, T0, T0, 0, 0,
		    T0 + DAY },
		{ "a second too early", T0 - 36001, T0, T0, T0, 1, T0,
		    T0 + DAY },
		{ "it never came", INSTANT_NONE, T0, T0, T0, 1, T0, T0 + DAY },
		{ "three nights off", T0 - DAY, T0 + 2 * DAY + 60,
		    T0 + 2 * DAY + 60, T0, 3, T0, T0 + 3 * DAY },
		{ "it came the last night", T0 + 2 * DAY - 60, T0 + 2 * DAY,
		    T0 + 2 * DAY, T0, 0, 0, T0 + 3 * DAY },
		{ "it came the first night", T0 - 60, T0 + 2 * DAY,
		    T0 + 2 * DAY, T0, 2, T0 + DAY, T0 + 3 * DAY },
		{ "nobody has looked", INSTANT_NONE, T0 - 1, T0 + 30, T0, 0, 0,
		    T0 + 90 },
		{ "nobody ever looked", INSTANT_NONE, INSTANT_NONE, T0 + 30, T0,
		    0, 0, T0 + 90 },
		{ "a second look", INSTANT_NONE, T0 + 80, T0 + 90, T0 + 90, 1,
		    T0, T0 + DAY },
		{ "a mailbox that is down", INSTANT_NONE, T0 - 1, T0 + 3601,
		    T0 + 90, 1, T0, T0 + DAY },
	};
	const Zone *zone = zone_get("Etc/UTC", NULL);
	const AlertExpected awaited = { .name = (char *)"backup",
		.by = (int32_t)(T0 % DAY),
		.within = 36000,
		.days = 127,
		.zone = zone };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		const Event *opened;

		g_test_message("%s", rows[i].what);
		case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_NONE);
		c.known = alert_case_new("mon", "expected", "backup");
		c.known->last = rows[i].last;
		c.known->wake = rows[i].wake;
		c.facts.alert = NULL;
		c.facts.known = c.known;
		c.facts.awaited = &awaited;
		c.facts.heard = rows[i].heard;
		c.facts.target.contract = "brasserie-lambic";
		c.sit.received = c.sit.now = rows[i].now;
		tick(&c);
		opened = event_of(&c, EVENT_OPENED);
		g_assert_cmpint(opened != NULL, ==, rows[i].count > 0);
		g_assert_cmpint(c.decision->alert->wake, ==, rows[i].next);
		if (opened == NULL)
			continue;
		g_assert_cmpint(opened->at, ==, rows[i].opened);
		g_assert_cmpint(opened->mail, ==, 0);
		g_assert_cmpint(event_int(event_of(&c, EVENT_ALERT), "count"),
		    ==, rows[i].count);
		g_assert_cmpuint(count_sent(&c, SEND_INFORMATION), ==,
		    rows[i].now - rows[i].opened <= DAY);

		/* The next night it is the same ticket. */
		alert_case_free(c.known);
		c.known = alert_case_copy(c.decision->alert);
		c.known->ticket = 9;
		c.ticket = ticket_new(9);
		c.ticket->received = c.ticket->opened = rows[i].opened;
		c.facts.known = c.known;
		c.facts.ticket = c.ticket;
		c.facts.heard = c.sit.received = c.sit.now = c.known->wake;
		tick(&c);
		g_assert_null(event_of(&c, EVENT_OPENED));
		g_assert_cmpint(event_int(event_of(&c, EVENT_ALERT), "count"),
		    ==, rows[i].count + 1);
	}
}

/* The rule is gone: nothing is looked for any more. */
static void
test_await_nothing(void)
{
	g_auto(Case) c = { 0 };

	case_init(&c, ALERT_PROBLEM, ALERT_LEVEL_NONE);
	c.known = alert_case_new("mon", "expected", "backup");
	c.known->wake = T0;
	c.facts.alert = NULL;
	c.facts.known = c.known;
	tick(&c);
	g_assert_cmpuint(c.decision->effects->len, ==, 0);
	g_assert_cmpint(c.decision->alert->wake, ==, INSTANT_NONE);
}

static void
test_expected_mail(void)
{
	g_auto(Case) c = { 0 };
	g_autoptr(AlertCase) awaited = alert_case_new("mon", "expected", "b");
	g_autoptr(Ticket) absence = ticket_new(9);

	case_init(&c, ALERT_RECOVERY, ALERT_LEVEL_OK);
	absence->received = absence->opened = T0 - 3600;
	absence->alert_key = (g_free(absence->alert_key),
	    g_strdup("mon|expected|b"));
	absence->contract = (g_free(absence->contract),
	    g_strdup("brasserie-lambic"));
	awaited->ticket = 9;
	c.facts.expected = awaited;
	c.facts.expected_ticket = absence;
	c.facts.expected_told = (AlertTold){ true, false, true };
	decide(&c); /* a recovery of nothing, and what was waited for */
	g_assert_cmpstr(state_of(&c), ==, "resolved");
	g_assert_cmpint(event_of(&c, EVENT_MESSAGE)->ticket, ==, 9);
	g_assert_cmpuint(count_sent(&c, SEND_INFORMATION), ==, 1);
	g_assert_cmpint(c.decision->expected->last, ==, T0);

	c.alert.type = ALERT_PROBLEM; /* it says that it failed */
	decide(&c);
	g_assert_null(c.decision->expected);
	g_assert_cmpstr(state_of(&c), ==, "");
	c.facts.expected_ticket = NULL; /* before the deadline */
	decide(&c);
	g_assert_cmpint(c.decision->expected->ticket, ==, ALERT_TICKET_NEW);
	g_assert_cmpint(c.decision->expected->last, ==, INSTANT_NONE);

	/* The ticket of another thing on the host is not closed by it. */
	g_free(absence->alert_key);
	absence->alert_key = g_strdup("mon|nagios|db1/disk");
	c.facts.expected_ticket = absence;
	c.alert.type = ALERT_RECOVERY;
	decide(&c);
	g_assert_true(is_filed(&c));
	g_assert_cmpint(c.decision->expected->ticket, ==, 0);
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_func("/alert-tick/told", test_told);
	g_test_add_func("/alert-tick/silent", test_silent);
	g_test_add_func("/alert-tick/silence-ends", test_silence_ends);
	g_test_add_func("/alert-tick/await", test_await);
	g_test_add_func("/alert-tick/await-nothing", test_await_nothing);
	g_test_add_func("/alert-tick/expected-mail", test_expected_mail);
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
