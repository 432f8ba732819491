#include "guichet/source.h"

#include "guichet/error.h"
#include "guichet/limits.h"
#include "session.h"
#include "source_kinds.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ANSWER_BYTES (256 * 1024)
/* "* 123456 FETCH (UID 123456 RFC822.SIZE ... INTERNALDATE ...)" and room for
 * what the server says unasked. */
#define META_BYTES   (256 * LIMIT_IMAP_UIDS_A_COMMAND + ANSWER_BYTES)
#define SEARCH_BYTES (12 * LIMIT_IMAP_SEARCH_WIDTH + ANSWER_BYTES)
#define HEAD_BYTES   (LIMIT_HEADER_BLOCK_BYTES + LIMIT_MAIL_PARTIAL_BYTES)

struct Source {
	Session *session;
	DoneAction done;
	char *done_name;   /* keyword, or folder as a quoted string */
	char *done_folder; /* the folder's name, for messages */
	bool since_all;
	Instant first_look;
};

/* What is known of a mail before it is fetched. */
typedef struct {
	guint32 uid;
	guint64 size;
	Instant received;
	bool known;
} Meta;

static void
server_source_close(Source *source)
{
	if (source == NULL)
		return;
	session_free(source->session);
	g_free(source->done_name);
	g_free(source->done_folder);
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
		    session_keeps_keyword(source->session, name))
			return true;
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: folder '%s' keeps no keyword '%s'; move the mails "
		    "instead, or do nothing with them",
		    conf->host, conf->folder, name);
		return false;
	case DONE_MOVE:
	default: {
		g_autofree char *encoded = session_encode_folder(name);

		if (encoded == NULL || strcmp(name, conf->folder) == 0) {
			g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
			    "%s: mails cannot be moved to '%s'", conf->host,
			    name);
			return false;
		}
		source->done_name = session_quote(encoded);
		source->done_folder = g_strdup(name);
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
	source->session = session_open(conf, error);
	if (source->session == NULL || !check_done(source, conf, error)) {
		server_source_close(source);
		return NULL;
	}
	return source;
}

static int
compare_uids(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

	return x < y ? -1 : x > y;
}

/*
 * The UIDs from `first` to `last`, sorted, once each. With *to_the_end the
 * range is open: `n:*` always holds the folder's last mail, even below n, and
 * so what lies outside is dropped.
 */
static bool
search(Source *source, guint32 first, guint32 last, bool to_the_end,
    GArray *uids, GError **error)
{
	Session *session = source->session;
	g_autofree char *end = to_the_end
	    ? g_strdup("*")
	    : g_strdup_printf("%" G_GUINT32_FORMAT, last);
	clist *found;
	guint kept = 0;

	if (!session_command(session, SEARCH_BYTES, LIMIT_COMMAND_SECONDS,
		error, "UID SEARCH UID %" G_GUINT32_FORMAT ":%s", first, end))
		return false;
	g_array_set_size(uids, 0);
	found = session->imap->imap_response_info != NULL
	    ? session->imap->imap_response_info->rsp_search_result
	    : NULL;
	for (clistiter *i = found != NULL ? clist_begin(found) : NULL;
	     i != NULL; i = clist_next(i)) {
		guint32 uid = *(const guint32 *)clist_content(i);

		if (uid >= first && (to_the_end || uid <= last))
			g_array_append_val(uids, uid);
	}
	g_array_sort(uids, compare_uids);
	for (guint i = 0; i < uids->len; i++) {
		guint32 uid = g_array_index(uids, guint32, i);

		if (kept == 0 || g_array_index(uids, guint32, kept - 1) != uid)
			g_array_index(uids, guint32, kept++) = uid;
	}
	g_array_set_size(uids, kept);
	return true;
}

static Instant
instant_of(const struct mailimap_date_time *date)
{
	struct tm tm = { 0 };
	int zone;

	if (date == NULL || date->dt_year < 1970 || date->dt_year > 9999)
		return INSTANT_NONE;
	tm.tm_year = date->dt_year - 1900;
	tm.tm_mon = date->dt_month - 1;
	tm.tm_mday = date->dt_day;
	tm.tm_hour = date->dt_hour;
	tm.tm_min = date->dt_min;
	tm.tm_sec = date->dt_sec;
	zone = abs(date->dt_zone); /* +0130 is 130 */
	zone = (zone / 100 * 60 + zone % 100) * 60;
	return (Instant)timegm(&tm) - (date->dt_zone < 0 ? -zone : zone);
}

/* The static items of one FETCH answer; the body is the answer's. */
typedef struct {
	Meta meta;
	const struct mailimap_msg_att_body_section *body;
} Answer;

