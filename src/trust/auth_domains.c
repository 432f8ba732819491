/*
 * Which domains are one organisation's (RFC 7489, 3.2), by Mozilla's list of
 * public suffixes: the system's copy where it is newer than libpsl's own.
 */
#include "guichet/trust/auth.h"

#include <libpsl.h>
#include <string.h>

static gpointer
load_list(gpointer data)
{
	(void)data;
	/* NULL, where there is neither, makes every name a public suffix. */
	return psl_latest(NULL);
}

static const psl_ctx_t *
suffixes(void)
{
	static GOnce once = G_ONCE_INIT;

	return g_once(&once, load_list, NULL);
}

static char *
normal(const char *domain)
{
	char *lower = g_ascii_strdown(domain, -1);
	gsize length = strlen(lower);

	if (length > 0 && lower[length - 1] == '.')
		lower[length - 1] = '\0';
	return lower;
}

bool
auth_is_public_suffix(const char *domain)
{
	const psl_ctx_t *list = suffixes();
	g_autofree char *lower = normal(domain);

	return list == NULL || psl_is_public_suffix(list, lower) != 0;
}

bool
auth_domains_aligned(const char *a, const char *b)
{
	g_autofree char *one = normal(a), *two = normal(b);
	const char *below = strlen(one) > strlen(two) ? one : two;
	const char *above = below == one ? two : one;
	gsize rest = strlen(below) - strlen(above);

	if (*above == '\0' || strcmp(below + rest, above) != 0)
		return false;
	return rest == 0 ||
	    (rest > 1 && below[rest - 1] == '.' &&
		!auth_is_public_suffix(above));
}

bool
auth_same_organisation(const char *a, const char *b)
{
	const psl_ctx_t *list = suffixes();
	g_autofree char *one = normal(a), *two = normal(b);
	const char *ours, *theirs;

	if (*one == '\0' || list == NULL)
		return false;
	if (strcmp(one, two) == 0)
		return true;
	ours = psl_registrable_domain(list, one);
	theirs = psl_registrable_domain(list, two);
	return ours != NULL && theirs != NULL && strcmp(ours, theirs) == 0;
}
