/*
 * trial-disk: the system's own files under SQLite, with two things of ours
 * between them.
 *
 * A journal of every change and every sync, from which disk_image() makes what
 * a disk may hold after the power is lost at any of them: what was synced, and
 * of the rest any part, in any order, torn at 512 bytes (doc/security.md 4.3,
 * P6).
 *
 * And a fault: the n-th call of a kind fails, once or from then on (P7).
 */
#ifndef GUICHET_TESTS_TRIAL_DISK_H
#define GUICHET_TESTS_TRIAL_DISK_H

#include <glib.h>
#include <sqlite3.h>
#include <string.h>

#define DISK_SECTOR 512
#define DISK_FILES  4
#define DISK_KINDS \
 (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)

typedef enum {
	DISK_OPEN,
	DISK_READ,
	DISK_WRITE,
	DISK_TRUNCATE,
	DISK_SYNC,
	DISK_SIZE,
	DISK_LOCK,
	DISK_SHM,
	DISK_DELETE,
	DISK_CALLS,
} DiskCall;

static const char *const disk_call_names[] = { "xOpen", "xRead", "xWrite",
	"xTruncate", "xSync", "xFileSize", "xLock", "xShm", "xDelete" };

typedef struct {
	DiskCall call; /* write, truncate, sync or delete */
	int file;      /* of disk.names */
	gint64 offset; /* of a truncation: the new size */
	GBytes *bytes; /* written */
} DiskChange;

typedef struct {
	sqlite3_vfs *system, own;
	char *names[DISK_FILES];
	/* Of each, what is ours and what is the system's: the log's differ. */
	sqlite3_io_methods methods[DISK_FILES];
	const sqlite3_io_methods *sound[DISK_FILES];
	GHashTable *open; /* sqlite3_file: its place in names, + 1 */

	GArray *journal; /* DiskChange; NULL: none is kept */
	bool is_idle;    /* nothing is added to it */

	gint64 counts[DISK_CALLS];
	DiskCall failing;
	gint64 fail_at; /* 0: none fails */
	bool for_ever;
	int code;
	guint hits; /* how often it has failed */
} Disk;

static Disk disk;

static inline int
disk_file(sqlite3_file *file)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(disk.open, file)) - 1;
}

static inline const sqlite3_io_methods *
disk_sound(sqlite3_file *file)
{
	return disk.sound[disk_file(file)];
}

/* What the call has to fail with, or SQLITE_OK. */
static inline int
disk_fault(DiskCall call)
{
	gint64 count = ++disk.counts[call];

	if (disk.fail_at == 0 || call != disk.failing ||
	    (disk.for_ever ? count < disk.fail_at : count != disk.fail_at))
		return SQLITE_OK;
	disk.hits++;
	return disk.code;
}

static inline void
disk_note(DiskCall call, sqlite3_file *file, gint64 offset, const void *bytes,
    gsize length)
{
	DiskChange change = { call, disk_file(file), offset, NULL };

	if (disk.journal == NULL || disk.is_idle)
		return;
	if (bytes != NULL)
		change.bytes = g_bytes_new(bytes, length);
	g_array_append_val(disk.journal, change);
}

static inline int
disk_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
	int rc = disk_fault(DISK_READ);

	return rc != SQLITE_OK
	    ? rc
	    : disk_sound(file)->xRead(file, bytes, length, offset);
}

static inline int
disk_write(sqlite3_file *file, const void *bytes, int length,
    sqlite3_int64 offset)
{
	int rc = disk_fault(DISK_WRITE);

	if (rc == SQLITE_OK)
		rc = disk_sound(file)->xWrite(file, bytes, length, offset);
	if (rc == SQLITE_OK)
		disk_note(DISK_WRITE, file, offset, bytes, (gsize)length);
	return rc;
}

static inline int
disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int rc = disk_fault(DISK_TRUNCATE);

	if (rc == SQLITE_OK)
		rc = disk_sound(file)->xTruncate(file, size);
	if (rc == SQLITE_OK)
		disk_note(DISK_TRUNCATE, file, size, NULL, 0);
	return rc;
}

