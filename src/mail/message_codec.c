/*
 * A Message as a GVariant, and back, each field checked: the reader may be
 * captured.
 */
#include "message_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/bounce.h"
#include "guichet/mail/ids.h"

#include <string.h>

/*
 * A Message on its way from a reader to the desk. Order: ids; date; the four
 * mailbox lists; subject, identity, its defect; return path, headers, count of
 * Received; texts; attachments; types; bounce; hash; defects; the mails within it.
 */
#define MAILBOXES "a(ss)"
/* Each: from, subject, date, headers, text, defects. */
#define ENCLOSED "a(" MAILBOXES "sbxa(sss)sas)"
#define MESSAGE_TYPE                                  \
 "(msasas" /* ids */                                  \
 "bx" MAILBOXES MAILBOXES MAILBOXES MAILBOXES "smsms" \
 "msa(sss)t" /* return path, headers */               \
 "ssmsbb"    /* texts */                              \
 "a(ssxsbay)"                                         \
 "ss" /* types */                                     \
 "m(sasa(sssb))"                                      \
 "sas"                                                \
 "b" ENCLOSED ")"

/* Places in that tuple. */
enum {
	AT_MESSAGE_ID,
	AT_IN_REPLY_TO,
	AT_REFERENCES,
	AT_HAS_DATE,
	AT_DATE,
	AT_FROM,
	AT_REPLY_TO,
	AT_TO,
	AT_CC,
	AT_SUBJECT,
	AT_IDENTITY,
	AT_IDENTITY_DEFECT,
	AT_RETURN_PATH,
	AT_HEADERS,
	AT_RECEIVED_COUNT,
	AT_TEXT,
	AT_NEW_TEXT,
	AT_COMMAND_TEXT,
	AT_HAS_PLAIN,
	AT_HAS_HTML,
	AT_ATTACHMENTS,
	AT_CONTENT_TYPE,
	AT_REPORT_TYPE,
	AT_BOUNCE,
	AT_CONTENT_SHA256,
	AT_DEFECTS,
	AT_IS_DIGEST,
	AT_ENCLOSED,
};

/* Places in the tuple of a mail within it. */
enum {
	WITHIN_FROM,
	WITHIN_SUBJECT,
	WITHIN_HAS_DATE,
	WITHIN_DATE,
	WITHIN_HEADERS,
	WITHIN_TEXT,
	WITHIN_DEFECTS,
};

enum {
	MAX_MAILBOXES = 1000,
	MAX_NAME_BYTES = 100, /* of a header, of a type */
	MAX_WORD_BYTES = 40,  /* of a defect */
	MAX_DEFECTS = 64,
};

/* ---- out ---- */

static GVariant *
mailboxes_to_variant(const GPtrArray *mailboxes)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE(MAILBOXES));
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = mailboxes->pdata[i];

		g_variant_builder_add(&builder, "(ss)", mailbox->name,
		    mailbox->address);
	}
	return g_variant_builder_end(&builder);
}

static GVariant *
headers_to_variant(const GPtrArray *headers)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("a(sss)"));
	for (guint i = 0; i < headers->len; i++) {
		const Header *header = headers->pdata[i];

		g_variant_builder_add(&builder, "(sss)", header->name,
		    header->value, header->raw);
	}
	return g_variant_builder_end(&builder);
}

static GVariant *
attachments_to_variant(const GPtrArray *attachments)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("a(ssxsbay)"));
	for (guint i = 0; i < attachments->len; i++) {
		const Attachment *attachment = attachments->pdata[i];

		g_variant_builder_add(&builder, "(ssxsb@ay)", attachment->name,
		    attachment->type, attachment->size, attachment->sha256,
		    attachment->is_inline,
		    g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING,
			attachment->content, TRUE));
	}
	return g_variant_builder_end(&builder);
}

static GVariant *
strings(char *const *list)
{
	return g_variant_new_strv((const char *const *)list, -1);
}

