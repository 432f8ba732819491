/*
 * What a proven technician's mail does once, what they hear of each that did
 * not go out, and what a stranger hears (doc/design.md 7).
 */
#include "proof-fixture.h"

#include "guichet/alert/alert_map.h"
#include "guichet/judgment/refusal.h"

/* ---- a technician's mail acts once ---- */

static void
test_acts_once(void)
{
	static const struct {
		const char *name, *date, *words;
		bool other_ticket, acts;
	} rows[] = {
		{ "the same", A_DATE, "Bonjour.\n", false, false },
		{ "other blanks", A_DATE, "  Bonjour.\n\n", false, false },
		{ "a quotation besides", A_DATE, "Bonjour.\n\n> Panne\n", false,
		    false },
		{ "later", "Fri, 20 Nov 2026 17:00:01 +0100", "Bonjour.\n",
		    false, true },
		{ "the same instant", "Fri, 20 Nov 2026 16:00:00 +0000",
		    "Bonjour.\n", false, false },
		{ "other words", A_DATE, "Bonjour, Jeanne.\n", false, true },
		{ "other ticket", A_DATE, "Bonjour.\n", true, true },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (int reopened = 0; reopened < 2; reopened++) {
			g_auto(Desk) desk = { 0 };
			g_autofree char *first = NULL, *to = NULL;

			desk_set_up(&desk, "");
			deliver(&desk, from_jeanne(STAMP_PASS, "a", "X", ""),
			    T0);
			first = desk_field(&desk, "notice", ANNE, "Reply-To");
			deliver(&desk,
			    from_anne(STAMP_PASS, first, "t1", A_DATE,
				"Bonjour.\n"),
			    T0 + 3600);
			g_assert_cmpuint(replies(&desk), ==, 1);
			if (reopened) {
				bool done;
				g_autofree char *out = desk_order(&desk, &done,
				    (char *[]){ (char *)"close", (char *)"1",
					NULL });

				g_assert_true(done);
				deliver(&desk,
				    from_jeanne(STAMP_PASS, "r", "Re: [#1] X",
					""),
				    T0 + 7200);
			}
			if (rows[i].other_ticket)
				deliver(&desk,
				    from_jeanne(STAMP_PASS, "b", "Y", ""),
				    T0 + 7201);
			to = desk_field(&desk, "notice", ANNE, "Reply-To");
			deliver(&desk,
			    from_anne(STAMP_PASS, to, "t2", rows[i].date,
				rows[i].words),
			    T0 + 10800);
			g_test_message("%s%s", rows[i].name,
			    reopened ? ", reopened" : "");
			g_assert_cmpuint(replies(&desk), ==, 1 + rows[i].acts);
		}
	}
}

/* ---- refusals ---- */

/* Each of a proven technician's is told, whatever forgers did before. */
static void
test_each_refusal_is_told(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *notice = NULL;

	desk_set_up(&desk, "");
	deliver(&desk, from_jeanne(STAMP_PASS, "a", "X", ""), T0);
	notice = desk_field(&desk, "notice", ANNE, "Reply-To");
	for (int i = 0; i < 8; i++) {
		g_autofree char *id = g_strdup_printf("f%d", i);
		g_autofree char *words = g_strdup_printf("[#1] %d.\n", i);

		deliver(&desk,
		    from_anne(STAMP_NONE, "help@desk.example", id,
			A_DATE "\nIn-Reply-To: <a@acier.test>", words),
		    T0 + 60 + i);
	}
	g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==, 1);
	for (guint i = 0; i < 20; i++) {
		g_autofree char *id = g_strdup_printf("p%u", i);
		/* No order bears that name. */
		g_autofree char *words =
		    g_strdup_printf("#nonsens\n\nRéponse %u.\n", i);

		deliver(&desk, from_anne(STAMP_PASS, notice, id, A_DATE, words),
		    T0 + 600 + i);
		g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==,
		    1 + MIN(i + 1, REFUSALS_PROVEN_HOUR));
	}
	/* The rest in one mail, within the hour. */
	tick(&desk, T0 + 610 + REFUSAL_LIST_SECONDS / 2);
	g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==,
	    1 + REFUSALS_PROVEN_HOUR);
	tick(&desk, T0 + 1000 + REFUSAL_LIST_SECONDS);
	tick(&desk, T0 + 9000 + REFUSAL_LIST_SECONDS);
	{
		g_autoptr(GPtrArray) rows = desk_sent(&desk, "refusal", ANNE);
		const OutboxRow *list = rows->pdata[rows->len - 1];
		guint lines = 0;

		g_assert_cmpuint(rows->len, ==, 2 + REFUSALS_PROVEN_HOUR);
		for (const char *p = list->text;
		     (p = strstr(p, "[#1]")) != NULL; p++)
			lines++;
		g_assert_cmpuint(lines, ==, 20 - REFUSALS_PROVEN_HOUR);
	}
}

/* A program that answers whatever it gets, with the same words and no mark of
 * a robot: what goes back and forth ends by itself. */
