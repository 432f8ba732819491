/*
 * vigil: notices that work waits and none gets done, or that somebody gives no
 * sign of life. Pure; the clock is the caller's, monotonic, in microseconds.
 */
#ifndef GUICHET_VIGIL_H
#define GUICHET_VIGIL_H

#include "guichet/base/base.h"

typedef struct {
	gint64 patience; /* so long may work wait while none gets done */
	gint64 since;    /* the last instant at which all was well */
	gint64 next;     /* then a standstill is noticed, or noticed again */
	guint64 done;    /* work done by then */
	guint told;      /* how often this standstill was noticed */
	bool moves;      /* see vigil_moves() */
} Vigil;

void vigil_begin(Vigil *vigil, gint64 patience, gint64 now, guint64 done);

/*
 * Looks: `done` counts all work ever done, `waits` is whether any waits. 0: all
 * is well, or it has not lasted long enough since the last notice. N: work
 * stands still, which is noticed for the N-th time, however late the look is.
 */
guint vigil_look(Vigil *vigil, gint64 now, guint64 done, bool waits);

/* Whether the last look found work done since the one before, or nothing that
 * waits: what a watchdog may be told. */
bool vigil_moves(const Vigil *vigil);

/* How long nothing was heard of somebody; all 0 to begin with. */
typedef struct {
	gint64 looked; /* the last look since then; 0: none */
	gint64 length;
} Silence;

/* Something was heard. */
void silence_end(Silence *silence);

/*
 * Looks, and gives how long it has lasted. The time between two looks counts,
 * but for `most` only: over a late one it was the listener who was held up, and
 * what was said meanwhile is not heard yet.
 */
gint64 silence_look(Silence *silence, gint64 now, gint64 most);

#endif
