/*
 * The desk's judgment, rule by rule of DESIGN.md 7 and SECURITY.md 2.3: what
 * becomes of a situation, whoever gathered it.
 */
#include "guichet/decide.h"

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
	const Contract *contracts[3];
	CommandList *commands;
	Decision *decision;
} Case;

static RobotVerdict *
verdict_new(RobotClass class)
{
	RobotVerdict *verdict = g_new0(RobotVerdict, 1);

	verdict->class = verdict->beside_list = class;
	verdict->signals = g_ptr_array_new_with_free_func(g_free);
	verdict->failed = g_ptr_array_new_with_free_func(g_free);
	return verdict;
}

static void
case_init(Case *c, WhoKind who, const char *mail)
{
	*c = (Case){ .policy = policy };
	c->message = fixture_message(mail);
	c->robot = verdict_new(ROBOT_NONE);
	c->match.tags = g_ptr_array_new();
	c->match.fired = g_ptr_array_new();
	c->match.failed = g_ptr_array_new();
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
		.refusal_allowed = true,
		.rules = "hash",
		.ruleset = rules,
		.policy = &c->policy,
	};
}

static void
case_clear(Case *c)
{
	fixture_message_free(c->message);
	robot_verdict_free(c->robot);
	g_ptr_array_unref(c->match.tags);
	g_ptr_array_unref(c->match.fired);
	g_ptr_array_unref(c->match.failed);
	ticket_free(c->ticket);
	command_list_free(c->commands);
	decision_free(c->decision);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

#define MAIL_OF(from) \
 "From: <" from ">\nMessage-ID: <a@b.test>\nSubject: Panne\n\nPanne.\n"

static void
contact(Case *c)
{
	case_init(c, WHO_CONTACT, MAIL_OF(JEANNE));
}

static void
stranger(Case *c)
{
	case_init(c, WHO_STRANGER, MAIL_OF(STRANGER));
}

/* Ties ticket #5 of acier-vosges to the mail. */
static void
tie(Case *c, LinkKind link, bool participant, TicketState state)
{
	c->ticket = ticket_new(5);
	c->ticket->state = state;
	g_free(c->ticket->contract);
	c->ticket->contract = g_strdup("acier-vosges");
	c->candidates[0] = (Candidate){ link, c->ticket, participant };
	c->sit.candidate_count = 1;
	if (link == LINK_TOKEN)
		c->sit.token = TOKEN_OK;
}

static void
technician(Case *c, const char *text)
{
	g_autofree char *mail = g_strconcat(
	    "From: <" ANNE
	    ">\nMessage-ID: <t@desk.example>\nSubject: Re: [#5] Panne\n\n",
	    text, NULL);

	case_init(c, WHO_TECHNICIAN, mail);
	c->sit.technician = "Anne Martin";
	c->commands = command_parse(c->message->command_text);
	c->sit.commands = c->commands;
	c->sit.answer = g_strstrip(c->commands->rest);
	tie(c, LINK_TOKEN, false, TICKET_NEW);
}

static void
with_valid_token(Case *c)
{
	c->sit.auth = AUTH_PASS;
	c->sit.token = TOKEN_OK;
	c->sit.token_ticket = 5;
	c->sit.token_who = 1;
	c->sit.token_fits = true;
}

/* ---- what came of it ---- */

static void
judge(Case *c)
{
	decision_free(c->decision);
	c->decision = desk_decide(&c->sit);
}

static const Effect *
sent(const Case *c, SendKind kind)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND && effect->send == kind)
			return effect;
	}
	return NULL;
}

static const Event *
event_of(const Case *c, EventType type)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->event != NULL && effect->event->type == type)
			return effect->event;
	}
	return NULL;
}

static const char *
lane_of(const Case *c)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->kind == EFFECT_FILE)
			return effect->lane;
	}
	return NULL;
}

/* "public client yes", or "" without a message. */
static char *
said(const Case *c)
{
	const Event *event = event_of(c, EVENT_MESSAGE);

	if (event == NULL)
		return g_strdup("");
	return g_strdup_printf("%s %s %s", event_text(event, "visibility"),
	    event_text(event, "author"), event_text(event, "verified"));
}

static void
assert_said(const Case *c, const char *expected)
{
	g_autofree char *words = said(c);

	g_assert_cmpstr(words, ==, expected);
}

