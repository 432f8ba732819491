/* A technician's commands on the first lines of a reply. */
#include "guichet/order/command.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/words/body.h"

#include <string.h>

/* Where a reply's own words end and somebody else's begin. */
static const char *const quote_starts[] = { ">", "|", "-- ", "-----", "_____",
	"=====" };

typedef struct {
	const char *start;
	gsize length; /* without the line's end */
	gsize whole;  /* with it */
} Line;

static void
command_free(gpointer data)
{
	Command *command = data;

	g_free(command->name);
	g_free(command->argument);
	g_free(command);
}

void
command_list_free(CommandList *list)
{
	if (list == NULL)
		return;
	g_ptr_array_unref(list->commands);
	g_ptr_array_unref(list->errors);
	g_free(list->rest);
	g_free(list->language);
	g_free(list);
}

static Line
next_line(const char *text)
{
	Line line = { text, strcspn(text, "\r\n"), 0 };

	line.whole = line.length;
	if (text[line.whole] == '\r')
		line.whole++;
	if (text[line.whole] == '\n')
		line.whole++;
	return line;
}

/* Characters that show nothing: format controls, joiners, fillers, blanks. */
static bool
is_invisible(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);

	return g_unichar_isspace(c) || g_unichar_iszerowidth(c) ||
	    type == G_UNICODE_FORMAT || type == G_UNICODE_CONTROL ||
	    type == G_UNICODE_SPACE_SEPARATOR || c == 0x115f || c == 0x1160 ||
	    c == 0x3164 || c == 0xffa0 || c == 0x2800;
}

static bool
is_blank(const Line *line)
{
	const char *end = line->start + line->length;

	for (const char *p = line->start; p < end; p = g_utf8_next_char(p)) {
		if (!is_invisible(g_utf8_get_char(p)))
			return false;
	}
	return true;
}

static bool
is_printable_ascii(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	}
	return true;
}

