/* A clock's arithmetic in sentences. */
#include "sla_private.h"
#include "sla_words_private.h"

#include "guichet/base/names.h"

#include <string.h>

#define DATES_SHOWN 31 /* of business days; the middle of more is left out */

/* ---- promises and why ---- */

typedef struct {
	const char *french, *english;
} Pair;

#define MILESTONE_WORDS(X)                                   \
 X(MILESTONE_RESPONSE, "Première réponse", "First response") \
 X(MILESTONE_WORKAROUND, "Contournement", "Workaround")      \
 X(MILESTONE_RESOLUTION, "Résolution", "Resolution")         \
 X(MILESTONE_RESTORE, "Rétablissement du service", "Restoration of service")
NAME_ROWS(Pair, milestones, MILESTONE_WORDS, MILESTONE_COUNT);

#define COMMITMENT_WORDS(X)                                          \
 X(COMMITMENT_GUARANTEED, "délai garanti de ", "guaranteed within ") \
 X(COMMITMENT_OBJECTIVE, "objectif, visé sans être garanti, de ",    \
     "objective, aimed at and not guaranteed, of ")                  \
 X(COMMITMENT_BEST_EFFORT, "au mieux, sans engagement, sous ",       \
     "best effort, without commitment, within ")
NAME_ROWS(Pair, commitments, COMMITMENT_WORDS, COMMITMENT_COUNT);

static const char *
pick_pair(const Teller *teller, const Pair *pair)
{
	return sla_words_pick(teller, pair->french, pair->english);
}

static bool
has_term(const SlaClock *clock)
{
	return clock->within.count > 0;
}

static void
tell_promise(Teller *teller, const SlaClock *clock)
{
	g_string_append_printf(teller->text, "%s%s",
	    pick_pair(teller, &milestones[clock->milestone]),
	    sla_words_pick(teller, " : ", ": "));
	if (!has_term(clock)) {
		g_string_append(teller->text,
		    sla_words_pick(teller, "au mieux, sans délai annoncé.\n",
			"best effort, without a term.\n"));
		return;
	}
	g_string_append(teller->text,
	    pick_pair(teller, &commitments[clock->commitment]));
	sla_tell_within(teller, clock);
	g_string_append(teller->text,
	    sla_words_pick(teller, ", calendrier « ", ", calendar \""));
	g_string_append_printf(teller->text, "%s%s",
	    calendar_name(clock->clock), sla_words_pick(teller, " »", "\""));
	if (calendar_is_always(clock->clock))
		g_string_append(teller->text,
		    sla_words_pick(teller, " (24 h sur 24, 7 jours sur 7)",
			" (around the clock)"));
	if (calendar_zone(clock->clock) != teller->zone)
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, ", à l'heure de %s",
			", on the clocks of %s"),
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
		    told++ == 0 ? sla_words_pick(teller,
				      " ; jours fermés : ", "; days shut: ")
				: ", ");
		sla_tell_date(teller, date);
		g_string_append_printf(teller->text, " (%s)", label);
	}
}

static void
tell_from_to(Teller *teller, Instant from, Instant to)
{
	g_string_append(teller->text, sla_words_pick(teller, " du ", " from "));
	sla_tell_moment(teller, from);
	g_string_append(teller->text, sla_words_pick(teller, " au ", " to "));
	sla_tell_moment(teller, to);
}

