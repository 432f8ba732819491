/* Match rules from their files. */
#include "guichet/rules/robot.h"
#include "guichet/yaml/load.h"
#include "loaders_private.h"
#include "match_private.h"

#include <string.h>

void
test_free(Test *test)
{
	if (test == NULL)
		return;
	g_clear_pointer(&test->parts, g_ptr_array_unref);
	pattern_free(test->pattern);
	g_free(test->word);
	g_free(test);
}

static void
rule_free(gpointer data)
{
	MatchRule *rule = data;

	g_free(rule->name);
	g_free(rule->file);
	g_free(rule->label);
	test_free(rule->when);
	for (int i = 0; i < SET_COUNT; i++)
		g_free(rule->set[i]);
	g_strfreev(rule->tags);
	g_free(rule);
}

MatchRules *
match_rules_new(void)
{
	MatchRules *rules = g_new0(MatchRules, 1);

	rules->rules = g_ptr_array_new_with_free_func(rule_free);
	rules->scales = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    (GDestroyNotify)weights_free);
	return rules;
}

void
match_rules_free(MatchRules *rules)
{
	if (rules == NULL)
		return;
	g_ptr_array_unref(rules->rules);
	g_hash_table_unref(rules->scales);
	g_free(rules);
}

/* ---- conditions ---- */

static Test *
test_new(TestKind kind)
{
	Test *test = g_new0(Test, 1);

	test->kind = kind;
	if (kind <= TEST_NOT)
		test->parts = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)test_free);
	return test;
}

/* What conditions may name. */
typedef struct {
	const KnownNames *names;
	GHashTable *scales; /* those that were read before, name to Weights * */
} Scope;

static Test *test_load(const YamlNode *map, const Scope *scope);

static Pattern *
pattern_load(const YamlNode *node)
{
	const char *text = yaml_text(node);

	return text == NULL ? NULL : load_pattern(node, text);
}

/* A test of a pattern or a word; never NULL. */
static Test *
leaf_load(const YamlNode *node, TestKind kind, const Scope *scope)
{
	Test *test = test_new(kind);
	RobotClass class;

	if (kind < TEST_CONTRACT) {
		test->pattern = pattern_load(node);
		return test;
	}
	test->word = g_strdup(yaml_text(node));
	if (test->word == NULL)
		return test;
	if (kind == TEST_CONTRACT)
		(void)load_known(node, "contract", scope->names->contracts);
	if (kind == TEST_ROBOT && !robot_class_parse(test->word, &class))
		yaml_problem(node,
		    "unknown class of robots '%s'; known: self, bounce, "
		    "receipt, feedback, autoreply, list, machine, "
		    "suspect-loop, human",
		    test->word);
	return test;
}

static Test *
header_load(const YamlNode *node)
{
	static const char *const keys[] = { "name", "matches", NULL };
	Test *test = test_new(TEST_HEADER);

	test->word = g_strdup("");
	if (!yaml_check_keys(node, keys))
		return test;
	(void)yaml_need(node, "name");
	g_free(test->word);
	test->word = g_strdup(yaml_get_text(node, "name", ""));
	if (yaml_get(node, "matches") != NULL)
		test->pattern = pattern_load(yaml_get(node, "matches"));
	return test;
}

static Test *
weight_load(const YamlNode *node, const Scope *scope)
{
	static const char *const keys[] = { "scale", "from", "below", NULL };
	Test *test = test_new(TEST_WEIGHT);
	const YamlNode *scale;

	test->word = g_strdup("");
	if (!yaml_check_keys(node, keys))
		return test;
	scale = yaml_need(node, "scale");
	g_free(test->word);
	test->word = g_strdup(yaml_get_text(node, "scale", ""));
	if (scale != NULL && !g_hash_table_contains(scope->scales, test->word))
		yaml_problem(scale,
		    "no scale '%s' is known here; 'weights' must come in this "
		    "file or one whose name sorts before",
		    test->word);
	test->from = (int)yaml_get_int(node, "from", -WEIGHTS_SUM_MAX,
	    WEIGHTS_SUM_MAX, -WEIGHTS_SUM_MAX);
	test->below = (int)yaml_get_int(node, "below", -WEIGHTS_SUM_MAX,
	    WEIGHTS_SUM_MAX, WEIGHTS_SUM_MAX);
	if (test->from >= test->below)
		yaml_problem(node, "no weight lies from %d to below %d",
		    test->from, test->below);
	return test;
}

