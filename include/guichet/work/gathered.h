/*
 * gathered: the life of what is known of a mail in hand (hand.h), and what is
 * noted in it more than once.
 */
#ifndef GUICHET_GATHERED_H
#define GUICHET_GATHERED_H

#include "guichet/hand/hand.h"

/* (gather_past.c) Which mail of ours a client's answers, by its row or by the word
 * of its address: the first that is known. */
void gathered_note_answer(Gathered *gathered, const OutboxRow *row);
bool gathered_find_answer(Gathered *gathered, Intake *in, const char *word,
    GError **error);
void gathered_free(Gathered *gathered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gathered, gathered_free)

#endif
