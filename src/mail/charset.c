/*
 * Bytes under any label to valid UTF-8; converters are opened before the
 * sandbox shuts.
 */
#include "charset_private.h"

#include <errno.h>
#include <string.h>

/* How the bytes of a charset are read. */
typedef enum {
	READ_BY_LOOKING, /* the label says nothing */
	READ_ICONV,
	READ_TABLE,
	READ_JAPANESE, /* shifted; then by the converter */
	READ_HZ,
	READ_UTF16, /* the order of bytes is looked for */
} Manner;

typedef struct {
	const char *converter;
	Manner manner;
	GIConv handle;
	const char *upper[128]; /* READ_TABLE: borrowed, UTF-8 */
} Charset;

/* A label longer than this is none. */
enum {
	MAX_LABEL_BYTES = 64
};

/* Its letters and digits in lower case, up to where programs forgot to end it:
 * "iso-8859-15;". */
static void
squeeze(const char *label, gsize length, char *ret_key, gsize size)
{
	gsize used = 0;

	while (length > 0 && strchr(" \t\"'", *label) != NULL) {
		label++;
		length--;
	}
	for (gsize i = 0; i < length && used + 1 < size; i++) {
		if (strchr(" \t\"';,", label[i]) != NULL)
			break;
		if (g_ascii_isalnum(label[i]))
			ret_key[used++] = g_ascii_tolower(label[i]);
	}
	ret_key[used] = '\0';
}

static const Charset *
find_key(GHashTable *table, const char *key)
{
	const Charset *found = g_hash_table_lookup(table, key);

	if (found == NULL && *key == 'x')
		found = g_hash_table_lookup(table, key + 1);
	if (found == NULL && g_str_has_prefix(key, "cs"))
		found = g_hash_table_lookup(table, key + 2);
	return found;
}

/* ---- the converters ---- */

static bool
open_table(Charset *charset)
{
	for (const CharsetTable *t = charset_tables; t->converter != NULL;
	     t++) {
		const char *p = t->upper;

		if (strcmp(t->converter, charset->converter) != 0)
			continue;
		for (gsize i = 0; i < G_N_ELEMENTS(charset->upper); i++) {
			charset->upper[i] = p;
			p = g_utf8_next_char(p);
		}
		return true;
	}
	return false;
}

/* What a converter is opened as; "" needs none. */
static bool
open_converter(Charset *charset)
{
	static const struct {
		const char *name, *opened;
		Manner manner;
	} special[] = { { "", NULL, READ_BY_LOOKING },
		{ "iso-2022-jp", "euc-jp-ms", READ_JAPANESE },
		{ "hz", "gb18030", READ_HZ },
		{ "utf-16", "utf-16be", READ_UTF16 } };
	const char *opened = charset->converter;

	charset->manner = READ_ICONV;
	for (gsize i = 0; i < G_N_ELEMENTS(special); i++) {
		if (strcmp(charset->converter, special[i].name) == 0) {
			charset->manner = special[i].manner;
			opened = special[i].opened;
		}
	}
	if (charset->manner == READ_BY_LOOKING)
		return true;
	if (open_table(charset)) {
		charset->manner = READ_TABLE;
		return true;
	}
	charset->handle = g_iconv_open("UTF-8", opened);
	return charset->handle != (GIConv)-1;
}

static void
add_labels(GHashTable *table, const char *labels, Charset *charset)
{
	g_auto(GStrv) list = g_strsplit(labels, " ", -1);

	for (gsize i = 0; list[i] != NULL; i++) {
		char key[MAX_LABEL_BYTES];

		squeeze(list[i], strlen(list[i]), key, sizeof key);
		g_hash_table_insert(table, g_strdup(key), charset);
	}
}

static GHashTable *
open_all(void)
{
	GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

	for (const CharsetName *name = charset_names; name->converter != NULL;
	     name++) {
		Charset *charset = g_new0(Charset, 1);

		charset->converter = name->converter;
		if (!open_converter(charset)) {
			g_free(charset);
			continue;
		}
		add_labels(table, name->converter, charset);
		add_labels(table, name->labels, charset);
	}
	return table;
}

static GHashTable *
charsets(void)
{
	static GHashTable *table;

	if (g_once_init_enter(&table))
		g_once_init_leave(&table, open_all());
	return table;
}

void
charset_preload(void)
{
	charsets();
}

