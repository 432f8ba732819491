#define _GNU_SOURCE /* close_range() */

#include "guichet/child.h"
#include "guichet/cleanup.h"
#include "guichet/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between fork() and exec(): only async-signal-safe calls. */
static void G_GNUC_NORETURN
become_child(int socket, const char *const argv[])
{
	sigset_t none;

	if (socket != CHILD_SOCKET && dup2(socket, CHILD_SOCKET) < 0)
		_exit(126);
	if (fcntl(CHILD_SOCKET, F_SETFD, 0) != 0 ||
	    close_range(CHILD_SOCKET + 1, ~0U, 0) != 0)
		_exit(126);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", (char *const *)argv);
	_exit(127);
}

Child *
child_spawn(const char *role, const char *name, GError **error)
{
	const char *argv[] = { "guichet", "--child", role, name, NULL };
	int pair[2];
	Child *child;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "socketpair: %s", g_strerror(errno));
		return NULL;
	}
	pid = fork();
	if (pid == 0)
		become_child(pair[1], argv);
	close(pair[1]);
	if (pid < 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "cannot start a process: %s", g_strerror(errno));
		close(pair[0]);
		return NULL;
	}
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	child = g_new0(Child, 1);
	child->pid = pid;
	child->socket = pair[0];
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
	for (int waited = 0; (*child)->pid > 0; waited += 5) {
		pid_t got = waitpid((*child)->pid, &status, WNOHANG);

		if (got != 0)
			break;
		if (waited >= grace) {
			kill((*child)->pid, SIGKILL);
			waitpid((*child)->pid, &status, 0);
			break;
		}
		g_usleep(5000);
	}
	g_clear_pointer(child, g_free);
	return status;
}
