/*
 * The file of a store: made whole or not at all, written by one process, and
 * before each commit known to be the file that was opened.
 *
 * What is locked is the database's inode: neither a link nor the removal of
 * the lock file lets a second writer in. flock(2) and SQLite's own record locks
 * do not see each other; but to close any descriptor of the file drops the
 * latter, so that ours stays open for the life of the store.
 */
#define _GNU_SOURCE /* renameat2() */

#include "store_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/store/store_life.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What SQLite keeps beside a database in WAL mode. */
static const char *const companions[] = { "-wal", "-shm" };

bool
store_fail_errno(const char *path, const char *what, GError **error)
{
	int code = errno;

	g_set_error(error, GUICHET_ERROR,
	    code == ENOENT || code == EACCES || code == ENOTDIR ||
		    code == EISDIR || code == ELOOP || code == EROFS
		? GUICHET_ERROR_CONFIG
		: GUICHET_ERROR_TEMPORARY,
	    "store '%s': %s: %s", path, what, g_strerror(code));
	return false;
}

/* Right whether it never was there or is lost. */
bool
store_fail_absent(const char *path, GError **error)
{
	return store_fail_errno(path,
	    errno == ENOENT
		? "cannot be opened ('guichet run' makes the first one, "
		  "'guichet restore FILE' puts back one that is lost)"
		: "cannot be opened",
	    error);
}

static bool
refuse(const char *path, const char *why, GError **error)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG, "store '%s' %s",
	    path, why);
	return false;
}

/* ---- one writer ---- */

static void
fail_locked(const char *path, int fd, GError **error)
{
	char pid[24] = "";
	ssize_t length = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[length > 0 ? length : 0] = '\0';
	g_strstrip(pid);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
	    "store '%s' is in use by another guichet%s%s; stop that one first",
	    path, *pid != '\0' ? ", process " : "", pid);
}

/*
 * The lock file tells who it is, and keeps out a guichet that knows no other
 * lock. It stays when the process ends: removing it would let two processes
 * lock two files of one name.
 */
static bool
take_lock_file(const char *path, int *ret_fd, GError **error)
{
	g_autofree char *name = g_strconcat(path, ".lock", NULL);
	g_auto(Descriptor) fd = open(name,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	char pid[24];
	int length;

	if (fd < 0)
		return store_fail_errno(path, "cannot open its lock file",
		    error);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return store_fail_errno(path, "cannot be locked",
			    error);
		fail_locked(path, fd, error);
		return false;
	}
	/* For the message above only: a short write harms nobody. */
	length = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)length, 0) < 0)
		errno = 0;
	*ret_fd = descriptor_steal(&fd);
	return true;
}

static bool
is_same_file(const char *path, const struct stat *known)
{
	struct stat now;

	return stat(path, &now) == 0 && now.st_dev == known->st_dev &&
	    now.st_ino == known->st_ino;
}

/* What cannot be a store, whatever is in it. */
static bool
check_status(const char *path, const struct stat *status, GError **error)
{
	if (!S_ISREG(status->st_mode))
		return refuse(path, "is no file; name one", error);
	if (status->st_size == 0)
		return refuse(path,
		    "is empty, 0 bytes, and no new one is made over it; put "
		    "a copy back with 'guichet restore FILE', or move it away "
		    "and begin anew with 'guichet init'",
		    error);
	/* SQLite finds the journal by the name: under another one, what is
	 * only in it would be lost. */
	if (status->st_nlink > 1)
		return refuse(path,
		    "has more than one name (hard links); leave it one, and "
		    "make a copy in place of a link",
		    error);
	return true;
}

/* Locks the file itself. */
static bool
take_inode(const char *path, int *ret_fd, struct stat *ret_status,
    GError **error)
{
	g_auto(Descriptor) fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return store_fail_absent(path, error);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return store_fail_errno(path, "cannot be locked",
			    error);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "store '%s' is in use by another guichet, under another "
		    "name or without its lock file; stop that one first",
		    path);
		return false;
	}
	if (fstat(fd, ret_status) != 0)
		return store_fail_errno(path, "cannot be looked at", error);
	if (!check_status(path, ret_status, error))
		return false;
	if (!is_same_file(path, ret_status)) {
		errno = EAGAIN;
		return store_fail_errno(path, "was just replaced", error);
	}
	*ret_fd = descriptor_steal(&fd);
	return true;
}

