/*
 * P8: the IMAP dialogue cut at every byte, either way; in segments of one
 * byte; and NO, BAD and BYE at every command. After each, a session that
 * nobody disturbs must bring the rest: no mail lost, none other than it was,
 * none marked that is not taken.
 *
 * A sample with a printed seed; all of it with LONG=1.
 */
#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "guichet/wire/source.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAILS           28
#define VALIDITY        7
#define SESSIONS_A_PORT 4000 /* closed connections hold on to their ports */
#define NEVER           G_MAXSIZE

/* How a session is disturbed. */
typedef struct {
	gsize out, in;      /* bytes to and from the client, then the end */
	guint command;      /* the one, from 1, that is answered so; 0: none */
	const char *answer; /* "NO", "BAD", "BYE" */
	bool bytewise;
} Plan;

typedef struct {
	GBytes *bytes[MAILS + 1]; /* by UID */
	bool marked[MAILS + 1];
	int listener, client;
	guint16 port;
	guint sessions;
	Plan plan;
	gsize out, in; /* of this session */
	guint commands;
	GThread *thread;
} Server;

/* What the desk would know. */
typedef struct {
	Server *server;
	bool taken[MAILS + 1];
	bool refused[MAILS + 1];
	guint32 uidvalidity, uid;
} Model;

/* ---- the server ---- */

/* False: that was the last byte. */
static bool
emit(Server *server, const char *bytes, gsize length)
{
	while (length > 0) {
		gsize left = server->plan.out - server->out;
		gsize n = MIN(server->plan.bytewise ? 1 : length, left);
		ssize_t put = n == 0
		    ? -1
		    : send(server->client, bytes, n, MSG_NOSIGNAL);

		if (put <= 0)
			return false;
		server->out += (gsize)put;
		bytes += put;
		length -= (gsize)put;
	}
	return server->out < server->plan.out;
}

static bool emitf(Server *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool
emitf(Server *server, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	return emit(server, text, strlen(text));
}

/* One line of the client's, without its end. */
static bool
hear_line(Server *server, GString *line)
{
	g_string_truncate(line, 0);
	while (line->len == 0 || line->str[line->len - 1] != '\n') {
		char c;

		if (server->in >= server->plan.in ||
		    recv(server->client, &c, 1, 0) != 1)
			return false;
		server->in++;
		g_string_append_c(line, c);
	}
	g_strchomp(line->str);
	line->len = strlen(line->str);
	return true;
}

/* Whether the UID is in "1,3:5" or "7:*". */
static bool
is_in(const char *set, guint uid)
{
	for (char *p = (char *)set; g_ascii_isdigit(*p);) {
		gint64 first = g_ascii_strtoll(p, &p, 10), last = first;

		if (*p == ':' && p[1] == '*')
			last = G_MAXINT64, p += 2;
		else if (*p == ':')
			last = g_ascii_strtoll(p + 1, &p, 10);
		if (uid >= first && uid <= last)
			return true;
		p += *p == ',';
	}
	return false;
}

static bool
answer_fetch(Server *server, const char *set, bool bodies)
{
	for (guint uid = 1; uid <= MAILS; uid++) {
		gsize size;
		const char *bytes = g_bytes_get_data(server->bytes[uid], &size);

		if (!is_in(set, uid))
			continue;
		if (!bodies &&
		    !emitf(server,
			"* %u FETCH (UID %u RFC822.SIZE %zu INTERNALDATE "
			"\"20-Nov-2026 09:00:00 +0100\")\r\n",
			uid, uid, size))
			return false;
		if (bodies &&
		    (!emitf(server, "* %u FETCH (UID %u BODY[] {%zu}\r\n", uid,
			 uid, size) ||
			!emit(server, bytes, size) || !emitf(server, ")\r\n")))
			return false;
	}
	return true;
}

static bool
answer_search(Server *server, const char *set)
{
	if (!emitf(server, "* SEARCH"))
		return false;
	for (guint uid = 1; uid <= MAILS; uid++) {
		if (is_in(set, uid) && !emitf(server, " %u", uid))
			return false;
	}
	return emitf(server, "\r\n");
}

static void
mark(Server *server, const char *set)
{
	for (guint uid = 1; uid <= MAILS; uid++)
		server->marked[uid] |= is_in(set, uid);
}

static bool
answer_command(Server *server, const char *tag, const char *words)
{
	bool ok = true;

	if (g_str_has_prefix(words, "CAPABILITY"))
		ok = emitf(server, "* CAPABILITY IMAP4rev1 UIDPLUS\r\n");
	else if (g_str_has_prefix(words, "SELECT"))
		ok = emitf(server,
		    "* %d EXISTS\r\n* OK [PERMANENTFLAGS (\\*)] kept\r\n"
		    "* OK [UIDVALIDITY %d] valid\r\n* OK [UIDNEXT %d] next\r\n",
		    MAILS, VALIDITY, MAILS + 1);
	else if (g_str_has_prefix(words, "UID SEARCH UID "))
		ok = answer_search(server, words + 15);
	else if (g_str_has_prefix(words, "UID FETCH "))
		ok = answer_fetch(server, words + 10,
		    strstr(words, "BODY") != NULL);
	else if (g_str_has_prefix(words, "UID STORE "))
		mark(server, words + 10);
	else if (g_str_has_prefix(words, "LOGOUT"))
		ok = emitf(server, "* BYE gone\r\n");
	return ok && emitf(server, "%s OK done\r\n", tag) &&
	    !g_str_has_prefix(words, "LOGOUT");
}

static void
converse(Server *server)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (!emitf(server, "* OK ready\r\n"))
		return;
	while (hear_line(server, line)) {
		g_auto(GStrv) parts = g_strsplit(line->str, " ", 2);

		if (parts[0] == NULL || parts[1] == NULL)
			return;
		server->commands++;
		if (server->commands != server->plan.command) {
			if (!answer_command(server, parts[0], parts[1]))
				return;
		} else if (strcmp(server->plan.answer, "BYE") == 0) {
			emitf(server, "* BYE enough\r\n");
			return;
		} else if (!emitf(server, "%s %s not so\r\n", parts[0],
			       server->plan.answer)) {
			return;
		}
	}
}

