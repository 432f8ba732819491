/*
 * morning: what the desk's people read at the beginning of the day
 * (doc/domain.md 9), as drafts: the tick sends them, `guichet morning` shows
 * them.
 */
#ifndef GUICHET_ROUNDS_MORNING_H
#define GUICHET_ROUNDS_MORNING_H

#include "guichet/post/post.h"

/*
 * One Draft a technician who has anything to read, in the order of the site's
 * file, then the manager's, as they would be sent at `now`. Nothing is written.
 * *ret_filed (may be NULL) is the last mail without a ticket that they tell of.
 * Draft *, the caller's; NULL with the store's error.
 */
GPtrArray *
morning_drafts(Intake *in, Instant now, gint64 *ret_filed, GError **error);

#endif
