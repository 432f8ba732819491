/*
 * From what is to be sent to rows of the outbox; budgets, and what was held
 * back, are written here.
 */
#include "guichet/post/post.h"
#include "guichet/work/answer.h"
#include "guichet/work/work.h"

#include "guichet/desk/desk_answered.h"
#include "guichet/desk/desk_unasked.h"
#include "guichet/desk/reply.h"
#include "guichet/words/body.h"
#include "guichet/work/intake.h"

#include <string.h>

/* Of a mail that was held and is judged anew: what held it then. */
static bool
is_past(const Situation *sit, const Event *event)
{
	return sit->is_confirmed && event->recorded < sit->now;
}

/* What of the ticket's answers was held back because of this mail. */
static bool
find_held(Intake *in, Occasion *o, GError **error)
{
	gint64 mail = o->gathered != NULL ? o->gathered->sit.mail : 0;
	g_autoptr(GPtrArray) events = store_events(in->store,
	    o->view->ticket->number, error);

	if (events == NULL)
		return false;
	o->held = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; mail != 0 && i < events->len; i++) {
		const Event *event = events->pdata[i];
		ReplyHeld *held;

		if (event->type != EVENT_HELD || event->mail != mail ||
		    is_past(&o->gathered->sit, event))
			continue;
		held = g_new0(ReplyHeld, 1);
		send_kind_parse(event_text(event, "what"), &held->what);
		held->why = g_intern_string(event_text(event, "reason"));
		g_ptr_array_add(o->held, held);
	}
	return true;
}

/* Whether what stands below the mail's words was read before. */
static bool
find_signature(Intake *in, Occasion *o, GError **error)
{
	const Situation *sit = o->gathered != NULL ? &o->gathered->sit : NULL;
	g_autofree char *signature = NULL;

	if (sit == NULL || sit->message == NULL)
		return true;
	signature = body_signature(sit->message->text);
	return *signature == '\0' ||
	    store_ticket_said(in->store, o->view->ticket->number, sit->mail,
		signature, &o->signature_is_known, error);
}

/* What goes out in words is an event. */
static bool
record(StoreTx *tx, GPtrArray *take_events, GError **error)
{
	g_autoptr(GPtrArray) events = take_events;

	for (guint i = 0; i < events->len; i++) {
		if (!hand_append(tx, events->pdata[i], error))
			return false;
	}
	return true;
}

static bool
post_all(Intake *in, StoreTx *tx, const Occasion *o, const GPtrArray *drafts,
    GError **error)
{
	for (guint i = 0; i < drafts->len; i++) {
		if (!restraint_post(in, tx, drafts->pdata[i], o->now, error))
			return false;
	}
	return true;
}

/* What was not sent, and why, stands on the ticket. */
static bool
record_held(StoreTx *tx, const HeldCase *c, GError **error)
{
	g_autoptr(Event) held = desk_held(c);

	return hand_append(tx, held, error);
}

/* Leaves those readers whose budget has room for one more notice; that it had not
 * for some stands on the ticket. Before they are drafted: most of a flood's
 * notices are told of, not sent. */
static bool
leave_within_budget(Intake *in, StoreTx *tx, const Occasion *o,
    GPtrArray *readers, GError **error)
{
	const HeldCase held = { .ticket = o->view->ticket->number,
		.mail = o->gathered != NULL ? o->gathered->sit.mail
					    : o->view->people->opening_mail,
		.at = o->now,
		.now = o->now,
		.what = SEND_NOTICE,
		.why = HELD_BUDGET };
	guint before = readers->len, left = 0;

	for (guint i = 0; i < before; i++) {
		const Technician *reader = readers->pdata[i];
		bool taken;

		if (!notice_budget_take(in, tx, o, reader->address, &taken,
			error))
			return false;
		if (taken)
			readers->pdata[left++] = (gpointer)reader;
	}
	g_ptr_array_set_size(readers, (gint)left);
	return left == before || record_held(tx, &held, error);
}

