/*
 * loop: the desk's one loop, over ppoll(2).
 *
 * Callbacks run one at a time and may add and remove watches and timers, their
 * own included. Deadlines count on the monotonic clock, so that a step of the
 * wall clock ends nothing early.
 */
#ifndef GUICHET_LOOP_H
#define GUICHET_LOOP_H

#include "guichet/base/base.h"

typedef struct Loop Loop;

typedef void (*LoopReady)(void *data, short events);
typedef void (*LoopCall)(void *data);
/* True to go round again without waiting. */
typedef bool (*LoopTurn)(void *data);

Loop *loop_new(void);
void loop_free(Loop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Loop, loop_free)

/* Watches a descriptor for POLLIN, POLLOUT; POLLHUP and POLLERR always come.
 * The id is never 0. */
guint loop_watch(Loop *loop, int fd, short events, LoopReady ready, void *data);
void loop_set_events(Loop *loop, guint watch, short events);
/* Before the descriptor is closed. Accepts 0. */
void loop_unwatch(Loop *loop, guint watch);

/* Calls once, after so many milliseconds. The id is never 0. */
guint loop_after(Loop *loop, gint64 milliseconds, LoopCall call, void *data);
/* Accepts 0 and timers that have run. */
void loop_cancel(Loop *loop, guint timer);

/* Blocks the signal and calls when it comes; undone by loop_free(). */
bool loop_on_signal(Loop *loop, int number, LoopCall call, void *data,
    GError **error);

/* Called before each wait: where what a round brought is settled at once. */
void loop_on_turn(Loop *loop, LoopTurn turn, void *data);

/* Until loop_quit(), also if that came first. */
bool loop_run(Loop *loop, GError **error);
void loop_quit(Loop *loop);

#endif
