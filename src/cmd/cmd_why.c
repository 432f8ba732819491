/* guichet why MAIL: the trace of one mail, each stage's verdict. */
#include "guichet/base/error.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/show.h"

#include <stdio.h>

static void
print_row(const Context *context, const StoredMail *row)
{
	g_autofree char *received = context_when(context, row->received);
	g_autofree char *trusted = context_when(context, row->trusted);

	show("mail %" G_GINT64_FORMAT ": mailbox %s, received %s, clocks from "
	     "%s, %" G_GINT64_FORMAT " bytes, %s\n",
	    row->id, row->mailbox, received, trusted, row->size, row->state);
	if (row->ticket != 0)
		show("on ticket #%" G_GINT64_FORMAT "\n", row->ticket);
	else if (*row->lane != '\0')
		show("on no ticket: lane %s\n", row->lane);
}

static int
why_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(StoredMail) row = NULL;
	g_autoptr(GPtrArray) trace = NULL;
	gint64 id;

	if (!app_options(&cmd_why, &argc, &argv, &config, NULL,
		(WordCount){ 1, 1 }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	if (!store_find_mail(context->store, argv[1], &id, &error))
		return context_fail(error);
	if (id == 0) {
		fprintf(stderr,
		    "guichet: no mail has the number or Message-ID '%s'\n",
		    argv[1]);
		return APP_FAILED;
	}
	if (!store_mail(context->store, id, &row, &error))
		return context_fail(error);
	trace = store_trace(context->store, id, &error);
	if (trace == NULL)
		return context_fail(error);
	print_row(context, row);
	for (guint i = 0; i < trace->len; i++)
		show("  %s\n", (char *)trace->pdata[i]);
	return APP_DONE;
}

const Subcommand cmd_why = { "why", "MAIL",
	"Why a mail went where it went (its number or Message-ID)", why_run };
