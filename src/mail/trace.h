/*
 * trace: tokens of structured header fields (RFC 5322, 3.2; RFC 8601, 2.2),
 * for auth*.c alone.
 */
#ifndef GUICHET_MAIL_TRACE_H
#define GUICHET_MAIL_TRACE_H

#include "guichet/base.h"

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

/* The `by` host of a Received field, lower-case, or NULL. */
char *trace_by_host(const char *received);

/* The date of a Received field, or INSTANT_NONE. */
Instant trace_date(const char *received);

#endif
