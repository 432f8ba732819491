/* A small template language, a subset of Mustache. */
#include "guichet/compose/template.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

typedef enum {
	NODE_TEXT,
	NODE_VALUE,
	NODE_SECTION,
	NODE_INVERTED,
} NodeKind;

typedef struct {
	NodeKind kind;
	char *text;          /* the literal text, or the name */
	GPtrArray *children; /* Node *, of a section */
} Node;

struct Template {
	TemplateKind kind;
	GPtrArray *nodes;
};

struct Values {
	const Values *outer;
	GHashTable *strings; /* char * to char * */
	GHashTable *lists;   /* char * to GPtrArray of Values * */
};

/* ---- values ---- */

static void
list_free(gpointer list)
{
	g_ptr_array_unref(list);
}

Values *
values_new(void)
{
	Values *values = g_new0(Values, 1);

	values->strings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    g_free);
	values->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    list_free);
	return values;
}

void
values_free(Values *values)
{
	if (values == NULL)
		return;
	g_hash_table_unref(values->strings);
	g_hash_table_unref(values->lists);
	g_free(values);
}

static void
element_free(gpointer values)
{
	values_free(values);
}

void
values_set(Values *values, const char *name, const char *value)
{
	if (value == NULL)
		g_hash_table_remove(values->strings, name);
	else
		g_hash_table_replace(values->strings, g_strdup(name),
		    g_strdup(value));
}

void
values_setf(Values *values, const char *name, const char *format, ...)
{
	g_autofree char *value = NULL;
	va_list args;

	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	values_set(values, name, value);
}

void
values_set_flag(Values *values, const char *name, bool flag)
{
	values_set(values, name, flag ? "1" : "");
}

Values *
values_add(Values *values, const char *list)
{
	GPtrArray *elements = g_hash_table_lookup(values->lists, list);
	Values *element = values_new();

	if (elements == NULL) {
		elements = g_ptr_array_new_with_free_func(element_free);
		g_hash_table_insert(values->lists, g_strdup(list), elements);
	}
	element->outer = values;
	g_ptr_array_add(elements, element);
	return element;
}

const char *
values_get(const Values *values, const char *name)
{
	for (; values != NULL; values = values->outer) {
		const char *value = g_hash_table_lookup(values->strings, name);

		if (value != NULL)
			return value;
	}
	return NULL;
}

static const GPtrArray *
values_list(const Values *values, const char *name)
{
	for (; values != NULL; values = values->outer) {
		const GPtrArray *list = g_hash_table_lookup(values->lists,
		    name);

		if (list != NULL)
			return list;
	}
	return NULL;
}

static bool
is_true(const char *value)
{
	return value != NULL && *value != '\0' && strcmp(value, "0") != 0 &&
	    strcmp(value, "false") != 0;
}

/* ---- parsing ---- */

typedef struct {
	const char *start, *at;
	TemplateKind kind;
	const char *const *known;
	const TemplateParts *parts; /* NULL: there are none */
	const char *part;           /* that is parsed; NULL: the template */
	guint depth;
	GError **error;
} Parser;

/* One {{...}}. */
typedef struct {
	const char *open, *end; /* of the whole tag */
	char sigil;             /* '#', '^', '/', '!', '>', or 0 */
	char *name;
} Tag;

