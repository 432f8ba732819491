/* One maker a kind of event. */
#include "guichet/ticket/event_make.h"

#include "event_private.h"

static Event *
make(const EventStamp *stamp, EventType type)
{
	Event *event = event_new(type, stamp->ticket, stamp->at, stamp->actor,
	    stamp->mail);

	event->recorded = stamp->recorded;
	if (stamp->technician != NULL) {
		g_free(event->actor);
		event->actor = g_strdup_printf("technician:%s",
		    stamp->technician);
	}
	return event;
}

static Event *
make_text(const EventStamp *stamp, EventType type, const char *key,
    const char *value)
{
	return event_set(make(stamp, type), key, value);
}

static Event *
make_number(const EventStamp *stamp, EventType type, const char *key,
    gint64 value)
{
	return event_set_int(make(stamp, type), key, value);
}

Event *
event_make_opened(const EventStamp *stamp, const EventOpening *opening)
{
	const Facts *facts = opening->facts;
	Event *event = make(stamp, EVENT_OPENED);

	event_set(event, "kind",
	    ticket_kind_name(facts != NULL ? facts->kind : opening->kind));
	event_set(event, "scope",
	    facts != NULL ? facts->scope : opening->scope);
	if (facts != NULL) {
		event_set_int(event, "severity", facts->severity);
		event_set(event, "component", facts->component);
	}
	event_set(event, "proposes", opening->proposes);
	event_set(event, "contract", opening->contract);
	event_set(event, "plan", opening->plan);
	event_set(event, "rules", opening->rules);
	event_set(event, "mailbox", opening->mailbox);
	event_set(event, "source", event_source_name(opening->source));
	return event_set(event, "unsure", opening->unsure ? "yes" : NULL);
}

Event *
event_make_message(const EventStamp *stamp, EventAuthor author,
    EventVisibility visibility, bool verified, const char *defect)
{
	Event *event = make_text(stamp, EVENT_MESSAGE, "author",
	    event_author_name(author));

	event_set(event, "visibility", event_visibility_name(visibility));
	event_set(event, "verified", verified ? "yes" : "no");
	return event_set(event, "defect", defect);
}

Event *
event_make_state(const EventStamp *stamp, TicketState state, EventMover by)
{
	Event *event = make_text(stamp, EVENT_STATE, "state",
	    ticket_state_name(state));

	return event_set(event, "by", event_mover_name(by));
}

Event *
event_make_reopened(const EventStamp *stamp, EventMover by, const char *rules)
{
	Event *event = event_make_state(stamp, TICKET_OPEN, by);

	event_set(event, "anew", milestone_name(MILESTONE_RESPONSE));
	return event_set(event, "rules", rules);
}

Event *
event_make_severity(const EventStamp *stamp, int severity, Instant from)
{
	Event *event = make_number(stamp, EVENT_SEVERITY, "severity", severity);

	return from != INSTANT_NONE ? event_set_int(event, "became", from)
				    : event;
}

Event *
event_make_kind(const EventStamp *stamp, TicketKind kind)
{
	return make_text(stamp, EVENT_KIND, "kind", ticket_kind_name(kind));
}

Event *
event_make_component(const EventStamp *stamp, const char *component)
{
	return make_text(stamp, EVENT_COMPONENT, "component", component);
}

Event *
event_make_contract(const EventStamp *stamp, const char *contract,
    const char *plan, const char *rules, const char *mandate)
{
	Event *event = make_text(stamp, EVENT_CONTRACT, "contract", contract);

	event_set(event, "plan", plan);
	event_set(event, "rules", rules);
	return event_set(event, "mandate", mandate);
}

Event *
event_make_assigned(const EventStamp *stamp, const char *who)
{
	return make_text(stamp, EVENT_ASSIGNED, "who", who);
}

Event *
event_make_tagged(const EventStamp *stamp, const char *tag)
{
	return make_text(stamp, EVENT_TAG, "add", tag);
}

