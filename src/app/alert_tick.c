/* What time alone brings about alerts. */
#include "intake-private.h"

#include "guichet/alert_map.h"
#include "guichet/alert_origin.h"
#include "guichet/store_alert.h"

#include <string.h>

#define BATCH 200

typedef struct {
	Intake *in;
	StoreTx *tx;
	AlertCase *one;
	Ticket *ticket; /* NULL: none, or done */
	Instant now;
} Turn;

static const AlertOrigin *
origin_of(const Intake *in, const char *source)
{
	const GPtrArray *all = in->conf->alert_origins;

	for (guint i = 0; i < all->len; i++) {
		const AlertOrigin *origin = all->pdata[i];

		if (strcmp(origin->name, source) == 0)
			return origin;
	}
	return NULL;
}

static bool
append(Turn *t, EventType type, const char *key, const char *value,
    GError **error)
{
	g_autoptr(Event) event = event_new(type, t->ticket->number, t->now,
	    "tick", 0);

	event_set(event, key, value);
	if (type == EVENT_STATE)
		event_set(event, "by", "alert");
	return store_append(t->tx, event, error);
}

static bool
tell(Turn *t, const char *reason, GError **error)
{
	Effect notice = {
		.kind = EFFECT_SEND,
		.send = SEND_NOTICE,
		.ticket = t->ticket->number,
		.reason = (char *)reason,
	};

	return docket_project(t->in, t->tx, t->ticket->number, "tick", t->now,
		   error) &&
	    answer_effect(t->in, t->tx, &notice, NULL, t->now, error);
}

/* No news of what fires: smartd says nothing when a disk is replaced, and a
 * flapping check's recovery may never be sent. */
static bool
remind(Turn *t, GError **error)
{
	const AlertOrigin *origin = origin_of(t->in, t->one->source);

	t->one->wake = INSTANT_NONE;
	if (t->ticket == NULL || origin == NULL || origin->silent_after == 0)
		return true;
	t->one->wake = t->now + origin->silent_after;
	return append(t, EVENT_ALERT, "type", "silent", error) &&
	    tell(t, "alert-silent", error);
}

/* Long enough without a turn: what flapped has recovered. */
static bool
end_flapping(Turn *t, GError **error)
{
	const Plan *plan;
	bool check;

	t->one->flapping = false;
	t->one->wake = INSTANT_NONE;
	if (t->ticket == NULL)
		return true;
	plan = ruleset_plan(t->in->ruleset, t->ticket->plan);
	check = plan != NULL &&
	    (plan->confirm_recoveries & 1u << t->ticket->severity) != 0;
	if (!append(t, EVENT_TAG, "remove", "flapping", error))
		return false;
	if (check)
		return append(t, EVENT_TAG, "add", "recovered", error) &&
		    tell(t, "alert-unconfirmed", error);
	return append(t, EVENT_STATE, "state",
		   ticket_state_name(TICKET_RESOLVED), error) &&
	    tell(t, "alert-recovered", error);
}

/* ---- the end of maintenance ---- */

