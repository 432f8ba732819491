/*
 * identity: who wrote, decided on the raw bytes of the one From field
 * (doc/security.md 2.3, steps 1 and 2, and T22).
 *
 * Accepted is "addr", "<addr>" or "phrase <addr>" and nothing else, where addr
 * is a plain dot-atom addr-spec and the phrase holds nothing that any parser
 * could take for an address. It is stricter than RFC 5322 on purpose: where
 * two parsers may differ, there is no identity, and the mail still becomes a
 * ticket.
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
