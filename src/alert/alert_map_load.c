/* rules/alerts/hosts.yaml, maintenance.yaml, expected.yaml and
 * shared-senders.yaml. */
#include "guichet/alert/alert_map.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/yaml/load.h"

#include <string.h>

#define STARS_MAX 4 /* more would search without measure */
#define DAY       86400

typedef struct {
	AlertMap *map;
	const char *const *contracts;
} Loading;

static void
host_free(gpointer data)
{
	AlertHost *line = data;

	g_free(line->host);
	g_free(line->service);
	g_free(line->source);
	g_free(line->contract);
	g_free(line->component);
	g_free(line->scope);
	g_free(line->file);
	g_free(line);
}

static void
quiet_free(gpointer data)
{
	AlertQuiet *quiet = data;

	g_free(quiet->host);
	g_free(quiet->service);
	g_free(quiet);
}

static void
expected_free(gpointer data)
{
	AlertExpected *expected = data;

	g_free(expected->name);
	g_free(expected->source);
	g_free(expected->host);
	g_free(expected->service);
	pattern_free(expected->subject);
	g_free(expected->contract);
	g_free(expected);
}

void
alert_map_free(AlertMap *map)
{
	if (map == NULL)
		return;
	g_ptr_array_unref(map->hosts);
	g_ptr_array_unref(map->quiet);
	g_ptr_array_unref(map->expected);
	g_ptr_array_unref(map->shared);
	g_free(map);
}

/* ---- values ---- */

/* A pattern of whole names, or NULL. */
static char *
load_glob(const YamlNode *map, const char *key)
{
	const char *text = yaml_get_text(map, key, NULL);
	guint stars = 0;

	if (text == NULL)
		return NULL;
	for (const char *p = text; *p != '\0'; p++)
		stars += *p == '*';
	if (*text == '\0' || stars > STARS_MAX) {
		yaml_problem(yaml_get(map, key),
		    "a name with at most %d '*' is expected here", STARS_MAX);
		return NULL;
	}
	return g_strdup(text);
}

static void
load_levels(const YamlNode *node, int severity[ALERT_LEVELS])
{
	static const char *const names[] = { "ok", "info", "unknown", "warning",
		"major", "critical", "down", NULL };

	if (node == NULL || !yaml_check_keys(node, names))
		return;
	for (gsize i = 0; names[i] != NULL; i++) {
		AlertLevel level = ALERT_LEVEL_NONE;

		if (alert_level_parse(names[i], &level))
			severity[level] = (int)yaml_get_int(node, names[i], 1,
			    SEVERITY_MAX, 0);
	}
}

/* A number for every level, or one a level. */
static void
load_severity(const YamlNode *map, int severity[ALERT_LEVELS])
{
	const YamlNode *node = yaml_get(map, "severity");

	if (node == NULL)
		return;
	if (yaml_kind(node) != YAML_SCALAR) {
		load_levels(node, severity);
		return;
	}
	for (guint i = 0; i < ALERT_LEVELS; i++)
		severity[i] = (int)yaml_get_int(map, "severity", 1,
		    SEVERITY_MAX, 0);
}

static guint
load_days(const YamlNode *map)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun", NULL };
	const YamlNode *node = yaml_get(map, "days");
	g_auto(GStrv) words = NULL;
	guint days = 0;

	if (node == NULL)
		return 0x7f;
	words = yaml_get_list(map, "days");
	for (gsize i = 0; words[i] != NULL; i++) {
		gsize day = 0;

		while (names[day] != NULL && strcmp(names[day], words[i]) != 0)
			day++;
		if (names[day] == NULL)
			yaml_problem_unknown(node, "day", words[i], names);
		else
			days |= 1u << day;
	}
	if (days == 0)
		yaml_problem(node, "name a day: mon, tue, wed...");
	return days;
}

static int32_t
load_clock(const YamlNode *map, const char *key)
{
	const YamlNode *node = yaml_need(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);
	int32_t seconds = 0;

	if (text != NULL && !load_time(text, strlen(text), &seconds))
		yaml_problem(node, "a time of day is expected here, as 06:00");
	return seconds;
}

static const Zone *
need_zone(const YamlNode *map)
{
	const Zone *zone;

	(void)yaml_need(map, "zone");
	zone = load_zone(map, "zone");
	return zone != NULL ? zone : zone_get("Etc/UTC", NULL);
}

