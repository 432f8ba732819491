/*
 * courtesy: what a mail says between its greeting and its closing. "Bonjour",
 * "Cordialement" and a name stand in mails of every kind, and tell of none.
 *
 * The words are rules/quotes.yaml's (quotes.h): greetings, addressees and
 * closings. Cut are a greeting at the beginning with whom it greets, if a comma
 * or the line ends there; sentences at the end that are made of closings alone;
 * lines of names at the end, one to four words that begin with a capital and
 * go on in small letters. Nothing else, and no words behind which others stand.
 */
#ifndef GUICHET_COURTESY_H
#define GUICHET_COURTESY_H

#include "guichet/words/quotes.h"

/* The text without them, "" if it is nothing else; NULL counts as "". UTF-8;
 * the caller frees. */
char *courtesy_cut(const char *text);

#endif
