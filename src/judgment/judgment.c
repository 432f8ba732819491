/* What all who judge build their decision with. */
#include "guichet/judgment/judgment.h"

#include <string.h>

void
judgment_begin(Judgment *j, const Situation *sit, const char *actor)
{
	j->sit = sit;
	j->actor = actor;
	j->decision = g_new0(Decision, 1);
	j->decision->effects = decision_effects_new();
	j->decision->trace = g_ptr_array_new_with_free_func(g_free);
	j->decision->proof = situation_proof(sit);
	j->decision->words = g_strdup(sit->words);
}

void
judgment_trace(Judgment *j, const char *stage, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(j->decision->trace,
	    g_strdup_printf("%s: %s", stage, text));
}

Effect *
judgment_effect(Judgment *j, EffectKind kind)
{
	Effect *effect = g_new0(Effect, 1);

	effect->kind = kind;
	g_ptr_array_add(j->decision->effects, effect);
	return effect;
}

EventStamp
judgment_stamp(const Judgment *j, gint64 ticket)
{
	return (EventStamp){ .ticket = ticket,
		.at = j->sit->received,
		.recorded = j->sit->now,
		.actor = j->actor,
		.mail = j->sit->mail };
}

Event *
judgment_write(Judgment *j, Event *take_event)
{
	Effect *effect = judgment_effect(j,
	    take_event->type == EVENT_OPENED ? EFFECT_OPEN : EFFECT_EVENT);

	effect->ticket = take_event->ticket;
	effect->event = take_event;
	return take_event;
}

void
judgment_opened(Judgment *j, const Contract *contract, const Plan *plan,
    const EventOpening *opening)
{
	EventStamp stamp = judgment_stamp(j, 0);
	EventOpening whole = *opening;

	whole.contract = contract != NULL ? contract->name : "";
	whole.plan = plan != NULL ? plan->name : "";
	whole.rules = j->sit->rules;
	whole.mailbox = j->sit->mailbox;
	judgment_write(j, event_make_opened(&stamp, &whole));
}

Effect *
judgment_send(Judgment *j, SendKind kind, gint64 ticket)
{
	Effect *effect = judgment_effect(j, EFFECT_SEND);

	effect->send = kind;
	effect->ticket = ticket;
	return effect;
}

void
judgment_speaks(Judgment *j, guint from, const char *technician)
{
	for (guint i = from; i < j->decision->effects->len; i++) {
		Effect *effect = j->decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND && effect->speaker == NULL &&
		    send_kind_is_word(effect->send))
			effect->speaker = technician;
	}
}

void
judgment_file(Judgment *j, MailLane lane)
{
	judgment_effect(j, EFFECT_FILE)->lane = lane;
	judgment_trace(j, "effect", "no ticket: lane %s",
	    event_lane_name(lane));
}

void
judgment_repeat(Judgment *j)
{
	j->decision->copy_of = j->sit->also_seen;
	judgment_file(j, LANE_ALSO_SEEN);
}

Effect *
judgment_keep(Judgment *j, gint64 ticket)
{
	Effect *effect = judgment_effect(j, EFFECT_KEEP);

	effect->ticket = ticket;
	return effect;
}

void
judgment_note(Judgment *j, gint64 ticket, EventNote about)
{
	Effect *effect = judgment_effect(j, EFFECT_NOTE);

	effect->ticket = ticket;
	effect->about = about;
}

void
judgment_state(Judgment *j, gint64 ticket, TicketState state, EventMover by)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	judgment_write(j, event_make_state(&stamp, state, by));
}

void
judgment_reopen(Judgment *j, gint64 ticket, EventMover by)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	judgment_write(j, event_make_reopened(&stamp, by, j->sit->rules));
}

void
judgment_link(Judgment *j, gint64 one, gint64 other, const char *why)
{
	EventStamp here = judgment_stamp(j, one);
	EventStamp there = judgment_stamp(j, other);

	judgment_write(j, event_make_linked(&here, other, why));
	judgment_write(j, event_make_linked(&there, one, why));
}

void
judgment_tag(Judgment *j, gint64 ticket, const char *tag)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	judgment_write(j, event_make_tagged(&stamp, tag));
}

void
judgment_untag(Judgment *j, gint64 ticket, const char *tag)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	judgment_write(j, event_make_untagged(&stamp, tag));
}

void
judgment_held(Judgment *j, gint64 ticket, SendKind what, HeldReason reason)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	judgment_write(j, event_make_held(&stamp, what, reason));
}

Effect *
judgment_notify(Judgment *j, gint64 ticket, Reason reason)
{
	Effect *notice = judgment_send(j, SEND_NOTICE, ticket);

	notice->reason = reason;
	return notice;
}

Event *
judgment_message(Judgment *j, gint64 ticket, EventAuthor author, bool is_public,
    bool verified, const char *defect)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	return judgment_write(j,
	    event_make_message(&stamp, author,
		is_public ? VISIBILITY_PUBLIC : VISIBILITY_INTERNAL, verified,
		defect));
}

void
judgment_remark(Judgment *j, RemarkKind kind, const char *text)
{
	remark_add(&j->decision->remarks, kind, text);
}

const char *
judgment_own_list(const Situation *sit)
{
	const char *id = message_header(sit->message, "List-Id");

	for (gsize i = 0; id != NULL && sit->policy->own_lists != NULL &&
	     sit->policy->own_lists[i] != NULL;
	     i++) {
		if (strstr(id, sit->policy->own_lists[i]) != NULL)
			return sit->policy->own_lists[i];
	}
	return NULL;
}
