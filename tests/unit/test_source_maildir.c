#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/wire/source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

typedef struct {
	char *path;
	SourceConf conf;
	const SourceOps *ops;
	Source *source;
	GString *seen;    /* "name received size length whole;" for each mail */
	GPtrArray *names; /* as they came */
} Box;

static void
box_open(Box *box, DoneAction done)
{
	g_autoptr(GError) error = NULL;

	box->path = g_dir_make_tmp("guichet-XXXXXX", NULL);
	for (int i = 0; i < 3; i++) {
		static const char *const folders[] = { "new", "cur", "tmp" };
		g_autofree char *path = g_build_filename(box->path, folders[i],
		    NULL);

		g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
	}
	box->conf = (SourceConf){ .kind = (char *)"maildir",
		.path = box->path,
		.done = done };
	box->ops = source_ops("maildir");
	box->source = box->ops->open(&box->conf, &error);
	g_assert_no_error(error);
	box->seen = g_string_new(NULL);
	box->names = g_ptr_array_new_with_free_func(g_free);
}

static bool
box_done(Box *box, const char *name, GError **error)
{
	SourceMark *mark = source_mark_new(0, 0, name);
	bool done = box->ops->done(box->source, &mark, 1, error);

	source_mark_free(mark);
	return done;
}

static void
remove_folder(const char *path)
{
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);

	for (const char *name; directory != NULL &&
	     (name = g_dir_read_name(directory)) != NULL;) {
		g_autofree char *full = g_build_filename(path, name, NULL);

		if (g_file_test(full, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(full, G_FILE_TEST_IS_SYMLINK))
			remove_folder(full);
		else
			unlink(full);
	}
	rmdir(path);
}

static void
box_close(Box *box)
{
	box->ops->close(box->source);
	g_string_free(box->seen, TRUE);
	g_ptr_array_unref(box->names);
	remove_folder(box->path);
	g_free(box->path);
}

static char *
path_of(const Box *box, const char *folder, const char *name)
{
	return g_build_filename(box->path, folder, name, NULL);
}

static void
put(const Box *box, const char *name, const char *bytes, gssize length)
{
	g_autofree char *path = path_of(box, "new", name);
	struct utimbuf times = { 1700000000, 1700000000 };

	g_assert_true(g_file_set_contents(path, bytes, length, NULL));
	g_assert_cmpint(utime(path, &times), ==, 0);
}

static bool
has(const Box *box, const char *folder, const char *name)
{
	g_autofree char *path = path_of(box, folder, name);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool
take(void *data, const RawMail *mail, GError **error)
{
	Box *box = data;

	(void)error;
	g_assert_cmpuint(mail->uid, ==, 0);
	g_string_append_printf(box->seen,
	    "%s %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT " %zu %d;", mail->name,
	    mail->received, mail->size, g_bytes_get_size(mail->bytes),
	    !mail->truncated);
	g_ptr_array_add(box->names, g_strdup(mail->name));
	return true;
}

static bool
asking(void *data, guint32 uidvalidity, guint32 first, guint32 last,
    GError **error)
{
	(void)data;
	(void)uidvalidity;
	(void)first;
	(void)last;
	(void)error;
	g_assert_not_reached(); /* nothing that is asked can end us */
}

static bool
refused(void *data, const RawMail *mail, const char *why, GError **error)
{
	Box *box = data;

	(void)error;
	g_string_append_printf(box->seen, "%s is %s;", mail->name, why);
	return true;
}

static bool
gone(void *data, const SourceMark *mark, GError **error)
{
	Box *box = data;

	(void)error;
	g_string_append_printf(box->seen, "%s is gone;", mark->name);
	return true;
}

static const SourceTaker taker = { take, asking, refused, gone, NULL };

static bool
refuse(void *data, const RawMail *mail, GError **error)
{
	(void)mail;
	++*(int *)data;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY, "enough");
	return false;
}

static void
look(Box *box)
{
	g_autoptr(GError) error = NULL;
	guint32 uidvalidity = 0, uid = 0;

	g_string_truncate(box->seen, 0);
	box->ops->look(box->source, &uidvalidity, &uid, &taker, box, &error);
	g_assert_no_error(error);
}

