/* Whether a server of the border still stamps: pure, with its state as text. */
#include "guichet/trust/border_watch.h"

#include "guichet/base/limits.h"

#include <stdio.h>

static void
note_stamped(BorderWatch *watch, Instant received)
{
	if (watch->stamped == INSTANT_NONE || received > watch->stamped)
		watch->stamped = received;
}

static BorderNews
note_missing(BorderWatch *watch, StampPlace place, Instant received)
{
	bool did = watch->stamped != INSTANT_NONE;

	if (watch->missing != INSTANT_NONE) {
		watch->missing = MAX(watch->missing, received);
		watch->again = 0;
		return BORDER_NOTED;
	}
	/* It came before one that is known to be stamped. */
	if (did && received < watch->stamped) {
		if (place == STAMPS_ABOVE)
			return BORDER_SAME;
		watch->since = received - 1;
	} else {
		watch->since = watch->stamped;
	}
	watch->missing = received;
	watch->again = 0;
	return did ? BORDER_GAP : BORDER_NOTED;
}

BorderNews
border_watch_note(BorderWatch *watch, StampPlace place, bool is_stamped,
    Instant received)
{
	guint wanted = place == STAMPS_ABOVE ? 1 : LIMIT_BORDER_STAMPED_AGAIN;

	if (!is_stamped)
		return note_missing(watch, place, received);
	if (watch->missing == INSTANT_NONE) {
		note_stamped(watch, received);
		return BORDER_NOTED;
	}
	if (received < watch->missing)
		return BORDER_SAME;
	if (++watch->again < wanted)
		return BORDER_NOTED;
	watch->missing = watch->since = INSTANT_NONE;
	watch->again = 0;
	note_stamped(watch, received);
	return BORDER_OVER;
}

bool
border_watch_covers(const BorderWatch *watch, StampPlace place,
    Instant received)
{
	return place == STAMPS_BELOW && watch->missing != INSTANT_NONE &&
	    (watch->since == INSTANT_NONE || received > watch->since ||
		received >= watch->missing);
}

char *
border_watch_format(const BorderWatch *watch)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
			       " %" G_GINT64_FORMAT " %u %" G_GINT64_FORMAT,
	    watch->stamped, watch->missing, watch->since, watch->again,
	    watch->ticket);
}

void
border_watch_parse(const char *text, BorderWatch *ret)
{
	BorderWatch watch = BORDER_WATCH_NEW;

	if (text == NULL ||
	    sscanf(text,
		"%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
		" %u %" G_GINT64_FORMAT,
		&watch.stamped, &watch.missing, &watch.since, &watch.again,
		&watch.ticket) != 5)
		watch = BORDER_WATCH_NEW;
	*ret = watch;
}
