/*
 * Answers the cases of run.py: one a line on standard input, tab-separated,
 *
 *   zone  spans  holidays  intake  duration  received  pauses  events
 *
 * spans "always" or "open-close,..." in seconds of the week; holidays dates or
 * "-"; intake "clock" or "always"; received in Unix seconds; pauses
 * "from-to,..." in Unix seconds or "-". Prints intake and due, or "never".
 *
 * With events other than "-" the case is a ticket's: `duration` holds one each
 * for severities 1 to 3, with ';' between them, and events are what happened,
 * in order: "oAT:N" opened with severity N, "sAT:N" changed to N, "pAT" waits
 * for the client, "xAT" is resolved, "rAT" goes on, "mAT" resolution met. They are folded as the
 * desk does; the state is printed third.
 */
#include "../../src/ticket/sla_private.h"

#include "guichet/rules/ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	char *key; /* zone, spans and holidays of the last case */
	Holidays *holidays;
	Calendar *clock, *always;
} Last;

static void
last_clear(Last *last)
{
	calendar_free(last->clock);
	calendar_free(last->always);
	holidays_free(last->holidays);
	g_free(last->key);
	*last = (Last){ 0 };
}

static void
die(const char *line)
{
	fprintf(stderr, "driver: bad case: %s\n", line);
	exit(2);
}

static Calendar *
make_calendar(const char *zone, const char *spans, const Holidays *holidays)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(WeekSpan));
	g_auto(GStrv) parts = g_strsplit(spans, ",", -1);
	bool always = strcmp(spans, "always") == 0;

	for (gsize i = 0; !always && parts[i] != NULL; i++) {
		WeekSpan span;

		if (sscanf(parts[i], "%d-%d", &span.open, &span.close) != 2)
			die(parts[i]);
		g_array_append_val(found, span);
	}
	return calendar_new(
	    &(CalendarSpec){
		.name = "case",
		.zone = zone_get(zone, NULL),
		.always = always,
		.spans = (const WeekSpan *)(void *)found->data,
		.span_count = found->len,
		.holidays = &holidays,
		.holidays_count = 1,
	    },
	    NULL);
}

/* Many cases in a row share their calendar. */
static void
last_set(Last *last, char **f)
{
	g_autofree char *key = g_strjoin("\t", f[0], f[1], f[2], NULL);
	g_auto(GStrv) dates = g_strsplit(f[2], ",", -1);

	if (g_strcmp0(key, last->key) == 0)
		return;
	last_clear(last);
	last->key = g_steal_pointer(&key);
	last->holidays = holidays_new("case");
	for (gsize i = 0; strcmp(f[2], "-") != 0 && dates[i] != NULL; i++) {
		Date date;

		if (!date_parse(dates[i], &date))
			die(dates[i]);
		holidays_add(last->holidays, date, "x");
	}
	last->clock = make_calendar(f[0], f[1], last->holidays);
	last->always = make_calendar(f[0], "always", last->holidays);
	if (last->clock == NULL)
		die(f[1]);
}

static GArray *
read_pauses(const char *text)
{
	GArray *pauses = g_array_new(FALSE, FALSE, sizeof(Pause));
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	for (gsize i = 0; strcmp(text, "-") != 0 && parts[i] != NULL; i++) {
		char *end;
		Pause pause = { .why = TICKET_WAITING_CUSTOMER };

		pause.from = g_ascii_strtoll(parts[i], &end, 10);
		if (*end != '-')
			die(text);
		pause.to = g_ascii_strtoll(end + 1, NULL, 10);
		g_array_append_val(pauses, pause);
	}
	return pauses;
}

/* ---- a ticket's case ---- */

/* In the place of a Ruleset: the two calendars of the case. */
static const Last *present;

const Calendar *
ruleset_calendar(const Ruleset *ruleset, const char *name, const Zone *zone,
    const char *const *holidays)
{
	(void)ruleset;
	(void)zone;
	(void)holidays;
	return strcmp(name, "always") == 0 ? present->always : present->clock;
}

const Plan *
ruleset_plan(const Ruleset *ruleset, const char *name)
{
	(void)ruleset;
	(void)name;
	return NULL;
}