static Answer
read_answer(const struct mailimap_msg_att *att)
{
	Answer answer = { .meta.received = INSTANT_NONE };

	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		const struct mailimap_msg_att_static *fact;

		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		fact = item->att_data.att_static;
		switch (fact->att_type) {
		case MAILIMAP_MSG_ATT_UID:
			answer.meta.uid = fact->att_data.att_uid;
			break;
		case MAILIMAP_MSG_ATT_RFC822_SIZE:
			answer.meta.size = fact->att_data.att_rfc822_size;
			answer.meta.known = true;
			break;
		case MAILIMAP_MSG_ATT_INTERNALDATE:
			answer.meta.received = instant_of(
			    fact->att_data.att_internal_date);
			break;
		case MAILIMAP_MSG_ATT_BODY_SECTION:
			answer.body = fact->att_data.att_body_section;
			break;
		default:
			break;
		}
	}
	return answer;
}

/* The FETCH answers of the last command, taken out of libetpan: the next
 * command would free them. May be NULL. */
static clist *
take_answers(Session *session)
{
	struct mailimap_response_info *info = session->imap->imap_response_info;
	clist *answers = info != NULL ? info->rsp_fetch_list : NULL;

	if (info != NULL)
		info->rsp_fetch_list = NULL;
	return answers;
}

/* Fills in what the server knows of metas[0..count). Unasked answers name
 * other UIDs or none, or lack the items: they change nothing. */
static bool
fetch_metas(Source *source, Meta *metas, guint count, GError **error)
{
	clist *answers;

	if (!session_command(source->session, META_BYTES, LIMIT_COMMAND_SECONDS,
		error,
		"UID FETCH %" G_GUINT32_FORMAT ":%" G_GUINT32_FORMAT
		" (UID RFC822.SIZE INTERNALDATE)",
		metas[0].uid, metas[count - 1].uid))
		return false;
	answers = take_answers(source->session);
	if (answers == NULL)
		return true;
	for (clistiter *i = clist_begin(answers); i != NULL;
	     i = clist_next(i)) {
		Answer answer = read_answer(clist_content(i));
		Meta *meta = bsearch(&answer.meta.uid, metas, count,
		    sizeof(*metas), compare_uids);

		if (meta != NULL && answer.meta.known)
			*meta = answer.meta;
	}
	mailimap_fetch_list_free(answers);
	return true;
}

static const struct mailimap_msg_att_body_section *
find_body(clist *answers, guint32 uid)
{
	for (clistiter *i = answers != NULL ? clist_begin(answers) : NULL;
	     i != NULL; i = clist_next(i)) {
		Answer answer = read_answer(clist_content(i));

		if (answer.meta.uid == uid && answer.body != NULL)
			return answer.body;
	}
	return NULL;
}

/* Where each mail goes, and the cursor that follows it. */
typedef struct {
	SourceMail each;
	void *data;
	guint32 *uidvalidity, *uid;
} Taker;

static bool
hand_over(Source *source, const Meta *meta,
    const struct mailimap_msg_att_body_section *body, const Taker *taker,
    GError **error)
{
	gsize length = body->sec_body_part != NULL ? body->sec_length : 0;
	bool over = meta->size > LIMIT_MAIL_BYTES || length > LIMIT_MAIL_BYTES;
	g_autoptr(RawMail) mail = g_new0(RawMail, 1);

	if (over)
		length = MIN(length, HEAD_BYTES);
	mail->uidvalidity = source->session->uidvalidity;
	mail->uid = meta->uid;
	mail->name = g_strdup("");
	mail->received = meta->received;
	mail->size = MAX(meta->size, body->sec_length);
	/* NIL for a mail that is there: its bytes are lost on the server, and
	 * only a person can find out why. */
	mail->truncated = over || (length == 0 && meta->size > 0);
	mail->bytes = g_bytes_new(body->sec_body_part, length);
	if (!taker->each(taker->data, mail, error))
		return false;
	*taker->uidvalidity = mail->uidvalidity;
	*taker->uid = mail->uid;
	return true;
}

/* One FETCH for metas[0..count), which are small, or one that is not. A mail
 * without an answer was expunged in the meantime. */
static bool
fetch_bodies(Source *source, const Meta *metas, guint count, guint64 bytes,
    const Taker *taker, GError **error)
{
	g_autoptr(GString) set = g_string_new(NULL);
	g_autofree char *partial = NULL;
	bool over = bytes > LIMIT_MAIL_BYTES;
	gsize budget;
	clist *answers;
	bool ok = true;

	for (guint i = 0; i < count; i++)
		g_string_append_printf(set, "%s%" G_GUINT32_FORMAT,
		    i > 0 ? "," : "", metas[i].uid);
	/* Servers exist whose RFC822.SIZE is wrong by a good part. */
	budget = over ? HEAD_BYTES : MIN(2 * bytes, LIMIT_MAIL_BYTES + bytes);
	budget += 1024 * count + ANSWER_BYTES;
	partial = over ? g_strdup_printf("<0.%d>", HEAD_BYTES) : g_strdup("");
	if (!session_command(source->session, budget,
		LIMIT_COMMAND_SECONDS + (Seconds)(budget / LIMIT_SLOWEST_BYTES),
		error, "UID FETCH %s (UID BODY.PEEK[]%s)", set->str, partial))
		return false;
	answers = take_answers(source->session);
	for (guint i = 0; ok && i < count; i++) {
		const struct mailimap_msg_att_body_section *body =
		    find_body(answers, metas[i].uid);

		ok = body == NULL ||
		    hand_over(source, &metas[i], body, taker, error);
	}
	if (answers != NULL)
		mailimap_fetch_list_free(answers);
	return ok;
}

