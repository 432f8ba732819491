/*
 * Which charset bytes without a label are in. Headers, file names and old
 * programs' texts come so; what is decided here is only how they are shown.
 */
#include "charset_private.h"

#include <string.h>

/* Fewer bytes tell nothing of their charset. */
enum {
	LEAST_BYTES = 4
};

/* Bytes of 0x80 and more, by where they lie. */
typedef struct {
	guint high;   /* all of them */
	guint inner;  /* of them, those with an ASCII letter beside */
	guint runs;   /* of bytes in a row */
	guint odd;    /* runs of an odd length */
	guint c0, e0; /* 0xc0 to 0xdf; 0xe0 to 0xff */
	guint lead[256], by_byte[256]; /* first of a pair; any */
	guint within[256];             /* one or two between ASCII letters */
	guint pairs;
} Census;

static bool
is_high(char c)
{
	return (guchar)c >= 0x80;
}

static void
count_run(Census *census, const char *p, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)p[i];

		census->by_byte[c]++;
		census->c0 += c >= 0xc0 && c < 0xe0;
		census->e0 += c >= 0xe0;
		if (i % 2 == 0 && i + 1 < length) {
			census->lead[c]++;
			census->pairs++;
		}
	}
	census->high += (guint)length;
	census->runs++;
	census->odd += length % 2;
}

static void
take_census(const char *bytes, gsize length, Census *census)
{
	for (gsize i = 0; i < length; i++) {
		gsize start = i;
		bool before, behind;

		while (i < length && is_high(bytes[i]))
			i++;
		if (i == start)
			continue;
		count_run(census, bytes + start, i - start);
		before = start > 0 && g_ascii_isalpha(bytes[start - 1]);
		behind = i < length && g_ascii_isalpha(bytes[i]);
		if (before || behind)
			census->inner += (guint)(i - start);
		for (gsize at = start;
		     before && behind && i - start <= 2 && at < i; at++)
			census->within[(guchar)bytes[at]]++;
	}
}

static guint
leads(const Census *census, guint from, guint to)
{
	guint count = 0;

	for (guint c = from; c <= to; c++)
		count += census->lead[c];
	return count;
}

/* ---- single bytes among Latin letters ---- */

static guint
sum(const guint *counts, const char *bytes)
{
	guint all = 0;

	for (; *bytes != '\0'; bytes++)
		all += counts[(guchar)*bytes];
	return all;
}

/* What is a letter in one charset is a sign in windows-1252, which would not
 * stand within a word, or a letter of few languages. */
static const char *
guess_latin(const Census *census)
{
	/* l, a and z of Polish: windows-1250, or iso-8859-2 */
	guint central = sum(census->within, "\xb3\xb9\xbf");
	guint iso = sum(census->within, "\xb1\xb6\xbc\xb3");
	/* g, i, s of Turkish, which are Icelandic letters otherwise */
	guint turkish = sum(census->by_byte, "\xf0\xfd\xfe\xd0\xdd\xde");
	guint icelandic = sum(census->by_byte,
	    "\xe1\xed\xf3\xfa\xe6\xc1\xcd\xda");

	if (central + iso > 0)
		return iso > central ? "iso-8859-2" : "windows-1250";
	if (turkish > 0 && icelandic == 0)
		return "windows-1254";
	return "windows-1252";
}

/* ---- letters of one byte, no Latin ones ---- */

static const char *
guess_cyrillic(const Census *census)
{
	/* Small letters are most of a text: where they lie tells. */
	if (census->c0 + census->e0 < census->high - census->high / 10)
		return NULL;
	return census->e0 >= census->c0 ? "windows-1251" : "koi8-r";
}

/* ---- two bytes a character ---- */

/* How a charset makes its pairs. */
typedef struct {
	guchar first, last;       /* of the first byte */
	bool (*trail)(guchar c);  /* whether it may be the second */
	bool (*common)(guchar c); /* whether it begins a frequent pair */
} Pairing;

