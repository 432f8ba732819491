/*
 * guichet alert hosts: who maps where, first as the rules say, then what was
 * heard of; last, and marked, what no line maps.
 */
#include "alert_hosts_private.h"

#include "guichet/alert/alert_map.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/table.h"
#include "guichet/site/alert_origin.h"
#include "guichet/store/store_alert.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

/* Where a host that was heard of goes now: the rules may have changed. */
static const char *
contract_now(const Context *context, const AlertSeen *seen)
{
	const AlertHost *line =
	    alert_map_host(ruleset_alert_map(context->ruleset), seen->source,
		seen->host, seen->service);
	const GPtrArray *origins = context->conf->alert_origins;

	for (guint i = 0; i < origins->len; i++) {
		const AlertOrigin *origin = origins->pdata[i];

		if (strcmp(origin->name, seen->source) == 0 &&
		    origin->contract != NULL)
			return origin->contract;
	}
	return line != NULL && line->contract != NULL ? line->contract : "";
}

static json_t *
text_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? json_string(text) : json_null();
}

static void
line_json(const AlertHost *line)
{
	g_autofree char *where = g_strdup_printf("%s:%" G_GSIZE_FORMAT,
	    line->file, line->line);
	g_autoptr(json_t) json = json_pack("{ss ss so so so so}", "from",
	    "rules", "host", line->host, "service", text_or_null(line->service),
	    "source", text_or_null(line->source), "contract",
	    text_or_null(line->contract), "where", json_string(where));

	show_json(json);
}

static void
seen_json(const Context *context, const AlertSeen *seen)
{
	g_autofree char *last = instant_format(seen->last);
	g_autoptr(json_t) json = json_pack("{ss ss so ss so sI ss}", "from",
	    "mail", "host", seen->host, "service", text_or_null(seen->service),
	    "source", seen->source, "contract",
	    text_or_null(contract_now(context, seen)), "count",
	    (json_int_t)seen->count, "last", last);

	show_json(json);
}

/* The path below the rules' folder: whole, a terminal would cut the line's
 * number off. */
static const char *
below(const char *file, const char *folder)
{
	gsize length = strlen(folder);

	return strncmp(file, folder, length) == 0 && file[length] == '/'
	    ? file + length + 1
	    : file;
}

static void
print_rules(const AlertMap *map, const char *folder)
{
	static const char *const titles[] = { "HOST", "SERVICE", "SOURCE",
		"CONTRACT", "COMPONENT", "WHERE", NULL };
	g_autoptr(Table) table = table_new(titles);

	table_spare(table, "COMPONENT");
	table_spare(table, "SOURCE");

	for (guint i = 0; i < map->hosts->len; i++) {
		const AlertHost *line = map->hosts->pdata[i];

		table_row(table, TABLE_PLAIN);
		table_cell(table, line->host);
		table_cell(table, line->service != NULL ? line->service : "*");
		table_cell(table, line->source != NULL ? line->source : "*");
		table_cell(table,
		    line->contract != NULL ? line->contract : "-");
		table_cell(table,
		    line->component != NULL ? line->component : "-");
		table_cellf(table, "%s:%" G_GSIZE_FORMAT,
		    below(line->file, folder), line->line);
	}
	table_print(table, false);
}

static void
print_seen(const Context *context, const GPtrArray *seen)
{
	static const char *const titles[] = { "HEARD OF", "SERVICE", "SOURCE",
		"CONTRACT", "MAILS", "LAST", NULL };
	g_autoptr(Table) table = table_new(titles);

	table_spare(table, "MAILS");
	table_spare(table, "SOURCE");

	for (guint i = 0; i < seen->len; i++) {
		const AlertSeen *one = seen->pdata[i];
		const char *contract = contract_now(context, one);
		g_autofree char *last = context_when(context, one->last);

		table_row(table, *contract != '\0' ? TABLE_PLAIN : TABLE_LATE);
		table_cell(table, one->host);
		table_cell(table, *one->service != '\0' ? one->service : "-");
		table_cell(table,
		    one->source[0] == '?' ? "not trusted" : one->source);
		table_cell(table, *contract != '\0' ? contract : "NOT MAPPED");
		table_cellf(table, "%" G_GINT64_FORMAT, one->count);
		table_cell(table, last);
	}
	table_print(table, false);
}

int
alert_hosts_run(const char *config, bool as_json)
{
	g_autoptr(Context) context = context_open(config, CONTEXT_TERMS);
	g_autoptr(GPtrArray) seen = NULL;
	g_autoptr(GError) error = NULL;
	const AlertMap *map;

	if (context == NULL)
		return APP_FAILED;
	map = ruleset_alert_map(context->ruleset);
	/* Before the first run there is no store, but there are rules. */
	if (!context_has_store(context->conf)) {
		seen = g_ptr_array_new();
	} else {
		context->store = context_store(context->conf, STORE_READ,
		    &error);
		seen = context->store != NULL
		    ? store_alert_hosts(context->store, &error)
		    : NULL;
		if (seen == NULL)
			return context_fail(error);
	}
	if (!as_json) {
		print_rules(map, context->conf->rules);
		if (seen->len > 0) {
			putchar('\n');
			print_seen(context, seen);
		}
		return APP_DONE;
	}
	for (guint i = 0; i < map->hosts->len; i++)
		line_json(map->hosts->pdata[i]);
	for (guint i = 0; i < seen->len; i++)
		seen_json(context, seen->pdata[i]);
	return APP_DONE;
}