static GVariant *
bounce_to_variant(const Bounce *bounce)
{
	GVariantBuilder builder;

	if (bounce == NULL)
		return g_variant_new_maybe(G_VARIANT_TYPE("(sasa(sssb))"),
		    NULL);
	g_variant_builder_init(&builder, G_VARIANT_TYPE("a(sssb)"));
	for (guint i = 0; i < bounce->recipients->len; i++) {
		const BounceRecipient *one = bounce->recipients->pdata[i];

		g_variant_builder_add(&builder, "(sssb)", one->address,
		    one->action, one->status, one->permanent);
	}
	return g_variant_new_maybe(NULL,
	    g_variant_new("(s@as@a(sssb))", bounce->original_message_id,
		strings(bounce->ids), g_variant_builder_end(&builder)));
}

static GVariant *
enclosed_to_variant(const GPtrArray *enclosed)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE(ENCLOSED));
	for (guint i = 0; i < enclosed->len; i++) {
		const Message *mail = enclosed->pdata[i];

		g_variant_builder_add(&builder,
		    "(@" MAILBOXES "sbx@a(sss)s@as)",
		    mailboxes_to_variant(mail->from), mail->subject,
		    mail->has_date, mail->date,
		    headers_to_variant(mail->headers), mail->text,
		    strings(mail->defects));
	}
	return g_variant_builder_end(&builder);
}

static GVariant *
maybe(const char *text)
{
	return g_variant_new("ms", text);
}

GVariant *
message_to_variant(const Message *m)
{
	GVariant *items[] = { maybe(m->message_id), strings(m->in_reply_to),
		strings(m->references), g_variant_new_boolean(m->has_date),
		g_variant_new_int64(m->date), mailboxes_to_variant(m->from),
		mailboxes_to_variant(m->reply_to), mailboxes_to_variant(m->to),
		mailboxes_to_variant(m->cc), g_variant_new_string(m->subject),
		maybe(m->identity), maybe(m->identity_defect),
		maybe(m->return_path), headers_to_variant(m->headers),
		g_variant_new_uint64(m->received_count),
		g_variant_new_string(m->text),
		g_variant_new_string(m->new_text), maybe(m->command_text),
		g_variant_new_boolean(m->has_plain),
		g_variant_new_boolean(m->has_html),
		attachments_to_variant(m->attachments),
		g_variant_new_string(m->content_type),
		g_variant_new_string(m->report_type),
		bounce_to_variant(m->bounce),
		g_variant_new_string(m->content_sha256), strings(m->defects),
		g_variant_new_boolean(m->is_digest),
		enclosed_to_variant(m->enclosed) };

	return g_variant_new_tuple(items, G_N_ELEMENTS(items));
}

/* ---- in: everything is checked, the sender may be hostile ---- */

typedef struct {
	GVariant *tuple;
	const char *wrong; /* what was first found wrong, or NULL */
} Check;

static void
require(Check *check, bool holds, const char *what)
{
	if (!holds && check->wrong == NULL)
		check->wrong = what;
}

/* "" or one clean line. */
static void
check_line(Check *check, const char *text, gsize max, const char *what)
{
	require(check,
	    strlen(text) <= max && (*text == '\0' || text_is_clean_line(text)),
	    what);
}

static void
check_block(Check *check, const char *text, gsize max, const char *what)
{
	g_autofree char *clean = text_clean_block(text, -1, max);

	require(check, strcmp(text, clean) == 0, what);
}

static void
check_sha256(Check *check, const char *sum, const char *what)
{
	require(check,
	    strlen(sum) == 64 && strspn(sum, "0123456789abcdef") == 64, what);
}

static char *
take_string(Check *check, gsize at)
{
	char *text;

	g_variant_get_child(check->tuple, at, "s", &text);
	return text;
}

static char *
take_maybe(Check *check, gsize at)
{
	char *text;

	g_variant_get_child(check->tuple, at, "ms", &text);
	return text;
}

static char **
check_ids(Check *check, GVariant *list)
{
	char **ids = g_variant_dup_strv(list, NULL);

	require(check, g_strv_length(ids) <= LIMIT_REFERENCES_READ, "ids");
	for (char **id = ids; *id != NULL; id++)
		require(check, ids_is_valid(*id), "id");
	return ids;
}

