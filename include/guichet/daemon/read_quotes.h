/*
 * read_quotes: a site's own quotes.yaml on its way into a reader, which has
 * the built-in words until it is told others.
 */
#ifndef GUICHET_READ_QUOTES_H
#define GUICHET_READ_QUOTES_H

#include "guichet/base/frame.h"

/*
 * Tells the reader at the other end the words in force, unless it has them.
 * *told is the file that it was last told, owned by the caller; NULL at first.
 */
bool read_quotes_tell(int socket, GBytes **told, GError **error);

/* The reader's side of it: puts the words in force. */
bool read_quotes_hear(const Frame *frame, GError **error);

#endif
