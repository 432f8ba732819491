/*
 * What may be said: from ticket, clocks and mail to the facts that reply.h
 * allows each kind of reader, and through the site's templates to a Draft.
 */
#include "draft_private.h"

#include "guichet/base/text.h"
#include "guichet/desk/reply.h"
#include "guichet/ticket/ticket_estimate.h"
#include "guichet/words/body.h"

#include <string.h>

void
draft_free(Draft *draft)
{
	if (draft == NULL)
		return;
	g_free(draft->to);
	g_strfreev(draft->shown);
	g_free(draft->language);
	g_free(draft->zone);
	g_free(draft->subject);
	g_free(draft->text);
	g_free(draft->html);
	g_clear_pointer(&draft->attachments, g_ptr_array_unref);
	g_free(draft);
}

Draft *
draft_new(const Occasion *o, SendKind send, const char *to,
    const char *language, const Zone *zone)
{
	Draft *draft = g_new0(Draft, 1);

	draft->send = send;
	draft->ticket = o->view->ticket->number;
	draft->epoch = o->view->ticket->epoch;
	draft->mail = o->gathered != NULL ? o->gathered->sit.mail
					  : o->view->people->opening_mail;
	draft->parent = draft->mail;
	draft->proof = o->gathered != NULL ? situation_proof(&o->gathered->sit)
					   : PROOF_NONE;
	draft->to = g_strdup(to);
	draft->language = g_strdup(language);
	draft->zone = g_strdup(zone_name(zone));
	return draft;
}

void
draft_render(Draft *draft, const Intake *in, const Values *values)
{
	const char *name = reply_name(draft->send, draft->stranger);
	const Template *subject, *text, *html;

	/* Loading made sure that each answer exists in both languages. */
	if (!ruleset_reply(in->ruleset, name, draft->language, &subject, &text,
		&html) &&
	    !ruleset_reply(in->ruleset, name, "en", &subject, &text, &html))
		g_assert_not_reached();
	draft->subject = template_render(subject, values);
	draft->text = template_render(text, values);
	draft->html = html != NULL ? template_render(html, values) : NULL;
}

/* ---- to technicians ---- */

static void
add_orders(Values *values, const GPtrArray *orders, const char *language,
    const Zone *zone)
{
	g_autoptr(GPtrArray) planned = g_ptr_array_new();

	for (guint i = 0; orders != NULL && i < orders->len; i++) {
		const OrderCase *c = orders->pdata[i];

		if (c->order->maintenance != NULL)
			g_ptr_array_add(planned, c->order->maintenance);
	}
	reply_add_orders(values, planned, language, zone);
}

static Draft *
draft_technician(Intake *in, const Occasion *o, SendKind send,
    const Technician *t, Facing *f)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	g_autoptr(Values) values = NULL;
	Draft *draft = draft_new(o, send, t->address, t->language, zone);

	draft->technician = t;
	if (send == SEND_NOTICE && o->gathered != NULL) {
		draft->attachments = g_ptr_array_new();
		f->facts.files = f->files =
		    reply_files(o->gathered->sit.message,
			in->conf->forward_bytes, false, draft->attachments);
	}
	values = reply_technician_values(&f->facts, t->language);
	/* Likewise only what is theirs. */
	if (o->gathered != NULL && o->gathered->sit.auth == AUTH_PASS &&
	    (send == SEND_CONFIRMATION || send == SEND_REFUSAL))
		add_orders(values, o->gathered->orders, t->language, zone);
	if (o->gathered != NULL && send == SEND_CHALLENGE)
		reply_add_parked(values, o->gathered->commands,
		    o->gathered->orders, t->language, zone);
	draft_render(draft, in, values);
	return draft;
}

/* Of what a technician attached, what cannot go to the client. */
static void
face_files_left(Facing *f, const Intake *in, const Message *message)
{
	f->files = reply_files(message, in->conf->forward_bytes, true, NULL);
	for (guint i = f->files->len; i-- > 0;) {
		const ReplyFile *file = f->files->pdata[i];

		if (file->fate == REPLY_FILE_SENT)
			g_ptr_array_remove_index(f->files, i);
	}
	f->facts.files = f->files;
	f->facts.file_limit = in->conf->forward_bytes;
}

