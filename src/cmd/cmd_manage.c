/*
 * guichet resolve, close, assign, severity, note, event: orders of a manager.
 * They go to the running desk; where none runs, they are executed here.
 */
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/cmd/show.h"
#include "guichet/daemon/control.h"
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

	if (context == NULL)
		return APP_FAILED;
	tx = store_begin(context->store, &error);
	if (tx == NULL || !store_keep_rules(tx, context->files, &error) ||
	    !manage_run(context->intake, tx, words, instant_now(), out,
		&error) ||
	    !store_commit(&tx, &error))
		return context_fail(error);
	show_text(out->str);
	return APP_DONE;
}

int
manage_order(const char *config, char *const *words)
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

/* The text of a note may come on standard input. */
static char *
read_standard_input(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[4096];
	gsize got;

	while ((got = fread(buffer, 1, sizeof(buffer), stdin)) > 0 &&
	    text->len <= LIMIT_NOTE_BYTES)
		g_string_append_len(text, buffer, (gssize)got);
	/* A byte of zero does not end it; what is too long is refused. */
	return text_clean_block(text->str, (gssize)text->len,
	    2 * LIMIT_NOTE_BYTES);
}

static int
manage_main(const Subcommand *cmd, int argc, char **argv, int min, int max)
{
	g_autofree char *config = NULL, *at = NULL;
	const GOptionEntry entries[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "When it happened, if not now", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	gint64 number;

	if (!app_options(cmd, &argc, &argv, &config, entries, min, max) ||
	    !app_ticket_number(argv[1], &number))
		return APP_USAGE;
	g_ptr_array_add(words, g_strdup(cmd->name));
	for (int i = 1; i < argc; i++)
		g_ptr_array_add(words, g_strdup(argv[i]));
	if (cmd == &cmd_note && argc == 2) {
		if (isatty(STDIN_FILENO))
			fputs("The note, then Ctrl-D:\n", stderr);
		g_ptr_array_add(words, read_standard_input());
	}
	if (at != NULL) {
		g_ptr_array_add(words, g_strdup("--at"));
		g_ptr_array_add(words, g_strdup(at));
	}
	g_ptr_array_add(words, NULL);
	return manage_order(config, (char *const *)words->pdata);
}

static int
resolve_run(int argc, char **argv)
{
	return manage_main(&cmd_resolve, argc, argv, 1, 1);
}

static int
close_run(int argc, char **argv)
{
	return manage_main(&cmd_close, argc, argv, 1, 1);
}

static int
assign_run(int argc, char **argv)
{
	return manage_main(&cmd_assign, argc, argv, 2, 2);
}

static int
severity_run(int argc, char **argv)
{
	return manage_main(&cmd_severity, argc, argv, 2, 2);
}

static int
note_run(int argc, char **argv)
{
	return manage_main(&cmd_note, argc, argv, 1, G_MAXINT);
}

static int
event_run(int argc, char **argv)
{
	return manage_main(&cmd_event, argc, argv, 2, 3);
}

const Subcommand cmd_resolve = { "resolve", "N",
	"Resolve a ticket and tell the client", resolve_run };
const Subcommand cmd_close = { "close", "N", "Close a ticket; nobody is told",
	close_run };
const Subcommand cmd_assign = { "assign", "N TECHNICIAN",
	"Give a ticket to a technician", assign_run };
const Subcommand cmd_severity = { "severity", "N SEVERITY",
	"Change the severity; the clocks are recomputed", severity_run };
const Subcommand cmd_note = { "note", "N [TEXT...]",
	"Keep an internal note (from standard input without TEXT)", note_run };
const Subcommand cmd_event = { "event", "N WHAT [VALUE]",
	"Record what a clock depends on; WHAT is pause, resume, exclude "
	"[REASON], severity N, contract NAME, reply, workaround or resolve",
	event_run };
