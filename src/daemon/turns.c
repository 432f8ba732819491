/* Which mails may be decided, and which may be given to a reader. */
#include "guichet/daemon/turns.h"

#include "guichet/base/names.h"

#include <glib.h>

/* What is read, or about to be, while the turns are judged. */
typedef struct {
	guint mails;   /* read or being read */
	guint reading; /* of them */
	guint heads;   /* of these */
	gint64 bytes;
} Load;

#define TURN_STATE_NAMES(X)    \
 X(TURN_WAITS, "waits")        \
 X(TURN_READING, "being read") \
 X(TURN_READ, "read")          \
 X(TURN_ASIDE, "set aside")
NAME_TABLE(states, TURN_STATE_NAMES, TURN_STATE_COUNT);

const char *
turn_state_name(TurnState state)
{
	return names_word(&states, state);
}

/* Who is blocked and who blocks first. */
static void
find_heads(Turn *turns, gsize count, bool one_order)
{
	g_autoptr(GHashTable) blocked = g_hash_table_new(g_str_hash,
	    g_str_equal);

	for (gsize i = 0; i < count; i++) {
		Turn *turn = &turns[i];
		const char *order = one_order ? "" : turn->mailbox;
		bool is_free = turn->state != TURN_ASIDE &&
		    !g_hash_table_contains(blocked, order);

		turn->may_decide = is_free &&
		    (turn->state == TURN_READ ||
			(turn->state == TURN_WAITS && turn->spent));
		turn->is_head = is_free && !turn->may_decide;
		turn->may_read = false;
		if (turn->is_head)
			g_hash_table_add(blocked, (void *)(guintptr)order);
	}
}

static void
take_on(Load *load, const Turn *turn)
{
	load->mails++;
	load->reading++;
	load->heads += turn->is_head;
	load->bytes += turn->size;
}

static Load
load_of(const Turn *turns, gsize count, bool *ret_alone)
{
	Load load = { 0 };

	*ret_alone = false;
	for (gsize i = 0; i < count; i++) {
		const Turn *turn = &turns[i];

		if (turn->state == TURN_READING) {
			take_on(&load, turn);
		} else if (turn->state == TURN_READ) {
			load.mails++;
			load.bytes += turn->size;
		}
		*ret_alone = *ret_alone ||
		    (turn->alone && turn->state != TURN_ASIDE);
	}
	return load;
}

static bool
has_room(const Load *load, const Turn *turn, const TurnLimits *limits)
{
	if (turn->is_head && load->heads < limits->readers)
		return true;
	return load->mails < limits->mails && load->bytes <= limits->bytes;
}

void
turns_judge(Turn *turns, gsize count, const TurnLimits *limits)
{
	bool alone;
	Load load;

	find_heads(turns, count, limits->one_order);
	load = load_of(turns, count, &alone);
	for (gsize i = 0; i < count; i++) {
		Turn *turn = &turns[i];

		if (turn->state != TURN_WAITS || turn->spent)
			continue;
		/* The first that waits is a head when nothing is being read. */
		if (alone && load.reading > 0)
			break;
		turn->may_read = has_room(&load, turn, limits);
		if (turn->may_read)
			take_on(&load, turn);
	}
}
