/* From ticket, clocks and mail to the facts that reply.h allows a reader. */
#include "facing_private.h"

#include "guichet/desk/reply.h"
#include "guichet/judgment/alert_case.h"
#include "guichet/words/body.h"

#include <string.h>

void
facing_clear(Facing *f)
{
	g_clear_pointer(&f->clocks, g_ptr_array_unref);
	g_clear_pointer(&f->files, g_ptr_array_unref);
	g_free(f->received);
	g_free(f->reopened);
	g_free(f->intake);
	g_free(f->next);
	g_free(f->answers_to);
	g_free(f->sent_by);
	g_free(f->tag);
	g_free(f->life_since);
	g_free(f->crossed_at);
	g_free(f->seen);
	g_free(f->awaits_at);
	g_free(f->to_map);
	draft_facts_clear(&f->writer);
	g_free(f->offer.opens);
	g_clear_pointer(&f->buttons, g_ptr_array_unref);
}

/* What any reader may know, in their language and zone. */
void
facing_fill(Facing *f, Intake *in, const Occasion *o, const char *language,
    const Zone *zone)
{
	const Ticket *ticket = o->view->ticket;
	const Contract *contract = o->view->contract;
	const Plan *plan = ticket_view_plan_meant(o->view);
	ReplyPublic *p = &f->facts.public;
	Instant origin;
	Terms known;

	f->clocks = reply_clocks(o->view->clocks, language, zone, o->now);
	origin = ticket_origin(ticket, plan);
	f->received = sla_when(
	    origin != INSTANT_NONE ? origin : ticket->received, language, zone);
	p->desk = in->conf->site;
	p->ticket = ticket->number;
	p->subject = o->view->people->subject;
	p->client = contract != NULL ? contract->client : "";
	p->contract = contract != NULL ? contract->name : "";
	p->plan = plan != NULL ? words_in(&plan->title, language) : "";
	p->kind = ticket->kind;
	p->unsure = ticket->unsure;
	p->severity = ticket->severity;
	if (plan == NULL && ticket_view_known_terms(o->view, &known))
		plan = known.plan;
	p->severity_words = plan != NULL && ticket->severity > 0
	    ? words_in(&plan->severity_names[ticket->severity], language)
	    : "";
	p->received = f->received;
	f->reopened = ticket->reopened != INSTANT_NONE
	    ? sla_when(ticket->reopened, language, zone)
	    : NULL;
	p->reopened = f->reopened;
	p->clocks = f->clocks;
	p->hours = o->hours;
	p->intake = p->text = "";
	f->next = ticket_owes_news(ticket)
	    ? sla_when(ticket->talk.next, language, zone)
	    : NULL;
	p->next = f->next;
	if (o->view->clocks->len > 0) {
		const SlaClock *first = o->view->clocks->pdata[0];

		f->intake = sla_when(first->intake, language, zone);
		p->intake = f->intake;
		p->window = first->in_window ? REPLY_WINDOW_IN
					     : REPLY_WINDOW_OUT;
		p->always = first->intake_clock != NULL &&
		    calendar_is_always(first->intake_clock);
	}
}

/* That the contract promises nothing on what began then, and whom to ask. */
void
facing_life(Facing *f, const Intake *in, const Occasion *o,
    const char *language)
{
	const Ticket *ticket = o->view->ticket;
	const Contract *contract = o->view->contract;
	ReplyLife *life = &f->facts.public.life;
	Date since = 0;

	if (contract == NULL)
		return;
	life->life = contract_life(contract,
	    MAX(ticket->received, ticket->reopened), &since);
	if (life->life == CONTRACT_IN_FORCE)
		return;
	f->life_since = sla_date(since, language);
	life->since = f->life_since;
	life->manager = in->conf->manager_name;
	life->manager_address = in->conf->manager != NULL ? in->conf->manager
							  : in->conf->address;
}

/* What the mail in hand says, and of whom. */
static void
face_mail(Facing *f, const Occasion *o)
{
	ReplyInternal *i = &f->facts;
	const Situation *sit = &o->gathered->sit;

	if (sit->message->from->len > 0) {
		const Mailbox *from = sit->message->from->pdata[0];

		/* Some programs give no name; the contract knows one. */
		i->writer_name = *from->name != '\0' ? from->name
						     : f->writer.name;
		i->writer_address = from->address;
	}
	f->answers_to = message_answers_to(sit->message);
	f->sent_by = message_sent_by(sit->message);
	i->asks_answers_to = f->answers_to;
	i->sent_by = f->sent_by;
	i->who = sit->who;
	i->verified = sit->auth == AUTH_PASS;
	i->failed = sit->auth == AUTH_FAIL;
	i->proof = sit->auth_why != NULL ? sit->auth_why : "";
	/* What answers nothing of ours quotes nothing that is known here. */
	i->new_text = sit->candidate_count == 0 ? sit->message->text
						: sit->message->new_text;
	i->lines_cut = body_lines_cut(sit->message->text, i->new_text);
	if (i->lines_cut == 0 || f->writer.signature == NULL ||
	    o->signature_is_known)
		return;
	i->signature = f->writer.signature;
	i->lines_cut -= MIN(i->lines_cut, body_lines_cut(i->signature, ""));
}

/* What is next, as the queue has it. Its clocks stand there in any case; that it is
 * looked at again some day, where nobody waits, is no news. */
static void
face_awaits(Facing *f, const Occasion *o, const char *language,
    const Zone *zone)
{
	Awaits awaits = awaits_first(o->view);
	Milestone milestone;

	if (awaits.at == INSTANT_NONE || awaits.kind == AWAITS_REVIEW ||
	    awaits_milestone(awaits.kind, &milestone))
		return;
	f->awaits_at = sla_when(awaits.at, language, zone);
	f->facts.awaits = awaits;
	f->facts.awaits_at = f->awaits_at;
	f->facts.awaits_left = awaits.at - o->now;
}

/* What only the desk may know about the mail in hand. */
void
facing_inside(Facing *f, const Intake *in, const Occasion *o, Reason reason,
    const char *language)
{
	ReplyInternal *i = &f->facts;

	draft_facts_find(&f->writer, in, o, language,
	    zone_get(in->conf->zone, NULL));
	face_awaits(f, o, language, zone_get(in->conf->zone, NULL));
	i->reason = reason;
	i->state = o->view->ticket->state;
	i->assigned = o->view->ticket->assigned;
	i->answer_to = o->client.address;
	i->held = o->held;
	i->writer_name = i->writer_address = i->proof = "";
	i->new_text = i->your_text = "";
	i->failed_to = i->failed_reply = "";
	i->writer_function = f->writer.function;
	i->writer_phone = f->writer.phone;
	f->tag = reply_tag(o->view->ticket->number);
	f->buttons = reply_buttons(i->state, language,
	    in->conf->plus_addresses ? f->tag : NULL);
	i->buttons = f->buttons;
	i->proposed = f->writer.proposed;
	i->copied = f->writer.copied;
	i->not_copied = f->writer.not_copied;
	i->alert = f->writer.is_alert ? &f->writer.alert : NULL;
	f->to_map = alert_host_line(o->view->ticket);
	i->to_map = f->to_map;
	facing_life(f, in, o, language);
	if (o->gathered != NULL)
		face_mail(f, o);
}