static gpointer
serve(gpointer data)
{
	Server *server = data;

	server->client = accept(server->listener, NULL, NULL);
	g_assert_cmpint(server->client, >=, 0);
	setsockopt(server->client, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 },
	    sizeof(int));
	converse(server);
	close(server->client);
	return NULL;
}

static void
listen_anew(Server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);

	if (server->listener >= 0)
		close(server->listener);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(
	    bind(server->listener, (struct sockaddr *)&address, length), ==, 0);
	g_assert_cmpint(listen(server->listener, 4), ==, 0);
	getsockname(server->listener, (struct sockaddr *)&address, &length);
	server->port = ntohs(address.sin_port);
}

static Server *
server_new(void)
{
	Server *server = g_new0(Server, 1);

	server->listener = -1;
	for (guint uid = 1; uid <= MAILS; uid++) {
		GString *text = g_string_new(NULL);

		g_string_printf(text,
		    "From: j@client.example\r\n"
		    "Subject: Panne %u\r\n\r\n",
		    uid);
		while (text->len < 300 + 20 * uid)
			g_string_append_printf(text, "%u) ({%u}\r\n", uid,
			    (guint)text->len);
		server->bytes[uid] = g_string_free_to_bytes(text);
	}
	return server;
}

static void
server_free(Server *server)
{
	for (guint uid = 1; uid <= MAILS; uid++)
		g_bytes_unref(server->bytes[uid]);
	close(server->listener);
	g_free(server);
}

/* ---- the desk's side ---- */

static bool
take(void *data, const RawMail *mail, GError **error)
{
	Model *model = data;

	(void)error;
	g_assert_cmpuint(mail->uidvalidity, ==, VALIDITY);
	g_assert_cmpuint(mail->uid, >, 0);
	g_assert_cmpuint(mail->uid, <=, MAILS);
	g_assert_false(mail->truncated);
	g_assert_true(
	    g_bytes_equal(mail->bytes, model->server->bytes[mail->uid]));
	model->taken[mail->uid] = true;
	model->refused[mail->uid] = false;
	return true;
}

static bool
asking(void *data, guint32 uidvalidity, guint32 first, guint32 last,
    GError **error)
{
	(void)data;
	(void)uidvalidity;
	(void)error;
	g_assert_cmpuint(first, <=, last);
	return true;
}

static bool
refused(void *data, const RawMail *mail, const char *why, GError **error)
{
	Model *model = data;

	(void)error;
	g_assert_nonnull(why);
	/* Only where the server said so. */
	g_assert_cmpuint(model->server->plan.command, >, 0);
	model->refused[mail->uid] = true;
	return true;
}

static bool
gone(void *data, const SourceMark *which, GError **error)
{
	(void)data;
	(void)which;
	(void)error;
	g_assert_not_reached();
}

static const SourceTaker taker = { take, asking, refused, gone, NULL };

static bool
mark_taken(const SourceOps *ops, Source *source, const Model *model,
    GError **error)
{
	g_autoptr(GPtrArray) marks = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)source_mark_free);

	for (guint uid = 1; uid <= MAILS; uid++) {
		if (model->taken[uid])
			g_ptr_array_add(marks,
			    source_mark_new(VALIDITY, uid, ""));
	}
	return marks->len == 0 ||
	    ops->done(source, (SourceMark *const *)marks->pdata, marks->len,
		error);
}

static bool
ask_again(const SourceOps *ops, Source *source, Model *model, GError **error)
{
	for (guint uid = 1; uid <= MAILS; uid++) {
		SourceMark which = { VALIDITY, uid, (char *)"" };

		if (model->refused[uid] &&
		    !ops->again(source, &which, &taker, model, error))
			return false;
	}
	return true;
}

