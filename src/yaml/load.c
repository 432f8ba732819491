/*
 * Values out of a site's files: names, words, durations, dates, addresses,
 * patterns.
 */
#include "guichet/yaml/load.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

bool
load_known(const YamlNode *node, const char *what, const char *const *known)
{
	const char *name = yaml_text(node);

	if (name == NULL)
		return false;
	if (g_strv_contains(known, name))
		return true;
	yaml_problem_unknown(node, what, name, known);
	return false;
}

char *
load_name(const YamlNode *map, const char *key, const char *what,
    const char *const *known)
{
	const YamlNode *node = yaml_get(map, key);

	if (node == NULL || !load_known(node, what, known))
		return NULL;
	return g_strdup(yaml_text(node));
}

/* The node itself, or each item if it is a list. */
static const YamlNode *
one_of(const YamlNode *node, guint i)
{
	return yaml_kind(node) == YAML_LIST ? yaml_item(node, i) : node;
}

static guint
count_of(const YamlNode *node)
{
	if (node == NULL)
		return 0;
	return yaml_kind(node) == YAML_LIST ? yaml_count(node) : 1;
}

char **
load_names(const YamlNode *map, const char *key, const char *what,
    const char *const *known)
{
	const YamlNode *node = yaml_get(map, key);
	GPtrArray *list;

	if (node == NULL)
		return NULL;
	list = g_ptr_array_new();
	for (guint i = 0; i < count_of(node); i++)
		if (load_known(one_of(node, i), what, known))
			g_ptr_array_add(list,
			    g_strdup(yaml_text(one_of(node, i))));
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

const char *
words_in(const Words *words, const char *language)
{
	const char *text = text_is_french(language) ? words->fr : words->en;

	if (words->others != NULL &&
	    g_hash_table_contains(words->others, language))
		text = g_hash_table_lookup(words->others, language);
	else if (words->en != NULL && !text_is_french(language))
		text = catalog_text(language, words->en);
	if (text == NULL)
		text = words->en != NULL ? words->en : words->fr;
	return text != NULL ? text : "";
}

void
words_clear(Words *words)
{
	g_clear_pointer(&words->fr, g_free);
	g_clear_pointer(&words->en, g_free);
	g_clear_pointer(&words->others, g_hash_table_unref);
}

static void
load_other_words(const YamlNode *map, const char *language, Words *words)
{
	const char *text = yaml_get_text(map, language, NULL);

	if (text == NULL)
		return;
	if (words->others == NULL)
		words->others = g_hash_table_new_full(g_str_hash, g_str_equal,
		    NULL, g_free);
	g_hash_table_insert(words->others, (gpointer)g_intern_string(language),
	    g_strdup(text));
}

void
load_words(const YamlNode *map, const char *key, Words *ret_words)
{
	g_autofree const char **keys = catalog_languages();
	const YamlNode *node = yaml_need(map, key);

	if (node == NULL)
		return;
	if (yaml_kind(node) == YAML_SCALAR) {
		ret_words->en = g_strdup(yaml_text(node));
		return;
	}
	if (!yaml_check_keys(node, keys))
		return;
	ret_words->fr = g_strdup(yaml_get_text(node, "fr", NULL));
	ret_words->en = g_strdup(yaml_get_text(node, "en", NULL));
	for (gsize i = 0; keys[i] != NULL; i++) {
		if (strcmp(keys[i], "fr") != 0 && strcmp(keys[i], "en") != 0)
			load_other_words(node, keys[i], ret_words);
	}
	if (yaml_get(node, "fr") == NULL && yaml_get(node, "en") == NULL)
		yaml_problem(node, "give the text in 'fr', 'en' or both");
}

bool
load_duration(const YamlNode *map, const char *key, Duration *ret)
{
	g_autoptr(GError) error = NULL;
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);

	if (text == NULL)
		return false;
	if (duration_parse(text, ret, &error))
		return true;
	yaml_problem(node, "%s", error->message);
	return false;
}

bool
load_date(const YamlNode *map, const char *key, Date *ret_date)
{
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);

	if (text == NULL)
		return false;
	if (date_parse(text, ret_date))
		return true;
	yaml_problem(node, "'%s' is no date; write 2026-11-20", text);
	return false;
}

const Zone *
load_zone(const YamlNode *map, const char *key)
{
	g_autoptr(GError) error = NULL;
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);
	const Zone *zone;

	if (text == NULL)
		return NULL;
	zone = zone_get(text, &error);
	if (zone == NULL)
		yaml_problem(node, "%s", error->message);
	return zone;
}

bool
load_time(const char *text, gsize length, int32_t *ret_seconds)
{
	int hours, minutes;

	for (gsize i = 0; i < length; i++)
		if (i == 2 ? text[i] != ':' : !g_ascii_isdigit(text[i]))
			return false;
	if (length != 5)
		return false;
	hours = (text[0] - '0') * 10 + text[1] - '0';
	minutes = (text[3] - '0') * 10 + text[4] - '0';
	if (minutes > 59 || hours * 60 + minutes > 24 * 60)
		return false;
	*ret_seconds = (hours * 60 + minutes) * 60;
	return true;
}

guint
load_severities(const YamlNode *map, const char *key, guint known)
{
	const YamlNode *node = yaml_get(map, key);
	guint bits = 0;

	for (guint i = 0; i < count_of(node); i++) {
		const YamlNode *item = one_of(node, i);
		const char *text = yaml_text(item);
		gint64 severity;

		if (text == NULL)
			continue;
		if (!g_ascii_string_to_signed(text, 10, 1, SEVERITY_MAX,
			&severity, NULL))
			yaml_problem(item,
			    "'%s' is no severity; severities go from 1, the "
			    "worst, to %d",
			    text, SEVERITY_MAX);
		else if (known != 0 && (known & 1u << severity) == 0)
			yaml_problem(item,
			    "the plan has no severity %s; add it to "
			    "'severities' or correct the number",
			    text);
		else
			bits |= 1u << severity;
	}
	return bits;
}

char *
load_address(const YamlNode *node)
{
	const char *text = yaml_text(node);
	char *address = text == NULL ? NULL : text_address_canonical(text);

	if (text != NULL && address == NULL)
		yaml_problem(node,
		    "'%s' is no mail address; write name@domain alone", text);
	return address;
}

char **
load_addresses(const YamlNode *map, const char *key)
{
	const YamlNode *node = yaml_get(map, key);
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < count_of(node); i++) {
		char *address = load_address(one_of(node, i));

		if (address != NULL)
			g_ptr_array_add(list, address);
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

Pattern *
load_pattern(const YamlNode *node, const char *expression)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Pattern) pattern = pattern_new(expression, &error);

	if (pattern != NULL &&
	    (yaml_is_known(node) || pattern_is_bounded(pattern, &error)))
		return g_steal_pointer(&pattern);
	yaml_problem(node, "%s", error->message);
	return NULL;
}
