/* Recognisers (rules/alerts/SYSTEM.yaml) from their files. */
#include "alert_private.h"

#include "guichet/alert/alert_map.h"
#include "guichet/yaml/load.h"

#include <string.h>

/* ---- values ---- */

/* The node itself, or each item if it is a list. */
static guint
count_of(const YamlNode *node)
{
	if (node == NULL)
		return 0;
	return yaml_kind(node) == YAML_LIST ? yaml_count(node) : 1;
}

static const YamlNode *
item_of(const YamlNode *node, guint i)
{
	return yaml_kind(node) == YAML_LIST ? yaml_item(node, i) : node;
}

static char **
load_strings(const YamlNode *node)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < count_of(node); i++) {
		const char *text = yaml_text(item_of(node, i));

		if (text != NULL)
			g_ptr_array_add(list, g_strdup(text));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

/* What each "${name}" of a pattern stands for, as one group of it. */
static GHashTable *
load_parts(const YamlNode *map)
{
	GHashTable *parts = alert_fields_new();

	if (map == NULL || !yaml_is_map(map))
		return parts;
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *name = yaml_text(yaml_key(map, i));
		const char *text = yaml_text(yaml_value(map, i));

		if (name != NULL && text != NULL)
			g_hash_table_insert(parts, g_strdup(name),
			    g_strdup_printf("(?:%s)", text));
	}
	return parts;
}

static Pattern *
load_filled(const YamlNode *node, GHashTable *parts)
{
	const char *text = node == NULL ? NULL : yaml_text(node);
	g_autofree char *whole = NULL;

	if (text == NULL)
		return NULL;
	whole = alert_fill(text, parts);
	if (whole == NULL) {
		yaml_problem(node, "'%s' has a ${name} that is not of parts",
		    text);
		return NULL;
	}
	return load_pattern(node, whole);
}

/* The same, and reports a group that the pattern does not have. */
static Pattern *
load_grouped(const YamlNode *node, const char *const *groups, GHashTable *parts)
{
	Pattern *pattern = load_filled(node, parts);

	for (; pattern != NULL && *groups != NULL; groups++)
		if (!g_strv_contains(pattern_names(pattern), *groups))
			yaml_problem(node,
			    "the pattern has no group (?<%s>...)", *groups);
	return pattern;
}

static bool
parse_type(const char *name, int *ret)
{
	AlertType type;

	if (!alert_type_parse(name, &type))
		return false;
	*ret = (int)type;
	return true;
}

static bool
parse_level(const char *name, int *ret)
{
	AlertLevel level;

	if (!alert_level_parse(name, &level))
		return false;
	*ret = (int)level;
	return true;
}

/* `problem: [PROBLEM, TRIGGERED]`: each word, folded, to its meaning. */
static void
load_type_words(const YamlNode *map, const char *what,
    bool (*parse)(const char *, int *), GHashTable *words)
{
	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const YamlNode *key = yaml_key(map, i);
		const YamlNode *value = yaml_value(map, i);
		const char *name = yaml_text(key);
		int meaning;

		if (name == NULL)
			continue;
		if (!parse(name, &meaning)) {
			yaml_problem(key, "unknown %s '%s'", what, name);
			continue;
		}
		for (guint j = 0; j < count_of(value); j++) {
			const char *word = yaml_text(item_of(value, j));
			char *folded = word == NULL ? NULL : alert_fold(word);

			if (folded != NULL &&
			    !g_hash_table_insert(words, folded,
				GINT_TO_POINTER(meaning)))
				yaml_problem(item_of(value, j),
				    "'%s' is there twice", word);
		}
	}
}

/* ---- steps ---- */

static void
load_place(const YamlNode *map, const char *key, AlertPlace place,
    GHashTable *parts, GPtrArray *probes)
{
	const YamlNode *node = yaml_get(map, key);

	for (guint i = 0; i < count_of(node); i++) {
		Pattern *pattern = load_filled(item_of(node, i), parts);

		if (pattern != NULL)
			g_ptr_array_add(probes,
			    alert_probe_new(place, NULL, pattern));
	}
}

