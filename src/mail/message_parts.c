/*
 * The walk over the parts that GMime found: text, HTML, attachments, reports.
 */
#include "message_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/charset.h"
#include "guichet/words/body.h"
#include "guichet/words/html.h"

#include "params_private.h"
#include "prescan_private.h"
#include "transfer_private.h"

#include <gmime/gmime.h>
#include <string.h>

#include "guichet/base/cleanup.h"

/* HTML is longer than what it shows. */
enum {
	MAX_TEXT_PART_BYTES = 8 * LIMIT_TEXT_BYTES
};

/* Text of one subtree, joined. */
typedef struct {
	GString *text;
	bool is_plain; /* no HTML went into it */
} Piece;

/* Where a part stands. */
typedef struct {
	guint depth;
	bool is_top;
	bool is_first;   /* on the path of first children from the top */
	bool is_related; /* belongs to an HTML page that stands beside it */
	bool in_digest;
} Place;

/* A field of the original bytes. */
typedef struct {
	const char *value;
	gsize length;
} Field;

typedef struct {
	char *type; /* "text/plain" */
	Field content_type, disposition;
	char *disposition_word; /* "attachment", "inline", "" */
	char *encoding;         /* or NULL */
	char *file_name;        /* as the sender says, or NULL */
	bool has_id;
	const char *content; /* encoded, borrowed from the mail */
	gsize length;
} Leaf;

static void
leaf_clear(Leaf *leaf)
{
	g_free(leaf->type);
	g_free(leaf->disposition_word);
	g_free(leaf->encoding);
	g_free(leaf->file_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Leaf, leaf_clear)

/* An offset in what GMime was shown, in the mail's bytes. */
static gsize
to_original(const Reading *reading, gint64 shown)
{
	const Prescan *scan = reading->scan;

	if (shown < (gint64)scan->shown_body)
		return scan->body;
	return MIN((gsize)shown - scan->shown_body + scan->body, scan->length);
}

/*
 * A field of a part, from the mail's own bytes: GMime saw it masked. Empty if
 * the part has none, or one over the limits (*ret_over).
 */
static Field
find_field(const Reading *reading, GMimeObject *part, const char *name,
    bool is_top, bool *ret_over)
{
	const Prescan *scan = reading->scan;
	const RawField *top = prescan_field(scan, name);
	Field field = { "", 0 };
	GMimeHeader *header;
	const char *start, *end, *colon;

	*ret_over = false;
	if (is_top) {
		*ret_over = top != NULL && top->over;
		return top == NULL || top->over
		    ? field
		    : (Field){ top->value, top->value_length };
	}
	header = g_mime_header_list_get_header(
	    g_mime_object_get_header_list(part), name);
	if (header == NULL ||
	    g_mime_header_get_offset(header) < (gint64)scan->shown_body)
		return field;
	start = scan->bytes +
	    to_original(reading, g_mime_header_get_offset(header));
	end = scan->bytes + scan->length;
	colon = memchr(start, ':', (gsize)(end - start));
	if (colon == NULL)
		return field;
	field.value = colon + 1;
	field.length = prescan_field_end(scan->bytes, scan->length,
			   (gsize)(start - scan->bytes)) -
	    (gsize)(colon + 1 - scan->bytes);
	*ret_over = prescan_parameters_over(field.value, field.length);
	return *ret_over ? (Field){ "", 0 } : field;
}

static void
read_leaf_fields(Reading *reading, GMimeObject *part, const Place *place,
    Leaf *leaf)
{
	bool over, type_over;
	Field field;

	leaf->content_type = find_field(reading, part, "Content-Type",
	    place->is_top, &type_over);
	leaf->type = params_value(leaf->content_type.value,
	    leaf->content_type.length);
	if (strchr(leaf->type, '/') == NULL) {
		bool was_text = *leaf->type == '\0' ||
		    strcmp(leaf->type, "text") == 0;

		g_free(leaf->type);
		leaf->type = g_strdup(type_over ? "application/octet-stream"
			: place->in_digest      ? "message/rfc822"
			: was_text              ? "text/plain"
						: "application/octet-stream");
	}
	leaf->disposition = find_field(reading, part, "Content-Disposition",
	    place->is_top, &over);
	leaf->disposition_word = params_value(leaf->disposition.value,
	    leaf->disposition.length);
	leaf->file_name = message_parameter(reading, leaf->disposition.value,
	    leaf->disposition.length, "filename");
	if (leaf->file_name == NULL)
		leaf->file_name = message_parameter(reading,
		    leaf->content_type.value, leaf->content_type.length,
		    "name");
	field = find_field(reading, part, "Content-Transfer-Encoding",
	    place->is_top, &over);
	leaf->encoding = params_value(field.value, field.length);
	field = find_field(reading, part, "Content-ID", place->is_top, &over);
	leaf->has_id = field.length > 0;
}

/* Where the part's header begins; `end` if it has none. */
static gsize
header_start(const Reading *reading, GMimeObject *part, gsize end)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(part);
	gsize start = end;

	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		gint64 at = g_mime_header_get_offset(
		    g_mime_header_list_get_header_at(list, i));

		if (at >= (gint64)reading->scan->shown_body)
			start = MIN(start, to_original(reading, at));
	}
	return start;
}

