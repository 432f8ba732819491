/*
 * Signs of life: whoever blocks gives them in each wait that is allowed. A
 * server answers only what it has kept waiting for some signs, so that a wait
 * without them ends in "no answer in time".
 */
#include "guichet/base/beat.h"
#include "guichet/base/cleanup.h"
#include "guichet/wire/sink.h"
#include "guichet/wire/source.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the signs, a byte each in a pipe ---- */

static int signs[2];

static void
give_sign(void)
{
	(void)!write(signs[1], "b", 1);
}

static void
signs_begin(void)
{
	g_assert_cmpint(pipe(signs), ==, 0);
	g_assert_cmpint(fcntl(signs[1], F_SETFL, O_NONBLOCK), ==, 0);
	beat_begin(1, give_sign);
}

static void
signs_end(void)
{
	beat_begin(0, NULL);
	close(signs[0]);
	close(signs[1]);
}

/* Returns behind two signs: the second is of somebody who waits. False: none
 * will come any more. */
static bool
wait_for_signs(void)
{
	char byte;
	struct pollfd wanted = { signs[0], POLLIN, 0 };

	while (poll(&wanted, 1, 0) > 0 && (wanted.revents & POLLIN) != 0)
		g_assert_cmpint(read(signs[0], &byte, 1), ==, 1);
	return read(signs[0], &byte, 1) == 1 && read(signs[0], &byte, 1) == 1;
}

/* ---- a server ---- */

typedef struct {
	FILE *in, *out;
	int held; /* answers that were kept waiting */
	bool hold_all;
} Peer;

typedef void (*Serve)(Peer *peer);

static void
answer(Peer *peer, bool hold, const char *text)
{
	if (hold || peer->hold_all)
		peer->held += wait_for_signs();
	fputs(text, peer->out);
	fflush(peer->out);
}

/* One connection; its exit code is how many answers were kept waiting. */
static pid_t
start_server(Serve serve, bool hold_all, guint16 *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	g_assert_cmpint(bind(listener, (struct sockaddr *)&address, length), ==,
	    0);
	g_assert_cmpint(listen(listener, 1), ==, 0);
	g_assert_cmpint(
	    getsockname(listener, (struct sockaddr *)&address, &length), ==, 0);
	*ret_port = ntohs(address.sin_port);
	pid = fork();
	if (pid == 0) {
		int fd = accept(listener, NULL, NULL);
		Peer peer = { fdopen(fd, "r"), fdopen(dup(fd), "w"), 0,
			hold_all };

		close(signs[1]); /* or it would wait for its own signs */
		serve(&peer);
		_exit(peer.held);
	}
	close(listener);
	return pid;
}

/* Ends the signs, too. */
static int
end_server(pid_t pid)
{
	int status;

	signs_end();
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* ---- IMAP ---- */

/* What is said to a command that holds the word; a '|' is a wait more. */
static const struct {
	const char *word, *answer;
} imap_answers[] = {
	{ "CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE\r\n" },
	{ "SELECT",
	    "* FLAGS ()\r\n* 1 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n"
	    "* OK [UIDNEXT 2] .\r\n* OK [PERMANENTFLAGS (\\*)] .\r\n" },
	{ "SEARCH", "* SEARCH 1\r\n" },
	{ "INTERNALDATE",
	    "* 1 FETCH (UID 1 RFC822.SIZE 11 INTERNALDATE "
	    "\"20-Nov-2026 10:00:00 +0000\")\r\n" },
	{ "BODY", "* 1 FETCH (UID 1 BODY[] {11}\r\nA: b\r|\n\r\nc\r\n)\r\n" },
};

static void
answer_in_parts(Peer *peer, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "|", -1);

	for (gsize i = 0; parts[i] != NULL; i++)
		answer(peer, true, parts[i]);
}

static void
serve_imap(Peer *peer)
{
	char line[1000];

	answer(peer, true, "* OK mail.example\r\n");
	while (fgets(line, sizeof(line), peer->in) != NULL) {
		g_autofree char *end = NULL;

		if (strcmp(line, "idle IDLE\r\n") == 0) {
			answer_in_parts(peer, "+ idling\r\n|* 2 EXISTS\r\n");
			continue;
		}
		for (gsize i = 0; i < G_N_ELEMENTS(imap_answers); i++) {
			if (strstr(line, imap_answers[i].word) != NULL)
				answer_in_parts(peer, imap_answers[i].answer);
		}
		if (strcmp(line, "DONE\r\n") == 0)
			end = g_strdup("idle OK .\r\n");
		else
			end = g_strdup_printf("%.*s OK .\r\n",
			    (int)strcspn(line, " "), line);
		answer(peer, true, end);
	}
}

static bool
take_mail(void *data, const RawMail *mail, GError **error)
{
	(void)error;
	g_assert_cmpuint(g_bytes_get_size(mail->bytes), ==, 11);
	++*(int *)data;
	return true;
}

static bool
ignore_asking(void *data, guint32 uidvalidity, guint32 first, guint32 last,
    GError **error)
{
	(void)data;
	(void)uidvalidity;
	(void)first;
	(void)last;
	(void)error;
	return true;
}

