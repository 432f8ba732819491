/*
 * store-trial: the way of some mails through the store, a transaction a step:
 * taken, given to a reader, decided, then each answer sent. What the store
 * holds after each step is known by a hash over all its rows, so that after a
 * fault it can be told which steps it holds, and whether one is there by half.
 */
#ifndef GUICHET_TESTS_STORE_TRIAL_H
#define GUICHET_TESTS_STORE_TRIAL_H

#include "guichet/base/error.h"

#include "../../src/store/store_private.h"
#include "intake-fixture.h"
#include "trial-disk.h"

#define TRIAL_SEED  20261120
#define TRIAL_PAGES 24 /* of the log, until it is put into the database */

typedef enum {
	STEP_TAKE,
	STEP_READ,
	STEP_DECIDE,
	STEP_SEND, /* and the next two: the outbox's states */
	STEP_DOT,
	STEP_SENT,
} TrialStepKind;

typedef struct {
	TrialStepKind kind;
	gint64 id; /* of the mail, or of the answer */
	guint mail;
} TrialStep;

typedef struct {
	Desk desk;
	char *path;
	GPtrArray *mails; /* char * */
	GArray *steps;    /* TrialStep */
	GPtrArray *after; /* the hash before the first, then after each */
	GArray *told;     /* guint: and how long the disk's journal was then */
	GBytes *base;     /* the file before the first */
} StoreTrial;

static inline char *
trial_mail(const char *from, const char *to, const char *subject,
    const char *text, guint number)
{
	const char *domain = strchr(from, '@') + 1;

	return g_strdup_printf("Return-Path: <%s>\n"
			       "Authentication-Results: mx.desk.example;\n"
			       "\tdmarc=pass header.from=%s\n"
			       "Received: from mail.test (mail.test "
			       "[192.0.2.3])\n"
			       "\tby mx.desk.example with ESMTPS id 1;\n"
			       "\tFri, 20 Nov 2026 17:00:00 +0100\n"
			       "From: <%s>\nTo: <%s>\nSubject: %s\n"
			       "Message-ID: <trial%u@%s>\n\n%s\n",
	    from, domain, from, to, subject, number, domain, text);
}

static inline bool
step_on_mail(StoreTrial *trial, StoreTx *tx, const TrialStep *step,
    GError **error)
{
	const char *text = trial->mails->pdata[step->mail];
	gsize length = strlen(text);
	g_autoptr(GBytes) raw = g_bytes_new_static(text, length);
	g_autoptr(StoredMail) mail = NULL;
	g_autoptr(Message) message = NULL;
	Instant received = T0 + (Instant)step->mail * 600;
	StoredMail row = {
		.mailbox = (char *)"support",
		.uidvalidity = 1,
		.uid = step->mail + 1,
		.received = received,
		.size = (gint64)length,
	};
	gint64 id;
	bool known;

	if (step->kind == STEP_TAKE)
		return store_add_mail(tx, &row, raw, &id, &known, error);
	if (step->kind == STEP_READ)
		return store_mail_reading(tx, step->id, error);
	message = message_parse((const guint8 *)text, length, false);
	return store_mail(trial->desk.store, step->id, &mail, error) &&
	    intake_one(trial->desk.intake, tx, mail, message, received + 60,
		error);
}

static inline bool
trial_step(StoreTrial *trial, const TrialStep *step, GError **error)
{
	static const OutboxState states[] = { OUTBOX_SENDING, OUTBOX_DOT,
		OUTBOX_SENT };
	g_autoptr(StoreTx) tx = store_begin(trial->desk.store, error);

	if (tx == NULL)
		return false;
	if (step->kind < STEP_SEND) {
		if (!step_on_mail(trial, tx, step, error))
			return false;
	} else if (!store_outbox_state(tx, step->id,
		       &(OutboxTurn){ states[step->kind - STEP_SEND],
			   INSTANT_NONE, 250, "ok", T0 + 7200 },
		       error)) {
		return false;
	}
	return store_commit(&tx, error);
}

