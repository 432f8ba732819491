/* Links that write an order ready: their addresses made, and read again. */
#include "guichet/work/button.h"

#include "guichet/desk/reply.h"
#include "guichet/desk/reply_choices.h"
#include "guichet/store/store_life.h"

#include <string.h>

static char *
address_of(const Conf *conf, const Token *token, int number)
{
	g_autofree char *word = NULL;
	char *address;
	Token button;

	if (token == NULL)
		return g_strdup(conf->address);
	button = *token;
	button.purpose = token->purpose == TOKEN_CLIENT ? TOKEN_CHOICE
							: TOKEN_BUTTON;
	button.button = number;
	word = token_format(conf->tokens, &button);
	address = token_address(conf->address, word);
	return address != NULL ? address : g_strdup(conf->address);
}

static void
fill(GString *html, const Conf *conf, const Token *token, int number,
    const char *place)
{
	g_autofree char *address = NULL, *escaped = NULL, *link = NULL;

	if (strstr(html->str, place) == NULL)
		return;
	address = address_of(conf, token, number);
	/* In a link a '+' is one, but some programs take a blank. */
	escaped = g_uri_escape_string(address, "@", false);
	link = g_strdup_printf("href=\"mailto:%s?", escaped);
	g_string_replace(html, place, link, 0);
}

char *
button_fill(const Conf *conf, const char *html, const Token *token)
{
	g_autoptr(GString) filled = g_string_new(html);
	bool is_client = token != NULL && token->purpose == TOKEN_CLIENT;

	if (html == NULL)
		return NULL;
	for (int i = 1; i <= reply_button_count(); i++) {
		g_autofree char *place = reply_button_place(i);

		fill(filled, conf, is_client ? NULL : token, i, place);
	}
	for (int i = 1; i <= reply_choice_count(); i++) {
		g_autofree char *place = reply_choice_place(i);

		fill(filled, conf, is_client ? token : NULL, i, place);
	}
	return g_strdup(filled->str);
}

/* ---- a mail that one wrote ---- */

static bool
is_spent(const GPtrArray *events, const char *press, gint64 mail)
{
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		if (event->type == EVENT_MESSAGE && event->mail != mail &&
		    strcmp(event_text(event, EVENT_BUTTON), press) == 0)
			return true;
	}
	return false;
}

/* Whether the mail that offers it went to who sends this one, on the ticket as it
 * is still. */
static bool
find_fit(Gathered *g, Intake *in, const char *carrier, const Token *token,
    GError **error)
{
	const char *identity = g->sit.message->identity;
	TicketView *view;

	if (carrier == NULL || identity == NULL ||
	    token->purpose != TOKEN_CHOICE)
		return true;
	if (!view_find(in, token->ticket, &view, error))
		return false;
	return view == NULL || view->ticket->epoch != token->epoch ||
	    store_outbox_carried(in->store, carrier, identity, token->ticket,
		&g->sit.button_fits, error);
}

bool
button_find(Gathered *g, Intake *in, const char *word, const Token *token,
    char **ret_carrier, GError **error)
{
	g_autoptr(GPtrArray) events = store_events(in->store, token->ticket,
	    error);

	if (events == NULL)
		return false;
	g->sit.button = token->button;
	g->press = g_strdup_printf("%d.%d.%d", token->day, token->salt,
	    token->button);
	g->sit.button_press = g->press;
	g->sit.button_spent = is_spent(events, g->press, g->sit.mail);
	*ret_carrier = token->earlier
	    ? NULL
	    : token_beside(in->conf->tokens, word, token,
		  token->purpose == TOKEN_CHOICE ? TOKEN_CLIENT
						 : TOKEN_TECHNICIAN);
	return find_fit(g, in, *ret_carrier, token, error);
}
