/* A command is plain ASCII in the text, and what is left is the text's end; an
 * order keeps the rules, and reads back as itself. */
#include "guichet/order/command.h"

#include "guichet/judgment/maintenance_order.h"

#include "guichet/base/text.h"

#include <string.h>

#define NOW 1795191630 /* 2026-11-20T17:20:30+01:00 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_order(const char *argument)
{
	const Zone *zone = zone_get("Europe/Paris", NULL);
	g_autoptr(MaintenanceOrder) order = maintenance_order_read(argument,
	    zone, NOW, NOW, "en", NULL);
	g_autoptr(MaintenanceOrder) again = NULL;
	g_autofree char *text = NULL;

	if (order == NULL)
		return;
	text = maintenance_order_format(order, zone);
	if (!order->ends) {
		g_assert_cmpint(order->from, <, order->to);
		g_assert_cmpint(order->to, >, NOW);
		g_assert_cmpint(order->to - order->from, <=, 31 * 86400);
		g_assert_cmpstr(order->host, !=, "");
	}
	/* Four digits of a year are all that can be written. */
	if (order->to > 253402300799 || order->from < 0)
		return;
	again = maintenance_order_read(text, zone, NOW, NOW, "en", NULL);
	g_assert_nonnull(again);
	g_assert_cmpint(again->from, ==, order->from);
	g_assert_cmpint(again->to, ==, order->to);
	g_assert_cmpstr(again->host, ==, order->host);
	g_assert_cmpstr(again->service, ==, order->service);
}

/* Whether the text holds the order's name, in either language. */
static bool
has_name(const char *text, OrderKind order)
{
	const OrderRow *row = order_row(order);
	const char *names[] = { row->name, row->name_fr };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_auto(GStrv) words = g_strsplit(names[i], " ", 2);
		g_autofree char *line = g_strconcat("#", words[0], NULL);

		if (strstr(text, line) != NULL)
			return true;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *bytes = g_strndup((const char *)data, size);
	g_autofree char *text = text_clean_block(bytes, -1, 20000);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	g_autoptr(CommandList) any = command_parse(bytes, "fr");
	g_autoptr(CommandList) list = command_parse(text, "fr");

	g_assert_true(g_str_has_suffix(text, list->rest));
	g_assert_cmpuint(list->errors->len, <=, COMMAND_ERRORS_MAX);
	for (guint i = 0; i < list->commands->len; i++) {
		const Command *command = list->commands->pdata[i];

		g_assert_true(g_str_is_ascii(command->argument));
		g_assert_true(has_name(lower, command->order));
		if (command->order == ORDER_MAINTENANCE)
			try_order(command->argument);
	}
	return 0;
}