/* A whole session, in which nothing is answered before two signs. */
static void
test_imap(void)
{
	static const SourceTaker taker = { take_mail, ignore_asking, NULL, NULL,
		NULL };
	SourceConf conf = { .kind = (char *)"imap",
		.host = (char *)"127.0.0.1",
		.plain = true,
		.user = (char *)"u",
		.password = (char *)"p",
		.folder = (char *)"INBOX",
		.since_all = true,
		.first_look = INSTANT_NONE,
		.done = DONE_KEYWORD,
		.done_name = (char *)"guichet" };
	const SourceOps *ops = source_ops("imap");
	g_autoptr(GError) error = NULL;
	SourceMark mark = { 7, 1, (char *)"" };
	SourceMark *marks[] = { &mark };
	guint32 uidvalidity = 0, uid = 0;
	int mails = 0;
	Source *source;
	pid_t pid;

	signs_begin();
	pid = start_server(serve_imap, true, &conf.port);
	source = ops->open(&conf, &error);
	g_assert_no_error(error);
	ops->look(source, &uidvalidity, &uid, &taker, &mails, &error);
	g_assert_no_error(error);
	g_assert_cmpint(mails, ==, 1);
	ops->done(source, marks, 1, &error);
	g_assert_no_error(error);
	ops->wait(source, -1, 600, &error);
	g_assert_no_error(error);
	ops->close(source);
	/* The greeting, eleven ends of commands, seven answers before them, a
	 * mail in two halves among these, and IDLE's beginning and news. */
	g_assert_cmpint(end_server(pid), ==, 1 + 11 + 7 + 2);
}

/* ---- SMTP ---- */

static void
serve_smtp(Peer *peer)
{
	char line[1000];
	bool in_mail = false;

	answer(peer, false, "220 mail.example\r\n");
	while (fgets(line, sizeof(line), peer->in) != NULL) {
		if (strcmp(line, ".\r\n") == 0) {
			in_mail = false;
			answer(peer, true, "250 taken\r\n");
		} else if (g_str_has_prefix(line, "DATA")) {
			in_mail = true;
			answer(peer, false, "354 go on\r\n");
		} else if (!in_mail) {
			answer(peer, false, "250 well\r\n");
		}
	}
}

static bool
finish(void *data)
{
	(void)data;
	return true;
}

/* The answer to the final dot, for which a server has ten minutes; with LONG
 * every other, too. libcurl looks up once a second. */
static void
test_smtp(void)
{
	static const char body[] = "Subject: mot\r\n\r\nBonjour\r\n";
	bool all = g_getenv("LONG") != NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static(body, strlen(body));
	SinkConf conf = { .kind = (char *)"smtp",
		.host = (char *)"127.0.0.1",
		.plain = true };
	SinkMail mail = { "a@example.com", "b@client.example", false, bytes,
		1 };
	const SinkOps *ops = sink_ops("smtp");
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	int code = 0;
	Sink *sink;
	pid_t pid;

	signs_begin();
	pid = start_server(serve_smtp, all, &conf.port);
	sink = ops->open(&conf, &error);
	g_assert_no_error(error);
	g_assert_cmpint(ops->send(sink, &mail, finish, NULL, &code, &text), ==,
	    SINK_SENT);
	ops->close(sink);
	g_assert_cmpint(end_server(pid), ==, all ? 6 : 1);
}

/* ---- a Maildir ---- */

static int given;

static void
give_third_sign(void)
{
	if (++given == 3)
		give_sign();
}

/* It waits for mail, or for the desk: here for its own third sign. */
static void
test_maildir(void)
{
	static const char *const parts[] = { "new", "cur", "tmp" };
	g_autofree char *folder = g_dir_make_tmp("guichet-XXXXXX", NULL);
	SourceConf conf = { .kind = (char *)"maildir",
		.path = folder,
		.first_look = INSTANT_NONE,
		.poll = 600 };
	const SourceOps *ops = source_ops("maildir");
	g_autoptr(GError) error = NULL;
	Source *source;

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path = g_build_filename(folder, parts[i],
		    NULL);

		g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
	}
	source = ops->open(&conf, &error);
	g_assert_no_error(error);
	signs_begin();
	given = 0;
	beat_begin(1, give_third_sign);
	g_assert_true(ops->wait(source, signs[0], 600, &error));
	g_assert_cmpint(given, >=, 3);
	signs_end();
	ops->close(source);
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path = g_build_filename(folder, parts[i],
		    NULL);

		g_rmdir(path);
	}
	g_rmdir(folder);
}

/* ---- the wait itself ---- */

/* No signs are asked for: none is given, and time runs out as ever. */
static void
test_none(void)
{
	given = 0;
	beat_begin(0, NULL);
	beat();
	g_assert_cmpint(beat_poll(NULL, 0, 2), ==, 0);
	beat_begin(1, give_third_sign);
	signs[1] = -1;
	g_assert_cmpint(beat_poll(NULL, 0, 20), ==, 0);
	g_assert_cmpint(given, >=, 1);
	beat_begin(0, NULL);
}

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/beat/none", test_none);
	g_test_add_func("/beat/imap", test_imap);
	g_test_add_func("/beat/smtp", test_smtp);
	g_test_add_func("/beat/maildir", test_maildir);
	return g_test_run();
}