static char **
take_ids(Check *check, gsize at)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(check->tuple, at);

	return check_ids(check, list);
}

static void
take_mailboxes(Check *check, gsize at, GPtrArray *mailboxes)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(check->tuple, at);
	const char *name, *address;
	GVariantIter iter;

	require(check, g_variant_n_children(list) <= MAX_MAILBOXES,
	    "mailboxes");
	g_variant_iter_init(&iter, list);
	while (check->wrong == NULL &&
	    g_variant_iter_next(&iter, "(&s&s)", &name, &address)) {
		check_line(check, name, LIMIT_SUBJECT_BYTES, "mailbox");
		check_line(check, address, LIMIT_SUBJECT_BYTES, "mailbox");
		g_ptr_array_add(mailboxes, mailbox_new(name, address));
	}
}

static void
take_headers(Check *check, gsize at, GPtrArray *headers)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(check->tuple, at);
	GVariantIter iter;
	const char *name, *value, *raw;

	require(check, g_variant_n_children(list) <= LIMIT_HEADER_FIELDS,
	    "headers");
	g_variant_iter_init(&iter, list);
	while (check->wrong == NULL &&
	    g_variant_iter_next(&iter, "(&s&s&s)", &name, &value, &raw)) {
		Header *header = g_new0(Header, 1);

		check_line(check, name, MAX_NAME_BYTES, "header name");
		check_line(check, value, LIMIT_HEADER_VALUE_BYTES, "header");
		check_line(check, raw, LIMIT_HEADER_VALUE_BYTES, "header");
		header->name = g_strdup(name);
		header->value = g_strdup(value);
		header->raw = g_strdup(raw);
		g_ptr_array_add(headers, header);
	}
}

static void
check_attachment(Check *check, const Attachment *attachment)
{
	gsize length;
	const void *bytes = g_bytes_get_data(attachment->content, &length);
	g_autofree char *sum = text_sha256(length > 0 ? bytes : "", length);
	g_autofree char *name = message_file_name(attachment->name, "");

	check_line(check, attachment->type, MAX_NAME_BYTES, "attachment type");
	require(check, strcmp(name, attachment->name) == 0, "attachment name");
	require(check, attachment->size == (gint64)length, "attachment size");
	require(check, strcmp(sum, attachment->sha256) == 0, "attachment hash");
}

static void
take_attachments(Check *check, GPtrArray *attachments)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(check->tuple,
	    AT_ATTACHMENTS);
	gsize count = g_variant_n_children(list);

	require(check, count <= LIMIT_MIME_PARTS, "attachments");
	for (gsize i = 0; i < count && check->wrong == NULL; i++) {
		g_autoptr(GVariant) item = g_variant_get_child_value(list, i);
		g_autoptr(GVariant) content = g_variant_get_child_value(item,
		    5);
		Attachment *attachment = g_new0(Attachment, 1);
		gboolean is_inline;

		g_variant_get(item, "(ssxsb@ay)", &attachment->name,
		    &attachment->type, &attachment->size, &attachment->sha256,
		    &is_inline, NULL);
		attachment->is_inline = is_inline;
		attachment->content = g_variant_get_data_as_bytes(content);
		g_ptr_array_add(attachments, attachment);
		check_attachment(check, attachment);
	}
}

static void
add_recipient(Check *check, Bounce *bounce, GVariant *item)
{
	const char *address, *action, *status;
	gboolean permanent;
	BounceRecipient *recipient;

	g_variant_get(item, "(&s&s&sb)", &address, &action, &status,
	    &permanent);
	check_line(check, address, LIMIT_SUBJECT_BYTES, "bounce");
	check_line(check, action, LIMIT_SUBJECT_BYTES, "bounce");
	check_line(check, status, LIMIT_SUBJECT_BYTES, "bounce");
	recipient = bounce_recipient_new(address, action, status);
	recipient->permanent = permanent;
	g_ptr_array_add(bounce->recipients, recipient);
}

