/* guichet.yaml: the site, who works here, and the files that it names. */
#include "conf_private.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/site/alert_origin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READERS_MAX 16

void
conf_free(Conf *conf)
{
	if (conf == NULL)
		return;
	g_free(conf->file);
	g_free(conf->directory);
	g_free(conf->site);
	g_free(conf->address);
	g_strfreev(conf->own_addresses);
	g_free(conf->domain);
	g_free(conf->language);
	g_free(conf->zone);
	g_free(conf->store);
	g_free(conf->rules);
	g_ptr_array_unref(conf->mailboxes);
	sink_conf_free(conf->sink);
	g_ptr_array_unref(conf->technicians);
	g_free(conf->manager_name);
	g_free(conf->manager);
	g_strfreev(conf->authserv_ids);
	g_strfreev(conf->border_hosts);
	g_array_unref(conf->logins);
	g_strfreev(conf->own_lists);
	g_ptr_array_unref(conf->alert_origins);
	silence_rules_clear(&conf->silence);
	g_free(conf->token_file);
	if (conf->tokens != NULL)
		token_keys_free(conf->tokens);
	g_free(conf);
}

const Technician *
conf_technician(const Conf *conf, const char *address)
{
	for (guint i = 0; i < conf->technicians->len; i++) {
		const Technician *one = conf->technicians->pdata[i];

		if (strcmp(one->address, address) == 0)
			return one;
	}
	return NULL;
}

const Technician *
conf_technician_id(const Conf *conf, gint64 id)
{
	if (id < 1 || id > conf->technicians->len)
		return NULL;
	return conf->technicians->pdata[id - 1];
}

/* ---- finding it ---- */

/* A place told from the folder of the program, so that an installation may be
 * moved as a whole. */
static char *
from_program(const char *path)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = program == NULL ? NULL
						  : g_path_get_dirname(program);

	return folder == NULL ? NULL : g_canonicalize_filename(path, folder);
}

#define SITE_FILE "/etc/guichet/guichet.yaml"

/* Not "absent" for whoever may not look: they would be given another one. */
static bool
is_there(const char *file, int *ret_errno)
{
	bool there = access(file, R_OK) == 0;

	*ret_errno = there ? 0 : errno;
	return there || (errno != ENOENT && errno != ENOTDIR);
}

/* The one that is asked for, or nothing else. */
static char *
named(const char *file, const char *by, GError **error)
{
	int code;

	if (is_there(file, &code) && code == 0)
		return g_canonicalize_filename(file, NULL);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "no configuration at '%s' (%s): %s", file, by, g_strerror(code));
	return NULL;
}

/* NULL without an error: there is none anywhere. */
static char *
find_site(const char *given, GError **error)
{
	const char *variable = g_getenv("GUICHET_CONFIG");
	int code;

	if (given != NULL)
		return named(given, "given by -c", error);
	if (variable != NULL && *variable != '\0')
		return named(variable, "named by $GUICHET_CONFIG", error);
	if (is_there(SITE_FILE, &code))
		return named(SITE_FILE, "the site's", error);
	return NULL;
}

/* In a clone, or where it was installed. */
static char *
find_example(void)
{
	static const char *const places[] = { "rules/guichet.yaml",
		"../share/guichet/rules/guichet.yaml" };

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *file = from_program(places[i]);

		if (file != NULL && g_file_test(file, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&file);
	}
	return NULL;
}

char *
conf_find(const char *given, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *example = NULL;
	char *file = find_site(given, &cause);

	if (file != NULL)
		return file;
	if (cause != NULL) {
		g_propagate_error(error, g_steal_pointer(&cause));
		return NULL;
	}
	example = find_example();
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "no configuration: -c FILE and $GUICHET_CONFIG are not given, and "
	    "there is no " SITE_FILE "%s%s",
	    example != NULL ? "; to begin with, copy the folder of the example "
			    : "",
	    example != NULL ? example : "");
	return NULL;
}

