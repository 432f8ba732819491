/* What only one kind of a client's mail says, beside what all of them may. */
#include "guichet/post/post.h"

#include "guichet/desk/reply_choices.h"
#include "guichet/ticket/ticket_estimate.h"
#include "guichet/ticket/ticket_missed.h"

/* Who has it, since when; or who has telephoned. */
static void
add_handled(Values *values, const Effect *effect, const char *language,
    const Zone *zone)
{
	g_autofree char *at = sla_when(effect->at, language, zone);

	reply_add_handled(values, effect->technician, at, effect->called);
}

/* Whether the draft's template names that variable. */
static bool
has_place(const Intake *in, const Draft *draft, const char *variable)
{
	const char *name = send_kind_name(draft->send);
	const Template *subject, *text, *html;

	return (ruleset_reply(in->ruleset, name, draft->language, &subject,
		    &text, &html) ||
		   ruleset_reply(in->ruleset, name, "en", &subject, &text,
		       &html)) &&
	    template_names(text, variable);
}

/* A correction is made for it; a technician's reply says it along with his own
 * words, where the site's template has a place for it. */
static bool
says_changes(const Intake *in, const Draft *draft)
{
	return draft->send == SEND_CORRECTION ||
	    (draft->send == SEND_REPLY && has_place(in, draft, "changes"));
}

/* A reply, a resolution and word of who has it say it along with what they are
 * for, where the site's template has a place for it. */
static bool
says_missed(const Intake *in, const Draft *draft)
{
	switch (draft->send) {
	case SEND_MISSED:
		return true;
	case SEND_REPLY:
	case SEND_RESOLUTION:
	case SEND_HANDLED:
		return has_place(in, draft, "missed");
	default:
		return false;
	}
}

static void
add_missed(const Intake *in, Draft *draft, Values *values, const Occasion *o)
{
	g_autoptr(GPtrArray) missed = ticket_missed(o->view);

	if (draft->stranger || missed->len == 0 || !says_missed(in, draft))
		return;
	reply_add_missed(values, o->view, missed, draft->language,
	    zone_get(draft->zone, NULL));
	draft->tells_missed = true;
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

/* Where it asks a choice, with links if an address can be told from another. */
static void
add_choices(const Intake *in, const Draft *draft, Values *values,
    const Effect *effect)
{
	g_autofree char *tag = in->conf->plus_addresses
	    ? reply_tag(draft->ticket)
	    : NULL;

	if (effect->send == SEND_RESOLUTION || effect->send == SEND_NUDGE ||
	    effect->send == SEND_CLOSING)
		reply_add_choices(values,
		    effect->approval && effect->send == SEND_NUDGE
			? REPLY_ASKS_ESTIMATE
			: REPLY_ASKS_SETTLED,
		    draft->language, tag);
	if (effect->send == SEND_ESTIMATE)
		reply_add_choices(values, REPLY_ASKS_ESTIMATE, draft->language,
		    tag);
}

/* How long, how much that is too long, and who goes on. */
static void
add_passed(Values *values, const TicketView *view, const char *language)
{
	int minutes = view->ticket->estimate.minutes;
	const Plan *plan;

	if (ticket_estimate_is_over(view, minutes, &plan))
		reply_add_passed(values, minutes, plan, language);
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
	add_choices(in, draft, values, effect);
	if (effect->send == SEND_PASSED)
		add_passed(values, o->view, language);
	if (effect->send == SEND_ESTIMATE || effect->send == SEND_QUESTION)
		reply_add_estimate(values, o->view->ticket->estimate.minutes,
		    effect->says, language);
	if (!draft->stranger && says_changes(in, draft))
		changes = ticket_told_changes(o->view);
	if (changes != NULL)
		reply_add_changes(values, o->view, changes, language, zone);
	draft->tells_terms = changes != NULL;
	add_missed(in, draft, values, o);
}
