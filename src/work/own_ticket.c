/*
 * Tickets that the desk opens by itself, without a mail of anybody's: what a
 * contract owes unasked, what is wrong with the border.
 */
#include "guichet/work/work.h"

bool
own_ticket_open(Intake *in, StoreTx *tx, Event *opened, const char *subject,
    const char *text, Instant now, GError **error)
{
	EventStamp stamp = { .at = opened->at,
		.recorded = now,
		.actor = opened->actor };
	g_autoptr(Event) words = event_make_message(&stamp, AUTHOR_DESK,
	    VISIBILITY_INTERNAL, true, NULL);
	Effect notice = {
		.kind = EFFECT_SEND,
		.send = SEND_NOTICE,
		.reason = (char *)"new-ticket",
	};
	gint64 mail;

	if (!store_add_words(tx, 0, opened->at, "desk", subject, text, &mail,
		error))
		return false;
	opened->mail = words->mail = mail;
	opened->recorded = now;
	event_set(opened, "rules", ruleset_hash(in->ruleset));
	if (!effects_append(tx, opened, error))
		return false;
	words->ticket = notice.ticket = opened->ticket;
	return store_mail_assign(tx, mail, opened->ticket, "",
		   event_author_name(AUTHOR_DESK),
		   event_visibility_name(VISIBILITY_INTERNAL), error) &&
	    effects_append(tx, words, error) &&
	    view_project(in, tx, opened->ticket, opened->actor, now, error) &&
	    answer_effect(in, tx, &notice, NULL, now, error);
}
