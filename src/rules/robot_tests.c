/* What robots.yaml can ask beside a header's text. */
#include "robot_private.h"

#include "guichet/base/limits.h"
#include "guichet/words/quotes.h"

#include <string.h>

#define TEXT_START_BYTES   200
#define WORDS_BYTES        1000
#define METHOD_BYTES       20
#define OWN_REFERENCES_MAX 2 /* a person quotes the last mails, not a row */
#define SAME_SUBJECT_MAX   2

static void
add(GPtrArray *values, const char *value)
{
	g_ptr_array_add(values, g_strdup(value));
}

static void
add_fact(GPtrArray *values, bool fact)
{
	if (fact)
		add(values, "yes");
}

static bool
is_report(const Message *message)
{
	return g_ascii_strcasecmp(message->content_type, "multipart/report") ==
	    0;
}

static bool
has_part(const Message *message, const char *type)
{
	for (guint i = 0; i < message->attachments->len; i++) {
		const Attachment *part = message->attachments->pdata[i];

		if (g_ascii_strcasecmp(part->type, type) == 0)
			return true;
	}
	return false;
}

/* "" is the null path. Nothing is added if no server stamped one. */
static void
read_return_path(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	if (message->return_path != NULL)
		add(values, message->return_path);
}

static void
read_no_return_path(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	add_fact(values, message->return_path == NULL);
}

/* The report-type of a multipart/report; if it does not say, what is in it. */
static void
read_report(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	if (!is_report(message))
		return;
	if (*message->report_type != '\0')
		add(values, message->report_type);
	else if (has_part(message, "message/disposition-notification"))
		add(values, "disposition-notification");
	else if (has_part(message, "message/feedback-report"))
		add(values, "feedback-report");
	else
		add(values, "");
}

static void
read_part_type(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	for (guint i = 0; i < message->attachments->len; i++) {
		const Attachment *part = message->attachments->pdata[i];

		add(values, part->type);
	}
}

/* Another mail, or its headers, inside; reports have a type of their own. */
static void
read_embedded_mail(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	add_fact(values,
	    !is_report(message) &&
		(has_part(message, "message/rfc822") ||
		    has_part(message, "message/global") ||
		    has_part(message, "text/rfc822-headers")));
}

/* "report" if it has a part for programs, which a person may pass on; "text"
 * if its words alone were found to be a server's. */
static void
read_bounce(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	if (message->bounce == NULL)
		return;
	add(values,
	    has_part(message, "message/delivery-status") ||
		    has_part(message, "message/global-delivery-status")
		? "report"
		: "text");
}

/* Whether it begins as people do. */
static void
read_greets(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	const char *text = message->text != NULL ? message->text : "";
	g_autofree char *folded = NULL, *line = NULL;

	text += strspn(text, " \t\n>*-");
	line = g_strndup(text, strcspn(text, "\n"));
	folded = quotes_fold(line);
	add_fact(values, quotes_greets(quotes_current(), folded));
}

/* Whether it returns to whom it is from, as people's mail does. */
static void
read_own_path(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	add_fact(values,
	    message->return_path != NULL && message->identity != NULL &&
		g_ascii_strcasecmp(message->return_path, message->identity) ==
		    0);
}

/* The METHOD of each calendar in it (RFC 5546), "REPLY". */
static void
read_calendar_method(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	for (guint i = 0; i < message->attachments->len; i++) {
		const Attachment *part = message->attachments->pdata[i];
		gsize length = 0;
		const char *bytes;
		const char *found;

		if (strcmp(part->type, "text/calendar") != 0 &&
		    strcmp(part->type, "application/ics") != 0)
			continue;
		bytes = g_bytes_get_data(part->content, &length);
		found = bytes != NULL
		    ? g_strstr_len(bytes, (gssize)length, "\nMETHOD:")
		    : NULL;
		if (found == NULL)
			continue;
		found += strlen("\nMETHOD:");
		length = MIN(length - (gsize)(found - bytes),
		    (gsize)METHOD_BYTES);
		g_ptr_array_add(values,
		    g_strstrip(g_strndup(found,
			g_strstr_len(found, (gssize)length, "\n") != NULL
			    ? strcspn(found, "\r\n")
			    : length)));
	}
}

static void
read_answers(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	add_fact(values,
	    *message->in_reply_to != NULL || *message->references != NULL);
}

static void
read_from(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	for (guint i = 0; i < message->from->len; i++) {
		const Mailbox *mailbox = message->from->pdata[i];

		add(values, mailbox->address);
	}
}

static void
read_from_local(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	for (guint i = 0; i < message->from->len; i++) {
		const Mailbox *mailbox = message->from->pdata[i];
		const char *at = strrchr(mailbox->address, '@');

		g_ptr_array_add(values,
		    at != NULL ? g_strndup(mailbox->address,
				     (gsize)(at - mailbox->address))
			       : g_strdup(mailbox->address));
	}
}

static const char *
skip_comments(const char *text)
{
	int depth = 0;

	for (; *text != '\0'; text++) {
		if (*text == '(')
			depth++;
		else if (*text == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !g_ascii_isspace(*text))
			break;
	}
	return text;
}

