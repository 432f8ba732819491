/* Message-IDs in a field. */
#include "guichet/mail/ids.h"

#include "guichet/base/limits.h"

#include <string.h>

static bool
is_id(const char *id, gsize length)
{
	if (length == 0 || length > LIMIT_MESSAGE_ID_BYTES)
		return false;
	for (gsize i = 0; i < length; i++) {
		if (id[i] <= 0x20 || id[i] >= 0x7f || id[i] == '<' ||
		    id[i] == '>')
			return false;
	}
	return true;
}

bool
ids_is_valid(const char *id)
{
	return is_id(id, strlen(id));
}

/* The next id at or after *p, which is moved behind it; NULL at the end. */
static char *
next_id(const char **p, const char *end)
{
	while (*p < end) {
		const char *open = memchr(*p, '<', (gsize)(end - *p));
		const char *close;

		if (open == NULL)
			break;
		for (close = open + 1; close < end && *close != '>'; close++) {
			if (*close == '<')
				open = close; /* "<<a@b>>" */
		}
		if (close >= end)
			break;
		*p = close + 1;
		if (is_id(open + 1, (gsize)(close - open - 1)))
			return g_strndup(open + 1, (gsize)(close - open - 1));
	}
	*p = end;
	return NULL;
}

char *
ids_first(const char *value, gsize length)
{
	const char *p = value, *end = value + length;
	char *id = next_id(&p, end);

	if (id != NULL)
		return id;
	for (p = value; p < end && g_ascii_isspace(*p);)
		p++;
	while (end > p && g_ascii_isspace(end[-1]))
		end--;
	if (!is_id(p, (gsize)(end - p)) ||
	    memchr(p, '@', (gsize)(end - p)) == NULL)
		return NULL;
	return g_strndup(p, (gsize)(end - p));
}

char **
ids_list(const char *value, gsize length, gsize max)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	const char *p = value, *end = value + length;
	GStrv list;
	gsize first;

	for (char *id; (id = next_id(&p, end)) != NULL;) {
		if (g_hash_table_add(seen, id))
			g_ptr_array_add(ids, id);
		else
			g_free(id);
	}
	first = ids->len > max ? ids->len - max : 0;
	list = g_new0(char *, ids->len - first + 1);
	for (gsize i = first; i < ids->len; i++)
		list[i - first] = g_strdup(ids->pdata[i]);
	return list;
}
