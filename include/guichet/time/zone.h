/*
 * zone: from instants to the wall clocks of named time zones, and back.
 *
 * A Wall is what a clock on the wall shows, counted in seconds since that
 * clock showed 1970-01-01 00:00:00. Only this module converts between Wall and
 * Instant. The process's own TZ is never read.
 *
 * Zones are interned: the same name gives the same pointer, valid until exit.
 * Nothing here is freed by the caller, and nothing here does I/O but
 * zone_get().
 */
#ifndef GUICHET_ZONE_H
#define GUICHET_ZONE_H

#include "guichet/base/base.h"

typedef struct Zone Zone;
typedef int64_t Wall;

/* A day of the calendar: days since 1970-01-01, local to some zone. */
typedef int32_t Date;

/* Which instant is meant when the autumn change shows a wall time twice. */
typedef enum {
	ZONE_FIRST,  /* the earlier: openings */
	ZONE_SECOND, /* the later: closings */
} ZonePick;

/*
 * Finds a zone by IANA name, as in "Europe/Paris". Returns NULL with
 * GUICHET_ERROR_CONFIG if the system's tz database has no zone of that name,
 * or if the name is a path, "localtime" or another build ("right/...").
 */
const Zone *zone_get(const char *name, GError **error);

/* "Europe/Paris". */
const char *zone_name(const Zone *zone);

/* Seconds east of UTC in force at an instant; before 1900, that of 1900.
 * Cannot fail. */
int zone_offset(const Zone *zone, Instant at);

/* What the wall clock shows at an instant. Cannot fail. */
Wall zone_wall(const Zone *zone, Instant at);

/*
 * The instant at which the wall clock shows `wall`. If it shows it twice,
 * `pick` decides. If it never does, because the spring change skips it, the
 * time is read with the offset before the change (RFC 5545, section 3.3.5).
 * Cannot fail.
 */
Instant zone_instant(const Zone *zone, Wall wall, ZonePick pick);

/* Proleptic Gregorian arithmetic; month 1 to 12. date_of() takes any day
 * number, so that 2026-02-30 is 2026-03-02. */
Date date_of(int year, int month, int day);
void date_split(Date date, int *ret_year, int *ret_month, int *ret_day);
int date_weekday(Date date); /* 0 is Monday */
int date_month_days(int year, int month);

/* "2026-11-20" strictly, and back. */
bool date_parse(const char *text, Date *ret_date);
char *date_format(Date date);

/* The local date of a wall time, and midnight of a date. */
Date wall_date(Wall wall);
Wall wall_midnight(Date date);

#endif
