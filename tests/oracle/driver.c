/*
 * Answers the cases of run.py: one a line on standard input, tab-separated,
 *
 *   zone  spans  holidays  intake  duration  received  pauses
 *
 * spans "always" or "open-close,..." in seconds of the week; holidays dates or
 * "-"; intake "clock" or "always"; received in Unix seconds; pauses
 * "from-to,..." in Unix seconds or "-". Prints intake and due, or "never".
 */
#include "../../src/desk/sla-private.h"

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

	if (g_strv_length(f) != 7 || !duration_parse(f[4], &input.within, NULL))
		die(line);
	last_set(last, f);
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