/* Why the acknowledgment is held; NULL if one is sent. */
static const char *
held(const Case *c)
{
	const Event *event = event_of(c, EVENT_HELD);

	g_assert_true(
	    (event != NULL) != (sent(c, SEND_ACKNOWLEDGMENT) != NULL));
	return event != NULL ? event_text(event, "reason") : NULL;
}

/* Nothing that a client could read, and no state moved. */
static void
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

/* ---- who gets an acknowledgment ---- */

static void
budget_hour(Case *c)
{
	contact(c);
	c->sit.acks_address_hour = 3;
}

static void
budget_day(Case *c)
{
	contact(c);
	c->sit.acks_address_day = 10;
}

static void
budget_domain(Case *c)
{
	contact(c);
	c->sit.acks_domain_hour = 30;
}

static void
budget_all(Case *c)
{
	contact(c);
	c->sit.acks_hour = 120;
}

static void
budget_left(Case *c)
{
	contact(c);
	c->sit.acks_address_hour = 2;
	c->sit.acks_address_day = 9;
	c->sit.acks_domain_hour = 29;
	c->sit.acks_hour = 119;
}

static void
aligned_path(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "Return-Path: <bounces@mail.acier-vosges.example>\n" MAIL_OF(
		JEANNE));
}

static void
foreign_path(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "Return-Path: <x@elsewhere.test>\n" MAIL_OF(JEANNE));
}

static void
null_path(Case *c)
{
	case_init(c, WHO_CONTACT, "Return-Path: <>\n" MAIL_OF(JEANNE));
}

static void
not_authentic(Case *c)
{
	contact(c);
	c->sit.auth = AUTH_FAIL;
}

static void
machine(Case *c)
{
	contact(c);
	c->robot->class = c->robot->beside_list = ROBOT_MACHINE;
}

static void
alert_source(Case *c)
{
	contact(c);
	c->sit.is_alert_source = true;
}

static void
foreign_list(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "List-Id: <news.elsewhere.test>\n" MAIL_OF(JEANNE));
	c->robot->class = ROBOT_LIST;
}

static const char *const our_lists[] = { "demandes.desk.example", NULL };

static void
own_list(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "List-Id: Demandes <demandes.desk.example>\n" MAIL_OF(JEANNE));
	c->policy.own_lists = our_lists;
	c->robot->class = ROBOT_LIST;
}

static void
program_on_own_list(Case *c)
{
	own_list(c);
	c->robot->beside_list = ROBOT_MACHINE;
}

static void
allow_strangers(Case *c)
{
	stranger(c);
	c->policy.acknowledge_strangers = true;
}

static void
allow_strangers_pass(Case *c)
{
	allow_strangers(c);
	c->sit.auth = AUTH_PASS;
}

static void
stranger_pass(Case *c)
{
	stranger(c);
	c->sit.auth = AUTH_PASS;
}

static void
nobody(Case *c)
{
	case_init(c, WHO_NOBODY, "Subject: Panne\n\nPanne.\n");
}

static void
old_mail(Case *c)
{
	contact(c);
	c->sit.now = T0 + DAY + 1;
}

static void
day_old_mail(Case *c)
{
	contact(c);
	c->sit.now = T0 + DAY;
}

static void
endless_hops(Case *c)
{
	contact(c);
	c->message->received_count = 51;
}

static void
colleague(Case *c)
{
	case_init(c, WHO_COLLEAGUE, MAIL_OF("inconnu@acier-vosges.example"));
}

