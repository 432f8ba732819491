/*
 * auth: did the From domain really send it? Answered only from the stamps of
 * the site's own border (Authentication-Results, RFC 8601; SECURITY.md 2.4).
 *
 * Only fields of the leading trace block count: those above the first
 * Received whose `by` host is not in border_hosts, and above every field of
 * the writer's own (From, To, Subject...). Their authserv-id must be the
 * configured one, whole. Any dmarc=fail among them wins; one that cannot be
 * read undoes a pass; header.from must be the identity's domain. Nothing below
 * the block, no ARC, no Received-SPF.
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
	const char *authserv_id; /* NULL: AUTH_NONE unless exchange_online */
	/* NULL-terminated, may be NULL or empty; '*' in one matches anything,
	 * as in "2002:*" for what Gmail writes inside its house. */
	const char *const *border_hosts;
	/* Instead of authserv_id: the mail's first A-R, if it has no id and is
	 * below a Received by *.outlook.com or *.office365.com. */
	bool exchange_online;
} AuthConfig;

const char *auth_verdict_name(AuthVerdict verdict);

/* Why, in a few words for the trace, goes to *ret_why (the caller frees). */
AuthVerdict
auth_check(const Message *message, const AuthConfig *config, char **ret_why);

/*
 * When the border received it: the date of the topmost Received if it is of a
 * border host, or INSTANT_NONE. Whether to believe it is the caller's (DESIGN.md 7).
 */
Instant auth_border_received(const Message *message, const AuthConfig *config);

/* Whether two domains belong to one organisation: equal, or one below the
 * other, never by a public suffix alone. */
bool auth_domains_aligned(const char *a, const char *b);

/* DMARC's relaxed alignment (RFC 7489, 3.1): the same organisational domain,
 * whichever stands below which. */
bool auth_same_organisation(const char *a, const char *b);

#endif
