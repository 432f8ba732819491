/* YAML documents read through libyaml's events, each node with its place. */
#include "guichet/yaml/yaml.h"
#include "guichet/base/limits.h"
#include "yaml_private.h"

#include <string.h>
#include <yaml.h>

static void
node_free(gpointer data)
{
	YamlNode *node = data;

	g_free(node->text);
	g_clear_pointer(&node->keys, g_ptr_array_unref);
	g_clear_pointer(&node->items, g_ptr_array_unref);
	g_clear_pointer(&node->index, g_hash_table_unref);
	g_free(node);
}

void
yaml_free(YamlDocument *document)
{
	if (document == NULL)
		return;
	g_free(document->file);
	g_ptr_array_unref(document->nodes);
	g_free(document);
}

static YamlNode *
node_new(YamlDocument *document, YamlKind kind, const yaml_mark_t *mark)
{
	YamlNode *node = g_new0(YamlNode, 1);

	node->document = document;
	node->kind = kind;
	node->line = mark->line + 1;
	node->column = mark->column + 1;
	if (kind != YAML_SCALAR)
		node->items = g_ptr_array_new();
	if (kind == YAML_MAP) {
		node->keys = g_ptr_array_new();
		node->index = g_hash_table_new(g_str_hash, g_str_equal);
	}
	g_ptr_array_add(document->nodes, node);
	return node;
}

static void
add_pair(YamlNode *map, YamlNode *key, YamlNode *value)
{
	gpointer position;

	if (!key->bad && strcmp(key->text, "<<") == 0) {
		yaml_problem(key,
		    "merge keys are not read; write the keys out");
		return;
	}
	if (!key->bad &&
	    g_hash_table_lookup_extended(map->index, key->text, NULL,
		&position)) {
		const YamlNode *first =
		    map->keys->pdata[GPOINTER_TO_UINT(position)];

		yaml_problem(key,
		    "the key '%s' is repeated (first on line %" G_GSIZE_FORMAT
		    "); keep one",
		    key->text, first->line);
		return;
	}
	if (!key->bad)
		g_hash_table_insert(map->index, key->text,
		    GUINT_TO_POINTER(map->keys->len));
	g_ptr_array_add(map->keys, key);
	g_ptr_array_add(map->items, value);
}

/* Hangs a node under the innermost open one. False: no use going on. */
static bool
attach(YamlDocument *document, GPtrArray *open, YamlNode *node)
{
	YamlNode *parent;

	if (open->len == 0) {
		document->root = node;
		return true;
	}
	parent = open->pdata[open->len - 1];
	if (parent->kind == YAML_LIST) {
		g_ptr_array_add(parent->items, node);
		return true;
	}
	if (parent->pending != NULL) {
		add_pair(parent, parent->pending, node);
		parent->pending = NULL;
		return true;
	}
	if (node->kind != YAML_SCALAR) {
		yaml_problem(node,
		    "a key must be a single word, not %s; text "
		    "that starts with { or [ needs quotes",
		    yaml_kind_words(node->kind));
		return false;
	}
	parent->pending = node;
	return true;
}

static void
refuse_decorations(YamlNode *node, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	if (anchor != NULL)
		yaml_problem(node,
		    "anchors (&%s) are not read; text that "
		    "starts with & needs quotes",
		    (const char *)anchor);
	if (tag != NULL)
		yaml_problem(node,
		    "tags (%s) are not read; text that starts with ! needs "
		    "quotes",
		    (const char *)tag);
	if (anchor != NULL || tag != NULL)
		node->bad = node->kind == YAML_SCALAR;
}

