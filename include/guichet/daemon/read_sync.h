/*
 * read_sync: one reader process for a subcommand, which can wait.
 *
 * The same sandboxed process as the desk's readers: no mail is ever parsed in
 * the process that holds the store.
 */
#ifndef GUICHET_READ_SYNC_H
#define GUICHET_READ_SYNC_H

#include "guichet/mail/message.h"

typedef struct ReadSync ReadSync;

ReadSync *read_sync_new(void);
void read_sync_free(ReadSync *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadSync, read_sync_free)

/*
 * Reads one mail; starts the process if there is none. NULL with
 * GUICHET_ERROR_PERMANENT if the mail killed or stalled it; the next call has
 * a new one.
 */
Message *read_sync(ReadSync *reader, GBytes *raw, bool partial, GError **error);

/* A mail from a file, as fetch would take it: of one over LIMIT_MAIL_BYTES
 * the head alone, *ret_partial says so; *ret_size is the whole file's. */
GBytes *read_sync_file(const char *path, gint64 *ret_size, bool *ret_partial,
    GError **error);

#endif
