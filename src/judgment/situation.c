/* The words of a situation, and how far its mail is proven. */
#include "guichet/judgment/situation.h"

#include "guichet/base/names.h"

#define LINK_NAMES(X)           \
 X(LINK_TOKEN, "token")         \
 X(LINK_OWN_ID, "own-id")       \
 X(LINK_STORED_ID, "stored-id") \
 X(LINK_SEEN_ID, "seen-id")     \
 X(LINK_TAG, "tag")             \
 X(LINK_NONE, "none")
NAME_TABLE(links, LINK_NAMES, LINK_COUNT);

#define WHO_NAMES(X)           \
 X(WHO_NOBODY, "nobody")       \
 X(WHO_STRANGER, "stranger")   \
 X(WHO_CONTACT, "contact")     \
 X(WHO_COLLEAGUE, "colleague") \
 X(WHO_TECHNICIAN, "technician")
NAME_TABLE(whos, WHO_NAMES, WHO_COUNT);

const char *
link_kind_name(LinkKind link)
{
	return names_word(&links, link);
}

const char *
who_kind_name(WhoKind who)
{
	return names_word(&whos, who);
}

bool
situation_is_owed(const Situation *situation)
{
	return situation->who == WHO_CONTACT && situation->auth == AUTH_PASS;
}

Proof
situation_proof(const Situation *situation)
{
	return proof_of(situation->auth, situation->is_alert_source);
}
