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

/* A comment of plain text in a display name, "Jean (Support)"; else NULL. */
static const char *
skip_plain_comment(const char *p)
{
	for (p++; *p != '\0' && *p != ')'; p++) {
		if (strchr("(\\\"<>@,;:", *p) != NULL)
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
			p = skip_plain_comment(p);
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

char *
identity_from_field(const char *value, gsize length, const char **ret_defect)
{
	g_autofree char *line = unfold(value, length, ret_defect);
	g_autofree char *address = NULL;
	const char *open, *close;

	if (line == NULL)
		return NULL;
	if (strchr(line, '<') == NULL)
		return check_address(line, ret_defect);
	open = skip_phrase(line, ret_defect);
	if (open == NULL)
		return NULL;
	close = strchr(open, '>');
	if (close == NULL || close[1] != '\0') {
		*ret_defect = close == NULL ? "from-syntax"
		    : close[1] == ',' || strchr(close + 1, '<') != NULL
		    ? "from-several"
		    : strchr(close + 1, '(') != NULL ? "from-comment"
						     : "from-syntax";
		return NULL;
	}
	address = g_strndup(open + 1, (gsize)(close - open - 1));
	return check_address(address, ret_defect);
}
