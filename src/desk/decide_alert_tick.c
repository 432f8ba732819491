/*
 * What time alone brings about alerts: reminders of what fires and says no
 * more, the end of flapping and of planned maintenance, mails that did not
 * come.
 */
#include "alert_judgment_private.h"

#include "guichet/base/cleanup.h"

#include <string.h>

#define HEARD_WITHIN  3600 /* a mailbox that fails hides an absence so long */
#define LOOK_AGAIN    60
#define MOST_ABSENCES 1000 /* counted after an outage */

/* ---- no news, flapping, maintenance ---- */

static Event *
say(AlertJudgment *a, gint64 ticket, EventNews news)
{
	EventStamp stamp = judgment_stamp(a->j, ticket);

	a->event = judgment_write(a->j, event_make_news(&stamp, news));
	return a->event;
}

/* One of a storm's many, for which its parent speaks. */
static bool
is_in_storm(const AlertJudgment *a)
{
	g_autofree char *key = alert_case_ticket_key(a->facts->known);

	return strcmp(a->facts->ticket->alert_key, key) != 0;
}

/* smartd says nothing when a disk is replaced, and a flapping check's recovery
 * may never be sent. */
static void
remind(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	if (!alert_judgment_is_open(facts->ticket) ||
	    facts->silent_after == 0 || is_in_storm(a))
		return;
	a->next->wake = a->j->sit->now + facts->silent_after;
	say(a, facts->ticket->number, NEWS_SILENT);
	alert_judgment_notify(a->j, facts->ticket->number, REASON_ALERT_SILENT);
}

/* Long enough without a turn: what flapped has recovered. */
static void
end_flapping(AlertJudgment *a)
{
	const Ticket *ticket = a->facts->ticket;

	a->next->flapping = false;
	if (!alert_judgment_is_open(ticket))
		return;
	say(a, ticket->number, NEWS_CALM);
	judgment_untag(a->j, ticket->number, "flapping");
	alert_judgment_close(a, a->facts->view, &a->facts->told);
}

static void
end_silence(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	const Situation *now = a->j->sit;
	Situation then = *now;

	/* Another maintenance may have begun before the first was over. */
	if (facts->silent_until != INSTANT_NONE) {
		a->next->wake = facts->silent_until;
		return;
	}
	a->next->silenced = false;
	a->next->wake = facts->silent_after > 0
	    ? a->j->sit->now + facts->silent_after
	    : INSTANT_NONE;
	judgment_trace(a->j, "maintenance", "over, and it still fires");
	then.received = MIN(facts->known->wake, now->now);
	a->j->sit = &then;
	alert_judgment_open(a);
	a->j->sit = now;
}

static void
take_turn(AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;

	a->next->wake = INSTANT_NONE;
	if (known->firing && known->silenced &&
	    !alert_judgment_is_open(a->facts->ticket))
		end_silence(a);
	else if (known->flapping && !known->firing)
		end_flapping(a);
	else if (known->firing)
		remind(a);
}

/* ---- a mail that did not come ---- */

/* When it last came; it may have said that it failed, which is no absence
 * while the ticket of that is open. */
static Instant
last_seen(const AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;
	const Ticket *ticket = a->facts->ticket;

	if (!alert_judgment_is_open(ticket) ||
	    *alert_case_awaited(ticket->alert_key) != '\0')
		return known->last;
	return MAX(known->last, known->turned);
}

static bool
is_absent(const AlertJudgment *a, Instant deadline)
{
	Instant last = last_seen(a);

	return last == INSTANT_NONE ||
	    last < deadline - a->facts->awaited->within;
}

/* The deadlines up to `to` without it, and the first of them. */
static gint64
count_absences(const AlertJudgment *a, Instant from, Instant to,
    Instant *ret_first)
{
	gint64 count = 0;

	for (Instant at = from; at != INSTANT_NONE && at <= to;
	     at = alert_expected_next(a->facts->awaited, at)) {
		if (!is_absent(a, at))
			continue;
		if (count++ == 0)
			*ret_first = at;
		if (count == MOST_ABSENCES)
			break;
	}
	return count;
}

static void
open_absence(AlertJudgment *a, gint64 count, Instant first)
{
	g_autofree char *key = alert_case_ticket_key(a->next);
	const Situation *now = a->j->sit;
	Situation then = *now;
	AlertAffair affair;

	/* Since its deadline, whenever that is looked at. */
	then.received = first;
	then.mail = 0;
	a->j->sit = &then;
	a->next->count = count;
	a->next->ticket = ALERT_TICKET_NEW;
	a->next->firing = true;
	a->next->opened = a->next->turned = first;
	alert_judgment_open_ticket(a);
	say(a, 0, NEWS_EXPECTED);
	event_set(a->event, "key", key);
	event_set(a->event, "service", a->next->key);
	event_set_int(a->event, "count", count);
	affair = alert_judgment_new_affair(a, 0);
	alert_judgment_inform(a, &affair, INFORMED_OPENED);
	alert_judgment_notify(a->j, 0, REASON_ALERT_EXPECTED);
	a->j->sit = now;
}

/* One ticket, however many days. */
static void
count_on(AlertJudgment *a, gint64 count)
{
	gint64 ticket = a->facts->ticket->number;

	a->next->count += count;
	a->next->firing = true;
	event_set_int(say(a, ticket, NEWS_EXPECTED), "count", a->next->count);
	if (alert_case_is_told(a->next->count))
		alert_judgment_notify(a->j, ticket, REASON_ALERT_EXPECTED);
}

/*
 * The deadlines since the last look, those that an outage has passed over
 * included. A mail that waits in a mailbox has come: what nobody has looked
 * for yet is not absent.
 */
static void
await(AlertJudgment *a)
{
	const AlertExpected *awaited = a->facts->awaited;
	Instant now = a->j->sit->now;
	Instant from, to, first = INSTANT_NONE;
	gint64 count;

	a->next->wake = INSTANT_NONE;
	if (awaited == NULL) /* no rule asks for it any more */
		return;
	from = alert_expected_last(awaited, a->facts->known->wake);
	to = a->facts->heard != INSTANT_NONE
	    ? alert_expected_last(awaited, MIN(a->facts->heard, now))
	    : INSTANT_NONE;
	if (to < from && now - from > HEARD_WITHIN)
		to = alert_expected_last(awaited, now);
	if (to < from) {
		a->next->wake = now + LOOK_AGAIN;
		return;
	}
	a->next->wake = alert_expected_next(awaited, to);
	count = count_absences(a, from, to, &first);
	if (count > 0 && alert_judgment_is_open(a->facts->ticket))
		count_on(a, count);
	else if (count > 0)
		open_absence(a, count, first);
}

/* ---- all ---- */

Decision *
decide_alert_tick(const Situation *situation)
{
	Judgment j;
	AlertJudgment a = { .j = &j, .facts = situation->alert };

	judgment_begin(&j, situation, "tick");
	a.next = alert_case_copy(a.facts->known);
	j.decision->alert = a.next;
	if (strcmp(a.next->system, ALERT_SYSTEM_EXPECTED) == 0)
		await(&a);
	else
		take_turn(&a);
	return j.decision;
}
