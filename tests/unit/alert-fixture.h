/*
 * alert-fixture: one alert before the desk, with all that it takes to judge it.
 */
#ifndef GUICHET_TESTS_ALERT_FIXTURE_H
#define GUICHET_TESTS_ALERT_FIXTURE_H

#include "guichet/desk/decide.h"

#include "message_fixture.h"
#include "rulesets.h"

#define T0 1795190400 /* Friday 2026-11-20T17:00+01:00 */

static Ruleset *rules;
static const DeskPolicy policy = { .acknowledge_within = 86400 };

typedef struct {
	Situation sit;
	AlertFacts facts;
	Alert alert;
	AlertCase *known, *storm;
	Ticket *ticket, *storm_ticket;
	TicketView view, expected_view;
	Message *message;
	RobotVerdict robot;
	Decision *decision;
} Case;

static inline void
case_init(Case *c, AlertType type, AlertLevel level)
{
	static char *none[] = { NULL };

	*c = (Case){ 0 };
	c->message = fixture_message("From: <nagios@mon.test>\n"
				     "Message-ID: <a@mon.test>\n"
				     "Subject: x\n\nx\n");
	c->robot.class = c->robot.beside_list = ROBOT_MACHINE;
	c->robot.signals = g_ptr_array_new();
	c->robot.failed = g_ptr_array_new();
	c->alert = (Alert){ .system = (char *)"nagios",
		.type = type,
		.host = (char *)"web1",
		.service = (char *)"HTTP",
		.state = (char *)"",
		.severity = (char *)"",
		.level = level,
		.key = (char *)"web1/HTTP",
		.alias = (char *)"",
		.event_id = (char *)"",
		.info = (char *)"",
		.members = g_ptr_array_new(),
		.missing = none,
		.limits = none };
	c->facts = (AlertFacts){ .alert = &c->alert,
		.source = "mon",
		.is_trusted = true,
		.why = "by its secret address",
		.silent_until = INSTANT_NONE,
		.target = { .contract = "",
		    .component = "",
		    .scope = "",
		    .severity = 3,
		    .is_mapped = true },
		.told = { false, false, true },
		.silent_after = 3600 };
	c->sit = (Situation){ .message = c->message,
		.mail = 7,
		.mailbox = "support",
		.received = T0,
		.now = T0 + 60,
		.robot = &c->robot,
		.auth = AUTH_NONE,
		.who = WHO_STRANGER,
		.token = TOKEN_ABSENT,
		.answer = "",
		.inside = "",
		.rules = "hash",
		.ruleset = rules,
		.is_alert_source = true,
		.alert = &c->facts,
		.policy = &policy };
}

static inline void
case_clear(Case *c)
{
	fixture_message_free(c->message);
	g_ptr_array_unref(c->robot.signals);
	g_ptr_array_unref(c->robot.failed);
	g_ptr_array_unref(c->alert.members);
	alert_case_free(c->known);
	alert_case_free(c->storm);
	ticket_free(c->ticket);
	ticket_free(c->storm_ticket);
	decision_free(c->decision);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

static inline const TicketView *
see(TicketView *view, const Ticket *ticket)
{
	if (ticket == NULL)
		return NULL;
	view->ticket = (Ticket *)ticket;
	ticket_view_settle(view, &(TicketRules){ .own = rules });
	return view;
}

/* The views of its tickets, as they are now. */
static inline void
see_tickets(Case *c)
{
	c->facts.view = see(&c->view, c->facts.ticket);
	c->facts.expected_view = see(&c->expected_view,
	    c->facts.expected_ticket);
}

static inline void
decide(Case *c)
{
	see_tickets(c);
	decision_free(c->decision);
	c->decision = decide_mail(&c->sit);
}

/* It is known and has the ticket #5, in that state. */
static inline void
know(Case *c, bool firing, TicketState state)
{
	c->known = alert_case_new("mon", "nagios", "web1/HTTP");
	c->known->id = 1;
	c->known->firing = firing;
	c->known->level = firing ? ALERT_LEVEL_WARNING : ALERT_LEVEL_OK;
	c->known->count = 1;
	c->known->ticket = 5;
	c->known->turned = c->known->last = T0 - 600;
	c->ticket = ticket_new(5);
	c->ticket->received = c->ticket->opened = T0 - 3600;
	c->ticket->state = state;
	c->ticket->severity = 3;
	c->ticket->resolved = ticket_state_is_done(state) ? T0 - 600
							  : INSTANT_NONE;
	c->facts.known = c->known;
	c->facts.ticket = c->ticket;
}

static inline const Event *
event_of(const Case *c, EventType type)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->event != NULL && effect->event->type == type)
			return effect->event;
	}
	return NULL;
}

static inline guint
count_kind(const Case *c, EffectKind kind)
{
	guint count = 0;

	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		count += effect->kind == kind;
	}
	return count;
}

static inline const char *
state_of(const Case *c)
{
	const Event *event = event_of(c, EVENT_STATE);

	return event != NULL ? event_text(event, "state") : "";
}

static inline bool
is_filed(const Case *c)
{
	return c->decision->effects->len == 1 &&
	    count_kind(c, EFFECT_FILE) == 1;
}

static inline guint
count_sent(const Case *c, SendKind kind)
{
	guint count = 0;

	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		count += effect->kind == EFFECT_SEND && effect->send == kind;
	}
	return count;
}

#endif
