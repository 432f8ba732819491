/* fetch and send as processes, with this test as their desk. */
#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/daemon/hands.h"
#include "guichet/wire/sink.h"
#include "guichet/wire/source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	char *path; /* a Maildir */
	pid_t pid;
	int socket;
	gint64 beat; /* milliseconds between signs of life; 0: none */
} Desk;

static void
desk_begin(Desk *desk, int (*role)(const char *))
{
	static const char *const folders[] = { "new", "cur", "tmp" };
	int pair[2];

	desk->path = g_dir_make_tmp("guichet-XXXXXX", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(desk->path, folders[i],
		    NULL);

		g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
	}
	g_assert_cmpint(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
	desk->pid = fork();
	if (desk->pid == 0) {
		close(pair[0]);
		dup2(pair[1], CHILD_SOCKET);
		if (pair[1] != CHILD_SOCKET)
			close(pair[1]);
		_exit(role("test"));
	}
	close(pair[1]);
	desk->socket = pair[0];
	desk->beat = 0;
}

/* Closes the socket; the exit code. */
static int
desk_end(Desk *desk)
{
	static const char *const folders[] = { "new", "cur", "tmp" };
	int status;

	close(desk->socket);
	g_assert_cmpint(waitpid(desk->pid, &status, 0), ==, desk->pid);
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(desk->path, folders[i],
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
	rmdir(desk->path);
	g_free(desk->path);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
put(const Desk *desk, int number)
{
	g_autofree char *tmp = g_strdup_printf("%s/tmp/%d.mail", desk->path,
	    number);
	g_autofree char *path = g_strdup_printf("%s/new/%d.mail", desk->path,
	    number);

	g_assert_true(g_file_set_contents(tmp, "mot\n", 4, NULL));
	g_assert_cmpint(g_rename(tmp, path), ==, 0);
}

static bool
is_there(const Desk *desk, const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(desk->path, folder, name,
	    NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
say(const Desk *desk, const char *verb, GVariant *args, int fd)
{
	g_autoptr(GError) error = NULL;

	frame_send(desk->socket, verb, args, fd, &error);
	g_assert_no_error(error);
}

/* The next frame, but for the word that a mailbox's marks were looked at. */
static Frame *
hear(const Desk *desk, const char *verb)
{
	g_autoptr(GError) error = NULL;
	Frame *frame = NULL;

	do {
		g_clear_pointer(&frame, frame_free);
		frame_receive(desk->socket, &frame, &error);
		g_assert_no_error(error);
		g_assert_nonnull(frame);
	} while (strcmp(frame->verb, "weighed") == 0);
	g_assert_cmpstr(frame->verb, ==, verb);
	return frame;
}

static void
hear_among_beats(const Desk *desk, const char *verb)
{
	g_autoptr(Frame) frame = NULL;

	do {
		g_clear_pointer(&frame, frame_free);
		g_assert_true(frame_receive(desk->socket, &frame, NULL));
		g_assert_nonnull(frame);
	} while (strcmp(frame->verb, "beat") == 0 ||
	    strcmp(frame->verb, "weighed") == 0);
	g_assert_cmpstr(frame->verb, ==, verb);
}

/* It has nothing to say, and says it: more often than could have been on their
 * way. */
static void
hear_beats(const Desk *desk)
{
	for (int i = 0; i < 30; i++)
		frame_free(hear(desk, "beat"));
}

static void
start(const Desk *desk, GVariant *config, bool probe)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert_value(&args, "config", config);
	g_variant_dict_insert(&args, "probe", "b", probe);
	if (desk->beat > 0)
		g_variant_dict_insert(&args, "beat", "x", desk->beat);
	say(desk, "start", g_variant_dict_end(&args), -1);
}

static void
start_fetch(const Desk *desk, bool probe)
{
	SourceConf conf = { .kind = (char *)"maildir",
		.path = desk->path,
		.done = DONE_MOVE,
		.first_look = INSTANT_NONE,
		.poll = 600 };

	start(desk, source_conf_to_variant(&conf), probe);
}

static GVariant *
mail_args(const char *name)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", 0u);
	g_variant_dict_insert(&args, "uid", "u", 0u);
	g_variant_dict_insert(&args, "name", "s", name);
	return g_variant_dict_end(&args);
}

static void
test_fetch(void)
{
	Desk desk;
	g_autoptr(Frame) state = NULL;
	g_autoptr(Frame) mail = NULL;
	g_autoptr(Frame) idle = NULL;
	g_autoptr(Frame) marked = NULL;
	g_autoptr(Frame) again = NULL;
	g_autoptr(Frame) second = NULL;
	g_autoptr(GBytes) bytes = NULL;

	desk_begin(&desk, fetch_main);
	put(&desk, 1);
	start_fetch(&desk, false);
	state = hear(&desk, "state");
	g_assert_true(frame_bool(state, "ok"));
	mail = hear(&desk, "mail");
	g_assert_cmpint(frame_int(mail, "received", 0), ==, 1);
	g_assert_cmpint(frame_int(mail, "size", 0), ==, 4);
	g_assert_cmpstr(frame_string(mail, "name"), ==, "1.mail");
	bytes = frame_map(mail->fd, 100, NULL);
	g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
	    "mot\n", 4);
	frame_free(hear(&desk, "cursor")); /* there was a first look */
	idle = hear(&desk, "idle");
	say(&desk, "stored", mail_args("1.mail"), -1);
	/* Nothing is marked before it is asked for. */
	g_assert_true(is_there(&desk, "new", "1.mail"));
	say(&desk, "done", mail_args("1.mail"), -1);
	do {
		g_clear_pointer(&marked, frame_free);
		g_assert_true(frame_receive(desk.socket, &marked, NULL));
	} while (strcmp(marked->verb, "idle") == 0);
	g_assert_cmpstr(marked->verb, ==, "marked");
	g_assert_cmpstr(frame_string(marked, "name"), ==, "1.mail");
	g_assert_true(is_there(&desk, "cur", "1.mail:2,"));
	/* New mail wakes it without a word. */
	again = hear(&desk, "idle");
	put(&desk, 2);
	do {
		g_clear_pointer(&second, frame_free);
		g_assert_true(frame_receive(desk.socket, &second, NULL));
	} while (strcmp(second->verb, "idle") == 0);
	g_assert_cmpstr(frame_string(second, "name"), ==, "2.mail");
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);
}

/* Only so many mails are under way; each `stored` lets one more go. */
static void
test_flight(void)
{
	Desk desk;
	g_autoptr(Frame) refused = NULL;

	desk_begin(&desk, fetch_main);
	for (int i = 0; i < LIMIT_FLIGHT_MAILS + 2; i++)
		put(&desk, 100 + i);
	start_fetch(&desk, false);
	frame_free(hear(&desk, "state"));
	for (int i = 0; i < LIMIT_FLIGHT_MAILS; i++)
		frame_free(hear(&desk, "mail"));
	/* The answer to this would come behind a mail too many. */
	say(&desk, "done", mail_args("../x"), -1);
	refused = hear(&desk, "unmarkable");
	g_assert_cmpstr(frame_string(refused, "name"), ==, "../x");
	g_assert_nonnull(strstr(frame_string(refused, "text"), "no name"));
	for (int i = 0; i < 2; i++) {
		say(&desk, "stored", mail_args(""), -1);
		frame_free(hear(&desk, "mail"));
	}
	frame_free(hear(&desk, "cursor"));
	frame_free(hear(&desk, "idle"));
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);
}

