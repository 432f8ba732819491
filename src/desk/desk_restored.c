/* What is not done again after a restore. */
#include "guichet/desk/desk_restored.h"

#include "decide_private.h"

static bool
is_done(const RestoredCase *c, gint64 ticket)
{
	for (guint i = 0; i < c->done->len; i++) {
		if (g_array_index(c->done, gint64, i) == ticket)
			return true;
	}
	return false;
}

/* Whether it would open a ticket again that is done. */
static bool
reopens(const RestoredCase *c, const Event *event)
{
	TicketState state;

	return event != NULL && event->type == EVENT_STATE &&
	    is_done(c, event->ticket) &&
	    ticket_state_parse(event_text(event, "state"), &state) &&
	    !ticket_state_is_done(state);
}

/* What goes by a person's own words is kept for a person to decide. */
static bool
is_left_to_people(const Effect *effect)
{
	return effect->send == SEND_REPLY || effect->send == SEND_RESOLUTION;
}

static void
trace(Judgment *j, const char *words)
{
	judgment_trace(j, "restored",
	    "%s; an earlier life of the store may have done it", words);
}

/* In place of what is not sent. */
static void
hold(Judgment *j, const Effect *effect)
{
	if (effect->send == SEND_ACKNOWLEDGMENT ||
	    effect->send == SEND_INFORMATION)
		judgment_held(j, effect->ticket, effect->send, HELD_RESTORED);
}

/* Whether it is not to be done at all. */
static bool
is_quieted(Judgment *j, const RestoredCase *c, Effect *effect)
{
	if (reopens(c, effect->event)) {
		trace(j, "not opened again");
		return true;
	}
	if (effect->kind != EFFECT_SEND ||
	    (c->first_told && effect->send == SEND_REFUSAL))
		return false;
	effect->doubt = is_left_to_people(effect);
	trace(j, effect->doubt ? "an answer is left to a person" : "not sent");
	if (!effect->doubt)
		hold(j, effect);
	return !effect->doubt;
}

/* The ticket that the mail goes to, 0: the new one; -1: none. */
static gint64
ticket_of(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL)
			return effect->event->ticket;
	}
	return -1;
}

void
desk_restored(Decision *decision, const RestoredCase *c)
{
	Judgment j = { c->sit, decision, "rule" };
	gint64 ticket = ticket_of(decision);

	/* What hold() adds stands behind what was there. */
	for (guint i = decision->effects->len; i-- > 0;) {
		if (is_quieted(&j, c, decision->effects->pdata[i]))
			g_ptr_array_remove_index(decision->effects, i);
	}
	if (ticket >= 0)
		judgment_tag(&j, ticket, DESK_RESTORED_TAG);
}
