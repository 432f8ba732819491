/* The words of an enumeration, looked up both ways. */
#include "guichet/base/names.h"

#include <string.h>

const char *
names_word(const NameTable *table, guint value)
{
	g_assert(value < table->count);
	return table->words[value];
}

int
names_find(const NameTable *table, const char *word)
{
	for (guint i = 0; i < table->count; i++) {
		if (strcmp(table->words[i], word) == 0)
			return (int)i;
	}
	return -1;
}
