/*
 * names: the words of an enumeration, which the store, the files of a site
 * and the dumps are written with. One table an enumeration, made like this:
 *
 *     #define PROOF_NAMES(X)     \
 *      X(PROOF_NONE, "none")     \
 *      X(PROOF_PASS, "pass")
 *     NAME_TABLE(proofs, PROOF_NAMES, PROOF_COUNT);
 *
 * A value without its words does not compile: the rows are counted against the
 * enumeration's own _COUNT, and a value that stands there twice is an error of
 * the compiler's (-Woverride-init). Nobody compares such words: they are read
 * into the enumeration where they come in, and written where they go out.
 */
#ifndef GUICHET_NAMES_H
#define GUICHET_NAMES_H

#include "guichet/base/base.h"

typedef struct {
	const char *const *words; /* by value, a NULL behind the last */
	guint count;
} NameTable;

#define NAMES_WORD_(value, word) [value] = (word),
#define NAMES_ROW_(value, ...)   [value] = { __VA_ARGS__ },
#define NAMES_ONE_(value, ...)   +1

#define NAME_TABLE(table, ROWS, COUNT)                                        \
 static const char *const table##_words[(COUNT) + 1] = { ROWS(NAMES_WORD_) }; \
 _Static_assert((0 ROWS(NAMES_ONE_)) == (COUNT), "a word each value");        \
 static const NameTable table = { table##_words, (COUNT) }

/* The same for what has more than one word a value: an array of `Type`. */
#define NAME_ROWS(Type, rows, ROWS, COUNT)               \
 static const Type rows[(COUNT)] = { ROWS(NAMES_ROW_) }; \
 _Static_assert((0 ROWS(NAMES_ONE_)) == (COUNT), "a row each value")

/* A value that the enumeration does not have is a mistake of the program. */
const char *names_word(const NameTable *table, guint value);

/* The value of the word, or -1. */
int names_find(const NameTable *table, const char *word);

#endif
