/* What colleagues read of orders and answers that others gave. */
#include "order_private.h"

#include <string.h>

/* Whether anybody but who did it has, or had, a part in the ticket, or is just
 * being given one. */
static bool
has_colleague(const Judgment *j, const Ticket *ticket, const char *technician)
{
	for (guint i = 0; i < ticket->part->len; i++) {
		if (g_strcmp0(ticket->part->pdata[i], technician) != 0)
			return true;
	}
	for (guint i = 0; i < j->decision->effects->len; i++) {
		const Effect *effect = j->decision->effects->pdata[i];
		const Event *event = effect->event;

		if (event != NULL && event->type == EVENT_ASSIGNED &&
		    event->ticket == ticket->number &&
		    *event_text(event, "who") != '\0' &&
		    g_strcmp0(event_text(event, "who"), technician) != 0)
			return true;
	}
	return false;
}

bool
order_told_client(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND &&
		    !send_kind_is_internal(effect->send))
			return true;
	}
	return false;
}

/* Those of maintenance are of no ticket, and told to who gave them. */
static GPtrArray *
reports(const GPtrArray *orders, const Decision *decision, const char *language)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; orders != NULL && i < orders->len; i++) {
		OrderCase c = *(const OrderCase *)orders->pdata[i];

		c.language = language;
		if (c.order->maintenance == NULL)
			g_ptr_array_add(lines, order_report(&c, decision));
	}
	return lines;
}

/* All that was written, to the client or inside: what stands in the lines of
 * the orders, then what stands below them. NULL: nothing. */
static char *
words_of(const OrderTold *told)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();

	for (guint i = 0; told->orders != NULL && i < told->orders->len; i++) {
		const OrderCase *c = told->orders->pdata[i];

		if (order_row(c->order->kind)->is_text &&
		    *c->order->text != '\0')
			g_ptr_array_add(words, c->order->text);
	}
	if (told->words != NULL && *told->words != '\0')
		g_ptr_array_add(words, (gpointer)told->words);
	g_ptr_array_add(words, NULL);
	return words->len > 1 ? g_strjoinv("\n\n", (char **)words->pdata)
			      : NULL;
}

static void
tell(Judgment *j, const Ticket *ticket, const OrderTold *told)
{
	Effect *notice;

	if (!has_colleague(j, ticket, told->technician))
		return;
	notice = judgment_notify(j, ticket->number, REASON_COLLEAGUE);
	notice->technician = g_strdup(told->technician);
	notice->at = told->at;
	notice->told = order_told_client(j->decision);
	notice->words = words_of(told);
	notice->lines = reports(told->orders, j->decision, "en");
	notice->lines_fr = reports(told->orders, j->decision, "fr");
}

void
order_tell_colleagues(Judgment *j, const Ticket *ticket, const OrderTold *told)
{
	tell(j, ticket, told);
	for (guint i = 0; told->orders != NULL && i < told->orders->len; i++) {
		const OrderCase *c = told->orders->pdata[i];

		if (c->other != NULL)
			tell(j, c->other->ticket, told);
	}
}
