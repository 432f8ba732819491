/* Zones: wall clocks at instants, and back. */
#include "guichet/time/zone.h"

#include "guichet/base/error.h"
#include "tzif_private.h"

#include <string.h>

/*
 * Offsets come from the tz database's own files: GTimeZone of GLib 2.74 gets
 * Dublin wrong from 2038 on, and deadlines are asked for by the hundred
 * thousand. Each zone keeps an index by stretches of 97 days, fewer than lie
 * between most changes, so that a look-up is a shift and about one
 * comparison, and a Zone never changes once made.
 */
#define ZONE_DIRECTORY "/usr/share/zoneinfo/"
#define STRETCH_BITS   23
#define DAY            86400

struct Zone {
	char *name;
	Tzif *tzif;
	const TzifChange *changes;
	guint change_count;
	guint16 *stretches; /* the last change at or before each begins */
	gsize stretch_count;
};

/* ---- finding a zone ---- */

static bool
zone_name_is_plain(const char *name)
{
	gsize length = strlen(name);

	/* "posix/" and "right/" are other builds of the same zones, and
	 * "localtime" is whatever this machine happens to use. */
	if (length == 0 || length > 64 || !g_ascii_isalpha(name[0]) ||
	    name[length - 1] == '/' || strstr(name, "//") != NULL ||
	    g_str_has_prefix(name, "right/") ||
	    g_str_has_prefix(name, "posix/") ||
	    strcmp(name, "localtime") == 0 || strcmp(name, "posixrules") == 0)
		return false;
	return strspn(name,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789_+-/") == length;
}

static void
zone_index(Zone *zone)
{
	const TzifChange *last = &zone->changes[zone->change_count - 1];
	guint change = 0;

	zone->stretch_count = (gsize)((last->at - TZIF_BEGIN) >> STRETCH_BITS) +
	    1;
	zone->stretches = g_new(guint16, zone->stretch_count);
	for (gsize i = 0; i < zone->stretch_count; i++) {
		Instant begin = TZIF_BEGIN + ((Instant)i << STRETCH_BITS);

		while (change + 1 < zone->change_count &&
		    zone->changes[change + 1].at <= begin)
			change++;
		zone->stretches[i] = (guint16)change;
	}
}

static Zone *
zone_load(const char *name, GError **error)
{
	g_autofree char *path = g_strconcat(ZONE_DIRECTORY, name, NULL);
	g_autofree char *bytes = NULL;
	g_autoptr(Tzif) tzif = NULL;
	Zone *zone;
	gsize length;

	if (!zone_name_is_plain(name) ||
	    !g_file_get_contents(path, &bytes, &length, NULL)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "'%s' is no time zone of this system; write one such as "
		    "Europe/Paris",
		    name);
		return NULL;
	}
	tzif = tzif_parse((const guint8 *)bytes, length, error);
	if (tzif == NULL) {
		g_prefix_error(error, "'%s' is ", path);
		return NULL;
	}

	zone = g_new0(Zone, 1);
	zone->name = g_strdup(name);
	zone->tzif = g_steal_pointer(&tzif);
	zone->changes = (const TzifChange *)(void *)zone->tzif->changes->data;
	zone->change_count = zone->tzif->changes->len;
	zone_index(zone);
	return zone;
}

const Zone *
zone_get(const char *name, GError **error)
{
	static GMutex lock;
	static GHashTable *zones; /* name to Zone, never freed */
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);
	Zone *zone;

	if (zones == NULL)
		zones = g_hash_table_new(g_str_hash, g_str_equal);
	zone = g_hash_table_lookup(zones, name);
	if (zone != NULL)
		return zone;

	zone = zone_load(name, error);
	if (zone != NULL)
		g_hash_table_insert(zones, zone->name, zone);
	return zone;
}

const char *
zone_name(const Zone *zone)
{
	return zone->name;
}

/* ---- instants and walls ---- */

int
zone_offset(const Zone *zone, Instant at)
{
	gsize stretch;
	guint change;

	if (zone->tzif->cycle != INSTANT_NONE && at >= zone->tzif->cycle)
		at -= ((at - zone->tzif->cycle) / TZIF_CYCLE + 1) * TZIF_CYCLE;
	if (at < TZIF_BEGIN)
		return zone->changes[0].offset;

	stretch = (gsize)((at - TZIF_BEGIN) >> STRETCH_BITS);
	if (stretch >= zone->stretch_count)
		return zone->changes[zone->change_count - 1].offset;
	change = zone->stretches[stretch];
	while (change + 1 < zone->change_count &&
	    zone->changes[change + 1].at <= at)
		change++;
	return zone->changes[change].offset;
}

Wall
zone_wall(const Zone *zone, Instant at)
{
	return at + zone_offset(zone, at);
}

Instant
zone_instant(const Zone *zone, Wall wall, ZonePick pick)
{
	/* Offsets are shorter than a day. Taken as instants, a day before and
	 * a day after therefore lie on either side of a change that could
	 * make this wall time skipped or repeated. */
	int before = zone_offset(zone, wall - DAY);
	int after = zone_offset(zone, wall + DAY);
	Instant early, late;
	bool early_shown, late_shown;

	if (before == after)
		return wall - before;

	early = wall - before;
	late = wall - after;
	early_shown = zone_offset(zone, early) == before;
	late_shown = zone_offset(zone, late) == after;
	if (early_shown && late_shown)
		return pick == ZONE_FIRST ? early : late;
	return late_shown ? late : early; /* if neither, it is skipped */
}

/* ---- dates ---- */

Date
date_of(int year, int month, int day)
{
	/* Years that begin in March put the leap day at their end; the days
	 * before each month are then a straight line, 153 for each 5. */
	int64_t y = month > 2 ? year : (int64_t)year - 1;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t from_march = (month + 9) % 12;
	int64_t days = of_era * 365 + of_era / 4 - of_era / 100 +
	    (153 * from_march + 2) / 5 + day - 1;

	return (Date)(era * 146097 + days - 719468);
}

void
date_split(Date date, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = (int64_t)date + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day = z - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * year + year / 4 - year / 100);
	int64_t from_march = (5 * of_year + 2) / 153;
	int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;

	*ret_year = (int)(year + era * 400 + (month <= 2 ? 1 : 0));
	*ret_month = (int)month;
	*ret_day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
}

int
date_weekday(Date date)
{
	/* 1970-01-01 was a Thursday. */
	return (int)((((int64_t)date + 3) % 7 + 7) % 7);
}

int
date_month_days(int year, int month)
{
	if (month == 12)
		return 31;
	return date_of(year, month + 1, 1) - date_of(year, month, 1);
}

bool
date_parse(const char *text, Date *ret_date)
{
	int numbers[3] = { 0 };
	int part = 0;

	if (strlen(text) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		if (i == 4 || i == 7) {
			if (text[i] != '-')
				return false;
			part++;
		} else if (g_ascii_isdigit(text[i])) {
			numbers[part] = numbers[part] * 10 + (text[i] - '0');
		} else {
			return false;
		}
	}
	if (numbers[1] < 1 || numbers[1] > 12 || numbers[2] < 1 ||
	    numbers[2] > date_month_days(numbers[0], numbers[1]))
		return false;
	*ret_date = date_of(numbers[0], numbers[1], numbers[2]);
	return true;
}

char *
date_format(Date date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}

Date
wall_date(Wall wall)
{
	return (Date)(wall >= 0 ? wall / DAY : -((DAY - 1 - wall) / DAY));
}

Wall
wall_midnight(Date date)
{
	return (Wall)date * DAY;
}
