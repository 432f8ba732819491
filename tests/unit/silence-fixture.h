/* silence-fixture: a desk and its client, and what time brings. One ticket, #1. */
#ifndef GUICHET_TESTS_SILENCE_FIXTURE_H
#define GUICHET_TESTS_SILENCE_FIXTURE_H

#include "told-fixture.h"

#include "guichet/ticket/awaits.h"

#define CLAIRE "claire@maison-tissier.example" /* 1Life: no term */

/* The first mail opens the ticket; `words` NULL: a question. */
static inline void
write_stamped(Desk *desk, const char *from, const char *stamp,
    const char *words, Instant when)
{
	const char *domain = strchr(from, '@') + 1;
	bool opens = desk->mails == 0;
	g_autofree char *border = strcmp(stamp, "none") == 0
	    ? g_strdup("")
	    : g_strdup_printf("Authentication-Results: mx.desk.example;\n"
			      "\tdmarc=%s header.from=%s\n"
			      "Received: from mail.test (mail.test "
			      "[192.0.2.3])\n\tby mx.desk.example with ESMTPS "
			      "id 1 for <help@desk.example>;\n"
			      "\tFri, 20 Nov 2026 17:00:00 +0100\n",
		  stamp, domain);
	g_autofree char *mail = g_strdup_printf(
	    "%sFrom: <%s>\nTo: help@desk.example\nSubject: %s\n"
	    "Message-ID: <%" G_GINT64_FORMAT "@x.test>\n\n%s\n",
	    border, from, opens ? "Une question" : "Re: [#1] Une question",
	    when,
	    words != NULL ? words : "Comment imprimer la liste des clients ?");

	desk_deliver(desk, mail, when);
}

static inline void
write_as(Desk *desk, const char *from, const char *words, Instant when)
{
	write_stamped(desk, from, "pass", words, when);
}

static inline void
client_writes(Desk *desk, const char *words, Instant when)
{
	write_as(desk, CLAIRE, words, when);
}

/* What is wrong with an order that is refused; the caller frees. */
static inline char *
refused(Desk *desk, const char *words, Instant when)
{
	bool done;
	char *told = try_order(desk, words, when, &done);

	g_assert_false(done);
	return told;
}

static inline QueueRow *
queue_row(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_queue(desk->store, true, &error);

	g_assert_no_error(error);
	/* The contracts' duties are tickets, too. */
	for (guint i = 0; i < rows->len; i++) {
		if (((QueueRow *)rows->pdata[i])->number == 1)
			return g_ptr_array_steal_index(rows, i);
	}
	g_assert_not_reached();
}

/* What the queue shows to be next, and when. */
static inline void
assert_next(Desk *desk, const char *what, const char *when)
{
	g_autoptr(QueueRow) row = queue_row(desk);
	g_autofree char *shown = instant_format(row->awaits_at);
	g_autofree char *wanted = instant_format(at(when));

	g_assert_cmpstr(row->awaits, ==, what);
	g_assert_cmpstr(shown, ==, wanted);
}

/* An open ticket is looked at again. */
static inline void
assert_wakes(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) due = store_due(desk->store, G_MAXINT64, 1000,
	    &error);
	bool found = false;

	g_assert_no_error(error);
	for (guint i = 0; i < due->len; i++)
		found = found || g_array_index(due, gint64, i) == 1;
	g_assert_true(found);
}

static inline void
assert_state(Desk *desk, TicketState state)
{
	g_autoptr(Ticket) ticket = desk_ticket(desk, 1);

	g_assert_cmpint(ticket->state, ==, state);
}

/* How many alarms were written whose subject is of that reason. */
static inline void
assert_told(Desk *desk, const char *reason, guint count)
{
	static const char *const words[][2] = {
		{ "answer-due", "Sans réponse" },
		{ "news-soon", "Nouvelles promises" },
		{ "news-missed", "PROMESSE NON TENUE" },
		{ "no-word", "Le client ne répond pas" },
		{ "third-party", "Un tiers est attendu" },
		{ "later", "À reprendre" },
		{ "review", "Sans nouvelles" },
	};
	g_autoptr(GPtrArray) rows = desk_sent(desk, "alarm", NULL);
	guint found = 0;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		for (gsize k = 0; k < G_N_ELEMENTS(words); k++)
			found += row->ticket == 1 &&
			    strcmp(words[k][0], reason) == 0 &&
			    strstr(row->subject, words[k][1]) != NULL;
	}
	g_assert_cmpuint(found, ==, count);
}

/* What waits in the outbox was taken by a server. */
static inline void
all_sent(Desk *desk)
{
	static const OutboxState states[] = { OUTBOX_SENDING, OUTBOX_DOT,
		OUTBOX_SENT };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = desk_sent(desk, NULL, NULL);
	StoreTx *tx = store_begin(desk->store, &error);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		for (gsize k = 0; strcmp(row->state, "ready") == 0 &&
		     k < G_N_ELEMENTS(states);
		     k++) {
			store_outbox_state(tx, row->id,
			    &(OutboxTurn){ states[k], row->created, 250, "ok",
				row->created },
			    &error);
			g_assert_no_error(error);
		}
	}
	g_assert_true(store_commit(&tx, &error));
}

/* The last of that kind was refused for good. */
static inline void
fail_last(Desk *desk, const char *what, Instant when)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = desk_sent(desk, what, NULL);
	g_autoptr(OutboxRow) row = NULL;
	gint64 id = 0;
	StoreTx *tx;

	for (guint i = 0; i < rows->len; i++)
		id = MAX(id, ((OutboxRow *)rows->pdata[i])->id);
	g_assert_true(store_outbox_row(desk->store, id, &row, &error));
	tx = store_begin(desk->store, &error);
	g_assert_true(intake_send_failed(desk->intake, tx, row, when, &error));
	g_assert_true(store_commit(&tx, &error));
}

#endif
