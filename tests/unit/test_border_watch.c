/*
 * A border whose stamper goes away (doc/security.md 2.4): what counts
 * meanwhile, in whatever order the mails are decided, and what the desk hears
 * of it.
 */
#include "intake-fixture.h"

#include "guichet/base/limits.h"
#include "guichet/trust/border_watch.h"

/* ---- the watch alone ---- */

typedef struct {
	bool stamped;
	Instant at;
	BorderNews news;
	bool covered; /* the mail itself, if it is stamped */
} Step;

static void
run(StampPlace place, const Step *steps, gsize count)
{
	BorderWatch watch = BORDER_WATCH_NEW;

	for (gsize i = 0; i < count; i++) {
		g_autofree char *kept = NULL;
		BorderNews news = border_watch_note(&watch, place,
		    steps[i].stamped, steps[i].at);

		kept = border_watch_format(&watch);
		g_test_message("%zu: %s", i, kept);
		g_assert_cmpint(news, ==, steps[i].news);
		if (steps[i].stamped)
			g_assert_cmpint(
			    border_watch_covers(&watch, place, steps[i].at), ==,
			    steps[i].covered);
		border_watch_parse(kept, &watch);
	}
}

static void
test_steps(void)
{
	static const Step below[] = {
		{ true, 10, BORDER_NOTED, false },
		{ true, 20, BORDER_NOTED, false },
		{ false, 30, BORDER_GAP, false },
		{ true, 31, BORDER_NOTED, true }, /* a stranger's? */
		{ false, 32, BORDER_NOTED, false },
		{ true, 25, BORDER_SAME, true },  /* late: after the last */
		{ true, 15, BORDER_SAME, false }, /* late: before it */
		{ true, 33, BORDER_NOTED, true },
		{ true, 34, BORDER_NOTED, true },
		{ true, 35, BORDER_NOTED, true },
		{ true, 36, BORDER_NOTED, true },
		{ true, 37, BORDER_OVER, false }, /* five in a row */
		{ true, 38, BORDER_NOTED, false },
		{ false, 36, BORDER_GAP, false }, /* late: the gap went on */
		{ true, 39, BORDER_NOTED, true },
	};
	static const Step above[] = {
		{ false, 5, BORDER_NOTED, false }, /* it never stamped yet */
		{ true, 10, BORDER_OVER, false },
		{ false, 30, BORDER_GAP, false },
		{ true, 25, BORDER_SAME, false },
		{ true, 31, BORDER_OVER, false },
		{ false, 30, BORDER_SAME, false }, /* late: that is over */
		{ true, 32, BORDER_NOTED, false },
	};
	/* A site that was never stamped believes none that comes first. */
	static const Step fresh[] = {
		{ false, 10, BORDER_NOTED, false },
		{ true, 11, BORDER_NOTED, true },
		{ true, 5, BORDER_SAME, true },
	};

	run(STAMPS_BELOW, below, G_N_ELEMENTS(below));
	run(STAMPS_ABOVE, above, G_N_ELEMENTS(above));
	run(STAMPS_BELOW, fresh, G_N_ELEMENTS(fresh));
}

static void
test_kept(void)
{
	static const char *const bad[] = { "", "x", "1 2 3 4", NULL };

	for (gsize i = 0; i == 0 || bad[i - 1] != NULL; i++) {
		BorderWatch watch;

		border_watch_parse(bad[i], &watch);
		g_assert_cmpint(watch.stamped, ==, INSTANT_NONE);
		g_assert_cmpint(watch.missing, ==, INSTANT_NONE);
		g_assert_cmpint(watch.ticket, ==, 0);
	}
}

/*
 * The law, over random mails of three mailboxes that are decided in any order
 * that keeps each mailbox's own: whoever is decided while the newest unstamped
 * mail known is as new as his or newer, and was received after every stamped
 * mail known before the gap, does not count.
 */
static void
test_law(void)
{
	GRand *rand = g_rand_new_with_seed(41);

	for (int round = 0; round < 2000; round++) {
		BorderWatch watch = BORDER_WATCH_NEW;
		Instant clock[3] = { 0, 0, 0 }, missing = -1;

		for (int n = 0; n < 40; n++) {
			int box = g_rand_int_range(rand, 0, 3);
			bool stamped = g_rand_int_range(rand, 0, 3) > 0;
			Instant last = watch.stamped;

			clock[box] += g_rand_int_range(rand, 0, 5);
			border_watch_note(&watch, STAMPS_BELOW, stamped,
			    clock[box]);
			if (!stamped)
				missing = MAX(missing, clock[box]);
			if (stamped && clock[box] <= missing &&
			    (last == INSTANT_NONE || clock[box] > last) &&
			    watch.missing != INSTANT_NONE)
				g_assert_true(border_watch_covers(&watch,
				    STAMPS_BELOW, clock[box]));
		}
	}
	g_rand_free(rand);
}

/* ---- the desk ---- */

#define RECEIVED                                      \
 "Received: from mail.test (mail.test [192.0.2.3])\n" \
 "\tby mx.desk.example with ESMTPS id 1 for <help@desk.example>\n"