static void
test_no_loop(void)
{
	for (int names_it = 0; names_it < 2; names_it++) {
		g_auto(Desk) desk = { 0 };
		guint answered = 0;
		Instant now = T0 + 600;

		desk_set_up(&desk, "");
		deliver(&desk, from_jeanne(STAMP_PASS, "a", "X", ""), T0);
		deliver(&desk,
		    from_anne(STAMP_PASS, "help@desk.example", "p",
			A_DATE "\nIn-Reply-To: <a@acier.test>", "Bonjour.\n"),
		    now);
		for (int round = 0; round < 30; round++) {
			g_autoptr(GPtrArray) rows = desk_sent(&desk, "refusal",
			    ANNE);
			g_autofree char *id = NULL, *head = NULL, *mid = NULL;

			tick(&desk, now += REFUSAL_LIST_SECONDS / 4);
			if (rows->len == answered)
				continue;
			answered = rows->len;
			id = desk_field(&desk, "refusal", ANNE, "Message-ID");
			head = g_strdup_printf(A_DATE "\nIn-Reply-To: %s\n"
						      "References: "
						      "<a@acier.test>",
			    names_it ? id : "<a@acier.test>");
			mid = g_strdup_printf("ooo%d", round);
			deliver(&desk,
			    from_anne(STAMP_PASS, "help@desk.example", mid,
				head, "#oups\nJe serai au bureau lundi.\n"),
			    now);
		}
		g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), <=, 4);
		g_assert_cmpuint(replies(&desk), ==, 0);
	}
}

/* The decision alone, every combination. */
static void
test_refusal_ways(void)
{
	static const struct {
		Proof proof;
		Refusals refusals;
		bool has_words;
		RefusalWay way;
	} rows[] = {
		{ PROOF_PASS, { 0 }, true, REFUSAL_TOLD },
		{ PROOF_PASS, { .unproven_day = 99, .unproven_here = 9 }, true,
		    REFUSAL_TOLD },
		{ PROOF_PASS, { .proven_hour = 11 }, true, REFUSAL_TOLD },
		{ PROOF_PASS, { .proven_hour = 12 }, true, REFUSAL_LISTED },
		{ PROOF_PASS, { .proven_day = 35 }, true, REFUSAL_TOLD },
		{ PROOF_PASS, { .proven_day = 36 }, true, REFUSAL_SILENT },
		{ PROOF_PASS, { .said = 1 }, true, REFUSAL_LISTED },
		{ PROOF_PASS, { .said = 2, .said_listed = 1 }, true,
		    REFUSAL_LISTED },
		{ PROOF_PASS, { .said = 2, .said_listed = 2 }, true,
		    REFUSAL_SILENT },
		{ PROOF_PASS, { .answers_one = true }, true, REFUSAL_TOLD },
		{ PROOF_PASS, { .answers_one = true }, false, REFUSAL_SILENT },
		{ PROOF_PASS, { .answers_one = true, .said = 1 }, true,
		    REFUSAL_SILENT },
		{ PROOF_NONE, { 0 }, true, REFUSAL_TOLD },
		{ PROOF_NONE, { .proven_hour = 99 }, true, REFUSAL_TOLD },
		{ PROOF_NONE, { .unproven_here = 1 }, true, REFUSAL_SILENT },
		{ PROOF_FAIL, { .unproven_day = 5 }, true, REFUSAL_SILENT },
		{ PROOF_FAIL, { .unproven_day = 4 }, true, REFUSAL_TOLD },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%zu", i);
		g_assert_cmpint(refusal_way(&rows[i].refusals, rows[i].proof,
				    rows[i].has_words),
		    ==, rows[i].way);
	}
}

/* ---- strangers ---- */

/* What a stranger hears is the same, whether what he names is ours or not. */
static void
test_silence_tells_nothing(void)
{
	static const char *const fields[] = { "In-Reply-To", "References" };

	for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
		for (int known = 0; known < 4; known++) {
			g_auto(Desk) desk = { 0 };
			g_autofree char *ours = NULL, *mail = NULL;
			const char *ids[4] = { "<nobody@elsewhere.test>",
				"<a@acier.test>", NULL, "<seen@acier.test>" };

			desk_set_up(&desk, "acknowledge: {strangers: yes}\n");
			deliver(&desk,
			    from_jeanne(STAMP_PASS, "a", "X",
				"References: <seen@acier.test>\n"),
			    T0);
			ids[2] = ours = desk_field(&desk, "acknowledgment",
			    JEANNE, "Message-ID");
			mail = g_strdup_printf(
			    PASS_OF("elsewhere.test") "From: p@elsewhere.test\n"
						      "To: help@desk.example\n"
						      "Subject: Y\n%s: %s\n"
						      "Message-ID: <y@e.test>\n"
						      "\nEt moi ?\n",
			    fields[f], ids[known]);
			desk_deliver(&desk, mail, T0 + 60);
			g_assert_cmpuint(
			    desk_count(&desk, NULL, "p@elsewhere.test"), ==, 0);
		}
	}
}

/* ---- shared senders ---- */

static void
test_shared_domains(void)
{
	static const struct {
		const char *domain;
		bool shared;
	} rows[] = {
		{ "sns.amazonaws.com", true },
		{ "eu-west-1.sns.amazonaws.com", true },
		{ "UptimeRobot.com", true },
		{ "notuptimerobot.com", false },
		{ "uptimerobot.com.evil.test", false },
		{ "com", false },
		{ "", false },
		{ "sonde.example", false },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(
		    alert_map_is_shared(ruleset_alert_map(desk.ruleset),
			rows[i].domain),
		    ==, rows[i].shared);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/refusal/" #test, test_##test)
	ADD(acts_once);
	ADD(each_refusal_is_told);
	ADD(no_loop);
	ADD(refusal_ways);
	ADD(silence_tells_nothing);
	ADD(shared_domains);
#undef ADD
	return g_test_run();
}
