/* The desk's judgment on what continues a ticket, or only seems to: clients,
 * strangers and robots (doc/design.md 7). */
#include "decide-fixture.h"

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
	/* What its domain disowns stays inside, whatever it holds. */
	{ "fail-token", LINK_TOKEN, true, TICKET_OPEN, AUTH_FAIL, TOKEN_OK,
	    "internal stranger no", NULL, "unverified" },
	{ "fail-reopens-not", LINK_OWN_ID, true, TICKET_RESOLVED, AUTH_FAIL,
	    TOKEN_ABSENT, "internal stranger no", NULL, "unverified" },
	{ "fail-resumes-not", LINK_TAG, true, TICKET_WAITING_CUSTOMER,
	    AUTH_FAIL, TOKEN_ABSENT, "internal stranger no", NULL,
	    "unverified" },
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
		/* Who reopens reads until when they are answered. */
		g_assert_true((sent(&c, SEND_ACKNOWLEDGMENT) != NULL) ==
		    (strcmp(f->said, "public client yes") == 0 &&
			f->state_after != NULL &&
			ticket_state_is_done(f->state)));
		assert_said(&c, f->said);
		g_assert_cmpstr(moved != NULL ? event_text(moved, "state")
					      : NULL,
		    ==, f->state_after);
		g_assert_cmpstr(reason_name(sent(&c, SEND_NOTICE)->reason), ==,
		    f->notice);
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

		stranger(&c);
		c.policy.acknowledge_strangers = true;
		c.sit.auth = AUTH_PASS;
		stranger(&bare);
		bare.policy.acknowledge_strangers = true;
		bare.sit.auth = AUTH_PASS;
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
	c.candidates[1] = (Candidate){ .link = LINK_TAG,
		.ticket = other,
		.participant = true };
	c.sit.candidate_count = 2;
	judge(&c);
	g_assert_cmpint(event_of(&c, EVENT_MESSAGE)->ticket, ==, 9);
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
		g_assert_cmpint(decide_subject_tag(table[i].subject), ==,
		    table[i].number);
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
	c.sit.seen.ticket = c.ticket;
	judge(&c);
	g_assert_cmpstr(lane_of(&c), ==, "also-seen");
	g_assert_cmpuint(c.decision->effects->len, ==, 1);
}

/* His first mail on an alert's ticket starts its clocks, and is acknowledged,
 * but not where it stays done. */
static void
test_mandate(void)
{
	static const struct {
		TicketState state;
		AuthVerdict auth;
		bool acknowledged;
	} rows[] = {
		{ TICKET_NEW, AUTH_NONE, true },
		{ TICKET_RESOLVED, AUTH_NONE, false },
		{ TICKET_RESOLVED, AUTH_PASS, true },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };

		contact(&c);
		tie(&c, LINK_TAG, true, rows[i].state);
		g_free(c.ticket->source);
		c.ticket->source = g_strdup("alert");
		/* One whose plan has no mandate from an alert. */
		g_free(c.ticket->contract);
		c.ticket->contract = g_strdup("studio-orme");
		c.ticket->received = T0 - 600;
		c.sit.auth = rows[i].auth;
		judge(&c);
		g_assert_cmpint(sent(&c, SEND_ACKNOWLEDGMENT) != NULL, ==,
		    rows[i].acknowledged);
	}
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
#define ADD(test) g_test_add_func("/decide/" #test, test_##test)
	ADD(follow_up);
	ADD(mandate);
	ADD(tag_guess);
	ADD(seen_id);
	ADD(strongest_tie);
	ADD(subject_tag);
	ADD(reports);
	ADD(out_of_office);
	ADD(suspect_loop);
	ADD(machine_on_a_thread);
	ADD(repeat);
#undef ADD
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
