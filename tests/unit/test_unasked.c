/*
 * What the desk decides without a person's mail: time, unreadable mails,
 * failed deliveries. No store: cases made by hand.
 */
#include "guichet/desk/desk_unasked.h"

#include "rulesets.h"

#include <string.h>

#define T0   1795190400 /* Friday 2026-11-20T17:00+01:00 */
#define HOUR 3600

static Ruleset *rules;

/* A ticket of that contract as of `now`; the view owns it. */
static TicketView *
view_at(const char *contract, const char *plan, int severity, Instant now)
{
	Ticket *ticket = ticket_new(5);
	TicketView *view;

	g_free(ticket->contract);
	ticket->contract = g_strdup(contract);
	g_free(ticket->plan);
	ticket->plan = g_strdup(plan);
	ticket->severity = severity;
	ticket->received = ticket->opened = ticket->changed_terms = T0;
	view = ticket_view_new(ticket);
	ticket_view_settle(view, &(TicketRules){ .own = rules });
	ticket_view_run(view, now);
	return view;
}

/* "warned 50; alarm warning 50; ": the effects, in order. */
static char *
say(const Decision *decision)
{
	GString *said = g_string_new(NULL);

	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL)
			g_string_append_printf(said, "%s %d; ",
			    event_type_name(effect->event->type),
			    (int)(event_int(effect->event, "share") +
				event_int(effect->event, "count")));
		else
			g_string_append_printf(said, "%s %s %d; ",
			    send_kind_name(effect->send),
			    reason_name(effect->reason), effect->share);
	}
	return g_string_free(said, FALSE);
}

static const DeskPolicy policy = { .acknowledge_within = 24 * HOUR };

static void
assert_tick(TicketView *view, Instant now, const char *expected)
{
	g_autoptr(Decision) decision = desk_tick(
	    &(TickCase){ view, &policy, now, true });
	g_autofree char *said = say(decision);

	g_assert_cmpstr(said, ==, expected);
}

/* SOS24, 24 h: the highest share that has passed, alone; in the due second an
 * answer is still in time. */
static void
test_shares(void)
{
	static const struct {
		Seconds after;
		const char *said;
	} rows[] = {
		{ 12 * HOUR - 1, "" },
		{ 12 * HOUR, "warned 50; alarm warning 50; " },
		{ 20 * HOUR, "warned 80; alarm warning 80; " },
		{ 24 * HOUR, "warned 80; alarm warning 80; " },
		{ 24 * HOUR + 1, "warned 100; alarm breach 100; " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TicketView) view = view_at("acier-vosges", "sos24", 1,
		    T0 + rows[i].after);

		assert_tick(view, T0 + rows[i].after, rows[i].said);
	}
}

/* What was old when it came in is recorded, and nobody is told. */
static void
test_came_late(void)
{
	g_autoptr(TicketView) view = view_at("acier-vosges", "sos24", 1,
	    T0 + 25 * HOUR);

	view->ticket->opened = T0 + 24 * HOUR + 1;
	assert_tick(view, T0 + 25 * HOUR, "warned 100; ");
	view->ticket->opened = T0 + 24 * HOUR;
	assert_tick(view, T0 + 25 * HOUR, "warned 100; alarm breach 100; ");
}

/* Of many that an outage missed one reminder, dated when the last was due. */
static void
test_reminder(void)
{
	Instant now = T0 + 10 * HOUR + 60;
	g_autoptr(TicketView) view = view_at("halcyon-data", "semarchy", 1,
	    now);
	g_autoptr(Decision) decision = NULL;
	const Event *reminded = NULL;
	guint alarms = 0, said = 0;

	decision = desk_tick(&(TickCase){ view, &policy, now, true });
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL &&
		    effect->event->type == EVENT_REMINDED)
			reminded = effect->event;
		if (effect->event != NULL)
			continue;
		alarms++;
		/* What is missed leads, and the same mail reminds. */
		g_assert_cmpint(effect->reason, ==, REASON_BREACH);
		for (guint k = 0; k < effect->also->len; k++) {
			const Effect *also = effect->also->pdata[k];

			said += also->reason == REASON_REMINDER;
		}
	}
	g_assert_nonnull(reminded);
	g_assert_cmpint(event_int(reminded, "count"), ==, 1);
	g_assert_cmpint(reminded->at, <=, now);
	g_assert_cmpint(reminded->recorded, ==, now);
	g_assert_cmpuint(alarms, ==, 1);
	g_assert_cmpuint(said, ==, 1);
	/* The case is as it was. */
	g_assert_cmpint(view->ticket->reminded, ==, INSTANT_NONE);
}

