/*
 * recent: the heads of the newest mails of a mailbox, for `guichet check`.
 *
 * Nothing is changed: a folder is looked at with BODY.PEEK, files are only
 * read. Runs in a fetch process, which holds the credentials. Mails that are
 * moved when they are done are looked for where they went, too.
 */
#ifndef GUICHET_RECENT_H
#define GUICHET_RECENT_H

#include "guichet/wire/source.h"

/* A mail's head, and maybe some of its text; false stops. */
typedef bool (*RecentHead)(void *data, GBytes *head, GError **error);

/* Up to `count` of them, in no order. Fewer are no error. */
bool recent_heads(const SourceConf *conf, guint count, RecentHead each,
    void *data, GError **error);

#endif