bool
store_take_file(Store *store, GError **error)
{
	/* Else an order that is refused would leave a lock beside nothing. */
	if (access(store->path, F_OK) != 0)
		return store_fail_absent(store->path, error);
	return take_lock_file(store->path, &store->lock, error) &&
	    take_inode(store->path, &store->file, &store->status, error);
}

/* ---- still the same file ---- */

void
store_note_files(Store *store)
{
	struct stat now;

	/* Only SQLite makes it shorter: a checkpoint, of what a power cut left
	 * beyond the last page. */
	if (store->file >= 0 && fstat(store->file, &now) == 0)
		store->status.st_size = now.st_size;
	for (gsize i = 0; i < G_N_ELEMENTS(companions); i++) {
		g_autofree char *name = g_strconcat(store->path, companions[i],
		    NULL);
		struct stat *status = &store->beside[i];

		if (status->st_ino == 0 && stat(name, status) != 0)
			status->st_ino = 0;
	}
}

static bool
companions_are_there(const Store *store)
{
	for (gsize i = 0; i < G_N_ELEMENTS(companions); i++) {
		g_autofree char *name = g_strconcat(store->path, companions[i],
		    NULL);

		if (store->beside[i].st_ino != 0 &&
		    !is_same_file(name, &store->beside[i]))
			return false;
	}
	return true;
}

bool
store_is_gone(const Store *store)
{
	return store->gone;
}

bool
store_check_file(Store *store, GError **error)
{
	struct stat now;

	if (store->file < 0)
		return true;
	/* Shorter than our last change left it: somebody cut it. */
	if (fstat(store->file, &now) == 0 && now.st_nlink > 0 &&
	    now.st_size >= store->status.st_size &&
	    is_same_file(store->path, &store->status) &&
	    companions_are_there(store))
		return true;
	store->gone = true;
	return refuse(store->path,
	    "is not the file any more that was opened: it was removed, cut or "
	    "replaced, or its -wal or -shm was; nothing more is written, mail "
	    "stays where it is. Stop guichet, put a copy back with 'guichet "
	    "restore FILE', and start it",
	    error);
}

/* ---- made, and put in place ---- */

static bool
sync_path(const char *path, const char *of, GError **error)
{
	g_auto(Descriptor) fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fsync(fd) == 0)
		return true;
	return store_fail_errno(of, "cannot be written to the disk", error);
}

static bool
sync_folder(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return sync_path(folder, path, error);
}

/* Of an attempt that was cut off. */
static void
remove_draft(const char *draft)
{
	static const char *const all[] = { "", "-wal", "-shm", "-journal" };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *name = g_strconcat(draft, all[i], NULL);

		(void)unlink(name);
	}
}

/* A journal without its database would be taken for the new one's. */
static bool
check_no_rest(const char *path, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(companions); i++) {
		g_autofree char *name = g_strconcat(path, companions[i], NULL);

		if (access(name, F_OK) != 0)
			continue;
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "store '%s' is gone, but '%s' is left of it; move that "
		    "away first",
		    path, name);
		return false;
	}
	return true;
}

static bool
make_draft(const char *draft, GError **error)
{
	g_autoptr(Store) store = NULL;
	g_auto(Descriptor) fd = -1;

	remove_draft(draft);
	/* SQLite would make it readable by all; it holds people's mail. */
	fd = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fail_errno(draft, "cannot be made", error);
	store = store_open_draft(draft, error);
	return store != NULL;
}

static bool
place(const char *draft, const char *path, GError **error)
{
	if (renameat2(AT_FDCWD, draft, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
		return store_fail_errno(path, "cannot be put in its place",
		    error);
	return sync_folder(path, error);
}

/* With the lock file held. */
static bool
make_here(const char *path, GError **error)
{
	g_autofree char *draft = g_strconcat(path, ".new", NULL);

	if (access(path, F_OK) == 0)
		return refuse(path, "is there already", error);
	return check_no_rest(path, error) && make_draft(draft, error) &&
	    sync_path(draft, path, error) && place(draft, path, error);
}

bool
store_make(const char *path, GError **error)
{
	g_auto(Descriptor) lock = -1;

	return take_lock_file(path, &lock, error) && make_here(path, error);
}

/* ---- restored ---- */

static bool
backup(sqlite3 *to, sqlite3 *from, const char *path, GError **error)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
	int rc = copy != NULL ? sqlite3_backup_step(copy, -1) : SQLITE_ERROR;

	sqlite3_backup_finish(copy);
	if (rc == SQLITE_DONE)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "'%s' cannot be copied: %s", path, sqlite3_errmsg(to));
	return false;
}

