/* What lies beside the folders of a Maildir: a server's files, our own seal. */
#define _GNU_SOURCE

#include "folder_root_private.h"

#include "folder_name_private.h"
#include "guichet/base/beat.h"
#include "guichet/base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAME_BYTES 1024 /* of a file, as source.h escapes it */

char *
folder_find_server(const char *path)
{
	static const char *const files[] = { "dovecot-uidlist",
		"dovecot-uidvalidity", "dovecot.index.log", "dovecot.index",
		"courierimapuiddb", "courierimapsubscribed",
		"courierimapkeywords", "cyrus.header" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(path, files[i], NULL);

		if (g_file_test(file, G_FILE_TEST_EXISTS))
			return g_strdup_printf(
			    "%s: an IMAP server serves this folder (%s): give "
			    "it as 'imap', for a server that keeps an index "
			    "does not like others to move its mails",
			    path, files[i]);
	}
	return NULL;
}

static char *
seal_path(const char *path, const char *seal)
{
	g_autofree char *file = g_strconcat("guichet-", seal, NULL);

	return g_build_filename(path, file, NULL);
}

void
folder_put_seal(const char *path, const char *seal, const char *name)
{
	g_autofree char *file = seal_path(path, seal);
	g_autofree char *line = g_strconcat(name, "\n", NULL);
	g_auto(Descriptor) fd = open(file,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
	    0600);

	if (fd >= 0 && write(fd, line, strlen(line)) < 0)
		errno = 0;
}

char *
folder_sealed(const char *path, const char *seal)
{
	g_autofree char *file = seal_path(path, seal);
	g_auto(Descriptor) fd = open(file,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char line[NAME_BYTES + 2];
	ssize_t length = fd >= 0 ? read(fd, line, sizeof(line) - 1) : -1;

	/* One that was torn by a power cut says nothing. */
	if (length < 2 || line[length - 1] != '\n')
		return NULL;
	line[length - 1] = '\0';
	return strlen(line) == (gsize)length - 1 && strchr(line, '/') == NULL
	    ? g_strdup(line)
	    : NULL;
}

guint
folder_count_unknown(int folder, GHashTable *taken)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	guint count = 0;

	if (directory == NULL && fd >= 0)
		close(fd);
	for (const struct dirent *d;
	     directory != NULL && (d = readdir(directory)) != NULL;) {
		g_autofree char *name = folder_name_taken(d->d_name);

		beat();
		if (d->d_name[0] != '.' && !g_hash_table_contains(taken, name))
			count++;
	}
	if (directory != NULL)
		closedir(directory);
	return count;
}
