#include "guichet/ticket/event.h"

#define NOON 1795190400 /* 2026-11-20T16:00:00Z */

static void
test_names(void)
{
	EventType type;

	for (int i = 0; i < EVENT_COUNT; i++) {
		type = EVENT_COUNT;
		g_assert_true(
		    event_type_parse(event_type_name((EventType)i), &type));
		g_assert_cmpint(type, ==, i);
	}
	type = EVENT_MET;
	g_assert_false(event_type_parse("Opened", &type));
	g_assert_false(event_type_parse("", &type));
	g_assert_cmpint(type, ==, EVENT_MET);
}

static void
test_values(void)
{
	g_autoptr(Event) event = event_stored(EVENT_STATE, 12, NOON, "cli", 3);

	g_assert_cmpint(event->recorded, ==, NOON);
	g_assert_cmpint(event->seq, ==, 0);
	g_assert_true(event_set(event, "state", "open") == event);
	event_set(event, "nothing", NULL);
	event_set_int(event, "share", 80);
	event_set(event, "latin", "caf\xe9");

	g_assert_cmpstr(event_text(event, "state"), ==, "open");
	g_assert_cmpstr(event_text(event, "nothing"), ==, "");
	g_assert_cmpstr(event_text(event, "share"), ==, "");
	g_assert_cmpstr(event_text(event, "latin"), ==, "caf\xef\xbf\xbd");
	g_assert_cmpint(event_int(event, "share"), ==, 80);
	g_assert_cmpint(event_int(event, "state"), ==, 0);
	g_assert_cmpint(event_int(event, "absent"), ==, 0);
	g_assert_cmpuint(json_object_size(event->data), ==, 3);

	event_set(event, "state", "closed");
	g_assert_cmpstr(event_text(event, "state"), ==, "closed");
}

static void
test_describe(void)
{
	static const struct {
		EventType type;
		const char *key, *value;
		gint64 number;
		const char *line;
	} rows[] = {
		{ EVENT_ASSIGNED, "who", "claire", 0,
		    "2026-11-20T16:00:00Z assigned by rule who=claire" },
		{ EVENT_ASSIGNED, "who", "", 0,
		    "2026-11-20T16:00:00Z assigned by rule who=\"\"" },
		{ EVENT_EXCLUDED, "reason", "hors \"p\xc3\xa9rim\xc3\xa8tre\"",
		    0,
		    "2026-11-20T16:00:00Z excluded by rule "
		    "reason=\"hors \\\"p\xc3\xa9rim\xc3\xa8tre\\\"\"" },
		{ EVENT_TAG, "add", "a\nb", 0,
		    "2026-11-20T16:00:00Z tag by rule add=\"a\\x0ab\"" },
		{ EVENT_TOLD, "due", NULL, NOON + 7200,
		    "2026-11-20T16:00:00Z told by rule "
		    "due=2026-11-20T18:00:00Z" },
		{ EVENT_WARNED, "share", NULL, 80,
		    "2026-11-20T16:00:00Z warned by rule share=80" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Event) event = event_stored(rows[i].type, 1, NOON,
		    "rule", 99);
		g_autofree char *line = NULL;

		if (rows[i].value != NULL)
			event_set(event, rows[i].key, rows[i].value);
		else
			event_set_int(event, rows[i].key, rows[i].number);
		line = event_describe(event);
		g_assert_cmpstr(line, ==, rows[i].line);
	}
}

/* The order in which keys were set says nothing. */
static void
test_describe_order(void)
{
	g_autoptr(Event) one = event_stored(EVENT_OPENED, 1, 0, "mail", 1);
	g_autoptr(Event) two = event_stored(EVENT_OPENED, 1, 0, "mail", 2);
	g_autofree char *line_one = NULL;
	g_autofree char *line_two = NULL;

	event_set_int(event_set(one, "kind", "incident"), "severity", 1);
	event_set(event_set_int(two, "severity", 1), "kind", "incident");
	line_one = event_describe(one);
	line_two = event_describe(two);
	g_assert_cmpstr(line_one, ==, line_two);
	g_assert_cmpstr(line_one, ==,
	    "1970-01-01T00:00:00Z opened by mail kind=incident severity=1");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/event/names", test_names);
	g_test_add_func("/event/values", test_values);
	g_test_add_func("/event/describe", test_describe);
	g_test_add_func("/event/describe-order", test_describe_order);
	return g_test_run();
}
