/*
 * Tickets that the desk opens by itself, without a mail of anybody's: what a
 * contract owes unasked, what is wrong with the border.
 */
#include "guichet/work/work.h"

bool
own_ticket_open(Intake *in, StoreTx *tx, OwnTicketCase *c, gint64 *ret_ticket,
    GError **error)
{
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(Decision) decision = NULL;
	Filed filed;

	c->opening.rules = ruleset_hash(in->ruleset);
	if (!store_add_words(tx, 0, c->at, "desk", c->subject, c->text,
		&c->mail, error))
		return false;
	decision = desk_own_ticket(c);
	return effects_write(tx, decision, NULL, touched, &filed, ret_ticket,
		   error) &&
	    store_mail_assign(tx, c->mail, filed.ticket, "", filed.author,
		filed.visibility, error) &&
	    effects_send(in, tx, decision, NULL, NULL, touched, *ret_ticket,
		c->actor, c->now, error);
}