static void
test_acknowledgment(void)
{
	static const struct {
		const char *name;
		void (*set_up)(Case *);
		const char *held; /* NULL: acknowledged */
		bool fixed_text;
	} table[] = {
		{ "contact", contact, NULL, false },
		{ "aligned-path", aligned_path, NULL, false },
		{ "foreign-path", foreign_path, "return-path", false },
		{ "null-path", null_path, "return-path", false },
		{ "not-authentic", not_authentic, "not-authentic", false },
		{ "machine", machine, "robot", false },
		{ "alert-source", alert_source, "robot", false },
		{ "foreign-list", foreign_list, "robot", false },
		{ "own-list", own_list, NULL, false },
		{ "program-on-own-list", program_on_own_list, "robot", false },
		{ "stranger", stranger, "stranger", false },
		{ "stranger-pass", stranger_pass, "stranger", false },
		{ "allow-strangers", allow_strangers, "stranger", false },
		{ "allow-strangers-pass", allow_strangers_pass, NULL, true },
		{ "nobody", nobody, "no-identity", false },
		{ "old-mail", old_mail, "old", false },
		{ "day-old-mail", day_old_mail, NULL, false },
		{ "endless-hops", endless_hops, "loop", false },
		{ "colleague", colleague, NULL, false },
		{ "budget-hour", budget_hour, "budget", false },
		{ "budget-day", budget_day, "budget", false },
		{ "budget-domain", budget_domain, "budget", false },
		{ "budget-all", budget_all, "budget", false },
		{ "budget-left", budget_left, NULL, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };
		const Effect *answer;

		g_test_message("%s", table[i].name);
		table[i].set_up(&c);
		judge(&c);
		/* The ticket is made all the same, and the desk is told. */
		g_assert_nonnull(event_of(&c, EVENT_OPENED));
		g_assert_nonnull(sent(&c, SEND_NOTICE));
		g_assert_cmpstr(held(&c), ==, table[i].held);
		answer = sent(&c, SEND_ACKNOWLEDGMENT);
		if (answer == NULL)
			continue;
		g_assert_cmpstr(answer->to, ==, c.message->identity);
		g_assert_cmpint(answer->stranger, ==, table[i].fixed_text);
		g_assert_cmpstr(answer->reason, ==,
		    c.sit.who == WHO_COLLEAGUE ? "colleague" : NULL);
	}
}

/* ---- what a client may do ---- */

typedef struct {
	const char *name;
	LinkKind link;
	bool participant;
	TicketState state;
	AuthVerdict auth;
	TokenVerdict token;
	const char *said;
	const char *state_after; /* NULL: as it was */
	const char *notice;
} FollowUp;

static const FollowUp follow_ups[] = {
	/* From alone: text, and the clocks. */
	{ "from-alone", LINK_TAG, true, TICKET_OPEN, AUTH_NONE, TOKEN_ABSENT,
	    "public client no", NULL, "client-message" },
	{ "from-alone-resumes", LINK_TAG, true, TICKET_WAITING_CUSTOMER,
	    AUTH_NONE, TOKEN_ABSENT, "public client no", "open",
	    "client-message" },
	{ "from-alone-reopens-not", LINK_TAG, true, TICKET_RESOLVED, AUTH_NONE,
	    TOKEN_ABSENT, "public client no", NULL, "not-reopened" },
	{ "stored-id-reopens-not", LINK_STORED_ID, true, TICKET_CLOSED,
	    AUTH_NONE, TOKEN_ABSENT, "public client no", NULL, "not-reopened" },
	/* With a proof: reopening, too. */
	{ "pass-reopens", LINK_TAG, true, TICKET_CLOSED, AUTH_PASS,
	    TOKEN_ABSENT, "public client yes", "open", "reopened" },
	{ "token-reopens", LINK_TOKEN, true, TICKET_RESOLVED, AUTH_NONE,
	    TOKEN_OK, "public client yes", "open", "reopened" },
	{ "own-id-reopens", LINK_OWN_ID, true, TICKET_RESOLVED, AUTH_NONE,
	    TOKEN_ABSENT, "public client yes", "open", "reopened" },
	{ "old-token-reopens-not", LINK_TOKEN, true, TICKET_RESOLVED, AUTH_NONE,
	    TOKEN_EXPIRED, "public client no", NULL, "not-reopened" },
	{ "fail-is-never-verified", LINK_TOKEN, true, TICKET_OPEN, AUTH_FAIL,
	    TOKEN_OK, "public client no", NULL, "client-message" },
	/* Somebody outside, with what fits: inside, and nothing moves. */
	{ "outside-token", LINK_TOKEN, false, TICKET_RESOLVED, AUTH_PASS,
	    TOKEN_OK, "internal stranger no", NULL, "unverified" },
	{ "outside-own-id", LINK_OWN_ID, false, TICKET_WAITING_CUSTOMER,
	    AUTH_PASS, TOKEN_ABSENT, "internal stranger no", NULL,
	    "unverified" },
	{ "outside-stored-id", LINK_STORED_ID, false, TICKET_OPEN, AUTH_NONE,
	    TOKEN_ABSENT, "internal stranger no", NULL, "unverified" },
};