/* Reads all as pairs. Returns how many there are; 0 if any is broken, or if
 * they are few among letters. */
static guint
count_pairs(const char *bytes, gsize length, const Pairing *how,
    guint *ret_common)
{
	guint pairs = 0, letters = 0;

	*ret_common = 0;
	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)bytes[i];

		if (c < 0x80) {
			letters += g_ascii_isalpha(c);
			continue;
		}
		/* Half-width kana of Shift_JIS are alone. */
		if (how->first == 0x81 && how->last == 0xfc && c >= 0xa1 &&
		    c <= 0xdf)
			continue;
		if (c < how->first || c > how->last || i + 1 >= length ||
		    !how->trail((guchar)bytes[i + 1]))
			return 0;
		pairs++;
		*ret_common += how->common(c) ? 1 : 0;
		i++;
	}
	return letters <= pairs * 3 ? pairs : 0;
}

static bool
is_sjis_trail(guchar c)
{
	return c >= 0x40 && c <= 0xfc && c != 0x7f;
}

static bool
is_sjis_kana(guchar lead)
{
	return lead == 0x82 || lead == 0x83;
}

static bool
is_big5_trail(guchar c)
{
	return (c >= 0x40 && c <= 0x7e) || (c >= 0xa1 && c <= 0xfe);
}

static bool
is_big5_frequent(guchar lead)
{
	return lead >= 0xa1 && lead <= 0xc6;
}

static const Pairing sjis = { 0x81, 0xfc, is_sjis_trail, is_sjis_kana };
static const Pairing big5 = { 0xa1, 0xf9, is_big5_trail, is_big5_frequent };

static const char *
guess_pairs(const Census *census, const char *bytes, gsize length)
{
	guint pairs, common;

	/* All in 0xa1 to 0xfe and by twos: one of the EUC family. */
	if (census->odd == 0 && leads(census, 0x80, 0xa0) == 0 &&
	    census->by_byte[0xff] == 0) {
		guint kana = leads(census, 0xa4, 0xa5);
		guint hangul = leads(census, 0xb0, 0xc8);
		guint level1 = leads(census, 0xb0, 0xd7);
		guint signs = leads(census, 0xa1, 0xa9) - kana;

		if (kana * 4 >= census->pairs)
			return "euc-jp-ms";
		if ((hangul + signs) == census->pairs && hangul >= 3)
			return "cp949";
		if ((level1 + signs) * 4 >= census->pairs * 3 && level1 > 0)
			return "gb18030";
	}
	pairs = count_pairs(bytes, length, &sjis, &common);
	if (pairs >= 2 && common * 4 >= pairs)
		return "cp932";
	pairs = count_pairs(bytes, length, &big5, &common);
	if (pairs >= 2 && common * 4 >= pairs * 3)
		return "big5-hkscs";
	return NULL;
}

/* Whether nearly all letters lie in one half of the table, as the small ones
 * of Cyrillic do: pairs of Chinese or Korean bytes are all over it. */
static bool
is_one_half(const Census *census)
{
	guint half = MAX(census->c0, census->e0);

	return census->c0 + census->e0 == census->high &&
	    half * 5 >= census->high * 4;
}

const char *
charset_guess(const char *bytes, gsize length)
{
	Census census = { 0 };
	const char *found = NULL;
	bool is_dense;

	take_census(bytes, length, &census);
	if (census.high < LEAST_BYTES)
		return guess_latin(&census);
	/* Words of such letters hold no others, and are words. */
	is_dense = census.inner * 5 < census.high &&
	    census.runs * 2 <= census.high;
	if (is_dense && is_one_half(&census))
		found = guess_cyrillic(&census);
	if (found == NULL)
		found = guess_pairs(&census, bytes, length);
	if (found == NULL && is_dense)
		found = guess_cyrillic(&census);
	return found != NULL ? found : guess_latin(&census);
}
