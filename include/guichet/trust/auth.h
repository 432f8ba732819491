/*
 * auth: did the From domain, or the technician, really send it? Answered only
 * from what the site's own border wrote (Authentication-Results, RFC 8601;
 * Received, RFC 5321; doc/security.md 2.4).
 *
 * The border's own trace is followed from the top: each Received must be of a
 * host of `border_hosts`, and the first that took the mail from a stranger, or
 * from somebody who logged in, is the last that is believed, whatever stands
 * below (doc/security.md 2.4: a forger writes our names into Received, too).
 * Where that border puts its stamps above that field, only what stands above it
 * counts; where it puts them below, exactly the fields that it makes. Their
 * authserv-id must be one of those configured, whole. Any dmarc=fail among them
 * wins; one that cannot be read undoes a pass; header.from must be the
 * identity's domain. Nothing of the writer's own block (From, To, Subject...),
 * no ARC, no Received-SPF.
 */
#ifndef GUICHET_AUTH_H
#define GUICHET_AUTH_H

#include "guichet/mail/message.h"

typedef enum {
	AUTH_NONE, /* nobody vouches, or nobody we know */
	AUTH_PASS,
	AUTH_FAIL,
	AUTH_TEMPERROR,
	AUTH_VERDICT_COUNT,
} AuthVerdict;

/* Where the border's stamps stand, seen from its own Received. */
typedef enum {
	STAMPS_ABOVE, /* opendkim, opendmarc, policyd-spf, Exim's :at_start: */
	STAMPS_BELOW, /* rspamd, Gmail */
	STAMPS_PLACES,
} StampPlace;

/* Whom a login at the border proves. */
typedef struct {
	const char *address; /* canonical */
	const char *login;   /* lower-case; NULL: only the address itself */
} AuthLogin;

typedef struct {
	/* NULL-terminated, lower-case; NULL or empty: AUTH_NONE but for a
	 * login in the border's Received, unless exchange_online. */
	const char *const *authserv_ids;
	/* NULL-terminated, may be NULL or empty; '*' in one matches anything,
	 * as in "2002:*" for what Gmail writes inside its house. */
	const char *const *border_hosts;
	/* Instead of authserv_ids: the mail's first A-R, if it has no id and is
	 * below a Received by *.outlook.com or *.office365.com. */
	bool exchange_online;
	StampPlace stamps;
	guint fields; /* with STAMPS_BELOW: how many it makes; 0 is 1 */
	/* The border never stamps dmarc: its dkim=pass or spf=pass for the From
	 * domain's organisation is taken for it. */
	bool without_dmarc;
	const AuthLogin *logins; /* the technicians' */
	gsize login_count;
} AuthConfig;

const char *auth_verdict_name(AuthVerdict verdict);

/* What the trace shows beside the verdict. */
typedef struct {
	AuthVerdict verdict;
	char *why; /* a few words for the trace, in English */
	/* The border host that took it in, or NULL if none is seen; then all of
	 * the following are as they are here. */
	char *host;
	bool from_outside;  /* from a public address, without a login */
	bool stamped;       /* it bears the border's stamp where that counts */
	bool by_login;      /* the verdict is the login's, not a stamp's */
	char *login;        /* who logged in at the border, or NULL */
	char *misplaced;    /* where a stamp of ours stands that does not count,
			    in words, or NULL */
	char *misplaced_id; /* whose name it bears */
	/* A host that `border_hosts` seems to lack: its Received stands above
	 * all of the border's (doc/security.md 2.4), or it gave the border the
	 * mail from within. NULL: none. */
	char *obstacle;
} AuthReport;

void
auth_examine(const Message *message, const AuthConfig *config, AuthReport *ret);
void auth_report_clear(AuthReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AuthReport, auth_report_clear)

/* The same without the details; why goes to *ret_why (the caller frees). */
AuthVerdict
auth_check(const Message *message, const AuthConfig *config, char **ret_why);

/*
 * When the border received it: the date of the topmost Received if it is of a
 * border host, or INSTANT_NONE. Whether to believe it is the caller's
 * (doc/design.md 7).
 */
Instant auth_border_received(const Message *message, const AuthConfig *config);

/* Who gave the mail to our border, by the Received that took it in: the IP
 * address and the verified name, each NULL if it does not say. The caller
 * frees. */
void auth_border_peer(const Message *message, const AuthConfig *config,
    char **ret_ip, char **ret_name);

/* Whether two domains belong to one organisation: equal, or one below the
 * other, never by a public suffix alone. */
bool auth_domains_aligned(const char *a, const char *b);

/* Whether anybody may get a name of their own below it ("fr", "co.uk",
 * "github.io"). A name of one label always is one. */
bool auth_is_public_suffix(const char *domain);

/* DMARC's relaxed alignment (RFC 7489, 3.1): the same organisational domain,
 * whichever stands below which. */
bool auth_same_organisation(const char *a, const char *b);

#endif