static bool
has_journal(const char *path)
{
	static const char *const journals[] = { "-wal", "-journal" };

	for (gsize i = 0; i < G_N_ELEMENTS(journals); i++) {
		g_autofree char *name = g_strconcat(path, journals[i], NULL);
		struct stat status;

		if (stat(name, &status) == 0 && status.st_size > 0)
			return true;
	}
	return false;
}

/* A copy without a journal is read as it stands: for any other, SQLite makes
 * files beside it, and a folder of copies is often not ours to write to. */
static int
open_copy(const char *from, sqlite3 **ret_db)
{
	g_autofree char *path = g_canonicalize_filename(from, NULL);
	g_autofree char *escaped = g_filename_to_uri(path, NULL, NULL);
	g_autofree char *uri = g_strconcat(escaped, "?immutable=1", NULL);

	if (has_journal(from))
		return sqlite3_open_v2(from, ret_db, SQLITE_OPEN_READONLY,
		    NULL);
	return sqlite3_open_v2(uri, ret_db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
}

/* With what is only in its journal. */
static bool
copy_store(const char *from, const char *draft, GError **error)
{
	sqlite3 *source = NULL, *target = NULL;
	bool ok = false;

	if (open_copy(from, &source) != SQLITE_OK ||
	    sqlite3_open_v2(draft, &target, SQLITE_OPEN_READWRITE, NULL) !=
		SQLITE_OK)
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "'%s' cannot be opened: %s", from,
		    sqlite3_errmsg(target != NULL ? target : source));
	else
		ok = backup(target, source, from, error);
	sqlite3_close(source);
	sqlite3_close(target);
	return ok;
}

static bool
check_copy(const char *draft, StoreLife *ret_life, GError **error)
{
	g_autoptr(Store) store = store_open_draft(draft, error);

	return store != NULL && store_check_pages(store, true, error) &&
	    store_life(store, ret_life, error);
}

static bool
make_copy(const char *from, const char *draft, StoreLife *ret_life,
    GError **error)
{
	g_auto(Descriptor) fd = -1;
	struct stat status;

	if (stat(from, &status) != 0)
		return store_fail_errno(from, "cannot be opened", error);
	if (!S_ISREG(status.st_mode) || status.st_size == 0)
		return refuse(from, "is no copy of a store: it is empty",
		    error);
	remove_draft(draft);
	fd = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fail_errno(draft, "cannot be made", error);
	descriptor_close(&fd);
	return copy_store(from, draft, error) &&
	    check_copy(draft, ret_life, error) &&
	    sync_path(draft, draft, error);
}

/* The database first: what is left of a journal alone is told. */
static bool
move_aside(const char *path, const char *aside, GError **error)
{
	for (gsize i = 0; i <= G_N_ELEMENTS(companions); i++) {
		const char *end = i == 0 ? "" : companions[i - 1];
		g_autofree char *from = g_strconcat(path, end, NULL);
		g_autofree char *to = g_strconcat(aside, end, NULL);

		if (rename(from, to) != 0 && errno != ENOENT)
			return store_fail_errno(from, "cannot be moved aside",
			    error);
	}
	return sync_folder(path, error);
}

static bool
lock_present(const char *path, int *ret_fd, GError **error)
{
	*ret_fd = open(path, O_RDWR | O_CLOEXEC);
	if (*ret_fd < 0 && errno == ENOENT)
		return true;
	if (*ret_fd < 0)
		return store_fail_errno(path, "cannot be opened", error);
	if (flock(*ret_fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
	    "store '%s' is in use by another guichet; stop that one first",
	    path);
	return false;
}

bool
store_replace(const char *path, const char *from, StoreAgree agree, void *data,
    char **ret_aside, GError **error)
{
	g_autofree char *draft = g_strconcat(path, ".new", NULL);
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *when = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
	g_autofree char *aside = g_strdup_printf("%s.before-%s", path, when);
	g_auto(StoreLife) life = { 0 };
	g_auto(Descriptor) lock = -1, present = -1;
	bool was;

	if (!take_lock_file(path, &lock, error) ||
	    !lock_present(path, &present, error))
		return false;
	was = present >= 0;
	if (!make_copy(from, draft, &life, error) ||
	    !agree(data, &life, error)) {
		remove_draft(draft);
		return false;
	}
	if (!move_aside(path, aside, error) || !place(draft, path, error))
		return false;
	*ret_aside = was ? g_steal_pointer(&aside) : NULL;
	return true;
}
