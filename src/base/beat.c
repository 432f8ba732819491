/* Signs of life, given by the work itself. */
#include "guichet/base/beat.h"

#include <errno.h>

static struct {
	gint64 interval; /* microseconds; 0: no signs */
	gint64 next;     /* g_get_monotonic_time() */
	BeatSign sign;
} heart;

void
beat_begin(gint64 milliseconds, BeatSign sign)
{
	heart.interval = milliseconds * 1000;
	heart.next = 0;
	heart.sign = sign;
}

void
beat(void)
{
	gint64 now;

	if (heart.interval == 0)
		return;
	now = g_get_monotonic_time();
	if (now < heart.next)
		return;
	heart.next = now + heart.interval;
	heart.sign();
}

/* Milliseconds, rounded up, until `end` or the next sign; -1: for ever. */
static int
next_wait(gint64 end)
{
	gint64 wake = heart.interval > 0 ? MIN(end, heart.next) : end;
	gint64 left = MAX(wake - g_get_monotonic_time(), 0);

	return wake == G_MAXINT64 ? -1
				  : (int)MIN((left + 999) / 1000, G_MAXINT);
}

int
beat_poll(struct pollfd *wanted, nfds_t count, gint64 milliseconds)
{
	gint64 end = milliseconds < 0
	    ? G_MAXINT64
	    : g_get_monotonic_time() + milliseconds * 1000;

	for (;;) {
		int ready;

		beat();
		ready = poll(wanted, count, next_wait(end));
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return ready;
		if (g_get_monotonic_time() >= end)
			return 0;
	}
}
