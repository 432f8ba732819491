/* Planned maintenance as people write it: the times, the rules, the way back. */
#include "guichet/judgment/maintenance_order.h"

#include "guichet/base/error.h"

#include <string.h>

#define PARIS "Europe/Paris"

static Instant
at(const char *text)
{
	Instant instant;
	g_autoptr(GError) error = NULL;

	g_assert_true(instant_parse(text, &instant, &error));
	g_assert_no_error(error);
	return instant;
}

static MaintenanceOrder *
read_at(const char *argument, const char *written, GError **error)
{
	const Zone *zone = zone_get(PARIS, NULL);
	Instant now = at(written);

	g_test_message("%s", argument);
	return maintenance_order_read(argument, zone, now, now, "en", error);
}

/* Written on Friday 20 November 2026 at 17:20:30, in Paris. */
#define WRITTEN "2026-11-20T17:20:30+01:00"

static void
test_times(void)
{
	static const struct {
		const char *argument, *from, *to;
	} rows[] = {
		/* times of day: the next one, and the next after that */
		{ "web1 22:00 23:30", "2026-11-20T22:00:00+01:00",
		    "2026-11-20T23:30:00+01:00" },
		{ "web1 22:00 02:00", "2026-11-20T22:00:00+01:00",
		    "2026-11-21T02:00:00+01:00" },
		{ "web1 8:05 9:00", "2026-11-21T08:05:00+01:00",
		    "2026-11-21T09:00:00+01:00" },
		{ "web1 17:20 17:20", "2026-11-21T17:20:00+01:00",
		    "2026-11-22T17:20:00+01:00" },
		{ "web1 17:21 18:00", "2026-11-20T17:21:00+01:00",
		    "2026-11-20T18:00:00+01:00" },
		{ "web1 22:00 24:00", "2026-11-20T22:00:00+01:00",
		    "2026-11-21T00:00:00+01:00" },
		{ "web1 00:00 24:00", "2026-11-21T00:00:00+01:00",
		    "2026-11-22T00:00:00+01:00" },
		/* dates */
		{ "web1 2026-11-24 22:00 2026-11-25 01:00",
		    "2026-11-24T22:00:00+01:00", "2026-11-25T01:00:00+01:00" },
		{ "web1 2026-11-24T22:00 2026-11-25T01:00",
		    "2026-11-24T22:00:00+01:00", "2026-11-25T01:00:00+01:00" },
		{ "web1 24/11 22:00 25/11 1:00", "2026-11-24T22:00:00+01:00",
		    "2026-11-25T01:00:00+01:00" },
		{ "web1 20/11 22:00 2h", "2026-11-20T22:00:00+01:00",
		    "2026-11-21T00:00:00+01:00" },
		{ "web1 3/1 22:00 03:00", "2027-01-03T22:00:00+01:00",
		    "2027-01-04T03:00:00+01:00" },
		{ "web1 31/12 23:00 1/1 2:00", "2026-12-31T23:00:00+01:00",
		    "2027-01-01T02:00:00+01:00" },
		{ "web1 29/2 22:00 2h", "2028-02-29T22:00:00+01:00",
		    "2028-03-01T00:00:00+01:00" },
		{ "web1 24/11/2027 22:00 24/11/2027 23:00",
		    "2027-11-24T22:00:00+01:00", "2027-11-24T23:00:00+01:00" },
		/* instants, in any zone */
		{ "web1 2026-11-24T22:00:00Z 2026-11-24T22:00:00-01:00",
		    "2026-11-24T23:00:00+01:00", "2026-11-25T00:00:00+01:00" },
		{ "web1 2026-11-24 22:00+01:00 23:00",
		    "2026-11-24T22:00:00+01:00", "2026-11-24T23:00:00+01:00" },
		/* lengths */
		{ "web1 22:00 2h", "2026-11-20T22:00:00+01:00",
		    "2026-11-21T00:00:00+01:00" },
		{ "web1 22:00 1h30m", "2026-11-20T22:00:00+01:00",
		    "2026-11-20T23:30:00+01:00" },
		{ "web1 22:00 3d", "2026-11-20T22:00:00+01:00",
		    "2026-11-23T22:00:00+01:00" },
		{ "web1 now 45m", "2026-11-20T17:20:00+01:00",
		    "2026-11-20T18:05:00+01:00" },
		{ "web1 maintenant 2h", "2026-11-20T17:20:00+01:00",
		    "2026-11-20T19:20:00+01:00" },
		{ "web1 NOW 18:00", "2026-11-20T17:20:00+01:00",
		    "2026-11-20T18:00:00+01:00" },
		/* begun already, and not over */
		{ "web1 2026-11-20 12:00 18:00 2h", "2026-11-20T12:00:00+01:00",
		    "2026-11-20T18:00:00+01:00" },
		/* clocks go on: 02:30 is skipped on 28 March 2027 */
		{ "web1 28/3 02:30 03:45", "2027-03-28T03:30:00+02:00",
		    "2027-03-28T03:45:00+02:00" },
		{ "web1 28/3 01:00 02:30", "2027-03-28T01:00:00+01:00",
		    "2027-03-28T03:30:00+02:00" },
		{ "web1 27/3 22:00 1d", "2027-03-27T22:00:00+01:00",
		    "2027-03-28T22:00:00+02:00" },
		{ "web1 27/3 22:00 24h", "2027-03-27T22:00:00+01:00",
		    "2027-03-28T23:00:00+02:00" },
		/* and back: 02:30 comes twice on 31 October 2027 */
		{ "web1 31/10 02:30 02:45", "2027-10-31T02:30:00+02:00",
		    "2027-10-31T02:45:00+01:00" },
		{ "web1 31/10 01:00 02:30", "2027-10-31T01:00:00+02:00",
		    "2027-10-31T02:30:00+01:00" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Zone *zone = zone_get(PARIS, NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(MaintenanceOrder) order = read_at(rows[i].argument,
		    WRITTEN, &error);
		g_autofree char *from = NULL, *to = NULL;

		g_assert_no_error(error);
		from = maintenance_order_instant(order->from, zone);
		to = maintenance_order_instant(order->to, zone);
		g_assert_cmpstr(from, ==, rows[i].from);
		g_assert_cmpstr(to, ==, rows[i].to);
		g_assert_cmpstr(order->host, ==, "web1");
		g_assert_false(order->ends);
	}
}

static void
test_parts(void)
{
	static const struct {
		const char *argument, *host, *service, *reason;
	} rows[] = {
		{ "web1 22:00 2h", "web1", "", "" },
		{ "  web1   22:00   2h  ", "web1", "", "" },
		{ "web1/HTTP 22:00 2h change of disk", "web1", "HTTP",
		    "change of disk" },
		{ "*.lambic/HTTP* 22:00 2h x", "*.lambic", "HTTP*", "x" },
		{ "web1/a/b 22:00 2h", "web1", "a/b", "" },
		{ "web1/ 22:00 2h", "web1", "", "" },
		{ "\"web1/HTTP shop\" 22:00 2h", "web1", "HTTP shop", "" },
		{ "web1/\"HTTP shop\" 22:00 23:00 \"so to say\"", "web1",
		    "HTTP shop", "\"so to say\"" },
		{ "web1 24/11 22:00 25/11 01:00 26/11 is too late", "web1", "",
		    "26/11 is too late" },
		{ "End 22:00 2h", "End", "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(MaintenanceOrder) order = read_at(rows[i].argument,
		    WRITTEN, &error);

		g_assert_no_error(error);
		g_assert_cmpstr(order->host, ==, rows[i].host);
		g_assert_cmpstr(order->service, ==, rows[i].service);
		g_assert_cmpstr(order->reason, ==, rows[i].reason);
	}
}

static void
test_end(void)
{
	static const struct {
		const char *argument;
		gint64 number; /* 0: none */
	} rows[] = {
		{ "end 3", 3 },
		{ " end  12 ", 0 }, /* trimmed by the command's reader */
		{ " end  12", 12 },
		{ "end", 0 },
		{ "end 0", 0 },
		{ "end -1", 0 },
		{ "end #3", 0 },
		{ "end 3 4", 0 },
		{ "end 3x", 0 },
		{ "end web1", 0 },
		{ "end +3", 0 },
		{ "end 99999999999999999999999", G_MAXINT64 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(MaintenanceOrder) order = read_at(rows[i].argument,
		    WRITTEN, &error);

		if (rows[i].number == 0) {
			g_assert_error(error, GUICHET_ERROR,
			    GUICHET_ERROR_PERMANENT);
			g_assert_null(order);
			continue;
		}
		g_assert_no_error(error);
		g_assert_true(order->ends);
		g_assert_cmpint(order->number, ==, rows[i].number);
	}
}

static void
test_mistakes(void)
{
	static const struct {
		const char *argument, *said;
	} rows[] = {
		{ "", "write HOST[/SERVICE] FROM TO" },
		{ "web1", "write HOST[/SERVICE] FROM TO" },
		{ "web1 22:00", "write HOST[/SERVICE] FROM TO" },
		{ "web1 24/11 22:00", "write HOST[/SERVICE] FROM TO" },
		{ "\"web1 22:00 2h", "a quote is not closed" },
		{ "\"\" 22:00 2h", "write HOST[/SERVICE] FROM TO" },
		{ "/HTTP 22:00 2h", "name a host" },
		{ "*a*b*/c*d* 22:00 2h", "at most 4 '*'" },
		{ "web1 demain 2h", "'demain' is no time to begin: write" },
		{ "web1 22h 2h", "'22h' is no time to begin" },
		{ "web1 2h 3h", "'2h' is no time to begin" },
		{ "web1 25:00 2h", "'25:00' is no time" },
		{ "web1 24:01 2h", "'24:01' is no time" },
		{ "web1 22:60 2h", "'22:60' is no time" },
		{ "web1 22:0 2h", "'22:0' is no time" },
		{ "web1 22:00:00 2h", "'22:00:00' is no time" },
		{ "web1 022:00 2h", "'022:00' is no time" },
		{ "web1 11/24 22:00 2h", "'11/24 22:00' is no time" },
		{ "web1 30/2 22:00 2h", "'30/2 22:00' is no time" },
		{ "web1 29/2/2027 22:00 2h", "'29/2/2027 22:00' is no" },
		{ "web1 24/11/26 22:00 2h", "'24/11/26 22:00' is no" },
		{ "web1 2026-02-30 22:00 2h", "'2026-02-30 22:00' is no" },
		{ "web1 24/11 2h 22:00", "'24/11 2h' is no time" },
		{ "web1 22:00 now", "'now' is no time to end" },
		{ "web1 22:00 soon", "'soon' is no time to end: write" },
		{ "web1 22:00 0h", "'0h' is no time to end" },
		{ "web1 22:00 -2h", "is no time to end" },
		{ "web1 22:00 5bd", "'5bd' is no time to end" },
		{ "web1 22:00 1mo", "'1mo' is no time to end" },
		{ "web1 22:00 2H", "'2H' is no time to end" },
		/* the rules */
		{ "web1 24/11 22:00 24/11 21:00", "over before it begins" },
		{ "web1 2026-11-24T22:00Z 2026-11-24T22:00Z",
		    "over before it begins" },
		{ "web1 2026-11-20 12:00 2h", "is over already" },
		{ "web1 2026-11-20 12:00 2026-11-20 17:20", "over already" },
		{ "web1 22:00 32d", "more than 31 days" },
		{ "web1 22:00 745h", "more than 31 days" },
		{ "web1 2026-12-01 00:00 2027-01-02 00:00",
		    "more than 31 days" },
		{ "web1 now 3653d", "more than 31 days" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(MaintenanceOrder) order = read_at(rows[i].argument,
		    WRITTEN, &error);

		g_assert_null(order);
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
		g_test_message("  %s", error->message);
		g_assert_nonnull(strstr(error->message, rows[i].said));
	}
}

/* At the bounds: 31 days whole, and what is carried out late. */
static void
test_bounds(void)
{
	const Zone *zone = zone_get(PARIS, NULL);
	Instant written = at(WRITTEN);
	g_autoptr(GError) error = NULL;
	g_autoptr(MaintenanceOrder) longest = maintenance_order_plan(
	    &(MaintenanceParts){ "web1", "22:00", "744h" }, zone, written,
	    written, "en", &error);
	g_autoptr(MaintenanceOrder) late = NULL, in_time = NULL;
	g_autofree char *name = g_strnfill(255, 'w');
	g_autofree char *longer = g_strnfill(256, 'w');
	g_autoptr(MaintenanceOrder) named = NULL, overlong = NULL;

	g_assert_no_error(error);
	g_assert_nonnull(longest);
	/* A mail that waited while the desk was down. */
	in_time =
	    maintenance_order_plan(&(MaintenanceParts){ "web1", "22:00", "2h" },
		zone, written, at("2026-11-20T23:59:59+01:00"), "en", &error);
	g_assert_no_error(error);
	g_assert_cmpint(in_time->from, ==, at("2026-11-20T22:00:00+01:00"));
	late =
	    maintenance_order_plan(&(MaintenanceParts){ "web1", "22:00", "2h" },
		zone, written, at("2026-11-21T00:00:00+01:00"), "en", &error);
	g_assert_null(late);
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	g_clear_error(&error);
	named =
	    maintenance_order_plan(&(MaintenanceParts){ name, "22:00", "2h" },
		zone, written, written, "en", &error);
	g_assert_no_error(error);
	overlong =
	    maintenance_order_plan(&(MaintenanceParts){ longer, "22:00", "2h" },
		zone, written, written, "en", &error);
	g_assert_null(overlong);
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
}

/* What is sent back to be confirmed orders the same on another day. */
static void
test_round_trip(void)
{
	static const struct {
		const char *argument, *formatted;
	} rows[] = {
		{ "web1 22:00 2h", "web1 2026-11-20 22:00 2026-11-21 00:00" },
		{ "\"web1/HTTP shop\" 24/11 22:00 2h new disk",
		    "\"web1/HTTP shop\" 2026-11-24 22:00 2026-11-25 00:00 "
		    "new disk" },
		{ "*/disk? now 2d",
		    "*/disk? 2026-11-20 17:20 2026-11-22 "
		    "17:20" },
		{ "web1 2026-11-24T22:00:05Z 2h",
		    "web1 2026-11-24T23:00:05+01:00 2026-11-25T01:00:05+01:00" },
		/* the second 02:30, the first 02:45 */
		{ "web1 2027-10-31T02:30:00+01:00 2027-10-31T03:30:00+01:00",
		    "web1 2027-10-31T02:30:00+01:00 2027-10-31 03:30" },
		{ "web1 2027-10-31T01:00:00+02:00 2027-10-31T02:45:00+02:00",
		    "web1 2027-10-31 01:00 2027-10-31T02:45:00+02:00" },
		{ "end 4", "end 4" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(MaintenanceOrder) order = read_at(rows[i].argument,
		    WRITTEN, &error);
		g_autofree char *text = NULL;
		g_autoptr(MaintenanceOrder) again = NULL;

		g_assert_no_error(error);
		text = maintenance_order_format(order, zone_get(PARIS, NULL));
		g_assert_cmpstr(text, ==, rows[i].formatted);
		again = read_at(text, "2026-11-20T18:00:00+01:00", &error);
		g_assert_no_error(error);
		g_assert_cmpint(again->from, ==, order->from);
		g_assert_cmpint(again->to, ==, order->to);
		g_assert_cmpstr(again->service, ==, order->service);
		g_assert_cmpstr(again->reason, ==, order->reason);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/maintenance-order/times", test_times);
	g_test_add_func("/maintenance-order/parts", test_parts);
	g_test_add_func("/maintenance-order/end", test_end);
	g_test_add_func("/maintenance-order/mistakes", test_mistakes);
	g_test_add_func("/maintenance-order/bounds", test_bounds);
	g_test_add_func("/maintenance-order/round-trip", test_round_trip);
	return g_test_run();
}
