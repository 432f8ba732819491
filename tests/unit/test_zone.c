#include "guichet/base/error.h"
#include "guichet/time/zone.h"

#include "../../src/time/tzif_private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const Zone *
zone(const char *name)
{
	g_autoptr(GError) error = NULL;
	const Zone *found = zone_get(name, &error);

	g_assert_no_error(error);
	g_assert_nonnull(found);
	return found;
}

static Instant
instant(const char *text)
{
	Instant at;

	g_assert_true(instant_parse(text, &at, NULL));
	return at;
}

/* ---- names ---- */

static void
test_names(void)
{
	static const char *const wrong[] = { "", "/", ".", "..", "../passwd",
		"Europe/../Europe/Paris", "/etc/passwd", "Europe", "Europe/",
		"Europe//Paris", "Europe/Nowhere", "Europe/Paris\n",
		"Europe/Paris ", "right/Europe/Paris", "posix/Europe/Paris",
		"localtime", "posixrules", "tzdata.zi", "zone.tab",
		"leap-seconds.list", "-1", "<+01>-1", ":Europe/Paris",
		"Europe/P\xc3\xa9ris" };
	g_autofree char *long_name = g_strnfill(5000, 'A');
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_test_message("'%s'", wrong[i]);
		g_assert_null(zone_get(wrong[i], &error));
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_null(strchr(error->message, '\r'));
		g_clear_error(&error);
	}
	g_assert_null(zone_get(long_name, NULL));

	g_assert_true(zone("Europe/Paris") == zone("Europe/Paris"));
	g_assert_true(zone("Europe/Paris") != zone("Europe/Brussels"));
	g_assert_cmpstr(zone_name(zone("Etc/GMT+1")), ==, "Etc/GMT+1");
	g_assert_cmpint(zone_offset(zone("Etc/GMT+1"), 0), ==, -3600);
	g_assert_cmpint(zone_offset(zone("UTC"), 4102444800), ==, 0);
}

/* ---- conversions ---- */

/* Times that the changes of clocks skip or show twice, by hand. */
static const struct {
	const char *zone, *wall, *first, *second;
} changes[] = {
	{ "Europe/Paris", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z",
	    "2026-03-29T00:59:59Z" },
	{ "Europe/Paris", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z",
	    "2026-03-29T01:00:00Z" },
	/* skipped: read as +01:00, which the clock then shows as 03:30 */
	{ "Europe/Paris", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z",
	    "2026-03-29T01:30:00Z" },
	{ "Europe/Paris", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z",
	    "2026-03-29T01:00:00Z" },
	{ "Europe/Paris", "2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z",
	    "2026-10-24T23:59:59Z" },
	{ "Europe/Paris", "2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z",
	    "2026-10-25T01:00:00Z" },
	{ "Europe/Paris", "2026-10-25T02:59:59Z", "2026-10-25T00:59:59Z",
	    "2026-10-25T01:59:59Z" },
	{ "Europe/Paris", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z",
	    "2026-10-25T02:00:00Z" },
	/* half an hour only */
	{ "Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z",
	    "2026-04-04T15:15:00Z" },
	{ "Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:45:00Z",
	    "2026-10-03T15:45:00Z" },
	/* midnight itself is shown twice */
	{ "Atlantic/Azores", "2026-10-25T00:00:00Z", "2026-10-25T00:00:00Z",
	    "2026-10-25T01:00:00Z" },
	/* a whole day is skipped */
	{ "Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-30T19:00:00Z",
	    "2011-12-30T19:00:00Z" },
	/* the files' summer time is Dublin's winter */
	{ "Europe/Dublin", "2039-01-15T12:00:00Z", "2039-01-15T12:00:00Z",
	    "2039-01-15T12:00:00Z" },
	{ "Europe/Dublin", "2039-07-15T12:00:00Z", "2039-07-15T11:00:00Z",
	    "2039-07-15T11:00:00Z" },
	/* far beyond the last rule of the files: 400 years repeat */
	{ "Europe/Paris", "2926-01-15T12:00:00Z", "2926-01-15T11:00:00Z",
	    "2926-01-15T11:00:00Z" },
	{ "Europe/Paris", "2926-07-15T12:00:00Z", "2926-07-15T10:00:00Z",
	    "2926-07-15T10:00:00Z" },
};