char *
conf_find_or_example(const char *given, bool *ret_example, GError **error)
{
	g_autoptr(GError) cause = NULL;
	char *file = find_site(given, &cause);

	*ret_example = false;
	if (file != NULL)
		return file;
	if (cause == NULL)
		file = find_example();
	*ret_example = file != NULL;
	if (file != NULL)
		return file;
	if (cause == NULL)
		return conf_find(given, error);
	g_propagate_error(error, g_steal_pointer(&cause));
	return NULL;
}

/* ---- the sections ---- */

char *
conf_path(const Conf *conf, const YamlNode *map, const char *key)
{
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);

	if (text == NULL)
		return NULL;
	if (*text == '\0') {
		yaml_problem(node, "a path is expected here");
		return NULL;
	}
	return g_canonicalize_filename(text, conf->directory);
}

char *
conf_file_path(const Conf *conf, const YamlNode *map, const char *key,
    bool secrets)
{
	char *path = conf_path(conf, map, key);

	if (path != NULL && secrets && access(path, R_OK) != 0)
		yaml_problem(yaml_get(map, key), "%s: %s", path,
		    g_strerror(errno));
	return path;
}

/* Domains of our own: what the mail servers take from strangers. */
static char *
domain_load(const YamlNode *map, const char *key, const char *absent)
{
	const char *text = yaml_get_text(map, key, absent);
	g_autofree char *trial = g_strconcat("a@", text, NULL);
	g_autofree char *address = text_address_canonical(trial);

	if (address != NULL)
		return g_strdup(text_address_domain(address));
	if (yaml_get(map, key) != NULL)
		yaml_problem(yaml_get(map, key),
		    "'%s' is no domain; write desk.example.com", text);
	return g_strdup("");
}

static void
addresses_load(const YamlNode *map, Conf *conf)
{
	const YamlNode *node = yaml_need(map, "address");
	g_auto(GStrv) others = load_addresses(map, "addresses");
	GPtrArray *all = g_ptr_array_new();

	conf->address = node == NULL ? NULL : load_address(node);
	if (conf->address != NULL)
		g_ptr_array_add(all, g_strdup(conf->address));
	for (gsize i = 0; others[i] != NULL; i++)
		if (g_strcmp0(others[i], conf->address) != 0)
			g_ptr_array_add(all, g_strdup(others[i]));
	g_ptr_array_add(all, NULL);
	g_strfreev(conf->own_addresses);
	conf->own_addresses = (char **)g_ptr_array_free(all, FALSE);
	conf->domain = domain_load(map, "message_id_domain",
	    conf->address == NULL ? "" : text_address_domain(conf->address));
}

char *
conf_load_language(const YamlNode *map, const char *absent)
{
	static const char *const languages[] = { "fr", "en", NULL };
	int choice = yaml_get_choice(map, "language", languages, -1);

	return g_strdup(choice < 0 ? absent : languages[choice]);
}

static void
site_load(const YamlNode *root, Conf *conf)
{
	static const char *const keys[] = { "name", "address", "addresses",
		"message_id_domain", "plus_addresses", "language", "zone",
		"own_lists", NULL };
	const YamlNode *map = yaml_need(root, "site");
	const YamlNode *name;
	const Zone *zone;

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	name = yaml_need(map, "name");
	conf->site = g_strdup(yaml_get_text(map, "name", ""));
	if (*conf->site != '\0' && !text_is_clean_line(conf->site))
		yaml_problem(name, "one line is expected here");
	addresses_load(map, conf);
	conf->plus_addresses = yaml_get_bool(map, "plus_addresses", false);
	conf->language = conf_load_language(map, "fr");
	(void)yaml_need(map, "zone");
	zone = load_zone(map, "zone");
	conf->zone = g_strdup(zone == NULL ? "" : zone_name(zone));
	g_strfreev(conf->own_lists);
	conf->own_lists = yaml_get_list(map, "own_lists");
}

