/*
 * yaml_private: the tree behind yaml.h, shared by its two halves: yaml.c reads,
 * yaml_get.c answers.
 */
#ifndef GUICHET_YAML_PRIVATE_H
#define GUICHET_YAML_PRIVATE_H

#include "guichet/yaml/yaml.h"

struct YamlNode {
	YamlDocument *document;
	YamlKind kind;
	gsize line, column;
	bool bad;                /* already reported: the getters say no more */
	bool empty;              /* nothing was written, not even quotes */
	char *text;              /* YAML_SCALAR */
	GPtrArray *keys, *items; /* of a map both, of a list the items */
	GHashTable *index;       /* key's text to its position */
	YamlNode *pending;       /* while parsing: a key without its value */
};

struct YamlDocument {
	char *file;
	Problems *problems; /* borrowed */
	GPtrArray *nodes;   /* owns them all */
	YamlNode *root;
};

/* What a value is called in messages. */
const char *yaml_kind_words(YamlKind kind);

#endif
