/* The prefixes that mail programs put before a subject. */
#include "guichet/words/subject.h"

#include <string.h>

enum {
	PREFIX_BYTES = 48, /* the longest word before a colon */
};

#define FULL_COLON "："

/* The colon of a prefix, or NULL; *ret_length is its bytes. */
static const char *
find_colon(const char *subject, gsize *ret_length)
{
	for (const char *p = subject; *p != '\0' && p - subject < PREFIX_BYTES;
	     p++) {
		if (*p == ':') {
			*ret_length = 1;
			return p;
		}
		if (g_str_has_prefix(p, FULL_COLON)) {
			*ret_length = strlen(FULL_COLON);
			return p;
		}
	}
	return NULL;
}

/* "re[2]", "aw(3)", "re^2": without the number. */
static void
cut_number(char *word)
{
	char *end = word + strlen(word);

	if (end > word && (end[-1] == ']' || end[-1] == ')'))
		end--;
	while (end > word && g_ascii_isdigit(end[-1]))
		end--;
	if (end > word && *end != '\0' && strchr("[(^", end[-1]) != NULL)
		end[-1] = '\0';
	g_strchomp(word);
}

gsize
subject_prefix(const char *subject, QuotesPrefix *ret_prefix)
{
	gsize colon_length;
	const char *colon = find_colon(subject, &colon_length);
	g_autofree char *word = NULL;
	g_autofree char *folded = NULL;
	QuotesPrefix prefix;
	const char *rest;

	if (colon == NULL || colon == subject)
		return 0;
	word = g_strndup(subject, (gsize)(colon - subject));
	folded = quotes_fold(word);
	cut_number(folded);
	prefix = quotes_prefix(quotes_current(), folded);
	if (prefix.reply == 0 && prefix.forward == 0)
		return 0;
	if (ret_prefix != NULL)
		*ret_prefix = prefix;
	rest = colon + colon_length;
	return (gsize)(rest + strspn(rest, " ") - subject);
}

/* "[#12]" at `p`. */
static bool
is_tag(const char *p)
{
	gsize digits;

	if (!g_str_has_prefix(p, "[#"))
		return false;
	digits = strspn(p + 2, "0123456789");
	return digits > 0 && p[2 + digits] == ']';
}

static bool
has_tag(const char *subject)
{
	for (const char *p = strchr(subject, '['); p != NULL;
	     p = strchr(p + 1, '[')) {
		if (is_tag(p))
			return true;
	}
	return false;
}

/* Past "[EXT]", "{Spam?}", "(external)", "***SPAM***" and blanks. */
static const char *
skip_marks(const char *p)
{
	static const char *const pairs[] = { "[]", "{}", "()", "**" };

	for (bool again = true; again;) {
		again = false;
		p += strspn(p, " ");
		for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
			gsize open = strspn(p, (char[]){ pairs[i][0], '\0' });
			const char *end = open == 0
			    ? NULL
			    : strchr(p + open, pairs[i][1]);

			if (end == NULL || end - p > PREFIX_BYTES)
				continue;
			p = end + strspn(end, (char[]){ pairs[i][1], '\0' });
			again = true;
			break;
		}
	}
	return p;
}

SubjectKind
subject_kind(const char *subject, QuotesPrefix *ret_prefix)
{
	const char *p = skip_marks(subject);
	QuotesPrefix prefix;
	SubjectKind kind = SUBJECT_NEW;
	bool ours = has_tag(subject);

	for (gsize length; (length = subject_prefix(p, &prefix)) > 0;
	     p = skip_marks(p + length)) {
		SubjectKind found = prefix.forward == 0 ? SUBJECT_ANSWER
		    : prefix.reply == 0                 ? SUBJECT_FORWARD
							: SUBJECT_EITHER;

		if (kind != SUBJECT_NEW && (ours || found != SUBJECT_FORWARD))
			continue;
		kind = found;
		*ret_prefix = prefix;
		if (kind == SUBJECT_FORWARD)
			break;
	}
	return kind;
}
