/* Holidays out of iCalendar files, by their dates. */
#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "guichet/time/calendar.h"

#include <libical/ical.h>

#include <string.h>

#define FIRST_YEAR    2000
#define LAST_YEAR     2060
#define LABEL_BYTES   200
#define EVENT_DAYS    366    /* an event that lasts longer is a mistake */
#define EVENT_REPEATS 100000 /* enough for daily since long before 2000 */

typedef icalcomponent IcalComponent;
typedef icalrecur_iterator IcalIterator;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IcalComponent, icalcomponent_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IcalIterator, icalrecur_iterator_free)

struct Holidays {
	char *name;
	GHashTable *labels; /* Date to its name */
	bool closures;      /* single days, that come to no end */
};

Holidays *
holidays_new(const char *name)
{
	Holidays *holidays = g_new0(Holidays, 1);

	holidays->name = g_strdup(name);
	holidays->labels = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return holidays;
}

Holidays *
holidays_new_closures(const char *name)
{
	Holidays *holidays = holidays_new(name);

	holidays->closures = true;
	return holidays;
}

void
holidays_free(Holidays *holidays)
{
	if (holidays == NULL)
		return;
	g_hash_table_unref(holidays->labels);
	g_free(holidays->name);
	g_free(holidays);
}

void
holidays_add(Holidays *holidays, Date date, const char *label)
{
	gpointer key = GINT_TO_POINTER(date);

	if (!g_hash_table_contains(holidays->labels, key))
		g_hash_table_insert(holidays->labels, key, g_strdup(label));
}

const char *
holidays_label(const Holidays *holidays, Date date)
{
	return g_hash_table_lookup(holidays->labels, GINT_TO_POINTER(date));
}

guint
holidays_count(const Holidays *holidays)
{
	return g_hash_table_size(holidays->labels);
}

bool
holidays_last(const Holidays *holidays, Date *ret_date)
{
	GHashTableIter each;
	gpointer key;
	bool any = false;

	if (holidays->closures)
		return false;
	g_hash_table_iter_init(&each, holidays->labels);
	while (g_hash_table_iter_next(&each, &key, NULL)) {
		Date date = (Date)GPOINTER_TO_INT(key);

		if (!any || date > *ret_date)
			*ret_date = date;
		any = true;
	}
	return any;
}

/* ---- iCalendar ---- */

typedef struct {
	Holidays *found;
	GHashTable *moved; /* "UID\nday number" of changed recurrences */
} Reading;

static bool
refuse(GError **error, icalcomponent *event, const char *wrong)
{
	const char *summary = icalcomponent_get_summary(event);
	const char *uid = icalcomponent_get_uid(event);
	g_autofree char *which = text_clean_line(summary != NULL ? summary
		: uid != NULL                                    ? uid
								 : "?",
	    -1, LABEL_BYTES);

	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "event '%s': %s", which, wrong);
	return false;
}

/* libical takes 2026-13-01 and 2026-02-30, so each date is looked at here. */
static bool
read_date(struct icaltimetype time, Date *ret_date)
{
	if (icaltime_is_null_time(time) || !time.is_date || time.year < 1 ||
	    time.year > 9999 || time.month < 1 || time.month > 12 ||
	    time.day < 1 || time.day > date_month_days(time.year, time.month))
		return false;
	*ret_date = date_of(time.year, time.month, time.day);
	return true;
}

/* How many days the event lasts. */
static bool
read_days(icalcomponent *event, Date start, Date *ret_days, GError **error)
{
	icalproperty *end = icalcomponent_get_first_property(event,
	    ICAL_DTEND_PROPERTY);
	icalproperty *length = icalcomponent_get_first_property(event,
	    ICAL_DURATION_PROPERTY);
	Date date;
	int seconds;

	*ret_days = 1;
	if (end != NULL) {
		/* The end is the date after the last (RFC 5545, 3.6.1);
		 * some programs write the only day twice. */
		if (!read_date(icalproperty_get_dtend(end), &date))
			return refuse(error, event,
			    "DTEND is no date that exists");
		if (date < start || date - start > EVENT_DAYS)
			return refuse(error, event,
			    "DTEND is before DTSTART or over a year later");
		*ret_days = MAX(date - start, 1);
	} else if (length != NULL) {
		seconds = icaldurationtype_as_int(
		    icalproperty_get_duration(length));
		if (seconds < 86400 || seconds % 86400 != 0 ||
		    seconds / 86400 > EVENT_DAYS)
			return refuse(error, event,
			    "DURATION is not a number of whole days");
		*ret_days = seconds / 86400;
	}
	return true;
}

