/* Whether a path could be written to: only looks, makes nothing. */
#include "guichet/base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool
place_is_usable(const char *folder)
{
	g_autofree char *path = g_strdup(folder);

	while (access(path, F_OK) != 0 && errno == ENOENT) {
		char *parent = g_path_get_dirname(path);

		g_free(path);
		path = parent;
	}
	if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
		errno = ENOTDIR;
		return false;
	}
	return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0;
}
