/*
 * pattern: regular expressions of a site's rules (PCRE2, UTF, JIT).
 *
 * Every match runs under the limits of limits.h. A match that hits one is a
 * failure of the rule, reported by name, never "no match" (SECURITY.md T24).
 */
#ifndef GUICHET_PATTERN_H
#define GUICHET_PATTERN_H

#include "guichet/base.h"

typedef struct Pattern Pattern;

typedef enum {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_LIMIT, /* match, depth or heap limit: no answer */
} PatternResult;

/* Case-insensitive unless it says (?-i). GUICHET_ERROR_CONFIG gives PCRE2's
 * words and the offset. */
Pattern *pattern_new(const char *expression, GError **error);
void pattern_free(Pattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pattern, pattern_free)

const char *pattern_text(const Pattern *pattern);

/*
 * Searches the first LIMIT_RULE_TEXT_BYTES of clean UTF-8. `captures`, if not
 * NULL, gets each named group that took part and the numbered ones ("1"...):
 * char * to char *, replacing what is there. Nothing is added unless YES.
 */
PatternResult
pattern_find(const Pattern *pattern, const char *subject, GHashTable *captures);

/* The names of its groups, NULL-terminated; borrowed. */
const char *const *pattern_names(const Pattern *pattern);

#endif
