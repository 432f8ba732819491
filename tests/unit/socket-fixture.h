/*
 * An order over the real control socket: a child has the store and listens as
 * the desk does, the test calls as a subcommand does. Who gives it is the user
 * that runs the test, as the kernel says.
 */
#ifndef GUICHET_TESTS_SOCKET_FIXTURE_H
#define GUICHET_TESTS_SOCKET_FIXTURE_H

#include "intake-fixture.h"

#include "guichet/base/exit.h"
#include "guichet/daemon/control.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	Desk *desk;
	Instant now;
} SocketDesk;

static inline void
socket_open(Desk *desk, const char *path)
{
	g_autoptr(GError) error = NULL;

	desk->store = store_open(path, STORE_MAKE, &error);
	g_assert_no_error(error);
	desk->intake = intake_new(desk->conf, desk->ruleset, desk->store);
}

static inline int
socket_answer(void *data, const ControlRequest *request, GString *out,
    GString *err)
{
	const SocketDesk *own = data;
	g_autoptr(StoreTx) tx = store_begin(own->desk->store, NULL);
	int code;

	g_assert_nonnull(tx);
	code = control_handle(own->desk->intake, tx, own->now, request, out,
	    err);
	if (code == APP_DONE)
		g_assert_true(store_commit(&tx, NULL));
	return code;
}

/* Until it is killed. */
static inline void
socket_serve(Desk *desk, const char *path, Instant now)
{
	SocketDesk own = { desk, now };
	g_autoptr(Loop) loop = loop_new();
	g_autoptr(Control) control = NULL;

	socket_open(desk, path);
	control = control_listen(loop, path, socket_answer, &own, NULL);
	g_assert_nonnull(control);
	loop_run(loop, NULL);
	_exit(1);
}

/* Gives the order at `now`; it must be done, without a word of complaint. */
static inline void
socket_order(Desk *desk, Instant now, char *const *words)
{
	g_autofree char *path = g_build_filename(desk->folder, "store", NULL);
	ControlResult result = CONTROL_NO_DESK;
	pid_t pid;

	intake_free(desk->intake);
	store_free(desk->store);
	pid = fork();
	g_assert_cmpint(pid, >=, 0);
	if (pid == 0)
		socket_serve(desk, path, now);
	while (result == CONTROL_NO_DESK) {
		g_autoptr(GError) error = NULL;
		g_autofree char *out = NULL, *err = NULL;
		int code = APP_FAILED;

		/* A child that could not listen ends. */
		g_assert_cmpint(waitpid(pid, NULL, WNOHANG), ==, 0);
		result = control_call(path, (const char *const *)words, &code,
		    &out, &err, &error);
		g_assert_no_error(error);
		if (result == CONTROL_NO_DESK) {
			g_usleep(2000);
			continue;
		}
		g_assert_cmpstr(err, ==, "");
		g_assert_cmpint(code, ==, APP_DONE);
	}
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	socket_open(desk, path);
}

#endif
