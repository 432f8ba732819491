/* Whom a store belongs to; root becomes that user before it touches it. */
#define _DEFAULT_SOURCE /* initgroups() */

#include "guichet/base/owner.h"

#include "guichet/base/error.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* False if neither the store nor its folder is there, or can be looked at; nor
 * does a folder of root's tell who would make a store in it. */
static bool
find_owner(const char *store, struct stat *ret_status)
{
	g_autofree char *folder = g_path_get_dirname(store);

	if (stat(store, ret_status) == 0)
		return true;
	return stat(folder, ret_status) == 0 && ret_status->st_uid != 0;
}

char *
owner_name(guint uid)
{
	const struct passwd *user = getpwuid((uid_t)uid);

	return user != NULL ? g_strdup(user->pw_name)
			    : g_strdup_printf("%u", uid);
}

/* As whom the process was started, once it is another user's. */
static bool has_become;
static uid_t began_as;

char *
owner_login(void)
{
	const char *name = g_getenv("SUDO_USER");

	if (name != NULL && getpwnam(name) != NULL)
		return g_strdup(name);
	return owner_name(has_become ? began_as : getuid());
}

char *
owner_command(guint uid)
{
	const struct passwd *user = getpwuid((uid_t)uid);

	return user != NULL
	    ? g_strdup_printf("sudo -u %s guichet ...", user->pw_name)
	    : g_strdup_printf("sudo -u \\#%u guichet ...", uid);
}

/* The groups come first: who is no longer root cannot change them. */
static bool
become(uid_t uid, gid_t gid)
{
	const struct passwd *user = getpwuid(uid);

	began_as = getuid();
	has_become = true;
	if (user != NULL)
		return initgroups(user->pw_name, user->pw_gid) == 0 &&
		    setgid(user->pw_gid) == 0 && setuid(uid) == 0;
	return setgroups(0, NULL) == 0 && setgid(gid) == 0 && setuid(uid) == 0;
}

bool
owner_become(const char *store, char **ret_name, GError **error)
{
	g_autofree char *name = NULL;
	struct stat status;

	*ret_name = NULL;
	if (geteuid() != 0 || !find_owner(store, &status) || status.st_uid == 0)
		return true;
	name = owner_name(status.st_uid);
	if (become(status.st_uid, status.st_gid)) {
		*ret_name = g_steal_pointer(&name);
		return true;
	}
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "the store belongs to '%s', and root cannot become that user: %s; "
	    "run this as '%s'",
	    name, g_strerror(errno), name);
	return false;
}

char *
owner_advice(const char *store)
{
	g_autofree char *name = NULL, *command = NULL;
	struct stat status;

	if (geteuid() == 0 || !find_owner(store, &status) ||
	    status.st_uid == geteuid())
		return NULL;
	name = owner_name(status.st_uid);
	command = owner_command(status.st_uid);
	return g_strdup_printf(
	    "the store belongs to '%s': run this as that user, '%s'", name,
	    command);
}
