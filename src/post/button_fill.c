/* Links that write an order ready: their addresses made (work/button.c reads them). */
#include "guichet/post/post.h"

#include "guichet/desk/reply.h"
#include "guichet/desk/reply_choices.h"

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
