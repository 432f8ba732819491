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

/* By which mail it was told and to whom: "" where no row of the outbox says it. */
typedef struct {
	const char *by; /* the row's, or a constant */
	char *to;
} Telling;

static void
telling_clear(Telling *telling)
{
	g_free(telling->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Telling, telling_clear)

/* The mail to the client that left with the news. */
static bool
find_of_batch(const Context *context, gint64 ticket, const ToldHistoryRow *row,
    Telling *telling, GError **error)
{
	g_autoptr(GPtrArray) sent = store_outbox_of(context->store, ticket,
	    error);

	if (sent == NULL)
		return false;
	for (guint i = 0; row->batch != 0 && i < sent->len; i++) {
		const OutboxRow *one = sent->pdata[i];

		SendKind kind;

		if (one->batch != row->batch ||
		    !send_kind_parse(one->what, &kind) ||
		    send_kind_is_internal(kind))
			continue;
		telling->by = send_kind_name(kind);
		telling->to = g_strdup(one->to);
		return true;
	}
	return true;
}

static bool
find_telling(const Context *context, gint64 ticket, const ToldHistoryRow *row,
    Telling *telling, GError **error)
{
	g_autoptr(OutboxRow) sent = NULL;

	telling->by = row->answer;
	if (row->outbox != 0 &&
	    !store_outbox_row(context->store, row->outbox, &sent, error))
		return false;
	if (sent != NULL)
		telling->to = g_strdup(sent->to);
	else if (row->subject == TOLD_OF_NEWS &&
	    !find_of_batch(context, ticket, row, telling, error))
		return false;
	if (telling->to == NULL)
		telling->to = g_strdup("");
	return true;
}

/* "response", or "news". */
static const char *
name_of(const ToldHistoryRow *row, const ToldHistoryPromise *promise)
{
	return row->subject == TOLD_OF_NEWS
	    ? "news"
	    : milestone_name(promise->milestone);
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
	case TOLD_RECAST:
		return TABLE_FAINT;
	default:
		return TABLE_PLAIN;
	}
}

static void
add_promise(Table *table, const Context *context, const ToldHistoryRow *row,
    const ToldHistoryPromise *promise, const Telling *telling)
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
	table_cell(table, name_of(row, promise));
	table_cell(table,
	    row->subject == TOLD_OF_NEWS
		? "-"
		: commitment_name(promise->commitment));
	table_cell(table, due);
	table_cellf(table, "%s%s%s", told_fate_name(promise->fate),
	    *until != '\0' ? " " : "", until);
	table_cell(table, *telling->by != '\0' ? telling->by : "-");
	table_cell(table, telling->to);
}

static void
print_json(gint64 ticket, const ToldHistoryRow *row, const Telling *telling)
{
	json_t *promises = json_array();
	g_autoptr(json_t) line = NULL;

	for (guint i = 0; i < row->promises->len; i++) {
		const ToldHistoryPromise *promise =
		    &g_array_index(row->promises, ToldHistoryPromise, i);

		json_array_append_new(promises,
		    json_pack("{ss ss? so ss so}", "milestone",
			name_of(row, promise), "commitment",
			row->subject == TOLD_OF_NEWS
			    ? NULL
			    : commitment_name(promise->commitment),
			"due", instant_json(promise->due), "became",
			told_fate_name(promise->fate), "at",
			instant_json(promise->until)));
	}
	line = json_pack("{sI so sI ss ss ss ss ss si ss so}", "ticket",
	    (json_int_t)ticket, "told", instant_json(row->at), "outbox",
	    (json_int_t)row->outbox, "by", telling->by, "to", telling->to,
	    "contract", row->contract, "plan", row->plan, "kind", row->kind,
	    "severity", row->severity, "excluded", row->excluded, "promises",
	    promises);
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
		g_auto(Telling) telling = { 0 };

		if (!find_telling(context, ticket, row, &telling, error))
			return false;
		if (json)
			print_json(ticket, row, &telling);
		for (guint k = 0; !json && k < row->promises->len; k++)
			add_promise(table, context, row,
			    &g_array_index(row->promises, ToldHistoryPromise,
				k),
			    &telling);
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
