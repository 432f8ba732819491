/*
 * The same mail twice, by other paths (doc/design.md 7, "The same mail").
 */
#include "store_private.h"

#include "guichet/words/same.h"

/* From: the identity, or for mails that have none what the field shows. */
#define COPIES                                                    \
 "FROM content LEFT JOIN address ON address.id = content.sender " \
 "JOIN mail ON mail.id = content.mail "                           \
 "WHERE content.message_id = ?1 "                                 \
 "AND content.content_sha256 IN (?2, ?6) "                        \
 "AND content.mail <> ?3 "                                        \
 "AND CASE WHEN ?4 IS NULL "                                      \
 "  THEN address.address IS NULL AND content.shown = ?5 "         \
 "  ELSE address.address = ?4 END "

static void
bind_copies(Stmt *q, const Message *message, gint64 not_this, const char *alike)
{
	const Mailbox *from = message->from != NULL && message->from->len > 0
	    ? message->from->pdata[0]
	    : NULL;

	stmt_text(q, message->message_id);
	stmt_text(q, message->content_sha256);
	stmt_int(q, not_this);
	stmt_text(q, message->identity);
	stmt_string(q, from != NULL ? from->address : NULL);
	stmt_text(q, alike);
}

/* ---- copies that say the same ---- */

/* How the files of a mail compare with those of one that is kept, by content. */
typedef enum {
	FILES_HELD, /* all of them are there */
	FILES_MORE, /* some are not */
} Files;

static bool
compare_files(Store *store, gint64 mail, const Message *message, Files *ret,
    GError **error)
{
	g_autoptr(GHashTable) kept = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT sha256 FROM attachment WHERE mail = ?");

	*ret = FILES_HELD;
	stmt_int(&q, mail);
	while (stmt_row(&q))
		g_hash_table_add(kept, stmt_get_text(&q, 0));
	for (guint i = 0;
	     message->attachments != NULL && i < message->attachments->len;
	     i++) {
		const Attachment *file = message->attachments->pdata[i];

		if (!g_hash_table_contains(kept, file->sha256))
			*ret = FILES_MORE;
	}
	return stmt_end(&q, error);
}

/* One that says the same. */
typedef struct {
	gint64 mail;
	char *hash;
} Alike;

static void
alike_clear(gpointer data)
{
	g_free(((Alike *)data)->hash);
}

/* Those of this Message-ID, sender and Date that say the same, however a server
 * on its way wrote it anew; the first one first. */
static GArray *
list_alike(Store *store, const Message *message, gint64 not_this,
    GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Alike));
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT content.mail, content.subject, content.text, "
	    "content.content_sha256 FROM content "
	    "LEFT JOIN address ON address.id = content.sender "
	    "WHERE content.message_id = ? AND content.mail <> ? "
	    "AND address.address = ? AND content.date = ? "
	    "ORDER BY content.mail LIMIT 20");

	g_array_set_clear_func(all, alike_clear);
	stmt_text(&q, message->message_id);
	stmt_int(&q, not_this);
	stmt_text(&q, message->identity);
	stmt_int(&q, message->date);
	while (stmt_row(&q)) {
		g_autofree char *subject = stmt_get_text(&q, 1);
		g_autofree char *text = stmt_get_text(&q, 2);
		Alike one = { .mail = stmt_get_int(&q, 0) };

		if (!same_subject(subject, message->subject) ||
		    !same_text(text, message->text))
			continue;
		one.hash = stmt_get_text(&q, 3);
		g_array_append_val(all, one);
	}
	return stmt_end(&q, error) ? g_steal_pointer(&all) : NULL;
}

/* The hash of the first that says the same in other bytes, NULL: none; and
 * whether the mail adds files to those of all that say the same. */
static bool
find_alike(Store *store, const Message *message, gint64 not_this,
    char **ret_hash, bool *ret_more, GError **error)
{
	g_autoptr(GArray) all = NULL;
	Files files = FILES_MORE;

	*ret_hash = NULL;
	*ret_more = false;
	if (message->identity == NULL || !message->has_date)
		return true;
	all = list_alike(store, message, not_this, error);
	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len; i++) {
		Alike *one = &g_array_index(all, Alike, i);

		if (*ret_hash == NULL &&
		    g_strcmp0(one->hash, message->content_sha256) != 0)
			*ret_hash = g_steal_pointer(&one->hash);
		if (files == FILES_MORE &&
		    !compare_files(store, one->mail, message, &files, error))
			return false;
	}
	*ret_more = all->len > 0 && files == FILES_MORE;
	return true;
}

/* Where the copies went: the one that opened a ticket, else the best proven of
 * those that are on one. */
static bool
find_place(Store *store, const Message *message, gint64 not_this,
    const char *alike, StoredCopy *copy, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.ticket, EXISTS (SELECT 1 FROM event "
	    "  WHERE event.mail = mail.id AND event.type = 'opened') AS opened, "
	    "EXISTS (SELECT 1 FROM outbox WHERE outbox.mail = mail.id "
	    "  AND outbox.what = 'acknowledgment') " COPIES
	    "AND mail.ticket IS NOT NULL "
	    "ORDER BY opened DESC, content.proof = 'pass' DESC, mail.id "
	    "LIMIT 1");

	bind_copies(&q, message, not_this, alike);
	if (stmt_row(&q)) {
		copy->ticket = stmt_get_int(&q, 0);
		copy->opened = stmt_get_int(&q, 1) != 0;
		copy->acknowledged = stmt_get_int(&q, 2) != 0;
	}
	return stmt_end(&q, error);
}

bool
store_find_repeat(Store *store, const Message *message, gint64 not_this,
    StoredCopy *ret_copy, GError **error)
{
	StoredCopy copy = { 0 };
	g_autofree char *alike = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT min(content.mail), coalesce(max(content.proof = 'pass'), "
	    "0), coalesce(max(content.proof <> 'fail'), 0) " COPIES);

	*ret_copy = copy;
	if (message->message_id == NULL || *message->message_id == '\0' ||
	    message->content_sha256 == NULL)
		return true;
	if (!find_alike(store, message, not_this, &alike, &copy.adds_files,
		error))
		return false;
	bind_copies(&q, message, not_this, alike);
	if (stmt_row(&q)) {
		copy.mail = stmt_get_int(&q, 0);
		copy.proof = stmt_get_int(&q, 1) != 0 ? PROOF_PASS
		    : stmt_get_int(&q, 2) != 0        ? PROOF_NONE
						      : PROOF_FAIL;
	}
	if (!stmt_end(&q, error) ||
	    (copy.mail != 0 &&
		!find_place(store, message, not_this, alike, &copy, error)))
		return false;
	*ret_copy = copy;
	return true;
}
