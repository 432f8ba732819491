/* Tables in a mail's text: each label beside its value, as plain text has it. */
#include "alert_private.h"

#include <string.h>

#define TITLE_BYTES 30
#define CELL        " | " /* what html_to_text() puts between cells */

static guint
count_cells(const char *line)
{
	guint count = 1;

	while ((line = strstr(line, CELL)) != NULL) {
		line += strlen(CELL);
		count++;
	}
	return count;
}

/* "Host: | web1", "Host: | web1 | State: | DOWN": each second is a label. */
static bool
has_pairs(char **cells, guint count)
{
	if (count % 2 != 0)
		return false;
	for (guint i = 0; i < count; i += 2)
		if (!g_str_has_suffix(cells[i], ":"))
			return false;
	return true;
}

/* A row of words alone: two would be a label and its value. */
static bool
has_titles(char **cells, guint count)
{
	if (count < 3)
		return false;
	for (guint i = 0; i < count; i++)
		if (*cells[i] == '\0' || strlen(cells[i]) > TITLE_BYTES ||
		    strpbrk(cells[i], ":.0123456789") != NULL)
			return false;
	return true;
}

/* "Host: | web1" becomes what plain text has, "Host: web1". */
static void
add_pair(GPtrArray *lines, const char *label, const char *value)
{
	const char *between = g_str_has_suffix(label, ":") ? " " : CELL;

	g_ptr_array_add(lines, g_strconcat(label, between, value, NULL));
}

GPtrArray *
alert_unfold_rows(GPtrArray *lines)
{
	GPtrArray *unfolded = g_ptr_array_new();

	for (guint i = 0; i < lines->len; i++) {
		guint count = count_cells(lines->pdata[i]);
		guint below = i + 1 < lines->len
		    ? count_cells(lines->pdata[i + 1])
		    : 0;
		bool more = i + 2 < lines->len &&
		    count_cells(lines->pdata[i + 2]) == count;
		g_auto(GStrv) cells = g_strsplit(lines->pdata[i], CELL, -1);

		if (has_pairs(cells, count)) {
			for (guint j = 0; j < count; j += 2)
				add_pair(unfolded, cells[j], cells[j + 1]);
		} else if (below == count && !more &&
		    has_titles(cells, count)) {
			g_auto(GStrv) values = g_strsplit(lines->pdata[++i],
			    CELL, -1);

			for (guint j = 0; j < count; j++)
				add_pair(unfolded, cells[j], values[j]);
		} else {
			g_ptr_array_add(unfolded, g_strdup(lines->pdata[i]));
		}
	}
	return unfolded;
}
