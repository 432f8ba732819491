/* Mails from their bytes: what test_message*.c have in common. */
#ifndef GUICHET_MESSAGE_BYTES_H
#define GUICHET_MESSAGE_BYTES_H

#include "guichet/mail/message.h"

#include <string.h>

/* From a copy on the heap of just that size, so that overreads are seen. */
static inline Message *
parse_bytes(const char *bytes, gsize length)
{
	g_autofree guint8 *copy = g_memdup2(bytes, length);

	return message_parse(copy, length, false);
}

static inline Message *
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static inline bool
has_defect(const Message *message, const char *word)
{
	return g_strv_contains((const char *const *)message->defects, word);
}

/* `unit` repeated. */
static inline char *
repeat(const char *unit, gsize count)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < count; i++)
		g_string_append(text, unit);
	return g_string_free(text, FALSE);
}

#endif
