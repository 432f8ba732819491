/* A time zone's file (RFC 8536). */
#include "tzif_private.h"

#include "guichet/base/error.h"

#include <string.h>

#define HEADER_BYTES 44
#define FILE_BYTES   (64 * 1024) /* the largest real one has some 4 KiB */
#define DAY          86400

/* ---- the footer: a rule for all years after the last listed change ---- */

/* "M3.5.0/2", "J60", "59": a day of each year, and a time of that day. */
typedef struct {
	char kind; /* 'M', 'J', or '0' for a day number from 0 */
	int month, week, day;
	int time; /* seconds after midnight, may be negative or over a day */
} YearDay;

typedef struct {
	int standard, summer; /* seconds east of UTC */
	bool changes;
	YearDay start, end; /* of `summer`, which in Dublin is the winter */
} Footer;

typedef struct {
	const char *at, *end;
} Cursor;

static bool
take_char(Cursor *cursor, char wanted)
{
	if (cursor->at == cursor->end || *cursor->at != wanted)
		return false;
	cursor->at++;
	return true;
}

static bool
take_number(Cursor *cursor, int low, int high, int *ret_number)
{
	const char *start = cursor->at;
	int number = 0;

	while (cursor->at < cursor->end && g_ascii_isdigit(*cursor->at) &&
	    cursor->at - start < 4)
		number = number * 10 + (*cursor->at++ - '0');
	if (cursor->at == start || number < low || number > high)
		return false;
	*ret_number = number;
	return true;
}

/* "CET" or "<+0330>". */
static bool
take_name(Cursor *cursor)
{
	const char *start = cursor->at;

	if (take_char(cursor, '<')) {
		while (cursor->at < cursor->end && *cursor->at != '>')
			cursor->at++;
		return take_char(cursor, '>');
	}
	while (cursor->at < cursor->end && g_ascii_isalpha(*cursor->at))
		cursor->at++;
	return cursor->at - start >= 3;
}

/* "[+-]hh[:mm[:ss]]" */
static bool
take_time(Cursor *cursor, int most_hours, int *ret_seconds)
{
	bool negative = take_char(cursor, '-');
	int hours, minutes = 0, seconds = 0, total;

	if (!negative)
		take_char(cursor, '+');
	if (!take_number(cursor, 0, most_hours, &hours))
		return false;
	if (take_char(cursor, ':')) {
		if (!take_number(cursor, 0, 59, &minutes))
			return false;
		if (take_char(cursor, ':') &&
		    !take_number(cursor, 0, 59, &seconds))
			return false;
	}
	total = hours * 3600 + minutes * 60 + seconds;
	*ret_seconds = negative ? -total : total;
	return true;
}

static bool
take_year_day(Cursor *cursor, YearDay *day)
{
	if (take_char(cursor, 'M')) {
		day->kind = 'M';
		if (!take_number(cursor, 1, 12, &day->month) ||
		    !take_char(cursor, '.') ||
		    !take_number(cursor, 1, 5, &day->week) ||
		    !take_char(cursor, '.') ||
		    !take_number(cursor, 0, 6, &day->day))
			return false;
	} else if (take_char(cursor, 'J')) {
		day->kind = 'J';
		if (!take_number(cursor, 1, 365, &day->day))
			return false;
	} else {
		day->kind = '0';
		if (!take_number(cursor, 0, 365, &day->day))
			return false;
	}
	day->time = 2 * 3600;
	return !take_char(cursor, '/') || take_time(cursor, 167, &day->time);
}

/* POSIX counts offsets westward: "CET-1" is an hour ahead of UTC. */
static bool
footer_parse(Cursor cursor, Footer *footer)
{
	int west;

	*footer = (Footer){ 0 };
	if (!take_name(&cursor) || !take_time(&cursor, 24, &west))
		return false;
	footer->standard = -west;
	if (cursor.at == cursor.end)
		return true;

	footer->changes = true;
	footer->summer = footer->standard + 3600;
	if (!take_name(&cursor))
		return false;
	if (cursor.at < cursor.end && *cursor.at != ',') {
		if (!take_time(&cursor, 24, &west))
			return false;
		footer->summer = -west;
	}
	return take_char(&cursor, ',') &&
	    take_year_day(&cursor, &footer->start) && take_char(&cursor, ',') &&
	    take_year_day(&cursor, &footer->end) && cursor.at == cursor.end;
}

static Wall
year_day_wall(const YearDay *day, int year)
{
	Date date = date_of(year, 1, 1);

	if (day->kind == 'J') {
		/* 29 February has no number, 1 March is always 60. */
		date += day->day - 1;
		if (day->day >= 60 && date_month_days(year, 2) == 29)
			date++;
	} else if (day->kind == '0') {
		date += day->day;
	} else {
		/* Sunday is 0 in the file and 6 here; week 5 is the last. */
		int wanted = (day->day + 6) % 7;
		int into;

		date = date_of(year, day->month, 1);
		into = (wanted - date_weekday(date) + 7) % 7 +
		    (day->week - 1) * 7;
		if (into >= date_month_days(year, day->month))
			into -= 7;
		date += into;
	}
	return wall_midnight(date) + day->time;
}

/* ---- the row of changes ---- */

/* Appends a change later than all others; one at the same instant wins. */
static void
add_change(GArray *changes, Instant at, int offset)
{
	TzifChange change = { MAX(at, TZIF_BEGIN), offset };
	TzifChange *last = &g_array_index(changes, TzifChange,
	    changes->len - 1);

	if (change.at > last->at)
		g_array_append_val(changes, change);
	else if (change.at == last->at)
		last->offset = offset;
}

