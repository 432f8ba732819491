/* Our own mails as bytes, with GMime. */
#include "guichet/compose/compose.h"

#include "compose_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/time/zone.h"

#include <gmime/gmime.h>

#include "guichet/base/cleanup.h"

#include <string.h>

/* ---- the head ---- */

/*
 * Text that looks like an encoded word would be decoded by the other side,
 * line ends and all. The pair is taken apart; nobody misses it.
 */
static char *
plain_words(const char *text)
{
	GString *plain = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		g_string_append_c(plain, *text);
		if (text[0] == '=' && text[1] == '?')
			g_string_append_c(plain, ' ');
	}
	return g_string_free(plain, FALSE);
}

static void
add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *name,
    const char *address)
{
	g_autofree char *plain = name != NULL ? plain_words(name) : NULL;
	g_autofree char *written = text_address_written(address);
	InternetAddress *mailbox;

	/* An empty name would be written as a pair of quotes. */
	mailbox = internet_address_mailbox_new(
	    plain != NULL && *plain != '\0' ? plain : NULL, written);
	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(g_mime_message_get_addresses(message, type),
	    mailbox);
	g_object_unref(mailbox);
}

static void
add_field(GMimeMessage *message, const char *name, const char *value)
{
	g_mime_object_append_header(GMIME_OBJECT(message), name, value, NULL);
}

/* RFC 5322, 3.3: the zone's offset is for the reader's comfort only. GLib would
 * read the zone's file for each mail, which costs more than all the rest. */
static void
add_date(GMimeMessage *message, Instant date, const char *zone)
{
	const Zone *known = zone != NULL ? zone_get(zone, NULL) : NULL;
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(date);
	g_autoptr(GTimeZone) there = known != NULL
	    ? g_time_zone_new_offset(zone_offset(known, date))
	    : g_time_zone_new_utc();
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, there);

	g_mime_message_set_date(message, local);
}

static void
add_references(GMimeMessage *message, const Letter *letter)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (letter->in_reply_to != NULL) {
		g_autofree char *id = g_strdup_printf("<%s>",
		    letter->in_reply_to);

		add_field(message, "In-Reply-To", id);
	}
	for (const char *const *id = letter->references;
	     id != NULL && *id != NULL; id++)
		g_string_append_printf(line, "%s<%s>", line->len > 0 ? " " : "",
		    *id);
	if (line->len > 0)
		add_field(message, "References", line->str);
}

/* RFC 3834, 3.1 and 5; the others are what Exchange and old lists heed. */
static void
add_marks(GMimeMessage *message, const Letter *letter)
{
	if (letter->kind != LETTER_PERSON) {
		add_field(message, "Auto-Submitted",
		    letter->kind == LETTER_REPLIED ? "auto-replied"
						   : "auto-generated");
		add_field(message, "X-Auto-Response-Suppress", "All");
		add_field(message, "Precedence", "bulk");
	}
	/* Outlook and Exchange Online: no thumbs up in place of words. */
	add_field(message, "X-MS-Reactions", "disallow");
	if (letter->loop != NULL)
		add_field(message, "X-Guichet-Loop", letter->loop);
}

static GMimeMessage *
make_head(const Letter *letter)
{
	GMimeMessage *message = g_mime_message_new(FALSE);
	g_autofree char *subject = plain_words(
	    letter->subject != NULL ? letter->subject : "");

	add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, letter->from_name,
	    letter->from_address);
	if (letter->reply_to != NULL)
		add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL,
		    letter->reply_to);
	add_mailbox(message, GMIME_ADDRESS_TYPE_TO, letter->to_name,
	    letter->to_address);
	for (const char *const *copy = letter->copied;
	     copy != NULL && *copy != NULL; copy++)
		add_mailbox(message, GMIME_ADDRESS_TYPE_CC, NULL, *copy);
	g_mime_message_set_subject(message, subject, "utf-8");
	add_date(message, letter->date, letter->zone);
	g_mime_message_set_message_id(message, letter->message_id);
	add_references(message, letter);
	add_marks(message, letter);
	if (letter->language != NULL)
		add_field(message, "Content-Language", letter->language);
	return message;
}

/* ---- the parts ---- */

/* A part of these bytes; the encoding is never left to GMime's guess. */
static GMimePart *
make_part(const char *type, const char *subtype, GMimeContentEncoding encoding,
    const void *bytes, gsize length)
{
	GMimePart *part = g_mime_part_new_with_type(type, subtype);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes,
	    length);
	g_autoptr(GMimeDataWrapper) content =
	    g_mime_data_wrapper_new_with_stream(stream,
		GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, encoding);
	return part;
}

static void
set_parameter(GMimePart *part, const char *name, const char *value)
{
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), name,
	    value);
}

/*
 * Quoted-printable stays readable in the raw mail, base64 is shorter once more
 * than one byte in six needs an escape. Both give lines of ASCII whatever the
 * text holds, so that no line can end an SMTP transaction (doc/security.md
 * L11).
 */