/* `header: {X-Mailer: '^Monit'}`; `'*'` asks only that it is there. */
static void
load_headers(const YamlNode *map, GHashTable *parts, GPtrArray *probes)
{
	const YamlNode *headers = yaml_get(map, "header");

	if (headers == NULL || !yaml_is_map(headers))
		return;
	for (guint i = 0; i < yaml_count(headers); i++) {
		const char *name = yaml_text(yaml_key(headers, i));
		const YamlNode *value = yaml_value(headers, i);
		bool any = g_strcmp0(yaml_text(value), "*") == 0;
		Pattern *pattern = any ? NULL : load_filled(value, parts);

		if (name != NULL && (any || pattern != NULL))
			g_ptr_array_add(probes,
			    alert_probe_new(PLACE_HEADER, name, pattern));
		else
			pattern_free(pattern);
	}
}

static void
load_sources(const YamlNode *map, bool templates, GPtrArray *sources)
{
	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const YamlNode *value = yaml_value(map, i);
		const char *field = yaml_text(yaml_key(map, i));
		g_auto(GStrv) values = load_strings(value);
		AlertSource *source;

		if (field == NULL || values[0] == NULL)
			continue;
		if (templates && values[1] != NULL) {
			yaml_problem(value, "one value is expected here");
			continue;
		}
		source = g_new0(AlertSource, 1);
		source->field = g_strdup(field);
		source->values = g_steal_pointer(&values);
		g_ptr_array_add(sources, source);
	}
}

static AlertStep *
load_step(const YamlNode *map, bool reads, GHashTable *parts)
{
	static const char *const probe_keys[] = { "subject", "text", "from",
		"header", NULL };
	static const char *const all_keys[] = { "subject", "text", "from",
		"header", "labels", "set", NULL };
	AlertStep *step = alert_step_new();

	if (!yaml_check_keys(map, reads ? all_keys : probe_keys))
		return step;
	load_headers(map, parts, step->probes);
	load_place(map, "subject", PLACE_SUBJECT, parts, step->probes);
	load_place(map, "from", PLACE_FROM, parts, step->probes);
	load_place(map, "text", PLACE_TEXT, parts, step->probes);
	if (reads) {
		load_sources(yaml_get(map, "labels"), false, step->labels);
		load_sources(yaml_get(map, "set"), true, step->settings);
	} else if (yaml_count(map) == 0) {
		yaml_problem(map,
		    "a sign needs a subject, text, from or header");
	}
	return step;
}

static GPtrArray *
load_steps(const YamlNode *list, bool reads, GHashTable *parts)
{
	GPtrArray *steps = g_ptr_array_new_with_free_func(alert_step_free);

	for (guint i = 0; i < count_of(list); i++)
		g_ptr_array_add(steps,
		    load_step(item_of(list, i), reads, parts));
	return steps;
}

/* ---- recognisers ---- */

static AlertMembers *
load_members(const YamlNode *map, GHashTable *parts)
{
	static const char *const keys[] = { "firing", "resolved", "start",
		"pair", "row", "cell", "status", "notes", "end", "host",
		"service", "state", "info", NULL };
	static const char *const groups[] = { "name", "value", NULL };
	static const char *const pairs[] = { "pairs", NULL };
	static const char *const cell[] = { "name", "value", "rest", NULL };
	static const char *const over[] = { "resolved", NULL };
	AlertMembers *members;

	if (map == NULL || !yaml_check_keys(map, keys))
		return NULL;
	members = g_new0(AlertMembers, 1);
	members->firing = load_filled(yaml_need(map, "firing"), parts);
	members->resolved = load_filled(yaml_need(map, "resolved"), parts);
	members->start = load_filled(yaml_need(map, "start"), parts);
	members->pair = load_grouped(yaml_need(map, "pair"), groups, parts);
	members->row = load_grouped(yaml_get(map, "row"), pairs, parts);
	members->cell = load_grouped(yaml_get(map, "cell"), cell, parts);
	if ((members->row != NULL) != (members->cell != NULL))
		yaml_problem(map, "'row' and 'cell' go together");
	members->status = load_grouped(yaml_get(map, "status"), over, parts);
	members->notes = load_filled(yaml_get(map, "notes"), parts);
	members->end = load_filled(yaml_get(map, "end"), parts);
	members->host = load_strings(yaml_get(map, "host"));
	members->service = load_strings(yaml_get(map, "service"));
	members->state = load_strings(yaml_get(map, "state"));
	members->info = load_strings(yaml_get(map, "info"));
	return members;
}

