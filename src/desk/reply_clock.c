/* The clocks that an answer tells of, in words. */
#include "guichet/judgment/reading.h"
#include "guichet/judgment/reply_words.h"

#include "reply_private.h"

/* In words, since only the desk knows plans, zones and now. */
ReplyClock *
reply_clock_new(const SlaClock *clock, const char *language, const Zone *zone,
    Instant now)
{
	ReplyClock *words = g_new0(ReplyClock, 1);

	words->milestone = clock->milestone;
	words->again = clock->is_anew;
	words->commitment = clock->commitment;
	words->state = clock->state;
	words->has_term = clock->state != SLA_NO_TERM;
	words->due = g_strdup("");
	words->how = g_strdup("");
	if (!words->has_term)
		return words;
	words->within = clock->within;
	words->open_time = clock->within.unit == DURATION_TIME &&
	    clock->clock != NULL && !calendar_is_always(clock->clock);
	if (clock->due == INSTANT_NONE)
		return words;
	g_free(words->due);
	g_free(words->how);
	words->due = sla_when(clock->due, language, zone);
	/* Counted from receipt, it says nothing that the term does not. */
	words->how = clock->in_window && clock->pauses->len == 0
	    ? g_strdup("")
	    : sla_explain_short(clock, language, zone);
	words->left = clock->due < now ? -clock->late : clock->due - now;
	return words;
}

void
reply_clock_free(ReplyClock *clock)
{
	if (clock == NULL)
		return;
	g_free(clock->due);
	g_free(clock->how);
	g_free(clock);
}

static void
free_clock(gpointer clock)
{
	reply_clock_free(clock);
}

GPtrArray *
reply_clocks(const GPtrArray *clocks, const char *language, const Zone *zone,
    Instant now)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(free_clock);

	for (guint i = 0; i < clocks->len; i++)
		g_ptr_array_add(words,
		    reply_clock_new(g_ptr_array_index(clocks, i), language,
			zone, now));
	return words;
}

/* Sets each name, so that none is looked up outside the element. */
void
reply_set_clock(Values *values, const ReplyClock *clock, const char *language)
{
	g_autofree char *within = clock->has_term
	    ? reply_words_within(clock->within, clock->open_time, language)
	    : g_strdup("");

	values_set(values, "milestone",
	    sla_promise(clock->milestone, clock->again, language));
	values_set(values, "commitment",
	    reply_words_commitment(clock->commitment, language));
	values_set_flag(values, "guaranteed",
	    clock->commitment == COMMITMENT_GUARANTEED);
	values_set_flag(values, "objective",
	    clock->commitment == COMMITMENT_OBJECTIVE);
	values_set_flag(values, "best_effort",
	    clock->commitment == COMMITMENT_BEST_EFFORT);
	values_set_flag(values, "has_term", clock->has_term);
	values_set(values, "within", within);
	values_set(values, "due", clock->has_term ? clock->due : "");
	values_set(values, "how", clock->has_term ? clock->how : "");
}

/* What no clock says: an answer that is due, promised news. */
void
reply_set_awaits(Values *values, const ReplyInternal *facts,
    const char *language)
{
	bool is = facts->awaits_at != NULL;
	g_autofree char *span = reply_words_span(ABS(facts->awaits_left),
	    language);

	values_set(values, "awaits",
	    is ? reading_awaits(facts->awaits.kind, language) : "");
	values_set(values, "awaits_at", is ? facts->awaits_at : "");
	values_set(values, "awaits_left",
	    is && facts->awaits_left >= 0 ? span : "");
	values_set(values, "awaits_late",
	    is && facts->awaits_left <= -60 ? span : "");
}

void
reply_set_technician_clock(Values *values, const ReplyClock *clock,
    const char *language)
{
	bool open = clock->state == SLA_RUNNING || clock->state == SLA_LATE ||
	    clock->state == SLA_PAUSED;
	bool timed = open && clock->due != NULL && *clock->due != '\0';
	g_autofree char *span = reply_words_span(ABS(clock->left), language);

	reply_set_clock(values, clock, language);
	values_set(values, "clock_state",
	    reply_words_sla_state(clock->state, language));
	values_set(values, "left", timed && clock->left >= 0 ? span : "");
	/* By less than a minute is said by its being late. */
	values_set(values, "late", timed && clock->left <= -60 ? span : "");
	values_set_flag(values, "paused", clock->state == SLA_PAUSED);
}
