/* The desk's long-lived children: started, heard, started again. */
#include "guichet/daemon/worker.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/daemon/vigil.h"

#include <fcntl.h>
#include <poll.h>

#define PAUSE_MOST     300
#define HEALTHY        60  /* seconds */
#define GRACE          500 /* milliseconds, for one whose socket ended */
#define GRACE_AT_END   2000
#define FRAMES_A_ROUND 64

typedef struct {
	char *verb;
	GVariant *args;
	int fd;
} Words;

struct Worker {
	Loop *loop;
	char *role, *name;
	const WorkerOps *ops;
	void *data;
	Child *child;
	guint watch, restart;
	guint failures;
	Seconds least;  /* before the next start; 0 */
	gint64 hung_up; /* the same clock; 0: not yet */
	gint64 born;    /* g_get_monotonic_time() */
	Silence silence;
	GQueue outgoing; /* Words * */
	bool listens;
};

static void start(Worker *worker);

Seconds
worker_pause(guint failures)
{
	return failures > 8 ? PAUSE_MOST : MIN(1 << failures, PAUSE_MOST);
}

Seconds
worker_refusal_pause(guint refusals)
{
	return 300 * (Seconds)CLAMP(refusals, 1, 3);
}

guint
worker_failures(guint before, Seconds lived)
{
	return lived >= HEALTHY ? 1 : before + 1;
}

static void
words_free(Words *words)
{
	g_free(words->verb);
	g_variant_unref(words->args);
	if (words->fd >= 0)
		close(words->fd);
	g_free(words);
}

Worker *
worker_new(Loop *loop, const char *role, const char *name, const WorkerOps *ops,
    void *data)
{
	Worker *worker = g_new0(Worker, 1);

	worker->loop = loop;
	worker->role = g_strdup(role);
	worker->name = g_strdup(name);
	worker->ops = ops;
	worker->data = data;
	worker->listens = true;
	g_queue_init(&worker->outgoing);
	return worker;
}

/* Forgets the process's watch and words, not the process. */
static void
let_go(Worker *worker)
{
	loop_unwatch(worker->loop, worker->watch);
	worker->watch = 0;
	g_queue_clear_full(&worker->outgoing, (GDestroyNotify)words_free);
}

/* Of the time that a process has to end by itself. */
static int
grace_left(const Worker *worker)
{
	gint64 passed = (g_get_monotonic_time() - worker->hung_up) / 1000;

	return (int)CLAMP(GRACE_AT_END - passed, 0, GRACE_AT_END);
}

void
worker_wait(Worker *worker, Seconds least)
{
	worker->least = least;
}

void
worker_free(Worker *worker)
{
	if (worker == NULL)
		return;
	worker_hang_up(worker);
	child_stop(&worker->child, grace_left(worker));
	g_free(worker->role);
	g_free(worker->name);
	g_free(worker);
}

void
worker_hang_up(Worker *worker)
{
	let_go(worker);
	loop_cancel(worker->loop, worker->restart);
	worker->restart = 0;
	if (worker->hung_up == 0)
		worker->hung_up = g_get_monotonic_time();
	if (worker->child != NULL && worker->child->socket >= 0) {
		close(worker->child->socket);
		worker->child->socket = -1;
	}
}

static void
start_again(void *data)
{
	Worker *worker = data;

	worker->restart = 0;
	start(worker);
}

/* Counts a death, tells of it and arranges the next start. */
static void
mourn(Worker *worker, const char *why)
{
	gint64 lived = g_get_monotonic_time() - worker->born;
	Seconds pause;

	worker->failures = worker_failures(worker->failures, lived / 1000000);
	pause = MAX(worker_pause(worker->failures - 1), worker->least);
	worker->least = 0;
	worker->restart = loop_after(worker->loop, pause * 1000, start_again,
	    worker);
	worker->ops->died(worker->data, worker, why, pause);
}

static void
bury(Worker *worker, const char *why, int grace)
{
	g_autofree char *end = NULL;
	g_autofree char *text = NULL;

	let_go(worker);
	end = child_describe(child_stop(&worker->child, grace));
	text = why == NULL ? g_strdup(end)
			   : g_strdup_printf("%s (%s)", why, end);
	mourn(worker, text);
}

void
worker_break(Worker *worker, const char *why)
{
	if (worker_is_up(worker))
		bury(worker, why, 0);
}

