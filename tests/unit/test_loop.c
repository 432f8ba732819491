#include "guichet/base/log.h"
#include "guichet/base/random.h"
#include "guichet/cmd/app.h"
#include "guichet/daemon/control.h"
#include "guichet/daemon/loop.h"
#include "guichet/daemon/service.h"
#include "guichet/daemon/worker.h"

#include <glib/gstdio.h>

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- loop ---- */

typedef struct {
	Loop *loop;
	GString *story;
	int pipe[2];
	guint watch;
	guint timer;
} Scene;

static void
scene_begin(Scene *scene)
{
	scene->loop = loop_new();
	scene->story = g_string_new(NULL);
	g_assert_cmpint(pipe(scene->pipe), ==, 0);
}

static void
scene_end(Scene *scene)
{
	loop_free(scene->loop);
	g_string_free(scene->story, TRUE);
	close(scene->pipe[0]);
	close(scene->pipe[1]);
}

static void
tell_b(void *data)
{
	g_string_append_c(((Scene *)data)->story, 'b');
}

static void
tell_a(void *data)
{
	Scene *scene = data;

	g_string_append_c(scene->story, 'a');
	/* One more from inside, and one that never comes. */
	loop_after(scene->loop, 0, tell_b, scene);
	loop_cancel(scene->loop, loop_after(scene->loop, 0, tell_b, scene));
}

static void
quit(void *data)
{
	loop_quit(((Scene *)data)->loop);
}

static void
test_timers(void)
{
	Scene scene = { 0 };

	scene_begin(&scene);
	loop_after(scene.loop, 30, quit, &scene);
	loop_after(scene.loop, 0, tell_a, &scene);
	loop_cancel(scene.loop, 0);
	loop_cancel(scene.loop, 4711);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==, "ab");
	scene_end(&scene);
}

static void
on_pipe(void *data, short events)
{
	Scene *scene = data;
	char c;

	g_assert_true((events & POLLIN) != 0);
	g_assert_cmpint(read(scene->pipe[0], &c, 1), ==, 1);
	g_string_append_c(scene->story, c);
	if (c == 'z') {
		loop_unwatch(scene->loop, scene->watch);
		loop_quit(scene->loop);
	}
}

static void
test_watch(void)
{
	Scene scene = { 0 };

	scene_begin(&scene);
	g_assert_cmpint(write(scene.pipe[1], "xyz!", 4), ==, 4);
	scene.watch = loop_watch(scene.loop, scene.pipe[0], POLLIN, on_pipe,
	    &scene);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==, "xyz");
	loop_unwatch(scene.loop, scene.watch);
	scene_end(&scene);
}

static bool
on_turn(void *data)
{
	Scene *scene = data;

	g_string_append_c(scene->story, 't');
	if (scene->story->len == 3)
		loop_quit(scene->loop);
	return true;
}

static void
test_turn(void)
{
	Scene scene = { 0 };

	scene_begin(&scene);
	loop_on_turn(scene.loop, on_turn, &scene);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==, "ttt");
	scene_end(&scene);
}

static void
on_hangup_signal(void *data)
{
	g_string_append_c(((Scene *)data)->story, 'h');
	loop_quit(((Scene *)data)->loop);
}

static void
test_signals(void)
{
	Scene scene = { 0 };
	sigset_t set;

	scene_begin(&scene);
	g_assert_true(loop_on_signal(scene.loop, SIGTERM, quit, &scene, NULL));
	g_assert_true(
	    loop_on_signal(scene.loop, SIGHUP, on_hangup_signal, &scene, NULL));
	raise(SIGHUP);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==, "h");
	scene_end(&scene);
	sigprocmask(SIG_SETMASK, NULL, &set);
	g_assert_false(sigismember(&set, SIGHUP));
}

/* ---- log, random ---- */

