/*
 * wire_driver: sources and sinks by hand, for the tests that bring their own
 * servers.
 *
 *   wire_driver source KEY=VALUE... ACTION...   look, done, wait:SECONDS,
 *                                               mark:UIDVALIDITY:UID,
 *                                               again:UIDVALIDITY:UID
 *   wire_driver sink KEY=VALUE... ACTION...     probe, FILE:FROM:TO[:refuse]
 *
 * Each result is one line on standard output; the exit code is 0 unless the
 * arguments are wrong: a failure is a result too.
 */
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/wire/sink.h"
#include "guichet/wire/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const SourceOps *ops;
	Source *source;
	GPtrArray *mails; /* RawMail *, without a `done` yet */
	guint32 uidvalidity, uid;
	bool quiet;
} Run;

static bool
say_error(const GError *error)
{
	static const char *const codes[] = { "TEMPORARY", "PERMANENT",
		"CONFIG" };

	printf("error %s %s\n",
	    error->domain == GUICHET_ERROR ? codes[error->code] : "FOREIGN",
	    error->message);
	return false;
}

static const char *
option(char **argv, const char *key, const char *absent)
{
	gsize length = strlen(key);

	for (; *argv != NULL; argv++) {
		if (strncmp(*argv, key, length) == 0 && (*argv)[length] == '=')
			return *argv + length + 1;
	}
	return absent;
}

static bool
take_mail(void *data, const RawMail *mail, GError **error)
{
	Run *run = data;
	RawMail *copy = g_new0(RawMail, 1);
	gsize size;
	const void *bytes = g_bytes_get_data(mail->bytes, &size);
	g_autofree char *hash = text_sha256(bytes, size);
	g_autofree char *received = instant_format(mail->received);

	(void)error;
	if (!run->quiet)
		printf("mail %u %u %s %" G_GUINT64_FORMAT " %zu %s %s %s\n",
		    mail->uidvalidity, mail->uid, received, mail->size, size,
		    mail->truncated ? "truncated" : "whole", hash, mail->name);
	copy->uidvalidity = mail->uidvalidity;
	copy->uid = mail->uid;
	copy->name = g_strdup(mail->name);
	g_ptr_array_add(run->mails, copy);
	return true;
}

static bool
hear_asking(void *data, guint32 uidvalidity, guint32 first, guint32 last,
    GError **error)
{
	(void)data;
	(void)uidvalidity;
	(void)first;
	(void)last;
	(void)error;
	return true;
}

static bool
hear_refused(void *data, const RawMail *mail, const char *why, GError **error)
{
	(void)data;
	(void)error;
	printf("refused %u %u %s %s\n", mail->uidvalidity, mail->uid,
	    mail->name, why);
	return true;
}

static bool
hear_gone(void *data, const SourceMark *mark, GError **error)
{
	(void)data;
	(void)error;
	printf("gone %u %u\n", mark->uidvalidity, mark->uid);
	return true;
}

static bool
hear_ahead(void *data, const RawMail *mail, guint count, GError **error)
{
	gsize size = mail->bytes != NULL ? g_bytes_get_size(mail->bytes) : 0;

	(void)data;
	(void)error;
	printf("ahead %u %u %zu %u %s\n", mail->uidvalidity, mail->uid, size,
	    count, mail->name);
	return true;
}

static const SourceTaker taker = { take_mail, hear_asking, hear_refused,
	hear_gone, hear_ahead };

/* All mails that were given, so many at once. */
static bool
mark(Run *run, guint most, GError **error)
{
	g_autoptr(GPtrArray) marks = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)source_mark_free);

	for (guint i = 0; i < run->mails->len; i++) {
		const RawMail *mail = run->mails->pdata[i];

		g_ptr_array_add(marks,
		    source_mark_new(mail->uidvalidity, mail->uid, mail->name));
	}
	for (guint i = 0; i < marks->len; i += most) {
		guint count = MIN(most, marks->len - i);

		if (!run->ops->done(run->source,
			(SourceMark *const *)marks->pdata + i, count, error))
			return false;
		for (guint k = i; k < i + count && !run->quiet; k++)
			printf("done %u\n",
			    ((SourceMark *)marks->pdata[k])->uid);
	}
	g_ptr_array_set_size(run->mails, 0);
	return true;
}

