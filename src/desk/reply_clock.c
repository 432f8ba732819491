/* The clocks that an answer tells of, in words. */
#include "guichet/desk/reply.h"

/* In words, since only the desk knows plans, zones and now. */
ReplyClock *
reply_clock_new(const SlaClock *clock, const char *language, const Zone *zone,
    Instant now)
{
	ReplyClock *words = g_new0(ReplyClock, 1);

	words->milestone = clock->milestone;
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
	words->left = clock->due - now;
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
