/* The three proofs that a mail can have, and their words. */
#include "guichet/desk/proof.h"

#include <string.h>

/* In the order of Proof, which begins below zero. */
static const char *const names[] = { "fail", "none", "pass" };

const char *
proof_name(Proof proof)
{
	g_assert(proof >= PROOF_FAIL && proof <= PROOF_PASS);
	return names[proof - PROOF_FAIL];
}

Proof
proof_of_name(const char *name)
{
	for (Proof proof = PROOF_FAIL; proof <= PROOF_PASS; proof++) {
		if (strcmp(proof_name(proof), name) == 0)
			return proof;
	}
	return PROOF_NONE;
}

Proof
proof_of(AuthVerdict auth, bool is_trusted)
{
	if (is_trusted || auth == AUTH_PASS)
		return PROOF_PASS;
	/* A name server that did not answer proves nothing either way. */
	return auth == AUTH_FAIL ? PROOF_FAIL : PROOF_NONE;
}
