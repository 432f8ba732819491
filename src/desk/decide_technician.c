/*
 * What a technician's mail may do (doc/security.md 2.3; doc/design.md 7). All
 * of identity, authentication, token and freshness, or nothing acts: the mail
 * is kept inside, marked, and he is told how at his enrolled address.
 */
#include "judgment_private.h"

#include "guichet/desk/refusal.h"
#include "guichet/desk/reply.h"
#include "guichet/mail/prescan.h"

#include <string.h>

#define REASON_FILES_LEFT   "files-left"
#define REASON_NO_RECIPIENT "no-recipient"

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

static bool
names_two_tickets(const Situation *sit, const Candidate *meant)
{
	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (c->link <= LINK_STORED_ID &&
		    c->ticket->number != meant->ticket->number)
			return true;
	}
	return false;
}

static bool
has_orders(const Situation *sit)
{
	return sit->orders != NULL && sit->orders->len > 0;
}

/* Why his mail may not act, a word the templates know; NULL if it may. */
static const char *
obstacle(const Situation *sit, const Candidate *meant)
{
	if (sit->auth != AUTH_PASS)
		return "not-authentic";
	switch (sit->token) {
	case TOKEN_ABSENT:
		return "no-token";
	case TOKEN_BAD:
	case TOKEN_LOST:
		return "bad-token";
	case TOKEN_EXPIRED:
		return "expired-token";
	case TOKEN_OK:
		break;
	}
	if (!sit->token_fits || sit->token_ticket != meant->ticket->number)
		return "other-token";
	if (sit->replayed)
		return "replayed";
	if (names_two_tickets(sit, meant))
		return "two-tickets";
	return NULL;
}

/* Whether not all that he attached can go along: his words speak of it, and
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

/* Whether his own words can be told from what he quotes. */
static const char *
text_obstacle(const Situation *sit)
{
	const char *text = sit->message->command_text;

	if (text == NULL)
		return "no-text";
	while (g_ascii_isspace(*text))
		text++;
	/* Beside orders, no text goes anywhere. */
	if (*text == '>' || (sit->answer_below && !has_orders(sit)))
		return "below-quotation";
	if (sit->commands->errors->len > 0)
		return "bad-command";
	if (sit->commands->commands->len == 0 && *sit->answer == '\0')
		return "no-text";
	return has_files_left(sit) ? REASON_FILES_LEFT : NULL;
}

static Event *
by_technician(Judgment *j, EventType type, gint64 ticket)
{
	Event *event = judgment_event(j, type, ticket);

	g_free(event->actor);
	event->actor = g_strdup_printf("technician:%s", j->sit->technician);
	return event;
}

static RefusalWay
way_of_refusal(const Situation *sit)
{
	return refusal_way(&sit->refusals, situation_proof(sit),
	    sit->words != NULL && *sit->words != '\0');
}

static void
refuse(Judgment *j, gint64 ticket, const char *reason)
{
	RefusalWay way = way_of_refusal(j->sit);
	Effect *effect;

	judgment_trace(j, "technician", "nothing done: %s", reason);
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
	effect->reason = g_strdup(reason);
}

static bool
resolves(const Situation *sit)
{
	return command_list_has(sit->commands, COMMAND_RESOLVE);
}

/* What does not go out meets nothing: words without an address to take them
 * are refused, and so is what they order. */
static bool
has_words_for_nobody(const Situation *sit)
{
	return sit->no_recipient && (*sit->answer != '\0' || !resolves(sit));
}

/* What was not sent, and why, stands on the ticket. */
static void
hold_back(Judgment *j, gint64 ticket)
{
	SendKind what = resolves(j->sit) ? SEND_RESOLUTION : SEND_REPLY;

	event_set(event_set(judgment_event(j, EVENT_HELD, ticket), "what",
		      send_kind_name(what)),
	    "reason", REASON_NO_RECIPIENT);
}

/* The order to resolve alone, where nobody outside waits for it: no answer, so
 * only the resolution itself meets what it meets. */
static void
resolve_silently(Judgment *j, const Ticket *ticket)
{
	gint64 number = ticket->number;
	Event *words = by_technician(j, EVENT_MESSAGE, number);

	event_set(words, "author", "technician");
	event_set(words, "visibility", "internal");
	event_set(words, "verified", "yes");
	if (!ticket_state_is_done(ticket->state))
		event_set(event_set(by_technician(j, EVENT_STATE, number),
			      "state", ticket_state_name(TICKET_RESOLVED)),
		    "by", "technician");
	judgment_trace(j, "technician",
	    "resolves #%" G_GINT64_FORMAT ": no client to tell", number);
}

