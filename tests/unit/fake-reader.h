/*
 * A reader for the tests of those who use readers: no sandbox, and words in
 * the mail make it misbehave. The test program itself is the child.
 */
#ifndef FAKE_READER_H
#define FAKE_READER_H

#include "guichet/base/child.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/mail/message.h"
#include "told-child.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAKE_BYTES 4096 /* of a mail that it looks at */

/* Says nothing and hears nothing, but does not outlive a test that failed. */
static void G_GNUC_NORETURN
fake_stall(void)
{
	alarm(300);
	for (;;)
		pause();
}

static bool
says(GBytes *raw, const char *word)
{
	gsize length;
	const char *bytes = g_bytes_get_data(raw, &length);

	return g_strstr_len(bytes, (gssize)MIN(length, FAKE_BYTES), word) !=
	    NULL;
}

/* "X-Deaths: N" kills so many readers: each leaves a line in a file of the
 * folder that told("deaths") names. */
static bool
has_to_die(GBytes *raw, gint64 id)
{
	g_autofree char *folder = told("deaths");
	g_autofree char *name = g_strdup_printf("%d", (int)id);
	g_autofree char *path = NULL;
	g_autofree char *deaths = NULL;
	g_autofree char *more = NULL;
	gsize so_far = 0;
	gsize wanted = says(raw, "X-Deaths: 1") ? 1
	    : says(raw, "X-Deaths: 2")          ? 2
						: 0;

	if (folder == NULL || wanted == 0)
		return false;
	path = g_build_filename(folder, name, NULL);
	g_file_get_contents(path, &deaths, &so_far, NULL);
	more = g_strconcat(deaths == NULL ? "" : deaths, "x", NULL);
	return so_far < wanted &&
	    g_file_set_contents(path, more, (gssize)so_far + 1, NULL);
}

/* "X-Do: wait": until there is the file that told("wait") names. */
static void
wait_as_told(GBytes *raw)
{
	g_autofree char *file = told("wait");

	while (file != NULL && says(raw, "X-Do: wait") &&
	    !g_file_test(file, G_FILE_TEST_EXISTS))
		g_usleep(1000);
}

static void
fake_answer(gint64 id, GBytes *raw, int count)
{
	g_autofree char *seen = g_strdup_printf("X-Count: %d\r\n", count);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(Message) message = NULL;
	g_autoptr(GVariant) variant = NULL;
	gsize length;
	const guint8 *data = g_bytes_get_data(raw, &length);
	GVariantDict args;
	int fd;

	/* How many mails this process has seen, for the one who asked. */
	g_byte_array_append(bytes, (const guint8 *)seen, strlen(seen));
	g_byte_array_append(bytes, data, (guint)MIN(length, FAKE_BYTES));
	message = message_parse(bytes->data, bytes->len, false);
	variant = g_variant_ref_sink(message_to_variant(message));
	fd = frame_memfd(g_variant_get_data(variant),
	    g_variant_get_size(variant), NULL);
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", id);
	frame_send(CHILD_SOCKET, "message", g_variant_dict_end(&args), fd,
	    NULL);
	close(fd);
}

static int
fake_read_main(void)
{
	frame_send(CHILD_SOCKET, "ready", NULL, -1, NULL);
	for (int count = 1;; count++) {
		g_autoptr(Frame) frame = NULL;
		g_autoptr(GBytes) raw = NULL;
		gint64 id;

		if (!frame_receive(CHILD_SOCKET, &frame, NULL) || frame == NULL)
			return 0;
		raw = frame_map(frame->fd, LIMIT_MAIL_BYTES, NULL);
		id = frame_int(frame, "id", 0);
		if (says(raw, "X-Do: die") || has_to_die(raw, id))
			_exit(9);
		wait_as_told(raw);
		if (says(raw, "X-Do: stop"))
			raise(SIGSTOP);
		if (says(raw, "X-Do: stall"))
			fake_stall();
		if (says(raw, "X-Do: slow"))
			g_usleep(50000);
		fake_answer(says(raw, "X-Do: lie") ? id + 1 : id, raw, count);
	}
}

#endif
