#include "guichet/base/error.h"
#include "guichet/wire/sink.h"

#include "../../src/wire/folders_private.h"
#include "../../src/wire/sink_private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	char *path;
	const SinkOps *ops;
	Sink *sink;
	bool refuse;
	int dots;
	char *text;
} Box;

static void
box_open(Box *box)
{
	g_autoptr(GError) error = NULL;
	SinkConf conf = { .kind = (char *)"maildir" };

	box->path = g_dir_make_tmp("guichet-XXXXXX", NULL);
	conf.path = box->path;
	box->ops = sink_ops("maildir");
	box->sink = box->ops->open(&conf, &error);
	g_assert_no_error(error);
}

static guint
count(const Box *box, const char *folder)
{
	g_autofree char *path = g_build_filename(box->path, folder, NULL);
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(directory) != NULL)
		n++;
	return n;
}

/* The only file of new/. */
static char *
only_file(const Box *box)
{
	g_autofree char *path = g_build_filename(box->path, "new", NULL);
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);

	return g_build_filename(path, g_dir_read_name(directory), NULL);
}

static void
box_close(Box *box)
{
	static const char *const folders[] = { "new", "cur", "tmp" };

	box->ops->close(box->sink);
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(box->path, folders[i],
		    NULL);
		g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);

		for (const char *name;
		     (name = g_dir_read_name(directory)) != NULL;) {
			g_autofree char *file = g_build_filename(path, name,
			    NULL);

			unlink(file);
		}
		rmdir(path);
	}
	rmdir(box->path);
	g_free(box->path);
	g_free(box->text);
}

static bool
answer(void *data)
{
	Box *box = data;

	/* Before the answer nothing may be seen. */
	g_assert_cmpuint(count(box, "new"), ==, 0);
	g_assert_cmpuint(count(box, "tmp"), ==, 1);
	box->dots++;
	return !box->refuse;
}

static SinkOutcome
deliver(Box *box, gint64 id, const char *from, const char *to, const char *body)
{
	g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
	SinkMail mail = { .from = from, .to = to, .bytes = bytes, .id = id };
	int code = 7;
	SinkOutcome outcome;

	g_clear_pointer(&box->text, g_free);
	outcome = box->ops->send(box->sink, &mail, answer, box, &code,
	    &box->text);
	g_assert_cmpint(code, ==, 0);
	g_assert_nonnull(box->text);
	return outcome;
}

static void
test_send(void)
{
	Box box = { 0 };
	g_autofree char *file = NULL;
	g_autofree char *seen = NULL;
	g_autofree char *name = NULL;
	g_autofree char *contents = NULL;

	box_open(&box);
	g_assert_cmpint(
	    deliver(&box, 5, "", "jean@client.example", "A: b\r\n\r\nmot\r\n"),
	    ==, SINK_SENT);
	file = only_file(&box);
	g_assert_true(g_file_get_contents(file, &contents, NULL, NULL));
	g_assert_cmpstr(contents, ==,
	    "Return-Path: <>\nDelivered-To: jean@client.example\n"
	    "A: b\n\nmot\n");
	g_assert_cmpuint(count(&box, "tmp"), ==, 0);

	/* Again, after a crash: it is there already, unread or read. */
	g_assert_cmpint(
	    deliver(&box, 5, "", "jean@client.example", "A: b\r\n\r\nmot\r\n"),
	    ==, SINK_SENT);
	g_assert_cmpuint(count(&box, "new"), ==, 1);
	name = g_path_get_basename(file);
	seen = g_strdup_printf("%s/cur/%s:2,S", box.path, name);
	g_assert_cmpint(g_rename(file, seen), ==, 0);
	g_assert_cmpint(
	    deliver(&box, 5, "", "jean@client.example", "A: b\r\n\r\nmot\r\n"),
	    ==, SINK_SENT);
	g_assert_cmpuint(count(&box, "new"), ==, 0);
	g_assert_cmpint(box.dots, ==, 1);

	/* Another store's row 5 is another mail. */
	g_assert_cmpint(
	    deliver(&box, 5, "", "jean@client.example", "A: c\r\n\r\n"), ==,
	    SINK_SENT);
	g_assert_cmpuint(count(&box, "new"), ==, 1);
	box_close(&box);
}

