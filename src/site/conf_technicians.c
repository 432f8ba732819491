/* guichet.yaml: who works here, and what clients read of them. */
#include "conf_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

void
conf_technician_free(gpointer data)
{
	Technician *technician = data;

	g_free(technician->name);
	g_free(technician->address);
	g_free(technician->login);
	g_free(technician->display);
	g_free(technician->signature);
	g_free(technician->language);
	g_free(technician);
}

/* What the border's server calls them, where that is not their address. */
static char *
login_load(const YamlNode *map)
{
	const char *text = yaml_get_text(map, "login", NULL);

	if (text == NULL)
		return NULL;
	if (!text_is_clean_line(text) || strpbrk(text, " \t()\"") != NULL)
		yaml_problem(yaml_get(map, "login"),
		    "the name by which they log in at your mail server is "
		    "expected here, without blanks");
	return g_ascii_strdown(text, -1);
}

/* What clients read of them. */
static void
shown_load(const YamlNode *map, Technician *one)
{
	const char *display = yaml_get_text(map, "display", NULL);
	const char *signature = yaml_get_text(map, "signature", "");

	if (display != NULL &&
	    (*display == '\0' || !text_is_clean_line(display) ||
		strlen(display) > LIMIT_DISPLAY_BYTES))
		yaml_problem(yaml_get(map, "display"),
		    "one short line is expected here: what stands before the "
		    "desk's address in From");
	if (strlen(signature) > LIMIT_SIGNATURE_BYTES)
		yaml_problem(yaml_get(map, "signature"),
		    "at most %d bytes are expected here: a few lines below "
		    "each answer",
		    LIMIT_SIGNATURE_BYTES);
	one->display = g_strdup(display);
	g_free(one->signature);
	one->signature = text_clean_block(signature, -1, LIMIT_SIGNATURE_BYTES);
	g_strchomp(one->signature);
}

static Technician *
technician_load(const YamlNode *map, const Conf *conf)
{
	static const char *const keys[] = { "name", "address", "login",
		"language", "active", "display", "signature", NULL };
	Technician *one = g_new0(Technician, 1);
	const YamlNode *address;

	one->name = g_strdup("");
	one->address = g_strdup("");
	one->language = g_strdup(conf->language);
	one->signature = g_strdup("");
	if (!yaml_check_keys(map, keys))
		return one;
	(void)yaml_need(map, "name");
	g_free(one->name);
	one->name = g_strdup(yaml_get_text(map, "name", ""));
	address = yaml_need(map, "address");
	if (address != NULL) {
		char *canonical = load_address(address);

		if (canonical != NULL) {
			g_free(one->address);
			one->address = canonical;
		}
	}
	one->login = login_load(map);
	shown_load(map, one);
	g_free(one->language);
	one->language = conf_load_language(map,
	    conf->language != NULL ? conf->language : "fr");
	one->active = yaml_get_bool(map, "active", true);
	if (address != NULL &&
	    g_strv_contains((const char *const *)conf->own_addresses,
		one->address))
		yaml_problem(address, "'%s' is the desk's own address",
		    one->address);
	return one;
}

static bool
has_login(const GPtrArray *technicians, const char *login)
{
	for (guint i = 0; i < technicians->len; i++) {
		const Technician *one = technicians->pdata[i];

		if (g_strcmp0(one->login, login) == 0 ||
		    strcmp(one->address, login) == 0)
			return true;
	}
	return false;
}

/* Their place in the list is part of a technician's tokens: one who leaves stays
 * in it with `active: no`. */
void
conf_load_technicians(Conf *conf, const YamlNode *root)
{
	const YamlNode *list = yaml_need(root, "technicians");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "a list of technicians is expected here");
	if (list == NULL || yaml_kind(list) != YAML_LIST)
		return;
	for (guint i = 0; i < yaml_count(list); i++) {
		Technician *one = technician_load(yaml_item(list, i), conf);

		if (*one->address != '\0' &&
		    conf_technician(conf, one->address) != NULL)
			yaml_problem(yaml_item(list, i),
			    "two technicians have the address '%s'",
			    one->address);
		if (one->login != NULL &&
		    has_login(conf->technicians, one->login))
			yaml_problem(yaml_item(list, i),
			    "two technicians have the login '%s': it would "
			    "prove neither",
			    one->login);
		one->id = (gint64)i + 1;
		g_ptr_array_add(conf->technicians, one);
	}
}
