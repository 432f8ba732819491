/*
 * What a technician's mail may do (doc/security.md 2.3; doc/design.md 7). All
 * of identity, authentication, token and freshness, or nothing acts: the mail
 * is kept inside, marked, and they are told how at their enrolled address.
 */
#include "decide_private.h"

#include "guichet/base/text.h"
#include "guichet/desk/reply.h"
#include "guichet/judgment/refusal.h"
#include "guichet/mail/prescan.h"
#include "guichet/order/order_case.h"
#include "guichet/ticket/awaits.h"
#include "guichet/ticket/ticket_estimate.h"

#include <string.h>

/* The ticket that the token, or else the answered mail, names. */
static const Candidate *
ticket_meant(const Situation *sit)
{
	for (gsize i = 0; i < sit->candidate_count; i++) {
		if (sit->candidates[i].link <= LINK_STORED_ID)
			return &sit->candidates[i];
	}
	/* A colleague's tag is as good a hint as any where nothing acts. */
	return sit->candidate_count > 0 ? &sit->candidates[0] : NULL;
}

/* Whether what stands below the orders stays inside. */
static bool
keeps_inside(const Situation *sit)
{
	return command_list_keeps_inside(sit->commands);
}

/* Whether it orders nothing of a ticket. */
static bool
is_about_no_ticket(const Situation *sit)
{
	const GPtrArray *commands = sit->commands->commands;

	for (guint i = 0; i < commands->len; i++) {
		const Command *command = commands->pdata[i];

		if (order_row(command->order)->about == ORDER_ON_TICKET)
			return false;
	}
	return commands->len > 0;
}

/* Whether not all that they attached can go along: their words speak of it, and
 * without it they would be false. */
static bool
has_files_left(const Situation *sit)
{
	g_autoptr(GPtrArray) files = reply_files(sit->message,
	    sit->policy->forward_bytes, true, NULL);

	if (g_strv_contains((const char *const *)sit->message->defects,
		DEFECT_PARTIAL))
		return true;
	for (guint i = 0; i < files->len; i++) {
		const ReplyFile *file = files->pdata[i];

		if (file->fate != REPLY_FILE_SENT)
			return true;
	}
	return false;
}

/* Whether their own words can be told from what they quote. */
static Reason
text_obstacle(const Situation *sit)
{
	const char *text = sit->message->command_text;

	/* A page without plain text beside it orders nothing, but may answer. */
	if (text == NULL)
		text = sit->message->text;
	while (g_ascii_isspace(*text))
		text++;
	/* Beside orders, no text goes anywhere. */
	if ((*text == '>' && !sit->answer_is_low) ||
	    (sit->answer_below && !keeps_inside(sit)))
		return REASON_BELOW_QUOTATION;
	if (sit->commands->errors->len > 0)
		return REASON_BAD_COMMAND;
	if (sit->commands->commands->len == 0 && *sit->answer == '\0')
		return REASON_NO_TEXT;
	return has_files_left(sit) ? REASON_FILES_LEFT : REASON_NONE;
}

/* What an event of their doing is made with. */
static EventStamp
stamp_of(const Judgment *j, gint64 ticket)
{
	EventStamp stamp = judgment_stamp(j, ticket);

	stamp.technician = j->sit->technician;
	return stamp;
}

RefusalWay
decide_refusal_way(const Situation *sit)
{
	return refusal_way(&sit->refusals, situation_proof(sit),
	    sit->words != NULL && *sit->words != '\0');
}

