/*
 * guichet availability: how long each client's service was up, against what
 * was promised, with every outage, so that a person can check it.
 */
#include "availability_private.h"

#include "guichet/cmd/app.h"

#include <stdio.h>
#include <string.h>

/* The rules of each day count, not what was edited since. */
#define TAKEN "from when 'guichet run' took it in"

typedef struct {
	char *config, *month, *from, *to, *at, *host;
	gboolean json, by_host;
} Options;

static void
options_clear(Options *options)
{
	g_free(options->config);
	g_free(options->month);
	g_free(options->from);
	g_free(options->to);
	g_free(options->at);
	g_free(options->host);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* "2026-11". */
static bool
read_month(const char *text, AvailabilityQuery *query)
{
	g_autofree char *first = g_strconcat(text, "-01", NULL);
	Date date;
	int day;

	if (!date_parse(first, &date)) {
		fprintf(stderr,
		    "guichet: --month takes a month as 2026-11, not '%s'\n",
		    text);
		return false;
	}
	date_split(date, &query->year, &query->month, &day);
	return true;
}

static bool
read_query(const Options *options, AvailabilityQuery *query)
{
	if (!context_instant(options->at, &query->now) ||
	    !context_instant(options->from, &query->from))
		return false;
	query->host = options->host;
	query->by_host = options->by_host;
	query->to = query->now;
	if (!context_instant(options->to, &query->to))
		return false;
	if (query->from != INSTANT_NONE && query->to <= query->from) {
		fputs("guichet: --from and --to: it would end before it "
		      "begins\n",
		    stderr);
		return false;
	}
	return options->month == NULL || read_month(options->month, query);
}

static bool
options_fit(const Options *options)
{
	if (options->month != NULL &&
	    (options->from != NULL || options->to != NULL)) {
		fputs("guichet: give --month, or --from and --to\n", stderr);
		return false;
	}
	if (options->to != NULL && options->from == NULL) {
		fputs("guichet: --to goes with --from\n", stderr);
		return false;
	}
	return true;
}

/* Without a month, the present one of the desk. */
static void
default_month(const Context *context, AvailabilityQuery *query)
{
	const Zone *zone = zone_get(context->conf->zone, NULL);
	int day;

	if (query->month == 0 && query->from == INSTANT_NONE)
		date_split(wall_date(zone_wall(zone, query->now)), &query->year,
		    &query->month, &day);
}

static bool
gather_rows(AvailabilityBook *book, const Context *context, const char *name,
    GPtrArray *rows, GError **error)
{
	const GPtrArray *contracts = ruleset_contracts(context->ruleset);

	for (guint i = 0; i < contracts->len; i++) {
		const Contract *contract = contracts->pdata[i];

		if (name != NULL && strcmp(contract->name, name) != 0)
			continue;
		if (!availability_rows(book, contract, rows, error))
			return false;
	}
	return true;
}

static void
print_rows(const GPtrArray *rows, bool json, bool whole)
{
	if (!json && !whole) {
		availability_print_table(rows);
		return;
	}
	for (guint i = 0; i < rows->len; i++) {
		if (!json && i > 0)
			putchar('\n');
		if (json)
			availability_print_json(rows->pdata[i]);
		else
			availability_print(rows->pdata[i]);
	}
}

static int
answer(Context *context, AvailabilityQuery *query, const char *name, bool json)
{
	g_autoptr(AvailabilityBook) book = availability_book_new(context,
	    query);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)availability_row_free);
	g_autoptr(GError) error = NULL;

	if (name != NULL && ruleset_contract(context->ruleset, name) == NULL) {
		fprintf(stderr,
		    "guichet: there is no contract '%s'; 'guichet contract "
		    "list' shows those there are\n",
		    name);
		return APP_FAILED;
	}
	default_month(context, query);
	if (!gather_rows(book, context, name, rows, &error))
		return context_fail(error);
	if (rows->len == 0 && name != NULL) {
		fprintf(stderr,
		    "guichet: '%s' promised no availability in that time; "
		    "'availability' in its plan's terms or its own would, " TAKEN
		    "\n",
		    name);
		return APP_FAILED;
	}
	if (rows->len == 0 && !json)
		fputs("No contract promised availability in that time; one "
		      "that does counts " TAKEN ".\n",
		    stderr);
	else
		print_rows(rows, json, name != NULL);
	return APP_DONE;
}

static int
availability_run(int argc, char **argv)
{
	g_auto(Options) o = { 0 };
	const GOptionEntry entries[] = {
		{ "month", 'm', 0, G_OPTION_ARG_STRING, &o.month,
		    "Of this month; else the present one", "2026-11" },
		{ "from", 0, 0, G_OPTION_ARG_STRING, &o.from,
		    "From this instant on", "INSTANT" },
		{ "to", 0, 0, G_OPTION_ARG_STRING, &o.to,
		    "Until this instant; now, if not given", "INSTANT" },
		{ "host", 0, 0, G_OPTION_ARG_STRING, &o.host,
		    "Of these hosts alone", "PATTERN" },
		{ "hosts", 0, 0, G_OPTION_ARG_NONE, &o.by_host,
		    "Each host by itself, too", NULL },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &o.json,
		    "One JSON object a contract or host and line", NULL },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &o.at, "As of this instant",
		    "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	AvailabilityQuery query = { .from = INSTANT_NONE,
		.now = instant_now() };
	g_autoptr(Context) context = NULL;

	if (!app_options(&cmd_availability, &argc, &argv, &o.config, entries,
		(WordCount){ 0, 1 }) ||
	    !options_fit(&o) || !read_query(&o, &query))
		return APP_USAGE;
	context = context_open(o.config, CONTEXT_TERMS | CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	return answer(context, &query, argc > 1 ? argv[1] : NULL, o.json);
}

const Subcommand cmd_availability = { "availability", "[CONTRACT]",
	"How long services were up, against what was promised",
	availability_run };
