#include "guichet/ticket/ticket.h"

#define T0 1795190400 /* 2026-11-20T16:00:00Z */

/* An event of ticket 7, applied. */
static bool
apply(Ticket *ticket, EventType type, Instant at, const char *key,
    const char *value)
{
	g_autoptr(Event) event = event_stored(type, 7, at, "cli", 0);

	if (key != NULL)
		event_set(event, key, value);
	return ticket_apply(ticket, event);
}

static Ticket *
opened(void)
{
	Ticket *ticket = ticket_new(7);
	g_autoptr(Event) event = event_stored(EVENT_OPENED, 7, T0, "mail", 1);

	event->recorded = T0 + 60;
	event_set(event, "kind", "incident");
	event_set_int(event, "severity", 2);
	event_set(event, "contract", "acier-vosges");
	event_set(event, "plan", "sos24");
	event_set(event, "rules", "0af3");
	event_set(event, "mailbox", "support");
	event_set(event, "source", "mail");
	g_assert_true(ticket_apply(ticket, event));
	return ticket;
}

static bool
move(Ticket *ticket, const char *state, Instant at)
{
	return apply(ticket, EVENT_STATE, at, "state", state);
}

static void
test_opening(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_cmpint(ticket->state, ==, TICKET_NEW);
	g_assert_cmpint(ticket->severity, ==, 2);
	g_assert_cmpint(ticket->received, ==, T0);
	g_assert_cmpint(ticket->opened, ==, T0 + 60);
	g_assert_cmpint(ticket->changed, ==, T0);
	g_assert_cmpstr(ticket->contract, ==, "acier-vosges");
	g_assert_cmpstr(ticket->plan, ==, "sos24");
	g_assert_cmpstr(ticket->rules, ==, "0af3");
	g_assert_cmpstr(ticket->component, ==, "");
	g_assert_cmpint(ticket->resolved, ==, INSTANT_NONE);
	g_assert_cmpint(ticket->epoch, ==, 0);
}

/* What makes no sense is refused and changes nothing. */
static void
test_refused(void)
{
	static const struct {
		const char *label;
		EventType type;
		const char *key, *value;
	} rows[] = {
		{ "second opening", EVENT_OPENED, "kind", "incident" },
		{ "back to new", EVENT_STATE, "state", "new" },
		{ "no such state", EVENT_STATE, "state", "Resolved" },
		{ "no state", EVENT_STATE, NULL, NULL },
		{ "no such kind", EVENT_KIND, "kind", "panne" },
		{ "no severity", EVENT_SEVERITY, NULL, NULL },
		{ "no such milestone", EVENT_MET, "milestone", "repair" },
		{ "no milestone", EVENT_MET, NULL, NULL },
		{ "no share", EVENT_WARNED, "milestone", "response" },
		{ "no tag", EVENT_TAG, NULL, NULL },
		{ "no contract", EVENT_CONTRACT, "plan", "ald" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Ticket) ticket = opened();

		g_test_message("%s", rows[i].label);
		g_assert_false(apply(ticket, rows[i].type, T0 + 900,
		    rows[i].key, rows[i].value));
		g_assert_cmpint(ticket->changed, ==, T0);
		g_assert_cmpint(ticket->state, ==, TICKET_NEW);
		g_assert_cmpint(ticket->kind, ==, KIND_INCIDENT);
		g_assert_cmpint(ticket->severity, ==, 2);
		g_assert_cmpstr(ticket->plan, ==, "sos24");
		g_assert_cmpint(ticket->epoch, ==, 0);
	}
}

static void
test_refused_severity(void)
{
	static const gint64 bad[] = { -1, SEVERITY_MAX + 1, G_MAXINT64 };
	g_autoptr(Ticket) ticket = opened();

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(Event) event = event_stored(EVENT_SEVERITY, 7, T0,
		    "cli", 0);

		event_set_int(event, "severity", bad[i]);
		g_assert_false(ticket_apply(ticket, event));
		g_assert_cmpint(ticket->severity, ==, 2);
	}
}