/* `errors`, which may be NULL, say what is wrong with which line. */
static void
refuse(Judgment *j, gint64 ticket, Reason reason, GPtrArray *errors)
{
	RefusalWay way = decide_refusal_way(j->sit);
	Effect *effect;

	judgment_trace(j, "technician", "nothing done: %s",
	    reason_name(reason));
	if (way == REFUSAL_SILENT) {
		judgment_trace(j, "technician", "told often enough already");
		return;
	}
	if (way == REFUSAL_LISTED)
		judgment_trace(j, "technician",
		    "told within the hour, with others");
	effect = judgment_send(j, SEND_REFUSAL, ticket);
	effect->listed = way == REFUSAL_LISTED;
	effect->technician = g_strdup(j->sit->technician);
	effect->reason = reason;
	if (errors != NULL)
		effect->lines = g_ptr_array_ref(errors);
}

/* What their mail would do is told to them, and waits for their word. */
static void
park(Judgment *j, gint64 ticket, Reason reason)
{
	Reason why = decide_parked_refusal(j->sit);

	if (why != REASON_NONE)
		refuse(j, ticket, why, NULL);
	else if (decide_refusal_way(j->sit) == REFUSAL_SILENT)
		judgment_trace(j, "technician", "told often enough already");
	else
		decide_parked_challenge(j, ticket, reason);
}

static void
refuse_or_park(Judgment *j, gint64 ticket, Reason why, GPtrArray *errors)
{
	if (why == REASON_UNCONFIRMED || why == REASON_CROSSED)
		park(j, ticket, why);
	else
		refuse(j, ticket, why, errors);
}

static bool
resolves(const Situation *sit)
{
	return command_list_has(sit->commands, ORDER_RESOLVE);
}

/* Whether the mail that an order sends has their words in it: a resolution, an
 * estimate to the ticket's own client. */
static bool
has_carrier(const Situation *sit)
{
	for (guint i = 0; i < sit->orders->len; i++) {
		const OrderCase *c = sit->orders->pdata[i];

		if (c->order->kind == ORDER_ESTIMATE && order_tells_client(c))
			return *sit->answer == '\0' ||
			    ticket_estimate_is_over(c->view, c->order->minutes,
				NULL) ||
			    g_strcmp0(ticket_estimate_approver(c->view,
					  c->client.address, c->ruleset),
				c->client.address) == 0;
	}
	return resolves(sit);
}

/* What does not go out meets nothing: words without an address to take them
 * are refused, and so is what stands above them. */
static bool
has_words_for_nobody(const Situation *sit)
{
	return sit->no_recipient && *sit->answer != '\0';
}

/* Words to a supplier, with the desk in copy, are not the client's to read
 * (doc/security.md, T18), and what they did not get met nothing. */
static bool
has_words_for_others(const Situation *sit)
{
	return sit->speaks_to_others && *sit->answer != '\0';
}

/* What was not sent, and why, stands on the ticket. */
static void
hold_back(Judgment *j, gint64 ticket)
{
	SendKind what = resolves(j->sit) ? SEND_RESOLUTION : SEND_REPLY;

	judgment_held(j, ticket, what, HELD_NO_RECIPIENT);
}

/* ---- what acts ---- */

/* A ticket that holds nothing but orders. */
#define ORDERS_TAG "maintenance"

static bool
is_orders_only(const Situation *sit)
{
	return is_about_no_ticket(sit) && *sit->inside == '\0' &&
	    sit->commands->errors->len == 0;
}

static bool
was_opened_by_orders(const Ticket *ticket)
{
	return ticket_has_tag(ticket, ORDERS_TAG);
}

/* Whether something of the mail is said to the client. */
static bool
speaks_to_client(const Situation *sit)
{
	if (keeps_inside(sit))
		return false;
	if (*sit->answer != '\0')
		return true;
	for (guint i = 0; i < sit->orders->len; i++) {
		if (order_tells_client(sit->orders->pdata[i]))
			return true;
	}
	return false;
}

