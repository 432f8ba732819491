/*
 * refusal: how a technician is told that a mail of theirs did nothing
 * (doc/design.md 7; doc/security.md 2.3).
 *
 * A proven one is told of each answer that did not go out. What would only
 * say the same again, or is over the hour's number, is listed in one mail an
 * hour. Nothing answers a mail that itself answers a refusal and adds no word:
 * that is how an absence without its marks would go round for ever.
 *
 * A mail that anybody may have sent must not fill the technician's mailbox: it
 * has a budget of its own, and uses up nobody else's.
 */
#ifndef GUICHET_REFUSAL_H
#define GUICHET_REFUSAL_H

#include "guichet/judgment/decision.h"
#include "guichet/judgment/situation.h"

/* doc/security.md 2.3: more would be a flood to one who works by mail. */
#define REFUSALS_PROVEN_HOUR 12
/* A program that answers each refusal and each list, with other words each time
 * and no field that says what it is, comes to rest: three hours' worth a day
 * are told, what is beyond stands where it was sent. */
#define REFUSALS_PROVEN_DAY 36
/* doc/security.md 2.3: enough to notice that somebody uses one's name. */
#define REFUSALS_UNPROVEN_DAY  5
#define REFUSALS_UNPROVEN_HERE 1
/* After that, equal words are a new mistake, not the same again. */
#define REFUSAL_WORDS_SECONDS (24 * 3600)
/* One list at most in so long. */
#define REFUSAL_LIST_SECONDS 3600

typedef enum {
	REFUSAL_TOLD,   /* in a mail of its own */
	REFUSAL_LISTED, /* with others, within the hour */
	REFUSAL_SILENT, /* it stands on the ticket alone */
} RefusalWay;

RefusalWay refusal_way(const Refusals *refusals, Proof proof, bool has_words);

/* Why, in a few words of a line: the reasons of SEND_REFUSAL. */
const char *refusal_words(Reason reason, const char *language);

#endif
