/*
 * answer_guard_private: what stands between a server's bytes and libetpan's parser.
 *
 * libetpan 1.9.4 recurses at each parenthesis, and goes through what it has
 * read again at each level: 40 kB of them in an answer that nobody asked for
 * overflow its stack. And it refuses a whole answer for one INTERNALDATE that
 * is no date. So each answer is let through line by line: one with more
 * parentheses than any answer to our commands has is refused, a date that is
 * none becomes ANSWER_GUARD_NO_DATE. What stands in a literal is not looked at.
 */
#ifndef GUICHET_ANSWER_GUARD_PRIVATE_H
#define GUICHET_ANSWER_GUARD_PRIVATE_H

#include "guichet/base/base.h"

/* In the place of an INTERNALDATE that is none (RFC 9051, 9, date-time). */
#define ANSWER_GUARD_NO_DATE "01-Jan-1970 00:00:00 +0000"

typedef struct AnswerGuard AnswerGuard;

AnswerGuard *answer_guard_new(void);
void answer_guard_free(AnswerGuard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnswerGuard, answer_guard_free)

/*
 * Takes what came, in pieces of any size. False: this must not reach the
 * parser (GUICHET_ERROR_TEMPORARY, since the server may mend it), and nothing
 * may be asked of the guard any more.
 */
bool answer_guard_put(AnswerGuard *guard, const char *bytes, gsize length,
    GError **error);

/* Moves up to `size` bytes that may be parsed into `buffer`; how many. */
gsize answer_guard_take(AnswerGuard *guard, char *buffer, gsize size);

/* Whether there are any; and whether it holds anything, be it half a line. */
bool answer_guard_has_some(const AnswerGuard *guard);
bool answer_guard_is_empty(const AnswerGuard *guard);

#endif
