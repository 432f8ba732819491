/* What a notice offers to do by one line, or one touch of a link. */
#include "guichet/desk/reply.h"
#include "guichet/order/order.h"

#include "guichet/base/text.h"

/* An order of the table by its name; one that is not there is not offered. */
typedef struct {
	const char *name, *argument, *argument_fr;
	const char *label, *label_fr;
	bool when_done; /* of a ticket that is resolved or closed */
} Offer;

static const Offer offers[] = {
	{ "take", "", "", "I take it", "Je prends", false },
	{ "wait", "customer", "client", "Wait for the client",
	    "Attendre le client", false },
	{ "resolve", "", "", "Resolved", "Résolu", false },
	{ "time", "0:15", "0:15", "+15 min", "+15 min", false },
	{ "assign", "me", "moi", "Assign to me", "M'attribuer", false },
	{ "reopen", "", "", "Reopen", "Rouvrir", true },
};

static void
button_free(gpointer data)
{
	ReplyButton *button = data;

	g_free(button->order);
	g_free(button->link);
	g_free(button);
}

static ReplyButton *
button_new(const Offer *offer, const OrderRow *row, const char *language)
{
	bool french = text_is_french(language);
	const char *name = french && row->name_fr != NULL ? row->name_fr
							  : row->name;
	const char *argument = french ? offer->argument_fr : offer->argument;
	ReplyButton *button = g_new0(ReplyButton, 1);

	button->label = french ? offer->label_fr : offer->label;
	button->order = *argument != '\0'
	    ? g_strdup_printf("#%s %s", name, argument)
	    : g_strdup_printf("#%s", name);
	return button;
}

GPtrArray *
reply_buttons(TicketState state, const char *language)
{
	GPtrArray *buttons = g_ptr_array_new_with_free_func(button_free);

	for (gsize i = 0; i < G_N_ELEMENTS(offers); i++) {
		OrderKind kind = order_named(offers[i].name,
		    offers[i].argument);

		if (kind != ORDER_COUNT &&
		    offers[i].when_done == ticket_state_is_done(state))
			g_ptr_array_add(buttons,
			    button_new(&offers[i], order_row(kind), language));
	}
	return buttons;
}
