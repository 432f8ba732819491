/*
 * charset: bytes of any label to valid UTF-8.
 *
 * Labels lie. Without one, and for us-ascii, utf-8 and iso-8859-1, text is
 * UTF-8 if it reads as UTF-8, else windows-1252. Any other label is believed
 * if it is known. UTF-7 never is: it hides what filters look for.
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

/*
 * UTF-8 of the bytes, what cannot be read replaced by U+FFFD. `label` may be
 * NULL. *ret_bad says that the label was unknown or plainly wrong.
 */
GString *charset_to_utf8(const char *label, const char *bytes, gsize length,
    bool *ret_bad);

/*
 * UTF-8 of an unfolded header value: encoded words (RFC 2047) decoded, also
 * those inside quotes or split within a character; other bytes by the rule
 * above. May hold controls: clean it before any use.
 */
char *charset_decode_words(const char *bytes, gsize length);

#endif
