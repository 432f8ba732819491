/* Standard output: whatever a mail says passes through here. */
#include "guichet/print/show.h"

#include "guichet/base/text.h"

#include <stdio.h>
#include <stdlib.h>

void
show_text(const char *text)
{
	g_autofree char *shown = text_showable(text);

	fputs(shown, stdout);
}

void
show(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	show_text(text);
}

void
show_json(const json_t *json)
{
	/* Not g_free(): jansson's own. */
	char *line = json_dumps(json, JSON_COMPACT);
	g_autofree char *shown = NULL;

	g_assert(line != NULL); /* of strings that are valid UTF-8 */
	shown = text_showable_json(line);
	free(line);
	puts(shown);
}

json_t *
show_words_json(const GPtrArray *words)
{
	json_t *list = json_array();

	for (guint i = 0; i < words->len; i++)
		json_array_append_new(list, json_string(words->pdata[i]));
	return list;
}
