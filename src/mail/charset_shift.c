/* Charsets of 7 bits that shift between tables (RFC 1468, RFC 1843). */
#include "charset_private.h"

#include <string.h>

#define ESC '\x1b'
#define SO  '\x0e'
#define SI  '\x0f'
/* EUC-JP: what comes next is half-width kana, or of JIS X 0212. */
#define SS2 '\x8e'
#define SS3 '\x8f'

typedef enum {
	SET_ASCII,
	SET_KANA, /* JIS X 0201, half-width */
	SET_0208, /* two bytes */
	SET_0212, /* two bytes, rarer */
} Set;

/* What follows ESC, and what it turns to. */
static const struct {
	const char *sequence;
	Set set;
} escapes[] = { { "(B", SET_ASCII }, { "(J", SET_ASCII }, { "(H", SET_ASCII },
	{ "(I", SET_KANA }, { "$@", SET_0208 }, { "$B", SET_0208 },
	{ "&@\x1b$B", SET_0208 }, { "$(B", SET_0208 }, { "$(@", SET_0208 },
	{ "$(O", SET_0208 }, { "$(Q", SET_0208 }, { "$(D", SET_0212 } };

/* Behind the escape at `p`; NULL if it is none that is known. */
static const char *
take_escape(const char *p, const char *end, Set *set)
{
	for (gsize i = 0; i < G_N_ELEMENTS(escapes); i++) {
		gsize length = strlen(escapes[i].sequence);

		if ((gsize)(end - p) > length &&
		    memcmp(p + 1, escapes[i].sequence, length) == 0) {
			*set = escapes[i].set;
			return p + 1 + length;
		}
	}
	return NULL;
}

static bool
is_of_table(char c)
{
	return c > 0x20 && c < 0x7f;
}

static char
upper(char c)
{
	return (char)((guchar)c | 0x80);
}

/* One character of the set; returns what follows. */
static const char *
take_character(const char *p, const char *end, Set set, GString *out)
{
	bool pair = p + 1 < end && is_of_table(p[0]) && is_of_table(p[1]);

	if (set == SET_KANA && is_of_table(*p)) {
		g_string_append_c(out, SS2);
		g_string_append_c(out, upper(*p));
	} else if ((set == SET_0208 || set == SET_0212) && pair) {
		if (set == SET_0212)
			g_string_append_c(out, SS3);
		g_string_append_c(out, upper(p[0]));
		g_string_append_c(out, upper(p[1]));
		return p + 2;
	} else {
		/* There is no 8-bit byte in it: it is refused. */
		g_string_append_c(out, (guchar)*p < 0x80 ? *p : '\xff');
	}
	return p + 1;
}

GString *
charset_unshift_japanese(const char *bytes, gsize length)
{
	GString *out = g_string_sized_new(length);
	const char *p = bytes, *end = bytes + length;
	Set set = SET_ASCII, before = SET_ASCII;

	while (p < end) {
		const char *next = *p == ESC ? take_escape(p, end, &set) : NULL;

		if (next != NULL) {
			p = next;
		} else if (*p == SO) {
			before = set;
			set = SET_KANA;
			p++;
		} else if (*p == SI) {
			set = before;
			p++;
		} else {
			/* A line begins in ASCII (RFC 1468). */
			if (*p == '\n')
				set = SET_ASCII;
			p = take_character(p, end, set, out);
		}
	}
	return out;
}

GString *
charset_unshift_hz(const char *bytes, gsize length)
{
	GString *out = g_string_sized_new(length);
	bool chinese = false;

	for (gsize i = 0; i < length; i++) {
		char next = i + 1 < length ? bytes[i + 1] : '\0';

		if (bytes[i] == '~' && strchr("~{}\n", next) != NULL &&
		    next != '\0' && !(chinese && next != '}')) {
			if (next == '~')
				g_string_append_c(out, '~');
			else if (next != '\n')
				chinese = next == '{';
			i++;
		} else if (chinese && is_of_table(bytes[i]) &&
		    is_of_table(next)) {
			g_string_append_c(out, upper(bytes[i]));
			g_string_append_c(out, upper(next));
			i++;
		} else {
			if (bytes[i] == '\n')
				chinese = false;
			g_string_append_c(out, bytes[i]);
		}
	}
	return out;
}