/* The parts of `all` and `any`, a list of maps. */
static Test *
parts_load(const YamlNode *list, TestKind kind, const Scope *scope)
{
	Test *test = test_new(kind);

	if (yaml_kind(list) != YAML_LIST || yaml_count(list) == 0) {
		yaml_problem(list, "a list of conditions is expected here");
		return test;
	}
	for (guint i = 0; i < yaml_count(list); i++)
		g_ptr_array_add(test->parts,
		    test_load(yaml_item(list, i), scope));
	return test;
}

static const char *const test_keys[] = { "all", "any", "not", "subject", "text",
	"body", "header", "attachment", "recipient", "from", "contract",
	"mailbox", "robot", "weight", NULL };

static Test *
item_load(const YamlNode *node, TestKind kind, const Scope *scope)
{
	if (kind == TEST_HEADER)
		return header_load(node);
	if (kind == TEST_WEIGHT)
		return weight_load(node, scope);
	return leaf_load(node, kind, scope);
}

/* One key of a condition and its value, of which a list means any. */
static Test *
key_load(const char *key, const YamlNode *node, const Scope *scope)
{
	TestKind kind = TEST_ALL;
	Test *test;

	while (strcmp(test_keys[kind], key) != 0)
		kind++;
	if (kind == TEST_ALL || kind == TEST_ANY)
		return parts_load(node, kind, scope);
	if (kind == TEST_NOT) {
		test = test_new(TEST_NOT);
		g_ptr_array_add(test->parts, test_load(node, scope));
		return test;
	}
	if (yaml_kind(node) != YAML_LIST)
		return item_load(node, kind, scope);
	test = test_new(TEST_ANY);
	if (yaml_count(node) == 0)
		yaml_problem(node, "the list is empty; nothing can match");
	for (guint i = 0; i < yaml_count(node); i++)
		g_ptr_array_add(test->parts,
		    item_load(yaml_item(node, i), kind, scope));
	return test;
}

static Test *
test_load(const YamlNode *map, const Scope *scope)
{
	Test *test = test_new(TEST_ALL);

	if (!yaml_check_keys(map, test_keys))
		return test;
	if (yaml_count(map) == 0)
		yaml_problem(map, "a condition is expected here");
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *key = yaml_text(yaml_key(map, i));

		if (key != NULL && g_strv_contains(test_keys, key))
			g_ptr_array_add(test->parts,
			    key_load(key, yaml_value(map, i), scope));
	}
	return test;
}

/* ---- what a rule sets ---- */

static void
collect_names(const Test *test, GHashTable *names)
{
	for (guint i = 0; test->parts != NULL && i < test->parts->len; i++)
		if (test->kind != TEST_NOT)
			collect_names(test->parts->pdata[i], names);
	if (test->pattern == NULL)
		return;
	for (const char *const *name = pattern_names(test->pattern);
	     *name != NULL; name++)
		g_hash_table_add(names, (char *)*name);
}

/* Each ${name} must be a group of one of the rule's own patterns. */
static void
check_captures(const YamlNode *node, const char *value, GHashTable *names)
{
	const char *start, *end;

	while ((start = strstr(value, "${")) != NULL) {
		g_autofree char *name = NULL;

		end = strchr(start, '}');
		if (end == NULL) {
			yaml_problem(node, "'${' without '}'");
			return;
		}
		name = g_strndup(start + 2, (gsize)(end - start - 2));
		if (!g_hash_table_contains(names, name))
			yaml_problem(node,
			    "no pattern of this rule has a group '%s'; write "
			    "(?<%s>...) in one that is not under 'not'",
			    name, name);
		value = end + 1;
	}
}

