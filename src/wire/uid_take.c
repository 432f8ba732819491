/* Mails by UID: what is known of each, then their bytes. */
#include "uid_take_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "* 123456 FETCH (UID 123456 RFC822.SIZE ... INTERNALDATE ...)" and room for
 * what the server says unasked. */
#define META_BYTES   (256 * LIMIT_IMAP_UIDS_A_COMMAND + IMAP_ANSWER_BYTES)
#define HEAD_BYTES   (LIMIT_HEADER_BLOCK_BYTES + LIMIT_MAIL_PARTIAL_BYTES)
#define SEARCH_BYTES (12 * LIMIT_IMAP_SEARCH_WIDTH + IMAP_ANSWER_BYTES)
#define HALVINGS     512 /* commands that find the refused ones of a thousand */

/* A mail was received between the first one of all and tomorrow. */
#define EARLIEST 31536000 /* 1971: 0 and thereabouts is no date */
#define LATEST   86400

/* What is known of a mail before it is fetched. */
typedef struct {
	guint32 uid;
	guint64 size;
	Instant received;
	bool known;
} Meta;

int
uid_compare(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

	return x < y ? -1 : x > y;
}

static bool
ask_for_uids(Source *source, const UidRange *range, GError **error)
{
	g_autofree char *end = range->to_the_end
	    ? g_strdup("*")
	    : g_strdup_printf("%" G_GUINT32_FORMAT, range->last);

	return session_command(source->session, SEARCH_BYTES,
	    LIMIT_COMMAND_SECONDS, error,
	    "UID SEARCH UID %" G_GUINT32_FORMAT ":%s%s%s", range->first, end,
	    range->keyword != NULL ? " KEYWORD " : "",
	    range->keyword != NULL ? range->keyword : "");
}

/* With to_the_end: `n:*` always holds the folder's last mail, even below n, and
 * so what lies outside is dropped. */
