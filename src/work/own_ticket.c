/*
 * Tickets that the desk opens by itself, without a mail of anybody's: what a
 * contract owes unasked, what is wrong with the border.
 */
#include "guichet/work/work.h"

bool
own_ticket_open(Intake *in, StoreTx *tx, OwnTicketCase *c, gint64 *ret_ticket,
    GError **error)
{
	g_autoptr(Decision) decision = NULL;
	g_auto(Effects) effects;

	effects_init(&effects);
	c->opening.rules = ruleset_hash(in->ruleset);
	if (!store_add_words(tx,
		&(OwnWords){ 0, c->at, "desk", c->subject, c->text, NULL },
		&c->mail, error))
		return false;
	decision = desk_own_ticket(c);
	effects.decision = decision;
	effects.actor = c->actor;
	effects.now = c->now;
	if (!effects_write(tx, &effects, error) ||
	    !store_mail_assign(tx, c->mail, &effects.filed, error))
		return false;
	*ret_ticket = effects.opened;
	return effects_send(in, tx, &effects, error);
}
