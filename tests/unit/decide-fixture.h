/*
 * decide-fixture: a situation made by hand, and what came of it. The cases
 * change what they are about.
 */
#ifndef GUICHET_TESTS_DECIDE_FIXTURE_H
#define GUICHET_TESTS_DECIDE_FIXTURE_H

#include "guichet/desk/decide.h"
#include "guichet/order/command.h"
#include "guichet/order/order_case.h"

#include "message_fixture.h"
#include "rulesets.h"

#define T0  1795190400 /* Friday 2026-11-20T17:00+01:00 */
#define DAY 86400

#define JEANNE   "jeanne.morel@acier-vosges.example"
#define STRANGER "paul@elsewhere.test"
#define ANNE     "anne.martin@desk.example"

static Ruleset *rules; /* of all cases, never changed */

static const DeskPolicy policy = {
	.per_address_hour = 3,
	.per_address_day = 10,
	.per_domain_hour = 30,
	.per_hour = 120,
	.acknowledge_within = DAY,
	.forward_bytes = 3000,
};

/* One situation, with what it borrows; the cases change what they are about. */
typedef struct {
	Situation sit;
	Message *message;
	RobotVerdict *robot;
	MatchResult match;
	DeskPolicy policy;
	Ticket *ticket;
	Candidate candidates[2];
	TicketView views[2]; /* of the candidates */
	const Contract *contracts[3];
	CommandList *commands;
	GPtrArray *orders; /* OrderCase *, of the commands */
	GPtrArray *rows;   /* char *: what there is to read */
	GPtrArray *events; /* Event *: those of before; NULL: not looked up */
	GArray *answers;   /* CaseAnswer, likewise */
	Ticket *other;     /* of an order of two tickets; NULL: none */
	bool is_of_a_program;
	Decision *decision;
} Case;

static inline RobotVerdict *
verdict_new(RobotClass class)
{
	RobotVerdict *verdict = g_new0(RobotVerdict, 1);

	verdict->class = verdict->beside_list = class;
	verdict->signals = g_ptr_array_new_with_free_func(g_free);
	verdict->failed = g_ptr_array_new_with_free_func(g_free);
	return verdict;
}

static inline void
case_init(Case *c, WhoKind who, const char *mail)
{
	*c = (Case){ .policy = policy };
	c->message = fixture_message(mail);
	c->robot = verdict_new(ROBOT_NONE);
	c->match.tags = g_ptr_array_new();
	c->match.fired = g_ptr_array_new();
	c->match.failed = g_ptr_array_new();
	c->match.weighed = g_ptr_array_new();
	if (who == WHO_CONTACT || who == WHO_COLLEAGUE)
		c->contracts[0] = ruleset_contract(rules, "acier-vosges");
	c->sit = (Situation){
		.message = c->message,
		.mail = 7,
		.mailbox = "support",
		.received = T0,
		.now = T0 + 60,
		.robot = c->robot,
		.auth = AUTH_NONE,
		.who = who,
		.contracts = c->contracts,
		.contract = c->contracts[0],
		.token = TOKEN_ABSENT,
		.candidates = c->candidates,
		.match = &c->match,
		.answer = "",
		.inside = "",
		.rules = "hash",
		.ruleset = rules,
		.policy = &c->policy,
	};
}

