/*
 * The headers of a Message: addresses, dates, ids, and the rest as clean
 * lines.
 */
#include "message_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/charset.h"
#include "guichet/mail/identity.h"
#include "guichet/mail/ids.h"
#include "guichet/mail/mailbox_list.h"

#include <stdio.h>
#include <string.h>

#include "guichet/base/cleanup.h"

enum {
	FIELD_NAME_BYTES = 100,
	DECODED_INPUT_BYTES = 4 * LIMIT_HEADER_VALUE_BYTES,
	FIRST_YEAR = 1980, /* of a Date that can be true */
	LAST_YEAR = 2100,
};

static bool
is_plain(const char *line, gsize length)
{
	bool blank = false;

	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)line[i];

		if (c < 0x20 || c >= 0x7f || (c == ' ' && blank) ||
		    (c == '=' && line[i + 1] == '?'))
			return false;
		blank = c == ' ';
	}
	return true;
}

static char *
decode_line(Reading *reading, const char *line, gsize length, gsize max)
{
	const char *hint = message_raw_hint(reading, line, length);
	g_autofree char *decoded = charset_decode_words(hint, line, length);

	return text_clean_line(decoded, -1, max);
}

static void
add_header(Reading *reading, const RawField *field)
{
	Header *header = g_new0(Header, 1);
	gsize length;
	g_autofree char *line = raw_field_unfold(field, DECODED_INPUT_BYTES,
	    &length);
	const char *start = line + strspn(line, " ");

	length -= (gsize)(start - line);
	header->name = text_clean_line(field->name,
	    (gssize)MIN(field->name_length, FIELD_NAME_BYTES),
	    FIELD_NAME_BYTES);
	if (length < LIMIT_HEADER_VALUE_BYTES && is_plain(start, length)) {
		header->value = g_strchomp(g_strdup(start));
		header->raw = g_strdup(header->value);
	} else {
		const char *hint = message_raw_hint(reading, start, length);
		g_autoptr(GString) raw = charset_raw_to_utf8(hint, start,
		    length);

		header->value = decode_line(reading, start, length,
		    LIMIT_HEADER_VALUE_BYTES);
		header->raw = text_clean_line(raw->str, (gssize)raw->len,
		    LIMIT_HEADER_VALUE_BYTES);
	}
	g_ptr_array_add(reading->message->headers, header);
	if (raw_field_is(field, "Received"))
		reading->message->received_count++;
}

static void
read_mailboxes(Reading *reading, const char *name, bool decode,
    GPtrArray *mailboxes)
{
	const GArray *fields = reading->scan->fields;

	for (guint i = 0; i < fields->len; i++) {
		const RawField *field = &g_array_index(fields, RawField, i);
		g_autofree char *line = NULL;
		g_autoptr(GString) text = NULL;
		const char *hint;
		gsize length;

		if (field->over || !raw_field_is(field, name))
			continue;
		line = raw_field_unfold(field, LIMIT_ADDRESS_FIELD_BYTES,
		    &length);
		hint = message_raw_hint(reading, line, length);
		text = charset_raw_to_utf8(hint, line, length);
		mailbox_list_read(text->str, decode, mailboxes);
	}
}

/* ---- dates ---- */

static int
month_number(const char *name)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++) {
		if (g_ascii_strncasecmp(name, months + (gsize)i * 3, 3) == 0)
			return i + 1;
	}
	return 0;
}

