/* One reader process for a subcommand, which can wait for it. */
#include "guichet/daemon/read_sync.h"

#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/daemon/read_quotes.h"
#include "guichet/daemon/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

struct ReadSync {
	Child *child;
	gint64 count; /* mails read by this process */
	GBytes *told; /* its quotes.yaml, or NULL: the one built in */
};

ReadSync *
read_sync_new(void)
{
	return g_new0(ReadSync, 1);
}

void
read_sync_free(ReadSync *reader)
{
	if (reader == NULL)
		return;
	child_stop(&reader->child, 500);
	g_clear_pointer(&reader->told, g_bytes_unref);
	g_free(reader);
}

/* The next frame, or NULL: the process died, or took too long. */
static Frame *
next_frame(ReadSync *reader, GError **error)
{
	Frame *frame = NULL;
	struct pollfd wait = { reader->child->socket, POLLIN, 0 };
	int got;

	do
		got = poll(&wait, 1, LIMIT_READER_WALL_SECONDS * 1000);
	while (got < 0 && errno == EINTR);
	if (got == 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "reading took more than %d seconds",
		    LIMIT_READER_WALL_SECONDS);
		return NULL;
	}
	if (!frame_receive(reader->child->socket, &frame, error))
		return NULL;
	if (frame == NULL)
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "the mail killed its reader");
	return frame;
}

static Message *
exchange(ReadSync *reader, GBytes *raw, bool partial, GError **error)
{
	gsize length;
	const void *bytes = g_bytes_get_data(raw, &length);
	g_auto(Descriptor) fd = frame_memfd(bytes, length, error);
	GVariantDict args;

	if (fd < 0 ||
	    !read_quotes_tell(reader->child->socket, &reader->told, error))
		return NULL;
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", reader->count);
	g_variant_dict_insert(&args, "partial", "b", partial);
	if (!frame_send(reader->child->socket, "read",
		g_variant_dict_end(&args), fd, error))
		return NULL;
	for (;;) {
		g_autoptr(Frame) frame = next_frame(reader, error);
		g_autoptr(GBytes) reply = NULL;

		if (frame == NULL)
			return NULL;
		if (strcmp(frame->verb, "ready") == 0)
			continue;
		if (strcmp(frame->verb, "message") != 0 || frame->fd < 0) {
			g_set_error(error, GUICHET_ERROR,
			    GUICHET_ERROR_PERMANENT, "the reader said '%s'",
			    frame->verb);
			return NULL;
		}
		reply = frame_map(frame->fd, LIMIT_READ_REPLY_BYTES, error);
		return reply != NULL ? message_from_variant(reply, error)
				     : NULL;
	}
}

Message *
read_sync(ReadSync *reader, GBytes *raw, bool partial, GError **error)
{
	Message *message;

	if (reader->child != NULL && reader->count >= LIMIT_READER_MAILS)
		child_stop(&reader->child, 500);
	if (reader->child == NULL) {
		g_clear_pointer(&reader->told, g_bytes_unref);
		reader->child = child_spawn("read", "sync", error);
		reader->count = 0;
		if (reader->child == NULL)
			return NULL;
	}
	reader->count++;
	/* The limit of processor time is for a mail, not for a process. */
	sandbox_lift_cpu(reader->child->pid);
	message = exchange(reader, raw, partial, error);
	if (message == NULL)
		child_stop(&reader->child, 0);
	return message;
}

GBytes *
read_sync_file(const char *path, gint64 *ret_size, bool *ret_partial,
    GError **error)
{
	g_autofree char *bytes = NULL;
	gsize length;

	if (!g_file_get_contents(path, &bytes, &length, error))
		return NULL;
	*ret_size = (gint64)length;
	*ret_partial = length > LIMIT_MAIL_BYTES;
	if (*ret_partial)
		length = LIMIT_HEADER_BLOCK_BYTES + LIMIT_MAIL_PARTIAL_BYTES;
	return g_bytes_new_take(g_steal_pointer(&bytes), length);
}
