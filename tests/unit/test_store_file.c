/* The file: whose it is, who may write, and what survives. */
#include "store-fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
close_and_remove(Fixture *f)
{
	store_free(g_steal_pointer(&f->store));
	g_assert_cmpint(g_unlink(f->path), ==, 0);
}

static void
assert_refused(Fixture *f, StoreMode mode, GuichetError code, const char *words)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(store_open(f->path, mode, &error));
	g_assert_error(error, GUICHET_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, words));
	g_assert_nonnull(strstr(error->message, f->path));
}

static void
test_second_writer(Fixture *f, gconstpointer data)
{
	g_autofree char *pid = g_strdup_printf("process %ld;", (long)getpid());
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) reader = NULL;

	(void)data;
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_TEMPORARY, pid);
	reader = store_open(f->path, STORE_READ, &error);
	g_assert_no_error(error);
	store_free(g_steal_pointer(&f->store));
	fixture_open(f);
}

/* The lock file of a killed process stays behind and hinders nobody. */
static void
test_stale_lock(Fixture *f, gconstpointer data)
{
	g_autofree char *lock = g_strconcat(f->path, ".lock", NULL);

	(void)data;
	store_free(g_steal_pointer(&f->store));
	g_assert_true(g_file_set_contents(lock, "99999999\n", -1, NULL));
	fixture_open(f);
}

static void
test_private(Fixture *f, gconstpointer data)
{
	struct stat info;

	(void)data;
	g_assert_cmpint(stat(f->path, &info), ==, 0);
	g_assert_cmpint(info.st_mode & 077, ==, 0);
}

static void
test_settings_of_file(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_cmpint(ask(f, "PRAGMA user_version"), ==, 12);
	g_assert_cmpint(ask(f, "PRAGMA application_id"), ==, 0x67756963);
	g_assert_cmpint(
	    ask(f, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), ==,
	    1);
}

static void
test_empty_file(Fixture *f, gconstpointer data)
{
	(void)data;
	close_and_remove(f);
	assert_refused(f, STORE_READ, GUICHET_ERROR_CONFIG, "guichet run");
	assert_refused(f, STORE_READ, GUICHET_ERROR_CONFIG, "guichet restore");
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_CONFIG, "guichet run");
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_CONFIG, "guichet restore");
	g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
	/* Whatever it was, it is none to be made anew without a word. */
	assert_refused(f, STORE_READ, GUICHET_ERROR_CONFIG, "is empty");
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_CONFIG, "is empty");
	assert_refused(f, STORE_MAKE, GUICHET_ERROR_CONFIG, "is empty");
	g_unlink(f->path);
	fixture_open(f);
	g_assert_cmpint(ask(f, "PRAGMA user_version"), ==, 12);
}

static void
test_not_a_database(Fixture *f, gconstpointer data)
{
	g_autofree char *text = g_strnfill(5000, 'x');
	g_autofree char *after = NULL;

	(void)data;
	close_and_remove(f);
	g_assert_true(g_file_set_contents(f->path, text, -1, NULL));
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_CONFIG, "not a database");
	assert_refused(f, STORE_READ, GUICHET_ERROR_CONFIG, "not a database");
	g_assert_true(g_file_get_contents(f->path, &after, NULL, NULL));
	g_assert_cmpstr(after, ==, text);
}

/* Another program's database is left as it is, to the byte. */
static void
test_foreign_database(Fixture *f, gconstpointer data)
{
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	gsize length, length_after;

	(void)data;
	close_and_remove(f);
	g_assert_cmpint(meddle(f, "CREATE TABLE moz_places (id)"), ==, 0);
	g_file_get_contents(f->path, &before, &length, NULL);
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_CONFIG, "another program");
	assert_refused(f, STORE_READ, GUICHET_ERROR_CONFIG, "another program");
	g_file_get_contents(f->path, &after, &length_after, NULL);
	g_assert_cmpmem(before, length, after, length_after);
}

static void
test_newer_version(Fixture *f, gconstpointer data)
{
	(void)data;
	store_free(g_steal_pointer(&f->store));
	g_assert_cmpint(meddle(f, "PRAGMA user_version = 9999"), ==, 0);
	assert_refused(f, STORE_WRITE, GUICHET_ERROR_CONFIG, "newer guichet");
	assert_refused(f, STORE_READ, GUICHET_ERROR_CONFIG, "newer guichet");
	g_assert_cmpint(ask(f, "PRAGMA user_version"), ==, 9999);
}