static char *
moved_key(const char *uid, Date date)
{
	return g_strdup_printf("%s\n%d", uid != NULL ? uid : "", date);
}

/* What every occurrence of an event shares. */
typedef struct {
	icalcomponent *event;
	const char *uid; /* the event's, or NULL */
	Date days;
	char *label;
	bool moves;           /* it is itself the moved recurrence */
	GHashTable *excepted; /* Date */
} Occurrence;

static void
occurrence_clear(Occurrence *occurrence)
{
	g_free(occurrence->label);
	g_clear_pointer(&occurrence->excepted, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Occurrence, occurrence_clear)

/* A component has one place for walking its properties, which each look at it
 * moves: all this is gathered before the recurrences are walked. */
static bool
occurrence_init(Occurrence *o, icalcomponent *event, GError **error)
{
	const char *summary = icalcomponent_get_summary(event);
	icalproperty *p;
	Date date;

	o->event = event;
	o->uid = icalcomponent_get_uid(event);
	o->label = text_clean_line(summary != NULL ? summary : "", -1,
	    LABEL_BYTES);
	o->moves = icalcomponent_get_first_property(event,
		       ICAL_RECURRENCEID_PROPERTY) != NULL;
	o->excepted = g_hash_table_new(NULL, NULL);
	for (p = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
	     p != NULL;
	     p = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY)) {
		if (!read_date(icalproperty_get_exdate(p), &date))
			return refuse(error, event,
			    "EXDATE is no date that exists");
		g_hash_table_add(o->excepted, GINT_TO_POINTER(date));
	}
	return true;
}

/* Adds the days of one occurrence, unless it was moved or excepted. */
static void
add_occurrence(Reading *reading, const Occurrence *o, Date start)
{
	g_autofree char *key = moved_key(o->uid, start);

	if (g_hash_table_contains(o->excepted, GINT_TO_POINTER(start)) ||
	    (!o->moves && g_hash_table_contains(reading->moved, key)))
		return;
	for (Date date = start; date < start + o->days; date++) {
		int year, month, day;

		date_split(date, &year, &month, &day);
		if (year >= FIRST_YEAR && year <= LAST_YEAR)
			holidays_add(reading->found, date,
			    *o->label != '\0' ? o->label
					      : reading->found->name);
	}
}

static bool
add_rule(Reading *reading, const Occurrence *o, struct icalrecurrencetype rule,
    struct icaltimetype start, GError **error)
{
	g_autoptr(IcalIterator) iterator = NULL;
	struct icaltimetype next;
	int repeats = 0;
	Date date;

	/* A rule by the second would keep libical busy for years of them. */
	if (rule.freq == ICAL_SECONDLY_RECURRENCE ||
	    rule.freq == ICAL_MINUTELY_RECURRENCE ||
	    rule.freq == ICAL_HOURLY_RECURRENCE)
		return refuse(error, o->event,
		    "RRULE repeats within the day; holidays are whole days");
	iterator = icalrecur_iterator_new(rule, start);
	if (iterator == NULL)
		return refuse(error, o->event, "RRULE makes no sense");
	while (next = icalrecur_iterator_next(iterator),
	    !icaltime_is_null_time(next) && next.year <= LAST_YEAR) {
		if (++repeats > EVENT_REPEATS || !next.is_date)
			return refuse(error, o->event,
			    "RRULE repeats too often");
		if (next.year + 2 < FIRST_YEAR)
			continue;
		if (!read_date(next, &date))
			return refuse(error, o->event,
			    "RRULE gives a date that does not exist");
		add_occurrence(reading, o, date);
	}
	return true;
}

static bool
add_recurrences(Reading *reading, const Occurrence *o,
    struct icaltimetype start, GError **error)
{
	icalcomponent *event = o->event;
	icalproperty *p;
	Date date;

	for (p = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	     p != NULL;
	     p = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY))
		if (!add_rule(reading, o, icalproperty_get_rrule(p), start,
			error))
			return false;
	for (p = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
	     p != NULL;
	     p = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
		if (!read_date(icalproperty_get_rdate(p).time, &date))
			return refuse(error, event,
			    "RDATE is no date that exists");
		add_occurrence(reading, o, date);
	}
	return true;
}

/*
 * libical removes a property that it can't read and leaves a note. Of those
 * that say when, that is a mistake; an empty LOCATION is none.
 */
