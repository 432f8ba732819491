/*
 * A reader for the tests of those who use readers: no sandbox, and words in
 * the mail make it misbehave. The test program itself is the child.
 */
#ifndef FAKE_READER_H
#define FAKE_READER_H

#include "guichet/child.h"
#include "guichet/frame.h"
#include "guichet/limits.h"
#include "guichet/message.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
says(GBytes *raw, const char *word)
{
	gsize length;
	const char *bytes = g_bytes_get_data(raw, &length);

	return g_strstr_len(bytes, (gssize)length, word) != NULL;
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
	g_byte_array_append(bytes, data, (guint)length);
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
		if (says(raw, "X-Do: die"))
			_exit(9);
		if (says(raw, "X-Do: stall"))
			pause();
		if (says(raw, "X-Do: slow"))
			g_usleep(50000);
		fake_answer(says(raw, "X-Do: lie") ? id + 1 : id, raw, count);
	}
}

#endif
