/* robots.yaml from its file. */
#include "guichet/rules/robot.h"

#include "guichet/yaml/load.h"
#include "guichet/yaml/pattern.h"
#include "robot_private.h"

#include <string.h>

static void
signal_free(gpointer data)
{
	RobotSignal *signal = data;

	g_free(signal->name);
	g_free(signal->header);
	g_ptr_array_unref(signal->values);
	g_array_unref(signal->also);
	g_free(signal);
}

void
robot_rules_free(RobotRules *rules)
{
	if (rules == NULL)
		return;
	g_ptr_array_unref(rules->signals);
	g_free(rules);
}

/* Field names of RFC 5322, 3.6.8, with '*' at the end or not. */
static bool
is_header_name(const char *name)
{
	gsize length = strlen(name);

	if (length > 1 && name[length - 1] == '*')
		length--;
	for (gsize i = 0; i < length; i++) {
		if (name[i] <= ' ' || name[i] > '~' || name[i] == ':' ||
		    name[i] == '*')
			return false;
	}
	return length > 0;
}

static void
load_source(RobotSignal *signal, const YamlNode *map)
{
	const YamlNode *header = yaml_get(map, "header");
	const YamlNode *test = yaml_get(map, "test");
	const char *text;

	if ((header == NULL) == (test == NULL)) {
		yaml_problem(map,
		    "a signal reads one thing: give it either "
		    "header or test");
		return;
	}
	text = yaml_text(header != NULL ? header : test);
	if (text == NULL)
		return;
	if (header != NULL) {
		signal->header = g_strdup(text);
		if (!is_header_name(text))
			yaml_problem(header, "'%s' is no header's name", text);
	} else {
		signal->test = robot_test_find(text);
		if (signal->test == NULL)
			yaml_problem(test, "there is no test '%s'", text);
	}
}

/* One pattern, or a list of which one is enough. */
static void
load_values(RobotSignal *signal, const YamlNode *map)
{
	const YamlNode *value = yaml_get(map, "value");
	bool is_list = value != NULL && yaml_kind(value) == YAML_LIST;
	guint count = value == NULL ? 0 : is_list ? yaml_count(value) : 1;

	for (guint i = 0; i < count; i++) {
		const YamlNode *node = is_list ? yaml_item(value, i) : value;
		const char *text = yaml_text(node);
		Pattern *pattern = text != NULL ? load_pattern(node, text)
						: NULL;

		if (pattern != NULL)
			g_ptr_array_add(signal->values, pattern);
	}
}

/* Nothing alone is worth enough: then it would be proof. */
static void
load_weight(RobotSignal *signal, const YamlNode *map)
{
	signal->weight = (int)yaml_get_int(map, "weight", 1 - ROBOT_ENOUGH,
	    ROBOT_ENOUGH - 1, 0);
	if (signal->weight == 0 && yaml_get(map, "weight") != NULL)
		yaml_problem(yaml_get(map, "weight"),
		    "a weight of 0 says nothing; without one it is proof");
}

static RobotSignal *
load_signal(const YamlNode *map)
{
	static const char *const keys[] = { "class", "name", "header", "test",
		"value", "also", "weight", NULL };
	RobotSignal *signal = g_new0(RobotSignal, 1);
	const YamlNode *class = yaml_need(map, "class");
	const YamlNode *name = yaml_need(map, "name");
	const char *text;

	signal->also = g_array_new(FALSE, FALSE, sizeof(guint));
	signal->values = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)pattern_free);
	signal->class = ROBOT_NONE;
	yaml_check_keys(map, keys);
	text = class != NULL ? yaml_text(class) : NULL;
	if (text != NULL && !robot_class_parse(text, &signal->class))
		yaml_problem(class, "there is no class '%s'", text);
	text = name != NULL ? yaml_text(name) : NULL;
	signal->name = g_strdup(text != NULL ? text : "");
	if (text != NULL && *text == '\0')
		yaml_problem(name, "a signal needs a name");
	load_source(signal, map);
	load_values(signal, map);
	load_weight(signal, map);
	return signal;
}

static bool
find_signal(const RobotRules *rules, const char *name, guint *ret_position)
{
	for (guint i = 0; i < rules->signals->len; i++) {
		const RobotSignal *signal = rules->signals->pdata[i];

		if (strcmp(signal->name, name) != 0)
			continue;
		*ret_position = i;
		return true;
	}
	return false;
}

/* Once all are there, since a signal may name one below it. */
static void
load_also(const RobotRules *rules, guint position, const YamlNode *map)
{
	RobotSignal *signal = rules->signals->pdata[position];
	g_auto(GStrv) names = yaml_get_list(map, "also");

	for (gsize i = 0; names[i] != NULL; i++) {
		guint other;

		if (!find_signal(rules, names[i], &other))
			yaml_problem(map, "also: there is no signal '%s'",
			    names[i]);
		else if (other == position)
			yaml_problem(map, "also: '%s' is the signal itself",
			    names[i]);
		else
			g_array_append_val(signal->also, other);
	}
}

static void
check_signal(const RobotRules *rules, guint position, const YamlNode *map)
{
	const RobotSignal *signal = rules->signals->pdata[position];
	guint first;

	if (*signal->name != '\0' && find_signal(rules, signal->name, &first) &&
	    first != position)
		yaml_problem(map, "two signals have the name '%s'",
		    signal->name);
	for (guint i = 0; i < signal->also->len; i++) {
		const RobotSignal *other =
		    rules->signals
			->pdata[g_array_index(signal->also, guint, i)];

		if (other->also->len > 0)
			yaml_problem(map,
			    "also: '%s' has an also of its own; chains are "
			    "not followed",
			    other->name);
	}
}

RobotRules *
robot_rules_load(const YamlNode *root, Problems *problems)
{
	g_autoptr(RobotRules) rules = g_new0(RobotRules, 1);
	guint before = problems_count(problems);

	rules->signals = g_ptr_array_new_with_free_func(signal_free);
	if (yaml_kind(root) != YAML_LIST) {
		yaml_problem(root, "robots.yaml is a list of signals");
		return NULL;
	}
	for (guint i = 0; i < yaml_count(root); i++)
		g_ptr_array_add(rules->signals,
		    load_signal(yaml_item(root, i)));
	for (guint i = 0; i < rules->signals->len; i++)
		load_also(rules, i, yaml_item(root, i));
	for (guint i = 0; i < rules->signals->len; i++)
		check_signal(rules, i, yaml_item(root, i));
	return problems_count(problems) > before ? NULL
						 : g_steal_pointer(&rules);
}
