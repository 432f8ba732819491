/*
 * Which monitoring systems the site believes, and whether a mail is of one of
 * them.
 */
#include "guichet/site/alert_origin.h"

#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/time/duration.h"
#include "guichet/yaml/load.h"

#include <string.h>

#define ORIGIN_PROOF_NAMES(X)             \
 X(ORIGIN_TOKEN, "token")                 \
 X(ORIGIN_AUTHENTICATED, "authenticated") \
 X(ORIGIN_PINNED, "pinned")
NAME_TABLE(proofs, ORIGIN_PROOF_NAMES, ORIGIN_PROOF_COUNT);

#define ORIGIN_PROOF_WORDS(X)                         \
 X(ORIGIN_TOKEN, "by its secret address")             \
 X(ORIGIN_AUTHENTICATED, "by its authenticated From") \
 X(ORIGIN_PINNED, "by the host that gave it to us")
NAME_TABLE(proof_words, ORIGIN_PROOF_WORDS, ORIGIN_PROOF_COUNT);

#define SILENT_TIME (24 * 3600)

void
alert_origin_free(gpointer data)
{
	AlertOrigin *origin = data;

	g_free(origin->name);
	g_free(origin->address);
	g_free(origin->from);
	g_free(origin->host);
	g_free(origin->contract);
	g_free(origin);
}

/* ---- guichet.yaml ---- */

/* An address, or a domain alone. */
static char *
load_from(const YamlNode *map)
{
	const YamlNode *node = yaml_get(map, "from");
	const char *text = node == NULL ? NULL : yaml_text(node);
	g_autofree char *trial = NULL;
	g_autofree char *address = NULL;

	if (text == NULL)
		return NULL;
	if (strchr(text, '@') != NULL)
		return load_address(node);
	trial = g_strconcat("a@", text, NULL);
	address = text_address_canonical(trial);
	if (address == NULL) {
		yaml_problem(node, "'%s' is neither an address nor a domain",
		    text);
		return NULL;
	}
	return g_strdup(text_address_domain(address));
}

static void
check_proof(const YamlNode *map, const AlertOrigin *origin)
{
	if (origin->require == ORIGIN_TOKEN && origin->address == NULL)
		yaml_problem(map,
		    "'require: token' needs the secret 'address' that only "
		    "this source knows");
	if (origin->require == ORIGIN_AUTHENTICATED && origin->from == NULL)
		yaml_problem(map,
		    "'require: authenticated' needs 'from': who must prove "
		    "their address");
	if (origin->require == ORIGIN_PINNED && origin->host == NULL)
		yaml_problem(map,
		    "'require: pinned' needs 'host': the server that gives "
		    "us the mail");
}

static AlertOrigin *
origin_load(const YamlNode *map)
{
	static const char *const keys[] = { "name", "address", "from", "host",
		"require", "contract", "silent_after", NULL };
	AlertOrigin *origin = g_new0(AlertOrigin, 1);
	Duration silent = { DURATION_TIME, SILENT_TIME };
	const YamlNode *address;

	origin->name = g_strdup("");
	if (!yaml_check_keys(map, keys))
		return origin;
	(void)yaml_need(map, "name");
	g_free(origin->name);
	origin->name = g_strdup(yaml_get_text(map, "name", ""));
	if (strpbrk(origin->name, "|? \t") != NULL)
		yaml_problem(yaml_get(map, "name"),
		    "a short name is expected here, without blanks");
	address = yaml_get(map, "address");
	origin->address = address != NULL ? load_address(address) : NULL;
	origin->from = load_from(map);
	origin->host = g_strdup(yaml_get_text(map, "host", NULL));
	(void)yaml_need(map, "require");
	origin->require = (OriginProof)MAX(0,
	    yaml_get_choice(map, "require", proofs.words, 0));
	origin->contract = g_strdup(yaml_get_text(map, "contract", NULL));
	origin->place = yaml_place(map, "name");
	origin->address_at = yaml_place(map, "address");
	origin->contract_at = yaml_place(map, "contract");
	if (load_duration(map, "silent_after", &silent) &&
	    silent.unit != DURATION_TIME)
		yaml_problem(yaml_get(map, "silent_after"),
		    "write it in hours, as in 24h");
	origin->silent_after = silent.count;
	check_proof(map, origin);
	return origin;
}