static const char *
skip_invisible(const char *p, const char *end)
{
	while (p < end && is_invisible(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return p;
}

/*
 * Whether the line looks like a command to a person: '#' or what resembles it,
 * then a letter of any script, with nothing visible before or between. "#12"
 * and "# Title" are text.
 */
static bool
is_attempt(const Line *line)
{
	const char *end = line->start + line->length;
	const char *p = skip_invisible(line->start, end);
	gunichar c = p < end ? g_utf8_get_char(p) : 0;

	if (c != '#' && c != 0xff03 && c != 0xfe5f)
		return false;
	for (p = g_utf8_next_char(p); p < end; p = g_utf8_next_char(p)) {
		c = g_utf8_get_char(p);
		if (g_unichar_isspace(c) || !is_invisible(c))
			break;
	}
	return p < end && g_unichar_isalpha(c);
}

/* Whether the line's first word, with a '#' before it, names an order that has
 * arguments. */
static bool
begins_with_name(const Line *line)
{
	g_autofree char *word = NULL;
	gsize i = 0, length = 0;
	bool sigil = false, has_arguments = false;

	for (; i < line->length && !g_ascii_isalnum(line->start[i]); i++)
		sigil = sigil || line->start[i] == '#';
	while (i + length < line->length &&
	    g_ascii_isalnum(line->start[i + length]))
		length++;
	word = g_strndup(line->start + i, length);
	return sigil && order_is_name(word, &has_arguments) && has_arguments;
}

/* Whether it is an order of ours in all but its dress: "*#resolve*",
 * "# Resolve.": somebody's order, which must not reach a client as text. */
static bool
is_near_miss(const Line *line)
{
	g_autoptr(GString) letters = g_string_new(NULL);
	bool has_arguments;

	if (memchr(line->start, '#', line->length) == NULL)
		return false;
	if (begins_with_name(line))
		return true;
	for (gsize i = 0; i < line->length && letters->len < 40; i++) {
		if (g_ascii_isalnum(line->start[i]))
			g_string_append_c(letters, line->start[i]);
	}
	return order_is_name(letters->str, &has_arguments);
}

static bool
is_quote(const Line *line)
{
	const char *end = line->start + line->length;
	const char *p = skip_invisible(line->start, end);
	gsize length = (gsize)(end - p);
	g_autofree char *own = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(quote_starts); i++) {
		if (length >= strlen(quote_starts[i]) &&
		    strncmp(p, quote_starts[i], strlen(quote_starts[i])) == 0)
			return true;
	}
	if (memchr(p, ':', length) == NULL)
		return false;
	own = g_strndup(p, length);
	return body_line_heads_quotation(own);
}

void
command_list_error(CommandList *list, int line, char *take_what)
{
	g_autofree char *what = take_what;

	if (list->errors->len >= COMMAND_ERRORS_MAX)
		return; /* nothing runs already; the answer stays short */
	g_ptr_array_add(list->errors,
	    text_in(list->language, "ligne %d : %s", "line %d: %s", line,
		what));
}

bool
command_list_has(const CommandList *list, OrderKind order)
{
	for (guint i = 0; i < list->commands->len; i++) {
		const Command *command = list->commands->pdata[i];

		if (command->order == order)
			return true;
	}
	return false;
}

/* Whether what stands below one goes to the client and below the other stays
 * inside, or belongs to no ticket. A note keeps all inside, whatever of a ticket
 * stands above it. */
static bool
are_unlike(OrderWords one, OrderWords two)
{
	bool noted = one == ORDER_WORDS_NOTE || two == ORDER_WORDS_NOTE;
	bool aside = one == ORDER_WORDS_ASIDE || two == ORDER_WORDS_ASIDE;

	return one != two && (!noted || aside);
}

/* The first order of the mail below which text is the other kind's: its name,
 * or NULL. */
static const char *
first_unlike(const CommandList *list, OrderWords words)
{
	for (guint i = 0; i < list->commands->len; i++) {
		const Command *command = list->commands->pdata[i];

		if (are_unlike(order_row(command->order)->words, words))
			return command->name;
	}
	return NULL;
}

bool
command_list_keeps_inside(const CommandList *list)
{
	for (guint i = 0; i < list->commands->len; i++) {
		const Command *command = list->commands->pdata[i];

		if (order_row(command->order)->words != ORDER_WORDS_OUT)
			return true;
	}
	return false;
}

/* Why it cannot stand where it does, or NULL. */
static char *
misplaced(const CommandList *list, const Command *command)
{
	const OrderRow *row = order_row(command->order);
	const char *word = command->name;
	const char *unlike = first_unlike(list, row->words);

	if (*command->argument != '\0' &&
	    !order_takes_arguments(command->order))
		return text_in(list->language,
		    "#%s doit être seul sur sa ligne",
		    "#%s stands alone on its line", word);
	if (!row->repeats && command_list_has(list, command->order))
		return text_in(list->language, "#%s y est deux fois",
		    "#%s is there twice", word);
	if (list->commands->len >= COMMANDS_MAX)
		return text_in(list->language,
		    "#%s est une commande de trop pour un seul message ; "
		    "envoyez-en deux",
		    "#%s is one command too many for a mail; send two", word);
	if (unlike != NULL)
		return text_in(list->language,
		    "#%s ne va pas avec la commande au-dessus : #%s et #%s "
		    "vont dans deux messages",
		    "#%s cannot go with the one above: #%s and #%s are two "
		    "mails",
		    word, unlike, word);
	return NULL;
}

static void
note_tried(CommandList *list, OrderKind order)
{
	if (order != ORDER_COUNT)
		list->tried[order] = true;
}

static void
refuse_unknown(CommandList *list, int number, const char *name)
{
	const char *nearest = order_nearest(name);

	if (nearest != NULL)
		note_tried(list, order_named(nearest, ""));
	command_list_error(list, number,
	    nearest == NULL
		? text_in(list->language, "#%.20s n'est pas une commande",
		      "#%.20s is no command", name)
		: text_in(list->language,
		      "#%.20s n'est pas une commande ; vouliez-vous dire "
		      "#%s ?",
		      "#%.20s is no command; did you mean #%s?", name,
		      nearest));
}

static void
refuse_dress(CommandList *list, int number)
{
	command_list_error(list, number,
	    text_in(list->language,
		"une commande est « # » et son nom, au début de la ligne, en "
		"ASCII, sans accents",
		"a command is '#' and its name, at the start of the line, in "
		"plain ASCII"));
}

/* Takes the command in, unless it cannot stand where it does. */
static void
add_command(CommandList *list, Command *take_command)
{
	char *why = misplaced(list, take_command);

	if (why == NULL) {
		g_ptr_array_add(list->commands, take_command);
		return;
	}
	command_list_error(list, take_command->line, why);
	command_free(take_command);
}

/* One line that is_attempt(): a command of the list, or an error. */
static void
read_command(CommandList *list, const Line *line, int number)
{
	gsize name = MIN(strcspn(line->start, " "), line->length);
	g_autofree char *text = NULL;
	char *argument;
	OrderKind order;
	Command *command;

	if (!is_printable_ascii(line->start, name) || line->start[0] != '#' ||
	    !g_ascii_isalpha(line->start[1])) {
		refuse_dress(list, number);
		return;
	}
	text = g_strchomp(g_strndup(line->start + 1, line->length - 1));
	argument = text + strcspn(text, " ");
	if (*argument != '\0')
		*argument++ = '\0';
	g_strchug(argument);
	order = order_named(text, argument);
	note_tried(list, order);
	/* Words for people have accents; all else could look like another. */
	if ((order == ORDER_COUNT || !order_row(order)->is_text) &&
	    !is_printable_ascii(line->start, line->length)) {
		refuse_dress(list, number);
		return;
	}
	if (order == ORDER_COUNT) {
		refuse_unknown(list, number, text);
		return;
	}
	command = g_new(Command, 1);
	command->order = order;
	command->name = g_ascii_strdown(text, -1);
	command->argument = g_strdup(argument);
	command->line = number;
	add_command(list, command);
}

/* Of a line that stands too low, what it would have been. */
static void
note_low(CommandList *list, const Line *line)
{
	g_autofree char *text = g_strndup(line->start, line->length);
	char *name = text + strspn(text, "#* -");
	char *argument = name + strcspn(name, " *");

	if (*argument != '\0')
		*argument++ = '\0';
	note_tried(list, order_named(name, g_strchug(argument)));
}

/*
 * What stands below the first line of text is never a command. A line that
 * can only be meant as one is an error all the same; quoted lines are not.
 */
static void
check_text(CommandList *list, const char *text, const char *end, int number)
{
	while (text < end && *text != '\0') {
		Line line = next_line(text);

		if (is_quote(&line))
			return;
		if (is_near_miss(&line)) {
			note_low(list, &line);
			command_list_error(list, number,
			    text_in(list->language,
				"les commandes se placent au-dessus de tout "
				"autre texte",
				"commands stand above all other text"));
		}
		text += line.whole;
		number++;
	}
}

/* Where the lines of orders end, at a blank line or the first other text; read
 * into the list, unless it is NULL. *ret_began: there is one, or an attempt. */
static const char *
end_of_orders(const char *text, const char *end, CommandList *list,
    int *ret_number, bool *ret_began)
{
	*ret_began = false;
	*ret_number = 1;
	while (text < end) {
		Line line = next_line(text);

		if (is_blank(&line) && *ret_began)
			break;
		if (!is_blank(&line)) {
			if (!is_attempt(&line) &&
			    (is_quote(&line) || !is_near_miss(&line)))
				break;
			if (list != NULL)
				read_command(list, &line, *ret_number);
			*ret_began = true;
		}
		text += line.whole;
		++*ret_number;
	}
	return text;
}

static const char *
skip_blank_lines(const char *text)
{
	while (*text != '\0') {
		Line line = next_line(text);

		if (!is_blank(&line))
			break;
		text += line.whole;
	}
	return text;
}

CommandList *
command_parse(const char *text, const char *language)
{
	CommandList *list = g_new0(CommandList, 1);
	const char *below, *end;
	bool began;
	int number;

	list->language = g_strdup(language);
	list->commands = g_ptr_array_new_with_free_func(command_free);
	list->errors = g_ptr_array_new_with_free_func(g_free);
	if (!g_utf8_validate(text, -1, &end)) {
		command_list_error(list, 1,
		    text_in(language, "le texte est illisible",
			"the text cannot be read"));
		list->rest = g_strndup(text, (gsize)(end - text));
		return list;
	}
	end = text + strnlen(text, LIMIT_COMMAND_BYTES);
	below = end_of_orders(text, end, list, &number, &began);
	check_text(list, below, end, number);
	list->rest = g_strdup(began ? skip_blank_lines(below) : text);
	return list;
}

char *
command_rest(const char *text, bool *ret_attempted)
{
	const char *below, *end;
	int number;

	*ret_attempted = false;
	if (!g_utf8_validate(text, -1, &end))
		return g_strndup(text, (gsize)(end - text));
	end = text + strnlen(text, LIMIT_COMMAND_BYTES);
	below = end_of_orders(text, end, NULL, &number, ret_attempted);
	return g_strdup(*ret_attempted ? skip_blank_lines(below) : text);
}

char *
command_restate(const Command *command, const char *language)
{
	const OrderRow *row = order_row(command->order);
	const char *name = text_is_french(language) && row->name_fr != NULL
	    ? row->name_fr
	    : row->name;
	/* One of two words has the second among its argument already. */
	gsize first = strcspn(name, " ");

	return g_strdup_printf("#%.*s%s%s", (int)first, name,
	    *command->argument != '\0' ? " " : "", command->argument);
}
