/*
 * alert_origin: which monitoring systems a site believes (`alert_sources` in
 * guichet.yaml; doc/security.md T3), and whether a mail is of one of them.
 *
 * What is given of address, from and host must all fit. Then the mail proves
 * itself by what `require` names: the secret address it was sent to, From with
 * DMARC pass, or the host that gave it to our border.
 */
#ifndef GUICHET_ALERT_ORIGIN_H
#define GUICHET_ALERT_ORIGIN_H

#include "guichet/trust/auth.h"
#include "guichet/yaml/yaml.h"

typedef enum {
	ORIGIN_TOKEN,
	ORIGIN_AUTHENTICATED,
	ORIGIN_PINNED,
	ORIGIN_PROOF_COUNT,
} OriginProof;

typedef struct {
	char *name;
	char *address; /* secret, canonical, or NULL */
	char *from;    /* address or domain, canonical, or NULL */
	char *host;    /* IP address or verified name, or NULL */
	OriginProof require;
	char *contract; /* all of it is this client's, or NULL: hosts.yaml */
	Seconds silent_after; /* no news for so long: a reminder; 0: none */
	YamlPlace place, address_at, contract_at;
} AlertOrigin;

void alert_origin_free(gpointer origin);

/* `alert_sources` of guichet.yaml: AlertOrigin *, never NULL. */
GPtrArray *alert_origins_load(const YamlNode *root);

/*
 * The origin that the mail proves to be of, or NULL; why goes to *ret_why (the
 * caller frees). `recipients` are canonical, `auth` is auth_check()'s.
 */
const AlertOrigin *alert_origin_find(const GPtrArray *origins,
    const Message *message, char *const *recipients, AuthVerdict auth,
    const AuthConfig *border, char **ret_why);

/* What a source is known by says how far its mail can be a person's. */
typedef enum {
	ORIGIN_IS_SENDER, /* by its own From, whole: never */
	ORIGIN_IS_SECRET, /* by where it is sent: if it comes there */
	ORIGIN_IS_SHARED, /* by its domain or host: people are there, too */
} OriginMark;

OriginMark alert_origin_mark(const AlertOrigin *origin);

/*
 * Whether a raw mail is an origin's by its head: a scan that may err, to put
 * alerts behind other mail. Never a named contact's of the contracts
 * (Contract *); see alert_suspect.c for what counts, and why.
 */
bool alert_origin_suspect(const GPtrArray *origins, const AuthConfig *border,
    const GPtrArray *contracts, GBytes *raw);

#endif
