/*
 * auth_sight: what a mail's border is to be seen to write, whatever the site
 * says of it: for `guichet check`, which shows both. Nothing of it is proven;
 * it is what to write into guichet.yaml if the mail is one of one's own.
 */
#ifndef GUICHET_AUTH_SIGHT_H
#define GUICHET_AUTH_SIGHT_H

#include "guichet/trust/auth.h"

typedef enum {
	SIGHT_ABOVE, /* the Received that took the mail in */
	SIGHT_BELOW, /* right below it */
	SIGHT_END,   /* among the writer's own fields or behind */
	SIGHT_PLACES,
} SightPlace;

typedef struct {
	char *id; /* "" where the stamp has none */
	SightPlace place;
	bool dmarc;
} SightStamp;

typedef struct {
	/* char *: the hosts behind `by`, from the top down to the one that
	 * took the mail from a stranger or from somebody who logged in. */
	GPtrArray *hosts;
	bool from_outside; /* from a public address, without a login */
	char *login;       /* who logged in, as far as it is shown, or NULL */
	GPtrArray *stamps; /* SightStamp * */
} AuthSight;

void auth_sight(const Message *message, AuthSight *ret);
void auth_sight_clear(AuthSight *sight);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AuthSight, auth_sight_clear)

#endif
