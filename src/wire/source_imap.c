/* Mail by IMAP: searched, fetched in batches, marked, by UID alone. */
#include "guichet/wire/source.h"

#include "folders_private.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "source_private.h"
#include "uid_take_private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ANSWER_BYTES IMAP_ANSWER_BYTES

static void
server_source_close(Source *source)
{
	if (source == NULL)
		return;
	session_free(source->session);
	g_free(source->done_name);
	g_free(source->done_folder);
	g_free(source->warning);
	g_free(source->seal);
	g_clear_pointer(&source->aside, g_hash_table_unref);
	g_free(source);
}

static bool
is_keyword(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (!g_ascii_isalnum(*p) && strchr("$_-.", *p) == NULL)
			return false;
	}
	return *text != '\0';
}

/* A folder that keeps no more keywords does without. */
static void
find_seal(Source *source, const SourceConf *conf)
{
	g_autofree char *seal = g_strdup_printf("%s-%s", conf->done_name,
	    conf->seal);

	if (conf->seal != NULL && is_keyword(seal) &&
	    session_keeps_keyword(source->session, seal))
		source->seal = g_steal_pointer(&seal);
}

/* Whether the server can do what shall be done with a mail. */
static bool
check_done(Source *source, const SourceConf *conf, GError **error)
{
	const char *name = conf->done_name != NULL ? conf->done_name : "";

	switch (conf->done) {
	case DONE_NOTHING:
		return true;
	case DONE_KEYWORD:
		source->done_name = g_strdup(name);
		if (is_keyword(name) &&
		    session_keeps_keyword(source->session, name)) {
			find_seal(source, conf);
			return true;
		}
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: folder '%s' keeps no keyword '%s'; move the mails "
		    "instead, or do nothing with them",
		    conf->host, conf->folder, name);
		return false;
	case DONE_MOVE:
	default: {
		g_autofree char *encoded = folders_encode(name);

		if (encoded == NULL || strcmp(name, conf->folder) == 0) {
			g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
			    "%s: mails cannot be moved to '%s'", conf->host,
			    name);
			return false;
		}
		source->done_name = folders_quote(encoded);
		source->done_folder = g_strdup(name);
		source->warning = folders_hint_to_make(source->session, name);
		if (source->session->broken) {
			g_set_error(error, GUICHET_ERROR,
			    GUICHET_ERROR_TEMPORARY,
			    "%s: the server does not tell its folders",
			    conf->host);
			return false;
		}
		if (session_can(source->session, "MOVE") ||
		    session_can(source->session, "UIDPLUS"))
			return true;
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the server knows neither MOVE nor UIDPLUS; use a "
		    "keyword instead",
		    conf->host);
		return false;
	}
	}
}

static Source *
server_source_open(const SourceConf *conf, GError **error)
{
	Source *source = g_new0(Source, 1);

	source->done = conf->done;
	source->since_all = conf->since_all;
	source->first_look = conf->first_look;
	source->alone = conf->alone;
	source->weigh = conf->weigh;
	source->weigh_above = conf->weigh_above;
	if (conf->aside != NULL)
		source->aside = g_hash_table_ref(conf->aside);
	source->session = session_open(conf, error);
	if (source->session == NULL || !check_done(source, conf, error)) {
		server_source_close(source);
		return NULL;
	}
	return source;
}

/* Where the first look of `since: now` starts: nothing is read. */
static bool
skip_to_end(Source *source, guint32 *uid, GError **error)
{
	const UidRange all = { 1, 0, true, NULL };
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));

	if (source->session->uidnext > 0) {
		*uid = source->session->uidnext - 1;
		return true;
	}
	if (!uid_search(source, &all, uids, error))
		return false;
	*uid = uids->len > 0 ? g_array_index(uids, guint32, uids->len - 1) : 0;
	return true;
}

static bool
server_source_weigh(Source *source, guint32 uidvalidity, const SourceTaker *ops,
    void *data, GError **error)
{
	return !source->weigh || source->seal == NULL ||
	    uidvalidity != source->session->uidvalidity ||
	    uid_weigh(source, ops, data, error);
}

static bool
server_source_look(Source *source, guint32 *uidvalidity, guint32 *uid,
    const SourceTaker *ops, void *data, GError **error)
{
	Session *session = source->session;
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	const UidTaker taker = { ops, data, uidvalidity, uid };
	guint32 width = LIMIT_IMAP_UIDS_A_COMMAND, old_below = 0;
	bool end = false;

	/* It may be another one of the same name by now. */
	if (source->looked && !session_select(session, error))
		return false;
	if (*uidvalidity != session->uidvalidity) {
		bool first = *uidvalidity == 0 && *uid == 0;

		*uid = 0;
		if (first && !source->since_all &&
		    !skip_to_end(source, uid, error))
			return false;
		*uidvalidity = session->uidvalidity;
		if (!first && !source->since_all &&
		    source->first_look != INSTANT_NONE) {
			/* Not every server tells UIDNEXT: Courier does not. */
			if (!skip_to_end(source, &old_below, error))
				return false;
			old_below++;
		}
	}
	if (!source->looked &&
	    !session_command(session, ANSWER_BYTES, LIMIT_COMMAND_SECONDS,
		error, "NOOP"))
		return false;
	source->looked = true;
	do {
		guint32 from = *uid, last = from + width;
		UidRange range = { from + 1, last, false, NULL };

		if (from == G_MAXUINT32)
			break;
		range.to_the_end = end = last < from ||
		    last >= session->uidnext;
		if (!uid_search(source, &range, uids, error) ||
		    !uid_take_all(source, uids, old_below, &taker, error))
			return false;
		if (!end)
			*uid = last;
		/* UIDs with wide gaps: fewer, wider searches. */
		width = uids->len < width / 16
		    ? MIN(4 * width, LIMIT_IMAP_SEARCH_WIDTH)
		    : LIMIT_IMAP_UIDS_A_COMMAND;
	} while (!end);
	return true;
}

