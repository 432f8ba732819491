/*
 * ids: Message-IDs, found by an own scanner (doc/security.md L14).
 *
 * An id is what stands between '<' and '>': 1 to LIMIT_MESSAGE_ID_BYTES of
 * printable ASCII without blanks and angles. Everything else is skipped, so
 * that no id can ever break a header of ours.
 */
#ifndef GUICHET_IDS_H
#define GUICHET_IDS_H

#include "guichet/base/base.h"

/* Whether it can be an id, without its angles. */
bool ids_is_valid(const char *id);

/* The first id of a Message-ID field, or NULL. One without angles is taken if
 * nothing else stands there and it has an '@'. */
char *ids_first(const char *value, gsize length);

/*
 * All ids of a References or In-Reply-To field, each once. Of more than `max`
 * the last ones, which are the nearest in the thread. NULL-terminated.
 */
char **ids_list(const char *value, gsize length, gsize max);

#endif
