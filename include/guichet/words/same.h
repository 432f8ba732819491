/*
 * same: whether two mails of one Message-ID and sender are one mail that came
 * by two paths (doc/design.md 7, "The same mail").
 *
 * Servers on the way encode a mail anew, give its parts other boundaries, put
 * a mark into its subject and a banner above or a footer below its text. What
 * its writer wrote stays as it was.
 */
#ifndef GUICHET_SAME_H
#define GUICHET_SAME_H

#include "guichet/base/base.h"

/* Whether the subjects differ in nothing but blanks, case and what a server
 * put in front: "[EXTERNE]", "***SPAM***", "[list]". */
bool same_subject(const char *one, const char *other);

/* Whether the texts differ in nothing but blanks and what a server added above
 * or below: a banner or footer that quotes.yaml knows, or a line of signs. */
bool same_text(const char *one, const char *other);

/* The text without the banners above and the footers below it that servers put
 * there: what they say is not the writer's. The caller frees. */
char *same_without_added(const char *text);

#endif
