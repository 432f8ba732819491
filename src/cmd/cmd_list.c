/* guichet list, guichet search: the queue, ordered by what is due next. */
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/table.h"
#include "guichet/store/store_unfetched.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

/* Whose turn it is. */
static const char *
next_of(const QueueRow *row)
{
	AwaitsKind kind;

	return awaits_parse(row->awaits, &kind)
	    ? awaits_of_name(awaits_of(kind))
	    : "";
}

static void
print_json(const QueueRow *row)
{
	g_autoptr(json_t) tags = json_array();
	g_autoptr(json_t) line = NULL;

	for (gsize i = 0; row->tags[i] != NULL; i++)
		json_array_append_new(tags, json_string(row->tags[i]));
	line = json_pack(
	    "{sI ss ss si ss ss ss so so so ss ss so ss ss si ss ss sO}",
	    "number", (json_int_t)row->number, "state", row->state, "kind",
	    row->kind, "severity", row->severity, "contract", row->contract,
	    "plan", row->plan, "subject", row->subject, "opened",
	    instant_json(row->received), "intake", instant_json(row->intake),
	    "next_due", instant_json(row->next_due), "next_milestone",
	    row->next_milestone, "next", row->awaits, "next_at",
	    instant_json(row->awaits_at), "next_of", next_of(row), "spoke",
	    row->spoke, "messages", row->messages, "host", row->host, "service",
	    row->service, "tags", tags);
	g_assert(line != NULL);
	show_json(line);
}

/* "in 3 h 20 min", "late by 5 min". */
static char *
time_left(Instant due, Instant now)
{
	g_autofree char *span = NULL;

	if (due == INSTANT_NONE)
		return g_strdup("-");
	span = text_span(due >= now ? due - now : now - due);
	return g_strdup_printf(due >= now ? "in %s" : "late by %s", span);
}

/* What is next; of what is done, what was due. */
static Instant
shown_at(const QueueRow *row)
{
	return row->awaits_at != INSTANT_NONE ? row->awaits_at : row->next_due;
}

static TableMood
mood_of(const QueueRow *row, Instant now)
{
	if (shown_at(row) == INSTANT_NONE)
		return TABLE_PLAIN;
	if (shown_at(row) < now)
		return TABLE_LATE;
	return shown_at(row) - now < 3600 ? TABLE_SOON : TABLE_PLAIN;
}

/* What an alert's subject does not say stands before it, where no narrow
 * terminal cuts it off. */
static void
cell_subject(Table *table, const QueueRow *row)
{
	static const char *const told[] = { "flapping", "recovered", "storm",
		"unmapped-host", "unknown-alert", "untrusted-alert", NULL };
	g_autoptr(GString) text = g_string_new(NULL);

	for (gsize i = 0; row->tags[i] != NULL; i++) {
		if (g_strv_contains(told, row->tags[i]))
			g_string_append_printf(text, "[%s] ", row->tags[i]);
	}
	g_string_append(text, row->subject);
	table_cell(table, text->str);
}

static void
print_table(const Context *context, const GPtrArray *rows, Instant now)
{
	static const char *const titles[] = { "TICKET", "CONTRACT", "PLAN",
		"SEV", "KIND", "STATE", "NEXT", "DUE", "LEFT", "SUBJECT",
		NULL };
	g_autoptr(Table) table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const QueueRow *row = rows->pdata[i];
		g_autofree char *due = context_when(context, shown_at(row));
		g_autofree char *left = time_left(shown_at(row), now);

		table_row(table, mood_of(row, now));
		table_cellf(table, "#%" G_GINT64_FORMAT, row->number);
		table_cell(table, *row->contract ? row->contract : "-");
		table_cell(table, *row->plan ? row->plan : "-");
		if (row->severity > 0)
			table_cellf(table, "%d", row->severity);
		else
			table_cell(table, "-");
		table_cell(table, row->kind);
		table_cell(table, row->state);
		table_cell(table, *row->awaits != '\0' ? row->awaits : "-");
		table_cell(table, due);
		table_cell(table, left);
		cell_subject(table, row);
	}
	table_print(table, false);
}

static int
show_rows(const Context *context, GPtrArray *rows, bool json, const char *at,
    GError *error)
{
	Instant now = instant_now();

	if (rows == NULL)
		return context_fail(error);
	if (!context_instant(at, &now))
		return APP_USAGE;
	if (json) {
		for (guint i = 0; i < rows->len; i++)
			print_json(rows->pdata[i]);
	} else if (rows->len == 0) {
		fputs("No ticket.\n", stderr);
	} else {
		print_table(context, rows, now);
	}
	return APP_DONE;
}

/* Below the queue: mail that waits where this program cannot get at it. */
static void
tell_unfetched(const Context *context)
{
	g_autoptr(GPtrArray) rows = store_unfetched(context->store, NULL,
	    G_MAXINT64, NULL);

	if (rows != NULL && rows->len > 0)
		fprintf(stderr,
		    "%u mail%s cannot be fetched: guichet quarantine\n",
		    rows->len, rows->len == 1 ? "" : "s");
}

static int
list_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL;
	gboolean json = FALSE, all = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a ticket and line", NULL },
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &all,
		    "Resolved and closed tickets too", NULL },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "Count what is left from this instant", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;
	int code;

	if (!app_options(&cmd_list, &argc, &argv, &config, entries,
		(WordCount){ 0, 0 }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	rows = store_queue(context->store, all, &error);
	code = show_rows(context, rows, json, at, error);
	if (code == APP_DONE && !json)
		tell_unfetched(context);
	return code;
}

static int
search_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *words = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a ticket and line", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_search, &argc, &argv, &config, entries,
		(WordCount){ 1, G_MAXINT }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	words = g_strjoinv(" ", argv + 1);
	rows = store_search(context->store, words, 200, &error);
	return show_rows(context, rows, json, NULL, error);
}

const Subcommand cmd_list = { "list", "",
	"The queue, ordered by what is due next", list_run };
const Subcommand cmd_search = { "search", "WORDS...",
	"Tickets whose mails hold all the words", search_run };
