/* Subject and References of an answer. */
#include "guichet/compose/compose.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/words/subject.h"

#include <string.h>

/* ---- subjects ---- */

/* Every occurrence of the tag becomes a blank. */
static char *
without_tag(const char *subject, const char *tag)
{
	g_auto(GStrv) pieces = NULL;

	if (*tag == '\0')
		return g_strdup(subject);
	pieces = g_strsplit(subject, tag, -1);
	return g_strjoinv(" ", pieces);
}

char *
compose_subject(const char *subject, const char *tag)
{
	g_autofree char *line = text_clean_line(subject != NULL ? subject : "",
	    -1, LIMIT_SUBJECT_BYTES);
	g_autofree char *bare = without_tag(line, tag);
	g_autofree char *clean = text_clean_line(bare, -1, LIMIT_SUBJECT_BYTES);
	g_autofree char *cut = NULL;
	const char *rest = clean;
	glong room = LIMIT_LETTER_SUBJECT_CHARS - 4 - 1 -
	    g_utf8_strlen(tag, -1);

	for (gsize skip; (skip = subject_prefix(rest, NULL)) > 0;)
		rest += skip;
	cut = g_utf8_substring(rest, 0,
	    CLAMP(g_utf8_strlen(rest, -1), 0, MAX(room, 0)));
	g_strchomp(cut);
	return g_strdup_printf("Re: %s%s%s", cut,
	    *cut != '\0' && *tag != '\0' ? " " : "", tag);
}

/* ---- references ---- */

/* Adds a copy unless it is unsafe or there already. */
static void
add_id(GPtrArray *ids, const char *id)
{
	if (!compose_id_is_safe(id) ||
	    g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
		return;
	g_ptr_array_add(ids, g_strdup(id));
}

/*
 * The oldest ids find the thread, the newest its end: what is too much goes
 * from the middle.
 */
static void
cap_ids(GPtrArray *ids)
{
	gsize bytes = 0;

	if (ids->len > LIMIT_REFERENCES)
		g_ptr_array_remove_range(ids, LIMIT_REFERENCES / 2,
		    ids->len - LIMIT_REFERENCES);
	for (guint i = 0; i < ids->len; i++)
		bytes += strlen(g_ptr_array_index(ids, i)) + 3;
	while (bytes > LIMIT_LETTER_REFERENCES_BYTES) {
		guint middle = ids->len / 2;

		bytes -= strlen(g_ptr_array_index(ids, middle)) + 3;
		g_ptr_array_remove_index(ids, middle);
	}
}

char **
compose_references(const Message *parent)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	char *const *older = parent->references;

	/* An In-Reply-To of several ids says nothing of their order. */
	if ((older == NULL || *older == NULL) && parent->in_reply_to != NULL &&
	    g_strv_length(parent->in_reply_to) == 1)
		older = parent->in_reply_to;
	for (; older != NULL && *older != NULL; older++) {
		/* The parent's own id stands last, wherever it was before. */
		if (g_strcmp0(*older, parent->message_id) != 0)
			add_id(ids, *older);
	}
	if (parent->message_id != NULL)
		add_id(ids, parent->message_id);
	cap_ids(ids);
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_steal(ids, NULL);
}

void
compose_references_under(char ***references, const char *root)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	add_id(ids, root);
	for (char *const *id = *references; *id != NULL; id++)
		add_id(ids, *id);
	cap_ids(ids);
	g_ptr_array_add(ids, NULL);
	g_strfreev(*references);
	*references = (char **)g_ptr_array_steal(ids, NULL);
}
