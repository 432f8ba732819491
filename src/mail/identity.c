/* Who wrote, from the raw bytes of the one From field. */
#include "guichet/mail/identity.h"

#include "guichet/base/text.h"

#include <string.h>

/* Line ends of folding become blanks; any other control is refused. */
static char *
unfold(const char *value, gsize length, const char **ret_defect)
{
	GString *line = g_string_sized_new(length);

	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)value[i];
		bool folded = (c == '\r' && i + 1 < length &&
				  value[i + 1] == '\n') ||
		    c == '\n';

		if (folded || c == '\t') {
			g_string_append_c(line, ' ');
		} else if (c < 0x20 || c == 0x7f) {
			*ret_defect = "from-control";
			g_string_free(line, TRUE);
			return NULL;
		} else {
			g_string_append_c(line, (char)c);
		}
	}
	g_strstrip(line->str);
	return g_string_free(line, FALSE);
}

/* A quoted string: what follows its closing quote, or NULL. */
static const char *
skip_quoted(const char *p)
{
	for (p++; *p != '\0' && *p != '"'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
	}
	return *p == '"' ? p + 1 : NULL;
}

/* A comment of plain text, "Jean (Support)"; else NULL. */
static const char *
skip_plain_comment(const char *p, const char *refused)
{
	for (p++; *p != '\0' && *p != ')'; p++) {
		if (strchr(refused, *p) != NULL)
			return NULL;
	}
	return *p == ')' ? p + 1 : NULL;
}

/* A dot stands behind a letter and before one or a blank: "J. R. Dupont".
 * Elsewhere parsers differ in where the name ends. */
static bool
is_plain_dot(const char *start, const char *p)
{
	return p > start && (g_ascii_isalnum(p[-1]) || (guchar)p[-1] >= 0x80) &&
	    (g_ascii_isalnum(p[1]) || p[1] == ' ' || (guchar)p[1] >= 0x80);
}

/*
 * Walks the display name up to the '<' of the address. NULL, and why, if the
 * name holds anything of another kind.
 */
static const char *
skip_phrase(const char *p, const char **ret_defect)
{
	const char *start = p;

	*ret_defect = "from-syntax";
	while (p != NULL && *p != '<') {
		switch (*p) {
		case '"':
			p = skip_quoted(p);
			if (p != NULL && *p == '@')
				*ret_defect = "from-quoted";
			break;
		case '(':
			p = skip_plain_comment(p, "(\\\"<>@,;:");
			if (p == NULL)
				*ret_defect = "from-comment";
			break;
		case ':':
			*ret_defect = "from-group";
			return NULL;
		case ',':
		case ';':
			*ret_defect = "from-several";
			return NULL;
		case '.':
			if (!is_plain_dot(start, p))
				return NULL;
			p++;
			break;
		case '\0':
		case '@':
		case '>':
		case ')':
		case '[':
		case ']':
		case '\\':
			return NULL;
		default:
			p++;
		}
	}
	return p;
}

/* Why this is no address: the words for people who look into it. */
static const char *
why_no_address(const char *text)
{
	if (*text == '\0')
		return "from-empty";
	for (const char *p = text; *p != '\0'; p++) {
		if ((guchar)*p >= 0x80)
			return "from-8bit";
	}
	if (strchr(text, ':') != NULL)
		return "from-group";
	if (strpbrk(text, ",;") != NULL)
		return "from-several";
	if (strchr(text, '(') != NULL)
		return "from-comment";
	if (*text == '"')
		return "from-quoted";
	return "from-syntax";
}

static char *
check_address(const char *text, const char **ret_defect)
{
	char *address;

	/* Atoms by the letter, but other parsers decode them. */
	if (strstr(text, "=?") != NULL) {
		*ret_defect = "from-encoded";
		return NULL;
	}
	address = text_address_canonical(text);
	if (address == NULL)
		*ret_defect = why_no_address(text);
	return address;
}

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " ");
}

/* Whether a mailbox may end here: at the end, or at the next one's comma. */
static bool
is_end(const char *p)
{
	return *p == '\0' || *p == ',';
}

/* The end of an address that stands bare: it has no blank, and a quoted local
 * part has an '@' right behind it. */
static const char *
bare_end(const char *p)
{
	if (*p == '"') {
		p = skip_quoted(p);
		if (p == NULL || *p != '@')
			return NULL;
	}
	return p + strcspn(p, " ,<>(");
}

/* "<addr>", with blanks around the address. *ret_end is what follows. */
static char *
read_angle(const char *p, const char **ret_end, const char **ret_defect)
{
	const char *close = strchr(p, '>');
	g_autofree char *inside = NULL;

	if (close == NULL) {
		*ret_defect = "from-syntax";
		return NULL;
	}
	inside = g_strndup(p + 1, (gsize)(close - p - 1));
	*ret_end = skip_blanks(close + 1);
	if (!is_end(*ret_end)) {
		*ret_defect = strchr(*ret_end, '<') != NULL ? "from-several"
		    : strchr(*ret_end, '(') != NULL         ? "from-comment"
							    : "from-syntax";
		return NULL;
	}
	return check_address(g_strstrip(inside), ret_defect);
}

/*
 * What begins with an address: "addr", "addr (Name)" as old programs write it,
 * or "addr <addr>", twice the same. *ret_address stays NULL if it is none of
 * these, which a name before an address may still be.
 */
static const char *
read_bare(const char *p, char **ret_address)
{
	const char *end = bare_end(p), *next, *defect;
	g_autofree char *word = end ? g_strndup(p, (gsize)(end - p)) : NULL;
	g_autofree char *address = word ? check_address(word, &defect) : NULL;
	g_autofree char *again = NULL;

	if (address == NULL)
		return NULL;
	next = skip_blanks(end);
	if (*next == '(') {
		next = skip_plain_comment(next, "(\\<>@,;:");
		next = next != NULL ? skip_blanks(next) : NULL;
	} else if (*next == '<') {
		again = read_angle(next, &next, &defect);
		if (g_strcmp0(again, address) != 0)
			return NULL;
	}
	if (next == NULL || !is_end(next))
		return NULL;
	*ret_address = g_steal_pointer(&address);
	return next;
}

/* One mailbox of the list; NULL, and why, if it gives no identity. */
static char *
read_mailbox(const char *p, const char **ret_end, const char **ret_defect)
{
	char *address = NULL;
	const char *open;

	*ret_end = read_bare(p, &address);
	if (address != NULL)
		return address;
	if (strchr(p, '<') == NULL) {
		*ret_defect = strstr(p, "=?") != NULL ? "from-encoded"
						      : why_no_address(p);
		return NULL;
	}
	open = skip_phrase(p, ret_defect);
	return open != NULL ? read_angle(open, ret_end, ret_defect) : NULL;
}

char *
identity_from_field(const char *value, gsize length, const char **ret_defect)
{
	g_autofree char *line = unfold(value, length, ret_defect);
	g_autofree char *identity = NULL;
	const char *p = line;

	if (line == NULL)
		return NULL;
	/* The same mailbox may stand there again, and a comma behind it. */
	do {
		g_autofree char *address = read_mailbox(skip_blanks(p), &p,
		    ret_defect);

		if (address == NULL)
			return NULL;
		if (identity != NULL && strcmp(identity, address) != 0) {
			*ret_defect = "from-several";
			return NULL;
		}
		if (identity == NULL)
			identity = g_steal_pointer(&address);
		p = *p == ',' ? skip_blanks(p + 1) : p;
	} while (*p != '\0');
	return g_steal_pointer(&identity);
}