static AlertOutput *
load_output(const YamlNode *map, GHashTable *parts)
{
	static const char *const keys[] = { "from", "until", NULL };
	AlertOutput *output;

	if (map == NULL || !yaml_check_keys(map, keys))
		return NULL;
	output = g_new0(AlertOutput, 1);
	output->from = load_filled(yaml_need(map, "from"), parts);
	output->until = load_filled(yaml_get(map, "until"), parts);
	if (output->from == NULL)
		g_clear_pointer(&output, alert_output_free);
	return output;
}

static AlertSplit *
load_split(const YamlNode *map, GHashTable *parts)
{
	static const char *const keys[] = { "when", "each", "under",
		"keep_subject", "keep_head", NULL };
	const YamlNode *when;
	AlertSplit *split;

	if (map == NULL || !yaml_check_keys(map, keys))
		return NULL;
	when = yaml_need(map, "when");
	split = g_new0(AlertSplit, 1);
	split->when = when != NULL ? load_step(when, false, parts) : NULL;
	split->each = load_filled(yaml_need(map, "each"), parts);
	split->under = load_filled(yaml_get(map, "under"), parts);
	split->keep_subject = yaml_get_bool(map, "keep_subject", false);
	split->keep_head = yaml_get_bool(map, "keep_head", false);
	if (split->when == NULL || split->each == NULL)
		g_clear_pointer(&split, alert_split_free);
	return split;
}

static char **
load_folded(const YamlNode *node)
{
	char **words = load_strings(node);

	for (char **word = words; *word != NULL; word++) {
		char *plain = *word;

		*word = alert_fold(plain);
		g_free(plain);
	}
	return words;
}

/* The fields that anything of the recogniser can set. */
static GPtrArray *
known_fields(const AlertRecogniser *by)
{
	static const char *const of_members[] = { "host", "service", "severity",
		"info" };
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < by->steps->len; i++) {
		const AlertStep *step = by->steps->pdata[i];

		for (guint j = 0; j < step->probes->len; j++) {
			const AlertProbe *probe = step->probes->pdata[j];

			for (char *const *n = probe->pattern == NULL
				 ? NULL
				 : (char *const *)pattern_names(probe->pattern);
			     n != NULL && *n != NULL; n++)
				g_ptr_array_add(names, *n);
		}
		for (guint j = 0; j < step->labels->len; j++)
			g_ptr_array_add(names,
			    ((AlertSource *)step->labels->pdata[j])->field);
		for (guint j = 0; j < step->settings->len; j++)
			g_ptr_array_add(names,
			    ((AlertSource *)step->settings->pdata[j])->field);
	}
	if (by->members != NULL) {
		for (gsize i = 0; i < G_N_ELEMENTS(of_members); i++)
			g_ptr_array_add(names, (char *)of_members[i]);
	}
	g_ptr_array_add(names, NULL);
	return names;
}

static void
check_template(const YamlNode *node, const char *const *known)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *text = yaml_text(node);

	if (text == NULL)
		return;
	if (!alert_template_names(text, names))
		yaml_problem(node, "'%s' has a ${ without a name and a }",
		    text);
	for (guint i = 0; i < names->len; i++)
		if (!g_strv_contains(known, names->pdata[i]))
			yaml_problem_unknown(node, "field", names->pdata[i],
			    known);
}