static void
test_refused(void)
{
	static const struct {
		const char *from, *to;
	} bad[] = {
		{ "", "" },
		{ "", "jean" },
		{ "", "jean@client.example\nBcc: x@y.example" },
		{ "x y@z.example", "jean@client.example" },
	};
	Box box = { .refuse = true };

	box_open(&box);
	g_assert_cmpint(deliver(&box, 1, "", "a@b.example", "x\r\n"), ==,
	    SINK_LATER);
	g_assert_cmpuint(count(&box, "new"), ==, 0);
	g_assert_cmpuint(count(&box, "tmp"), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(
		    deliver(&box, 2, bad[i].from, bad[i].to, "x\r\n"), ==,
		    SINK_NEVER);
	g_assert_cmpint(box.dots, ==, 1);
	/* A half-written file of a process that died is simply replaced. */
	box.refuse = false;
	g_assert_cmpint(deliver(&box, 1, "", "a@b.example", "x\r\n"), ==,
	    SINK_SENT);
	box_close(&box);
}

static void
test_line_ends(void)
{
	static const struct {
		const char *in, *crlf, *lf;
	} rows[] = {
		{ "", "", "" },
		{ "a", "a\r\n", "a\n" },
		{ "a\r\nb\r\n", "a\r\nb\r\n", "a\nb\n" },
		{ "a\nb", "a\r\nb\r\n", "a\nb\n" },
		{ "a\rb\r", "a\r\nb\r\n", "a\nb\n" },
		{ "\n.\r\n", "\r\n.\r\n", "\n.\n" },
		{ "\r.\r", "\r\n.\r\n", "\n.\n" },
		{ "a\n\r\nb", "a\r\n\r\nb\r\n", "a\n\nb\n" },
		{ "a\r\r\n", "a\r\n\r\n", "a\n\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GBytes) bytes = g_bytes_new(rows[i].in,
		    strlen(rows[i].in));
		g_autoptr(GString) crlf = sink_normal_bytes(bytes, true);
		g_autoptr(GString) lf = sink_normal_bytes(bytes, false);

		g_assert_cmpstr(crlf->str, ==, rows[i].crlf);
		g_assert_cmpstr(lf->str, ==, rows[i].lf);
	}
}

static void
test_folder_names(void)
{
	static const struct {
		const char *name, *encoded;
	} rows[] = {
		{ "INBOX", "INBOX" },
		{ "Vus/2026", "Vus/2026" },
		{ "Tom & Jerry", "Tom &- Jerry" },
		{ "Traités", "Trait&AOk-s" },
		{ "éà", "&AOkA4A-" },
		{ "~peter/mail/台北/日本語",
		    "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
		{ "😀", "&2D3eAA-" },
		{ "a\nb", NULL },
		{ "\xff", NULL },
		{ "", NULL },
	};
	g_autofree char *quoted = folders_quote("a\"b\\c");

	g_assert_cmpstr(quoted, ==, "\"a\\\"b\\\\c\"");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *encoded = folders_encode(rows[i].name);

		g_assert_cmpstr(encoded, ==, rows[i].encoded);
	}
}

static void
test_conf(void)
{
	SinkConf conf = { .kind = (char *)"smtp",
		.host = (char *)"smtp.example.com",
		.port = 465,
		.user = (char *)"desk",
		.password = (char *)"s3cret",
		.helo = (char *)"desk.example.com" };
	g_autoptr(GVariant) variant = g_variant_ref_sink(
	    sink_conf_to_variant(&conf));
	g_autoptr(SinkConf) back = sink_conf_from_variant(variant);
	g_autoptr(GVariant) again = g_variant_ref_sink(
	    sink_conf_to_variant(back));

	g_assert_true(g_variant_equal(variant, again));
	g_assert_cmpstr(back->password, ==, "s3cret");
	g_assert_null(back->path);
	g_assert_null(sink_ops("lmtp"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sink-maildir/send", test_send);
	g_test_add_func("/sink-maildir/refused", test_refused);
	g_test_add_func("/sink/line-ends", test_line_ends);
	g_test_add_func("/sink/conf", test_conf);
	g_test_add_func("/source-imap/folder-names", test_folder_names);
	return g_test_run();
}
