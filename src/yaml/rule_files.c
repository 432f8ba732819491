/*
 * The files of a site's rules: which of a folder are read, under which name,
 * and which are passed over, with the reason.
 */
#include "guichet/yaml/rule_files.h"
#include "guichet/base/limits.h"
#include "guichet/yaml/yaml.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define ENDINGS_MAX    4
#define LANGUAGE_WORDS "words.yaml"

#define RULES_STAND_IN                                                  \
 "rules stand in alerts, answers, calendars, contracts, match, plans, " \
 "replies"

/* What is read of a site's rules; guichet.yaml, which may stand beside them,
 * is not part of them. */
static const struct {
	const char *name;
	const char *endings[ENDINGS_MAX]; /* ".yaml" stands for ".yml", too */
} folders[] = {
	{ "alerts", { ".yaml" } },
	{ "answers", { ".yaml" } },
	{ "calendars", { ".yaml", ".ics" } },
	{ "contracts", { ".yaml" } },
	{ "match", { ".yaml" } },
	{ "plans", { ".yaml" } },
};
/* Of each language in replies/, with the program's own words in it. */
static const char *const reply_endings[ENDINGS_MAX] = { ".subject", ".txt",
	".html", LANGUAGE_WORDS };
/* What answers of all languages take in. */
#define REPLY_PARTS "parts"
static const char *const part_endings[ENDINGS_MAX] = { ".txt", ".html" };
/* The names that a folder of rules itself may hold. */
static const char *const tops[] = { "alerts", "answers", "calendars",
	"contracts", "match", "plans", "replies", NULL };
/* The two that every desk answers in. */
static const char *const languages[] = { "en", "fr", NULL };
static const char *const single_files[] = { "quotes.yaml", "robots.yaml",
	"secrets.yaml", "away.yaml", NULL };
static const char *const single_stems[] = { "quotes", "robots", "secrets",
	"away" };

/* One reading. */
typedef struct {
	RuleFiles *files;
	const char *directory;
	Problems *problems;
} Reading;

RuleFiles *
rule_files_new(void)
{
	RuleFiles *files = g_new0(RuleFiles, 1);

	files->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    (GDestroyNotify)g_bytes_unref);
	files->written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    g_free);
	files->passed_over = problems_new();
	return files;
}

void
rule_files_free(RuleFiles *files)
{
	if (files == NULL)
		return;
	g_hash_table_unref(files->files);
	g_hash_table_unref(files->written);
	problems_free(files->passed_over);
	g_free(files->hash);
	g_free(files);
}

void
rule_files_add(RuleFiles *files, const char *name, GBytes *bytes)
{
	g_assert(files->hash == NULL);
	g_hash_table_replace(files->files, g_strdup(name), g_bytes_ref(bytes));
}

static int
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
rule_files_seal(RuleFiles *files)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint count;
	g_autofree const char **names =
	    (const char **)g_hash_table_get_keys_as_array(files->files, &count);

	qsort(names, count, sizeof *names, compare);
	for (guint i = 0; i < count; i++) {
		gsize length;
		const guchar *bytes = g_bytes_get_data(
		    g_hash_table_lookup(files->files, names[i]), &length);
		g_autofree char *size = g_strdup_printf("%zu", length);

		g_checksum_update(sum, (const guchar *)names[i],
		    (gssize)strlen(names[i]) + 1);
		g_checksum_update(sum, (const guchar *)size,
		    (gssize)strlen(size) + 1);
		g_checksum_update(sum, bytes, (gssize)length);
	}
	g_free(files->hash);
	files->hash = g_strdup(g_checksum_get_string(sum));
}

char *
rule_files_place(const RuleFiles *files, const char *directory,
    const char *name)
{
	const char *written = g_hash_table_lookup(files->written, name);

	return g_build_filename(directory, written != NULL ? written : name,
	    NULL);
}

/* ---- one file ---- */

/* Its bytes, or why there are none. */
static GBytes *
read_bytes(const char *path, char **ret_why)
{
	g_autoptr(GError) cause = NULL;
	struct stat status;
	char *text;
	gsize length;

	if (stat(path, &status) != 0)
		*ret_why = g_strdup(g_strerror(errno));
	else if (!S_ISREG(status.st_mode))
		*ret_why = g_strdup("is no file");
	else if (status.st_size > LIMIT_RULE_FILE_BYTES)
		*ret_why = g_strdup("larger than any rule file");
	else if (!g_file_get_contents(path, &text, &length, &cause))
		*ret_why = g_strdup(cause->message);
	else
		return g_bytes_new_take(text, length);
	return NULL;
}

