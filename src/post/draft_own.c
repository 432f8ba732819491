/* What only one kind of a client's mail says, beside what all of them may. */
#include "guichet/post/post.h"

#include "guichet/desk/reply_choices.h"
#include "guichet/ticket/ticket_estimate.h"
#include "guichet/ticket/ticket_missed.h"
#include "guichet/ticket/ticket_objection.h"

#include <string.h>

#define QUESTION_LINES 20 /* of ours that a reminder repeats */

/* Who has it, since when; or who has seen it, or telephoned. */
static void
add_handled(Values *values, const Effect *effect, const char *language,
    const Zone *zone)
{
	g_autofree char *at = sla_when(effect->at, language, zone);

	reply_add_handled(values, effect->technician, at, effect->handled);
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

/* A correction is made for it; a technician's reply says it along with its own
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

/* The words of a reply of ours, quoted, without what the template put below
 * them; a long one's beginning. The caller frees. */
static char *
quote_question(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *quoted = g_string_new(NULL);

	for (guint i = 0; lines[i] != NULL && strcmp(lines[i], "-- ") != 0;
	     i++) {
		if (i == QUESTION_LINES) {
			g_string_append(quoted, "> […]\n");
			break;
		}
		g_string_append_printf(quoted, "> %s\n", lines[i]);
	}
	while (g_str_has_suffix(quoted->str, "> \n"))
		g_string_truncate(quoted, quoted->len - strlen("> \n"));
	if (quoted->len > 0)
		g_string_truncate(quoted, quoted->len - 1);
	return g_string_free(quoted, FALSE);
}

/* When we wrote last, and what was asked. */
static void
add_silence(const Intake *in, Values *values, const Occasion *o,
    const Effect *effect, const char *language, const Zone *zone)
{
	Instant last = ticket_last_word(o->view->ticket);
	g_autofree char *asked = last != INSTANT_NONE
	    ? sla_when(last, language, zone)
	    : NULL;

	g_autofree char *question = o->question != NULL && !effect->approval
	    ? quote_question(o->question)
	    : NULL;

	reply_add_silence(values, asked, question, effect->approval);
	values_set(values, "settled_by",
	    effect->settled ? draft_facts_name(in, o) : "");
}

/* A reminder of a question about no failure offers no word that it persists. */
static ReplyAsks
asks_of(const Effect *effect, const Ticket *ticket)
{
	if (effect->send != SEND_NUDGE)
		return REPLY_ASKS_SETTLED;
	if (effect->approval)
		return REPLY_ASKS_ESTIMATE;
	return ticket->kind == KIND_INCIDENT ? REPLY_ASKS_SETTLED
					     : REPLY_ASKS_NEEDED;
}

/* Where it asks a choice, with links if an address can be told from another. */
static void
add_choices(const Intake *in, const Draft *draft, Values *values,
    const Effect *effect, const TicketView *view)
{
	const Ticket *ticket = view->ticket;
	const char *component;
	g_autofree char *tag = in->conf->plus_addresses
	    ? reply_tag(draft->ticket)
	    : NULL;

	if (effect->send == SEND_RESOLUTION || effect->send == SEND_NUDGE ||
	    effect->send == SEND_CLOSING)
		reply_add_choices(values, asks_of(effect, ticket),
		    draft->language, tag);
	if (effect->send == SEND_ESTIMATE)
		reply_add_choices(values, REPLY_ASKS_ESTIMATE, draft->language,
		    tag);
	if ((effect->send == SEND_CORRECTION ||
		effect->send == SEND_ACKNOWLEDGMENT) &&
	    !draft->stranger &&
	    ticket_objection_counts(view, view->now, &component))
		reply_add_choices(values, REPLY_ASKS_OBJECTION, draft->language,
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
		add_silence(in, values, o, effect, language, zone);
	add_choices(in, draft, values, effect, o->view);
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