static void
test_not_ours(void)
{
	g_autoptr(Ticket) ticket = opened();
	g_autoptr(Ticket) unopened = ticket_new(7);
	g_autoptr(Event) other = event_stored(EVENT_MESSAGE, 8, T0, "mail", 2);
	g_autoptr(Event) any = event_stored(EVENT_MESSAGE, 0, T0, "mail", 2);

	g_assert_false(ticket_apply(ticket, other));
	g_assert_true(ticket_apply(ticket, any)); /* of a number to come */
	g_assert_cmpint(ticket->messages, ==, 1);
	g_assert_false(apply(unopened, EVENT_MESSAGE, T0, NULL, NULL));
	g_assert_cmpint(unopened->messages, ==, 0);
}

/* Every pair of states: which moves exist, and when the epoch rises. */
static void
test_moves(void)
{
	/* Rows: from; columns: to, in the order of TicketState. */
	static const char *const table[] = {
		".xxxxxe", /* new */
		"..xxxxe", /* open */
		".x.xxxe", /* waiting-customer */
		".xx.xxe", /* waiting-approval */
		".xxx.xe", /* waiting-third-party */
		".e....e", /* resolved */
		".e.....", /* closed */
	};

	for (int from = 0; from < TICKET_STATE_COUNT; from++) {
		for (int to = 0; to < TICKET_STATE_COUNT; to++) {
			g_autoptr(Ticket) ticket = opened();
			const char *a = ticket_state_name((TicketState)from);
			const char *b = ticket_state_name((TicketState)to);
			char expected = table[from][to];
			gint32 epoch;

			if (from != TICKET_NEW)
				g_assert_true(move(ticket, a, T0 + 1));
			epoch = ticket->epoch;
			g_test_message("%s -> %s", a, b);
			g_assert_cmpint(move(ticket, b, T0 + 2), ==,
			    expected != '.');
			g_assert_cmpint(ticket->epoch - epoch, ==,
			    expected == 'e');
			g_assert_cmpint(ticket->state, ==,
			    expected == '.' ? from : to);
		}
	}
}

static void
assert_pause(const Ticket *ticket, guint place, Instant from, Instant to,
    TicketState why)
{
	const Pause *pause;

	g_assert_cmpuint(ticket->pauses->len, >, place);
	pause = &g_array_index(ticket->pauses, Pause, place);
	g_assert_cmpint(pause->from, ==, from);
	g_assert_cmpint(pause->to, ==, to);
	g_assert_cmpint(pause->why, ==, why);
}

static void
test_pauses(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(move(ticket, "waiting-customer", T0 + 10));
	assert_pause(ticket, 0, T0 + 10, INSTANT_NONE, TICKET_WAITING_CUSTOMER);
	g_assert_true(move(ticket, "waiting-approval", T0 + 20));
	g_assert_true(move(ticket, "open", T0 + 30));
	g_assert_true(move(ticket, "waiting-customer", T0 + 40));
	g_assert_true(move(ticket, "resolved", T0 + 50));

	g_assert_cmpuint(ticket->pauses->len, ==, 4);
	assert_pause(ticket, 0, T0 + 10, T0 + 20, TICKET_WAITING_CUSTOMER);
	assert_pause(ticket, 1, T0 + 20, T0 + 30, TICKET_WAITING_APPROVAL);
	assert_pause(ticket, 2, T0 + 40, T0 + 50, TICKET_WAITING_CUSTOMER);
	assert_pause(ticket, 3, T0 + 50, INSTANT_NONE, TICKET_RESOLVED);
}

/* A mail that is read late bears an earlier instant than what came before. */
static void
test_pauses_out_of_order(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(move(ticket, "waiting-customer", T0 - 5));
	g_assert_true(move(ticket, "open", T0 + 100));
	g_assert_true(move(ticket, "waiting-customer", T0 + 90));
	g_assert_true(move(ticket, "open", T0 + 95));

	assert_pause(ticket, 0, T0, T0 + 100, TICKET_WAITING_CUSTOMER);
	assert_pause(ticket, 1, T0 + 100, T0 + 100, TICKET_WAITING_CUSTOMER);
	g_assert_cmpint(ticket->changed, ==, T0 + 100);
}

