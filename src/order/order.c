/* The table of orders, and which row a command or a mail's line means. */
#include "order_private.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "guichet/yaml/yaml.h"

#include <string.h>

#define TABLE(kind, row) [kind] = &row,
static const OrderRow *const rows[ORDER_COUNT] = { ORDER_ROWS(TABLE) };

#define ONE(kind, row) +1
G_STATIC_ASSERT(0 ORDER_ROWS(ONE) == ORDER_COUNT);

const OrderRow *
order_row(OrderKind kind)
{
	g_assert((guint)kind < ORDER_COUNT);
	return rows[kind];
}

void
order_free(Order *order)
{
	if (order == NULL)
		return;
	g_free(order->name);
	g_free(order->text);
	g_free(order->contact);
	g_free(order->title);
	maintenance_order_free(order->maintenance);
	g_free(order);
}

bool
order_refuse(GError **error, char *take_text)
{
	g_autofree char *text = take_text;

	g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    text);
	return false;
}

/* ---- a mail's line ---- */

/* A row that forgot it has none: test_order_rows says so, before anybody
 * meets the order. */
static const char *
usage_in(const OrderRow *row, bool french)
{
	const char *usage = french ? row->usage_fr : row->usage;

	return usage != NULL ? usage : "";
}

bool
order_takes_arguments(OrderKind kind)
{
	return *usage_in(order_row(kind), false) != '\0';
}

bool
order_name_begins(const char *name, const char *word)
{
	gsize length = strlen(word);

	return name != NULL && g_ascii_strncasecmp(name, word, length) == 0 &&
	    (name[length] == '\0' || name[length] == ' ');
}

/* Whether the name's second word, where it has one, begins the argument. */
static bool
has_tail_of(const char *name, const char *argument)
{
	const char *second = strchr(name, ' ');
	gsize length;

	if (second == NULL)
		return true;
	length = strlen(++second);
	return g_ascii_strncasecmp(argument, second, length) == 0 &&
	    (argument[length] == '\0' || argument[length] == ' ');
}

OrderKind
order_named(const char *name, const char *argument)
{
	OrderKind found = ORDER_COUNT;

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const char *names[] = { rows[kind]->name, rows[kind]->name_fr };

		for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
			if (!order_name_begins(names[i], name) ||
			    !has_tail_of(names[i], argument))
				continue;
			/* Of two that fit, the longer name says more. */
			if (found == ORDER_COUNT ||
			    strlen(names[i]) > strlen(rows[found]->name))
				found = kind;
		}
	}
	return found;
}

bool
order_is_name(const char *name, bool *ret_has_arguments)
{
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		if (!order_name_begins(rows[kind]->name, name) &&
		    !order_name_begins(rows[kind]->name_fr, name))
			continue;
		*ret_has_arguments = order_takes_arguments(kind);
		return true;
	}
	return false;
}

const char *
order_nearest(const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		if (rows[kind]->name == NULL)
			continue;
		g_ptr_array_add(names, (gpointer)rows[kind]->name);
		g_ptr_array_add(names, (gpointer)rows[kind]->name_fr);
	}
	g_ptr_array_add(names, NULL);
	return yaml_nearest(name, (const char *const *)names->pdata);
}

char *
order_mail_usage(OrderKind kind, const char *language)
{
	const OrderRow *row = order_row(kind);
	bool french = text_is_french(language);
	const char *usage = usage_in(row, french);

	if (row->name == NULL)
		return NULL;
	return g_strdup_printf("#%s%s%s", french ? row->name_fr : row->name,
	    *usage != '\0' ? " " : "", usage);
}

/* ---- a command's words ---- */

static bool
read_number(const char *word, gint64 *ret_number)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(*word == '#' ? word + 1 : word, 10, 1,
		G_MAXINT64, &number, NULL))
		return false;
	*ret_number = (gint64)number;
	return true;
}

/* How many of the words are the command's own; 0: it is another. */
static gsize
match_command(const char *command, char *const *argv, gsize count,
    gint64 *ret_number)
{
	g_auto(GStrv) parts = command != NULL ? g_strsplit(command, " ", 0)
					      : NULL;
	gsize i = 0;

	for (; parts != NULL && parts[i] != NULL; i++) {
		if (i >= count)
			return 0;
		if (g_ascii_isupper(*parts[i])
			? !read_number(argv[i], ret_number)
			: strcmp(parts[i], argv[i]) != 0)
			return 0;
	}
	return i;
}

static bool
begins_with(const char *command, const char *word)
{
	return command != NULL && order_name_begins(command, word);
}

char *
order_usage(const char *command)
{
	GString *usage = g_string_new(NULL);

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = rows[kind];

		const char *way = begins_with(row->command, command)
		    ? row->command
		    : row->command_too;

		if (!begins_with(way, command))
			continue;
		g_string_append_printf(usage, "%s%s%s%s",
		    usage->len > 0 ? ", or " : "usage: guichet ", way,
		    *row->arguments != '\0' ? " " : "", row->arguments);
	}
	return g_string_free(usage, FALSE);
}

