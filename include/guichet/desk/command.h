/*
 * command: what a technician orders on the first lines of a reply
 * (doc/security.md T23). Read only from Message.command_text; every byte of a
 * command line must be printable ASCII; commands stand before any other text.
 *
 * A line is meant as a command if it is '#' and a letter ("#12" and "# Title"
 * are text), or if its only letters are a command's name ("*#resolve*"), or its
 * first ones that of a command with an argument ("- #maintenance web1"). Blank
 * lines may stand above the commands; the first one below them ends them.
 */
#ifndef GUICHET_COMMAND_H
#define GUICHET_COMMAND_H

#include "guichet/base/base.h"

#define COMMAND_ERRORS_MAX 20 /* told of one mail */
#define COMMANDS_MAX       20 /* of one mail */

typedef enum {
	COMMAND_RESOLVE,
	COMMAND_MAINTENANCE, /* its argument: maintenance_order.h */
} CommandVerb;

typedef struct {
	CommandVerb verb;
	char *argument; /* "" if none */
	int line;       /* of the text, from 1 */
} Command;

typedef struct {
	GPtrArray *commands; /* Command * */
	GPtrArray *errors;   /* char *, "line 2: ...", in the language */
	char *rest;          /* the text below the commands and a blank line */
	char *language;      /* the technician's */
} CommandList;

/*
 * #resolve sends what stands below it to the client, and #maintenance sends
 * nothing: a mail holds one or the other.
 *
 * Cannot fail: a line that is meant as a command and is none, look-alikes and
 * known names below other text (not in a quotation) are errors in the list,
 * and then no command of the mail may run, nor its text be sent.
 */
CommandList *command_parse(const char *text, const char *language);
void command_list_free(CommandList *list);

bool command_list_has(const CommandList *list, CommandVerb verb);
/* One more error, of the line whose argument means nothing. */
void command_list_error(CommandList *list, int line, char *take_what);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandList, command_list_free)

#endif