static void
test_unreadable(void)
{
	g_autoptr(Decision) decision = desk_unreadable(
	    &(UnreadableCase){ 7, "support", "hash", 3, T0, T0 + 60 });
	g_autofree char *said = say(decision);
	const Effect *open = decision->effects->pdata[0];

	g_assert_cmpstr(said, ==, "opened 0; message 0; notice unreadable 0; ");
	g_assert_cmpint(open->kind, ==, EFFECT_OPEN);
	g_assert_cmpint(open->event->at, ==, T0);
	g_assert_cmpint(open->event->mail, ==, 7);
}

static void
test_own_ticket(void)
{
	g_autoptr(Decision) decision = desk_own_ticket(
	    &(OwnTicketCase){ .opening = { .kind = KIND_DUTY,
				  .contract = "phare-ouest",
				  .scope = "checkup",
				  .source = OPENED_BY_DUTY },
		.actor = "tick",
		.mail = 9,
		.at = T0,
		.now = T0 + 60 });
	const Effect *open = decision->effects->pdata[0];
	const Effect *words = decision->effects->pdata[1];
	g_autofree char *said = say(decision);

	g_assert_cmpstr(said, ==, "opened 0; message 0; notice new-ticket 0; ");
	g_assert_cmpint(open->event->at, ==, T0);
	g_assert_cmpint(open->event->recorded, ==, T0 + 60);
	g_assert_cmpstr(event_text(open->event, "scope"), ==, "checkup");
	g_assert_cmpint(words->event->mail, ==, 9);
	g_assert_cmpstr(event_text(words->event, "visibility"), ==, "internal");
	g_assert_cmpstr(event_text(words->event, "author"), ==, "desk");
}

/* Technicians hear of what a client does not get, and of nothing else. */
static void
test_delivery(void)
{
	for (SendKind kind = 0; kind < SEND_COUNT; kind++) {
		DeliveryCase c = { .outbox = 3,
			.ticket = 5,
			.mail = 7,
			.what = send_kind_name(kind),
			.code = 550,
			.now = T0,
			.outcome = SEND_OUTCOME_FAILED };
		g_autoptr(Decision) decision = desk_delivery(&c), copy = NULL,
				    none = NULL;
		g_autofree char *said = say(decision), *of_copy = NULL;
		const Effect *effect;

		g_assert_cmpstr(said, ==,
		    send_kind_is_internal(kind)
			? "sent 0; "
			: "sent 0; alarm delivery-failed 0; ");
		/* What who asked has got is said, whoever else has not. */
		c.is_copy = true;
		copy = desk_delivery(&c);
		of_copy = say(copy);
		g_assert_cmpstr(of_copy, ==, said);
		effect = copy->effects->pdata[0];
		g_assert_cmpstr(event_text(effect->event, "unmet"), ==, "");
		effect = decision->effects->pdata[0];
		if (kind == SEND_REPLY)
			g_assert_cmpstr(event_text(effect->event, "unmet"), ==,
			    "response");
		c.ticket = 0;
		none = desk_delivery(&c);
		g_assert_cmpuint(none->effects->len, ==, 0);
	}
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
#define ADD(test) g_test_add_func("/unasked/" #test, test_##test)
	ADD(shares);
	ADD(came_late);
	ADD(reminder);
	ADD(unreadable);
	ADD(own_ticket);
	ADD(delivery);
#undef ADD
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
