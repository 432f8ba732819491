/*
 * auth: did the From domain really send it? Answered only from the stamps of
 * the site's own border (Authentication-Results, RFC 8601; SECURITY.md 2.4).
 *
 * Only fields of the leading trace block count: those above the first
 * Received whose `by` host is not in border_hosts. Their authserv-id must be
 * the configured one, whole. Any dmarc=fail among them wins; header.from must
 * be the identity's domain. Nothing below the block, no ARC, no Received-SPF.
 */
#ifndef GUICHET_AUTH_H
#define GUICHET_AUTH_H

#include "guichet/message.h"

typedef enum {
	AUTH_NONE, /* nobody vouches, or nobody we know */
	AUTH_PASS,
	AUTH_FAIL,
	AUTH_TEMPERROR,
} AuthVerdict;

typedef struct {
	const char *authserv_id;         /* NULL: never AUTH_PASS */
	const char *const *border_hosts; /* NULL-terminated, may be empty */
	bool exchange_online; /* first A-R without an id, below outlook.com's */
} AuthConfig;

const char *auth_verdict_name(AuthVerdict verdict);

/* Why, in a few words for the trace, goes to *ret_why (the caller frees). */
AuthVerdict
auth_check(const Message *message, const AuthConfig *config, char **ret_why);

/*
 * When the border received it: the date of the topmost Received of a border
 * host, or INSTANT_NONE. Whether to believe it is the caller's (DESIGN.md 7).
 */
Instant auth_border_received(const Message *message, const AuthConfig *config);

/* Whether two domains belong to one organisation: equal, or one below the
 * other, never by a public suffix alone (GLib has no list: see auth.c). */
bool auth_domains_aligned(const char *a, const char *b);

#endif
