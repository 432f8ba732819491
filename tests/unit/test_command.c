#include "guichet/order/command.h"

#include "guichet/base/limits.h"

#include <string.h>

typedef struct {
	const char *text;
	int resolve;       /* the line of #resolve, 0 for none */
	const char *error; /* how the first error starts, or NULL */
	const char *rest;  /* NULL: not looked at */
} Row;

static void
check(const Row *row)
{
	g_autoptr(CommandList) list = command_parse(row->text, "en");

	g_test_message("%s", row->text);
	if (row->error == NULL) {
		g_assert_cmpuint(list->errors->len, ==, 0);
	} else {
		g_assert_cmpuint(list->errors->len, >, 0);
		g_test_message("  %s", (char *)list->errors->pdata[0]);
		g_assert_true(
		    g_str_has_prefix(list->errors->pdata[0], row->error));
	}
	g_assert_cmpuint(list->commands->len, ==, row->resolve != 0 ? 1 : 0);
	if (row->resolve != 0) {
		const Command *command = list->commands->pdata[0];

		g_assert_cmpint(command->order, ==, ORDER_RESOLVE);
		g_assert_cmpint(command->line, ==, row->resolve);
		g_assert_cmpstr(command->argument, ==, "");
	}
	if (row->rest != NULL)
		g_assert_cmpstr(list->rest, ==, row->rest);
}