/* What a fetch process does, once round. */
static bool
work(const SourceOps *ops, Source *source, Model *model, GError **error)
{
	return ops->look(source, &model->uidvalidity, &model->uid, &taker,
		   model, error) &&
	    ask_again(ops, source, model, error) &&
	    mark_taken(ops, source, model, error) &&
	    ops->look(source, &model->uidvalidity, &model->uid, &taker, model,
		error);
}

static bool
session(Server *server, Model *model, const Plan *plan)
{
	const SourceOps *ops = source_ops("imap");
	g_autoptr(GError) error = NULL;
	SourceConf conf = { .kind = (char *)"imap",
		.host = (char *)"127.0.0.1",
		.plain = true,
		.user = (char *)"anne",
		.password = (char *)"s3cret",
		.folder = (char *)"INBOX",
		.since_all = true,
		.first_look = INSTANT_NONE,
		.done = DONE_KEYWORD,
		.done_name = (char *)"$Guichet" };
	GThread *thread;
	Source *source;
	bool ok;

	if (server->sessions++ % SESSIONS_A_PORT == 0)
		listen_anew(server);
	conf.port = server->port;
	server->plan = *plan;
	server->out = server->in = server->commands = 0;
	thread = g_thread_new("server", serve, server);
	source = ops->open(&conf, &error);
	ok = source != NULL && work(ops, source, model, &error);
	g_assert_true(ok == (error == NULL));
	if (source != NULL)
		ops->close(source);
	g_thread_join(thread);
	return ok;
}

/* Of the model nothing is lost: what is below the cursor is taken or aside;
 * and nothing was marked that is not taken. */
static void
check_model(const Server *server, const Model *model)
{
	for (guint uid = 1; uid <= MAILS; uid++) {
		if (model->uid >= uid)
			g_assert_true(model->taken[uid] || model->refused[uid]);
		if (server->marked[uid])
			g_assert_true(model->taken[uid]);
	}
}

static void
disturb(Server *server, const Plan *plan)
{
	static const Plan calm = { NEVER, NEVER, 0, NULL, false };
	Model model = { .server = server };

	memset(server->marked, 0, sizeof(server->marked));
	session(server, &model, plan);
	check_model(server, &model);
	g_assert_true(session(server, &model, &calm));
	for (guint uid = 1; uid <= MAILS; uid++)
		g_assert_true(model.taken[uid] && server->marked[uid]);
	g_assert_cmpuint(model.uid, ==, MAILS);
}

/* ---- the cuts ---- */

/* How long an undisturbed session is. */
static void
measure(Server *server, gsize *ret_out, gsize *ret_in, guint *ret_commands)
{
	const Plan calm = { NEVER, NEVER, 0, NULL, false };
	Model model = { .server = server };

	g_assert_true(session(server, &model, &calm));
	*ret_out = server->out;
	*ret_in = server->in;
	*ret_commands = server->commands;
}

/* All of 0..`most`, or a sample. */
static guint
each(GRand *random, gsize most, guint sample, Server *server, const Plan *plan,
    gsize *place)
{
	bool all = g_getenv("LONG") != NULL && *g_getenv("LONG") != '\0';
	guint count = all ? (guint)most + 1 : sample;

	for (guint i = 0; i < count; i++) {
		*place = all
		    ? i
		    : (gsize)g_rand_int_range(random, 0, (gint32)most + 1);
		disturb(server, plan);
	}
	return count;
}

static void
test_cuts(void)
{
	const char *given = g_getenv("SEED");
	guint32 seed = given != NULL
	    ? (guint32)g_ascii_strtoull(given, NULL, 10)
	    : (guint32)g_get_real_time();
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	Server *server = server_new();
	gsize out, in;
	guint commands, count;

	g_print("# SEED=%u\n", seed);
	measure(server, &out, &in, &commands);
	g_print("# a session: %zu bytes to the client, %zu from it, %u "
		"commands\n",
	    out, in, commands);
	g_assert_cmpuint(out, >, 16 * 1024);
	for (int bytewise = 0; bytewise < 2; bytewise++) {
		Plan plan = { NEVER, NEVER, 0, NULL, bytewise != 0 };

		count = each(random, out, bytewise ? 30 : 300, server, &plan,
		    &plan.out);
		plan.out = NEVER;
		count += each(random, in, bytewise ? 10 : 60, server, &plan,
		    &plan.in);
		g_print("# %u cuts%s\n", count,
		    bytewise ? ", in segments of a byte" : "");
	}
	server_free(server);
}

static void
test_answers(void)
{
	static const char *const answers[] = { "NO", "BAD", "BYE" };
	Server *server = server_new();
	gsize out, in;
	guint commands;

	measure(server, &out, &in, &commands);
	for (guint n = 1; n <= commands; n++) {
		for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
			const Plan plan = { NEVER, NEVER, n, answers[i],
				false };

			disturb(server, &plan);
		}
	}
	server_free(server);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imap-cuts/every-byte", test_cuts);
	g_test_add_func("/imap-cuts/every-command", test_answers);
	return g_test_run();
}
