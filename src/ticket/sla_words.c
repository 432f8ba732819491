/* Instants and lengths of time in the words of a language. */
#include "sla_words_private.h"

#include "guichet/base/text.h"

static const char *const days_fr[] = { "lundi", "mardi", "mercredi", "jeudi",
	"vendredi", "samedi", "dimanche" };
static const char *const days_en[] = { "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday", "Sunday" };
static const char *const months_fr[] = { "janvier", "février", "mars", "avril",
	"mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
	"décembre" };
static const char *const months_en[] = { "January", "February", "March",
	"April", "May", "June", "July", "August", "September", "October",
	"November", "December" };
static const char *const short_days_fr[] = { "lun.", "mar.", "mer.", "jeu.",
	"ven.", "sam.", "dim." };
static const char *const short_months_fr[] = { "janv.", "févr.", "mars", "avr.",
	"mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc." };

const char *
sla_words_pick(const Teller *teller, const char *french, const char *english)
{
	return teller->french ? french : english;
}

/* ---- instants, dates and lengths ---- */

/* "17:00", and "17:00:59" only where there are seconds. */
static void
append_time(GString *text, Wall wall)
{
	int second = (int)(wall - wall_midnight(wall_date(wall)));

	g_string_append_printf(text, "%02d:%02d", second / 3600,
	    second / 60 % 60);
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

static void
append_date(GString *text, bool french, Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	g_string_append_printf(text, "%s %d%s %s %d",
	    (french ? days_fr : days_en)[date_weekday(date)], day,
	    french && day == 1 ? "er" : "",
	    french ? months_fr[month - 1] : months_en[month - 1], year);
}

static void
append_when(GString *text, bool french, const Zone *zone, Instant at)
{
	Wall wall = zone_wall(zone, at);

	append_date(text, french, wall_date(wall));
	g_string_append(text, french ? " à " : ", ");
	append_time(text, wall);
	g_string_append(text, " (");
	append_offset(text, zone_offset(zone, at));
	g_string_append_c(text, ')');
}

char *
sla_when(Instant at, const char *language, const Zone *zone)
{
	GString *text = g_string_new(NULL);

	if (at == INSTANT_NONE)
		g_string_append(text,
		    text_is_french(language) ? "jamais" : "never");
	else
		append_when(text, text_is_french(language), zone, at);
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
	append_when(teller->text, teller->french, teller->zone, at);
}

void
sla_tell_date(Teller *teller, Date date)
{
	int year, month, day, weekday = date_weekday(date);

	date_split(date, &year, &month, &day);
	if (teller->french)
		g_string_append_printf(teller->text, "%s %d%s %s",
		    short_days_fr[weekday], day, day == 1 ? "er" : "",
		    short_months_fr[month - 1]);
	else
		g_string_append_printf(teller->text, "%.3s %d %.3s",
		    days_en[weekday], day, months_en[month - 1]);
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

	if (span >= 3600) {
		g_string_append_printf(teller->text, "%" G_GINT64_FORMAT " h",
		    span / 3600);
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

	append_date(text, text_is_french(language), date);
	return g_string_free(text, FALSE);
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
			    sla_words_pick(teller, " d'ouverture",
				" of open time"));
		return;
	}
	g_string_append_printf(teller->text, "%" G_GINT64_FORMAT " ", n);
	switch (clock->within.unit) {
	case DURATION_DAYS:
		g_string_append(teller->text,
		    n == 1 ? sla_words_pick(teller, "jour calendaire",
				 "calendar day")
			   : sla_words_pick(teller, "jours calendaires",
				 "calendar days"));
		break;
	case DURATION_BUSINESS_DAYS:
		g_string_append(teller->text,
		    n == 1
			? sla_words_pick(teller, "jour ouvré", "business day")
			: sla_words_pick(teller, "jours ouvrés",
			      "business days"));
		break;
	case DURATION_MONTHS:
		g_string_append(teller->text,
		    n == 1 ? sla_words_pick(teller, "mois", "month")
			   : sla_words_pick(teller, "mois", "months"));
		break;
	case DURATION_TIME:
		g_assert_not_reached();
	}
}

Teller
teller_new(const SlaClock *clock, const char *language, const Zone *zone)
{
	Teller teller = { text_is_french(language), zone, 0,
		g_string_new(NULL) };
	int month, day;

	date_split(wall_date(zone_wall(zone, clock->received)), &teller.year,
	    &month, &day);
	return teller;
}
