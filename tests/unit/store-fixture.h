/*
 * store-fixture: a store in a folder of its own, and what is put into it.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include "guichet/base/error.h"
#include "guichet/store/store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define T0 1795190400 /* 2026-11-20T16:00:00Z */

typedef struct {
	char *folder, *path;
	Store *store;
} Fixture;

/* A store of version 11. */
#define VERSION_11                                              \
 "DROP INDEX outbox_summed; DROP INDEX outbox_to;"              \
 "ALTER TABLE outbox DROP COLUMN sum_at;"                       \
 "ALTER TABLE outbox DROP COLUMN sum_language;"                 \
 "ALTER TABLE outbox DROP COLUMN sum_zone;"                     \
 "CREATE INDEX outbox_to ON outbox (recipient, what, created);" \
 "DROP TABLE breached; DROP TABLE copied;"                      \
 "DELETE FROM setting WHERE key = 'breaches-since';"

/* A store as it was before it knew what mails prove. */
#define WITHOUT_PROOF                                                      \
 VERSION_11                                                                \
 "DROP TABLE worked; DROP TABLE ledger; DROP TABLE ledger_order;"          \
 "DELETE FROM setting WHERE key = 'ledger-since';"                         \
 "ALTER TABLE outbox DROP COLUMN batch;"                                   \
 "ALTER TABLE event DROP COLUMN batch;"                                    \
 "ALTER TABLE ticket DROP COLUMN awaits;"                                  \
 "ALTER TABLE ticket DROP COLUMN awaits_at;"                               \
 "ALTER TABLE ticket DROP COLUMN spoke;"                                   \
 "DROP INDEX content_subject; DROP INDEX content_technician;"              \
 "DROP INDEX content_words; DROP INDEX outbox_acks;"                       \
 "ALTER TABLE content DROP COLUMN proof;"                                  \
 "ALTER TABLE content DROP COLUMN words_sha256;"                           \
 "ALTER TABLE outbox DROP COLUMN proof;"                                   \
 "ALTER TABLE content DROP COLUMN reply_to;"                               \
 "ALTER TABLE content DROP COLUMN sent_by;"                                \
 "CREATE INDEX content_hash ON content (content_sha256)"                   \
 "  WHERE content_sha256 <> '' AND author <> 'alert';"                     \
 "CREATE INDEX content_subject ON content (sender, subject_key, received)" \
 "  WHERE author <> 'alert';"                                              \
 "CREATE INDEX outbox_acks ON outbox (created, recipient, domain)"         \
 "  WHERE what = 'acknowledgment'"                                         \
 "    AND state NOT IN ('failed', 'dropped');"

static inline void
fixture_open(Fixture *f)
{
	g_autoptr(GError) error = NULL;

	f->store = store_open(f->path, STORE_MAKE, &error);
	g_assert_no_error(error);
}

static inline void
fixture_set_up(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	f->folder = g_dir_make_tmp("guichet-store-XXXXXX", &error);
	g_assert_no_error(error);
	f->path = g_build_filename(f->folder, "desk.db", NULL);
	fixture_open(f);
}

static inline void
fixture_tear_down(Fixture *f, gconstpointer data)
{
	g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
	const char *name;

	(void)data;
	store_free(f->store);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(f->folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(f->folder);
	g_free(f->folder);
	g_free(f->path);
}

static inline StoreTx *
begin(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_begin(f->store, &error);

	g_assert_no_error(error);
	return tx;
}

static inline void
commit(StoreTx **tx)
{
	g_autoptr(GError) error = NULL;

	store_commit(tx, &error);
	g_assert_no_error(error);
	g_assert_null(*tx);
}

static inline char **
strings(const char *a, const char *b)
{
	char **list = g_new0(char *, 3);

	list[0] = g_strdup(a);
	list[1] = a != NULL ? g_strdup(b) : NULL;
	return list;
}

/* A mail as message_parse() would give it. */
static inline Message *
letter(const char *id, const char *address, const char *subject,
    const char *text)
{
	Message *message = g_new0(Message, 1);

	message->message_id = g_strdup(id);
	message->in_reply_to = strings(NULL, NULL);
	message->references = strings(NULL, NULL);
	message->from = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)mailbox_free);
	g_ptr_array_add(message->from, mailbox_new("Jeanne Martin", address));
	message->reply_to = g_ptr_array_new();
	message->to = g_ptr_array_new();
	message->cc = g_ptr_array_new();
	message->headers = g_ptr_array_new();
	message->attachments = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)attachment_free);
	message->subject = g_strdup(subject);
	message->identity = g_strdup(address);
	message->has_date = true;
	message->date = T0 - 30;
	message->text = g_strdup(text);
	message->new_text = g_strdup(text);
	message->content_type = g_strdup("text/plain");
	message->report_type = g_strdup("");
	message->content_sha256 =
	    g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	message->defects = strings(NULL, NULL);
	return message;
}