static bool
check_notes(icalcomponent *event, GError **error)
{
	static const char *const when[] = { "DTSTART", "DTEND", "DURATION",
		"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID" };
	icalproperty *p;

	for (p = icalcomponent_get_first_property(event,
		 ICAL_XLICERROR_PROPERTY);
	     p != NULL; p = icalcomponent_get_next_property(event,
			    ICAL_XLICERROR_PROPERTY)) {
		const char *note = icalproperty_get_xlicerror(p);

		for (gsize i = 0; i < G_N_ELEMENTS(when); i++)
			if (note != NULL && strstr(note, when[i]) != NULL)
				return refuse(error, event, note);
	}
	return true;
}

static bool
read_event(Reading *reading, icalcomponent *event, GError **error)
{
	icalproperty *start = icalcomponent_get_first_property(event,
	    ICAL_DTSTART_PROPERTY);
	g_auto(Occurrence) occurrence = { 0 };
	Date date;

	if (!check_notes(event, error))
		return false;
	if (start == NULL)
		return refuse(error, event, "DTSTART is missing");
	if (!icaltime_is_null_time(icalproperty_get_dtstart(start)) &&
	    !icalproperty_get_dtstart(start).is_date)
		return refuse(error, event,
		    "DTSTART has a time of day; holidays are whole days, "
		    "write DTSTART;VALUE=DATE:20261225");
	if (!read_date(icalproperty_get_dtstart(start), &date))
		return refuse(error, event, "DTSTART is no date that exists");
	if (!read_days(event, date, &occurrence.days, error) ||
	    !occurrence_init(&occurrence, event, error))
		return false;
	if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
		return true;
	/* The first date counts even where the rule would leave it out. */
	add_occurrence(reading, &occurrence, date);
	return add_recurrences(reading, &occurrence,
	    icalproperty_get_dtstart(start), error);
}

/* Notes the recurrences that another event replaces. */
static void
note_moved(Reading *reading, icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event,
	    ICAL_RECURRENCEID_PROPERTY);
	Date date;

	if (p != NULL && read_date(icalproperty_get_recurrenceid(p), &date))
		g_hash_table_add(reading->moved,
		    moved_key(icalcomponent_get_uid(event), date));
}

static bool
read_calendar(Reading *reading, icalcomponent *calendar, GError **error)
{
	icalcomponent *event;

	for (event = icalcomponent_get_first_component(calendar,
		 ICAL_VEVENT_COMPONENT);
	     event != NULL; event = icalcomponent_get_next_component(calendar,
				ICAL_VEVENT_COMPONENT))
		note_moved(reading, event);
	for (event = icalcomponent_get_first_component(calendar,
		 ICAL_VEVENT_COMPONENT);
	     event != NULL; event = icalcomponent_get_next_component(calendar,
				ICAL_VEVENT_COMPONENT))
		if (!read_event(reading, event, error))
			return false;
	return true;
}

/* A text may hold several calendars, which libical puts below one root. */
static bool
read_root(Reading *reading, icalcomponent *root, GError **error)
{
	icalcomponent *calendar;

	if (root != NULL && icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
		return read_calendar(reading, root, error);
	if (root == NULL || icalcomponent_isa(root) != ICAL_XROOT_COMPONENT ||
	    icalcomponent_count_components(root, ICAL_VCALENDAR_COMPONENT) ==
		0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "not a whole iCalendar text: it must start with "
		    "BEGIN:VCALENDAR and end with END:VCALENDAR");
		return false;
	}
	for (calendar = icalcomponent_get_first_component(root,
		 ICAL_VCALENDAR_COMPONENT);
	     calendar != NULL; calendar = icalcomponent_get_next_component(root,
				   ICAL_VCALENDAR_COMPONENT))
		if (!read_calendar(reading, calendar, error))
			return false;
	return true;
}

bool
holidays_add_ics(Holidays *holidays, const char *text, gsize length,
    GError **error)
{
	g_autoptr(Holidays) found = holidays_new(holidays->name);
	g_autoptr(GHashTable) moved = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);
	g_autofree char *copy = g_strndup(text, length);
	g_autoptr(IcalComponent) root = NULL;
	Reading reading = { found, moved };
	GHashTableIter dates;
	gpointer date, label;

	if (!g_utf8_validate(text, (gssize)length, NULL)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "an iCalendar text must be UTF-8");
		return false;
	}
	root = icalparser_parse_string(copy);
	if (!read_root(&reading, root, error))
		return false;

	g_hash_table_iter_init(&dates, found->labels);
	while (g_hash_table_iter_next(&dates, &date, &label))
		holidays_add(holidays, GPOINTER_TO_INT(date), label);
	return true;
}
