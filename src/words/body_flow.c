/* format=flowed (RFC 3676): the lines of a paragraph made one again. */
#include "guichet/words/body.h"

#include <string.h>

static gsize
quote_depth(const char *line)
{
	return strspn(line, ">");
}

char *
body_unflow(const char *text, bool delsp)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *out = g_string_sized_new(strlen(text));
	bool flowing = false;
	gsize depth_before = 0;

	for (gsize i = 0; lines[i] != NULL; i++) {
		gsize depth = quote_depth(lines[i]);
		const char *line = lines[i] + depth;
		gsize length;

		if (*line == ' ')
			line++; /* space-stuffed */
		length = strlen(line);
		if (length == 0 || strcmp(line, "-- ") == 0 ||
		    depth != depth_before)
			flowing = false;
		if (!flowing) {
			if (i > 0)
				g_string_append_c(out, '\n');
			for (gsize k = 0; k < depth; k++)
				g_string_append_c(out, '>');
			if (depth > 0)
				g_string_append_c(out, ' ');
		}
		flowing = length > 0 && line[length - 1] == ' ' &&
		    strcmp(line, "-- ") != 0;
		g_string_append_len(out, line,
		    (gssize)(flowing && delsp ? length - 1 : length));
		depth_before = depth;
	}
	return g_string_free(out, FALSE);
}