bool
uid_search(Source *source, const UidRange *range, GArray *uids, GError **error)
{
	const struct mailimap_response_info *info;
	clist *found;
	guint kept = 0;

	if (!ask_for_uids(source, range, error))
		return false;
	g_array_set_size(uids, 0);
	info = source->session->imap->imap_response_info;
	found = info != NULL ? info->rsp_search_result : NULL;
	for (clistiter *i = found != NULL ? clist_begin(found) : NULL;
	     i != NULL; i = clist_next(i)) {
		guint32 uid = *(const guint32 *)clist_content(i);

		if (uid >= range->first &&
		    (range->to_the_end || uid <= range->last))
			g_array_append_val(uids, uid);
	}
	g_array_sort(uids, uid_compare);
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
	Instant at;
	int zone;

	if (date == NULL)
		return INSTANT_NONE;
	tm.tm_year = date->dt_year - 1900;
	tm.tm_mon = date->dt_month - 1;
	tm.tm_mday = date->dt_day;
	tm.tm_hour = date->dt_hour;
	tm.tm_min = date->dt_min;
	tm.tm_sec = date->dt_sec;
	zone = abs(date->dt_zone); /* +0130 is 130 */
	zone = (zone / 100 * 60 + zone % 100) * 60;
	at = (Instant)timegm(&tm) - (date->dt_zone < 0 ? -zone : zone);
	return at < EARLIEST || at > instant_now() + LATEST ? INSTANT_NONE : at;
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

static bool
say_asking(Source *source, const Meta *metas, guint count,
    const UidTaker *taker, GError **error)
{
	return taker->ops->asking(taker->data, source->session->uidvalidity,
	    metas[0].uid, metas[count - 1].uid, error);
}

/* What the server said of metas[0..count). Unasked answers name other UIDs or
 * none, or lack the items: they change nothing. */
static void
note_metas(Source *source, Meta *metas, guint count)
{
	clist *answers = take_answers(source->session);

	if (answers == NULL)
		return;
	for (clistiter *i = clist_begin(answers); i != NULL;
	     i = clist_next(i)) {
		Answer answer = read_answer(clist_content(i));
		Meta *meta = bsearch(&answer.meta.uid, metas, count,
		    sizeof(*metas), uid_compare);

		if (meta != NULL && answer.meta.known)
			*meta = answer.meta;
	}
	mailimap_fetch_list_free(answers);
}

/* Whether the NO of the last command only means that mails have gone. */
static bool
is_expunged(const Source *source)
{
	return g_ascii_strcasecmp(session_code(source->session),
		   "EXPUNGEISSUED") == 0;
}

/*
 * Fills in what the server knows of metas[0..count). Where it refuses, the two
 * halves are asked for, down to the one that it refuses: that one counts as
 * known, for its body may come all the same. `left`: so many more commands.
 */
static bool
fetch_metas(Source *source, Meta *metas, guint count, guint *left,
    const UidTaker *taker, GError **error)
{
	g_autoptr(GError) refused = NULL;
	bool ok;

	if (!say_asking(source, metas, count, taker, error))
		return false;
	ok = session_command(source->session, META_BYTES, LIMIT_COMMAND_SECONDS,
	    &refused,
	    "UID FETCH %" G_GUINT32_FORMAT ":%" G_GUINT32_FORMAT
	    " (UID RFC822.SIZE INTERNALDATE)",
	    metas[0].uid, metas[count - 1].uid);
	if (source->session->broken || (!ok && --*left == 0)) {
		g_propagate_error(error, g_steal_pointer(&refused));
		return false;
	}
	note_metas(source, metas, count);
	if (ok)
		return true;
	if (count == 1) {
		metas[0].known = metas[0].known || !is_expunged(source);
		return true;
	}
	return fetch_metas(source, metas, count / 2, left, taker, error) &&
	    fetch_metas(source, metas + count / 2, count - count / 2, left,
		taker, error);
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

/* What a taker is told of a mail before its bytes. The caller frees. */
static RawMail *
raw_mail_of(const Source *source, const Meta *meta)
{
	RawMail *mail = g_new0(RawMail, 1);

	mail->uidvalidity = source->session->uidvalidity;
	mail->uid = meta->uid;
	mail->name = g_strdup("");
	mail->received = meta->received;
	mail->size = meta->size;
	return mail;
}

static void
move_cursor(const UidTaker *taker, const RawMail *mail)
{
	if (taker->uid == NULL)
		return;
	*taker->uidvalidity = mail->uidvalidity;
	*taker->uid = mail->uid;
}

static bool
hand_over(Source *source, const Meta *meta,
    const struct mailimap_msg_att_body_section *body, const UidTaker *taker,
    GError **error)
{
	gsize length = body->sec_body_part != NULL ? body->sec_length : 0;
	bool over = meta->size > LIMIT_MAIL_BYTES || length > LIMIT_MAIL_BYTES;
	g_autoptr(RawMail) mail = raw_mail_of(source, meta);

	if (over)
		length = MIN(length, HEAD_BYTES);
	mail->size = MAX(meta->size, body->sec_length);
	/* NIL for a mail that is there: its bytes are lost on the server, and
	 * only a person can find out why. */
	mail->truncated = over || (length == 0 && meta->size > 0);
	mail->bytes = g_bytes_new(body->sec_body_part, length);
	source->refusals = 0;
	if (!taker->ops->mail(taker->data, mail, error))
		return false;
	move_cursor(taker, mail);
	return true;
}

/* The one that the server refuses though it was asked for alone. */
static bool
set_aside(Source *source, const Meta *meta, const char *why,
    const UidTaker *taker, GError **error)
{
	g_autoptr(RawMail) mail = raw_mail_of(source, meta);

	if (source->refusals++ == LIMIT_IMAP_REFUSALS) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "the server refuses one mail after the other: %s", why);
		return false;
	}
	if (!taker->ops->refused(taker->data, mail, why, error))
		return false;
	move_cursor(taker, mail);
	return true;
}

/* The command for metas[0..count). A NO is in *ret_refused; what came before
 * it counts. */
static bool
ask_bodies(Source *source, const Meta *metas, guint count, guint64 bytes,
    GError **ret_refused, GError **error)
{
	g_autoptr(GString) set = g_string_new(NULL);
	g_autoptr(GError) refused = NULL;
	g_autofree char *partial = NULL;
	bool over = bytes > LIMIT_MAIL_BYTES;
	gsize budget;

	for (guint i = 0; i < count; i++)
		g_string_append_printf(set, "%s%" G_GUINT32_FORMAT,
		    i > 0 ? "," : "", metas[i].uid);
	/* Servers exist whose RFC822.SIZE is wrong by a good part; and 0 is of
	 * one that it does not tell. */
	budget = over    ? HEAD_BYTES
	    : bytes == 0 ? LIMIT_MAIL_BYTES
			 : MIN(2 * bytes, LIMIT_MAIL_BYTES + bytes);
	budget += 1024 * count + IMAP_ANSWER_BYTES;
	partial = over ? g_strdup_printf("<0.%d>", HEAD_BYTES) : g_strdup("");
	if (session_command(source->session, budget,
		LIMIT_COMMAND_SECONDS + (Seconds)(budget / LIMIT_SLOWEST_BYTES),
		&refused, "UID FETCH %s (UID BODY.PEEK[]%s)", set->str,
		partial))
		return true;
	g_propagate_error(source->session->broken ? error : ret_refused,
	    g_steal_pointer(&refused));
	return !source->session->broken;
}

