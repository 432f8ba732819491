/* Values out of YAML nodes; what is wrong with one is reported at its place. */
#include "guichet/yaml/yaml.h"

#include "guichet/base/names.h"
#include "yaml_private.h"

#include <string.h>

#define YAML_KIND_WORDS(X)        \
 X(YAML_SCALAR, "a single value") \
 X(YAML_LIST, "a list")           \
 X(YAML_MAP, "a map of keys and values")
NAME_TABLE(kinds, YAML_KIND_WORDS, YAML_KIND_COUNT);

const char *
yaml_kind_words(YamlKind kind)
{
	return names_word(&kinds, kind);
}

const YamlNode *
yaml_root(const YamlDocument *document)
{
	return document->root;
}

YamlKind
yaml_kind(const YamlNode *node)
{
	return node->kind;
}

gsize
yaml_line(const YamlNode *node)
{
	return node->line;
}

gsize
yaml_column(const YamlNode *node)
{
	return node->column;
}

const char *
yaml_file(const YamlNode *node)
{
	return node->document->file;
}

YamlPlace
yaml_place(const YamlNode *map, const char *key)
{
	const YamlNode *value = yaml_get(map, key);
	const YamlNode *node = value != NULL ? value : map;

	return (YamlPlace){ g_intern_string(yaml_file(node)), node->line,
		node->column };
}

void
yaml_problem(const YamlNode *node, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	problems_add(node->document->problems, node->document->file, node->line,
	    node->column, "%s", text);
}

/* How many letters must change to make `b` of `a`; words are short. */
static guint
edit_distance(const char *a, const char *b)
{
	gsize length = strlen(b);
	g_autofree guint *row = g_new(guint, length + 1);

	for (gsize j = 0; j <= length; j++)
		row[j] = (guint)j;
	for (guint i = 0; a[i] != '\0'; i++) {
		guint corner = row[0];

		row[0] = i + 1;
		for (gsize j = 0; j < length; j++) {
			guint change = corner +
			    (g_ascii_tolower(a[i]) != g_ascii_tolower(b[j]));

			corner = row[j + 1];
			row[j + 1] = MIN(change, MIN(row[j] + 1, corner + 1));
		}
	}
	return row[length];
}

const char *
yaml_nearest(const char *word, const char *const *words)
{
	const char *nearest = NULL;
	gsize length = strlen(word);
	/* Two other letters of three make another word. */
	guint best = length < 4 ? 1 : (guint)MIN(length, 64) / 3 + 1;

	if (length > 64)
		return NULL;
	for (gsize i = 0; words[i] != NULL; i++) {
		guint distance = edit_distance(word, words[i]);

		if (distance <= best && distance < strlen(words[i])) {
			if (nearest == NULL || distance < best)
				nearest = words[i];
			best = distance;
		}
	}
	return nearest;
}

void
yaml_problem_unknown(const YamlNode *node, const char *what, const char *word,
    const char *const *words)
{
	const char *nearest = yaml_nearest(word, words);
	g_autofree char *all = g_strjoinv(", ", (char **)words);

	if (nearest != NULL)
		yaml_problem(node, "unknown %s '%s'; did you mean '%s'?", what,
		    word, nearest);
	else
		yaml_problem(node, "unknown %s '%s'; known: %s", what, word,
		    *all != '\0' ? all : "none");
}

bool
yaml_is_map(const YamlNode *node)
{
	if (node->kind == YAML_MAP)
		return true;
	if (!node->bad)
		yaml_problem(node, "keys and values are expected here, not %s",
		    node->empty ? "nothing" : yaml_kind_words(node->kind));
	return false;
}

bool
yaml_check_keys(const YamlNode *map, const char *const *keys)
{
	if (!yaml_is_map(map))
		return false;
	for (guint i = 0; i < map->keys->len; i++) {
		const YamlNode *key = map->keys->pdata[i];

		if (!key->bad && !g_strv_contains(keys, key->text))
			yaml_problem_unknown(key, "key", key->text, keys);
	}
	return true;
}

const YamlNode *
yaml_get(const YamlNode *map, const char *key)
{
	gpointer position;

	if (map == NULL || map->kind != YAML_MAP ||
	    !g_hash_table_lookup_extended(map->index, key, NULL, &position))
		return NULL;
	return map->items->pdata[GPOINTER_TO_UINT(position)];
}

const YamlNode *
yaml_need(const YamlNode *map, const char *key)
{
	const YamlNode *value = yaml_get(map, key);

	if (value == NULL && map != NULL && map->kind == YAML_MAP)
		yaml_problem(map, "the key '%s' is missing", key);
	return value;
}

guint
yaml_count(const YamlNode *node)
{
	return node == NULL || node->items == NULL ? 0 : node->items->len;
}

const YamlNode *
yaml_item(const YamlNode *list, guint i)
{
	g_assert(i < yaml_count(list));
	return list->items->pdata[i];
}

const YamlNode *
yaml_key(const YamlNode *map, guint i)
{
	g_assert(map->kind == YAML_MAP && i < yaml_count(map));
	return map->keys->pdata[i];
}

const YamlNode *
yaml_value(const YamlNode *map, guint i)
{
	g_assert(map->kind == YAML_MAP && i < yaml_count(map));
	return map->items->pdata[i];
}

const char *
yaml_text(const YamlNode *node)
{
	if (node->kind == YAML_SCALAR && !node->empty && !node->bad)
		return node->text;
	if (!node->bad)
		yaml_problem(node, "a single value is expected here, not %s",
		    node->empty ? "nothing" : yaml_kind_words(node->kind));
	return NULL;
}

const char *
yaml_get_text(const YamlNode *map, const char *key, const char *absent)
{
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);

	return text != NULL ? text : absent;
}

gint64
yaml_get_int(const YamlNode *map, const char *key, gint64 min, gint64 max,
    gint64 absent)
{
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);
	gint64 value;

	if (text == NULL)
		return absent;
	if (g_ascii_string_to_signed(text, 10, min, max, &value, NULL))
		return value;
	yaml_problem(node,
	    "'%s' is not a whole number from %" G_GINT64_FORMAT
	    " to %" G_GINT64_FORMAT,
	    text, min, max);
	return absent;
}

bool
yaml_get_bool(const YamlNode *map, const char *key, bool absent)
{
	static const char *const words[] = { "no", "yes", "false", "true",
		NULL };
	int choice = yaml_get_choice(map, key, words, -1);

	return choice < 0 ? absent : choice % 2 == 1;
}

int
yaml_get_choice(const YamlNode *map, const char *key, const char *const *words,
    int absent)
{
	const YamlNode *node = yaml_get(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);

	if (text == NULL)
		return absent;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	yaml_problem_unknown(node, "word", text, words);
	return absent;
}

char **
yaml_get_list(const YamlNode *map, const char *key)
{
	const YamlNode *node = yaml_get(map, key);
	GPtrArray *list = g_ptr_array_new();
	const char *text;

	if (node != NULL && node->kind == YAML_LIST) {
		for (guint i = 0; i < yaml_count(node); i++)
			if ((text = yaml_text(yaml_item(node, i))) != NULL)
				g_ptr_array_add(list, g_strdup(text));
	} else if (node != NULL && (text = yaml_text(node)) != NULL) {
		g_ptr_array_add(list, g_strdup(text));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

bool
yaml_is_past(const YamlNode *node)
{
	return problems_are_past(node->document->problems);
}

bool
yaml_is_known(const YamlNode *node)
{
	return problems_are_known(node->document->problems);
}
