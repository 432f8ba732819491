/* F_ADD_SEALS, memfd_create() */
#define _GNU_SOURCE

#include "guichet/base/frame.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#define FRAME_TYPE  "(sa{sv})"
#define FRAME_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

void
frame_free(Frame *frame)
{
	if (frame == NULL)
		return;
	g_free(frame->verb);
	if (frame->args != NULL)
		g_variant_unref(frame->args);
	if (frame->fd >= 0)
		close(frame->fd);
	g_free(frame);
}

static bool
fail(GError **error, const char *what)
{
	int code = errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS
	    ? GUICHET_ERROR_TEMPORARY
	    : GUICHET_ERROR_PERMANENT;

	g_set_error(error, GUICHET_ERROR, code, "%s: %s", what,
	    g_strerror(errno));
	return false;
}

bool
frame_send(int socket, const char *verb, GVariant *args, int fd, GError **error)
{
	g_autoptr(GVariant) packet = NULL;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec part;
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	if (args == NULL)
		args = g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0);
	packet = g_variant_ref_sink(g_variant_new("(s@a{sv})", verb, args));
	part.iov_len = g_variant_get_size(packet);
	part.iov_base = (void *)g_variant_get_data(packet);
	if (part.iov_len > LIMIT_FRAME_BYTES) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "too long for a process: a '%s' of %" G_GSIZE_FORMAT
		    " bytes",
		    verb, part.iov_len);
		return false;
	}

	if (fd >= 0) {
		message.msg_control = control.space;
		message.msg_controllen = sizeof(control.space);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent >= 0 || fail(error, "sending to a process");
}

/* Takes the descriptor out of the ancillary data; -1 if there is none. */
static int
received_descriptor(struct msghdr *message)
{
	int found = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL;
	     c = CMSG_NXTHDR(message, c)) {
		gsize count;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (gsize i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (found < 0)
				found = fd;
			else
				close(fd);
		}
	}
	return found;
}

/* A deep copy, since the packet's buffer ends with frame_receive(). */
static GVariant *
copy_arguments(GVariant *packet)
{
	g_autoptr(GVariant) args = g_variant_get_child_value(packet, 1);
	g_autoptr(GBytes) bytes = g_bytes_new(g_variant_get_data(args),
	    g_variant_get_size(args));

	return g_variant_ref_sink(
	    g_variant_new_from_bytes(G_VARIANT_TYPE_VARDICT, bytes, TRUE));
}

bool
frame_receive(int socket, Frame **ret_frame, GError **error)
{
	g_autofree char *buffer = g_malloc(LIMIT_FRAME_BYTES);
	g_autoptr(Frame) frame = g_new0(Frame, 1);
	g_autoptr(GVariant) packet = NULL;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec part = { buffer, LIMIT_FRAME_BYTES };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	ssize_t got;

	frame->fd = -1; /* 0 is somebody's: freeing the frame would close it */
	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno != ECONNRESET)
		return fail(error, "hearing from a process");
	if (got > 0)
		frame->fd = received_descriptor(&message);
	if (got <= 0) {
		*ret_frame = NULL;
		return true;
	}

	packet = g_variant_ref_sink(g_variant_new_from_data(
	    G_VARIANT_TYPE(FRAME_TYPE), buffer, (gsize)got, FALSE, NULL, NULL));
	if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ||
	    !g_variant_is_normal_form(packet)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "a process sent a malformed frame");
		return false;
	}
	g_variant_get_child(packet, 0, "s", &frame->verb);
	frame->args = copy_arguments(packet);
	*ret_frame = g_steal_pointer(&frame);
	return true;
}

gint64
frame_int(const Frame *frame, const char *key, gint64 absent)
{
	g_autoptr(GVariant) value = g_variant_lookup_value(frame->args, key,
	    NULL);

	if (value == NULL)
		return absent;
	switch (g_variant_classify(value)) {
	case G_VARIANT_CLASS_INT32:
		return g_variant_get_int32(value);
	case G_VARIANT_CLASS_UINT32:
		return g_variant_get_uint32(value);
	case G_VARIANT_CLASS_INT64:
		return g_variant_get_int64(value);
	case G_VARIANT_CLASS_UINT64:
		return (gint64)MIN(g_variant_get_uint64(value),
		    (guint64)G_MAXINT64);
	default:
		return absent;
	}
}

const char *
frame_string(const Frame *frame, const char *key)
{
	const char *text = "";

	g_variant_lookup(frame->args, key, "&s", &text);
	return text;
}

bool
frame_bool(const Frame *frame, const char *key)
{
	gboolean value = FALSE;

	g_variant_lookup(frame->args, key, "b", &value);
	return value;
}

int
frame_memfd(const void *bytes, gsize length, GError **error)
{
	g_auto(Descriptor) fd = memfd_create("guichet",
	    MFD_CLOEXEC | MFD_ALLOW_SEALING);
	const char *p = bytes;

	if (fd < 0) {
		fail(error, "making a memfd");
		return -1;
	}
	for (gsize left = length; left > 0;) {
		ssize_t put = write(fd, p, left);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			fail(error, "filling a memfd");
			return -1;
		}
		p += put;
		left -= (gsize)put;
	}
	if (fcntl(fd, F_ADD_SEALS, FRAME_SEALS) != 0) {
		fail(error, "sealing a memfd");
		return -1;
	}
	return descriptor_steal(&fd);
}

typedef struct {
	void *address;
	gsize length;
} Mapping;

static void
mapping_free(gpointer data)
{
	Mapping *mapping = data;

	munmap(mapping->address, mapping->length);
	g_free(mapping);
}

/*
 * The length of a memfd that nobody can change any more, or -1. One of huge
 * pages is refused: reading it could kill for want of a page. No fstat(),
 * which glibc makes from a call that the reader's sandbox must forbid.
 */
static off_t
sealed_length(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct statfs system;

	if (seals < 0 || (seals & FRAME_SEALS) != FRAME_SEALS ||
	    fstatfs(fd, &system) != 0 || system.f_type != TMPFS_MAGIC)
		return -1;
	return lseek(fd, 0, SEEK_END);
}

GBytes *
frame_map(int fd, gsize max, GError **error)
{
	off_t length = sealed_length(fd);
	Mapping *mapping;
	void *address;

	if (length < 0 || (gsize)length > max) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "a process sent bytes that are unsealed or too many");
		return NULL;
	}
	if (length == 0)
		return g_bytes_new_static("", 0);
	address = mmap(NULL, (gsize)length, PROT_READ, MAP_PRIVATE, fd, 0);
	if (address == MAP_FAILED) {
		fail(error, "mapping a memfd");
		return NULL;
	}
	mapping = g_new0(Mapping, 1);
	mapping->address = address;
	mapping->length = (gsize)length;
	return g_bytes_new_with_free_func(address, mapping->length,
	    mapping_free, mapping);
}

GVariant *
frame_mail_args(guint32 uidvalidity, guint32 uid, const char *name)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", uid);
	if (name != NULL)
		g_variant_dict_insert(&args, "name", "s", name);
	return g_variant_dict_end(&args);
}
