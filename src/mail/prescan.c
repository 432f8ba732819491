/* The linear scan of raw headers, and its limits. */
#include "guichet/mail/prescan.h"

#include "guichet/base/limits.h"

#include "prescan_private.h"

#include <string.h>

static const char *const address_names[] = { "From", "Sender", "Reply-To", "To",
	"Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc",
	"Resent-Bcc", "Resent-Reply-To" };

/* A block over its limit is none of them: every From in it is counted. */
static const char *const identity_defects[] = { DEFECT_EMPTY, DEFECT_NO_HEADER,
	DEFECT_GARBAGE, DEFECT_NUL, DEFECT_CONTROL, DEFECT_HEADER_CUT,
	DEFECT_ADDRESS_FIELD, DEFECT_DUPLICATE_FROM };

/* Where the scan of the header block stands. */
typedef struct {
	Prescan *scan;
	gsize start;     /* of the block */
	gsize garbage;   /* lines of no field since the last field, or NONE */
	bool in_field;   /* the last field can be continued */
	bool is_counted; /* the last field is in scan->fields */
	bool any;        /* a field was seen */
} HeaderScan;

#define NONE ((gsize)-1)

void
prescan_add_defect(Prescan *scan, const char *word)
{
	if (!prescan_has_defect(scan, word))
		g_ptr_array_add(scan->defects, (gpointer)word);
}

bool
prescan_has_defect(const Prescan *scan, const char *word)
{
	for (guint i = 0; i < scan->defects->len; i++) {
		if (strcmp(scan->defects->pdata[i], word) == 0)
			return true;
	}
	return false;
}

const char *
prescan_identity_defect(const Prescan *scan)
{
	for (gsize i = 0; i < G_N_ELEMENTS(identity_defects); i++) {
		if (prescan_has_defect(scan, identity_defects[i]))
			return identity_defects[i];
	}
	return NULL;
}

bool
raw_field_is(const RawField *field, const char *name)
{
	return field->name_length == strlen(name) &&
	    g_ascii_strncasecmp(field->name, name, field->name_length) == 0;
}

const RawField *
prescan_field(const Prescan *scan, const char *name)
{
	for (guint i = 0; i < scan->fields->len; i++) {
		const RawField *field = &g_array_index(scan->fields, RawField,
		    i);

		if (raw_field_is(field, name))
			return field;
	}
	return NULL;
}

char *
raw_field_unfold(const RawField *field, gsize max, gsize *ret_length)
{
	GString *line = g_string_sized_new(MIN(field->value_length, max));
	const char *p = field->value, *end = p + field->value_length;

	for (; p < end && line->len < max; p++) {
		if (*p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n'))
			continue; /* the blank that follows it stays */
		g_string_append_c(line,
		    (guchar)*p < 0x20 && *p != 0x1b ? ' ' : *p);
	}
	if (ret_length != NULL)
		*ret_length = line->len;
	return g_string_free(line, FALSE);
}

gsize
prescan_line_end(const char *bytes, gsize length, gsize at)
{
	const char *newline = memchr(bytes + at, '\n', length - at);

	return newline == NULL ? length : (gsize)(newline - bytes) + 1;
}

gsize
prescan_field_end(const char *bytes, gsize length, gsize at)
{
	gsize end = prescan_line_end(bytes, length, at);

	while (end < length && (bytes[end] == ' ' || bytes[end] == '\t'))
		end = prescan_line_end(bytes, length, end);
	return end;
}

/* The line's length without its line end. */
static gsize
strip_line_end(const char *line, gsize length)
{
	if (length > 0 && line[length - 1] == '\n')
		length--;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	return length;
}

/* "Name:" or "Name :". *ret_name is the name's length. Returns the offset
 * behind the colon, or 0 if the line is no field. */
static gsize
read_field_name(const char *line, gsize length, gsize *ret_name)
{
	gsize name = 0, colon;

	while (name < length && line[name] > 0x20 && line[name] < 0x7f &&
	    line[name] != ':')
		name++;
	for (colon = name;
	     colon < length && (line[colon] == ' ' || line[colon] == '\t');)
		colon++;
	if (name == 0 || colon >= length || line[colon] != ':')
		return 0;
	*ret_name = name;
	return colon + 1;
}

bool
prescan_is_field(const char *line, gsize length)
{
	gsize name;

	return read_field_name(line, length, &name) > 0;
}

static void
check_controls(Prescan *scan, const char *line, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)line[i];

		/* ESC is how ISO-2022-JP writes, raw in old mail. */
		if (c >= 0x20 && c != 0x7f)
			continue;
		if (c == '\0')
			prescan_add_defect(scan, DEFECT_NUL);
		else if (c != '\t' && c != 0x1b)
			prescan_add_defect(scan, DEFECT_CONTROL);
	}
}

