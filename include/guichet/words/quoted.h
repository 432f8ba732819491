/*
 * quoted: known lines in a text that may quote them (doc/security.md 2.5).
 *
 * Mail programs mark what they quote in more ways than '>', and some not at
 * all. A line that we sent inside is known again whatever stands before it, and
 * wherever the mail program broke it: it is a quotation, and no client may read
 * it.
 */
#ifndef GUICHET_QUOTED_H
#define GUICHET_QUOTED_H

#include "guichet/base/base.h"

typedef struct QuotedLines QuotedLines;

QuotedLines *quoted_lines_new(void);
void quoted_lines_free(QuotedLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QuotedLines, quoted_lines_free)

/* Lines that stand in what we sent inside; then those that a client wrote or
 * was told: these are no secret, and nobody's quotation without a mark. */
void quoted_lines_add_internal(QuotedLines *lines, const char *text);
void quoted_lines_add_public(QuotedLines *lines, const char *text);

/*
 * Whether a line of the text repeats one of them. Behind a mark ("|", "}",
 * "AM>") a few letters are enough, and so is a part of a line; without one it
 * takes a whole line that is long enough not to be alike by chance, or two such
 * lines wherever they stand, in whatever case and however they are broken.
 * Clean text in.
 */
bool quoted_lines_in(const QuotedLines *lines, const char *text);

#endif
