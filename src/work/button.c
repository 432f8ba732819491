/* A mail to an address of ours that writes an order ready. */
#include "guichet/work/button.h"

#include "guichet/desk/reply.h"
#include "guichet/desk/reply_choices.h"
#include "guichet/store/store_life.h"

#include <string.h>

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
