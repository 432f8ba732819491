/*
 * Orders of a manager, a subcommand for each of the table's (order.h). They go
 * to the running desk; where none runs, they are executed here.
 */
#include "guichet/base/limits.h"
#include "guichet/base/owner.h"
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/daemon/control.h"
#include "guichet/order/order.h"
#include "guichet/print/show.h"
#include "guichet/work/manage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* No desk runs: this process is the one writer for a moment. */
static int
execute_here(const char *config, char *const *words)
{
	g_autoptr(Context) context = context_open(config,
	    CONTEXT_RULES | CONTEXT_WRITE | CONTEXT_SECRETS);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *login = owner_login();
	const ManageCall call = { words, login, instant_now() };

	if (context == NULL)
		return APP_FAILED;
	tx = store_begin(context->store, &error);
	if (tx == NULL || !store_keep_rules(tx, context->files, &error) ||
	    !manage_run(context->intake, tx, &call, out, &error) ||
	    !store_commit(&tx, &error))
		return context_fail(error);
	show_text(out->str);
	return APP_DONE;
}

int
app_order(const char *config, char *const *words)
{
	g_autoptr(Context) context = context_open(config, CONTEXT_CONF);
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL, *err = NULL, *shown = NULL;
	int code = APP_FAILED;

	if (context == NULL)
		return APP_FAILED;
	switch (control_call(context->conf->store, (const char *const *)words,
	    &code, &out, &err, &error)) {
	case CONTROL_FAILED:
		context_fail(error);
		context_advise(context->conf->store);
		return APP_FAILED;
	case CONTROL_NO_DESK:
		return execute_here(config, words);
	case CONTROL_ANSWERED:
		break;
	}
	show_text(out);
	shown = text_showable(err);
	fputs(shown, stderr);
	return code;
}

/* Words may come on standard input. */
static char *
read_standard_input(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[4096];
	gsize got;

	if (isatty(STDIN_FILENO))
		fputs("The text, then Ctrl-D:\n", stderr);
	while ((got = fread(buffer, 1, sizeof(buffer), stdin)) > 0 &&
	    text->len <= LIMIT_NOTE_BYTES)
		g_string_append_len(text, buffer, (gssize)got);
	/* A byte of zero does not end it; what is too long is refused. */
	return text_clean_block(text->str, (gssize)text->len,
	    2 * LIMIT_NOTE_BYTES);
}

/* "-" in the place of words, and a note without any. */
static bool
reads_input(const Subcommand *cmd, int argc, char **argv)
{
	return argc > 2 ? strcmp(argv[argc - 1], "-") == 0
			: g_str_equal(cmd->name, "note");
}

/* Whether the words give an order; else says how they would. */
static bool
check_words(const GPtrArray *words)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) each = order_each((char *const *)words->pdata,
	    &error);
	char *const *arguments;
	gint64 number;
	gsize count;

	for (guint i = 0; each != NULL && i < each->len; i++) {
		if (order_match(each->pdata[i], &number, &arguments, &count,
			&error) == ORDER_COUNT)
			break;
	}
	if (error == NULL)
		return true;
	context_fail(error);
	return false;
}

/* Whether a number stands behind the subcommand's name. */
static bool
takes_number(const Subcommand *cmd)
{
	return *cmd->arguments == 'N';
}

/* "12", "#12" or "12,13"; else says so. */
static bool
check_numbers(const char *word)
{
	g_auto(GStrv) each = g_strsplit(word, ",", 0);
	gint64 number;

	for (gsize i = 0; each[i] != NULL; i++) {
		if (!app_ticket_number(each[i], &number))
			return false;
	}
	return true;
}

static const Subcommand *
find_command(const char *name)
{
	const GPtrArray *all = cmd_order_subcommands();

	for (guint i = 0; i < all->len; i++) {
		const Subcommand *cmd = all->pdata[i];

		if (g_str_equal(cmd->name, name))
			return cmd;
	}
	g_assert_not_reached();
}

int
cmd_order_run(const Subcommand *cmd, int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL;
	const GOptionEntry entries[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "When it happened, if not now", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	int given;

	if (!app_options(cmd, &argc, &argv, &config, entries,
		(WordCount){ 1, G_MAXINT }) ||
	    (takes_number(cmd) && !check_numbers(argv[1])))
		return APP_USAGE;
	given = argc > 2 && reads_input(cmd, argc, argv) ? argc - 1 : argc;
	g_ptr_array_add(words, g_strdup(cmd->name));
	for (int i = 1; i < given; i++)
		g_ptr_array_add(words, g_strdup(argv[i]));
	if (reads_input(cmd, argc, argv))
		g_ptr_array_add(words, read_standard_input());
	if (at != NULL) {
		g_ptr_array_add(words, g_strdup("--at"));
		g_ptr_array_add(words, g_strdup(at));
	}
	g_ptr_array_add(words, NULL);
	return check_words(words)
	    ? app_order(config, (char *const *)words->pdata)
	    : APP_USAGE;
}

static int
order_run(int argc, char **argv)
{
	return cmd_order_run(find_command(argv[0]), argc, argv);
}

/* ---- the subcommands ---- */

#define EVENT "event N "

/* "pause, exclude [REASON], severity SEVERITY": what `event` takes. */
static void
add_event(GString *all, const char *command, const OrderRow *row)
{
	if (command == NULL || !g_str_has_prefix(command, EVENT))
		return;
	g_string_append_printf(all, "%s%s%s%s", all->len > 0 ? ", " : "",
	    command + strlen(EVENT), *row->arguments != '\0' ? " " : "",
	    row->arguments);
}

static Subcommand *
event_subcommand(void)
{
	Subcommand *cmd = g_new0(Subcommand, 1);
	g_autoptr(GString) all = g_string_new(NULL);

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = order_row(kind);

		add_event(all, row->command, row);
		add_event(all, row->command_too, row);
	}
	cmd->name = "event";
	cmd->arguments = "N WHAT [VALUE]";
	cmd->summary = g_strconcat(
	    "Record what a clock depends on; WHAT is one of ", all->str, NULL);
	cmd->run = order_run;
	return cmd;
}

/* NULL where the order is one of those below another command, or its name is
 * one of these, which hands over what has a number behind it. */
static Subcommand *
subcommand_of(const OrderRow *row)
{
	const char *behind = row->command != NULL ? strchr(row->command, ' ')
						  : NULL;
	bool alone = row->command != NULL && behind == NULL;
	Subcommand *cmd;

	if ((!alone && (behind == NULL || strcmp(behind, " N") != 0)) ||
	    g_str_has_prefix(row->command, "contract "))
		return NULL;
	cmd = g_new0(Subcommand, 1);
	cmd->name = alone
	    ? row->command
	    : g_strndup(row->command, (gsize)(behind - row->command));
	cmd->arguments = alone ? row->arguments
	    : *row->arguments != '\0'
	    ? g_strconcat("N... ", row->arguments, NULL)
	    : "N...";
	cmd->summary = row->summary;
	cmd->run = order_run;
	return cmd;
}

const GPtrArray *
cmd_order_subcommands(void)
{
	static GPtrArray *all;

	if (all != NULL)
		return all;
	all = g_ptr_array_new();
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		Subcommand *cmd = subcommand_of(order_row(kind));

		if (cmd != NULL)
			g_ptr_array_add(all, cmd);
	}
	g_ptr_array_add(all, event_subcommand());
	return all;
}
