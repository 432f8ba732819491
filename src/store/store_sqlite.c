/*
 * The store's file: opened, locked, in doubt and opened again; transactions
 * and savepoints.
 */
#include "store_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/store/store_life.h"

#include <string.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 5000

static bool
connect_file(Store *store, GError **error)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	    (store->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE
					: SQLITE_OPEN_READONLY);
	int rc;

	if (store->mode == STORE_READ && access(store->path, F_OK) != 0)
		return store_fail_absent(store->path, error);

	rc = sqlite3_open_v2(store->path, &store->db, flags, NULL);
	if (rc != SQLITE_OK)
		return store_fail(store, rc,
		    store->db != NULL ? sqlite3_errmsg(store->db)
				      : sqlite3_errstr(rc),
		    error);

	sqlite3_busy_timeout(store->db, BUSY_MILLISECONDS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* One plan a statement: else those whose column a partial index names
	 * are compiled anew at each new value. */
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0,
	    NULL);
	return true;
}

static void
finalize(gpointer statement)
{
	sqlite3_finalize(statement);
}

static Store *
store_new(const char *path, StoreMode mode)
{
	Store *store = g_new0(Store, 1);

	store->path = g_strdup(path);
	store->mode = mode;
	store->lock = store->file = -1;
	store->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
	    finalize);
	return store;
}

/* Of a file that nobody else knows yet. */
Store *
store_open_draft(const char *path, GError **error)
{
	g_autoptr(Store) store = store_new(path, STORE_WRITE);

	if (!connect_file(store, error) || !schema_prepare(store, error))
		return NULL;
	return g_steal_pointer(&store);
}

Store *
store_open(const char *path, StoreMode mode, GError **error)
{
	g_autoptr(Store) store = NULL;

	if (mode == STORE_MAKE && access(path, F_OK) != 0 &&
	    !store_make(path, error))
		return NULL;
	store = store_new(path, mode == STORE_READ ? STORE_READ : STORE_WRITE);
	if (mode != STORE_READ && !store_take_file(store, error))
		return NULL;
	if (!connect_file(store, error) || !schema_prepare(store, error))
		return NULL;
	store_note_files(store);
	return g_steal_pointer(&store);
}

bool
store_is_in_doubt(const Store *store)
{
	return store->in_doubt;
}

/* What is to be read of the whole file: whether its pages still fit together,
 * and, if it may take its time, whether the indexes fit the rows. The first
 * mistake is enough. */
bool
store_check_pages(Store *store, bool whole, GError **error)
{
	g_autofree char *found = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    whole ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");

	if (!stmt_one_text(&q, &found, error))
		return false;
	if (g_strcmp0(found, "ok") == 0)
		return true;
	return store_fail(store, SQLITE_CORRUPT, found, error);
}

bool
store_reopen(Store *store, GError **error)
{
	g_assert(store->tx == NULL);
	store->in_doubt = true;
	if (!store_check_file(store, error))
		return false;
	g_hash_table_remove_all(store->statements);
	sqlite3_close(store->db);
	store->db = NULL;
	/* The last connection takes the journal with it. */
	memset(store->beside, 0, sizeof(store->beside));
	if (!connect_file(store, error))
		return false;
	/* What fails now puts it in doubt again. */
	store->in_doubt = false;
	if (schema_prepare(store, error) &&
	    store_check_pages(store, false, error)) {
		store_note_files(store);
		return true;
	}
	store->in_doubt = true;
	return false;
}

void
store_free(Store *store)
{
	if (store == NULL)
		return;
	g_assert(store->tx == NULL);
	g_hash_table_unref(store->statements);
	/* Also after a failed opening, which leaves a handle to be closed. */
	sqlite3_close(store->db);
	store_drop_keeper(store);
	descriptor_close(&store->file); /* after SQLite: see store_file.c */
	descriptor_close(&store->lock); /* last: the next writer may start */
	g_free(store->path);
	g_free(store);
}

StoreTx *
store_begin(Store *store, GError **error)
{
	StoreTx *tx;

	g_assert(store->mode == STORE_WRITE);
	g_assert(store->tx == NULL);
	if (store->in_doubt) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "store '%s': the disk failed; it must be opened again",
		    store->path);
		return NULL;
	}
	if (!store_check_file(store, error) ||
	    !store_execute(store, "BEGIN IMMEDIATE", error))
		return NULL;
	tx = g_new0(StoreTx, 1);
	tx->store = store;
	tx->changes = sqlite3_total_changes(store->db);
	tx->words = store_words_queue_new();
	store->tx = tx;
	return tx;
}

Store *
store_of(const StoreTx *tx)
{
	return tx->store;
}

/* False if SQLite rolled back by itself (disk full, I/O error): whatever came
 * after that would be a transaction of its own. */
static bool
is_alive(const StoreTx *tx, GError **error)
{
	if (!sqlite3_get_autocommit(tx->store->db))
		return true;
	return store_fail(tx->store, SQLITE_ABORT,
	    "the transaction was rolled back", error);
}

bool
store_commit(StoreTx **tx, GError **error)
{
	Store *store = (*tx)->store;
	bool ok = is_alive(*tx, error) && store_words_queue_write(*tx, error) &&
	    store_beat(*tx, error) && store_check_file(store, error);

	g_assert(!(*tx)->savepoint);
	if (ok) {
		store_before_change();
		ok = store_execute(store, "COMMIT", error);
	}
	if (ok) {
		store_note_files(store);
		store_has_beaten(store, (*tx)->pulse);
		(*tx)->committed = true;
	}
	store_tx_free(g_steal_pointer(tx));
	return ok;
}

void
store_tx_free(StoreTx *tx)
{
	if (tx == NULL)
		return;
	if (!sqlite3_get_autocommit(tx->store->db))
		store_execute(tx->store, "ROLLBACK", NULL);
	if (!tx->committed)
		store_event_undone(tx->store);
	tx->store->tx = NULL;
	store_events_forget(tx);
	g_ptr_array_unref(tx->words);
	g_free(tx);
}

/* Two of these for each mail: kept prepared, unlike store_execute()'s. */
static bool
turn_savepoint(StoreTx *tx, const char *verb, GError **error)
{
	g_auto(Stmt) q = stmt_read(tx->store, verb);

	return stmt_run(&q, error);
}

bool
store_savepoint(StoreTx *tx, GError **error)
{
	g_assert(!tx->savepoint);
	if (!is_alive(tx, error) || !turn_savepoint(tx, "SAVEPOINT one", error))
		return false;
	tx->savepoint = true;
	tx->words_before = tx->words->len;
	return true;
}

bool
store_release(StoreTx *tx, GError **error)
{
	g_assert(tx->savepoint);
	tx->savepoint = false;
	return is_alive(tx, error) && turn_savepoint(tx, "RELEASE one", error);
}

bool
store_rollback_to(StoreTx *tx, GError **error)
{
	g_assert(tx->savepoint);
	store_batch_end(tx);
	tx->savepoint = false;
	g_ptr_array_set_size(tx->words,
	    (int)MIN(tx->words->len, tx->words_before));
	store_events_forget(tx);
	store_event_undone(tx->store);
	return is_alive(tx, error) &&
	    store_execute(tx->store, "ROLLBACK TO one; RELEASE one", error);
}
