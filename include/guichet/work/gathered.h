/*
 * gathered: the life of what is known of a mail in hand (hand.h).
 */
#ifndef GUICHET_GATHERED_H
#define GUICHET_GATHERED_H

#include "guichet/hand/hand.h"

void gathered_free(Gathered *gathered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gathered, gathered_free)

#endif
