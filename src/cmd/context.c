/*
 * What a subcommand works with: configuration, rules and store, opened as far
 * as it needs.
 */
#include "guichet/cmd/context.h"

#include "guichet/base/error.h"
#include "guichet/base/owner.h"
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/site/lifebook.h"
#include "guichet/store/store_availability.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int
context_fail(const GError *error)
{
	g_autofree char *shown = text_showable(error->message);

	fprintf(stderr, "guichet: %s\n", shown);
	return APP_FAILED;
}

void
context_advise(const char *store)
{
	g_autofree char *advice = owner_advice(store);

	if (advice != NULL)
		fprintf(stderr, "guichet: %s\n", advice);
}

bool
context_instant(const char *text, Instant *ret_at)
{
	g_autoptr(GError) error = NULL;

	if (text == NULL || instant_parse(text, ret_at, &error))
		return true;
	context_fail(error);
	return false;
}

char *
context_when(const Context *context, Instant at)
{
	static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat", "Sun" };
	Wall wall;
	Date date;
	int minutes;
	g_autofree char *day = NULL;

	if (at == INSTANT_NONE)
		return g_strdup("-");
	wall = zone_wall(zone_get(context->conf->zone, NULL), at);
	date = wall_date(wall);
	minutes = (int)((wall - wall_midnight(date)) / 60);
	day = date_format(date);
	return g_strdup_printf("%s %s %02d:%02d", days[date_weekday(date)], day,
	    minutes / 60, minutes % 60);
}

void
context_free(Context *context)
{
	if (context == NULL)
		return;
	intake_free(context->intake);
	store_free(context->store);
	ruleset_free(context->ruleset);
	rule_files_free(context->files);
	conf_free(context->conf);
	g_free(context->became);
	g_free(context);
}

/* Whether the store keeps these very files: it was given them once they had
 * been loaded whole. Trying each pattern takes most of a command's time. */
static bool
are_known(const Context *context)
{
	g_autoptr(Store) store = NULL;
	bool known = false;

	if (context->example || context->conf == NULL ||
	    access(context->conf->store, F_OK) != 0)
		return false;
	store = store_open(context->conf->store, STORE_READ, NULL);
	return store != NULL &&
	    store_knows_rules(store, context->files->hash, &known, NULL) &&
	    known;
}

static void
load_rules(Context *context, const char *file, unsigned parts,
    Problems *problems)
{
	g_autofree char *folder = conf_named_path(file, "rules");

	if (folder == NULL)
		return; /* that is a mistake of guichet.yaml, and told */
	context->files = rule_files_read(folder, problems);
	if (context->files != NULL)
		problems_set_known(problems,
		    (parts & CONTEXT_WHOLE) == 0 && are_known(context));
	if (context->files != NULL)
		context->ruleset = (parts & CONTEXT_RULES) != 0
		    ? ruleset_load(context->files, folder, problems)
		    : ruleset_load_terms(context->files, folder, problems);
	if (context->ruleset != NULL && (parts & CONTEXT_RULES) != 0)
		quotes_use(ruleset_quotes(context->ruleset));
}

void
context_tell_passed_over(const Context *context)
{
	g_autofree char *all = context->files == NULL
	    ? g_strdup("")
	    : problems_format(context->files->passed_over);

	fputs(all, stderr);
}

/* The site's file; where root asks, as whom the store belongs to. */
static char *
find_file(Context *context, const char *config, unsigned parts, GError **error)
{
	g_autofree char *file = NULL, *store = NULL;

	if ((parts & CONTEXT_EXAMPLE) != 0) {
		file = conf_find_or_example(config, &context->example, error);
		if (context->example)
			fprintf(stderr,
			    "guichet: no site is configured; this is of the "
			    "example, %s\n",
			    file);
		return g_steal_pointer(&file);
	}
	file = conf_find(config, error);
	store = file != NULL ? conf_named_path(file, "store") : NULL;
	if (store != NULL && !owner_become(store, &context->became, error))
		return NULL;
	return g_steal_pointer(&file);
}

