/*
 * random: bytes nobody can guess, or for a rehearsal always the same ones.
 *
 * The kill test compares what two runs decided, so its runs are started with
 * `--seed N`: the bytes then depend on the seed and on what they are for, and
 * a run that was killed and started again gives the same.
 */
#ifndef GUICHET_RANDOM_H
#define GUICHET_RANDOM_H

#include "guichet/base/base.h"

/*
 * Fills `ret_bytes`. Seed 0: the kernel's randomness. Else the bytes are a
 * function of seed, `what` ("message-id", "token") and `id` (the outbox row's).
 * Ends the process if the kernel has none to give.
 */
void random_bytes(guint64 seed, const char *what, gint64 id, void *ret_bytes,
    gsize length);

#endif
