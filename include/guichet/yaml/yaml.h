/*
 * yaml: documents of a site's files, each node with its place.
 *
 * A tree made from libyaml's events, which still show what its documents no
 * longer do: anchors, aliases, tags, merge keys, repeated keys, control
 * characters and anything over limits.h are problems. A node is borrowed from
 * its document, which borrows the Problems it was parsed with. The getters
 * never fail: they report to those Problems and return the default, so that a
 * schema walk reads straight down. Scalars are text until a getter reads them
 * as something else; one that is not written at all (`zone:`) is a problem.
 */
#ifndef GUICHET_YAML_H
#define GUICHET_YAML_H

#include "guichet/base/problems.h"

typedef struct YamlDocument YamlDocument;
typedef struct YamlNode YamlNode;

typedef enum {
	YAML_SCALAR,
	YAML_LIST,
	YAML_MAP,
	YAML_KIND_COUNT,
} YamlKind;

/* NULL if the text is no single YAML document: that is reported. `file` is
 * the name shown. */
YamlDocument *yaml_parse(const char *file, const char *text, gsize length,
    Problems *problems);
void yaml_free(YamlDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlDocument, yaml_free)

const YamlNode *yaml_root(const YamlDocument *document);

YamlKind yaml_kind(const YamlNode *node);
gsize yaml_line(const YamlNode *node);
gsize yaml_column(const YamlNode *node);
const char *yaml_file(const YamlNode *node);

/* A node's place, for those who find a mistake once its document is gone. */
typedef struct {
	const char *file; /* interned; NULL: nowhere */
	gsize line, column;
} YamlPlace;

/* Of the key's value, else of the map itself. */
YamlPlace yaml_place(const YamlNode *map, const char *key);

/* Reports a mistake at the node. */
void
yaml_problem(const YamlNode *node, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The word most like `word`, or NULL if none is near. */
const char *yaml_nearest(const char *word, const char *const *words);
/* "unknown WHAT 'word'; did you mean ...", or the words that are known. */
void yaml_problem_unknown(const YamlNode *node, const char *what,
    const char *word, const char *const *words);

/* Whether the node is a map; reports it if not. */
bool yaml_is_map(const YamlNode *node);

/* Reports each key of the map that is not in `keys` (NULL-terminated), with
 * the nearest known one as a hint. A node that is no map is reported, false. */
bool yaml_check_keys(const YamlNode *map, const char *const *keys);

/* The value of a key or NULL; `map` NULL or no map gives NULL. */
const YamlNode *yaml_get(const YamlNode *map, const char *key);
/* The same, and reports it as missing from `map`. */
const YamlNode *yaml_need(const YamlNode *map, const char *key);

/* Elements of a list or map; 0 for a scalar or NULL. */
guint yaml_count(const YamlNode *node);
const YamlNode *yaml_item(const YamlNode *list, guint i);
const YamlNode *yaml_key(const YamlNode *map, guint i);
const YamlNode *yaml_value(const YamlNode *map, guint i);

/* The scalar's text, borrowed. Reports and returns NULL when it is none. */
const char *yaml_text(const YamlNode *node);

/* yaml_get() and a conversion; what is there but wrong is reported. */
const char *
yaml_get_text(const YamlNode *map, const char *key, const char *absent);
gint64 yaml_get_int(const YamlNode *map, const char *key, gint64 min,
    gint64 max, gint64 absent);
bool yaml_get_bool(const YamlNode *map, const char *key, bool absent);
/* The index in `words` (NULL-terminated). */
int yaml_get_choice(const YamlNode *map, const char *key,
    const char *const *words, int absent);
/* A list of scalars, or one scalar as a list of one. Never NULL; the caller
 * frees with g_strfreev(). */
char **yaml_get_list(const YamlNode *map, const char *key);

/* problems_are_known() of those that its document was parsed with. */
bool yaml_is_known(const YamlNode *node);
/* problems_are_past() of those. */
bool yaml_is_past(const YamlNode *node);

#endif
