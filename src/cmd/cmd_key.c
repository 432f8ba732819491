/* guichet key rotate: a fresh key signs from now on, and the one before it is
 * still believed. */
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int
key_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	gboolean at_once = FALSE;
	const GOptionEntry entries[] = {
		{ "now", 0, 0, G_OPTION_ARG_NONE, &at_once,
		    "Though the key that goes still acts for mails of ours",
		    NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_key, &argc, &argv, &config, entries,
		(WordCount){ 1, 1 }))
		return APP_USAGE;
	if (strcmp(argv[1], "rotate") != 0) {
		fprintf(stderr, "guichet: usage: guichet key rotate\n");
		return APP_USAGE;
	}
	umask(077);
	context = context_open(config, CONTEXT_SECRETS);
	if (context == NULL)
		return APP_FAILED;
	if (!conf_rotate_tokens(context->conf, at_once, &error))
		return context_fail(error);
	printf("A new key signs: %s\n"
	       "The one before it is still believed. Reload the gateway: "
	       "systemctl reload guichet\n",
	    context->conf->token_file);
	return APP_DONE;
}

const Subcommand cmd_key = { "key", "rotate",
	"Sign with a new key; the one before it is still believed", key_run };
