/* The mistakes of a site's files, collected and sorted. */
#include "guichet/base/problems.h"
#include "guichet/base/error.h"

typedef struct {
	char *file;
	gsize line, column;
	char *text;
} Problem;

struct Problems {
	GPtrArray *list; /* Problem * */
	bool known, past;
};

static void
problem_free(gpointer data)
{
	Problem *problem = data;

	g_free(problem->file);
	g_free(problem->text);
	g_free(problem);
}

Problems *
problems_new(void)
{
	Problems *problems = g_new0(Problems, 1);

	problems->list = g_ptr_array_new_with_free_func(problem_free);
	return problems;
}

void
problems_free(Problems *problems)
{
	if (problems == NULL)
		return;
	g_ptr_array_unref(problems->list);
	g_free(problems);
}

void
problems_set_known(Problems *problems, bool known)
{
	problems->known = known;
}

bool
problems_are_known(const Problems *problems)
{
	return problems->known;
}

void
problems_set_past(Problems *problems, bool past)
{
	problems->past = past;
}

bool
problems_are_past(const Problems *problems)
{
	return problems->past;
}

void
problems_add(Problems *problems, const char *file, gsize line, gsize column,
    const char *format, ...)
{
	Problem *problem = g_new0(Problem, 1);
	va_list args;

	problem->file = g_strdup(file);
	problem->line = line;
	problem->column = column;
	va_start(args, format);
	problem->text = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(problems->list, problem);
}

guint
problems_count(const Problems *problems)
{
	return problems->list->len;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const Problem *x = *(Problem *const *)a, *y = *(Problem *const *)b;
	int files = g_strcmp0(x->file, y->file);

	if (files != 0)
		return files;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return g_strcmp0(x->text, y->text);
}

char *
problems_format(const Problems *problems)
{
	GString *text = g_string_new(NULL);

	g_ptr_array_sort(problems->list, compare);
	for (guint i = 0; i < problems->list->len; i++) {
		const Problem *problem = problems->list->pdata[i];

		g_string_append(text, problem->file);
		if (problem->line > 0)
			g_string_append_printf(text,
			    ":%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT,
			    problem->line, problem->column);
		g_string_append_printf(text, ": %s\n", problem->text);
	}
	return g_string_free(text, FALSE);
}

bool
problems_to_error(const Problems *problems, GError **error)
{
	g_autofree char *text = NULL;

	if (problems->list->len == 0)
		return false;
	text = problems_format(problems);
	g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    g_strchomp(text));
	return true;
}