/* Their answer goes out on the client's thread and meets the response. */
static void
answer(Judgment *j, const Ticket *ticket)
{
	gint64 number = ticket->number;
	EventStamp stamp = stamp_of(j, number);

	if (ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		judgment_write(j, event_make_met(&stamp, MILESTONE_RESPONSE));
	if (*ticket->assigned == '\0')
		judgment_write(j,
		    event_make_assigned(&stamp, j->sit->technician));
	if (ticket->state == TICKET_NEW)
		judgment_write(j,
		    event_make_state(&stamp, TICKET_OPEN, MOVED_BY_TECHNICIAN));
	judgment_send(j, SEND_REPLY, number)->speaker = j->sit->technician;
	judgment_trace(j, "technician", "answers #%" G_GINT64_FORMAT, number);
}

/* The plan may say when the client hears next, where their orders do not, and
 * neither end it nor wait. */
static void
promise_news(Judgment *j, const Candidate *meant)
{
	static const OrderKind own[] = { ORDER_NEXT, ORDER_WAIT, ORDER_RESOLVE,
		ORDER_CLOSE, ORDER_ESTIMATE };
	Instant news = awaits_news_after(meant->view, j->sit->received);
	EventStamp stamp = stamp_of(j, meant->ticket->number);

	for (gsize k = 0; k < G_N_ELEMENTS(own); k++) {
		if (command_list_has(j->sit->commands, own[k]))
			return;
	}
	if (news != INSTANT_NONE)
		judgment_write(j, event_make_next(&stamp, news));
}

/* Folds in what the decision holds from there on. */
static void
follow(Ticket *ticket, const Decision *decision, guint from)
{
	for (guint i = from; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL &&
		    effect->event->ticket == ticket->number)
			ticket_apply(ticket, effect->event);
	}
}

/* A copy of the ticket that their orders are about; NULL: of none. */
static Ticket *
copy_ordered(const Situation *sit)
{
	for (guint i = 0; i < sit->orders->len; i++) {
		const OrderCase *c = sit->orders->pdata[i];

		if (c->ticket != NULL)
			return ticket_copy(c->ticket);
	}
	return NULL;
}

/* Judges all their orders, each on the ticket as those above it leave it; what is
 * wrong with which is left in `errors`. `from`: the first effect of the mail. */
static void
give_orders(Judgment *j, guint from, GPtrArray *errors)
{
	const Situation *sit = j->sit;
	const char *language = sit->commands->language;
	g_autoptr(Ticket) then = copy_ordered(sit);

	for (guint i = 0; i < sit->orders->len; i++) {
		const OrderCase *c = sit->orders->pdata[i];
		OrderCase here = *c;
		g_autoptr(GError) wrong = NULL;

		if (c->ticket != NULL) {
			follow(then, j->decision, from);
			from = j->decision->effects->len;
			here.ticket = then;
		}
		if (!order_judge_within(j, &here, &wrong))
			g_ptr_array_add(errors,
			    text_in(language, "ligne %d : #%s : %s",
				"line %d: #%s: %s", c->order->line,
				c->order->name, wrong->message));
	}
}

/* What their orders would meet, were they given now. */
static bool
has_wrong_orders(Judgment *j, GPtrArray *errors)
{
	guint effects = j->decision->effects->len;
	guint lines = j->decision->trace->len;

	give_orders(j, effects, errors);
	g_ptr_array_set_size(j->decision->effects, (gint)effects);
	g_ptr_array_set_size(j->decision->trace, (gint)lines);
	return errors->len > 0;
}

/* A ticket that was only there for the orders is done with them. */
static void
end_orders(Judgment *j, const Ticket *ticket)
{
	EventStamp stamp = stamp_of(j, ticket->number);

	if (is_orders_only(j->sit) && was_opened_by_orders(ticket) &&
	    !ticket_state_is_done(ticket->state))
		judgment_write(j,
		    event_make_state(&stamp, TICKET_RESOLVED,
			MOVED_BY_TECHNICIAN));
}

/* What each order has done; those of maintenance are told in more words, once
 * they have their numbers. */
