/* What leaves for the client: who of theirs reads it, and what it says. */
#include "draft_private.h"

#include "guichet/base/text.h"
#include "guichet/desk/reply.h"
#include "guichet/ticket/ticket_estimate.h"
#include "guichet/trust/recipients.h"

#include <string.h>

static const Zone *
zone_for_client(const Intake *in, const TicketView *view)
{
	const Zone *zone = ticket_view_zone(view);

	return zone != NULL ? zone : zone_get(in->conf->zone, NULL);
}

static const char *
client_language(const Intake *in, const TicketView *view)
{
	return view->contract != NULL ? view->contract->language
				      : in->conf->language;
}

/* Who is asked again for an agreement is who was asked for it. */
static const char *
reader_of(const Intake *in, const Occasion *o, const Effect *effect)
{
	const char *asked = effect->approval && effect->to == NULL
	    ? ticket_estimate_approver(o->view, o->client.address, in->ruleset)
	    : effect->to;

	return asked != NULL ? asked : o->client.address;
}

/* ---- who reads it ---- */

/* What a person says to the client, all of theirs who take part read. What costs
 * money is asked of one of them. */
static bool
goes_in_copy(const Effect *effect)
{
	return effect->to == NULL && send_kind_is_word(effect->send) &&
	    effect->send != SEND_ESTIMATE;
}

/* All of the client's who wrote on it or read along, but the writer, who need not
 * be told what they said themselves. */
static GPtrArray *
others_of(const Intake *in, const Occasion *o)
{
	const char *writer = o->gathered->sit.message->identity;
	GPtrArray *readers = view_parties(in, o->view);

	for (guint i = readers->len; i-- > 0;) {
		if (g_strcmp0(readers->pdata[i], writer) == 0)
			g_ptr_array_remove_index(readers, i);
	}
	return readers;
}

/* const char *, borrowed: first whom it is for. */
static GPtrArray *
readers_of(const Intake *in, const Occasion *o, const Effect *effect)
{
	const char *to = reader_of(in, o, effect);
	g_autoptr(GPtrArray) copies = NULL;
	GPtrArray *readers;

	if (effect->settled)
		return others_of(in, o);
	readers = g_ptr_array_new();
	if (*to == '\0')
		return readers;
	g_ptr_array_add(readers, (gpointer)to);
	if (!goes_in_copy(effect))
		return readers;
	copies = view_copies(in, o->view, to);
	g_ptr_array_extend(readers, copies, NULL, NULL);
	return readers;
}

bool
draft_is_had(const Occasion *o, const Effect *effect, const char *reader)
{
	const Gathered *g = o->gathered;
	g_auto(GStrv) named = NULL;

	if (g == NULL || g->sit.technician == NULL || effect->words != NULL ||
	    !send_kind_is_letter(effect->send))
		return false;
	named = recipients_besides(g->sit.message, NULL);
	return g_strv_contains((const char *const *)named, reader);
}

/* Below which mail of theirs it stands: their own, or one that was written to
 * them, too. */
static void
find_parent(Draft *draft, const Occasion *o)
{
	const TicketPeople *people = o->view->people;

	if (draft->send == SEND_ACKNOWLEDGMENT)
		return;
	draft->parent = o->client.thread;
	if (strcmp(draft->to, o->client.address) == 0)
		return;
	if (strcmp(draft->to, people->opener) == 0)
		draft->parent = people->opening_mail;
	else
		draft->knows_parent = draft->parent == people->proven_mail &&
		    g_strv_contains((const char *const *)people->copied,
			draft->to);
}

/* ---- what it says ---- */

/* Clients know an alert by what it is about, not by a machine's subject: "web1 /
 * HTTP". */
static void
face_alert(Facing *f, const Ticket *ticket)
{
	if (!ticket_is_of_an_alert(ticket) || *ticket->host == '\0')
		return;
	f->seen = *ticket->service != '\0'
	    ? g_strdup_printf("%s / %s", ticket->host, ticket->service)
	    : g_strdup(ticket->host);
	f->facts.public.subject = f->seen;
}