static Bounce *
take_bounce(Check *check)
{
	g_autoptr(GVariant) maybe_tuple =
	    g_variant_get_child_value(check->tuple, AT_BOUNCE);
	g_autoptr(GVariant) tuple = g_variant_get_maybe(maybe_tuple);
	g_autoptr(GVariant) list = NULL, ids = NULL;
	Bounce *bounce = tuple != NULL ? bounce_new() : NULL;

	if (bounce == NULL)
		return NULL;
	g_free(bounce->original_message_id);
	g_variant_get(tuple, "(s@as@a(sssb))", &bounce->original_message_id,
	    &ids, &list);
	g_strfreev(bounce->ids);
	bounce->ids = check_ids(check, ids);
	require(check,
	    *bounce->original_message_id == '\0' ||
		ids_is_valid(bounce->original_message_id),
	    "bounce id");
	require(check, g_variant_n_children(list) <= LIMIT_ADDRESS_COMMAS,
	    "bounce recipients");
	for (gsize i = 0;
	     check->wrong == NULL && i < g_variant_n_children(list); i++) {
		g_autoptr(GVariant) item = g_variant_get_child_value(list, i);

		add_recipient(check, bounce, item);
	}
	return bounce;
}

static char **
take_defects(Check *check, gsize at)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(check->tuple, at);
	char **words = g_variant_dup_strv(list, NULL);

	require(check, g_strv_length(words) <= MAX_DEFECTS, "defects");
	for (char **word = words; *word != NULL; word++) {
		gsize length = strlen(*word);

		require(check,
		    length > 0 && length <= MAX_WORD_BYTES &&
			strspn(*word,
			    "abcdefghijklmnopqrstuvwxyz0123456789-") == length,
		    "defect");
	}
	return words;
}

static bool
take_bool(Check *check, gsize at)
{
	gboolean value;

	g_variant_get_child(check->tuple, at, "b", &value);
	return value;
}

/* Years 1970 to 2200: everything that can be printed. */
static Instant
take_date(Check *check, gsize at)
{
	Instant date;

	g_variant_get_child(check->tuple, at, "x", &date);
	require(check, date >= 0 && date < G_GINT64_CONSTANT(7258118400),
	    "date");
	return date;
}

static void
take_head(Check *check, Message *m)
{
	g_autofree char *canonical = NULL;

	m->message_id = take_maybe(check, AT_MESSAGE_ID);
	require(check, m->message_id == NULL || ids_is_valid(m->message_id),
	    "message id");
	m->in_reply_to = take_ids(check, AT_IN_REPLY_TO);
	m->references = take_ids(check, AT_REFERENCES);
	m->has_date = take_bool(check, AT_HAS_DATE);
	m->date = take_date(check, AT_DATE);
	take_mailboxes(check, AT_FROM, m->from);
	take_mailboxes(check, AT_REPLY_TO, m->reply_to);
	take_mailboxes(check, AT_TO, m->to);
	take_mailboxes(check, AT_CC, m->cc);
	m->identity = take_maybe(check, AT_IDENTITY);
	m->identity_defect = take_maybe(check, AT_IDENTITY_DEFECT);
	if (m->identity != NULL)
		canonical = text_address_canonical(m->identity);
	require(check,
	    (m->identity == NULL) != (m->identity_defect == NULL) &&
		g_strcmp0(canonical, m->identity) == 0,
	    "identity");
	if (m->identity_defect != NULL)
		check_line(check, m->identity_defect, MAX_WORD_BYTES,
		    "identity defect");
	m->return_path = take_maybe(check, AT_RETURN_PATH);
	if (m->return_path != NULL)
		check_line(check, m->return_path, LIMIT_HEADER_VALUE_BYTES,
		    "return path");
	take_headers(check, AT_HEADERS, m->headers);
	g_variant_get_child(check->tuple, AT_RECEIVED_COUNT, "t",
	    &m->received_count);
	require(check, m->received_count <= m->headers->len, "received count");
}

