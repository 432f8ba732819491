/*
 * The desk watches itself (doc/design.md 1): only progress feeds systemd's
 * watchdog, and a desk that decides nothing though mail waits says what it
 * waits for and starts its hands anew, long before systemd ends it.
 *
 * First the readers and what the desk knows of the mails: what was being read
 * counts as interrupted and is read one at a time. If that does not help, all
 * hands and the loop. A mailbox's or a sending process that gives no sign of
 * life (beat.h) is ended by itself.
 */
#include "desk_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/daemon/service.h"

#define LOOKS 6 /* within the patience */

static void look(void *data);

gint64
desk_beat_milliseconds(const Desk *desk)
{
	return desk->options.beat > 0 ? desk->options.beat
				      : LIMIT_BEAT_SECONDS * 1000;
}

static void
arm(Desk *desk)
{
	gint64 interval = service_watchdog_interval();
	gint64 pause = MAX(desk->vigil.patience / 1000 / LOOKS, 1);

	pause = MIN(pause, desk_beat_milliseconds(desk));
	if (interval > 0)
		pause = MIN(pause, interval);
	loop_after(desk->loop, pause, look, desk);
}

static void
tell(Desk *desk, guint times, gint64 now)
{
	g_autofree char *mail = NULL;
	g_autofree char *state = NULL;
	g_autofree char *holder = NULL;
	g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT,
	    (now - desk->vigil.since) / G_USEC_PER_SEC);
	const char *cure = desk->in_trouble ? "none: the store fails"
	    : times == 1                    ? "readers anew"
					    : "all hands anew";

	desk_read_describe(desk->read, &mail, &state, &holder);
	log_event(LOG_LEVEL_ERROR, "standing-still", "seconds", seconds, "mail",
	    mail, "state", state, "holder", holder, "cure", cure, NULL);
}

/* Hands of a desk whose store fails have nothing to do with it. */
static void
put_right(Desk *desk, guint times, gint64 now)
{
	tell(desk, times, now);
	if (desk->in_trouble)
		return;
	if (times == 1) {
		desk_read_free(desk->read);
		desk->read = desk_read_new(desk);
	} else {
		desk->anew = true;
		loop_quit(desk->loop);
	}
}

static void
look(void *data)
{
	Desk *desk = data;
	gint64 now = g_get_monotonic_time();
	guint times = vigil_look(&desk->vigil, now, desk->decided,
	    desk_read_has_waiting(desk->read));

	if (vigil_moves(&desk->vigil))
		service_notify("WATCHDOG=1");
	desk_read_try_again(desk->read);
	desk_fetch_watch(desk->fetch, now);
	desk_send_watch(desk->send, now);
	if (times > 0 && !desk->stopping)
		put_right(desk, times, now);
	arm(desk);
}

void
desk_watch_start(Desk *desk)
{
	gint64 patience = desk->options.patience > 0
	    ? desk->options.patience * 1000
	    : LIMIT_STANDSTILL_SECONDS * G_USEC_PER_SEC;

	/* A start of its hands is no progress. */
	if (desk->vigil.patience == 0)
		vigil_begin(&desk->vigil, patience, g_get_monotonic_time(),
		    desk->decided);
	arm(desk);
}
