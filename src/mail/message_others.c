/* Who else a mail names beside its writer, for people to see. A note, which is
 * kept as a mail is, has no lists at all. */
#include "guichet/mail/message.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/mailbox_list.h"

#include <string.h>

static bool
is_writer(const Message *message, const char *address)
{
	if (message->identity != NULL &&
	    g_ascii_strcasecmp(address, message->identity) == 0)
		return true;
	for (guint i = 0; message->from != NULL && i < message->from->len;
	     i++) {
		const Mailbox *from = message->from->pdata[i];

		if (g_ascii_strcasecmp(address, from->address) == 0)
			return true;
	}
	return false;
}

/* "Name <address>, address"; NULL if they are the writer alone. */
static char *
others(const Message *message, const GPtrArray *mailboxes)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++) {
		const Mailbox *one = mailboxes->pdata[i];

		if (is_writer(message, one->address))
			continue;
		if (line->len > 0)
			g_string_append(line, ", ");
		if (*one->name != '\0')
			g_string_append_printf(line, "%s <%s>", one->name,
			    one->address);
		else
			g_string_append(line, one->address);
	}
	return line->len == 0 ? NULL
			      : text_clean_line(line->str, (gssize)line->len,
				    LIMIT_SUBJECT_BYTES);
}

char *
message_answers_to(const Message *message)
{
	return others(message, message->reply_to);
}

char *
message_sent_by(const Message *message)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)mailbox_free);

	for (guint i = 0; message->headers != NULL && i < message->headers->len;
	     i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, "Sender") == 0)
			mailbox_list_read(header->raw, false, found);
	}
	return others(message, found);
}
