/* A clock's arithmetic in sentences. */
#include "sla_private.h"
#include "sla_words_private.h"

#include "guichet/base/names.h"

#include <string.h>

#define DATES_SHOWN 31 /* of business days; the middle of more is left out */

/* ---- promises and why ---- */

#define COMMITMENT_WORDS(X)                                             \
 X(COMMITMENT_GUARANTEED, "guaranteed within ")                         \
 X(COMMITMENT_OBJECTIVE, "objective, aimed at and not guaranteed, of ") \
 X(COMMITMENT_BEST_EFFORT, "best effort, without commitment, within ")
NAME_TABLE(commitments, COMMITMENT_WORDS, COMMITMENT_COUNT);

static bool
has_term(const SlaClock *clock)
{
	return clock->within.count > 0;
}

static void
tell_promise(Teller *teller, const SlaClock *clock)
{
	g_string_append_printf(teller->text, "%s%s",
	    sla_promise(clock->milestone, clock->is_anew, teller->language),
	    sla_words_pick(teller, ": "));
	if (!has_term(clock)) {
		g_string_append(teller->text,
		    sla_words_pick(teller, "best effort, without a term.\n"));
		return;
	}
	g_string_append(teller->text,
	    sla_words_pick(teller,
		names_word(&commitments, clock->commitment)));
	sla_tell_within(teller, clock);
	g_string_append(teller->text, sla_words_pick(teller, ", calendar \""));
	g_string_append_printf(teller->text, "%s%s",
	    calendar_name(clock->clock), sla_words_pick(teller, "\""));
	if (calendar_is_always(clock->clock))
		g_string_append(teller->text,
		    sla_words_pick(teller, " (around the clock)"));
	if (calendar_zone(clock->clock) != teller->zone)
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, ", on the clocks of %s"),
		    zone_name(calendar_zone(clock->clock)));
	g_string_append(teller->text, ".\n");
}

/* " (25 décembre : Noël, ...)": the closures met on these dates. */
static void
tell_closures(Teller *teller, const Calendar *calendar, Date first, Date last)
{
	guint told = 0;

	for (Date date = first; date <= last && told < DATES_SHOWN; date++) {
		const char *label = calendar_closure(calendar, date);

		if (label == NULL)
			continue;
		g_string_append(teller->text,
		    told++ == 0 ? sla_words_pick(teller, "; days shut: ")
				: ", ");
		sla_tell_date(teller, date);
		g_string_append_printf(teller->text, " (%s)", label);
	}
}

static void
tell_from_to(Teller *teller, Instant from, Instant to)
{
	g_string_append(teller->text, sla_words_pick(teller, " from "));
	sla_tell_moment(teller, from);
	g_string_append(teller->text, sla_words_pick(teller, " to "));
	sla_tell_moment(teller, to);
}

static void
tell_intake(Teller *teller, const SlaClock *clock)
{
	const Calendar *calendar = clock->intake_clock;
	const Zone *zone = calendar_zone(calendar);
	Window window;

	if (clock->is_worse)
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, "Of severity %d since "),
		    clock->severity);
	else
		g_string_append(teller->text,
		    sla_words_pick(teller, "Received "));
	sla_tell_when(teller, clock->received);
	g_string_append(teller->text, ".\n");

	if (clock->intake == INSTANT_NONE) {
		g_string_append_printf(teller->text,
		    sla_words_pick(teller,
			"The intake window \"%s\" does not open again.\n"),
		    calendar_name(calendar));
		return;
	}
	if (clock->in_window) {
		g_string_append_printf(teller->text,
		    sla_words_pick(teller,
			"Counted from receipt, because the intake window "
			"\"%s\" was open"),
		    calendar_name(calendar));
		if (!calendar_is_always(calendar) &&
		    calendar_window(calendar, clock->received, &window))
			tell_from_to(teller, window.open, window.close);
		g_string_append(teller->text, ".\n");
		return;
	}
	g_string_append(teller->text, sla_words_pick(teller, "Counted from "));
	sla_tell_when(teller, clock->intake);
	g_string_append_printf(teller->text,
	    sla_words_pick(teller,
		", because received outside the intake window \"%s\", which "
		"was shut"),
	    calendar_name(calendar));
	if (calendar_window_before(calendar, clock->received, &window))
		tell_from_to(teller, window.close, clock->intake);
	tell_closures(teller, calendar,
	    wall_date(zone_wall(zone, clock->received)),
	    wall_date(zone_wall(zone, clock->intake)));
	g_string_append(teller->text, ".\n");
}

/* ---- the stretches ---- */

static const char *
pause_words(const Teller *teller, TicketState why)
{
	if (ticket_state_is_done(why))
		return sla_words_pick(teller, "resolved");
	if (why == TICKET_WAITING_APPROVAL)
		return sla_words_pick(teller, "waiting for your agreement");
	return sla_words_pick(teller, "waiting for your answer");
}

