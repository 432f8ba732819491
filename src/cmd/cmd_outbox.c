/*
 * guichet outbox, guichet quarantine: what waits or failed on its way out,
 * and what was set aside on its way in.
 */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/order/order.h"
#include "guichet/print/table.h"
#include "guichet/store/store_unfetched.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

/* "outbox retry 3": the words of an order, before anybody is asked. */
static bool
is_order(char *const *argv)
{
	char *const *words;
	gint64 number;
	gsize count;

	return order_match(argv, &number, &words, &count, NULL) != ORDER_COUNT;
}

/* As people read it: what waits for its time is not held up by anything. */
static const char *
state_of(const OutboxRow *row)
{
	return outbox_row_waits(row) ? "waiting" : row->state;
}

/* Whether its next try has an instant. */
static bool
is_to_leave(const OutboxRow *row)
{
	return outbox_state_is(row->state, OUTBOX_READY) ||
	    outbox_state_is(row->state, OUTBOX_RETRY);
}

static void
print_outbox_json(const OutboxRow *row)
{
	g_autofree char *created = instant_format(row->created);
	g_autofree char *next = instant_format(row->next);
	g_autoptr(json_t) line = json_pack("{sI sI ss ss ss ss si si ss ss ss}",
	    "id", (json_int_t)row->id, "ticket", (json_int_t)row->ticket,
	    "what", row->what, "to", row->to, "subject", row->subject, "state",
	    state_of(row), "attempts", row->attempts, "code", row->code,
	    "created", created, "next", next, "reply", row->reply);

	show_json(line);
}

static void
print_outbox(const Context *context, const GPtrArray *rows)
{
	static const char *const titles[] = { "ID", "TICKET", "WHAT", "TO",
		"STATE", "LEAVES", "TRIES", "CODE", "SERVER SAID", NULL };
	g_autoptr(Table) table = table_new(titles);
	bool waits = false;

	table_spare(table, "CODE");
	table_spare(table, "TRIES");

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];
		g_autofree char *leaves = is_to_leave(row)
		    ? context_when(context, row->next)
		    : g_strdup("-");

		waits = waits || is_to_leave(row);
		table_row(table,
		    outbox_state_is(row->state, OUTBOX_FAILED) ? TABLE_LATE
							       : TABLE_PLAIN);
		table_cellf(table, "%" G_GINT64_FORMAT, row->id);
		table_cellf(table, "#%" G_GINT64_FORMAT, row->ticket);
		table_cell(table, row->what);
		table_cell(table, row->to);
		table_cell(table, state_of(row));
		table_cell(table, leaves);
		table_cellf(table, "%d", row->attempts);
		table_cellf(table, "%d", row->code);
		table_cell(table, row->reply);
	}
	if (!waits)
		table_spare(table, "LEAVES");
	table_print(table, false);
}

static int
outbox_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	gboolean json = FALSE, all = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a mail and line", NULL },
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &all, "What was sent, too",
		    NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_outbox, &argc, &argv, &config, entries,
		(WordCount){ 0, 2 }))
		return APP_USAGE;
	if (argc == 3 && is_order(argv))
		return app_order(config, argv);
	if (argc > 1)
		return app_usage(&cmd_outbox);
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	rows = store_outbox_list(context->store, all, &error);
	if (rows == NULL)
		return context_fail(error);
	if (rows->len == 0 && !json)
		fputs("Nothing waits and nothing failed.\n", stderr);
	else if (!json)
		print_outbox(context, rows);
	for (guint i = 0; json && i < rows->len; i++)
		print_outbox_json(rows->pdata[i]);
	return APP_DONE;
}

static void
print_mail_json(const StoredMail *row)
{
	g_autofree char *received = instant_format(row->received);
	g_autoptr(json_t) line = json_pack("{sI ss ss ss ss si sI}", "mail",
	    (json_int_t)row->id, "mailbox", row->mailbox, "received", received,
	    "state", row->state, "lane", row->lane, "attempts", row->attempts,
	    "size", (json_int_t)row->size);

	show_json(line);
}

