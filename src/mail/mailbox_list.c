/* Lists of mailboxes, read with tolerance and in one pass. */
#include "guichet/mail/mailbox_list.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/charset.h"

#include <string.h>

/* An encoded word, though RFC 2047 allows it 75. */
enum {
	MAX_WORD_BYTES = 1000
};

/* One mailbox as far as it is read. */
typedef struct {
	const char *p;    /* what comes next */
	GPtrArray *out;   /* Mailbox * */
	GString *word;    /* that is being read */
	GString *address; /* a word with '@': an address, unless "<" follows */
	GString *phrase;  /* the words before it */
	GString *comment; /* words in comments: the name of old programs */
	bool decode;      /* look into encoded words */
	bool is_inner;    /* the line stood in quotes, or encoded */
	bool unclosed_quote, unclosed_comment; /* from here on */
} Reader;

/* What may stand around an address and is none of it. */
static bool
is_wrapping(gunichar c)
{
	return c <= 0x20 || strchr("'`<>()[", (int)MIN(c, 0x7f)) != NULL ||
	    c == 0xa0 || c == 0xab || c == 0xbb ||
	    (c >= 0x2018 && c <= 0x201f) || text_is_hidden(c);
}

/* The address without what stands around it: quotes as a pair only, since a
 * local part may have its own. */
static char *
tidy(const char *text)
{
	const char *end = text + strlen(text);
	g_autofree char *bare = NULL;
	char *at;

	while (text < end && is_wrapping(g_utf8_get_char(text)))
		text = g_utf8_next_char(text);
	while (
	    end > text && is_wrapping(g_utf8_get_char(g_utf8_prev_char(end))))
		end = g_utf8_prev_char(end);
	/* "[mailto:a@b]", but not "a@[192.0.2.1]". */
	if (end > text && end[-1] == ']' &&
	    memchr(text, '[', (gsize)(end - text)) == NULL)
		end--;
	if (end - text > 2 && *text == '"' && end[-1] == '"')
		return tidy(
		    (bare = g_strndup(text + 1, (gsize)(end - text - 2))));
	bare = g_strndup(text, (gsize)(end - text));
	at = strrchr(bare, '@');
	if (at != NULL) {
		/* What a link has behind it: "mailto:a@b?subject=x". */
		at[strcspn(at, "?")] = '\0';
		if (g_str_has_suffix(at, "."))
			bare[strlen(bare) - 1] = '\0';
	}
	return g_steal_pointer(&bare);
}

static char *
plain_name(const GString *words)
{
	g_autofree char *decoded = charset_decode_words(NULL, words->str,
	    words->len);

	return text_clean_line(decoded, -1, LIMIT_SUBJECT_BYTES);
}

/* The mailbox is whole; its name stood before it, or in a comment. */
static void
emit(Reader *reader, const char *address)
{
	g_autofree char *bare = tidy(address);
	g_autofree char *clean = text_clean_line(bare, -1, LIMIT_SUBJECT_BYTES);
	g_autofree char *name = plain_name(
	    reader->phrase->len > 0 ? reader->phrase : reader->comment);

	g_string_truncate(reader->phrase, 0);
	g_string_truncate(reader->comment, 0);
	/* "@host" is of a route. */
	if (*clean != '\0' && *clean != '@' &&
	    reader->out->len < LIMIT_MAILBOXES)
		g_ptr_array_add(reader->out, mailbox_new(name, clean));
}

static void
append_word(GString *phrase, const GString *word)
{
	if (phrase->len > 0 && word->len > 0)
		g_string_append_c(phrase, ' ');
	g_string_append_len(phrase, word->str, (gssize)word->len);
}

static void
end_address(Reader *reader)
{
	if (reader->address->len > 0)
		emit(reader, reader->address->str);
	g_string_truncate(reader->address, 0);
}

/* Of a link or an encoded line: "a%40b", "a=40b". Where an '@' stands it is
 * part of what the address is. */
