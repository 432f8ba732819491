/*
 * The mails within a mail: forwarded as attachments, or in a digest. Programs
 * read them, alert.h for one; people get them as the attachments they are.
 */
#include "message_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

static bool
is_mail(const char *type)
{
	return strcmp(type, "message/rfc822") == 0 ||
	    strcmp(type, "message/global") == 0;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\n")] == '\0';
}

/* No more of it than programs look at. */
static void
trim(Message *mail)
{
	char *text = mail->text;
	bool cut = strlen(text) > LIMIT_ENCLOSED_TEXT_BYTES;

	if (mail->headers->len > LIMIT_ENCLOSED_FIELDS)
		g_ptr_array_set_size(mail->headers, LIMIT_ENCLOSED_FIELDS);
	if (!cut)
		return;
	mail->text = text_clean_block(text, -1, LIMIT_ENCLOSED_TEXT_BYTES);
	g_free(text);
	if (!g_strv_contains((const char *const *)mail->defects,
		DEFECT_TEXT_SIZE)) {
		guint count = g_strv_length(mail->defects);

		mail->defects = g_renew(char *, mail->defects, count + 2);
		mail->defects[count] = g_strdup(DEFECT_TEXT_SIZE);
		mail->defects[count + 1] = NULL;
	}
}

static void
add(Reading *reading, Message *take_mail)
{
	GPtrArray *enclosed = reading->message->enclosed;

	if (enclosed->len >= LIMIT_ENCLOSED_MAILS) {
		prescan_add_defect(reading->scan, DEFECT_ENCLOSED);
		message_free(take_mail);
		return;
	}
	trim(take_mail);
	g_ptr_array_add(enclosed, take_mail);
}

/* One that says nothing of its own is a cover for those within it. */
static void
open_mail(Reading *reading, const Attachment *attachment)
{
	gsize length;
	const guint8 *bytes = g_bytes_get_data(attachment->content, &length);
	Message *mail = message_parse_within(bytes, length, false,
	    reading->within + 1);
	g_autoptr(GPtrArray) inner = g_steal_pointer(&mail->enclosed);

	if (g_strv_contains((const char *const *)mail->defects,
		DEFECT_ENCLOSED))
		prescan_add_defect(reading->scan, DEFECT_ENCLOSED);
	if (inner == NULL || inner->len == 0 || !is_blank(mail->text)) {
		add(reading, mail);
		return;
	}
	message_free(mail);
	while (inner->len > 0)
		add(reading, g_ptr_array_steal_index(inner, 0));
}

void
message_read_enclosed(Reading *reading)
{
	Message *message = reading->message;
	gsize left = LIMIT_ENCLOSED_BYTES;

	message->is_digest = reading->in_digest;
	if (strcmp(message->content_type, "multipart/report") == 0)
		return;
	for (guint i = 0; i < message->attachments->len; i++) {
		const Attachment *attachment = message->attachments->pdata[i];
		gsize size = g_bytes_get_size(attachment->content);

		/* A mail that could not be taken apart is its own attachment. */
		if (!is_mail(attachment->type) || size == 0 ||
		    size >= reading->scan->length)
			continue;
		if (size > left || reading->within >= LIMIT_ENCLOSED_DEPTH ||
		    message->enclosed->len >= LIMIT_ENCLOSED_MAILS) {
			prescan_add_defect(reading->scan, DEFECT_ENCLOSED);
			continue;
		}
		left -= size;
		open_mail(reading, attachment);
	}
}