static void
test_resolve_and_reopen(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(
	    apply(ticket, EVENT_MET, T0 + 5, "milestone", "response"));
	g_assert_true(move(ticket, "resolved", T0 + 50));
	g_assert_cmpint(ticket->resolved, ==, T0 + 50);
	g_assert_cmpint(ticket->met[MILESTONE_RESPONSE], ==, T0 + 5);
	g_assert_cmpint(ticket->met[MILESTONE_WORKAROUND], ==, T0 + 50);
	g_assert_cmpint(ticket->met[MILESTONE_RESTORE], ==, T0 + 50);
	g_assert_cmpint(ticket->met[MILESTONE_RESOLUTION], ==, T0 + 50);
	g_assert_true(ticket_state_is_done(ticket->state));

	g_assert_true(move(ticket, "closed", T0 + 60));
	g_assert_true(move(ticket, "open", T0 + 70));
	g_assert_cmpint(ticket->epoch, ==, 2);
	g_assert_cmpint(ticket->turned, ==, T0 + 70);
	g_assert_cmpint(ticket->resolved, ==, INSTANT_NONE);
	g_assert_cmpint(ticket->met[MILESTONE_RESOLUTION], ==, INSTANT_NONE);
	g_assert_cmpint(ticket->met[MILESTONE_RESPONSE], ==, T0 + 5);

	g_assert_true(move(ticket, "resolved", T0 + 80));
	g_assert_cmpint(ticket->met[MILESTONE_RESOLUTION], ==, T0 + 80);
	g_assert_cmpint(ticket->met[MILESTONE_WORKAROUND], ==, T0 + 50);
}

/* Closed without a resolution: nothing was met. */
static void
test_closed_unresolved(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(move(ticket, "waiting-customer", T0 + 10));
	g_assert_true(move(ticket, "closed", T0 + 20));
	g_assert_cmpint(ticket->resolved, ==, INSTANT_NONE);
	for (int i = 0; i < MILESTONE_COUNT; i++)
		g_assert_cmpint(ticket->met[i], ==, INSTANT_NONE);
	assert_pause(ticket, 0, T0 + 10, T0 + 20, TICKET_WAITING_CUSTOMER);
}

/* Whatever the order in which two answers are read, the first one counts. */
static void
test_met_twice(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(
	    apply(ticket, EVENT_MET, T0 + 30, "milestone", "workaround"));
	g_assert_true(
	    apply(ticket, EVENT_MET, T0 + 20, "milestone", "workaround"));
	g_assert_true(
	    apply(ticket, EVENT_MET, T0 + 40, "milestone", "workaround"));
	g_assert_cmpint(ticket->met[MILESTONE_WORKAROUND], ==, T0 + 20);
	g_assert_true(
	    apply(ticket, EVENT_MET, T0 - 20, "milestone", "response"));
	g_assert_cmpint(ticket->met[MILESTONE_RESPONSE], ==, T0);
}

/* The plan's guess holds until somebody says the kind, be it the same one. */
static void
test_unsure(void)
{
	g_autoptr(Ticket) sure = opened();
	g_autoptr(Ticket) ticket = ticket_new(7);
	g_autoptr(Event) event = event_stored(EVENT_OPENED, 7, T0, "mail", 1);

	event_set(event_set(event, "kind", "incident"), "unsure", "yes");
	g_assert_true(ticket_apply(ticket, event));
	g_assert_false(sure->unsure);
	g_assert_true(ticket->unsure);
	g_assert_false(apply(ticket, EVENT_KIND, T0, "kind", "panne"));
	g_assert_true(ticket->unsure);
	g_assert_true(apply(ticket, EVENT_KIND, T0, "kind", "incident"));
	g_assert_false(ticket->unsure);
}