/* Mistakes stop whoever decides or writes by what stands there. Who only looks
 * into the store, at the worst moment maybe, is told of them and sees it. */
static bool
may_look_on(Context *context, const char *file, unsigned parts)
{
	if ((parts & CONTEXT_STORE) == 0 ||
	    (parts & ~(unsigned)(CONTEXT_STORE | CONTEXT_TERMS)) != 0)
		return false;
	if (context->conf == NULL)
		context->conf = conf_load_to_look(file);
	return context->conf != NULL;
}

static bool
load_files(Context *context, const char *config, unsigned parts, GError **error)
{
	g_autoptr(Problems) problems = problems_new();
	g_autofree char *file = find_file(context, config, parts, error);
	guint count;

	if (file == NULL)
		return false;
	context->conf = conf_load(file, (parts & CONTEXT_SECRETS) != 0,
	    problems);
	if ((parts & (CONTEXT_RULES | CONTEXT_TERMS)) != 0)
		load_rules(context, file, parts, problems);
	count = problems_count(problems);
	if (count > 0) {
		g_autofree char *all = problems_format(problems);
		bool looks = may_look_on(context, file, parts);

		fputs(all, stderr);
		context_tell_passed_over(context);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s%u mistake%s in the configuration; %s",
		    looks ? "warning: " : "", count, count == 1 ? "" : "s",
		    looks ? "this is what the store has all the same"
			  : "nothing was done");
		if (!looks)
			return false;
		context_fail(*error);
		g_clear_error(error);
	}
	return true;
}

bool
context_has_store(const Conf *conf)
{
	return access(conf->store, F_OK) == 0 || errno != ENOENT;
}

Store *
context_store(const Conf *conf, StoreMode mode, GError **error)
{
	g_autoptr(Store) store = store_open(conf->store, mode, error);

	if (store == NULL)
		return NULL;
	if (mode == STORE_READ ? !lifebook_check_site(conf, store, error)
			       : !lifebook_attach(conf, store,
				     (LifeClock){ INSTANT_NONE, 0 }, error))
		return NULL;
	return g_steal_pointer(&store);
}

/* For who looks on: the rules that the desk took last, as it goes on by them
 * itself when new ones are wrong. */
static bool
take_last_rules(Context *context, GError **error)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(GPtrArray) history = store_rules_history(context->store,
	    error);
	g_autoptr(RuleFiles) files = NULL;
	const RulesSince *last;

	if (history == NULL)
		return false;
	last = history->len > 0 ? history->pdata[history->len - 1] : NULL;
	if (last != NULL &&
	    !store_rules(context->store, last->hash, &files, error))
		return false;
	if (files != NULL) {
		problems_set_known(problems, true);
		context->ruleset = ruleset_load_terms(files,
		    "the rules of before", problems);
	}
	if (context->ruleset != NULL)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "the store keeps no rules that could be used in place of those; "
	    "correct them");
	return false;
}

static bool
open_store(Context *context, unsigned parts, GError **error)
{
	bool write = (parts & CONTEXT_WRITE) != 0;

	context->store = context_store(context->conf,
	    write ? STORE_WRITE : STORE_READ, error);
	if (context->store == NULL)
		return false;
	if (write && (parts & CONTEXT_SECRETS) != 0 &&
	    !conf_make_tokens(context->conf, error))
		return false;
	if ((parts & CONTEXT_TERMS) != 0 && context->ruleset == NULL &&
	    !take_last_rules(context, error))
		return false;
	if (context->ruleset != NULL)
		context->intake = intake_new(context->conf, context->ruleset,
		    context->store);
	return true;
}

Context *
context_open(const char *config, unsigned parts)
{
	g_autoptr(Context) context = g_new0(Context, 1);
	g_autoptr(GError) error = NULL;

	if (!load_files(context, config, parts, &error) ||
	    ((parts & (CONTEXT_STORE | CONTEXT_WRITE)) != 0 &&
		!open_store(context, parts, &error))) {
		context_fail(error);
		if (context->conf != NULL)
			context_advise(context->conf->store);
		return NULL;
	}
	return g_steal_pointer(&context);
}