/* ---- what it holds ---- */

static inline void
hash_row(GChecksum *sum, sqlite3_stmt *row)
{
	for (int i = 0; i < sqlite3_column_count(row); i++) {
		int type = sqlite3_column_type(row, i);
		const void *bytes = sqlite3_column_blob(row, i);
		int length = sqlite3_column_bytes(row, i);

		g_checksum_update(sum, (const guchar *)&type, sizeof(type));
		g_checksum_update(sum, (const guchar *)&length, sizeof(length));
		if (length > 0)
			g_checksum_update(sum, bytes, length);
	}
}

static inline int
hash_table(sqlite3 *db, GChecksum *sum, const char *name)
{
	g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\"", name);
	sqlite3_stmt *rows = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &rows, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(rows);
		if (rc == SQLITE_ROW)
			hash_row(sum, rows);
	}
	sqlite3_finalize(rows);
	return rc;
}

/* Over every row of every table, those of the full-text index included. */
static inline char *
store_hash(sqlite3 *db)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	sqlite3_stmt *tables = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(db,
			    "SELECT name FROM sqlite_schema WHERE "
			    "type = 'table' ORDER BY name",
			    -1, &tables, NULL),
	    ==, SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW)
		g_assert_cmpint(
		    hash_table(db, sum,
			(const char *)sqlite3_column_text(tables, 0)),
		    ==, SQLITE_DONE);
	sqlite3_finalize(tables);
	return g_strdup(g_checksum_get_string(sum));
}

static inline char *
store_integrity(sqlite3 *db)
{
	sqlite3_stmt *check = NULL;
	char *found;

	g_assert_cmpint(
	    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &check, NULL),
	    ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(check), ==, SQLITE_ROW);
	found = g_strdup((const char *)sqlite3_column_text(check, 0));
	sqlite3_finalize(check);
	return found;
}

/* How many steps it holds, -1 if it is none of the states that there were. */
static inline int
trial_holds(StoreTrial *trial, sqlite3 *db)
{
	g_autofree char *hash = store_hash(db);

	for (guint i = 0; i < trial->after->len; i++) {
		if (strcmp(trial->after->pdata[i], hash) == 0)
			return (int)i;
	}
	return -1;
}

/* ---- the undisturbed run ---- */

static inline bool
trial_open(StoreTrial *trial, GError **error)
{
	trial->desk.store = store_open(trial->path, STORE_WRITE, error);
	if (trial->desk.store == NULL)
		return false;
	sqlite3_wal_autocheckpoint(trial->desk.store->db, TRIAL_PAGES);
	trial->desk.intake = intake_new(trial->desk.conf, trial->desk.ruleset,
	    trial->desk.store);
	intake_set_seed(trial->desk.intake, TRIAL_SEED);
	return true;
}

static inline void
trial_close(StoreTrial *trial)
{
	g_clear_pointer(&trial->desk.intake, intake_free);
	g_clear_pointer(&trial->desk.store, store_free);
}

static inline void
trial_note(StoreTrial *trial)
{
	guint changes = disk.journal != NULL ? disk.journal->len : 0;

	g_ptr_array_add(trial->after, store_hash(trial->desk.store->db));
	g_array_append_val(trial->told, changes);
}

static inline void
trial_first(StoreTrial *trial, TrialStepKind kind, gint64 id, guint mail)
{
	g_autoptr(GError) error = NULL;
	TrialStep step = { kind, id, mail };

	trial_step(trial, &step, &error);
	g_assert_no_error(error);
	g_array_append_val(trial->steps, step);
	trial_note(trial);
}

/* One mail to its end. Between two the store is closed once, as by a restart,
 * so that all of the log goes into the database. */
