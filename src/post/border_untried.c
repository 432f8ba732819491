/*
 * As long as nobody has tried that the border takes forged stamps away, each
 * technician's mail has to be confirmed (conf_awaits_strips()): the technicians
 * are told so once a day.
 */
#include "guichet/post/post.h"

#include "guichet/base/text.h"

#define SETTING "border-untried"

/* Often enough that it is not forgotten, and no more. */
#define AGAIN_SECONDS 86400

static bool
load_told(Intake *in, Instant *ret_told, GError **error)
{
	g_autofree char *text = NULL;

	if (!store_setting(in->store, SETTING, &text, error))
		return false;
	*ret_told = text != NULL ? g_ascii_strtoll(text, NULL, 10)
				 : INSTANT_NONE;
	return true;
}

static Draft *
draft_untried(const Intake *in, const Technician *t)
{
	Draft *draft = g_new0(Draft, 1);

	draft->send = SEND_NOTICE;
	draft->technician = t;
	draft->no_answer = true; /* it is about no ticket */
	draft->to = g_strdup(t->address);
	draft->language = g_strdup(t->language);
	draft->zone = g_strdup(in->conf->zone);
	draft->subject = text_in(t->language,
	    "Chaque mail de technicien doit être confirmé",
	    "Each technician's mail has to be confirmed");
	draft->text = text_in(t->language,
	    "Personne n'a encore vérifié que votre serveur de mail ôte les "
	    "mentions Authentication-Results qu'un inconnu écrit lui-même. "
	    "D'ici là, chaque mail d'un technicien attend qu'il réponde OK à "
	    "une demande de confirmation.\n\n"
	    "L'administrateur lance : guichet check --auth\n"
	    "puis écrit dans guichet.yaml : border: {strips: verified}\n",
	    "Nobody has tried yet that your mail server takes away the "
	    "Authentication-Results that a stranger has written. Until then "
	    "each technician's mail waits for their OK to a request to confirm "
	    "it.\n\n"
	    "The administrator runs: guichet check --auth\n"
	    "and then writes into guichet.yaml: border: {strips: verified}\n");
	return draft;
}

bool
border_untried_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autofree char *text = NULL;
	Instant told;

	if (!conf_awaits_strips(in->conf))
		return true;
	if (!load_told(in, &told, error))
		return false;
	if (told != INSTANT_NONE && now < told + AGAIN_SECONDS)
		return true;
	for (guint i = 0; i < in->conf->technicians->len; i++) {
		const Technician *t = in->conf->technicians->pdata[i];
		g_autoptr(Draft) draft = NULL;

		if (!t->active)
			continue;
		draft = draft_untried(in, t);
		if (!post_draft(in, tx, draft, now, error))
			return false;
	}
	text = g_strdup_printf("%" G_GINT64_FORMAT, now);
	return store_set_setting(tx, SETTING, text, error);
}

bool
border_untried_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Instant told;

	*ret_at = INSTANT_NONE;
	if (!conf_awaits_strips(in->conf))
		return true;
	if (!load_told(in, &told, error))
		return false;
	*ret_at = told == INSTANT_NONE ? now : told + AGAIN_SECONDS;
	return true;
}
