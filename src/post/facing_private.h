/*
 * facing: the facts that one reader's draft is made of, gathered for its template
 * (drafts.c). What they borrow lives as long as the Facing and the Occasion.
 */
#ifndef GUICHET_FACING_PRIVATE_H
#define GUICHET_FACING_PRIVATE_H

#include "guichet/post/draft.h"

/* The facts of one reader, and the strings they borrow. */
typedef struct {
	ReplyInternal facts;
	GPtrArray *clocks; /* ReplyClock * */
	GPtrArray *files;  /* ReplyFile * */
	char *received, *reopened, *intake, *next;
	char *answers_to, *sent_by, *tag, *life_since, *crossed_at, *seen,
	    *awaits_at, *to_map;
	DraftFacts writer;
	DraftOffer offer;   /* of a client's plan */
	GPtrArray *buttons; /* ReplyButton * */
} Facing;

void facing_clear(Facing *f);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Facing, facing_clear)

/* What any reader may know, in their language and zone. */
void facing_fill(Facing *f, Intake *in, const Occasion *o, const char *language,
    const Zone *zone);
/* That the contract promises nothing on what began then, and whom to ask. */
void facing_life(Facing *f, const Intake *in, const Occasion *o,
    const char *language);
/* What only the desk may know about the mail in hand; after facing_fill(). */
void facing_inside(Facing *f, const Intake *in, const Occasion *o,
    Reason reason, const char *language);

#endif
