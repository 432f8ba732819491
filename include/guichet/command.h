/*
 * command: what a technician orders on the first lines of a reply
 * (SECURITY.md T23). Read only from Message.command_text; every byte of a
 * command line must be printable ASCII; commands stand before any other text.
 *
 * A line is meant as a command if it is '#' and a letter ("#12" and "# Title"
 * are text), or if its only letters are a command's name ("*#resolve*"). Blank
 * lines may stand above the commands; the first one below them ends them.
 */
#ifndef GUICHET_COMMAND_H
#define GUICHET_COMMAND_H

#include "guichet/base.h"

#define COMMAND_ERRORS_MAX 20 /* told of one mail */

typedef enum {
	COMMAND_RESOLVE,
} CommandVerb;

typedef struct {
	CommandVerb verb;
	char *argument; /* "" if none */
	int line;       /* of the text, from 1 */
} Command;

typedef struct {
	GPtrArray *commands; /* Command * */
	GPtrArray *errors;   /* char *, "line 2: ..." for the technician */
	char *rest;          /* the text below the commands and a blank line */
} CommandList;

/* Cannot fail: a line that is meant as a command and is none, look-alikes and
 * known names below other text (not in a quotation) are errors in the list,
 * and then no command of the mail may run, nor its text be sent. */
CommandList *command_parse(const char *text);
void command_list_free(CommandList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandList, command_list_free)

#endif
