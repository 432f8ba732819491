/* What `guichet parse` prints of a mail. */
#include "guichet/mail/message_json.h"

static json_t *
strings(char *const *list)
{
	json_t *array = json_array();

	for (; list != NULL && *list != NULL; list++)
		json_array_append_new(array, json_string(*list));
	return array;
}

static json_t *
string_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static json_t *
mailboxes(const GPtrArray *list)
{
	json_t *array = json_array();

	for (guint i = 0; i < list->len; i++) {
		const Mailbox *mailbox = list->pdata[i];

		json_array_append_new(array,
		    json_pack("{s:s, s:s}", "name", mailbox->name, "address",
			mailbox->address));
	}
	return array;
}

static json_t *
attachments(const GPtrArray *list)
{
	json_t *array = json_array();

	for (guint i = 0; i < list->len; i++) {
		const Attachment *attachment = list->pdata[i];

		json_array_append_new(array,
		    json_pack("{s:s, s:s, s:I, s:s, s:b}", "name",
			attachment->name, "type", attachment->type, "size",
			(json_int_t)attachment->size, "sha256",
			attachment->sha256, "inline", attachment->is_inline));
	}
	return array;
}

static json_t *
bounce(const Bounce *report)
{
	json_t *recipients;

	if (report == NULL)
		return json_null();
	recipients = json_array();
	for (guint i = 0; i < report->recipients->len; i++) {
		const BounceRecipient *one = report->recipients->pdata[i];

		json_array_append_new(recipients,
		    json_pack("{s:s, s:s, s:s, s:b}", "address", one->address,
			"action", one->action, "status", one->status,
			"permanent", one->permanent));
	}
	return json_pack("{s:s, s:o, s:o}", "original_message_id",
	    report->original_message_id, "recipients", recipients, "ids",
	    strings(report->ids));
}

static void
add_head(json_t *object, const Message *message)
{
	g_autofree char *sent_by = message_sent_by(message);

	json_object_set_new(object, "message_id",
	    string_or_null(message->message_id));
	json_object_set_new(object, "in_reply_to",
	    strings(message->in_reply_to));
	json_object_set_new(object, "references", strings(message->references));
	if (message->has_date) {
		g_autofree char *date = instant_format(message->date);

		json_object_set_new(object, "date", json_string(date));
	} else {
		json_object_set_new(object, "date", json_null());
	}
	json_object_set_new(object, "from", mailboxes(message->from));
	json_object_set_new(object, "reply_to", mailboxes(message->reply_to));
	json_object_set_new(object, "sent_by", string_or_null(sent_by));
	json_object_set_new(object, "to", mailboxes(message->to));
	json_object_set_new(object, "cc", mailboxes(message->cc));
	json_object_set_new(object, "subject", json_string(message->subject));
	json_object_set_new(object, "identity",
	    string_or_null(message->identity));
	json_object_set_new(object, "identity_defect",
	    string_or_null(message->identity_defect));
}

json_t *
message_to_json(const Message *message, const char *file)
{
	json_t *object = json_object();
	g_autofree char *label = g_utf8_make_valid(file, -1);

	json_object_set_new(object, "file", json_string(label));
	add_head(object, message);
	json_object_set_new(object, "text", json_string(message->text));
	json_object_set_new(object, "new_text", json_string(message->new_text));
	json_object_set_new(object, "has_html",
	    json_boolean(message->has_html));
	json_object_set_new(object, "attachments",
	    attachments(message->attachments));
	json_object_set_new(object, "robot", json_null());
	json_object_set_new(object, "robot_signals", json_array());
	json_object_set_new(object, "bounce", bounce(message->bounce));
	json_object_set_new(object, "alert", json_null());
	json_object_set_new(object, "defects", strings(message->defects));
	return object;
}
