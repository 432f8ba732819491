/*
 * subject: what the prefixes of a subject say.
 */
#ifndef GUICHET_SUBJECT_H
#define GUICHET_SUBJECT_H

#include "guichet/words/quotes.h"

typedef enum {
	SUBJECT_NEW,
	SUBJECT_ANSWER,
	SUBJECT_FORWARD,
	/* One language's answer is another's forward ("VS:"). */
	SUBJECT_EITHER,
} SubjectKind;

/*
 * The length of one prefix at the start with the blanks behind it: "Re:",
 * "RE :", "Re[2]:", "AW(3)：". 0: it starts with none. *ret_prefix, which may
 * be NULL, tells whose it is.
 */
gsize subject_prefix(const char *subject, QuotesPrefix *ret_prefix);

/*
 * What the mail says that it is. "[EXT]" and the like are passed over. The
 * outermost prefix decides, but an answer to a forward is a forward still
 * unless a ticket's tag ("[#12]") shows a conversation with us. *ret_prefix:
 * the one that decided.
 */
SubjectKind subject_kind(const char *subject, QuotesPrefix *ret_prefix);

#endif
