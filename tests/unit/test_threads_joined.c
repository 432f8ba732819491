/* Mails of one thread in whatever order: on one ticket where nobody was answered or
 * told before, else on tickets that name each other (doc/design.md 7). */
#include "threads-fixture.h"

#include <stdlib.h>

enum {
	MAILS_MAX = 6
};

/* Spreads over tickets that name each other, from the first. */
static guint
reached(Desk *desk, const gint64 *tickets, guint count)
{
	bool seen[MAILS_MAX] = { true };
	guint all = 0;

	for (guint round = 0; round < count; round++) {
		for (guint i = 0; i < count; i++) {
			for (guint k = 0; k < count; k++) {
				if (seen[i] &&
				    (tickets[i] == tickets[k] ||
					names(desk, tickets[i], tickets[k])))
					seen[k] = true;
			}
		}
	}
	for (guint i = 0; i < count; i++)
		all += seen[i];
	return all;
}

/* A thread of `count` mails in which each answers an earlier one, brought in
 * an order of its own: on tickets that name each other, or on one, if nobody was
 * answered or told before its last mail came. */
static void
try_order(Desk *desk, GRand *random, guint trial, guint count)
{
	bool tells = g_rand_boolean(random);
	static const char *const writers[] = { JEANNE, KARIM };
	guint parent[MAILS_MAX] = { 0 }, order[MAILS_MAX];
	gint64 tickets[MAILS_MAX], mails[MAILS_MAX];
	g_autoptr(GString) told = g_string_new(NULL);

	for (guint i = 0; i < count; i++) {
		guint k = (guint)g_rand_int_range(random, 0, (gint32)i + 1);

		parent[i] = i > 0
		    ? (guint)g_rand_int_range(random, 0, (gint32)i)
		    : 0;
		order[i] = order[k];
		order[k] = i;
	}
	for (guint n = 0; n < count; n++) {
		guint i = order[n];
		g_autofree char *id = g_strdup_printf("t%u.%u@acier.test",
		    trial, i);
		g_autofree char *up = i == 0
		    ? g_strdup("")
		    : g_strdup_printf("%s: <t%u.%u@acier.test>\n",
			  g_rand_boolean(random) ? "In-Reply-To" : "References",
			  trial, parent[i]);
		g_autofree char *subject = g_strdup_printf("Fil %u", trial);
		g_autofree char *text = g_strdup_printf("Mot %u.", i);
		g_autofree char *mail = mail_of(writers[i % 2], id, up, subject,
		    text);

		mails[i] = desk_deliver(desk, mail,
		    T0 + (trial * 10 + n) * HOURS);
		read_again(desk, T0 + (trial * 10 + n) * HOURS);
		if (tells && g_rand_boolean(random))
			leave(desk, T0 + (trial * 10 + n) * HOURS);
		tickets[i] = ticket_of(desk, mails[i]);
		g_assert_cmpint(tickets[i], >, 0);
		g_string_append_printf(told, " %u(^%u)->#%d", i, parent[i],
		    (int)tickets[i]);
	}
	g_test_message("trial %u%s:%s", trial, tells ? ", told" : "",
	    told->str);
	for (guint i = 0; i < count; i++)
		tickets[i] = lives_on(desk, ticket_of(desk, mails[i]));
	for (guint i = 0; i < count && !tells; i++)
		g_assert_cmpint(tickets[i], ==, tickets[0]);
	g_assert_cmpuint(reached(desk, tickets, count), ==, count);
	if (count == 2)
		g_assert_cmpint(tickets[0], ==, tickets[1]);
}

static void
test_orders(void)
{
	const char *given = g_getenv("SEED"), *is_long = g_getenv("LONG");
	guint32 seed = given != NULL ? (guint32)strtoul(given, NULL, 10)
				     : g_random_int();
	guint trials = is_long != NULL && *is_long != '\0' ? 600 : 40;
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	g_auto(Desk) desk = { 0 };

	g_test_message("SEED=%u", seed);
	desk_set_up(&desk, "");
	for (guint trial = 0; trial < trials; trial++)
		try_order(&desk, random, trial,
		    (guint)g_rand_int_range(random, 2, MAILS_MAX + 1));
}

/* Two mails whose thread nobody here knows yet, and the one between them. `told`:
 * both were answered before it came. */
static void
bring_bridge(Desk *desk, bool told)
{
	g_autofree char *first = mail_of(JEANNE, "b1@acier.test", "",
	    "Panne de l'ERP", "L'ERP est en panne.");
	g_autofree char *third = mail_of(KARIM, "b3@acier.test",
	    "In-Reply-To: <b2@acier.test>\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Type: text/plain; charset=utf-8\n\n"
	    "Chez moi aussi, depuis midi.\n--b\n"
	    "Content-Type: text/csv\nContent-Disposition: attachment; "
	    "filename=pannes.csv\n\na;b\n--b--\n",
	    "Re: Panne de l'ERP", "");
	g_autofree char *second = mail_of(JEANNE, "b2@acier.test",
	    "In-Reply-To: <b1@acier.test>\n", "Re: Panne de l'ERP",
	    "Qui d'autre est touchÃ© ?");

	desk_set_up(desk, "");
	desk_deliver(desk, first, T0);
	desk_deliver(desk, third, T0 + HOURS);
	if (told)
		leave(desk, T0 + HOURS);
	desk_deliver(desk, second, T0 + 2 * HOURS);
	read_again(desk, T0 + 2 * HOURS);
}

