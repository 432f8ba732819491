/* A rule set from its files, whole or not at all. */
#include "ruleset_private.h"

#include "guichet/yaml/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One loading. Documents live until its end: problems point into them. */
#define WORDS_FILE "/words.yaml"

typedef struct {
	const RuleFiles *files;
	const char *directory;
	Problems *problems;
	Ruleset *ruleset;
	GPtrArray *paths; /* "plans/sos24.yaml"..., sorted, borrowed */
	GPtrArray *documents;
	GHashTable *roots; /* "plans/sos24.yaml" to YamlNode * */
	KnownNames names;
	GPtrArray *name_lists;
} Loading;

/* ---- the files ---- */

static char *
shown(const Loading *loading, const char *path)
{
	return rule_files_place(loading->files, loading->directory, path);
}

static void
path_problem(const Loading *loading, const char *path, const char *words)
{
	g_autofree char *file = shown(loading, path);

	problems_add(loading->problems, file, 0, 0, "%s", words);
}

/* "sos24" of "plans/sos24.yaml" in folder "plans/", ending ".yaml"; NULL if
 * the path is another. */
static char *
name_in(const char *path, const char *folder, const char *ending)
{
	gsize head = strlen(folder), tail = strlen(ending);

	if (!g_str_has_prefix(path, folder) ||
	    !g_str_has_suffix(path, ending) || strlen(path) <= head + tail)
		return NULL;
	return g_strndup(path + head, strlen(path) - head - tail);
}

static bool
is_good_name(const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) &&
		    strchr("-_", *p) == NULL)
			return false;
	return true;
}

/* The names of all files there, for others to refer to. */
static const char *const *
collect_names(Loading *loading, const char *folder, const char *ending)
{
	GPtrArray *names = g_ptr_array_new();
	char **list;

	for (guint i = 0; i < loading->paths->len; i++) {
		const char *path = loading->paths->pdata[i];
		char *name = name_in(path, folder, ending);

		if (name == NULL)
			continue;
		if (!is_good_name(name))
			path_problem(loading, path,
			    "a file's name is what others call it: small "
			    "letters, digits, '-' and '_' only");
		g_ptr_array_add(names, name);
	}
	g_ptr_array_add(names, NULL);
	list = (char **)g_ptr_array_free(names, FALSE);
	g_ptr_array_add(loading->name_lists, list);
	return (const char *const *)list;
}

static const YamlNode *
root_of(Loading *loading, const char *path)
{
	GBytes *bytes = g_hash_table_lookup(loading->files->files, path);
	g_autofree char *file = shown(loading, path);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	YamlDocument *document = yaml_parse(file, text != NULL ? text : "",
	    length, loading->problems);

	if (document == NULL)
		return NULL;
	g_ptr_array_add(loading->documents, document);
	return yaml_root(document);
}

/* Calls `load` for each YAML file of a folder, by name. */
static void
each_file(Loading *loading, const char *folder,
    void (*load)(Loading *, const char *name, const YamlNode *root))
{
	for (guint i = 0; i < loading->paths->len; i++) {
		const char *path = loading->paths->pdata[i];
		g_autofree char *name = name_in(path, folder, ".yaml");
		const YamlNode *root;

		if (name == NULL)
			continue;
		root = root_of(loading, path);
		if (root == NULL)
			continue;
		g_hash_table_insert(loading->roots, (char *)path,
		    (gpointer)root);
		load(loading, name, root);
	}
}

/* ---- each kind ---- */

static void
load_holidays(Loading *loading)
{
	const char *const *names = loading->names.holidays;

	for (gsize i = 0; names[i] != NULL; i++) {
		g_autofree char *path = g_strdup_printf("calendars/%s.ics",
		    names[i]);
		GBytes *bytes = g_hash_table_lookup(loading->files->files,
		    path);
		g_autoptr(GError) error = NULL;
		Holidays *set = holidays_new(names[i]);
		gsize length;
		const char *text = g_bytes_get_data(bytes, &length);

		if (!holidays_add_ics(set, text != NULL ? text : "", length,
			&error))
			path_problem(loading, path, error->message);
		g_hash_table_insert(loading->ruleset->holidays,
		    g_strdup(names[i]), set);
	}
}

