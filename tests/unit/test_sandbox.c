#define _GNU_SOURCE /* memfd_create(), prlimit() */

#include "guichet/base/frame.h"
#include "guichet/daemon/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef GUICHET_SANITIZED

/* Each is run behind the filter; what it returns is its exit code. */
typedef int (*Deed)(void);

static int
deed_compute(void)
{
	char *grown = malloc(300 * 1024);

	memset(grown, 7, 300 * 1024);
	grown = realloc(grown, 3 * 1024 * 1024);
	free(grown);
	return 7;
}

static int
deed_answer(void)
{
	int fd = frame_memfd("bonjour", 7, NULL);
	GBytes *bytes = frame_map(fd, 100, NULL);

	return fd >= 0 && bytes != NULL &&
		frame_send(3, "message", NULL, fd, NULL)
	    ? 7
	    : 1;
}

static int
deed_open(void)
{
	return open("/etc/passwd", O_RDONLY) < 0 ? 7 : 1;
}

static int
deed_create(void)
{
	return open("created", O_WRONLY | O_CREAT, 0600) < 0 ? 7 : 1;
}

static int
deed_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
deed_exec(void)
{
	return execl("/bin/true", "true", NULL);
}

static int
deed_fork(void)
{
	return (int)fork();
}

static int
deed_kill(void)
{
	return kill(getppid(), 0);
}

static int
deed_send_elsewhere(void)
{
	struct msghdr message = { 0 };

	return (int)sendmsg(2, &message, 0);
}

static int
deed_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int
deed_make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int
deed_lift_limit(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_CPU, &limit);
}

static int
deed_huge_memfd(void)
{
	return memfd_create("huge", MFD_HUGETLB);
}

static int
run(Deed deed, const SandboxLimits *limits, bool filter)
{
	int pair[2];
	int status;
	pid_t pid;

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), ==, 0);
	pid = fork();
	if (pid == 0) {
		GError *error = NULL;

		if (pair[1] != 3)
			dup2(pair[1], 3);
		if (limits != NULL && !sandbox_limit(limits, &error))
			_exit(99);
		if (filter && !sandbox_filter(3, &error))
			_exit(98);
		_exit(deed());
	}
	close(pair[1]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	close(pair[0]);
	return status;
}

static void
test_filter_allows(void)
{
	static const struct {
		const char *name;
		Deed deed;
	} rows[] = {
		{ "compute", deed_compute },
		{ "answer", deed_answer },
		{ "open fails, and no more", deed_open },
		{ "create fails, and no more", deed_create },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		int status = run(rows[i].deed, NULL, true);

		g_test_message("%s", rows[i].name);
		g_assert_true(WIFEXITED(status));
		g_assert_cmpint(WEXITSTATUS(status), ==, 7);
	}
	g_assert_false(g_file_test("created", G_FILE_TEST_EXISTS));
}

static void
test_filter_kills(void)
{
	static const struct {
		const char *name;
		Deed deed;
	} rows[] = {
		{ "socket", deed_socket },
		{ "execve", deed_exec },
		{ "fork", deed_fork },
		{ "kill", deed_kill },
		{ "sendmsg to another", deed_send_elsewhere },
		{ "mmap of code", deed_code },
		{ "mprotect to code", deed_make_code },
		{ "setrlimit", deed_lift_limit },
		{ "memfd of huge pages", deed_huge_memfd },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		int status = run(rows[i].deed, NULL, true);

		g_test_message("%s", rows[i].name);
		g_assert_true(WIFSIGNALED(status));
		g_assert_cmpint(WTERMSIG(status), ==, SIGSYS);
	}
}

static int
deed_eat_memory(void)
{
	return malloc(200 * 1024 * 1024) == NULL ? 7 : 1;
}

static int
deed_burn(void)
{
	volatile unsigned i = 1;

	while (i != 0)
		i |= 1;
	return 1;
}

static int
deed_write_much(void)
{
	static const char block[8192];
	int fd = memfd_create("much", MFD_CLOEXEC);

	for (int i = 0; i < 100; i++)
		(void)!write(fd, block, sizeof(block));
	return 1;
}

static void
test_limits(void)
{
	static const SandboxLimits small = {
		.memory = 128 * 1024 * 1024,
		.cpu = 1,
		.cpu_most = 2,
		.stack = 8 * 1024 * 1024,
		.file = 100 * 1024,
	};
	int status = run(deed_eat_memory, &small, false);

	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 7);
	status = run(deed_write_much, &small, false);
	g_assert_true(WIFSIGNALED(status));
	g_assert_cmpint(WTERMSIG(status), ==, SIGXFSZ);
	status = run(deed_burn, &small, true);
	g_assert_true(WIFSIGNALED(status));
	g_assert_cmpint(WTERMSIG(status), ==, SIGXCPU);
}

/* The desk gives a reader time for one more mail, but not for ever. */
static void
test_lift(void)
{
	static const SandboxLimits low = {
		.memory = 512 * 1024 * 1024,
		.cpu = 2,
		.cpu_most = 4,
		.stack = 8 * 1024 * 1024,
		.file = 100 * 1024,
	};
	struct rlimit limit;
	char c = 0;
	int go[2], up[2];
	pid_t pid;

	g_assert_cmpint(pipe(go), ==, 0);
	g_assert_cmpint(pipe(up), ==, 0);
	pid = fork();
	if (pid == 0) {
		if (!sandbox_limit(&low, NULL))
			_exit(1);
		(void)!write(up[1], &c, 1);
		(void)!read(go[0], &c, 1);
		_exit(0);
	}
	g_assert_cmpint(read(up[0], &c, 1), ==, 1);
	g_assert_cmpint(prlimit(pid, RLIMIT_CPU, NULL, &limit), ==, 0);
	g_assert_cmpuint(limit.rlim_cur, ==, 2);
	sandbox_lift_cpu(pid);
	g_assert_cmpint(prlimit(pid, RLIMIT_CPU, NULL, &limit), ==, 0);
	g_assert_cmpuint(limit.rlim_cur, ==, 4);
	g_assert_cmpuint(limit.rlim_max, ==, 4);
	g_assert_cmpint(write(go[1], &c, 1), ==, 1);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(up[i]);
	}
}

#endif

static void
test_sanitized_skips(void)
{
#ifdef GUICHET_SANITIZED
	bool on = true;

	g_assert_true(sandbox_enter(3, &on, NULL));
	g_assert_false(on);
#else
	g_test_skip("this is no sanitizer's build");
#endif
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#ifndef GUICHET_SANITIZED
	g_test_add_func("/sandbox/filter-allows", test_filter_allows);
	g_test_add_func("/sandbox/filter-kills", test_filter_kills);
	g_test_add_func("/sandbox/limits", test_limits);
	g_test_add_func("/sandbox/lift", test_lift);
#endif
	g_test_add_func("/sandbox/sanitized", test_sanitized_skips);
	return g_test_run();
}
