/*
 * folder_root_private: what lies beside new/, cur/ and tmp/ of a Maildir.
 */
#ifndef GUICHET_FOLDER_ROOT_PRIVATE_H
#define GUICHET_FOLDER_ROOT_PRIVATE_H

#include "guichet/base/base.h"

/* What a person is told where an IMAP server keeps files of its own in it; NULL
 * where none does. The caller frees. */
char *folder_find_server(const char *path);

/*
 * The seal of source.h: the file guichet-SEAL holds the escaped name of the mail
 * that was moved last, and a line end. Where it cannot be written, a store that
 * was set back is known by less, and no harm is done else.
 */
void folder_put_seal(const char *path, const char *seal, const char *name);
/* The name; NULL if there is none. The caller frees. */
char *folder_sealed(const char *path, const char *seal);

/* How many mails of cur/ the desk was not known to have (source_taken_name()); 0
 * where that cannot be told. */
guint folder_count_unknown(int folder, GHashTable *taken);

#endif