static void
test_changes(void)
{
	g_autoptr(Ticket) ticket = opened();
	g_autoptr(Event) moved = event_stored(EVENT_CONTRACT, 7, T0 + 9, "cli",
	    0);
	g_autoptr(Event) warned = event_stored(EVENT_WARNED, 7, T0, "tick", 0);

	event_set(moved, "contract", "beta");
	event_set(moved, "plan", "ald");
	g_assert_true(ticket_apply(ticket, moved));
	g_assert_cmpstr(ticket->contract, ==, "beta");
	g_assert_cmpstr(ticket->plan, ==, "ald");
	g_assert_cmpstr(ticket->rules, ==, "0af3"); /* not said: kept */

	event_set(warned, "milestone", "response");
	event_set_int(warned, "share", 80);
	g_assert_true(ticket_apply(ticket, warned));
	event_set_int(warned, "share", 50);
	g_assert_true(ticket_apply(ticket, warned));
	g_assert_cmpint(ticket->warned[MILESTONE_RESPONSE], ==, 80);

	g_assert_true(apply(ticket, EVENT_KIND, T0, "kind", "question"));
	g_assert_cmpint(ticket->kind, ==, KIND_QUESTION);
	g_assert_true(
	    apply(ticket, EVENT_COMPONENT, T0, "component", "mariadb"));
	g_assert_cmpstr(ticket->component, ==, "mariadb");
	g_assert_true(apply(ticket, EVENT_ASSIGNED, T0, "who", "claire"));
	g_assert_cmpstr(ticket->assigned, ==, "claire");
	g_assert_true(apply(ticket, EVENT_ASSIGNED, T0, "who", ""));
	g_assert_cmpstr(ticket->assigned, ==, "");
	g_assert_true(
	    apply(ticket, EVENT_EXCLUDED, T0, "reason", "no-information"));
	g_assert_true(ticket->excluded);
	g_assert_cmpstr(ticket->exclusion, ==, "no-information");
	g_assert_true(apply(ticket, EVENT_HELD, T0 + 99, "what", "x"));
	g_assert_cmpint(ticket->changed, ==, T0 + 99);
}

static void
test_tags(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(apply(ticket, EVENT_TAG, T0, "add", "vpn"));
	g_assert_true(apply(ticket, EVENT_TAG, T0, "add", "dns"));
	g_assert_true(apply(ticket, EVENT_TAG, T0, "add", "vpn"));
	g_assert_cmpuint(ticket->tags->len, ==, 2);
	g_assert_cmpstr(ticket->tags->pdata[0], ==, "dns");
	g_assert_cmpstr(ticket->tags->pdata[1], ==, "vpn");
	g_assert_true(apply(ticket, EVENT_TAG, T0, "remove", "dns"));
	g_assert_true(apply(ticket, EVENT_TAG, T0, "remove", "dns"));
	g_assert_cmpuint(ticket->tags->len, ==, 1);
	g_assert_cmpstr(ticket->tags->pdata[0], ==, "vpn");
}

/* The first member names the ticket. */
static void
test_alert(void)
{
	g_autoptr(Ticket) ticket = opened();
	g_autoptr(Event) one = event_stored(EVENT_ALERT, 7, T0, "mail", 1);
	g_autoptr(Event) two = event_stored(EVENT_ALERT, 7, T0, "mail", 2);

	event_set(one, "key", "web1/http");
	event_set(one, "host", "web1");
	event_set(one, "service", "http");
	event_set(two, "key", "web2/http");
	event_set(two, "host", "web2");
	g_assert_true(ticket_apply(ticket, one));
	g_assert_true(ticket_apply(ticket, two));
	g_assert_cmpstr(ticket->alert_key, ==, "web1/http");
	g_assert_cmpstr(ticket->host, ==, "web1");
	g_assert_cmpstr(ticket->service, ==, "http");
}

/* An alert is a mandate where the plan says so; else its client's first mail
 * is, in the order of receipt. */
