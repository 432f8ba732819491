/*
 * ids: Message-IDs, found by an own scanner (doc/security.md L14).
 *
 * An id is what stands between '<' and '>': 1 to LIMIT_MESSAGE_ID_BYTES of
 * printable ASCII without blanks and angles; blanks around it and folding do
 * not count. Everything else is skipped, so
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

/* Whether it may tie a mail to another: it is left@right. Programs write
 * "<undefined>" and "<yes>", which would join strangers' requests. */
bool ids_bind(const char *id);

/*
 * All ids of References or In-Reply-To that bind, each once, in every form in
 * which they are written: with blanks or folding in the angles, with the angles
 * as HTML or without any. Of more than `max` the first, which is the thread's
 * root, and the last ones, which are nearest. NULL-terminated.
 */
char **ids_list(const char *value, gsize length, gsize max);

#endif
