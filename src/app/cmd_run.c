/* guichet run: the gateway. */
#include "guichet/app.h"
#include "guichet/desk.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

static int run(int argc, char **argv);

const Subcommand cmd_run = { "run", "[--once]",
	"take mail in, answer it, mind the clocks", run };

/* For the kill test: the store's writes, and the one that is the last. */
typedef struct {
	gint64 count, last;
} Writes;

static void
count_write(void *data)
{
	Writes *writes = data;

	if (++writes->count == writes->last)
		raise(SIGKILL);
}

static int
run_desk(const char *conf_file, const DeskOptions *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(DeskSite) site = desk_site_load(conf_file, &error);
	g_autoptr(Store) store = NULL;
	g_autoptr(Desk) desk = NULL;

	if (site != NULL)
		store = store_open(site->conf->store, STORE_WRITE, &error);
	if (store == NULL)
		return app_fail(error);
	desk = desk_new(g_steal_pointer(&site), g_steal_pointer(&store),
	    options);
	return desk_run(desk);
}

static bool
read_instant(const char *text, Instant *ret_at)
{
	g_autoptr(GError) error = NULL;

	if (text == NULL || instant_parse(text, ret_at, &error))
		return true;
	app_fail(error);
	return false;
}

static int
run(int argc, char **argv)
{
	gboolean once = FALSE;
	gboolean count = FALSE;
	gint64 seed = 0;
	Writes writes = { 0, 0 };
	g_autofree char *at = NULL;
	const GOptionEntry entries[] = {
		{ "once", 0, 0, G_OPTION_ARG_NONE, &once,
		    "drain every mailbox, send what is due, end", NULL },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "with --once: the present, for demos and rehearsals",
		    "INSTANT" },
		{ "seed", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT64, &seed,
		    NULL, NULL },
		{ "kill-at", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT64,
		    &writes.last, NULL, NULL },
		{ "count-writes", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE,
		    &count, NULL, NULL },
		{ 0 },
	};
	g_autofree char *conf_file = NULL;
	g_auto(GStrv) words = app_options(&cmd_run, argc, argv, entries,
	    &conf_file);
	DeskOptions options = { .at = INSTANT_NONE };
	int code;

	if (words == NULL || !app_takes_no_words(&cmd_run, words))
		return APP_USAGE;
	if (at != NULL && !once)
		return app_usage(&cmd_run, "--at goes with --once");
	if (!read_instant(at, &options.at))
		return APP_USAGE;
	options.once = once;
	options.seed = (guint64)seed;
	options.conf_file = conf_file;
	umask(077); /* mail is nobody else's */
	store_set_write_hook(count_write, &writes);
	code = run_desk(conf_file, &options);
	store_set_write_hook(NULL, NULL);
	if (count)
		printf("writes=%" G_GINT64_FORMAT "\n", writes.count);
	return code;
}
