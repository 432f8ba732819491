/* Mails that cannot be had, and the names of those that were. */
#include "guichet/store/store_unfetched.h"

#include "store_private.h"

#define UNFETCHED_MOST 10000 /* in one list */

void
unfetched_mail_free(UnfetchedMail *row)
{
	if (row == NULL)
		return;
	g_free(row->mailbox);
	g_free(row->name);
	g_free(row->why);
	g_free(row);
}

static void
bind_key(Stmt *q, const char *mailbox, guint32 uidvalidity, guint32 uid,
    const char *name)
{
	stmt_text(q, mailbox);
	stmt_int(q, uidvalidity);
	stmt_int(q, uid);
	stmt_string(q, name);
}

bool
store_add_unfetched(StoreTx *tx, const UnfetchedMail *row, Instant at,
    bool *ret_new, GError **error)
{
	gint64 tries = 0;
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO unfetched (mailbox, uidvalidity, uid, name, received, "
	    "size, why, first, last, tries) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 1) "
	    "ON CONFLICT (mailbox, uidvalidity, uid, name) DO UPDATE SET "
	    "received = coalesce(excluded.received, received), "
	    "size = max(excluded.size, size), why = excluded.why, "
	    "last = excluded.last, tries = tries + 1 RETURNING tries");

	bind_key(&q, row->mailbox, row->uidvalidity, row->uid, row->name);
	stmt_instant(&q, row->received);
	stmt_int(&q, row->size);
	stmt_string(&q, row->why);
	stmt_int(&q, at);
	if (!stmt_one(&q, 0, &tries, error))
		return false;
	*ret_new = tries == 1;
	return true;
}

bool
store_drop_unfetched(StoreTx *tx, const char *mailbox, guint32 uidvalidity,
    guint32 uid, const char *name, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "DELETE FROM unfetched WHERE mailbox = ? AND uidvalidity = ? "
	    "AND uid = ? AND name = ?");

	bind_key(&q, mailbox, uidvalidity, uid, name);
	return stmt_run(&q, error);
}

bool
store_renumber_unfetched(StoreTx *tx, const char *mailbox, guint32 uidvalidity,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "DELETE FROM unfetched WHERE mailbox = ? AND uid > 0 "
	    "AND uidvalidity <> ?");

	stmt_text(&q, mailbox);
	stmt_int(&q, uidvalidity);
	return stmt_run(&q, error);
}

GPtrArray *
store_unfetched(Store *store, const char *mailbox, Instant untried,
    GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)unfetched_mail_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mailbox, uidvalidity, uid, name, received, size, why, "
	    "first, last, tries FROM unfetched "
	    "WHERE mailbox = coalesce(?, mailbox) AND last <= ? "
	    "ORDER BY first, mailbox, uid, name LIMIT ?");

	stmt_text(&q, mailbox);
	stmt_int(&q, untried);
	stmt_int(&q, UNFETCHED_MOST);
	while (stmt_row(&q)) {
		UnfetchedMail *row = g_new0(UnfetchedMail, 1);

		row->mailbox = stmt_get_text(&q, 0);
		row->uidvalidity = (guint32)stmt_get_int(&q, 1);
		row->uid = (guint32)stmt_get_int(&q, 2);
		row->name = stmt_get_text(&q, 3);
		row->received = stmt_get_instant(&q, 4);
		row->size = stmt_get_int(&q, 5);
		row->why = stmt_get_text(&q, 6);
		row->first = stmt_get_int(&q, 7);
		row->last = stmt_get_int(&q, 8);
		row->tries = (int)stmt_get_int(&q, 9);
		g_ptr_array_add(rows, row);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&rows);
}

GPtrArray *
store_taken_names(Store *store, const char *mailbox, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT name FROM mail WHERE mailbox = ? AND name <> ''");

	stmt_text(&q, mailbox);
	while (stmt_row(&q))
		g_ptr_array_add(names, stmt_get_text(&q, 0));
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&names);
}
