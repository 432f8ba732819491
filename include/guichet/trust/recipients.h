/*
 * recipients: every address that a mail was sent to, as far as the mail shows
 * it. Which of ours is among them chooses a contract of the sender's own, a
 * rule, a token; it proves nothing, since anybody can write most of these
 * fields.
 */
#ifndef GUICHET_RECIPIENTS_H
#define GUICHET_RECIPIENTS_H

#include "guichet/trust/auth.h"

/*
 * Canonical addresses, NULL-terminated; g_strfreev(). First what servers
 * stamped (Delivered-To and its like, the border's "Received ... for <...>",
 * or without a border the topmost one's), then Resent-To, Resent-Cc, To and Cc;
 * at last, for each "box+word@domain" of these, "box@domain".
 */
char **recipients_of(const Message *message, const AuthConfig *border);

/* Those of To alone, to whom the writer speaks, in the same form. */
char **recipients_addressed(const Message *message);

/* Whom To and Cc name beside its writer and `own` (with or without a "+word"; NULL:
 * nobody), in the same form, at most LIMIT_COPIED. */
char **recipients_besides(const Message *message, const char *const *own);

#endif
