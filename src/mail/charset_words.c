/* Encoded words (RFC 2047), with tolerance, and the raw bytes between them. */
#include "guichet/mail/charset.h"

#include "transfer_private.h"

#include <string.h>

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
append_text(GString *out, GString *text)
{
	g_string_append_len(out, text->str, (gssize)text->len);
	g_string_free(text, TRUE);
}

/* Decodes a run of words of one charset as one: senders split characters. */
static const char *
append_words(GString *out, Line *line, const char *p, Word word)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	g_autofree char *label = g_strndup(word.charset, word.charset_length);
	bool bad;

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
	append_text(out, charset_to_utf8(label, bytes->str, bytes->len, &bad));
	return p;
}

/* "utf-7", "unicode-1-1-utf-7", "csUnicode11UTF7" */
static bool
is_utf7(const Word *word)
{
	const char *end = word->charset + word->charset_length;

	return word->charset_length >= 4 && end[-1] == '7' &&
	    (g_ascii_strncasecmp(end - 4, "utf7", 4) == 0 ||
		(word->charset_length >= 5 &&
		    g_ascii_strncasecmp(end - 5, "utf-7", 5) == 0));
}

char *
charset_decode_words(const char *hint, const char *bytes, gsize length)
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
		append_text(out,
		    charset_raw_to_utf8(hint, plain, (gsize)(p - plain)));
		p = append_words(out, &line, p, word);
		plain = p;
	}
	append_text(out,
	    charset_raw_to_utf8(hint, plain, (gsize)(end - plain)));
	return g_string_free(out, FALSE);
}