static void
tell_intake(Teller *teller, const SlaClock *clock)
{
	const Calendar *calendar = clock->intake_clock;
	const Zone *zone = calendar_zone(calendar);
	Window window;

	g_string_append(teller->text,
	    sla_words_pick(teller, "Reçu le ", "Received "));
	sla_tell_when(teller, clock->received);
	g_string_append(teller->text, ".\n");

	if (clock->intake == INSTANT_NONE) {
		g_string_append_printf(teller->text,
		    sla_words_pick(teller,
			"La plage de prise en charge « %s » ne rouvre pas.\n",
			"The intake window \"%s\" does not open again.\n"),
		    calendar_name(calendar));
		return;
	}
	if (clock->in_window) {
		g_string_append_printf(teller->text,
		    sla_words_pick(teller,
			"Pris en compte à la réception, car la plage de prise "
			"en charge « %s » était ouverte",
			"Counted from receipt, because the intake window "
			"\"%s\" was open"),
		    calendar_name(calendar));
		if (!calendar_is_always(calendar) &&
		    calendar_window(calendar, clock->received, &window))
			tell_from_to(teller, window.open, window.close);
		g_string_append(teller->text, ".\n");
		return;
	}
	g_string_append(teller->text,
	    sla_words_pick(teller, "Pris en compte le ", "Counted from "));
	sla_tell_when(teller, clock->intake);
	g_string_append_printf(teller->text,
	    sla_words_pick(teller,
		", car reçu hors de la plage de prise en charge « %s », "
		"fermée",
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
		return sla_words_pick(teller, "résolu", "resolved");
	if (why == TICKET_WAITING_APPROVAL)
		return sla_words_pick(teller, "en attente de votre accord",
		    "waiting for your agreement");
	return sla_words_pick(teller, "en attente de votre réponse",
	    "waiting for your answer");
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
	    sla_words_pick(teller, "    (changement d'heure le ",
		"    (the clocks change on "));
	sla_tell_date(teller, wall_date(zone_wall(teller->zone, high)));
	g_string_append(teller->text,
	    sla_words_pick(teller, " : de ", ": from "));
	sla_tell_offset(teller, before);
	g_string_append(teller->text, sla_words_pick(teller, " à ", " to "));
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
	g_string_append(teller->text, sla_words_pick(teller, " : ", ": "));
	switch (step->kind) {
	case STEP_COUNTED:
		sla_tell_span(teller, step->used);
		if (*sum > 0) {
			g_string_append(teller->text,
			    sla_words_pick(teller, " (en tout ", " (in all "));
			sla_tell_span(teller, *sum + step->used);
			g_string_append_c(teller->text, ')');
		}
		*sum += step->used;
		break;
	case STEP_CLOSED:
		g_string_append(teller->text,
		    sla_words_pick(teller, "fermé, non compté",
			"closed, not counted"));
		break;
	case STEP_HOLIDAY:
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, "%s, non compté", "%s, not counted"),
		    step->label);
		break;
	case STEP_PAUSED:
		g_string_append_printf(teller->text,
		    sla_words_pick(teller, "%s, non compté", "%s, not counted"),
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
	g_string_append(teller->text,
	    sla_words_pick(teller, "Compté :\n", "Counted:\n"));
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
	    sla_words_pick(teller, "Jours ouvrés comptés après le ",
		"Business days counted after "));
	sla_tell_date(teller, first);
	g_string_append(teller->text, sla_words_pick(teller, " : ", ": "));
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
	    sla_words_pick(teller, " ; à la même heure, ou à la fermeture.\n",
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
		    sla_words_pick(teller, "Suspendu : ", "Paused: "));
		sla_tell_moment(teller, pause->from);
		g_string_append(teller->text, " → ");
		sla_tell_moment(teller, pause->to);
		g_string_append_printf(teller->text, ", %s%s",
		    pause_words(teller, pause->why),
		    sla_words_pick(teller, " ; l'échéance recule de ",
			"; due is moved by "));
		sla_tell_span(teller, pause_measure(clock, pause));
		if (clock->within.unit == DURATION_BUSINESS_DAYS &&
		    !calendar_is_always(clock->clock))
			g_string_append(teller->text,
			    sla_words_pick(teller, " d'ouverture",
				" of open time"));
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
		    sla_words_pick(teller, "Compté : ", "Counted: "));
		sla_tell_within(teller, clock);
		g_string_append(teller->text,
		    sla_words_pick(teller, ", à la même heure du jour.\n",
			", at the same time of day.\n"));
		tell_change(teller, clock->intake, clock->due);
		break;
	case DURATION_MONTHS:
		g_string_append(teller->text,
		    sla_words_pick(teller, "Compté : ", "Counted: "));
		sla_tell_within(teller, clock);
		g_string_append(teller->text,
		    sla_words_pick(teller,
			", au même jour du mois (ou au dernier, s'il n'existe "
			"pas), à la même heure.\n",
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
		? sla_words_pick(teller,
		      "Échéance, si la suspension finissait maintenant : ",
		      "Due, if the pause ended now: ")
		: sla_words_pick(teller, "Échéance : ", "Due: "));
	sla_tell_when(teller, clock->due);
	g_string_append(teller->text, ".\n");
	if (clock->met != INSTANT_NONE) {
		g_string_append(teller->text,
		    sla_words_pick(teller, "Atteint le ", "Reached "));
		sla_tell_when(teller, clock->met);
		g_string_append(teller->text,
		    clock->met <= clock->due
			? sla_words_pick(teller, ", dans le délai.\n",
			      ", in time.\n")
			: sla_words_pick(teller, ", après l'échéance.\n",
			      ", late.\n"));
	}
	if (clock->state == SLA_LATE ||
	    (clock->state == SLA_MISSED && clock->met == INSTANT_NONE))
		g_string_append(teller->text,
		    sla_words_pick(teller, "L'échéance est dépassée.\n",
			"The due time has passed.\n"));
	if (clock->state == SLA_ENDED)
		g_string_append(teller->text,
		    sla_words_pick(teller, "Le décompte est terminé.\n",
			"The clock has ended.\n"));
}

/* ---- the whole ---- */

/* Whose promise it is, where it is that of a ticket merged into this one. */
static void
tell_carried(Teller *teller, const SlaClock *clock)
{
	if (clock->carried_from != 0)
		g_string_append_printf(teller->text,
		    sla_words_pick(teller,
			"Promesse du ticket #%" G_GINT64_FORMAT
			", fusionné avec celui-ci.\n",
			"The promise of ticket #%" G_GINT64_FORMAT
			", which was merged into this one.\n"),
		    clock->carried_from);
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
			"Le calendrier n'ouvre pas assez : aucune échéance.\n",
			"The calendar does not open enough: never due.\n"));
	}
	g_string_append_printf(teller.text,
	    sla_words_pick(&teller, "Heures de %s.\n",
		"Times are those of %s.\n"),
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
	g_string_append(teller.text,
	    sla_words_pick(&teller, " à compter du ", " counted from "));
	sla_tell_when(&teller, clock->intake);
	if (clock->pauses->len > 0)
		g_string_append(teller.text,
		    sla_words_pick(&teller, ", suspensions ajoutées",
			", plus the time paused"));
	g_string_append_c(teller.text, '.');
	if (!clock->in_window)
		g_string_append_printf(teller.text,
		    sla_words_pick(&teller,
			" Reçu hors de la plage de prise en charge « %s », le "
			"message compte à partir de son ouverture suivante.",
			" Received outside the intake window \"%s\", the "
			"message counts from its next opening."),
		    calendar_name(clock->intake_clock));
	return g_string_free(teller.text, FALSE);
}
