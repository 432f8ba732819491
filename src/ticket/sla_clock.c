/*
 * One clock: its steps, its pauses, its state now, and when a share of it is
 * used.
 */
#include "sla_private.h"

#include "guichet/base/names.h"

#define SLA_STATE_NAMES(X) \
 X(SLA_RUNNING, "running") \
 X(SLA_PAUSED, "paused")   \
 X(SLA_LATE, "late")       \
 X(SLA_MET, "met")         \
 X(SLA_MISSED, "missed")   \
 X(SLA_ENDED, "ended")     \
 X(SLA_NO_TERM, "no-term")
NAME_TABLE(states, SLA_STATE_NAMES, SLA_STATE_COUNT);

const char *
sla_state_name(SlaState state)
{
	return names_word(&states, state);
}

void
sla_clock_free(SlaClock *clock)
{
	if (clock == NULL)
		return;
	g_array_unref(clock->pauses);
	g_array_unref(clock->steps);
	g_free(clock);
}

static void
step_clear(gpointer step)
{
	g_free(((SlaStep *)step)->label);
}

/* ---- the measure of a clock ---- */

/* Whether its time passes only while its calendar is open. */
static bool
counts_open_time(const SlaClock *clock)
{
	return clock->within.unit == DURATION_TIME ||
	    clock->within.unit == DURATION_BUSINESS_DAYS;
}

static Seconds
measure(const SlaClock *clock, Instant from, Instant to)
{
	if (to <= from)
		return 0;
	return counts_open_time(clock)
	    ? calendar_open_seconds(clock->clock, from, to)
	    : to - from;
}

static Instant
measure_add(const SlaClock *clock, Instant from, Seconds seconds)
{
	return counts_open_time(clock)
	    ? calendar_add_open(clock->clock, from, seconds)
	    : from + seconds;
}

/*
 * When the clock gets where it would get at `at` without pauses. Each pause
 * that begins before that moves it by its own measure; one that begins after
 * it comes too late to.
 */
static Instant
move_by_pauses(const SlaClock *clock, Instant at)
{
	for (guint i = 0; i < clock->pauses->len && at != INSTANT_NONE; i++) {
		const Pause *pause = &g_array_index(clock->pauses, Pause, i);

		if (pause->from >= at)
			break;
		at = measure_add(clock, at,
		    measure(clock, pause->from, pause->to));
	}
	return at;
}

/* ---- pauses ---- */

static gint
compare_pauses(gconstpointer a, gconstpointer b)
{
	const Pause *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* Who waits for the client has answered, or should: that never stops the
 * response clock. Time while the ticket was resolved counts on none. */
static bool
pauses_it(const Pause *pause, Milestone milestone)
{
	return milestone != MILESTONE_RESPONSE || pause->why == TICKET_RESOLVED;
}

/* From intake to `until`, where running pauses end too; sorted and joined. */
static void
take_pauses(SlaClock *clock, const SlaInput *input, Instant until)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Pause));
	Instant begins = input->is_carried ? MAX(clock->intake, input->since)
					   : clock->intake;

	if (clock->intake == INSTANT_NONE)
		return;
	for (gsize i = 0; i < input->pause_count; i++) {
		Pause pause = input->pauses[i];

		pause.from = MAX(pause.from, begins);
		if (pause.to == INSTANT_NONE || pause.to > until)
			pause.to = until;
		if (pause.from < pause.to &&
		    pauses_it(&pause, input->milestone))
			g_array_append_val(all, pause);
	}
	g_array_sort(all, compare_pauses);
	for (guint i = 0; i < all->len; i++) {
		const Pause *next = &g_array_index(all, Pause, i);
		Pause *last = clock->pauses->len == 0
		    ? NULL
		    : &g_array_index(clock->pauses, Pause,
			  clock->pauses->len - 1);

		if (last == NULL || next->from > last->to)
			g_array_append_vals(clock->pauses, next, 1);
		else
			last->to = MAX(last->to, next->to);
	}
}

/* Those that began when the time had run out moved nothing. */
static void
drop_late_pauses(SlaClock *clock)
{
	guint kept = 0;

	if (clock->due == INSTANT_NONE)
		return;
	while (kept < clock->pauses->len &&
	    g_array_index(clock->pauses, Pause, kept).from < clock->due)
		kept++;
	g_array_set_size(clock->pauses, kept);
}

/* Whether the client is being waited for, and was before the clock ran out. */
static bool
is_paused(const SlaClock *clock, const SlaInput *input)
{
	for (gsize i = 0; i < input->pause_count; i++) {
		const Pause *pause = &input->pauses[i];

		if (pauses_it(pause, input->milestone) &&
		    pause->from <= input->now &&
		    (pause->to == INSTANT_NONE || pause->to > input->now) &&
		    (clock->due == INSTANT_NONE || pause->from < clock->due))
			return true;
	}
	return false;
}