static void
test_follow_up(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(follow_ups); i++) {
		const FollowUp *f = &follow_ups[i];
		g_auto(Case) c = { 0 };
		const Event *moved;

		g_test_message("%s", f->name);
		if (f->participant)
			contact(&c);
		else
			stranger(&c);
		tie(&c, f->link, f->participant, f->state);
		c.sit.auth = f->auth;
		c.sit.token = f->token;
		judge(&c);
		moved = event_of(&c, EVENT_STATE);
		g_assert_null(event_of(&c, EVENT_OPENED));
		g_assert_null(sent(&c, SEND_ACKNOWLEDGMENT));
		assert_said(&c, f->said);
		g_assert_cmpstr(moved != NULL ? event_text(moved, "state")
					      : NULL,
		    ==, f->state_after);
		g_assert_cmpstr(sent(&c, SEND_NOTICE)->reason, ==, f->notice);
		if (!f->participant)
			assert_inert(&c);
	}
}

/* tag_guess: a number that anybody can count to binds nobody else, and the
 * answer is the one that he would have had without it. */
static void
test_tag_guess(void)
{
	static const LinkKind links[] = { LINK_TAG, LINK_SEEN_ID };

	for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
		g_auto(Case) c = { 0 };
		g_auto(Case) bare = { 0 };

		allow_strangers_pass(&c);
		allow_strangers_pass(&bare);
		tie(&c, links[i], false, TICKET_OPEN);
		judge(&c);
		judge(&bare);
		g_assert_nonnull(event_of(&c, EVENT_OPENED));
		g_assert_cmpint(event_int(event_of(&c, EVENT_LINKED), "ticket"),
		    ==, 5);
		for (guint e = 0; e < c.decision->effects->len; e++) {
			const Effect *effect = c.decision->effects->pdata[e];

			g_assert_cmpint(effect->ticket, ==, 0);
		}
		g_assert_true(sent(&c, SEND_ACKNOWLEDGMENT)->stranger);
		g_assert_true(sent(&bare, SEND_ACKNOWLEDGMENT)->stranger);
	}
}

/* An id seen in References binds the people of the contract alone. */
static void
test_seen_id(void)
{
	g_auto(Case) c = { 0 };

	contact(&c);
	tie(&c, LINK_SEEN_ID, true, TICKET_OPEN);
	judge(&c);
	g_assert_null(event_of(&c, EVENT_OPENED));
	assert_said(&c, "public client no");
}

/* The strongest tie that binds is taken, not the first that is named. */
static void
test_strongest_tie(void)
{
	g_auto(Case) c = { 0 };
	g_autoptr(Ticket) other = ticket_new(9);

	contact(&c);
	tie(&c, LINK_SEEN_ID, false, TICKET_OPEN);
	g_free(c.ticket->contract);
	c.ticket->contract = g_strdup("studio-orme");
	c.candidates[1] = (Candidate){ LINK_TAG, other, true };
	c.sit.candidate_count = 2;
	judge(&c);
	g_assert_cmpint(event_of(&c, EVENT_MESSAGE)->ticket, ==, 9);
}

/* ---- what opens ---- */

/* Text chooses among the sender's own contracts, whatever a rule says. */
static void
test_contract_of_another(void)
{
	static const struct {
		const char *wanted, *given;
	} table[] = {
		{ "studio-orme", "acier-vosges" },
		{ "no-such-contract", "acier-vosges" },
		{ "maison-tissier", "maison-tissier" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };

		contact(&c);
		c.contracts[1] = ruleset_contract(rules, "maison-tissier");
		c.match.contract.value = (char *)table[i].wanted;
		judge(&c);
		g_assert_cmpstr(
		    event_text(event_of(&c, EVENT_OPENED), "contract"), ==,
		    table[i].given);
	}
}

static void
test_stranger_has_no_contract(void)
{
	g_auto(Case) c = { 0 };

	stranger(&c);
	c.match.contract.value = (char *)"acier-vosges";
	c.match.severity.value = (char *)"1";
	judge(&c);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "contract"), ==,
	    "");
	g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "plan"), ==, "");
}

/* A rule may set what it captured: any text at all, which must open all the
 * same, with what the plan takes by default. */
