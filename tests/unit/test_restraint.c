/*
 * A client is not buried in what no person wrote, and nothing of it is lost
 * (doc/domain.md 6): the law over random lives, and the sum of an hour.
 */
#include "intake-fixture.h"

#include "guichet/desk/desk_restraint.h"
#include "guichet/judgment/horizon.h"
#include "guichet/rounds/tick.h"
#include "guichet/work/work.h"

#define LIVES 400
#define STEPS 120

#define LUC "luc@brasserie-lambic.example"

/* ---- the law ---- */

static const SendKind kinds[] = { SEND_CORRECTION, SEND_INFORMATION,
	SEND_MISSED, SEND_NUDGE, SEND_REMARK, SEND_ACKNOWLEDGMENT,
	SEND_ACKNOWLEDGMENT, SEND_REPLY };

static RestraintMail
any_mail(GRand *r, Instant now)
{
	RestraintMail mail = {
		.send = kinds[g_rand_int_range(r, 0, G_N_ELEMENTS(kinds))],
		.ticket = g_rand_int_range(r, 1, 30),
		.proof = g_rand_boolean(r) ? PROOF_PASS : PROOF_NONE,
		.leaves = now,
	};

	return mail;
}

/* Mails that leave within an hour from there on, a sum being one. */
static int
hour_from(const GArray *mails, Instant from)
{
	Instant sum = INSTANT_NONE;
	int count = 0;

	for (guint i = 0; i < mails->len; i++) {
		const RestraintMail *one = &g_array_index(mails, RestraintMail,
		    i);

		if (!desk_restraint_counts(one) || one->leaves < from ||
		    one->leaves >= from + HORIZON_AUTOMATIC_SECONDS ||
		    (one->is_summed && one->leaves == sum))
			continue;
		if (one->is_summed)
			sum = one->leaves;
		count++;
	}
	return count;
}

static void
assert_law(const GArray *mails, int most)
{
	for (guint i = 0; i < mails->len; i++) {
		const RestraintMail *one = &g_array_index(mails, RestraintMail,
		    i);

		if (!desk_restraint_counts(one))
			continue;
		g_assert_cmpint(hour_from(mails, one->leaves), <=, most + 1);
		for (guint k = 0; k < i && !one->is_summed; k++) {
			const RestraintMail *two = &g_array_index(mails,
			    RestraintMail, k);

			if (two->is_summed || two->ticket != one->ticket ||
			    two->send != one->send ||
			    !desk_restraint_counts(two))
				continue;
			g_assert_cmpint(ABS(one->leaves - two->leaves), >=,
			    HORIZON_SAME_KIND_SECONDS);
		}
	}
}

/* However mails come: one of a kind in ten minutes, so many an hour and one sum;
 * what is not counted leaves at once; nothing waits much more than an hour. */
static void
test_law(void)
{
	for (guint32 seed = 0; seed < LIVES; seed++) {
		g_autoptr(GRand) r = g_rand_new_with_seed(seed);
		g_autoptr(GArray) mails = g_array_new(FALSE, FALSE,
		    sizeof(RestraintMail));
		int most = g_rand_int_range(r, 1, 14);
		int pace = g_rand_int_range(r, 2, 1200);
		Instant now = T0;

		for (int step = 0; step < STEPS; step++) {
			RestraintMail mail, then;

			now += g_rand_int_range(r, 0, pace);
			mail = any_mail(r, now);
			then = desk_restrain(&mail, mails, most);
			g_assert_cmpint(then.leaves, >=, now);
			if (!desk_restraint_counts(&mail) && !then.is_summed)
				g_assert_cmpint(then.leaves, ==, now);
			g_assert_false(
			    then.is_summed && mail.send == SEND_REPLY);
			if (then.is_summed)
				g_assert_cmpint(then.leaves, <=,
				    now + HORIZON_AUTOMATIC_SECONDS);
			g_array_append_val(mails, then);
		}
		assert_law(mails, most);
	}
}

/* ---- a desk ---- */

static void
tick(Desk *desk, Instant now)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	g_assert_true(tick_due(desk->intake, tx, now, &error));
	g_assert_no_error(error);
	g_assert_true(store_commit(&tx, &error));
}

static void
lower(Desk *desk, gint64 ticket, Instant when)
{
	g_autofree char *stamp = instant_format(when);
	g_autofree char *all = g_strdup_printf(
	    "severity %" G_GINT64_FORMAT " 4 --at %s", ticket, stamp);
	g_auto(GStrv) own = g_strsplit(all, " ", 0);
	g_autofree char *told = NULL;
	bool done;

	told = desk_order(desk, &done, own);
	if (!done)
		g_error("%s: %s", all, told);
}

#define TICKETS 8

/* Eight tickets whose severity a technician changes, of a site that allows
 * three automatic mails: three corrections leave, five wait, and are told whole
 * in one mail an hour later. */