/* Of a part that is all header, to GMime: the next boundary. */
static const char *
part_end(const Reading *reading, GMimeObject *part)
{
	const Prescan *scan = reading->scan;
	gsize at = header_start(reading, part, scan->length);

	while (at < scan->length &&
	    strncmp(scan->bytes + at, "--", MIN(2, scan->length - at)) != 0)
		at = prescan_line_end(scan->bytes, scan->length, at);
	return scan->bytes + at;
}

/*
 * A part whose header no empty line ends: the text begins at the first line
 * that is no field. GMime takes it for header.
 */
static void
find_unended(const Reading *reading, GMimeObject *part, Leaf *leaf)
{
	const char *bytes = reading->scan->bytes;
	gsize end = (gsize)(leaf->content - bytes);
	gsize at = header_start(reading, part, end);

	while (at < end) {
		gsize next = prescan_field_end(bytes, end, at);

		if (bytes[at] == '\n' || bytes[at] == '\r')
			return;
		if (!prescan_is_field(bytes + at, next - at)) {
			leaf->length += end - at;
			leaf->content = bytes + at;
			prescan_add_defect(reading->scan, DEFECT_GARBAGE);
			return;
		}
		at = next;
	}
}

static void
find_content(const Reading *reading, GMimeObject *part, Leaf *leaf)
{
	GMimeDataWrapper *content = NULL;
	GMimeStream *stream = NULL;

	leaf->content = "";
	leaf->length = 0;
	if (GMIME_IS_PART(part))
		content = g_mime_part_get_content(GMIME_PART(part));
	if (content != NULL)
		stream = g_mime_data_wrapper_get_stream(content);
	if (stream != NULL) {
		gsize start = to_original(reading, stream->bound_start);
		gsize end = stream->bound_end < 0
		    ? reading->scan->length
		    : to_original(reading, stream->bound_end);

		/* GMime leaves the CR before a boundary that ends the mail. */
		if (end > start && end < reading->scan->length &&
		    memcmp(reading->scan->bytes + end - 1, "\r\n", 2) == 0)
			end--;
		leaf->content = reading->scan->bytes + start;
		leaf->length = end > start ? end - start : 0;
	} else {
		leaf->content = part_end(reading, part);
	}
	find_unended(reading, part, leaf);
}

static GBytes *
decode_leaf(const Reading *reading, const Leaf *leaf)
{
	bool bad, unknown;
	GBytes *content = transfer_decode(leaf->encoding, leaf->content,
	    leaf->length, &bad, &unknown);

	if (bad)
		prescan_add_defect(reading->scan, DEFECT_BAD_BASE64);
	if (unknown)
		prescan_add_defect(reading->scan, DEFECT_BAD_ENCODING);
	return content;
}