/* ---- the four files ---- */

/* All but the contract. */
static AlertHost *
read_host(const YamlNode *node)
{
	AlertHost *line = g_new0(AlertHost, 1);

	(void)yaml_need(node, "host");
	line->host = load_glob(node, "host");
	line->service = load_glob(node, "service");
	line->source = g_strdup(yaml_get_text(node, "source", NULL));
	line->source_at = yaml_place(node, "source");
	line->component = g_strdup(yaml_get_text(node, "component", NULL));
	line->scope = g_strdup(yaml_get_text(node, "scope", NULL));
	load_severity(node, line->severity);
	line->file = g_strdup(yaml_file(node));
	line->line = yaml_line(node);
	return line;
}

static void
load_host(Loading *loading, const YamlNode *node)
{
	static const char *const keys[] = { "host", "service", "source",
		"contract", "component", "scope", "severity", NULL };
	AlertHost *line;

	if (!yaml_check_keys(node, keys))
		return;
	line = read_host(node);
	line->contract = load_name(node, "contract", "contract",
	    loading->contracts);
	g_ptr_array_add(loading->map->hosts, line);
}

static void
load_quiet(Loading *loading, const YamlNode *node)
{
	static const char *const keys[] = { "host", "service", "from", "to",
		"days", "zone", NULL };
	AlertQuiet *quiet;

	if (!yaml_check_keys(node, keys))
		return;
	quiet = g_new0(AlertQuiet, 1);
	(void)yaml_need(node, "host");
	quiet->host = load_glob(node, "host");
	quiet->service = load_glob(node, "service");
	quiet->from = load_clock(node, "from");
	quiet->to = load_clock(node, "to");
	if (quiet->to <= quiet->from) /* over midnight */
		quiet->to += DAY;
	quiet->days = load_days(node);
	quiet->zone = need_zone(node);
	g_ptr_array_add(loading->map->quiet, quiet);
}

static Pattern *
load_subject(const YamlNode *node)
{
	const char *text = yaml_get_text(node, "subject", NULL);

	return text == NULL ? NULL
			    : load_pattern(yaml_get(node, "subject"), text);
}

static void
load_expected(Loading *loading, const YamlNode *node)
{
	static const char *const keys[] = { "name", "source", "host", "service",
		"subject", "by", "within", "days", "zone", "contract",
		"severity", NULL };
	AlertExpected *expected;
	Duration within = { DURATION_TIME, 12 * 3600 };

	if (!yaml_check_keys(node, keys))
		return;
	expected = g_new0(AlertExpected, 1);
	(void)yaml_need(node, "name");
	expected->name = g_strdup(yaml_get_text(node, "name", ""));
	expected->source = g_strdup(yaml_get_text(node, "source", NULL));
	expected->source_at = yaml_place(node, "source");
	expected->host = load_glob(node, "host");
	expected->host_at = yaml_place(node, "host");
	expected->service = load_glob(node, "service");
	expected->subject = load_subject(node);
	expected->by = load_clock(node, "by");
	if (load_duration(node, "within", &within) &&
	    (within.unit != DURATION_TIME || within.count > DAY))
		yaml_problem(yaml_get(node, "within"),
		    "write it in hours, at most 24h");
	expected->within = within.count;
	expected->days = load_days(node);
	expected->zone = need_zone(node);
	expected->contract = load_name(node, "contract", "contract",
	    loading->contracts);
	expected->severity = (int)yaml_get_int(node, "severity", 1,
	    SEVERITY_MAX, 0);
	if (expected->host == NULL && expected->subject == NULL)
		yaml_problem(node,
		    "say by what the mail is known: 'host' or 'subject'");
	if (alert_map_expected(loading->map, expected->name) != NULL)
		yaml_problem(node, "'%s' is expected twice", expected->name);
	g_ptr_array_add(loading->map->expected, expected);
}

static void
load_shared(Loading *loading, const YamlNode *node)
{
	const char *text = yaml_text(node);
	g_autofree char *trial = NULL, *address = NULL;

	if (text == NULL)
		return;
	trial = g_strconcat("a@", text, NULL);
	address = text_address_canonical(trial);
	if (address == NULL)
		yaml_problem(node, "'%s' is no domain", text);
	else
		g_ptr_array_add(loading->map->shared,
		    g_strdup(text_address_domain(address)));
}

