/*
 * A technician's orders of no ticket (doc/security.md 2.3). They act with any
 * live token of theirs, a ticket's or the desk's own; what they read goes to the
 * enrolled address and nowhere else. Without a token they are parked as any
 * others (decide_parked.c).
 */
#include "decide_private.h"

#include "guichet/base/text.h"
#include "guichet/order/order_case.h"

#include <string.h>

/* Whether the order is the desk's where its own token was answered; those of
 * maintenance otherwise belong to the ticket that was. */
static bool
is_of_desk(OrderKind kind, bool token_is_desk)
{
	OrderAbout about = order_row(kind)->about;

	return about == ORDER_ON_DESK ||
	    (token_is_desk && about == ORDER_ON_MAINTENANCE);
}

/* Whether the mail is for the desk and about no ticket. */
static bool
is_for_desk(const Situation *sit)
{
	const GPtrArray *commands = sit->commands->commands;

	if (sit->token_is_desk && sit->token == TOKEN_OK && sit->token_fits)
		return true;
	for (guint i = 0; i < commands->len; i++) {
		const Command *command = commands->pdata[i];

		if (order_row(command->order)->about == ORDER_ON_DESK)
			return true;
	}
	return false;
}

/* What is wrong with one of the orders. */
static void
add_error(Judgment *j, GPtrArray *errors, const Order *order, const char *what)
{
	g_ptr_array_add(errors,
	    text_in(j->sit->commands->language, "ligne %d : #%s : %s",
		"line %d: #%s: %s", order->line, order->name, what));
}

static void
give_order(Judgment *j, const OrderCase *c, GPtrArray *errors)
{
	g_autoptr(GError) wrong = NULL;
	g_autofree char *elsewhere = text_in(j->sit->commands->language,
	    "elle porte sur un ticket : répondez à un avis de ce ticket",
	    "it is about a ticket: answer a notice of that ticket");

	if (!is_of_desk(c->order->kind, j->sit->token_is_desk))
		add_error(j, errors, c->order, elsewhere);
	else if (!order_judge_within(j, c, &wrong))
		add_error(j, errors, c->order, wrong->message);
}

/* All of them, or none; `errors` say which is wrong. */
static bool
give_orders(Judgment *j, GPtrArray *errors)
{
	const Situation *sit = j->sit;
	guint before = j->decision->effects->len;

	for (guint i = 0; i < sit->commands->errors->len; i++)
		g_ptr_array_add(errors,
		    g_strdup(sit->commands->errors->pdata[i]));
	for (guint i = 0; i < sit->orders->len; i++)
		give_order(j, sit->orders->pdata[i], errors);
	if (errors->len == 0 && sit->orders->len == 0)
		g_ptr_array_add(errors,
		    text_in(sit->commands->language,
			"aucune commande : #aide les dit toutes",
			"no command: #help tells them all"));
	if (errors->len == 0)
		return true;
	g_ptr_array_set_size(j->decision->effects, (gint)before);
	return false;
}

static void
answer(Judgment *j, SendKind kind, Reason why, GPtrArray *lines)
{
	Effect *effect = judgment_send(j, kind, 0);

	effect->desk = true;
	effect->technician = g_strdup(j->sit->technician);
	effect->reason = why;
	effect->lines = lines != NULL ? g_ptr_array_ref(lines) : NULL;
}

static void
refuse(Judgment *j, Reason why, GPtrArray *errors)
{
	RefusalWay way = decide_refusal_way(j->sit);

	judgment_trace(j, "desk", "nothing done: %s", reason_name(why));
	if (way == REFUSAL_SILENT) {
		judgment_trace(j, "desk", "told often enough already");
		return;
	}
	answer(j, SEND_REFUSAL, why, errors);
	if (way == REFUSAL_LISTED) {
		Effect *last =
		    j->decision->effects->pdata[j->decision->effects->len - 1];

		last->listed = true;
	}
}

/* What can be confirmed is asked of who wrote it; what is wrong with it comes then. */
static void
refuse_or_park(Judgment *j, Reason why)
{
	Reason full = decide_parked_refusal(j->sit);

	if (why != REASON_UNCONFIRMED)
		refuse(j, why, NULL);
	else if (full != REASON_NONE)
		refuse(j, full, NULL);
	else if (decide_refusal_way(j->sit) != REFUSAL_SILENT)
		decide_parked_challenge(j, 0, why)->desk = true;
}

bool
decide_desk(Judgment *j)
{
	const Situation *sit = j->sit;
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	Reason why;

	/* A mail that anybody may have sent reads nothing, and is judged with
	 * what it was sent to. */
	if (sit->auth != AUTH_PASS || !is_for_desk(sit))
		return false;
	why = decide_parked_desk(sit);
	if (why != REASON_NONE) {
		judgment_file(j, LANE_PARKED);
		refuse_or_park(j, why);
		return true;
	}
	judgment_file(j, LANE_ORDER);
	if (!give_orders(j, errors)) {
		refuse(j, REASON_BAD_COMMAND, errors);
		return true;
	}
	j->decision->at = sit->received;
	answer(j, SEND_CONFIRMATION, REASON_NONE, NULL);
	judgment_trace(j, "desk", "answers %s", sit->technician);
	return true;
}
