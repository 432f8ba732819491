/*
 * SQL statements kept prepared: bound, stepped, read; and what an error
 * means.
 */
#include "store_private.h"

#include "guichet/base/error.h"

#include <string.h>

static void (*write_hook)(void *data);
static void *write_hook_data;

void
store_set_write_hook(void (*hook)(void *data), void *data)
{
	write_hook = hook;
	write_hook_data = data;
}

void
store_before_change(void)
{
	if (write_hook != NULL)
		write_hook(write_hook_data);
}

bool
store_fail(Store *store, int rc, const char *words, GError **error)
{
	GuichetError code = GUICHET_ERROR_TEMPORARY;
	const char *advice = "";

	switch (rc & 0xff) {
	case SQLITE_IOERR:
	case SQLITE_NOMEM: /* and what SQLite keeps in memory may be by half */
		store->in_doubt = true;
		break;
	case SQLITE_NOTADB:
		code = GUICHET_ERROR_CONFIG;
		advice = "; name another file, or move this one away";
		break;
	case SQLITE_CORRUPT:
		code = GUICHET_ERROR_CONFIG;
		advice = "; restore it from a backup";
		break;
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
		code = GUICHET_ERROR_PERMANENT;
		break;
	}
	g_set_error(error, GUICHET_ERROR, code, "store '%s': %s%s", store->path,
	    words, advice);
	return false;
}

/* Keeps the first failure, and the words before another call replaces them. */
static void
stick(Stmt *stmt, int rc)
{
	if (rc == SQLITE_OK || stmt->rc != SQLITE_OK)
		return;
	stmt->rc = rc;
	stmt->what = g_strdup(sqlite3_errmsg(stmt->store->db));
}

static Stmt
open_stmt(Store *store, const char *sql, bool writes)
{
	Stmt stmt = { .store = store, .writes = writes };
	gpointer found;

	/* A statement in use is out of the cache: a second user of the same
	 * text gets one of its own. */
	if (g_hash_table_steal_extended(store->statements, sql, NULL, &found))
		stmt.handle = found;
	else
		stick(&stmt,
		    sqlite3_prepare_v3(store->db, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &stmt.handle, NULL));
	return stmt;
}

Stmt
stmt_read(Store *store, const char *sql)
{
	return open_stmt(store, sql, false);
}

Stmt
stmt_write(StoreTx *tx, const char *sql)
{
	Stmt stmt = open_stmt(tx->store, sql, true);

	if (stmt.rc == SQLITE_OK && sqlite3_get_autocommit(tx->store->db)) {
		stmt.rc = SQLITE_ABORT;
		stmt.what = g_strdup("the transaction was rolled back");
	}
	return stmt;
}

void
stmt_clear(Stmt *stmt)
{
	g_free(stmt->what);
	if (stmt->handle != NULL) {
		sqlite3_reset(stmt->handle);
		sqlite3_clear_bindings(stmt->handle);
		/* Replaces, and finalizes, another of the same text. */
		g_hash_table_replace(stmt->store->statements,
		    (gpointer)sqlite3_sql(stmt->handle), stmt->handle);
	}
	memset(stmt, 0, sizeof(*stmt));
}

void
stmt_int(Stmt *stmt, gint64 value)
{
	stmt->bound++;
	if (stmt->rc == SQLITE_OK)
		stick(stmt,
		    sqlite3_bind_int64(stmt->handle, stmt->bound, value));
}

static void
bind_null(Stmt *stmt)
{
	stmt->bound++; /* never bound since the last clearing: NULL already */
}

void
stmt_id(Stmt *stmt, gint64 id)
{
	if (id == 0)
		bind_null(stmt);
	else
		stmt_int(stmt, id);
}

void
stmt_instant(Stmt *stmt, Instant at)
{
	if (at == INSTANT_NONE)
		bind_null(stmt);
	else
		stmt_int(stmt, at);
}

void
stmt_text(Stmt *stmt, const char *text)
{
	stmt->bound++;
	if (text == NULL || stmt->rc != SQLITE_OK)
		return;
	if (g_utf8_validate(text, -1, NULL)) {
		stick(stmt,
		    sqlite3_bind_text(stmt->handle, stmt->bound, text, -1,
			SQLITE_STATIC));
	} else {
		stick(stmt,
		    sqlite3_bind_text(stmt->handle, stmt->bound,
			g_utf8_make_valid(text, -1), -1, g_free));
	}
}

void
stmt_string(Stmt *stmt, const char *text)
{
	stmt_text(stmt, text != NULL ? text : "");
}

void
stmt_bytes(Stmt *stmt, GBytes *bytes)
{
	gsize length = 0;
	const void *data;

	stmt->bound++;
	if (bytes == NULL || stmt->rc != SQLITE_OK)
		return;
	data = g_bytes_get_data(bytes, &length);
	/* A NULL pointer would be bound as NULL, an empty mail is not. */
	stick(stmt,
	    sqlite3_bind_blob64(stmt->handle, stmt->bound,
		data != NULL ? data : "", length, SQLITE_STATIC));
}

bool
stmt_row(Stmt *stmt)
{
	int rc;

	if (stmt->rc != SQLITE_OK)
		return false;
	if (!stmt->started) {
		g_assert(
		    stmt->bound == sqlite3_bind_parameter_count(stmt->handle));
		g_assert(stmt->writes || sqlite3_stmt_readonly(stmt->handle));
		if (stmt->writes)
			store_before_change();
		stmt->started = true;
	}
	rc = sqlite3_step(stmt->handle);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		stick(stmt, rc);
	sqlite3_reset(stmt->handle);
	return false;
}

bool
stmt_end(Stmt *stmt, GError **error)
{
	if (stmt->rc != SQLITE_OK)
		return store_fail(stmt->store, stmt->rc, stmt->what, error);
	return true;
}

bool
stmt_run(Stmt *stmt, GError **error)
{
	while (stmt_row(stmt))
		continue;
	return stmt_end(stmt, error);
}

bool
stmt_one(Stmt *stmt, gint64 otherwise, gint64 *ret_value, GError **error)
{
	gint64 value = otherwise;

	if (stmt_row(stmt)) {
		if (!stmt_is_null(stmt, 0))
			value = stmt_get_int(stmt, 0);
		/* A change must be run to its end: left at its RETURNING row
		 * it is undone, and the transaction with it, when it is reset
		 * after others. */
		while (stmt->writes && stmt_row(stmt))
			continue;
	}
	if (!stmt_end(stmt, error))
		return false;
	*ret_value = value;
	return true;
}

bool
stmt_one_text(Stmt *stmt, char **ret_text, GError **error)
{
	g_autofree char *text = NULL;

	*ret_text = NULL;
	if (stmt_row(stmt))
		text = stmt_get_text(stmt, 0);
	if (!stmt_end(stmt, error))
		return false;
	*ret_text = g_steal_pointer(&text);
	return true;
}

gint64
stmt_get_int(Stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}

bool
stmt_is_null(Stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

Instant
stmt_get_instant(Stmt *stmt, int column)
{
	return stmt_is_null(stmt, column) ? INSTANT_NONE
					  : stmt_get_int(stmt, column);
}

char *
stmt_get_text(Stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt->handle,
	    column);

	return g_strdup(text != NULL ? text : "");
}

GBytes *
stmt_get_bytes(Stmt *stmt, int column)
{
	const void *data;

	if (stmt_is_null(stmt, column))
		return NULL;
	data = sqlite3_column_blob(stmt->handle, column);
	return g_bytes_new(data,
	    (gsize)sqlite3_column_bytes(stmt->handle, column));
}
