/* Links that write an order ready: their addresses made, and read again. */
#include "guichet/work/button.h"

#include "guichet/desk/reply.h"

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
	button.purpose = TOKEN_BUTTON;
	button.button = number;
	word = token_format(conf->tokens, &button);
	address = token_address(conf->address, word);
	return address != NULL ? address : g_strdup(conf->address);
}

char *
button_fill(const Conf *conf, const char *html, const Token *token)
{
	g_autoptr(GString) filled = g_string_new(html);

	for (int i = 1; html != NULL && i <= reply_button_count(); i++) {
		g_autofree char *place = reply_button_place(i);
		g_autofree char *address = NULL, *escaped = NULL, *link = NULL;

		if (strstr(filled->str, place) == NULL)
			continue;
		address = address_of(conf, token, i);
		/* In a link a '+' is one, but some programs take a blank. */
		escaped = g_uri_escape_string(address, "@", false);
		link = g_strdup_printf("href=\"mailto:%s?", escaped);
		g_string_replace(filled, place, link, 0);
	}
	return html != NULL ? g_strdup(filled->str) : NULL;
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
	    : token_beside(in->conf->tokens, word, token, TOKEN_TECHNICIAN);
	return true;
}
