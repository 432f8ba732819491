/*
 * The linear scan of a raw body: boundaries, depth, parts, and what is masked
 * from GMime.
 */
#include "guichet/mail/prescan.h"

#include "guichet/base/limits.h"

#include "params_private.h"
#include "prescan_private.h"

#include <string.h>

/* Header fields of all parts together; a part of its own has few. */
enum {
	MAX_PART_FIELDS = 10000
};

/* Where the scan of the body stands. */
typedef struct {
	Prescan *scan;
	char *body; /* the masked copy */
	gsize length;
	GPtrArray *open;      /* boundaries of the multiparts around us */
	bool in_header;       /* of a part */
	gsize header_start;   /* where that began */
	guint header_fields;  /* its fields so far */
	guint part_fields;    /* of all parts */
	guint boundary_lines; /* lines that start with "--" */
} BodyScan;

static bool
starts_with(const char *p, const char *end, const char *word)
{
	gsize length = strlen(word);

	return (gsize)(end - p) >= length &&
	    g_ascii_strncasecmp(p, word, length) == 0;
}

/* Overwrites a field's value, line ends inside it included. */
static void
write_value(char *value, gsize length, const char *text)
{
	gsize size = strlen(text);

	memset(value, ' ', length);
	if (size <= length)
		memcpy(value, text, size);
}

/*
 * What GMime is told of a part's type. Where it would descend and we would
 * not, the type gets another name, and so becomes a leaf: attached mails,
 * digests' default, multiparts without a boundary or too deep.
 */
static char *
shown_type(BodyScan *state, const char *value, gsize length)
{
	g_autofree char *type = params_value(value, length);
	g_autofree char *boundary = NULL;

	if (!g_str_has_prefix(type, "multipart/"))
		return g_strdup_printf("%s%s",
		    g_str_has_prefix(type, "message") ? "x" : "",
		    g_str_has_prefix(type, "message") ? type + 1 : type);
	if (state->open->len >= LIMIT_MIME_DEPTH) {
		prescan_add_defect(state->scan, DEFECT_MIME_DEPTH);
		return g_strdup("x/x");
	}
	boundary = params_get(value, length, "boundary");
	if (boundary == NULL || *boundary == '\0' ||
	    strpbrk(boundary, "\"\\\r\n") != NULL)
		return g_strdup("x/x");
	g_ptr_array_add(state->open, g_strdup(boundary));
	if (strcmp(type, "multipart/digest") == 0)
		strcpy(type, "multipart/xigest");
	return g_strdup_printf("%s;boundary=\"%s\"", type, boundary);
}

static void
mask_content_type(BodyScan *state, char *value, gsize length)
{
	g_autofree char *type = NULL;

	if (prescan_parameters_over(value, length)) {
		prescan_add_defect(state->scan, DEFECT_PARAMETERS);
		write_value(value, length, "x/x");
		return;
	}
	/* Outside a part's header it is text, and of no account. */
	if (!state->in_header) {
		write_value(value, length, "x/x");
		return;
	}
	type = shown_type(state, value, length);
	if (strlen(type) > length && g_str_has_suffix(type, "\"")) {
		/* It was not quoted. */
		char *quote = strchr(type, '"');

		type[strlen(type) - 1] = '\0';
		memmove(quote, quote + 1, strlen(quote));
	}
	write_value(value, length, type);
}

/* Returns where the field ends if it is a Content-* field, else 0. */
static gsize
mask_field(BodyScan *state, gsize at)
{
	char *field = state->body + at, *colon;
	gsize end, length, name;

	if (!starts_with(field, state->body + state->length, "content-"))
		return 0;
	end = prescan_field_end(state->body, state->length, at);
	length = end - at;
	while (length > 0 &&
	    (field[length - 1] == '\n' || field[length - 1] == '\r'))
		length--;
	colon = memchr(field, ':', MIN(length, 64));
	if (colon == NULL)
		return 0;
	name = (gsize)(colon++ - field);
	length -= name + 1;
	while (name > 0 && g_ascii_isspace(field[name - 1]))
		name--;
	if (name == 12 && g_ascii_strncasecmp(field, "content-type", 12) == 0)
		mask_content_type(state, colon, length);
	else
		write_value(colon, length, "");
	return end;
}