/* Nothing is waited for: no trial loses the machine's own power. */
static inline int
disk_sync(sqlite3_file *file, int flags)
{
	int rc = disk_fault(DISK_SYNC);

	(void)flags;
	if (rc == SQLITE_OK)
		disk_note(DISK_SYNC, file, 0, NULL, 0);
	return rc;
}

static inline int
disk_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
	int rc = disk_fault(DISK_SIZE);

	return rc != SQLITE_OK ? rc
			       : disk_sound(file)->xFileSize(file, ret_size);
}

static inline int
disk_lock(sqlite3_file *file, int level)
{
	int rc = disk_fault(DISK_LOCK);

	return rc != SQLITE_OK ? rc : disk_sound(file)->xLock(file, level);
}

/* The write-ahead log's locks. Giving one back cannot fail. */
static inline int
disk_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	int rc = SQLITE_OK;

	if ((flags & SQLITE_SHM_LOCK) != 0)
		rc = disk_fault(DISK_SHM);
	return rc != SQLITE_OK
	    ? rc
	    : disk_sound(file)->xShmLock(file, offset, count, flags);
}

static inline int
disk_close(sqlite3_file *file)
{
	const sqlite3_io_methods *sound = disk_sound(file);

	g_hash_table_remove(disk.open, file);
	return sound->xClose(file);
}

static inline int
disk_place(const char *name)
{
	for (int i = 0; name != NULL && i < DISK_FILES; i++) {
		if (disk.names[i] == NULL)
			disk.names[i] = g_strdup(name);
		if (strcmp(disk.names[i], name) == 0)
			return i;
	}
	return -1;
}

static inline int
disk_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file,
    int flags, int *ret_flags)
{
	int rc = disk_fault(DISK_OPEN);
	int place = (flags & DISK_KINDS) != 0 ? disk_place(name) : -1;
	sqlite3_io_methods *methods;

	(void)vfs;
	file->pMethods = NULL;
	if (rc == SQLITE_OK)
		rc = disk.system->xOpen(disk.system, name, file, flags,
		    ret_flags);
	if (rc != SQLITE_OK || place < 0)
		return rc;
	methods = &disk.methods[place];
	disk.sound[place] = file->pMethods;
	*methods = *file->pMethods;
	methods->xClose = disk_close;
	methods->xRead = disk_read;
	methods->xWrite = disk_write;
	methods->xTruncate = disk_truncate;
	methods->xSync = disk_sync;
	methods->xFileSize = disk_size;
	methods->xLock = disk_lock;
	methods->xShmLock = disk_shm_lock;
	file->pMethods = methods;
	g_hash_table_insert(disk.open, file, GINT_TO_POINTER(place + 1));
	return rc;
}

static inline int
disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	int rc = disk_fault(DISK_DELETE);
	DiskChange change = { DISK_DELETE, disk_place(name), sync_folder,
		NULL };

	(void)vfs;
	if (rc == SQLITE_OK)
		rc = disk.system->xDelete(disk.system, name, 0);
	if (rc == SQLITE_OK && disk.journal != NULL && !disk.is_idle &&
	    change.file >= 0)
		g_array_append_val(disk.journal, change);
	return rc;
}

/* Whoever waits for a lock gets it at once, or never. */
static inline int
disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

/* For every store that this process opens from now on. */
static inline void
disk_install(void)
{
	disk.system = sqlite3_vfs_find(NULL);
	disk.own = *disk.system;
	disk.own.zName = "trial";
	disk.own.xOpen = disk_open;
	disk.own.xDelete = disk_delete;
	disk.own.xSleep = disk_sleep;
	disk.open = g_hash_table_new(NULL, NULL);
	g_assert_cmpint(sqlite3_vfs_register(&disk.own, 1), ==, SQLITE_OK);
}

static inline void
disk_change_clear(gpointer data)
{
	DiskChange *change = data;

	g_clear_pointer(&change->bytes, g_bytes_unref);
}

