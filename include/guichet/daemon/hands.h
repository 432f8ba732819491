/*
 * hands: what each child process of the gateway does (doc/design.md 1). Each
 * runs in a process of its own and returns its exit code.
 */
#ifndef GUICHET_HANDS_H
#define GUICHET_HANDS_H

#include "guichet/base/exit.h"

/* The main functions of child processes: they speak over CHILD_SOCKET until
 * it ends, and return the exit code. */
int fetch_main(const char *name);
int read_main(const char *name);
int send_main(const char *name);

#endif
