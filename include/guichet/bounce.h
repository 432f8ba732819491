/*
 * bounce: what a delivery status report says (RFC 3464).
 */
#ifndef GUICHET_BOUNCE_H
#define GUICHET_BOUNCE_H

#include "guichet/message.h"

/*
 * Reads the decoded message/delivery-status part, and of the returned mail or
 * its header (may be NULL) the Message-ID. NULL if no recipient is named.
 */
Bounce *bounce_read(GBytes *status, GBytes *original);

/* With an empty list of recipients; the id is NULL until it is set. */
Bounce *bounce_new(void);

BounceRecipient *bounce_recipient_new(const char *address, const char *action,
    const char *status);
void bounce_recipient_free(BounceRecipient *recipient);

#endif