/* `name` is what it is called, `written` how the disk spells that. */
static void
read_one(const Reading *reading, const char *name, const char *written)
{
	RuleFiles *files = reading->files;
	g_autofree char *path = g_build_filename(reading->directory, written,
	    NULL);
	g_autofree char *why = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (g_hash_table_contains(files->files, name)) {
		g_autofree char *other = rule_files_place(files,
		    reading->directory, name);

		problems_add(reading->problems, path, 0, 0,
		    "%s has the same name; keep one of the two", other);
		return;
	}
	bytes = read_bytes(path, &why);
	if (bytes == NULL) {
		problems_add(reading->problems, path, 0, 0, "%s", why);
		return;
	}
	rule_files_add(files, name, bytes);
	if (strcmp(name, written) != 0)
		g_hash_table_insert(files->written, g_strdup(name),
		    g_strdup(written));
}

/* "acme.yaml" of "acme.yml". */
static char *
canonical_name(const char *name)
{
	if (!g_str_has_suffix(name, ".yml"))
		return g_strdup(name);
	return g_strdup_printf("%.*s.yaml", (int)(strlen(name) - 4), name);
}

static bool
has_ending(const char *name, const char *const *endings)
{
	for (gsize i = 0; i < ENDINGS_MAX && endings[i] != NULL; i++)
		if (g_str_has_suffix(name, endings[i]))
			return true;
	return false;
}

/* ---- a folder ---- */

static char *
words_of(const char *const *endings)
{
	GString *words = g_string_new(endings[0]);

	for (gsize i = 1; i < ENDINGS_MAX && endings[i] != NULL; i++)
		g_string_append_printf(words, " or %s", endings[i]);
	return g_string_free(words, FALSE);
}

static void
pass_over(const Reading *reading, const char *below, const char *why)
{
	g_autofree char *path = g_build_filename(reading->directory, below,
	    NULL);

	problems_add(reading->files->passed_over, path, 0, 0,
	    "warning: passed over, %s", why);
}

/* A folder, a hidden file, an editor's backup, a file that is meant for
 * another folder: none is read, and each is told. */
static void
tell_unread(const Reading *reading, const char *below, const char *name,
    const char *const *endings)
{
	g_autofree char *path = g_build_filename(reading->directory, below,
	    NULL);
	g_autofree char *wanted = words_of(endings);
	g_autofree char *why = NULL;

	if (g_str_has_prefix(name, ".git"))
		return; /* nobody takes those for rules */
	if (name[0] == '.' || name[0] == '#')
		why = g_strdup_printf("for its name begins with '%c'", name[0]);
	else if (g_file_test(path, G_FILE_TEST_IS_DIR))
		why = g_strdup("for it is a folder; put its files beside it");
	else
		why = g_strdup_printf("for its name does not end in %s",
		    wanted);
	pass_over(reading, below, why);
}

static void
take_entry(const Reading *reading, const char *folder, const char *name,
    const char *const *endings)
{
	g_autofree char *below = g_strconcat(folder, "/", name, NULL);
	g_autofree char *path = g_build_filename(reading->directory, below,
	    NULL);
	g_autofree char *small = g_ascii_strdown(name, -1);
	g_autofree char *canonical = canonical_name(below);
	g_autofree char *known = canonical_name(name);
	g_autofree char *known_small = canonical_name(small);
	bool hidden = name[0] == '.' || name[0] == '#';

	if (!hidden && has_ending(known, endings))
		read_one(reading, canonical, below);
	else if (!hidden && has_ending(known_small, endings))
		problems_add(reading->problems, path, 0, 0,
		    "write the ending in small letters, else it is not read");
	else
		tell_unread(reading, below, name, endings);
}

