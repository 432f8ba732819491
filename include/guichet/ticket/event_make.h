/*
 * event_make: one maker a kind of event, each with the values that the kind
 * has, in their own types. Events are made in the desk alone (tests/lint/doors);
 * who applies them only appends.
 *
 * Strings are borrowed and copied; a NULL one leaves its key out. The caller
 * owns what is returned.
 */
#ifndef GUICHET_EVENT_MAKE_H
#define GUICHET_EVENT_MAKE_H

#include "guichet/alert/alert.h"
#include "guichet/rules/contract.h"
#include "guichet/ticket/event.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"
#include "guichet/ticket/sla.h"

/* What all events have. */
typedef struct {
	gint64 ticket; /* 0: the one that is opened with it */
	Instant at, recorded;
	const char *actor; /* "mail", "rule", "tick", "manager", "desk" */
	const char
	    *technician; /* whose doing it is, in place of `actor`; NULL */
	gint64 mail;     /* that caused it, or 0 */
} EventStamp;

typedef struct {
	TicketKind kind;
	bool unsure;
	/* All it was opened with, kind and scope included; NULL: only what
	 * stands here. */
	const Facts *facts;
	const char *scope, *contract, *plan, *rules, *mailbox;
	const char *proposes; /* a component that words name and the plan
			       * excludes; NULL: none */
	EventSource source;
} EventOpening;

Event *event_make_opened(const EventStamp *stamp, const EventOpening *opening);
/* `defect` is what marks it: a word, or NULL. */
Event *event_make_message(const EventStamp *stamp, EventAuthor author,
    EventVisibility visibility, bool verified, const char *defect);
Event *
event_make_state(const EventStamp *stamp, TicketState state, EventMover by);
/* By a person: the response is owed anew, under `rules` (their hash). Of an alert that is back it is a
 * plain change of state. */
Event *
event_make_reopened(const EventStamp *stamp, EventMover by, const char *rules);
/* `from`: when it became that bad, INSTANT_NONE: it was so all along. */
Event *event_make_severity(const EventStamp *stamp, int severity, Instant from);
Event *event_make_kind(const EventStamp *stamp, TicketKind kind);
Event *event_make_component(const EventStamp *stamp, const char *component);
/* `mandate` as of ticket_mandate(). */
Event *event_make_contract(const EventStamp *stamp, const char *contract,
    const char *plan, const char *rules, const char *mandate);
/* `who` is a technician's name, "" nobody. */
Event *event_make_assigned(const EventStamp *stamp, const char *who);
Event *event_make_tagged(const EventStamp *stamp, const char *tag);
Event *event_make_untagged(const EventStamp *stamp, const char *tag);
Event *event_make_met(const EventStamp *stamp, Milestone milestone);
Event *event_make_excluded(const EventStamp *stamp, ExclusionReason reason);
/* `why` is a link_kind_name(), or a lane's. */
Event *
event_make_linked(const EventStamp *stamp, gint64 other, const char *why);
/* This ticket is past reopening, and its client goes on in the other one. */
Event *event_make_continued(const EventStamp *stamp, gint64 other);
/* This ticket is the other one now. */
Event *event_make_merged_into(const EventStamp *stamp, gint64 other);
/* The other one is this one now; `asked`: of an alert's ticket, when the other's
 * client did; else INSTANT_NONE. */
Event *
event_make_merged_from(const EventStamp *stamp, gint64 other, Instant asked);
/* A promise of the other one that this one keeps: its clock, and the facts that
 * it hangs on. */
Event *event_make_carried(const EventStamp *stamp, gint64 other,
    const SlaClock *clock, const Facts *facts);
/* An answer tells the client under which terms the ticket is; what it promises
 * in words follows, one event each. */
typedef struct {
	SendKind answer;
	gint64 outbox;
	TicketKind kind;
	int severity;
	const char *contract, *plan;
	const char *excluded; /* why, "" not */
	bool automatic;
} EventTelling;

Event *
event_make_told_terms(const EventStamp *stamp, const EventTelling *telling);
Event *event_make_told(const EventStamp *stamp, const SlaClock *clock);
/* An answer tells the client that this guarantee was missed; `outbox` 0: no
 * address took it. */
Event *event_make_told_missed(const EventStamp *stamp, SendKind answer,
    gint64 outbox, const SlaClock *clock);
Event *
event_make_warned(const EventStamp *stamp, Milestone milestone, int share);
Event *event_make_reminded(const EventStamp *stamp, int count);
Event *
event_make_held(const EventStamp *stamp, SendKind what, HeldReason reason);
/* Its client objects: nothing is excluded until a technician decides again;
 * `component` is what is proposed to them, "" none. */
Event *event_make_objected(const EventStamp *stamp, const char *component);
/* Minutes that somebody worked on it: a technician's name, or a login. */
Event *event_make_time(const EventStamp *stamp, int minutes, const char *who);
/* `asks`: the client is to agree to it. */
Event *event_make_estimate(const EventStamp *stamp, int minutes, bool asks);
Event *event_make_approval(const EventStamp *stamp, EventApproval says,
    EventApprovedBy by);
/* Minutes of data that were lost. */
Event *event_make_rpo(const EventStamp *stamp, int minutes);
Event *event_make_debrief(const EventStamp *stamp);
Event *event_make_call(const EventStamp *stamp);
/* Whoever wrote the mail is told that the contract promises nothing. */
Event *event_make_life(const EventStamp *stamp, const Contract *contract,
    ContractLife life);
Event *event_make_answered(const EventStamp *stamp, EventAnswer how);
/* The client was promised to hear from us by then. */
Event *event_make_next(const EventStamp *stamp, Instant due);
/* The same of the ticket `from`, which was merged: nobody wrote. */
Event *
event_make_next_carried(const EventStamp *stamp, Instant due, gint64 from);
/* Somebody of the desk is reminded then. */
Event *event_make_later(const EventStamp *stamp, Instant until);
Event *event_make_minded(const EventStamp *stamp, EventMind what);
/* What the message says asks for no answer: thanks alone. Returns the event. */
Event *event_asks_nothing(Event *message);
/* With that severity a response is owed from then, though one was met. */
Event *event_owes_response(Event *severity);
/* The inverse of another of the ticket's events. */
Event *event_make_undone(const EventStamp *stamp, const Event *of);
/* Our mail `outbox` did not arrive, or not yet; `what` as in its row. */
Event *event_make_failed(const EventStamp *stamp, gint64 outbox,
    const char *what, SendOutcome outcome, int code);
/* What a source's mail says, or what came of alerts beside one; which, the host
 * and so on is set by who knows it. */
Event *event_make_alert(const EventStamp *stamp, AlertType type);
Event *event_make_news(const EventStamp *stamp, EventNews news);

#endif
