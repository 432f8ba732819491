/*
 * store_private: what the files of the SQLite store share.
 *
 * Stmt is a prepared statement in use. Its SQL is always a literal; values are
 * bound in the order of their question marks. A failed preparation or binding
 * makes all that follows a no-op, and stmt_end() or stmt_run() reports it
 * once. Statements stay prepared in the store's cache, keyed by their text.
 *
 *	g_auto(Stmt) q = stmt_read(store, "SELECT uid FROM mail WHERE id = ?");
 *	stmt_int(&q, id);
 *	while (stmt_row(&q))
 *		... stmt_get_int(&q, 0) ...
 *	return stmt_end(&q, error);
 */
#ifndef GUICHET_STORE_PRIVATE_H
#define GUICHET_STORE_PRIVATE_H

#include "guichet/store/store.h"

#include "guichet/store/store_life.h"

#include <sqlite3.h>
#include <sys/stat.h>

struct Store {
	sqlite3 *db;
	char *path;
	StoreMode mode;
	int lock;           /* descriptor of the lock file, -1 for a reader */
	int file;           /* of the database itself, locked likewise */
	struct stat status; /* of `file`, after our last change */
	struct stat beside[2]; /* of -wal and -shm, st_ino 0: not there yet */
	bool gone;             /* it is another file, or none */
	const StoreKeeper *keeper; /* NULL: none */
	void *keeper_data;
	gint64 reserved; /* numbers up to it are kept */
	GHashTable *statements;
	const StoreListener *listener; /* NULL: nobody */
	void *listener_data;
	StoreTx *tx;   /* the one that is open, or NULL */
	bool in_doubt; /* until it is opened again */
};

struct StoreTx {
	Store *store;
	bool savepoint; /* one is open */
	bool committed;
	GPtrArray *words;   /* Findable *: what waits for the commit */
	guint words_before; /* the savepoint */
	int changes;        /* of the connection, when it began */
	gint64 pulse;       /* that it gives the store, 0: none */
	gint64 batch;       /* of what is appended now; 0: none */
	gint64 loaded;      /* the ticket of `events`, 0: none */
	GPtrArray *events;
};

typedef struct {
	Store *store;
	sqlite3_stmt *handle;
	int rc;     /* the first failure, or SQLITE_OK */
	int bound;  /* values bound so far */
	char *what; /* SQLite's words about rc */
	bool writes, started;
} Stmt;

/* A statement that only reads; one that changes something. The latter fails,
 * in place of writing on its own, if SQLite has rolled the transaction back
 * by itself, as it does when the disk is full. */
Stmt stmt_read(Store *store, const char *sql);
Stmt stmt_write(StoreTx *tx, const char *sql);
void stmt_clear(Stmt *stmt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stmt, stmt_clear)

/* Each binds the next parameter. Text and bytes must live until the end of
 * the statement; NULL is bound as NULL. */
void stmt_int(Stmt *stmt, gint64 value);
void stmt_id(Stmt *stmt, gint64 id);            /* 0 as NULL */
void stmt_instant(Stmt *stmt, Instant at);      /* INSTANT_NONE as NULL */
void stmt_text(Stmt *stmt, const char *text);   /* made valid UTF-8 */
void stmt_string(Stmt *stmt, const char *text); /* the same, NULL as "" */
void stmt_bytes(Stmt *stmt, GBytes *bytes);

/* The next row: false at the end or on failure; stmt_end() tells which. */
bool stmt_row(Stmt *stmt);
bool stmt_end(Stmt *stmt, GError **error);
/* Runs to the end. */
bool stmt_run(Stmt *stmt, GError **error);
/* For a row of one integer: it, or `otherwise` if there is none or NULL. */
bool stmt_one(Stmt *stmt, gint64 otherwise, gint64 *ret_value, GError **error);
/* The same of one text, which the caller frees; NULL without a row. */
bool stmt_one_text(Stmt *stmt, char **ret_text, GError **error);