static const struct {
	const char *path, *key;
	void (*load)(Loading *loading, const YamlNode *node);
} kinds[] = {
	{ "alerts/hosts.yaml", "hosts", load_host },
	{ "alerts/maintenance.yaml", "maintenance", load_quiet },
	{ "alerts/expected.yaml", "expected", load_expected },
	{ "alerts/shared-senders.yaml", "domains", load_shared },
};

bool
alert_map_is_file(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i].path, name) == 0)
			return true;
	}
	return false;
}

static void
load_file(Loading *loading, gsize kind, const YamlNode *root)
{
	const char *keys[] = { kinds[kind].key, kind == 0 ? "severities" : NULL,
		NULL };
	const YamlNode *list;

	if (!yaml_check_keys(root, keys))
		return;
	if (kind == 0)
		load_levels(yaml_get(root, "severities"),
		    loading->map->severity);
	list = yaml_need(root, kinds[kind].key);
	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "a list is expected here");
	if (list == NULL || yaml_kind(list) != YAML_LIST)
		return;
	for (guint i = 0; i < yaml_count(list); i++)
		kinds[kind].load(loading, yaml_item(list, i));
}

AlertMap *
alert_map_of_files(const RuleFiles *files, const char *directory,
    const char *const *contracts, Problems *problems)
{
	AlertMap *map = g_new0(AlertMap, 1);
	Loading loading = { map, contracts };

	map->hosts = g_ptr_array_new_with_free_func(host_free);
	map->quiet = g_ptr_array_new_with_free_func(quiet_free);
	map->expected = g_ptr_array_new_with_free_func(expected_free);
	map->shared = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		GBytes *bytes = g_hash_table_lookup(files->files,
		    kinds[i].path);
		g_autofree char *path = rule_files_place(files, directory,
		    kinds[i].path);
		g_autoptr(YamlDocument) document = NULL;
		const char *text;
		gsize length;

		if (bytes == NULL)
			continue;
		text = g_bytes_get_data(bytes, &length);
		document = yaml_parse(path, text != NULL ? text : "", length,
		    problems);
		if (document != NULL)
			load_file(&loading, i, yaml_root(document));
	}
	map->first_claim = map->hosts->len;
	return map;
}

/* ---- a contract's own file ---- */

/* Whether both say the same, but for how they write it. */
static bool
is_same_pattern(const char *a, const char *b)
{
	g_autofree char *one = g_utf8_casefold(a != NULL ? a : "*", -1);
	g_autofree char *other = g_utf8_casefold(b != NULL ? b : "*", -1);

	return strcmp(one, other) == 0;
}

static bool
is_same_claim(const AlertHost *a, const AlertHost *b)
{
	return is_same_pattern(a->host, b->host) &&
	    is_same_pattern(a->service, b->service) &&
	    (a->source == NULL || b->source == NULL ||
		strcmp(a->source, b->source) == 0);
}

/* Which of two contracts' files comes first says nothing about whose it is. */
static void
check_claim(const AlertMap *map, guint first, const AlertHost *line,
    const YamlNode *node)
{
	for (guint i = first; i < map->hosts->len; i++) {
		const AlertHost *other = map->hosts->pdata[i];

		if (strcmp(other->contract, line->contract) == 0 ||
		    !is_same_claim(other, line))
			continue;
		yaml_problem(node,
		    "'%s' is claimed by the contract '%s', too, on "
		    "%s:%" G_GSIZE_FORMAT "; leave it to one of them",
		    line->host, other->contract, other->file, other->line);
		return;
	}
}

void
alert_map_add_contract(AlertMap *map, const char *contract,
    const YamlNode *root)
{
	static const char *const keys[] = { "host", "service", "source",
		"component", "scope", "severity", NULL };
	const YamlNode *list = yaml_get(root, "hosts");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list,
		    "a list of hosts is expected here, each as "
		    "{host: web1}");
	if (list == NULL || yaml_kind(list) != YAML_LIST)
		return;
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		AlertHost *line;

		if (!yaml_check_keys(node, keys))
			continue;
		line = read_host(node);
		line->contract = g_strdup(contract);
		if (line->host != NULL)
			check_claim(map, map->first_claim, line, node);
		g_ptr_array_add(map->hosts, line);
	}
}
