/* Mails in the store, from raw bytes to done. */
#include "store_private.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"

#include <string.h>

#define MAIL_COLUMNS                                                \
 "mail.id, mail.mailbox, mail.uidvalidity, mail.uid, mail.name, "   \
 "mail.received, mail.trusted, mail.truncated, mail.size, "         \
 "mail.sha256, mail.state, mail.attempts, mail.lane, mail.ticket, " \
 "mail.also_seen, mail.marked, mail.behind"

void
stored_mail_free(StoredMail *row)
{
	if (row == NULL)
		return;
	g_free(row->mailbox);
	g_free(row->name);
	g_free(row->sha256);
	g_free(row->state);
	g_free(row->lane);
	g_free(row);
}

static StoredMail *
stored_mail_of_row(Stmt *stmt)
{
	StoredMail *row = g_new0(StoredMail, 1);
	int i = 0;

	row->id = stmt_get_int(stmt, i++);
	row->mailbox = stmt_get_text(stmt, i++);
	row->uidvalidity = (guint32)stmt_get_int(stmt, i++);
	row->uid = (guint32)stmt_get_int(stmt, i++);
	row->name = stmt_get_text(stmt, i++);
	row->received = stmt_get_int(stmt, i++);
	row->trusted = stmt_get_int(stmt, i++);
	row->truncated = stmt_get_int(stmt, i++) != 0;
	row->size = stmt_get_int(stmt, i++);
	row->sha256 = stmt_get_text(stmt, i++);
	row->state = stmt_get_text(stmt, i++);
	row->attempts = (int)stmt_get_int(stmt, i++);
	row->lane = stmt_get_text(stmt, i++);
	row->ticket = stmt_get_int(stmt, i++);
	row->also_seen = stmt_get_int(stmt, i++);
	row->marked = stmt_get_int(stmt, i++) != 0;
	row->behind = stmt_get_int(stmt, i++) != 0;
	return row;
}

static GPtrArray *
mails_of(Stmt *stmt, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)stored_mail_free);

	while (stmt_row(stmt))
		g_ptr_array_add(rows, stored_mail_of_row(stmt));
	if (!stmt_end(stmt, error))
		return NULL;
	return g_steal_pointer(&rows);
}

/* The mail that the mailbox gives this number or name; 0 if none. */
static bool
find_delivery(Store *store, const StoredMail *row, gint64 *ret_id,
    GError **error)
{
	if (row->uid > 0) {
		g_auto(Stmt) q = stmt_read(store,
		    "SELECT id FROM mail WHERE mailbox = ? AND "
		    "uidvalidity = ? AND uid = ? AND uid > 0");

		stmt_text(&q, row->mailbox);
		stmt_int(&q, row->uidvalidity);
		stmt_int(&q, row->uid);
		return stmt_one(&q, 0, ret_id, error);
	}
	if (row->name != NULL && *row->name != '\0') {
		g_auto(Stmt) q = stmt_read(store,
		    "SELECT id FROM mail WHERE mailbox = ? AND name = ? "
		    "AND name <> ''");

		stmt_text(&q, row->mailbox);
		stmt_text(&q, row->name);
		return stmt_one(&q, 0, ret_id, error);
	}
	*ret_id = 0;
	return true;
}

/*
 * After a change of UIDVALIDITY every mail comes again under a new number. Of
 * several equal ones each is found once, in order, since the row found has the
 * new uidvalidity from then on.
 */
static bool
find_renumbered(StoreTx *tx, const StoredMail *row, const char *sha256,
    gint64 *ret_id, GError **error)
{
	gint64 id = 0;

	if (row->uid > 0) {
		g_auto(Stmt) q = stmt_read(tx->store,
		    "SELECT mail.id FROM raw JOIN mail ON mail.raw = raw.id "
		    "WHERE raw.sha256 = ? AND mail.mailbox = ? "
		    "AND mail.received = ? AND mail.uidvalidity <> ? "
		    "AND mail.uid > 0 ORDER BY mail.id LIMIT 1");

		stmt_text(&q, sha256);
		stmt_text(&q, row->mailbox);
		stmt_int(&q, row->received);
		stmt_int(&q, row->uidvalidity);
		if (!stmt_one(&q, 0, &id, error))
			return false;
	}
	if (id != 0) {
		/* The server's copy is another one: its mark may be gone. */
		g_auto(Stmt) q = stmt_write(tx,
		    "UPDATE mail SET uidvalidity = ?, uid = ?, marked = 0 "
		    "WHERE id = ?");

		stmt_int(&q, row->uidvalidity);
		stmt_int(&q, row->uid);
		stmt_int(&q, id);
		if (!stmt_run(&q, error))
			return false;
	}
	*ret_id = id;
	return true;
}

