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
/* Takes the ids of the returned mail, as much as there is of it: its own, and
 * all that its header names. */
void bounce_take_ids(Bounce *bounce, const char *original, gsize length);

/* Whether a mail server wrote it, from many weak signs: who it is from, what
 * its subject and the lines of the `report` say, whether a mail came `back`. */
bool bounce_is_told(const Message *message, char *const *report, bool back);

/* Reads the groups of a report (RFC 3464). */
void bounce_read_groups(Bounce *bounce, const char *bytes, gsize length);

#endif
