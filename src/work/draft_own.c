/* What only one kind of a client's mail says, beside what all of them may. */
#include "guichet/work/answer.h"

#include <string.h>

/* Who has it, since when; or who has telephoned. */
static void
add_handled(Values *values, const Effect *effect, const char *language,
    const Zone *zone)
{
	g_autofree char *at = sla_when(effect->at, language, zone);

	reply_add_handled(values, effect->technician, at,
	    strcmp(effect->reason, "called") == 0);
}

void
draft_add_own(Values *values, const Occasion *o, const Effect *effect,
    const char *language, const Zone *zone)
{
	g_autoptr(ToldChanges) changes = NULL;

	if (effect->send == SEND_INFORMATION)
		reply_add_alert(values, effect->reason, o->view->ticket);
	if (effect->send == SEND_HANDLED)
		add_handled(values, effect, language, zone);
	if (effect->send == SEND_CORRECTION)
		changes = ticket_told_changes(o->view);
	if (changes != NULL)
		reply_add_changes(values, o->view, changes, language, zone);
}
