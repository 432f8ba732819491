/*
 * load: values out of a site's files, beside the plain ones of yaml.h.
 *
 * Each function reports what is wrong at its node and returns nothing then, so
 * that a schema walk reads straight down. Results are the caller's.
 */
#ifndef GUICHET_LOAD_H
#define GUICHET_LOAD_H

#include "guichet/time/duration.h"
#include "guichet/yaml/pattern.h"
#include "guichet/yaml/yaml.h"

/* A text in each language the project speaks; `en` stands in for none, in the
 * words of the language's catalogue where that has them (catalog.h). */
typedef struct {
	char *fr, *en;
	GHashTable *others; /* language to text, NULL: none */
} Words;
const char *words_in(const Words *words, const char *language);
void words_clear(Words *words);

/* Reports a name that is not in `known`, as "unknown WHAT". */
bool
load_known(const YamlNode *node, const char *what, const char *const *known);

/* The key's name out of `known`, copied; reports one that is not. NULL if it
 * is absent or wrong. */
char *load_name(const YamlNode *map, const char *key, const char *what,
    const char *const *known);

/* A list of such names; NULL if the key is absent. */
char **load_names(const YamlNode *map, const char *key, const char *what,
    const char *const *known);

/* A text, or one a language that clients are written to in (catalog.h). */
void load_words(const YamlNode *map, const char *key, Words *ret_words);

/* A list of severities as bits; those that are not in `known` (0: any) are
 * reported. 0 if absent. */
guint load_severities(const YamlNode *map, const char *key, guint known);

/* False if absent or wrong. */
bool load_duration(const YamlNode *map, const char *key, Duration *ret);
bool load_date(const YamlNode *map, const char *key, Date *ret_date);
const Zone *load_zone(const YamlNode *map, const char *key);
/* "09:00", "24:00": seconds since midnight. */
bool load_time(const char *text, gsize length, int32_t *ret_seconds);

/* A regular expression that stands at the node, or is made of what does; one
 * that backtracks without measure is a mistake, too. */
Pattern *load_pattern(const YamlNode *node, const char *expression);

/* Canonical addresses; what is none is reported. */
char **load_addresses(const YamlNode *map, const char *key);
char *load_address(const YamlNode *node);

#endif
