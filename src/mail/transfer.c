/* Content transfer encodings, read with tolerance. */
#include "transfer_private.h"

#include <gmime/gmime.h>
#include <string.h>

void
transfer_decode_base64(const char *bytes, gsize length, GString *out,
    bool *ret_bad)
{
	gsize used = out->len, alphabet = 0;
	int state = 0;
	guint save = 0;
	bool bad = false;

	for (gsize i = 0; i < length; i++) {
		if (g_ascii_isalnum(bytes[i]) || bytes[i] == '+' ||
		    bytes[i] == '/')
			alphabet++;
		else if (bytes[i] != '=' && !g_ascii_isspace(bytes[i]))
			bad = true;
	}
	g_string_set_size(out, used + length / 4 * 3 + 9);
	used += g_base64_decode_step(bytes, length, (guchar *)out->str + used,
	    &state, &save);
	/* Missing padding: complete the last group. */
	for (int i = 0; state != 0 && i < 3; i++) {
		used += g_base64_decode_step("=", 1, (guchar *)out->str + used,
		    &state, &save);
	}
	g_string_set_size(out, used);
	*ret_bad = bad || alphabet % 4 == 1;
}

static void
decode_with_gmime(GMimeContentEncoding kind, const char *bytes, gsize length,
    GString *out)
{
	GMimeEncoding encoding;

	g_mime_encoding_init_decode(&encoding, kind);
	g_string_set_size(out, g_mime_encoding_outlen(&encoding, length));
	g_string_set_size(out,
	    g_mime_encoding_step(&encoding, bytes, length, out->str));
}

/* The data begins behind the "begin 644 name" line. */
static void
decode_uu(const char *bytes, gsize length, GString *out, bool *ret_bad)
{
	const char *p = bytes, *end = bytes + length;

	while (end - p > 6 && strncmp(p, "begin ", 6) != 0) {
		p = memchr(p, '\n', (gsize)(end - p));
		if (p == NULL)
			break;
		p++;
	}
	if (p == NULL || end - p <= 6 ||
	    (p = memchr(p, '\n', (gsize)(end - p))) == NULL) {
		*ret_bad = true;
		g_string_append_len(out, bytes, (gssize)length);
		return;
	}
	decode_with_gmime(GMIME_CONTENT_ENCODING_UUENCODE, p + 1,
	    (gsize)(end - p - 1), out);
}

/* Text that was never encoded: base64 has no blanks within its lines. */
static bool
looks_like_text(const char *bytes, gsize length)
{
	gsize blanks = 0;

	for (gsize i = 1; i + 1 < length; i++) {
		if (bytes[i] == ' ' && g_ascii_isgraph(bytes[i - 1]) &&
		    g_ascii_isgraph(bytes[i + 1]))
			blanks++;
	}
	return blanks > length / 50;
}

static bool
encoding_is(const char *encoding, const char *name)
{
	gsize length = strlen(name);

	return g_ascii_strncasecmp(encoding, name, length) == 0 &&
	    !g_ascii_isalnum(encoding[length]) && encoding[length] != '-';
}

GBytes *
transfer_decode(const char *encoding, const char *bytes, gsize length,
    bool *ret_bad, bool *ret_unknown)
{
	GString *out;

	*ret_bad = *ret_unknown = false;
	while (encoding != NULL &&
	    (g_ascii_isspace(*encoding) || *encoding == '"'))
		encoding++;
	if (encoding == NULL || *encoding == '\0' ||
	    encoding_is(encoding, "7bit") || encoding_is(encoding, "8bit") ||
	    encoding_is(encoding, "binary") || encoding_is(encoding, "none"))
		return g_bytes_new(bytes, length);
	out = g_string_new(NULL);
	if (encoding_is(encoding, "base64")) {
		transfer_decode_base64(bytes, length, out, ret_bad);
		if (*ret_bad && looks_like_text(bytes, length)) {
			g_string_truncate(out, 0);
			g_string_append_len(out, bytes, (gssize)length);
		}
	} else if (encoding_is(encoding, "quoted-printable")) {
		decode_with_gmime(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, bytes,
		    length, out);
	} else if (encoding_is(encoding, "x-uuencode") ||
	    encoding_is(encoding, "uuencode") ||
	    encoding_is(encoding, "x-uue")) {
		decode_uu(bytes, length, out, ret_bad);
	} else {
		*ret_unknown = true;
		g_string_append_len(out, bytes, (gssize)length);
	}
	return g_string_free_to_bytes(out);
}