static inline void
disk_uninstall(void)
{
	g_assert_cmpint(sqlite3_vfs_unregister(&disk.own), ==, SQLITE_OK);
	g_hash_table_unref(disk.open);
	g_clear_pointer(&disk.journal, g_array_unref);
	for (int i = 0; i < DISK_FILES; i++)
		g_free(disk.names[i]);
	memset(&disk, 0, sizeof(disk));
}

/* What the files hold now counts as synced. */
static inline void
disk_keep_journal(void)
{
	disk.journal = g_array_new(FALSE, FALSE, sizeof(DiskChange));
	g_array_set_clear_func(disk.journal, disk_change_clear);
}

/* The n-th call from now on; n = 0: none. */
static inline void
disk_fail(DiskCall call, gint64 n, bool for_ever, int code)
{
	memset(disk.counts, 0, sizeof(disk.counts));
	disk.failing = call;
	disk.fail_at = n;
	disk.for_ever = for_ever;
	disk.code = code;
	disk.hits = 0;
}

/* ---- what a disk may hold afterwards ---- */

static inline void
image_put(GByteArray *image, const DiskChange *change, gsize from, gsize to)
{
	gsize length;
	const guint8 *bytes = g_bytes_get_data(change->bytes, &length);
	gsize end = (gsize)change->offset + MIN(to, length);
	guint before = image->len;

	if (end > image->len) {
		g_byte_array_set_size(image, (guint)end);
		memset(image->data + before, 0, end - before);
	}
	memcpy(image->data + change->offset + from, bytes + from,
	    MIN(to, length) - from);
}

/* An unsynced write: lost, there, or there in some of its sectors. */
static inline void
image_put_some(GByteArray *image, const DiskChange *change, GRand *rand)
{
	gsize length = g_bytes_get_size(change->bytes);
	guint fate = (guint)g_rand_int_range(rand, 0, 3);

	for (gsize at = 0; fate != 0 && at < length;) {
		gsize end = MIN(length,
		    ((gsize)change->offset + at) / DISK_SECTOR * DISK_SECTOR +
			DISK_SECTOR - (gsize)change->offset);

		if (fate == 1 || g_rand_boolean(rand))
			image_put(image, change, at, end);
		at = end;
	}
}

/* The last of the first `count` changes to that file that is known to have
 * reached the disk, + 1. */
static inline guint
image_synced(int file, guint count)
{
	for (guint i = count; i > 0; i--) {
		const DiskChange *change = &g_array_index(disk.journal,
		    DiskChange, i - 1);

		if (change->file == file &&
		    (change->call == DISK_SYNC ||
			(change->call == DISK_DELETE && change->offset != 0)))
			return i;
	}
	return 0;
}

/* What the file holds where the power was lost after `count` changes, NULL if
 * it is not there. `before` is what it held before the journal, NULL: none. */
static inline GByteArray *
disk_image(int file, GBytes *before, guint count, GRand *rand)
{
	GByteArray *image = g_byte_array_new();
	guint synced = image_synced(file, count);
	bool there = before != NULL;

	if (there)
		g_byte_array_append(image, g_bytes_get_data(before, NULL),
		    (guint)g_bytes_get_size(before));
	for (guint i = 0; i < count; i++) {
		const DiskChange *change = &g_array_index(disk.journal,
		    DiskChange, i);
		bool sure = i < synced;

		if (change->file != file || change->call == DISK_SYNC)
			continue;
		if (change->call == DISK_WRITE) {
			there = true;
			if (sure)
				image_put(image, change, 0, G_MAXUINT);
			else
				image_put_some(image, change, rand);
		} else if (sure || g_rand_boolean(rand)) {
			there = change->call != DISK_DELETE;
			if (!there || (guint64)change->offset < image->len)
				g_byte_array_set_size(image,
				    there ? (guint)change->offset : 0);
		}
	}
	if (!there)
		g_clear_pointer(&image, g_byte_array_unref);
	return image;
}

#endif