/* ---- text ---- */

static bool
is_html(const Leaf *leaf)
{
	return strcmp(leaf->type, "text/html") == 0;
}

/* Clean text of a text part. */
static char *
read_text(const Reading *reading, const Leaf *leaf)
{
	g_autoptr(GBytes) content = decode_leaf(reading, leaf);
	gsize length;
	const char *bytes = g_bytes_get_data(content, &length);
	g_autofree char *charset = params_get(leaf->content_type.value,
	    leaf->content_type.length, "charset");
	g_autoptr(GString) utf8 = NULL;
	g_autofree char *text = NULL;
	bool bad;

	if (length > MAX_TEXT_PART_BYTES) {
		length = MAX_TEXT_PART_BYTES;
		prescan_add_defect(reading->scan, DEFECT_TEXT_SIZE);
	}
	if (length == 0)
		return g_strdup("");
	if (charset == NULL && is_html(leaf))
		charset = html_meta_charset(bytes, length);
	if (charset != NULL)
		g_strstrip(charset);
	utf8 = charset_to_utf8(charset, bytes, length, &bad);
	if (bad)
		prescan_add_defect(reading->scan, DEFECT_BAD_CHARSET);
	if (!is_html(leaf)) {
		if (utf8->len > LIMIT_TEXT_BYTES)
			prescan_add_defect(reading->scan, DEFECT_TEXT_SIZE);
		return text_clean_block(utf8->str, (gssize)utf8->len,
		    LIMIT_TEXT_BYTES);
	}
	text = html_to_text(utf8->str, utf8->len, LIMIT_TEXT_BYTES,
	    reading->answers);
	/* A character of four bytes may not have fitted. */
	if (strlen(text) + 4 > LIMIT_TEXT_BYTES)
		prescan_add_defect(reading->scan, DEFECT_TEXT_SIZE);
	return text_clean_block(text, -1, LIMIT_TEXT_BYTES);
}

static bool
parameter_is(const Leaf *leaf, const char *name, const char *value)
{
	g_autofree char *text = params_get(leaf->content_type.value,
	    leaf->content_type.length, name);

	return text != NULL && g_ascii_strcasecmp(text, value) == 0;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\n")] == '\0';
}

static void
piece_append(const Reading *reading, Piece *piece, const char *text,
    bool is_plain)
{
	if (is_blank(text))
		return;
	if (piece->text->len == 0)
		piece->is_plain = is_plain;
	else if (piece->text->str[piece->text->len - 1] != '\n')
		g_string_append_c(piece->text, '\n');
	if (piece->text->len + strlen(text) > LIMIT_TEXT_BYTES) {
		prescan_add_defect(reading->scan, DEFECT_TEXT_SIZE);
		return;
	}
	piece->is_plain = piece->is_plain && is_plain;
	g_string_append(piece->text, text);
}

static void
take_text(Reading *reading, const Leaf *leaf, const Place *place, Piece *piece)
{
	Message *message = reading->message;
	g_autofree char *text = read_text(reading, leaf);

	if (is_html(leaf)) {
		message->has_html = true;
		piece_append(reading, piece, text, false);
		return;
	}
	message->has_plain = true;
	if (parameter_is(leaf, "format", "flowed")) {
		g_autofree char *joined = body_unflow(text,
		    parameter_is(leaf, "delsp", "yes"));

		g_free(text);
		text = text_clean_block(joined, -1, LIMIT_TEXT_BYTES);
	}
	if (place->is_first && message->command_text == NULL)
		message->command_text = text_clean_block(text, -1,
		    LIMIT_COMMAND_BYTES);
	piece_append(reading, piece, text, true);
}

/* Whether a part is for reading here, and no file. */
static bool
is_body_text(const Leaf *leaf, const Place *place, const Piece *piece)
{
	if (strcmp(leaf->type, "text/plain") != 0 && !is_html(leaf))
		return false;
	if (place->is_related ||
	    strcmp(leaf->disposition_word, "attachment") == 0)
		return false;
	/* Some programs name the body too. */
	return leaf->file_name == NULL ||
	    (*leaf->disposition_word == '\0' && piece->text->len == 0);
}