Event *
event_make_untagged(const EventStamp *stamp, const char *tag)
{
	return make_text(stamp, EVENT_TAG, "remove", tag);
}

Event *
event_make_met(const EventStamp *stamp, Milestone milestone)
{
	return make_text(stamp, EVENT_MET, "milestone",
	    milestone_name(milestone));
}

Event *
event_make_excluded(const EventStamp *stamp, ExclusionReason reason)
{
	return make_text(stamp, EVENT_EXCLUDED, "reason",
	    event_exclusion_name(reason));
}

Event *
event_make_objected(const EventStamp *stamp, const char *component)
{
	Event *event = make_text(stamp, EVENT_EXCLUDED, "objected", "yes");

	return *component != '\0' ? event_set(event, "proposes", component)
				  : event;
}

Event *
event_make_time(const EventStamp *stamp, int minutes, const char *who)
{
	Event *event = make_number(stamp, EVENT_TIME, "minutes", minutes);

	return event_set(event, "who", who);
}

Event *
event_make_estimate(const EventStamp *stamp, int minutes, bool asks)
{
	Event *event = make_number(stamp, EVENT_ESTIMATE, "minutes", minutes);

	return event_set(event, "asks", asks ? "yes" : NULL);
}

Event *
event_make_approval(const EventStamp *stamp, EventApproval says,
    EventApprovedBy by)
{
	Event *event = make_text(stamp, EVENT_APPROVAL, "says",
	    event_approval_name(says));

	return event_set(event, "by", event_approved_by_name(by));
}

Event *
event_make_rpo(const EventStamp *stamp, int minutes)
{
	return make_number(stamp, EVENT_RPO, "minutes", minutes);
}

Event *
event_make_debrief(const EventStamp *stamp)
{
	return make(stamp, EVENT_DEBRIEF);
}

Event *
event_make_call(const EventStamp *stamp)
{
	return make(stamp, EVENT_CALL);
}

Event *
event_make_life(const EventStamp *stamp, const Contract *contract,
    ContractLife life)
{
	Event *event = make_text(stamp, EVENT_LIFE, "life",
	    contract_life_name(life));

	return event_set(event, "contract", contract->name);
}

Event *
event_make_answered(const EventStamp *stamp, EventAnswer how)
{
	return make_text(stamp, EVENT_ANSWERED, "how", event_answer_name(how));
}

Event *
event_make_next(const EventStamp *stamp, Instant due)
{
	return make_number(stamp, EVENT_NEXT, "due", due);
}

Event *
event_make_next_carried(const EventStamp *stamp, Instant due, gint64 from)
{
	Event *event = event_make_next(stamp, due);

	event_set_int(event, "from", from);
	return event;
}

Event *
event_make_later(const EventStamp *stamp, Instant until)
{
	return make_number(stamp, EVENT_LATER, "until", until);
}

Event *
event_make_minded(const EventStamp *stamp, EventMind what)
{
	return make_text(stamp, EVENT_MINDED, "what", event_mind_name(what));
}

Event *
event_asks_nothing(Event *message)
{
	return event_set(message, "asks", "no");
}

Event *
event_owes_response(Event *severity)
{
	return event_set(severity, "anew", milestone_name(MILESTONE_RESPONSE));
}

Event *
event_make_linked(const EventStamp *stamp, gint64 other, const char *why)
{
	Event *event = make_number(stamp, EVENT_LINKED, "ticket", other);

	return event_set(event, "why", why);
}

Event *
event_make_continued(const EventStamp *stamp, gint64 other)
{
	return event_set(event_make_linked(stamp, other, "continued"),
	    "continued", "yes");
}

Event *
event_make_merged_into(const EventStamp *stamp, gint64 other)
{
	return make_number(stamp, EVENT_MERGED, "into", other);
}

Event *
event_make_merged_from(const EventStamp *stamp, gint64 other, Instant asked)
{
	Event *event = make_number(stamp, EVENT_MERGED, "from", other);

	return asked != INSTANT_NONE ? event_set_int(event, "asked", asked)
				     : event;
}