/* By delivery time, then name; each once; and what is no mail is none. */
static void
test_look(void)
{
	Box box = { 0 };
	g_autofree char *link = NULL;
	g_autofree char *folder = NULL;
	g_autofree char *fifo = NULL;

	box_open(&box, DONE_MOVE);
	put(&box, "1795190500.b.host", "two", -1);
	put(&box, "1795190500.a.host", "one", -1);
	put(&box, "1795190400.z.host", "zero", -1);
	put(&box, "unnamed", "by mtime", -1);
	put(&box, "99", "no dot", -1);
	put(&box, "123456789012.x", "absurd", -1);
	put(&box, ".hidden", "no", -1);
	link = path_of(&box, "new", "1.link");
	g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
	folder = path_of(&box, "new", "2.folder");
	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	fifo = path_of(&box, "new", "3.fifo");
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	look(&box);
	g_assert_cmpstr(box.seen->str, ==,
	    "1.link is a symbolic link, no mail;"
	    "2.folder is a folder, no mail;3.fifo is a FIFO, no mail;"
	    "123456789012.x 1700000000 6 6 1;99 1700000000 6 6 1;"
	    "unnamed 1700000000 8 8 1;1795190400.z.host 1795190400 4 4 1;"
	    "1795190500.a.host 1795190500 3 3 1;"
	    "1795190500.b.host 1795190500 3 3 1;");
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "");
	put(&box, "1795190300.late", "", 0);
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "1795190300.late 1795190300 0 0 1;");
	box_close(&box);
}

/* Names of any bytes cross as ASCII and come back. */
static void
test_names(void)
{
	static const struct {
		const char *file, *name;
	} rows[] = {
		{ "1.plain:2,S", "1.plain:2,S" },
		{ "2.\xc3\xa9", "2.%C3%A9" },
		{ "3.\xff\x01\n", "3.%FF%01%0A" },
		{ "4. 100%", "4.%20100%25" },
	};
	Box box = { 0 };

	box_open(&box, DONE_MOVE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		put(&box, rows[i].file, "x", 1);
	look(&box);
	g_assert_cmpuint(box.names->len, ==, G_N_ELEMENTS(rows));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *moved = i == 0
		    ? g_strdup(rows[i].file)
		    : g_strconcat(rows[i].file, ":2,", NULL);

		g_assert_cmpstr(box.names->pdata[i], ==, rows[i].name);
		box_done(&box, rows[i].name, &error);
		g_assert_no_error(error);
		g_assert_false(has(&box, "new", rows[i].file));
		g_assert_true(has(&box, "cur", moved));
	}
	box_close(&box);
}

static void
test_done(void)
{
	static const char *const bad[] = { "", "../cur/x", "%2E%2E", ".x", "%",
		"%0", "%zz", "a%00b", "a%2Fb", "/etc/passwd" };
	Box box = { 0 };

	box_open(&box, DONE_MOVE);
	put(&box, "1.a", "one", -1);
	look(&box);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_test_message("%s", bad[i]);
		g_assert_false(box_done(&box, bad[i], &error));
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	}
	g_assert_true(box_done(&box, "1.a", NULL));
	g_assert_true(has(&box, "cur", "1.a:2,"));
	/* Gone is done; the same name again never overwrites. */
	g_assert_true(box_done(&box, "1.a", NULL));
	put(&box, "1.a", "another", -1);
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "1.a 1 7 7 1;");
	g_assert_false(box_done(&box, "1.a", NULL));
	g_assert_true(has(&box, "new", "1.a"));
	box_close(&box);

	box_open(&box, DONE_NOTHING);
	put(&box, "1.a", "one", -1);
	look(&box);
	g_assert_true(box_done(&box, "1.a", NULL));
	g_assert_true(has(&box, "new", "1.a"));
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "");
	box_close(&box);
}

static void
test_limit(void)
{
	g_autofree char *big = g_malloc0(LIMIT_MAIL_BYTES + 1);
	Box box = { 0 };

	box_open(&box, DONE_MOVE);
	put(&box, "1.limit", big, LIMIT_MAIL_BYTES);
	put(&box, "2.over", big, LIMIT_MAIL_BYTES + 1);
	look(&box);
	g_assert_cmpstr(box.seen->str, ==,
	    "1.limit 1 26214400 26214400 1;2.over 2 26214401 327680 0;");
	box_close(&box);
}

/* A look that is stopped gives the mail again; one that cannot be read does
 * not hold up the others, and is told. */
