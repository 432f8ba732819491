/*
 * pattern: regular expressions of a site's rules (PCRE2, UTF, JIT).
 *
 * Every match runs under the limits of limits.h: PCRE2's own, and a number of
 * steps that counts all it does, the same on every machine. A match that hits
 * one is a failure of the rule, reported by name, never "no match"
 * (doc/security.md T24).
 *
 * \w, \d, \s, \b and case follow Unicode. ^ and $ mean the whole text unless
 * the pattern says (?m). A Pattern belongs to one thread.
 */
#ifndef GUICHET_PATTERN_H
#define GUICHET_PATTERN_H

#include "guichet/base/base.h"

typedef struct Pattern Pattern;

typedef enum {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_LIMIT, /* a limit was hit: no answer */
} PatternResult;

/* Case-insensitive unless it says (?-i). GUICHET_ERROR_CONFIG gives PCRE2's
 * words and the offset. */
Pattern *pattern_new(const char *expression, GError **error);
/* Whether it keeps within measure on a few plain subjects; it takes a hundred
 * times as long as pattern_new(). GUICHET_ERROR_CONFIG says what to write. */
bool pattern_is_bounded(const Pattern *pattern, GError **error);
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

/* The same within a budget of steps that several patterns share, and that is
 * lessened by what this one took; at most LIMIT_PATTERN_STEPS of it. */
PatternResult pattern_find_within(const Pattern *pattern, const char *subject,
    GHashTable *captures, gint64 *steps);

/* Where a match stands: of the group of that name, else the whole of it. */
typedef struct {
	const char *group;
	gsize from, to;
	gsize end; /* of the whole match */
} PatternSpan;

/* The next match at `from` or behind it, in all of the text, which is clean
 * UTF-8; `ret_span->group` says which part is asked for. */
PatternResult pattern_next(const Pattern *pattern, const char *subject,
    gsize from, gint64 *steps, PatternSpan *ret_span);

/* The names of its groups, NULL-terminated; borrowed. */
const char *const *pattern_names(const Pattern *pattern);

#endif