static Plan *
make_plan(const char *durations, const char *intake)
{
	g_auto(GStrv) parts = g_strsplit(durations, ";", -1);
	Plan *plan = plan_new("case");

	plan->intake = g_strdup(intake);
	plan->default_severity = 3;
	for (guint i = 0; i < 3 && parts[i] != NULL; i++) {
		Target *target = g_new0(Target, 1);

		target->milestone = MILESTONE_RESOLUTION;
		target->has_term = true;
		target->clock = g_strdup("clock");
		condition_init(&target->when);
		target->when.severities = 1u << (i + 1);
		if (!duration_parse(parts[i], &target->within, NULL))
			die(durations);
		g_ptr_array_add(plan->targets, target);
	}
	return plan;
}

static Event *
read_event(const char *text)
{
	char *end;
	Instant at = g_ascii_strtoll(text + 1, &end, 10);
	gint64 severity = *end == ':' ? g_ascii_strtoll(end + 1, NULL, 10) : 0;
	EventType type = *text == 'o' ? EVENT_OPENED
	    : *text == 's'            ? EVENT_SEVERITY
	    : *text == 'm'            ? EVENT_MET
				      : EVENT_STATE;
	Event *event = event_stored(type, 1, at, "test", 0);

	if (type == EVENT_OPENED || type == EVENT_SEVERITY)
		event_set_int(event, "severity", severity);
	if (type == EVENT_MET)
		event_set(event, "milestone", "resolution");
	if (type == EVENT_STATE)
		event_set(event, "state",
		    *text == 'p'       ? "waiting-customer"
			: *text == 'x' ? "resolved"
				       : "open");
	return event;
}

static SlaClock *
answer_ticket(const Last *last, char **f)
{
	g_auto(GStrv) parts = g_strsplit(f[7], ",", -1);
	g_autoptr(Ticket) ticket = ticket_new(1);
	g_autoptr(GPtrArray) clocks = NULL;
	Plan *plan = make_plan(f[4], f[3]);
	SlaClock *clock;

	present = last;
	for (gsize i = 0; parts[i] != NULL; i++) {
		g_autoptr(Event) event = read_event(parts[i]);

		if (!ticket_apply(ticket, event))
			die(parts[i]);
	}
	clocks = sla_clocks(ticket,
	    &(Terms){ .plan = plan, .zone = calendar_zone(last->clock) },
	    (Instant)1 << 40);
	g_assert(clocks->len == 1);
	clock = g_ptr_array_steal_index(clocks, 0);
	plan_free(plan);
	return clock;
}

/* ---- */

static void
print_instant(Instant at, char end)
{
	if (at == INSTANT_NONE)
		printf("never%c", end);
	else
		printf("%" G_GINT64_FORMAT "%c", at, end);
}

static void
answer(Last *last, char *line)
{
	g_auto(GStrv) f = g_strsplit(g_strchomp(line), "\t", -1);
	g_autoptr(GArray) pauses = NULL;
	g_autoptr(SlaClock) clock = NULL;
	SlaInput input = {
		.milestone = MILESTONE_RESOLUTION,
		.has_term = true,
		.met = INSTANT_NONE,
		.ended = INSTANT_NONE,
	};

	if (g_strv_length(f) != 8)
		die(line);
	last_set(last, f);
	if (strcmp(f[7], "-") != 0) {
		clock = answer_ticket(last, f);
		print_instant(clock->intake, '\t');
		print_instant(clock->due, '\t');
		puts(sla_state_name(clock->state));
		return;
	}
	if (!duration_parse(f[4], &input.within, NULL))
		die(line);
	pauses = read_pauses(f[6]);
	input.clock = last->clock;
	input.intake_clock = strcmp(f[3], "always") == 0 ? last->always
							 : last->clock;
	input.received = g_ascii_strtoll(f[5], NULL, 10);
	input.now = input.received + 60 * 86400; /* after all pauses */
	input.pauses = (const Pause *)(void *)pauses->data;
	input.pause_count = pauses->len;
	clock = sla_clock_make(&input);
	print_instant(clock->intake, '\t');
	print_instant(clock->due, '\n');
}

int
main(void)
{
	Last last = { 0 };
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0)
		answer(&last, line);
	free(line);
	last_clear(&last);
	return 0;
}
