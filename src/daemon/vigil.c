/* Notices that work waits and none gets done, and silence. */
#include "guichet/daemon/vigil.h"

void
vigil_begin(Vigil *vigil, gint64 patience, gint64 now, guint64 done)
{
	*vigil = (Vigil){ .patience = patience,
		.since = now,
		.next = now + patience,
		.done = done,
		.moves = true };
}

guint
vigil_look(Vigil *vigil, gint64 now, guint64 done, bool waits)
{
	vigil->moves = done != vigil->done || !waits;
	if (vigil->moves) {
		vigil->since = now;
		vigil->next = now + vigil->patience;
		vigil->done = done;
		vigil->told = 0;
		return 0;
	}
	if (now < vigil->next)
		return 0;
	vigil->next = now + vigil->patience;
	return ++vigil->told;
}

bool
vigil_moves(const Vigil *vigil)
{
	return vigil->moves;
}

void
silence_end(Silence *silence)
{
	*silence = (Silence){ 0 };
}

gint64
silence_look(Silence *silence, gint64 now, gint64 most)
{
	if (silence->looked != 0)
		silence->length += CLAMP(now - silence->looked, 0, most);
	silence->looked = now;
	return silence->length;
}
