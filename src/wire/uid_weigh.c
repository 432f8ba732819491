/*
 * Whether a folder is ahead of the store: mails that bear its own seal where it
 * has nothing yet (source.h).
 */
#include "uid_take_private.h"

#include "guichet/base/limits.h"

#include <string.h>

typedef struct {
	const SourceTaker *ops;
	void *data;
	guint count; /* to be said of the next one */
} Weigher;

static bool
has_keyword(const struct mailimap_msg_att_dynamic *flags, const char *keyword)
{
	for (clistiter *i =
		 flags->att_list != NULL ? clist_begin(flags->att_list) : NULL;
	     i != NULL; i = clist_next(i)) {
		const struct mailimap_flag_fetch *flag = clist_content(i);

		if (flag->fl_flag != NULL &&
		    flag->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
		    g_ascii_strcasecmp(flag->fl_flag->fl_data.fl_keyword,
			keyword) == 0)
			return true;
	}
	return false;
}

/* The UID of one FETCH answer whose flags hold the keyword, else 0. */
static guint32
sealed_uid(const struct mailimap_msg_att *att, const char *keyword)
{
	bool sealed = false;
	guint32 uid = 0;

	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		const struct mailimap_msg_att_static *fact;

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC) {
			sealed = sealed ||
			    has_keyword(item->att_data.att_dyn, keyword);
			continue;
		}
		fact = item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC
		    ? item->att_data.att_static
		    : NULL;
		if (fact != NULL && fact->att_type == MAILIMAP_MSG_ATT_UID)
			uid = fact->att_data.att_uid;
	}
	return sealed ? uid : 0;
}

/* Those of `uids` that bear the seal by their own flags: a server that does not
 * know the search key may answer with all. */
static bool
keep_sealed(Source *source, GArray *uids, GError **error)
{
	g_autoptr(GArray) sealed = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GString) set = g_string_new(NULL);
	const struct mailimap_response_info *info;
	clist *answers;

	for (guint i = 0; i < uids->len; i++)
		g_string_append_printf(set, "%s%" G_GUINT32_FORMAT,
		    i > 0 ? "," : "", g_array_index(uids, guint32, i));
	if (!session_command(source->session, IMAP_ANSWER_BYTES,
		LIMIT_COMMAND_SECONDS, error, "UID FETCH %s (UID FLAGS)",
		set->str))
		return false;
	info = source->session->imap->imap_response_info;
	answers = info != NULL ? info->rsp_fetch_list : NULL;
	for (clistiter *i = answers != NULL ? clist_begin(answers) : NULL;
	     i != NULL; i = clist_next(i)) {
		guint32 uid = sealed_uid(clist_content(i), source->seal);

		for (guint k = 0; uid != 0 && k < uids->len; k++) {
			if (g_array_index(uids, guint32, k) == uid)
				g_array_append_val(sealed, uid);
		}
	}
	g_array_set_size(uids, 0);
	g_array_append_vals(uids, sealed->data, sealed->len);
	return true;
}

/* What of the mails that the seal is searched for above what the store has:
 * the newest. */
static bool
find_sealed(Source *source, GArray *uids, GError **error)
{
	guint32 above = source->weigh_above;
	UidRange range = { above + 1, above + LIMIT_IMAP_SEARCH_WIDTH, false,
		source->seal };

	range.to_the_end = range.last < above;
	if (!uid_search(source, &range, uids, error))
		return false;
	if (uids->len > LIMIT_WEIGHED_MAILS)
		g_array_remove_range(uids, 0, uids->len - LIMIT_WEIGHED_MAILS);
	return uids->len == 0 || keep_sealed(source, uids, error);
}

static bool
tell(void *data, const RawMail *mail, GError **error)
{
	Weigher *weigher = data;
	guint count = weigher->count;

	weigher->count = 0;
	return weigher->ops->ahead(weigher->data, mail, count, error);
}

static bool
say_asking(void *data, guint32 uidvalidity, guint32 first, guint32 last,
    GError **error)
{
	const Weigher *weigher = data;

	return weigher->ops->asking(weigher->data, uidvalidity, first, last,
	    error);
}

/* The look that follows tells of it. */
static bool
pass_refused(void *data, const RawMail *mail, const char *why, GError **error)
{
	(void)data;
	(void)mail;
	(void)why;
	(void)error;
	return true;
}

static bool
pass_gone(void *data, const SourceMark *mark, GError **error)
{
	(void)data;
	(void)mark;
	(void)error;
	return true;
}

static const SourceTaker taker = {
	.mail = tell,
	.asking = say_asking,
	.refused = pass_refused,
	.gone = pass_gone,
};

bool
uid_weigh(Source *source, const SourceTaker *ops, void *data, GError **error)
{
	const Session *session = source->session;
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GError) refused = NULL;
	Weigher weigher = { ops, data, 0 };

	if (source->weigh_above >= G_MAXUINT32 - 1 ||
	    (session->uidnext > 0 &&
		session->uidnext - 1 <= source->weigh_above))
		return true;
	if (!find_sealed(source, uids, &refused)) {
		if (!session->broken) /* a NO: then nothing tells it */
			return true;
		g_propagate_error(error, g_steal_pointer(&refused));
		return false;
	}
	weigher.count = session->uidnext > 0
	    ? session->uidnext - 1 - source->weigh_above
	    : uids->len;
	for (guint i = uids->len; i-- > 0;) {
		const SourceMark mark = { session->uidvalidity,
			g_array_index(uids, guint32, i), (char *)"" };

		if (!uid_take_again(source, &mark, &taker, &weigher, error))
			return false;
	}
	return true;
}