/* Seconds east of UTC; false for what is no zone on earth. */
static bool
read_zone(const char *zone, int *ret_offset)
{
	static const struct {
		const char *name;
		int hours;
	} old[] = { { "GMT", 0 }, { "UTC", 0 }, { "UT", 0 }, { "Z", 0 },
		{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		{ "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
		{ "CET", 1 }, { "CEST", 2 }, { "MET", 1 }, { "BST", 1 } };
	int hhmm;

	if ((*zone == '+' || *zone == '-') &&
	    strspn(zone + 1, "0123456789") >= 4) {
		hhmm = (int)g_ascii_strtoll(zone + 1, NULL, 10);
		if (hhmm > 1459 || hhmm % 100 > 59)
			return false;
		*ret_offset = (hhmm / 100 * 3600 + hhmm % 100 * 60) *
		    (*zone == '-' ? -1 : 1);
		return true;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(old); i++) {
		gsize length = strlen(old[i].name);

		if (g_ascii_strncasecmp(zone, old[i].name, length) == 0 &&
		    !g_ascii_isalpha(zone[length])) {
			*ret_offset = old[i].hours * 3600;
			return true;
		}
	}
	*ret_offset = 0;
	return *zone == '\0';
}

bool
message_read_date(const char *value, Instant *ret_at)
{
	const char *comma = strchr(value, ',');
	char month[16] = "", zone[16] = "";
	int day, year, hour, minute, second = 0, offset, used = 0;
	g_autoptr(GDateTime) date = NULL;

	value = comma != NULL ? comma + 1 : value;
	if (sscanf(value, "%2d %15[A-Za-z.] %4d %2d:%2d%n", &day, month, &year,
		&hour, &minute, &used) < 5 &&
	    sscanf(value, "%2d-%15[A-Za-z.]-%4d %2d:%2d%n", &day, month, &year,
		&hour, &minute, &used) < 5)
		return false;
	value += used;
	if (*value == ':' && sscanf(value, ":%2d%n", &second, &used) == 1)
		value += used;
	sscanf(value, " %15[A-Za-z0-9+-]", zone);
	if (!read_zone(zone, &offset))
		return false;
	if (year < 100)
		year += year < 50 ? 2000 : 1900;
	if (year < FIRST_YEAR || year > LAST_YEAR)
		return false;
	date = g_date_time_new_utc(year, month_number(month), day, hour, minute,
	    MIN(second, 59));
	if (date == NULL)
		return false;
	*ret_at = g_date_time_to_unix(date) - offset;
	return true;
}

static void
read_date(Reading *reading)
{
	const RawField *field = prescan_field(reading->scan, "Date");
	g_autofree char *line = NULL;

	if (field != NULL && !field->over) {
		line = raw_field_unfold(field, 200, NULL);
		reading->message->has_date = message_read_date(line,
		    &reading->message->date);
	}
	if (!reading->message->has_date)
		prescan_add_defect(reading->scan, DEFECT_DATE);
}

/* ---- who and what ---- */

static void
read_identity(Reading *reading)
{
	Message *message = reading->message;
	const RawField *from = prescan_field(reading->scan, "From");
	const char *defect = prescan_identity_defect(reading->scan);

	if (defect == NULL && (from == NULL || from->over))
		defect = "no-from";
	if (defect == NULL)
		message->identity = identity_from_field(from->value,
		    from->value_length, &defect);
	if (message->identity == NULL)
		message->identity_defect = g_strdup(defect);
}

/* Of all fields of that name: some programs write it twice. */
static char **
read_ids(Reading *reading, const char *name)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < reading->scan->fields->len; i++) {
		const RawField *field = &g_array_index(reading->scan->fields,
		    RawField, i);

		if (!raw_field_is(field, name) || field->over)
			continue;
		g_string_append_len(all, field->value,
		    (gssize)field->value_length);
		g_string_append_c(all, '\n');
	}
	/* And some encode it as if it were words (RFC 2047). */
	for (guint i = 0; strstr(all->str, "=?") != NULL &&
	     i < reading->message->headers->len;
	     i++) {
		const Header *header = reading->message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, name) == 0)
			g_string_append_printf(all, "%s\n", header->value);
	}
	return ids_list(all->str, all->len, LIMIT_REFERENCES_READ);
}

static void
read_message_id(Reading *reading)
{
	const RawField *field = prescan_field(reading->scan, "Message-ID");
	guint count = message_header_count(reading->message, "Message-ID");

	if (field == NULL)
		return;
	if (!field->over)
		reading->message->message_id = ids_first(field->value,
		    field->value_length);
	if (count > 1 || reading->message->message_id == NULL)
		prescan_add_defect(reading->scan, DEFECT_MESSAGE_ID);
}

/* "<>" is nobody, which only servers say; what is no path stays as it is. */
static void
read_return_path(Message *message)
{
	const char *value = message_header(message, "Return-Path");
	gsize length = value != NULL ? strlen(value) : 0;
	g_autoptr(GPtrArray) found = NULL;

	if (value == NULL)
		return;
	/* As nearly every server writes it. */
	if (*value == '<' && value[length - 1] == '>' &&
	    strcspn(value + 1, "<>()\"' :,;?") == length - 2) {
		message->return_path = g_strndup(value + 1, length - 2);
		return;
	}
	found = g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
	mailbox_list_read(value, false, found);
	if (found->len > 0)
		message->return_path = g_strdup(
		    ((const Mailbox *)found->pdata[0])->address);
	else
		message->return_path = g_strdup(
		    value[strspn(value, "<> ")] == '\0' ? "" : value);
}

static void
read_subject(Reading *reading)
{
	const RawField *field = prescan_field(reading->scan, "Subject");
	g_autofree char *line = NULL;
	gsize length;

	if (field == NULL)
		return;
	line = raw_field_unfold(field, DECODED_INPUT_BYTES, &length);
	g_free(reading->message->subject);
	reading->message->subject = decode_line(reading, line, length,
	    LIMIT_SUBJECT_BYTES);
}

void
message_read_headers(Reading *reading)
{
	Message *message = reading->message;
	const GArray *fields = reading->scan->fields;

	for (guint i = 0; i < fields->len; i++)
		add_header(reading, &g_array_index(fields, RawField, i));
	read_mailboxes(reading, "From", false, message->from);
	read_mailboxes(reading, "Reply-To", true, message->reply_to);
	read_mailboxes(reading, "To", true, message->to);
	read_mailboxes(reading, "Cc", true, message->cc);
	read_subject(reading);
	read_date(reading);
	read_message_id(reading);
	message->in_reply_to = read_ids(reading, "In-Reply-To");
	message->references = read_ids(reading, "References");
	read_return_path(message);
	read_identity(reading);
}
