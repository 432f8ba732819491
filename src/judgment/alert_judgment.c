/* What the client is told of an alert: one rule for all who judge alerts. */
#include "guichet/judgment/alert_judgment.h"

#include "guichet/ticket/event_make.h"

#include <string.h>

bool
alert_judgment_is_open(const Ticket *ticket)
{
	return ticket != NULL && !ticket_state_is_done(ticket->state);
}

/* Why the client is not informed; HELD_COUNT if they are. */
static HeldReason
no_information(AlertJudgment *a, const GPtrArray *contacts,
    const AlertTold *told)
{
	const Situation *sit = a->j->sit;

	if (contacts->len == 0)
		return HELD_NO_RECIPIENT;
	if (sit->now - sit->received > sit->policy->acknowledge_within)
		return HELD_OLD;
	return told->budget ? HELD_COUNT : HELD_BUDGET;
}

static bool
is_news(const AlertTold *told, EventInformed news)
{
	return news == INFORMED_OPENED ? !told->began
				       : told->began && !told->over;
}

static Event *
event_on(AlertJudgment *a, const AlertAffair *affair)
{
	EventStamp stamp = judgment_stamp(a->j, affair->number);

	if (a->event == NULL || a->event->ticket != affair->number)
		a->event = judgment_write(a->j,
		    event_make_news(&stamp, NEWS_INFORMED));
	return a->event;
}

bool
alert_judgment_is_unknown(const AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	if (facts->alert != NULL)
		return alert_is_unknown(facts->alert);
	return facts->known != NULL &&
	    strcmp(facts->known->system, ALERT_SYSTEM_UNKNOWN) == 0;
}

void
alert_judgment_inform(AlertJudgment *a, const AlertAffair *affair,
    EventInformed news)
{
	Judgment *j = a->j;
	const GPtrArray *contacts;
	HeldReason why;

	if (affair->contract == NULL)
		return;
	if (alert_judgment_is_unknown(a)) {
		judgment_trace(j, "answer",
		    "the client is not informed: what it says is unknown");
		return;
	}
	if (news == INFORMED_OPENED &&
	    contract_life(affair->contract, j->sit->received, NULL) !=
		CONTRACT_IN_FORCE) {
		judgment_trace(j, "answer",
		    "the client is not informed: the contract promises "
		    "nothing");
		return;
	}
	contacts = ticket_view_alert_contacts(affair->contract,
	    j->sit->ruleset);
	if (contacts == NULL || !is_news(affair->told, news)) {
		judgment_trace(j, "answer", "the client is not informed: %s",
		    contacts != NULL ? "they know, or know of nothing"
				     : "their contract does not ask");
		return;
	}
	why = no_information(a, contacts, affair->told);
	if (why != HELD_COUNT) {
		judgment_held(j, affair->number, SEND_INFORMATION, why);
		judgment_trace(j, "answer", "the client is not informed: %s",
		    event_held_name(why));
		return;
	}
	event_set(event_on(a, affair), "informed", event_informed_name(news));
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = contacts->pdata[i];
		Effect *effect = judgment_send(j, SEND_INFORMATION,
		    affair->number);

		effect->to = g_strdup(contact->address);
		effect->informed = news;
	}
	judgment_trace(j, "answer", "the client is informed: %s",
	    event_informed_name(news));
}
