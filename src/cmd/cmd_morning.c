/* guichet morning: what the morning mail would say now. Nothing is sent. */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/show.h"
#include "guichet/rounds/morning.h"

#include <stdio.h>
#include <string.h>

#define MANAGER "manager"

/* By name, address, what stands before its '@', or login; and "manager". */
static bool
is_asked(const Context *context, const Draft *draft, const char *who)
{
	const Technician *t = draft->technician;

	if (who == NULL)
		return true;
	if (t == NULL)
		return strcmp(who, MANAGER) == 0 ||
		    g_ascii_strcasecmp(who, draft->to) == 0 ||
		    g_strcmp0(who, context->conf->manager_name) == 0;
	return g_ascii_strcasecmp(who, t->address) == 0 ||
	    g_ascii_strcasecmp(who, t->name) == 0 ||
	    g_strcmp0(who, t->login) == 0 ||
	    (strlen(who) == strcspn(t->address, "@") &&
		g_ascii_strncasecmp(who, t->address, strlen(who)) == 0);
}

/* Whether anybody is called so, whatever there is to read. */
static bool
is_known(const Context *context, const char *who)
{
	const GPtrArray *all = context->conf->technicians;
	Draft manager = { .to = context->conf->manager };

	if (manager.to != NULL && is_asked(context, &manager, who))
		return true;
	for (guint i = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];
		const Draft draft = { .technician = t };

		if (t->active && is_asked(context, &draft, who))
			return true;
	}
	return false;
}

static void
print_draft(const Draft *draft, bool first)
{
	g_autofree char *text = g_strdup(draft->text);

	show("%sTo: %s\nSubject: %s\n\n%s\n", first ? "" : "\n========\n\n",
	    draft->to, draft->subject, g_strchomp(text));
}

static int
tell(const Context *context, const char *who, Instant now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) drafts = NULL;
	guint shown = 0;

	if (who != NULL && !is_known(context, who)) {
		fprintf(stderr,
		    "guichet: '%.40s' is nobody who reads it; write a "
		    "technician's name or address, or manager\n",
		    who);
		return APP_FAILED;
	}
	drafts = morning_drafts(context->intake, now, NULL, &error);
	if (drafts == NULL)
		return context_fail(error);
	for (guint i = 0; i < drafts->len; i++) {
		if (is_asked(context, drafts->pdata[i], who))
			print_draft(drafts->pdata[i], shown++ == 0);
	}
	if (shown == 0)
		fputs("There is nothing to read.\n", stderr);
	if (!context->conf->morning.is_sent)
		fputs("It is not sent: guichet.yaml has no 'morning'.\n",
		    stderr);
	return APP_DONE;
}

static int
morning_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL;
	const GOptionEntry entries[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "As it would be at this instant", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	Instant now = instant_now();

	if (!app_options(&cmd_morning, &argc, &argv, &config, entries,
		(WordCount){ 0, 1 }) ||
	    !context_instant(at, &now))
		return APP_USAGE;
	/* Its words are templates, which terms alone do not have. */
	context = context_open(config, CONTEXT_RULES | CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	return tell(context, argc > 1 ? argv[1] : NULL, now);
}

const Subcommand cmd_morning = { "morning", "[WHO|manager]",
	"What the morning mail would say: to all, or to one", morning_run };
