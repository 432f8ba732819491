/*
 * worker: children that the desk keeps alive (fetch, send).
 *
 * A Worker is started, started again with growing pauses when it dies, and
 * spoken to in frames. What does not fit into its socket waits in memory. The
 * readers, who are many and disposable, have their own pool: readers.h.
 */
#ifndef GUICHET_WORKER_H
#define GUICHET_WORKER_H

#include "guichet/base/child.h"
#include "guichet/base/frame.h"
#include "guichet/daemon/loop.h"

typedef struct Worker Worker;

typedef struct {
	/* A process is there: the place to say `start`. */
	void (*started)(void *data, Worker *worker);
	/* May take the frame's descriptor by setting it to -1. */
	void (*heard)(void *data, Worker *worker, Frame *frame);
	/* It is gone; comes again in `pause` seconds unless it is stopped. */
	void (
	    *died)(void *data, Worker *worker, const char *why, Seconds pause);
} WorkerOps;

/* `role` and `name` are child_spawn()'s. Nothing runs before worker_start(). */
Worker *worker_new(Loop *loop, const char *role, const char *name,
    const WorkerOps *ops, void *data);
/* Ends the process, waiting at most 2 s for it; of several, hang all up first:
 * then the 2 s are theirs together. */
void worker_free(Worker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Worker, worker_free)

void worker_start(Worker *worker);
/* Closes its socket: it ends by itself, no `died`, and stays away. */
void worker_hang_up(Worker *worker);
/* Its next start comes no sooner than that, if it ends by itself before. */
void worker_wait(Worker *worker, Seconds least);
/* For one that misbehaves: kills it; `died` follows, then a new start. */
void worker_break(Worker *worker, const char *why);

/* Sends or queues; without a process the words are lost. `args` may be
 * floating; `fd` stays the caller's. */
void worker_say(Worker *worker, const char *verb, GVariant *args, int fd);
/* It got something done: that it failed before does not count any more. */
void worker_forgive(Worker *worker);
/* Whether it is listened to: a worker that is not must wait. */
void worker_listen(Worker *worker, bool listen);
/* Breaks one that hangs: which is listened to, and missed LIMIT_BEATS_MISSED of
 * the signs of life that it gives every `beat` (beat.h). For who looks at it at
 * least that often; `now` is g_get_monotonic_time(), both in microseconds. */
void worker_watch(Worker *worker, gint64 now, gint64 beat);
bool worker_is_up(const Worker *worker);
const char *worker_name(const Worker *worker);

/* Seconds before start number `failures` + 1 in a row: 1, 2, 4, ... 300. */
Seconds worker_pause(guint failures);
/* Seconds before a server that refused to let us in is tried again, the n-th
 * time in a row: 5 minutes, then 10, then 15. Fewer are what a guard against
 * guessers counts: fail2ban bans after five tries in ten minutes. */
Seconds worker_refusal_pause(guint refusals);
/* The failures that count after one more: a life of a minute forgives. */
guint worker_failures(guint before, Seconds lived);

#endif
