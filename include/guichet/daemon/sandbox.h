/*
 * sandbox: what a reader process gives up before it sees a mail.
 *
 * Memory, processor time, stack and file size are limited; no core is dumped
 * and no debugger attaches; and a seccomp filter leaves only what parsing in
 * memory and answering on the one socket take. Opening a file fails, for
 * glibc tries it for every character set that is not loaded yet; everything
 * else that is not on the list kills the process.
 */
#ifndef GUICHET_SANDBOX_H
#define GUICHET_SANDBOX_H

#include "guichet/base/base.h"

#include <sys/types.h>

typedef struct {
	gint64 memory; /* bytes of address space */
	int cpu;       /* seconds until SIGXCPU; the desk lifts it */
	int cpu_most;  /* seconds in a life */
	gint64 stack;  /* bytes */
	gint64 file;   /* bytes of one memfd */
} SandboxLimits;

extern const SandboxLimits sandbox_reader_limits;

/* Sets the limits alone. */
bool sandbox_limit(const SandboxLimits *limits, GError **error);

/*
 * Installs the filter alone: only `socket` may be used to send and receive.
 * There is no way back.
 */
bool sandbox_filter(int socket, GError **error);

/* Both, or nothing at all in a sanitizer's build, which they would break.
 * *ret_on says which. */
bool sandbox_enter(int socket, bool *ret_on, GError **error);

/*
 * For whoever gives a reader its mails, before each one: sets its soft limit
 * of processor time anew, from what it has used. That limit counts a process's
 * whole life; the hard one stays as the sandbox set it.
 */
void sandbox_lift_cpu(pid_t pid);

#endif
