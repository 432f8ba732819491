/*
 * What a reader gives up before it sees a mail: limits, then all but a few
 * system calls.
 */
#define _GNU_SOURCE /* MFD_*, F_ADD_SEALS, prlimit() */

#include "guichet/daemon/sandbox.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

const SandboxLimits sandbox_reader_limits = {
	.memory = LIMIT_READER_MEMORY_BYTES,
	.cpu = LIMIT_READER_CPU_SECONDS,
	.cpu_most = LIMIT_READER_CPU_SECONDS * (LIMIT_READER_MAILS + 1),
	.stack = LIMIT_READER_STACK_BYTES,
	.file = LIMIT_READ_REPLY_BYTES,
};

/* What may be called with any arguments. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(write),
	SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fstat),
	SCMP_SYS(fstatfs),
	SCMP_SYS(ftruncate), /* a memfd is the only file there is */
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
	SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group) };

/* What fails as if there were no file: harmless, and libraries live with it. */
static const int refused[] = { SCMP_SYS(open), SCMP_SYS(openat),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(ioctl) };

typedef struct {
	int call;
	struct scmp_arg_cmp condition;
} Rule;

static bool
limit(int resource, gint64 soft, gint64 hard, GError **error)
{
	struct rlimit now;
	struct rlimit wanted;

	if (getrlimit(resource, &now) == 0) {
		/* A limit already lower than ours may not be raised. */
		wanted.rlim_max = MIN((rlim_t)hard, now.rlim_max);
		wanted.rlim_cur = MIN((rlim_t)soft, wanted.rlim_max);
		if (setrlimit(resource, &wanted) == 0)
			return true;
	}
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
	    "setrlimit: %s", g_strerror(errno));
	return false;
}

bool
sandbox_limit(const SandboxLimits *limits, GError **error)
{
	return limit(RLIMIT_AS, limits->memory, limits->memory, error) &&
	    limit(RLIMIT_CPU, limits->cpu, limits->cpu_most, error) &&
	    limit(RLIMIT_STACK, limits->stack, limits->stack, error) &&
	    limit(RLIMIT_FSIZE, limits->file, limits->file, error) &&
	    limit(RLIMIT_NOFILE, 16, 16, error) &&
	    limit(RLIMIT_CORE, 0, 0, error);
}

static int
add_rules(scmp_filter_ctx filter, int socket)
{
	const scmp_datum_t on = (scmp_datum_t)socket;
	const Rule rules[] = {
		{ SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_EQ, on) },
		{ SCMP_SYS(recvmsg), SCMP_A0(SCMP_CMP_EQ, on) },
		{ SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mprotect),
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(memfd_create),
		    SCMP_A1(SCMP_CMP_EQ, MFD_CLOEXEC | MFD_ALLOW_SEALING) },
		{ SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_ADD_SEALS) },
		{ SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GET_SEALS) },
		{ SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFL) },
		{ SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFD) },
	};
	int rc = 0;

	for (gsize i = 0; rc == 0 && i < G_N_ELEMENTS(allowed); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (gsize i = 0; rc == 0 && i < G_N_ELEMENTS(refused); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
		    refused[i], 0);
	for (gsize i = 0; rc == 0 && i < G_N_ELEMENTS(rules); i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
		    rules[i].call, 1, &rules[i].condition);
	return rc;
}

bool
sandbox_filter(int socket, GError **error)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = filter == NULL ? -ENOMEM : add_rules(filter, socket);

	/* libseccomp sets no_new_privs itself. */
	if (rc == 0)
		rc = seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	if (rc == 0)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "this kernel refuses the reader's seccomp filter: %s",
	    g_strerror(-rc));
	return false;
}

bool
sandbox_enter(int socket, bool *ret_on, GError **error)
{
#ifdef GUICHET_SANITIZED
	(void)socket;
	(void)error;
	*ret_on = false;
	return true;
#else
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "prctl: %s", g_strerror(errno));
		return false;
	}
	if (!sandbox_limit(&sandbox_reader_limits, error) ||
	    !sandbox_filter(socket, error))
		return false;
	*ret_on = true;
	return true;
#endif
}

void
sandbox_lift_cpu(pid_t pid)
{
#ifdef GUICHET_SANITIZED
	(void)pid;
#else
	struct timespec used;
	struct rlimit limit;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0 ||
	    prlimit(pid, RLIMIT_CPU, NULL, &limit) != 0)
		return;
	limit.rlim_cur = MIN(limit.rlim_max,
	    (rlim_t)used.tv_sec + 1 + LIMIT_READER_CPU_SECONDS);
	/* Refused only if it is gone already, which its socket will tell. */
	(void)prlimit(pid, RLIMIT_CPU, &limit, NULL);
#endif
}
