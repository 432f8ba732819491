/*
 * transfer_private: content transfer encodings (RFC 2045), read with tolerance.
 */
#ifndef GUICHET_TRANSFER_PRIVATE_H
#define GUICHET_TRANSFER_PRIVATE_H

#include "guichet/base/base.h"

/* Appends to `out`. Concatenated and unpadded base64 is read to its end;
 * *ret_bad says that there were bytes of no alphabet. */
void transfer_decode_base64(const char *bytes, gsize length, GString *out,
    bool *ret_bad);

/*
 * The decoded content. `encoding` is the field's value or NULL. *ret_bad says
 * that the content is not what the encoding says, *ret_unknown that the
 * encoding is none that is known; the bytes then come as they are.
 */
GBytes *transfer_decode(const char *encoding, const char *bytes, gsize length,
    bool *ret_bad, bool *ret_unknown);

#endif