/* ---- one clock ---- */

static SlaState
judge(const SlaClock *clock, const SlaInput *input)
{
	bool in_time = clock->due == INSTANT_NONE || clock->met <= clock->due;
	Instant until = input->ended != INSTANT_NONE ? input->ended
						     : input->now;

	if (!input->has_term)
		return input->excluded ? SLA_ENDED : SLA_NO_TERM;
	if (clock->met != INSTANT_NONE && in_time)
		return SLA_MET;
	/* The guarantee has ended: what was late is no longer judged. */
	if (input->excluded)
		return SLA_ENDED;
	if (clock->met != INSTANT_NONE)
		return SLA_MISSED;
	if (input->ended == INSTANT_NONE && is_paused(clock, input))
		return SLA_PAUSED;
	if (clock->due != INSTANT_NONE && until > clock->due)
		return input->ended != INSTANT_NONE || input->runs_out
		    ? SLA_MISSED
		    : SLA_LATE;
	return input->ended != INSTANT_NONE ? SLA_ENDED : SLA_RUNNING;
}

static Seconds
used_until(const SlaClock *clock, Instant until)
{
	Seconds used = measure(clock, clock->intake, until);

	for (guint i = 0; i < clock->pauses->len; i++) {
		const Pause *pause = &g_array_index(clock->pauses, Pause, i);

		used -= measure(clock, pause->from, pause->to);
	}
	return used;
}

/* Nobody was late with what was done: a pause that began behind the due instant
 * moves it no more, and makes it no later either. */
static Seconds
late_at(const SlaClock *clock, const SlaInput *input, Instant until)
{
	Seconds late;

	if (clock->due == INSTANT_NONE || until <= clock->due)
		return 0;
	late = until - clock->due;
	for (gsize i = 0; i < input->pause_count; i++) {
		const Pause *pause = &input->pauses[i];
		Instant from = MAX(pause->from, clock->due);
		Instant to = pause->to == INSTANT_NONE ? until
						       : MIN(pause->to, until);

		if (ticket_state_is_done(pause->why) &&
		    pauses_it(pause, input->milestone) && from < to)
			late -= to - from;
	}
	return MAX(late, 0);
}

SlaClock *
sla_clock_make(const SlaInput *input)
{
	SlaClock *clock = g_new0(SlaClock, 1);
	Instant until = input->now, base;

	if (input->ended != INSTANT_NONE)
		until = MIN(until, input->ended);
	if (input->met != INSTANT_NONE)
		until = input->met;

	clock->milestone = input->milestone;
	clock->commitment = input->commitment;
	clock->within = input->within;
	clock->target = input->target;
	clock->plan = input->plan;
	clock->clock = input->clock;
	clock->intake_clock = input->intake_clock;
	clock->received = input->received;
	clock->met = input->met;
	clock->pauses = g_array_new(FALSE, FALSE, sizeof(Pause));
	clock->steps = g_array_new(FALSE, FALSE, sizeof(SlaStep));
	g_array_set_clear_func(clock->steps, step_clear);

	clock->intake = calendar_intake(input->intake_clock, input->received);
	clock->in_window = clock->intake == input->received;
	clock->due = INSTANT_NONE;
	if (input->has_term && clock->intake != INSTANT_NONE) {
		take_pauses(clock, input, until);
		base = input->is_carried
		    ? input->due
		    : duration_end(input->within, input->clock, clock->intake);
		clock->due = move_by_pauses(clock, base);
		if (base != INSTANT_NONE)
			clock->total = measure(clock, clock->intake, base);
		drop_late_pauses(clock);
		clock->used = used_until(clock, until);
	}
	clock->late = late_at(clock, input, until);
	clock->is_anew = input->is_anew;
	clock->state = judge(clock, input);
	return clock;
}

SlaClock *
sla_clock_of(const GPtrArray *clocks, Milestone milestone)
{
	for (guint i = 0; i < clocks->len; i++) {
		SlaClock *clock = clocks->pdata[i];

		if (clock->milestone == milestone)
			return clock;
	}
	return NULL;
}

bool
sla_is_owed(const SlaClock *clock)
{
	return clock->state == SLA_RUNNING || clock->state == SLA_PAUSED ||
	    clock->state == SLA_LATE || clock->state == SLA_NO_TERM;
}