static void
test_log(void)
{
	static const struct {
		const char *value, *line;
	} rows[] = {
		{ "support", "e k=support" },
		{ "", "e k=\"\"" },
		{ "deux mots", "e k=\"deux mots\"" },
		{ "caf\xc3\xa9", "e k=caf\xc3\xa9" },
		{ "a\n<3>2026 forged", "e k=\"a\\n<3>2026 forged\"" },
		{ "\x1b[2J", "e k=\"\\u{1b}[2J\"" },
		{ "\"\\", "e k=\"\\\"\\\\\"" },
		{ "x\xff", "e k=\"x\\xff\"" },
		{ "\xe2\x80\xa8", "e k=\"\\u{2028}\"" },
		{ "\xe2\x80\xae", "e k=\"\\u{202e}\"" },
		{ "a=b", "e k=\"a=b\"" },
		{ NULL, "e" },
	};
	g_autofree char *huge = g_strnfill(10000, 'x');
	g_autofree char *cut = log_format("e", "k", huge, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *line = log_format("e", "k", rows[i].value,
		    NULL);

		g_assert_cmpstr(line, ==, rows[i].line);
	}
	g_assert_cmpuint(strlen(cut), <, 300);
	g_assert_true(g_str_has_suffix(cut, "..."));
}

static void
test_random(void)
{
	guint8 a[40], b[40];

	random_bytes(7, "message-id", 12, a, sizeof(a));
	random_bytes(7, "message-id", 12, b, sizeof(b));
	g_assert_cmpmem(a, sizeof(a), b, sizeof(b));
	random_bytes(7, "message-id", 13, b, sizeof(b));
	g_assert_cmpint(memcmp(a, b, sizeof(a)), !=, 0);
	random_bytes(8, "message-id", 12, b, sizeof(b));
	g_assert_cmpint(memcmp(a, b, sizeof(a)), !=, 0);
	random_bytes(7, "token", 12, b, sizeof(b));
	g_assert_cmpint(memcmp(a, b, sizeof(a)), !=, 0);
	random_bytes(0, "token", 12, a, sizeof(a));
	random_bytes(0, "token", 12, b, sizeof(b));
	g_assert_cmpint(memcmp(a, b, sizeof(a)), !=, 0);
}

/* ---- workers ---- */

static void
test_pauses(void)
{
	static const Seconds pauses[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300,
		300 };

	for (guint i = 0; i < G_N_ELEMENTS(pauses); i++)
		g_assert_cmpint(worker_pause(i), ==, pauses[i]);
	g_assert_cmpint(worker_pause(G_MAXUINT), ==, 300);
	/* Never more than four tries in ten minutes: fail2ban counts five. */
	g_assert_cmpint(worker_refusal_pause(1), ==, 300);
	g_assert_cmpint(worker_refusal_pause(2), ==, 600);
	g_assert_cmpint(worker_refusal_pause(G_MAXUINT), ==, 900);
	g_assert_cmpuint(worker_failures(5, 59), ==, 6);
	g_assert_cmpuint(worker_failures(5, 60), ==, 1);
}

static void
on_started(void *data, Worker *worker)
{
	g_string_append(((Scene *)data)->story, "up ");
	for (int i = 0; i < 2000; i++) { /* far more than a socket holds */
		GVariantDict args;

		g_variant_dict_init(&args, NULL);
		g_variant_dict_insert(&args, "n", "i", i);
		worker_say(worker, i < 1999 ? "count" : "tell",
		    g_variant_dict_end(&args), -1);
	}
}

static void
on_heard(void *data, Worker *worker, Frame *frame)
{
	g_string_append_printf(((Scene *)data)->story, "%s:%d ", frame->verb,
	    (int)frame_int(frame, "n", -1));
	worker_say(worker, "die", NULL, -1);
}

static void
on_died(void *data, Worker *worker, const char *why, Seconds pause)
{
	Scene *scene = data;

	g_string_append_printf(scene->story, "down(%s, %d) ", why, (int)pause);
	g_assert_false(worker_is_up(worker));
	worker_say(worker, "lost", NULL, -1);
	worker_hang_up(worker); /* and no new start */
	loop_quit(scene->loop);
}

static void
test_worker(void)
{
	static const WorkerOps ops = { on_started, on_heard, on_died };
	Scene scene = { 0 };
	Worker *worker;

	scene_begin(&scene);
	worker = worker_new(scene.loop, "counter", "one", &ops, &scene);
	worker_start(worker);
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpstr(scene.story->str, ==,
	    "up heard:2000 down(ended with code 9, 1) ");
	worker_free(worker);
	scene_end(&scene);
}