static bool
act(Run *run, const char *action, GError **error)
{
	if (strcmp(action, "look") == 0) {
		gint64 began = g_get_monotonic_time();
		guint before = run->mails->len;

		if (!run->ops->look(run->source, &run->uidvalidity, &run->uid,
			&taker, run, error))
			return false;
		printf("cursor %u %u\n", run->uidvalidity, run->uid);
		if (run->quiet)
			printf("looked %u mails %" G_GINT64_FORMAT " us\n",
			    run->mails->len - before,
			    g_get_monotonic_time() - began);
		return true;
	}
	if (strcmp(action, "weigh") == 0) {
		if (!run->ops->weigh(run->source, run->uidvalidity, &taker, run,
			error))
			return false;
		printf("weighed\n");
		return true;
	}
	if (strcmp(action, "done") == 0)
		return mark(run, LIMIT_MARKS, error);
	if (strcmp(action, "done-each") == 0)
		return mark(run, 1, error);
	if (g_str_has_prefix(action, "mark:")) {
		guint32 uidvalidity = 0, uid = 0;
		SourceMark *one;
		bool done;

		sscanf(action, "mark:%u:%u", &uidvalidity, &uid);
		one = source_mark_new(uidvalidity, uid, "");
		done = run->ops->done(run->source, &one, 1, error);
		source_mark_free(one);
		if (!done)
			return false;
		printf("done %u\n", uid);
		return true;
	}
	if (g_str_has_prefix(action, "again:")) {
		SourceMark one = { 0 };

		sscanf(action, "again:%u:%u", &one.uidvalidity, &one.uid);
		return run->ops->again(run->source, &one, &taker, run, error);
	}
	if (g_str_has_prefix(action, "wait:")) {
		gint64 began = g_get_monotonic_time();

		fflush(stdout);
		if (!run->ops->wait(run->source, 0, atoi(action + 5), error))
			return false;
		printf("waited %s\n",
		    g_get_monotonic_time() - began <
			    (atoi(action + 5) - 1) * G_USEC_PER_SEC
			? "less"
			: "all");
		return true;
	}
	fprintf(stderr, "no such action: %s\n", action);
	exit(2);
}

static int
run_source(char **argv)
{
	g_autoptr(GError) error = NULL;
	const char *cursor = option(argv, "cursor", "0:0");
	const char *done = option(argv, "done", "nothing");
	SourceConf conf = {
		.kind = (char *)option(argv, "kind", "imap"),
		.name = (char *)"test",
		.host = (char *)option(argv, "host", "localhost"),
		.port = (guint16)atoi(option(argv, "port", "993")),
		.starttls = *option(argv, "starttls", "") == '1',
		.user = (char *)option(argv, "user", NULL),
		.password = (char *)option(argv, "password", NULL),
		.ca_file = (char *)option(argv, "ca", NULL),
		.folder = (char *)option(argv, "folder", "INBOX"),
		.since_all = strcmp(option(argv, "since", "all"), "all") == 0,
		.first_look = INSTANT_NONE,
		.done_name = (char *)option(argv, "name", NULL),
		.path = (char *)option(argv, "path", NULL),
		.alone = (guint32)atoi(option(argv, "alone", "0")),
		.seal = (char *)option(argv, "seal", NULL),
		.weigh = option(argv, "above", NULL) != NULL,
		.weigh_above = (guint32)atoi(option(argv, "above", "0")),
	};
	Run run = { .ops = source_ops(conf.kind),
		.mails = g_ptr_array_new_with_free_func(
		    (GDestroyNotify)raw_mail_free) };

	conf.done = strcmp(done, "keyword") == 0 ? DONE_KEYWORD
	    : strcmp(done, "move") == 0          ? DONE_MOVE
						 : DONE_NOTHING;
	if (*option(argv, "first_look", "") != '\0')
		instant_parse(option(argv, "first_look", ""), &conf.first_look,
		    &error);
	sscanf(cursor, "%u:%u", &run.uidvalidity, &run.uid);
	run.quiet = *option(argv, "quiet", "") == '1';
	run.source = run.ops->open(&conf, &error);
	if (run.source != NULL)
		printf("open\n");
	if (run.source != NULL && run.ops->warning(run.source) != NULL)
		printf("warning %s\n", run.ops->warning(run.source));
	for (; run.source != NULL && *argv != NULL; argv++) {
		if (strchr(*argv, '=') == NULL && !act(&run, *argv, &error))
			break;
	}
	if (error != NULL)
		say_error(error);
	if (run.source != NULL)
		run.ops->close(run.source);
	g_ptr_array_unref(run.mails);
	return 0;
}

