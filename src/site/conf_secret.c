/* The files that hold a secret alone: passwords and the keys of tokens. */
#include "conf_private.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/owner.h"
#include "guichet/judgment/horizon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_BYTES 16384

static bool
refuse(const YamlNode *node, const char *path, const char *what,
    const char *remedy)
{
	yaml_problem(node, "%s: %s; %s", path, what, remedy);
	return false;
}

/* Advice that is right for whoever asks: a secret that is the service's stays
 * the service's. */
static char *
owner_remedy(const Conf *conf, const char *path, uid_t owner)
{
	g_autofree char *theirs = owner_name(owner);
	g_autofree char *command = owner_command(owner);
	g_autofree char *ours = owner_name(geteuid());
	g_autofree char *advice = conf->store == NULL
	    ? NULL
	    : owner_advice(conf->store);

	if (advice != NULL)
		return g_steal_pointer(&advice);
	if (geteuid() == 0)
		return g_strdup_printf(
		    "if guichet runs as '%s', so must this: '%s'", theirs,
		    command);
	return g_strdup_printf("guichet runs as '%s' here: chown %s %s", ours,
	    ours, path);
}

/* A secret that others can read is none; one that another user can write is
 * theirs. */
static bool
check_status(const Conf *conf, const YamlNode *node, const char *path,
    const struct stat *status)
{
	g_autofree char *theirs = owner_name(status->st_uid);
	g_autofree char *what = g_strdup_printf("belongs to another user, '%s'",
	    theirs);
	g_autofree char *chown = owner_remedy(conf, path, status->st_uid);
	g_autofree char *chmod = g_strdup_printf("chmod 600 %s", path);

	if (!S_ISREG(status->st_mode))
		return refuse(node, path, "is no file", "name one");
	if (status->st_uid != geteuid() && status->st_uid != 0)
		return refuse(node, path, what, chown);
	if ((status->st_mode & 077) != 0)
		return refuse(node, path, "others can read it", chmod);
	if (status->st_size > SECRET_BYTES)
		return refuse(node, path, "too large for a secret",
		    "put the secret alone in it");
	return true;
}

/* One that is not there is to be made; one that may not be read is there. */
static void
tell_unreadable(const Conf *conf, const YamlNode *node, const char *path,
    int code)
{
	g_autofree char *user = owner_name(geteuid());
	g_autofree char *what = g_strdup_printf("'%s' cannot read it", user);
	g_autofree char *remedy = NULL;
	struct stat status;

	if (code != EACCES && code != EPERM) {
		yaml_problem(node,
		    "%s: %s; put the secret alone in that "
		    "file, then chmod 600 %s",
		    path, g_strerror(code), path);
		return;
	}
	if (stat(path, &status) == 0 && status.st_uid != geteuid())
		remedy = owner_remedy(conf, path, status.st_uid);
	else if (conf->store != NULL)
		remedy = owner_advice(conf->store);
	refuse(node, path, what,
	    remedy != NULL ? remedy
			   : "let that user enter its folder, and read it");
}

/* NULL if it was reported. `missing`, if not NULL, is set instead where there
 * is no file. */
static char *
read_secret(const Conf *conf, const YamlNode *node, const char *path,
    bool *missing)
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
		tell_unreadable(conf, node, path, errno);
		return NULL;
	}
	if (!check_status(conf, node, path, &status))
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
	text = read_secret(conf, node, path, NULL);
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

/* What is not there yet is no mistake: `run` makes it. */
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
	text = read_secret(conf, node, conf->token_file, &missing);
	if (text == NULL)
		return;
	conf->tokens = token_keys_parse(text, conf->address, &error);
	if (conf->tokens == NULL)
		yaml_problem(node, "%s: %s", conf->token_file, error->message);
}

/* An existing file is never written. */
bool
conf_make_tokens(Conf *conf, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(conf->token_file);
	g_autofree char *text = NULL;
	g_auto(Descriptor) fd = -1;
	gsize length;

	if (conf->tokens != NULL)
		return true;
	text = token_keys_generate();
	length = strlen(text);
	if (g_mkdir_with_parents(folder, 0700) == 0)
		fd = open(conf->token_file,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, text, length) == (ssize_t)length &&
	    fsync(fd) == 0) {
		conf->tokens = token_keys_parse(text, conf->address, error);
		return conf->tokens != NULL;
	}
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "token file %s: cannot be made: %s", conf->token_file,
	    g_strerror(errno));
	if (fd >= 0)
		(void)unlink(conf->token_file);
	return false;
}

/* ---- a new key ---- */

static bool
fail(const Conf *conf, const char *what, GError **error)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "token file %s: %s", conf->token_file, what);
	return false;
}

/* Whether a key would go on whose mails may still be answered: the file was
 * last written when it was followed by another. */
static bool
check_age(const Conf *conf, const char *text, GError **error)
{
	const char *second = strchr(text + strspn(text, "\r\n"), '\n');
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	struct stat status;
	g_autofree char *what = NULL;
	gint64 days;

	if (second == NULL || second[strspn(second, " \t\r\n")] == '\0')
		return true;
	if (stat(conf->token_file, &status) != 0)
		return fail(conf, g_strerror(errno), error);
	days = HORIZON_CLIENT_DAYS -
	    (now - status.st_mtime) / HORIZON_DAY_SECONDS;
	if (days <= 0)
		return true;
	what = g_strdup_printf("the key that would go still acts for answers "
			       "to older mails; in %" G_GINT64_FORMAT
			       " days it does no more, or add --now",
	    days);
	return fail(conf, what, error);
}

/* What was renamed is durable with its folder. */
static bool
sync_folder(const Conf *conf)
{
	g_autofree char *folder = g_path_get_dirname(conf->token_file);
	g_auto(Descriptor) fd = open(folder,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && fsync(fd) == 0;
}

/* In place of the file, whole or not at all, for whom it belongs to. */
static bool
replace(const Conf *conf, const char *text, GError **error)
{
	g_autofree char *beside = g_strconcat(conf->token_file, ".new", NULL);
	gsize length = strlen(text);
	g_auto(Descriptor) fd = -1;
	struct stat status;

	if (stat(conf->token_file, &status) != 0)
		return fail(conf, g_strerror(errno), error);
	(void)unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd >= 0 && write(fd, text, length) == (ssize_t)length &&
	    (geteuid() != 0 || fchown(fd, status.st_uid, status.st_gid) == 0) &&
	    fsync(fd) == 0 && rename(beside, conf->token_file) == 0 &&
	    sync_folder(conf))
		return true;
	fail(conf, g_strerror(errno), error);
	(void)unlink(beside);
	return false;
}

bool
conf_rotate_tokens(const Conf *conf, bool at_once, GError **error)
{
	char *old = NULL, *both;
	gsize length;
	bool done;

	if (conf->tokens == NULL)
		return fail(conf, "there is none yet; 'guichet run' makes it",
		    error);
	if (!g_file_get_contents(conf->token_file, &old, &length, NULL))
		return fail(conf, "cannot be read", error);
	both = token_keys_rotate(old);
	done = both != NULL ? (at_once || check_age(conf, old, error)) &&
		replace(conf, both, error)
			    : fail(conf, "holds no key", error);
	explicit_bzero(old, length);
	g_free(old);
	if (both != NULL)
		explicit_bzero(both, strlen(both));
	g_free(both);
	return done;
}