static void
acknowledge_load(const YamlNode *root, DeskPolicy *policy)
{
	static const char *const keys[] = { "strangers", "per_address_hour",
		"per_address_day", "per_domain_hour", "per_hour", "within",
		NULL };
	const YamlNode *map = yaml_get(root, "acknowledge");
	Duration within = { DURATION_TIME, 24 * 3600 };

	if (map != NULL)
		(void)yaml_check_keys(map, keys);
	policy->acknowledge_strangers = yaml_get_bool(map, "strangers", false);
	policy->per_address_hour = (int)yaml_get_int(map, "per_address_hour", 0,
	    1000, 3);
	policy->per_address_day = (int)yaml_get_int(map, "per_address_day", 0,
	    10000, 10);
	policy->per_domain_hour = (int)yaml_get_int(map, "per_domain_hour", 0,
	    10000, 30);
	policy->per_hour = (int)yaml_get_int(map, "per_hour", 0, 100000, 120);
	if (load_duration(map, "within", &within) &&
	    within.unit != DURATION_TIME)
		yaml_problem(yaml_get(map, "within"),
		    "write it in hours, as in 24h");
	policy->acknowledge_within = within.count;
}

/* Long enough to see what one has sent and to think again; where a person waits
 * for it, nobody notices. */
#define ANSWERS_WAIT     60
#define ANSWERS_WAIT_MAX 3600

static Seconds
answers_wait_load(const YamlNode *root)
{
	const YamlNode *node = yaml_get(root, "answers_wait");
	Duration wait = { DURATION_TIME, ANSWERS_WAIT };

	if (node == NULL || g_strcmp0(yaml_text(node), "0") == 0)
		return node == NULL ? wait.count : 0;
	if (load_duration(root, "answers_wait", &wait) &&
	    (wait.unit != DURATION_TIME || wait.count > ANSWERS_WAIT_MAX))
		yaml_problem(node, "answers wait for 0 (not at all) to 60m");
	return wait.count;
}

/* ---- the file ---- */

static Conf *
conf_new(const char *file)
{
	Conf *conf = g_new0(Conf, 1);

	conf->file = g_canonicalize_filename(file, NULL);
	conf->directory = g_path_get_dirname(conf->file);
	conf->own_addresses = g_new0(char *, 1);
	conf->own_lists = g_new0(char *, 1);
	conf->authserv_ids = g_new0(char *, 1);
	conf->border_hosts = g_new0(char *, 1);
	conf->logins = g_array_new(FALSE, FALSE, sizeof(AuthLogin));
	conf->alert_origins = g_ptr_array_new();
	conf->mailboxes = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)source_conf_free);
	conf->technicians = g_ptr_array_new_with_free_func(
	    conf_technician_free);
	return conf;
}

/* Who answers for what is promised. */
static void
manager_load(const YamlNode *root, Conf *conf)
{
	static const char *const keys[] = { "name", "address", NULL };
	const YamlNode *map = yaml_get(root, "manager");
	const YamlNode *address;

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	(void)yaml_need(map, "name");
	address = yaml_need(map, "address");
	if (address == NULL)
		return;
	conf->manager_name = g_strdup(yaml_get_text(map, "name", ""));
	conf->manager = load_address(address);
	if (conf->manager != NULL &&
	    g_strv_contains((const char *const *)conf->own_addresses,
		conf->manager))
		yaml_problem(address, "'%s' is the desk's own address",
		    conf->manager);
}