static bool
add_raw(StoreTx *tx, const char *sha256, GBytes *raw, gint64 *ret_id,
    GError **error)
{
	g_auto(Stmt) known = stmt_read(tx->store,
	    "SELECT id FROM raw WHERE sha256 = ? AND bytes IS NOT NULL");
	gint64 id;

	stmt_text(&known, sha256);
	if (!stmt_one(&known, 0, &id, error))
		return false;
	if (id == 0) {
		g_auto(Stmt) q = stmt_write(tx,
		    "INSERT INTO raw (sha256, size, bytes) VALUES (?, ?, ?) "
		    "ON CONFLICT (sha256) DO UPDATE SET bytes = "
		    "excluded.bytes RETURNING id");

		stmt_text(&q, sha256);
		stmt_int(&q, (gint64)g_bytes_get_size(raw));
		stmt_bytes(&q, raw);
		if (!stmt_one(&q, 0, &id, error))
			return false;
	}
	*ret_id = id;
	return true;
}

static bool
insert_mail(StoreTx *tx, const StoredMail *row, const char *sha256, gint64 raw,
    gint64 *ret_id, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO mail (mailbox, uidvalidity, uid, name, received, "
	    "trusted, truncated, size, sha256, raw, state, behind) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'raw', ?) "
	    "RETURNING id");

	stmt_text(&q, row->mailbox);
	stmt_int(&q, row->uidvalidity);
	stmt_int(&q, row->uid);
	stmt_string(&q, row->name);
	stmt_int(&q, row->received);
	stmt_int(&q, row->received);
	stmt_int(&q, row->truncated);
	stmt_int(&q, row->size);
	stmt_text(&q, sha256);
	stmt_int(&q, raw);
	stmt_int(&q, row->behind);
	return stmt_one(&q, 0, ret_id, error);
}

bool
store_add_mail(StoreTx *tx, const StoredMail *row, GBytes *raw, gint64 *ret_id,
    bool *ret_known, GError **error)
{
	g_autofree char *sha256 = g_strdup(row->sha256);
	gint64 id, raw_id;
	bool known;

	if (sha256 == NULL)
		sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, raw);
	if (!find_delivery(tx->store, row, &id, error))
		return false;
	if (id == 0 && !find_renumbered(tx, row, sha256, &id, error))
		return false;
	known = id != 0;
	if (!known &&
	    (!add_raw(tx, sha256, raw, &raw_id, error) ||
		!insert_mail(tx, row, sha256, raw_id, &id, error)))
		return false;
	*ret_id = id;
	*ret_known = known;
	return true;
}

bool
store_knows_mail(Store *store, const StoredMail *row, bool *ret_knows,
    GError **error)
{
	gint64 id;

	if (!find_delivery(store, row, &id, error))
		return false;
	if (id == 0 && row->sha256 != NULL) {
		g_auto(Stmt) q = stmt_read(store,
		    "SELECT id FROM mail WHERE sha256 = ? LIMIT 1");

		stmt_text(&q, row->sha256);
		if (!stmt_one(&q, 0, &id, error))
			return false;
	}
	*ret_knows = id != 0;
	return true;
}

bool
store_last_uid(Store *store, const char *mailbox, guint32 uidvalidity,
    guint32 *ret_uid, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT max(uid) FROM mail WHERE mailbox = ? AND uidvalidity = ? "
	    "AND uid > 0");
	gint64 uid;

	stmt_text(&q, mailbox);
	stmt_int(&q, uidvalidity);
	if (!stmt_one(&q, 0, &uid, error))
		return false;
	*ret_uid = (guint32)uid;
	return true;
}

GPtrArray *
store_unread_mails(Store *store, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " MAIL_COLUMNS " FROM mail WHERE state = 'raw' "
	    "ORDER BY received, uid, id LIMIT ?");

	stmt_int(&q, limit);
	return mails_of(&q, error);
}

GPtrArray *
store_unread_first(Store *store, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " MAIL_COLUMNS " FROM mail WHERE state = 'raw' "
	    "AND behind = 0 ORDER BY received, uid, id LIMIT ?");

	stmt_int(&q, limit);
	return mails_of(&q, error);
}

GPtrArray *
store_interrupted_mails(Store *store, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " MAIL_COLUMNS " FROM mail WHERE state = 'reading' "
	    "ORDER BY received, uid, id LIMIT ?");

	stmt_int(&q, limit);
	return mails_of(&q, error);
}

GPtrArray *
store_unmarked_mails(Store *store, const char *mailbox, guint limit,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " MAIL_COLUMNS " FROM mail WHERE mailbox = ? "
	    "AND marked = 0 AND state IN ('done', 'unreadable') "
	    "ORDER BY id LIMIT ?");

	stmt_text(&q, mailbox);
	stmt_int(&q, limit);
	return mails_of(&q, error);
}

