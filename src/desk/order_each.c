/* Commands of several tickets at once, as one of each. */
#include "order_private.h"

#include <string.h>

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
	gsize numbers = 1;

	if (row == NULL || row->is_text)
		return numbers;
	if (count > 2 && strcmp(argv[count - 2], "--at") == 0)
		count -= 2;
	while (1 + numbers < count && is_number(argv[1 + numbers]) &&
	    count - (2 + numbers) >= row->min)
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
