/*
 * Mails that must come ("backup ok" every night by 06:00): one that does not
 * opens a ticket, and closes it when it comes after all.
 */
#include "intake-private.h"

#include "guichet/alert_map.h"
#include "guichet/store_alert.h"

#include <string.h>

static const char *
source_of(const AlertExpected *expected)
{
	return expected->source != NULL ? expected->source : "";
}

static bool
fits(const AlertExpected *expected, const Alert *alert, const Message *message,
    const char *source)
{
	if (expected->source != NULL && strcmp(expected->source, source) != 0)
		return false;
	/* That it failed is no news of its being well. */
	if (alert != NULL && alert->type == ALERT_PROBLEM)
		return false;
	if ((expected->host != NULL || expected->service != NULL) &&
	    (alert == NULL || !alert_glob_fits(expected->host, alert->host) ||
		!alert_glob_fits(expected->service, alert->service)))
		return false;
	return expected->subject == NULL ||
	    pattern_find(expected->subject, message->subject, NULL) ==
	    PATTERN_YES;
}

bool
expected_find(Intake *in, const Alert *alert, const Message *message,
    const char *source, AlertCase **ret_case, Ticket **ret_ticket,
    GError **error)
{
	const AlertMap *map = ruleset_alert_map(in->ruleset);

	for (guint i = 0; i < map->expected->len; i++) {
		const AlertExpected *expected = map->expected->pdata[i];

		if (!fits(expected, alert, message, source))
			continue;
		if (!store_alert(in->store, source_of(expected),
			ALERT_SYSTEM_EXPECTED, expected->name, ret_case, error))
			return false;
		if (*ret_case == NULL)
			*ret_case = alert_case_new(source_of(expected),
			    ALERT_SYSTEM_EXPECTED, expected->name);
		return (*ret_case)->ticket == 0 ||
		    store_ticket(in->store, (*ret_case)->ticket, ret_ticket,
			error);
	}
	return true;
}

bool
expected_arm(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	const AlertMap *map = ruleset_alert_map(in->ruleset);

	for (guint i = 0; i < map->expected->len; i++) {
		const AlertExpected *expected = map->expected->pdata[i];
		g_autoptr(AlertCase) one = NULL;

		if (!store_alert(in->store, source_of(expected),
			ALERT_SYSTEM_EXPECTED, expected->name, &one, error))
			return false;
		if (one != NULL && one->wake != INSTANT_NONE)
			continue;
		if (one == NULL)
			one = alert_case_new(source_of(expected),
			    ALERT_SYSTEM_EXPECTED, expected->name);
		one->wake = alert_expected_next(expected, now);
		if (!store_put_alert(tx, one, error))
			return false;
	}
	return true;
}

/* ---- a deadline ---- */

static char *
absence_subject(const Intake *in, const AlertExpected *expected)
{
	return g_strdup_printf(strcmp(in->conf->language, "fr") == 0
		? "Mail attendu non reçu : %s"
		: "Expected mail has not come: %s",
	    expected->name);
}

static Event *
opening(Intake *in, const AlertExpected *expected, gint64 mail, Instant at,
    Instant now)
{
	Event *event = event_new(EVENT_OPENED, 0, at, "tick", mail);
	const Contract *contract = expected->contract != NULL
	    ? ruleset_contract(in->ruleset, expected->contract)
	    : NULL;
	int severity = expected->severity;
	Terms terms;
	bool has_terms = contract != NULL &&
	    ruleset_terms(in->ruleset, contract, at, &terms);

	if (has_terms &&
	    (severity == 0 || (terms.plan->severities & 1u << severity) == 0))
		severity = terms.plan->default_severity;
	event->recorded = now;
	event_set(event, "kind", kind_name(KIND_INCIDENT));
	event_set_int(event, "severity", severity);
	event_set(event, "contract", contract != NULL ? contract->name : "");
	event_set(event, "plan", has_terms ? terms.plan->name : "");
	event_set(event, "rules", ruleset_hash(in->ruleset));
	event_set(event, "source", "alert");
	return event;
}

static bool
open_absence(Intake *in, StoreTx *tx, const AlertExpected *expected,
    AlertCase *one, Instant now, GError **error)
{
	g_autofree char *subject = absence_subject(in, expected);
	g_autofree char *key = alert_case_ticket_key(one);
	g_autoptr(Event) event = NULL;
	g_autoptr(Event) alert = NULL;
	gint64 mail;
	Effect notice = {
		.kind = EFFECT_SEND,
		.send = SEND_NOTICE,
		.reason = (char *)"alert-expected",
	};

	if (!store_add_words(tx, 0, one->wake, "desk", subject, subject, &mail,
		error))
		return false;
	event = opening(in, expected, mail, one->wake, now);
	if (!store_append(tx, event, error) ||
	    !store_mail_assign(tx, mail, event->ticket, "", "desk", "internal",
		error))
		return false;
	alert = event_new(EVENT_ALERT, event->ticket, one->wake, "tick", mail);
	alert->recorded = now;
	event_set(alert, "key", key);
	event_set(alert, "type", "expected");
	if (!store_append(tx, alert, error) ||
	    !docket_project(in, tx, event->ticket, "tick", now, error))
		return false;
	one->ticket = event->ticket;
	one->firing = true;
	one->opened = one->turned = one->wake;
	notice.ticket = event->ticket;
	return answer_effect(in, tx, &notice, NULL, now, error);
}

bool
expected_tick(Intake *in, StoreTx *tx, AlertCase *one, Instant now,
    GError **error)
{
	const AlertExpected *expected =
	    alert_map_expected(ruleset_alert_map(in->ruleset), one->key);
	g_autoptr(Ticket) ticket = NULL;
	bool absent;

	if (expected == NULL) { /* no rule asks for it any more */
		one->wake = INSTANT_NONE;
		return store_put_alert(tx, one, error);
	}
	absent = one->last == INSTANT_NONE ||
	    one->last < one->wake - expected->within;
	if (one->ticket != 0 &&
	    !store_ticket(in->store, one->ticket, &ticket, error))
		return false;
	if (absent && (ticket == NULL || ticket_state_is_done(ticket->state)) &&
	    !open_absence(in, tx, expected, one, now, error))
		return false;
	/* Deadlines that an outage has passed over are not gone through. */
	one->wake = alert_expected_next(expected, now);
	return store_put_alert(tx, one, error);
}
