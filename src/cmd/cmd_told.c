/* guichet told N: what the client was promised, when, by which mail, and what
 * became of it. */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/show.h"
#include "guichet/print/table.h"
#include "guichet/store/store.h"
#include "guichet/ticket/told_history.h"
#include "guichet/work/work.h"

#include "guichet/base/cleanup.h"

#include <stdio.h>

/* Whom the answer was for: "" where no row of the outbox says it. */
static bool
find_reader(const Context *context, const ToldHistoryRow *row, char **ret_to,
    GError **error)
{
	g_autoptr(OutboxRow) sent = NULL;

	*ret_to = NULL;
	if (row->outbox != 0 &&
	    !store_outbox_row(context->store, row->outbox, &sent, error))
		return false;
	*ret_to = g_strdup(sent != NULL ? sent->to : "");
	return true;
}

static TableMood
mood_of(ToldFate fate)
{
	switch (fate) {
	case TOLD_MISSED:
		return TABLE_LATE;
	case TOLD_LOST:
		return TABLE_SOON;
	case TOLD_REPEATED:
	case TOLD_CORRECTED:
	case TOLD_ENDED:
		return TABLE_FAINT;
	default:
		return TABLE_PLAIN;
	}
}

static void
add_promise(Table *table, const Context *context, const ToldHistoryRow *row,
    const ToldHistoryPromise *promise, const char *to)
{
	g_autofree char *at = context_when(context, row->at);
	g_autofree char *due = promise->due != INSTANT_NONE
	    ? context_when(context, promise->due)
	    : g_strdup("-");
	g_autofree char *until = promise->until != INSTANT_NONE
	    ? context_when(context, promise->until)
	    : g_strdup("");

	table_row(table, mood_of(promise->fate));
	table_cell(table, at);
	table_cell(table, milestone_name(promise->milestone));
	table_cell(table, commitment_name(promise->commitment));
	table_cell(table, due);
	table_cellf(table, "%s%s%s", told_fate_name(promise->fate),
	    *until != '\0' ? " " : "", until);
	table_cell(table, *row->answer != '\0' ? row->answer : "-");
	table_cell(table, to);
}

static void
print_json(gint64 ticket, const ToldHistoryRow *row, const char *to)
{
	json_t *promises = json_array();
	g_autoptr(json_t) line = NULL;

	for (guint i = 0; i < row->promises->len; i++) {
		const ToldHistoryPromise *promise =
		    &g_array_index(row->promises, ToldHistoryPromise, i);

		json_array_append_new(promises,
		    json_pack("{ss ss so ss so}", "milestone",
			milestone_name(promise->milestone), "commitment",
			commitment_name(promise->commitment), "due",
			instant_json(promise->due), "became",
			told_fate_name(promise->fate), "at",
			instant_json(promise->until)));
	}
	line = json_pack("{sI so sI ss ss ss ss ss si ss so}", "ticket",
	    (json_int_t)ticket, "told", instant_json(row->at), "outbox",
	    (json_int_t)row->outbox, "by", row->answer, "to", to, "contract",
	    row->contract, "plan", row->plan, "kind", row->kind, "severity",
	    row->severity, "excluded", row->excluded, "promises", promises);
	show_json(line);
}

static bool
print_all(const Context *context, gint64 ticket, const GPtrArray *rows,
    bool json, GError **error)
{
	static const char *const titles[] = { "TOLD", "PROMISE", "COMMITMENT",
		"DUE", "BECAME", "BY", "TO", NULL };
	g_autoptr(Table) table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const ToldHistoryRow *row = rows->pdata[i];
		g_autofree char *to = NULL;

		if (!find_reader(context, row, &to, error))
			return false;
		if (json)
			print_json(ticket, row, to);
		for (guint k = 0; !json && k < row->promises->len; k++)
			add_promise(table, context, row,
			    &g_array_index(row->promises, ToldHistoryPromise,
				k),
			    to);
	}
	if (!json)
		table_print(table, false);
	return true;
}

static int
tell(const Context *context, gint64 number, Instant now, bool json)
{
	g_autoptr(GPtrArray) events = NULL, rows = NULL;
	g_autoptr(GError) error = NULL;
	const TicketView *view;

	view = view_run(context->intake, number, now, &error);
	if (view == NULL)
		return context_fail(error);
	events = store_events(context->store, number, &error);
	if (events == NULL)
		return context_fail(error);
	rows = told_history(events, view);
	if (rows->len == 0 && !json)
		fputs("The client was told no terms of it.\n", stderr);
	else if (!print_all(context, number, rows, json, &error))
		return context_fail(error);
	return APP_DONE;
}

static int
told_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object an answer and line", NULL },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "What became of it by this instant", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	Instant now = instant_now();
	gint64 number;

	if (!app_options(&cmd_told, &argc, &argv, &config, entries,
		(WordCount){ 1, 1 }) ||
	    !app_ticket_number(argv[1], &number) || !context_instant(at, &now))
		return APP_USAGE;
	context = context_open(config, CONTEXT_TERMS | CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	return tell(context, number, now, json);
}

const Subcommand cmd_told = { "told", "N",
	"What the client was promised, by which mail, and what became of it",
	told_run };
