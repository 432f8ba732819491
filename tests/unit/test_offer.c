/* What plans offer, and what a contract may be; no key that nobody reads. */
#include "guichet/base/text.h"
#include "guichet/yaml/yaml.h"
#include "rulesets.h"

static const char head[] =
    "client: C\nlanguage: fr\ncontacts: [{address: a@c.example}]\n";

/* What is said of the contract, beside the shipped rules. */
static char *
problems_of_contract(const char *rest)
{
	RuleFiles *files = shipped_files();
	g_autofree char *text = g_strconcat(head, rest, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Ruleset) ruleset = NULL;

	rule_files_add(files, "contracts/c.yaml", bytes);
	rule_files_seal(files);
	ruleset = ruleset_load_terms(files, "rules", problems);
	rule_files_free(files);
	return problems_format(problems);
}

#define SOS "versions: [{from: 2026-01-01, plans: [sos24, ald]"

static void
test_contract(void)
{
	static const struct {
		const char *contract, *says; /* NULL: nothing */
	} rows[] = {
		{ "term: {until: 2026-12-31, renewed_by: 6mo}\n" SOS "}]\n",
		    NULL },
		{ "term: {until: 2026-12-31, renewed_by: 5mo}\n" SOS "}]\n",
		    "the plan 'sos24' is sold for a term of 6mo, 12mo" },
		{ "term: {until: 2026-12-31, renewed_by: 6mo, notice: "
		  "10d}\n" SOS "}]\n",
		    "notice of the plan 'sos24' is given 1mo before the "
		    "end" },
		{ "versions: [{from: 2026-01-01, plans: [sos24]}]\n",
		    "the plan 'sos24' is only sold with 'ald'; add it" },
		{ "versions: [{from: 2026-01-01, plans: [1life], fields: "
		  "{package: 7}}]\n",
		    "the plan '1life' sells packages of 10h, 20h, 30h, 50h, "
		    "100h" },
		{ "versions: [{from: 2026-01-01, plans: [1life], fields: "
		  "{package: 50}}]\n",
		    NULL },
		{ "versions: [{from: 2026-01-01, plans: [myown-b], fields: "
		  "{approval_quarters: 2}}]\n",
		    "the plan 'myown-b' waits for an agreement from 4 on" },
		{ "versions: [{from: 2026-01-01, plans: [nuxit-pro], fields: "
		  "{ordered: 2014-06-19}}]\n",
		    "the plan 'nuxit-pro' is not sold for what is older than "
		    "2014-06-20" },
		{ "versions: [{from: 2026-01-01, plans: [nuxit-pro], fields: "
		  "{ordered: yesterday}}]\n",
		    "'ordered' is a date" },
		{ "versions: [{from: 2026-01-01, plans: [nuxit-pro], fields: "
		  "{ordered: 2014-06-20}}]\n",
		    NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = problems_of_contract(rows[i].contract);

		if (rows[i].says == NULL)
			g_assert_cmpstr(said, ==, "");
		else if (strstr(said, rows[i].says) == NULL)
			g_error("%s is not said of\n%s", rows[i].says,
			    rows[i].contract);
	}
}

/* What the plan says counts where the contract is silent. */
static void
test_from_plan(void)
{
	static const char contract[] =
	    "client: C\nlanguage: fr\ncontacts: [{address: a@c.example}]\n"
	    "inform_of_missed: no\n"
	    "term: {until: 2026-12-31, renewed_by: 6mo}\n" SOS "}]\n";
	RuleFiles *files = shipped_files();
	g_autoptr(GBytes) bytes = g_bytes_new_static(contract,
	    strlen(contract));
	g_autoptr(Ruleset) ruleset = NULL;
	const Contract *one;

	rule_files_add(files, "contracts/c.yaml", bytes);
	rule_files_seal(files);
	ruleset = ruleset_of(files);
	one = ruleset_contract(ruleset, "c");
	g_assert_true(one->inform_of_alerts);
	g_assert_cmpint(one->notice.count, ==, 1);
	g_assert_false(
	    ruleset_contract(ruleset, "studio-orme")->inform_of_alerts);
	/* Of what was missed all are told, but who says no. */
	g_assert_false(one->inform_of_missed);
	g_assert_true(
	    ruleset_contract(ruleset, "studio-orme")->inform_of_missed);
}

/* ---- every key ---- */

typedef struct {
	RuleFiles *files;
	const char *file, *text;
	guint tried;
} Keys;

/* The text with the key misspelled. */
static char *
misspelled(const char *text, const YamlNode *key)
{
	const char *line = text, *end;

	for (gsize i = 1; i < yaml_line(key); i++)
		line = strchr(line, '\n') + 1;
	end = g_utf8_offset_to_pointer(line, (glong)yaml_column(key) - 1) +
	    strlen(yaml_text(key));
	return g_strdup_printf("%.*szz%s", (int)(end - text), text, end);
}

static void
try_key(Keys *keys, const YamlNode *key)
{
	g_autofree char *text = misspelled(keys->text, key);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(RuleFiles) files = rule_files_new();
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Ruleset) ruleset = NULL;
	GHashTableIter iter;
	gpointer name, other;

	g_hash_table_iter_init(&iter, keys->files->files);
	while (g_hash_table_iter_next(&iter, &name, &other))
		rule_files_add(files, name,
		    strcmp(name, keys->file) == 0 ? bytes : other);
	rule_files_seal(files);
	problems_set_known(problems, true);
	ruleset = ruleset_load_terms(files, "rules", problems);
	if (ruleset != NULL)
		g_error("%s:%" G_GSIZE_FORMAT ": '%s' is not missed",
		    keys->file, yaml_line(key), yaml_text(key));
	keys->tried++;
}

