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

/* left@right: what has no '@' is no id that anybody made to be one. */
bool
ids_bind(const char *id)
{
	const char *at = strchr(id, '@');

	return ids_is_valid(id) && at != NULL && at > id && at[1] != '\0';
}

/* Some programs write the angles as HTML. */
static const char *const opens[] = { "<", "&lt;", "&#60;" };
static const char *const closes[] = { ">", "&gt;", "&#62;" };

/* The length of the mark at `p`, or 0. */
static gsize
mark_at(const char *p, const char *end, const char *const marks[3])
{
	for (gsize i = 0; i < 3; i++) {
		gsize length = strlen(marks[i]);

		if ((gsize)(end - p) >= length &&
		    g_ascii_strncasecmp(p, marks[i], length) == 0)
			return length;
	}
	return 0;
}

/* What stands between, without the blanks around it and those of folding,
 * which some programs do in the middle; NULL if it is no id. */
static char *
id_between(const char *p, const char *end)
{
	GString *id = g_string_new(NULL);

	while (p < end && g_ascii_isspace(*p))
		p++;
	while (end > p && g_ascii_isspace(end[-1]))
		end--;
	while (p < end) {
		bool folds = *p == '\r' || *p == '\n';

		while (folds && p < end && g_ascii_isspace(*p))
			p++;
		g_string_append_c(id, *p++);
	}
	if (is_id(id->str, id->len) && strlen(id->str) == id->len)
		return g_string_free(id, FALSE);
	g_string_free(id, TRUE);
	return NULL;
}

/* The next id in angles at or after *p, which is moved behind it; NULL at the
 * end. What stands before it is from the old *p to *ret_open. */
static char *
next_id(const char **p, const char *end, const char **ret_open)
{
	const char *open = NULL;
	gsize mark = 0;

	for (const char *q = *p; q < end;) {
		gsize length = mark_at(q, end, opens);

		if (length > 0) {
			open = q; /* "<<a@b>>": the inner one */
			mark = length;
		} else if (open != NULL &&
		    (length = mark_at(q, end, closes)) > 0) {
			char *id = id_between(open + mark, q);

			*ret_open = open;
			*p = q + length;
			if (id != NULL)
				return id;
			open = NULL;
		}
		q += MAX(length, 1);
	}
	*ret_open = open != NULL ? open : end;
	*p = end;
	return NULL;
}

char *
ids_first(const char *value, gsize length)
{
	const char *p = value, *end = value + length, *open;
	char *id = next_id(&p, end, &open);

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

typedef struct {
	GPtrArray *ids;
	GHashTable *seen;
} Found;

static void
take_id(Found *found, char *id)
{
	if (!ids_bind(id) || g_hash_table_contains(found->seen, id)) {
		g_free(id);
		return;
	}
	g_ptr_array_add(found->ids, id);
	g_hash_table_add(found->seen, id);
}

/* Words with an '@' outside of angles, comments and quotations. */
static void
take_bare(Found *found, const char *p, const char *end)
{
	static const char between[] = " \t\r\n,;<>\"'()";
	int depth = 0;

	while (p < end) {
		gsize length = 0;

		while (p + length < end && strchr(between, p[length]) == NULL &&
		    p[length] != '\0')
			length++;
		if (length > 0 && depth == 0 && memchr(p, '@', length) != NULL)
			take_id(found, g_strndup(p, length));
		p += length;
		if (p < end && *p == '<') /* what is no id there is none */
			p = memchr(p, '>', (gsize)(end - p));
		if (p == NULL || p >= end)
			return;
		depth = MAX(0, depth + (*p == '(') - (*p == ')'));
		p++;
	}
}

char **
ids_list(const char *value, gsize length, gsize max)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	Found found = { ids, seen };
	const char *p = value, *end = value + length;
	GStrv list;
	gsize first, count;

	while (p < end) {
		const char *before = p, *open;
		char *id = next_id(&p, end, &open);

		take_bare(&found, before, open);
		if (id != NULL)
			take_id(&found, id);
	}
	/* The nearest in the thread, and its root. */
	count = MIN(ids->len, max);
	first = ids->len - count;
	list = g_new0(char *, count + 1);
	for (gsize i = 0; i < count; i++)
		list[i] = g_strdup(
		    ids->pdata[i == 0 && max > 1 ? 0 : first + i]);
	return list;
}
