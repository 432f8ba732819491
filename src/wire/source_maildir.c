#define _GNU_SOURCE /* renameat2() */

#include "guichet/source.h"

#include "guichet/cleanup.h"
#include "guichet/error.h"
#include "guichet/limits.h"
#include "source_kinds.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define HEAD_BYTES (LIMIT_HEADER_BLOCK_BYTES + LIMIT_MAIL_PARTIAL_BYTES)

struct Source {
	char *path;
	int fresh, seen;   /* new/ and cur/ */
	int watch;         /* inotify; -1 if there is none */
	Seconds poll;      /* between listings without its word */
	gint64 listed;     /* g_get_monotonic_time() of the last; 0: never */
	bool move;         /* new/ to cur/ when done */
	GHashTable *given; /* file names handed over and still in new/ */
};

/* One file of new/. */
typedef struct {
	char *file;
	Instant received;
} Entry;

static void
entry_free(gpointer data)
{
	Entry *entry = data;

	g_free(entry->file);
	g_free(entry);
}

/* A folder of the Maildir, which may not be a symbolic link. */
static int
open_folder(const char *path, const char *name, GError **error)
{
	g_autofree char *full = g_build_filename(path, name, NULL);
	int fd = open(full, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: %s; a Maildir has new/, cur/ and tmp/", full,
		    g_strerror(errno));
	return fd;
}

static void
folder_source_close(Source *source)
{
	if (source == NULL)
		return;
	descriptor_close(&source->fresh);
	descriptor_close(&source->seen);
	descriptor_close(&source->watch);
	g_hash_table_unref(source->given);
	g_free(source->path);
	g_free(source);
}

static Source *
folder_source_open(const SourceConf *conf, GError **error)
{
	Source *source = g_new0(Source, 1);
	g_autofree char *fresh = g_build_filename(conf->path, "new", NULL);

	source->path = g_strdup(conf->path);
	source->given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	source->move = conf->done != DONE_NOTHING;
	source->poll = MAX(conf->poll, 1);
	source->watch = -1;
	source->seen = -1;
	source->fresh = open_folder(conf->path, "new", error);
	if (source->fresh >= 0)
		source->seen = open_folder(conf->path, "cur", error);
	if (source->seen < 0) {
		folder_source_close(source);
		return NULL;
	}
	/* Without inotify we only look less promptly. */
	source->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (source->watch >= 0)
		inotify_add_watch(source->watch, fresh,
		    IN_MOVED_TO | IN_CLOSE_WRITE | IN_CREATE);
	return source;
}

/* The name that crosses to the desk: bytes that are not printable ASCII, and
 * the escape itself, as %XX. */
static char *
escape_name(const char *file)
{
	GString *name = g_string_new(NULL);

	for (const char *p = file; *p != '\0'; p++) {
		if (g_ascii_isgraph(*p) && *p != '%')
			g_string_append_c(name, *p);
		else
			g_string_append_printf(name, "%%%02X", (guint8)*p);
	}
	return g_string_free(name, FALSE);
}

/* And back. NULL for what escape_name() cannot have made, or what would leave
 * the folder. */
static char *
unescape_name(const char *name)
{
	g_autoptr(GString) file = g_string_new(NULL);

	for (const char *p = name; *p != '\0'; p++) {
		int high, low;

		if (*p != '%') {
			g_string_append_c(file, *p);
			continue;
		}
		high = g_ascii_xdigit_value(p[1]);
		low = high < 0 ? -1 : g_ascii_xdigit_value(p[2]);
		if (low < 0 || high + low == 0)
			return NULL;
		g_string_append_c(file, (char)(high * 16 + low));
		p += 2;
	}
	if (file->len == 0 || file->len > 255 || file->str[0] == '.' ||
	    strchr(file->str, '/') != NULL)
		return NULL;
	return g_strdup(file->str);
}

/* "1795190400.M1P2.host": the seconds in front; else when it was written. */
static Instant
delivery_time(const char *file, const struct stat *status)
{
	char *end = NULL;
	gint64 seconds;

	if (!g_ascii_isdigit(*file))
		return status->st_mtime;
	seconds = g_ascii_strtoll(file, &end, 10);
	if (*end != '.' || end - file > 11)
		return status->st_mtime;
	return seconds;
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
	const Entry *x = *(Entry *const *)a, *y = *(Entry *const *)b;

	if (x->received != y->received)
		return x->received < y->received ? -1 : 1;
	return strcmp(x->file, y->file);
}

/* Sets *ret_entries to the regular files of new/ that were not handed over
 * yet, in the order of delivery. */