static void
test_mandate(void)
{
	Plan yes = { .alerts_are_mandate = true };
	Plan no = { .alerts_are_mandate = false };
	g_autoptr(Ticket) ticket = opened();

	g_assert_cmpint(ticket_origin(ticket, &no), ==, T0); /* a mail */
	g_assert_null(ticket_mandate(ticket, &no));
	apply(ticket, EVENT_MESSAGE, T0 + 10, "author", "client");
	g_assert_cmpint(ticket->asked, ==, INSTANT_NONE);

	g_free(ticket->source);
	ticket->source = g_strdup("alert");
	g_assert_cmpint(ticket_origin(ticket, &yes), ==, T0);
	g_assert_cmpint(ticket_origin(ticket, NULL), ==, T0);
	g_assert_cmpint(ticket_origin(ticket, &no), ==, INSTANT_NONE);
	g_assert_cmpstr(ticket_mandate(ticket, &no), ==, "none");
	apply(ticket, EVENT_MESSAGE, T0 + 20, "author", "alert");
	apply(ticket, EVENT_MESSAGE, T0 + 30, "author", "stranger");
	apply(ticket, EVENT_MESSAGE, T0 + 40, "author", "robot");
	g_assert_cmpint(ticket_origin(ticket, &no), ==, INSTANT_NONE);

	apply(ticket, EVENT_MESSAGE, T0 + 100, "author", "client");
	apply(ticket, EVENT_MESSAGE, T0 + 90, "author", "client");
	apply(ticket, EVENT_MESSAGE, T0 + 200, "author", "client");
	g_assert_cmpint(ticket_origin(ticket, &no), ==, T0 + 90);
	g_assert_cmpstr(ticket_mandate(ticket, &no), ==, "client");
	g_assert_cmpint(ticket_origin(ticket, &yes), ==, T0);
	g_assert_cmpstr(ticket_mandate(ticket, &yes), ==, "alert");
}

static void
test_facts(void)
{
	g_autoptr(GPtrArray) components = g_ptr_array_new();
	Component covered = { .name = (char *)"mariadb", .covered = true };
	Component excluded = { .name = (char *)"printer", .covered = false };
	Plan plan = { .default_severity = 3, .components = components };
	Terms terms = { .plan = &plan };
	g_autoptr(Ticket) ticket = ticket_new(7);
	g_autoptr(Event) event = event_stored(EVENT_OPENED, 7, T0, "cli", 0);
	Facts facts;

	g_ptr_array_add(components, &covered);
	g_ptr_array_add(components, &excluded);
	g_assert_true(ticket_apply(ticket, event));

	facts = ticket_facts(ticket, NULL);
	g_assert_cmpint(facts.severity, ==, 0);
	facts = ticket_facts(ticket, &terms);
	g_assert_cmpint(facts.severity, ==, 3);
	g_assert_cmpint(facts.received, ==, T0);
	g_assert_false(facts.excluded_component);

	g_assert_true(
	    apply(ticket, EVENT_COMPONENT, T0, "component", "printer"));
	g_assert_true(ticket_facts(ticket, &terms).excluded_component);
	g_assert_true(
	    apply(ticket, EVENT_COMPONENT, T0, "component", "mariadb"));
	g_assert_false(ticket_facts(ticket, &terms).excluded_component);
}

/* ---- what a change leaves alone ---- */

static bool
severity(Ticket *ticket, Instant at, int severity)
{
	g_autoptr(Event) event = event_stored(EVENT_SEVERITY, 7, at, "cli", 0);

	event_set_int(event, "severity", severity);
	return ticket_apply(ticket, event);
}

static void
test_kept(void)
{
	g_autoptr(Ticket) ticket = opened();
	Facts facts;

	g_assert_true(
	    apply(ticket, EVENT_MET, T0 + 100, "milestone", "response"));
	/* To what it was: nothing has changed. */
	g_assert_true(severity(ticket, T0 + 200, 2));
	g_assert_null(ticket->met_as[MILESTONE_RESPONSE]);
	g_assert_cmpint(ticket->changed_terms, ==, T0);

	/* Told late that it was changed before: then it was not yet met. */
	g_assert_true(severity(ticket, T0 + 99, 1));
	g_assert_null(ticket->met_as[MILESTONE_RESPONSE]);
	g_assert_cmpint(ticket->changed_terms, ==, T0 + 99);

	g_assert_true(severity(ticket, T0 + 300, 3));
	g_assert_nonnull(ticket->met_as[MILESTONE_RESPONSE]);
	g_assert_null(ticket->met_as[MILESTONE_RESOLUTION]);
	g_assert_true(severity(ticket, T0 + 400, 4));
	facts = ticket_facts_for(ticket, MILESTONE_RESPONSE, NULL);
	g_assert_cmpint(facts.severity, ==, 1);
	facts = ticket_facts_for(ticket, MILESTONE_RESOLUTION, NULL);
	g_assert_cmpint(facts.severity, ==, 4);

	/* Another contract: the present terms are not those of then. */
	g_assert_false(ticket_met_elsewhere(ticket, MILESTONE_RESPONSE));
	g_assert_true(apply(ticket, EVENT_CONTRACT, T0 + 500, "contract",
	    "halcyon-data"));
	g_assert_true(ticket_met_elsewhere(ticket, MILESTONE_RESPONSE));
	g_assert_false(ticket_met_elsewhere(ticket, MILESTONE_RESOLUTION));
}

