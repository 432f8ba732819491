/* Names of Maildir files, as they cross to the desk and come back. */
#include "folder_name_private.h"

#include "guichet/wire/source.h"

#include <string.h>

char *
folder_name_escape(const char *file)
{
	GString *name = g_string_new(NULL);

	for (const char *p = file; *p != '\0'; p++) {
		if (g_ascii_isgraph(*p) && *p != '%')
			g_string_append_c(name, *p);
		else
			g_string_append_printf(name, "%%%02X", (guint8)*p);
	}
	return g_string_free(name, FALSE);
}

char *
folder_name_unescape(const char *name)
{
	g_autoptr(GString) file = g_string_new(NULL);

	for (const char *p = name; *p != '\0'; p++) {
		int high, low;

		if (*p != '%') {
			g_string_append_c(file, *p);
			continue;
		}
		high = g_ascii_xdigit_value(p[1]);
		low = high < 0 ? -1 : g_ascii_xdigit_value(p[2]);
		if (low < 0 || high + low == 0)
			return NULL;
		g_string_append_c(file, (char)(high * 16 + low));
		p += 2;
	}
	if (file->len == 0 || file->len > 255 || file->str[0] == '.' ||
	    strchr(file->str, '/') != NULL)
		return NULL;
	return g_strdup(file->str);
}

char *
folder_name_taken(const char *file)
{
	g_autofree char *name = folder_name_escape(file);

	return source_taken_name(name);
}
