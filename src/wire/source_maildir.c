/* Mail out of a Maildir: new/, and what others moved to cur/ first. */
#define _GNU_SOURCE /* renameat2() */

#include "guichet/wire/source.h"

#include "folder_name_private.h"
#include "folder_root_private.h"
#include "guichet/base/beat.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "source_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
	GHashTable *aside; /* passed over; or NULL */
	GHashTable *taken; /* source_taken_name()s that the desk has */
	Instant since;     /* of cur/, only what was delivered since */
	struct timespec seen_changed; /* when cur/ was listed last */
	gint64 seen_listed;           /* the same, monotonic; 0: never */
	char *warning;                /* or NULL */
	char *seal;                   /* the store's, or NULL */
	bool weigh;                   /* by it */
};

/* One file of new/ or cur/. */
typedef struct {
	char *file;
	Instant received;
	bool in_seen;    /* another program has moved it */
	const char *odd; /* what it is in place of a mail, or NULL */
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
	g_hash_table_unref(source->taken);
	g_clear_pointer(&source->aside, g_hash_table_unref);
	g_free(source->path);
	g_free(source->warning);
	g_free(source->seal);
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
	source->taken = conf->taken != NULL
	    ? g_hash_table_ref(conf->taken)
	    : g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (conf->aside != NULL)
		source->aside = g_hash_table_ref(conf->aside);
	source->since = conf->first_look != INSTANT_NONE ? conf->first_look
	    : conf->since_all                            ? G_MININT64
							 : instant_now();
	source->warning = folder_find_server(conf->path);
	source->move = conf->done != DONE_NOTHING;
	source->seal = g_strdup(conf->seal);
	source->weigh = conf->weigh;
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

/* What a thing is that is no mail; NULL for a plain file. */
static const char *
oddity(mode_t mode)
{
	if (S_ISREG(mode))
		return NULL;
	if (S_ISLNK(mode))
		return "a symbolic link";
	if (S_ISDIR(mode))
		return "a folder";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static DIR *
open_listing(const Source *source, int folder, GError **error)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;

	if (directory != NULL)
		return directory;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY, "%s/%s: %s",
	    source->path, folder == source->fresh ? "new" : "cur",
	    g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* Adds it unless it has gone meanwhile. */
static void
add_entry(GPtrArray *entries, int folder, const char *file, bool in_seen)
{
	struct stat status;
	Entry *entry;

	if (fstatat(folder, file, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	entry = g_new0(Entry, 1);
	entry->file = g_strdup(file);
	entry->received = delivery_time(file, &status);
	entry->in_seen = in_seen;
	entry->odd = oddity(status.st_mode);
	g_ptr_array_add(entries, entry);
}

static bool
is_aside(const Source *source, const char *file)
{
	g_autofree char *name = source->aside != NULL ? folder_name_escape(file)
						      : NULL;
	g_autofree char *key = name != NULL ? source_mark_key(0, 0, name)
					    : NULL;

	return key != NULL && g_hash_table_contains(source->aside, key);
}

/* Adds what is in new/ and was not handed over yet. */
static bool
list_fresh(Source *source, GPtrArray *entries, GError **error)
{
	g_autoptr(GHashTable) still = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);
	DIR *directory = open_listing(source, source->fresh, error);

	if (directory == NULL)
		return false;
	for (const struct dirent *d; (d = readdir(directory)) != NULL;) {
		beat();
		if (d->d_name[0] == '.')
			continue;
		if (g_hash_table_contains(source->given, d->d_name))
			g_hash_table_add(still, g_strdup(d->d_name));
		else if (!is_aside(source, d->d_name))
			add_entry(entries, source->fresh, d->d_name, false);
	}
	closedir(directory);
	/* Forget what has left new/: the set must not grow for ever. */
	g_hash_table_unref(source->given);
	source->given = g_steal_pointer(&still);
	return true;
}

/* Whether cur/ may hold what was not listed yet. Each mail of ours that is
 * moved there changes it, so that a look now and then must do. */
static bool
is_seen_stale(Source *source)
{
	gint64 now = g_get_monotonic_time();
	struct stat status;

	if (source->seen_listed != 0 &&
	    now - source->seen_listed < source->poll * G_USEC_PER_SEC)
		return false;
	if (fstat(source->seen, &status) != 0 ||
	    (source->seen_listed != 0 &&
		memcmp(&status.st_mtim, &source->seen_changed,
		    sizeof(status.st_mtim)) == 0))
		return false;
	source->seen_changed = status.st_mtim;
	source->seen_listed = now;
	return true;
}

/* Adds what another program moved to cur/ before we saw it. */
static bool
list_seen(Source *source, GPtrArray *entries, GError **error)
{
	DIR *directory;

	if (!is_seen_stale(source))
		return true;
	directory = open_listing(source, source->seen, error);
	if (directory == NULL)
		return false;
	for (const struct dirent *d; (d = readdir(directory)) != NULL;) {
		g_autofree char *name = NULL;
		const Entry *last;

		beat();
		if (d->d_name[0] == '.')
			continue;
		name = folder_name_taken(d->d_name);
		if (g_hash_table_contains(source->taken, name))
			continue;
		add_entry(entries, source->seen, d->d_name, true);
		last = entries->len > 0 ? entries->pdata[entries->len - 1]
					: NULL;
		if (last != NULL && last->in_seen &&
		    (last->odd != NULL || last->received < source->since))
			g_ptr_array_set_size(entries, (gint)entries->len - 1);
	}
	closedir(directory);
	return true;
}

/* Sets *ret_entries to what was not handed over yet, in the order of delivery.
 * cur/ is listed behind new/: what is moved meanwhile is seen there. */
static bool
list_entries(Source *source, GPtrArray **ret_entries, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(
	    entry_free);

	if (!list_fresh(source, entries, error) ||
	    !list_seen(source, entries, error))
		return false;
	g_ptr_array_sort(entries, compare_entries);
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

		beat();
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
	g_auto(Descriptor) fd = openat(entry->in_seen ? source->seen
						      : source->fresh,
	    entry->file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
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
		    "%s/%s/%s: %s", source->path,
		    entry->in_seen ? "cur" : "new", entry->file,
		    g_strerror(errno));
		return false;
	}
	mail->name = entry->in_seen ? folder_name_taken(entry->file)
				    : folder_name_escape(entry->file);
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

/* Of a thing that is no mail. */
static bool
refuse(const Entry *entry, const SourceTaker *taker, void *data, GError **error)
{
	g_autofree char *why = g_strdup_printf("%s, no mail", entry->odd);
	g_autoptr(RawMail) mail = g_new0(RawMail, 1);

	mail->name = folder_name_escape(entry->file);
	mail->received = entry->received;
	return taker->refused(data, mail, why, error);
}

/* One of the list: handed over, or refused. *ret_unreadable: it is there, and
 * its bytes are not to be had. */
static bool
hand_one(Source *source, const Entry *entry, const SourceTaker *taker,
    void *data, GError **ret_unreadable, GError **error)
{
	g_autoptr(RawMail) mail = NULL;

	if (entry->odd != NULL) {
		if (!refuse(entry, taker, data, error))
			return false;
	} else if (!read_mail(source, entry, &mail, ret_unreadable) ||
	    mail == NULL) {
		return true;
	} else if (!taker->mail(data, mail, error)) {
		return false;
	}
	if (!entry->in_seen)
		g_hash_table_add(source->given, g_strdup(entry->file));
	if (entry->odd == NULL)
		g_hash_table_add(source->taken, folder_name_taken(entry->file));
	return true;
}

static bool
hand_over(Source *source, const SourceTaker *taker, void *data, GError **error)
{
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GError) unreadable = NULL;

	if (!list_entries(source, &entries, error))
		return false;
	for (guint i = 0; i < entries->len; i++) {
		/* One bad file does not hold up those behind it. */
		if (!hand_one(source, entries->pdata[i], taker, data,
			unreadable == NULL ? &unreadable : NULL, error))
			return false;
	}
	if (unreadable != NULL) {
		g_propagate_error(error, g_steal_pointer(&unreadable));
		return false;
	}
	return true;
}

static bool
folder_source_weigh(Source *source, guint32 uidvalidity,
    const SourceTaker *taker, void *data, GError **error)
{
	g_autofree char *name = NULL, *taken = NULL;
	const struct stat none = { 0 };
	RawMail mail = { 0 };

	if (!source->weigh || source->seal == NULL || uidvalidity == 0)
		return true;
	name = folder_sealed(source->path, source->seal);
	taken = name != NULL ? source_taken_name(name) : NULL;
	if (taken == NULL || g_hash_table_contains(source->taken, taken))
		return true;
	mail.name = name;
	mail.received = delivery_time(name, &none);
	return taker->ahead(data, &mail,
	    folder_count_unknown(source->seen, source->taken), error);
}

static bool
folder_source_look(Source *source, guint32 *uidvalidity, guint32 *uid,
    const SourceTaker *taker, void *data, GError **error)
{
	if (is_stale(source) && !hand_over(source, taker, data, error)) {
		/* Some are still to be handed over. */
		source->listed = source->seen_listed = 0;
		return false;
	}
	/* There is no cursor; but that there was a first look is kept. */
	*uidvalidity = 1;
	*uid = 0;
	return true;
}

static bool
folder_source_again(Source *source, const SourceMark *mark,
    const SourceTaker *taker, void *data, GError **error)
{
	g_autofree char *file = folder_name_unescape(mark->name);
	g_autoptr(GError) unreadable = NULL;
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(
	    entry_free);

	if (file != NULL)
		add_entry(entries, source->fresh, file, false);
	if (entries->len == 0)
		return taker->gone(data, mark, error);
	if (!hand_one(source, entries->pdata[0], taker, data, &unreadable,
		error))
		return false;
	if (unreadable == NULL)
		return true;
	g_propagate_error(error, g_steal_pointer(&unreadable));
	return false;
}

static const char *
folder_source_warning(const Source *source)
{
	return source->warning;
}

static bool
move_to_cur(Source *source, const char *name, GError **error)
{
	g_autofree char *file = folder_name_unescape(name);
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
	if (!source->move || count == 0)
		return true;
	for (guint i = 0; i < count; i++) {
		beat();
		if (!move_to_cur(source, marks[i]->name, error))
			return false;
	}
	if (source->seal != NULL)
		folder_put_seal(source->path, source->seal,
		    marks[count - 1]->name);
	return true;
}

static bool
folder_source_wait(Source *source, int socket, Seconds seconds, GError **error)
{
	struct pollfd wanted[] = {
		{ socket, POLLIN, 0 },
		{ source->watch, POLLIN, 0 },
	};

	(void)error;
	beat_poll(wanted, source->watch >= 0 ? 2 : 1,
	    CLAMP(seconds, 0, 3600) * 1000);
	return true;
}

const SourceOps source_maildir_ops = {
	.kind = "maildir",
	.open = folder_source_open,
	.weigh = folder_source_weigh,
	.look = folder_source_look,
	.again = folder_source_again,
	.warning = folder_source_warning,
	.done = folder_source_done,
	.wait = folder_source_wait,
	.close = folder_source_close,
};