static void
test_commands(void)
{
	static const Row rows[] = {
		{ "#resolve", 1, NULL, "" },
		{ "#resolve\n", 1, NULL, "" },
		{ "#resolve\r\n\r\nBonjour,\r\nc'est fait.\r\n", 1, NULL,
		    "Bonjour,\r\nc'est fait.\r\n" },
		{ "#resolve\rBonjour", 1, NULL, "Bonjour" },
		{ "#resolve\nBonjour,\n\nfait.\n", 1, NULL,
		    "Bonjour,\n\nfait.\n" },
		{ "#resolve\n\n\n \nBonjour", 1, NULL, "Bonjour" },
		{ "#Resolve  \nDone.", 1, NULL, "Done." },
		{ "#RESOLVE\nDone.", 1, NULL, "Done." },
		{ "\n \n\xc2\xa0\n#resolve\nDone.", 4, NULL, "Done." },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check(&rows[i]);
}

static void
test_text(void)
{
	static const Row rows[] = {
		{ "", 0, NULL, "" },
		{ "\n\n", 0, NULL, "\n\n" },
		{ "Bonjour,\nle #12 est clos.\n", 0, NULL,
		    "Bonjour,\nle #12 est clos.\n" },
		{ "#12 merci", 0, NULL, "#12 merci" },
		{ "#", 0, NULL, "#" },
		{ "##", 0, NULL, "##" },
		{ "# Titre\ntexte", 0, NULL, "# Titre\ntexte" },
		{ "#\tTitre", 0, NULL, "#\tTitre" },
		{ "#-resolve 12", 0, NULL, NULL },
		{ "resolve", 0, NULL, "resolve" },
		{ "Merci #resolve pour vous", 0, NULL, NULL },
		{ "Bonjour\n#merci\n", 0, NULL, "Bonjour\n#merci\n" },
		{ "Voici :\n#include <stdio.h>\n", 0, NULL, NULL },
		{ "#resolve\n\n#include <stdio.h>", 1, NULL,
		    "#include <stdio.h>" },
		{ "> #resolve", 0, NULL, "> #resolve" },
		{ ">#resolve\n>#resolve", 0, NULL, NULL },
		{ " > #resolve", 0, NULL, NULL },
		{ "| #resolve", 0, NULL, NULL },
		{ "Merci.\n> #resolve\n", 0, NULL, NULL },
		{ "Merci.\n\n-----Original Message-----\n#resolve\n", 0, NULL,
		    NULL },
		{ "Merci.\n\n-----Message d'origine-----\n\n#resolve\n", 0,
		    NULL, NULL },
		{ "-- \nAnne\n#resolve", 0, NULL, NULL },
		{ "Merci\n________________________________\n#resolve", 0, NULL,
		    NULL },
		{ "On Mon, 16 Nov 2026, Anne wrote: \n#resolve", 0, NULL,
		    NULL },
		{ "Le 16/11/2026, Anne a \xc3\xa9"
		  "crit :\n#resolve",
		    0, NULL, NULL },
		{ "Le 16/11/2026, Anne a \xc3\xa9"
		  "crit\xc2\xa0:\n#resolve",
		    0, NULL, NULL },
		{ "From: Desk <desk@example.com>\nSent: Monday\n#resolve", 0,
		    NULL, NULL },
		{ "De : Desk <desk@example.com>\n#resolve", 0, NULL, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check(&rows[i]);
}

static void
test_errors(void)
{
	static const Row rows[] = {
		{ "#destroy", 0, "line 1: #destroy is no command", NULL },
		{ "#resolved", 0,
		    "line 1: #resolved is no command; did you mean #resolve?",
		    NULL },
		{ "#rouvrr", 0,
		    "line 1: #rouvrr is no command; did you mean #rouvrir?",
		    NULL },
		{ "#resolve.", 0, "line 1: #resolve. is no command", NULL },
		{ "#not\xc3\xa9 x", 0, "line 1: a command is", NULL },
		{ "#tag us\xc3\xa9", 0, "line 1: a command is", NULL },
		{ "#include <stdio.h>", 0, "line 1: #include is no", NULL },
		{ "#resolve now", 0, "line 1: #resolve stands alone", NULL },
		{ "#resolve\t", 0, "line 1: a command is", NULL },
		{ "#resolve\n#resolve", 1, "line 2: #resolve is there twice",
		    NULL },
		{ "#resolve\n#frobnicate\nmerci", 1, "line 2: #frobnicate is",
		    "merci" },
		{ "\n#pause 3d", 0, "line 2: #pause is no command", NULL },
		{ " #resolve", 0, "line 1: a command is", NULL },
		{ "*#resolve*", 0, "line 1: a command is", NULL },
		{ "# resolve", 0, "line 1: a command is", NULL },
		{ "re#solve", 0, "line 1: a command is", NULL },
		{ "##resolve", 0, "line 1: a command is", NULL },
		{ "Bonjour\n#resolve\n", 0, "line 2: commands stand above",
		    NULL },
		{ "Bonjour\n\n# Resolve !\n", 0, "line 3: commands stand",
		    NULL },
		{ "#12 merci\n#resolve", 0, "line 2: commands stand", NULL },
		{ "#resolve\nfait\n#resolve", 1, "line 3: commands stand",
		    NULL },
		{ "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0,
		    "line 1: #aaaaaaaaaaaaaaaaaaaa is no", NULL },
		{ "\xff#resolve", 0, "line 1: the text cannot", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check(&rows[i]);
}

/* Orders about maintenance: their argument is read by maintenance_order.h. */
static void
test_maintenance(void)
{
	static const struct {
		const char *text;
		const char *arguments; /* "1 web1 22:00 2h; 2 end 3" */
		const char *error, *rest;
	} rows[] = {
		{ "#maintenance web1 22:00 2h", "1 web1 22:00 2h; ", NULL, "" },
		{ "#Maintenance   web1 22:00 2h  \r\n\r\nNote.\r\n",
		    "1 web1 22:00 2h; ", NULL, "Note.\r\n" },
		{ "\n#maintenance end 3\n#maintenance \"a b\" now 2h x\n\nN",
		    "2 end 3; 3 \"a b\" now 2h x; ", NULL, "N" },
		{ "#maintenance", "1 ; ", NULL, "" },
		{ "#maintenances web1 22:00 2h", "",
		    "line 1: #maintenances is no command", NULL },
		{ "#maintenance web1 22:00 2h d\xc3\xa9m\xc3\xa9nagement", "",
		    "line 1: a command is", NULL },
		{ "#maintenance web1 22:00 2h\xc2\xa0", "",
		    "line 1: a command is", NULL },
		{ "#resolve\n#maintenance web1 22:00 2h", "",
		    "line 2: #maintenance cannot go with the one above", NULL },
		{ "#maintenance web1 22:00 2h\n#resolve", "1 web1 22:00 2h; ",
		    "line 2: #resolve cannot go with the one above", NULL },
		/* an order in all but its dress is no text for a client */
		{ "# maintenance web1 22:00 2h", "", "line 1: a command is",
		    NULL },
		{ " #maintenance web1 22:00 2h", "", "line 1: a command is",
		    NULL },
		{ "*#maintenance web1 22:00 2h*", "", "line 1: a command is",
		    NULL },
		{ "- # Maintenance: web1", "", "line 1: a command is", NULL },
		{ "Bonjour,\n#maintenance web1 22:00 2h", "",
		    "line 2: commands stand above", NULL },
		{ "Bonjour,\n\n  # maintenance web1\n", "",
		    "line 3: commands stand above", NULL },
		{ "#maintenance web1 22:00 2h\nx\n#maintenance end 3",
		    "1 web1 22:00 2h; ", "line 3: commands stand above",
		    "x\n"
		    "#maintenance end 3" },
		/* and this is text */
		{ "La maintenance #12 est faite.", "", NULL, NULL },
		{ "Voir #maintenance du serveur.", "", NULL, NULL },
		{ "#12 maintenance", "", NULL, NULL },
		{ "Maintenance #web1", "", NULL, NULL },
		{ "> #maintenance web1 22:00 2h", "", NULL, NULL },
		{ "Merci.\n> #maintenance web1 22:00 2h", "", NULL, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(CommandList) list = command_parse(rows[i].text, "en");
		g_autoptr(GString) found = g_string_new(NULL);

		g_test_message("%s", rows[i].text);
		for (guint k = 0; k < list->commands->len; k++) {
			const Command *command = list->commands->pdata[k];

			if (order_row(command->order)->about ==
			    ORDER_ON_MAINTENANCE)
				g_string_append_printf(found, "%d %s; ",
				    command->line, command->argument);
		}
		g_assert_cmpstr(found->str, ==, rows[i].arguments);
		if (rows[i].error == NULL)
			g_assert_cmpuint(list->errors->len, ==, 0);
		else
			g_assert_true(g_str_has_prefix(list->errors->pdata[0],
			    rows[i].error));
		if (rows[i].rest != NULL)
			g_assert_cmpstr(list->rest, ==, rows[i].rest);
	}
}

static void
test_too_many(void)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autoptr(CommandList) list = NULL;

	for (int i = 0; i <= COMMANDS_MAX; i++)
		g_string_append(lines, "#maintenance end 3\n");
	list = command_parse(lines->str, "en");
	g_assert_cmpuint(list->commands->len, ==, COMMANDS_MAX);
	g_assert_cmpuint(list->errors->len, ==, 1);
}

/* Nothing that only looks like a command may run, nor pass for text. */
static void
test_look_alikes(void)
{
	static const char *const rows[] = {
		"#re\xd1\x95olve",                /* Cyrillic dze for s */
		"#\xd1\x81lose",                  /* Cyrillic es for c */
		"#r\xd0\xb5solve",                /* Cyrillic ie for e */
		"#resolve\xe2\x80\xae",           /* override, right to left */
		"\xe2\x80\xae#resolve",           /* */
		"\xe2\x80\x8b#resolve",           /* zero width space */
		"#\xe2\x80\x8bresolve",           /* */
		"#res\xe2\x80\x8bolve",           /* */
		"#resolve\xe2\x80\x8b",           /* */
		"\xef\xbb\xbf#resolve",           /* byte order mark */
		"#\xc2\xadresolve",               /* soft hyphen */
		"#\xe2\x81\xa0resolve",           /* word joiner */
		"\xc2\xa0#resolve",               /* no-break space */
		"#\xc2\xa0resolve",               /* */
		"#resolve\xc2\xa0",               /* */
		"\xef\xbc\x83resolve",            /* full-width # */
		"\xef\xb9\x9fresolve",            /* small # */
		"#\xef\xbd\x92\xef\xbd\x85solve", /* full-width letters */
		"#\xd0\x97\xd0\xb0\xd0\xba\xd1\x80", /* no Latin at all */
		"#r\xc3\xa9solve",                   /* accent */
		"#resol\xcc\x81ve",                  /* combining accent */
		"#\xcc\xb2resolve",                  /* */
		"\xe3\x85\xa4#resolve",              /* Hangul filler */
		"#resolve\x01",                      /* control */
		"#resolve\x7f",                      /* */
		"\t#resolve",                        /* */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Row row = { rows[i], 0, "line 1: a command is", NULL };
		g_autofree char *below = g_strdup_printf("\n%s\nmerci",
		    rows[i]);
		Row second = { below, 0, "line 2: a command is", "merci" };

		check(&row);
		check(&second);
	}
}

static void
test_long(void)
{
	g_autofree char *blank = g_strnfill(LIMIT_COMMAND_BYTES, '\n');
	g_autofree char *far = g_strconcat(blank, "#resolve", NULL);
	g_autofree char *many = NULL;
	GString *lines = g_string_new(NULL);
	g_autoptr(CommandList) at_far = command_parse(far, "en");
	g_autoptr(CommandList) at_many = NULL;

	g_assert_cmpuint(at_far->commands->len, ==, 0);
	g_assert_cmpuint(at_far->errors->len, ==, 0);
	for (int i = 0; i < 100000; i++)
		g_string_append(lines, "#a\n");
	many = g_string_free(lines, FALSE);
	at_many = command_parse(many, "en");
	g_assert_cmpuint(at_many->errors->len, ==, COMMAND_ERRORS_MAX);
}

/* Who reads French is told in French: every error, whole. */
static void
test_french(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "#detruire", "ligne 1 : #detruire n'est pas une commande" },
		{ "#resolve now",
		    "ligne 1 : #resolve doit être seul sur sa ligne" },
		{ "#resolve\n#resolve", "ligne 2 : #resolve y est deux fois" },
		{ "# resolve",
		    "ligne 1 : une commande est « # » et son nom, au début de "
		    "la ligne, en ASCII, sans accents" },
		{ "Bonjour\n#resolve",
		    "ligne 2 : les commandes se placent au-dessus de tout "
		    "autre texte" },
		{ "#resolve\n#maintenance web1 22:00 2h",
		    "ligne 2 : #maintenance ne va pas avec la commande "
		    "au-dessus : #resolve et #maintenance vont dans deux "
		    "messages" },
		{ "\xff", "ligne 1 : le texte est illisible" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(CommandList) list = command_parse(rows[i].text, "fr");

		g_assert_cmpuint(list->errors->len, ==, 1);
		g_assert_cmpstr(list->errors->pdata[0], ==, rows[i].error);
	}
}

/* A note's words may have accents, and go with any order; what stands below
 * stays inside then. */
static void
test_note(void)
{
	g_autoptr(CommandList) list = command_parse(
	    "#take\n#note Le disque est us\xc3\xa9\n\nVu.\n", "en");
	g_autoptr(CommandList) other = command_parse("#take\n\nVu.\n", "en");
	g_autoptr(CommandList) silent =
	    command_parse("#maintenance web1 now 1h\n#note\nVu.\n", "en");
	const Command *note;

	g_assert_cmpuint(list->errors->len, ==, 0);
	g_assert_cmpuint(list->commands->len, ==, 2);
	note = list->commands->pdata[1];
	g_assert_cmpint(note->order, ==, ORDER_NOTE);
	g_assert_cmpstr(note->argument, ==, "Le disque est us\xc3\xa9");
	g_assert_true(command_list_keeps_inside(list));
	g_assert_false(command_list_keeps_inside(other));
	g_assert_cmpuint(silent->errors->len, ==, 0);
	g_assert_true(command_list_keeps_inside(silent));
}

static bool
is_name(const char *name)
{
	for (; *name != '\0'; name++) {
		if (!g_ascii_islower(*name) && *name != ' ')
			return false;
	}
	return true;
}

/* Each door has its words, in both languages where people write to it. */
static void
test_words(void)
{
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = order_row(kind);
		bool mail = (row->doors & ORDER_BY_MAIL) != 0;
		bool command = (row->doors & ORDER_BY_COMMAND) != 0;

		g_test_message("order %d", (int)kind);
		g_assert_true(row->doors != 0 && row->may != 0);
		g_assert_cmpint(command, ==,
		    (row->doors & ORDER_BY_CONTROL) != 0);
		g_assert_true(!mail || (row->may & ORDER_MAY_TECHNICIAN) != 0);
		g_assert_true(!command || (row->may & ORDER_MAY_MANAGER) != 0);
		g_assert_true(row->summary != NULL && *row->summary != '\0');
		g_assert_nonnull(row->example);
		g_assert_cmpint(row->command != NULL, ==, command);
		g_assert_cmpint(row->arguments != NULL, ==, command);
		g_assert_cmpint(row->name != NULL, ==, mail);
		g_assert_cmpint(row->name_fr != NULL, ==, mail);
		g_assert_cmpint(row->usage != NULL, ==, mail);
		g_assert_cmpint(row->usage_fr != NULL, ==, mail);
		g_assert_cmpint(row->summary_fr != NULL, ==, mail);
		g_assert_true(row->read != NULL && row->judge != NULL &&
		    row->report != NULL);
		if (mail)
			g_assert_true(
			    is_name(row->name) && is_name(row->name_fr));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/command/commands", test_commands);
	g_test_add_func("/command/text", test_text);
	g_test_add_func("/command/errors", test_errors);
	g_test_add_func("/command/maintenance", test_maintenance);
	g_test_add_func("/command/too-many", test_too_many);
	g_test_add_func("/command/look_alikes", test_look_alikes);
	g_test_add_func("/command/long", test_long);
	g_test_add_func("/command/french", test_french);
	g_test_add_func("/command/note", test_note);
	g_test_add_func("/command/words", test_words);
	return g_test_run();
}
