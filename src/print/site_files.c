/*
 * What the files that guichet.yaml names are on this disk, for this user: the
 * store, its folder, the token keys. Only looked at.
 */
#include "guichet/print/site_check.h"

#include "guichet/base/owner.h"
#include "guichet/base/place.h"
#include "guichet/site/lifebook.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static void
check_folder(const Conf *conf, const char *folder, Problems *mistakes)
{
	g_autofree char *user = owner_name(geteuid());

	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		problems_add(mistakes, conf->file, 0, 0,
		    "the folder of the store, %s, is not there; correct "
		    "'store', or make the folder for the user that runs "
		    "guichet: install -d -m 700 -o USER %s",
		    folder, folder);
		return;
	}
	if (!place_is_usable(folder))
		problems_add(mistakes, conf->file, 0, 0,
		    "the user '%s' cannot write to the folder of the store, "
		    "%s: %s",
		    user, folder, g_strerror(errno));
}

/* What root made beside a service's files, the service cannot open. */
static void
check_store(const Conf *conf, Problems *mistakes)
{
	g_autofree char *user = owner_name(geteuid());
	g_autofree char *folder = g_path_get_dirname(conf->store);
	g_autofree char *owner = NULL;
	struct stat store, around;

	if (stat(conf->store, &store) != 0 || stat(folder, &around) != 0)
		return;
	if (access(conf->store, R_OK | W_OK) != 0)
		problems_add(mistakes, conf->file, 0, 0,
		    "the user '%s' cannot open the store, %s: %s", user,
		    conf->store, g_strerror(errno));
	else if (geteuid() == 0 && around.st_uid != 0) {
		owner = owner_name(around.st_uid);
		problems_add(mistakes, conf->file, 0, 0,
		    "the store, %s, belongs to root, its folder to '%s', who "
		    "cannot open it; chown it and what stands beside it to "
		    "'%s'",
		    conf->store, owner, owner);
	}
}

/* `run` would refuse, lest a ticket's number be given twice. */
static void
check_past(const Conf *conf, Problems *mistakes)
{
	if (access(conf->store, F_OK) != 0 && errno == ENOENT &&
	    lifebook_has_past(conf))
		problems_add(mistakes, conf->file, 0, 0,
		    "the store, %s, is not there, but its keys, %s, are; put "
		    "a copy of it back with 'guichet restore FILE', or begin "
		    "a new one with 'guichet init'",
		    conf->store, conf->token_file);
}

void
site_files_check(const Conf *conf, Problems *mistakes)
{
	g_autofree char *folder = g_path_get_dirname(conf->store);
	g_autofree char *keys = g_path_get_dirname(conf->token_file);

	check_folder(conf, folder, mistakes);
	check_past(conf, mistakes);
	check_store(conf, mistakes);
	if (conf->tokens == NULL && !place_is_usable(keys))
		problems_add(mistakes, conf->file, 0, 0,
		    "the token file, %s, cannot be made: %s", conf->token_file,
		    g_strerror(errno));
}
