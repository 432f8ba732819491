/*
 * identity: who wrote, decided on the raw bytes of the one From field
 * (doc/security.md 2.3, steps 1 and 2, and T22).
 *
 * Accepted is "addr", "<addr>", "phrase <addr>", and of the old but sound forms
 * "addr (Name)", "addr <addr>" with the same address twice, blanks within <>,
 * a local part in quotes that needs none, the same mailbox again behind a
 * comma, a comma at the end; addr is what text_is_address() takes, and the
 * phrase or comment holds nothing that any parser could take for an address.
 * It is stricter than RFC 5322 on purpose: where two parsers may differ, there
 * is no identity, and the mail still becomes a ticket.
 */
#ifndef GUICHET_IDENTITY_H
#define GUICHET_IDENTITY_H

#include "guichet/base/base.h"

/*
 * The canonical address of a raw From value (behind the colon, folded as it
 * came). NULL if it gives none; *ret_defect, a static word, then says why:
 * "from-empty", "from-control", "from-8bit", "from-encoded", "from-group",
 * "from-several", "from-comment", "from-quoted" (local part), "from-syntax".
 */
char *
identity_from_field(const char *value, gsize length, const char **ret_defect);

#endif