/* His answer goes out on the client's thread and meets the response. */
static void
act(Judgment *j, const Ticket *ticket)
{
	bool done = resolves(j->sit);
	gint64 number = ticket->number;

	Event *words = by_technician(j, EVENT_MESSAGE, number);

	event_set(words, "author", "technician");
	event_set(words, "visibility", "public");
	event_set(words, "verified", "yes");
	if (ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		event_set(by_technician(j, EVENT_MET, number), "milestone",
		    milestone_name(MILESTONE_RESPONSE));
	if (*ticket->assigned == '\0')
		event_set(by_technician(j, EVENT_ASSIGNED, number), "who",
		    j->sit->technician);
	if (done && !ticket_state_is_done(ticket->state))
		event_set(event_set(by_technician(j, EVENT_STATE, number),
			      "state", ticket_state_name(TICKET_RESOLVED)),
		    "by", "technician");
	else if (!done && ticket->state == TICKET_NEW)
		event_set(event_set(by_technician(j, EVENT_STATE, number),
			      "state", ticket_state_name(TICKET_OPEN)),
		    "by", "technician");
	judgment_send(j, done ? SEND_RESOLUTION : SEND_REPLY, number);
	judgment_trace(j, "technician", "%s #%" G_GINT64_FORMAT,
	    done ? "resolves" : "answers", number);
}

/* ---- maintenance ---- */

/* A ticket that holds nothing but orders. */
#define ORDERS_TAG "maintenance"

static bool
is_orders_only(const Situation *sit)
{
	return has_orders(sit) && *sit->answer == '\0';
}

static bool
was_opened_by_orders(const Ticket *ticket)
{
	return g_ptr_array_find_with_equal_func(ticket->tags, ORDERS_TAG,
	    g_str_equal, NULL);
}

static char *
describe(const MaintenanceOrder *order)
{
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *from = instant_format(order->from);
	g_autofree char *to = instant_format(order->to);

	if (order->ends)
		return g_strdup_printf("number %" G_GINT64_FORMAT
				       " (%s, until %s) ends now",
		    order->number, target, to);
	return g_strdup_printf("%s is silent from %s to %s", target, from, to);
}

/*
 * All of his orders, or none: whatever could not be read or found is an error
 * of the list already. The mail is the desk's own business: nothing of it goes
 * to a client, and it is no answer to one.
 */
static void
carry_out(Judgment *j, const Ticket *ticket)
{
	const Situation *sit = j->sit;
	gint64 number = ticket->number;
	Event *words = by_technician(j, EVENT_MESSAGE, number);

	event_set(words, "author", "technician");
	event_set(words, "visibility", "internal");
	event_set(words, "verified", "yes");
	for (guint i = 0; i < sit->orders->len; i++) {
		g_autofree char *what = describe(sit->orders->pdata[i]);

		judgment_order(j, i, what);
	}
	if (is_orders_only(sit) && was_opened_by_orders(ticket) &&
	    !ticket_state_is_done(ticket->state))
		event_set(event_set(by_technician(j, EVENT_STATE, number),
			      "state", ticket_state_name(TICKET_RESOLVED)),
		    "by", "technician");
	judgment_send(j, SEND_CONFIRMATION, number)->technician = g_strdup(
	    sit->technician);
}

/* ---- without a ticket ---- */

/* Why a mail that answers none of ours that is known does not act; NULL if there
 * is nothing in it that could. */
static const char *
unproven(const Situation *sit)
{
	const CommandList *commands = sit->commands;
	const char *why;

	/* He answered what he took for a mail of ours: nobody got it. */
	if (sit->auth == AUTH_PASS &&
	    (sit->token == TOKEN_BAD || sit->token == TOKEN_LOST))
		return "bad-token";
	if (commands->commands->len == 0 && commands->errors->len == 0)
		return NULL;
	if (sit->auth != AUTH_PASS)
		return "not-authentic";
	why = text_obstacle(sit);
	if (why != NULL)
		return why;
	return has_orders(sit) ? "unconfirmed" : "no-token";
}

/*
 * Nothing but his domain is proven (doc/security.md 2.3: confirm). The mail
 * opens a ticket, as any does, and he gets the orders back at his enrolled
 * address in a mail of ours: only an answer to that one carries them out.
 */
static void
open_new(Judgment *j)
{
	const char *why = unproven(j->sit);
	Effect *notice;

	judgment_trace(j, "ticket", "none named: a new one");
	notice = judge_opening(j, "technician", false);
	if (why == NULL)
		return;
	if (is_orders_only(j->sit) && j->sit->auth == AUTH_PASS)
		event_set(judgment_event(j, EVENT_TAG, 0), "add", ORDERS_TAG);
	/* He is told once. */
	if (way_of_refusal(j->sit) == REFUSAL_TOLD)
		notice->technician = g_strdup(j->sit->technician);
	refuse(j, 0, why);
}

/* A copy with a better proof of what opened a ticket: it opens no second one,
 * but its orders can be confirmed now. */
static void
repeat_on_new(Judgment *j)
{
	const Situation *sit = j->sit;
	const char *why = unproven(sit);

	judgment_repeat(j);
	if (why != NULL && sit->auth == AUTH_PASS)
		refuse(j, sit->seen.ticket->number, why);
}

void
judge_technician(Judgment *j)
{
	const Candidate *meant = ticket_meant(j->sit);
	const char *why;

	if (meant == NULL && j->sit->seen.opened) {
		repeat_on_new(j);
		return;
	}
	if (meant == NULL) {
		open_new(j);
		return;
	}
	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by %s",
	    meant->ticket->number, link_name(meant->link));
	why = obstacle(j->sit, meant);
	if (why == NULL)
		why = text_obstacle(j->sit);
	if (why == NULL && has_orders(j->sit)) {
		carry_out(j, meant->ticket);
		return;
	}
	if (why == NULL && has_words_for_nobody(j->sit))
		why = REASON_NO_RECIPIENT;
	if (why == NULL && j->sit->no_recipient) {
		resolve_silently(j, meant->ticket);
		return;
	}
	if (why == NULL) {
		act(j, meant->ticket);
		return;
	}
	judgment_message(j, meant->ticket->number, "technician", false, false,
	    why);
	if (strcmp(why, REASON_NO_RECIPIENT) == 0)
		hold_back(j, meant->ticket->number);
	refuse(j, meant->ticket->number, why);
}