static void
load_all(const YamlNode *root, bool secrets, Conf *conf)
{
	static const char *const keys[] = { "site", "store", "rules", "readers",
		"border", "mailboxes", "send", "technicians", "acknowledge",
		"forward_bytes", "automatic_per_hour", "notices_per_hour",
		"tokens", "alert_sources", "tech_auth", "manager",
		"answers_wait", "answer", "silence", "storm", "morning", NULL };

	if (!yaml_check_keys(root, keys))
		return;
	site_load(root, conf);
	(void)yaml_need(root, "store");
	conf->store = conf_path(conf, root, "store");
	(void)yaml_need(root, "rules");
	conf->rules = conf_path(conf, root, "rules");
	conf->readers = (int)yaml_get_int(root, "readers", 1, READERS_MAX, 2);
	conf_load_border(conf, root);
	conf_load_tech_auth(conf, root);
	conf_load_mailboxes(conf, root, secrets);
	conf_load_send(conf, root, secrets);
	conf_load_technicians(conf, root);
	manager_load(root, conf);
	conf_load_morning(conf, root);
	acknowledge_load(root, &conf->policy);
	silence_rules_load_site(root, &conf->silence);
	conf_load_storm(root, &conf->policy);
	conf->forward_bytes = yaml_get_int(root, "forward_bytes", 0,
	    LIMIT_MAIL_BYTES, LIMIT_FORWARD_BYTES);
	conf->policy.forward_bytes = conf->forward_bytes;
	conf->answers_wait = answers_wait_load(root);
	conf->policy.answers_wait = conf->answers_wait;
	conf->automatic_per_hour = (int)yaml_get_int(root, "automatic_per_hour",
	    1, 1000, LIMIT_AUTOMATIC_PER_HOUR);
	conf->notices_per_hour = (int)yaml_get_int(root, "notices_per_hour", 1,
	    100000, LIMIT_NOTICES_PER_HOUR);
	conf_load_tokens(conf, root, secrets);
	g_ptr_array_unref(conf->alert_origins);
	conf->alert_origins = alert_origins_load(root);
}

static void
point(Conf *conf)
{
	conf_point_border(conf);
	conf->policy.own_lists = (const char *const *)conf->own_lists;
	conf->policy.plus_addresses = conf->plus_addresses;
}

Conf *
conf_load(const char *file, bool secrets, Problems *problems)
{
	guint before = problems_count(problems);
	g_autoptr(Conf) conf = conf_new(file);
	g_autoptr(GError) error = NULL;
	g_autoptr(YamlDocument) document = NULL;
	g_autofree char *text = NULL;
	gsize length;

	if (!g_file_get_contents(file, &text, &length, &error)) {
		problems_add(problems, file, 0, 0, "%s", error->message);
		return NULL;
	}
	document = yaml_parse(file, text, length, problems);
	if (document == NULL)
		return NULL;
	load_all(yaml_root(document), secrets, conf);
	if (problems_count(problems) > before)
		return NULL;
	point(conf);
	return g_steal_pointer(&conf);
}

Conf *
conf_load_to_look(const char *file)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Conf) conf = conf_new(file);
	g_autoptr(YamlDocument) document = NULL;
	g_autofree char *text = NULL;
	gsize length;

	if (!g_file_get_contents(file, &text, &length, NULL))
		return NULL;
	document = yaml_parse(file, text, length, problems);
	if (document == NULL)
		return NULL;
	site_load(yaml_root(document), conf);
	conf->store = conf_path(conf, yaml_root(document), "store");
	conf->rules = conf_path(conf, yaml_root(document), "rules");
	if (problems_count(problems) > 0 || conf->store == NULL)
		return NULL;
	point(conf);
	return g_steal_pointer(&conf);
}

char *
conf_named_path(const char *file, const char *key)
{
	g_autoptr(Problems) ignored = problems_new();
	g_autoptr(YamlDocument) document = NULL;
	g_autoptr(Conf) conf = conf_new(file);
	g_autofree char *text = NULL;
	gsize length;

	if (!g_file_get_contents(file, &text, &length, NULL))
		return NULL;
	document = yaml_parse(file, text, length, ignored);
	return document == NULL ? NULL
				: conf_path(conf, yaml_root(document), key);
}
