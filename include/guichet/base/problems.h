/*
 * problems: every mistake of the files a site edits, all at once.
 *
 * Loading goes on after a mistake, so that `guichet check` can show them all,
 * each as "file:line:column: what is wrong; what to do". Whoever loads decides
 * at the end: any problem means that nothing is used.
 */
#ifndef GUICHET_PROBLEMS_H
#define GUICHET_PROBLEMS_H

#include "guichet/base/base.h"

typedef struct Problems Problems;

Problems *problems_new(void);
void problems_free(Problems *problems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problems, problems_free)

/*
 * Whether these very files were loaded without a mistake before: then what
 * takes long to look for is not looked for again. No, unless it is said.
 */
void problems_set_known(Problems *problems, bool known);
bool problems_are_known(const Problems *problems);

/*
 * Whether these files were in force once: promises were made by them, so that
 * what only a later program finds wrong is let through. No, unless it is said.
 */
void problems_set_past(Problems *problems, bool past);
bool problems_are_past(const Problems *problems);

/* Line and column count from 1; 0 when there is no place to show. */
void problems_add(Problems *problems, const char *file, gsize line,
    gsize column, const char *format, ...) G_GNUC_PRINTF(5, 6);
guint problems_count(const Problems *problems);

/* All of them, sorted by file and place, one a line. The caller frees. */
char *problems_format(const Problems *problems);

/* GUICHET_ERROR_CONFIG with problems_format(), or false if there are none. */
bool problems_to_error(const Problems *problems, GError **error);

#endif