static void
test_captured_nonsense(void)
{
	static const char *const severities[] = { "12", "-1", "0", "2000000000",
		"urgent", "" };
	static const char *const kinds[] = { "panne", "duty", "" };

	for (gsize i = 0; i < G_N_ELEMENTS(severities); i++) {
		for (int known = 0; known < 2; known++) {
			g_auto(Case) c = { 0 };
			g_autoptr(Ticket) ticket = ticket_new(1);
			Event *opened;

			if (known)
				contact(&c);
			else
				stranger(&c);
			c.match.severity.value = (char *)severities[i];
			c.match.kind.value = (char *)kinds[i % 3];
			judge(&c);
			opened = (Event *)event_of(&c, EVENT_OPENED);
			opened->ticket = 1;
			g_assert_true(ticket_apply(ticket, opened));
			g_assert_cmpint(ticket->severity, ==, known ? 3 : 0);
			g_assert_cmpint(ticket->kind, ==,
			    known ? KIND_INCIDENT : KIND_REQUEST);
		}
	}
}

static void
test_plan_in_force(void)
{
	static const struct {
		const char *severity, *component, *plan;
	} table[] = {
		{ "1", "", "sos24" }, { "2", "", "ald" },
		{ "1", "haproxy", "ald" }, { "1", "gateway", "sos24" },
		{ "1", "ria", "ald" }, /* covered with Fusion alone */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };

		contact(&c);
		c.match.severity.value = (char *)table[i].severity;
		c.match.component.value = (char *)table[i].component;
		judge(&c);
		g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "plan"),
		    ==, table[i].plan);
	}
}

/* ---- robots ---- */

static void
test_reports(void)
{
	static const struct {
		RobotClass class;
		const char *lane;
	} table[] = {
		{ ROBOT_SELF, "loop" },
		{ ROBOT_BOUNCE, "bounce" },
		{ ROBOT_RECEIPT, "receipt" },
		{ ROBOT_FEEDBACK, "feedback" },
		{ ROBOT_AUTOREPLY, "auto" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };
		g_auto(Case) about = { 0 };

		contact(&c);
		c.robot->class = table[i].class;
		judge(&c);
		g_assert_cmpstr(lane_of(&c), ==, table[i].lane);
		g_assert_cmpuint(c.decision->effects->len, ==, 1);

		/* About an answer of ours: kept with its ticket, inside. */
		contact(&about);
		tie(&about, LINK_OWN_ID, true, TICKET_WAITING_CUSTOMER);
		about.sit.auth = AUTH_PASS;
		about.robot->class = table[i].class;
		judge(&about);
		g_assert_cmpuint(about.decision->effects->len, ==, 1);
		assert_inert(&about);
	}
}

/* An absence notice moves nothing, whatever it is tied by. */
static void
test_out_of_office(void)
{
	static const TicketState states[] = { TICKET_OPEN,
		TICKET_WAITING_CUSTOMER, TICKET_RESOLVED, TICKET_CLOSED };

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		for (LinkKind link = LINK_TOKEN; link <= LINK_TAG; link++) {
			g_auto(Case) c = { 0 };

			contact(&c);
			tie(&c, link, true, states[i]);
			c.sit.auth = AUTH_PASS;
			c.robot->class = ROBOT_AUTOREPLY;
			judge(&c);
			assert_inert(&c);
			g_assert_null(sent(&c, SEND_NOTICE));
			assert_said(&c, "internal robot no");
		}
	}
}

/* A technician's own absence, or his ticket program's mail, orders nothing. */
static void
test_robot_of_a_technician(void)
{
	static const RobotClass classes[] = { ROBOT_AUTOREPLY, ROBOT_LIST,
		ROBOT_MACHINE, ROBOT_SUSPECT_LOOP };

	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
		g_auto(Case) c = { 0 };

		technician(&c, "#resolve\nFait.\n");
		with_valid_token(&c);
		c.robot->class = c.robot->beside_list = classes[i];
		judge(&c);
		assert_inert(&c);
	}
}

static void
test_suspect_loop(void)
{
	g_auto(Case) c = { 0 };
	g_auto(Case) alone = { 0 };

	contact(&c);
	tie(&c, LINK_NONE, true, TICKET_CLOSED);
	c.sit.auth = AUTH_PASS;
	c.robot->class = ROBOT_SUSPECT_LOOP;
	judge(&c);
	assert_said(&c, "public client no");
	g_assert_null(event_of(&c, EVENT_OPENED));
	g_assert_null(event_of(&c, EVENT_STATE));
	g_assert_null(sent(&c, SEND_ACKNOWLEDGMENT));
	g_assert_nonnull(sent(&c, SEND_NOTICE));

	stranger(&alone);
	tie(&alone, LINK_TAG, false, TICKET_OPEN);
	alone.robot->class = ROBOT_SUSPECT_LOOP;
	judge(&alone);
	g_assert_cmpstr(lane_of(&alone), ==, "loop");
}

