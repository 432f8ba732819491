/*
 * stamp_private: what one Authentication-Results field says (RFC 8601, 2.2), for
 * auth.c and border.c alone.
 */
#ifndef GUICHET_STAMP_PRIVATE_H
#define GUICHET_STAMP_PRIVATE_H

#include "guichet/base/base.h"

#define STAMP "Authentication-Results"

/* What one method says: "dmarc=pass header.from=corp.test". Strings are
 * lower-case; the properties are NULL where it has none. */
typedef struct {
	char *method, *result;
	char *from;     /* header.from's domain */
	char *signer;   /* header.d */
	char *agent;    /* header.i's domain, at the signer's or below it */
	char *mailfrom; /* smtp.mailfrom's domain */
	char *login;    /* smtp.auth, whole */
	bool known;     /* of version 1, the only one there is */
} Finding;

void finding_clear(Finding *finding);

/* Called for each finding that can be read, and for a failure even where what
 * follows it cannot. */
typedef void (*StampFinding)(void *data, const Finding *finding);

/* The authserv-id, lower-case; "" if the field starts with a method at once.
 * The caller frees. */
char *stamp_id(const char *raw);

/* False if any of it cannot be read: a failure may stand there. Without
 * `has_id` the first method comes at once (Exchange Online). */
bool stamp_read(const char *raw, bool has_id, StampFinding each, void *data);

#endif
