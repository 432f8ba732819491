/* A guarantee that was missed, in words: what was promised, what came of it, what
 * is next. */
#include "guichet/desk/reply.h"

#include "guichet/judgment/reply_words.h"

static void
add_one(Values *values, const SlaClock *clock, const char *language,
    const Zone *zone)
{
	Values *element = values_add(values, "missed");
	bool open_time = clock->within.unit == DURATION_TIME &&
	    !calendar_is_always(clock->clock);
	g_autofree char *within = reply_words_within(clock->within, open_time,
	    language);
	g_autofree char *due = sla_when(clock->due, language, zone);
	g_autofree char *met = clock->met != INSTANT_NONE
	    ? sla_when(clock->met, language, zone)
	    : g_strdup("");

	values_set(element, "milestone",
	    sla_promise(clock->milestone, clock->is_anew, language));
	values_set(element, "within", within);
	values_set(element, "due", due);
	values_set(element, "met", met);
}

/* Of what is still to be kept, the first. */
static const SlaClock *
next_promise(const TicketView *view)
{
	const SlaClock *first = NULL;

	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->state == SLA_RUNNING && clock->due != INSTANT_NONE &&
		    (first == NULL || clock->due < first->due))
			first = clock;
	}
	return first;
}

static void
add_next(Values *values, const TicketView *view, const char *language,
    const Zone *zone)
{
	const SlaClock *next = next_promise(view);
	g_autofree char *due = NULL;

	if (next == NULL)
		return;
	due = sla_when(next->due, language, zone);
	values_set(values, "ahead",
	    sla_promise(next->milestone, next->is_anew, language));
	values_set(values, "ahead_due", due);
}

void
reply_add_missed(Values *values, const TicketView *view,
    const GPtrArray *missed, const char *language, const Zone *zone)
{
	/* What was promised says what follows, whichever plan judges today. */
	const Plan *plan = missed->len > 0
	    ? ((const SlaClock *)missed->pdata[0])->plan
	    : NULL;

	values_set(values, "not_kept", "1");
	for (guint i = 0; i < missed->len; i++)
		add_one(values, missed->pdata[i], language, zone);
	values_set(values, "consequence",
	    plan != NULL ? words_in(&plan->missed, language) : "");
	if (view->ticket->state == TICKET_WAITING_THIRD_PARTY)
		values_set(values, "third_party", "1");
	add_next(values, view, language, zone);
	values_set(values, "objection",
	    reply_words_telling(REPLY_TELLING_OBJECT, language));
}