GPtrArray *
store_filed_mails(Store *store, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " MAIL_COLUMNS " FROM mail WHERE lane <> '' "
	    "ORDER BY id DESC LIMIT ?");

	stmt_int(&q, limit);
	return mails_of(&q, error);
}

bool
store_mail(Store *store, gint64 id, StoredMail **ret_row, GError **error)
{
	g_autoptr(StoredMail) row = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " MAIL_COLUMNS " FROM mail WHERE id = ?");

	stmt_int(&q, id);
	if (stmt_row(&q))
		row = stored_mail_of_row(&q);
	if (!stmt_end(&q, error))
		return false;
	*ret_row = g_steal_pointer(&row);
	return true;
}

bool
store_raw(Store *store, gint64 id, GBytes **ret_raw, GError **error)
{
	g_autoptr(GBytes) raw = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT raw.bytes FROM mail JOIN raw ON raw.id = mail.raw "
	    "WHERE mail.id = ?");

	stmt_int(&q, id);
	if (stmt_row(&q))
		raw = stmt_get_bytes(&q, 0);
	if (!stmt_end(&q, error))
		return false;
	*ret_raw = g_steal_pointer(&raw);
	return true;
}

/* An update that was meant for one mail and found none. */
static bool
must_have_changed(StoreTx *tx, gint64 id, GError **error)
{
	if (sqlite3_changes(tx->store->db) == 1)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    "mail %" G_GINT64_FORMAT " is not there, or not in that state", id);
	return false;
}

bool
store_mail_reading(StoreTx *tx, gint64 id, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE mail SET state = 'reading', attempts = attempts + 1 "
	    "WHERE id = ? AND state IN ('raw', 'reading')");

	stmt_int(&q, id);
	return stmt_run(&q, error) && must_have_changed(tx, id, error);
}

bool
store_mail_marked(StoreTx *tx, gint64 id, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE mail SET marked = 1 WHERE id = ?");

	stmt_int(&q, id);
	return stmt_run(&q, error) && must_have_changed(tx, id, error);
}

GPtrArray *
store_trace(Store *store, gint64 id, GError **error)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT lines FROM trace WHERE mail = ?");

	stmt_int(&q, id);
	if (stmt_row(&q)) {
		g_autofree char *text = stmt_get_text(&q, 0);
		g_auto(GStrv) parts = g_strsplit(text, "\n", -1);

		for (char **part = parts; *part != NULL; part++)
			g_ptr_array_add(lines, g_strdup(*part));
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&lines);
}

bool
store_cursor(Store *store, const char *mailbox, guint32 *ret_uidvalidity,
    guint32 *ret_uid, GError **error)
{
	guint32 uidvalidity = 0, uid = 0;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT uidvalidity, uid FROM cursor WHERE mailbox = ?");

	stmt_text(&q, mailbox);
	if (stmt_row(&q)) {
		uidvalidity = (guint32)stmt_get_int(&q, 0);
		uid = (guint32)stmt_get_int(&q, 1);
	}
	if (!stmt_end(&q, error))
		return false;
	*ret_uidvalidity = uidvalidity;
	*ret_uid = uid;
	return true;
}

bool
store_set_cursor(StoreTx *tx, const char *mailbox, guint32 uidvalidity,
    guint32 uid, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO cursor (mailbox, uidvalidity, uid) VALUES (?, ?, ?) "
	    "ON CONFLICT (mailbox) DO UPDATE SET "
	    "uidvalidity = excluded.uidvalidity, uid = excluded.uid");

	stmt_text(&q, mailbox);
	stmt_int(&q, uidvalidity);
	stmt_int(&q, uid);
	return stmt_run(&q, error);
}

bool
store_mail_inside(StoreTx *tx, gint64 id, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE content SET visibility = 'internal' WHERE mail = ?");

	stmt_int(&q, id);
	return stmt_run(&q, error);
}

bool
store_mail_assign(StoreTx *tx, gint64 id, const Filed *filed, GError **error)
{
	g_auto(Stmt) mail = stmt_write(tx,
	    "UPDATE mail SET ticket = ?, lane = ? WHERE id = ?");
	g_auto(Stmt) content = stmt_write(tx,
	    "UPDATE content SET author = ?, visibility = ? WHERE mail = ?");

	stmt_id(&mail, filed->ticket);
	stmt_text(&mail, event_lane_name(filed->lane));
	stmt_int(&mail, id);
	stmt_text(&content, filed->author);
	stmt_text(&content, filed->visibility);
	stmt_int(&content, id);
	return stmt_run(&mail, error) && stmt_run(&content, error);
}