/* A machine's words join, inside, and meet nobody's eye but the desk's. */
static void
test_machine_on_a_thread(void)
{
	g_auto(Case) c = { 0 };

	contact(&c);
	tie(&c, LINK_TOKEN, true, TICKET_RESOLVED);
	c.sit.auth = AUTH_PASS;
	c.robot->class = c.robot->beside_list = ROBOT_MACHINE;
	judge(&c);
	assert_said(&c, "internal robot no");
	assert_inert(&c);
}

static void
test_repeat(void)
{
	g_auto(Case) c = { 0 };

	contact(&c);
	tie(&c, LINK_TOKEN, true, TICKET_CLOSED);
	c.sit.also_seen = 3;
	judge(&c);
	g_assert_cmpstr(lane_of(&c), ==, "also-seen");
	g_assert_cmpuint(c.decision->effects->len, ==, 1);
}

/* ---- technicians ---- */

/* SECURITY.md 2.3, step 8, and auth_spoof_tech: of all that is less than a
 * pass and a token that fits, nothing acts. */
static void
test_technician_proof(void)
{
	static const AuthVerdict auths[] = { AUTH_NONE, AUTH_FAIL,
		AUTH_TEMPERROR, AUTH_PASS };
	static const struct {
		TokenVerdict token;
		bool fits;
		gint64 ticket;
		const char *reason;
	} tokens[] = {
		{ TOKEN_ABSENT, false, 0, "no-token" },
		{ TOKEN_BAD, false, 0, "bad-token" },
		{ TOKEN_EXPIRED, true, 5, "expired-token" },
		{ TOKEN_OK, false, 5, "other-token" }, /* of another */
		{ TOKEN_OK, true, 6, "other-token" },  /* of another ticket */
		{ TOKEN_OK, true, 5, NULL },
	};
	guint acted = 0;

	for (gsize a = 0; a < G_N_ELEMENTS(auths); a++) {
		for (gsize t = 0; t < 2 * G_N_ELEMENTS(tokens); t++) {
			gsize k = t / 2;
			bool replayed = t % 2 == 1;
			g_auto(Case) c = { 0 };
			const Effect *refusal;

			technician(&c, "#resolve\nC'est fait.\n");
			c.sit.auth = auths[a];
			c.sit.token = tokens[k].token;
			c.sit.token_fits = tokens[k].fits;
			c.sit.token_ticket = tokens[k].ticket;
			c.sit.replayed = replayed;
			judge(&c);
			if (auths[a] == AUTH_PASS && tokens[k].reason == NULL &&
			    !replayed) {
				acted++;
				g_assert_nonnull(sent(&c, SEND_RESOLUTION));
				continue;
			}
			assert_inert(&c);
			assert_said(&c, "internal technician no");
			refusal = sent(&c, SEND_REFUSAL);
			g_assert_cmpstr(refusal->technician, ==, "Anne Martin");
			g_assert_cmpstr(refusal->reason, ==,
			    auths[a] != AUTH_PASS          ? "not-authentic"
				: tokens[k].reason != NULL ? tokens[k].reason
							   : "replayed");
		}
	}
	g_assert_cmpuint(acted, ==, 1);
}

static void
test_technician_two_tickets(void)
{
	g_auto(Case) c = { 0 };
	g_autoptr(Ticket) other = ticket_new(6);

	technician(&c, "Bonjour.\n");
	with_valid_token(&c);
	c.candidates[1] = (Candidate){ LINK_OWN_ID, other, false };
	c.sit.candidate_count = 2;
	judge(&c);
	assert_inert(&c);
	g_assert_cmpstr(sent(&c, SEND_REFUSAL)->reason, ==, "two-tickets");
}