GPtrArray *
alert_origins_load(const YamlNode *root)
{
	const YamlNode *list = yaml_get(root, "alert_sources");
	GPtrArray *origins = g_ptr_array_new_with_free_func(alert_origin_free);

	if (list != NULL && yaml_kind(list) != YAML_LIST) {
		yaml_problem(list, "a list of sources is expected here");
		return origins;
	}
	for (guint i = 0; i < yaml_count(list); i++) {
		AlertOrigin *one = origin_load(yaml_item(list, i));

		for (guint k = 0; k < origins->len; k++) {
			const AlertOrigin *other = origins->pdata[k];

			if (strcmp(other->name, one->name) == 0)
				yaml_problem(yaml_item(list, i),
				    "two sources are called '%s'", one->name);
		}
		g_ptr_array_add(origins, one);
	}
	return origins;
}

OriginMark
alert_origin_mark(const AlertOrigin *origin)
{
	if (origin->from != NULL && strchr(origin->from, '@') != NULL)
		return ORIGIN_IS_SENDER;
	return origin->address != NULL ? ORIGIN_IS_SECRET : ORIGIN_IS_SHARED;
}

/* ---- a mail ---- */

static bool
fits_from(const AlertOrigin *origin, const Message *message)
{
	if (origin->from == NULL)
		return true;
	if (message->identity == NULL)
		return false;
	if (strchr(origin->from, '@') != NULL)
		return strcmp(origin->from, message->identity) == 0;
	return strcmp(origin->from, text_address_domain(message->identity)) ==
	    0;
}

static bool
fits_host(const AlertOrigin *origin, const char *ip, const char *name)
{
	if (origin->host == NULL)
		return true;
	return (ip != NULL && g_ascii_strcasecmp(origin->host, ip) == 0) ||
	    (name != NULL && g_ascii_strcasecmp(origin->host, name) == 0);
}

/* NULL if it is proven; else what is missing. */
static const char *
missing_proof(const AlertOrigin *origin, AuthVerdict auth, bool host_fits)
{
	if (origin->require == ORIGIN_AUTHENTICATED && auth != AUTH_PASS)
		return "its From is not authenticated";
	if (!host_fits)
		return "it came from another host";
	if (auth == AUTH_FAIL)
		return "its From is forged";
	return NULL;
}

const AlertOrigin *
alert_origin_find(const GPtrArray *origins, const Message *message,
    char *const *recipients, AuthVerdict auth, const AuthConfig *border,
    char **ret_why)
{
	g_autofree char *ip = NULL;
	g_autofree char *name = NULL;
	g_autofree char *why = NULL;

	auth_border_peer(message, border, &ip, &name);
	for (guint i = 0; i < origins->len; i++) {
		const AlertOrigin *origin = origins->pdata[i];
		const char *missing;

		if (origin->address != NULL &&
		    !g_strv_contains((const char *const *)recipients,
			origin->address))
			continue;
		if (!fits_from(origin, message) ||
		    (origin->address == NULL && origin->from == NULL &&
			!fits_host(origin, ip, name)))
			continue;
		missing = missing_proof(origin, auth,
		    fits_host(origin, ip, name));
		if (missing == NULL) {
			*ret_why = g_strdup(
			    names_word(&proof_words, origin->require));
			return origin;
		}
		g_free(why);
		why = g_strdup_printf("like %s, but %s", origin->name, missing);
	}
	*ret_why = why != NULL ? g_steal_pointer(&why)
			       : g_strdup("no source of guichet.yaml fits it");
	return NULL;
}
