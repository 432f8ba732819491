/*
 * faulty-disk: a disk whose fsync of the write-ahead log fails once, between
 * SQLite and the file. The bytes were written by then: what a commit left may
 * be found, or not.
 */
#ifndef GUICHET_TESTS_FAULTY_DISK_H
#define GUICHET_TESTS_FAULTY_DISK_H

#include <glib.h>
#include <sqlite3.h>

static const sqlite3_io_methods *sound_methods;
static sqlite3_io_methods faulty_methods;
static sqlite3_vfs *sound_vfs;
static sqlite3_vfs faulty_vfs;
static int faulty_countdown; /* 0: none fails */
static int faulty_code = SQLITE_IOERR_FSYNC;

static inline int
faulty_sync(sqlite3_file *file, int flags)
{
	if (faulty_countdown > 0 && --faulty_countdown == 0)
		return faulty_code;
	return sound_methods->xSync(file, flags);
}

/* The file stays the system's own; only its way to the disk is ours. */
static inline int
faulty_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file,
    int flags, int *ret_flags)
{
	int rc = sound_vfs->xOpen(sound_vfs, name, file, flags, ret_flags);

	(void)vfs;
	if (rc != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0)
		return rc;
	sound_methods = file->pMethods;
	faulty_methods = *sound_methods;
	faulty_methods.xSync = faulty_sync;
	file->pMethods = &faulty_methods;
	return rc;
}

/* For every store that this process opens from now on. */
static inline void
faulty_disk_install(void)
{
	sound_vfs = sqlite3_vfs_find(NULL);
	faulty_vfs = *sound_vfs;
	faulty_vfs.zName = "faulty";
	faulty_vfs.xOpen = faulty_open;
	g_assert_cmpint(sqlite3_vfs_register(&faulty_vfs, 1), ==, SQLITE_OK);
}

static inline void
faulty_disk_uninstall(void)
{
	g_assert_cmpint(sqlite3_vfs_unregister(&faulty_vfs), ==, SQLITE_OK);
	faulty_countdown = 0;
}

/* The fsync after `count` - 1 others fails. */
static inline void
faulty_disk_fail_fsync(int count)
{
	faulty_countdown = count;
}

/* At that one it is full, and has room again at the next. */
static inline void
faulty_disk_fill_at(int count)
{
	faulty_code = SQLITE_FULL;
	faulty_countdown = count;
}

#endif
