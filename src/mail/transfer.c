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

/* Behind a soft line break at '=' (RFC 2045, 6.7), also where a relay padded
 * the line; NULL if there is none. */
static const char *
soft_break_end(const char *p, const char *end)
{
	for (p++; p < end && (*p == ' ' || *p == '\t');)
		p++;
	if (p < end && *p == '\r')
		p++;
	if (p == end)
		return p;
	return *p == '\n' ? p + 1 : NULL;
}

static void
decode_quoted(const char *bytes, gsize length, GString *out)
{
	const char *p = bytes, *end = bytes + length;

	while (p < end) {
		const char *next = memchr(p, '=', (gsize)(end - p));

		if (next == NULL)
			next = end;
		g_string_append_len(out, p, next - p);
		p = next;
		if (p == end)
			break;
		if (end - p > 2 && g_ascii_isxdigit(p[1]) &&
		    g_ascii_isxdigit(p[2])) {
			g_string_append_c(out,
			    (char)(g_ascii_xdigit_value(p[1]) * 16 +
				g_ascii_xdigit_value(p[2])));
			p += 3;
			continue;
		}
		next = soft_break_end(p, end);
		/* What is no escape was never one. */
		if (next == NULL)
			g_string_append_c(out, *p);
		p = next != NULL ? next : p + 1;
	}
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

/* ---- base64 with something before or behind it ---- */

/* Shorter lines prove nothing: a word of a footer may look like one. */
enum {
	WHOLE_LINE = 40
};

/* One line, of which blanks do not count. */
typedef struct {
	gsize start, next;
	gsize letters; /* of the alphabet, padding too */
	bool foreign;  /* something else */
	bool padded;   /* ends in '=' */
} Line;

static Line
read_line(const char *bytes, gsize length, gsize at)
{
	const char *end = memchr(bytes + at, '\n', length - at);
	Line line = { .start = at,
		.next = end != NULL ? (gsize)(end - bytes) + 1 : length };

	for (gsize i = at; i < line.next; i++) {
		char c = bytes[i];

		if (g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=') {
			line.letters++;
			line.padded = c == '=';
		} else if (!g_ascii_isspace(c)) {
			line.foreign = true;
		}
	}
	return line;
}

static bool
is_pure(const Line *line)
{
	return line->letters > 0 && !line->foreign;
}

/* The line with which the data begins: the first, or behind a banner the first
 * whole one. False if there is none. */
static bool
find_start(const char *bytes, gsize length, Line *ret_line)
{
	bool banner = false;

	for (gsize at = 0; at < length; at = ret_line->next) {
		*ret_line = read_line(bytes, length, at);
		if (is_pure(ret_line) &&
		    (!banner || ret_line->letters >= WHOLE_LINE))
			return true;
		banner = banner || ret_line->foreign || ret_line->letters > 0;
	}
	return false;
}

/* Where the last line begins that is as long as the first one: up to there,
 * what is foreign is noise. */
static gsize
find_last_whole(const char *bytes, gsize length, const Line *first)
{
	gsize last = first->start;

	for (gsize at = first->next;
	     at < length && first->letters >= WHOLE_LINE;) {
		Line line = read_line(bytes, length, at);

		if (is_pure(&line) && line.letters == first->letters)
			last = at;
		at = line.next;
	}
	return last;
}

/*
 * Where the base64 begins and ends. Gateways and lists put banners and footers
 * in plain text around what they do not decode. A footer begins behind the
 * padding, or behind the first line that is shorter than the others, if not all
 * that follows is base64. False if there is no base64 to be seen.
 */
static bool
find_base64(const char *bytes, gsize length, gsize *ret_start, gsize *ret_end)
{
	gsize at, whole, end = 0;
	Line line;

	if (!find_start(bytes, length, &line))
		return false;
	whole = find_last_whole(bytes, length, &line);
	*ret_start = line.start;
	*ret_end = length;
	for (gsize width = line.letters; line.start < length;) {
		if (line.start >= whole && line.foreign) {
			*ret_end = end > 0 ? end : line.start;
			break;
		}
		/* Some encode each piece on its own. */
		if (line.start >= whole && line.letters > 0 &&
		    (line.padded || (end == 0 && line.letters < width)))
			end = line.next;
		at = line.next;
		if (at >= length)
			break;
		line = read_line(bytes, length, at);
	}
	return true;
}

/* Whether this may be decoded, and not words that look like it: whole groups,
 * and what they hold is no control. */
static bool
is_base64(const char *bytes, gsize length)
{
	g_autoptr(GString) out = g_string_new(NULL);
	gsize letters = 0;
	bool bad;

	for (gsize i = 0; i < length; i++)
		letters += g_ascii_isspace(bytes[i]) ? 0 : 1;
	if (letters % 4 != 0)
		return false;
	if (letters >= WHOLE_LINE)
		return true;
	transfer_decode_base64(bytes, length, out, &bad);
	for (gsize i = 0; i < out->len; i++) {
		guchar c = (guchar)out->str[i];

		if (c < 0x20 && strchr("\t\r\n", c) == NULL)
			return false;
	}
	return out->len > 0;
}

/* Also that which stands in plain text, or between it. */
static void
decode_base64(const char *bytes, gsize length, GString *out, bool *ret_bad)
{
	gsize start, end;

	transfer_decode_base64(bytes, length, out, ret_bad);
	if (!*ret_bad)
		return;
	if (find_base64(bytes, length, &start, &end) &&
	    (start > 0 || end < length) &&
	    is_base64(bytes + start, end - start)) {
		bool ignored;

		g_string_truncate(out, 0);
		transfer_decode_base64(bytes + start, end - start, out,
		    &ignored);
	} else if (looks_like_text(bytes, length)) {
		g_string_truncate(out, 0);
		g_string_append_len(out, bytes, (gssize)length);
	}
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
		decode_base64(bytes, length, out, ret_bad);
	} else if (encoding_is(encoding, "quoted-printable")) {
		decode_quoted(bytes, length, out);
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