static void
on_heard_forgiving(void *data, Worker *worker, Frame *frame)
{
	worker_forgive(worker);
	on_heard(data, worker, frame);
}

static void
on_died_twice(void *data, Worker *worker, const char *why, Seconds pause)
{
	Scene *scene = data;
	bool again = strstr(scene->story->str, "down") != NULL;

	(void)worker;
	g_string_append_printf(scene->story, "down(%s, %d) ", why, (int)pause);
	if (again)
		loop_quit(scene->loop);
}

/* Who got something done is started at once each time, else ever later. */
static void
test_forgiven(void)
{
	static const WorkerOps ops[] = { { on_started, on_heard,
					     on_died_twice },
		{ on_started, on_heard_forgiving, on_died_twice } };

	for (gsize i = 0; i < G_N_ELEMENTS(ops); i++) {
		Scene scene = { 0 };
		Worker *worker;

		scene_begin(&scene);
		worker = worker_new(scene.loop, "counter", "one", &ops[i],
		    &scene);
		worker_start(worker);
		g_assert_true(loop_run(scene.loop, NULL));
		g_assert_cmpstr(scene.story->str, ==,
		    i == 0 ? "up heard:2000 down(ended with code 9, 1) "
			     "up heard:2000 down(ended with code 9, 2) "
			   : "up heard:2000 down(ended with code 9, 1) "
			     "up heard:2000 down(ended with code 9, 1) ");
		worker_free(worker);
		scene_end(&scene);
	}
}

static int
counter_main(void)
{
	for (int count = 1;; count++) {
		g_autoptr(Frame) frame = NULL;
		GVariantDict args;

		if (!frame_receive(CHILD_SOCKET, &frame, NULL) || frame == NULL)
			return 0;
		if (g_str_equal(frame->verb, "die"))
			return 9;
		if (!g_str_equal(frame->verb, "tell"))
			continue;
		g_variant_dict_init(&args, NULL);
		g_variant_dict_insert(&args, "n", "i", count);
		frame_send(CHILD_SOCKET, "heard", g_variant_dict_end(&args), -1,
		    NULL);
	}
}

/* ---- the control socket ---- */

static int
on_request(void *data, const ControlRequest *request, GString *out,
    GString *err)
{
	Scene *scene = data;
	char **argv = request->argv;
	g_autofree char *words = g_strjoinv("|", argv);

	g_assert_cmpstr(request->login, ==, "daemon");
	g_string_append(out, words);
	g_string_append(err, "m\xc3\xa9mo\n");
	if (g_str_equal(argv[0], "quit"))
		loop_quit(scene->loop);
	return (int)g_strv_length(argv);
}

static void
ask(const char *store, const char *const *argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	g_autofree char *words = g_strjoinv("|", (char **)argv);
	int code = -1;

	if (control_call(store, argv, &code, &out, &err, &error) !=
		CONTROL_ANSWERED ||
	    code != (int)g_strv_length((char **)argv) ||
	    strcmp(out, words) != 0 || strcmp(err, "m\xc3\xa9mo\n") != 0)
		_exit(1);
}

