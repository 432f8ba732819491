/*
 * owner: whom a store belongs to, and acting as that user.
 *
 * What root makes beside a service's store, the service cannot use: a lock, a
 * token file, a write-ahead log. And whether a secret can be read is answered
 * truly by the service's own user alone. So root becomes that user first.
 *
 * The owner is that of the store, or, where there is none yet, of the folder
 * that it would be made in.
 */
#ifndef GUICHET_OWNER_H
#define GUICHET_OWNER_H

#include "guichet/base/base.h"

/*
 * If this process is root's and the store another user's: gives up root for
 * good and is that user's from then on, in their groups. *ret_name is their
 * name if so, else NULL; the caller's. GUICHET_ERROR_CONFIG if it cannot.
 */
bool owner_become(const char *store, char **ret_name, GError **error);

/* "the store belongs to 'guichet': run this as that user, ..." if this process
 * is neither theirs nor root's; else NULL. The caller frees. */
char *owner_advice(const char *store);

/*
 * The login of the person who started this process: whom sudo(8) says to have
 * called it (SUDO_USER, a user of this machine), else the user that it was
 * started as, also once owner_become() has changed that. The caller frees.
 */
char *owner_login(void);

/* A user's name, or their number where there is none. The caller frees. */
char *owner_name(guint uid);
/* "sudo -u guichet guichet ..."; the caller frees. */
char *owner_command(guint uid);

#endif
