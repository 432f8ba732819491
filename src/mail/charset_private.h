/*
 * charset_private: what the files that read charsets share.
 */
#ifndef GUICHET_CHARSET_PRIVATE_H
#define GUICHET_CHARSET_PRIVATE_H

#include "guichet/mail/charset.h"

/* One converter and the labels that mean it, apart by blanks. Where there is
 * "" instead, the labels say nothing. */
typedef struct {
	const char *converter, *labels;
} CharsetName;
extern const CharsetName charset_names[];

/* A converter of our own: 0x80 to 0xff, one character of UTF-8 for each. */
typedef struct {
	const char *converter, *upper;
} CharsetTable;
extern const CharsetTable charset_tables[];

/*
 * (charset_shift.c) Charsets of 7 bits that shift between tables, rewritten as
 * the one of 8 bits that holds the same: ISO-2022-JP as EUC-JP, with the
 * half-width kana and the characters of the makers that the C library's own
 * ISO-2022-JP refuses; HZ as GB 2312, which it does not know.
 */
GString *charset_unshift_japanese(const char *bytes, gsize length);
GString *charset_unshift_hz(const char *bytes, gsize length);

/* (charset_guess.c) The charset that the bytes look like, which are no UTF-8
 * and bear no label: the name of a converter, windows-1252 if of no other. */
const char *charset_guess(const char *bytes, gsize length);

#endif
