/*
 * table: rows for people and for programs. On a terminal columns are aligned,
 * cut to its width (the last, then the widest, the first one last of all), and
 * what is late is coloured; off it the same cells come
 * as tab-separated text with a header line, nothing cut, no colour.
 */
#ifndef GUICHET_TABLE_H
#define GUICHET_TABLE_H

#include "guichet/base/base.h"

typedef struct Table Table;

typedef enum {
	TABLE_PLAIN,
	TABLE_SOON, /* yellow */
	TABLE_LATE, /* red */
	TABLE_FAINT,
	TABLE_MOOD_COUNT,
} TableMood;

/* Column titles, NULL-terminated; the last column takes what is left. */
Table *table_new(const char *const *titles);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* A terminal that is too narrow is spared that column; those that were named
 * first go first. */
void table_spare(Table *table, const char *title);

/* Begins a row and fills its cells in order; text is made one clean line. */
void table_row(Table *table, TableMood mood);
void table_cell(Table *table, const char *text);
void table_cellf(Table *table, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Prints to standard output. `wide` forces the aligned form off a terminal,
 * without colour. */
void table_print(const Table *table, bool wide);

/* Whether standard output is a terminal that shows colours. */
bool table_is_terminal(void);
/* How many columns a line has; 120 off a terminal. */
int table_width(void);

#endif