static void
add_footer_years(Tzif *tzif, const Footer *footer)
{
	GArray *changes = tzif->changes;
	Instant last = g_array_index(changes, TzifChange, changes->len - 1).at;
	int year, month, day, first_whole;

	date_split(wall_date(last), &year, &month, &day);
	first_whole = year + 2;
	for (; year < first_whole + 401; year++) {
		Instant start = year_day_wall(&footer->start, year) -
		    footer->standard;
		Instant end = year_day_wall(&footer->end, year) -
		    footer->summer;

		if (start < end) {
			add_change(changes, start, footer->summer);
			add_change(changes, end, footer->standard);
		} else {
			add_change(changes, end, footer->standard);
			add_change(changes, start, footer->summer);
		}
	}
	tzif->cycle = wall_midnight(date_of(first_whole + 400, 1, 1));
}

/* ---- the file ---- */

typedef struct {
	char version;
	guint32 utc_count, standard_count, leap_count;
	guint32 time_count, type_count, char_count;
} Header;

static guint32
read_u32(const guint8 *bytes)
{
	return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 |
	    (guint32)bytes[2] << 8 | bytes[3];
}

static gint64
read_i64(const guint8 *bytes)
{
	return (gint64)((guint64)read_u32(bytes) << 32 | read_u32(bytes + 4));
}

static bool
header_read(const guint8 *bytes, gsize length, Header *header)
{
	const guint8 *counts = bytes + 20;

	if (length < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
		return false;
	*header = (Header){
		.version = (char)bytes[4],
		.utc_count = read_u32(counts),
		.standard_count = read_u32(counts + 4),
		.leap_count = read_u32(counts + 8),
		.time_count = read_u32(counts + 12),
		.type_count = read_u32(counts + 16),
		.char_count = read_u32(counts + 20),
	};
	return header->utc_count <= 256 && header->standard_count <= 256 &&
	    header->leap_count <= 1000 && header->time_count <= 4000 &&
	    header->type_count <= 256 && header->char_count <= 1000;
}

/* The size of the block behind a header whose instants have `wide` bytes. */
static gsize
block_bytes(const Header *header, gsize wide)
{
	return header->time_count * (wide + 1) + header->type_count * 6 +
	    header->char_count + header->leap_count * (wide + 4) +
	    header->standard_count + header->utc_count;
}

/* Reads a version 2 block; false if it contradicts itself. */
static bool
block_read(const guint8 *block, const Header *header, GArray *changes)
{
	const guint8 *kinds = block + header->time_count * 8;
	const guint8 *types = kinds + header->time_count;
	TzifChange first = { TZIF_BEGIN, (int)read_u32(types) };
	Instant before = INT64_MIN;

	for (guint32 i = 0; i < header->type_count; i++) {
		int offset = (int)read_u32(types + i * 6);

		if (offset <= -DAY || offset >= DAY)
			return false;
	}
	g_array_append_val(changes, first);
	for (guint32 i = 0; i < header->time_count; i++) {
		Instant at = read_i64(block + i * 8);

		if (kinds[i] >= header->type_count || at >= TZIF_END ||
		    (i > 0 && at <= before))
			return false;
		before = at;
		add_change(changes, at, (int)read_u32(types + kinds[i] * 6));
	}
	return true;
}

/* What is wrong with the file, or NULL. */
static const char *
file_read(const guint8 *bytes, gsize length, Tzif *tzif)
{
	Header header;
	Footer footer;
	gsize skip;
	const guint8 *line, *line_end;

	if (length > FILE_BYTES || !header_read(bytes, length, &header))
		return "not a compiled time zone";
	if (header.version < '2')
		return "a time zone file of version 1, which ends in 2037";

	skip = HEADER_BYTES + block_bytes(&header, 4);
	if (skip > length ||
	    !header_read(bytes + skip, length - skip, &header) ||
	    header.type_count == 0)
		return "a broken time zone file";
	if (header.leap_count > 0)
		return "a time zone that counts leap seconds";
	bytes += skip + HEADER_BYTES;
	length -= skip + HEADER_BYTES;

	skip = block_bytes(&header, 8);
	if (skip >= length || bytes[skip] != '\n' ||
	    !block_read(bytes, &header, tzif->changes))
		return "a broken time zone file";

	line = bytes + skip + 1;
	line_end = memchr(line, '\n', length - skip - 1);
	if (line_end == NULL)
		return "a time zone file without its last line";
	if (line_end == line)
		return NULL;
	if (!footer_parse(
		(Cursor){ (const char *)line, (const char *)line_end },
		&footer) ||
	    ABS(footer.standard) >= DAY || ABS(footer.summer) >= DAY)
		return "a time zone file whose last line is no rule";
	if (footer.changes)
		add_footer_years(tzif, &footer);
	return NULL;
}

Tzif *
tzif_parse(const guint8 *bytes, gsize length, GError **error)
{
	g_autoptr(Tzif) tzif = g_new0(Tzif, 1);
	const char *wrong;

	tzif->changes = g_array_new(FALSE, FALSE, sizeof(TzifChange));
	tzif->cycle = INSTANT_NONE;
	wrong = file_read(bytes, length, tzif);
	if (wrong != NULL) {
		g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    wrong);
		return NULL;
	}
	return g_steal_pointer(&tzif);
}

void
tzif_free(Tzif *tzif)
{
	if (tzif == NULL)
		return;
	g_array_unref(tzif->changes);
	g_free(tzif);
}