static void
confirm(Judgment *j, const Ticket *ticket)
{
	const Situation *sit = j->sit;
	bool told_client = order_told_client(j->decision);
	Effect *told = judgment_send(j, SEND_CONFIRMATION, ticket->number);

	told->technician = g_strdup(sit->technician);
	told->told = told_client;
	told->lines = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < sit->orders->len; i++) {
		const OrderCase *c = sit->orders->pdata[i];

		if (c->order->maintenance == NULL)
			g_ptr_array_add(told->lines,
			    order_report(c, j->decision));
	}
	if (*sit->answer != '\0' && !sit->client_has_it)
		g_ptr_array_add(told->lines,
		    text_in(sit->commands->language,
			"Le texte sous les commandes part au client.",
			"The text below the commands goes to the client."));
	if (sit->client_has_it && *sit->answer != '\0')
		g_ptr_array_add(told->lines,
		    text_in(sit->commands->language,
			"Le client a votre texte de vous-même (À, Cc) : il ne "
			"lui est pas renvoyé. Sa réponse peut vous arriver à "
			"vous seul.",
			"The client has your text from you (To, Cc): it is not "
			"sent to them again. Their answer may come to you "
			"alone."));
	else if (told_client && sit->policy->answers_wait > 0)
		g_ptr_array_add(told->lines,
		    text_in(sit->commands->language,
			"Ce que lit le client part %d s après votre mail ; "
			"répondez #arreter à celui-ci pour le reprendre.",
			"What the client reads leaves %d s after your mail; "
			"answer #stop to this one to take it back.",
			(int)sit->policy->answers_wait));
}

/* An order to resolve, alone, is told by what the client reads, where there is
 * one; words alone are their own transcript, unless they do not go out. */
static bool
needs_transcript(const Situation *sit)
{
	guint orders = sit->orders->len;

	return orders > 1 ||
	    (orders == 1 && !(resolves(sit) && speaks_to_client(sit))) ||
	    (sit->client_has_it && *sit->answer != '\0');
}

/*
 * All of their orders and words, or none. What the orders have done they read in a
 * transcript, with the ticket as it is then.
 */
static Reason
act(Judgment *j, const Candidate *meant, GPtrArray *errors)
{
	const Situation *sit = j->sit;
	const Ticket *ticket = meant->ticket;
	guint before = j->decision->effects->len;
	bool speaks = speaks_to_client(sit);
	EventStamp stamp = stamp_of(j, ticket->number);
	Event *said;

	said = judgment_write(j,
	    event_make_message(&stamp, AUTHOR_TECHNICIAN,
		speaks ? VISIBILITY_PUBLIC : VISIBILITY_INTERNAL, true, NULL));
	if (sit->button != 0)
		event_set(said, EVENT_BUTTON, sit->button_press);
	if (speaks && !has_carrier(sit))
		answer(j, ticket);
	if (speaks)
		promise_news(j, meant);
	give_orders(j, before, errors);
	if (errors->len > 0) {
		g_ptr_array_set_size(j->decision->effects, (gint)before);
		return REASON_BAD_COMMAND;
	}
	/* What follows from an order happened with it. */
	if (sit->orders->len > 0)
		j->decision->at = sit->received;
	end_orders(j, ticket);
	order_tell_colleagues(j, ticket,
	    &(OrderTold){ sit->technician, sit->orders,
		*sit->answer != '\0' ? sit->answer : sit->inside, 0 });
	if (needs_transcript(sit))
		confirm(j, ticket);
	return REASON_NONE;
}

/* ---- without a ticket ---- */

/* Why a mail that answers none of ours that is known does not act; REASON_NONE if there
 * is nothing in it that could. */
static Reason
unproven(const Situation *sit)
{
	const CommandList *commands = sit->commands;
	Reason why;

	/* They answered what they took for a mail of ours: nobody got it. */
	if (sit->auth == AUTH_PASS &&
	    (sit->token == TOKEN_BAD || sit->token == TOKEN_LOST))
		return REASON_BAD_TOKEN;
	if (commands->commands->len == 0 && commands->errors->len == 0)
		return REASON_NONE;
	why = decide_parked_unasked(sit);
	if (why == REASON_NONE)
		why = text_obstacle(sit);
	if (why != REASON_NONE)
		return why;
	return is_about_no_ticket(sit) ? REASON_UNCONFIRMED : REASON_NO_TOKEN;
}