/* Closes the multiparts that a line "--boundary" or "--boundary--" ends. */
static void
match_boundary(BodyScan *state, const char *line, gsize length)
{
	while (length > 0 && g_ascii_isspace(line[length - 1]))
		length--;
	for (guint i = state->open->len; i > 0; i--) {
		const char *boundary = state->open->pdata[i - 1];
		gsize size = strlen(boundary);
		bool is_last;

		if (size == 0 || length < size + 2 ||
		    memcmp(line + 2, boundary, size) != 0)
			continue;
		is_last = length == size + 4 &&
		    memcmp(line + 2 + size, "--", 2) == 0;
		if (length != size + 2 && !is_last)
			continue;
		g_ptr_array_set_size(state->open, (int)(is_last ? i - 1 : i));
		return;
	}
}

/* One line of a part's header: counted, and the header ended if over. */
static void
count_part_field(BodyScan *state, gsize at)
{
	state->header_fields++;
	state->part_fields++;
	if (state->header_fields <= LIMIT_HEADER_FIELDS &&
	    state->part_fields <= MAX_PART_FIELDS &&
	    at - state->header_start <= LIMIT_HEADER_BLOCK_BYTES)
		return;
	prescan_add_defect(state->scan, DEFECT_PART_HEADER);
	state->body[at] = '\n';
	state->in_header = false;
}

/* Returns false if GMime must not see the body at all. */
static bool
scan_body_line(BodyScan *state, gsize at, gsize *end)
{
	const char *line = state->body + at;
	gsize length = *end - at;

	if (length >= 2 && line[0] == '-' && line[1] == '-') {
		if (++state->boundary_lines > LIMIT_BOUNDARY_LINES)
			return false;
		match_boundary(state, line, length);
		state->in_header = true;
		state->header_start = *end;
		state->header_fields = 0;
		return true;
	}
	if (line[0] == 'C' || line[0] == 'c') {
		gsize folded = mask_field(state, at);

		if (folded > 0)
			*end = folded;
	}
	if (!state->in_header)
		return true;
	if (line[0] == '\n' || (length == 2 && line[0] == '\r'))
		state->in_header = false;
	else
		count_part_field(state, at);
	return true;
}

static void
scan_body(BodyScan *state)
{
	guint outermost = state->open->len;
	gsize end;

	for (gsize at = 0; at < state->length; at = end) {
		end = prescan_line_end(state->body, state->length, at);
		if (!scan_body_line(state, at, &end)) {
			prescan_add_defect(state->scan, DEFECT_BOUNDARIES);
			g_byte_array_unref(state->scan->shown);
			state->scan->shown = NULL;
			return;
		}
	}
	if (outermost > 0 && state->open->len >= outermost)
		prescan_add_defect(state->scan, DEFECT_TRUNCATED);
}

/* The outermost part's type. */
static void
show_type(BodyScan *state)
{
	GByteArray *shown = state->scan->shown;
	const RawField *field = prescan_field(state->scan, "Content-Type");
	g_autofree char *value = NULL;
	gsize length;

	if (field == NULL)
		return;
	if (field->over) {
		value = g_strdup("x/x");
	} else {
		g_autofree char *line = raw_field_unfold(field,
		    LIMIT_HEADER_FIELD_BYTES, &length);

		value = shown_type(state, line, length);
	}
	length = strlen(value);
	g_byte_array_append(shown, (const guint8 *)"Content-Type:", 13);
	g_byte_array_append(shown, (const guint8 *)value, (guint)length);
	g_byte_array_append(shown, (const guint8 *)"\n", 1);
}

void
prescan_show(Prescan *scan)
{
	gsize length = scan->length - scan->body;
	BodyScan state = { .scan = scan, .length = length };

	scan->shown = g_byte_array_sized_new((guint)length + 512);
	state.open = g_ptr_array_new_with_free_func(g_free);
	g_byte_array_append(scan->shown, (const guint8 *)"MIME-Version: 1.0\n",
	    18);
	show_type(&state);
	g_byte_array_append(scan->shown, (const guint8 *)"\n", 1);
	scan->shown_body = scan->shown->len;
	g_byte_array_append(scan->shown,
	    (const guint8 *)scan->bytes + scan->body, (guint)length);
	state.body = (char *)scan->shown->data + scan->shown_body;
	scan_body(&state);
	g_ptr_array_unref(state.open);
}