static bool
open_silenced(Turn *t, GError **error)
{
	const AlertCase *one = t->one;
	const Contract *contract = *one->contract != '\0'
	    ? ruleset_contract(t->in->ruleset, one->contract)
	    : NULL;
	const AlertMap *map = ruleset_alert_map(t->in->ruleset);
	const AlertHost *line = alert_map_host(map, one->source, one->host,
	    one->service);
	int severity = alert_map_severity(map, line, one->level);
	g_autofree char *key = alert_case_ticket_key(one);
	g_autoptr(Event) event = event_new(EVENT_OPENED, 0, t->now, "tick",
	    one->mail);
	g_autoptr(Event) alert = NULL;
	Terms terms;
	bool has_terms = contract != NULL &&
	    ruleset_terms(t->in->ruleset, contract, t->now, &terms);

	if (has_terms &&
	    (severity == 0 || (terms.plan->severities & 1u << severity) == 0))
		severity = terms.plan->default_severity;
	event_set(event, "kind", kind_name(KIND_INCIDENT));
	event_set_int(event, "severity", severity);
	event_set(event, "component",
	    line != NULL && line->component != NULL ? line->component : "");
	event_set(event, "contract", contract != NULL ? contract->name : "");
	event_set(event, "plan", has_terms ? terms.plan->name : "");
	event_set(event, "rules", ruleset_hash(t->in->ruleset));
	event_set(event, "source", "alert");
	if (!store_append(t->tx, event, error) ||
	    !store_mail_assign(t->tx, one->mail, event->ticket, "", "alert",
		"internal", error))
		return false;
	alert = event_new(EVENT_ALERT, event->ticket, t->now, "tick",
	    one->mail);
	event_set(alert, "key", key);
	event_set(alert, "type", "maintenance-over");
	event_set(alert, "host", one->host);
	event_set(alert, "service", one->service);
	if (!store_append(t->tx, alert, error))
		return false;
	t->one->ticket = event->ticket;
	return store_ticket(t->in->store, event->ticket, &t->ticket, error);
}

static bool
end_silence(Turn *t, GError **error)
{
	const AlertOrigin *origin = origin_of(t->in, t->one->source);

	t->one->silenced = false;
	t->one->wake = origin != NULL && origin->silent_after > 0
	    ? t->now + origin->silent_after
	    : INSTANT_NONE;
	t->one->opened = t->now;
	return open_silenced(t, error) &&
	    store_alert_changed(t->tx, t->one, t->now, error) &&
	    tell(t, "alert-opened", error);
}

/* Another maintenance may have begun before the first was over. */
static bool
is_still_silent(Turn *t, Instant *ret_until, GError **error)
{
	const AlertCase *one = t->one;
	g_autoptr(GPtrArray) planned = store_maintenance(t->in->store, t->now,
	    error);

	if (planned == NULL)
		return false;
	*ret_until = alert_map_quiet_until(ruleset_alert_map(t->in->ruleset),
	    one->host, one->service, t->now);
	for (guint i = 0; i < planned->len; i++) {
		const Maintenance *m = planned->pdata[i];

		if (t->now >= m->from && alert_glob_fits(m->host, one->host) &&
		    alert_glob_fits(*m->service != '\0' ? m->service : NULL,
			one->service) &&
		    (*ret_until == INSTANT_NONE || m->to > *ret_until))
			*ret_until = m->to;
	}
	return true;
}

/* ---- all ---- */

static bool
take_turn(Turn *t, GError **error)
{
	Instant until = INSTANT_NONE;

	if (t->one->firing && t->one->silenced && t->ticket == NULL) {
		if (!is_still_silent(t, &until, error))
			return false;
		if (until == INSTANT_NONE)
			return end_silence(t, error);
		t->one->wake = until;
		return true;
	}
	if (t->one->flapping && !t->one->firing)
		return end_flapping(t, error);
	if (t->one->firing)
		return remind(t, error);
	t->one->wake = INSTANT_NONE;
	return true;
}

static bool
tick_one(Intake *in, StoreTx *tx, AlertCase *one, Instant now, GError **error)
{
	Turn t = { in, tx, one, NULL, now };
	g_autoptr(Ticket) ticket = NULL;
	bool done;

	if (strcmp(one->system, ALERT_SYSTEM_EXPECTED) == 0)
		return expected_tick(in, tx, one, now, error);
	if (one->ticket != 0 &&
	    !store_ticket(in->store, one->ticket, &ticket, error))
		return false;
	if (ticket != NULL && !ticket_state_is_done(ticket->state))
		t.ticket = ticket;
	done = take_turn(&t, error) && store_put_alert(tx, one, error);
	if (t.ticket != ticket)
		ticket_free(t.ticket);
	return done;
}

bool
alert_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) due = store_alerts_due(in->store, now, BATCH,
	    error);

	if (due == NULL)
		return false;
	for (guint i = 0; i < due->len; i++) {
		if (!tick_one(in, tx, due->pdata[i], now, error))
			return false;
	}
	return true;
}