/* A technician's words that no address can take: said, and told to them. */
static bool
nobody_to_answer(Intake *in, StoreTx *tx, const Effect *effect, Occasion *o,
    GError **error)
{
	HeldCase held = { .ticket = effect->ticket,
		.mail = o->gathered != NULL ? o->gathered->sit.mail : 0,
		.at = effect->at != 0 ? effect->at : o->now,
		.now = o->now,
		.what = effect->send,
		.why = HELD_NO_RECIPIENT };
	Effect refusal = {
		.kind = EFFECT_SEND,
		.send = SEND_REFUSAL,
		.ticket = effect->ticket,
		.technician = o->gathered != NULL
		    ? (char *)o->gathered->sit.technician
		    : NULL,
		.reason = REASON_NO_RECIPIENT,
	};
	g_autoptr(GPtrArray) drafts = NULL;

	if (!record_held(tx, &held, error))
		return false;
	if (refusal.technician == NULL)
		return true;
	drafts = draft_effect(in, o, &refusal);
	return post_all(in, tx, o, drafts, error);
}

/* Whether it tells a client what is promised. */
static bool
is_promise(const Effect *effect, const Draft *draft)
{
	return effect->send == SEND_ACKNOWLEDGMENT || draft->tells_terms ||
	    (effect->send == SEND_INFORMATION &&
		effect->informed == INFORMED_OPENED);
}

/* What is another than was told, or was not kept, is told to whom it was told,
 * and to nobody else. */
static bool
is_for_the_told(SendKind send, const TicketTold *told)
{
	return send == SEND_CORRECTION ||
	    (send == SEND_MISSED && told != NULL && told->outbox != 0);
}

static GPtrArray *
draft_to_the_told(Intake *in, const Occasion *o, const Effect *effect,
    GError **error)
{
	const TicketTold *told = o->view->ticket->told;
	g_autoptr(GPtrArray) readers = store_outbox_readers(in->store,
	    told != NULL ? told->outbox : 0, error);
	GPtrArray *drafts;

	if (readers == NULL)
		return NULL;
	drafts = g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
	for (guint i = 0; i < readers->len; i++) {
		Effect one = *effect;
		g_autoptr(GPtrArray) theirs = NULL;

		one.to = readers->pdata[i];
		theirs = draft_effect(in, o, &one);
		g_ptr_array_extend_and_steal(drafts, g_steal_pointer(&theirs));
	}
	return drafts;
}

static GPtrArray *
find_drafts(Intake *in, StoreTx *tx, const Occasion *o, const Effect *effect,
    GError **error)
{
	g_autoptr(GPtrArray) readers = NULL;

	if (is_for_the_told(effect->send, o->view->ticket->told))
		return draft_to_the_told(in, o, effect, error);
	if (effect->send != SEND_NOTICE)
		return draft_effect(in, o, effect);
	readers = draft_readers_notice(in, o, effect);
	return leave_within_budget(in, tx, o, readers, error)
	    ? draft_to_readers(in, o, effect, readers)
	    : NULL;
}

/* `first` of those who read it; NULL: nobody. */
static bool
record_told(StoreTx *tx, const Occasion *o, const Effect *effect,
    const Draft *first, GError **error)
{
	const PromiseCase c = { .view = o->view,
		.answer = effect->send,
		.outbox = first != NULL ? first->outbox : 0,
		.mail = o->gathered != NULL ? o->gathered->sit.mail : 0,
		.now = o->now };
	/* Nobody is told twice of what no address takes. */
	bool tells_missed = effect->send == SEND_MISSED ||
	    (first != NULL && first->tells_missed);

	if (tells_missed && !record(tx, desk_missed(&c), error))
		return false;
	return first == NULL || effect->stranger ||
	    !is_promise(effect, first) || record(tx, desk_promised(&c), error);
}

/* Who asked what the mail of ours was about that a technician's words answer is
 * who they are for. */
static void
turn_to_asker(Intake *in, Occasion *o, const Effect *effect)
{
	const Gathered *g = o->gathered;

	if (g != NULL && g->asker != NULL && effect->to == NULL &&
	    (effect->send == SEND_REPLY || effect->send == SEND_RESOLUTION))
		o->client = ticket_view_client_who(o->view, in->ruleset,
		    g->asker, g->answered->mail);
}

/* What goes to another team may be taken back as long as what the client reads. */
static bool
is_to_team(const Effect *effect)
{
	return effect->send == SEND_ALARM && effect->reason == REASON_OVER_SIZE;
}

/* The words that the mail is about, where it has to repeat them: ours of a nudge,
 * the client's to another team. */
static bool
find_words(Intake *in, const Occasion *o, const Effect *effect,
    char **ret_words, GError **error)
{
	*ret_words = NULL;
	if (effect->send == SEND_NUDGE)
		return store_last_reply(in->store, effect->ticket, ret_words,
		    error);
	return !is_to_team(effect) ||
	    store_mail_words(in->store, o->view->people->opening_mail,
		ret_words, error);
}