/* NULL if the label is unknown, or too long to be one. */
static const Charset *
find_charset(const char *label)
{
	char key[MAX_LABEL_BYTES];
	gsize length = strlen(label);

	if (length >= sizeof key)
		return NULL;
	squeeze(label, length, key, sizeof key);
	return find_key(charsets(), key);
}

bool
charset_is_known(const char *label)
{
	return label == NULL || find_charset(label) != NULL;
}

bool
charset_says_something(const char *label)
{
	const Charset *charset = label != NULL ? find_charset(label) : NULL;

	return charset != NULL && charset->manner != READ_BY_LOOKING;
}

/* ---- conversion ---- */

static void
append_replacement(GString *out)
{
	g_string_append(out, "\xef\xbf\xbd");
}

/* What a converter held back until it knew that no accent follows. */
static void
flush(GIConv handle, GString *out)
{
	char buffer[64];
	char *to = buffer;
	gsize room = sizeof buffer;

	g_iconv(handle, NULL, NULL, &to, &room);
	g_string_append_len(out, buffer, to - buffer);
}

/* Converts all; what the converter refuses becomes U+FFFD. Returns how many
 * bytes were refused. */
static gsize
convert(GIConv handle, const char *bytes, gsize length, GString *out)
{
	char *in = (char *)bytes;
	gsize left = length, refused = 0;

	g_iconv(handle, NULL, NULL, NULL, NULL);
	while (left > 0) {
		char buffer[4096];
		char *to = buffer;
		gsize room = sizeof buffer;
		gsize rc = g_iconv(handle, &in, &left, &to, &room);
		bool full = rc == (gsize)-1 && errno == E2BIG;

		g_string_append_len(out, buffer, to - buffer);
		if (rc != (gsize)-1 || full)
			continue;
		append_replacement(out);
		refused++;
		in++;
		left--;
	}
	flush(handle, out);
	return refused;
}

static gsize
convert_by_table(const Charset *charset, const char *bytes, gsize length,
    GString *out)
{
	gsize refused = 0;

	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)bytes[i];
		const char *utf8;

		if (c < 0x80) {
			g_string_append_c(out, (char)c);
			continue;
		}
		utf8 = charset->upper[c - 0x80];
		g_string_append_len(out, utf8, g_utf8_next_char(utf8) - utf8);
		refused += g_utf8_get_char(utf8) == 0xfffd ? 1 : 0;
	}
	return refused;
}

/* Without a mark of the order, the half of which more is NUL is the first of
 * Latin letters, blanks and line ends. */
static const Charset *
utf16_of(const Charset *charset, const char *bytes, gsize length)
{
	gsize first = 0, second = 0;

	if (length >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0)
		return find_charset("utf-16le");
	if (length >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0)
		return charset;
	for (gsize i = 0; i + 1 < length; i += 2) {
		first += bytes[i] == '\0';
		second += bytes[i + 1] == '\0';
	}
	return second > first ? find_charset("utf-16le") : charset;
}

/* Without the mark of the order itself. */
static gsize
convert_utf16(const Charset *charset, const char *bytes, gsize length,
    GString *out)
{
	gsize start = out->len;
	gsize refused = convert(utf16_of(charset, bytes, length)->handle, bytes,
	    length, out);

	if (g_str_has_prefix(out->str + start, "\xef\xbb\xbf"))
		g_string_erase(out, (gssize)start, 3);
	return refused;
}

static gsize
decode(const Charset *charset, const char *bytes, gsize length, GString *out)
{
	g_autoptr(GString) whole = NULL;

	switch (charset->manner) {
	case READ_TABLE:
		return convert_by_table(charset, bytes, length, out);
	case READ_JAPANESE:
		whole = charset_unshift_japanese(bytes, length);
		return convert(charset->handle, whole->str, whole->len, out);
	case READ_HZ:
		whole = charset_unshift_hz(bytes, length);
		return convert(charset->handle, whole->str, whole->len, out);
	case READ_UTF16:
		return convert_utf16(charset, bytes, length, out);
	case READ_BY_LOOKING:
	case READ_ICONV:
		break;
	}
	return convert(charset->handle, bytes, length, out);
}

static gsize
valid_prefix(const char *bytes, gsize length)
{
	const char *end = bytes;

	g_utf8_validate_len(bytes, length, &end);
	return (gsize)(end - bytes);
}

