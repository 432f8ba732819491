#include "guichet/daemon/readers.h"

#include "fake-reader.h"

#define LONG_ENOUGH 600000 /* milliseconds: for a reader that is no test */

typedef struct {
	Loop *loop;
	Readers *readers;
	char *release; /* a file: told("wait") */
	guint expected;
	GString *story; /* "1:ok(1) 2:lost ..." */
	guint broken;
} Scene;

static void
on_done(void *data, gint64 id, Message *message, const char *why)
{
	Scene *scene = data;

	if (message != NULL)
		g_string_append_printf(scene->story, "%d:ok(%s) ", (int)id,
		    message_header(message, "X-Count"));
	else
		g_string_append_printf(scene->story, "%d:lost ", (int)id);
	g_assert_true((message == NULL) == (why != NULL));
	message_free(message);
	if (scene->release != NULL)
		g_assert_true(g_file_set_contents(scene->release, "", 0, NULL));
	/* Who comes after one that stalls has time. */
	readers_set_patience(scene->readers, LONG_ENOUGH);
	if (--scene->expected == 0)
		loop_quit(scene->loop);
}

static void
on_broken(void *data, const char *why, guint failures, Seconds pause)
{
	Scene *scene = data;

	g_assert_nonnull(why);
	g_assert_cmpint(pause, ==, 1);
	scene->broken = failures;
	loop_quit(scene->loop);
}

static const ReadersOps ops = { on_done, on_broken };

static void
scene_begin(Scene *scene, int count)
{
	scene->loop = loop_new();
	scene->readers = readers_new(scene->loop, count, &ops, scene);
	readers_set_patience(scene->readers, LONG_ENOUGH);
	scene->story = g_string_new(NULL);
}

static void
scene_end(Scene *scene)
{
	readers_free(scene->readers);
	loop_free(scene->loop);
	g_string_free(scene->story, TRUE);
}

static void
submit(Scene *scene, gint64 id, const char *head, ReadersHow how)
{
	g_autofree char *mail = g_strdup_printf(
	    "From: claire@example.com\r\n%s\r\n\r\nBonjour\r\n", head);
	g_autoptr(GBytes) raw = g_bytes_new(mail, strlen(mail));

	scene->expected++;
	readers_submit(scene->readers, id, raw, how);
}

/* One reader: what becomes of each mail, and who saw how many before it. */
static void
test_fates(void)
{
	static const struct {
		const char *heads[5];
		int fresh; /* index of the mail that wants a fresh reader */
		const char *story;
	} rows[] = {
		{ { "Subject: a", "Subject: b" }, -1, "1:ok(1) 2:ok(2) " },
		{ { "Subject: a", "X-Do: die", "Subject: c" }, -1,
		    "1:ok(1) 2:lost 3:ok(1) " },
		{ { "Subject: a", "X-Do: lie", "Subject: c" }, -1,
		    "1:ok(1) 2:lost 3:ok(1) " },
		{ { "X-Do: stall", "Subject: b" }, -1, "1:lost 2:ok(1) " },
		{ { "X-Do: stop", "Subject: b" }, -1, "1:lost 2:ok(1) " },
		/* nobody sees two tokens, nor anything beside one */
		{ { "Subject: a", "Subject: b", "Subject: c" }, 1,
		    "1:ok(1) 2:ok(1) 3:ok(1) " },
		{ { "X-Do: die", "X-Do: die", "X-Do: die" }, -1,
		    "1:lost 2:lost 3:lost " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Scene scene = { 0 };

		g_test_message("row %d", (int)i);
		scene_begin(&scene, 1);
		for (int m = 0; rows[i].heads[m] != NULL; m++) {
			if (strstr(rows[i].heads[m], "X-Do: st") != NULL)
				readers_set_patience(scene.readers, 100);
			submit(&scene, m + 1, rows[i].heads[m],
			    m == rows[i].fresh ? READERS_FRESH : 0);
		}
		g_assert_true(loop_run(scene.loop, NULL));
		g_assert_cmpstr(scene.story->str, ==, rows[i].story);
		g_assert_cmpuint(readers_busy(scene.readers), ==, 0);
		scene_end(&scene);
	}
}

/* Two readers: the slow mail, which waits for the quick one's end, does not
 * hold it up. */
static void
test_parallel(void)
{
	g_autofree char *folder = g_dir_make_tmp("guichet-XXXXXX", NULL);
	g_autofree char *release = g_build_filename(folder, "release", NULL);
	Scene scene = { .release = release };

	tell_children("wait", release);
	scene_begin(&scene, 2);
	submit(&scene, 1, "X-Do: wait", 0);
	submit(&scene, 2, "Subject: quick", 0);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==, "2:ok(1) 1:ok(1) ");
	scene_end(&scene);
	tell_children("wait", NULL);
	g_unlink(release);
	g_rmdir(folder);
}

/* One reader: what others wait for goes before all that wait, and the log can
 * tell who has which. */
static void
test_first(void)
{
	Scene scene = { 0 };
	g_autofree char *second = NULL;

	scene_begin(&scene, 1);
	submit(&scene, 1, "Subject: a", 0);
	submit(&scene, 2, "Subject: b", 0);
	submit(&scene, 3, "Subject: head", READERS_FIRST);
	second = readers_holder(scene.readers, 2);
	g_assert_cmpstr(second, ==, "the queue of 3 mails for 1 readers");
	g_assert_null(readers_holder(scene.readers, 4));
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==, "3:ok(1) 1:ok(2) 2:ok(3) ");
	scene_end(&scene);
}

/* No process to be had is nobody's fault: the mail waits. */
static void
test_broken(void)
{
	Scene scene = { 0 };

	tell_children("broken", "");
	scene_begin(&scene, 1);
	submit(&scene, 1, "Subject: a", 0);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpuint(scene.broken, ==, 1);
	g_assert_cmpstr(scene.story->str, ==, "");
	g_assert_cmpuint(readers_busy(scene.readers), ==, 1);
	scene_end(&scene);
	tell_children("broken", NULL);
}

int
main(int argc, char **argv)
{
	if (argc == 4 && g_str_equal(argv[1], "--child")) {
		g_autofree char *broken = told("broken");

		if (broken != NULL)
			return 1;
		return fake_read_main();
	}
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/readers/fates", test_fates);
	g_test_add_func("/readers/parallel", test_parallel);
	g_test_add_func("/readers/first", test_first);
	g_test_add_func("/readers/broken", test_broken);
	return g_test_run();
}