static void
tag_clear(Tag *tag)
{
	g_clear_pointer(&tag->name, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tag, tag_clear)

static void
node_free(gpointer data)
{
	Node *node = data;

	g_free(node->text);
	if (node->children != NULL)
		g_ptr_array_unref(node->children);
	g_free(node);
}

static Node *
node_add(GPtrArray *nodes, NodeKind kind, const char *text, gsize length)
{
	Node *node = g_new0(Node, 1);

	node->kind = kind;
	node->text = g_strndup(text, length);
	g_ptr_array_add(nodes, node);
	return node;
}

static bool G_GNUC_PRINTF(3, 4)
    refuse(const Parser *parser, const char *place, const char *format, ...)
{
	g_autofree char *message = NULL;
	gsize line = 1;
	const char *start = parser->start;
	va_list args;

	for (const char *p = parser->start; p < place; p++) {
		if (*p == '\n') {
			line++;
			start = p + 1;
		}
	}
	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(parser->error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "line %" G_GSIZE_FORMAT ", column %ld: %s", line,
	    g_utf8_strlen(start, place - start) + 1, message);
	if (parser->part != NULL)
		g_prefix_error(parser->error, "part '%s': ", parser->part);
	return false;
}

static bool
is_name(const char *name)
{
	if (!g_ascii_islower(*name))
		return false;
	for (; *name != '\0'; name++) {
		if (!g_ascii_islower(*name) && !g_ascii_isdigit(*name) &&
		    *name != '_')
			return false;
	}
	return true;
}

/* Of a part: where it is looked for is not to be said by its name. */
static bool
check_part(const Parser *parser, const Tag *tag)
{
	g_autofree char *plain = g_strdup(tag->name);

	if (is_name(g_strdelimit(plain, "-", '_')))
		return true;
	return refuse(parser, tag->open,
	    "'%s' is no part's name; such names are lower-case letters, "
	    "digits, '-' and '_'",
	    tag->name);
}

static bool
check_name(const Parser *parser, const Tag *tag)
{
	if (tag->sigil == '>')
		return check_part(parser, tag);
	if (tag->sigil == '\0' && *tag->name != '\0' &&
	    strchr("{&=", *tag->name) != NULL)
		return refuse(parser, tag->open,
		    "{{%c is not part of this language; values are always "
		    "escaped",
		    *tag->name);
	if (!is_name(tag->name))
		return refuse(parser, tag->open,
		    "'%s' is no name; names are lower-case letters, digits "
		    "and '_'",
		    tag->name);
	if (parser->known != NULL && !g_strv_contains(parser->known, tag->name))
		return refuse(parser, tag->open,
		    "there is no variable '%s'; guichet-rules(5) lists them",
		    tag->name);
	return true;
}

/* Reads the tag at `open`. */
static bool
read_tag(const Parser *parser, const char *open, Tag *ret_tag)
{
	const char *close = strstr(open + 2, "}}");
	const char *name = open + 2;
	char sigil = '\0';
	g_auto(Tag) tag = { .open = open };

	if (close == NULL)
		return refuse(parser, open, "'{{' is never closed by '}}'");
	if (name < close && strchr("#^/!>", *name) != NULL)
		sigil = *name++;
	tag.sigil = sigil;
	tag.end = close + 2;
	tag.name = g_strstrip(g_strndup(name, (gsize)(close - name)));
	if (sigil != '!' && !check_name(parser, &tag))
		return false;
	*ret_tag = tag;
	tag.name = NULL;
	return true;
}

/*
 * A section's tag or a note that is alone on its line takes the whole line
 * away with it, so that templates can be laid out without holes in the mail.
 * Widens [*from, *to) to the line if so.
 */
static void
widen_to_line(const Parser *parser, const char **from, const char **to)
{
	const char *start = *from;
	const char *end = *to;

	while (start > parser->start && (start[-1] == ' ' || start[-1] == '\t'))
		start--;
	while (*end == ' ' || *end == '\t' || *end == '\r')
		end++;
	if ((start > parser->start && start[-1] != '\n') ||
	    (*end != '\n' && *end != '\0'))
		return;
	*from = start;
	*to = *end == '\n' ? end + 1 : end;
}

static bool read_section(Parser *parser, const Tag *tag, GPtrArray *nodes);
static bool read_nodes(Parser *parser, const Tag *opened, GPtrArray *nodes);

/* What the part says stands there as if the template had said it. */
static bool
read_part(const Parser *parser, const Tag *tag, GPtrArray *nodes)
{
	const TemplateParts *parts = parser->parts;
	g_autofree char *text = parts != NULL
	    ? parts->find(parts->data, parser->kind, tag->name)
	    : NULL;
	g_autoptr(GError) error = NULL;
	Parser within = {
		.start = text,
		.at = text,
		.kind = parser->kind,
		.known = parser->known,
		.part = tag->name,
		.depth = parser->depth,
		.error = &error,
	};

	if (parser->part != NULL)
		return refuse(parser, tag->open, "a part takes in no other");
	if (text == NULL)
		return refuse(parser, tag->open,
		    "there is no part '%s'; guichet-rules(5) says where parts "
		    "stand",
		    tag->name);
	if (read_nodes(&within, NULL, nodes))
		return true;
	return refuse(parser, tag->open, "%s", error->message);
}

/* Reads up to the end of the section `opened`, or of the text if NULL. */
static bool
read_nodes(Parser *parser, const Tag *opened, GPtrArray *nodes)
{
	for (;;) {
		const char *open = strstr(parser->at, "{{");
		const char *from, *to;
		g_auto(Tag) tag = { 0 };

		if (open == NULL) {
			node_add(nodes, NODE_TEXT, parser->at,
			    strlen(parser->at));
			return opened == NULL ||
			    refuse(parser, opened->open,
				"section '%s' is never closed", opened->name);
		}
		if (!read_tag(parser, open, &tag))
			return false;
		from = tag.open;
		to = tag.end;
		if (tag.sigil != '\0')
			widen_to_line(parser, &from, &to);
		if (from > parser->at)
			node_add(nodes, NODE_TEXT, parser->at,
			    (gsize)(from - parser->at));
		parser->at = to;
		if (tag.sigil == '!')
			continue;
		if (tag.sigil == '\0') {
			g_assert(tag.name != NULL);
			node_add(nodes, NODE_VALUE, tag.name, strlen(tag.name));
			continue;
		}
		if (tag.sigil == '/') {
			if (opened != NULL &&
			    strcmp(opened->name, tag.name) == 0)
				return true;
			return refuse(parser, tag.open, "'{{/%s}}' closes %s%s",
			    tag.name,
			    opened != NULL ? "the section " : "nothing",
			    opened != NULL ? opened->name : "");
		}
		if (tag.sigil == '>' ? !read_part(parser, &tag, nodes)
				     : !read_section(parser, &tag, nodes))
			return false;
	}
}

static bool
read_section(Parser *parser, const Tag *tag, GPtrArray *nodes)
{
	Node *section = node_add(nodes,
	    tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->name,
	    strlen(tag->name));

	section->children = g_ptr_array_new_with_free_func(node_free);
	if (parser->depth == LIMIT_TEMPLATE_DEPTH)
		return refuse(parser, tag->open,
		    "more than %d sections within each other",
		    LIMIT_TEMPLATE_DEPTH);
	parser->depth++;
	if (!read_nodes(parser, tag, section->children))
		return false;
	parser->depth--;
	return true;
}

Template *
template_parse(const char *text, TemplateKind kind, const char *const *known,
    const TemplateParts *parts, GError **error)
{
	g_autoptr(Template) template = g_new0(Template, 1);
	Parser parser = {
		.start = text,
		.at = text,
		.kind = kind,
		.known = known,
		.parts = parts,
		.error = error,
	};
	const char *bad;

	template->kind = kind;
	template->nodes = g_ptr_array_new_with_free_func(node_free);
	if (!g_utf8_validate(text, -1, &bad)) {
		refuse(&parser, bad, "this is not UTF-8");
		return NULL;
	}
	if (!read_nodes(&parser, NULL, template->nodes))
		return NULL;
	return g_steal_pointer(&template);
}

void
template_free(Template *template)
{
	if (template == NULL)
		return;
	g_ptr_array_unref(template->nodes);
	g_free(template);
}

/* ---- rendering ---- */

/* A technician's lists and extracts of a log keep their shape. */
static void
append_html(GString *out, const char *value)
{
	const char *start = value;

	for (; *value != '\0'; value++) {
		switch (*value) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&#39;");
			break;
		case '\n':
			g_string_append(out, "<br>\n");
			break;
		case '\t':
			g_string_append(out, "&#160;&#160;&#160; ");
			break;
		case ' ':
			g_string_append(out,
			    value == start || strchr(" \n", value[-1]) != NULL
				? "&#160;"
				: " ");
			break;
		default:
			g_string_append_c(out, *value);
		}
	}
}

