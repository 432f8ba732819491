/* Notices that work waits and none gets done. */
#include "guichet/vigil.h"

void
vigil_begin(Vigil *vigil, gint64 patience, gint64 now, guint64 done)
{
	*vigil = (Vigil){ .patience = patience,
		.since = now,
		.done = done,
		.moves = true };
}

guint
vigil_look(Vigil *vigil, gint64 now, guint64 done, bool waits)
{
	gint64 times;

	vigil->moves = done != vigil->done || !waits;
	if (vigil->moves) {
		vigil->since = now;
		vigil->done = done;
		vigil->told = 0;
		return 0;
	}
	times = (now - vigil->since) / vigil->patience;
	if (times <= vigil->told)
		return 0;
	vigil->told = (guint)times;
	return vigil->told;
}

bool
vigil_moves(const Vigil *vigil)
{
	return vigil->moves;
}
