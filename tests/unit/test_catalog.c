/*
 * The program's words in other languages: what a catalogue may hold, that the
 * shipped ones know the same words, and that a language needs no C.
 */
#include "guichet/yaml/catalog.h"

#include <string.h>

static char *
take(const char *language, const char *text)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("words.yaml", text,
	    strlen(text), problems);

	g_assert_nonnull(document);
	catalog_load(language, yaml_root(document));
	return problems_format(problems);
}

static void
test_text(void)
{
	g_autofree char *found = NULL;

	g_assert_cmpstr(catalog_text("fr", "Friday"), ==, "vendredi");
	g_assert_cmpstr(catalog_text("en", "Friday"), ==, "Friday");
	g_assert_cmpstr(catalog_text("xx", "Friday"), ==, "Friday");
	g_assert_cmpstr(catalog_text("fr", "no such words"), ==,
	    "no such words");
	g_assert_cmpstr(catalog_text("en", "short|May"), ==, "May");
	g_assert_cmpstr(catalog_text("fr", "short|May"), ==, "mai");
	found = take("xx", "Friday: freedag\n\"%s 1 %s\": \"%s en %s\"\n");
	g_assert_cmpstr(found, ==, "");
	g_assert_true(catalog_speaks("xx"));
	g_assert_false(catalog_speaks("yy"));
	g_assert_cmpstr(catalog_text("xx", "Friday"), ==, "freedag");
	g_assert_cmpstr(catalog_text("xx", "Monday"), ==, "Monday");
}

/* A format that takes other values would read what is not there. */
static void
test_formats(void)
{
	static const char *const bad[] = { "\"%s: %s\": \"%s\"\n",
		"\"%s: %s\": \"%s %s %s\"\n", "\"%s %d %s\": \"%d %s %s\"\n",
		"Friday: \"%s\"\n", "Friday: \"100 %\"\n", "Friday: \"%n\"\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *found = take("zz", bad[i]);

		g_assert_nonnull(strstr(found, "must have the same"));
		g_assert_cmpstr(catalog_text("zz", "Friday"), ==, "Friday");
		g_assert_cmpstr(catalog_text("zz", "%s: %s"), ==, "%s: %s");
	}
}

static GHashTable *
keys_of(const char *file, Problems *problems, YamlDocument **ret_document)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize length;
	const YamlNode *root;
	GHashTable *keys = g_hash_table_new(g_str_hash, g_str_equal);

	g_file_get_contents(file, &text, &length, &error);
	g_assert_no_error(error);
	*ret_document = yaml_parse(file, text, length, problems);
	root = yaml_root(*ret_document);
	for (guint i = 0; i < yaml_count(root); i++)
		g_hash_table_add(keys, (gpointer)yaml_text(yaml_key(root, i)));
	return keys;
}

static void
assert_holds(GHashTable *all, GHashTable *keys)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, keys);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		if (!g_hash_table_contains(all, key))
			g_error("one catalogue lacks: %s", (char *)key);
	}
}

static void
test_shipped(void)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) french = NULL, dutch = NULL;
	g_autoptr(GHashTable) fr = keys_of("rules/replies/fr/words.yaml",
	    problems, &french);
	g_autoptr(GHashTable) nl = keys_of("rules/replies/nl/words.yaml",
	    problems, &dutch);
	g_autofree char *found = NULL;

	/* Dutch has besides what the plans' own files say in French
	 * (tests/lint/catalog). */
	assert_holds(nl, fr);
	g_assert_cmpuint(g_hash_table_size(nl), >, g_hash_table_size(fr));
	catalog_load("nl", yaml_root(dutch));
	found = problems_format(problems);
	g_assert_cmpstr(found, ==, "");
	g_assert_cmpstr(catalog_text("nl", "Friday"), ==, "vrijdag");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/catalog/text", test_text);
	g_test_add_func("/catalog/formats", test_formats);
	g_test_add_func("/catalog/shipped", test_shipped);
	return g_test_run();
}