static void
check_fields(const YamlNode *root, const AlertRecogniser *by)
{
	static const char *const templates[] = { "key", "alias" };
	static const char *const lists[] = { "need", "want" };
	g_autoptr(GPtrArray) names = known_fields(by);
	const char *const *known = (const char *const *)names->pdata;
	const YamlNode *steps = yaml_get(root, "read");

	for (gsize t = 0; t < G_N_ELEMENTS(templates); t++) {
		const YamlNode *node = yaml_get(root, templates[t]);

		for (guint i = 0; i < count_of(node); i++)
			check_template(item_of(node, i), known);
	}
	for (gsize l = 0; l < G_N_ELEMENTS(lists); l++) {
		const YamlNode *node = yaml_get(root, lists[l]);

		for (guint i = 0; i < count_of(node); i++) {
			const char *name = yaml_text(item_of(node, i));

			if (name != NULL && !g_strv_contains(known, name))
				yaml_problem_unknown(item_of(node, i), "field",
				    name, known);
		}
	}
	for (guint i = 0; i < count_of(steps); i++) {
		const YamlNode *set = yaml_get(item_of(steps, i), "set");

		for (guint j = 0; set != NULL && j < yaml_count(set); j++)
			if (yaml_kind(set) == YAML_MAP)
				check_template(yaml_value(set, j), known);
	}
}

static AlertRecogniser *
load_recogniser(const YamlNode *root)
{
	static const char *const keys[] = { "system", "title", "rank",
		"courtesy", "parts", "signs", "read", "types", "states", "need",
		"want", "key", "alias", "members", "output", "host_states",
		"host_whole", "several", NULL };
	AlertRecogniser *by = g_new0(AlertRecogniser, 1);
	g_autoptr(GHashTable) parts = load_parts(yaml_get(root, "parts"));

	yaml_check_keys(root, keys);
	by->system = g_strdup(yaml_get_text(root, "system", ""));
	by->rank = yaml_get_int(root, "rank", 0, 1000, 50);
	by->courtesy = yaml_get_bool(root, "courtesy", false);
	by->signs = load_steps(yaml_need(root, "signs"), false, parts);
	by->steps = load_steps(yaml_need(root, "read"), true, parts);
	by->types = alert_words_new();
	by->states = alert_words_new();
	load_type_words(yaml_get(root, "types"), "type of alert", parse_type,
	    by->types);
	load_type_words(yaml_get(root, "states"), "level", parse_level,
	    by->states);
	by->need = load_strings(yaml_get(root, "need"));
	by->want = load_strings(yaml_get(root, "want"));
	by->keys = load_strings(yaml_need(root, "key"));
	by->aliases = load_strings(yaml_get(root, "alias"));
	by->members = load_members(yaml_get(root, "members"), parts);
	by->several = load_split(yaml_get(root, "several"), parts);
	by->output = load_output(yaml_get(root, "output"), parts);
	by->host_states = load_folded(yaml_get(root, "host_states"));
	by->host_whole = yaml_get_bool(root, "host_whole", false);
	check_fields(root, by);
	return by;
}

static void
load_signs(const YamlNode *list, GHashTable *parts, GPtrArray *signs)
{
	for (guint i = 0; i < count_of(list); i++)
		g_ptr_array_add(signs,
		    load_step(item_of(list, i), false, parts));
}

/* What a mail server puts above texts. */
static void
load_banners(const YamlNode *list, GHashTable *parts, GPtrArray *banners)
{
	static const char *const groups[] = { "banner", NULL };

	for (guint i = 0; i < count_of(list); i++) {
		Pattern *pattern = load_grouped(item_of(list, i), groups,
		    parts);

		if (pattern != NULL)
			g_ptr_array_add(banners, pattern);
	}
}

