/* A Maildir as the way out. */
#include "guichet/wire/sink.h"

#include "guichet/base/beat.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/place.h"
#include "guichet/base/text.h"
#include "sink_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct Sink {
	char *path;
	int tmp, fresh, seen; /* tmp/, new/, cur/ */
};

static void
folder_sink_close(Sink *sink)
{
	if (sink == NULL)
		return;
	descriptor_close(&sink->tmp);
	descriptor_close(&sink->fresh);
	descriptor_close(&sink->seen);
	g_free(sink->path);
	g_free(sink);
}

/* A folder of the Maildir, made if it is missing. */
static int
open_folder(const char *path, const char *name, GError **error)
{
	g_autofree char *full = g_build_filename(path, name, NULL);
	int fd = -1;

	if (g_mkdir_with_parents(full, 0700) == 0)
		fd = open(full,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: %s", full, g_strerror(errno));
	return fd;
}

static Sink *
folder_sink_open(const SinkConf *conf, GError **error)
{
	Sink *sink = g_new0(Sink, 1);

	sink->path = g_strdup(conf->path);
	sink->fresh = sink->seen = -1;
	sink->tmp = open_folder(conf->path, "tmp", error);
	if (sink->tmp >= 0)
		sink->fresh = open_folder(conf->path, "new", error);
	if (sink->fresh >= 0)
		sink->seen = open_folder(conf->path, "cur", error);
	if (sink->seen >= 0)
		return sink;
	folder_sink_close(sink);
	return NULL;
}

/* Whether a file of that name, with any flags behind it, is in the folder. */
static bool
holds(int folder, const char *name)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	gsize length = strlen(name);
	bool found = false;

	if (directory == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (const struct dirent *d;
	     !found && (d = readdir(directory)) != NULL;) {
		beat();
		found = strncmp(d->d_name, name, length) == 0 &&
		    (d->d_name[length] == '\0' || d->d_name[length] == ':');
	}
	closedir(directory);
	return found;
}

/* Writes the whole mail to tmp/ and syncs it; errno tells why not. */
static bool
write_file(Sink *sink, const char *name, const GString *bytes)
{
	g_auto(Descriptor) fd = openat(sink->tmp, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	for (gsize done = 0; done < bytes->len;) {
		ssize_t put = write(fd, bytes->str + done, bytes->len - done);

		beat();
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		done += (gsize)put;
	}
	return fsync(fd) == 0;
}

static SinkOutcome
fail_later(const Sink *sink, const char *what, char **ret_text)
{
	*ret_text = g_strdup_printf("%s: %s: %s", sink->path, what,
	    g_strerror(errno));
	return SINK_LATER;
}

/*
 * The name holds the outbox row and the bytes' hash: what was sent before,
 * also by a process that died after it, is not sent again; another store that
 * writes into the same folder does not take its mails for ours.
 */
static SinkOutcome
folder_sink_send(Sink *sink, const SinkMail *mail, SinkDot dot, void *data,
    int *ret_code, char **ret_text)
{
	g_autofree char *hash = text_sha256(g_bytes_get_data(mail->bytes, NULL),
	    g_bytes_get_size(mail->bytes));
	g_autofree char *name = g_strdup_printf(
	    "guichet.%010" G_GINT64_FORMAT ".%.16s", mail->id, hash);
	g_autofree char *to = text_address_written(mail->to);
	g_autoptr(GString) bytes = NULL;
	g_autofree char *head = NULL;

	*ret_code = 0;
	if (!text_is_address(mail->to) ||
	    (*mail->from != '\0' && !text_is_address(mail->from))) {
		*ret_text = g_strdup("not an address that can be used");
		return SINK_NEVER;
	}
	if (holds(sink->fresh, name) || holds(sink->seen, name)) {
		*ret_text = g_strdup("was there already");
		return SINK_SENT;
	}
	/* RFC 5321, 4.4: final delivery keeps the envelope's sender. */
	head = g_strdup_printf("Return-Path: <%s>\nDelivered-To: %s\n",
	    mail->from, to);
	bytes = sink_normal_bytes(mail->bytes, false);
	g_string_prepend(bytes, head);
	if (!write_file(sink, name, bytes))
		return fail_later(sink, "cannot write a mail", ret_text);
	if (!dot(data)) {
		unlinkat(sink->tmp, name, 0);
		*ret_text = g_strdup("given up before the end");
		return SINK_LATER;
	}
	if (renameat(sink->tmp, name, sink->fresh, name) != 0)
		return fail_later(sink, "cannot move a mail to new/", ret_text);
	if (fsync(sink->fresh) != 0)
		return fail_later(sink, "cannot sync new/", ret_text);
	*ret_text = g_strdup("delivered");
	return SINK_SENT;
}

static bool
folder_sink_probe(const SinkConf *conf, GError **error)
{
	static const char *const parts[] = { "tmp", "new", "cur" };

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *full = g_build_filename(conf->path, parts[i],
		    NULL);

		if (place_is_usable(full))
			continue;
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: %s", full, g_strerror(errno));
		return false;
	}
	return true;
}

const SinkOps sink_maildir_ops = {
	.kind = "maildir",
	.open = folder_sink_open,
	.send = folder_sink_send,
	.probe = folder_sink_probe,
	.close = folder_sink_close,
};