static void
test_technician_answers(void)
{
	static const struct {
		const char *text;
		TicketState before;
		const char *after; /* NULL: as it was */
		SendKind sends;
	} table[] = {
		{ "Bonjour.\n", TICKET_NEW, "open", SEND_REPLY },
		{ "Bonjour.\n", TICKET_WAITING_CUSTOMER, NULL, SEND_REPLY },
		{ "Encore un mot.\n", TICKET_RESOLVED, NULL, SEND_REPLY },
		{ "#resolve\nFait.\n", TICKET_NEW, "resolved",
		    SEND_RESOLUTION },
		{ "#resolve\n", TICKET_OPEN, "resolved", SEND_RESOLUTION },
		{ "#resolve\n", TICKET_RESOLVED, NULL, SEND_RESOLUTION },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };
		const Event *moved;

		technician(&c, table[i].text);
		with_valid_token(&c);
		c.ticket->state = table[i].before;
		judge(&c);
		moved = event_of(&c, EVENT_STATE);
		assert_said(&c, "public technician yes");
		g_assert_cmpstr(moved != NULL ? event_text(moved, "state")
					      : NULL,
		    ==, table[i].after);
		g_assert_nonnull(sent(&c, table[i].sends));
		g_assert_nonnull(event_of(&c, EVENT_MET));
		g_assert_cmpstr(event_of(&c, EVENT_MESSAGE)->actor, ==,
		    "technician:Anne Martin");
		g_assert_null(sent(&c, SEND_REFUSAL));
	}
}

/* His words that are none, or no order: nothing goes out. */
static void
test_technician_text(void)
{
	static const struct {
		const char *text, *reason;
	} table[] = {
		{ "", "no-text" },
		{ "\n \n", "no-text" },
		{ "> Nouveau ticket.\n\nBonjour.\n", "below-quotation" },
		{ "#fermer\nBonjour.\n", "bad-command" },
		{ "Bonjour.\n#resolve\n", "bad-command" },
		{ "#resolve now\nBonjour.\n", "bad-command" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };

		technician(&c, table[i].text);
		with_valid_token(&c);
		judge(&c);
		assert_inert(&c);
		g_assert_cmpstr(sent(&c, SEND_REFUSAL)->reason, ==,
		    table[i].reason);
	}
}

static void
test_technician_told_enough(void)
{
	g_auto(Case) c = { 0 };

	technician(&c, "Bonjour.\n");
	c.sit.refusal_allowed = false;
	judge(&c);
	assert_inert(&c);
	assert_said(&c, "internal technician no");
	g_assert_null(sent(&c, SEND_REFUSAL));
}

/* A new mail of his is a ticket that nobody outside reads. */
static void
test_technician_opens(void)
{
	g_auto(Case) c = { 0 };

	technician(&c, "À faire : renouveler le certificat.\n");
	with_valid_token(&c);
	c.sit.candidate_count = 0;
	judge(&c);
	g_assert_nonnull(event_of(&c, EVENT_OPENED));
	assert_said(&c, "internal technician yes");
	g_assert_null(sent(&c, SEND_ACKNOWLEDGMENT));
}

static void
test_subject_tag(void)
{
	static const struct {
		const char *subject;
		gint64 number;
	} table[] = {
		{ "Re: [#12] Panne", 12 },
		{ "Panne [#12]", 12 },
		{ "[#x] [#7]", 7 },
		{ "[#12] [#13]", 12 },
		{ "[#]", 0 },
		{ "[#0]", 0 },
		{ "[#-5]", 0 },
		{ "[#+5]", 0 },
		{ "[# 5]", 0 },
		{ "[#12", 0 },
		{ "[#99999999999999999999999]", 0 },
		{ "#12", 0 },
		{ "", 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		g_assert_cmpint(desk_subject_tag(table[i].subject), ==,
		    table[i].number);
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
#define ADD(test) g_test_add_func("/decide/" #test, test_##test)
	ADD(acknowledgment);
	ADD(follow_up);
	ADD(tag_guess);
	ADD(seen_id);
	ADD(strongest_tie);
	ADD(contract_of_another);
	ADD(stranger_has_no_contract);
	ADD(captured_nonsense);
	ADD(plan_in_force);
	ADD(reports);
	ADD(out_of_office);
	ADD(robot_of_a_technician);
	ADD(suspect_loop);
	ADD(machine_on_a_thread);
	ADD(repeat);
	ADD(technician_proof);
	ADD(technician_two_tickets);
	ADD(technician_answers);
	ADD(technician_text);
	ADD(technician_told_enough);
	ADD(technician_opens);
	ADD(subject_tag);
#undef ADD
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