/* The mails of metas[0..count) in batches: bounded in number and bytes, and
 * large ones alone. */
static bool
fetch_all(Source *source, const Meta *metas, guint count, const Taker *taker,
    GError **error)
{
	for (guint i = 0; i < count;) {
		guint64 bytes = metas[i].size;
		guint n = 1;

		while (i + n < count && n < LIMIT_IMAP_BATCH_MAILS &&
		    bytes + metas[i + n].size <= LIMIT_IMAP_BATCH_BYTES &&
		    metas[i + n].size <= LIMIT_IMAP_SMALL_BYTES &&
		    metas[i].size <= LIMIT_IMAP_SMALL_BYTES)
			bytes += metas[i + n++].size;
		if (!fetch_bodies(source, metas + i, n, bytes, taker, error))
			return false;
		i += n;
	}
	return true;
}

/* Mails of one search, up to a thousand at once. `old_below`: mails below it
 * that were received before the first look are not wanted. */
static bool
take_uids(Source *source, const GArray *uids, guint32 old_below,
    const Taker *taker, GError **error)
{
	g_autofree Meta *metas = g_new0(Meta, LIMIT_IMAP_UIDS_A_COMMAND);

	for (guint i = 0; i < uids->len; i += LIMIT_IMAP_UIDS_A_COMMAND) {
		guint count = MIN(uids->len - i, LIMIT_IMAP_UIDS_A_COMMAND);
		guint kept = 0;

		for (guint j = 0; j < count; j++)
			metas[j] =
			    (Meta){ .uid = g_array_index(uids, guint32, i + j),
				    .received = INSTANT_NONE };
		if (!fetch_metas(source, metas, count, error))
			return false;
		for (guint j = 0; j < count; j++) {
			bool old = metas[j].uid < old_below &&
			    metas[j].received < source->first_look;

			if (metas[j].known && !old)
				metas[kept++] = metas[j];
		}
		if (!fetch_all(source, metas, kept, taker, error))
			return false;
		*taker->uid = g_array_index(uids, guint32, i + count - 1);
	}
	return true;
}

/* Where the first look of `since: now` starts: nothing is read. */
static bool
skip_to_end(Source *source, guint32 *uid, GError **error)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));

	if (source->session->uidnext > 0) {
		*uid = source->session->uidnext - 1;
		return true;
	}
	if (!search(source, 1, 0, true, uids, error))
		return false;
	*uid = uids->len > 0 ? g_array_index(uids, guint32, uids->len - 1) : 0;
	return true;
}

static bool
server_source_look(Source *source, guint32 *uidvalidity, guint32 *uid,
    SourceMail each, void *data, GError **error)
{
	Session *session = source->session;
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	Taker taker = { each, data, uidvalidity, uid };
	guint32 width = LIMIT_IMAP_UIDS_A_COMMAND, old_below = 0;
	bool end = false;

	if (*uidvalidity != session->uidvalidity) {
		bool first = *uidvalidity == 0 && *uid == 0;

		*uid = 0;
		if (first && !source->since_all &&
		    !skip_to_end(source, uid, error))
			return false;
		*uidvalidity = session->uidvalidity;
		if (!first && !source->since_all &&
		    source->first_look != INSTANT_NONE)
			old_below = session->uidnext;
	}
	if (!session_command(session, ANSWER_BYTES, LIMIT_COMMAND_SECONDS,
		error, "NOOP"))
		return false;
	do {
		guint32 from = *uid, last = from + width;

		if (from == G_MAXUINT32)
			break;
		end = last < from || last >= session->uidnext;
		if (!search(source, from + 1, last, end, uids, error) ||
		    !take_uids(source, uids, old_below, &taker, error))
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
	g_array_sort(uids, compare_uids);
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
		return store_flag(source, set, source->done_name, error);
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

static bool
server_source_wait(Source *source, int socket, Seconds seconds, GError **error)
{
	return session_wait(source->session, socket, seconds, error);
}

const SourceOps source_imap_ops = {
	.kind = "imap",
	.open = server_source_open,
	.look = server_source_look,
	.done = server_source_done,
	.wait = server_source_wait,
	.close = server_source_close,
};
