/*
 * desk_restored: what becomes of a decision about a mail that an earlier life of
 * the store may have judged already (doc/security.md P17): nothing that it may
 * have done is done again.
 *
 * Pure.
 */
#ifndef GUICHET_DESK_RESTORED_H
#define GUICHET_DESK_RESTORED_H

#include "guichet/desk/decide.h"

/* The tag of tickets that such mails went to. */
#define DESK_RESTORED_TAG "restored"

typedef struct {
	const Situation *sit; /* that was judged */
	/* Whoever is refused cannot have been refused before: the refusal goes
	 * out. */
	bool first_told;
	/* Numbers (gint64) of the tickets that the decision moves and that are
	 * done. */
	const GArray *done;
} RestoredCase;

/* Answers are held; those in a technician's own words are left to a person
 * (Effect.doubt); no ticket that is done opens again; the ticket is tagged. */
void desk_restored(Decision *decision, const RestoredCase *c);

#endif
