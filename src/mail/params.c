/* The value and the parameters of Content-* fields. */
#include "params_private.h"

#include "guichet/base/limits.h"
#include "guichet/mail/charset.h"

#include <string.h>

/* More continuations than this are not a file name. */
enum {
	MAX_SECTIONS = LIMIT_PARAMETERS
};

const char *
params_skip_blanks(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && depth > 0 && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !g_ascii_isspace(*p))
			break;
	}
	return p;
}

char *
params_value(const char *field, gsize length)
{
	const char *p = field, *end = field + length;
	GString *value = g_string_new(NULL);

	while ((p = params_skip_blanks(p, end)) < end && *p != ';' &&
	    value->len < 128) {
		/* A blank ends the value, but not around the slash. */
		if (value->len > 0 && p > field && g_ascii_isspace(p[-1]) &&
		    *p != '/' && value->str[value->len - 1] != '/')
			break;
		if (*p > 0x20 && *p < 0x7f && *p != '"')
			g_string_append_c(value, g_ascii_tolower(*p));
		p++;
	}
	return g_string_free(value, FALSE);
}

/* A token or a quoted string, appended as bytes. Returns what follows. */
static const char *
read_text(const char *p, const char *end, GString *out)
{
	if (p < end && *p == '"') {
		for (p++; p < end && *p != '"'; p++) {
			if (*p == '\\' && p + 1 < end &&
			    (p[1] == '"' || p[1] == '\\'))
				p++;
			if (*p != '\r' && *p != '\n')
				g_string_append_c(out, *p);
		}
		return p < end ? p + 1 : p;
	}
	/* Unquoted, and blanks in names are common: up to the semicolon. */
	for (; p < end && *p != ';'; p++) {
		if (*p != '\r' && *p != '\n')
			g_string_append_c(out, *p);
	}
	while (out->len > 0 && g_ascii_isspace(out->str[out->len - 1]))
		g_string_truncate(out, out->len - 1);
	return p;
}

/* One parameter as written: name, section of a continuation, form. */
typedef struct {
	const char *name;
	gsize name_length;
	int section;   /* -1: not continued */
	bool extended; /* %XX, and a charset in the first section */
	GString *text;
} Piece;

static void
split_name(Piece *piece)
{
	const char *star = memchr(piece->name, '*', piece->name_length);
	const char *end = piece->name + piece->name_length;
	int section = 0;

	piece->section = -1;
	piece->extended = false;
	if (star == NULL)
		return;
	piece->name_length = (gsize)(star - piece->name);
	if (star + 1 == end) {
		piece->extended = true;
		return;
	}
	for (star++; star < end && g_ascii_isdigit(*star); star++) {
		if (section <= MAX_SECTIONS)
			section = section * 10 + (*star - '0');
	}
	piece->section = section;
	piece->extended = star < end && *star == '*';
}

/* Reads the parameter that begins behind a ';'. */
static const char *
read_piece(const char *p, const char *end, Piece *piece)
{
	p = params_skip_blanks(p, end);
	piece->name = p;
	while (p < end && *p != '=' && *p != ';' && !g_ascii_isspace(*p))
		p++;
	piece->name_length = (gsize)(p - piece->name);
	split_name(piece);
	p = params_skip_blanks(p, end);
	if (p < end && *p == '=')
		p = read_text(params_skip_blanks(p + 1, end), end, piece->text);
	/* Whatever is left is not ours to understand. */
	while (p < end && *p != ';')
		p++;
	return p;
}

static void
append_percent(GString *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '%' && g_ascii_isxdigit(text[1]) &&
		    g_ascii_isxdigit(text[2])) {
			g_string_append_c(out,
			    (char)(g_ascii_xdigit_value(text[1]) * 16 +
				g_ascii_xdigit_value(text[2])));
			text += 2;
		} else {
			g_string_append_c(out, *text);
		}
	}
}

/* The bytes of an extended piece; the first one names the charset. */
static void
append_piece(GString *bytes, const Piece *piece, char **charset)
{
	const char *text = piece->text->str;

	if (!piece->extended) {
		g_string_append_len(bytes, text, (gssize)piece->text->len);
		return;
	}
	if (piece->section <= 0) {
		const char *first = strchr(text, '\'');
		const char *second = first ? strchr(first + 1, '\'') : NULL;

		if (second != NULL) {
			g_free(*charset);
			*charset = g_strndup(text, (gsize)(first - text));
			text = second + 1;
		}
	}
	append_percent(bytes, text);
}

static char *
join(GString **sections, const char *charset, const GString *plain,
    const char *hint)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	GString *text;
	bool bad;

	if (sections[0] == NULL)
		return plain == NULL
		    ? NULL
		    : charset_decode_words(hint, plain->str, plain->len);
	for (int i = 0; i < MAX_SECTIONS && sections[i] != NULL; i++)
		g_string_append_len(bytes, sections[i]->str,
		    (gssize)sections[i]->len);
	if (charset == NULL)
		return charset_decode_words(hint, bytes->str, bytes->len);
	text = charset_says_something(charset)
	    ? charset_to_utf8(charset, bytes->str, bytes->len, &bad)
	    : charset_raw_to_utf8(hint, bytes->str, bytes->len);
	/* A NUL would end the name early. */
	for (gsize i = 0; i < text->len; i++) {
		if (text->str[i] == '\0')
			text->str[i] = '\x01';
	}
	return g_string_free(text, FALSE);
}

static const char *
to_parameters(const char *field, const char *end)
{
	const char *p = field;

	while (p < end && *p != ';') {
		const char *next = params_skip_blanks(p, end);

		p = next > p ? next : p + 1;
	}
	return p;
}

char *
params_get(const char *field, gsize length, const char *name)
{
	return params_get_hinted(field, length, name, NULL);
}

char *
params_get_hinted(const char *field, gsize length, const char *name,
    const char *hint)
{
	const char *end = field + length, *p = to_parameters(field, end);
	GString *sections[MAX_SECTIONS] = { NULL }, *plain = NULL;
	g_autofree char *charset = NULL;
	gsize name_length = strlen(name);
	char *found;

	for (int count = 0; p < end && *p == ';' && count < LIMIT_PARAMETERS;
	     count++) {
		g_autoptr(GString) text = g_string_new(NULL);
		Piece piece = { .text = text };

		p = read_piece(p + 1, end, &piece);
		if (piece.name_length != name_length ||
		    g_ascii_strncasecmp(piece.name, name, name_length) != 0)
			continue;
		if (piece.section < 0 && !piece.extended) {
			if (plain == NULL)
				plain = g_string_new_len(text->str,
				    (gssize)text->len);
		} else {
			int at = MAX(piece.section, 0);

			if (at >= MAX_SECTIONS || sections[at] != NULL)
				continue;
			sections[at] = g_string_new(NULL);
			append_piece(sections[at], &piece, &charset);
		}
	}
	found = join(sections, charset, plain, hint);
	for (int i = 0; i < MAX_SECTIONS; i++) {
		if (sections[i] != NULL)
			g_string_free(sections[i], TRUE);
	}
	if (plain != NULL)
		g_string_free(plain, TRUE);
	return found;
}
