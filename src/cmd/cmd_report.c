/* guichet report C: a contract's month, for its client: as text, as a page, or as
 * JSON. */
#include "report_gather_private.h"

#include "guichet/cmd/app.h"
#include "guichet/print/show.h"
#include "guichet/yaml/catalog.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	char *config, *month, *language, *at;
	gboolean json, html;
} Options;

static void
options_clear(Options *o)
{
	g_free(o->config);
	g_free(o->month);
	g_free(o->language);
	g_free(o->at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void
print_paper(const ReportPaper *paper, const Options *o)
{
	if (o->json) {
		g_autoptr(json_t) json = report_paper_json(paper);

		show_json(json);
	} else if (o->html) {
		g_autofree char *page = report_paper_page(paper);

		fputs(page, stdout);
	} else {
		g_autofree char *text = report_paper_text(paper);

		show_text(text);
	}
}

static int
report(Context *context, const char *name, const Options *o, Instant now)
{
	g_auto(ReportBook) book = { 0 };
	g_autoptr(GError) error = NULL;

	book.paper.contract = ruleset_contract(context->ruleset, name);
	if (book.paper.contract == NULL) {
		fprintf(stderr,
		    "guichet: there is no contract '%s'; 'guichet contract "
		    "list' shows those there are\n",
		    name);
		return APP_FAILED;
	}
	book.paper.language = o->language != NULL
	    ? o->language
	    : book.paper.contract->language;
	if (!catalog_speaks(book.paper.language)) {
		g_autofree const char **all = catalog_languages();
		g_autofree char *names = g_strjoinv(", ", (char **)all);

		fprintf(stderr, "guichet: --language is one of %s\n", names);
		return APP_USAGE;
	}
	if (!report_gather(&book, context, o->month, now, &error))
		return error != NULL ? context_fail(error) : APP_USAGE;
	print_paper(&book.paper, o);
	return APP_DONE;
}

static int
report_run(int argc, char **argv)
{
	g_auto(Options) o = { 0 };
	const GOptionEntry entries[] = {
		{ "month", 'm', 0, G_OPTION_ARG_STRING, &o.month,
		    "Of this month; else the present one", "2026-11" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "One JSON object",
		    NULL },
		{ "html", 0, 0, G_OPTION_ARG_NONE, &o.html,
		    "One page that needs nothing else", NULL },
		{ "language", 0, 0, G_OPTION_ARG_STRING, &o.language,
		    "In this language; else the contract's", "fr" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &o.at, "As of this instant",
		    "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	Instant now = instant_now();

	if (!app_options(&cmd_report, &argc, &argv, &o.config, entries,
		(WordCount){ 1, 1 }))
		return APP_USAGE;
	if (o.json && o.html)
		return app_usage(&cmd_report);
	if (!context_instant(o.at, &now))
		return APP_USAGE;
	/* Paper and page are templates, which terms alone do not have. */
	context = context_open(o.config,
	    (o.json ? CONTEXT_TERMS : CONTEXT_RULES) | CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	return report(context, argv[1], &o, now);
}

const Subcommand cmd_report = { "report", "CONTRACT",
	"A month of a contract, for its client: what was promised, and kept",
	report_run };