static bool
has_control(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		guchar c = (guchar)text[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

static YamlNode *
scalar_new(YamlDocument *document, const yaml_event_t *event)
{
	YamlNode *node = node_new(document, YAML_SCALAR, &event->start_mark);
	const char *text = (const char *)event->data.scalar.value;
	gsize length = event->data.scalar.length;

	node->text = g_strndup(text, length);
	node->empty = length == 0 &&
	    event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	refuse_decorations(node, event->data.scalar.anchor,
	    event->data.scalar.tag);
	if (has_control(text, length)) {
		yaml_problem(node, "control characters are not allowed");
		node->bad = true;
	}
	return node;
}

/* The node that an event starts, or NULL: it starts none. */
static YamlNode *
node_of_event(YamlDocument *document, const yaml_event_t *event)
{
	YamlNode *node;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return scalar_new(document, event);
	case YAML_ALIAS_EVENT:
		node = node_new(document, YAML_SCALAR, &event->start_mark);
		node->text = g_strdup("");
		node->bad = true;
		yaml_problem(node,
		    "aliases (*%s) are not read; text that "
		    "starts with * needs quotes",
		    (const char *)event->data.alias.anchor);
		return node;
	case YAML_SEQUENCE_START_EVENT:
		node = node_new(document, YAML_LIST, &event->start_mark);
		refuse_decorations(node, event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
		return node;
	case YAML_MAPPING_START_EVENT:
		node = node_new(document, YAML_MAP, &event->start_mark);
		refuse_decorations(node, event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
		return node;
	default:
		return NULL;
	}
}

/* Takes one event in. False after a mistake that ends the reading. */
static bool
take_event(YamlDocument *document, GPtrArray *open, const yaml_event_t *event)
{
	YamlNode *node = node_of_event(document, event);

	if (event->type == YAML_SEQUENCE_END_EVENT ||
	    event->type == YAML_MAPPING_END_EVENT)
		g_ptr_array_set_size(open, (int)open->len - 1);
	if (event->type == YAML_DOCUMENT_START_EVENT &&
	    document->root != NULL) {
		problems_add(document->problems, document->file,
		    event->start_mark.line + 1, event->start_mark.column + 1,
		    "a second document starts here; keep one a file");
		return false;
	}
	if (node == NULL)
		return true;
	if (document->nodes->len > LIMIT_YAML_NODES) {
		yaml_problem(node, "more than %d values; split the file",
		    LIMIT_YAML_NODES);
		return false;
	}
	if (!attach(document, open, node))
		return false;
	if (node->kind == YAML_SCALAR)
		return true;
	if (open->len >= LIMIT_YAML_DEPTH) {
		yaml_problem(node, "nested more than %d deep",
		    LIMIT_YAML_DEPTH);
		return false;
	}
	g_ptr_array_add(open, node);
	return true;
}

static void
report_syntax(const YamlDocument *document, const yaml_parser_t *parser)
{
	bool in_place = parser->error == YAML_SCANNER_ERROR ||
	    parser->error == YAML_PARSER_ERROR;
	const yaml_mark_t *mark = &parser->problem_mark;

	problems_add(document->problems, document->file,
	    in_place ? mark->line + 1 : 0, in_place ? mark->column + 1 : 0,
	    "%s%s%s",
	    parser->problem != NULL ? parser->problem : "cannot be read",
	    parser->context != NULL ? ", " : "",
	    parser->context != NULL ? parser->context : "");
}

static bool
read_events(YamlDocument *document, yaml_parser_t *parser)
{
	g_autoptr(GPtrArray) open = g_ptr_array_new();
	bool going = true, ended = false;

	while (going && !ended) {
		yaml_event_t event;

		if (yaml_parser_parse(parser, &event) == 0) {
			report_syntax(document, parser);
			return false;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		going = take_event(document, open, &event);
		yaml_event_delete(&event);
	}
	if (going && document->root == NULL) {
		problems_add(document->problems, document->file, 1, 1,
		    "nothing in it; write something or remove the file");
		return false;
	}
	return going;
}

/* libyaml names an offset only; people look for lines. */
static bool
check_bytes(const char *file, const char *text, gsize length,
    Problems *problems)
{
	const char *end;
	gsize line = 1, column = 1;

	if (length > LIMIT_RULE_FILE_BYTES) {
		problems_add(problems, file, 0, 0, "larger than %ld bytes",
		    LIMIT_RULE_FILE_BYTES);
		return false;
	}
	if (g_utf8_validate(text, (gssize)length, &end))
		return true;
	for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
		column = *p == '\n' ? 1 : column + 1;
		line += *p == '\n';
	}
	problems_add(problems, file, line, column,
	    "not UTF-8; save the file as UTF-8");
	return false;
}

YamlDocument *
yaml_parse(const char *file, const char *text, gsize length, Problems *problems)
{
	g_autoptr(YamlDocument) document = NULL;
	yaml_parser_t parser;
	bool good;

	if (!check_bytes(file, text, length, problems))
		return NULL;
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	document = g_new0(YamlDocument, 1);
	document->file = g_strdup(file);
	document->problems = problems;
	document->nodes = g_ptr_array_new_with_free_func(node_free);
	if (yaml_parser_initialize(&parser) == 0)
		g_error("libyaml: out of memory");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const guchar *)text, length);
	good = read_events(document, &parser);
	yaml_parser_delete(&parser);
	return good ? g_steal_pointer(&document) : NULL;
}