static void
check_set(const YamlNode *node, SetField field, const char *value,
    const KnownNames *names)
{
	TicketKind kind;
	MatchAsks asks;
	MatchAgrees agrees;

	if (strstr(value, "${") != NULL)
		return;
	if (field == SET_SEVERITY &&
	    (strlen(value) != 1 || value[0] < '1' ||
		value[0] > '0' + SEVERITY_MAX))
		yaml_problem(node, "severities go from 1 to %d", SEVERITY_MAX);
	if (field == SET_KIND &&
	    (!ticket_kind_parse(value, &kind) || kind == KIND_DUTY))
		yaml_problem(node,
		    "unknown kind '%s'; known: incident, request, question",
		    value);
	if (field == SET_ASKS && !match_asks_parse(value, &asks))
		yaml_problem(node,
		    "unknown wish '%s'; known: nothing, closing, "
		    "open-tickets, closed-tickets, history",
		    value);
	if (field == SET_AGREES && !match_agrees_parse(value, &agrees))
		yaml_problem(node, "'%s' is neither yes nor no", value);
	if (field == SET_CONTRACT)
		(void)load_known(node, "contract", names->contracts);
}

static void
set_load(const YamlNode *root, const KnownNames *names, MatchRule *rule)
{
	static const char *const keys[] = { "severity", "kind", "component",
		"scope", "contract", "asks", "agrees", "tags", NULL };
	const YamlNode *map = yaml_get(root, "set");
	g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash,
	    g_str_equal);

	rule->tags = yaml_get_list(map, "tags");
	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	collect_names(rule->when, groups);
	for (int i = 0; i < SET_COUNT; i++) {
		const YamlNode *node = yaml_get(map, keys[i]);
		const char *value = node == NULL ? NULL : yaml_text(node);

		if (value == NULL)
			continue;
		rule->set[i] = g_strdup(value);
		check_captures(node, value, groups);
		check_set(node, (SetField)i, value, names);
	}
	for (gsize i = 0; rule->tags[i] != NULL; i++)
		check_captures(yaml_get(map, "tags"), rule->tags[i], groups);
}

/* ---- scales ---- */

static void
phrases_add(Weights *weights, WeightsPart part, const YamlNode *list,
    int points)
{
	if (yaml_kind(list) != YAML_LIST) {
		yaml_problem(list, "a list of phrases is expected here");
		return;
	}
	for (guint i = 0; i < yaml_count(list); i++) {
		const char *phrase = yaml_text(yaml_item(list, i));

		if (phrase != NULL &&
		    !weights_add(weights, part, phrase, points))
			yaml_problem(yaml_item(list, i),
			    "'%s' is not one to three words of one sentence, "
			    "or it is there already in other letters",
			    phrase);
	}
}

/* The phrases of a map, each list of them under its points. */
static void
phrases_load(Weights *weights, WeightsPart part, const YamlNode *map)
{
	if (map == NULL)
		return;
	if (yaml_kind(map) != YAML_MAP) {
		yaml_problem(map,
		    "points, each with a list of phrases, are expected here");
		return;
	}
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *text = yaml_text(yaml_key(map, i));
		gint64 points;

		if (text != NULL &&
		    g_ascii_string_to_signed(text, 10, -WEIGHTS_POINTS_MAX,
			WEIGHTS_POINTS_MAX, &points, NULL))
			phrases_add(weights, part, yaml_value(map, i),
			    (int)points);
		else if (text != NULL)
			yaml_problem(yaml_key(map, i),
			    "points go from -%d to %d, not '%s'",
			    WEIGHTS_POINTS_MAX, WEIGHTS_POINTS_MAX, text);
	}
}

static void
scale_load(MatchRules *rules, const YamlNode *node)
{
	static const char *const keys[] = { "name", "start", "words", "subject",
		"rules", NULL };
	Weights *weights;
	const char *name;

	if (!yaml_check_keys(node, keys) || yaml_need(node, "name") == NULL)
		return;
	name = yaml_get_text(node, "name", "");
	weights = weights_new((int)yaml_get_int(node, "start", -WEIGHTS_SUM_MAX,
	    WEIGHTS_SUM_MAX, 0));
	phrases_load(weights, WEIGHTS_WORDS, yaml_get(node, "words"));
	phrases_load(weights, WEIGHTS_SUBJECT, yaml_get(node, "subject"));
	phrases_load(weights, WEIGHTS_RULES, yaml_get(node, "rules"));
	if (!g_hash_table_replace(rules->scales, g_strdup(name), weights))
		yaml_problem(node, "there are two scales '%s'", name);
}

