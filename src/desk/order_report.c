/* What is said of an order once it is done. */
#include "order_private.h"

#include "guichet/base/text.h"

#include <string.h>

char *
order_report(const OrderCase *c, const Decision *decision)
{
	return order_row(c->order->kind)->report(c, decision);
}

bool
order_has_met(const Decision *decision, Milestone milestone)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL && effect->event->type == EVENT_MET &&
		    strcmp(event_text(effect->event, "milestone"),
			milestone_name(milestone)) == 0)
			return true;
	}
	return false;
}

bool
order_has_reopened(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL &&
		    effect->event->type == EVENT_STATE &&
		    *event_text(effect->event, "anew") != '\0')
			return true;
	}
	return false;
}

/* An order that only records what happened, by its own last word. */
char *
order_report_recorded(const OrderCase *c, const Decision *decision)
{
	const char *word = strrchr(order_row(c->order->kind)->command, ' ');

	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : %s est noté.",
	    ORDER_NUMBER ": %s recorded.", c->ticket->number, word + 1);
}
