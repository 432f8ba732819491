/* A mail as plain data: made, freed, and parsed in its parts. */
#include "message_private.h"

#include "guichet/mail/bounce.h"
#include "guichet/mail/charset.h"
#include "guichet/words/body.h"
#include "guichet/words/html.h"

#include <gmime/gmime.h>
#include <string.h>

Mailbox *
mailbox_new(const char *name, const char *address)
{
	Mailbox *mailbox = g_new0(Mailbox, 1);

	mailbox->name = g_strdup(name);
	mailbox->address = g_strdup(address);
	return mailbox;
}

void
mailbox_free(Mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	g_free(mailbox->name);
	g_free(mailbox->address);
	g_free(mailbox);
}

void
attachment_free(Attachment *attachment)
{
	if (attachment == NULL)
		return;
	g_free(attachment->name);
	g_free(attachment->type);
	g_free(attachment->sha256);
	g_clear_pointer(&attachment->content, g_bytes_unref);
	g_free(attachment);
}

static void
header_free(Header *header)
{
	g_free(header->name);
	g_free(header->value);
	g_free(header->raw);
	g_free(header);
}

static GPtrArray *
new_mailboxes(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
}

Message *
message_new(void)
{
	Message *message = g_new0(Message, 1);

	message->from = new_mailboxes();
	message->reply_to = new_mailboxes();
	message->to = new_mailboxes();
	message->cc = new_mailboxes();
	message->headers = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)header_free);
	message->attachments = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)attachment_free);
	message->enclosed = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)message_free);
	message->subject = g_strdup("");
	message->text = g_strdup("");
	message->content_type = g_strdup("text/plain");
	message->report_type = g_strdup("");
	return message;
}

void
message_free(Message *message)
{
	if (message == NULL)
		return;
	g_free(message->message_id);
	g_strfreev(message->in_reply_to);
	g_strfreev(message->references);
	g_ptr_array_unref(message->from);
	g_ptr_array_unref(message->reply_to);
	g_ptr_array_unref(message->to);
	g_ptr_array_unref(message->cc);
	g_free(message->subject);
	g_free(message->identity);
	g_free(message->identity_defect);
	g_free(message->return_path);
	g_ptr_array_unref(message->headers);
	g_free(message->text);
	g_free(message->new_text);
	g_free(message->command_text);
	g_ptr_array_unref(message->attachments);
	g_clear_pointer(&message->enclosed, g_ptr_array_unref);
	g_free(message->content_type);
	g_free(message->report_type);
	bounce_free(message->bounce);
	g_free(message->content_sha256);
	g_strfreev(message->defects);
	g_free(message);
}

const char *
message_header(const Message *message, const char *name)
{
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, name) == 0)
			return header->value;
	}
	return NULL;
}

guint
message_header_count(const Message *message, const char *name)
{
	guint count = 0;

	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, name) == 0)
			count++;
	}
	return count;
}

void
message_preload(void)
{
	static gsize done;

	if (g_once_init_enter(&done)) {
		g_mime_init();
		charset_preload();
		html_preload();
		g_once_init_leave(&done, 1);
	}
}

static char **
defect_words(const Prescan *scan)
{
	char **words = g_new0(char *, scan->defects->len + 1);

	for (guint i = 0; i < scan->defects->len; i++)
		words[i] = g_strdup(scan->defects->pdata[i]);
	return words;
}

static bool
is_answer(const Message *message, const char *text)
{
	bool has_parent = *message->in_reply_to != NULL ||
	    *message->references != NULL;

	return body_is_answer(message->subject, has_parent, text);
}

Message *
message_parse(const guint8 *bytes, gsize length, bool partial)
{
	return message_parse_within(bytes, length, partial, 0);
}

Message *
message_parse_within(const guint8 *bytes, gsize length, bool partial,
    guint within)
{
	g_autoptr(Prescan) scan = NULL;
	Reading reading = { 0 };
	Message *message = message_new();

	message_preload();
	scan = prescan_run(bytes, length, partial);
	reading.scan = scan;
	reading.message = message;
	reading.within = within;
	message_read_headers(&reading);
	reading.answers = is_answer(message, "");
	message_read_parts(&reading);
	message_read_enclosed(&reading);
	message->new_text = is_answer(message, message->text)
	    ? body_new_text(message->text)
	    : g_strchomp(g_strdup(message->text));
	if (reading.status != NULL)
		message->bounce = bounce_read(reading.status, reading.original);
	if (message->bounce == NULL)
		message->bounce = bounce_read_text(message, reading.original);
	message->content_sha256 = message_content_hash((const char *)bytes,
	    length);
	message->defects = defect_words(scan);
	g_clear_pointer(&reading.status, g_bytes_unref);
	g_clear_pointer(&reading.original, g_bytes_unref);
	g_free(reading.hint);
	return message;
}
