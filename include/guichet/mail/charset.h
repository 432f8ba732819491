/*
 * charset: bytes of any label to valid UTF-8.
 *
 * Labels lie. Where one says nothing (none, us-ascii, utf-8, iso-8859-1, which
 * programs write whatever they send), text is UTF-8 if it reads as UTF-8; else
 * what its escapes say, else what its bytes look like. Any other label is
 * believed if it is known: those of the WHATWG Encoding Standard, of Outlook,
 * Lotus Notes and others (charset_labels.c), however they are punctuated. UTF-7
 * never is: it hides what filters look for.
 *
 * The C library loads converters from files at first use, which a sandbox
 * forbids: charset_preload() opens all known ones, and nothing here opens any
 * later. The table is never freed; one thread only.
 */
#ifndef GUICHET_CHARSET_H
#define GUICHET_CHARSET_H

#include "guichet/base/base.h"

/* Opens all converters; again is free. Done at first use if not before. */
void charset_preload(void);

/* Whether text of that label is believed: known, and not UTF-7. */
bool charset_is_known(const char *label);

/* Whether it is known and names one charset, which text without a label beside
 * it may be in, too. NULL does not. */
bool charset_says_something(const char *label);

/*
 * UTF-8 of the bytes, what cannot be read replaced by U+FFFD. `label` may be
 * NULL. *ret_bad says that the label was unknown or plainly wrong.
 */
GString *charset_to_utf8(const char *label, const char *bytes, gsize length,
    bool *ret_bad);

/* The same of bytes that should not be there: 8-bit ones in a header. `hint`,
 * which may be NULL, is the charset that the mail names elsewhere; it is taken
 * if the bytes are no UTF-8 and fit it wholly. */
GString *charset_raw_to_utf8(const char *hint, const char *bytes, gsize length);

/*
 * UTF-8 of an unfolded header value: encoded words (RFC 2047) decoded, also
 * those inside quotes or split within a character; other bytes as by
 * charset_raw_to_utf8(). May hold controls: clean it before any use.
 */
char *charset_decode_words(const char *hint, const char *bytes, gsize length);

#endif