static void
test_stopped(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	const SourceTaker stops = { refuse, asking, refused, gone, NULL };
	guint32 none = 0;
	Box box = { 0 };
	int calls = 0;

	box_open(&box, DONE_MOVE);
	put(&box, "1.a", "one", -1);
	put(&box, "2.b", "two", -1);
	g_assert_false(
	    box.ops->look(box.source, &none, &none, &stops, &calls, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY);
	g_assert_cmpint(calls, ==, 1);
	g_clear_error(&error);
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "1.a 1 3 3 1;2.b 2 3 3 1;");

	if (geteuid() == 0) {
		box_close(&box);
		g_test_skip("root reads everything");
		return;
	}
	put(&box, "3.c", "three", -1);
	put(&box, "4.d", "four", -1);
	path = path_of(&box, "new", "3.c");
	g_assert_cmpint(g_chmod(path, 0), ==, 0);
	g_string_truncate(box.seen, 0);
	g_assert_false(
	    box.ops->look(box.source, &none, &none, &taker, &box, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_assert_cmpstr(box.seen->str, ==, "4.d 4 4 4 1;");
	box_close(&box);
}

static void
test_wait(void)
{
	g_autoptr(GError) error = NULL;
	Box box = { 0 };
	gint64 began = g_get_monotonic_time();
	int pair[2];

	box_open(&box, DONE_MOVE);
	g_assert_cmpint(pipe(pair), ==, 0);
	put(&box, "1.a", "one", -1);
	box.ops->wait(box.source, pair[0], 600, &error);
	g_assert_no_error(error);
	look(&box);
	g_assert_cmpint(write(pair[1], "x", 1), ==, 1);
	box.ops->wait(box.source, pair[0], 600, &error);
	g_assert_cmpint(g_get_monotonic_time() - began, <,
	    300 * G_USEC_PER_SEC);
	close(pair[0]);
	close(pair[1]);
	box_close(&box);
}

/* ---- what another program moved to cur/ ---- */

static void
open_again(Box *box, const char *known)
{
	g_autoptr(GError) error = NULL;

	box->ops->close(box->source);
	if (known != NULL) {
		g_autoptr(GBytes) bytes = g_bytes_new(known, strlen(known));

		source_conf_take_known(&box->conf, bytes);
	}
	box->source = box->ops->open(&box->conf, &error);
	g_assert_no_error(error);
	g_clear_pointer(&box->conf.aside, g_hash_table_unref);
	g_clear_pointer(&box->conf.taken, g_hash_table_unref);
}

static void
open_it(const Box *box, const char *file, const char *as)
{
	g_autofree char *from = path_of(box, "new", file);
	g_autofree char *to = path_of(box, "cur", as);

	g_assert_cmpint(g_rename(from, to), ==, 0);
}

/* What somebody opened while nobody looked is taken, and what was taken is
 * not, whatever flags it has got. */
static void
test_opened_first(void)
{
	static const char *const flags[] = { "", ":2,", ":2,S", ":2,FRS",
		":2,STab" };
	Box box = { 0 };

	box_open(&box, DONE_MOVE);
	box.conf.first_look = 100;
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
		g_autofree char *file = g_strdup_printf("%zu.M%zu.h%%", 200 + i,
		    i);
		g_autofree char *as = g_strconcat(file, flags[i], NULL);

		put(&box, file, "one", 3);
		open_it(&box, file, as);
	}
	put(&box, "99.before.h", "old", 3);
	open_it(&box, "99.before.h", "99.before.h:2,S");
	open_again(&box, "t200.M0.h%25\nt203.M3.h%25\n");
	look(&box);
	g_assert_cmpstr(box.seen->str, ==,
	    "201.M1.h%25 201 3 3 1;202.M2.h%25 202 3 3 1;"
	    "204.M4.h%25 204 3 3 1;");
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "");
	/* Marking them is nothing that fails. */
	g_assert_true(box_done(&box, "201.M1.h%25", NULL));
	box_close(&box);
}

/* At the first look cur/ is what was there before, unless all is wanted. */
static void
test_first_look_of_cur(void)
{
	Box box = { 0 };

	box_open(&box, DONE_MOVE);
	put(&box, "1.a", "one", 3);
	open_it(&box, "1.a", "1.a:2,S");
	put(&box, "2.b", "two", 3);
	box.conf.first_look = INSTANT_NONE;
	open_again(&box, NULL);
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "2.b 2 3 3 1;");
	box.conf.since_all = true;
	open_again(&box, "t2.b\n");
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "1.a 1 3 3 1;2.b 2 3 3 1;");
	box_close(&box);
}

