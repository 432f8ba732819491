/*
 * What the files share that make drafts.
 */
#ifndef GUICHET_DRAFT_PRIVATE_H
#define GUICHET_DRAFT_PRIVATE_H

#include "facing_private.h"

/* (drafts.c) To that reader, about the ticket, without words yet. */
Draft *draft_new(const Occasion *o, SendKind send, const char *to,
    const char *language, const Zone *zone);

/* (draft_client.c) One a reader: who is answered and who is in copy, or who the
 * effect names. Draft * to `drafts`. */
void draft_clients(Intake *in, const Occasion *o, const Effect *effect,
    GPtrArray *drafts);

#endif
