/*
 * The command line: the table of subcommands, their common options, and the
 * roles of child processes.
 */
#include "guichet/cmd/app.h"
#include "guichet/daemon/hands.h"

#include <gio/gio.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#define HELP_WIDTH  79
#define HELP_COLUMN 25 /* where what a command does starts */

/* In the order of --help. */
static const Subcommand *const before_orders[] = {
	&cmd_run,
	&cmd_check,
	&cmd_list,
	&cmd_morning,
	&cmd_maintenance,
	&cmd_show,
	&cmd_told,
	&cmd_search,
	&cmd_why,
	&cmd_parse,
	&cmd_report,
	&cmd_explain,
	&cmd_alert,
	&cmd_deadline,
	&cmd_contract,
	&cmd_ledger,
	&cmd_availability,
};
static const Subcommand *const after_orders[] = {
	&cmd_outbox,
	&cmd_quarantine,
	&cmd_rebuild,
	&cmd_key,
	&cmd_init,
	&cmd_restore,
	&cmd_dump,
};

/* In the order of --help; freed by the caller. */
static GPtrArray *
all_commands(void)
{
	GPtrArray *all = g_ptr_array_new();

	for (gsize i = 0; i < G_N_ELEMENTS(before_orders); i++)
		g_ptr_array_add(all, (gpointer)before_orders[i]);
	g_ptr_array_extend(all, (GPtrArray *)cmd_order_subcommands(), NULL,
	    NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(after_orders); i++)
		g_ptr_array_add(all, (gpointer)after_orders[i]);
	return all;
}

static const struct {
	const char *role;
	int (*main)(const char *name);
} roles[] = {
	{ "fetch", fetch_main },
	{ "read", read_main },
	{ "send", send_main },
};

/* `text` in lines that end at the column HELP_WIDTH, each but the first
 * indented; the first starts there already. */
static char *
wrap(const char *text, gsize indent)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	GString *lines = g_string_new(NULL);
	gsize column = indent;

	for (gsize i = 0; words[i] != NULL; i++) {
		gsize width = (gsize)g_utf8_strlen(words[i], -1);

		if (i > 0 && column + 1 + width > HELP_WIDTH) {
			g_string_append_printf(lines, "\n%*s", (int)indent, "");
			column = indent;
		} else if (i > 0) {
			g_string_append_c(lines, ' ');
			column++;
		}
		g_string_append(lines, words[i]);
		column += width;
	}
	return g_string_free(lines, FALSE);
}

static void
print_help(const GPtrArray *commands)
{
	printf("Usage: guichet COMMAND [-c FILE] ...\n\n"
	       "Turns a support mailbox into tickets under contract.\n\n");
	for (guint i = 0; i < commands->len; i++) {
		const Subcommand *command = commands->pdata[i];
		g_autofree char *words = g_strdup_printf("  %s %s",
		    command->name, command->arguments);
		g_autofree char *summary = wrap(command->summary, HELP_COLUMN);

		printf("%-*s", HELP_COLUMN - 1, words);
		if (strlen(words) > HELP_COLUMN - 1)
			printf("\n%*s", HELP_COLUMN - 1, "");
		printf(" %s\n", summary);
	}
	printf("\n'guichet COMMAND --help' shows the options of one; "
	       "see guichet(1).\n");
}

int
app_usage(const Subcommand *command)
{
	fprintf(stderr,
	    "usage: guichet %s [-c FILE]%s%s; "
	    "see 'guichet %s --help'\n",
	    command->name, *command->arguments != '\0' ? " " : "",
	    command->arguments, command->name);
	return APP_USAGE;
}

bool
app_options(const Subcommand *command, int *argc, char ***argv,
    char **ret_config, const GOptionEntry *entries, WordCount words)
{
	g_autoptr(GOptionContext) context = g_option_context_new(
	    command->arguments);
	g_autoptr(GError) error = NULL;
	g_autofree char *config = NULL;
	g_autofree char *name = g_strconcat("guichet ", command->name, NULL);
	g_autofree char *summary = wrap(command->summary, 0);
	const GOptionEntry common[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &config,
		    "The site's guichet.yaml", "FILE" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};

	/* What --help shows as the program. */
	g_set_prgname(name);
	g_option_context_set_summary(context, summary);
	if (entries != NULL)
		g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	if (!g_option_context_parse(context, argc, argv, &error)) {
		fprintf(stderr, "guichet %s: %s; see 'guichet %s --help'\n",
		    command->name, error->message, command->name);
		return false;
	}
	if (*argc > 1 && g_str_equal((*argv)[1], "--")) {
		memmove(*argv + 1, *argv + 2,
		    (gsize)(*argc - 1) * sizeof(**argv));
		--*argc;
	}
	if (*argc - 1 < words.min || *argc - 1 > words.max) {
		app_usage(command);
		return false;
	}
	*ret_config = g_steal_pointer(&config);
	return true;
}

bool
app_ticket_number(const char *word, gint64 *ret_number)
{
	const char *digits = *word == '#' ? word + 1 : word;
	guint64 number;

	if (g_ascii_string_to_unsigned(digits, 10, 1, G_MAXINT64, &number,
		NULL)) {
		*ret_number = (gint64)number;
		return true;
	}
	fprintf(stderr, "guichet: '%s' is no ticket's number\n", word);
	return false;
}

static int
unknown_command(const char *word, const GPtrArray *commands)
{
	const char *nearest = app_nearest(word,
	    (const Subcommand *const *)commands->pdata, commands->len);

	if (nearest != NULL)
		fprintf(stderr,
		    "guichet: there is no command '%s'; did you mean '%s'?\n",
		    word, nearest);
	else
		fprintf(stderr,
		    "guichet: there is no command '%s'; try 'guichet --help'\n",
		    word);
	return APP_USAGE;
}

static int
run_child(const char *role, const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (g_str_equal(role, roles[i].role))
			return roles[i].main(name);
	}
	fprintf(stderr, "guichet: there is no role '%s'\n", role);
	return APP_USAGE;
}

/* `guichet -c FILE COMMAND` is `guichet COMMAND -c FILE`. */
static void
put_command_first(int argc, char **argv)
{
	char *command;

	if (argc < 4 ||
	    (!g_str_equal(argv[1], "-c") && !g_str_equal(argv[1], "--config")))
		return;
	command = argv[3];
	argv[3] = argv[2];
	argv[2] = argv[1];
	argv[1] = command;
}

int
app_main(int argc, char **argv)
{
	g_autoptr(GPtrArray) commands = all_commands();

	/* No locale changes a decision or a date; only letters are known. */
	setlocale(LC_ALL, "C");
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc == 4 && g_str_equal(argv[1], "--child"))
		return run_child(argv[2], argv[3]);
	if (argc < 2) {
		fprintf(stderr,
		    "guichet: which command? try "
		    "'guichet --help'\n");
		return APP_USAGE;
	}
	put_command_first(argc, argv);
	if (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h") ||
	    g_str_equal(argv[1], "help")) {
		print_help(commands);
		return APP_DONE;
	}
	if (g_str_equal(argv[1], "--version")) {
		printf("guichet %s\n", GUICHET_VERSION);
		return APP_DONE;
	}
	for (guint i = 0; i < commands->len; i++) {
		const Subcommand *command = commands->pdata[i];

		if (g_str_equal(argv[1], command->name))
			return command->run(argc - 1, argv + 1);
	}
	return unknown_command(argv[1], commands);
}
