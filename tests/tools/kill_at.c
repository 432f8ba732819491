/*
 * kill_at: runs a program and kills processes of its tree, SIGKILL, as they
 * enter a system call, by ptrace(2).
 *
 * usage: kill_at REPORT [ROLE:N | ROLE:N+]... -- PROGRAM ARGUMENT...
 *
 * A process's role is the word behind --child on its command line, else
 * "desk". ROLE:N kills, once, that process which makes the N-th call of its
 * role; ROLE:N+ kills every process of the role as it sends its N-th frame.
 * Calls that change nothing outside their process are not counted: to be
 * killed before one of them is to be killed before the next that is.
 *
 * REPORT gets a line "ROLE COUNT" for each role, and "killed ROLE CALL" for
 * each kill. The exit status is the desk's, 137 if it was killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 4096
#define ROLES     8
#define SECONDS   120 /* at most, for all */

typedef struct {
	char name[16];
	long count;   /* calls of all its processes */
	long kill_at; /* 0: never */
	bool each;    /* of each process, and of frames */
} Role;

typedef struct {
	pid_t thread, process;
	Role *role;
	long frames;
} Tracee;

static Role roles[ROLES];
static Tracee tracees[PROCESSES];
static FILE *report;

/* They look, or touch the process's own memory and signals. */
static const long harmless[] = { SYS_read, SYS_pread64, SYS_close, SYS_fstat,
	SYS_newfstatat, SYS_lseek, SYS_brk, SYS_mprotect, SYS_munmap,
	SYS_madvise, SYS_getrandom, SYS_rt_sigaction, SYS_rt_sigprocmask,
	SYS_getpid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid,
	SYS_getegid, SYS_clock_gettime, SYS_getdents64, SYS_readlink,
	SYS_faccessat, SYS_statfs, SYS_fstatfs, SYS_uname, SYS_getcwd,
	SYS_prlimit64, SYS_sched_getaffinity, SYS_set_robust_list,
	SYS_set_tid_address, SYS_rseq, SYS_getppid, SYS_sysinfo,
#ifdef SYS_access
	SYS_access, SYS_stat, SYS_lstat, SYS_poll, SYS_arch_prctl,
#endif
	SYS_ppoll };

/* A kill closes what is open and forgets what is mapped for one's own use. */
static bool
is_harmless(long call, const uint64_t *args)
{
	if (call == SYS_openat)
		return (args[2] & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY;
	if (call == SYS_mmap)
		return (args[3] & MAP_SHARED) == 0;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++) {
		if (harmless[i] == call)
			return true;
	}
	return false;
}

static Role *
role_named(const char *name)
{
	for (int i = 0; i < ROLES; i++) {
		if (*roles[i].name == '\0')
			snprintf(roles[i].name, sizeof(roles[i].name), "%s",
			    name);
		if (strcmp(roles[i].name, name) == 0)
			return &roles[i];
	}
	fprintf(stderr, "kill_at: too many roles\n");
	exit(2);
}

static Role *
role_of(pid_t process)
{
	char path[64], line[4096] = "";
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)process);
	file = fopen(path, "r");
	if (file != NULL) {
		length = fread(line, 1, sizeof(line) - 1, file);
		fclose(file);
	}
	for (const char *word = line; word < line + length;
	     word += strlen(word) + 1) {
		if (strcmp(word, "--child") == 0)
			return role_named(word + strlen(word) + 1);
	}
	return role_named("desk");
}

static pid_t
process_of(pid_t thread)
{
	char path[64], line[256];
	int process = thread;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)thread);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "Tgid: %d", &process) == 1)
			break;
	}
	if (file != NULL)
		fclose(file);
	return process;
}

static Tracee *
tracee_of(pid_t thread)
{
	for (int i = 0; i < PROCESSES; i++) {
		if (tracees[i].thread == thread)
			return &tracees[i];
		if (tracees[i].thread == 0) {
			pid_t process = process_of(thread);

			tracees[i] = (Tracee){ thread, process,
				role_of(process), 0 };
			return &tracees[i];
		}
	}
	fprintf(stderr, "kill_at: too many processes\n");
	exit(2);
}

/* Whether that call is the one. */
static bool
is_due(Tracee *tracee, long call)
{
	Role *role = tracee->role;

	role->count++;
	if (call == SYS_sendmsg)
		tracee->frames++;
	if (role->kill_at == 0)
		return false;
	if (role->each)
		return call == SYS_sendmsg && tracee->frames == role->kill_at;
	return role->count == role->kill_at;
}

static void
enters(pid_t thread)
{
	struct __ptrace_syscall_info info;
	Tracee *tracee;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY ||
	    is_harmless((long)info.entry.nr, info.entry.args))
		return;
	tracee = tracee_of(thread);
	if (!is_due(tracee, (long)info.entry.nr))
		return;
	fprintf(report, "killed %s %ld\n", tracee->role->name,
	    (long)info.entry.nr);
	kill(tracee->process, SIGKILL);
}

/* A signal to hand on to the process, or 0. */
static int
stopped(pid_t thread, int status)
{
	int number = WSTOPSIG(status);

	if (number == (SIGTRAP | 0x80)) {
		enters(thread);
		return 0;
	}
	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
		Tracee *tracee = tracee_of(thread);

		tracee->role = role_of(tracee->process);
		tracee->frames = 0;
		return 0;
	}
	/* New ones begin with a stop. */
	return number == SIGTRAP || number == SIGSTOP ? 0 : number;
}

static int
follow(pid_t desk)
{
	int status, code = 2;
	pid_t thread;

	while ((thread = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (thread <= 0)
			continue;
		if (WIFSTOPPED(status)) {
			ptrace(PTRACE_SYSCALL, thread, 0,
			    stopped(thread, status));
			continue;
		}
		if (thread == desk)
			code = WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
	}
	return code;
}

static bool
take_order(const char *word)
{
	char name[16];
	long at;
	char sign = '\0';

	if (sscanf(word, "%15[a-z]:%ld%c", name, &at, &sign) < 2)
		return false;
	role_named(name)->kill_at = at;
	role_named(name)->each = sign == '+';
	return true;
}

int
main(int argc, char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
	    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
	    PTRACE_O_EXITKILL;
	int first = 2, code, status;
	pid_t desk;

	while (first < argc && take_order(argv[first]))
		first++;
	if (first + 1 >= argc || strcmp(argv[first], "--") != 0) {
		fprintf(stderr,
		    "usage: kill_at REPORT [ROLE:N]... -- PROGRAM\n");
		return 2;
	}
	report = fopen(argv[1], "w");
	desk = fork();
	if (report == NULL || desk < 0) {
		perror("kill_at");
		return 2;
	}
	if (desk == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
			_exit(3);
		raise(SIGSTOP);
		execvp(argv[first + 1], argv + first + 1);
		_exit(2);
	}
	alarm(SECONDS);
	if (waitpid(desk, &status, 0) != desk || !WIFSTOPPED(status))
		return 3; /* nothing may be traced here */
	ptrace(PTRACE_SETOPTIONS, desk, 0, options);
	ptrace(PTRACE_SYSCALL, desk, 0, 0);
	code = follow(desk);
	for (int i = 0; i < ROLES && *roles[i].name != '\0'; i++)
		fprintf(report, "%s %ld\n", roles[i].name, roles[i].count);
	return fclose(report) == 0 ? code : 2;
}