/*
 * One FETCH for metas[0..count), which are small, or one that is not. A mail
 * without an answer was expunged in the meantime, or, if the server refused,
 * is asked for alone: some refuse all for the sake of one that they cannot
 * read themselves.
 */
static bool
fetch_bodies(Source *source, const Meta *metas, guint count, guint64 bytes,
    const UidTaker *taker, GError **error)
{
	g_autoptr(GError) refused = NULL;
	bool expunged, ok = true;
	clist *answers;

	if (!say_asking(source, metas, count, taker, error) ||
	    !ask_bodies(source, metas, count, bytes, &refused, error))
		return false;
	expunged = refused != NULL && is_expunged(source);
	answers = take_answers(source->session);
	for (guint i = 0; ok && i < count; i++) {
		const struct mailimap_msg_att_body_section *body =
		    find_body(answers, metas[i].uid);

		if (body != NULL)
			ok = hand_over(source, &metas[i], body, taker, error);
		else if (refused != NULL && count > 1)
			ok = fetch_bodies(source, metas + i, 1, metas[i].size,
			    taker, error);
		else if (refused != NULL && !expunged)
			ok = set_aside(source, metas, refused->message, taker,
			    error);
	}
	if (answers != NULL)
		mailimap_fetch_list_free(answers);
	return ok;
}

/* The mails of metas[0..count) in batches: bounded in number and bytes, and
 * large ones alone. */
static bool
fetch_all(Source *source, const Meta *metas, guint count, const UidTaker *taker,
    GError **error)
{
	for (guint i = 0; i < count;) {
		guint64 bytes = metas[i].size;
		guint n = 1;

		while (i + n < count && n < LIMIT_IMAP_BATCH_MAILS &&
		    metas[i].uid > source->alone &&
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

static bool
is_aside(const Source *source, guint32 uid)
{
	g_autofree char *key = source->aside == NULL
	    ? NULL
	    : source_mark_key(source->session->uidvalidity, uid, "");

	return key != NULL && g_hash_table_contains(source->aside, key);
}

/* uids[i..i + count) of one command: what is wanted of them. `old_below`:
 * mails below it that were received before the first look are not. */
static bool
take_some(Source *source, const guint32 *uids, guint count, guint32 old_below,
    const UidTaker *taker, GError **error)
{
	g_autofree Meta *metas = g_new0(Meta, count);
	guint asked = 0, kept = 0, left = HALVINGS;

	for (guint i = 0; i < count; i++) {
		if (!is_aside(source, uids[i]))
			metas[asked++] = (Meta){ .uid = uids[i],
				.received = INSTANT_NONE };
	}
	if (asked > 0 &&
	    !fetch_metas(source, metas, asked, &left, taker, error))
		return false;
	for (guint i = 0; i < asked; i++) {
		bool old = metas[i].uid < old_below &&
		    metas[i].received != INSTANT_NONE &&
		    metas[i].received < source->first_look;

		if (metas[i].known && !old)
			metas[kept++] = metas[i];
	}
	if (!fetch_all(source, metas, kept, taker, error))
		return false;
	*taker->uid = uids[count - 1];
	return true;
}

bool
uid_take_all(Source *source, const GArray *uids, guint32 old_below,
    const UidTaker *taker, GError **error)
{
	for (guint i = 0, count; i < uids->len; i += count) {
		guint32 first = g_array_index(uids, guint32, i);

		count = first <= source->alone
		    ? 1
		    : MIN(uids->len - i, LIMIT_IMAP_UIDS_A_COMMAND);
		if (!take_some(source, &g_array_index(uids, guint32, i), count,
			old_below, taker, error))
			return false;
	}
	return true;
}

bool
uid_take_again(Source *source, const SourceMark *mark, const SourceTaker *ops,
    void *data, GError **error)
{
	const UidTaker taker = { ops, data, NULL, NULL };
	Meta meta = { .uid = mark->uid, .received = INSTANT_NONE };
	guint left = HALVINGS;

	if (mark->uidvalidity != source->session->uidvalidity)
		return ops->gone(data, mark, error);
	if (!fetch_metas(source, &meta, 1, &left, &taker, error))
		return false;
	if (!meta.known)
		return ops->gone(data, mark, error);
	source->refusals = 0;
	return fetch_bodies(source, &meta, 1, meta.size, &taker, error);
}