static void
put_at(const Reader *reader, GString *word)
{
	static const char *const escapes[] = { "%40", "=40" };

	if (!reader->decode || strchr(word->str, '@') != NULL ||
	    strstr(word->str, "=?") != NULL)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(escapes); i++) {
		const char *escape = strstr(word->str, escapes[i]);

		if (escape == NULL)
			continue;
		word->str[escape - word->str] = '@';
		g_string_erase(word, escape - word->str + 1, 2);
		return;
	}
}

/* A word is an address, or belongs to the name of the next one. */
static void
end_word(Reader *reader)
{
	if (reader->word->len == 0)
		return;
	end_address(reader);
	put_at(reader, reader->word);
	if (strchr(reader->word->str, '@') != NULL &&
	    (!reader->decode || strstr(reader->word->str, "=?") == NULL))
		g_string_assign(reader->address, reader->word->str);
	else
		append_word(reader->phrase, reader->word);
	g_string_truncate(reader->word, 0);
}

static void read_line(const char *line, Reader *reader);

/* Addresses that stand where only a name should: encoded, or in quotes. */
static bool
take_hidden(Reader *reader)
{
	g_autofree char *words = NULL;

	if (reader->decode && strstr(reader->phrase->str, "=?") != NULL)
		words = plain_name(reader->phrase);
	else
		words = g_strdup(reader->phrase->str);
	if (reader->is_inner || strchr(words, '@') == NULL)
		return false;
	g_string_truncate(reader->phrase, 0);
	read_line(words, &(Reader){ .out = reader->out, .is_inner = true });
	return true;
}

/* At a ',' or ';'. Words without an address are a name with a comma, which
 * should stand in quotes: "Morel, Jeanne <jeanne@client.example>". */
static void
end_mailbox(Reader *reader)
{
	end_word(reader);
	end_address(reader);
	if (reader->phrase->len > 0 && !take_hidden(reader))
		g_string_append_c(reader->phrase, ',');
}

/* At the line's end. A lone word is a local mailbox: "root". */
static void
end_line(Reader *reader)
{
	bool any = reader->out->len > 0;
	g_autofree char *words = NULL;

	end_word(reader);
	end_address(reader);
	if (reader->phrase->len == 0 || take_hidden(reader) || any ||
	    strchr(reader->phrase->str, ' ') != NULL)
		return;
	words = g_strdup(reader->phrase->str);
	g_string_truncate(reader->phrase, 0);
	emit(reader, words);
}

/* ---- what is read as one ---- */

/* Behind an encoded word: what stands in it separates nothing. */
static const char *
encoded_end(const char *p)
{
	const char *start = p;
	int marks = 0;

	for (p += 2; marks < 2 || p[0] != '?' || p[1] != '='; p++) {
		if (*p == '\0' || *p == ' ' || p - start > MAX_WORD_BYTES)
			return NULL;
		marks += *p == '?';
	}
	return p + 2;
}

/* Behind the '"' that closes; NULL, from then on without looking, if none
 * does. */
static const char *
quoted_end(Reader *reader)
{
	const char *p = reader->p + 1;

	if (reader->unclosed_quote)
		return NULL;
	while (*p != '\0' && *p != '"')
		p += p[0] == '\\' && p[1] != '\0' ? 2 : 1;
	reader->unclosed_quote = *p == '\0';
	return *p == '"' ? p + 1 : NULL;
}

static const char *
comment_end(Reader *reader)
{
	int depth = 0;

	if (reader->unclosed_comment)
		return NULL;
	for (const char *p = reader->p; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	reader->unclosed_comment = true;
	return NULL;
}

static void
append_unescaped(GString *out, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		g_string_append_c(out, *p);
	}
}

/* A quoted string is a local part, which keeps its quotes, or words. */
static void
take_quoted(Reader *reader, const char *end)
{
	if (*end == '@')
		g_string_append_len(reader->word, reader->p, end - reader->p);
	else
		append_unescaped(reader->word, reader->p + 1, end - 1);
	if (*end != '@') {
		end_address(reader);
		append_word(reader->phrase, reader->word);
		g_string_truncate(reader->word, 0);
	}
	reader->p = end;
}

