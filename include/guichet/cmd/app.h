/*
 * app: the top layer, the only one that logs, reads the clock and ends the
 * process. Each subcommand is a function of its own file, src/cmd/cmd_*.c;
 * each child's role another: fetch.c, read.c, send.c.
 */
#ifndef GUICHET_APP_H
#define GUICHET_APP_H

#include "guichet/base/exit.h"

int app_main(int argc, char **argv);

/* One subcommand of the table in app.c, which each src/cmd/cmd_*.c adds to with
 * a `const Subcommand cmd_NAME`. argv[0] is its own name. */
typedef struct {
	const char *name;
	const char *arguments; /* "FILE..." for --help */
	const char *summary;
	int (*run)(int argc, char **argv);
} Subcommand;

extern const Subcommand cmd_alert, cmd_availability, cmd_check, cmd_contract,
    cmd_deadline, cmd_dump, cmd_explain, cmd_ledger, cmd_list, cmd_maintenance,
    cmd_outbox, cmd_parse, cmd_report, cmd_quarantine, cmd_init, cmd_key,
    cmd_rebuild, cmd_restore, cmd_morning, cmd_run, cmd_search, cmd_show,
    cmd_told, cmd_why;

/* (cmd_order.c) Those that the table of orders has: Subcommand *, and the one
 * of that name, which must be there. */
const GPtrArray *cmd_order_subcommands(void);
/* An order on a ticket by its words, those of the subcommand `cmd`. */
int cmd_order_run(const Subcommand *cmd, int argc, char **argv);

/* (cmd_order.c) Hands the words of an order to the running desk or executes
 * them here, prints what happened, and returns the exit code. */
int app_order(const char *config, char *const *words);

/* How many words a subcommand takes. */
typedef struct {
	int min, max;
} WordCount;

/*
 * Takes a subcommand's options out of its words: `entries` (may be NULL),
 * --help, and -c FILE into *ret_config, the caller's, NULL if not given. What
 * is left in argv are its name and that many words. False after
 * it has said on standard error what is wrong: the exit code is APP_USAGE.
 */
bool app_options(const Subcommand *command, int *argc, char ***argv,
    char **ret_config, const GOptionEntry *entries, WordCount words);

/* Says how the subcommand is used; APP_USAGE. */
int app_usage(const Subcommand *command);

/* A ticket's number, "12" or "#12"; else says so on standard error. */
bool app_ticket_number(const char *word, gint64 *ret_number);

/* The subcommand whose name is nearest to a mistyped one, or NULL. */
const char *
app_nearest(const char *word, const Subcommand *const *commands, gsize count);

#endif