const SlaClock *
sla_next(const GPtrArray *clocks)
{
	const SlaClock *next = NULL;

	for (guint i = 0; i < clocks->len; i++) {
		const SlaClock *clock = g_ptr_array_index(clocks, i);

		if (clock->due == INSTANT_NONE || !sla_is_owed(clock) ||
		    clock->state == SLA_NO_TERM)
			continue;
		if (next == NULL || clock->due < next->due)
			next = clock;
	}
	return next;
}

Instant
sla_share_at(const SlaClock *clock, int share)
{
	Seconds wanted;
	Instant at;

	g_assert(share >= 0);
	if (clock->due == INSTANT_NONE || share >= 100)
		return clock->due;
	/* Rounded up, so that the share is reached, not nearly. */
	wanted = (clock->total * share + 99) / 100;
	at = move_by_pauses(clock, measure_add(clock, clock->intake, wanted));
	return at == INSTANT_NONE ? clock->due : MIN(at, clock->due);
}

/* ---- steps ---- */

#define MOST_STEPS 400

typedef struct {
	const SlaClock *clock;
	GArray *steps;
} Stepper;

static void
add_step(Stepper *stepper, StepKind kind, Instant from, Instant to,
    Seconds used, const char *label)
{
	SlaStep step = { kind, from, to, used, g_strdup(label) };

	if (from < to)
		g_array_append_val(stepper->steps, step);
	else
		g_free(step.label);
}

/* Shut time, cut where holidays begin and end. */
static void
add_shut(Stepper *stepper, Instant from, Instant to)
{
	const Calendar *calendar = stepper->clock->clock;
	const Zone *zone = calendar_zone(calendar);

	while (from < to) {
		Date date = wall_date(zone_wall(zone, from));
		const char *label = calendar_closure(calendar, date);
		Instant end = to;

		/* Until the first date that is a holiday or stops being. */
		for (Date next = date + 1;; next++) {
			Instant midnight = zone_instant(zone,
			    wall_midnight(next), ZONE_FIRST);

			if (midnight >= to)
				break;
			if (midnight > from &&
			    g_strcmp0(calendar_closure(calendar, next),
				label) != 0) {
				end = midnight;
				break;
			}
		}
		add_step(stepper, label != NULL ? STEP_HOLIDAY : STEP_CLOSED,
		    from, end, 0, label);
		from = end;
	}
}

static void
add_running(Stepper *stepper, Instant from, Instant to)
{
	const SlaClock *clock = stepper->clock;
	Window window;

	if (!counts_open_time(clock)) {
		add_step(stepper, STEP_COUNTED, from, to, to - from, NULL);
		return;
	}
	while (from < to) {
		Instant open, close;

		if (!calendar_window(clock->clock, from, &window))
			window = (Window){ to, to };
		open = CLAMP(window.open, from, to);
		close = MIN(window.close, to);
		add_shut(stepper, from, open);
		add_step(stepper, STEP_COUNTED, open, close, close - open,
		    NULL);
		from = MAX(close, open);
	}
}

/* Keeps both ends of a row that is too long to read. */
static void
shorten(GArray *steps)
{
	guint half = MOST_STEPS / 2;
	guint last = steps->len - half;
	SlaStep *middle;

	if (steps->len <= MOST_STEPS)
		return;
	middle = &g_array_index(steps, SlaStep, half);
	middle->kind = STEP_COUNTED;
	g_clear_pointer(&middle->label, g_free);
	for (guint i = half + 1; i <= last; i++) {
		SlaStep *step = &g_array_index(steps, SlaStep, i);

		middle->used += step->used;
		middle->to = step->to;
	}
	g_array_remove_range(steps, half + 1, last - half);
}

GArray *
sla_steps_make(const SlaClock *clock)
{
	Stepper stepper = { clock, g_array_new(FALSE, FALSE, sizeof(SlaStep)) };
	Instant at = clock->intake;

	g_array_set_clear_func(stepper.steps, step_clear);
	if (clock->due == INSTANT_NONE)
		return stepper.steps;
	for (guint i = 0; i < clock->pauses->len; i++) {
		const Pause *pause = &g_array_index(clock->pauses, Pause, i);
		Instant from = MIN(pause->from, clock->due);
		Instant to = MIN(pause->to, clock->due);

		add_running(&stepper, at, from);
		add_step(&stepper, STEP_PAUSED, from, to, 0,
		    ticket_state_name(pause->why));
		at = MAX(at, to);
	}
	add_running(&stepper, at, clock->due);
	shorten(stepper.steps);
	return stepper.steps;
}

void
sla_steps(SlaClock *clock)
{
	g_array_unref(clock->steps);
	clock->steps = sla_steps_make(clock);
}
