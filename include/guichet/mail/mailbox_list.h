/*
 * mailbox_list: the mailboxes of a header that lists some, in every form in
 * which mail programs write them, for showing and for knowing our own
 * addresses among them. Nothing of it proves anything: who wrote a mail is
 * decided by identity.h, and nobody is written to for standing here.
 *
 * Read are RFC 5322, 3.4 with its old forms, groups, and besides what is sent
 * all the same: ';' between mailboxes, apostrophes around an address, also
 * within <>, "mailto:" and "SMTP:" before it, a bare address behind a name, <>
 * or quotes that are never closed, dots anywhere in a local part.
 */
#ifndef GUICHET_MAILBOX_LIST_H
#define GUICHET_MAILBOX_LIST_H

#include "guichet/mail/message.h"

/*
 * Appends to `mailboxes` (Mailbox *) what the line holds, up to
 * LIMIT_MAILBOXES in all. The line is UTF-8, unfolded, encoded words not
 * decoded; names are decoded and clean. An address is without what stood
 * around it, and may be of any form. `decode` also reads addresses that stand
 * within encoded words, which no standard has.
 */
void mailbox_list_read(const char *line, bool decode, GPtrArray *mailboxes);

#endif