/* How many valid characters of several bytes, and how many invalid bytes. */
static void
count_utf8(const char *p, gsize left, gsize *ret_good, gsize *ret_bad)
{
	gsize good = 0, bad = 0;

	while (left > 0) {
		gsize step = 1;

		if ((guchar)*p >= 0x80) {
			gunichar c = g_utf8_get_char_validated(p, (gssize)left);

			if (c < 0x80000000u) {
				good++;
				step = (gsize)(g_utf8_next_char(p) - p);
			} else {
				bad++;
			}
		}
		p += step;
		left -= step;
	}
	*ret_good = good;
	*ret_bad = bad;
}

static GString *
repair_utf8(const char *bytes, gsize length)
{
	GString *out = g_string_sized_new(length);

	while (length > 0) {
		gsize good = valid_prefix(bytes, length);

		/* A NUL is valid, but stops GLib. */
		if (good < length && bytes[good] == '\0')
			good++;
		g_string_append_len(out, bytes, (gssize)good);
		bytes += good;
		length -= good;
		if (length > 0 && (good == 0 || bytes[-1] != '\0')) {
			append_replacement(out);
			bytes++;
			length--;
		}
	}
	return out;
}

/* Shifted text is all ASCII to the eye: what its escapes say. */
static const char *
shifted_charset(const char *bytes, gsize length)
{
	const char *end = bytes + length;
	const char *p = length > 2 ? memchr(bytes, '\x1b', length - 2) : NULL;

	for (; p != NULL && end - p > 2;
	     p = memchr(p + 1, '\x1b', (gsize)(end - p - 1))) {
		if (p[1] != '$')
			continue;
		if (p[2] == ')' && end - p > 3)
			return p[3] == 'C' ? "iso-2022-kr"
			    : p[3] == 'A'  ? "iso-2022-cn-ext"
					   : "iso-2022-jp";
		if (strchr("@B(", p[2]) != NULL)
			return "iso-2022-jp";
	}
	return NULL;
}

static GString *
decode_named(const char *name, const char *bytes, gsize length)
{
	const Charset *charset = find_charset(name);
	GString *out;

	if (charset == NULL || charset->manner == READ_BY_LOOKING)
		return repair_utf8(bytes, length);
	out = g_string_sized_new(length + length / 2);
	decode(charset, bytes, length, out);
	return out;
}

static GString *
decide_by_looking(const char *hint, const char *bytes, gsize length,
    bool *ret_bad)
{
	const Charset *hinted = hint != NULL ? find_charset(hint) : NULL;
	const char *shifted = shifted_charset(bytes, length);
	gsize good, bad;

	*ret_bad = false;
	if (shifted != NULL)
		return decode_named(shifted, bytes, length);
	if (valid_prefix(bytes, length) == length)
		return g_string_new_len(bytes, (gssize)length);
	count_utf8(bytes, length, &good, &bad);
	if (good > bad || bad == 0) {
		*ret_bad = bad > 0;
		return repair_utf8(bytes, length);
	}
	if (hinted != NULL && hinted->manner != READ_BY_LOOKING) {
		GString *out = g_string_sized_new(length + length / 2);

		if (decode(hinted, bytes, length, out) == 0)
			return out;
		g_string_free(out, TRUE);
	}
	return decode_named(charset_guess(bytes, length), bytes, length);
}

GString *
charset_raw_to_utf8(const char *hint, const char *bytes, gsize length)
{
	bool bad;

	return decide_by_looking(hint, bytes, length, &bad);
}

GString *
charset_to_utf8(const char *label, const char *bytes, gsize length,
    bool *ret_bad)
{
	const Charset *charset = label != NULL ? find_charset(label) : NULL;
	GString *out;
	bool bad = false;

	if (charset == NULL || charset->manner == READ_BY_LOOKING) {
		out = decide_by_looking(NULL, bytes, length, &bad);
		*ret_bad = label != NULL && (charset == NULL || bad);
		return out;
	}
	*ret_bad = true;
	out = g_string_sized_new(length + length / 2);
	if (decode(charset, bytes, length, out) == 0) {
		*ret_bad = false;
	} else if (valid_prefix(bytes, length) == length) {
		/* A wrong label on what reads as UTF-8. */
		g_string_truncate(out, 0);
		g_string_append_len(out, bytes, (gssize)length);
	}
	return out;
}
