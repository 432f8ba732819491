/*
 * guichet.yaml: `border`, the servers that take the site's mail from outside,
 * and what of theirs is believed.
 */
#include "conf_private.h"

#include "guichet/base/names.h"

#include <string.h>

#define STAMP_PLACE_NAMES(X) \
 X(STAMPS_ABOVE, "above")    \
 X(STAMPS_BELOW, "below")
NAME_TABLE(places, STAMP_PLACE_NAMES, STAMPS_PLACES);

#define STRIPS_NAMES(X) \
 X(0, "unverified")     \
 X(1, "verified")
NAME_TABLE(strips, STRIPS_NAMES, 2);

#define TECH_AUTH_NAMES(X)                   \
 X(TECH_AUTH_DMARC_TOKEN, "dmarc+token")     \
 X(TECH_AUTH_DMARC_CONFIRM, "dmarc+confirm") \
 X(TECH_AUTH_TOKEN_LOGIN, "token+login")     \
 X(TECH_AUTH_OFF, "off")
NAME_TABLE(levels, TECH_AUTH_NAMES, TECH_AUTH_COUNT);

#define FIELDS_MAX 8 /* Authentication-Results that one border makes */

static void
lower_all(char **list)
{
	for (gsize i = 0; list[i] != NULL; i++) {
		char *lower = g_ascii_strdown(list[i], -1);

		g_free(list[i]);
		list[i] = lower;
	}
}

/* One, or a list where several servers have names of their own. */
static char **
ids_load(const YamlNode *map)
{
	const YamlNode *node = yaml_get(map, "authserv_id");
	char **ids;

	if (node != NULL && yaml_kind(node) != YAML_LIST) {
		ids = g_new0(char *, 2);
		ids[0] = g_strdup(yaml_get_text(map, "authserv_id", ""));
	} else {
		ids = yaml_get_list(map, "authserv_id");
	}
	lower_all(ids);
	for (gsize i = 0; ids[i] != NULL; i++) {
		if (*ids[i] == '\0' || strpbrk(ids[i], " \t;()=/") != NULL)
			yaml_problem(node,
			    "the word that stands first in the "
			    "Authentication-Results of your servers is "
			    "expected here, not '%s'",
			    ids[i]);
	}
	return ids;
}

static void
stamps_load(const YamlNode *map, AuthConfig *auth)
{
	auth->stamps = (StampPlace)MAX(0,
	    yaml_get_choice(map, "stamps", places.words, STAMPS_ABOVE));
	auth->fields = (guint)yaml_get_int(map, "fields", 1, FIELDS_MAX, 1);
	if (yaml_get(map, "fields") != NULL && auth->stamps == STAMPS_ABOVE)
		yaml_problem(yaml_get(map, "fields"),
		    "'fields' counts the stamps of a border that has 'stamps: "
		    "below'; leave it out");
}

void
conf_load_border(Conf *conf, const YamlNode *root)
{
	static const char *const keys[] = { "authserv_id", "hosts", "stamps",
		"fields", "without_dmarc", "exchange_online", "strips", NULL };
	const YamlNode *map = yaml_get(root, "border");

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	conf->has_border = true;
	g_strfreev(conf->border_hosts);
	conf->border_hosts = yaml_get_list(map, "hosts");
	lower_all(conf->border_hosts);
	g_strfreev(conf->authserv_ids);
	conf->authserv_ids = ids_load(map);
	stamps_load(map, &conf->auth);
	conf->auth.without_dmarc = yaml_get_bool(map, "without_dmarc", false);
	conf->auth.exchange_online = yaml_get_bool(map, "exchange_online",
	    false);
	conf->strips_verified = yaml_get_choice(map, "strips", strips.words,
				    0) == 1;
	if (conf->authserv_ids[0] != NULL && conf->border_hosts[0] == NULL)
		yaml_problem(map,
		    "'authserv_id' is believed only above the "
		    "Received of your own servers; name them in 'hosts'");
}

void
conf_load_tech_auth(Conf *conf, const YamlNode *root)
{
	conf->tech_auth = (TechAuth)MAX(0,
	    yaml_get_choice(root, "tech_auth", levels.words,
		TECH_AUTH_DMARC_TOKEN));
}

bool
conf_awaits_strips(const Conf *conf)
{
	return conf->tech_auth == TECH_AUTH_DMARC_TOKEN &&
	    !conf->strips_verified &&
	    (conf->authserv_ids[0] != NULL || conf->auth.exchange_online);
}

void
conf_point_border(Conf *conf)
{
	for (guint i = 0; i < conf->technicians->len; i++) {
		const Technician *one = conf->technicians->pdata[i];
		AuthLogin login = { one->address, one->login };

		if (one->active)
			g_array_append_val(conf->logins, login);
	}
	conf->policy.tech_auth = conf_awaits_strips(conf)
	    ? TECH_AUTH_DMARC_CONFIRM
	    : conf->tech_auth;
	conf->auth.authserv_ids = (const char *const *)conf->authserv_ids;
	conf->auth.border_hosts = (const char *const *)conf->border_hosts;
	conf->auth.logins = (const AuthLogin *)conf->logins->data;
	conf->auth.login_count = conf->logins->len;
}
