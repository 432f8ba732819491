/* The desk's judgment on a technician's mail: doc/security.md 2.3, step 8. */
#include "decide-fixture.h"

/* ---- technicians ---- */

/* Whether what it answers was written to her. */
static bool
is_for_her(const char *reason)
{
	return g_strcmp0(reason, "bad-token") != 0 &&
	    g_strcmp0(reason, "other-token") != 0;
}

/* doc/security.md 2.3, step 8, and auth_spoof_tech: of all that is less than a
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
		{ TOKEN_ABSENT, false, 0, "unconfirmed" },
		{ TOKEN_BAD, false, 0, "bad-token" },
		{ TOKEN_EXPIRED, true, 5, "unconfirmed" },
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
			refusal = told(&c);
			g_assert_cmpstr(refusal->technician, ==, "Anne Martin");
			g_assert_cmpstr(reason_name(refusal->reason), ==,
			    auths[a] != AUTH_PASS ? "not-authentic"
				: replayed && is_for_her(tokens[k].reason)
				? "replayed"
				: tokens[k].reason);
			g_assert_cmpint(refusal->send == SEND_CHALLENGE, ==,
			    refusal->reason == REASON_UNCONFIRMED);
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
	c.candidates[1] = (Candidate){ .link = LINK_OWN_ID, .ticket = other };
	c.sit.candidate_count = 2;
	judge(&c);
	assert_inert(&c);
	g_assert_cmpint(sent(&c, SEND_REFUSAL)->reason, ==, REASON_TWO_TICKETS);
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
		{ "#resolve\nLe détail.\n", TICKET_RESOLVED, NULL,
		    SEND_RESOLUTION },
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

/* A resolution is told once, whichever door it came through; he is told why. */
static void
test_technician_resolves_again(void)
{
	g_auto(Case) c = { 0 };
	const Effect *refusal;

	technician(&c, "#resolve\n");
	with_valid_token(&c);
	c.ticket->state = TICKET_RESOLVED;
	judge(&c);
	assert_inert(&c);
	assert_said(&c, "internal technician no");
	refusal = sent(&c, SEND_REFUSAL);
	g_assert_cmpstr(reason_name(refusal->reason), ==, "bad-command");
	g_assert_cmpuint(refusal->lines->len, ==, 1);
	g_assert_cmpstr(refusal->lines->pdata[0], ==,
	    "line 1: #resolve: #5 is resolved already");
}

/* A program reads no resolution; words of a person go where it asks. */
static void
test_technician_resolves_a_programs(void)
{
	static const struct {
		const char *text;
		bool told;
	} rows[] = {
		{ "#resolve\n", false },
		{ "#resolve\nC'est fait.\n", true },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };

		technician(&c, rows[i].text);
		with_valid_token(&c);
		c.is_of_a_program = true;
		judge(&c);
		g_assert_cmpint(sent(&c, SEND_RESOLUTION) != NULL, ==,
		    rows[i].told);
		g_assert_cmpint(event_of(&c, EVENT_MET) != NULL, ==,
		    rows[i].told);
		g_assert_cmpstr(event_text(event_of(&c, EVENT_STATE), "state"),
		    ==, "resolved");
		g_assert_null(event_of(&c, EVENT_HELD));
		assert_said(&c,
		    rows[i].told ? "public technician yes"
				 : "internal technician yes");
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
		g_assert_cmpstr(reason_name(sent(&c, SEND_REFUSAL)->reason), ==,
		    table[i].reason);
	}
}

/* doc/domain.md 4: what did not go out met nothing. Where no address takes an
 * answer, words are refused whole, the order among them too; the order to
 * resolve alone says nothing to anybody, and is carried out, once. */