/* Who says it, whether they work here still or not; NULL: the desk. */
static const Technician *
speaker_of(const Intake *in, const Effect *effect)
{
	const GPtrArray *all = in->conf->technicians;

	for (guint i = 0; effect->speaker != NULL && i < all->len; i++) {
		const Technician *t = all->pdata[i];

		if (strcmp(t->name, effect->speaker) == 0)
			return t;
	}
	return NULL;
}

/* The words of the mail in hand, where they are the client's to read. */
static const char *
words_of(const Occasion *o, const Effect *effect)
{
	if (effect->words != NULL)
		return effect->words;
	return effect->send != SEND_HANDLED && effect->send != SEND_QUESTION &&
		o->gathered != NULL && o->gathered->answer != NULL
	    ? o->gathered->answer
	    : "";
}

static void
attach(Draft *draft, const Intake *in, const Occasion *o)
{
	if (o->gathered == NULL || !send_kind_is_letter(draft->send))
		return;
	draft->attachments = g_ptr_array_new();
	g_ptr_array_unref(reply_files(o->gathered->sit.message,
	    in->conf->forward_bytes, true, draft->attachments));
}

/* What a technician has written to them directly is not said twice: of it there
 * is left when they hear next, if it promises that. */
static bool
says_the_rest(const Occasion *o, const Effect *effect, Draft *draft)
{
	if (effect->send != SEND_REPLY)
		return true;
	draft->send = SEND_NEWS;
	return command_list_has(o->gathered->commands, ORDER_NEXT);
}

static Draft *
draft_client(Intake *in, const Occasion *o, const Effect *effect,
    const char *to)
{
	g_auto(Facing) f = { 0 };
	g_autoptr(Values) values = NULL;
	const Contract *contract = o->view->contract;
	const char *language = client_language(in, o->view);
	const Zone *zone = zone_for_client(in, o->view);
	bool is_had = draft_is_had(o, effect, to);
	g_autoptr(Draft) draft = draft_new(o, effect->send, to, language, zone);

	if (is_had && !says_the_rest(o, effect, draft))
		return NULL;
	draft->stranger = effect->stranger;
	draft->speaker = speaker_of(in, effect);
	find_parent(draft, o);
	facing_fill(&f, in, o, language, zone);
	face_alert(&f, o->view->ticket);
	draft_facts_public(&f.facts.public, &f.offer, in, o, language, zone);
	if (!is_had) {
		f.facts.public.text = words_of(o, effect);
		attach(draft, in, o);
	}
	if (draft->speaker != NULL && *f.facts.public.text != '\0')
		f.facts.public.signature = draft->speaker->signature;
	if (effect->contacts && contract != NULL)
		f.facts.public.contacts = contract->contacts;
	if (effect->life)
		facing_life(&f, in, o, language);
	if (effect->send == SEND_ACKNOWLEDGMENT || effect->send == SEND_REMARK)
		f.facts.public.remarks = effect->remarks;
	values = draft->stranger
	    ? reply_stranger_values(draft->ticket, in->conf->site)
	    : reply_client_values(&f.facts.public, language);
	draft_add_own(in, draft, values, o, effect);
	draft_render(draft, in, values);
	return g_steal_pointer(&draft);
}

/* Each sees who else has it, so that they can be kept or left out. */
static char **
shown_of(const GPtrArray *readers)
{
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();

	for (guint i = 0; i < readers->len; i++)
		g_strv_builder_add(all, readers->pdata[i]);
	return g_strv_builder_end(all);
}

void
draft_clients(Intake *in, const Occasion *o, const Effect *effect,
    GPtrArray *drafts)
{
	g_autoptr(GPtrArray) readers = readers_of(in, o, effect);

	for (guint i = 0; i < readers->len; i++) {
		Draft *draft = draft_client(in, o, effect, readers->pdata[i]);

		if (draft == NULL)
			continue;
		if (readers->len > 1 && !effect->settled)
			draft->shown = shown_of(readers);
		g_ptr_array_add(drafts, draft);
	}
}