static void
test_changes(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
		const Zone *z = zone(changes[i].zone);
		Wall wall = instant(changes[i].wall);

		g_test_message("%s %s", changes[i].zone, changes[i].wall);
		g_assert_cmpint(zone_instant(z, wall, ZONE_FIRST), ==,
		    instant(changes[i].first));
		g_assert_cmpint(zone_instant(z, wall, ZONE_SECOND), ==,
		    instant(changes[i].second));
	}
}

/* Seconds east of UTC by the C library, which reads the same files. */
static int
libc_offset(Instant at)
{
	time_t t = (time_t)at;
	struct tm tm;

	localtime_r(&t, &tm);
	return (int)tm.tm_gmtoff;
}

typedef struct {
	Wall wall;
	Instant first, second;
} Vector;

/*
 * Whether the machine's tz database still has the offsets that the vectors
 * were made with (2025b): governments go on changing their minds.
 */
static bool
vectors_apply(const char *name, const Vector *vectors, gsize count)
{
	bool apply = true;

	g_setenv("TZ", name, TRUE);
	tzset();
	for (gsize i = 0; i < count && apply; i++) {
		const Vector *v = &vectors[i];
		int first = (int)(v->wall - v->first);
		int second = (int)(v->wall - v->second);

		/* A skipped time is read with the offset of before. */
		apply = (libc_offset(v->first) == first ||
			    libc_offset(v->first - 86400) == first) &&
		    (libc_offset(v->second) == second ||
			libc_offset(v->second - 86400) == second);
		g_assert_cmpint(zone_offset(zone(name), v->first), ==,
		    libc_offset(v->first));
	}
	g_unsetenv("TZ");
	tzset();
	return apply;
}

static guint
vectors_check(const char *name, const Vector *vectors, gsize count)
{
	const Zone *z = zone(name);
	guint wrong = 0;

	for (gsize i = 0; i < count; i++) {
		const Vector *v = &vectors[i];

		if (zone_instant(z, v->wall, ZONE_FIRST) == v->first &&
		    zone_instant(z, v->wall, ZONE_SECOND) == v->second)
			continue;
		wrong++;
		g_test_message("differs: %s %" G_GINT64_FORMAT, name, v->wall);
	}
	return wrong;
}

/*
 * Conversions from another implementation. GUICHET_ZONE_VECTORS names a
 * longer list of the same form.
 */
static void
test_vectors(void)
{
	const char *path = g_getenv("GUICHET_ZONE_VECTORS");
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Vector));
	guint wrong = 0, count = 0, stale = 0;

	if (path == NULL)
		path = "tests/vectors/zone.tsv";
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
		char *name = strtok(lines[i], "\t");
		Vector v = {
			.wall = g_ascii_strtoll(strtok(NULL, "\t"), NULL, 10),
			.first = g_ascii_strtoll(strtok(NULL, "\t"), NULL, 10),
			.second = g_ascii_strtoll(strtok(NULL, "\t"), NULL, 10),
		};
		gsize length = strlen(name);

		g_array_append_val(rows, v);
		if (lines[i + 1] != NULL &&
		    strncmp(lines[i + 1], name, length) == 0 &&
		    lines[i + 1][length] == '\t')
			continue;

		count += rows->len;
		if (vectors_apply(name, (Vector *)(void *)rows->data,
			rows->len)) {
			wrong += vectors_check(name,
			    (Vector *)(void *)rows->data, rows->len);
		} else {
			stale += rows->len;
			g_test_message("%s has changed since 2025b", name);
		}
		g_array_set_size(rows, 0);
	}
	g_test_message("%u conversions, %u differ, %u no longer apply", count,
	    wrong, stale);
	g_assert_cmpuint(count, >, 5000);
	g_assert_cmpuint(wrong, ==, 0);
	g_assert_cmpuint(stale, <, count / 3);
}

/* The process's own zone plays no part. */
static void
test_process_zone(void)
{
	static const char *const own[] = { "Asia/Kolkata", "UTC",
		"America/St_Johns", "nonsense", "" };

	for (gsize i = 0; i < G_N_ELEMENTS(own); i++) {
		g_setenv("TZ", own[i], TRUE);
		tzset();
		test_changes();
		g_assert_cmpint(zone_offset(zone("Asia/Tokyo"), 0), ==,
		    9 * 3600);
	}
	g_unsetenv("TZ");
}

