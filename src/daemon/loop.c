/* The desk's loop over ppoll(2): descriptors, timers, signals. */
#define _GNU_SOURCE /* ppoll() */

#include "guichet/daemon/loop.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

typedef struct {
	guint id; /* 0: removed, freed at the end of the round */
	int fd;
	short events;
	LoopReady ready;
	void *data;
} Watch;

typedef struct {
	guint id;  /* 0: cancelled or done */
	gint64 at; /* g_get_monotonic_time() */
	LoopCall call;
	void *data;
} Deadline;

typedef struct {
	int number;
	LoopCall call;
	void *data;
} Handler;

struct Loop {
	GPtrArray *watches, *deadlines; /* Watch *, Deadline * */
	GArray *handlers;
	guint last_id;
	LoopTurn turn;
	void *turn_data;
	int signals; /* signalfd, or -1 */
	sigset_t blocked, before;
	bool quit;
};

Loop *
loop_new(void)
{
	Loop *loop = g_new0(Loop, 1);

	loop->watches = g_ptr_array_new_with_free_func(g_free);
	loop->deadlines = g_ptr_array_new_with_free_func(g_free);
	loop->handlers = g_array_new(FALSE, FALSE, sizeof(Handler));
	loop->signals = -1;
	sigemptyset(&loop->blocked);
	return loop;
}

void
loop_free(Loop *loop)
{
	if (loop == NULL)
		return;
	if (loop->signals >= 0) {
		close(loop->signals);
		sigprocmask(SIG_SETMASK, &loop->before, NULL);
	}
	g_ptr_array_unref(loop->watches);
	g_ptr_array_unref(loop->deadlines);
	g_array_unref(loop->handlers);
	g_free(loop);
}

guint
loop_watch(Loop *loop, int fd, short events, LoopReady ready, void *data)
{
	Watch *watch = g_new0(Watch, 1);

	watch->id = ++loop->last_id;
	watch->fd = fd;
	watch->events = events;
	watch->ready = ready;
	watch->data = data;
	g_ptr_array_add(loop->watches, watch);
	return watch->id;
}

static Watch *
find_watch(Loop *loop, guint id)
{
	for (guint i = 0; id != 0 && i < loop->watches->len; i++) {
		Watch *watch = loop->watches->pdata[i];

		if (watch->id == id)
			return watch;
	}
	return NULL;
}

void
loop_set_events(Loop *loop, guint id, short events)
{
	Watch *watch = find_watch(loop, id);

	g_assert(watch != NULL);
	watch->events = events;
}

void
loop_unwatch(Loop *loop, guint id)
{
	Watch *watch = find_watch(loop, id);

	if (watch != NULL)
		watch->id = 0;
}

guint
loop_after(Loop *loop, gint64 milliseconds, LoopCall call, void *data)
{
	Deadline *deadline = g_new0(Deadline, 1);

	deadline->id = ++loop->last_id;
	deadline->at = g_get_monotonic_time() + milliseconds * 1000;
	deadline->call = call;
	deadline->data = data;
	g_ptr_array_add(loop->deadlines, deadline);
	return deadline->id;
}

void
loop_cancel(Loop *loop, guint id)
{
	for (guint i = 0; id != 0 && i < loop->deadlines->len; i++) {
		Deadline *deadline = loop->deadlines->pdata[i];

		if (deadline->id == id)
			deadline->id = 0;
	}
}

static void
on_signal(void *data, short events)
{
	Loop *loop = data;
	struct signalfd_siginfo info;

	(void)events;
	while (read(loop->signals, &info, sizeof(info)) == sizeof(info)) {
		for (guint i = 0; i < loop->handlers->len; i++) {
			Handler *h = &g_array_index(loop->handlers, Handler, i);

			if (h->number == (int)info.ssi_signo)
				h->call(h->data);
		}
	}
}

bool
loop_on_signal(Loop *loop, int number, LoopCall call, void *data,
    GError **error)
{
	Handler handler = { number, call, data };
	bool first = loop->signals < 0;
	sigset_t before;
	int fd;

	sigaddset(&loop->blocked, number);
	if (sigprocmask(SIG_BLOCK, &loop->blocked, &before) != 0 ||
	    (fd = signalfd(loop->signals, &loop->blocked,
		 SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "signalfd: %s", g_strerror(errno));
		return false;
	}
	if (first) {
		loop->before = before;
		loop->signals = fd;
		loop_watch(loop, fd, POLLIN, on_signal, loop);
	}
	g_array_append_val(loop->handlers, handler);
	return true;
}

void
loop_on_turn(Loop *loop, LoopTurn turn, void *data)
{
	loop->turn = turn;
	loop->turn_data = data;
}

void
loop_quit(Loop *loop)
{
	loop->quit = true;
}

/* Runs what is due. What a callback adds waits for the next round. */
static void
run_deadlines(Loop *loop)
{
	gint64 now = g_get_monotonic_time();
	guint count = loop->deadlines->len;

	for (guint i = 0; i < count && !loop->quit; i++) {
		Deadline *deadline = loop->deadlines->pdata[i];

		if (deadline->id == 0 || deadline->at > now)
			continue;
		deadline->id = 0;
		deadline->call(deadline->data);
	}
}

/* Microseconds until the next deadline, or -1. */
static gint64
next_deadline(Loop *loop)
{
	gint64 now = g_get_monotonic_time();
	gint64 next = -1;

	for (guint i = loop->deadlines->len; i-- > 0;) {
		Deadline *deadline = loop->deadlines->pdata[i];
		gint64 left = MAX(deadline->at - now, 0);

		if (deadline->id == 0)
			g_ptr_array_remove_index(loop->deadlines, i);
		else if (next < 0 || left < next)
			next = left;
	}
	return next;
}

static void
forget_removed(Loop *loop)
{
	for (guint i = loop->watches->len; i-- > 0;) {
		Watch *watch = loop->watches->pdata[i];

		if (watch->id == 0)
			g_ptr_array_remove_index(loop->watches, i);
	}
}

/* One wait, then the callbacks of what was ready in it. */
static bool
wait_once(Loop *loop, gint64 microseconds, GError **error)
{
	guint count = loop->watches->len;
	g_autofree struct pollfd *fds = g_new0(struct pollfd, count + 1);
	struct timespec limit = { microseconds / 1000000,
		microseconds % 1000000 * 1000 };

	for (guint i = 0; i < count; i++) {
		Watch *watch = loop->watches->pdata[i];

		fds[i].fd = watch->fd;
		fds[i].events = watch->events;
	}
	if (ppoll(fds, count, microseconds < 0 ? NULL : &limit, NULL) < 0) {
		if (errno == EINTR)
			return true;
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "ppoll: %s", g_strerror(errno));
		return false;
	}
	/* Removed entries stay in place until the end of the round, so a
	 * descriptor closed and opened anew is not taken for the old one. */
	for (guint i = 0; i < count && !loop->quit; i++) {
		Watch *watch = loop->watches->pdata[i];

		if (watch->id != 0 && fds[i].revents != 0)
			watch->ready(watch->data, fds[i].revents);
	}
	return true;
}

bool
loop_run(Loop *loop, GError **error)
{
	for (;;) {
		bool again;

		run_deadlines(loop);
		again = !loop->quit && loop->turn != NULL &&
		    loop->turn(loop->turn_data);
		if (loop->quit)
			break;
		forget_removed(loop);
		if (!wait_once(loop, again ? 0 : next_deadline(loop), error))
			return false;
	}
	loop->quit = false;
	return true;
}