/* Notices to the technician that leave, about that ticket. */
static guint
notices_of(Desk *desk, gint64 ticket, const char *words)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, "notice", ANNE);
	guint count = 0;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		count += row->ticket == ticket &&
		    !outbox_state_is(row->state, OUTBOX_DROPPED) &&
		    strstr(row->text, words) != NULL;
	}
	return count;
}

/* Of the second ticket nothing leaves; its mail is told on the first, with what
 * came with it, once, and the first owes what the second did. */
static void
test_bridge(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) first = NULL, second = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;

	bring_bridge(&desk, false);
	first = desk_ticket(&desk, 1);
	second = desk_ticket(&desk, 2);
	g_assert_cmpint(second->merged_into, ==, 1);
	g_assert_nonnull(first->carried[MILESTONE_RESPONSE]);
	g_assert_cmpint(first->messages, ==, 3);
	g_assert_cmpuint(notices_of(&desk, 2, ""), ==, 0);
	g_assert_cmpuint(notices_of(&desk, 1, "L'ERP est en panne."), ==, 1);
	g_assert_cmpuint(notices_of(&desk, 1, "Qui d'autre"), ==, 1);
	g_assert_cmpuint(notices_of(&desk, 1, "depuis midi."), ==, 1);
	g_assert_cmpuint(notices_of(&desk, 1, "pannes.csv"), ==, 1);
	rows = store_outbox_of(desk.store, 2, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, >, 1); /* the acknowledgment, notices */
	for (guint i = 0; i < rows->len; i++)
		g_assert_true(
		    outbox_state_is(((const OutboxRow *)rows->pdata[i])->state,
			OUTBOX_DROPPED));
	g_assert_null(desk_ticket(&desk, 3));
}

/* Somebody has read of both: they name each other. */
static void
test_bridge_too_late(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) second = NULL;

	bring_bridge(&desk, true);
	second = desk_ticket(&desk, 2);
	g_assert_cmpint(second->merged_into, ==, 0);
	g_assert_true(names(&desk, 1, 2));
	g_assert_true(names(&desk, 2, 1));
	g_assert_cmpuint(notices_of(&desk, 2, "depuis midi."), ==, 1);
}

/* What somebody has read of stays, whichever came first. */
static void
test_bridge_one_told(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) told = NULL, untold = NULL;
	g_autofree char *third = mail_of(KARIM, "b3@acier.test",
	    "In-Reply-To: <b2@acier.test>\n", "Re: Panne", "Et moi.");
	g_autofree char *first = mail_of(JEANNE, "b1@acier.test", "", "Panne",
	    "L'ERP est en panne.");
	g_autofree char *second = mail_of(JEANNE, "b2@acier.test",
	    "In-Reply-To: <b1@acier.test>\n", "Re: Panne", "Qui d'autre ?");

	desk_set_up(&desk, "");
	desk_deliver(&desk, third, T0);
	leave(&desk, T0);
	desk_deliver(&desk, first, T0 + HOURS);
	desk_deliver(&desk, second, T0 + 2 * HOURS);
	read_again(&desk, T0 + 2 * HOURS);
	told = desk_ticket(&desk, 1);
	untold = desk_ticket(&desk, 2);
	g_assert_cmpint(untold->merged_into, ==, 1);
	g_assert_cmpint(told->messages, ==, 3);
}

/* From alone moves nothing that is proven. */
static void
test_bridge_unproven(void)
{
	static const char second[] = "From: <" JEANNE ">\n"
				     "To: help@desk.example\n"
				     "Message-ID: <b2@acier.test>\n"
				     "In-Reply-To: <b1@acier.test>\n"
				     "References: <b3@acier.test>\n"
				     "Subject: Re: Panne\n\nEt moi.\n";
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (int i = 1; i <= 3; i += 2) {
		g_autofree char *id = g_strdup_printf("b%d@acier.test", i);
		g_autofree char *mail = mail_of(JEANNE, id, "", "Panne", id);

		desk_deliver(&desk, mail, T0 + i * HOURS);
	}
	desk_deliver(&desk, second, T0 + 5 * HOURS);
	g_assert_false(intake_reads_again(desk.intake));
	g_assert_cmpint(lives_on(&desk, 2), ==, 2);
	g_assert_true(names(&desk, 1, 2));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/threads/orders", test_orders);
	g_test_add_func("/threads/bridge", test_bridge);
	g_test_add_func("/threads/bridge-too-late", test_bridge_too_late);
	g_test_add_func("/threads/bridge-one-told", test_bridge_one_told);
	g_test_add_func("/threads/bridge-unproven", test_bridge_unproven);
	return g_test_run();
}