/*
 * The UIDs of this folder as a set: "7", "7:9,12". NULL if there are none. A
 * UID of another UIDVALIDITY means another mail now, or none: never touch it.
 */
static char *
set_of(const Source *source, SourceMark *const *marks, guint count)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GString) set = g_string_new(NULL);

	for (guint i = 0; i < count; i++) {
		if (marks[i]->uidvalidity == source->session->uidvalidity &&
		    marks[i]->uid != 0)
			g_array_append_val(uids, marks[i]->uid);
	}
	g_array_sort(uids, uid_compare);
	for (guint i = 0; i < uids->len;) {
		guint32 first = g_array_index(uids, guint32, i), last = first;

		while (++i < uids->len &&
		    g_array_index(uids, guint32, i) - last <= 1)
			last = g_array_index(uids, guint32, i);
		g_string_append_printf(set, "%s%" G_GUINT32_FORMAT,
		    set->len > 0 ? "," : "", first);
		if (last > first)
			g_string_append_printf(set, ":%" G_GUINT32_FORMAT,
			    last);
	}
	return set->len > 0 ? g_string_free(g_steal_pointer(&set), FALSE)
			    : NULL;
}

static bool
store_flag(Source *source, const char *set, const char *flag, GError **error)
{
	return session_command(source->session, ANSWER_BYTES,
	    LIMIT_COMMAND_SECONDS, error, "UID STORE %s +FLAGS.SILENT (%s)",
	    set, flag);
}

/* The keyword, and the store's own beside it, where the server takes it. */
static bool
store_keywords(Source *source, const char *set, GError **error)
{
	g_autofree char *both = source->seal != NULL
	    ? g_strdup_printf("%s %s", source->done_name, source->seal)
	    : NULL;
	g_autoptr(GError) refused = NULL;

	if (both != NULL && store_flag(source, set, both, &refused))
		return true;
	if (refused != NULL && source->session->broken) {
		g_propagate_error(error, g_steal_pointer(&refused));
		return false;
	}
	g_clear_pointer(&source->seal, g_free);
	return store_flag(source, set, source->done_name, error);
}

/* MOVE or COPY; a folder that is missing is made. */
static bool
transfer(Source *source, const char *verb, const char *set, GError **error)
{
	g_autoptr(GError) refused = NULL;
	Session *session = source->session;

	for (int attempt = 0;; attempt++) {
		g_clear_error(&refused);
		if (session_command(session, ANSWER_BYTES,
			LIMIT_COMMAND_SECONDS, &refused, "UID %s %s %s", verb,
			set, source->done_name))
			return true;
		if (attempt > 0 || session->broken ||
		    !session_command(session, ANSWER_BYTES,
			LIMIT_COMMAND_SECONDS, NULL, "CREATE %s",
			source->done_name))
			break;
	}
	g_propagate_prefixed_error(error, g_steal_pointer(&refused),
	    "folder '%s': ", source->done_folder);
	return false;
}

static bool
server_source_done(Source *source, SourceMark *const *marks, guint count,
    GError **error)
{
	g_autofree char *set = set_of(source, marks, count);

	if (set == NULL)
		return true;
	switch (source->done) {
	case DONE_KEYWORD:
		return store_keywords(source, set, error);
	case DONE_MOVE:
		if (session_can(source->session, "MOVE"))
			return transfer(source, "MOVE", set, error);
		return transfer(source, "COPY", set, error) &&
		    store_flag(source, set, "\\Deleted", error) &&
		    session_command(source->session, ANSWER_BYTES,
			LIMIT_COMMAND_SECONDS, error, "UID EXPUNGE %s", set);
	case DONE_NOTHING:
	default:
		return true;
	}
}

static const char *
server_source_warning(const Source *source)
{
	return source->warning;
}

static bool
server_source_wait(Source *source, int socket, Seconds seconds, GError **error)
{
	return session_wait(source->session, socket, seconds, error);
}

const SourceOps source_imap_ops = {
	.kind = "imap",
	.open = server_source_open,
	.weigh = server_source_weigh,
	.look = server_source_look,
	.again = uid_take_again,
	.warning = server_source_warning,
	.done = server_source_done,
	.wait = server_source_wait,
	.close = server_source_close,
};
