/* Orders on what was held up: mails of ours, and mails on no ticket. */
#include "order_private.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"

static bool
judge_outbox(Judgment *j, const OrderCase *c, GError **error)
{
	bool again = c->order->kind == ORDER_OUTBOX_RETRY;
	gint64 id = c->order->number;
	Effect *effect;

	if (c->state == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"rien à envoyer n'a le numéro %" G_GINT64_FORMAT,
			"the outbox has no %" G_GINT64_FORMAT, id));
	if (outbox_state_is(c->state, OUTBOX_SENT) ||
	    outbox_state_is(c->state, OUTBOX_DROPPED))
		return order_refuse(error,
		    text_in(c->language, "%" G_GINT64_FORMAT " : déjà %s",
			"%" G_GINT64_FORMAT " is %s already", id, c->state));
	/* It may have been accepted already: the end will tell. */
	if (again &&
	    (outbox_state_is(c->state, OUTBOX_SENDING) ||
		outbox_state_is(c->state, OUTBOX_DOT)))
		return order_refuse(error,
		    text_in(c->language,
			"%" G_GINT64_FORMAT
			" est en cours d'envoi ; revoyez dans une minute",
			"%" G_GINT64_FORMAT
			" is being sent just now; look again in a minute",
			id));
	effect = judgment_effect(j,
	    again ? EFFECT_OUTBOX_AGAIN : EFFECT_OUTBOX_DROP);
	effect->id = id;
	return true;
}

/* A mail that a person may take off the heap. What is not decided yet would
 * become a ticket twice. */
static bool
check_aside(const OrderCase *c, GError **error)
{
	gint64 id = c->order->number;

	if (c->state == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"il n'y a pas de mail %" G_GINT64_FORMAT,
			"there is no mail %" G_GINT64_FORMAT, id));
	if (c->on_ticket != 0)
		return order_refuse(error,
		    text_in(c->language,
			"le mail %" G_GINT64_FORMAT
			" est déjà sur le ticket #%" G_GINT64_FORMAT,
			"mail %" G_GINT64_FORMAT
			" is on ticket #%" G_GINT64_FORMAT " already",
			id, c->on_ticket));
	if (!stored_state_is(c->state, STORED_DONE) &&
	    !stored_state_is(c->state, STORED_UNREADABLE))
		return order_refuse(error,
		    text_in(c->language,
			"le mail %" G_GINT64_FORMAT
			" est en cours de lecture ; revoyez dans une minute",
			"mail %" G_GINT64_FORMAT
			" is still being read; look again in a minute",
			id));
	return true;
}

/* A ticket for a mail that was on none; a person looked at it. */
static bool
judge_release(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = judgment_stamp(j, 0);
	EventOpening opening = { .kind = KIND_REQUEST,
		.rules = ruleset_hash(c->ruleset),
		.mailbox = c->mailbox,
		.source = OPENED_BY_MAIL };

	if (!check_aside(c, error))
		return false;
	judgment_write(j, event_make_opened(&stamp, &opening));
	judgment_message(j, 0, AUTHOR_STRANGER, false, false, NULL);
	return true;
}

static bool
judge_drop(Judgment *j, const OrderCase *c, GError **error)
{
	if (!check_aside(c, error))
		return false;
	judgment_file(j, LANE_DROPPED);
	return true;
}

static char *
report_outbox(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return c->order->kind == ORDER_OUTBOX_RETRY
	    ? text_in(c->language,
		  "%" G_GINT64_FORMAT " sera envoyé de nouveau.",
		  "%" G_GINT64_FORMAT " will be sent again.", c->order->number)
	    : text_in(c->language, "%" G_GINT64_FORMAT " ne sera pas envoyé.",
		  "%" G_GINT64_FORMAT " will not be sent.", c->order->number);
}

static char *
report_release(const OrderCase *c, const Decision *decision)
{
	const Effect *opened = decision->effects->pdata[0];

	return text_in(c->language,
	    "Le mail %" G_GINT64_FORMAT
	    " est maintenant le ticket " ORDER_NUMBER ".",
	    "Mail %" G_GINT64_FORMAT " is ticket " ORDER_NUMBER " now.",
	    c->order->number, opened->event->ticket);
}

static char *
report_drop(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    "Le mail %" G_GINT64_FORMAT " est mis de côté ; il reste stocké.",
	    "Mail %" G_GINT64_FORMAT " is out of the way; it stays stored.",
	    c->order->number);
}

const OrderRow order_row_outbox_retry = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_OUTBOX,
	.command = "outbox retry ID",
	.arguments = "",
	.summary = "Send a mail of ours again at once",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_outbox,
	.report = report_outbox,
};

const OrderRow order_row_outbox_drop = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_OUTBOX,
	.command = "outbox drop ID",
	.arguments = "",
	.summary = "Never send it",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_outbox,
	.report = report_outbox,
};

const OrderRow order_row_mail_release = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_MAIL,
	.command = "quarantine release MAIL",
	.arguments = "",
	.summary = "Make a ticket of a mail that is on none",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_release,
	.report = report_release,
};

const OrderRow order_row_mail_drop = {
	.doors = ORDER_BY_COMMANDS,
	.may = ORDER_MAY_MANAGER,
	.about = ORDER_ON_MAIL,
	.command = "quarantine drop MAIL",
	.arguments = "",
	.summary = "Take it out of the way; it stays stored",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_drop,
	.report = report_drop,
};
