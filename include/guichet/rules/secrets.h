/*
 * secrets: what looks like a password, a key or a code in a text, and the text
 * without it. For what leaves by mail to be read by a technician: their mailbox
 * is not where a client's password should lie a second time.
 *
 * A site's secrets.yaml takes the place of the patterns that are built in.
 * Masking never lets through what it could not look at: where a pattern hits
 * its limits, or there is more to mask than anyone writes, the whole text is.
 */
#ifndef GUICHET_SECRETS_H
#define GUICHET_SECRETS_H

#include "guichet/base/problems.h"

typedef struct Secrets Secrets;

/* NULL if anything is wrong: then `problems` has it. */
Secrets *secrets_load(const char *file, GBytes *yaml, Problems *problems);
/* The file that came with guichet. */
GBytes *secrets_builtin(void);
void secrets_free(Secrets *secrets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secrets, secrets_free)

/* What is masked beside what the patterns find. */
typedef struct {
	const char *const *said; /* texts that somebody named; NULL: none */
	const char
	    *box; /* the desk's address: what follows its '+' is signed */
} SecretWords;

/* The clean text, each secret replaced by "[masked]" in the reader's language.
 * The caller frees. */
char *secrets_mask(const Secrets *secrets, const SecretWords *words,
    const char *text, const char *language);

#endif