static void
test_technician_no_recipient(void)
{
	static const struct {
		const char *text;
		const char *held; /* NULL: carried out */
	} table[] = {
		{ "Bonjour.\n", "reply" },
		{ "#resolve\nLe rapport est fait.\n", "resolution" },
		{ "#resolve\n", NULL },
	};
	static const TicketState states[] = { TICKET_NEW, TICKET_OPEN,
		TICKET_WAITING_CUSTOMER, TICKET_RESOLVED };

	for (gsize i = 0; i < G_N_ELEMENTS(table) * 4; i++) {
		const char *held = table[i / 4].held;
		TicketState before = states[i % 4];
		g_auto(Case) c = { 0 };

		technician(&c, table[i / 4].text);
		with_valid_token(&c);
		c.ticket->state = before;
		c.sit.no_recipient = true;
		/* He is told each time, if with others. */
		c.sit.refusals.proven_hour = 99;
		judge(&c);
		g_assert_null(event_of(&c, EVENT_MET));
		g_assert_null(sent(&c, SEND_RESOLUTION));
		if (held == NULL && before != TICKET_RESOLVED) {
			g_assert_null(sent(&c, SEND_REFUSAL));
			assert_said(&c, "internal technician yes");
			g_assert_nonnull(event_of(&c, EVENT_STATE));
			continue;
		}
		assert_inert(&c);
		assert_said(&c, "internal technician no");
		g_assert_cmpstr(reason_name(sent(&c, SEND_REFUSAL)->reason), ==,
		    held != NULL ? "no-recipient" : "bad-command");
		if (held != NULL)
			g_assert_cmpstr(
			    event_text(event_of(&c, EVENT_HELD), "what"), ==,
			    held);
	}
}

/* doc/security.md, T18: what he writes to others, the desk in copy, is no answer:
 * the client never reads it and it meets nothing, an order beside it neither.
 * Notes and orders without words act as ever. */
static void
test_technician_to_others(void)
{
	static const struct {
		const char *text;
		bool acts;
	} table[] = {
		{ "Bonjour fournisseur.\n", false },
		{ "#resolve\nBonjour fournisseur.\n", false },
		{ "#wait third-party\nBonjour fournisseur.\n", false },
		{ "#note Au fournisseur.\n", true },
		{ "#wait third-party\n", true },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };

		technician(&c, table[i].text);
		with_valid_token(&c);
		c.sit.speaks_to_others = true;
		judge(&c);
		g_test_message("%s", table[i].text);
		g_assert_null(event_of(&c, EVENT_MET));
		g_assert_null(sent(&c, SEND_REPLY));
		g_assert_null(sent(&c, SEND_RESOLUTION));
		if (table[i].acts) {
			g_assert_null(sent(&c, SEND_REFUSAL));
			assert_said(&c, "internal technician yes");
			continue;
		}
		assert_inert(&c);
		assert_said(&c, "internal technician no");
		g_assert_cmpint(sent(&c, SEND_REFUSAL)->reason, ==,
		    REASON_TO_OTHERS);
	}
}

/* A proven answer to what we never signed goes nowhere, and they hear of it. */
static void
test_technician_bad_address(void)
{
	static const AuthVerdict verdicts[] = { AUTH_NONE, AUTH_FAIL,
		AUTH_TEMPERROR, AUTH_PASS };

	for (gsize i = 0; i < G_N_ELEMENTS(verdicts); i++) {
		g_auto(Case) c = { 0 };

		technician(&c, "Bonjour.\n");
		c.sit.auth = verdicts[i];
		c.sit.token = TOKEN_BAD;
		c.sit.candidate_count = 0;
		judge(&c);
		assert_inert(&c);
		g_assert_cmpint(sent(&c, SEND_REFUSAL) != NULL, ==,
		    verdicts[i] == AUTH_PASS);
	}
}

static void
test_technician_told_enough(void)
{
	g_auto(Case) c = { 0 };

	technician(&c, "Bonjour.\n");
	c.sit.refusals.unproven_day = 5;
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

/* ---- maintenance ---- */

static guint
ordered(const Case *c)
{
	guint count = 0;

	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		count += effect->kind == EFFECT_MAINTENANCE;
	}
	return count;
}

