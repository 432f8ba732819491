/* Orders that record what was worked, estimated, lost and learned. */
#include "order_private.h"

#include "guichet/base/text.h"

/* The event, and the order's text where it has any, kept with it. */
static void
write_kept(Judgment *j, const OrderCase *c, Event *take_event)
{
	const GPtrArray *effects = j->decision->effects;
	Effect *effect;

	judgment_write(j, take_event);
	effect = effects->pdata[effects->len - 1];
	if (*c->order->text != '\0')
		effect->note = g_strdup(c->order->text);
}

static bool
judge_time(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);
	const char *who = c->technician != NULL ? c->technician : c->manager;

	(void)error;
	write_kept(j, c,
	    event_make_time(&stamp, c->order->minutes,
		who != NULL ? who : "manager"));
	return true;
}

static bool
judge_estimate(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	(void)error;
	write_kept(j, c, event_make_estimate(&stamp, c->order->minutes));
	return true;
}

static bool
judge_rpo(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	(void)error;
	write_kept(j, c, event_make_rpo(&stamp, c->order->minutes));
	return true;
}

static bool
judge_debrief(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	(void)error;
	write_kept(j, c, event_make_debrief(&stamp));
	return true;
}

static char *
report_time(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : %d:%02d de travail noté.",
	    ORDER_NUMBER ": %d:%02d of work recorded.", c->ticket->number,
	    c->order->minutes / 60, c->order->minutes % 60);
}

static char *
report_estimate(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : estimé à %d:%02d.",
	    ORDER_NUMBER ": estimated at %d:%02d.", c->ticket->number,
	    c->order->minutes / 60, c->order->minutes % 60);
}

static char *
report_rpo(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : %d min de données perdues.",
	    ORDER_NUMBER ": %d min of data lost.", c->ticket->number,
	    c->order->minutes);
}

static char *
report_debrief(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : le bilan est noté.",
	    ORDER_NUMBER ": the debriefing is recorded.", c->ticket->number);
}

const OrderRow order_row_time = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "time",
	.name_fr = "temps",
	.usage = "0:25 [TEXT]",
	.usage_fr = "0:25 [TEXTE]",
	.command = "time N",
	.arguments = "0:25 [TEXT...]",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "a time: 0:25, 25m or 1h",
	.summary = "Record time spent on it; TEXT stays inside",
	.summary_fr = "Noter le temps passé ; TEXTE reste interne",
	.example = "0:25 The cable.",
	.read = order_read_time,
	.judge = judge_time,
	.report = report_time,
};

const OrderRow order_row_estimate = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "estimate",
	.name_fr = "estimer",
	.usage = "2h",
	.usage_fr = "2h",
	.command = "estimate N",
	.arguments = "2h",
	.min = 1,
	.max = 1,
	.wants = "a time: 2h, 1:30 or 45m",
	.summary = "Record how long the work is thought to take",
	.summary_fr = "Noter combien de temps le travail prendra",
	.example = "2h",
	.read = order_read_minutes,
	.judge = judge_estimate,
	.report = report_estimate,
};

const OrderRow order_row_rpo = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "rpo",
	.name_fr = "perte",
	.usage = "10m",
	.usage_fr = "10m",
	.command = "rpo N",
	.arguments = "10m",
	.min = 1,
	.max = 1,
	.wants = "a time: 10m, 1:30 or 0m",
	.summary = "State how much data was lost, in time",
	.summary_fr = "Dire combien de données sont perdues, en temps",
	.example = "10m",
	.read = order_read_minutes,
	.judge = judge_rpo,
	.report = report_rpo,
};

const OrderRow order_row_debrief = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "debrief",
	.name_fr = "bilan",
	.usage = "TEXT",
	.usage_fr = "TEXTE",
	.command = "debrief N",
	.arguments = "TEXT...",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "the words of the debriefing, or - to read them",
	.summary = "What an incident has taught, for the report",
	.summary_fr = "Ce que l'incident apprend, pour le rapport",
	.example = "The cable was worn.",
	.read = order_read_needed_text,
	.judge = judge_debrief,
	.report = report_debrief,
};
