/*
 * show_save: `guichet show N --save DIR`, the raw mails of a ticket and their
 * attachments as files, each of its own name, readable for their owner alone.
 */
#ifndef GUICHET_SHOW_SAVE_H
#define GUICHET_SHOW_SAVE_H

#include "guichet/store/store.h"

/* Makes the folder if need be; the files' paths go to standard output. `entries`
 * (Entry *) are the ticket's, and the copies that add files are saved with them.
 * A mail that no reader survives is saved raw alone. */
bool show_save(Store *store, const GPtrArray *entries, const char *directory,
    GError **error);

#endif