static void
print_mails(const Context *context, const GPtrArray *rows)
{
	static const char *const titles[] = { "MAIL", "MAILBOX", "RECEIVED",
		"SIZE", "STATE", "LANE", NULL };
	g_autoptr(Table) table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const StoredMail *row = rows->pdata[i];
		g_autofree char *received = context_when(context,
		    row->received);

		table_row(table, TABLE_PLAIN);
		table_cellf(table, "%" G_GINT64_FORMAT, row->id);
		table_cell(table, row->mailbox);
		table_cell(table, received);
		table_cellf(table, "%" G_GINT64_FORMAT, row->size);
		table_cell(table, row->state);
		table_cell(table, *row->lane ? row->lane : "-");
	}
	table_print(table, false);
}

static void
print_unfetched_json(const UnfetchedMail *row)
{
	g_autofree char *received = instant_format(row->received);
	g_autofree char *first = instant_format(row->first);
	g_autofree char *last = instant_format(row->last);
	g_autoptr(json_t) line = json_pack("{ss sI sI ss ss ss sI ss ss si ss}",
	    "mailbox", row->mailbox, "uidvalidity",
	    (json_int_t)row->uidvalidity, "uid", (json_int_t)row->uid, "name",
	    row->name, "received", received, "state", "cannot be fetched",
	    "size", (json_int_t)row->size, "first", first, "last", last,
	    "tries", row->tries, "why", row->why);

	show_json(line);
}

/* Mails that are still where they were: nobody can read them here. */
static void
print_unfetched(const Context *context, const GPtrArray *rows)
{
	static const char *const titles[] = { "MAILBOX", "MAIL THERE",
		"RECEIVED", "TRIES", "LAST TRY", "CANNOT BE FETCHED", NULL };
	g_autoptr(Table) table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const UnfetchedMail *row = rows->pdata[i];
		g_autofree char *received = context_when(context,
		    row->received);
		g_autofree char *last = context_when(context, row->last);

		table_row(table, TABLE_LATE);
		table_cell(table, row->mailbox);
		if (row->uid != 0)
			table_cellf(table, "UID %" G_GUINT32_FORMAT, row->uid);
		else
			table_cell(table, row->name);
		table_cell(table, received);
		table_cellf(table, "%d", row->tries);
		table_cell(table, last);
		table_cell(table, row->why);
	}
	table_print(table, false);
}

/* What a person may want to look at: a repeat is no loss, an order was
 * carried out, and what a person took out of the way stays out of it. */
static GPtrArray *
set_aside(Store *store, GError **error)
{
	GPtrArray *rows = store_filed_mails(store, 1000, error);

	for (guint i = rows != NULL ? rows->len : 0; i-- > 0;) {
		const StoredMail *row = rows->pdata[i];

		if (event_lane_is(row->lane, LANE_ALSO_SEEN) ||
		    event_lane_is(row->lane, LANE_DROPPED) ||
		    event_lane_is(row->lane, LANE_ORDER))
			g_ptr_array_remove_index(rows, i);
	}
	return rows;
}

static int
quarantine_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a mail and line", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GPtrArray) unfetched = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_quarantine, &argc, &argv, &config, entries,
		(WordCount){ 0, 2 }))
		return APP_USAGE;
	if (argc == 3 && is_order(argv))
		return app_order(config, argv);
	if (argc > 1)
		return app_usage(&cmd_quarantine);
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	rows = set_aside(context->store, &error);
	if (rows != NULL)
		unfetched = store_unfetched(context->store, NULL, G_MAXINT64,
		    &error);
	if (unfetched == NULL)
		return context_fail(error);
	if (rows->len + unfetched->len == 0 && !json)
		fputs("Nothing was set aside.\n", stderr);
	if (rows->len > 0 && !json)
		print_mails(context, rows);
	if (unfetched->len > 0 && !json)
		print_unfetched(context, unfetched);
	for (guint i = 0; json && i < unfetched->len; i++)
		print_unfetched_json(unfetched->pdata[i]);
	for (guint i = 0; json && i < rows->len; i++)
		print_mail_json(rows->pdata[i]);
	return APP_DONE;
}

const Subcommand cmd_outbox = { "outbox", "[retry ID | drop ID]",
	"Answers that wait or failed; send again, or give up", outbox_run };
const Subcommand cmd_quarantine = { "quarantine", "[release MAIL | drop MAIL]",
	"Mails on no ticket; release makes a ticket of one", quarantine_run };
