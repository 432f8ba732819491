/*
 * Text from outside made safe; addresses in their plain form; base32;
 * SHA-256.
 */
#include "guichet/base/text.h"

#include <string.h>

static bool
is_control(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 ||
	    c == 0x2029;
}

/* The next character of possibly invalid UTF-8; *step is its bytes. */
static gunichar
next_char(const char *p, gsize left, gsize *step)
{
	gunichar c;

	if (*p == '\0') { /* inside a counted string */
		*step = 1;
		return 0;
	}
	c = g_utf8_get_char_validated(p, (gssize)left);
	if (c == (gunichar)-1 || c == (gunichar)-2) {
		*step = 1;
		return 0xfffd;
	}
	*step = (gsize)(g_utf8_next_char(p) - p);
	return c;
}

char *
text_clean_line(const char *bytes, gssize length, gsize max)
{
	GString *line = g_string_new(NULL);
	gsize left = length < 0 ? strlen(bytes) : (gsize)length;
	bool blank = false;

	for (gsize step; left > 0; bytes += step, left -= step) {
		gunichar c = next_char(bytes, left, &step);
		char utf8[6];
		int size;

		if (is_control(c) || c == ' ' || c == 0xa0) {
			blank = line->len > 0;
			continue;
		}
		size = g_unichar_to_utf8(c, utf8);
		if (line->len + (gsize)size + (blank ? 1 : 0) > max)
			break;
		if (blank)
			g_string_append_c(line, ' ');
		blank = false;
		g_string_append_len(line, utf8, size);
	}
	return g_string_free(line, FALSE);
}

/* How many bytes from `p` on need no look: most of most texts. */
static gsize
plain_run(const char *p, gsize left)
{
	gsize run = 0;

	while (
	    run < left && ((p[run] >= 0x20 && p[run] < 0x7f) || p[run] == '\n'))
		run++;
	return run;
}

char *
text_clean_block(const char *bytes, gssize length, gsize max)
{
	GString *block = g_string_new(NULL);
	gsize left = length < 0 ? strlen(bytes) : (gsize)length;

	for (gsize step; left > 0; bytes += step, left -= step) {
		gunichar c;
		char utf8[6];
		int size;

		step = plain_run(bytes, left);
		if (step > 0) {
			g_string_append_len(block, bytes,
			    (gssize)MIN(step, max - block->len));
			if (block->len >= max)
				break;
			continue;
		}
		c = next_char(bytes, left, &step);
		if (c == '\r') {
			if (left > 1 && bytes[1] == '\n')
				continue;
			c = '\n';
		}
		if (is_control(c) && c != '\n' && c != '\t')
			continue;
		size = g_unichar_to_utf8(c, utf8);
		if (block->len + (gsize)size > max)
			break;
		g_string_append_len(block, utf8, size);
	}
	return g_string_free(block, FALSE);
}

bool
text_is_clean_line(const char *text)
{
	if (*text == '\0' || !g_utf8_validate(text, -1, NULL))
		return false;
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		if (is_control(g_utf8_get_char(p)))
			return false;
	}
	return true;
}

/* The letters and dots of a dot-atom of RFC 5322, 3.2.3, up to `end`. */
static bool
is_atoms(const char *p, const char *end, bool domain)
{
	bool any = false;

	for (; p < end; p++) {
		if (*p == '.')
			continue;
		any = true;
		if (g_ascii_isalnum(*p) || *p == '-')
			continue;
		if (domain || strchr("!#$%&'*+/=?^_`{|}~", *p) == NULL)
			return false;
	}
	return any;
}

/* Whether every dot has a letter before and behind it. */
static bool
has_plain_dots(const char *p, const char *end)
{
	bool dot = true; /* nothing yet: a dot may not come first */

	for (; p < end; p++) {
		if (*p == '.' && dot)
			return false;
		dot = *p == '.';
	}
	return !dot;
}

bool
text_is_address(const char *text)
{
	const char *at = strchr(text, '@');
	const char *end = text + strlen(text);

	if (at == NULL || at - text > 64 || end - at > 254)
		return false;
	return is_atoms(text, at, false) && is_atoms(at + 1, end, true) &&
	    has_plain_dots(at + 1, end);
}

const char *
text_address_domain(const char *address)
{
	const char *at = strchr(address, '@');

	g_assert(at != NULL);
	return at + 1;
}

/* "jean"@client.example without its quotes; NULL if they hide anything. */
static char *
unquoted(const char *text)
{
	const char *close = strchr(text + 1, '"');

	if (close == NULL || close[1] != '@')
		return NULL;
	return g_strdup_printf("%.*s%s", (int)(close - text - 1), text + 1,
	    close + 1);
}

char *
text_address_canonical(const char *text)
{
	g_autofree char *plain = *text == '"' ? unquoted(text) : NULL;

	if (plain != NULL)
		text = plain;
	return text_is_address(text) ? g_ascii_strdown(text, -1) : NULL;
}

char *
text_address_written(const char *address)
{
	const char *at = strchr(address, '@');

	if (at == NULL || has_plain_dots(address, at))
		return g_strdup(address);
	return g_strdup_printf("\"%.*s\"%s", (int)(at - address), address, at);
}

char *
text_sha256(const void *bytes, gsize length)
{
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
}

char *
text_span(Seconds span)
{
	const char *sign = span < 0 ? "-" : "";
	guint64 s = span < 0 ? (guint64)-span : (guint64)span;

	if (s < 60)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT " s", sign, s);
	if (s < 3600)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT " min", sign,
		    s / 60);
	if (s < 86400)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT
				       " h %02" G_GUINT64_FORMAT " min",
		    sign, s / 3600, s / 60 % 60);
	return g_strdup_printf("%s%" G_GUINT64_FORMAT " d %" G_GUINT64_FORMAT
			       " h",
	    sign, s / 86400, s / 3600 % 24);
}

static const char base32_alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

char *
text_base32(const guint8 *bytes, gsize length)
{
	GString *text = g_string_new(NULL);
	guint32 bits = 0;
	int count = 0;

	for (gsize i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		for (count += 8; count >= 5; count -= 5)
			g_string_append_c(text,
			    base32_alphabet[bits >> (count - 5) & 31]);
	}
	if (count > 0)
		g_string_append_c(text,
		    base32_alphabet[bits << (5 - count) & 31]);
	return g_string_free(text, FALSE);
}

guint8 *
text_unbase32(const char *text, gsize *ret_length)
{
	gsize length = strlen(text);
	g_autofree guint8 *bytes = g_malloc(length * 5 / 8 + 1);
	guint32 bits = 0;
	int count = 0;
	gsize out = 0;

	for (gsize i = 0; i < length; i++) {
		const char *found = strchr(base32_alphabet, text[i]);

		if (found == NULL)
			return NULL;
		bits = bits << 5 | (guint32)(found - base32_alphabet);
		count += 5;
		if (count >= 8) {
			count -= 8;
			bytes[out++] = (guint8)(bits >> count);
		}
	}
	/* What is left over must be the padding of a whole encoding. */
	if (count >= 5 || (bits & ((1u << count) - 1)) != 0)
		return NULL;
	*ret_length = out;
	return g_steal_pointer(&bytes);
}