static TicketState
step_state(const SlaStep *step)
{
	TicketState why = TICKET_WAITING_CUSTOMER;

	ticket_state_parse(step->label, &why);
	return why;
}

/* Says it when clocks change within a stretch that may look an hour wrong. */
static void
tell_change(Teller *teller, Instant from, Instant to)
{
	int before = zone_offset(teller->zone, from);
	int after = zone_offset(teller->zone, to);
	Instant low = from, high = to;

	if (before == after)
		return;
	while (high - low > 1) {
		Instant middle = low + (high - low) / 2;

		if (zone_offset(teller->zone, middle) == before)
			low = middle;
		else
			high = middle;
	}
	g_string_append(teller->text,
	    sla_words_pick(teller, "    (the clocks change on "));
	sla_tell_date(teller, wall_date(zone_wall(teller->zone, high)));
	g_string_append(teller->text, sla_words_pick(teller, ": from "));
	sla_tell_offset(teller, before);
	g_string_append(teller->text, sla_words_pick(teller, "offset| to "));
	sla_tell_offset(teller, after);
	g_string_append(teller->text, ")\n");
}

static void
tell_step(Teller *teller, const SlaStep *step, Seconds *sum)
{
	g_string_append(teller->text, "  ");
	sla_tell_moment(teller, step->from);
	g_string_append(teller->text, " → ");
	sla_tell_moment(teller, step->to);
	g_string_append(teller->text, sla_words_pick(teller, ": "));
	switch (step->kind) {
	case STEP_COUNTED:
		sla_tell_span(teller, step->used);
		if (*sum > 0) {
			g_string_append(teller->text,
			    sla_words_pick(teller, " (in all "));
			sla_tell_span(teller, *sum + step->used);
			g_string_append_c(teller->text, ')');
		}
		*sum += step->used;
		break;
	case STEP_CLOSED:
		g_string_append(teller->text,
		    sla_words_pick(teller, "closed, not counted"));
		break;
	case STEP_HOLIDAY:
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, "%s, not counted"), step->label);
		break;
	case STEP_PAUSED:
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, "%s, not counted"),
		    pause_words(teller, step_state(step)));
		break;
	}
	g_string_append_c(teller->text, '\n');
	tell_change(teller, step->from, step->to);
}

static void
tell_steps(Teller *teller, const SlaClock *clock)
{
	g_autoptr(GArray) made = NULL;
	const GArray *steps = clock->steps;
	Seconds sum = 0;

	if (steps->len == 0)
		steps = made = sla_steps_make(clock);
	g_string_append(teller->text, sla_words_pick(teller, "Counted:\n"));
	for (guint i = 0; i < steps->len; i++)
		tell_step(teller, &g_array_index(steps, SlaStep, i), &sum);
}

/* Each date that was counted, and those between that were shut by name. */
static void
tell_business_days(Teller *teller, const SlaClock *clock)
{
	const Zone *zone = calendar_zone(clock->clock);
	Instant begins = calendar_intake(clock->clock, clock->intake);
	Date first = wall_date(zone_wall(zone, begins));
	Date date = first;
	int64_t count = clock->within.count;

	g_string_append(teller->text,
	    sla_words_pick(teller, "Business days counted after "));
	sla_tell_date(teller, first);
	g_string_append(teller->text, sla_words_pick(teller, ": "));
	for (int64_t i = 1; i <= count; i++) {
		if (i > DATES_SHOWN / 2 && count > DATES_SHOWN &&
		    i <= count - DATES_SHOWN / 2) {
			g_string_append(teller->text, "..., ");
			i = count - DATES_SHOWN / 2;
			continue;
		}
		if (!calendar_open_date(clock->clock, first, i, &date))
			break;
		g_string_append_printf(teller->text, "%" G_GINT64_FORMAT ") ",
		    i);
		sla_tell_date(teller, date);
		if (i < count)
			g_string_append(teller->text, ", ");
	}
	tell_closures(teller, clock->clock, first, date);
	g_string_append(teller->text,
	    sla_words_pick(teller,
		"; at the same time of day, or at closing.\n"));
}

static Seconds
pause_measure(const SlaClock *clock, const Pause *pause)
{
	if (clock->within.unit == DURATION_TIME ||
	    clock->within.unit == DURATION_BUSINESS_DAYS)
		return calendar_open_seconds(clock->clock, pause->from,
		    pause->to);
	return pause->to - pause->from;
}

static void
tell_pauses(Teller *teller, const SlaClock *clock)
{
	for (guint i = 0; i < clock->pauses->len; i++) {
		const Pause *pause = &g_array_index(clock->pauses, Pause, i);

		g_string_append(teller->text,
		    sla_words_pick(teller, "Paused: "));
		sla_tell_moment(teller, pause->from);
		g_string_append(teller->text, " → ");
		sla_tell_moment(teller, pause->to);
		g_string_append_printf(teller->text, ", %s%s",
		    pause_words(teller, pause->why),
		    sla_words_pick(teller, "; due is moved by "));
		sla_tell_span(teller, pause_measure(clock, pause));
		if (clock->within.unit == DURATION_BUSINESS_DAYS &&
		    !calendar_is_always(clock->clock))
			g_string_append(teller->text,
			    sla_words_pick(teller, " of open time"));
		g_string_append(teller->text, ".\n");
	}
}