static void
append_value(GString *out, TemplateKind kind, const char *value)
{
	g_autofree char *clean = kind == TEMPLATE_HEADER
	    ? text_clean_line(value, -1, LIMIT_SUBJECT_BYTES)
	    : text_clean_block(value, -1, LIMIT_TEXT_BYTES);

	if (kind == TEMPLATE_HTML)
		append_html(out, clean);
	else
		g_string_append(out, clean);
}

static void render_nodes(GString *out, TemplateKind kind,
    const GPtrArray *nodes, const Values *values);

static void
render_section(GString *out, TemplateKind kind, const Node *node,
    const Values *values)
{
	const GPtrArray *list = values_list(values, node->text);
	const char *value = values_get(values, node->text);
	guint count = list != NULL ? list->len : 0;

	if (node->kind == NODE_INVERTED) {
		if (count == 0 && !is_true(value))
			render_nodes(out, kind, node->children, values);
		return;
	}
	for (guint i = 0; i < count; i++)
		render_nodes(out, kind, node->children,
		    g_ptr_array_index(list, i));
	if (count == 0 && is_true(value))
		render_nodes(out, kind, node->children, values);
}

static void
render_nodes(GString *out, TemplateKind kind, const GPtrArray *nodes,
    const Values *values)
{
	for (guint i = 0; i < nodes->len; i++) {
		const Node *node = g_ptr_array_index(nodes, i);
		const char *value;

		switch (node->kind) {
		case NODE_TEXT:
			g_string_append(out, node->text);
			break;
		case NODE_VALUE:
			value = values_get(values, node->text);
			if (value != NULL)
				append_value(out, kind, value);
			break;
		case NODE_SECTION:
		case NODE_INVERTED:
			render_section(out, kind, node, values);
			break;
		}
	}
}

char *
template_render(const Template *template, const Values *values)
{
	g_autoptr(GString) out = g_string_new(NULL);

	render_nodes(out, template->kind, template->nodes, values);
	/* A subject's file ends with a line end like any other. */
	if (template->kind == TEMPLATE_HEADER)
		return text_clean_line(out->str, (gssize)out->len,
		    LIMIT_SUBJECT_BYTES);
	return g_strdup(out->str);
}

static bool
nodes_name(const GPtrArray *nodes, const char *name)
{
	for (guint i = 0; i < nodes->len; i++) {
		const Node *node = nodes->pdata[i];

		if (node->kind != NODE_TEXT && strcmp(node->text, name) == 0)
			return true;
		if (node->children != NULL && nodes_name(node->children, name))
			return true;
	}
	return false;
}

bool
template_names(const Template *template, const char *name)
{
	return nodes_name(template->nodes, name);
}