static void
test_control(void)
{
	g_autofree char *folder = g_dir_make_tmp("guichet-XXXXXX", NULL);
	g_autofree char *deep = g_build_filename(folder,
	    "un-dossier-au-nom-bien-plus-long-que-ce-que-peut-contenir-une-"
	    "adresse-de-socket-UNIX-qui-s-arrete-a-cent-huit-octets",
	    NULL);
	g_autofree char *store = g_build_filename(deep, "guichet.db", NULL);
	g_autofree char *path = g_strconcat(store, ".sock", NULL);
	g_autofree char *huge = g_strnfill(500000, 'x');
	const char *const note[] = { "note", "12", huge, NULL };
	const char *const quits[] = { "quit", NULL };
	Scene scene = { 0 };
	struct stat status;
	int code, wait;
	char *text = NULL;
	pid_t pid;

	g_assert_cmpint(g_mkdir(deep, 0700), ==, 0);
	g_assert_cmpint(control_call(store, quits, &code, &text, &text, NULL),
	    ==, CONTROL_NO_DESK);
	/* What a killed desk left behind is in nobody's way. */
	g_assert_true(g_file_set_contents(path, "", 0, NULL));
	g_assert_cmpint(control_call(store, quits, &code, &text, &text, NULL),
	    ==, CONTROL_NO_DESK);

	scene_begin(&scene);
	Control *control = control_listen(scene.loop, store, on_request, &scene,
	    NULL);
	g_assert_nonnull(control);
	g_assert_cmpint(stat(path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	pid = fork();
	if (pid == 0) {
		g_setenv("SUDO_USER", "daemon", true);
		ask(store, note);
		ask(store, quits);
		_exit(0);
	}
	g_assert_true(loop_run(scene.loop, NULL));
	g_assert_cmpint(waitpid(pid, &wait, 0), ==, pid);
	g_assert_cmpint(wait, ==, 0);
	control_free(control);
	scene_end(&scene);
	g_assert_cmpint(control_call(store, quits, &code, &text, &text, NULL),
	    ==, CONTROL_NO_DESK);
	g_assert_cmpint(g_rmdir(deep), ==, 0);
	g_rmdir(folder);
}

/* ---- systemd ---- */

/* Sends to the socket until it takes no more. */
static void
fill(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	while (sendto(fd, "x", 1, 0, (struct sockaddr *)&address,
		   sizeof(address)) == 1)
		continue;
	close(fd);
}

static void
test_service(void)
{
	g_autofree char *folder = g_dir_make_tmp("guichet-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "notify", NULL);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	char heard[32] = "";

	g_unsetenv("NOTIFY_SOCKET");
	service_notify("READY=1"); /* nobody: nothing happens */
	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)),
	    ==, 0);
	g_setenv("NOTIFY_SOCKET", path, TRUE);
	service_notify("STOPPING=1");
	g_unsetenv("NOTIFY_SOCKET");
	g_assert_cmpint(recv(fd, heard, sizeof(heard) - 1, 0), ==, 10);
	g_assert_cmpstr(heard, ==, "STOPPING=1");
	/* Nobody listens, and the queue is full: it goes on all the same. */
	g_setenv("NOTIFY_SOCKET", path, TRUE);
	fill(path);
	service_notify("WATCHDOG=1");
	g_unsetenv("NOTIFY_SOCKET");
	close(fd);
	g_unlink(path);
	g_rmdir(folder);

	g_unsetenv("WATCHDOG_PID");
	g_unsetenv("WATCHDOG_USEC");
	g_assert_cmpint(service_watchdog_interval(), ==, 0);
	g_setenv("WATCHDOG_USEC", "30000000", TRUE);
	g_assert_cmpint(service_watchdog_interval(), ==, 15000);
	g_setenv("WATCHDOG_PID", "1", TRUE);
	g_assert_cmpint(service_watchdog_interval(), ==, 0);
	g_unsetenv("WATCHDOG_PID");
	g_unsetenv("WATCHDOG_USEC");
}

/* ---- the command table ---- */

static void
test_nearest(void)
{
	static const Subcommand list = { "list", "", "", NULL };
	static const Subcommand run = { "run", "", "", NULL };
	static const Subcommand explain = { "explain", "", "", NULL };
	static const Subcommand *const among[] = { &list, &run, &explain };
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{ "lsit", "list" },
		{ "lst", "list" },
		{ "rum", "run" },
		{ "expalin", "explain" },
		{ "quarantine", NULL },
		{ "a-word-longer-than-any-name-of-a-command-could-be", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpstr(
		    app_nearest(rows[i].word, among, G_N_ELEMENTS(among)), ==,
		    rows[i].nearest);
}

int
main(int argc, char **argv)
{
	if (argc == 4 && g_str_equal(argv[1], "--child"))
		return counter_main();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/loop/timers", test_timers);
	g_test_add_func("/loop/watch", test_watch);
	g_test_add_func("/loop/turn", test_turn);
	g_test_add_func("/loop/signals", test_signals);
	g_test_add_func("/log", test_log);
	g_test_add_func("/random", test_random);
	g_test_add_func("/worker/pauses", test_pauses);
	g_test_add_func("/worker/life", test_worker);
	g_test_add_func("/worker/forgiven", test_forgiven);
	g_test_add_func("/control", test_control);
	g_test_add_func("/service", test_service);
	g_test_add_func("/app/nearest", test_nearest);
	return g_test_run();
}
