/*
 * border_watch: whether a server of the border still stamps (doc/security.md
 * 2.4).
 *
 * While what stamps there is away, a stranger's own stamp may stand where the
 * border's would. So a mail that the server took from outside without a stamp
 * opens a gap: no stamp of that server counts on mails received after the last
 * stamped one, until it stamps again. Where only the border can write
 * (STAMPS_ABOVE) the next stamped mail shows that, and itself counts; else a
 * stranger may have written it, and several in a row are asked for.
 *
 * Mails of several mailboxes are decided out of order: everything here goes by
 * when a mail was received, and a mail that comes to light late neither opens a
 * gap that is over nor closes one that began after it. One watch a server, kept
 * as a setting of the store.
 */
#ifndef GUICHET_BORDER_WATCH_H
#define GUICHET_BORDER_WATCH_H

#include "guichet/trust/auth.h"

typedef struct {
	Instant stamped; /* the newest stamped mail; INSTANT_NONE: none yet */
	Instant missing; /* the newest unstamped one; INSTANT_NONE: no gap */
	Instant
	    since;   /* of a gap: nothing after it counts; INSTANT_NONE: all */
	guint again; /* of a gap: stamped in a row since `missing` */
	gint64 ticket; /* the last that told of a gap, or 0 */
} BorderWatch;

#define BORDER_WATCH_NEW \
 ((BorderWatch){ INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, 0, 0 })

/* What one mail has changed. */
typedef enum {
	BORDER_SAME,
	BORDER_NOTED,
	BORDER_GAP,  /* a server that did stamp does not any more */
	BORDER_OVER, /* it stamps again */
} BorderNews;

/* One mail from outside, by what auth_examine() found; others change nothing.
 * `place` is where this border stamps. */
BorderNews border_watch_note(BorderWatch *watch, StampPlace place,
    bool is_stamped, Instant received);

/* Whether the stamp of a mail received then does not count. To be asked after
 * the mail itself was noted. */
bool border_watch_covers(const BorderWatch *watch, StampPlace place,
    Instant received);

/* The setting's text and back; anything else is a new watch. */
char *border_watch_format(const BorderWatch *watch);
void border_watch_parse(const char *text, BorderWatch *ret);

#endif
