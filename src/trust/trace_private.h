/*
 * trace_private: tokens of structured header fields (RFC 5322, 3.2; RFC 8601, 2.2),
 * for auth*.c, stamp.c and received.c alone.
 */
#ifndef GUICHET_TRACE_PRIVATE_H
#define GUICHET_TRACE_PRIVATE_H

#include "guichet/base/base.h"

typedef struct {
	const char *p; /* what is left */
	bool broken;   /* an open comment or string, too deep a nesting */
} Cursor;

/* Comments and folding white space. */
void cursor_skip(Cursor *cursor);

/* Whether `c` comes next, after cursor_skip(); it is taken if so. */
bool cursor_take(Cursor *cursor, char c);

/* A quoted string, decoded. The cursor is at its '"'. */
char *cursor_quoted(Cursor *cursor);

/* Everything up to white space, NUL or one of `stops`; may be "". */
char *cursor_word(Cursor *cursor, const char *stops);

/* One comment, as deep as it nests. The cursor is at its '('. */
void cursor_comment(Cursor *cursor);

#endif
