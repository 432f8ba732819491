/* guichet run: the gateway. */
#include "guichet/base/error.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/daemon/desk.h"
#include "guichet/site/lifebook.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The site as the desk keeps it: it may be replaced while it runs. */
static DeskSite *
load_site(const char *config)
{
	g_autoptr(Context) context = context_open(config,
	    CONTEXT_RULES | CONTEXT_SECRETS);
	g_autoptr(GError) error = NULL;
	DeskSite *site;

	if (context == NULL)
		return NULL;
	if (!conf_make_tokens(context->conf, &error)) {
		context_fail(error);
		context_advise(context->conf->store);
		return NULL;
	}
	site = g_new0(DeskSite, 1);
	site->conf = g_steal_pointer(&context->conf);
	site->files = g_steal_pointer(&context->files);
	site->ruleset = g_steal_pointer(&context->ruleset);
	return site;
}

/* A new store only where none can have been: else its numbers, and the mails
 * that answer them, would be another's. */
static bool
make_first(const Conf *conf, bool past, GError **error)
{
	if (access(conf->store, F_OK) == 0)
		return true;
	if (!past)
		return store_make(conf->store, error);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "store '%s' is not there, but the keys '%s' are: a store was here "
	    "before. Put a copy of it back with 'guichet restore FILE'; if "
	    "there is none, or there never was a store, begin a new one with "
	    "'guichet init'",
	    conf->store, conf->token_file);
	return false;
}

static Store *
open_store(const Conf *conf, const DeskOptions *options, GError **error)
{
	g_autoptr(Store) store = store_open(conf->store, STORE_WRITE, error);

	if (store == NULL ||
	    !lifebook_attach(conf, store,
		(LifeClock){ options->at, options->seed }, error))
		return NULL;
	return g_steal_pointer(&store);
}

/* The store before the keys: killed between the two, the next start must not
 * take keys without a store for a store that was lost. */
static bool
has_store(const char *config)
{
	g_autoptr(Context) context = context_open(config, CONTEXT_CONF);
	g_autoptr(GError) error = NULL;

	if (context == NULL)
		return false;
	if (make_first(context->conf, lifebook_has_past(context->conf), &error))
		return true;
	context_fail(error);
	context_advise(context->conf->store);
	return false;
}

static int
run_desk(const char *config, const DeskOptions *options)
{
	g_autoptr(DeskSite) site = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = NULL;
	g_autoptr(Desk) desk = NULL;

	if (!has_store(config) || (site = load_site(config)) == NULL)
		return APP_FAILED;
	store = open_store(site->conf, options, &error);
	if (store == NULL) {
		context_fail(error);
		context_advise(site->conf->store);
		return APP_FAILED;
	}
	desk_site_log(site, "start");
	desk = desk_new(g_steal_pointer(&site), g_steal_pointer(&store),
	    options);
	return desk_run(desk);
}

/* Held back until the desk can obey it: what asks for new rules while the old
 * ones are still being loaded must not end the program. */
static void
hold_reload(void)
{
	sigset_t reload;

	sigemptyset(&reload);
	sigaddset(&reload, SIGHUP);
	sigprocmask(SIG_BLOCK, &reload, NULL);
}

static int
run_run(int argc, char **argv)
{
	gboolean once = FALSE;
	gboolean count = FALSE;
	gint64 seed = 0;
	Writes writes = { 0, 0 };
	g_autofree char *at = NULL;
	const GOptionEntry entries[] = {
		{ "once", 0, 0, G_OPTION_ARG_NONE, &once,
		    "Drain every mailbox, send what is due, end", NULL },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "With --once: what is now, for demos and rehearsals",
		    "INSTANT" },
		{ "seed", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT64, &seed,
		    NULL, NULL },
		{ "kill-at", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT64,
		    &writes.last, NULL, NULL },
		{ "count-writes", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE,
		    &count, NULL, NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autofree char *config = NULL;
	DeskOptions options = { .at = INSTANT_NONE };
	int code;

	hold_reload();
	if (!app_options(&cmd_run, &argc, &argv, &config, entries,
		(WordCount){ 0, 0 }))
		return APP_USAGE;
	if (at != NULL && !once) {
		fprintf(stderr, "guichet run: --at goes with --once\n");
		return APP_USAGE;
	}
	if (!context_instant(at, &options.at))
		return APP_USAGE;
	options.once = once;
	options.seed = (guint64)seed;
	options.conf_file = config;
	umask(077); /* mail is nobody else's, keys are not for core dumps */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	store_set_write_hook(count_write, &writes);
	code = run_desk(config, &options);
	store_set_write_hook(NULL, NULL);
	if (count)
		printf("writes=%" G_GINT64_FORMAT "\n", writes.count);
	return code;
}

const Subcommand cmd_run = { "run", "[--once]",
	"Take mail in, answer it, mind the clocks", run_run };