static void
test_no_folder(Fixture *f, gconstpointer data)
{
	g_autofree char *path = g_build_filename(f->folder, "no", "desk.db",
	    NULL);
	g_autoptr(GError) error = NULL;

	(void)data;
	g_assert_null(store_open(path, STORE_WRITE, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
}

/* What mails of before proved is read from their traces; of one whose trace was
 * erased nothing is known, and no words of a trace's end make a proof. */
static void
test_proof_of_old_mails(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *lines, *proof;
	} rows[] = {
		{ "identity: a@b.test\nauthentic: pass: dmarc\nwho: x",
		    "pass" },
		{ "authentic: fail: dmarc", "fail" },
		{ "authentic: none: no stamp", "none" },
		{ "authentic: temperror: dns", "none" },
		{ "authentic: none: no stamp\nsource: sonde: by its secret "
		  "address",
		    "pass" },
		{ "authentic: none: no stamp\nsource: not a trusted source: no "
		  "source fits it",
		    "none" },
		{ "identity: none: authentic: pass: x\nauthentic: none: y",
		    "none" },
		{ NULL, "none" },
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autoptr(GError) error = NULL;

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name = g_strdup_printf("%zu", i);
		g_autoptr(Message) message = letter(name, "a@b.test", "x",
		    name);
		g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func(
		    g_free);
		g_auto(GStrv) lines = g_strsplit(
		    rows[i].lines != NULL ? rows[i].lines : "", "\n", -1);
		Decision decision = { .trace = trace };
		OutboxRow answer = { .ticket = 1,
			.what = (char *)"acknowledgment",
			.to = (char *)"a@b.test",
			.bytes = bytes,
			.created = T0,
			.next = T0 };

		for (gsize k = 0; lines[k] != NULL; k++)
			g_ptr_array_add(trace, g_strdup(lines[k]));
		answer.mail = add_raw_mail(tx, 1, (guint32)i + 1, name, NULL);
		store_mail_done(tx,
		    &(MailDone){ answer.mail, message, T0, 0, 0, "client",
			"public", &decision, NULL },
		    &error);
		g_assert_no_error(error);
		store_add_outbox(tx, &answer, &error);
		g_assert_no_error(error);
	}
	commit(&tx);
	store_free(g_steal_pointer(&f->store));
	g_assert_cmpint(meddle(f, WITHOUT_PROOF "PRAGMA user_version = 6;"), ==,
	    0);
	fixture_open(f);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *sql = g_strdup_printf(
		    "SELECT count(*) FROM content JOIN outbox "
		    "ON outbox.mail = content.mail "
		    "WHERE content.message_id = '%zu' "
		    "AND content.proof = '%s' AND outbox.proof = '%s'",
		    i, rows[i].proof, rows[i].proof);

		g_test_message("%zu", i);
		g_assert_cmpint(ask(f, sql), ==, 1);
	}
}

/* What makes a store comes by the hook, too. */
static void
test_migration_hook(Fixture *f, gconstpointer data)
{
	int writes = 0;

	(void)data;
	close_and_remove(f);
	store_set_write_hook(count_writes, &writes);
	fixture_open(f);
	store_set_write_hook(NULL, NULL);
	/* begin, each version, commit */
	g_assert_cmpint(writes, ==, 2 + ask(f, "PRAGMA user_version"));
}

/* A process that dies with the store open: what it committed is there for a
 * reader and for the next writer, and what it did not is not. */
static void
test_killed_writer(Fixture *f, gconstpointer data)
{
	g_autoptr(Store) reader = NULL;
	g_autofree char *text = NULL;
	g_autofree char *read_text = NULL;
	int status;
	pid_t pid;

	(void)data;
	close_and_remove(f);
	pid = fork();
	g_assert_cmpint(pid, >=, 0);
	if (pid == 0) {
		StoreTx *tx;

		fixture_open(f);
		tx = begin(f);
		open_ticket(tx, 0, T0);
		commit(&tx);
		tx = begin(f);
		open_ticket(tx, 0, T0);
		kill(getpid(), SIGKILL);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFSIGNALED(status));

	reader = store_open(f->path, STORE_READ, NULL);
	g_assert_nonnull(reader);
	read_text = store_dump(reader, NULL);
	g_assert_nonnull(strstr(read_text, "ticket 1:"));
	g_assert_null(strstr(read_text, "ticket 2:"));
	fixture_open(f);
	text = dump(f);
	g_assert_cmpstr(text, ==, read_text);
}

