/* The three proofs that a mail can have, and their words. */
#include "guichet/judgment/proof.h"

#include "guichet/base/names.h"

/* Proof begins below zero, a table does not. */
#define INDEX(proof) ((proof)-PROOF_FAIL)

#define PROOF_NAMES(X)        \
 X(INDEX(PROOF_FAIL), "fail") \
 X(INDEX(PROOF_NONE), "none") \
 X(INDEX(PROOF_PASS), "pass")
NAME_TABLE(proofs, PROOF_NAMES, INDEX(PROOF_END));

const char *
proof_name(Proof proof)
{
	return names_word(&proofs, (guint)INDEX(proof));
}

Proof
proof_of_name(const char *name)
{
	int index = names_find(&proofs, name);

	return index >= 0 ? (Proof)(index + PROOF_FAIL) : PROOF_NONE;
}

Proof
proof_of(AuthVerdict auth, bool is_trusted)
{
	if (is_trusted || auth == AUTH_PASS)
		return PROOF_PASS;
	/* A name server that did not answer proves nothing either way. */
	return auth == AUTH_FAIL ? PROOF_FAIL : PROOF_NONE;
}
