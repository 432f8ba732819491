#include "guichet/base/limits.h"
#include "guichet/yaml/yaml.h"

#include <string.h>

static void
test_tree(void)
{
	static const char text[] = "title: Accès\n"
				   "list: [a, 'b', \"c d\"]\n"
				   "map:\n"
				   "  one: 1\n"
				   "  yes: yes\n"
				   "empty: ''\n";
	static const char *const words[] = { "un", "deux", NULL };
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("x.yaml", text,
	    strlen(text), problems);
	const YamlNode *root = yaml_root(document);
	const YamlNode *map = yaml_get(root, "map");
	g_auto(GStrv) list = yaml_get_list(root, "list");
	g_auto(GStrv) one = yaml_get_list(root, "title");
	g_auto(GStrv) none = yaml_get_list(root, "nothing");

	g_assert_cmpint(yaml_kind(root), ==, YAML_MAP);
	g_assert_cmpuint(yaml_count(root), ==, 4);
	g_assert_cmpstr(yaml_get_text(root, "title", ""), ==, "Accès");
	g_assert_cmpstr(yaml_get_text(root, "empty", "x"), ==, "");
	g_assert_cmpstr(yaml_get_text(root, "nothing", "x"), ==, "x");
	g_assert_cmpint(yaml_get_int(map, "one", 0, 9, 7), ==, 1);
	g_assert_cmpint(yaml_get_int(map, "two", 0, 9, 7), ==, 7);
	g_assert_true(yaml_get_bool(map, "yes", false));
	g_assert_true(yaml_get_bool(map, "other", true));
	g_assert_cmpint(yaml_get_choice(root, "nothing", words, 5), ==, 5);
	g_assert_cmpuint(g_strv_length(list), ==, 3);
	g_assert_cmpstr(list[2], ==, "c d");
	g_assert_cmpuint(g_strv_length(one), ==, 1);
	g_assert_cmpuint(g_strv_length(none), ==, 0);
	g_assert_cmpuint(yaml_line(map), ==, 4);
	g_assert_cmpuint(yaml_column(map), ==, 3);
	g_assert_null(yaml_get(NULL, "x"));
	g_assert_null(yaml_get(yaml_get(root, "list"), "x"));
	g_assert_cmpuint(problems_count(problems), ==, 0);
}

/* Each text and all that is said of it. */
static void
test_mistakes(void)
{
	static const struct {
		const char *text, *problems;
		bool tree;
	} rows[] = {
		{ "",
		    "f:1:1: nothing in it; write something or remove the "
		    "file\n",
		    false },
		{ "# rien\n",
		    "f:1:1: nothing in it; write something or "
		    "remove the file\n",
		    false },
		{ "a: 1\nb: 2\na: 3\n",
		    "f:3:1: the key 'a' is repeated (first on line 1); keep "
		    "one\n",
		    true },
		{ "a: &x 1\nb: *x\n",
		    "f:1:4: anchors (&x) are not read; text that starts with "
		    "& needs quotes\n"
		    "f:2:4: aliases (*x) are not read; text that starts with "
		    "* needs quotes\n",
		    true },
		{ "a: !!int 3\n",
		    "f:1:4: tags (tag:yaml.org,2002:int) are not read; text "
		    "that starts with ! needs quotes\n",
		    true },
		{ "a: {<<: {b: 1}}\n",
		    "f:1:5: merge keys are not read; write the keys out\n",
		    true },
		{ "? [a]\n: b\n",
		    "f:1:3: a key must be a single word, not a list; text "
		    "that starts with { or [ needs quotes\n",
		    false },
		{ "a: 1\n---\nb: 2\n",
		    "f:2:1: a second document starts here; keep one a file\n",
		    false },
		{ "a: \"x\\0y\"\n",
		    "f:1:4: control characters are not allowed\n", true },
		{ "a: b\n c: d\n",
		    "f:2:3: mapping values are not allowed in this context\n",
		    false },
		{ "a: b\nc: \xff\n",
		    "f:2:4: not UTF-8; save the file as UTF-8\n", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(YamlDocument) document = yaml_parse("f", rows[i].text,
		    strlen(rows[i].text), problems);
		g_autofree char *found = problems_format(problems);

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(found, ==, rows[i].problems);
		g_assert_cmpint(document != NULL, ==, rows[i].tree);
	}
}

static void
test_getters(void)
{
	static const char text[] = "titel: x\n"
				   "count: 12a\n"
				   "kind: incidnt\n"
				   "flag: oui\n"
				   "text: [a]\n"
				   "absent:\n"
				   "list: {a: b}\n"
				   "big: 99999999999999999999\n";
	static const char *const keys[] = { "title", "count", "kind", "flag",
		"text", "absent", "list", "big", NULL };
	static const char *const kinds[] = { "incident", "request", NULL };
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("f", text, strlen(text),
	    problems);
	const YamlNode *root = yaml_root(document);
	g_autofree char *found = NULL;
	g_auto(GStrv) list = yaml_get_list(root, "list");

	g_assert_true(yaml_check_keys(root, keys));
	g_assert_cmpint(yaml_get_int(root, "count", 0, 9, 3), ==, 3);
	g_assert_cmpint(yaml_get_int(root, "big", 0, 9, 3), ==, 3);
	g_assert_cmpint(yaml_get_choice(root, "kind", kinds, -1), ==, -1);
	g_assert_true(yaml_get_bool(root, "flag", true));
	g_assert_cmpstr(yaml_get_text(root, "text", "d"), ==, "d");
	g_assert_null(yaml_get_text(root, "absent", NULL));
	g_assert_null(yaml_need(root, "needed"));
	g_assert_false(yaml_check_keys(yaml_get(root, "text"), keys));
	found = problems_format(problems);
	g_assert_cmpstr(found, ==,
	    "f:1:1: the key 'needed' is missing\n"
	    "f:1:1: unknown key 'titel'; did you mean 'title'?\n"
	    "f:2:8: '12a' is not a whole number from 0 to 9\n"
	    "f:3:7: unknown word 'incidnt'; did you mean 'incident'?\n"
	    "f:4:7: unknown word 'oui'; known: no, yes, false, true\n"
	    "f:5:7: a single value is expected here, not a list\n"
	    "f:5:7: keys and values are expected here, not a list\n"
	    "f:6:8: a single value is expected here, not nothing\n"
	    "f:7:7: a single value is expected here, not a map of keys and "
	    "values\n"
	    "f:8:6: '99999999999999999999' is not a whole number from 0 to "
	    "9\n");
}

static bool
parses(const char *text, gsize length)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("f", text, length,
	    problems);

	g_assert_cmpint(document == NULL, ==, problems_count(problems) > 0);
	return document != NULL;
}