static void
begin_field(HeaderScan *state, const char *line, gsize length, gsize name,
    gsize value)
{
	Prescan *scan = state->scan;
	RawField field = { .name = line,
		.name_length = name,
		.value = line + value,
		.value_length = length - value };

	if (state->garbage != NONE)
		prescan_add_defect(scan, DEFECT_GARBAGE);
	state->garbage = NONE;
	state->in_field = state->any = true;
	if (raw_field_is(&field, "From"))
		scan->from_count++;
	state->is_counted = false;
	if (scan->fields->len >= LIMIT_HEADER_FIELDS) {
		prescan_add_defect(scan, DEFECT_HEADER_FIELDS);
	} else if ((gsize)(line - scan->bytes) - state->start >
	    LIMIT_HEADER_BLOCK_BYTES) {
		prescan_add_defect(scan, DEFECT_HEADER_BLOCK);
	} else {
		g_array_append_val(scan->fields, field);
		state->is_counted = true;
	}
}

static void
continue_field(HeaderScan *state, const char *end)
{
	RawField *last;

	if (!state->is_counted)
		return;
	last = &g_array_index(state->scan->fields, RawField,
	    state->scan->fields->len - 1);
	last->value_length = (gsize)(end - last->value);
}

/* One line of the header block. Returns false at the block's end. */
static bool
scan_line(HeaderScan *state, gsize at, gsize end)
{
	Prescan *scan = state->scan;
	const char *line = scan->bytes + at;
	gsize length = strip_line_end(line, end - at), name, value;

	if (length == 0)
		return false;
	if (line[0] == ' ' || line[0] == '\t') {
		if (state->in_field) {
			check_controls(scan, line, length);
			continue_field(state, line + length);
			return true;
		}
		value = 0;
	} else {
		value = read_field_name(line, length, &name);
	}
	if (value > 0) {
		check_controls(scan, line, length);
		begin_field(state, line, length, name, value);
		return true;
	}
	state->in_field = false;
	if (state->garbage == NONE)
		state->garbage = at;
	return true;
}

/* Finds the fields and the body. Lines of no field at the block's end, where
 * the empty line was forgotten, belong to the body. */
static void
scan_header(Prescan *scan, gsize start)
{
	HeaderScan state = { .scan = scan, .start = start, .garbage = NONE };
	gsize at = start, end = start;
	bool goes_on = true;

	for (; goes_on && at < scan->length; at = goes_on ? end : at) {
		end = prescan_line_end(scan->bytes, scan->length, at);
		goes_on = scan_line(&state, at, end);
	}
	/* A second From may stand where nothing was fetched. */
	if (goes_on && prescan_has_defect(scan, DEFECT_PARTIAL))
		prescan_add_defect(scan, DEFECT_HEADER_CUT);
	if (at - start > LIMIT_HEADER_BLOCK_BYTES && state.any)
		prescan_add_defect(scan, DEFECT_HEADER_BLOCK);
	scan->body = end;
	if (!state.any) {
		prescan_add_defect(scan, DEFECT_NO_HEADER);
		scan->body = state.garbage == NONE ? end : start;
	} else if (state.garbage != NONE) {
		prescan_add_defect(scan, DEFECT_GARBAGE);
		scan->body = state.garbage;
	}
}

/*
 * Quotes are not honoured: what is quoted to us may not be to GMime, and its
 * address parser recurses on groups without end.
 */
static bool
address_over(const char *value, gsize length)
{
	guint commas = 0, colons = 0, depth = 0, deepest = 0;

	if (length > LIMIT_ADDRESS_FIELD_BYTES)
		return true;
	for (gsize i = 0; i < length; i++) {
		switch (value[i]) {
		case ',':
			commas++;
			break;
		case ':':
			colons++;
			break;
		case '(':
		case '<':
			depth++;
			deepest = MAX(deepest, depth);
			break;
		case ')':
		case '>':
			depth -= depth > 0 ? 1 : 0;
			break;
		default:
			break;
		}
	}
	return commas > LIMIT_ADDRESS_COMMAS || colons > LIMIT_ADDRESS_COLONS ||
	    deepest > LIMIT_ADDRESS_NESTING;
}

