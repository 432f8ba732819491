/* What a client asks to read of their contract's tickets, and how much of it an
 * hour (doc/security.md 2.3). */
#include "decide_private.h"

#include "guichet/judgment/horizon.h"
#include "guichet/judgment/reading.h"

static guint
left_of(guint limit, guint used)
{
	return used < limit ? limit - used : 0;
}

/*
 * Who asks is a contact whose domain vouches for the mail: a token proves that
 * a mail of ours was seen, not by whom, and is not enough to read. Over the
 * hour's measure they read when it begins anew.
 */
bool
decide_reading(Judgment *j)
{
	const Situation *sit = j->sit;
	const ReadingWish *wish = sit->wish;
	bool is_text;
	guint left, count;
	Effect *effect;

	if (wish == NULL || sit->who != WHO_CONTACT || sit->auth != AUTH_PASS ||
	    sit->robot->class != ROBOT_NONE || sit->is_alert_source)
		return false;
	is_text = wish->asks == MATCH_ASKS_HISTORY;
	left = is_text ? left_of(HORIZON_READ_TEXTS, wish->use.texts)
		       : left_of(HORIZON_READ_ROWS, wish->use.rows);
	count = MIN(left, wish->rows->len);
	judgment_file(j, LANE_ORDER);
	effect = judgment_effect(j, EFFECT_READ);
	effect->rows = is_text ? 0 : count;
	effect->texts = is_text ? count : 0;
	judgment_trace(j, "reading", "%s: %u of %u by %s",
	    match_asks_name(wish->asks), count, wish->found,
	    sit->message->identity);
	effect = judgment_send(j, SEND_READING, 0);
	effect->to = g_strdup(sit->message->identity);
	effect->desk = true;
	effect->rows = count;
	return true;
}