static bool
nests(int depth)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i < depth; i++)
		g_string_append_c(text, '[');
	for (int i = 0; i < depth; i++)
		g_string_append_c(text, ']');
	return parses(text->str, text->len);
}

static bool
counts(int nodes)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 1; i < nodes; i++)
		g_string_append(text, "- x\n");
	return parses(text->str, text->len);
}

static void
test_limits(void)
{
	g_autofree char *large = g_strnfill(LIMIT_RULE_FILE_BYTES + 1, 'x');

	g_assert_true(nests(LIMIT_YAML_DEPTH));
	g_assert_false(nests(LIMIT_YAML_DEPTH + 1));
	g_assert_false(nests(100000));
	g_assert_true(counts(LIMIT_YAML_NODES));
	g_assert_false(counts(LIMIT_YAML_NODES + 1));
	g_assert_false(parses(large, LIMIT_RULE_FILE_BYTES + 1));
	g_assert_true(parses("\xef\xbb\xbf"
			     "a: b\n",
	    8));
	g_assert_false(parses("a: \0b\n", 7));
}

static void
test_nearest(void)
{
	static const char *const orders[] = { "rpo", "take", "note", NULL };
	static const char *const words[] = { "severity", "kind", "scope",
		"component", NULL };

	g_assert_cmpstr(yaml_nearest("sevrity", words), ==, "severity");
	g_assert_cmpstr(yaml_nearest("Kind", words), ==, "kind");
	g_assert_cmpstr(yaml_nearest("foo", orders), ==, NULL);
	g_assert_cmpstr(yaml_nearest("rop", orders), ==, NULL);
	g_assert_cmpstr(yaml_nearest("rp", orders), ==, "rpo");
	g_assert_cmpstr(yaml_nearest("tkae", orders), ==, "take");
	g_assert_cmpstr(yaml_nearest("components", words), ==, "component");
	g_assert_null(yaml_nearest("x", words));
	g_assert_null(yaml_nearest("", words));
	g_assert_null(yaml_nearest("calendar", words));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/yaml/tree", test_tree);
	g_test_add_func("/yaml/mistakes", test_mistakes);
	g_test_add_func("/yaml/getters", test_getters);
	g_test_add_func("/yaml/limits", test_limits);
	g_test_add_func("/yaml/nearest", test_nearest);
	return g_test_run();
}
