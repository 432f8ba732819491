/*
 * guichet maintenance add|list|end: planned silence of a host. What fails in
 * it opens no ticket, unless it still fails at the end; all of it is kept.
 */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/judgment/maintenance_order.h"
#include "guichet/order/order.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/table.h"
#include "guichet/store/store_alert.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

static void
print_json(const Maintenance *one)
{
	g_autofree char *from = instant_format(one->from);
	g_autofree char *to = instant_format(one->to);
	g_autoptr(json_t) json = json_pack("{sI ss ss ss ss ss ss so}", "id",
	    (json_int_t)one->id, "host", one->host, "service", one->service,
	    "contract", one->contract, "from", from, "to", to, "by", one->by,
	    "announced", instant_json(one->announced));

	show_json(json);
}

static void
print_table(const Context *context, const GPtrArray *list)
{
	static const char *const titles[] = { "NUMBER", "HOST", "SERVICE",
		"FROM", "TO", "BY", "ANNOUNCED", NULL };
	g_autoptr(Table) table = table_new(titles);
	const Zone *zone = zone_get(context->conf->zone, NULL);

	for (guint i = 0; i < list->len; i++) {
		const Maintenance *one = list->pdata[i];
		g_autofree char *from = maintenance_order_instant(one->from,
		    zone);
		g_autofree char *to = maintenance_order_instant(one->to, zone);
		g_autofree char *announced = context_when(context,
		    one->announced);

		table_row(table, TABLE_PLAIN);
		table_cellf(table, "%" G_GINT64_FORMAT, one->id);
		table_cellf(table, "%s%s%s", one->host,
		    *one->contract != '\0' ? "@" : "", one->contract);
		table_cell(table, *one->service != '\0' ? one->service : "*");
		table_cell(table, from);
		table_cell(table, to);
		table_cell(table, one->by);
		table_cell(table, announced);
	}
	table_print(table, false);
}

static int
list_maintenance(const char *config, bool as_json, bool all, Instant now)
{
	g_autoptr(Context) context = context_open(config, CONTEXT_STORE);
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GError) error = NULL;

	if (context == NULL)
		return APP_FAILED;
	list = store_maintenance(context->store, all ? 0 : now, &error);
	if (list == NULL)
		return context_fail(error);
	/* Ended before it began, it has no time left at all. */
	for (guint i = list->len; !all && i-- > 0;) {
		const Maintenance *one = list->pdata[i];

		if (one->to <= one->from)
			g_ptr_array_remove_index(list, i);
	}
	if (as_json) {
		for (guint i = 0; i < list->len; i++)
			print_json(list->pdata[i]);
	} else if (list->len == 0) {
		fputs("No maintenance is planned.\n", stderr);
	} else {
		print_table(context, list);
	}
	return APP_DONE;
}

/* The words of the order: with a contract, HOST[/SERVICE] is one of its hosts,
 * and all of them where none is named. */
static void
add_words(GPtrArray *words, int argc, char **argv, const char *contract)
{
	bool adds = contract != NULL && strcmp(argv[1], "add") == 0;
	bool names = adds && argc == 5;
	const char *target = names ? argv[2] : "";
	gsize host = strcspn(target, "/");

	g_ptr_array_add(words, g_strdup(cmd_maintenance.name));
	g_ptr_array_add(words, g_strdup(argv[1]));
	if (adds)
		g_ptr_array_add(words,
		    g_strdup_printf("%.*s@%s%s", (int)host, target, contract,
			target + host));
	for (int i = names ? 3 : 2; i < argc; i++)
		g_ptr_array_add(words, g_strdup(argv[i]));
}

static int
maintenance_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL, *contract = NULL;
	gboolean as_json = FALSE, all = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &as_json,
		    "One JSON object a line", NULL },
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &all,
		    "Those that are over, too", NULL },
		{ "contract", 0, 0, G_OPTION_ARG_STRING, &contract,
		    "add: of the contract's hosts alone", "CONTRACT" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "As of this instant, for rehearsal", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	Instant now = instant_now();
	char *const *arguments;
	gint64 number;
	gsize count;

	if (!app_options(&cmd_maintenance, &argc, &argv, &config, entries,
		(WordCount){ 1, 4 }))
		return APP_USAGE;
	if (!context_instant(at, &now))
		return APP_USAGE;
	if (strcmp(argv[1], "list") == 0 && argc == 2)
		return list_maintenance(config, as_json, all, now);
	add_words(words, argc, argv, contract);
	if (at != NULL) {
		g_ptr_array_add(words, g_strdup("--at"));
		g_ptr_array_add(words, g_strdup(at));
	}
	g_ptr_array_add(words, NULL);
	if (order_match((char *const *)words->pdata, &number, &arguments,
		&count, NULL) == ORDER_COUNT)
		return app_usage(&cmd_maintenance);
	return app_order(config, (char *const *)words->pdata);
}

const Subcommand cmd_maintenance = { "maintenance",
	"add HOST[/SERVICE] FROM TO | list | end N",
	"Planned silence of a host's alerts", maintenance_run };
