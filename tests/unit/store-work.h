/*
 * store-work: what the store has done since it was asked last, in SQLite's own
 * counts, which no other load on the machine bends.
 */
#ifndef GUICHET_TESTS_STORE_WORK_H
#define GUICHET_TESTS_STORE_WORK_H

#include "../../src/store/store_private.h"

typedef struct {
	gint64 steps;      /* of SQLite's machine, over all statements */
	gint64 scanned;    /* rows that a scan of a whole table passed */
	gint64 sorts;      /* and indexes made for one statement */
	gint64 found;      /* pages that were in memory */
	gint64 read;       /* those that were not */
	gint64 written;    /* pages, at commits */
	gint64 statements; /* prepared; a growing count is a lost cache */
} StoreWork;

static inline gint64
store_work_status(Store *store, int which)
{
	int now = 0, most = 0;

	g_assert(
	    sqlite3_db_status(store->db, which, &now, &most, 1) == SQLITE_OK);
	return now;
}

/* Counts from the last call on, and begins anew. */
static inline StoreWork
store_work(Store *store)
{
	StoreWork work = { 0 };

	for (sqlite3_stmt *stmt = sqlite3_next_stmt(store->db, NULL);
	     stmt != NULL; stmt = sqlite3_next_stmt(store->db, stmt)) {
		work.statements++;
		work.steps += sqlite3_stmt_status(stmt,
		    SQLITE_STMTSTATUS_VM_STEP, 1);
		work.scanned += sqlite3_stmt_status(stmt,
		    SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
		work.sorts += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_SORT,
		    1);
		work.sorts += sqlite3_stmt_status(stmt,
		    SQLITE_STMTSTATUS_AUTOINDEX, 1);
	}
	work.found = store_work_status(store, SQLITE_DBSTATUS_CACHE_HIT);
	work.read = store_work_status(store, SQLITE_DBSTATUS_CACHE_MISS);
	work.written = store_work_status(store, SQLITE_DBSTATUS_CACHE_WRITE);
	return work;
}

#endif
