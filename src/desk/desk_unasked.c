/* What the desk decides without a mail that a person wrote and it could read. */
#include "guichet/desk/desk_unasked.h"

#include "guichet/desk/desk_silence.h"

#include "decide_private.h"

#include "guichet/ticket/ticket_missed.h"
#include "guichet/ticket/ticket_told.h"

/* ---- time ---- */

/* What was over when an old mail came in is recorded, and nobody is woken for
 * it; what it still owed then, or owes since somebody reopened it, is told. */
static bool
came_late(const TickCase *c, const SlaClock *clock)
{
	const Ticket *ticket = c->view->ticket;

	if (ticket->opened - ticket->received <= c->policy->acknowledge_within)
		return false;
	return clock == NULL || clock->due == INSTANT_NONE ||
	    clock->due <= ticket->opened;
}

static void
alarm_of(Judgment *j, const TickCase *c, Reason reason, const SlaClock *clock,
    int share)
{
	Effect *effect;

	if (came_late(c, clock))
		return;
	effect = judgment_send(j, SEND_ALARM, c->view->ticket->number);
	effect->reason = reason;
	effect->clock = clock;
	effect->share = share;
}

/* The highest share that has passed and is not announced; 0: none. */
static int
reached_share(const TickCase *c, const SlaClock *clock)
{
	int reached = 0, share;

	for (int after = ticket_view_told_share(c->view, clock);
	     (share = ticket_view_next_share(c->view, clock, after)) != 0;
	     after = share) {
		Instant at = ticket_view_alarm_at(c->view, clock, share);

		if (at == INSTANT_NONE || at > c->now)
			break;
		reached = share;
	}
	return reached;
}

static void
warn(Judgment *j, const TickCase *c)
{
	EventStamp stamp = judgment_stamp(j, c->view->ticket->number);

	for (guint i = 0; i < c->view->clocks->len; i++) {
		const SlaClock *clock = c->view->clocks->pdata[i];
		int share = reached_share(c, clock);

		if (share == 0)
			continue;
		judgment_write(j,
		    event_make_warned(&stamp, clock->milestone, share));
		alarm_of(j, c, share >= 100 ? REASON_BREACH : REASON_WARNING,
		    clock, share);
	}
}

static void
remind(Judgment *j, const TickCase *c)
{
	Ticket then = *c->view->ticket;
	EventStamp stamp = judgment_stamp(j, then.number);
	Instant at = c->view->has_terms ? sla_remind_at(&then, &c->view->terms)
					: INSTANT_NONE;
	Instant next = at;

	if (at == INSTANT_NONE || at > c->now)
		return;
	for (int missed = 0; next != INSTANT_NONE && next <= c->now; missed++) {
		at = missed < MISSED_REMINDERS ? next : c->now;
		then.reminded = at;
		next = missed < MISSED_REMINDERS
		    ? sla_remind_at(&then, &c->view->terms)
		    : INSTANT_NONE;
	}
	stamp.at = at;
	judgment_write(j, event_make_reminded(&stamp, then.reminders + 1));
	alarm_of(j, c, REASON_REMINDER, NULL, 0);
}

/* What the client was told and is not so any more. */
static void
correct(Judgment *j, const TickCase *c)
{
	Instant at = ticket_told_correct_at(c->view);

	if (at == INSTANT_NONE || at > c->now)
		return;
	judgment_send(j, SEND_CORRECTION, c->view->ticket->number);
}

/* A guarantee that was missed, once. */
static void
tell_missed(Judgment *j, const TickCase *c)
{
	Instant at = ticket_missed_tell_at(c->view);

	if (at == INSTANT_NONE || at > c->now)
		return;
	judgment_send(j, SEND_MISSED, c->view->ticket->number);
}

Decision *
desk_tick(const TickCase *c)
{
	const Situation sit = { .received = c->now, .now = c->now };
	Judgment j;

	judgment_begin(&j, &sit, "tick");
	warn(&j, c);
	remind(&j, c);
	correct(&j, c);
	tell_missed(&j, c);
	desk_silence(&j, c);
	decision_join_alarms(j.decision);
	return j.decision;
}

/* ---- mails ---- */

Decision *
desk_unreadable(const UnreadableCase *c)
{
	const Situation sit = {
		.mail = c->mail,
		.mailbox = c->mailbox,
		.received = c->received,
		.now = c->now,
	};
	Judgment j;
	EventStamp stamp;

	judgment_begin(&j, &sit, "mail");
	judgment_trace(&j, "read",
	    "no reader survived it in %d attempts; the raw mail is kept",
	    c->attempts);
	stamp = judgment_stamp(&j, 0);
	judgment_write(&j,
	    event_make_opened(&stamp,
		&(EventOpening){ .kind = KIND_REQUEST,
		    .rules = c->rules,
		    .mailbox = c->mailbox,
		    .source = OPENED_BY_MAIL }));
	judgment_message(&j, 0, AUTHOR_STRANGER, false, false, "unreadable");
	judgment_notify(&j, 0, REASON_UNREADABLE);
	return j.decision;
}

Decision *
desk_own_ticket(const OwnTicketCase *c)
{
	const Situation sit = { .mail = c->mail,
		.received = c->at,
		.now = c->now };
	Judgment j;
	EventStamp stamp;

	judgment_begin(&j, &sit, c->actor);
	stamp = judgment_stamp(&j, 0);
	judgment_write(&j, event_make_opened(&stamp, &c->opening));
	judgment_message(&j, 0, AUTHOR_DESK, false, true, NULL);
	judgment_notify(&j, 0, REASON_NEW_TICKET);
	return j.decision;
}

Decision *
desk_delivery(const DeliveryCase *c)
{
	const Situation sit = { .mail = c->mail,
		.received = c->now,
		.now = c->now };
	EventStamp stamp;
	SendKind what;
	Judgment j;
	Event *event;
	bool known = send_kind_parse(c->what, &what);

	judgment_begin(&j, &sit, "desk");
	if (c->ticket == 0)
		return j.decision;
	stamp = judgment_stamp(&j, c->ticket);
	event = judgment_write(&j,
	    event_make_failed(&stamp, c->outbox, c->what, c->outcome, c->code));
	if (c->outcome == SEND_OUTCOME_DELAYED)
		return j.decision;
	/* What did not go out met nothing (doc/domain.md 4). */
	if (known && !c->is_copy &&
	    (what == SEND_REPLY || what == SEND_RESOLUTION ||
		what == SEND_ESTIMATE || what == SEND_PASSED))
		event_set(event, "unmet", milestone_name(MILESTONE_RESPONSE));
	if (!known || !send_kind_is_internal(what))
		judgment_send(&j, SEND_ALARM, c->ticket)->reason =
		    REASON_DELIVERY_FAILED;
	return j.decision;
}
