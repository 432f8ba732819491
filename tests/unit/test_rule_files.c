/* Which files of a site's rules are read, under which name, and which are told
 * or refused. */
#include "guichet/rules/ruleset.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
put(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Each name in each folder of rules is read, refused or told: never ignored
 * without a word. */
typedef enum {
	READ,
	TOLD,
	REFUSED,
} Fate;

static const struct {
	const char *name;
	const char *stem; /* of what it is read as, where it can be */
	Fate yaml, calendars, replies;
} fates[] = {
	{ "a.yaml", "a.yaml", READ, READ, TOLD },
	{ "a.yml", "a.yaml", READ, READ, TOLD },
	{ "a.YAML", NULL, REFUSED, REFUSED, TOLD },
	{ "a.Yml", NULL, REFUSED, REFUSED, TOLD },
	{ "a.ics", "a.ics", TOLD, READ, TOLD },
	{ "a.ICS", NULL, TOLD, REFUSED, TOLD },
	{ "a.txt", "a.txt", TOLD, TOLD, READ },
	{ "a.html", "a.html", TOLD, TOLD, READ },
	{ "a.subject", "a.subject", TOLD, TOLD, READ },
	{ "a.Txt", NULL, TOLD, TOLD, REFUSED },
	{ "a.yaml~", NULL, TOLD, TOLD, TOLD },
	{ "a.yaml.bak", NULL, TOLD, TOLD, TOLD },
	{ "a.yaml.txt", "a.yaml.txt", TOLD, TOLD, READ },
	{ "a.yaml.dpkg-dist", NULL, TOLD, TOLD, TOLD },
	{ ".a.yaml", NULL, TOLD, TOLD, TOLD },
	{ ".a.yaml.swp", NULL, TOLD, TOLD, TOLD },
	{ "#a.yaml#", NULL, TOLD, TOLD, TOLD },
	{ "a.json", NULL, TOLD, TOLD, TOLD },
	{ "a", NULL, TOLD, TOLD, TOLD },
	{ "README", NULL, TOLD, TOLD, TOLD },
	{ "old/a.yaml", NULL, TOLD, TOLD, TOLD },
};

static void
remove_all(const char *folder)
{
	const char *argv[] = { "rm", "-rf", folder, NULL };

	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL,
	    G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void
check_fate(const char *folder, const char *below, gsize row, Fate fate)
{
	g_autoptr(Problems) problems = problems_new();
	g_autofree char *path = g_build_filename(below, fates[row].name, NULL);
	g_autofree char *entry = NULL, *key = NULL, *told = NULL;
	g_autofree char *refused = NULL;
	g_autoptr(RuleFiles) files = NULL;

	put(folder, path, "x");
	files = rule_files_read(folder, problems);
	refused = problems_format(problems);
	g_test_message("%s: %s", path, refused);
	g_assert_cmpint(files == NULL, ==, fate == REFUSED);
	if (fate == REFUSED) {
		g_assert_nonnull(strstr(refused, path));
		return;
	}
	told = problems_format(files->passed_over);
	g_assert_cmpuint(g_hash_table_size(files->files), ==, fate == READ);
	g_assert_cmpuint(problems_count(files->passed_over), ==, fate == TOLD);
	if (fate == READ) {
		key = g_build_filename(below, fates[row].stem, NULL);
		g_assert_true(g_hash_table_contains(files->files, key));
		entry = rule_files_place(files, folder, key);
		g_assert_true(g_str_has_suffix(entry, path));
		return;
	}
	entry = g_strdup(path);
	if (strstr(fates[row].name, "/") != NULL)
		*strrchr(entry, '/') = '\0';
	g_assert_nonnull(strstr(told, entry));
}

static void
test_fates(void)
{
	static const struct {
		const char *name;
		gsize kind;
	} places[] = { { "alerts", 0 }, { "contracts", 0 }, { "match", 0 },
		{ "plans", 0 }, { "calendars", 1 }, { "replies/fr", 2 },
		{ "replies/en", 2 } };

	for (gsize i = 0; i < G_N_ELEMENTS(fates); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(places); k++) {
			const Fate by[] = { fates[i].yaml, fates[i].calendars,
				fates[i].replies };
			g_autofree char *folder =
			    g_dir_make_tmp("guichet-rules-XXXXXX", NULL);

			check_fate(folder, places[k].name, i,
			    by[places[k].kind]);
			remove_all(folder);
		}
}

/* What stands beside the folders: told where it may be meant for rules. */
static void
test_strays(void)
{
	static const struct {
		const char *name;
		const char *told; /* NULL: it has a place of its own there */
	} rows[] = {
		{ "guichet.yaml", NULL },
		{ "tokens", NULL },
		{ "secrets/imap", NULL },
		{ "mail/new/1", NULL },
		{ "contracts/README", "does not end in .yaml" },
		{ "contract/acme.yaml", "did you mean 'contracts'?" },
		{ "Contracts/acme.yaml", "did you mean 'contracts'?" },
		{ "plan/a.yml", "did you mean 'plans'?" },
		{ "old/contracts.yaml", "rules stand in" },
		{ "guichet.yml", NULL },
		{ "guichet.yaml.2026", NULL },
		{ ".gitattributes.txt", NULL },
		{ "imap.password", NULL },
		{ "secret.txt/imap", NULL },
		{ "acme.yaml", "for rules stand in alerts" },
		{ "acme.yml", "for rules stand in alerts" },
		{ "Acme.YAML", "for rules stand in alerts" },
		{ "acme.yaml~", "for rules stand in alerts" },
		{ ".acme.yaml.swp", "for rules stand in alerts" },
		{ "feries.ics", "for rules stand in alerts" },
		{ "reply.txt", "for rules stand in alerts" },
		{ "reply.html", "for rules stand in alerts" },
		{ "acknowledgment.subject", "for rules stand in alerts" },
		{ "robot.yaml", "did you mean 'robots.yaml'?" },
		{ "Robots.YAML", "did you mean 'robots.yaml'?" },
		{ "replies/de/reply.txt", "replies/en and replies/fr, and in" },
		{ "replies/reply.txt", "replies/en and replies/fr, and in" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folder = g_dir_make_tmp("guichet-rules-XXXXXX",
		    NULL);
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(RuleFiles) files = NULL;
		g_autofree char *told = NULL;

		put(folder, rows[i].name, "x");
		files = rule_files_read(folder, problems);
		g_assert_nonnull(files);
		told = problems_format(files->passed_over);
		g_test_message("%s: %s", rows[i].name, told);
		g_assert_cmpuint(g_hash_table_size(files->files), ==, 0);
		if (rows[i].told == NULL)
			g_assert_cmpstr(told, ==, "");
		else
			g_assert_nonnull(strstr(told, rows[i].told));
		remove_all(folder);
	}
}

/* Another desk's configuration beside ours is no stray. */
static void
test_configurations(void)
{
	static const struct {
		const char *text;
		bool is_told;
	} rows[] = { { "site: {}\nstore: x\n", false }, { "store: x\n", false },
		{ "", true }, { "name: a\nkeeps: the store: x\n", true } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folder = g_dir_make_tmp("guichet-rules-XXXXXX",
		    NULL);
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(RuleFiles) files = NULL;

		g_test_message("row %d", (int)i);
		put(folder, "desk2.yaml", rows[i].text);
		files = rule_files_read(folder, problems);
		g_assert_nonnull(files);
		g_assert_cmpuint(problems_count(files->passed_over), ==,
		    rows[i].is_told);
		remove_all(folder);
	}
}

/* All that cannot be meant as it stands, at once. */
static void
test_unreadable(void)
{
	g_autofree char *folder = g_dir_make_tmp("guichet-rules-XXXXXX", NULL);
	g_autofree char *gone = g_build_filename(folder, "match", NULL);
	g_autofree char *found = NULL;
	g_autoptr(Problems) problems = problems_new();
	static const char *const expected[] = { "a.yaml has the same name",
		"robots.yaml has the same name",
		"/match: ", "plans/dir.yaml: is no file",
		"alerts/B.YML: write the ending", "calendars: " };

	g_assert_null(rule_files_read("/nonexistent", problems));
	g_assert_cmpuint(problems_count(problems), ==, 1);
	put(folder, "contracts/a.yaml", "x");
	put(folder, "contracts/a.yml", "x");
	put(folder, "robots.yaml", "x");
	put(folder, "robots.yml", "x");
	put(folder, "plans/dir.yaml/x", "x");
	put(folder, "alerts/B.YML", "x");
	put(folder, "calendars", "a file");
	g_assert_cmpint(symlink("nowhere", gone), ==, 0);
	g_assert_null(rule_files_read(folder, problems));
	found = problems_format(problems);
	g_test_message("%s", found);
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_nonnull(strstr(found, expected[i]));
	g_assert_cmpuint(problems_count(problems), ==,
	    1 + G_N_ELEMENTS(expected));
	remove_all(folder);
}

static void
test_files(void)
{
	g_autofree char *folder = g_dir_make_tmp("guichet-rules-XXXXXX", NULL);
	g_autofree char *from = g_build_filename(folder, "plans/a.yaml", NULL);
	g_autofree char *to = g_build_filename(folder, "plans/a.yml", NULL);
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(RuleFiles) files = NULL, again = NULL, changed = NULL;
	g_autoptr(RuleFiles) renamed = NULL;

	put(folder, "guichet.yaml", "x");
	put(folder, "plans/a.yaml", "x");
	put(folder, "replies/fr/reply.html", "x");
	put(folder, "calendars/a.ics", "");
	put(folder, "calendars/a.yaml", "x");
	put(folder, "calendars/.gitattributes", "x");
	put(folder, "quotes.yml", "x");
	put(folder, "robots.yaml", "x");
	files = rule_files_read(folder, problems);
	g_assert_nonnull(files);
	g_assert_cmpuint(g_hash_table_size(files->files), ==, 6);
	g_assert_cmpuint(problems_count(files->passed_over), ==, 0);
	g_assert_true(
	    g_hash_table_contains(files->files, "replies/fr/reply.html"));
	g_assert_cmpuint(strlen(files->hash), ==, 64);

	again = rule_files_read(folder, problems);
	g_assert_cmpstr(files->hash, ==, again->hash);
	/* The ending is no part of a plan's name, nor of what was in force. */
	g_assert_cmpint(rename(from, to), ==, 0);
	renamed = rule_files_read(folder, problems);
	g_assert_cmpstr(files->hash, ==, renamed->hash);
	put(folder, "plans/a.yml", "y");
	changed = rule_files_read(folder, problems);
	g_assert_cmpstr(files->hash, !=, changed->hash);
	remove_all(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rule-files/read", test_files);
	g_test_add_func("/rule-files/fates", test_fates);
	g_test_add_func("/rule-files/strays", test_strays);
	g_test_add_func("/rule-files/configurations", test_configurations);
	g_test_add_func("/rule-files/unreadable", test_unreadable);
	return g_test_run();
}
