/* threads-fixture: mails that name each other, and the tickets that they are on. */
#ifndef GUICHET_TESTS_THREADS_FIXTURE_H
#define GUICHET_TESTS_THREADS_FIXTURE_H

#include "intake-fixture.h"

#define KARIM "karim.benali@acier-vosges.example"
#define HOURS 7200 /* between two: no brake on one subject */

static inline char *
mail_of(const char *from, const char *id, const char *fields,
    const char *subject, const char *text)
{
	return g_strdup_printf(
	    "Return-Path: <%s>\n"
	    "Delivered-To: help@desk.example\n" BORDER("pass",
		"acier-vosges.example") "From: <%s>\n"
					"To: help@desk.example\nMessage-ID: <%s>\n"
					"Date: Fri, 20 Nov 2026 17:00:00 +0100\n"
					"Subject: %s\n%s%s%s\n",
	    from, from, id, subject, fields,
	    strstr(fields, "\n\n") != NULL ? "" : "\n", text);
}

static inline gint64
ticket_of(Desk *desk, gint64 mail)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoredMail) stored = NULL;

	store_mail(desk->store, mail, &stored, &error);
	g_assert_no_error(error);
	return stored->ticket;
}

static inline bool
names(Desk *desk, gint64 ticket, gint64 other)
{
	g_autoptr(GError) error = NULL;
	bool is = false;

	store_is_linked(desk->store, ticket, other, &is, &error);
	g_assert_no_error(error);
	return is;
}

/* What is read again, as the desk would. */
static inline void
read_again(Desk *desk, Instant at)
{
	while (intake_reads_again(desk->intake)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) mails = store_unread_mails(desk->store,
		    100, &error);
		g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

		g_assert_no_error(error);
		g_assert_cmpuint(mails->len, >, 0);
		for (guint i = 0; i < mails->len; i++) {
			const StoredMail *mail = mails->pdata[i];
			g_autoptr(GBytes) raw = NULL;
			g_autoptr(Message) message = NULL;

			g_assert_true(
			    store_raw(desk->store, mail->id, &raw, &error));
			message = message_parse(g_bytes_get_data(raw, NULL),
			    g_bytes_get_size(raw), false);
			g_assert_true(intake_one(desk->intake, tx, mail,
			    message, at + 61, &error));
		}
		g_assert_true(store_commit(&tx, &error));
	}
}

/* All that stands in the outbox is on its way. */
static inline void
leave(Desk *desk, Instant at)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_outbox_list(desk->store, false,
	    &error);
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (outbox_state_is(row->state, OUTBOX_READY))
			g_assert_true(store_outbox_state(tx, row->id,
			    &(OutboxTurn){ OUTBOX_SENDING, at, 0, "", at },
			    &error));
	}
	g_assert_true(store_commit(&tx, &error));
}

/* The ticket that it is on now. */
static inline gint64
lives_on(Desk *desk, gint64 number)
{
	g_autoptr(Ticket) ticket = desk_ticket(desk, number);

	g_assert_nonnull(ticket);
	return ticket->merged_into != 0 ? lives_on(desk, ticket->merged_into)
					: number;
}

#endif