bool
answer_effect(Intake *in, StoreTx *tx, const Effect *effect,
    const Gathered *gathered, Instant now, GError **error)
{
	Instant at = effect->at != 0 ? effect->at : now;
	TicketView *view = view_run(in, effect->ticket, at, error);
	g_autoptr(GPtrArray) drafts = NULL, held = NULL;
	g_autofree char *question = NULL;
	Occasion o = { .view = view, .gathered = gathered, .now = at };
	ReplyHours hours;

	if (view == NULL || !view_client(in, view, &o.client, error) ||
	    !find_held(in, &o, error) || !find_signature(in, &o, error) ||
	    !draft_hours_find(in, view, effect->send, at, &hours, error))
		return false;
	o.hours = hours.are_told ? &hours : NULL;
	held = o.held;
	if (!find_words(in, &o, effect, &question, error))
		return false;
	o.question = question;
	turn_to_asker(in, &o, effect);
	drafts = find_drafts(in, tx, &o, effect, error);
	if (drafts == NULL)
		return false;
	for (guint i = 0; i < drafts->len; i++) {
		Draft *draft = drafts->pdata[i];

		draft->doubt = effect->doubt;
		if (send_kind_is_word(draft->send) || is_to_team(effect))
			draft->leaves = now + in->conf->answers_wait;
	}
	if (drafts->len == 0 &&
	    (effect->send == SEND_REPLY || effect->send == SEND_RESOLUTION) &&
	    !draft_is_had(&o, effect, o.client.address))
		return nobody_to_answer(in, tx, effect, &o, error);
	if (!post_all(in, tx, &o, drafts, error))
		return false;
	return record_told(tx, &o, effect,
	    drafts->len > 0 ? drafts->pdata[0] : NULL, error);
}

GPtrArray *
answer_alarm(Intake *in, TicketView *view, const Effect *effect, Instant now,
    GError **error)
{
	Occasion o = { .view = view, .now = now };

	return view_client(in, view, &o.client, error)
	    ? draft_alarm(in, &o, effect)
	    : NULL;
}

/* Tells technicians of it. */
static bool
tell_failure(Intake *in, StoreTx *tx, const OutboxRow *row, Instant now,
    GError **error)
{
	TicketView *view = view_run(in, row->ticket, now, error);
	g_autoptr(GPtrArray) drafts = NULL;
	Occasion o = { .now = now };

	if (view == NULL || !view_client(in, view, &o.client, error))
		return false;
	o.view = view;
	drafts = draft_failure(in, &o, row);
	return post_all(in, tx, &o, drafts, error);
}

/* Whether somebody else was who it was for. */
static bool
is_copy(Intake *in, const OutboxRow *row, bool *ret_is, GError **error)
{
	g_autoptr(GPtrArray) rows = row->batch != 0
	    ? store_outbox_of(in->store, row->ticket, error)
	    : g_ptr_array_new();

	*ret_is = false;
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const OutboxRow *one = rows->pdata[i];

		*ret_is = *ret_is ||
		    (one->id < row->id && one->batch == row->batch &&
			strcmp(one->what, row->what) == 0);
	}
	return rows != NULL;
}

static bool
mark_delivery(Intake *in, StoreTx *tx, const OutboxRow *row,
    SendOutcome outcome, Instant now, GError **error)
{
	g_autoptr(Decision) decision = NULL;
	bool copy;

	if (!is_copy(in, row, &copy, error))
		return false;
	decision = desk_delivery(&(DeliveryCase){ row->id, row->ticket,
	    row->mail, row->what, row->code, now, outcome, copy });
	view_begin(in);
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL
			? !hand_append(tx, effect->event, error)
			: !tell_failure(in, tx, row, now, error))
			return false;
	}
	/* The clock of an answer that met nothing runs again. */
	return row->ticket == 0 || view_run(in, row->ticket, now, error) == NULL
	    ? row->ticket == 0
	    : view_settle(in, tx, row->ticket, &(Cause){ "desk", now, now },
		  error);
}

bool
intake_send_failed(Intake *in, StoreTx *tx, const OutboxRow *row, Instant now,
    GError **error)
{
	return mark_delivery(in, tx, row, SEND_OUTCOME_FAILED, now, error);
}

bool
answer_came_back(Intake *in, StoreTx *tx, const OutboxRow *row,
    SendOutcome outcome, Instant now, GError **error)
{
	return mark_delivery(in, tx, row, outcome, now, error);
}