static void
scales_load(MatchRules *rules, const YamlNode *list)
{
	if (list != NULL && yaml_kind(list) != YAML_LIST) {
		yaml_problem(list, "a list of scales is expected here");
		return;
	}
	for (guint i = 0; i < yaml_count(list); i++)
		scale_load(rules, yaml_item(list, i));
}

/* ---- files ---- */

/* Whether the rule is a sign that some scale weighs. */
static bool
is_weighed(GHashTable *scales, const char *rule)
{
	GHashTableIter iter;
	gpointer weights;

	g_hash_table_iter_init(&iter, scales);
	while (g_hash_table_iter_next(&iter, NULL, &weights))
		if (weights_knows_rule(weights, rule))
			return true;
	return false;
}

static MatchRule *
rule_load(const YamlNode *node, const Scope *scope, int order)
{
	static const char *const keys[] = { "name", "order", "when", "set",
		"stop", NULL };
	const YamlNode *when;
	MatchRule *rule;

	if (!yaml_check_keys(node, keys))
		return NULL;
	rule = g_new0(MatchRule, 1);
	(void)yaml_need(node, "name");
	rule->name = g_strdup(yaml_get_text(node, "name", ""));
	rule->file = g_strdup(yaml_file(node));
	rule->line = yaml_line(node);
	rule->order = (int)yaml_get_int(node, "order", 0, 1000000, order);
	when = yaml_need(node, "when");
	rule->when = when != NULL ? test_load(when, scope) : test_new(TEST_ANY);
	set_load(node, scope->names, rule);
	rule->stop = yaml_get_bool(node, "stop", false);
	if (yaml_get(node, "set") == NULL && !rule->stop &&
	    !is_weighed(scope->scales, rule->name))
		yaml_problem(node,
		    "the rule does nothing; give 'set', 'stop' or both, or "
		    "name it in a scale's 'rules'");
	return rule;
}

/* "match/10-panne.yaml" of ".../rules/match/10-panne.yaml". */
static const char *
short_name(const char *file)
{
	const char *found = g_strrstr(file, "match/");

	return found != NULL ? found : file;
}

void
match_load(MatchRules *rules, const YamlNode *root, const KnownNames *names)
{
	static const char *const keys[] = { "order", "weights", "rules", NULL };
	const Scope scope = { names, rules->scales };
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	const YamlNode *list;
	int order;

	if (!yaml_check_keys(root, keys))
		return;
	order = (int)yaml_get_int(root, "order", 0, 1000000, 100);
	scales_load(rules, yaml_get(root, "weights"));
	list = yaml_get(root, "weights") == NULL ? yaml_need(root, "rules")
						 : yaml_get(root, "rules");
	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "a list of rules is expected here");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_kind(list) == YAML_LIST
		    ? yaml_item(list, i)
		    : NULL;
		MatchRule *rule = node == NULL ? NULL
					       : rule_load(node, &scope, order);

		if (rule == NULL)
			continue;
		rule->label = g_strdup_printf("%s (%s:%" G_GSIZE_FORMAT ")",
		    rule->name, short_name(rule->file), rule->line);
		if (!g_hash_table_add(seen, rule->name))
			yaml_problem(node, "the file has two rules '%s'",
			    rule->name);
		g_ptr_array_add(rules->rules, rule);
	}
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const MatchRule *x = *(MatchRule *const *)a,
			*y = *(MatchRule *const *)b;
	int files = strcmp(x->file, y->file);

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (files != 0)
		return files;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void
number_tests(Test *test, guint *count)
{
	test->number = (*count)++;
	for (guint i = 0; test->parts != NULL && i < test->parts->len; i++)
		number_tests(test->parts->pdata[i], count);
}

void
match_rules_seal(MatchRules *rules)
{
	g_ptr_array_sort(rules->rules, compare);
	for (guint i = 0; i < rules->rules->len; i++) {
		MatchRule *rule = rules->rules->pdata[i];

		number_tests(rule->when, &rules->tests);
	}
}
