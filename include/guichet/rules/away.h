/*
 * away: when somebody who is away says that they are back, out of the words of an
 * automatic answer. Patterns and the names of months are the site's
 * (rules/away.yaml); a date that is past or far away is none.
 */
#ifndef GUICHET_AWAY_H
#define GUICHET_AWAY_H

#include "guichet/base/problems.h"
#include "guichet/time/zone.h"

typedef struct Away Away;

/* NULL if anything is wrong: then `problems` has it. */
Away *away_load(const char *file, GBytes *yaml, Problems *problems);
void away_free(Away *away);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Away, away_free)

/* The day on which they are back, the latest where several are told, by the
 * clean text of a mail that came on `today`. False: it tells none. `away` may be
 * NULL. */
bool
away_return(const Away *away, const char *text, Date today, Date *ret_back);

#endif
