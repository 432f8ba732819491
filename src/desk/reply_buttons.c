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

/* Their places, from 1, are signed in addresses: one that is offered no longer
 * keeps its place, and new ones come last. */
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

/* The line that gives it. */
static char *
line_of(const Offer *offer, const OrderRow *row, bool french)
{
	const char *name = french && row->name_fr != NULL ? row->name_fr
							  : row->name;
	const char *argument = french ? offer->argument_fr : offer->argument;

	return *argument != '\0' ? g_strdup_printf("#%s %s", name, argument)
				 : g_strdup_printf("#%s", name);
}

static const OrderRow *
row_of(const Offer *offer)
{
	OrderKind kind = order_named(offer->name, offer->argument);

	return kind != ORDER_COUNT ? order_row(kind) : NULL;
}

char *
reply_button_place(int number)
{
	return g_strdup_printf("href=\"mailto:button-%d?", number);
}

int
reply_button_count(void)
{
	return (int)G_N_ELEMENTS(offers);
}

static char *
link_of(int number, const char *tag, const char *line)
{
	g_autofree char *subject = g_uri_escape_string(tag, NULL, false);
	g_autofree char *body = g_uri_escape_string(line, NULL, false);

	return g_strdup_printf("mailto:button-%d?subject=%s&body=%s%%0D%%0A",
	    number, subject, body);
}

static ReplyButton *
button_new(int number, const OrderRow *row, const char *language,
    const char *tag)
{
	const Offer *offer = &offers[number - 1];
	bool french = text_is_french(language);
	ReplyButton *button = g_new0(ReplyButton, 1);

	button->label = french ? offer->label_fr : offer->label;
	button->order = line_of(offer, row, french);
	if (tag != NULL)
		button->link = link_of(number, tag, button->order);
	return button;
}

bool
reply_button_writes(int number, const CommandList *commands)
{
	const Offer *offer = &offers[number - 1];
	const OrderRow *row = row_of(offer);
	g_autofree char *line = NULL, *french = NULL, *given = NULL;

	if (row == NULL || commands->commands->len != 1 ||
	    commands->errors->len > 0)
		return false;
	line = line_of(offer, row, false);
	french = line_of(offer, row, true);
	given = command_restate(commands->commands->pdata[0],
	    commands->language);
	return g_ascii_strcasecmp(given, line) == 0 ||
	    g_ascii_strcasecmp(given, french) == 0;
}

GPtrArray *
reply_buttons(TicketState state, const char *language, const char *tag)
{
	GPtrArray *buttons = g_ptr_array_new_with_free_func(button_free);

	for (int i = 1; i <= reply_button_count(); i++) {
		const Offer *offer = &offers[i - 1];
		const OrderRow *row = row_of(offer);

		if (row != NULL &&
		    offer->when_done == ticket_state_is_done(state))
			g_ptr_array_add(buttons,
			    button_new(i, row, language, tag));
	}
	return buttons;
}