static bool
list_entries(Source *source, GPtrArray **ret_entries, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(
	    entry_free);
	g_autoptr(GHashTable) still = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);
	int fd = openat(source->fresh, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;

	if (directory == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "%s/new: %s", source->path, g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (const struct dirent *d; (d = readdir(directory)) != NULL;) {
		struct stat status;
		Entry *entry;

		if (d->d_name[0] == '.')
			continue;
		if (g_hash_table_contains(source->given, d->d_name)) {
			g_hash_table_add(still, g_strdup(d->d_name));
			continue;
		}
		if (fstatat(source->fresh, d->d_name, &status,
			AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(status.st_mode))
			continue;
		entry = g_new0(Entry, 1);
		entry->file = g_strdup(d->d_name);
		entry->received = delivery_time(d->d_name, &status);
		g_ptr_array_add(entries, entry);
	}
	closedir(directory);
	g_ptr_array_sort(entries, compare_entries);
	/* Forget what has left new/: the set must not grow for ever. */
	g_hash_table_unref(source->given);
	source->given = g_steal_pointer(&still);
	*ret_entries = g_steal_pointer(&entries);
	return true;
}

/* Up to `max` bytes from the file's beginning. */
static GBytes *
read_bytes(int fd, gsize max)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();

	while (bytes->len < max) {
		guint8 buffer[64 * 1024];
		ssize_t got = read(fd, buffer,
		    MIN(sizeof(buffer), max - bytes->len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return NULL;
		if (got == 0)
			break;
		g_byte_array_append(bytes, buffer, (guint)got);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

/* Absent is not failed: true with *ret_mail NULL when the file has gone or is
 * no plain file any more. */
static bool
read_mail(Source *source, const Entry *entry, RawMail **ret_mail,
    GError **error)
{
	g_autoptr(RawMail) mail = g_new0(RawMail, 1);
	g_auto(Descriptor) fd = openat(source->fresh, entry->file,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	*ret_mail = NULL;
	if (fd < 0 && (errno == ENOENT || errno == ELOOP))
		return true;
	if (fd >= 0 && fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
		return true;
	if (fd >= 0) {
		mail->size = (guint64)status.st_size;
		mail->truncated = mail->size > LIMIT_MAIL_BYTES;
		mail->bytes = read_bytes(fd,
		    mail->truncated ? HEAD_BYTES : LIMIT_MAIL_BYTES);
	}
	if (mail->bytes == NULL) {
		g_set_error(error, GUICHET_ERROR,
		    errno == EACCES ? GUICHET_ERROR_CONFIG
				    : GUICHET_ERROR_TEMPORARY,
		    "%s/new/%s: %s", source->path, entry->file,
		    g_strerror(errno));
		return false;
	}
	mail->name = escape_name(entry->file);
	mail->received = entry->received;
	*ret_mail = g_steal_pointer(&mail);
	return true;
}

/*
 * Whether new/ may hold what was not listed yet. What was handed over stays
 * there until it is decided: to list it again after each word of the desk
 * would cost by the square of a storm. Which file is new does not matter.
 */
static bool
is_stale(Source *source)
{
	gint64 now = g_get_monotonic_time();
	char events[4096];
	bool stale = source->listed == 0 ||
	    now - source->listed >= source->poll * G_USEC_PER_SEC;

	while (source->watch >= 0 &&
	    read(source->watch, events, sizeof(events)) > 0)
		stale = true;
	if (stale)
		source->listed = now;
	return stale;
}

static bool
hand_over(Source *source, SourceMail each, void *data, GError **error)
{
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GError) unreadable = NULL;

	if (!list_entries(source, &entries, error))
		return false;
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		g_autoptr(RawMail) mail = NULL;

		/* One bad file does not hold up those behind it. */
		if (!read_mail(source, entry, &mail,
			unreadable == NULL ? &unreadable : NULL) ||
		    mail == NULL)
			continue;
		if (!each(data, mail, error))
			return false;
		g_hash_table_add(source->given, g_strdup(entry->file));
	}
	if (unreadable != NULL) {
		g_propagate_error(error, g_steal_pointer(&unreadable));
		return false;
	}
	return true;
}

static bool
folder_source_look(Source *source, guint32 *uidvalidity, guint32 *uid,
    SourceMail each, void *data, GError **error)
{
	(void)uidvalidity;
	(void)uid;
	if (!is_stale(source) || hand_over(source, each, data, error))
		return true;
	source->listed = 0; /* some are still to be handed over */
	return false;
}

static bool
move_to_cur(Source *source, const char *name, GError **error)
{
	g_autofree char *file = unescape_name(name);
	g_autofree char *target = NULL;

	if (file == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "'%s' is no name of a mail in %s", name, source->path);
		return false;
	}
	/* No flag: whether somebody has seen it is for people to say. */
	target = strstr(file, ":2,") != NULL ? g_strdup(file)
					     : g_strconcat(file, ":2,", NULL);
	if (renameat2(source->fresh, file, source->seen, target,
		RENAME_NOREPLACE) == 0 ||
	    errno == ENOENT) {
		/* Should the name ever come again, it is another mail. */
		g_hash_table_remove(source->given, file);
		return true;
	}
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    "%s/new/%s: cannot move it to cur/: %s", source->path, file,
	    g_strerror(errno));
	return false;
}

static bool
folder_source_done(Source *source, SourceMark *const *marks, guint count,
    GError **error)
{
	for (guint i = 0; source->move && i < count; i++) {
		if (!move_to_cur(source, marks[i]->name, error))
			return false;
	}
	return true;
}

static bool
folder_source_wait(Source *source, int socket, Seconds seconds, GError **error)
{
	struct pollfd wanted[] = {
		{ socket, POLLIN, 0 },
		{ source->watch, POLLIN, 0 },
	};
	int ready;

	(void)error;
	do
		ready = poll(wanted, source->watch >= 0 ? 2 : 1,
		    (int)CLAMP(seconds, 0, 3600) * 1000);
	while (ready < 0 && errno == EINTR);
	return true;
}

const SourceOps source_maildir_ops = {
	.kind = "maildir",
	.open = folder_source_open,
	.look = folder_source_look,
	.done = folder_source_done,
	.wait = folder_source_wait,
	.close = folder_source_close,
};