static void
load_calendar(Loading *loading, const char *name, const YamlNode *root)
{
	guint before = problems_count(loading->problems);
	CalendarFile *file = calendar_file_load(name, root, &loading->names);
	const Zone *any = zone_get("Etc/UTC", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Calendar) trial = NULL;

	g_hash_table_insert(loading->ruleset->calendar_files, g_strdup(name),
	    file);
	if (problems_count(loading->problems) > before || any == NULL)
		return;
	trial = calendar_file_make(file, any, NULL, loading->ruleset->holidays,
	    &error);
	if (trial == NULL)
		yaml_problem(root, "%s", error->message);
}

static void
load_plan(Loading *loading, const char *name, const YamlNode *root)
{
	Plan *plan = plan_load(name, root, &loading->names);

	g_ptr_array_add(loading->ruleset->plan_list, plan);
	g_hash_table_insert(loading->ruleset->plans, plan->name, plan);
}

static void
load_contract(Loading *loading, const char *name, const YamlNode *root)
{
	Contract *contract = contract_load(name, root, &loading->names,
	    loading->ruleset->plans);

	g_ptr_array_add(loading->ruleset->contract_list, contract);
	g_hash_table_insert(loading->ruleset->contracts, contract->name,
	    contract);
}

static void
load_match(Loading *loading, const char *name, const YamlNode *root)
{
	(void)name;
	match_load(loading->ruleset->match, root, &loading->names);
}

/* The plans whose `otherwise` comes back to them, each told once. */
static void
check_otherwise(Loading *loading)
{
	const GPtrArray *plans = loading->ruleset->plan_list;

	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = plans->pdata[i], *next = plan;

		for (guint steps = 0; next != NULL && next->otherwise != NULL;
		     steps++) {
			next = g_hash_table_lookup(loading->ruleset->plans,
			    next->otherwise);
			if (next == plan) {
				yaml_problem(
				    yaml_get(g_hash_table_lookup(loading->roots,
						 plan->file),
					"otherwise"),
				    "'otherwise' leads back to '%s'; one plan "
				    "of the round must end it",
				    plan->name);
				break;
			}
			if (steps > plans->len)
				break;
		}
	}
}

/* The plans whose hours are another's that has none, or that come back to
 * them. */
static void
check_hours(Loading *loading)
{
	const GPtrArray *plans = loading->ruleset->plan_list;

	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = plans->pdata[i];
		const YamlNode *root = g_hash_table_lookup(loading->roots,
		    plan->file);
		const char *why = hours_check(plan, loading->ruleset->plans);

		if (why != NULL)
			yaml_problem(yaml_get(yaml_get(root, "terms"), "hours"),
			    "%s", why);
	}
}

/* ---- the desk ---- */

/* What a desk needs to read and answer mail. A set without either part is
 * enough to work out deadlines. */
static void
load_desk(Loading *loading)
{
	bool robots = g_hash_table_contains(loading->files->files,
	    "robots.yaml");
	g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);
	ReplyLoading replies = { loading->files, loading->directory,
		loading->ruleset->replies, loading->problems, told };
	bool has_replies = replies_load(&replies, loading->paths);
	const YamlNode *root;

	if (!robots && !has_replies)
		return;
	replies_check(&replies);
	if (!robots)
		path_problem(loading, "robots.yaml",
		    "missing; copy the one that came with guichet");
	root = robots ? root_of(loading, "robots.yaml") : NULL;
	if (root != NULL)
		loading->ruleset->robots = robot_rules_load(root,
		    loading->problems);
}

/* ---- all of it ---- */

static int
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
sorted_paths(const RuleFiles *files)
{
	GPtrArray *paths = g_ptr_array_new();
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, files->files);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		g_ptr_array_add(paths, path);
	g_ptr_array_sort(paths, compare);
	return paths;
}

static void
load_terms(Loading *loading)
{
	KnownNames *names = &loading->names;

	names->calendars = collect_names(loading, "calendars/", ".yaml");
	names->holidays = collect_names(loading, "calendars/", ".ics");
	names->plans = collect_names(loading, "plans/", ".yaml");
	names->contracts = collect_names(loading, "contracts/", ".yaml");
	load_holidays(loading);
	each_file(loading, "calendars/", load_calendar);
	each_file(loading, "plans/", load_plan);
	check_otherwise(loading);
	check_hours(loading);
	each_file(loading, "contracts/", load_contract);
}