/* What is no mail is passed over once the desk knows it, and asked for again
 * by name: then it may be one, or gone. */
static void
test_aside(void)
{
	SourceMark *mark = source_mark_new(0, 0, "1.fifo");
	g_autofree char *fifo = NULL;
	Box box = { 0 };

	box_open(&box, DONE_MOVE);
	fifo = path_of(&box, "new", "1.fifo");
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	open_again(&box, "a0/0/1.fifo\n");
	look(&box);
	g_assert_cmpstr(box.seen->str, ==, "");
	g_assert_true(box.ops->again(box.source, mark, &taker, &box, NULL));
	g_assert_cmpstr(box.seen->str, ==, "1.fifo is a FIFO, no mail;");
	unlink(fifo);
	g_assert_true(box.ops->again(box.source, mark, &taker, &box, NULL));
	put(&box, "1.fifo", "mail", 4);
	g_assert_true(box.ops->again(box.source, mark, &taker, &box, NULL));
	g_assert_cmpstr(box.seen->str, ==,
	    "1.fifo is a FIFO, no mail;1.fifo is gone;1.fifo 1 4 4 1;");
	source_mark_free(mark);
	box_close(&box);
}

static void
test_served_folder(void)
{
	static const char *const files[] = { "dovecot-uidlist",
		"dovecot.index.log", "courierimapuiddb" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = NULL;
		Box box = { 0 };

		box_open(&box, DONE_MOVE);
		g_assert_null(box.ops->warning(box.source));
		path = g_build_filename(box.path, files[i], NULL);
		g_assert_true(g_file_set_contents(path, "", 0, NULL));
		open_again(&box, NULL);
		g_assert_nonnull(
		    strstr(box.ops->warning(box.source), files[i]));
		box_close(&box);
	}
}

static void
test_no_maildir(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_dir_make_tmp("guichet-XXXXXX", NULL);
	SourceConf conf = { .kind = (char *)"maildir", .path = path };
	g_autofree char *link = g_build_filename(path, "new", NULL);

	g_assert_null(source_ops("maildir")->open(&conf, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_clear_error(&error);
	g_assert_cmpint(symlink("/tmp", link), ==, 0);
	g_assert_null(source_ops("maildir")->open(&conf, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	remove_folder(path);
	g_assert_null(source_ops("pop3"));
	g_assert_null(source_ops(NULL));
}

static void
test_conf(void)
{
	SourceConf conf = { .kind = (char *)"imap",
		.name = (char *)"support",
		.host = (char *)"mail.example.com",
		.port = 993,
		.user = (char *)"anne",
		.password = (char *)"s3cret",
		.folder = (char *)"Boîte",
		.since_all = true,
		.first_look = 1795190400,
		.done = DONE_MOVE,
		.done_name = (char *)"Vus",
		.poll = 60 };
	g_autoptr(GVariant) variant = g_variant_ref_sink(
	    source_conf_to_variant(&conf));
	g_autoptr(SourceConf) back = source_conf_from_variant(variant);
	g_autoptr(GVariant) again = g_variant_ref_sink(
	    source_conf_to_variant(back));

	g_assert_true(g_variant_equal(variant, again));
	g_assert_cmpstr(back->folder, ==, "Boîte");
	g_assert_cmpint(back->done, ==, DONE_MOVE);
	g_assert_cmpint(back->first_look, ==, 1795190400);
	g_assert_null(back->ca_file);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/source-maildir/look", test_look);
	g_test_add_func("/source-maildir/names", test_names);
	g_test_add_func("/source-maildir/done", test_done);
	g_test_add_func("/source-maildir/limit", test_limit);
	g_test_add_func("/source-maildir/stopped", test_stopped);
	g_test_add_func("/source-maildir/wait", test_wait);
	g_test_add_func("/source-maildir/opened-first", test_opened_first);
	g_test_add_func("/source-maildir/first-look-of-cur",
	    test_first_look_of_cur);
	g_test_add_func("/source-maildir/aside", test_aside);
	g_test_add_func("/source-maildir/served-folder", test_served_folder);
	g_test_add_func("/source-maildir/no-maildir", test_no_maildir);
	g_test_add_func("/source/conf", test_conf);
	return g_test_run();
}