static void
test_fetch_fails(void)
{
	SourceConf conf = { .kind = (char *)"maildir",
		.path = (char *)"/nonexistent" };
	Desk desk;
	g_autoptr(Frame) state = NULL;

	desk_begin(&desk, fetch_main);
	start(&desk, source_conf_to_variant(&conf), false);
	state = hear(&desk, "state");
	g_assert_false(frame_bool(state, "ok"));
	g_assert_true(frame_bool(state, "config"));
	g_assert_nonnull(strstr(frame_string(state, "text"), "/nonexistent"));
	g_assert_cmpint(desk_end(&desk), ==, 78);

	g_clear_pointer(&state, frame_free);
	desk_begin(&desk, fetch_main);
	put(&desk, 1);
	start_fetch(&desk, true);
	state = hear(&desk, "state");
	g_assert_true(frame_bool(state, "ok"));
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);

	desk_begin(&desk, fetch_main);
	say(&desk, "poll", NULL, -1);
	frame_free(hear(&desk, "state"));
	g_assert_cmpint(desk_end(&desk), ==, 75);

	desk_begin(&desk, fetch_main);
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);
}

static void
ask_to_send(const Desk *desk, gint64 id)
{
	static const char body[] = "Subject: mot\r\n\r\nBonjour\r\n";
	g_auto(Descriptor) fd = frame_memfd(body, strlen(body), NULL);
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", id);
	g_variant_dict_insert(&args, "from", "s", "");
	g_variant_dict_insert(&args, "to", "s", "jean@client.example");
	g_variant_dict_insert(&args, "notify", "b", FALSE);
	say(desk, "send", g_variant_dict_end(&args), fd);
}