/* What is wrong with orders: as they stand there, and what they order. */
static char **
errors_of(const CommandList *commands, const Effect *effect)
{
	const GPtrArray *lists[] = { commands != NULL ? commands->errors : NULL,
		effect->lines };
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		for (guint k = 0; lists[i] != NULL && k < lists[i]->len; k++)
			g_strv_builder_add(all, lists[i]->pdata[k]);
	}
	return g_strv_builder_end(all);
}

/* What a colleague said and did, in place of the mail that brought it. */
static void
face_colleague(Facing *f, const Effect *effect, const char *language)
{
	ReplyInternal *i = &f->facts;

	i->by = effect->technician;
	i->done = text_is_french(language) && effect->lines_fr != NULL
	    ? effect->lines_fr
	    : effect->lines;
	i->new_text = effect->words != NULL ? effect->words : "";
	i->writer_name = i->writer_address = i->signature = "";
	i->asks_answers_to = i->sent_by = NULL;
	i->lines_cut = 0;
}

/* What a colleague did that its writer had not read of. */
static void
face_crossed(Facing *f, const CrossedAnswer *crossed, const char *language,
    const Zone *zone)
{
	if (crossed == NULL)
		return;
	f->crossed_at = sla_when(crossed->at, language, zone);
	f->facts.when = f->crossed_at;
	f->facts.by = crossed->by;
	f->facts.their_text = crossed->words;
}

static Draft *
draft_inside(Intake *in, const Occasion *o, const Effect *effect,
    const Technician *t)
{
	g_auto(Facing) f = { 0 };
	g_auto(GStrv) errors = NULL;

	facing_fill(&f, in, o, t->language, zone_get(in->conf->zone, NULL));
	facing_inside(&f, in, o, effect->reason, t->language);
	if (effect->send == SEND_CONFIRMATION)
		f.facts.done = effect->lines;
	if (effect->send == SEND_NOTICE && effect->reason == REASON_COLLEAGUE)
		face_colleague(&f, effect, t->language);
	f.facts.told = effect->told;
	f.facts.public.remarks = effect->send == SEND_NOTICE ? effect->remarks
							     : NULL;
	if (effect->send == SEND_CONFIRMATION && o->gathered != NULL)
		f.facts.public.text = o->gathered->inside;
	/* Only what is theirs: somebody else's words under their name are not
	 * sent on to them (doc/security.md 2.3). */
	if (effect->send == SEND_REFUSAL && o->gathered != NULL &&
	    o->gathered->sit.auth == AUTH_PASS) {
		f.facts.your_text = o->gathered->sit.message->new_text;
		if (effect->reason == REASON_FILES_LEFT)
			face_files_left(&f, in, o->gathered->sit.message);
		errors = errors_of(o->gathered->commands, effect);
		f.facts.errors = (const char *const *)errors;
		f.facts.tried = o->gathered->commands != NULL
		    ? o->gathered->commands->tried
		    : NULL;
	}
	/* Orders stand there in our words. */
	if (effect->send == SEND_CHALLENGE) {
		f.facts.your_text = o->gathered->answer;
		face_crossed(&f, o->gathered->sit.crossed, t->language,
		    zone_get(in->conf->zone, NULL));
	}
	return draft_technician(in, o, effect->send, t, &f);
}

static GPtrArray *
drafts_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
}

/* What goes to technicians and to nobody else. */
static bool
is_inside(SendKind send)
{
	return send == SEND_NOTICE || send == SEND_REFUSAL ||
	    send == SEND_CONFIRMATION || send == SEND_CHALLENGE;
}

/* The same words for one more reader of the same language. */
static Draft *
draft_again(const GPtrArray *drafts, const Technician *t)
{
	for (guint i = 0; i < drafts->len; i++) {
		const Draft *one = drafts->pdata[i];
		Draft *draft;

		if (strcmp(one->language, t->language) != 0)
			continue;
		draft = g_memdup2(one, sizeof(*one));
		draft->technician = t;
		draft->to = g_strdup(t->address);
		draft->language = g_strdup(one->language);
		draft->zone = g_strdup(one->zone);
		draft->subject = g_strdup(one->subject);
		draft->text = g_strdup(one->text);
		draft->html = g_strdup(one->html);
		if (one->attachments != NULL)
			draft->attachments = g_ptr_array_ref(one->attachments);
		return draft;
	}
	return NULL;
}

