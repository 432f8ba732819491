/*
 * beat: the signs of life of a process that blocks (doc/design.md 1).
 *
 * Whatever may last calls beat() as it goes on, and every wait is a
 * beat_poll(). So a process gives signs while its work goes on, or waits for
 * what it may wait for, and none once it hangs. There is no thread and no timer
 * in it: they would go on while the rest hangs.
 */
#ifndef GUICHET_BEAT_H
#define GUICHET_BEAT_H

#include "guichet/base/base.h"

#include <poll.h>

/* Must neither block nor fail. */
typedef void (*BeatSign)(void);

/* From now on a sign is given every so many milliseconds, if beat() is called
 * that often. 0: none any more, which is how a process begins. */
void beat_begin(gint64 milliseconds, BeatSign sign);

/* Gives a sign if it is time for one. Cheap. */
void beat(void);

/* poll(2), which beats while it waits and goes on after a signal; -1
 * milliseconds are for ever. */
int beat_poll(struct pollfd *wanted, nfds_t count, gint64 milliseconds);

#endif
