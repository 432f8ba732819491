/*
 * bounce: what a delivery status report says (RFC 3464), or one that only has
 * words for people.
 */
#ifndef GUICHET_BOUNCE_H
#define GUICHET_BOUNCE_H

#include "guichet/mail/message.h"

/*
 * Reads the decoded message/delivery-status part, and of the returned mail or
 * its header (may be NULL) the Message-ID. NULL if no recipient is named.
 */
Bounce *bounce_read(GBytes *status, GBytes *original);

/*
 * The same of a mail without such a part, from its text: NULL unless a mail
 * server must have written it, and names an address that failed. The action is
 * "failed" or "delayed", the status x.0.0 where only an SMTP reply was quoted.
 */
Bounce *bounce_read_text(const Message *message, GBytes *original);

/* With an empty list of recipients; the id is NULL until it is set. */
Bounce *bounce_new(void);

BounceRecipient *bounce_recipient_new(const char *address, const char *action,
    const char *status);
void bounce_recipient_free(BounceRecipient *recipient);

#endif
