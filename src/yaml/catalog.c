/* Catalogues of the program's words, a language each. */
#include "guichet/yaml/catalog.h"

#include "catalog_private.h"

#include <string.h>

/* Interned texts, so that a catalogue that is replaced takes nothing away from
 * who has just been told a word of it. */
static GHashTable *catalogues; /* language to GHashTable of English to text */

static GHashTable *
catalogue_of(const char *language, bool make)
{
	GHashTable *one = g_hash_table_lookup(catalogues, language);

	if (one == NULL && make) {
		one = g_hash_table_new(g_str_hash, g_str_equal);
		g_hash_table_insert(catalogues,
		    (gpointer)g_intern_string(language), one);
	}
	return one;
}

/* The conversions of a format, in order: "%s" and "%d". */
static char *
conversions(const char *format)
{
	GString *found = g_string_new(NULL);

	for (const char *p = format; (p = strchr(p, '%')) != NULL;) {
		gsize length = p[1] == '\0' ? 1 : 2;

		g_string_append_len(found, p, (gssize)length);
		p += length;
	}
	return g_string_free(found, FALSE);
}

static bool
is_same_format(const char *english, const char *text)
{
	g_autofree char *wanted = conversions(english);
	g_autofree char *got = conversions(text);

	return strcmp(wanted, got) == 0;
}

static void
take(const char *language, const YamlNode *map)
{
	GHashTable *one = catalogue_of(language, true);

	for (guint i = 0; i < yaml_count(map); i++) {
		const char *english = yaml_text(yaml_key(map, i));
		const char *text = yaml_text(yaml_value(map, i));

		if (english == NULL || text == NULL)
			continue;
		if (is_same_format(english, text))
			g_hash_table_insert(one,
			    (gpointer)g_intern_string(english),
			    (gpointer)g_intern_string(text));
		else
			yaml_problem(yaml_value(map, i),
			    "it must have the same %%s and %%d as its key, in "
			    "the same order");
	}
}

/* A mistake in what is built in is a mistake of the program. */
static void
take_builtin(const CatalogBuiltin *one)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("words.yaml", one->begin,
	    (gsize)(one->end - one->begin), problems);

	g_assert(document != NULL);
	take(one->language, yaml_root(document));
	g_assert(problems_count(problems) == 0);
}

static void
begin(void)
{
	if (catalogues != NULL)
		return;
	catalogues = g_hash_table_new(g_str_hash, g_str_equal);
	take_builtin(&catalog_french);
}

static const char *
without_context(const char *english)
{
	const char *bar = strchr(english, '|');

	return bar != NULL ? bar + 1 : english;
}

const char *
catalog_text(const char *language, const char *english)
{
	GHashTable *one;
	const char *text = NULL;

	begin();
	one = catalogue_of(language, false);
	if (one != NULL)
		text = g_hash_table_lookup(one, english);
	return text != NULL ? text : without_context(english);
}

void
catalog_load(const char *language, const YamlNode *map)
{
	begin();
	if (yaml_is_map(map))
		take(language, map);
}

bool
catalog_speaks(const char *language)
{
	begin();
	return strcmp(language, "en") == 0 ||
	    catalogue_of(language, false) != NULL;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **
catalog_languages(void)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer language;

	begin();
	g_ptr_array_add(all, (gpointer) "en");
	g_hash_table_iter_init(&iter, catalogues);
	while (g_hash_table_iter_next(&iter, &language, NULL))
		g_ptr_array_add(all, language);
	g_ptr_array_sort(all, compare);
	g_ptr_array_add(all, NULL);
	return (const char **)g_ptr_array_free(g_steal_pointer(&all), FALSE);
}
