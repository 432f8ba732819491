/*
 * app: the top layer, the only one that logs, reads the clock and ends the
 * process. Each subcommand is a function of its own file, src/app/cmd_*.c;
 * each child's role another: fetch.c, read.c, send.c.
 */
#ifndef GUICHET_APP_H
#define GUICHET_APP_H

#include "guichet/base.h"

/* Exit codes. */
#define APP_DONE   0
#define APP_FAILED 1
#define APP_USAGE  2

int app_main(int argc, char **argv);

/* One subcommand of the table in app.c, which each src/app/cmd_*.c adds to with
 * a `const Subcommand cmd_NAME`. argv[0] is its own name. */
typedef struct {
	const char *name;
	const char *arguments; /* "FILE..." for --help */
	const char *summary;
	int (*run)(int argc, char **argv);
} Subcommand;

extern const Subcommand cmd_run;

/*
 * Reads a subcommand's options: `entries` (may be NULL), --help, and -c FILE
 * into *ret_conf (may be NULL: then there is no -c), the caller's, NULL if not
 * given. Returns the other words, which the caller frees; NULL after it has
 * said on standard error what is wrong: the exit code is APP_USAGE.
 */
char **app_options(const Subcommand *command, int argc, char **argv,
    const GOptionEntry *entries, char **ret_conf);

/* Says what is wrong and how to learn more; APP_USAGE. */
int app_usage(const Subcommand *command, const char *what);
bool app_takes_no_words(const Subcommand *command, char **words);

/* Prints the error, APP_FAILED. */
int app_fail(const GError *error);

/* The subcommand whose name is nearest to a mistyped one, or NULL. */
const char *
app_nearest(const char *word, const Subcommand *const *commands, gsize count);

/* The main functions of child processes: they speak over CHILD_SOCKET until
 * it ends, and return the exit code. */
int fetch_main(const char *name);
int read_main(const char *name);
int send_main(const char *name);

#endif