static bool
is_there(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What it holds, sorted, so that of two files the same one is always told; NULL
 * if it is not there, or after that was told. */
static char **
list_folder(const Reading *reading, const char *below)
{
	g_autofree char *path = g_build_filename(reading->directory, below,
	    NULL);
	g_autoptr(GError) cause = NULL;
	g_autoptr(GDir) dir = NULL;
	GPtrArray *names;
	const char *name;

	if (!is_there(path))
		return NULL;
	dir = g_dir_open(path, 0, &cause);
	if (dir == NULL) {
		problems_add(reading->problems, path, 0, 0, "%s",
		    cause->message);
		return NULL;
	}
	names = g_ptr_array_new();
	while ((name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

/* A folder that is not there has no rules of that kind. */
static void
read_folder(const Reading *reading, const char *folder,
    const char *const *endings)
{
	g_auto(GStrv) names = list_folder(reading, folder);

	for (gsize i = 0; names != NULL && names[i] != NULL; i++)
		take_entry(reading, folder, names[i], endings);
}

/* ---- what stands beside the folders ---- */

/* Whether a folder that is none of ours holds what looks like rules. */
static bool
holds_rules(const char *path)
{
	static const char *const looks[ENDINGS_MAX] = { ".yaml", ".ics" };
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *small = g_ascii_strdown(name, -1);
		g_autofree char *known = canonical_name(small);

		if (has_ending(known, looks))
			return true;
	}
	return false;
}

/* "robots.yaml" for "Robots.YML" and "robot.yaml"; NULL for guichet.yaml. */
static const char *
meant_file(const char *name)
{
	g_autofree char *small = g_ascii_strdown(name, -1);
	g_autofree char *known = canonical_name(small);

	for (gsize i = 0; single_files[i] != NULL; i++) {
		const char *const stem[] = { single_stems[i], NULL };
		g_autofree char *own = g_strndup(known, strcspn(known, "."));

		if (g_str_has_suffix(known, ".yaml") &&
		    (strcmp(own, stem[0]) == 0 || yaml_nearest(own, stem)))
			return single_files[i];
	}
	return NULL;
}

static const char *
meant_folder(const char *name)
{
	g_autofree char *small = g_ascii_strdown(name, -1);

	for (gsize i = 0; tops[i] != NULL; i++)
		if (strcmp(small, tops[i]) == 0)
			return tops[i];
	return yaml_nearest(small, tops);
}

/* Whether it is called like a rule file, or an editor's copy of one. */
static bool
looks_like_rules(const char *name)
{
	static const char *const marks[] = { ".yaml", ".yml", ".ics",
		".subject", ".txt", ".html" };
	g_autofree char *small = g_ascii_strdown(name, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (strstr(small, marks[i]) != NULL)
			return true;
	return false;
}

/* Whether it is a guichet.yaml by whatever name: only that names a store. */
static bool
is_configuration(const char *path)
{
	g_autofree char *why = NULL;
	g_autoptr(GBytes) bytes = read_bytes(path, &why);
	gsize length;
	const char *text = bytes != NULL ? g_bytes_get_data(bytes, &length)
					 : NULL;

	return text != NULL && length > 0 &&
	    (g_str_has_prefix(text, "store:") ||
		g_strstr_len(text, (gssize)length, "\nstore:") != NULL);
}

static bool
is_stray_file(const char *path, const char *name)
{
	return g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
	    !g_str_has_prefix(name, ".git") &&
	    strncmp(name, "guichet.", 8) != 0 && looks_like_rules(name) &&
	    !is_configuration(path);
}

/* The folder of the rules holds more than rules: guichet.yaml, secrets. Only
 * what is nearly one of ours, looks like one, or holds such files, is told. */
static void
take_stray(const Reading *reading, const char *name)
{
	g_autofree char *path = g_build_filename(reading->directory, name,
	    NULL);
	bool folder = g_file_test(path, G_FILE_TEST_IS_DIR);
	const char *meant = folder ? meant_folder(name) : meant_file(name);
	g_autofree char *why = NULL;

	if (meant != NULL)
		why = g_strdup_printf("%sdid you mean '%s'?",
		    folder ? "with what is in it; " : "", meant);
	else if (folder && holds_rules(path))
		why = g_strdup("with what is in it: " RULES_STAND_IN);
	else if (!folder && is_stray_file(path, name))
		why = g_strdup("for " RULES_STAND_IN);
	if (why != NULL)
		pass_over(reading, name, why);
}

static void
read_top(const Reading *reading)
{
	g_auto(GStrv) names = list_folder(reading, ".");

	for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
		g_autofree char *known = canonical_name(names[i]);

		if (g_strv_contains(single_files, known))
			read_one(reading, known, names[i]);
		else if (!g_strv_contains(tops, names[i]))
			take_stray(reading, names[i]);
	}
}

/* A folder is a language where the program's words stand in it, too. */
static bool
is_language(const Reading *reading, const char *name)
{
	g_autofree char *words = g_build_filename(reading->directory, "replies",
	    name, LANGUAGE_WORDS, NULL);

	return g_strv_contains(languages, name) ||
	    (strlen(name) == 2 && g_ascii_islower(name[0]) &&
		g_ascii_islower(name[1]) && is_there(words));
}

static void
read_languages(const Reading *reading)
{
	g_auto(GStrv) names = list_folder(reading, "replies");

	for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
		g_autofree char *below = g_strconcat("replies/", names[i],
		    NULL);

		if (strcmp(names[i], REPLY_PARTS) == 0)
			read_folder(reading, below, part_endings);
		else if (is_language(reading, names[i]))
			read_folder(reading, below, reply_endings);
		else
			pass_over(reading, below,
			    "with what is in it: answers stand in replies/en "
			    "and replies/fr, and in a folder of two letters a "
			    "language that holds its " LANGUAGE_WORDS);
	}
}

RuleFiles *
rule_files_read(const char *directory, Problems *problems)
{
	g_autoptr(RuleFiles) files = rule_files_new();
	const Reading reading = { files, directory, problems };
	guint before = problems_count(problems);

	if (!g_file_test(directory, G_FILE_TEST_IS_DIR)) {
		problems_add(problems, directory, 0, 0,
		    "no such folder of rules; correct 'rules' in "
		    "guichet.yaml");
		return NULL;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		read_folder(&reading, folders[i].name, folders[i].endings);
	read_languages(&reading);
	read_top(&reading);
	if (problems_count(problems) > before)
		return NULL;
	rule_files_seal(files);
	return g_steal_pointer(&files);
}
