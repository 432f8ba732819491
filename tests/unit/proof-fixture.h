/* proof-fixture: mails of a client and of a technician under each stamp. */
#ifndef GUICHET_TESTS_PROOF_FIXTURE_H
#define GUICHET_TESTS_PROOF_FIXTURE_H

#include "intake-fixture.h"

#include "guichet/rounds/tick.h"

#define NO_STAMP        ""
#define PASS_OF(domain) BORDER("pass", domain)
#define FAIL_OF(domain) BORDER("fail", domain)
#define ACIER           "acier-vosges.example"

typedef enum {
	STAMP_NONE,
	STAMP_FAIL,
	STAMP_PASS,
	STAMPS
} Stamp;

static const char *const jeanne_stamps[] = { NO_STAMP, FAIL_OF(ACIER),
	PASS_OF(ACIER) };
static const char *const anne_stamps[] = { NO_STAMP, FAIL_OF("desk.example"),
	PASS_OF("desk.example") };

static inline char *
from_jeanne(Stamp stamp, const char *id, const char *subject, const char *more)
{
	return g_strdup_printf("Return-Path: <" JEANNE ">\n%sFrom: <" JEANNE
			       ">\nTo: help@desk.example\n"
			       "Date: Fri, 20 Nov 2026 16:59:00 +0100\n"
			       "Subject: %s\nMessage-ID: <%s@acier.test>\n%s\n"
			       "La production ne tourne plus.\n",
	    jeanne_stamps[stamp], subject, id, more);
}

static inline char *
from_anne(Stamp stamp, const char *to, const char *id, const char *date,
    const char *words)
{
	return g_strdup_printf("%sFrom: <" ANNE ">\nTo: <%s>\nSubject: Re\n"
			       "Date: %s\n%s%s%s\n%s",
	    anne_stamps[stamp], to, date, *id == '\0' ? "" : "Message-ID: <",
	    id, *id == '\0' ? "" : "@desk.test>\n", words);
}

#define A_DATE "Fri, 20 Nov 2026 17:00:00 +0100"

static inline gint64
deliver(Desk *desk, char *take_mail, Instant at)
{
	gint64 id = desk_deliver(desk, take_mail, at);

	g_free(take_mail);
	return id;
}

static inline guint
replies(Desk *desk)
{
	return desk_count(desk, "reply", NULL) +
	    desk_count(desk, "resolution", NULL);
}

static inline gint64
tickets(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	gint64 last = 0;

	store_last_ticket(desk->store, &last, &error);
	g_assert_no_error(error);
	return last;
}

static inline gint64
ticket_of(Desk *desk, gint64 mail)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoredMail) row = NULL;

	store_mail(desk->store, mail, &row, &error);
	g_assert_no_error(error);
	return row->ticket;
}

/* An event of the ticket that a mail caused, or NULL; borrowed of `events`. */
static const Event *
event_of_mail(const GPtrArray *events, EventType type, gint64 mail)
{
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		if (event->type == type && event->mail == mail)
			return event;
	}
	return NULL;
}

static inline char *
said_of(Desk *desk, gint64 mail)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store,
	    ticket_of(desk, mail), &error);
	const Event *said;

	g_assert_no_error(error);
	said = event_of_mail(events, EVENT_MESSAGE, mail);
	return said == NULL
	    ? g_strdup("nothing")
	    : g_strdup_printf("%s %s %s", event_text(said, "visibility"),
		  event_text(said, "author"), event_text(said, "verified"));
}

static inline void
tick(Desk *desk, Instant now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	tick_due(desk->intake, tx, now, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

#endif