#define STAMP(domain)                                      \
 "Authentication-Results: mx.desk.example;\n\tdmarc=pass " \
 "header.from=" domain "\n"

/* A mail of Jeanne's that a border with rspamd delivers. */
static void
deliver_jeanne(Desk *desk, bool stamped, int n)
{
	g_autofree char *mail = g_strdup_printf(RECEIVED
	    "%sFrom: <" JEANNE ">\nTo: help@desk.example\nSubject: s%d\n"
	    "Message-ID: <w%d@acier.test>\n\nx%d\n",
	    stamped ? STAMP("acier-vosges.example") : "", n, n, n);

	desk_deliver(desk, mail, T0 + n);
}

/* Anne's answer to the first ticket, as the border stamps it, or a stranger
 * who got hold of her token and knows the border's name. */
static guint
answers_after(Desk *desk, const char *token, int n)
{
	g_autofree char *mail = g_strdup_printf(
	    RECEIVED STAMP(
		"desk.example") "From: <" ANNE ">\nTo: <%s>\nSubject: Re: x\n"
				"Message-ID: <a%d@desk.example>\n\nRéponse %d.\n",
	    token, n, n);

	desk_deliver(desk, mail, T0 + n);
	return desk_count(desk, "reply", JEANNE);
}

static bool
has_ticket_about_border(Desk *desk, gint64 number)
{
	g_autoptr(GError) error = NULL;
	Ticket *ticket = NULL;
	bool is;

	store_ticket(desk->store, number, &ticket, &error);
	g_assert_no_error(error);
	is = ticket != NULL && strcmp(ticket->source, "border") == 0;
	if (ticket != NULL)
		ticket_free(ticket);
	return is;
}

static void
test_desk(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *token = NULL;
	int n = 0;

	desk_set_up(&desk, "");
	desk.conf->auth.stamps = STAMPS_BELOW;
	deliver_jeanne(&desk, true, n++);
	token = desk_field(&desk, "notice", ANNE, "Reply-To");
	g_assert_cmpint(answers_after(&desk, token, n++), ==, 1);
	/* The stamper is away, and the first mail shows it. */
	deliver_jeanne(&desk, false, n++);
	g_assert_false(has_ticket_about_border(&desk, 2));
	g_assert_true(has_ticket_about_border(&desk, 3));
	g_assert_cmpint(answers_after(&desk, token, n++), ==, 1);
	deliver_jeanne(&desk, false, n++);
	g_assert_false(has_ticket_about_border(&desk, 4));
	g_assert_cmpint(answers_after(&desk, token, n++), ==, 1);
	/* It stamps again: not the first of them counts, which may be his. */
	for (guint i = 2; i < LIMIT_BORDER_STAMPED_AGAIN; i++)
		deliver_jeanne(&desk, true, n++);
	g_assert_cmpint(answers_after(&desk, token, n++), ==, 2);
	/* It goes away again: the ticket that says so is still open. */
	deliver_jeanne(&desk, false, n++);
	g_assert_cmpint(answers_after(&desk, token, n++), ==, 2);
}

/* Where only the border can write, a stamp is one; and a login needs none. */
static void
test_desk_above(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *token = NULL;
	g_autofree char *answer = NULL, *login = NULL;

	desk_set_up(&desk, "");
	{
		g_autofree char *first = g_strdup_printf(BORDER("pass",
		    "acier-vosges.example") "From: <" JEANNE
					    ">\nTo: help@desk.example\nSubject: s\n\nx\n");

		desk_deliver(&desk, first, T0);
	}
	token = desk_field(&desk, "notice", ANNE, "Reply-To");
	deliver_jeanne(&desk, false, 1);
	g_assert_true(has_ticket_about_border(&desk, 3));
	answer = g_strdup_printf(
	    BORDER("pass",
		"desk.example") "From: <" ANNE
				">\nTo: <%s>\nSubject: Re: s\nMessage-ID: <b1@d>\n\nRéponse.\n",
	    token);
	desk_deliver(&desk, answer, T0 + 2);
	g_assert_cmpint(desk_count(&desk, "reply", JEANNE), ==, 1);

	desk.conf->auth.stamps = STAMPS_BELOW;
	deliver_jeanne(&desk, false, 3);
	login = g_strdup_printf(
	    "Received: from l (u [192.0.2.8])\n\t"
	    "(Authenticated sender: " ANNE ")\n\tby mx.desk.example (Postfix)"
	    " with ESMTPSA id 1\nFrom: <" ANNE ">\nTo: <%s>\nSubject: Re: s\n"
	    "Message-ID: <b2@d>\n\nEncore.\n",
	    token);
	desk_deliver(&desk, login, T0 + 4);
	g_assert_cmpint(desk_count(&desk, "reply", JEANNE), ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/border_watch/steps", test_steps);
	g_test_add_func("/border_watch/kept", test_kept);
	g_test_add_func("/border_watch/law", test_law);
	g_test_add_func("/border_watch/desk", test_desk);
	g_test_add_func("/border_watch/desk_above", test_desk_above);
	return g_test_run();
}
