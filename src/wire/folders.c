/* The server's folders, looked through for the one that was meant. */
#include "folders_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/yaml/yaml.h"

#include <string.h>

#define LIST_BYTES (1024 * 1024)

/* The middle of a shift: base64 of UTF-16 with ',' for '/' and no padding. */
static void
append_shifted(GString *out, const char *text, gsize length)
{
	gsize size = 0;
	g_autofree char *wide = g_convert(text, (gssize)length, "UTF-16BE",
	    "UTF-8", NULL, &size, NULL);
	g_autofree char *base64 = g_base64_encode((const guchar *)wide, size);

	g_strdelimit(base64, "/", ',');
	g_string_append_c(out, '&');
	g_string_append_len(out, base64, (gssize)strcspn(base64, "="));
	g_string_append_c(out, '-');
}

char *
folders_encode(const char *name)
{
	GString *out;

	if (!text_is_clean_line(name))
		return NULL;
	out = g_string_new(NULL);
	for (const char *p = name; *p != '\0';) {
		const char *end = p;

		while ((*end & 0x80) != 0)
			end++;
		if (end > p) {
			append_shifted(out, p, (gsize)(end - p));
			p = end;
			continue;
		}
		g_string_append_c(out, *p);
		if (*p == '&')
			g_string_append_c(out, '-');
		p++;
	}
	return g_string_free(out, FALSE);
}

char *
folders_quote(const char *text)
{
	GString *out = g_string_new("\"");

	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
	return g_string_free(out, FALSE);
}

/* Not a wildcard, which LIST would not take for itself. */
static bool
can_be_listed(const char *encoded)
{
	return encoded != NULL && strpbrk(encoded, "*%") == NULL;
}

/* What LIST says: names as the server writes them; or NULL. */
static GStrv
list(Session *session, const char *pattern)
{
	g_autofree char *quoted = folders_quote(pattern);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	clist *found;

	if (session->broken ||
	    !session_command(session, LIST_BYTES, LIMIT_COMMAND_SECONDS, NULL,
		"LIST \"\" %s", quoted))
		return NULL;
	found = session->imap->imap_response_info != NULL
	    ? session->imap->imap_response_info->rsp_mailbox_list
	    : NULL;
	for (clistiter *i = found != NULL ? clist_begin(found) : NULL;
	     i != NULL; i = clist_next(i)) {
		const struct mailimap_mailbox_list *row = clist_content(i);

		if (row->mb_name != NULL && text_is_clean_line(row->mb_name))
			g_strv_builder_add(names, row->mb_name);
	}
	return g_strv_builder_end(names);
}

static bool
is_there(Session *session, const char *encoded)
{
	g_auto(GStrv) names = list(session, encoded);

	return names != NULL &&
	    g_strv_contains((const char *const *)names, encoded);
}

/* Of people's own folders; "" if there is none. */
static char *
personal_prefix(Session *session)
{
	struct mailimap_namespace_data *data = NULL;
	char *prefix = NULL;

	if (session->broken || !session_can(session, "NAMESPACE"))
		return g_strdup("");
	tls_stream_allow(session->stream, LIST_BYTES, LIMIT_COMMAND_SECONDS);
	if (mailimap_namespace(session->imap, &data) != MAILIMAP_NO_ERROR ||
	    data == NULL)
		return g_strdup("");
	if (data->ns_personal != NULL) {
		clistiter *first = clist_begin(data->ns_personal->ns_data_list);
		const struct mailimap_namespace_info *info = first != NULL
		    ? clist_content(first)
		    : NULL;

		if (info != NULL && info->ns_prefix != NULL &&
		    text_is_clean_line(info->ns_prefix))
			prefix = g_strdup(info->ns_prefix);
	}
	mailimap_namespace_data_free(data);
	return prefix != NULL ? prefix : g_strdup("");
}

/* What stands behind the last separator. */
static const char *
last_part(const char *name)
{
	const char *slash = strrchr(name, '/'), *dot = strrchr(name, '.');
	const char *last = slash > dot ? slash : dot;

	return last != NULL ? last + 1 : name;
}

/* The one that differs least: by case, by where it stands, by a letter. */
static char *
nearest(Session *session, const char *encoded)
{
	g_auto(GStrv) names = list(session, "*");
	const char *near;

	for (char **name = names; name != NULL && *name != NULL; name++) {
		if (strcmp(*name, encoded) != 0 &&
		    g_ascii_strcasecmp(last_part(*name), last_part(encoded)) ==
			0)
			return g_strdup(*name);
	}
	near = names != NULL ? yaml_nearest(encoded, (const char *const *)names)
			     : NULL;
	return g_strdup(near);
}

static char *
did_you_mean(const char *name, const char *meant)
{
	return g_strdup_printf("there is no folder '%s'; did you mean '%s'?",
	    name, meant);
}

/* On a server whose folders stand below `prefix`, and this one does not. */
static char *
below(Session *session, const char *prefix, const char *name, bool to_make)
{
	g_autofree char *encoded = folders_encode(name);
	g_autofree char *inside = g_strconcat(prefix, encoded, NULL);
	g_autofree char *meant = g_strconcat(prefix, name, NULL);

	if (is_there(session, inside))
		return did_you_mean(name, meant);
	return to_make ? g_strdup_printf("this server's folders stand below "
					 "'%s': write '%s'",
			     prefix, meant)
		       : NULL;
}

static char *
hint(Session *session, const char *name, bool to_make)
{
	g_autofree char *encoded = folders_encode(name);
	g_autofree char *prefix = NULL;
	g_autofree char *meant = NULL;

	if (!can_be_listed(encoded) || is_there(session, encoded))
		return NULL;
	prefix = personal_prefix(session);
	if (*prefix != '\0' && !g_str_has_prefix(encoded, prefix))
		return below(session, prefix, name, to_make);
	meant = nearest(session, encoded);
	return meant != NULL ? did_you_mean(name, meant) : NULL;
}

char *
folders_hint(Session *session, const char *name)
{
	return hint(session, name, false);
}

char *
folders_hint_to_make(Session *session, const char *name)
{
	return hint(session, name, true);
}
