/*
 * What answers carry beside words, and how many go out: a technician's
 * attachments, and the notices to him.
 */
#include "intake-fixture.h"

#include "guichet/rounds/tick.h"

#define OF_JEANNE                                                   \
 "Return-Path: <" JEANNE ">\n"                                      \
 "Authentication-Results: mx.desk.example;\n"                       \
 "\tdmarc=pass header.from=acier-vosges.example\n"                  \
 "Received: from mail.test (mail.test [192.0.2.3])\n"               \
 "\tby mx.desk.example with ESMTPS id 1 for <help@desk.example>;\n" \
 "\tFri, 20 Nov 2026 17:00:00 +0100\n"                              \
 "From: <" JEANNE ">\nTo: help@desk.example\n"

#define OF_ANNE                                                     \
 "Return-Path: <" ANNE ">\n"                                        \
 "Authentication-Results: mx.desk.example;\n"                       \
 "\tdmarc=pass header.from=desk.example\n"                          \
 "Received: from mail.test (mail.test [192.0.2.3])\n"               \
 "\tby mx.desk.example with ESMTPS id 1 for <help@desk.example>;\n" \
 "\tFri, 20 Nov 2026 17:00:00 +0100\n"                              \
 "From: Anne Martin <" ANNE ">\n"

/* An attachment of `size` bytes, and how it is to be shown. */
static void
attach(GString *mail, const char *name, const char *disposition, gsize size)
{
	g_string_append_printf(mail,
	    "--b\nContent-Type: application/pdf\n"
	    "Content-Disposition: %s; filename=\"%s\"\n\n",
	    disposition, name);
	for (gsize i = 1; i <= size; i++)
		g_string_append_c(mail, i % 70 == 0 ? '\n' : 'x');
	g_string_append_c(mail, '\n');
}

/* Anne's answer to the notice she has of ticket #1. */
static GString *
answer_of_anne(Desk *desk, int number)
{
	g_autofree char *to = desk_field(desk, "notice", ANNE, "Reply-To");
	GString *mail = g_string_new(NULL);

	g_string_append_printf(mail,
	    OF_ANNE "To: <%s>\nSubject: Re: [#1] Panne\n"
		    "Message-ID: <t%d@desk.example>\nMIME-Version: 1.0\n"
		    "Content-Type: multipart/mixed; boundary=b\n\n"
		    "--b\nContent-Type: text/plain\n\n"
		    "Ci-joint le rapport %d.\n",
	    to, number, number);
	return mail;
}

static void
open_ticket(Desk *desk)
{
	desk_deliver(desk,
	    OF_JEANNE "Subject: Panne\nMessage-ID: <o@acier.test>\n\n"
		      "L'ERP ne repond plus.\n",
	    T0);
}

/* What cannot go along is told to him, and his words wait for it. */
static void
test_files_left(void)
{
	static const struct {
		gsize sizes[3];
		const char *disposition;
		bool sent;
		const char *named;
	} cases[] = {
		{ { 3000, 0, 0 }, "attachment", true, NULL },
		{ { 3000, 2000, 0 }, "attachment", true, NULL },
		{ { 5001, 0, 0 }, "attachment", false,
		    "  - rapport-0.pdf (5 ko), non jointe : trop volumineuse" },
		{ { 3000, 1000, 2000 }, "attachment", false,
		    "  - rapport-2.pdf (2 ko), non jointe : trop volumineuse" },
		/* The picture of a signature was never meant to go. */
		{ { 9000, 0, 0 }, "inline", true, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(GString) mail = NULL;
		g_autoptr(GPtrArray) refusals = NULL;
		const OutboxRow *told;

		desk_set_up(&desk, "forward_bytes: 5000\n");
		open_ticket(&desk);
		mail = answer_of_anne(&desk, 1);
		for (gsize k = 0; k < 3 && cases[i].sizes[k] > 0; k++) {
			g_autofree char *name =
			    g_strdup_printf("rapport-%zu.pdf", k);

			attach(mail, name, cases[i].disposition,
			    cases[i].sizes[k]);
		}
		g_string_append(mail, "--b--\n");
		desk_deliver(&desk, mail->str, T0 + 600);

		g_assert_cmpuint(desk_count(&desk, "reply", JEANNE), ==,
		    cases[i].sent);
		refusals = desk_sent(&desk, "refusal", ANNE);
		g_assert_cmpuint(refusals->len, ==, !cases[i].sent);
		if (cases[i].sent)
			continue;
		told = refusals->pdata[0];
		g_assert_nonnull(strstr(told->text, cases[i].named));
		g_assert_nonnull(strstr(told->text, "ensemble 5 ko au plus"));
		g_assert_nonnull(strstr(told->text, "Ci-joint le rapport"));
		g_assert_null(strstr(told->text, "rapport-1.pdf"));
	}
}

/* He is told each time: other refusals are told once a day and ticket. */
static void
test_files_left_again(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "forward_bytes: 5000\n");
	open_ticket(&desk);
	for (int i = 0; i < 3; i++) {
		g_autoptr(GString) mail = answer_of_anne(&desk, i);

		attach(mail, "rapport.pdf", "attachment", 6000);
		g_string_append(mail, "--b--\n");
		desk_deliver(&desk, mail->str, T0 + 600 + i);
	}
	g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==, 3);
	g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
}

