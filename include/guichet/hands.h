/*
 * hands: children that the desk keeps alive (fetch, send).
 *
 * A Hand is started, started again with growing pauses when it dies, and
 * spoken to in frames. What does not fit into its socket waits in memory. The
 * readers, who are many and disposable, have their own pool: readers.h.
 */
#ifndef GUICHET_HANDS_H
#define GUICHET_HANDS_H

#include "guichet/child.h"
#include "guichet/frame.h"
#include "guichet/loop.h"

typedef struct Hand Hand;

typedef struct {
	/* A process is there: the place to say `start`. */
	void (*started)(void *data, Hand *hand);
	/* May take the frame's descriptor by setting it to -1. */
	void (*heard)(void *data, Hand *hand, Frame *frame);
	/* It is gone; comes again in `pause` seconds unless it is stopped. */
	void (*died)(void *data, Hand *hand, const char *why, Seconds pause);
} HandOps;

/* `role` and `name` are child_spawn()'s. Nothing runs before hand_start(). */
Hand *hand_new(Loop *loop, const char *role, const char *name,
    const HandOps *ops, void *data);
/* Ends the process, waiting at most 2 s for it. */
void hand_free(Hand *hand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hand, hand_free)

void hand_start(Hand *hand);
/* Closes its socket: it ends by itself, no `died`, and stays away. */
void hand_hang_up(Hand *hand);
/* For one that misbehaves: kills it; `died` follows, then a new start. */
void hand_break(Hand *hand, const char *why);

/* Sends or queues; without a process the words are lost. `args` may be
 * floating; `fd` stays the caller's. */
void hand_say(Hand *hand, const char *verb, GVariant *args, int fd);
/* Whether it is listened to: a hand that is not must wait. */
void hand_listen(Hand *hand, bool listen);
bool hand_is_up(const Hand *hand);
const char *hand_name(const Hand *hand);

/* Seconds before start number `failures` + 1 in a row: 1, 2, 4, ... 300. */
Seconds hands_pause(guint failures);
/* The failures that count after one more: a life of a minute forgives. */
guint hands_failures(guint before, Seconds lived);

#endif
