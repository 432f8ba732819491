/*
 * proof: how far a mail is its sender's, and what is never mixed across it
 * (doc/design.md 7, "Proof never mixes"; doc/security.md 2.3).
 *
 * Whatever is counted of mails (the brake on one subject, acknowledgments,
 * repeats, refusals) is counted within one proof, so that what anybody can
 * forge never hinders what is proven.
 */
#ifndef GUICHET_PROOF_H
#define GUICHET_PROOF_H

#include "guichet/trust/auth.h"

/* The worst first: a copy of a mail counts for more where this is higher. */
typedef enum {
	PROOF_FAIL = -1, /* the From domain says that it is not its mail */
	PROOF_NONE,      /* nobody vouches, or nobody could */
	PROOF_PASS,      /* the From domain, or a trusted source of alerts */
	PROOF_END,
} Proof;

/* "fail", "none", "pass": the store's words, too. */
const char *proof_name(Proof proof);
/* An unknown word proves nothing. */
Proof proof_of_name(const char *name);

/* What our border says; `is_trusted` tells of a source of alerts that proved
 * itself in its own way (alert_origin.h). */
Proof proof_of(AuthVerdict auth, bool is_trusted);

#endif