/* wall and instant are each other's inverse wherever a time is shown. */
static void
test_round_trip(void)
{
	static const char *const names[] = { "Europe/Paris", "America/New_York",
		"Africa/Casablanca", "Asia/Kathmandu", "Pacific/Chatham",
		"Africa/Cairo" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const Zone *z = zone(names[i]);

		for (Instant at = -86400LL * 365 * 40; at < 86400LL * 365 * 100;
		     at += 1234567) {
			Wall wall = zone_wall(z, at);

			g_assert_true(zone_instant(z, wall, ZONE_FIRST) == at ||
			    zone_instant(z, wall, ZONE_SECOND) == at);
		}
	}
	zone_offset(zone("Europe/Paris"), INT64_MIN / 2);
	zone_offset(zone("Europe/Paris"), INT64_MAX / 2);
}

/* ---- files that are cut short or contradict themselves ---- */

static void
test_broken_files(void)
{
	g_autofree char *bytes = NULL;
	gsize length;
	g_autoptr(Tzif) whole = NULL;

	g_assert_true(g_file_get_contents("/usr/share/zoneinfo/Europe/Dublin",
	    &bytes, &length, NULL));
	whole = tzif_parse((guint8 *)bytes, length, NULL);
	g_assert_nonnull(whole);

	for (gsize cut = 0; cut < length; cut++) {
		g_autofree guint8 *part = g_memdup2(bytes, cut);
		g_autoptr(GError) error = NULL;

		g_assert_null(tzif_parse(part, cut, &error));
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	}
	/* One byte changed: refused or read, never out of bounds. */
	for (gsize i = 0; i < length; i++) {
		for (int value = 0; value < 256; value += 51) {
			g_autofree guint8 *copy = g_memdup2(bytes, length);
			g_autoptr(Tzif) read = NULL;

			copy[i] ^= (guint8)(value | 1);
			read = tzif_parse(copy, length, NULL);
		}
	}
}

/* ---- dates ---- */

static void
test_dates(void)
{
	static const char *const wrong[] = { "", "2026-2-03", "2026-02-30",
		"2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
		"2026-01-32", "2026/01/01", " 2026-01-1", "2026-01-01 ",
		"+026-01-01", "1900-02-29" };
	Date date = 0;
	int year, month, day;

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_test_message("'%s'", wrong[i]);
		g_assert_false(date_parse(wrong[i], &date));
	}
	g_assert_cmpint(date, ==, 0);

	g_assert_cmpint(date_of(1970, 1, 1), ==, 0);
	g_assert_cmpint(date_of(2000, 3, 1), ==, 11017);
	g_assert_cmpint(date_of(2026, 2, 30), ==, date_of(2026, 3, 2));
	g_assert_cmpint(date_of(2026, 3, 0), ==, date_of(2026, 2, 28));
	g_assert_cmpint(date_month_days(2024, 2), ==, 29);
	g_assert_cmpint(date_month_days(2100, 2), ==, 28);
	g_assert_cmpint(date_month_days(2000, 2), ==, 29);
	g_assert_cmpint(date_month_days(2026, 12), ==, 31);
	g_assert_cmpint(date_weekday(date_of(2026, 11, 20)), ==, 4);
	g_assert_cmpint(date_weekday(date_of(1969, 12, 31)), ==, 2);
	g_assert_cmpint(wall_date(-1), ==, -1);
	g_assert_cmpint(wall_date(-86400), ==, -1);
	g_assert_cmpint(wall_date(86399), ==, 0);

	/* Every day is the one after the day before. */
	for (Date d = date_of(1599, 12, 1); d < date_of(2401, 1, 1); d++) {
		date_split(d, &year, &month, &day);
		g_assert_cmpint(date_of(year, month, day), ==, d);
		g_assert_true(day >= 1 && day <= date_month_days(year, month));
	}
	g_assert_true(date_parse("2024-02-29", &date));
	g_assert_cmpint(date, ==, date_of(2024, 2, 29));
	{
		g_autofree char *text = date_format(date);

		g_assert_cmpstr(text, ==, "2024-02-29");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/zone/names", test_names);
	g_test_add_func("/zone/changes", test_changes);
	g_test_add_func("/zone/vectors", test_vectors);
	g_test_add_func("/zone/process-zone", test_process_zone);
	g_test_add_func("/zone/round-trip", test_round_trip);
	g_test_add_func("/zone/broken-files", test_broken_files);
	g_test_add_func("/zone/dates", test_dates);
	return g_test_run();
}