static void
set_events(Worker *worker)
{
	short in = worker->listens ? POLLIN : 0;
	short out = g_queue_is_empty(&worker->outgoing) ? 0 : POLLOUT;

	loop_set_events(worker->loop, worker->watch, (short)(in | out));
}

/* One frame to the owner. False: no more now, or it died. */
static bool
hear(Worker *worker)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Frame) frame = NULL;
	Child *child = worker->child;

	if (!frame_receive(child->socket, &frame, &error)) {
		if (!g_error_matches(error, GUICHET_ERROR,
			GUICHET_ERROR_TEMPORARY))
			bury(worker, error->message, 0);
		return false;
	}
	if (frame == NULL) {
		bury(worker, NULL, GRACE);
		return false;
	}
	silence_end(&worker->silence);
	if (!g_str_equal(frame->verb, "beat"))
		worker->ops->heard(worker->data, worker, frame);
	return worker_is_up(worker) && worker->child == child &&
	    worker->listens;
}

/* Hears what it still had to say, then buries it. */
static void
hear_last_words(Worker *worker, const char *why)
{
	worker->listens = true;
	while (hear(worker))
		continue;
	if (worker_is_up(worker))
		bury(worker, why, GRACE);
}

/* Sends what is queued, as far as the socket takes it. False: it died. */
static bool
flush(Worker *worker)
{
	Words *words;

	while ((words = g_queue_peek_head(&worker->outgoing)) != NULL) {
		g_autoptr(GError) error = NULL;

		if (frame_send(worker->child->socket, words->verb, words->args,
			words->fd, &error)) {
			words_free(g_queue_pop_head(&worker->outgoing));
			continue;
		}
		if (g_error_matches(error, GUICHET_ERROR,
			GUICHET_ERROR_TEMPORARY))
			return true;
		hear_last_words(worker, error->message);
		return false;
	}
	return true;
}

static void
on_ready(void *data, short events)
{
	Worker *worker = data;

	if ((events & POLLOUT) != 0 && !flush(worker))
		return;
	/* A hang-up shows even when nobody listens: its last words count. */
	if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
		for (int i = 0; i < FRAMES_A_ROUND && hear(worker); i++)
			continue;
	}
	if (worker->watch != 0)
		set_events(worker);
}

static void
start(Worker *worker)
{
	g_autoptr(GError) error = NULL;

	worker->born = g_get_monotonic_time();
	silence_end(&worker->silence);
	worker->hung_up = 0;
	worker->child = child_spawn(worker->role, worker->name, &error);
	if (worker->child == NULL) {
		mourn(worker, error->message);
		return;
	}
	worker->watch = loop_watch(worker->loop, worker->child->socket, POLLIN,
	    on_ready, worker);
	set_events(worker);
	worker->ops->started(worker->data, worker);
}

void
worker_start(Worker *worker)
{
	g_assert(worker->child == NULL && worker->restart == 0);
	start(worker);
}

void
worker_say(Worker *worker, const char *verb, GVariant *args, int fd)
{
	Words *words = g_new0(Words, 1);

	if (args == NULL)
		args = g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0);
	words->verb = g_strdup(verb);
	words->args = g_variant_ref_sink(args);
	words->fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (!worker_is_up(worker)) {
		words_free(words);
		return;
	}
	g_queue_push_tail(&worker->outgoing, words);
	/* Sent from the loop, so that `died` never comes from inside a call
	 * of the owner's. */
	set_events(worker);
}

void
worker_watch(Worker *worker, gint64 now, gint64 beat)
{
	g_autofree char *why = NULL;
	gint64 silence;

	if (!worker_is_up(worker) || !worker->listens) {
		silence_end(&worker->silence);
		return;
	}
	silence = silence_look(&worker->silence, now, beat);
	if (silence < LIMIT_BEATS_MISSED * beat)
		return;
	why = g_strdup_printf("no sign of life for %d seconds",
	    (int)(silence / G_USEC_PER_SEC));
	worker_break(worker, why);
}

void
worker_forgive(Worker *worker)
{
	worker->failures = 0;
}

void
worker_listen(Worker *worker, bool listen)
{
	worker->listens = listen;
	if (worker->watch != 0)
		set_events(worker);
}

bool
worker_is_up(const Worker *worker)
{
	return worker->watch != 0;
}

const char *
worker_name(const Worker *worker)
{
	return worker->name;
}