static void
test_sum(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL, sums = NULL;
	g_autoptr(GError) error = NULL;
	Instant begin = T0 + 3 * 86400, next = INSTANT_NONE;
	guint waits = 0;

	desk_set_up(&desk, "automatic_per_hour: 3\n");
	for (gint64 n = 1; n <= TICKETS; n++) {
		g_autofree char *mail = g_strdup_printf(
		    BORDER("pass",
			"brasserie-lambic.example") "From: <" LUC ">\n"
						    "To: help@desk.example\n"
						    "Subject: panne %d\n"
						    "Message-ID: <%d@x.test>\n"
						    "\nLe site %d est en "
						    "panne.\n",
		    (int)n, (int)n, (int)n);

		desk_deliver(&desk, mail, begin + n);
	}
	/* Of proven requests each is acknowledged. */
	g_assert_cmpuint(desk_count(&desk, "acknowledgment", LUC), ==, TICKETS);
	for (gint64 n = 1; n <= TICKETS; n++)
		lower(&desk, n, begin + 600);
	tick(&desk, begin + 1200);
	rows = desk_sent(&desk, "correction", LUC);
	g_assert_cmpuint(rows->len, ==, TICKETS);
	for (guint i = 0; i < rows->len; i++)
		waits += outbox_row_waits(rows->pdata[i]);
	g_assert_cmpuint(waits, ==, TICKETS - 3);
	g_assert_true(tick_next(desk.intake, begin + 1200, &next, &error));
	g_assert_no_error(error);
	g_assert_cmpint(next, <=, begin + 1200 + 3600);

	tick(&desk, begin + 1200 + 3599);
	g_assert_cmpuint(desk_count(&desk, "summary", LUC), ==, 0);
	tick(&desk, begin + 1200 + 3600);
	sums = desk_sent(&desk, "summary", LUC);
	g_assert_cmpuint(sums->len, ==, 1);
	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i], *sum = sums->pdata[0];
		g_autoptr(OutboxRow) now = NULL;

		g_assert_true(
		    store_outbox_row(desk.store, row->id, &now, &error));
		if (!outbox_row_waits(row)) {
			g_assert_null(strstr(sum->text, row->subject));
			continue;
		}
		g_assert_cmpstr(now->state, ==, "dropped");
		g_assert_nonnull(strstr(sum->text, row->subject));
		g_assert_nonnull(strstr(sum->text, "  Maintenant : 4 ("));
	}
	/* It is told once. */
	tick(&desk, begin + 3 * 3600);
	g_assert_cmpuint(desk_count(&desk, "summary", LUC), ==, 1);
}

/* One alone that waits leaves as it is. */
static void
test_one_alone(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	Instant begin = T0 + 3 * 86400;

	desk_set_up(&desk, "automatic_per_hour: 1\n");
	for (int n = 1; n <= 2; n++) {
		g_autofree char *mail = g_strdup_printf(
		    BORDER("pass",
			"brasserie-lambic.example") "From: <" LUC ">\n"
						    "To: help@desk.example\n"
						    "Subject: panne %d\n"
						    "Message-ID: <%d@x.test>\n"
						    "\nLe site %d est en "
						    "panne.\n",
		    n, n, n);

		desk_deliver(&desk, mail, begin + n);
		lower(&desk, n, begin + 600);
	}
	tick(&desk, begin + 1200);
	tick(&desk, begin + 1200 + 3600);
	g_assert_cmpuint(desk_count(&desk, "summary", LUC), ==, 0);
	rows = desk_sent(&desk, "correction", LUC);
	g_assert_cmpuint(rows->len, ==, 2);
	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		g_assert_cmpstr(row->state, ==, "ready");
		g_assert_cmpint(row->next, <=, begin + 1200 + 3600);
	}
}

/* A program that writes in a contact's name, proven: thirty are acknowledged one
 * by one within the hour, the rest in a sum. */
static void
test_proven_acknowledgments(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	Instant begin = T0 + 3 * 86400;
	guint waits = 0;

	desk_set_up(&desk, "");
	for (int n = 1; n <= 33; n++) {
		g_autofree char *mail = g_strdup_printf(
		    BORDER("pass",
			"brasserie-lambic.example") "From: <" LUC
						    ">\nTo: help@desk.example\n"
						    "Subject: imprimante %d\nMessage-ID: <%d@x.test>\n"
						    "\nL'imprimante %d est en panne.\n",
		    n, n, n);

		desk_deliver(&desk, mail, begin + n);
	}
	rows = desk_sent(&desk, "acknowledgment", LUC);
	g_assert_cmpuint(rows->len, ==, 33);
	for (guint i = 0; i < rows->len; i++)
		waits += outbox_row_waits(rows->pdata[i]);
	g_assert_cmpuint(waits, ==, 3);
	tick(&desk, begin + 2 * 3600);
	g_assert_cmpuint(desk_count(&desk, "summary", LUC), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/restraint/law", test_law);
	g_test_add_func("/restraint/a sum", test_sum);
	g_test_add_func("/restraint/one alone", test_one_alone);
	g_test_add_func("/restraint/acknowledgments of proven requests",
	    test_proven_acknowledgments);
	return g_test_run();
}
