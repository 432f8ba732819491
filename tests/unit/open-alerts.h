/*
 * open-alerts: tickets as alerts leave them open, each with the mail that
 * opened it, made faster than by taking the mails in.
 */
#ifndef GUICHET_TESTS_OPEN_ALERTS_H
#define GUICHET_TESTS_OPEN_ALERTS_H

#include "guichet/store/store.h"
#include "guichet/store/store_alert.h"

#include <string.h>

#define OPEN_ALERTS_T0     1795190400 /* 2026-11-20T16:00:00Z */
#define OPEN_ALERTS_TO     "help+k3v9q2w8x7t5m4n6p1rz@desk.example"
#define OPEN_ALERTS_SOURCE "supervision"
#define OPEN_ALERTS_WAKE   (OPEN_ALERTS_T0 + 86400 * 365)

static inline char *
open_alerts_host(int number)
{
	return g_strdup_printf("h%d.brasserie-lambic", number);
}

/* Nagios on the load of a host; `serial` makes the mail its own. */
static inline char *
open_alerts_mail(int serial, const char *from, const char *to, const char *host,
    const char *type, const char *state)
{
	return g_strdup_printf("Delivered-To: %s\n"
			       "Message-ID: <cost.%d@supervision.example>\n"
			       "From: %s\n"
			       "To: %s\n"
			       "Subject: ** %s Service Alert: %s/load is %s "
			       "**\n\n"
			       "***** Nagios *****\n\n"
			       "Notification Type: %s\n\n"
			       "Service: load\nHost: %s\nState: %s\n",
	    to, serial, from, to, type, host, state, type, host, state);
}

/* A mail of that text, raw in the store. */
static inline Message *
open_alerts_deliver(StoreTx *tx, int serial, const char *text, Instant at,
    gint64 *ret_id, GError **error)
{
	g_autofree char *name = g_strdup_printf("%d", serial);
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	StoredMail row = { .mailbox = (char *)"support",
		.name = name,
		.received = at,
		.trusted = at,
		.size = (gint64)strlen(text),
		.behind = true };
	bool known;

	if (!store_add_mail(tx, &row, raw, ret_id, &known, error))
		return NULL;
	return message_parse((const guint8 *)text, strlen(text), false);
}

/* Most sources are not asked to break a silence: `remind`, few are. */
static inline bool
open_alerts_case(StoreTx *tx, const char *host, bool remind, gint64 mail,
    Instant at, gint64 *ret_ticket, GError **error)
{
	g_autofree char *key = g_strconcat(host, "/load", NULL);
	g_autoptr(AlertCase) one = alert_case_new(OPEN_ALERTS_SOURCE, "nagios",
	    key);
	g_autofree char *whole = alert_case_ticket_key(one);
	g_autoptr(Event) open = event_stored(EVENT_OPENED, 0, at, "mail", mail);
	g_autoptr(Event) alert = NULL;

	event_set(open, "kind", "incident");
	event_set_int(open, "severity", 3);
	event_set(open, "source", "alert");
	if (!store_append(tx, open, error))
		return false;
	alert = event_stored(EVENT_ALERT, open->ticket, at, "mail", mail);
	event_set(alert, "key", whole);
	one->ticket = *ret_ticket = open->ticket;
	one->firing = true;
	one->level = ALERT_LEVEL_WARNING;
	one->count = 20;
	one->first = one->last = one->turned = one->opened = at;
	one->wake = remind ? OPEN_ALERTS_WAKE : INSTANT_NONE;
	return store_append(tx, alert, error) &&
	    store_put_alert(tx, one, error);
}

static inline bool
open_alerts_add(Store *store, StoreTx *tx, int number, GError **error)
{
	Instant at = OPEN_ALERTS_T0 - 86400;
	g_autofree char *host = open_alerts_host(number);
	g_autofree char *text = open_alerts_mail(-1 - number,
	    "nagios@supervision.example", OPEN_ALERTS_TO, host, "PROBLEM",
	    "WARNING");
	gint64 mail, number_of_ticket;
	g_autoptr(Message) message = open_alerts_deliver(tx, -1 - number, text,
	    at, &mail, error);
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(GPtrArray) clocks = g_ptr_array_new();

	return message != NULL &&
	    open_alerts_case(tx, host, number % 10 == 0, mail, at,
		&number_of_ticket, error) &&
	    store_mail_done(tx,
		&(MailDone){ mail, message, at, number_of_ticket, 0, "alert",
		    "internal", NULL, NULL },
		error) &&
	    store_mail_marked(tx, mail, error) &&
	    store_ticket(store, number_of_ticket, &ticket, error) &&
	    store_project(tx, ticket, clocks,
		&(TicketNext){ .wake = OPEN_ALERTS_WAKE }, error);
}

#endif