/* The last words of all commands that begin alike, "pause, resume". */
static char *
list_alike(const char *word)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const char *commands[] = { rows[kind]->command,
			rows[kind]->command_too };

		for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
			if (begins_with(commands[i], word))
				g_string_append_printf(list, "%s%s",
				    list->len > 0 ? ", " : "",
				    strrchr(commands[i], ' ') + 1);
		}
	}
	return g_string_free(g_steal_pointer(&list), FALSE);
}

/* Why no row takes these words. */
static bool
refuse_words(char *const *argv, gsize count, GError **error)
{
	gint64 number;

	if (count == 0)
		return order_refuse(error, g_strdup("there is no such order"));
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = rows[kind];
		const char *ways[] = { row->command_too, row->command };

		for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
			if (match_command(ways[i], argv, count, &number) > 0 &&
			    row->wants != NULL)
				return order_refuse(error,
				    g_strdup_printf("%s needs %s", ways[i],
					row->wants));
		}
	}
	if (strcmp(argv[0], "event") == 0 && count > 2 &&
	    read_number(argv[1], &number)) {
		g_autofree char *all = list_alike("event");

		return order_refuse(error,
		    g_strdup_printf("'%s' is none of %s", argv[2], all));
	}
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		if (begins_with(rows[kind]->command, argv[0]) ||
		    begins_with(rows[kind]->command_too, argv[0]))
			return order_refuse(error, order_usage(argv[0]));
	}
	return order_refuse(error, g_strdup("there is no such order"));
}

OrderKind
order_match(char *const *argv, gint64 *ret_number, char *const **ret_words,
    gsize *ret_count, GError **error)
{
	gsize count = g_strv_length((char **)argv);

	if (count >= 2 && strcmp(argv[count - 2], "--at") == 0)
		count -= 2;
	*ret_number = 0;
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = rows[kind];
		gsize own = match_command(row->command, argv, count,
		    ret_number);

		if (own == 0)
			own = match_command(row->command_too, argv, count,
			    ret_number);
		if (own == 0 || count - own < row->min ||
		    count - own > row->max)
			continue;
		*ret_words = argv + own;
		*ret_count = count - own;
		return kind;
	}
	refuse_words(argv, count, error);
	return ORDER_COUNT;
}

/* ---- commands of several tickets ---- */

static bool
is_number(const char *word)
{
	gsize mark = *word == '#' ? 1 : 0;

	return word[mark] != '\0' &&
	    strspn(word + mark, "0123456789") == strlen(word + mark);
}

/* The row that "close" and a number give, or NULL. */
static const OrderRow *
row_named(const char *name)
{
	gsize length = strlen(name);

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = order_row(kind);

		if (row->command != NULL &&
		    strncmp(row->command, name, length) == 0 &&
		    strcmp(row->command + length, " N") == 0)
			return row;
	}
	return NULL;
}

/* How many words from the second on are numbers of tickets. */
static gsize
count_numbers(char *const *argv, gsize count)
{
	const OrderRow *row = row_named(argv[0]);
	gsize numbers = 1, least;

	if (row == NULL || row->is_text)
		return numbers;
	if (count > 2 && strcmp(argv[count - 2], "--at") == 0)
		count -= 2;
	/* A severity is a number itself, and a word may follow it. */
	least = row->min;
	if (row->read == order_read_severity && !is_number(argv[count - 1]))
		least++;
	while (1 + numbers < count && is_number(argv[1 + numbers]) &&
	    count - (2 + numbers) >= least)
		numbers++;
	return numbers;
}

/* The same words with one number in place of `numbers` of them. */
static char **
with_number(char *const *argv, const char *number, gsize numbers)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	g_strv_builder_add(words, argv[0]);
	g_strv_builder_add(words, number);
	g_strv_builder_addv(words, (const char **)argv + 1 + numbers);
	return g_strv_builder_end(words);
}

GPtrArray *
order_each(char *const *argv, GError **error)
{
	g_autoptr(GPtrArray) each = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_strfreev);
	gsize count = g_strv_length((char **)argv);
	gsize numbers = count > 1 && is_number(argv[1])
	    ? count_numbers(argv, count)
	    : 1;
	bool on_tickets = count > 1 &&
	    (row_named(argv[0]) != NULL || strcmp(argv[0], "event") == 0);
	g_auto(GStrv) listed = on_tickets && strchr(argv[1], ',') != NULL
	    ? g_strsplit(argv[1], ",", 0)
	    : NULL;
	gsize all = listed != NULL ? g_strv_length(listed) : numbers;

	if (count < 2) {
		g_ptr_array_add(each, g_strdupv((char **)argv));
		return g_steal_pointer(&each);
	}
	if (all > ORDER_TICKETS_MAX) {
		order_refuse(error,
		    g_strdup_printf("at most %d tickets at once",
			ORDER_TICKETS_MAX));
		return NULL;
	}
	for (gsize i = 0; i < all; i++)
		g_ptr_array_add(each,
		    with_number(argv, listed != NULL ? listed[i] : argv[1 + i],
			listed != NULL ? 1 : numbers));
	return g_steal_pointer(&each);
}
