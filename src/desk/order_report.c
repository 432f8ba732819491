/* What is said of an order once it is done. */
#include "order_private.h"

#include "guichet/base/text.h"

#include <string.h>

char *
order_report(const OrderCase *c, const Decision *decision)
{
	return order_row(c->order->kind)->report(c, decision);
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