static bool
is_address_field(const RawField *field)
{
	for (gsize i = 0; i < G_N_ELEMENTS(address_names); i++) {
		if (raw_field_is(field, address_names[i]))
			return true;
	}
	return false;
}

/* Whether the name of a parameter begins at `p` and is too long. */
static bool
name_over(const char *p, const char *end)
{
	const char *name;

	while (p < end && g_ascii_isspace(*p))
		p++;
	for (name = p; p < end && *p != '=' && *p != ';'; p++) {
		if (p - name >= LIMIT_PARAMETER_NAME_BYTES)
			return true;
	}
	return false;
}

bool
prescan_parameters_over(const char *value, gsize length)
{
	const char *end = value + length;
	guint count = 0;
	bool quoted = false;

	if (length > LIMIT_HEADER_FIELD_BYTES)
		return true;
	for (const char *p = value; p < end; p++) {
		if (*p == '\\' && quoted && p + 1 < end)
			p++;
		else if (*p == '"')
			quoted = !quoted;
		if (*p != ';')
			continue;
		if (++count > LIMIT_PARAMETERS)
			return true;
		if (!quoted && name_over(p + 1, end))
			return true;
	}
	return false;
}

static void
judge_field(Prescan *scan, RawField *field)
{
	if (field->value_length > LIMIT_HEADER_FIELD_BYTES) {
		field->over = true;
		prescan_add_defect(scan, DEFECT_HEADER_FIELD);
	}
	if (is_address_field(field) &&
	    address_over(field->value, field->value_length)) {
		field->over = true;
		prescan_add_defect(scan, DEFECT_ADDRESS_FIELD);
	}
	if (field->name_length > 8 &&
	    g_ascii_strncasecmp(field->name, "Content-", 8) == 0 &&
	    prescan_parameters_over(field->value, field->value_length)) {
		field->over = true;
		prescan_add_defect(scan, DEFECT_PARAMETERS);
	}
}

/* Programs that keep mails in mbox files leave their separator. */
static gsize
skip_mbox_line(const Prescan *scan)
{
	gsize at = scan->length > 0 && scan->bytes[0] == '>' ? 1 : 0;

	if (scan->length - at < 5 || memcmp(scan->bytes + at, "From ", 5) != 0)
		return 0;
	at = prescan_line_end(scan->bytes, scan->length, 0);
	/* "From : a@b" is a field. */
	for (gsize i = 5; i < at; i++) {
		if (scan->bytes[i] == ':')
			return 0;
		if (scan->bytes[i] != ' ')
			break;
	}
	return at;
}

static bool
is_blank(const char *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (!g_ascii_isspace(bytes[i]))
			return false;
	}
	return true;
}

static Prescan *
prescan_new(const char *bytes, gsize length)
{
	Prescan *scan = g_new0(Prescan, 1);

	scan->bytes = bytes;
	scan->length = length;
	scan->fields = g_array_new(FALSE, TRUE, sizeof(RawField));
	scan->defects = g_ptr_array_new();
	return scan;
}

static void
read_header(Prescan *scan)
{
	scan_header(scan, skip_mbox_line(scan));
	for (guint i = 0; i < scan->fields->len; i++)
		judge_field(scan, &g_array_index(scan->fields, RawField, i));
}

Prescan *
prescan_header(const char *bytes, gsize length)
{
	Prescan *scan = prescan_new(bytes, length);

	if (length > 0)
		read_header(scan);
	return scan;
}

Prescan *
prescan_run(const guint8 *bytes, gsize length, bool partial)
{
	Prescan *scan = prescan_new((const char *)bytes, length);

	if (partial)
		prescan_add_defect(scan, DEFECT_PARTIAL);
	if (is_blank(scan->bytes, length)) {
		prescan_add_defect(scan, DEFECT_EMPTY);
		scan->body = length;
		return scan;
	}
	read_header(scan);
	if (scan->from_count > 1)
		prescan_add_defect(scan, DEFECT_DUPLICATE_FROM);
	if (length > LIMIT_MAIL_BYTES)
		prescan_add_defect(scan, DEFECT_MAIL_SIZE);
	else
		prescan_show(scan);
	return scan;
}

void
prescan_free(Prescan *scan)
{
	if (scan == NULL)
		return;
	g_array_unref(scan->fields);
	g_ptr_array_unref(scan->defects);
	if (scan->shown != NULL)
		g_byte_array_unref(scan->shown);
	g_free(scan);
}
