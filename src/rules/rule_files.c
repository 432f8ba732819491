#include "guichet/error.h"
#include "guichet/limits.h"
#include "guichet/ruleset.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What is read of a site's rules; guichet.yaml, which may stand beside them,
 * is not part of them. */
static const char *const folders[] = { "alerts", "calendars", "contracts",
	"match", "plans", "replies/en", "replies/fr" };
static const char *const single_files[] = { "quotes.yaml", "robots.yaml" };
static const char *const endings[] = { ".yaml", ".ics", ".txt", ".html",
	".subject" };

RuleFiles *
rule_files_new(void)
{
	RuleFiles *files = g_new0(RuleFiles, 1);

	files->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    (GDestroyNotify)g_bytes_unref);
	return files;
}

void
rule_files_free(RuleFiles *files)
{
	if (files == NULL)
		return;
	g_hash_table_unref(files->files);
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

static bool
read_one(RuleFiles *files, const char *directory, const char *name,
    GError **error)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GError) cause = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct stat status;
	char *text;
	gsize length;

	if (stat(path, &status) != 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: %s", path, g_strerror(errno));
		return false;
	}
	if (!S_ISREG(status.st_mode) ||
	    status.st_size > LIMIT_RULE_FILE_BYTES) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: %s", path,
		    S_ISREG(status.st_mode) ? "larger than any rule file"
					    : "is no file");
		return false;
	}
	if (!g_file_get_contents(path, &text, &length, &cause)) {
		g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    cause->message);
		return false;
	}
	bytes = g_bytes_new_take(text, length);
	rule_files_add(files, name, bytes);
	return true;
}

/* Editors leave hidden files and backups beside the real ones. */
static bool
is_rule_file(const char *name)
{
	if (name[0] == '.' || name[0] == '#')
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(name, endings[i]))
			return true;
	return false;
}

/* A folder that is not there has no rules of that kind. */
static bool
read_folder(RuleFiles *files, const char *directory, const char *folder,
    GError **error)
{
	g_autofree char *path = g_build_filename(directory, folder, NULL);
	g_autoptr(GError) cause = NULL;
	g_autoptr(GDir) dir = g_dir_open(path, 0, &cause);
	const char *name;

	if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return true;
	if (dir == NULL) {
		g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    cause->message);
		return false;
	}
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_strconcat(folder, "/", name, NULL);

		if (is_rule_file(name) &&
		    !read_one(files, directory, below, error))
			return false;
	}
	return true;
}

RuleFiles *
rule_files_read(const char *directory, GError **error)
{
	g_autoptr(RuleFiles) files = rule_files_new();

	if (!g_file_test(directory, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: no such folder of rules; correct 'rules' in "
		    "guichet.yaml",
		    directory);
		return NULL;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		if (!read_folder(files, directory, folders[i], error))
			return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(single_files); i++) {
		g_autofree char *path = g_build_filename(directory,
		    single_files[i], NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS) &&
		    !read_one(files, directory, single_files[i], error))
			return NULL;
	}
	rule_files_seal(files);
	return g_steal_pointer(&files);
}
