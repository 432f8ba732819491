/*
 * Bytes under any label to valid UTF-8; converters are opened before the
 * sandbox shuts.
 */
#include "guichet/mail/charset.h"

#include "transfer_private.h"

#include <errno.h>
#include <string.h>

/* Every converter that is opened. UTF-8 and US-ASCII need none. */
static const char *const converters[] = { "windows-1250", "windows-1251",
	"windows-1252", "windows-1253", "windows-1254", "windows-1255",
	"windows-1256", "windows-1257", "windows-1258", "iso-8859-2",
	"iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7",
	"iso-8859-8", "iso-8859-9", "iso-8859-10", "iso-8859-11", "iso-8859-13",
	"iso-8859-14", "iso-8859-15", "iso-8859-16", "koi8-r", "koi8-u",
	"ibm437", "ibm850", "ibm852", "ibm858", "ibm866", "macintosh",
	"iso-2022-jp", "cp932", "euc-jp", "gb18030", "big5-hkscs", "cp949",
	"iso-2022-kr", "tis-620", "utf-16", "utf-16le", "utf-16be", "utf-32" };

/* Other names in mail, and labels that are narrower than what they hold. */
static const struct {
	const char *label, *converter;
} aliases[] = { { "cp1250", "windows-1250" }, { "cp1251", "windows-1251" },
	{ "cp1252", "windows-1252" }, { "x-cp1252", "windows-1252" },
	{ "cp1253", "windows-1253" }, { "cp1254", "windows-1254" },
	{ "cp1257", "windows-1257" }, { "latin2", "iso-8859-2" },
	{ "iso-8859-8-i", "iso-8859-8" }, { "latin5", "iso-8859-9" },
	{ "iso8859-2", "iso-8859-2" }, { "iso8859-15", "iso-8859-15" },
	{ "latin9", "iso-8859-15" }, { "latin-9", "iso-8859-15" },
	{ "iso_8859-15", "iso-8859-15" }, { "cp437", "ibm437" },
	{ "cp850", "ibm850" }, { "cp852", "ibm852" }, { "cp858", "ibm858" },
	{ "cp866", "ibm866" }, { "mac", "macintosh" },
	{ "x-mac-roman", "macintosh" }, { "shift_jis", "cp932" },
	{ "shift-jis", "cp932" }, { "sjis", "cp932" }, { "x-sjis", "cp932" },
	{ "windows-31j", "cp932" }, { "x-euc-jp", "euc-jp" },
	{ "iso-2022-jp-1", "iso-2022-jp" }, { "iso-2022-jp-2", "iso-2022-jp" },
	{ "gb2312", "gb18030" }, { "gbk", "gb18030" }, { "cp936", "gb18030" },
	{ "gb_2312-80", "gb18030" }, { "big5", "big5-hkscs" },
	{ "cp950", "big5-hkscs" }, { "euc-kr", "cp949" },
	{ "ks_c_5601-1987", "cp949" }, { "ks_c_5601", "cp949" },
	{ "windows-949", "cp949" }, { "windows-874", "iso-8859-11" },
	{ "ucs-2", "utf-16be" } };

/* Labels that say nothing: decided by looking. */
static const char *const vague[] = { "", "us-ascii", "ascii", "ansi_x3.4-1968",
	"utf-8", "utf8", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1",
	"latin-1", "8bit", "binary", "unknown-8bit", "x-unknown", "unknown",
	"default", "default_charset" };

static bool
is_vague(const char *label)
{
	for (gsize i = 0; i < G_N_ELEMENTS(vague); i++) {
		if (g_ascii_strcasecmp(label, vague[i]) == 0)
			return true;
	}
	return false;
}

static GHashTable *
open_all(void)
{
	GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; i < G_N_ELEMENTS(converters); i++) {
		GIConv handle = g_iconv_open("UTF-8", converters[i]);

		if (handle != (GIConv)-1)
			g_hash_table_insert(table, (gpointer)converters[i],
			    handle);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++) {
		gpointer handle = g_hash_table_lookup(table,
		    aliases[i].converter);

		if (handle != NULL)
			g_hash_table_insert(table, (gpointer)aliases[i].label,
			    handle);
	}
	return table;
}

static GHashTable *
handles(void)
{
	static GHashTable *table;

	if (g_once_init_enter(&table))
		g_once_init_leave(&table, open_all());
	return table;
}

void
charset_preload(void)
{
	handles();
}

/* NULL if the label is unknown, or too long to be one. */
static GIConv
find_handle(const char *label)
{
	char lower[32];
	gsize length = strlen(label);

	if (length >= sizeof lower)
		return NULL;
	for (gsize i = 0; i <= length; i++)
		lower[i] = g_ascii_tolower(label[i]);
	return g_hash_table_lookup(handles(), lower);
}

bool
charset_is_known(const char *label)
{
	return label == NULL || is_vague(label) || find_handle(label) != NULL;
}

