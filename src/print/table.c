/* Rows for people and for programs. */
#include "guichet/print/table.h"

#include "guichet/base/names.h"
#include "guichet/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef struct {
	TableMood mood;
	GPtrArray *cells; /* char * */
} Row;

struct Table {
	GPtrArray *titles; /* char * */
	GPtrArray *rows;   /* Row * */
	GArray *spare;     /* guint: columns that may be left out, in turn */
};

#define HIDDEN     (-1) /* a column's width */
#define LAST_LEAST 20   /* of the last, while others can be cut */
#define CELL_LEAST 10   /* of any other */

#define TABLE_MOOD_CODES(X)  \
 X(TABLE_PLAIN, "")          \
 X(TABLE_SOON, "\033[33m")   \
 X(TABLE_LATE, "\033[1;31m") \
 X(TABLE_FAINT, "\033[2m")
NAME_TABLE(moods, TABLE_MOOD_CODES, TABLE_MOOD_COUNT);

static void
row_free(gpointer data)
{
	Row *row = data;

	g_ptr_array_unref(row->cells);
	g_free(row);
}

Table *
table_new(const char *const *titles)
{
	Table *table = g_new0(Table, 1);

	table->titles = g_ptr_array_new_with_free_func(g_free);
	table->rows = g_ptr_array_new_with_free_func(row_free);
	table->spare = g_array_new(FALSE, FALSE, sizeof(guint));
	for (; *titles != NULL; titles++)
		g_ptr_array_add(table->titles, g_strdup(*titles));
	return table;
}

void
table_free(Table *table)
{
	if (table == NULL)
		return;
	g_ptr_array_unref(table->titles);
	g_ptr_array_unref(table->rows);
	g_array_unref(table->spare);
	g_free(table);
}

void
table_spare(Table *table, const char *title)
{
	for (guint i = 0; i < table->titles->len; i++) {
		if (strcmp(table->titles->pdata[i], title) == 0)
			g_array_append_val(table->spare, i);
	}
}

void
table_row(Table *table, TableMood mood)
{
	Row *row = g_new0(Row, 1);

	row->mood = mood;
	row->cells = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(table->rows, row);
}

void
table_cell(Table *table, const char *text)
{
	Row *row = table->rows->pdata[table->rows->len - 1];
	g_autofree char *line = NULL;

	g_assert(row->cells->len < table->titles->len);
	line = text_clean_line(text, -1, 4096);
	g_ptr_array_add(row->cells, text_showable(line));
}

void
table_cellf(Table *table, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	table_cell(table, text);
}

bool
table_is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

/* How many columns of a terminal the text takes. */
static int
width_of(const char *text)
{
	int width = 0;

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!g_unichar_iszerowidth(c))
			width += g_unichar_iswide(c) ? 2 : 1;
	}
	return width;
}

int
table_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 120;
}

/* Prints at most `width` columns of the text, padded unless it is the last. */
static void
print_cell(const char *text, int width, bool last)
{
	int used = 0;
	bool cut = width_of(text) > width;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		int step = g_unichar_iszerowidth(c) ? 0
		    : g_unichar_iswide(c)           ? 2
						    : 1;

		if (used + step > width - (cut ? 1 : 0))
			break;
		fwrite(p, 1, (gsize)(g_utf8_next_char(p) - p), stdout);
		used += step;
	}
	if (cut) {
		fputs("…", stdout);
		used++;
	}
	if (!last)
		printf("%*s", width - used + 2, "");
}

static void
print_line(const GPtrArray *cells, const int *widths)
{
	for (guint i = 0; i < cells->len; i++) {
		if (widths[i] != HIDDEN)
			print_cell(cells->pdata[i], widths[i],
			    i + 1 == cells->len);
	}
}

/* All but the last column, with what stands between them. */
static int
used_of(const Table *table, const int *widths)
{
	int used = 0;

	for (guint i = 0; i + 1 < table->titles->len; i++)
		used += widths[i] != HIDDEN ? widths[i] + 2 : 0;
	return used;
}

/* The widest that can be cut; the first names what the row is about, and comes
 * behind all others. NULL: none. */
static int *
widest(const Table *table, int *widths)
{
	int *found = NULL;

	for (guint i = 1; i + 1 < table->titles->len; i++) {
		if (widths[i] > CELL_LEAST &&
		    (found == NULL || widths[i] > *found))
			found = &widths[i];
	}
	return found != NULL || widths[0] <= CELL_LEAST ? found : &widths[0];
}

/* Until what is left is enough for the last column: leaves out what may be, then
 * cuts the widest. */
static void
narrow(const Table *table, int *widths, int last, int width)
{
	int *cut;

	for (guint i = 0;
	     i < table->spare->len && used_of(table, widths) + last > width;
	     i++)
		widths[g_array_index(table->spare, guint, i)] = HIDDEN;
	while (used_of(table, widths) + last > width &&
	    (cut = widest(table, widths)) != NULL)
		(*cut)--;
}

static void
measure(const Table *table, int *widths)
{
	guint last = table->titles->len - 1;

	for (guint i = 0; i <= last; i++)
		widths[i] = width_of(table->titles->pdata[i]);
	for (guint r = 0; r < table->rows->len; r++) {
		const Row *row = table->rows->pdata[r];

		for (guint i = 0; i < row->cells->len; i++)
			widths[i] = MAX(widths[i],
			    width_of(row->cells->pdata[i]));
	}
	if (isatty(STDOUT_FILENO))
		narrow(table, widths, MIN(widths[last], LAST_LEAST),
		    table_width());
	widths[last] = MAX(MIN(widths[last], LAST_LEAST),
	    MIN(widths[last], table_width() - used_of(table, widths)));
}

static void
print_tabs(const GPtrArray *cells)
{
	for (guint i = 0; i < cells->len; i++)
		printf("%s%s", i > 0 ? "\t" : "", (char *)cells->pdata[i]);
	putchar('\n');
}

void
table_print(const Table *table, bool wide)
{
	bool colour = table_is_terminal();
	g_autofree int *widths = g_new0(int, table->titles->len);

	if (!wide && !isatty(STDOUT_FILENO)) {
		print_tabs(table->titles);
		for (guint r = 0; r < table->rows->len; r++)
			print_tabs(((Row *)table->rows->pdata[r])->cells);
		return;
	}
	measure(table, widths);
	fputs(colour ? "\033[1m" : "", stdout);
	print_line(table->titles, widths);
	puts(colour ? "\033[0m" : "");
	for (guint r = 0; r < table->rows->len; r++) {
		const Row *row = table->rows->pdata[r];
		bool painted = colour && row->mood != TABLE_PLAIN;

		fputs(painted ? names_word(&moods, row->mood) : "", stdout);
		print_line(row->cells, widths);
		puts(painted ? "\033[0m" : "");
	}
}
