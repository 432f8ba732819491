#include "conf_load.h"
#include "guichet/cleanup.h"
#include "guichet/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define SECRET_BYTES 16384

static bool
refuse(const YamlNode *node, const char *path, const char *what,
    const char *remedy)
{
	yaml_problem(node, "%s: %s; %s", path, what, remedy);
	return false;
}

/* A secret that others can read is none; one that another user can write is
 * his. */
static bool
check_status(const YamlNode *node, const char *path, const struct stat *status)
{
	g_autofree char *remedy = g_strdup_printf("chmod 600 %s", path);

	if (!S_ISREG(status->st_mode))
		return refuse(node, path, "is no file", "name one");
	if (status->st_uid != geteuid() && status->st_uid != 0)
		return refuse(node, path, "belongs to another user",
		    "chown it to the user that runs guichet");
	if ((status->st_mode & 077) != 0)
		return refuse(node, path, "others can read it", remedy);
	if (status->st_size > SECRET_BYTES)
		return refuse(node, path, "too large for a secret",
		    "put the secret alone in it");
	return true;
}

/* NULL if it was reported. `missing`, if not NULL, is set instead where there
 * is no file. */
static char *
read_secret(const YamlNode *node, const char *path, bool *missing)
{
	g_auto(Descriptor) fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	char *text;
	ssize_t length;

	if (fd < 0 && errno == ENOENT && missing != NULL) {
		*missing = true;
		return NULL;
	}
	if (fd < 0 || fstat(fd, &status) != 0) {
		yaml_problem(node,
		    "%s: %s; put the secret alone in that "
		    "file, then chmod 600 %s",
		    path, g_strerror(errno), path);
		return NULL;
	}
	if (!check_status(node, path, &status))
		return NULL;
	text = g_malloc0(SECRET_BYTES + 1);
	length = read(fd, text, SECRET_BYTES);
	if (length > 0 && strlen(text) == (gsize)length)
		return text;
	refuse(node, path,
	    length < 0        ? g_strerror(errno)
		: length == 0 ? "is empty"
			      : "holds a NUL byte",
	    "put the secret alone in it");
	g_free(text);
	return NULL;
}

char *
conf_secret(const Conf *conf, const YamlNode *map, const char *key,
    bool secrets)
{
	g_autofree char *path = conf_path(conf, map, key);
	const YamlNode *node = yaml_get(map, key);
	char *text, *end;

	if (path == NULL || !secrets)
		return NULL;
	text = read_secret(node, path, NULL);
	if (text == NULL)
		return NULL;
	end = text + strlen(text);
	if (end > text && end[-1] == '\n')
		*--end = '\0';
	if (end > text && end[-1] == '\r')
		*--end = '\0';
	if (strpbrk(text, "\r\n") == NULL && *text != '\0')
		return text;
	refuse(node, path, "is not one line", "put the secret alone in it");
	g_free(text);
	return NULL;
}

/* Makes the file with a fresh key. An existing one is never written. */
static char *
make_keys(const YamlNode *node, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *text = token_keys_generate();
	g_auto(Descriptor) fd = -1;
	gsize length = strlen(text);

	if (g_mkdir_with_parents(folder, 0700) == 0)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, text, length) == (ssize_t)length &&
	    fsync(fd) == 0)
		return g_steal_pointer(&text);
	yaml_problem(node, "%s: cannot be made: %s", path, g_strerror(errno));
	if (fd >= 0)
		(void)unlink(path);
	return NULL;
}

void
conf_load_tokens(Conf *conf, const YamlNode *root, bool secrets)
{
	const YamlNode *node = yaml_need(root, "tokens");
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	bool missing = false;

	conf->token_file = conf_path(conf, root, "tokens");
	if (conf->token_file == NULL || conf->address == NULL || !secrets)
		return;
	text = read_secret(node, conf->token_file, &missing);
	if (missing)
		text = make_keys(node, conf->token_file);
	if (text == NULL)
		return;
	conf->tokens = token_keys_parse(text, conf->address, &error);
	if (conf->tokens == NULL)
		yaml_problem(node, "%s: %s", conf->token_file, error->message);
}