static inline gint64
add_raw_mail(StoreTx *tx, guint32 uidvalidity, guint32 uid, const char *bytes,
    bool *ret_known)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) raw = g_bytes_new(bytes, strlen(bytes));
	StoredMail row = {
		.mailbox = (char *)"support",
		.uidvalidity = uidvalidity,
		.uid = uid,
		.name = (char *)"",
		.received = T0,
		.size = (gint64)strlen(bytes),
	};
	bool known = false;
	gint64 id = 0;

	store_add_mail(tx, &row, raw, &id, &known, &error);
	g_assert_no_error(error);
	g_assert_cmpint(id, >, 0);
	if (ret_known != NULL)
		*ret_known = known;
	return id;
}

static inline void
mail_done(StoreTx *tx, gint64 id, const Message *message, gint64 ticket,
    const char *author)
{
	g_autoptr(GError) error = NULL;

	store_mail_done(tx,
	    &(MailDone){ id, message, T0, ticket, 0, author, "public", NULL,
		NULL },
	    &error);
	g_assert_no_error(error);
}

/* Appends and takes the event. */
static inline gint64
append(StoreTx *tx, Event *take_event)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Event) event = take_event;

	store_append(tx, event, &error);
	g_assert_no_error(error);
	g_assert_cmpint(event->seq, >, 0);
	return event->ticket;
}

/* A ticket opened by the mail: its number. */
static inline gint64
open_ticket(StoreTx *tx, gint64 mail, Instant at)
{
	Event *event = event_stored(EVENT_OPENED, 0, at, "mail", mail);

	event_set(event_set(event, "kind", "incident"), "plan", "sos24");
	event_set(event_set(event, "contract", "acier-vosges"), "rules",
	    "0af3");
	event_set_int(event, "severity", 1);
	return append(tx, event);
}

static inline void
add_message_event(StoreTx *tx, gint64 ticket, gint64 mail, const char *verified)
{
	Event *event = event_stored(EVENT_MESSAGE, ticket, T0, "mail", mail);

	event_set(event_set(event, "author", "client"), "verified", verified);
	append(tx, event_set(event, "visibility", "public"));
}

static inline SlaClock *
running(Milestone milestone, Instant due)
{
	SlaClock *sla = g_new0(SlaClock, 1);

	sla->milestone = milestone;
	sla->commitment = COMMITMENT_GUARANTEED;
	sla->state = SLA_RUNNING;
	sla->received = T0;
	sla->intake = T0;
	sla->due = due;
	sla->met = INSTANT_NONE;
	return sla;
}

/* Folds and projects, with one clock unless `due` is INSTANT_NONE. */
static inline void
project(Fixture *f, StoreTx *tx, gint64 number, Instant due, Instant wake)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) clocks = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Ticket) ticket = NULL;

	store_ticket(f->store, number, &ticket, &error);
	g_assert_no_error(error);
	g_assert_nonnull(ticket);
	if (due != INSTANT_NONE)
		g_ptr_array_add(clocks, running(MILESTONE_RESPONSE, due));
	store_project(tx, ticket, clocks, &(TicketNext){ .wake = wake },
	    &error);
	g_assert_no_error(error);
}

static inline char *
dump(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	char *text = store_dump(f->store, &error);

	g_assert_no_error(error);
	return text;
}

static inline gint64
ask(Fixture *f, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	gint64 value;

	g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==,
	    SQLITE_OK);
	g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

/* Runs SQL behind the store's back: SQLite's answer. */
static inline int
meddle(Fixture *f, const char *sql)
{
	sqlite3 *db = NULL;
	int rc;

	g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

static inline void
count_writes(void *data)
{
	++*(int *)data;
}

#define ADD(name, function) \
 g_test_add(name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

#endif