gint64 stmt_get_int(Stmt *stmt, int column);      /* NULL as 0 */
Instant stmt_get_instant(Stmt *stmt, int column); /* NULL as INSTANT_NONE */
char *stmt_get_text(Stmt *stmt, int column);      /* NULL as "" */
GBytes *stmt_get_bytes(Stmt *stmt, int column);   /* NULL as NULL */
bool stmt_is_null(Stmt *stmt, int column);

/* Sets *error from what SQLite said; returns false. An I/O error puts the store
 * in doubt. */
bool store_fail(Store *store, int rc, const char *words, GError **error);
/* Before each change: the kill test's hook. */
void store_before_change(void);

/* schema.c: runs literal SQL that takes no values: schema, settings of the
 * connection, a transaction's verb. */
bool store_execute(Store *store, const char *sql, GError **error);
/* Brings an open database to the present version (STORE_WRITE), or
 * says why it cannot be used. */
bool schema_prepare(Store *store, GError **error);
/* schema_steps.c: their SQL. */
extern const char schema_version_11[], schema_version_12[];

/* The ticket, and those that were merged into it, whose mails are its own. */
#define STORE_FAMILY                                  \
 "WITH RECURSIVE family(number) AS (SELECT ?1 UNION " \
 "  SELECT event.data ->> '$.from' FROM family "      \
 "  JOIN event ON event.ticket = family.number "      \
 "  WHERE event.type = 'merged' AND event.data ->> '$.from' > 0) "
#define STORE_IN_FAMILY "IN (SELECT number FROM family) "

/* store_file.c. Of a writer: takes the locks of store->path; false if it is no
 * store, or another's. */
bool store_take_file(Store *store, GError **error);
/* Whether it is still the file that was opened. True for a draft. */
bool store_check_file(Store *store, GError **error);
/* After each change of ours: how long the file is now, and its journal, which is
 * there from the first change on. */
void store_note_files(Store *store);
bool store_fail_errno(const char *path, const char *what, GError **error);
/* Of errno: where there is no store, how one comes there. */
bool store_fail_absent(const char *path, GError **error);

/* store_sqlite.c: a new store, or a copy of one, without locks. */
Store *store_open_draft(const char *path, GError **error);
bool store_check_pages(Store *store, bool whole, GError **error);

/* store_life.c */
void store_drop_keeper(Store *store);
bool store_next_number(StoreTx *tx, gint64 *ret_number, GError **error);
/* Counts the commit, if it changes anything; and tells of it. */
bool store_beat(StoreTx *tx, GError **error);
void store_has_beaten(Store *store, gint64 pulse);

/* store_ticket.c: rows of the queue, QueueRow *. The subject is the opening
 * mail's; it goes away with the mail. */
#define QUEUE_COLUMNS                                               \
 "ticket.number, ticket.state, ticket.kind, ticket.contract, "      \
 "ticket.plan, content.subject, ticket.host, ticket.service, "      \
 "ticket.assigned, ticket.next_milestone, ticket.next_commitment, " \
 "ticket.severity, ticket.received, ticket.opened, ticket.intake, " \
 "ticket.next_due, ticket.messages, ticket.tags, "                  \
 "ticket.awaits, ticket.awaits_at, ticket.spoke, ticket.severity_key <= 0 "
#define QUEUE_SUBJECT                               \
 "LEFT JOIN event ON event.ticket = ticket.number " \
 "  AND event.type = 'opened' "                     \
 "LEFT JOIN content ON content.mail = event.mail "
GPtrArray *store_queue_of(Stmt *stmt, GError **error);

/* store_content.c: FTS5 writes an index of its own at each savepoint, so what
 * `guichet search` finds waits for the commit. */
GPtrArray *store_words_queue_new(void);
bool store_words_queue_write(StoreTx *tx, GError **error);

/* store_event.c: the events that the transaction knows are forgotten. */
void store_events_forget(StoreTx *tx);
/* Tells the listener that events were taken back. */
void store_event_undone(Store *store);

/* store_content.c: lower-case subject without reply prefixes and ticket tags;
 * the caller frees. */
char *store_subject_key(const char *subject);

#endif