/* What is reopened is promised anew, as it is now. */
static void
test_kept_until_reopened(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(move(ticket, "resolved", T0 + 100));
	g_assert_true(severity(ticket, T0 + 200, 1));
	g_assert_nonnull(ticket->met_as[MILESTONE_RESOLUTION]);
	g_assert_true(move(ticket, "open", T0 + 300));
	g_assert_null(ticket->met_as[MILESTONE_RESOLUTION]);
	g_assert_nonnull(ticket->met_as[MILESTONE_RESPONSE]);
}

static bool
warned(Ticket *ticket, Instant at, int share)
{
	g_autoptr(Event) event = event_stored(EVENT_WARNED, 7, at, "tick", 0);

	event_set(event, "milestone", "response");
	event_set_int(event, "share", share);
	return ticket_apply(ticket, event);
}

static void
test_rearmed(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_true(warned(ticket, T0 + 100, 100));
	g_assert_true(warned(ticket, T0 + 200, 50)); /* said twice */
	g_assert_cmpint(ticket->warned[MILESTONE_RESPONSE], ==, 100);
	g_assert_cmpint(ticket->warned_at[MILESTONE_RESPONSE], ==, T0 + 100);
	g_assert_true(severity(ticket, T0 + 300, 3));
	g_assert_true(ticket->rearmed[MILESTONE_RESPONSE]);
	g_assert_false(ticket->rearmed[MILESTONE_RESTORE]);
	g_assert_true(warned(ticket, T0 + 400, 50));
	g_assert_cmpint(ticket->warned[MILESTONE_RESPONSE], ==, 50);
	g_assert_false(ticket->rearmed[MILESTONE_RESPONSE]);
}

static void
test_reminded(void)
{
	g_autoptr(Ticket) ticket = opened();

	g_assert_cmpint(ticket->reminded, ==, INSTANT_NONE);
	g_assert_true(apply(ticket, EVENT_REMINDED, T0 + 1800, NULL, NULL));
	g_assert_true(apply(ticket, EVENT_REMINDED, T0 + 3600, NULL, NULL));
	g_assert_cmpint(ticket->reminders, ==, 2);
	g_assert_cmpint(ticket->reminded, ==, T0 + 3600);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ticket/opening", test_opening);
	g_test_add_func("/ticket/refused", test_refused);
	g_test_add_func("/ticket/refused-severity", test_refused_severity);
	g_test_add_func("/ticket/not-ours", test_not_ours);
	g_test_add_func("/ticket/moves", test_moves);
	g_test_add_func("/ticket/pauses", test_pauses);
	g_test_add_func("/ticket/pauses-out-of-order",
	    test_pauses_out_of_order);
	g_test_add_func("/ticket/resolve-and-reopen", test_resolve_and_reopen);
	g_test_add_func("/ticket/closed-unresolved", test_closed_unresolved);
	g_test_add_func("/ticket/met-twice", test_met_twice);
	g_test_add_func("/ticket/changes", test_changes);
	g_test_add_func("/ticket/unsure", test_unsure);
	g_test_add_func("/ticket/tags", test_tags);
	g_test_add_func("/ticket/alert", test_alert);
	g_test_add_func("/ticket/mandate", test_mandate);
	g_test_add_func("/ticket/facts", test_facts);
	g_test_add_func("/ticket/kept", test_kept);
	g_test_add_func("/ticket/kept-until-reopened",
	    test_kept_until_reopened);
	g_test_add_func("/ticket/rearmed", test_rearmed);
	g_test_add_func("/ticket/reminded", test_reminded);
	return g_test_run();
}