/* The names of components are words that rules and hosts use: one more is no
 * mistake. */
static void
try_keys(Keys *keys, const YamlNode *node, bool names)
{
	for (guint i = 0; yaml_kind(node) == YAML_LIST && i < yaml_count(node);
	     i++)
		try_keys(keys, yaml_item(node, i), false);
	for (guint i = 0; yaml_kind(node) == YAML_MAP && i < yaml_count(node);
	     i++) {
		if (!names)
			try_key(keys, yaml_key(node, i));
		try_keys(keys, yaml_value(node, i),
		    strcmp(yaml_text(yaml_key(node, i)), "components") == 0);
	}
}

/* The files that contracts and plans are made of, and nothing else. */
static RuleFiles *
terms_files(void)
{
	RuleFiles *all = shipped_files(), *files = rule_files_new();
	GHashTableIter iter;
	gpointer name, bytes;

	g_hash_table_iter_init(&iter, all->files);
	while (g_hash_table_iter_next(&iter, &name, &bytes))
		if (g_str_has_prefix(name, "plans/") ||
		    g_str_has_prefix(name, "contracts/") ||
		    g_str_has_prefix(name, "calendars/"))
			rule_files_add(files, name, bytes);
	rule_files_seal(files);
	rule_files_free(all);
	return files;
}

static void
test_keys(void)
{
	g_autoptr(RuleFiles) files = terms_files();
	Keys keys = { .files = files };
	GHashTableIter iter;
	gpointer name, bytes;

	g_hash_table_iter_init(&iter, files->files);
	while (g_hash_table_iter_next(&iter, &name, &bytes)) {
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(YamlDocument) document = NULL;
		gsize length;
		const char *data = g_bytes_get_data(bytes, &length);
		g_autofree char *text = g_strndup(data, length);

		if (g_str_has_suffix(name, ".ics"))
			continue;
		document = yaml_parse(name, text, length, problems);
		keys.file = name;
		keys.text = text;
		try_keys(&keys, yaml_root(document), false);
	}
	g_test_message("%u keys", keys.tried);
	g_assert_cmpuint(keys.tried, >, 600);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/offer/contract", test_contract);
	g_test_add_func("/offer/from-plan", test_from_plan);
	g_test_add_func("/offer/keys", test_keys);
	return g_test_run();
}