Event *
event_make_carried(const EventStamp *stamp, gint64 other, const SlaClock *clock,
    const Facts *facts)
{
	Event *event = make_text(stamp, EVENT_CARRIED, "milestone",
	    milestone_name(clock->milestone));

	event_set_int(event, "ticket", other);
	event_set_int(event, "received", clock->received);
	event_set_int(event, "due", clock->due);
	event_set(event, "kind", ticket_kind_name(facts->kind));
	event_set_int(event, "severity", facts->severity);
	event_set(event, "scope", facts->scope);
	return event_set(event, "component", facts->component);
}

Event *
event_make_told_terms(const EventStamp *stamp, const EventTelling *telling)
{
	Event *event = make_text(stamp, EVENT_TOLD, "terms",
	    send_kind_name(telling->answer));

	event_set_int(event, "outbox", telling->outbox);
	event_set(event, "contract", telling->contract);
	event_set(event, "plan", telling->plan);
	event_set(event, "kind", ticket_kind_name(telling->kind));
	event_set_int(event, "severity", telling->severity);
	if (*telling->excluded != '\0')
		event_set(event, "excluded", telling->excluded);
	return event_set(event, "automatic", telling->automatic ? "yes" : NULL);
}

Event *
event_make_told(const EventStamp *stamp, const SlaClock *clock)
{
	Event *event = make_text(stamp, EVENT_TOLD, "milestone",
	    milestone_name(clock->milestone));

	if (clock->due != INSTANT_NONE) {
		event_set_int(event, "due", clock->due);
		event_set_int(event, "intake", clock->intake);
	}
	return event_set(event, "commitment",
	    commitment_name(clock->commitment));
}

Event *
event_make_told_missed(const EventStamp *stamp, SendKind answer, gint64 outbox,
    const SlaClock *clock)
{
	Event *event = make_text(stamp, EVENT_TOLD, "missed",
	    milestone_name(clock->milestone));

	event_set(event, "by", send_kind_name(answer));
	if (outbox != 0)
		event_set_int(event, "outbox", outbox);
	event_set_int(event, "due", clock->due);
	if (clock->met != INSTANT_NONE)
		event_set_int(event, "met", clock->met);
	return event_set(event, "commitment",
	    commitment_name(clock->commitment));
}

Event *
event_make_warned(const EventStamp *stamp, Milestone milestone, int share)
{
	Event *event = make_text(stamp, EVENT_WARNED, "milestone",
	    milestone_name(milestone));

	return event_set_int(event, "share", share);
}

Event *
event_make_reminded(const EventStamp *stamp, int count)
{
	return make_number(stamp, EVENT_REMINDED, "count", count);
}

Event *
event_make_held(const EventStamp *stamp, SendKind what, HeldReason reason)
{
	Event *event = make_text(stamp, EVENT_HELD, "what",
	    send_kind_name(what));

	return event_set(event, "reason", event_held_name(reason));
}

Event *
event_make_undone(const EventStamp *stamp, const Event *of)
{
	Event *event = make_number(stamp, EVENT_UNDONE, "of", of->seq);

	g_assert(of->seq > 0);
	return event_set(event, "what", event_type_name(of->type));
}

Event *
event_make_failed(const EventStamp *stamp, gint64 outbox, const char *what,
    SendOutcome outcome, int code)
{
	Event *event = make_number(stamp, EVENT_SENT, "outbox", outbox);

	event_set(event, "what", what);
	event_set(event, "outcome", send_outcome_name(outcome));
	return event_set_int(event, "code", code);
}

Event *
event_make_alert(const EventStamp *stamp, AlertType type)
{
	return make_text(stamp, EVENT_ALERT, "type", alert_type_name(type));
}

Event *
event_make_news(const EventStamp *stamp, EventNews news)
{
	return make_text(stamp, EVENT_ALERT, "type", event_news_name(news));
}