static inline void
trial_add(StoreTrial *trial, char *take_mail)
{
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;
	guint mail = trial->mails->len;

	g_ptr_array_add(trial->mails, take_mail);
	for (TrialStepKind kind = STEP_TAKE; kind <= STEP_DECIDE; kind++)
		trial_first(trial, kind, mail + 1, mail);
	rows = store_outbox_due(trial->desk.store, T0 + 86400, 100, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, >, 0);
	for (guint i = 0; i < rows->len; i++) {
		for (TrialStepKind kind = STEP_SEND; kind <= STEP_SENT; kind++)
			trial_first(trial, kind,
			    ((OutboxRow *)rows->pdata[i])->id, mail);
	}
}

/* A request, its sender's next word, an answer and the resolution. */
static inline void
trial_run_first(StoreTrial *trial)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *token = NULL;

	trial_open(trial, &error);
	g_assert_no_error(error);
	trial_note(trial);
	trial_add(trial,
	    trial_mail(JEANNE, "help@desk.example", "Panne bloquante de l'ERP",
		"Bonjour,\n\nPlus personne ne peut se connecter.", 1));
	token = desk_field(&trial->desk, "notice", ANNE, "Reply-To");
	trial_close(trial);
	trial_open(trial, &error);
	g_assert_no_error(error);
	trial_add(trial,
	    trial_mail(JEANNE, "help@desk.example",
		"Re: [#1] Panne bloquante de l'ERP", "Toujours rien.", 2));
	trial_add(trial,
	    trial_mail(ANNE, token, "Re: [#1] Panne bloquante de l'ERP",
		"Bonjour,\n\nPouvez-vous réessayer ?\n\nAnne", 3));
	trial_add(trial,
	    trial_mail(ANNE, token, "Re: [#1] Panne bloquante de l'ERP",
		"#resolve", 4));
	trial_close(trial);
}

static inline GBytes *
trial_file(const char *path)
{
	char *bytes = NULL;
	gsize length = 0;

	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return NULL;
	return g_bytes_new_take(bytes, length);
}

/* Lays a store down: its database, and its log unless NULL. */
static inline void
trial_lay(StoreTrial *trial, const void *db, gsize db_length,
    const GByteArray *log)
{
	g_autofree char *wal = g_strconcat(trial->path, "-wal", NULL);
	g_autofree char *shm = g_strconcat(trial->path, "-shm", NULL);

	g_unlink(wal);
	g_unlink(shm);
	g_assert_true(g_file_set_contents_full(trial->path, db,
	    (gssize)db_length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	if (log != NULL)
		g_assert_true(g_file_set_contents_full(wal,
		    (const char *)log->data, (gssize)log->len,
		    G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* A store with nothing in it, and the undisturbed run on it. `journal`: the
 * disk keeps one of that run. */
static inline void
trial_set_up(StoreTrial *trial, bool journal)
{
	desk_set_up(&trial->desk, "");
	trial->path = g_strdup(trial->desk.conf->store);
	trial->mails = g_ptr_array_new_with_free_func(g_free);
	trial->steps = g_array_new(FALSE, FALSE, sizeof(TrialStep));
	trial->after = g_ptr_array_new_with_free_func(g_free);
	trial->told = g_array_new(FALSE, FALSE, sizeof(guint));
	trial_close(trial);
	trial->base = trial_file(trial->path);
	g_assert_nonnull(trial->base);
	disk_install();
	if (journal)
		disk_keep_journal();
	trial_run_first(trial);
}

static inline void
trial_clear(StoreTrial *trial)
{
	trial_close(trial);
	disk_uninstall();
	desk_clear(&trial->desk);
	g_ptr_array_unref(trial->mails);
	g_array_unref(trial->steps);
	g_ptr_array_unref(trial->after);
	g_array_unref(trial->told);
	g_bytes_unref(trial->base);
	g_free(trial->path);
}

/* The seed that SEED names, or one of chance; printed either way. */
static inline guint32
trial_seed(void)
{
	const char *given = g_getenv("SEED");
	guint32 seed = given != NULL
	    ? (guint32)g_ascii_strtoull(given, NULL, 10)
	    : g_random_int();

	g_test_message("SEED=%u", seed);
	return seed;
}

#endif