/* The keyword of RFC 3834, 5.1: up to ';', white space or a comment. Each
 * field counts, "no" above "auto-replied" included. */
static void
read_auto_submitted(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		const char *keyword;
		gsize length;

		if (g_ascii_strcasecmp(header->name, "Auto-Submitted") != 0)
			continue;
		keyword = skip_comments(header->value);
		length = strcspn(keyword, "; \t\r\n(,");
		if (length > 0)
			g_ptr_array_add(values, g_strndup(keyword, length));
	}
}

/* The words of X-Auto-Response-Suppress (MS-OXCMAIL 2.1.3.2.20). */
static void
read_suppress(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		g_auto(GStrv) words = NULL;

		if (g_ascii_strcasecmp(header->name,
			"X-Auto-Response-Suppress") != 0)
			continue;
		words = g_strsplit_set(header->value, ",; \t", -1);
		for (gsize w = 0; words[w] != NULL; w++) {
			if (*words[w] != '\0')
				add(values, words[w]);
		}
	}
}

static void
add_start(GPtrArray *values, const char *text, gsize most)
{
	gsize length;

	text = text != NULL ? text : "";
	while (g_ascii_isspace(*text))
		text++;
	length = strnlen(text, most);
	while (length > 0 && ((guint8)text[length] & 0xc0) == 0x80)
		length--;
	g_ptr_array_add(values, g_strndup(text, length));
}

static void
read_text_start(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	add_start(values, message->text, TEXT_START_BYTES);
}

/* What the writer wrote, as far as anybody reads it at a glance. */
static void
read_words(const Message *message, const RobotContext *context G_GNUC_UNUSED,
    GPtrArray *values)
{
	add_start(values, message->new_text, WORDS_BYTES);
}

static void
read_many_received(const Message *message,
    const RobotContext *context G_GNUC_UNUSED, GPtrArray *values)
{
	add_fact(values, message->received_count > LIMIT_RECEIVED_FIELDS);
}

static void
read_own_message_id(const Message *message G_GNUC_UNUSED,
    const RobotContext *context, GPtrArray *values)
{
	add_fact(values, context->own_message_id);
}

static void
read_own_mark(const Message *message G_GNUC_UNUSED, const RobotContext *context,
    GPtrArray *values)
{
	add_fact(values, context->own_mark);
}

static void
read_own_text(const Message *message G_GNUC_UNUSED, const RobotContext *context,
    GPtrArray *values)
{
	add_fact(values, context->own_text);
}

static bool
is_blank(const char *text)
{
	while (g_ascii_isspace(*text))
		text++;
	return *text == '\0';
}

static void
read_own_references(const Message *message, const RobotContext *context,
    GPtrArray *values)
{
	add_fact(values,
	    context->own_references > OWN_REFERENCES_MAX &&
		(message->new_text == NULL || is_blank(message->new_text)));
}

static void
read_own_address(const Message *message, const RobotContext *context,
    GPtrArray *values)
{
	const char *const *own = context->own_addresses;

	for (guint i = 0; own != NULL && i < message->from->len; i++) {
		const Mailbox *mailbox = message->from->pdata[i];

		for (gsize k = 0; own[k] != NULL; k++) {
			if (g_ascii_strcasecmp(mailbox->address, own[k]) == 0)
				add(values, own[k]);
		}
	}
}

static void
read_same_subject(const Message *message G_GNUC_UNUSED,
    const RobotContext *context, GPtrArray *values)
{
	add_fact(values, context->same_subject > SAME_SUBJECT_MAX);
}

static void
read_bounce_address(const Message *message G_GNUC_UNUSED,
    const RobotContext *context, GPtrArray *values)
{
	add_fact(values, context->bounce_address);
}

static void
read_alert_source(const Message *message G_GNUC_UNUSED,
    const RobotContext *context, GPtrArray *values)
{
	add_fact(values, context->alert_source);
}

static const RobotTest tests[] = {
	{ "return-path", read_return_path, false },
	{ "no-return-path", read_no_return_path, false },
	{ "report", read_report, false },
	{ "part-type", read_part_type, false },
	{ "embedded-mail", read_embedded_mail, false },
	{ "bounce", read_bounce, false },
	{ "from", read_from, false },
	{ "from-local", read_from_local, false },
	{ "auto-submitted", read_auto_submitted, false },
	{ "suppress", read_suppress, false },
	{ "text-start", read_text_start, false },
	{ "words", read_words, false },
	{ "greets", read_greets, false },
	{ "answers", read_answers, false },
	{ "own-path", read_own_path, false },
	{ "calendar-method", read_calendar_method, false },
	{ "many-received", read_many_received, false },
	{ "own-message-id", read_own_message_id, true },
	{ "own-mark", read_own_mark, true },
	{ "own-text", read_own_text, true },
	{ "own-references", read_own_references, true },
	{ "own-address", read_own_address, true },
	{ "same-subject", read_same_subject, true },
	{ "bounce-address", read_bounce_address, true },
	{ "alert-source", read_alert_source, true },
};

const RobotTest *
robot_test_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		if (strcmp(tests[i].name, name) == 0)
			return &tests[i];
	}
	return NULL;
}