static void
append_replacement(GString *out)
{
	g_string_append(out, "\xef\xbf\xbd");
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
	g_iconv(handle, NULL, NULL, NULL, NULL);
	return refused;
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

static GString *
decide_by_looking(const char *bytes, gsize length, bool *ret_bad)
{
	GIConv handle = find_handle("windows-1252");
	gsize good, bad;
	GString *out;

	*ret_bad = false;
	if (valid_prefix(bytes, length) == length)
		return g_string_new_len(bytes, (gssize)length);
	count_utf8(bytes, length, &good, &bad);
	if (good > bad || handle == NULL || bad == 0) {
		*ret_bad = bad > 0;
		return repair_utf8(bytes, length);
	}
	out = g_string_sized_new(length + length / 4);
	convert(handle, bytes, length, out);
	return out;
}

GString *
charset_to_utf8(const char *label, const char *bytes, gsize length,
    bool *ret_bad)
{
	GIConv handle;
	GString *out;
	bool bad = false;

	if (label == NULL || is_vague(label)) {
		out = decide_by_looking(bytes, length, &bad);
		*ret_bad = label != NULL && bad;
		return out;
	}
	*ret_bad = true;
	handle = find_handle(label);
	if (handle == NULL)
		return decide_by_looking(bytes, length, &bad);
	out = g_string_sized_new(length + length / 2);
	if (convert(handle, bytes, length, out) == 0) {
		*ret_bad = false;
	} else if (valid_prefix(bytes, length) == length) {
		/* A wrong label on what reads as UTF-8. */
		g_string_truncate(out, 0);
		g_string_append_len(out, bytes, (gssize)length);
	}
	return out;
}

/* ---- encoded words ---- */

typedef struct {
	const char *charset; /* borrowed from the value */
	gsize charset_length;
	bool base64;
	const char *text;
	gsize text_length;
	const char *end; /* behind "?=" */
} Word;

/* The value that is decoded. `close` is the next "?=" at or after some place
 * already asked for, so that looking for it costs one pass in all. */
typedef struct {
	const char *end, *close;
} Line;

static const char *
find_close(Line *line, const char *from)
{
	if (line->close == NULL || line->close < from) {
		line->close = from;
		while (line->close < line->end &&
		    (line->end - line->close < 2 || line->close[0] != '?' ||
			line->close[1] != '='))
			line->close++;
	}
	return line->close < line->end ? line->close : NULL;
}

/* Reads one encoded word at "=?". */
static bool
read_word(Line *line, const char *p, Word *ret_word)
{
	const char *charset = p + 2, *mark, *close, *star;

	mark = memchr(charset, '?', (gsize)(line->end - charset));
	if (mark == NULL || mark == charset || mark - charset > 64 ||
	    line->end - mark < 5 || mark[2] != '?')
		return false;
	if (mark[1] == '\0' || strchr("bBqQ", mark[1]) == NULL)
		return false;
	close = find_close(line, mark + 3);
	if (close == NULL)
		return false;
	star = memchr(charset, '*', (gsize)(mark - charset));
	ret_word->charset = charset;
	ret_word->charset_length = (gsize)((star ? star : mark) - charset);
	ret_word->base64 = g_ascii_tolower(mark[1]) == 'b';
	ret_word->text = mark + 3;
	ret_word->text_length = (gsize)(close - (mark + 3));
	ret_word->end = close + 2;
	return true;
}

static void
append_word_bytes(GString *bytes, const Word *word)
{
	if (word->base64) {
		bool bad;

		transfer_decode_base64(word->text, word->text_length, bytes,
		    &bad);
		return;
	}
	for (gsize i = 0; i < word->text_length; i++) {
		char c = word->text[i];

		if (c == '=' && i + 2 < word->text_length &&
		    g_ascii_isxdigit(word->text[i + 1]) &&
		    g_ascii_isxdigit(word->text[i + 2])) {
			c = (char)(g_ascii_xdigit_value(word->text[i + 1]) *
				16 +
			    g_ascii_xdigit_value(word->text[i + 2]));
			i += 2;
		} else if (c == '_') {
			c = ' ';
		}
		g_string_append_c(bytes, c);
	}
}

static void
append_converted(GString *out, const char *label, const char *bytes,
    gsize length)
{
	bool bad;
	GString *text = charset_to_utf8(label, bytes, length, &bad);

	g_string_append_len(out, text->str, (gssize)text->len);
	g_string_free(text, TRUE);
}

/* Decodes a run of words of one charset as one: senders split characters. */
static const char *
append_words(GString *out, Line *line, const char *p, Word word)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	g_autofree char *label = g_strndup(word.charset, word.charset_length);

	for (;;) {
		const char *next, *end = line->end;
		Word other;

		append_word_bytes(bytes, &word);
		p = word.end;
		for (next = p; next < end && g_ascii_isspace(*next);)
			next++;
		if (end - next < 2 || next[0] != '=' || next[1] != '?' ||
		    !read_word(line, next, &other))
			break;
		p = next; /* blanks between words are not text */
		if (other.charset_length != word.charset_length ||
		    g_ascii_strncasecmp(other.charset, word.charset,
			word.charset_length) != 0)
			break;
		word = other;
	}
	append_converted(out, label, bytes->str, bytes->len);
	return p;
}

static bool
is_utf7(const Word *word)
{
	return word->charset_length == 5 &&
	    g_ascii_strncasecmp(word->charset, "utf-7", 5) == 0;
}

char *
charset_decode_words(const char *bytes, gsize length)
{
	GString *out = g_string_sized_new(length);
	const char *p = bytes, *end = bytes + length, *plain = bytes;
	Line line = { .end = end };

	while (p < end) {
		Word word;

		p = memchr(p, '=', (gsize)(end - p));
		if (p == NULL)
			break;
		if (end - p < 2 || p[1] != '?' || !read_word(&line, p, &word)) {
			p++;
			continue;
		}
		if (is_utf7(&word)) {
			p = word.end;
			continue;
		}
		append_converted(out, NULL, plain, (gsize)(p - plain));
		p = append_words(out, &line, p, word);
		plain = p;
	}
	append_converted(out, NULL, plain, (gsize)(end - plain));
	return g_string_free(out, FALSE);
}
