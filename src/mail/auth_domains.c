#include "guichet/auth.h"

#include <string.h>

/*
 * Names that registries sell under, most of them below two-letter domains:
 * "co.uk", "com.fr", "gouv.fr". Taking one too many for a registry's costs an
 * acknowledgment; one too few lets strangers pass for one organisation.
 */
static const char *const registry_labels[] = { "ab", "ac", "act", "ad", "asn",
	"asso", "biz", "bc", "cci", "co", "com", "ed", "edu", "firm", "gc",
	"gen", "geek", "go", "gob", "gouv", "gov", "govt", "gr", "gv", "id",
	"idf", "ind", "inf", "info", "iwi", "k12", "lg", "ltd", "maori", "me",
	"med", "mil", "mod", "muni", "name", "ne", "net", "ngo", "nhs", "nic",
	"nom", "nome", "nsw", "nt", "off", "on", "or", "org", "plc", "police",
	"prd", "press", "priv", "pro", "publ", "qc", "qld", "re", "sa", "sch",
	"school", "sld", "tas", "tm", "vic", "wa", "web" };

/* Whole names under which anybody gets one of his own. */
static const char *const shared[] = { "appspot.com", "azurewebsites.net",
	"blogspot.com", "br.com", "cloudfront.net", "cn.com", "co.com",
	"de.com", "eu.com", "eu.org", "firebaseapp.com", "gb.net", "github.io",
	"gitlab.io", "gr.com", "herokuapp.com", "in.net", "jp.net", "jpn.com",
	"mex.com", "netlify.app", "onmicrosoft.com", "pages.dev", "ru.com",
	"sa.com", "se.net", "uk.com", "uk.net", "us.com", "vercel.app",
	"web.app", "workers.dev", "za.com" };

static bool
is_among(const char *name, const char *const *list, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

/* Of a lower-case name. */
static bool
is_public_suffix(const char *domain)
{
	const char *dot = strchr(domain, '.');
	g_autofree char *label = NULL;

	if (dot == NULL || is_among(domain, shared, G_N_ELEMENTS(shared)))
		return true;
	if (strlen(dot) != 3) /* not two labels, the second of two letters */
		return false;
	label = g_strndup(domain, (gsize)(dot - domain));
	return is_among(label, registry_labels, G_N_ELEMENTS(registry_labels));
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
auth_domains_aligned(const char *a, const char *b)
{
	g_autofree char *one = normal(a), *two = normal(b);
	const char *below = strlen(one) > strlen(two) ? one : two;
	const char *above = below == one ? two : one;
	gsize rest = strlen(below) - strlen(above);

	if (*above == '\0' || strcmp(below + rest, above) != 0)
		return false;
	return rest == 0 ||
	    (rest > 1 && below[rest - 1] == '.' && !is_public_suffix(above));
}