/* Of the mail, the tuple of one within it. */
static Message *
take_within(Check *check)
{
	Message *mail = message_new();

	take_mailboxes(check, WITHIN_FROM, mail->from);
	g_free(mail->subject);
	mail->subject = take_string(check, WITHIN_SUBJECT);
	check_line(check, mail->subject, LIMIT_SUBJECT_BYTES, "subject");
	mail->has_date = take_bool(check, WITHIN_HAS_DATE);
	mail->date = take_date(check, WITHIN_DATE);
	take_headers(check, WITHIN_HEADERS, mail->headers);
	require(check, mail->headers->len <= LIMIT_ENCLOSED_FIELDS, "headers");
	g_free(mail->text);
	mail->text = take_string(check, WITHIN_TEXT);
	check_block(check, mail->text, LIMIT_ENCLOSED_TEXT_BYTES, "text");
	mail->defects = take_defects(check, WITHIN_DEFECTS);
	return mail;
}

static void
take_enclosed(Check *check, GPtrArray *enclosed)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(check->tuple,
	    AT_ENCLOSED);
	gsize count = g_variant_n_children(list);

	require(check, count <= LIMIT_ENCLOSED_MAILS, "enclosed mails");
	for (gsize i = 0; i < count && check->wrong == NULL; i++) {
		g_autoptr(GVariant) item = g_variant_get_child_value(list, i);
		Check within = { .tuple = item };

		g_ptr_array_add(enclosed, take_within(&within));
		require(check, within.wrong == NULL, "enclosed mail");
	}
}

static void
take_rest(Check *check, Message *m)
{
	m->new_text = take_string(check, AT_NEW_TEXT);
	check_block(check, m->new_text, LIMIT_TEXT_BYTES, "new text");
	m->command_text = take_maybe(check, AT_COMMAND_TEXT);
	if (m->command_text != NULL)
		check_block(check, m->command_text, LIMIT_COMMAND_BYTES,
		    "command text");
	m->has_plain = take_bool(check, AT_HAS_PLAIN);
	m->has_html = take_bool(check, AT_HAS_HTML);
	take_attachments(check, m->attachments);
	m->bounce = take_bounce(check);
	m->content_sha256 = take_string(check, AT_CONTENT_SHA256);
	check_sha256(check, m->content_sha256, "content hash");
	m->defects = take_defects(check, AT_DEFECTS);
	m->is_digest = take_bool(check, AT_IS_DIGEST);
	take_enclosed(check, m->enclosed);
}

/* The strings that message_new() had filled in. */
static void
take_strings(Check *check, Message *m)
{
	const struct {
		gsize at;
		char **to;
	} rows[] = { { AT_SUBJECT, &m->subject }, { AT_TEXT, &m->text },
		{ AT_CONTENT_TYPE, &m->content_type },
		{ AT_REPORT_TYPE, &m->report_type } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_free(*rows[i].to);
		*rows[i].to = take_string(check, rows[i].at);
	}
	check_line(check, m->subject, LIMIT_SUBJECT_BYTES, "subject");
	check_block(check, m->text, LIMIT_TEXT_BYTES, "text");
	check_line(check, m->content_type, MAX_NAME_BYTES, "type");
	check_line(check, m->report_type, MAX_NAME_BYTES, "report type");
}

Message *
message_from_variant(GBytes *bytes, GError **error)
{
	g_autoptr(Message) message = message_new();
	g_autoptr(GVariant) tuple = NULL;
	Check check = { 0 };

	if (g_bytes_get_size(bytes) > (gsize)LIMIT_READ_REPLY_BYTES) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "the reader's answer is too long");
		return NULL;
	}
	tuple = g_variant_ref_sink(g_variant_new_from_bytes(
	    G_VARIANT_TYPE(MESSAGE_TYPE), bytes, FALSE));
	if (!g_variant_is_normal_form(tuple)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "the reader's answer has a wrong form");
		return NULL;
	}
	check.tuple = tuple;
	take_head(&check, message);
	take_strings(&check, message);
	take_rest(&check, message);
	if (check.wrong != NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "the reader's answer has a bad %s", check.wrong);
		return NULL;
	}
	return g_steal_pointer(&message);
}
