/* A telephone number in what stands below somebody's words. */
#include "guichet/words/body.h"

#include "guichet/base/base.h"

#include <string.h>

enum {
	DIGITS_LEAST = 8, /* fewer is an extension, a year, a post code */
	DIGITS_MOST = 15, /* ITU-T E.164 */
};

/* Whether a number may stand there: not within a word, an address or a link. */
static bool
begins(const char *text, const char *at)
{
	if (*at != '+' && *at != '0' && *at != '(')
		return false;
	return at == text || (strchr(" \t\n:.|/,;-", at[-1]) != NULL);
}

/* Where it ends; NULL if it is no number: too few digits, or too many. */
static const char *
end_of(const char *at)
{
	const char *end = at;
	guint digits = 0;

	for (const char *p = at; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p)) {
			digits++;
			end = p + 1;
		} else if (strchr(" .-/()", *p) == NULL &&
		    !(p == at && *p == '+')) {
			break;
		}
	}
	if (digits < DIGITS_LEAST || digits > DIGITS_MOST ||
	    g_ascii_isalpha(*end) || *end == '@')
		return NULL;
	return end;
}

char *
body_phone(const char *signature)
{
	for (const char *p = signature; *p != '\0'; p++) {
		const char *end = begins(signature, p) ? end_of(p) : NULL;

		if (end != NULL)
			return g_strndup(p, (gsize)(end - p));
	}
	return g_strdup("");
}