GPtrArray *
draft_to_readers(Intake *in, const Occasion *o, const Effect *effect,
    const GPtrArray *readers)
{
	GPtrArray *drafts = drafts_new();

	for (guint i = 0; i < readers->len; i++) {
		Draft *draft = draft_again(drafts, readers->pdata[i]);

		g_ptr_array_add(drafts,
		    draft != NULL
			? draft
			: draft_inside(in, o, effect, readers->pdata[i]));
	}
	return drafts;
}

GPtrArray *
draft_effect(Intake *in, const Occasion *o, const Effect *effect)
{
	g_autoptr(GPtrArray) readers = NULL;
	GPtrArray *drafts;

	if (effect->send == SEND_ALARM)
		return draft_alarm(in, o, effect);
	if (is_inside(effect->send)) {
		readers = effect->send == SEND_NOTICE
		    ? draft_readers_notice(in, o, effect)
		    : draft_readers_named(in, effect);
		return draft_to_readers(in, o, effect, readers);
	}
	drafts = drafts_new();
	draft_clients(in, o, effect, drafts);
	return drafts;
}

/* ---- alarms ---- */

static Draft *
draft_warned(Intake *in, const Occasion *o, const char *address,
    const Effect *effect)
{
	g_auto(Facing) f = { 0 };
	g_autoptr(Values) values = NULL;
	const Technician *t = conf_technician(in->conf, address);
	const char *language = t != NULL ? t->language : in->conf->language;
	const Zone *zone = zone_get(in->conf->zone, NULL);
	ReplyClock *words = effect->clock != NULL
	    ? reply_clock_new(effect->clock, language, zone, o->now)
	    : NULL;
	g_autofree char *when = effect->when != 0
	    ? sla_when(effect->when, language, zone)
	    : NULL;
	g_autoptr(GPtrArray) also = draft_facts_also(o, effect, language, zone);
	Draft *draft = draft_new(o, SEND_ALARM, address, language, zone);

	facing_fill(&f, in, o, language, zone);
	facing_inside(&f, in, o, effect->reason, language);
	f.facts.also = also;
	f.facts.clock = words;
	f.facts.share = effect->share;
	f.facts.when = when;
	f.facts.done = effect->lines;
	if (effect->words != NULL)
		f.facts.new_text = effect->words;
	if (effect->reason == REASON_OVER_SIZE)
		f.facts.their_text = o->question;
	draft->technician = t;
	draft->no_answer = t == NULL;
	/* What comes back from an address of nobody's proves nothing. */
	if (draft->no_answer) {
		f.facts.answer_to = "";
		f.facts.buttons = NULL;
	}
	values = reply_technician_values(&f.facts, language);
	draft_render(draft, in, values);
	reply_clock_free(words);
	return draft;
}

GPtrArray *
draft_alarm(Intake *in, const Occasion *o, const Effect *effect)
{
	g_autoptr(GPtrArray) readers = draft_readers_alarm(in, o, effect);
	GPtrArray *drafts = drafts_new();

	if (effect->to != NULL) {
		g_ptr_array_set_size(readers, 0);
		g_ptr_array_add(readers, effect->to);
	}

	for (guint i = 0; i < readers->len; i++)
		g_ptr_array_add(drafts,
		    draft_warned(in, o, readers->pdata[i], effect));
	return drafts;
}

GPtrArray *
draft_failure(Intake *in, const Occasion *o, const OutboxRow *row)
{
	g_autoptr(GPtrArray) readers = draft_readers_failure(in, o, row->to);
	GPtrArray *drafts = drafts_new();
	SendKind what = SEND_REPLY;

	send_kind_parse(row->what, &what);
	for (guint i = 0; i < readers->len; i++) {
		const Technician *t = readers->pdata[i];
		g_auto(Facing) f = { 0 };

		facing_fill(&f, in, o, t->language,
		    zone_get(in->conf->zone, NULL));
		facing_inside(&f, in, o, REASON_DELIVERY_FAILED, t->language);
		f.facts.failed_what = what;
		f.facts.failed_to = row->to;
		f.facts.failed_reply = row->reply != NULL ? row->reply : "";
		g_ptr_array_add(drafts,
		    draft_technician(in, o, SEND_ALARM, t, &f));
	}
	return drafts;
}
