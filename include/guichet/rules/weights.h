/*
 * weights: how much the words of a mail speak for one thing (doc/domain.md 5,
 * "Unsure"): many weak signs together, where no single pattern can tell.
 *
 * A scale holds phrases of one to three words, each with points; a mail weighs
 * `start` and the points of every phrase that its subject or its words hold,
 * each once, however often. Letters count without case and accents, a word by
 * its first six; the apostrophe and all else that is no letter parts words, a
 * number reads `0`, and `?` and `!` are words of their own. A phrase never
 * spans the end of a sentence.
 *
 *   weights:                   in a file of rules/match
 *   - name: incident
 *     start: -40
 *     words: {90: [ne fonctionne plus], -20: [merci, "?"]}
 *     subject: {-60: [devis]}  counts besides `words`, in the subject alone
 *     rules: {40: [panne]}     rules that have set something before
 *
 * Immutable once made; one thread.
 */
#ifndef GUICHET_WEIGHTS_H
#define GUICHET_WEIGHTS_H

#include "guichet/base/base.h"

#define WEIGHTS_POINTS_MAX 10000   /* of one phrase */
#define WEIGHTS_SUM_MAX    1000000 /* of a condition or a start */

typedef struct Weights Weights;

Weights *weights_new(int start);
void weights_free(Weights *weights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Weights, weights_free)

typedef enum {
	WEIGHTS_WORDS,
	WEIGHTS_SUBJECT,
	WEIGHTS_RULES,
} WeightsPart;

/* False if it is there already, or a phrase is not one to three words. */
bool
weights_add(Weights *weights, WeightsPart part, const char *phrase, int points);

/* Whether a rule of this name has points: such a rule need set nothing. */
bool weights_knows_rule(const Weights *weights, const char *rule);

/* The words of one mail as scales read them, made once for all of them; of
 * subject and text at most LIMIT_WEIGHED_BYTES each. NULL counts as empty. */
typedef struct WeighedWords WeighedWords;
WeighedWords *weighed_words_new(const char *subject, const char *text);
void weighed_words_free(WeighedWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WeighedWords, weighed_words_free)

/* What a scale finds in them, each phrase once. It borrows the scale. */
typedef struct WeightsFound WeightsFound;
WeightsFound *weights_find(const Weights *weights, const WeighedWords *words);
void weights_found_free(WeightsFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WeightsFound, weights_found_free)

/*
 * The start, what was found, and what `rules` (const char *, the names of those
 * that have set something; NULL: none) are worth, together. `ret_told`, unless
 * NULL, gets what weighed most, heaviest first, for people:
 * "ne fonctionne plus +90, merci -20"; the caller's.
 */
int
weights_sum(const WeightsFound *found, const GPtrArray *rules, char **ret_told);

#endif