static inline void
case_clear(Case *c)
{
	fixture_message_free(c->message);
	robot_verdict_free(c->robot);
	g_ptr_array_unref(c->match.tags);
	g_ptr_array_unref(c->match.fired);
	g_ptr_array_unref(c->match.failed);
	g_ptr_array_unref(c->match.weighed);
	ticket_free(c->ticket);
	command_list_free(c->commands);
	g_clear_pointer(&c->orders, g_ptr_array_unref);
	g_clear_pointer(&c->rows, g_ptr_array_unref);
	g_clear_pointer(&c->events, g_ptr_array_unref);
	g_clear_pointer(&c->answers, g_array_unref);
	ticket_free(c->other);
	decision_free(c->decision);
	for (gsize i = 0; i < G_N_ELEMENTS(c->views); i++)
		g_clear_pointer(&c->views[i].clocks, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

#define MAIL_OF(from) \
 "From: <" from ">\nMessage-ID: <a@b.test>\nSubject: Panne\n\nPanne.\n"

static inline void
contact(Case *c)
{
	case_init(c, WHO_CONTACT, MAIL_OF(JEANNE));
}

static inline void
stranger(Case *c)
{
	case_init(c, WHO_STRANGER, MAIL_OF(STRANGER));
}

/* Ties ticket #5 of acier-vosges to the mail. */
static inline void
tie(Case *c, LinkKind link, bool participant, TicketState state)
{
	c->ticket = ticket_new(5);
	c->ticket->received = c->ticket->opened = T0 - 3600;
	c->ticket->state = state;
	g_free(c->ticket->contract);
	c->ticket->contract = g_strdup("acier-vosges");
	c->candidates[0] = (Candidate){ .link = link,
		.ticket = c->ticket,
		.participant = participant };
	c->sit.candidate_count = 1;
	if (link == LINK_TOKEN)
		c->sit.token = TOKEN_OK;
}

static inline void
technician(Case *c, const char *text)
{
	g_autofree char *mail = g_strconcat(
	    "From: <" ANNE
	    ">\nMessage-ID: <t@desk.example>\nSubject: Re: [#5] Panne\n\n",
	    text, NULL);

	case_init(c, WHO_TECHNICIAN, mail);
	c->sit.technician = "Anne Martin";
	c->commands = command_parse(c->message->command_text, "en");
	c->sit.commands = c->commands;
	g_strstrip(c->commands->rest);
	if (command_list_keeps_inside(c->commands))
		c->sit.inside = c->commands->rest;
	else
		c->sit.answer = c->commands->rest;
	tie(c, LINK_TOKEN, false, TICKET_NEW);
}

static inline void
with_valid_token(Case *c)
{
	c->sit.auth = AUTH_PASS;
	c->sit.token = TOKEN_OK;
	c->sit.token_ticket = 5;
	c->sit.token_who = 1;
	c->sit.token_fits = true;
}

static inline void
order_case_free(gpointer data)
{
	OrderCase *c = data;

	order_free((Order *)c->order);
	g_free(c);
}

/* What the work layer would look up of the mail's commands. */
static inline void
know_orders(Case *c)
{
	const OrderReading reading = { zone_get("Europe/Paris", NULL), T0, T0,
		"en" };

	g_clear_pointer(&c->orders, g_ptr_array_unref);
	if (c->rows == NULL) {
		c->rows = g_ptr_array_new();
		g_ptr_array_add(c->rows, (gpointer) "[#5] Panne");
	}
	c->orders = g_ptr_array_new_with_free_func(order_case_free);
	c->sit.orders = c->orders;
	for (guint i = 0; i < c->commands->commands->len; i++) {
		const Command *command = c->commands->commands->pdata[i];
		Order *order = order_read_line(command->order,
		    command->argument, &reading, NULL);
		OrderCase *one;

		if (order == NULL) {
			command_list_error(c->commands, command->line,
			    g_strdup("wrong"));
			continue;
		}
		order->line = command->line;
		order->name = g_strdup(command->name);
		one = g_new(OrderCase, 1);
		*one = (OrderCase){ .order = order,
			.technician = c->sit.technician,
			.at = c->sit.received,
			.now = c->sit.now,
			.mail = c->sit.mail,
			.has_words = *c->sit.answer != '\0',
			.has_note = *c->sit.inside != '\0',
			.language = "en",
			.zone = reading.zone,
			.ruleset = rules,
			.policy = &policy,
			.ticket = c->ticket,
			.view = &c->views[0],
			.client = { c->sit.no_recipient ? "" : JEANNE, 0,
			    c->is_of_a_program },
			.assignee = c->sit.technician,
			.events = c->events,
			.answers = c->answers,
			.other = c->other != NULL ? &c->views[1] : NULL,
			.rows = c->rows,
			.found = c->rows->len,
			.is_planned = true };
		g_ptr_array_add(c->orders, one);
	}
}

/* ---- what came of it ---- */

static inline void
judge(Case *c)
{
	for (gsize i = 0; i < c->sit.candidate_count; i++) {
		c->views[i].ticket = (Ticket *)c->candidates[i].ticket;
		ticket_view_settle(&c->views[i],
		    &(TicketRules){ .own = rules });
		if (c->views[i].clocks == NULL)
			c->views[i].clocks = g_ptr_array_new();
		c->candidates[i].view = &c->views[i];
	}
	if (c->other != NULL) {
		c->views[1].ticket = c->other;
		ticket_view_settle(&c->views[1],
		    &(TicketRules){ .own = rules });
		c->views[1].clocks = g_ptr_array_new();
	}
	if (c->sit.seen.ticket != NULL)
		c->sit.seen.view = &c->views[0];
	if (c->commands != NULL)
		know_orders(c);
	decision_free(c->decision);
	c->decision = decide_mail(&c->sit);
}

static inline const Effect *
sent(const Case *c, SendKind kind)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND && effect->send == kind)
			return effect;
	}
	return NULL;
}

/* What the technician is told of what was not done, yet or at all. */
static inline const Effect *
told(const Case *c)
{
	const Effect *challenge = sent(c, SEND_CHALLENGE);

	g_assert_true(challenge == NULL || sent(c, SEND_REFUSAL) == NULL);
	return challenge != NULL ? challenge : sent(c, SEND_REFUSAL);
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

static inline const char *
lane_of(const Case *c)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->kind == EFFECT_FILE)
			return event_lane_name(effect->lane);
	}
	return NULL;
}

/* "public client yes", or "" without a message. */
static inline char *
said(const Case *c)
{
	const Event *event = event_of(c, EVENT_MESSAGE);

	if (event == NULL)
		return g_strdup("");
	return g_strdup_printf("%s %s %s", event_text(event, "visibility"),
	    event_text(event, "author"), event_text(event, "verified"));
}

static inline void
assert_said(const Case *c, const char *expected)
{
	g_autofree char *words = said(c);

	g_assert_cmpstr(words, ==, expected);
}

/* Why the acknowledgment is held; NULL if one is sent. */
static inline const char *
held(const Case *c)
{
	const Event *event = event_of(c, EVENT_HELD);

	g_assert_true(
	    (event != NULL) != (sent(c, SEND_ACKNOWLEDGMENT) != NULL));
	return event != NULL ? event_text(event, "reason") : NULL;
}

/* Nothing that a client could read, and no state moved. */
static inline void
assert_inert(const Case *c)
{
	const Event *words = event_of(c, EVENT_MESSAGE);

	g_assert_null(sent(c, SEND_REPLY));
	g_assert_null(sent(c, SEND_RESOLUTION));
	g_assert_null(sent(c, SEND_ACKNOWLEDGMENT));
	g_assert_null(event_of(c, EVENT_STATE));
	g_assert_null(event_of(c, EVENT_MET));
	g_assert_null(event_of(c, EVENT_ASSIGNED));
	if (words != NULL)
		g_assert_cmpstr(event_text(words, "visibility"), ==,
		    "internal");
}

#endif