static GMimeContentEncoding
text_encoding(const char *text)
{
	gsize escaped = 0;
	gsize length = 0;

	for (; text[length] != '\0'; length++) {
		guchar c = (guchar)text[length];

		if (c >= 0x7f || c == '=' || (c < 0x20 && c != '\n'))
			escaped++;
	}
	return escaped > length / 6 ? GMIME_CONTENT_ENCODING_BASE64
				    : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

static GMimeObject *
make_text(const char *subtype, const char *text)
{
	g_autofree char *clean = text_clean_block(text, -1,
	    LIMIT_LETTER_TEXT_BYTES - 1);
	gsize length = strlen(clean);
	GMimeContentEncoding encoding = text_encoding(clean);
	g_autoptr(GString) lines = g_string_sized_new(length + length / 32);
	GMimePart *part;

	/* Text is CR LF on the wire (RFC 2046, 4.1.1), inside base64 too. */
	for (const char *p = clean; *p != '\0'; p++) {
		if (*p == '\n')
			g_string_append_c(lines, '\r');
		g_string_append_c(lines, *p);
	}
	if (length == 0 || clean[length - 1] != '\n')
		g_string_append(lines, "\r\n");
	part = make_part("text", subtype, encoding, lines->str, lines->len);
	set_parameter(part, "charset", "utf-8");
	return GMIME_OBJECT(part);
}

/* Whether it is a token "type/subtype" (RFC 2045, 5.1) that may be said. */
static bool
split_type(const char *type, char **ret_type, char **ret_subtype)
{
	const char *slash = type != NULL ? strchr(type, '/') : NULL;

	if (slash == NULL || slash == type || slash[1] == '\0' ||
	    strlen(type) > 127)
		return false;
	for (const char *p = type; *p != '\0'; p++) {
		if (!g_ascii_isalnum(*p) && p != slash &&
		    strchr("!#$&^_.+-", *p) == NULL)
			return false;
	}
	/* Their insides would have to be parsed to be sent truly. */
	if (g_ascii_strncasecmp(type, "multipart/", 10) == 0 ||
	    g_ascii_strncasecmp(type, "message/", 8) == 0)
		return false;
	*ret_type = g_ascii_strdown(type, slash - type);
	*ret_subtype = g_ascii_strdown(slash + 1, -1);
	return true;
}

/*
 * Whether a mail may have more parts, or parts within parts, than we read
 * ourselves: what breaks parsers goes on as a file, not as a mail.
 */
static bool
is_bomb(const char *mail, gsize length)
{
	static const char field[] = "content-type:";
	const char *end = mail + length;
	guint depth = 0, parts = 0;

	for (const char *p = mail; p != NULL && p < end;) {
		gsize left = (gsize)(end - p);
		const char *line_end = memchr(p, '\n', left);

		if (left >= 2 && p[0] == '-' && p[1] == '-')
			parts++;
		if (left >= sizeof(field) - 1 &&
		    g_ascii_strncasecmp(p, field, sizeof(field) - 1) == 0)
			depth++;
		p = line_end != NULL ? line_end + 1 : NULL;
	}
	return depth > LIMIT_MIME_DEPTH || parts > LIMIT_MIME_PARTS;
}

/*
 * A mail inside a mail may not be encoded (RFC 2046, 5.2.1): it is sent as
 * such only if its lines can pass as they are and cannot be taken for our
 * boundary. *ret_lines has them with CR LF.
 */
static bool
is_plain_mail(GBytes *content, const char *boundary, GString *ret_lines)
{
	gsize length;
	const char *p = g_bytes_get_data(content, &length);
	gsize column = 0;

	if (length == 0 || !g_ascii_isalpha(*p) || is_bomb(p, length))
		return false;
	for (gsize i = 0; i < length; i++) {
		if (p[i] == '\r' && i + 1 < length && p[i + 1] == '\n')
			continue;
		if (p[i] == '\n') {
			g_string_append(ret_lines, "\r\n");
			column = 0;
			continue;
		}
		if (p[i] == '\0' || (guchar)p[i] >= 0x7f || p[i] == '\r' ||
		    ++column > 998)
			return false;
		g_string_append_c(ret_lines, p[i]);
	}
	return strstr(ret_lines->str, boundary) == NULL;
}

/* A name that no system takes for a path, and that reads as it ends. */
static char *
safe_name(const char *name, const char *ending)
{
	GString *safe = g_string_new(NULL);
	gunichar c;

	for (; *name != '\0'; name = g_utf8_next_char(name)) {
		c = g_utf8_get_char(name);
		if (strchr("/\\:*?\"<>|", (int)(c < 0x80 ? c : 'x')) != NULL ||
		    g_unichar_type(c) == G_UNICODE_FORMAT)
			c = '_';
		if (c == '.' && safe->len == 0)
			c = '_';
		g_string_append_unichar(safe, c);
	}
	if (safe->len == 0)
		g_string_append(safe, "attachment");
	if (ending != NULL && !g_str_has_suffix(safe->str, ending))
		g_string_append(safe, ending);
	return g_string_free(safe, FALSE);
}

static void
set_name(GMimePart *part, const char *name)
{
	GMimeObject *object = GMIME_OBJECT(part);
	GMimeContentDisposition *disposition;
	GMimeParam *param;

	g_mime_object_set_disposition(object, GMIME_DISPOSITION_ATTACHMENT);
	g_mime_object_set_content_disposition_parameter(object, "filename",
	    name);
	disposition = g_mime_object_get_content_disposition(object);
	param = g_mime_param_list_get_parameter(
	    g_mime_content_disposition_get_parameters(disposition), "filename");
	g_mime_param_set_charset(param, "utf-8");
	g_mime_param_set_encoding_method(param,
	    GMIME_PARAM_ENCODING_METHOD_RFC2231);
}

static GMimeObject *
make_attachment(const Attachment *attachment, const char *boundary)
{
	const char *label = attachment->name != NULL ? attachment->name : "";
	bool is_mail = g_strcmp0(attachment->type, "message/rfc822") == 0;
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autofree char *type = NULL;
	g_autofree char *subtype = NULL;
	g_autofree char *name = safe_name(label, is_mail ? ".eml" : NULL);
	gsize length;
	const void *bytes = g_bytes_get_data(attachment->content, &length);
	GMimePart *part;

	if (is_mail && is_plain_mail(attachment->content, boundary, lines)) {
		part = make_part("message", "rfc822",
		    GMIME_CONTENT_ENCODING_7BIT, lines->str, lines->len);
	} else if (split_type(attachment->type, &type, &subtype)) {
		part = make_part(type, subtype, GMIME_CONTENT_ENCODING_BASE64,
		    bytes, length);
		/* Without it, a log in UTF-8 is shown as something else. */
		if (strcmp(type, "text") == 0 && length > 0 &&
		    g_utf8_validate_len(bytes, length, NULL))
			set_parameter(part, "charset", "utf-8");
	} else {
		part = make_part("application", "octet-stream",
		    GMIME_CONTENT_ENCODING_BASE64, bytes, length);
	}
	set_name(part, name);
	return GMIME_OBJECT(part);
}

/* ---- the whole ---- */

/*
 * "=_" is in no quoted-printable and no base64 text, so that no line of ours
 * is taken for it; the hash makes it the mail's own.
 */
static char *
make_boundary(const char *message_id, const char *level)
{
	g_autofree char *seed = g_strdup_printf("%s|%s", level, message_id);
	g_autofree char *hash = text_sha256(seed, strlen(seed));

	return g_strdup_printf("=_%.32s", hash);
}

/* Takes over `part`. */
static void
multipart_add(GMimeMultipart *multipart, GMimeObject *part)
{
	g_mime_multipart_add(multipart, part);
	g_object_unref(part);
}

static GMimeObject *
make_body(const Letter *letter)
{
	const char *text = letter->text != NULL ? letter->text : "";
	GMimeMultipart *alternative;
	g_autofree char *boundary = NULL;

	if (letter->html == NULL)
		return make_text("plain", text);
	alternative = g_mime_multipart_new_with_subtype("alternative");
	boundary = make_boundary(letter->message_id, "alternative");
	g_mime_multipart_set_boundary(alternative, boundary);
	multipart_add(alternative, make_text("plain", text));
	multipart_add(alternative, make_text("html", letter->html));
	return GMIME_OBJECT(alternative);
}

static GMimeObject *
make_content(const Letter *letter)
{
	GMimeObject *body = make_body(letter);
	GMimeMultipart *mixed;
	g_autofree char *boundary = NULL;

	if (letter->attachments == NULL || letter->attachments->len == 0)
		return body;
	mixed = g_mime_multipart_new_with_subtype("mixed");
	boundary = make_boundary(letter->message_id, "mixed");
	g_mime_multipart_set_boundary(mixed, boundary);
	multipart_add(mixed, body);
	for (guint i = 0; i < letter->attachments->len; i++)
		multipart_add(mixed,
		    make_attachment(g_ptr_array_index(letter->attachments, i),
			boundary));
	return GMIME_OBJECT(mixed);
}

static GBytes *
write_message(GMimeMessage *message)
{
	g_autoptr(GMimeFormatOptions) format = g_mime_format_options_clone(
	    g_mime_format_options_get_default());
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
	GByteArray *bytes;

	g_mime_format_options_set_newline_format(format,
	    GMIME_NEWLINE_FORMAT_DOS);
	g_mime_format_options_set_param_encoding_method(format,
	    GMIME_PARAM_ENCODING_METHOD_RFC2231);
	g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
	g_mime_stream_flush(stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	return g_bytes_new(bytes->data, bytes->len);
}

GBytes *
compose(const Letter *letter, GError **error)
{
	g_autoptr(GMimeMessage) message = NULL;
	g_autoptr(GBytes) bytes = NULL;
	GMimeObject *content;

	if (!compose_gate_letter(letter, error))
		return NULL;
	g_mime_init();
	message = make_head(letter);
	content = make_content(letter);
	g_mime_message_set_mime_part(message, content);
	g_object_unref(content);
	bytes = write_message(message);
	if (!compose_gate_bytes(bytes, error))
		return NULL;
	return g_steal_pointer(&bytes);
}
