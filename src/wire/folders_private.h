/*
 * folders_private: a folder's name, to the server, and as it may have been meant.
 *
 * Servers keep people's folders below a prefix of their own (RFC 2342): 'Done'
 * is 'INBOX.Done' at Courier's, and often at Cyrus's and Dovecot's.
 */
#ifndef GUICHET_FOLDERS_PRIVATE_H
#define GUICHET_FOLDERS_PRIVATE_H

#include "session_private.h"

/* A folder's name in the modified UTF-7 of RFC 3501, 5.1.3. NULL if it is not
 * clean UTF-8. The caller frees. */
char *folders_encode(const char *name);

/* A quoted string of IMAP; `text` must be ASCII without line ends. The caller
 * frees. */
char *folders_quote(const char *text);

/*
 * What to say to a person about a folder that they named: "did you mean
 * 'INBOX.Done'?", or that it must stand below the prefix. NULL if it is there,
 * or if nothing is known that is better. The caller frees. Asks the server,
 * and may break the session.
 */
char *folders_hint(Session *session, const char *name);

/* The same for one that is made where it is missing: NULL if it may be. */
char *folders_hint_to_make(Session *session, const char *name);

#endif
