/* Orders about what a client waits for, and when somebody looks again. */
#include "order_private.h"

#include "guichet/base/text.h"
#include "guichet/ticket/awaits.h"

#define DAY            (24 * 3600)
#define LATER_DAYS_MAX 30          /* what is put off for longer is forgotten */
#define NEWS_DAYS_MAX  366         /* a later date is a slip of the pen */
#define NEWS_CLOCK     (18 * 3600) /* of a date alone: by then */
#define LATER_CLOCK    (9 * 3600)  /* of a date alone: from then on */

/* ---- reading ---- */

static bool
read_until(Order *order, char *const *words, const OrderReading *reading,
    int32_t clock, GError **error)
{
	g_autofree char *text = g_strjoinv(" ", (char **)words);

	if (!maintenance_order_time(text, reading->zone, reading->written,
		clock, &order->until))
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » n'est ni une heure ni une date : écrivez "
			"16:00, 2026-11-24 ou 24/11 16:00 (jour/mois)",
			"'%.40s' is neither a time nor a date: write 16:00, "
			"2026-11-24 or 24/11 16:00 (day/month)",
			text));
	if (order->until > reading->now)
		return true;
	return order_refuse(error,
	    text_in(reading->language, "« %.40s » est passé", "'%.40s' is past",
		text));
}

static bool
read_next(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	(void)line;
	return read_until(order, words, reading, NEWS_CLOCK, error);
}

static bool
read_later(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	(void)line;
	return read_until(order, words, reading, LATER_CLOCK, error);
}

/* ---- judging ---- */

static bool
check_reader(const OrderCase *c, GError **error)
{
	if (*c->client.address != '\0' && !c->client.is_program)
		return true;
	return order_refuse(error,
	    text_in(c->language,
		ORDER_NUMBER " n'a pas d'adresse à qui le promettre",
		ORDER_NUMBER " has no address to promise it to",
		c->ticket->number));
}

static bool
judge_next(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	if (!order_check_open(c, error) || !check_reader(c, error))
		return false;
	if (c->order->until > c->at + NEWS_DAYS_MAX * (Seconds)DAY)
		return order_refuse(error,
		    text_in(c->language,
			"c'est dans plus d'un an : vérifiez la date",
			"that is more than a year away: look at the date"));
	judgment_write(j, event_make_next(&stamp, c->order->until));
	/* Words that go out with it say it themselves. */
	if (!c->has_words)
		judgment_send(j, SEND_NEWS, c->ticket->number);
	return true;
}

static bool
judge_noanswer(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	if (ticket_unanswered(c->ticket) == INSTANT_NONE)
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " n'attend aucune réponse",
			ORDER_NUMBER " waits for no answer",
			c->ticket->number));
	judgment_write(j, event_make_answered(&stamp, ANSWERED_NONE));
	return true;
}

/* The first instant that is promised to anybody and still to come. Words that go
 * out with the order answer, and keep what news were promised. */
static Instant
first_due(const OrderCase *c)
{
	Instant due = c->has_words ? INSTANT_NONE : awaits_answer(c->view);

	for (guint i = 0; i < c->view->clocks->len; i++) {
		const SlaClock *clock = c->view->clocks->pdata[i];

		if (c->has_words && clock->milestone == MILESTONE_RESPONSE)
			continue;
		if (clock->state == SLA_RUNNING && clock->due != INSTANT_NONE &&
		    (due == INSTANT_NONE || clock->due < due))
			due = clock->due;
	}
	if (!c->has_words && ticket_owes_news(c->ticket) &&
	    (due == INSTANT_NONE || c->ticket->talk.next < due))
		due = c->ticket->talk.next;
	return due != INSTANT_NONE && due > c->at ? due : INSTANT_NONE;
}

static bool
judge_later(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);
	Instant due = first_due(c);
	g_autofree char *when = due != INSTANT_NONE
	    ? sla_when(due, c->language, c->zone)
	    : NULL;

	if (!order_check_open(c, error))
		return false;
	if (c->order->until > c->at + LATER_DAYS_MAX * (Seconds)DAY)
		return order_refuse(error,
		    text_in(c->language,
			"au plus %d jours : au-delà, un ticket est oublié",
			"at most %d days: beyond, a ticket is forgotten",
			LATER_DAYS_MAX));
	if (when != NULL && c->order->until > due)
		return order_refuse(error,
		    text_in(c->language, "une échéance tombe avant : le %s",
			"something is due before: %s", when));
	judgment_write(j, event_make_later(&stamp, c->order->until));
	return true;
}

/* ---- what is said of it ---- */

static char *
report_next(const OrderCase *c, const Decision *decision)
{
	g_autofree char *when = sla_when(c->order->until, c->language, c->zone);

	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : des nouvelles sont promises au client pour le %s.",
	    ORDER_NUMBER ": the client is promised news by %s.",
	    c->ticket->number, when);
}

static char *
report_noanswer(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : plus aucune réponse n'est attendue.",
	    ORDER_NUMBER ": no answer is due any more.", c->ticket->number);
}

static char *
report_later(const OrderCase *c, const Decision *decision)
{
	g_autofree char *when = sla_when(c->order->until, c->language, c->zone);

	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : rappel le %s.",
	    ORDER_NUMBER ": you are reminded on %s.", c->ticket->number, when);
}

const OrderRow order_row_next = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "next",
	.name_fr = "nouvelles",
	.usage = "16:00|DATE [TIME]",
	.usage_fr = "16:00|DATE [HEURE]",
	.command = "next N",
	.arguments = "TIME|DATE [TIME]",
	.min = 1,
	.max = 2,
	.wants = "when the client hears next: 16:00, or a date with or without "
		 "a time",
	.summary = "Promise the client news by then",
	.summary_fr = "Promettre au client des nouvelles d'ici là",
	.example = "2026-11-23 16:00",
	.read = read_next,
	.judge = judge_next,
	.report = report_next,
};

const OrderRow order_row_noanswer = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "noanswer",
	.name_fr = "sansreponse",
	.usage = "",
	.usage_fr = "",
	.command = "noanswer N",
	.arguments = "",
	.summary = "The client's mail asks for no answer",
	.summary_fr = "Le mail du client n'appelle pas de réponse",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_noanswer,
	.report = report_noanswer,
};

const OrderRow order_row_later = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "later",
	.name_fr = "plustard",
	.usage = "DATE [TIME]",
	.usage_fr = "DATE [HEURE]",
	.command = "later N",
	.arguments = "DATE [TIME]",
	.min = 1,
	.max = 2,
	.wants = "when to look again: a date with or without a time",
	.summary = "Be reminded of a ticket then; at most 30 days, and not "
		   "beyond what is due",
	.summary_fr = "Se faire rappeler le ticket ce jour-là ; au plus 30 "
		      "jours, et pas au-delà d'une échéance",
	.example = "2026-11-21 08:00",
	.read = read_later,
	.judge = judge_later,
	.report = report_later,
};
