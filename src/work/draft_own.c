/* What only one kind of a client's mail says, beside what all of them may. */
#include "guichet/work/answer.h"

/* Who has it, since when; or who has telephoned. */
static void
add_handled(Values *values, const Effect *effect, const char *language,
    const Zone *zone)
{
	g_autofree char *at = sla_when(effect->at, language, zone);

	reply_add_handled(values, effect->technician, at, effect->called);
}

/* A correction is made for it; a technician's reply says it along with his own
 * words, where the site's template has a place for it. */
static bool
says_changes(const Intake *in, const Draft *draft)
{
	const Template *subject, *text, *html;

	if (draft->send == SEND_CORRECTION)
		return true;
	return draft->send == SEND_REPLY &&
	    (ruleset_reply(in->ruleset, send_kind_name(SEND_REPLY),
		 draft->language, &subject, &text, &html) ||
		ruleset_reply(in->ruleset, send_kind_name(SEND_REPLY), "en",
		    &subject, &text, &html)) &&
	    template_names(text, "changes");
}

/* When we wrote last, and what was asked. */
static void
add_silence(Values *values, const Occasion *o, const Effect *effect,
    const char *language, const Zone *zone)
{
	Instant last = ticket_last_word(o->view->ticket);
	g_autofree char *asked = last != INSTANT_NONE
	    ? sla_when(last, language, zone)
	    : NULL;

	reply_add_silence(values, asked, effect->approval);
}

void
draft_add_own(const Intake *in, Draft *draft, Values *values, const Occasion *o,
    const Effect *effect)
{
	g_autoptr(ToldChanges) changes = NULL;
	const char *language = draft->language;
	const Zone *zone = zone_get(draft->zone, NULL);

	if (effect->send == SEND_INFORMATION)
		reply_add_alert(values, effect->informed, o->view->ticket);
	if (effect->send == SEND_HANDLED)
		add_handled(values, effect, language, zone);
	if (effect->send == SEND_NUDGE || effect->send == SEND_CLOSING)
		add_silence(values, o, effect, language, zone);
	if (!draft->stranger && says_changes(in, draft))
		changes = ticket_told_changes(o->view);
	if (changes != NULL)
		reply_add_changes(values, o->view, changes, language, zone);
	draft->tells_terms = changes != NULL;
}
