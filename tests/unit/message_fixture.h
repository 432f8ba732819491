/*
 * message_fixture: a Message made by hand from a small, well-formed mail, for
 * tests of what judges messages. Far from a parser: fields are unfolded, From
 * is one address, the body is the text. "\n" ends lines.
 */
#ifndef GUICHET_MESSAGE_FIXTURE_H
#define GUICHET_MESSAGE_FIXTURE_H

#include "guichet/base/text.h"
#include "guichet/mail/message.h"

#include <string.h>

typedef Message FixtureMessage;

static inline void
fixture_mailbox_free(gpointer data)
{
	Mailbox *mailbox = data;

	g_free(mailbox->name);
	g_free(mailbox->address);
	g_free(mailbox);
}

static inline void
fixture_header_free(gpointer data)
{
	Header *header = data;

	g_free(header->name);
	g_free(header->value);
	g_free(header->raw);
	g_free(header);
}

static inline void
fixture_attachment_free(gpointer data)
{
	Attachment *attachment = data;

	g_free(attachment->name);
	g_free(attachment->type);
	g_free(attachment->sha256);
	g_bytes_unref(attachment->content);
	g_free(attachment);
}

static inline void
fixture_message_free(FixtureMessage *message)
{
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
	g_free(message->content_type);
	g_free(message->report_type);
	g_free(message->content_sha256);
	g_strfreev(message->defects);
	g_free(message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FixtureMessage, fixture_message_free)

/* What stands between < and >, or all of it. */
static inline char *
fixture_angle(const char *value)
{
	const char *open = strrchr(value, '<');
	const char *close = open != NULL ? strchr(open, '>') : NULL;

	if (close == NULL)
		return g_strstrip(g_strdup(value));
	return g_strndup(open + 1, (gsize)(close - open - 1));
}

static inline char **
fixture_ids(const char *value)
{
	g_auto(GStrv) parts = g_strsplit_set(value, "<> \t\n", -1);
	GPtrArray *ids = g_ptr_array_new();

	for (gsize i = 0; parts[i] != NULL; i++) {
		if (*parts[i] != '\0')
			g_ptr_array_add(ids, g_strdup(parts[i]));
	}
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_free(ids, FALSE);
}

static inline void
fixture_add_mailbox(GPtrArray *mailboxes, const char *value)
{
	Mailbox *mailbox = g_new(Mailbox, 1);

	mailbox->address = fixture_angle(value);
	mailbox->name = g_strndup(value, strcspn(value, "<"));
	g_strstrip(mailbox->name);
	g_ptr_array_add(mailboxes, mailbox);
}

static inline void
fixture_content_type(Message *message, const char *value)
{
	g_autofree char *lower = g_ascii_strdown(value, -1);
	const char *report = strstr(lower, "report-type=");

	g_free(message->content_type);
	message->content_type = g_strndup(lower, strcspn(lower, "; "));
	if (report == NULL)
		return;
	report += strlen("report-type=");
	if (*report == '"')
		report++;
	g_free(message->report_type);
	message->report_type = g_strndup(report, strcspn(report, "\"; "));
}

static inline void
fixture_replace(char **field, char *value)
{
	g_free(*field);
	*field = value;
}

static inline void
fixture_known_header(Message *message, const Header *header)
{
	const char *name = header->name;

	if (g_ascii_strcasecmp(name, "From") == 0)
		fixture_add_mailbox(message->from, header->value);
	else if (g_ascii_strcasecmp(name, "To") == 0)
		fixture_add_mailbox(message->to, header->value);
	else if (g_ascii_strcasecmp(name, "Subject") == 0)
		fixture_replace(&message->subject, g_strdup(header->value));
	else if (g_ascii_strcasecmp(name, "Return-Path") == 0)
		fixture_replace(&message->return_path,
		    fixture_angle(header->value));
	else if (g_ascii_strcasecmp(name, "Message-ID") == 0)
		fixture_replace(&message->message_id,
		    fixture_angle(header->value));
	else if (g_ascii_strcasecmp(name, "Content-Type") == 0)
		fixture_content_type(message, header->value);
	else if (g_ascii_strcasecmp(name, "Received") == 0)
		message->received_count++;
	else if (g_ascii_strcasecmp(name, "References") == 0) {
		g_strfreev(message->references);
		message->references = fixture_ids(header->value);
	}
}

/* One field, unfolded; a line without a colon is a mistake of the test. */
static inline void
fixture_add_header(Message *message, const char *field)
{
	Header *header = g_new(Header, 1);
	const char *colon = strchr(field, ':');

	g_assert(colon != NULL);
	header->name = g_strndup(field, (gsize)(colon - field));
	header->raw = g_strstrip(g_strdup(colon + 1));
	header->value = g_strdup(header->raw);
	g_ptr_array_add(message->headers, header);
	fixture_known_header(message, header);
}

static inline void
fixture_add_part(Message *message, const char *type)
{
	Attachment *attachment = g_new0(Attachment, 1);

	attachment->name = g_strdup("part");
	attachment->type = g_strdup(type);
	attachment->sha256 = text_sha256("", 0);
	attachment->content = g_bytes_new_static("", 0);
	g_ptr_array_add(message->attachments, attachment);
}

/* Fields and, behind an empty line, the body. */
static inline FixtureMessage *
fixture_message(const char *mail)
{
	Message *message = g_new0(Message, 1);
	const char *body = strstr(mail, "\n\n");
	g_autoptr(GString) field = g_string_new(NULL);
	g_autofree char *head = NULL;
	g_auto(GStrv) lines = NULL;

	message->from = g_ptr_array_new_with_free_func(fixture_mailbox_free);
	message->reply_to = g_ptr_array_new_with_free_func(
	    fixture_mailbox_free);
	message->to = g_ptr_array_new_with_free_func(fixture_mailbox_free);
	message->cc = g_ptr_array_new_with_free_func(fixture_mailbox_free);
	message->headers = g_ptr_array_new_with_free_func(fixture_header_free);
	message->attachments = g_ptr_array_new_with_free_func(
	    fixture_attachment_free);
	message->in_reply_to = g_new0(char *, 1);
	message->references = g_new0(char *, 1);
	message->defects = g_new0(char *, 1);
	message->subject = g_strdup("");
	message->content_type = g_strdup("text/plain");
	message->report_type = g_strdup("");
	message->text = g_strdup(body != NULL ? body + 2 : "");
	message->new_text = g_strdup(message->text);
	message->command_text = g_strdup(message->text);
	message->has_plain = true;
	message->content_sha256 = text_sha256(message->text,
	    strlen(message->text));

	head = body != NULL ? g_strndup(mail, (gsize)(body - mail))
			    : g_strdup(mail);
	lines = g_strsplit(head, "\n", -1);
	for (gsize i = 0; lines[i] != NULL; i++) {
		if (*lines[i] != ' ' && *lines[i] != '\t' && field->len > 0) {
			fixture_add_header(message, field->str);
			g_string_truncate(field, 0);
		}
		g_string_append(field, lines[i]);
	}
	if (field->len > 0)
		fixture_add_header(message, field->str);
	if (message->from->len == 1) {
		const Mailbox *from = message->from->pdata[0];

		message->identity = text_address_canonical(from->address);
	}
	if (message->identity == NULL)
		message->identity_defect = g_strdup("from");
	return message;
}

#endif