static void
go(const Desk *desk, gint64 id)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", id);
	say(desk, "go", g_variant_dict_end(&args), -1);
}

static guint
delivered(const Desk *desk)
{
	g_autofree char *path = g_build_filename(desk->path, "new", NULL);
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	guint n = 0;

	while (g_dir_read_name(directory) != NULL)
		n++;
	return n;
}

static void
test_send(void)
{
	SinkConf conf = { .kind = (char *)"maildir" };
	Desk desk;

	desk_begin(&desk, send_main);
	conf.path = desk.path;
	start(&desk, sink_conf_to_variant(&conf), false);
	frame_free(hear(&desk, "state"));
	/* The second waits until the first is through. */
	ask_to_send(&desk, 41);
	ask_to_send(&desk, 42);
	for (gint64 id = 41; id <= 42; id++) {
		g_autoptr(Frame) dot = hear(&desk, "dot");
		g_autoptr(Frame) result = NULL;

		g_assert_cmpint(frame_int(dot, "id", 0), ==, id);
		g_assert_cmpuint(delivered(&desk), ==, id - 41);
		go(&desk, 7); /* another mail's leave is none */
		go(&desk, id);
		result = hear(&desk, "result");
		g_assert_cmpint(frame_int(result, "id", 0), ==, id);
		g_assert_cmpstr(frame_string(result, "outcome"), ==, "sent");
		g_assert_cmpuint(delivered(&desk), ==, id - 40);
	}
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);

	/* The desk dies before its `go`: nothing was delivered. */
	desk_begin(&desk, send_main);
	conf.path = desk.path;
	start(&desk, sink_conf_to_variant(&conf), false);
	frame_free(hear(&desk, "state"));
	ask_to_send(&desk, 1);
	frame_free(hear(&desk, "dot"));
	shutdown(desk.socket, SHUT_WR);
	g_assert_cmpuint(delivered(&desk), ==, 0);
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);
}

static void
test_send_fails(void)
{
	SinkConf conf = { .kind = (char *)"smtp",
		.host = (char *)"mail.example.com",
		.port = 25,
		.plain = true };
	Desk desk;
	g_autoptr(Frame) state = NULL;

	desk_begin(&desk, send_main);
	start(&desk, sink_conf_to_variant(&conf), true);
	state = hear(&desk, "state");
	g_assert_false(frame_bool(state, "ok"));
	g_assert_true(frame_bool(state, "config"));
	g_assert_cmpint(desk_end(&desk), ==, 78);
}

/* ---- signs of life ---- */

/* While it waits for the desk to store mails, and for new mail. */
static void
test_fetch_beats(void)
{
	Desk desk;

	desk_begin(&desk, fetch_main);
	desk.beat = 1;
	for (int i = 0; i <= LIMIT_FLIGHT_MAILS; i++)
		put(&desk, 100 + i);
	start_fetch(&desk, false);
	hear_among_beats(&desk, "state");
	for (int i = 0; i < LIMIT_FLIGHT_MAILS; i++)
		hear_among_beats(&desk, "mail");
	hear_beats(&desk);
	say(&desk, "stored", mail_args(""), -1);
	hear_among_beats(&desk, "mail");
	hear_among_beats(&desk, "cursor");
	hear_among_beats(&desk, "idle");
	hear_beats(&desk);
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);
}

/* While it waits for an answer to send, and for the leave to finish it. */
static void
test_send_beats(void)
{
	SinkConf conf = { .kind = (char *)"maildir" };
	Desk desk;

	desk_begin(&desk, send_main);
	desk.beat = 1;
	conf.path = desk.path;
	start(&desk, sink_conf_to_variant(&conf), false);
	hear_among_beats(&desk, "state");
	hear_beats(&desk);
	ask_to_send(&desk, 41);
	hear_among_beats(&desk, "dot");
	hear_beats(&desk);
	go(&desk, 41);
	hear_among_beats(&desk, "result");
	g_assert_cmpint(desk_end(&desk), ==, APP_DONE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fetch/process", test_fetch);
	g_test_add_func("/fetch/flight", test_flight);
	g_test_add_func("/fetch/fails", test_fetch_fails);
	g_test_add_func("/fetch/beats", test_fetch_beats);
	g_test_add_func("/send/process", test_send);
	g_test_add_func("/send/fails", test_send_fails);
	g_test_add_func("/send/beats", test_send_beats);
	return g_test_run();
}
