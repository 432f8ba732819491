/*
 * Starting and ending a child process, with nothing inherited but what it
 * needs.
 */
#define _GNU_SOURCE /* close_range(), pipe2() */

#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REPORT (CHILD_SOCKET + 1) /* closed by exec(), or told why it failed */

/*
 * Between fork() and exec(): only async-signal-safe calls. Standard output is
 * the desk's, whose subcommands print data there: a child has no say in it.
 * The signals that stop the desk reach its whole group; its hands outlive them
 * until it closes their sockets.
 */
static void G_GNUC_NORETURN
become_child(int socket, int null, int report, const char *const argv[],
    char **environment)
{
	sigset_t none;
	int failure;

	/* Out of the way first: any of them may be a descriptor below 5. */
	socket = fcntl(socket, F_DUPFD, REPORT + 1);
	report = fcntl(report, F_DUPFD, REPORT + 1);
	if (socket < 0 || report < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    dup2(socket, CHILD_SOCKET) < 0 || dup2(report, REPORT) < 0 ||
	    fcntl(REPORT, F_SETFD, FD_CLOEXEC) != 0 ||
	    close_range(REPORT + 1, ~0U, 0) != 0)
		_exit(126);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve("/proc/self/exe", (char *const *)argv, environment);
	failure = errno;
	(void)!write(REPORT, &failure, sizeof(failure));
	_exit(127);
}

/*
 * Waits until the child runs its own program and has let go of all that it
 * inherited, the lock of the store above all: a desk that is killed and started
 * again must not find it held by a child that never got that far.
 */
static bool
wait_for_exec(int report)
{
	int failure;
	ssize_t got;

	do
		got = read(report, &failure, sizeof(failure));
	while (got < 0 && errno == EINTR);
	if (got != sizeof(failure))
		return true;
	errno = failure;
	return false;
}

/* What a child needs of the desk's environment: language and zone, where files
 * and the tests' tools are. Whatever else stands in it is not for a process
 * that strangers talk to. */
static char **
child_environment(void)
{
	static const char *const needed[] = { "PATH", "HOME", "LANG",
		"LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_TIME",
		"TZ", "TZDIR", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"GUICHET_LOG", "G_DEBUG", "ASAN_OPTIONS", "LSAN_OPTIONS",
		"UBSAN_OPTIONS" };
	char **environment = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(needed); i++) {
		const char *value = g_getenv(needed[i]);

		if (value != NULL)
			environment = g_environ_setenv(environment, needed[i],
			    value, TRUE);
	}
	return environment != NULL ? environment : g_new0(char *, 1);
}

static void
fail(GError **error, const char *what)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
	    "cannot start a process: %s: %s", what, g_strerror(errno));
}

Child *
child_spawn(const char *role, const char *name, GError **error)
{
	const char *argv[] = { "guichet", "--child", role, name, NULL };
	g_auto(Descriptor) null = open("/dev/null", O_RDWR | O_CLOEXEC);
	g_auto(Descriptor) ours = -1;
	g_auto(Descriptor) theirs = -1;
	g_auto(Descriptor) report = -1;
	g_auto(Descriptor) reported = -1;
	g_auto(GStrv) environment = child_environment();
	int pair[2];
	int pipe[2];
	Child *child;
	pid_t pid;

	if (null < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		fail(error, null < 0 ? "/dev/null" : "socketpair");
		return NULL;
	}
	ours = pair[0];
	theirs = pair[1];
	/* The child's end stays blocking: flags belong to each end. */
	if (fcntl(ours, F_SETFL, O_NONBLOCK) != 0 ||
	    pipe2(pipe, O_CLOEXEC) != 0) {
		fail(error, "pipe");
		return NULL;
	}
	reported = pipe[0];
	report = pipe[1];
	pid = fork();
	if (pid == 0)
		become_child(theirs, null, report, argv, environment);
	if (pid < 0) {
		fail(error, "fork");
		return NULL;
	}
	descriptor_close(&report);
	if (!wait_for_exec(reported)) {
		fail(error, "exec");
		waitpid(pid, NULL, 0);
		return NULL;
	}
	child = g_new0(Child, 1);
	child->pid = pid;
	child->socket = descriptor_steal(&ours);
	return child;
}

int
child_stop(Child **child, int grace)
{
	int status = 0;

	if (*child == NULL)
		return 0;
	if ((*child)->socket >= 0)
		close((*child)->socket);
	for (int waited = 0;; waited += 5) {
		pid_t got = waitpid((*child)->pid, &status, WNOHANG);

		if (got > 0 || (got < 0 && errno != EINTR))
			break;
		if (waited >= grace) {
			kill((*child)->pid, SIGKILL);
			while (waitpid((*child)->pid, &status, 0) < 0 &&
			    errno == EINTR)
				continue;
			break;
		}
		g_usleep(5000);
	}
	g_clear_pointer(child, g_free);
	return status;
}

char *
child_describe(int status)
{
	if (WIFSIGNALED(status))
		return g_strdup_printf("killed by %s (%d)",
		    strsignal(WTERMSIG(status)), WTERMSIG(status));
	return g_strdup_printf("ended with code %d", WEXITSTATUS(status));
}
