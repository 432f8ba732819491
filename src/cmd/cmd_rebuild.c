/*
 * guichet rebuild: makes tickets and clocks again from the event log, which
 * is the truth. In batches, so that a stop loses nothing but the rest.
 */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"

#include "guichet/work/work.h"

#include <stdio.h>
#include <unistd.h>

#define BATCH 1000

static void
show_progress(gint64 done, gint64 total, gint64 begun)
{
	double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
	double rate = seconds > 0 ? (double)done / seconds : 0;

	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr,
	    "\r%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
	    " tickets, %.0f a second, %.0f s left\033[K",
	    done, total, rate, rate > 0 ? (double)(total - done) / rate : 0.0);
}

static bool
rebuild_batch(Context *context, const GArray *numbers, Instant now,
    GError **error)
{
	g_autoptr(StoreTx) tx = store_begin(context->store, error);

	if (tx == NULL)
		return false;
	for (guint i = 0; i < numbers->len; i++) {
		gint64 number = g_array_index(numbers, gint64, i);

		view_begin(context->intake);
		if (!view_project(context->intake, tx, number, now, error))
			return false;
	}
	return store_commit(&tx, error);
}

static bool
clear(Context *context, GError **error)
{
	g_autoptr(StoreTx) tx = store_begin(context->store, error);

	return tx != NULL && store_clear_projections(tx, error) &&
	    store_commit(&tx, error);
}

static bool
rebuild(Context *context, Instant now, gint64 *ret_done, GError **error)
{
	gint64 begun = g_get_monotonic_time();
	gint64 last = 0, total;

	if (!store_last_ticket(context->store, &total, error) ||
	    !clear(context, error))
		return false;
	for (*ret_done = 0;;) {
		g_autoptr(GArray) numbers = store_ticket_numbers(context->store,
		    last, BATCH, error);

		if (numbers == NULL)
			return false;
		if (numbers->len == 0)
			break;
		if (!rebuild_batch(context, numbers, now, error))
			return false;
		last = g_array_index(numbers, gint64, numbers->len - 1);
		*ret_done += numbers->len;
		show_progress(*ret_done, total, begun);
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	return true;
}

static int
rebuild_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL;
	const GOptionEntry entries[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "As of this instant, for rehearsal", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;
	Instant now = instant_now();
	gint64 done;

	if (!app_options(&cmd_rebuild, &argc, &argv, &config, entries,
		(WordCount){ 0, 0 }))
		return APP_USAGE;
	if (!context_instant(at, &now))
		return APP_USAGE;
	context = context_open(config, CONTEXT_RULES | CONTEXT_WRITE);
	if (context == NULL)
		return APP_FAILED;
	if (!rebuild(context, now, &done, &error))
		return context_fail(error);
	printf("%" G_GINT64_FORMAT " tickets rebuilt from their events.\n",
	    done);
	return APP_DONE;
}

const Subcommand cmd_rebuild = { "rebuild", "",
	"Make tickets and clocks again from the event log", rebuild_run };
