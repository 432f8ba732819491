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

/* One subcommand of the table in main's app.c. argv[0] is its own name. */
typedef struct {
	const char *name;
	const char *arguments; /* "FILE..." for --help */
	const char *summary;
	int (*run)(int argc, char **argv);
} Subcommand;

/* The main functions of child processes: they speak over CHILD_SOCKET until
 * it ends, and return the exit code. */
int fetch_main(const char *name);
int read_main(const char *name);
int send_main(const char *name);

#endif
