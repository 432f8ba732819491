/*
 * auth_trial: whether the border takes away what a stranger writes in its name.
 * Somebody sends a mail from outside with a stamp that says dmarc=pass and bears
 * a word that nobody else knows, in its subject, too; what arrives of it tells.
 */
#ifndef GUICHET_AUTH_TRIAL_H
#define GUICHET_AUTH_TRIAL_H

#include "guichet/trust/auth.h"

typedef struct {
	bool is_kept; /* the forged stamp is still in the mail */
	AuthReport report;
} AuthTrial;

/* False: the mail's subject does not hold the word. */
bool auth_trial_read(const Message *message, const AuthConfig *config,
    const char *word, AuthTrial *ret);
void auth_trial_clear(AuthTrial *trial);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AuthTrial, auth_trial_clear)

/* The forgery to be sent, a mail with its head. The caller frees. */
char *auth_trial_mail(const AuthConfig *config, const char *from,
    const char *to, const char *word);

#endif
