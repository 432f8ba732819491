/*
 * What a test tells the children that it stands in for: they inherit no
 * environment but for a few names (child.c), TMPDIR among them, so that each
 * word is a file of a folder that the test made its TMPDIR.
 */
#ifndef TOLD_CHILD_H
#define TOLD_CHILD_H

#include <glib.h>
#include <glib/gstdio.h>

static inline char *
told_path(const char *name)
{
	return g_build_filename(g_getenv("TMPDIR"), name, NULL);
}

/* NULL: nothing any more. */
static inline void
tell_children(const char *name, const char *value)
{
	static bool own;
	g_autofree char *path = NULL;

	if (!own) {
		g_autofree char *folder = g_dir_make_tmp("told-XXXXXX", NULL);

		g_assert_nonnull(folder);
		g_setenv("TMPDIR", folder, TRUE);
		own = true;
	}
	path = told_path(name);
	if (value == NULL)
		g_unlink(path);
	else
		g_assert_true(g_file_set_contents(path, value, -1, NULL));
}

/* In the child, or the test itself; NULL: nothing. The caller frees. */
static inline char *
told(const char *name)
{
	g_autofree char *path = g_getenv("TMPDIR") == NULL ? NULL
							   : told_path(name);
	char *value = NULL;

	if (path != NULL)
		g_file_get_contents(path, &value, NULL, NULL);
	return value;
}

#endif
