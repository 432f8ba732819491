/*
 * bounce_private: what reports of both kinds are read with. Only for bounce.c
 * (RFC 3464) and bounce_text.c (words for people).
 */
#ifndef GUICHET_BOUNCE_PRIVATE_H
#define GUICHET_BOUNCE_PRIVATE_H

#include "guichet/mail/bounce.h"

/* "rfc822; <a@b>" and what senders make of it: the address. The caller frees
 * it, as those below. */
char *bounce_address(const char *value);
/* "5.1.1" somewhere in the server's own words, or NULL. */
char *bounce_code(const char *text);
/* The Message-ID of the returned mail or its header, or NULL. */
char *bounce_original_id(GBytes *original);

#endif
