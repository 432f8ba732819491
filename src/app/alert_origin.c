#include "guichet/alert_origin.h"

#include "guichet/duration.h"
#include "guichet/load.h"
#include "guichet/text.h"

#include <string.h>

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
		    "himself");
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
	static const char *const proofs[] = { "token", "authenticated",
		"pinned", NULL };
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
	    yaml_get_choice(map, "require", proofs, 0));
	origin->contract = g_strdup(yaml_get_text(map, "contract", NULL));
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

/*
 * "from NAME (VERIFIED [IP]) by BORDER": only the last comment before `by` is
 * the border's word; NAME is whatever the peer said.
 */
void
alert_origin_stamp_peer(const char *received, char **ret_ip, char **ret_name)
{
	g_autofree char *head = NULL;
	g_autofree char *comment = NULL;
	const char *by = strstr(received, ") by ");
	const char *open, *close;

	*ret_ip = *ret_name = NULL;
	if (by == NULL)
		return;
	head = g_strndup(received, (gsize)(by - received));
	open = strrchr(head, '(');
	if (open == NULL || strchr(head, '(') != open)
		return; /* a second comment: not as the border writes it */
	comment = g_strdup(open + 1);
	open = strchr(comment, '[');
	close = open != NULL ? strchr(open, ']') : NULL;
	if (close == NULL || close[1] != '\0')
		return;
	*ret_ip = g_ascii_strdown(open + 1, close - open - 1);
	if (open > comment) {
		char *name = g_ascii_strdown(comment, open - comment);

		*ret_name = g_strstrip(name);
	}
}

void
alert_origin_peer(const Message *message, const AuthConfig *border,
    char **ret_ip, char **ret_name)
{
	const char *raw = NULL;

	*ret_ip = *ret_name = NULL;
	for (guint i = 0; raw == NULL && i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, "Received") == 0)
			raw = header->raw;
	}
	if (raw != NULL &&
	    auth_border_received(message, border) != INSTANT_NONE)
		alert_origin_stamp_peer(raw, ret_ip, ret_name);
}

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
	static const char *const proofs[] = { "by its secret address",
		"by its authenticated From", "by the host that gave it to us" };
	g_autofree char *ip = NULL;
	g_autofree char *name = NULL;
	g_autofree char *why = NULL;

	alert_origin_peer(message, border, &ip, &name);
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
			*ret_why = g_strdup(proofs[origin->require]);
			return origin;
		}
		g_free(why);
		why = g_strdup_printf("like %s, but %s", origin->name, missing);
	}
	*ret_why = why != NULL ? g_steal_pointer(&why)
			       : g_strdup("no source of guichet.yaml fits it");
	return NULL;
}
