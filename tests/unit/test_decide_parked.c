/* What confirms a technician's parked mail (doc/security.md 2.3). */
#include "decide-fixture.h"

/* The mail that is carried out, or 0. */
static gint64
carried_out(const Case *c)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->kind == EFFECT_CARRY_OUT)
			return effect->id;
	}
	return 0;
}

/* What confirms a parked mail is a yes and nothing else, by who was asked, in
 * time, once. */
static void
test_confirms(void)
{
	static const struct {
		const char *text;
		bool is_yes;
	} rows[] = {
		{ "OK\n", true },
		{ "Oui.\n\nAnne\n", true },
		{ "  yes !\nAnne Martin\n", true },
		{ "D'accord\n", true },
		{ "\n", true },
		{ "OK mais attends demain\n", false },
		{ "OK\n\nSauf pour db1.\n", false },
		{ "Je suis absente.\n", false },
		{ "Non\n", false },
		{ "OK\nAucune idee\n", false },
		{ "#resolve\n", false },
		{ "#send\n", true },
		{ "#envoyer\n\nAnne\n", true },
		{ "#send\n#resolve\n", false },
		{ "#send\n\nEt encore un mot.\n", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };

		g_test_message("row %zu", i);
		technician(&c, rows[i].text);
		with_valid_token(&c);
		c.sit.token = TOKEN_ABSENT;
		c.sit.confirms = 3;
		c.sit.confirm_fits = true;
		c.sit.confirm = TOKEN_OK;
		judge(&c);
		g_assert_cmpint(carried_out(&c), ==, rows[i].is_yes ? 3 : 0);
		g_assert_cmpint(told(&c) == NULL, ==, rows[i].is_yes);
	}
}

static void
test_confirms_for_nobody_else(void)
{
	static const struct {
		AuthVerdict auth;
		TechAuth level;
		bool fits, spent;
		TokenVerdict token;
		const char *why;
	} rows[] = {
		{ AUTH_PASS, TECH_AUTH_DMARC_CONFIRM, true, false, TOKEN_OK,
		    NULL },
		{ AUTH_NONE, TECH_AUTH_DMARC_CONFIRM, true, false, TOKEN_OK,
		    "not-authentic" },
		{ AUTH_FAIL, TECH_AUTH_DMARC_TOKEN, true, false, TOKEN_OK,
		    "not-authentic" },
		{ AUTH_PASS, TECH_AUTH_OFF, true, false, TOKEN_OK,
		    "orders-off" },
		{ AUTH_PASS, TECH_AUTH_TOKEN_LOGIN, true, false, TOKEN_OK,
		    "no-login" },
		{ AUTH_PASS, TECH_AUTH_DMARC_TOKEN, false, false, TOKEN_OK,
		    "other-token" },
		{ AUTH_PASS, TECH_AUTH_DMARC_TOKEN, true, true, TOKEN_OK,
		    "replayed" },
		{ AUTH_PASS, TECH_AUTH_DMARC_TOKEN, true, false, TOKEN_EXPIRED,
		    "late-confirm" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };

		g_test_message("row %zu", i);
		technician(&c, "OK\n");
		c.policy.tech_auth = rows[i].level;
		c.sit.auth = rows[i].auth;
		c.sit.token = TOKEN_ABSENT;
		c.sit.confirms = 3;
		c.sit.confirm_fits = rows[i].fits;
		c.sit.confirm_spent = rows[i].spent;
		c.sit.confirm = rows[i].token;
		judge(&c);
		g_assert_cmpint(carried_out(&c), ==,
		    rows[i].why == NULL ? 3 : 0);
		g_assert_cmpstr(told(&c) != NULL ? reason_name(told(&c)->reason)
						 : NULL,
		    ==, rows[i].why);
	}
}

/* Words to a client whom a colleague has answered meanwhile are held, whatever
 * else is so; "" goes on as without. */
static void
test_crossed(void)
{
	static const CrossedAnswer crossed = { "Bruno Petit", "C'est fait.",
		T0 };
	static const struct {
		const char *text;
		bool is_confirmed;
		AuthVerdict auth;
		TokenVerdict token;
		const char *told; /* "" nothing: it acts */
	} rows[] = {
		{ "C'est en cours.\n", false, AUTH_PASS, TOKEN_OK, "crossed" },
		{ "#resolve\n", false, AUTH_PASS, TOKEN_OK, "crossed" },
		{ "#wait customer\n\nEt vous ?\n", false, AUTH_PASS, TOKEN_OK,
		    "crossed" },
		{ "#take\n", false, AUTH_PASS, TOKEN_OK, "" },
		{ "#note\n\nPour nous.\n", false, AUTH_PASS, TOKEN_OK, "" },
		/* confirmed, and crossed once more since it was asked about */
		{ "C'est en cours.\n", true, AUTH_PASS, TOKEN_OK, "crossed" },
		{ "C'est en cours.\n", false, AUTH_PASS, TOKEN_EXPIRED,
		    "unconfirmed" },
		{ "C'est en cours.\n", false, AUTH_NONE, TOKEN_OK,
		    "not-authentic" },
		{ "C'est en cours.\n", false, AUTH_PASS, TOKEN_BAD,
		    "bad-token" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		bool held = strcmp(rows[i].told, "crossed") == 0;

		g_test_message("row %zu", i);
		technician(&c, rows[i].text);
		with_valid_token(&c);
		c.sit.auth = rows[i].auth;
		c.sit.token = rows[i].token;
		c.sit.is_confirmed = rows[i].is_confirmed;
		c.sit.crossed = &crossed;
		judge(&c);
		g_assert_cmpstr(told(&c) != NULL ? reason_name(told(&c)->reason)
						 : "",
		    ==, rows[i].told);
		g_assert_true((event_of(&c, EVENT_HELD) != NULL) == held);
		if (held) {
			g_assert_null(sent(&c, SEND_REPLY));
			g_assert_null(sent(&c, SEND_RESOLUTION));
			g_assert_null(event_of(&c, EVENT_STATE));
			g_assert_null(event_of(&c, EVENT_MET));
			g_assert_nonnull(sent(&c, SEND_NOTICE));
			g_assert_cmpint(told(&c)->send, ==, SEND_CHALLENGE);
		}
	}
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_func("/parked/confirms", test_confirms);
	g_test_add_func("/parked/nobody-else", test_confirms_for_nobody_else);
	g_test_add_func("/parked/crossed", test_crossed);
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