/* ---- attachments ---- */

static void
keep_report(Reading *reading, const Leaf *leaf, GBytes *content)
{
	if (strcmp(leaf->type, "message/delivery-status") == 0 ||
	    strcmp(leaf->type, "message/global-delivery-status") == 0) {
		if (reading->status == NULL)
			reading->status = g_bytes_ref(content);
	} else if (strcmp(leaf->type, "message/rfc822") == 0 ||
	    strcmp(leaf->type, "message/global") == 0 ||
	    strcmp(leaf->type, "message/global-headers") == 0 ||
	    strcmp(leaf->type, "message/rfc822-headers") == 0 ||
	    strcmp(leaf->type, "text/rfc822-headers") == 0) {
		if (reading->original == NULL)
			reading->original = g_bytes_ref(content);
	}
}

static void
take_attachment(Reading *reading, const Leaf *leaf, const Place *place)
{
	Attachment *attachment = g_new0(Attachment, 1);
	GBytes *content = decode_leaf(reading, leaf);
	gsize length;
	const void *bytes = g_bytes_get_data(content, &length);

	attachment->name = message_file_name(leaf->file_name, leaf->type);
	attachment->type = text_clean_line(leaf->type, -1, 100);
	attachment->size = (gint64)length;
	attachment->sha256 = text_sha256(length > 0 ? bytes : "", length);
	attachment->is_inline = strcmp(leaf->disposition_word, "inline") == 0 ||
	    (*leaf->disposition_word == '\0' && place->is_related &&
		leaf->has_id);
	attachment->content = content;
	g_ptr_array_add(reading->message->attachments, attachment);
	keep_report(reading, leaf, content);
}

static void
take_leaf(Reading *reading, const Leaf *leaf, const Place *place, Piece *piece)
{
	if (++reading->parts > LIMIT_MIME_PARTS) {
		prescan_add_defect(reading->scan, DEFECT_MIME_PARTS);
		return;
	}
	if (is_body_text(leaf, place, piece))
		take_text(reading, leaf, place, piece);
	else
		take_attachment(reading, leaf, place);
}

/* ---- the tree ---- */

static void
walk(Reading *reading, GMimeObject *part, const Place *place, Piece *piece);

/* A multipart in name alone is read as text. */
static void
walk_leaf(Reading *reading, GMimeObject *part, const Place *place, Piece *piece)
{
	g_auto(Leaf) leaf = { 0 };

	read_leaf_fields(reading, part, place, &leaf);
	find_content(reading, part, &leaf);
	if (g_str_has_prefix(leaf.type, "multipart/") &&
	    place->depth < LIMIT_MIME_DEPTH) {
		prescan_add_defect(reading->scan, DEFECT_MIME);
		g_free(leaf.type);
		leaf.type = g_strdup("text/plain");
		if (place->is_top) {
			leaf.content = reading->scan->bytes +
			    reading->scan->body;
			leaf.length = reading->scan->length -
			    reading->scan->body;
		}
	}
	take_leaf(reading, &leaf, place, piece);
}

/* Of the alternatives, the first with plain text unless that only stands in
 * for a page, else the first with any. */
static void
choose(const Reading *reading, Piece *pieces, int count, Piece *piece)
{
	const Piece *best = NULL, *page = NULL;

	for (int i = 0; i < count; i++) {
		if (pieces[i].text->len == 0)
			continue;
		if (best == NULL || (pieces[i].is_plain && !best->is_plain))
			best = &pieces[i];
		if (!pieces[i].is_plain)
			page = &pieces[i];
	}
	if (best != NULL && best->is_plain && page != NULL &&
	    body_is_stub(best->text->str, page->text->str))
		best = page;
	if (best != NULL)
		piece_append(reading, piece, best->text->str, best->is_plain);
	for (int i = 0; i < count; i++)
		g_string_free(pieces[i].text, TRUE);
}