/* How the calendar units are counted: not in hours. */
static void
tell_calendar_unit(Teller *teller, const SlaClock *clock)
{
	switch (clock->within.unit) {
	case DURATION_TIME:
		tell_steps(teller, clock);
		return;
	case DURATION_BUSINESS_DAYS:
		tell_business_days(teller, clock);
		break;
	case DURATION_DAYS:
		g_string_append(teller->text,
		    sla_words_pick(teller, "Counted: "));
		sla_tell_within(teller, clock);
		g_string_append(teller->text,
		    sla_words_pick(teller, ", at the same time of day.\n"));
		tell_change(teller, clock->intake, clock->due);
		break;
	case DURATION_MONTH_END:
		g_string_append(teller->text,
		    sla_words_pick(teller,
			"Counted: to the end of the month.\n"));
		break;
	case DURATION_MONTHS:
		g_string_append(teller->text,
		    sla_words_pick(teller, "Counted: "));
		sla_tell_within(teller, clock);
		g_string_append(teller->text,
		    sla_words_pick(teller,
			", on the same day of the month (or its last, if it "
			"has none such), at the same time.\n"));
		break;
	}
	tell_pauses(teller, clock);
}

static void
tell_outcome(Teller *teller, const SlaClock *clock)
{
	g_string_append(teller->text,
	    clock->state == SLA_PAUSED
		? sla_words_pick(teller, "Due, if the pause ended now: ")
		: sla_words_pick(teller, "Due: "));
	sla_tell_when(teller, clock->due);
	g_string_append(teller->text, ".\n");
	if (clock->met != INSTANT_NONE) {
		g_string_append(teller->text,
		    sla_words_pick(teller, "Reached "));
		sla_tell_when(teller, clock->met);
		g_string_append(teller->text,
		    clock->met <= clock->due
			? sla_words_pick(teller, ", in time.\n")
			: sla_words_pick(teller, ", late.\n"));
	}
	if (clock->state == SLA_LATE ||
	    (clock->state == SLA_MISSED && clock->met == INSTANT_NONE))
		g_string_append(teller->text,
		    sla_words_pick(teller, "The due time has passed.\n"));
	if (clock->state == SLA_ENDED)
		g_string_append(teller->text,
		    sla_words_pick(teller, "The clock has ended.\n"));
}

/* ---- the whole ---- */

/* Whose promise it is, where it is that of a ticket merged into this one. */
static void
tell_carried(Teller *teller, const SlaClock *clock)
{
	g_autofree char *number = g_strdup_printf("#%" G_GINT64_FORMAT,
	    clock->carried_from);

	if (clock->carried_from != 0)
		g_string_append_printf(teller->text,
		    sla_words_pick(teller,
			"The promise of ticket %s, which was merged into this "
			"one.\n"),
		    number);
}

char *
sla_explain(const SlaClock *clock, const char *language, const Zone *zone)
{
	Teller teller = teller_new(clock, language, zone);

	tell_carried(&teller, clock);
	tell_intake(&teller, clock);
	tell_promise(&teller, clock);
	if (clock->due != INSTANT_NONE) {
		tell_calendar_unit(&teller, clock);
		tell_outcome(&teller, clock);
	} else if (has_term(clock)) {
		g_string_append(teller.text,
		    sla_words_pick(&teller,
			"The calendar does not open enough: never due.\n"));
	}
	g_string_append_printf(teller.text,
	    sla_words_pick(&teller, "Times are those of %s.\n"),
	    zone_name(zone));
	return g_string_free(teller.text, FALSE);
}

char *
sla_explain_short(const SlaClock *clock, const char *language, const Zone *zone)
{
	Teller teller = teller_new(clock, language, zone);

	if (clock->due == INSTANT_NONE) {
		tell_promise(&teller, clock);
		g_string_truncate(teller.text, teller.text->len - 1);
		return g_string_free(teller.text, FALSE);
	}
	sla_tell_within(&teller, clock);
	g_string_append(teller.text, sla_words_pick(&teller, " counted from "));
	sla_tell_plainly(&teller, clock->intake);
	if (clock->pauses->len > 0)
		g_string_append(teller.text,
		    sla_words_pick(&teller, ", plus the time paused"));
	g_string_append_c(teller.text, '.');
	if (!clock->in_window)
		g_string_append_printf(teller.text,
		    sla_words_pick(&teller,
			" Received outside the intake window \"%s\", the "
			"message counts from its next opening."),
		    calendar_name(clock->intake_clock));
	return g_string_free(teller.text, FALSE);
}
