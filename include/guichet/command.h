/*
 * command: what a technician orders on the first lines of a reply
 * (SECURITY.md T23). Read only from Message.command_text; every byte of a
 * command line must be printable ASCII; commands stand before any other text.
 */
#ifndef GUICHET_COMMAND_H
#define GUICHET_COMMAND_H

#include "guichet/base.h"

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
	char *rest;          /* the text without the command lines */
} CommandList;

/* Cannot fail: a line that starts with '#' and is no command is an error in
 * the list, and then no command of the mail may run. */
CommandList *command_parse(const char *text);
void command_list_free(CommandList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandList, command_list_free)

#endif