static void
walk_multipart(Reading *reading, GMimeMultipart *multipart, const Place *place,
    Piece *piece)
{
	int count = MIN(g_mime_multipart_get_count(multipart),
	    LIMIT_MIME_PARTS + 1);
	GMimeContentType *type = g_mime_object_get_content_type(
	    GMIME_OBJECT(multipart));
	const char *subtype = g_mime_content_type_get_media_subtype(type);
	bool choice = g_ascii_strcasecmp(subtype, "alternative") == 0;
	bool related = g_ascii_strcasecmp(subtype, "related") == 0;
	g_autofree Piece *pieces = g_new0(Piece, (gsize)count);

	for (int i = 0; i < count; i++) {
		Place below = { .depth = place->depth + 1,
			.is_first = place->is_first && i == 0,
			.is_related = related && i > 0,
			.in_digest = g_ascii_strcasecmp(subtype, "xigest") ==
			    0 };

		reading->in_digest |= below.in_digest;
		pieces[i].text = choice ? g_string_new(NULL) : NULL;
		walk(reading, g_mime_multipart_get_part(multipart, i), &below,
		    choice ? &pieces[i] : piece);
	}
	if (choice)
		choose(reading, pieces, count, piece);
}

static void
walk(Reading *reading, GMimeObject *part, const Place *place, Piece *piece)
{
	if (reading->parts > LIMIT_MIME_PARTS)
		return;
	if (GMIME_IS_MULTIPART(part) &&
	    g_mime_multipart_get_count(GMIME_MULTIPART(part)) > 0)
		walk_multipart(reading, GMIME_MULTIPART(part), place, piece);
	else
		walk_leaf(reading, part, place, piece);
}

static GMimeMessage *
parse_shown(const Prescan *scan)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(
	    scan->shown);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);

	/* The array stays ours, and contents stay offsets into it. */
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_parser_set_persist_stream(parser, TRUE);
	return g_mime_parser_construct_message(parser, NULL);
}

/* A mail that is not taken apart is one attachment, whole. */
static void
attach_raw(Reading *reading)
{
	Leaf leaf = { .type = (char *)"message/rfc822",
		.disposition_word = (char *)"attachment",
		.content = reading->scan->bytes,
		.length = reading->scan->length };
	Place place = { .is_top = true };

	take_attachment(reading, &leaf, &place);
}

static void
read_top_type(Reading *reading)
{
	const RawField *field = prescan_field(reading->scan, "Content-Type");
	g_autofree char *type = NULL;
	g_autofree char *report = NULL;

	if (field == NULL || field->over)
		return;
	type = params_value(field->value, field->value_length);
	report = params_get(field->value, field->value_length, "report-type");
	if (strchr(type, '/') != NULL) {
		g_free(reading->message->content_type);
		reading->message->content_type = text_clean_line(type, -1, 100);
	}
	if (report != NULL) {
		g_autofree char *lower = g_utf8_strdown(report, -1);

		g_free(reading->message->report_type);
		reading->message->report_type = text_clean_line(lower, -1, 100);
	}
}

void
message_read_parts(Reading *reading)
{
	g_autoptr(GMimeMessage) tree = NULL;
	Place top = { .is_top = true, .is_first = true };
	Piece piece = { .text = NULL };
	GMimeObject *part = NULL;

	read_top_type(reading);
	if (prescan_has_defect(reading->scan, DEFECT_EMPTY))
		return;
	if (reading->scan->shown == NULL) {
		attach_raw(reading);
		return;
	}
	tree = parse_shown(reading->scan);
	if (tree != NULL)
		part = g_mime_message_get_mime_part(tree);
	if (part == NULL) {
		prescan_add_defect(reading->scan, DEFECT_MIME);
		attach_raw(reading);
		return;
	}
	piece.text = g_string_new(NULL);
	walk(reading, part, &top, &piece);
	g_free(reading->message->text);
	reading->message->text = g_string_free(piece.text, FALSE);
}