/*
 * Nothing but their domain is proven (doc/security.md 2.3: confirm). The mail
 * opens a ticket, as any does, and its orders are parked.
 */
static void
open_new(Judgment *j)
{
	Reason why = unproven(j->sit);
	Effect *notice;

	judgment_trace(j, "ticket", "none named: a new one");
	notice = decide_opening(j, AUTHOR_TECHNICIAN, false);
	if (why == REASON_NONE)
		return;
	if (is_orders_only(j->sit) && j->sit->auth == AUTH_PASS)
		judgment_tag(j, 0, ORDERS_TAG);
	/* They are told once. */
	if (decide_refusal_way(j->sit) == REFUSAL_TOLD)
		notice->technician = g_strdup(j->sit->technician);
	refuse_or_park(j, 0, why, NULL);
}

/* A copy with a better proof of what opened a ticket: it opens no second one,
 * but its orders can be confirmed now. */
static void
repeat_on_new(Judgment *j)
{
	const Situation *sit = j->sit;
	Reason why = unproven(sit);

	judgment_repeat(j);
	if (why != REASON_NONE && sit->auth == AUTH_PASS)
		refuse_or_park(j, sit->seen.ticket->number, why, NULL);
}

/* Why nothing of it is done on that ticket, or REASON_NONE: it is. */
static Reason
try(Judgment *j, const Candidate *meant, GPtrArray *errors)
{
	const Situation *sit = j->sit;
	Reason proof = decide_parked_obstacle(sit, meant);
	Reason why = proof;

	if (why == REASON_NONE || why == REASON_UNCONFIRMED)
		why = text_obstacle(sit);
	if (why == REASON_NONE && has_words_for_nobody(sit))
		why = REASON_NO_RECIPIENT;
	if (why == REASON_NONE && has_words_for_others(sit))
		why = REASON_TO_OTHERS;
	if (why != REASON_NONE)
		return why;
	if (proof == REASON_NONE && decide_parked_is_crossed(sit))
		proof = REASON_CROSSED;
	if (proof == REASON_NONE)
		return act(j, meant, errors);
	/* What cannot be done is said at once, not when it is confirmed. */
	return has_wrong_orders(j, errors) ? REASON_BAD_COMMAND : proof;
}

static void
judge_on_ticket(Judgment *j, const Candidate *meant)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	gint64 ticket = meant->ticket->number;
	Reason why;

	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by %s", ticket,
	    link_kind_name(meant->link));
	why = try(j, meant, errors);
	if (why == REASON_NONE)
		return;
	if (why == REASON_CROSSED)
		decide_parked_hold(j, meant->ticket);
	else
		judgment_message(j, ticket, AUTHOR_TECHNICIAN, false, false,
		    reason_name(why));
	if (why == REASON_NO_RECIPIENT)
		hold_back(j, ticket);
	refuse_or_park(j, ticket, why, errors);
}

/* Of a mail on a ticket, or of one to the desk itself. */
static void
answer_challenge(Judgment *j)
{
	gint64 ticket = j->sit->confirm_ticket;
	Reason why = decide_parked_answer(j, ticket);

	if (why != REASON_NONE)
		refuse(j, ticket, why, NULL);
}

void
decide_technician(Judgment *j)
{
	const Candidate *meant = ticket_meant(j->sit);

	if (decide_parked_is_answer(j->sit))
		answer_challenge(j);
	else if (decide_desk(j))
		return;
	else if (meant != NULL)
		judge_on_ticket(j, meant);
	else if (j->sit->seen.opened)
		repeat_on_new(j);
	else
		open_new(j);
}