/* What the program says of itself, in each language that the folder has. */
static void
load_languages(Loading *loading)
{
	for (guint i = 0; i < loading->paths->len; i++) {
		const char *path = loading->paths->pdata[i];
		g_autofree char *language = NULL;
		const YamlNode *root;

		if (!g_str_has_prefix(path, "replies/") ||
		    !g_str_has_suffix(path, WORDS_FILE))
			continue;
		root = root_of(loading, path);
		language = g_strndup(path + strlen("replies/"), 2);
		if (root != NULL)
			catalog_load(language, root);
	}
}

/* A site without the file has the words that are built in. */
static void
load_quotes(Loading *loading)
{
	static const char path[] = "quotes.yaml";
	GBytes *bytes = g_hash_table_lookup(loading->files->files, path);
	g_autofree char *file = shown(loading, path);

	if (bytes != NULL)
		loading->ruleset->quotes = quotes_load(file, bytes,
		    loading->problems);
}

/* And what looks like a secret is built in, too. */
static void
load_secrets(Loading *loading)
{
	static const char path[] = "secrets.yaml";
	GBytes *own = g_hash_table_lookup(loading->files->files, path);
	g_autoptr(GBytes) bytes = own != NULL ? g_bytes_ref(own)
					      : secrets_builtin();
	g_autofree char *file = shown(loading, path);

	loading->ruleset->secrets = secrets_load(file, bytes,
	    loading->problems);
}

static void
load_away(Loading *loading)
{
	static const char path[] = "away.yaml";
	GBytes *bytes = g_hash_table_lookup(loading->files->files, path);
	g_autofree char *file = shown(loading, path);

	if (bytes != NULL)
		loading->ruleset->away = away_load(file, bytes,
		    loading->problems);
}

static void
load_answer(Loading *loading, const char *name, const YamlNode *root)
{
	static const char *const keys[] = { "answer", NULL };
	Words *words = g_new0(Words, 1);

	if (yaml_check_keys(root, keys))
		load_words(root, "answer", words);
	g_hash_table_insert(loading->ruleset->answers, g_strdup(name), words);
}

/* What is done with a mail. */
static void
load_mail_rules(Loading *loading)
{
	load_quotes(loading);
	load_secrets(loading);
	load_away(loading);
	collect_names(loading, "answers/", ".yaml");
	each_file(loading, "answers/", load_answer);
	each_file(loading, "match/", load_match);
	match_rules_seal(loading->ruleset->match);
	load_desk(loading);
	loading->ruleset->alerts = alert_rules_of_files(loading->files,
	    loading->directory, loading->problems);
}

/* What each contract's own file says of its client's hosts. */
static void
claim_hosts(Loading *loading)
{
	const GPtrArray *contracts = loading->ruleset->contract_list;

	for (guint i = 0; i < contracts->len; i++) {
		const Contract *contract = contracts->pdata[i];
		const YamlNode *root = g_hash_table_lookup(loading->roots,
		    contract->file);

		if (root != NULL)
			alert_map_add_contract(loading->ruleset->alert_map,
			    contract->name, root);
	}
}

static Ruleset *
load(const RuleFiles *files, const char *directory, bool terms_only,
    Problems *problems)
{
	guint before = problems_count(problems);
	g_autoptr(Ruleset) ruleset = ruleset_new(files->hash);
	Loading loading = {
		.files = files,
		.directory = directory,
		.problems = problems,
		.ruleset = ruleset,
		.paths = sorted_paths(files),
		.documents = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)yaml_free),
		.roots = g_hash_table_new(g_str_hash, g_str_equal),
		.name_lists = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)g_strfreev),
	};

	g_assert(files->hash != NULL);
	load_languages(&loading);
	load_terms(&loading);
	if (!terms_only)
		load_mail_rules(&loading);
	ruleset->alert_map = alert_map_of_files(files, directory,
	    loading.names.contracts, problems);
	claim_hosts(&loading);
	g_ptr_array_unref(loading.paths);
	g_ptr_array_unref(loading.documents);
	g_hash_table_unref(loading.roots);
	g_ptr_array_unref(loading.name_lists);
	if (problems_count(problems) > before)
		return NULL;
	return g_steal_pointer(&ruleset);
}

Ruleset *
ruleset_load(const RuleFiles *files, const char *directory, Problems *problems)
{
	return load(files, directory, false, problems);
}

Ruleset *
ruleset_load_terms(const RuleFiles *files, const char *directory,
    Problems *problems)
{
	return load(files, directory, true, problems);
}