static bool
answer_dot(void *data)
{
	printf("dot\n");
	return !*(bool *)data;
}

static void
send_file(const SinkOps *ops, Sink *sink, const char *what, gint64 id)
{
	static const char *const outcomes[] = { "sent", "later", "never",
		"unknown" };
	g_auto(GStrv) parts = g_strsplit(what, ":", 4);
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *text = NULL;
	bool refuse = parts[3] != NULL;
	SinkOutcome outcome;
	char *contents;
	gsize length;
	int code = 0;

	if (!g_file_get_contents(parts[0], &contents, &length, NULL))
		exit(2);
	bytes = g_bytes_new_take(contents, length);
	outcome = ops->send(sink,
	    &(SinkMail){ .from = parts[1],
		.to = parts[2],
		.bytes = bytes,
		.id = id },
	    answer_dot, &refuse, &code, &text);
	printf("%s %d %s\n", outcomes[outcome], code, text);
}

static int
run_sink(char **argv)
{
	g_autoptr(GError) error = NULL;
	SinkConf conf = {
		.kind = (char *)option(argv, "kind", "smtp"),
		.host = (char *)option(argv, "host", "localhost"),
		.port = (guint16)atoi(option(argv, "port", "465")),
		.starttls = *option(argv, "starttls", "") == '1',
		.plain = *option(argv, "plain", "") == '1',
		.user = (char *)option(argv, "user", NULL),
		.password = (char *)option(argv, "password", NULL),
		.ca_file = (char *)option(argv, "ca", NULL),
		.helo = (char *)option(argv, "helo", "desk.example.com"),
		.connect = atoi(option(argv, "connect", "0")),
		.path = (char *)option(argv, "path", NULL),
	};
	const SinkOps *ops = sink_ops(conf.kind);
	Sink *sink;
	gint64 id = atoi(option(argv, "id", "1"));

	if (*option(argv, "noauth", "") == '1')
		conf.user = conf.password = NULL;
	sink = ops->open(&conf, &error);
	for (; sink != NULL && error == NULL && *argv != NULL; argv++) {
		if (strcmp(*argv, "probe") == 0) {
			if (ops->probe(&conf, &error))
				printf("probed\n");
		} else if (strchr(*argv, '=') == NULL) {
			send_file(ops, sink, *argv, id++);
			fflush(stdout);
		}
	}
	if (error != NULL)
		say_error(error);
	if (sink != NULL)
		ops->close(sink);
	return 0;
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 2 && strcmp(argv[1], "source") == 0)
		return run_source(argv + 2);
	if (argc > 2 && strcmp(argv[1], "sink") == 0)
		return run_sink(argv + 2);
	fprintf(stderr, "usage: wire_driver source|sink KEY=VALUE... ACTION\n");
	return 2;
}
