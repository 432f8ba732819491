/*
 * params_private: the value and the parameters of Content-* fields (RFC 2045, 2231),
 * read by us because decoding them opens converters (charset.h).
 */
#ifndef GUICHET_PARAMS_PRIVATE_H
#define GUICHET_PARAMS_PRIVATE_H

#include "guichet/base/base.h"

/* The leading "type/subtype" or "token", lower-case, without blanks and
 * comments; "" if there is none. */
char *params_value(const char *field, gsize length);

/*
 * A parameter, decoded: quoted strings, RFC 2231 charsets and continuations,
 * and RFC 2047 words, which have no place there but are common. May hold
 * controls. NULL if absent; the first one if repeated.
 */
char *params_get(const char *field, gsize length, const char *name);

/* The same; `hint` as of charset_raw_to_utf8(). */
char *params_get_hinted(const char *field, gsize length, const char *name,
    const char *hint);

/* Past blanks and comments. */
const char *params_skip_blanks(const char *p, const char *end);

#endif
