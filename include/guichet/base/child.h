/*
 * child: the desk's hands, each a process of the same binary.
 *
 * A child is this program executed again as `guichet --child ROLE NAME` with
 * one end of a socket pair as descriptor 3 (CHILD_SOCKET) and nothing else
 * open but the standard streams: input is /dev/null, output goes where errors
 * go. It ends when that socket does, and for no signal that a terminal or
 * systemd sends to stop the desk. Secrets go through the socket, never through
 * arguments or the environment.
 */
#ifndef GUICHET_CHILD_H
#define GUICHET_CHILD_H

#include "guichet/base/base.h"

#include <sys/types.h>

#define CHILD_SOCKET 3

typedef struct {
	pid_t pid;
	int socket; /* the desk's end, non-blocking; -1 once closed */
} Child;

/* Starts one. The caller ends it with child_stop(). */
Child *child_spawn(const char *role, const char *name, GError **error);

/* Closes the socket, waits `grace` milliseconds for the process to end by
 * itself, then kills it; sets *child to NULL. Accepts NULL inside. Returns the
 * wait status. */
int child_stop(Child **child, int grace);

/* A wait status in words: "killed by Segmentation fault (11)". The caller
 * frees. */
char *child_describe(int status);

#endif
