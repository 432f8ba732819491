/* guichet dump: all that was decided, as text that two runs can be compared
 * by: no row numbers, nothing random. For tests and for support. */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/show.h"

#include <stdio.h>

static int
dump_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *text = NULL;
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_dump, &argc, &argv, &config, NULL,
		(WordCount){ 0, 0 }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	text = store_dump(context->store, &error);
	if (text == NULL)
		return context_fail(error);
	show_text(text);
	return APP_DONE;
}

const Subcommand cmd_dump = { "dump", "",
	"All that was decided, as text to compare two runs by", dump_run };
