/* Instants and lengths of time in the words of a language. */
#include "sla_words_private.h"

#include "guichet/base/names.h"
#include "guichet/yaml/catalog.h"

static const char *const days[] = { "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday", "Sunday" };
static const char *const months[] = { "January", "February", "March", "April",
	"May", "June", "July", "August", "September", "October", "November",
	"December" };
static const char *const short_days[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat", "Sun" };
static const char *const short_months[] = { "Jan", "Feb", "Mar", "Apr",
	"short|May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

const char *
sla_words_pick(const Teller *teller, const char *english)
{
	/* Commands speak no language of the catalogues. */
	return catalog_text(teller->language != NULL ? teller->language : "en",
	    english);
}

#define MILESTONE_WORDS(X)                             \
 X(MILESTONE_RESPONSE, "First answer by a technician") \
 X(MILESTONE_WORKAROUND, "Workaround")                 \
 X(MILESTONE_RESOLUTION, "Resolution")                 \
 X(MILESTONE_RESTORE, "Restoration of service")
NAME_TABLE(milestones, MILESTONE_WORDS, MILESTONE_COUNT);

const char *
sla_milestone(Milestone milestone, const char *language)
{
	return catalog_text(language, names_word(&milestones, milestone));
}

const char *
sla_promise(Milestone milestone, bool again, const char *language)
{
	return again && milestone == MILESTONE_RESPONSE
	    ? catalog_text(language, "Answer by a technician")
	    : sla_milestone(milestone, language);
}

/* ---- instants, dates and lengths ---- */

/* "17:00" */
static void
append_minute(GString *text, Wall wall)
{
	int second = (int)(wall - wall_midnight(wall_date(wall)));

	g_string_append_printf(text, "%02d:%02d", second / 3600,
	    second / 60 % 60);
}

/* "17:00", and "17:00:59" only where there are seconds. */
static void
append_time(GString *text, Wall wall)
{
	int second = (int)(wall - wall_midnight(wall_date(wall)));

	append_minute(text, wall);
	if (second % 60 != 0)
		g_string_append_printf(text, ":%02d", second % 60);
}

static void
append_offset(GString *text, int offset)
{
	int size = ABS(offset);

	g_string_append_printf(text, "UTC%c%02d:%02d", offset < 0 ? '-' : '+',
	    size / 3600, size / 60 % 60);
}

/* "Friday 1 November": some languages say the first in another way. */
static void
append_day(GString *text, const char *language, const char *weekday, int day,
    const char *month)
{
	weekday = catalog_text(language, weekday);
	month = catalog_text(language, month);
	if (day == 1)
		g_string_append_printf(text, catalog_text(language, "%s 1 %s"),
		    weekday, month);
	else
		g_string_append_printf(text, catalog_text(language, "%s %d %s"),
		    weekday, day, month);
}

static void
append_full_date(GString *text, const char *language, Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	append_day(text, language, days[date_weekday(date)], day,
	    months[month - 1]);
	g_string_append_printf(text, " %d", year);
}

/* "Friday 20 November 2026, " */
static void
append_day_of(GString *text, const char *language, Wall wall)
{
	append_full_date(text, language, wall_date(wall));
	g_string_append(text, catalog_text(language, "date and time|, "));
}

static void
append_offset_at(GString *text, const Zone *zone, Instant at)
{
	g_string_append(text, " (");
	append_offset(text, zone_offset(zone, at));
	g_string_append_c(text, ')');
}

/* To the second, for sums. */
static void
append_when(GString *text, const char *language, const Zone *zone, Instant at)
{
	Wall wall = zone_wall(zone, at);

	append_day_of(text, language, wall);
	append_time(text, wall);
	append_offset_at(text, zone, at);
}

/* Whether the clocks show that time twice on that day. */
static bool
is_shown_twice(const Zone *zone, Instant at)
{
	Wall wall = zone_wall(zone, at);

	return zone_instant(zone, wall, ZONE_FIRST) !=
	    zone_instant(zone, wall, ZONE_SECOND);
}

static void
append_plain(GString *text, const char *language, const Zone *zone, Instant at)
{
	Wall wall = zone_wall(zone, at);

	append_day_of(text, language, wall);
	append_minute(text, wall);
	if (is_shown_twice(zone, at))
		append_offset_at(text, zone, at);
}

char *
sla_when(Instant at, const char *language, const Zone *zone)
{
	GString *text = g_string_new(NULL);

	if (at == INSTANT_NONE)
		g_string_append(text, catalog_text(language, "never"));
	else
		append_plain(text, language, zone, at);
	return g_string_free(text, FALSE);
}

void
sla_tell_offset(Teller *teller, int offset)
{
	append_offset(teller->text, offset);
}

void
sla_tell_when(Teller *teller, Instant at)
{
	append_when(teller->text, teller->language, teller->zone, at);
}

void
sla_tell_plainly(Teller *teller, Instant at)
{
	append_plain(teller->text, teller->language, teller->zone, at);
}

void
sla_tell_date(Teller *teller, Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	append_day(teller->text, teller->language,
	    short_days[date_weekday(date)], day, short_months[month - 1]);
	if (year != teller->year)
		g_string_append_printf(teller->text, " %d", year);
}

void
sla_tell_moment(Teller *teller, Instant at)
{
	Wall wall = zone_wall(teller->zone, at);

	sla_tell_date(teller, wall_date(wall));
	g_string_append_c(teller->text, ' ');
	append_time(teller->text, wall);
}

void
sla_tell_span(Teller *teller, Seconds span)
{
	const char *blank = "";
	const char *hour = sla_words_pick(teller, "letter of an hour|h");

	if (span >= 3600) {
		g_string_append_printf(teller->text, "%" G_GINT64_FORMAT " %s",
		    span / 3600, hour);
		blank = " ";
	}
	if (span / 60 % 60 != 0) {
		g_string_append_printf(teller->text,
		    "%s%" G_GINT64_FORMAT " min", blank, span / 60 % 60);
		blank = " ";
	}
	if (span % 60 != 0 || span == 0)
		g_string_append_printf(teller->text, "%s%" G_GINT64_FORMAT " s",
		    blank, span % 60);
}

char *
sla_date(Date date, const char *language)
{
	GString *text = g_string_new(NULL);

	append_full_date(text, language, date);
	return g_string_free(text, FALSE);
}

char *
sla_month(Date date, const char *language)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return g_strdup_printf("%s %d",
	    catalog_text(language, months[month - 1]), year);
}

char *
sla_moment(Instant at, const char *language, const Zone *zone, Instant now)
{
	Teller teller = { language, zone, 0, g_string_new(NULL) };
	int month, day;

	date_split(wall_date(zone_wall(zone, now)), &teller.year, &month, &day);
	sla_tell_moment(&teller, at);
	return g_string_free(teller.text, FALSE);
}

char *
sla_span(Seconds span)
{
	Teller teller = { .text = g_string_new(NULL) };

	sla_tell_span(&teller, span);
	return g_string_free(teller.text, FALSE);
}

void
sla_tell_within(Teller *teller, const SlaClock *clock)
{
	int64_t n = clock->within.count;

	if (clock->within.unit == DURATION_TIME) {
		sla_tell_span(teller, n);
		if (!calendar_is_always(clock->clock))
			g_string_append(teller->text,
			    sla_words_pick(teller, " of open time"));
		return;
	}
	g_string_append_printf(teller->text, "%" G_GINT64_FORMAT " ", n);
	switch (clock->within.unit) {
	case DURATION_DAYS:
		g_string_append(teller->text,
		    n == 1 ? sla_words_pick(teller, "calendar day")
			   : sla_words_pick(teller, "calendar days"));
		break;
	case DURATION_BUSINESS_DAYS:
		g_string_append(teller->text,
		    n == 1 ? sla_words_pick(teller, "business day")
			   : sla_words_pick(teller, "business days"));
		break;
	case DURATION_MONTHS:
		g_string_append(teller->text,
		    n == 1 ? sla_words_pick(teller, "month")
			   : sla_words_pick(teller, "months"));
		break;
	case DURATION_MONTH_END:
		g_string_append(teller->text,
		    sla_words_pick(teller, "calendar month"));
		break;
	case DURATION_TIME:
		g_assert_not_reached();
	}
}

Teller
teller_new(const SlaClock *clock, const char *language, const Zone *zone)
{
	Teller teller = { language, zone, 0, g_string_new(NULL) };
	int month, day;

	date_split(wall_date(zone_wall(zone, clock->received)), &teller.year,
	    &month, &day);
	return teller;
}