/* Of all that is less than a pass and a token that fits, nothing is ordered;
 * and a mistake in one line stops all. */
static void
test_maintenance_proof(void)
{
	static const struct {
		AuthVerdict auth;
		TokenVerdict token;
		bool fits, replayed;
		const char *text, *reason; /* NULL: done */
	} rows[] = {
		{ AUTH_PASS, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n", NULL },
		{ AUTH_PASS, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n#maintenance db1 now 1h\n",
		    NULL },
		{ AUTH_NONE, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n", "not-authentic" },
		{ AUTH_FAIL, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n", "not-authentic" },
		{ AUTH_TEMPERROR, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n", "not-authentic" },
		{ AUTH_PASS, TOKEN_ABSENT, false, false,
		    "#maintenance web1 22:00 2h\n", "unconfirmed" },
		{ AUTH_PASS, TOKEN_BAD, false, false,
		    "#maintenance web1 22:00 2h\n", "bad-token" },
		{ AUTH_PASS, TOKEN_EXPIRED, true, false,
		    "#maintenance web1 22:00 2h\n", "unconfirmed" },
		{ AUTH_PASS, TOKEN_OK, false, false,
		    "#maintenance web1 22:00 2h\n", "other-token" },
		{ AUTH_PASS, TOKEN_OK, true, true,
		    "#maintenance web1 22:00 2h\n", "replayed" },
		{ AUTH_PASS, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n#maintenance db1 hier 1h\n",
		    "bad-command" },
		{ AUTH_PASS, TOKEN_OK, true, false,
		    "#maintenance web1 22:00 2h\n#resolve\n", "bad-command" },
		{ AUTH_PASS, TOKEN_OK, true, false,
		    "Bonjour,\n#maintenance web1 22:00 2h\n", "bad-command" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		const Effect *effect;

		g_test_message("row %zu", i);
		technician(&c, rows[i].text);
		with_valid_token(&c);
		c.sit.auth = rows[i].auth;
		c.sit.token = rows[i].token;
		c.sit.token_fits = rows[i].fits;
		c.sit.replayed = rows[i].replayed;
		judge(&c);
		assert_inert(&c);
		if (rows[i].reason == NULL) {
			g_assert_cmpuint(ordered(&c), ==, c.sit.orders->len);
			assert_said(&c, "internal technician yes");
			effect = sent(&c, SEND_CONFIRMATION);
			g_assert_cmpstr(effect->technician, ==, "Anne Martin");
			g_assert_null(told(&c));
		} else {
			g_assert_cmpuint(ordered(&c), ==, 0);
			assert_said(&c, "internal technician no");
			effect = told(&c);
			g_assert_cmpstr(reason_name(effect->reason), ==,
			    rows[i].reason);
			g_assert_null(sent(&c, SEND_CONFIRMATION));
		}
	}
}

/* Words beside an order are the desk's, wherever they stand. */
static void
test_maintenance_text(void)
{
	g_auto(Case) c = { 0 };

	technician(&c, "#maintenance web1 22:00 2h\n\nLe disque est mort.\n");
	with_valid_token(&c);
	c.sit.answer_below = true;
	c.ticket->state = TICKET_NEW;
	judge(&c);
	assert_inert(&c);
	g_assert_cmpuint(ordered(&c), ==, 1);
	assert_said(&c, "internal technician yes");
}

/* A new mail of his orders nothing: it comes back to be confirmed. */
static void
test_maintenance_opens(void)
{
	static const struct {
		AuthVerdict auth;
		TokenVerdict token;
		const char *text, *reason;
		bool tagged;
	} rows[] = {
		{ AUTH_PASS, TOKEN_ABSENT, "#maintenance web1 22:00 2h\n",
		    "unconfirmed", true },
		{ AUTH_PASS, TOKEN_ABSENT,
		    "#maintenance web1 22:00 2h\n\nEt un mot.\n", "unconfirmed",
		    false },
		{ AUTH_PASS, TOKEN_ABSENT, "#maintenance web1 hier 2h\n",
		    "bad-command", false },
		{ AUTH_PASS, TOKEN_BAD, "#maintenance web1 22:00 2h\n",
		    "bad-token", true },
		{ AUTH_NONE, TOKEN_ABSENT, "#maintenance web1 22:00 2h\n",
		    "not-authentic", false },
		{ AUTH_FAIL, TOKEN_OK, "#maintenance web1 22:00 2h\n",
		    "not-authentic", false },
		{ AUTH_PASS, TOKEN_ABSENT, "#resolve\n", "no-token", false },
		{ AUTH_PASS, TOKEN_ABSENT, "Bonjour.\n", NULL, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		const Effect *effect;
		const Event *tag;

		g_test_message("row %zu", i);
		technician(&c, rows[i].text);
		c.sit.auth = rows[i].auth;
		c.sit.token = rows[i].token;
		c.sit.candidate_count = 0;
		judge(&c);
		assert_inert(&c);
		g_assert_nonnull(event_of(&c, EVENT_OPENED));
		g_assert_cmpuint(ordered(&c), ==, 0);
		effect = told(&c);
		g_assert_cmpstr(effect != NULL ? reason_name(effect->reason)
					       : NULL,
		    ==, rows[i].reason);
		g_assert_cmpstr(sent(&c, SEND_NOTICE)->technician, ==,
		    effect != NULL ? "Anne Martin" : NULL);
		tag = event_of(&c, EVENT_TAG);
		g_assert_cmpint(tag != NULL &&
			strcmp(event_text(tag, "add"), "maintenance") == 0,
		    ==, rows[i].tagged);
	}
}

/* A ticket that was only there for the order is done with it; no other is. */
static void
test_maintenance_ends_its_ticket(void)
{
	static const struct {
		const char *tag, *text;
		TicketState state;
		bool resolves;
	} rows[] = {
		{ "maintenance", "#maintenance web1 22:00 2h\n", TICKET_NEW,
		    true },
		{ "maintenance", "#maintenance web1 22:00 2h\n\nNote.\n",
		    TICKET_NEW, false },
		{ "maintenance", "#maintenance web1 22:00 2h\n",
		    TICKET_RESOLVED, false },
		{ "urgent", "#maintenance web1 22:00 2h\n", TICKET_NEW, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		const Event *moved;

		technician(&c, rows[i].text);
		with_valid_token(&c);
		c.ticket->state = rows[i].state;
		g_ptr_array_add(c.ticket->tags, g_strdup(rows[i].tag));
		judge(&c);
		moved = event_of(&c, EVENT_STATE);
		g_assert_cmpint(moved != NULL, ==, rows[i].resolves);
		if (moved != NULL)
			g_assert_cmpstr(event_text(moved, "state"), ==,
			    "resolved");
		g_assert_null(sent(&c, SEND_RESOLUTION));
		g_assert_null(event_of(&c, EVENT_MET));
	}
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
#define ADD(test) g_test_add_func("/decide/" #test, test_##test)
	ADD(technician_proof);
	ADD(technician_two_tickets);
	ADD(technician_answers);
	ADD(technician_resolves_again);
	ADD(technician_resolves_a_programs);
	ADD(technician_text);
	ADD(technician_no_recipient);
	ADD(technician_to_others);
	ADD(technician_bad_address);
	ADD(technician_told_enough);
	ADD(technician_opens);
	ADD(robot_of_a_technician);
	ADD(maintenance_proof);
	ADD(maintenance_text);
	ADD(maintenance_opens);
	ADD(maintenance_ends_its_ticket);
#undef ADD
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
