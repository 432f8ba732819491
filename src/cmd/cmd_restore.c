/*
 * guichet init, restore: the two ways to a store that is not the one of
 * yesterday. Neither gives a ticket's number twice.
 */
#include "guichet/base/error.h"
#include "guichet/base/owner.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/site/lifebook.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int
init_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL;
	gint64 after = 0, seed = 0;
	LifeClock clock = { INSTANT_NONE, 0 };
	const GOptionEntry entries[] = {
		{ "after", 0, 0, G_OPTION_ARG_INT64, &after,
		    "The first ticket's number is above this one", "NUMBER" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "As of this instant, for rehearsal", "INSTANT" },
		{ "seed", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT64, &seed,
		    NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_init, &argc, &argv, &config, entries,
		(WordCount){ 0, 0 }) ||
	    !context_instant(at, &clock.at))
		return APP_USAGE;
	umask(077);
	clock.seed = (guint64)seed;
	context = context_open(config, CONTEXT_CONF);
	if (context == NULL)
		return APP_FAILED;
	if (!lifebook_init(context->conf, after, clock, &error))
		return context_fail(error);
	printf("A new store: %s\n", context->conf->store);
	return APP_DONE;
}

/* Root has become the user of the store, who may read less than root. */
static bool
may_read(const Conf *conf, const char *file, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(conf->store);
	g_autofree char *user = NULL;

	if (access(file, R_OK) == 0 || errno != EACCES)
		return true;
	user = owner_name(geteuid());
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "'%s' cannot read '%s' or enter its folder; put it where that "
	    "user can, as by 'install -o %s -m 600 %s %s/copy'",
	    user, file, user, file, folder);
	return false;
}

static int
restore_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL, *aside = NULL;
	LifeClock clock = { INSTANT_NONE, 0 };
	const GOptionEntry entries[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "As of this instant, for rehearsal", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_restore, &argc, &argv, &config, entries,
		(WordCount){ 1, 1 }) ||
	    !context_instant(at, &clock.at))
		return APP_USAGE;
	umask(077);
	context = context_open(config, CONTEXT_CONF);
	if (context == NULL)
		return APP_FAILED;
	if (!may_read(context->conf, argv[1], &error) ||
	    !lifebook_restore(context->conf, argv[1], clock, &aside, &error))
		return context_fail(error);
	printf("Restored: %s\n", context->conf->store);
	if (aside != NULL)
		printf("The store that was there: %s\n", aside);
	return APP_DONE;
}

const Subcommand cmd_init = { "init", "",
	"Begin a new store where the old one is lost", init_run };
const Subcommand cmd_restore = { "restore", "FILE",
	"Put a copy of the store in its place; nothing is sent twice",
	restore_run };
