/* Answers, from files of the site's language folders, and the parts that they take
 * in. */
#include "loaders_private.h"

#include "guichet/compose/reply_variables.h"
#include "guichet/yaml/catalog.h"

#include <stdio.h>
#include <string.h>

#define WORDS_FILE "/words.yaml"
#define PARTS      "replies/parts/"

static char *
shown(const ReplyLoading *loading, const char *path)
{
	return rule_files_place(loading->files, loading->directory, path);
}

static void
path_problem(const ReplyLoading *loading, const char *path, const char *words)
{
	g_autofree char *file = shown(loading, path);

	problems_add(loading->problems, file, 0, 0, "%s", words);
}

/* The place in "line 3, column 7: what", and where that begins; false: it names
 * none. */
static bool
read_place(const char *message, unsigned *ret_line, unsigned *ret_column,
    int *ret_used)
{
	*ret_used = 0;
	*ret_line = *ret_column = 0;
	return sscanf(message, "line %u, column %u: %n", ret_line, ret_column,
		   ret_used) == 2;
}

/* A mistake of a part is one, however many answers take it in. */
static void
part_problem(const ReplyLoading *loading, const char *path, const char *part,
    const char *message)
{
	g_autofree char *below = g_strdup_printf(PARTS "%s%s", part,
	    strrchr(path, '.'));
	g_autofree char *file = shown(loading, below);
	unsigned line, column;
	int used;

	if (!g_hash_table_add(loading->told, g_strdup(part)))
		return;
	read_place(message, &line, &column, &used);
	problems_add(loading->problems, file, line, column, "%s (in %s)",
	    message + used, path);
}

/* Of template_parse(). */
static void
template_problem(const ReplyLoading *loading, const char *path,
    const char *message)
{
	g_autofree char *file = shown(loading, path);
	unsigned line, column;
	char part[64];
	int used, within = 0;

	if (!read_place(message, &line, &column, &used))
		used = 0;
	if (sscanf(message + used, "part '%63[^']': %n", part, &within) == 1 &&
	    within > 0)
		part_problem(loading, path, part, message + used + within);
	else
		problems_add(loading->problems, file, line, column, "%s",
		    message + used);
}

/* Its text must say all that its reader needs. */
static void
check_needs(const ReplyLoading *loading, const char *path, const char *name,
    const Template *template)
{
	const char *const *needs = reply_needs(name);

	for (; needs != NULL && *needs != NULL; needs++) {
		g_autofree char *what = NULL;

		if (!g_str_has_suffix(path, ".txt") ||
		    template_names(template, *needs))
			continue;
		what = g_strdup_printf("it never names {{%s}}: the client must "
				       "read what was told before, what holds "
				       "now, why, how it is counted and what "
				       "to do about it",
		    *needs);
		path_problem(loading, path, what);
	}
}

/* "replies/parts/NAME.html" */
static char *
find_part(gconstpointer data, TemplateKind kind, const char *name)
{
	const ReplyLoading *loading = data;
	g_autofree char *path = g_strdup_printf(PARTS "%s%s", name,
	    kind == TEMPLATE_HTML ? ".html" : ".txt");
	GBytes *bytes = g_hash_table_lookup(loading->files->files, path);
	gsize length;
	const char *text = bytes != NULL ? g_bytes_get_data(bytes, &length)
					 : NULL;

	return text != NULL ? g_strndup(text, length) : NULL;
}

/* A file "replies/fr/NAME.PART". */
static void
load_reply(const ReplyLoading *loading, const char *path)
{
	static const struct {
		const char *ending;
		TemplateKind kind;
	} parts[] = {
		{ ".subject", TEMPLATE_HEADER },
		{ ".txt", TEMPLATE_TEXT },
		{ ".html", TEMPLATE_HTML },
	};
	const char *below = path + strlen("replies/");
	g_autofree char *name = g_path_get_basename(path);
	char *dot = strrchr(name, '.');
	GBytes *bytes = g_hash_table_lookup(loading->files->files, path);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	const char *const *known;
	Template *template = NULL;
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	text = g_strndup(data != NULL ? data : "", length);
	*dot = '\0';
	known = reply_variables_of(name);
	*dot = '.';
	if (known == NULL) {
		path_problem(loading, path, "no answer has that name");
		return;
	}
	if (!g_utf8_validate(text, (gssize)length, NULL)) {
		path_problem(loading, path,
		    "not UTF-8; save the file as UTF-8");
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strcmp(dot, parts[i].ending) == 0)
			template = template_parse(text, parts[i].kind, known,
			    &(TemplateParts){ find_part, loading }, &error);
	if (template != NULL) {
		*dot = '\0';
		check_needs(loading, path, name, template);
		g_hash_table_insert(loading->replies, g_strdup(below),
		    template);
	} else
		template_problem(loading, path,
		    error != NULL ? error->message
				  : "an answer is made of .subject, .txt and "
				    ".html files");
}

static void
check_language(const ReplyLoading *loading, const char *language, bool whole)
{
	static const char *const parts[] = { "subject", "txt" };

	for (gsize i = 0; reply_names[i] != NULL; i++) {
		/* Technicians read one of the two. */
		if (!whole &&
		    reply_variables_of(reply_names[i]) == reply_variables)
			continue;
		for (gsize p = 0; p < G_N_ELEMENTS(parts); p++) {
			g_autofree char *path =
			    g_strdup_printf("replies/%s/%s.%s", language,
				reply_names[i], parts[p]);

			if (!g_hash_table_contains(loading->files->files, path))
				path_problem(loading, path,
				    "missing; copy the one that came with "
				    "guichet");
		}
	}
}

bool
replies_load(const ReplyLoading *loading, const GPtrArray *paths)
{
	bool any = false;

	for (guint i = 0; i < paths->len; i++) {
		const char *path = paths->pdata[i];

		if (!g_str_has_prefix(path, "replies/") ||
		    g_str_has_suffix(path, WORDS_FILE))
			continue;
		any = true;
		if (!g_str_has_prefix(path, PARTS))
			load_reply(loading, path);
	}
	return any;
}

/* French and English whole; of each other language that has its words there what
 * clients read. */
void
replies_check(const ReplyLoading *loading)
{
	g_autofree const char **languages = catalog_languages();

	for (gsize i = 0; languages[i] != NULL; i++) {
		g_autofree char *words =
		    g_strdup_printf("replies/%s" WORDS_FILE, languages[i]);

		bool whole = strcmp(languages[i], "en") == 0 ||
		    strcmp(languages[i], "fr") == 0;

		if (whole ||
		    g_hash_table_contains(loading->files->files, words))
			check_language(loading, languages[i], whole);
	}
}
