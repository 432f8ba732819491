/*
 * command: what a technician orders on the first lines of a reply
 * (doc/security.md T23). Read only from Message.command_text; every byte of a
 * command line must be printable ASCII, but for words to be kept (`#note usé`);
 * commands stand before any other text.
 *
 * A line is meant as a command if it is '#' and a letter ("#12" and "# Title"
 * are text), or if its only letters are a command's name ("*#resolve*"), or its
 * first ones that of a command with an argument ("- #maintenance web1"). Blank
 * lines may stand above the commands; the first one below them ends them.
 */
#ifndef GUICHET_COMMAND_H
#define GUICHET_COMMAND_H

#include "guichet/order/order.h"

#define COMMAND_ERRORS_MAX 20 /* told of one mail */
#define COMMANDS_MAX       20 /* of one mail */

typedef struct {
	OrderKind order;
	char *name;     /* its first word, as it was written, lower-case */
	char *argument; /* what stands behind its first word, "" if nothing */
	int line;       /* of the text, from 1 */
} Command;

typedef struct CommandList {
	GPtrArray *commands; /* Command * */
	GPtrArray *errors;   /* char *, "line 2: ...", in the language */
	char *rest;          /* the text below the commands and a blank line */
	char *language;      /* the technician's */
	/* Which orders its lines mean, well written or not. */
	bool tried[ORDER_COUNT];
} CommandList;

/*
 * Which names there are, and what they take, says the table of orders. What
 * stands below some orders goes to the client, below others it stays inside: a
 * mail holds those of one kind; with a note, which goes with either, all of it
 * stays inside.
 *
 * Cannot fail: a line that is meant as a command and is none, look-alikes and
 * known names below other text (not in a quotation) are errors in the list,
 * and then no command of the mail may run, nor its text be sent.
 */
CommandList *command_parse(const char *text, const char *language);
/* The text below what is meant as orders, as CommandList.rest, and whether there
 * is any: of a text whose orders do not count. The caller frees. */
char *command_rest(const char *text, bool *ret_attempted);
void command_list_free(CommandList *list);

/* Whether the text below the commands stays inside. */
bool command_list_keeps_inside(const CommandList *list);
bool command_list_has(const CommandList *list, OrderKind order);
/* The order as one would write it to a reader of that language: "#wait
 * customer". The caller frees. */
char *command_restate(const Command *command, const char *language);
/* One more error, of the line whose argument means nothing. */
void command_list_error(CommandList *list, int line, char *take_what);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandList, command_list_free)

#endif