static void
take_comment(Reader *reader, const char *end)
{
	if (reader->comment->len > 0)
		g_string_append_c(reader->comment, ' ');
	append_unescaped(reader->comment, reader->p + 1, end - 1);
	reader->p = end;
}

/* No address may be encoded; some programs do it. */
static void
decode_inside(const Reader *reader, GString *inside)
{
	g_autofree char *plain = NULL;

	put_at(reader, inside);
	if (!reader->decode || strstr(inside->str, "=?") == NULL)
		return;
	plain = plain_name(inside);
	if (strchr(plain, '@') != NULL)
		g_string_assign(inside, plain);
}

/* Within <>: a route or a scheme before a colon is no part of the address. */
static void
take_angle(Reader *reader)
{
	g_autoptr(GString) inside = g_string_new(NULL);

	/* What stands before it is a name, whatever it looks like. */
	append_word(reader->phrase, reader->address);
	append_word(reader->phrase, reader->word);
	g_string_truncate(reader->address, 0);
	g_string_truncate(reader->word, 0);
	for (reader->p++; *reader->p != '\0' &&
	     strchr(inside->len > 0 ? ",;<>" : ",;>", *reader->p) == NULL;) {
		const char *p = reader->p;
		const char *end = *p == '"' ? quoted_end(reader) : NULL;

		reader->p = end != NULL ? end : p + 1;
		if (*p == ':')
			g_string_truncate(inside, 0);
		else if (*p != '<')
			g_string_append_len(inside, p, reader->p - p);
	}
	while (*reader->p == '>')
		reader->p++;
	decode_inside(reader, inside);
	emit(reader, inside->str);
}

/* A blank ends a word, but for those around the '@' of old addresses. */
static void
take_blanks(Reader *reader)
{
	gsize length = reader->word->len;

	reader->p += strspn(reader->p, " \t");
	if (*reader->p != '@' &&
	    (length == 0 || reader->word->str[length - 1] != '@'))
		end_word(reader);
}

static void
take_letter(Reader *reader)
{
	const char *end = reader->p + 1;

	if (reader->p[0] == '=' && reader->p[1] == '?')
		end = encoded_end(reader->p);
	if (end == NULL)
		end = reader->p + 1;
	g_string_append_len(reader->word, reader->p, end - reader->p);
	reader->p = end;
}

static void
take_next(Reader *reader)
{
	const char *end;

	switch (*reader->p) {
	case ' ':
	case '\t':
		take_blanks(reader);
		return;
	case ',':
	case ';':
		reader->p++;
		end_mailbox(reader);
		return;
	case ':': /* a group's name, "mailto:", "SMTP:" */
		reader->p++;
		g_string_truncate(reader->word, 0);
		g_string_truncate(reader->phrase, 0);
		return;
	case '<':
		take_angle(reader);
		return;
	case '"':
		end = quoted_end(reader);
		if (end == NULL)
			break;
		take_quoted(reader, end);
		return;
	case '(':
		end = comment_end(reader);
		if (end == NULL)
			break;
		take_comment(reader, end);
		return;
	default:
		break;
	}
	take_letter(reader);
}

static void
read_line(const char *line, Reader *reader)
{
	reader->p = line;
	reader->word = g_string_new(NULL);
	reader->address = g_string_new(NULL);
	reader->phrase = g_string_new(NULL);
	reader->comment = g_string_new(NULL);
	while (*reader->p != '\0')
		take_next(reader);
	end_line(reader);
	g_string_free(reader->word, TRUE);
	g_string_free(reader->address, TRUE);
	g_string_free(reader->phrase, TRUE);
	g_string_free(reader->comment, TRUE);
}

void
mailbox_list_read(const char *line, bool decode, GPtrArray *mailboxes)
{
	read_line(line, &(Reader){ .out = mailboxes, .decode = decode });
}
