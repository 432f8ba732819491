/*
 * token_mask: takes signed addresses of ours out of what leaves.
 *
 * What people quote, forward and attach may hold the address that only they got
 * (doc/security.md T18): whoever else reads it would hold a token of theirs. So
 * all words that leave are searched for box+WORD, WORD being at least 12 letters,
 * digits and dots, as tokens and the secret addresses of alert sources are: in
 * plain words, percent-encoded, as an HTML entity, in quoted-printable with
 * its soft line ends, and in base64 lines within an attachment. The word's letters
 * become 'x', so that all else keeps its place and length.
 *
 * Not looked into: what is compressed or encrypted. Pure.
 */
#ifndef GUICHET_TOKEN_MASK_H
#define GUICHET_TOKEN_MASK_H

#include "guichet/base/base.h"

/* The same text, masked; `box_address` is box@domain. The caller frees. NULL for
 * NULL. */
char *token_mask(const char *text, const char *box_address);

/* The same of bytes of any kind. A new reference: to `bytes` itself where nothing
 * is to be masked. */
GBytes *token_mask_bytes(GBytes *bytes, const char *box_address);

#endif
