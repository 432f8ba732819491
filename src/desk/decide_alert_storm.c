/* More tickets of one client's alerts, or of one source, than people can read:
 * one parent for the rest. */
#include "alert_judgment_private.h"

#include "guichet/base/cleanup.h"

/* The parent's ticket, the first time, says what has happened. */
static void
open_storm(AlertJudgment *a, AlertCase *storm)
{
	g_autofree char *key = alert_case_ticket_key(storm);
	Judgment *j = a->j;
	EventStamp stamp = judgment_stamp(j, 0);

	storm->count = 1;
	storm->active = 1;
	storm->ticket = ALERT_TICKET_NEW;
	storm->firing = true;
	storm->opened = storm->turned = j->sit->received;
	alert_judgment_open_ticket(a);
	a->event = judgment_write(j, event_make_news(&stamp, NEWS_STORM));
	event_set(a->event, "key", key);
	event_set_int(a->event, "count", 1);
	judgment_message(j, 0, AUTHOR_ALERT, false, true, NULL);
	judgment_tag(j, 0, "storm");
	judgment_note(j, 0, NOTE_STORM);
	alert_judgment_notify(j, 0, REASON_ALERT_STORM);
}

static void
count_in_storm(AlertJudgment *a, AlertCase *storm)
{
	gint64 ticket = a->facts->storm_ticket->number;
	EventStamp stamp = judgment_stamp(a->j, ticket);
	Event *event;

	storm->count++;
	storm->last = a->j->sit->received;
	if (!alert_case_is_told(storm->count)) {
		alert_judgment_keep(a->j, ticket);
		return;
	}
	event = judgment_write(a->j, event_make_news(&stamp, NEWS_STORM));
	event_set_int(event, "count", storm->count);
	event_set_int(event, "active", storm->active);
	judgment_message(a->j, ticket, AUTHOR_ALERT, false, true, NULL);
}

static AlertCase *
next_storm(AlertJudgment *a)
{
	AlertCase *storm = a->facts->storm != NULL
	    ? alert_case_copy(a->facts->storm)
	    : alert_case_new(a->facts->source, ALERT_SYSTEM_STORM,
		  a->facts->is_client_storm ? a->facts->target.contract : "");

	storm->last = a->j->sit->received;
	storm->mail = a->j->sit->mail;
	storm->wake = a->facts->silent_after > 0
	    ? a->j->sit->now + a->facts->silent_after
	    : INSTANT_NONE;
	a->j->decision->storm = storm;
	return storm;
}

bool
alert_judgment_is_in_storm(const AlertJudgment *a)
{
	return alert_judgment_is_open(a->facts->storm_ticket) &&
	    a->facts->known != NULL &&
	    a->facts->known->ticket == a->facts->storm_ticket->number;
}

void
alert_judgment_join_storm(AlertJudgment *a)
{
	AlertCase *storm = next_storm(a);

	if (a->facts->is_client_storm)
		judgment_trace(a->j, "storm",
		    "%d tickets of this client's alerts: one parent for the "
		    "rest",
		    a->facts->client_openings);
	else
		judgment_trace(a->j, "storm",
		    "%d tickets of this source within the hour: one parent "
		    "for the rest",
		    a->facts->openings);
	if (!alert_judgment_is_open(a->facts->storm_ticket)) {
		a->next->ticket = ALERT_TICKET_NEW;
		open_storm(a, storm);
		return;
	}
	a->next->ticket = a->facts->storm_ticket->number;
	storm->active++;
	count_in_storm(a, storm);
}

void
alert_judgment_go_on_in_storm(AlertJudgment *a, bool firing)
{
	AlertCase *storm = next_storm(a);
	const AlertCase *known = a->facts->known;

	if (known->firing != firing) {
		storm->active += firing ? 1 : -1;
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	a->next->firing = firing;
	count_in_storm(a, storm);
	if (storm->active > 0)
		return;
	judgment_trace(a->j, "state", "nothing of the storm is left");
	storm->firing = false;
	storm->wake = INSTANT_NONE;
	alert_judgment_set_state(a->j, a->facts->storm_ticket->number,
	    TICKET_RESOLVED);
	alert_judgment_notify(a->j, a->facts->storm_ticket->number,
	    REASON_ALERT_RECOVERED);
}