/* Of a mail that was too large to fetch, nobody knows what it carried. */
static void
test_files_of_a_part(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GString) mail = NULL;

	desk_set_up(&desk, "");
	open_ticket(&desk);
	mail = answer_of_anne(&desk, 1);
	attach(mail, "rapport.pdf", "attachment", 600);
	desk_deliver_part(&desk, mail->str, T0 + 600);
	g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==, 1);
	g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
}

/* A flood costs each technician so many notices and one more; the tickets have
 * all of it. */
static void
test_notice_budget(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL, events = NULL;
	g_autoptr(StoreTx) tx = NULL;
	const OutboxRow *last;
	const Instant looks[] = { T0 + 664, T0 + 665, T0 + 700 };
	bool held = false;

	desk_set_up(&desk, "notices_per_hour: 5\n");
	for (int i = 0; i < 12; i++) {
		g_autofree char *mail = g_strdup_printf(OF_JEANNE
		    "Subject: Panne %c\n"
		    "Message-ID: <o%d@acier.test>\n\nPanne %d.\n",
		    'A' + i, i, i);

		desk_deliver(&desk, mail, T0 + i);
	}
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 5);
	g_assert_cmpuint(desk_count(&desk, "notice", HUGO), ==, 5);
	events = store_events(desk.store, 12, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		held = held ||
		    (event->type == EVENT_HELD &&
			strcmp(event_text(event, "what"), "notice") == 0 &&
			strcmp(event_text(event, "reason"), "budget") == 0);
	}
	g_assert_true(held);

	/* The sixth was held first, a minute after its receipt. */
	for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
		tx = store_begin(desk.store, &error);
		g_assert_no_error(error);
		g_assert_true(tick_due(desk.intake, tx, looks[i], &error));
		store_commit(&tx, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==,
		    i == 0 ? 5 : 6);
	}
	rows = desk_sent(&desk, "notice", ANNE);
	last = rows->pdata[5];
	g_assert_cmpstr(last->subject, ==, "7 avis de plus, non envoyés");
	g_assert_nonnull(strstr(last->text, "guichet list"));
	g_assert_nonnull(
	    strstr(last->text, "vendredi 20 novembre 2026 à 17:01"));
	g_assert_cmpint(last->ticket, ==, 0);

	/* An hour later he is told at once again. */
	desk_deliver(&desk,
	    OF_JEANNE "Subject: Encore\nMessage-ID: <e@acier.test>\n\nx\n",
	    T0 + 2 * 3600);
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 7);
}

/* Strangers use up half of it: a client's failure is told at once. */
static void
test_notices_of_strangers(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "notices_per_hour: 4\n");
	for (int i = 0; i < 6; i++) {
		g_autofree char *mail = g_strdup_printf(
		    "From: <p%d@stranger.test>\nTo: help@desk.example\n"
		    "Subject: Offre %c\nMessage-ID: <s%d@stranger.test>\n\n"
		    "Offre %d.\n",
		    i, 'A' + i, i, i);

		desk_deliver(&desk, mail, T0 + i);
	}
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 2);
	for (int i = 0; i < 3; i++) {
		g_autofree char *mail = g_strdup_printf(OF_JEANNE
		    "Subject: Panne %c\n"
		    "Message-ID: <o%d@acier.test>\n\nPanne %d.\n",
		    'A' + i, i, i);

		desk_deliver(&desk, mail, T0 + 10 + i);
	}
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 4);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/answers/files-left", test_files_left);
	g_test_add_func("/answers/files-left/again", test_files_left_again);
	g_test_add_func("/answers/files-left/part", test_files_of_a_part);
	g_test_add_func("/answers/notice-budget", test_notice_budget);
	g_test_add_func("/answers/notices-of-strangers",
	    test_notices_of_strangers);
	return g_test_run();
}