/* Its lists stand in the order of AlertWordKind. */
static void
load_unknown(const YamlNode *map, GHashTable *parts, AlertUnknown *unknown)
{
	static const char *const keys[] = { "over", "good", "bad", "grave",
		"not", "no_more", "now", "is", "update", "notice", "filler",
		"read", NULL };

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	for (guint kind = WORD_OVER; kind < WORD_KINDS; kind++) {
		g_auto(GStrv) words = load_strings(
		    yaml_get(map, keys[kind - WORD_OVER]));

		for (char **word = words; *word != NULL; word++)
			alert_unknown_add(unknown, kind, *word);
	}
	g_ptr_array_unref(unknown->read);
	unknown->read = load_steps(yaml_get(map, "read"), true, parts);
}

static void
load_common(AlertRules *rules, const YamlNode *root)
{
	static const char *const keys[] = { "types", "states", "parts",
		"prefixes", "banners", "conversation", "courtesy", "unknown",
		NULL };
	static const char *const groups[] = { "rest", NULL };
	const YamlNode *prefixes = yaml_get(root, "prefixes");
	g_autoptr(GHashTable) parts = load_parts(yaml_get(root, "parts"));

	yaml_check_keys(root, keys);
	load_type_words(yaml_get(root, "types"), "type of alert", parse_type,
	    rules->types);
	load_banners(yaml_get(root, "banners"), parts, rules->banners);
	load_type_words(yaml_get(root, "states"), "level", parse_level,
	    rules->states);
	for (guint i = 0; i < count_of(prefixes); i++) {
		Pattern *pattern = load_grouped(item_of(prefixes, i), groups,
		    parts);

		if (pattern != NULL)
			g_ptr_array_add(rules->prefixes, pattern);
	}
	load_signs(yaml_get(root, "conversation"), parts, rules->conversation);
	load_signs(yaml_get(root, "courtesy"), parts, rules->courtesy);
	load_unknown(yaml_get(root, "unknown"), parts, rules->unknown);
}

void
alert_rules_load(AlertRules *rules, const YamlNode *root)
{
	static const char *const own[] = { ALERT_SYSTEM_STORM,
		ALERT_SYSTEM_EXPECTED, ALERT_SYSTEM_UNKNOWN, NULL };
	g_autoptr(AlertRecogniser) by = NULL;

	if (!yaml_is_map(root))
		return;
	if (yaml_get(root, "system") == NULL &&
	    yaml_get(root, "signs") == NULL) {
		load_common(rules, root);
		return;
	}
	yaml_need(root, "system");
	by = load_recogniser(root);
	if (g_strv_contains(own, by->system))
		yaml_problem(yaml_get(root, "system"),
		    "'%s' is the desk's own word: choose another name",
		    by->system);
	for (guint i = 0; i < rules->recognisers->len; i++) {
		const AlertRecogniser *other = rules->recognisers->pdata[i];

		if (strcmp(other->system, by->system) == 0)
			yaml_problem(yaml_get(root, "system") != NULL
				? yaml_get(root, "system")
				: root,
			    "another file has the system '%s'", by->system);
	}
	g_ptr_array_add(rules->recognisers, g_steal_pointer(&by));
}

void
alert_rules_load_text(AlertRules *rules, const char *file, const char *text,
    gsize length, Problems *problems)
{
	g_autoptr(YamlDocument) document = yaml_parse(file, text, length,
	    problems);

	if (document != NULL)
		alert_rules_load(rules, yaml_root(document));
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

AlertRules *
alert_rules_of_files(const RuleFiles *files, const char *directory,
    Problems *problems)
{
	AlertRules *rules = alert_rules_new();
	guint count;
	g_autofree const char **names =
	    (const char **)g_hash_table_get_keys_as_array(files->files, &count);

	/* Of two files with one system, the same one is always reported. */
	qsort(names, count, sizeof *names, compare_names);
	for (guint i = 0; i < count; i++) {
		g_autofree char *path = rule_files_place(files, directory,
		    names[i]);
		gsize length;
		const char *text;

		if (!g_str_has_prefix(names[i], "alerts/") ||
		    alert_map_is_file(names[i]))
			continue;
		text = g_bytes_get_data(
		    g_hash_table_lookup(files->files, names[i]), &length);
		alert_rules_load_text(rules, path, text, length, problems);
	}
	alert_rules_seal(rules);
	return rules;
}