static void
kill_at(void *data)
{
	int *left = data;

	if (--*left == 0)
		kill(getpid(), SIGKILL);
}

/* One mail from its bytes to its ticket, in two transactions. */
static void
work(Fixture *f)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("1@client.example",
	    "jeanne@client.example", "Panne", "Le serveur est mort");
	gint64 id = add_raw_mail(tx, 1, 1, "raw", NULL);

	commit(&tx);
	tx = begin(f);
	mail_done(tx, id, message, open_ticket(tx, id, T0), "client");
	project(f, tx, 1, T0 + 60, T0 + 30);
	commit(&tx);
}

/* Killed before the n-th write, the first of a new file included, the store
 * holds whole transactions; done again, the work ends the same. */
static void
test_killed_anywhere(Fixture *f, gconstpointer data)
{
	g_autofree char *whole = NULL;
	int n, status = -1;

	(void)data;
	work(f);
	whole = dump(f);
	for (n = 1; status != 0; n++) {
		g_autofree char *after = NULL;
		pid_t pid;

		close_and_remove(f);
		pid = fork();
		g_assert_cmpint(pid, >=, 0);
		if (pid == 0) {
			int left = n;

			store_set_write_hook(kill_at, &left);
			fixture_open(f);
			work(f);
			_exit(0);
		}
		g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
		fixture_open(f);
		after = dump(f);
		if (strcmp(after, whole) != 0) {
			g_assert_null(strstr(after, "ticket 1"));
			g_assert_true(WIFSIGNALED(status));
			work(f);
			g_free(after);
			after = dump(f);
		}
		g_assert_cmpstr(after, ==, whole);
	}
	g_assert_cmpint(n, >, 12);
}

static void
limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
	limit.rlim_cur = MIN(bytes, limit.rlim_max);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* A disk that takes no more: the transaction fails as a whole, says so in
 * each call that follows, and the next one works as soon as there is room. */
static void
test_full_disk(Fixture *f, gconstpointer data)
{
	g_autofree char *filler = g_strnfill(1000 * 1000, 'x');
	g_autoptr(StoreTx) tx = begin(f);
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	g_autoptr(GError) error = NULL;
	void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
	bool ok = true;

	(void)data;
	open_ticket(tx, 0, T0);
	commit(&tx);
	before = dump(f);
	tx = begin(f);
	limit_file_size(512 * 1024);
	for (guint32 i = 1; ok && i < 9; i++) {
		g_autofree char *bytes = g_strdup_printf("%u %s", i, filler);
		g_autoptr(GBytes) raw = g_bytes_new(bytes, strlen(bytes));
		StoredMail row = { .mailbox = (char *)"support", .uid = i };
		gint64 id = -1;
		bool known;

		ok = store_add_mail(tx, &row, raw, &id, &known, &error);
		g_assert_true(ok == (id > 0)); /* untouched on failure */
	}
	if (ok)
		ok = store_commit(&tx, &error);
	else
		g_assert_false(store_commit(&tx, NULL));
	limit_file_size(RLIM_INFINITY);
	signal(SIGXFSZ, old);
	g_assert_false(ok);
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY);
	g_assert_null(tx);

	/* To SQLite this limit is not a full disk but a failing one. */
	if (store_is_in_doubt(f->store)) {
		g_clear_error(&error);
		store_reopen(f->store, &error);
		g_assert_no_error(error);
	}
	after = dump(f);
	g_assert_cmpstr(before, ==, after);
	tx = begin(f);
	g_assert_cmpint(open_ticket(tx, 0, T0), ==, 2);
	commit(&tx);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store-file/second-writer", test_second_writer);
	ADD("/store-file/stale-lock", test_stale_lock);
	ADD("/store-file/private", test_private);
	ADD("/store-file/settings-of-file", test_settings_of_file);
	ADD("/store-file/empty-file", test_empty_file);
	ADD("/store-file/not-a-database", test_not_a_database);
	ADD("/store-file/foreign-database", test_foreign_database);
	ADD("/store-file/newer-version", test_newer_version);
	ADD("/store-file/no-folder", test_no_folder);
	ADD("/store-file/proof-of-old-mails", test_proof_of_old_mails);
	ADD("/store-file/migration-hook", test_migration_hook);
	ADD("/store-file/killed-writer", test_killed_writer);
	ADD("/store-file/killed-anywhere", test_killed_anywhere);
	ADD("/store-file/full-disk", test_full_disk);
	return g_test_run();
}
