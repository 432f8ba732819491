/*
 * reply_choices: what a client's mail offers to answer by one line, or one touch
 * of a link, where it asks a choice of them (doc/security.md 2.6).
 *
 * The words are those of the client's language, and rules/match reads them as it
 * reads anybody's: a link writes nothing that a person might not have written.
 */
#ifndef GUICHET_REPLY_CHOICES_H
#define GUICHET_REPLY_CHOICES_H

#include "guichet/compose/template.h"
#include "guichet/rules/plan.h"
#include "guichet/ticket/event_words.h"

typedef enum {
	REPLY_ASKS_SETTLED,   /* whether it is solved */
	REPLY_ASKS_NEEDED,    /* only whether it is, so that it can be closed */
	REPLY_ASKS_ESTIMATE,  /* whether they agree to it */
	REPLY_ASKS_OBJECTION, /* nothing: they may object to what is excluded */
} ReplyAsks;

/* {{choices}} of {{say}}, {{label}} and {{link}}, which is "" without a tag of the
 * ticket, and else goes to the placeholder of its number, which button_fill()
 * puts signed addresses in for. */
void reply_add_choices(Values *values, ReplyAsks asks, const char *language,
    const char *tag);
/* `href="mailto:choice-3?`. The caller frees. */
char *reply_choice_place(int number);
int reply_choice_count(void);
/* Whether the text begins with that choice, in any of the clients' languages. */
bool reply_choice_writes(int number, const char *text);

/* What an estimate, and the question who answered it, have beside: how long, and
 * what was said of it. */
void reply_add_estimate(Values *values, int minutes, EventApproval said,
    const char *language);
/* What word that it is another team's has beside. */
void reply_add_passed(Values *values, int minutes, const Plan *plan,
    const char *language);

#endif
