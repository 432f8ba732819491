/*
 * received: what one Received field says (RFC 5321, 4.4), read as strictly as
 * a proof needs it. The server that stands behind `by` wrote the field, but
 * for what it copied from its peer: the name of HELO, the local part of `for`,
 * a certificate's subject. A peer that writes the field's own syntax into
 * these must not be able to imitate another one (doc/security.md 2.4).
 */
#ifndef GUICHET_RECEIVED_H
#define GUICHET_RECEIVED_H

#include "guichet/base/base.h"

/* Each string is NULL where the field does not say it, or in two ways. */
typedef struct {
	char *by;   /* lower-case, without a trailing dot; NULL also where more
	               than one word "by" stands outside comments */
	char *with; /* protocol (RFC 3848), upper-case: "ESMTPSA" */
	bool has_from; /* else it was handed in on that host itself */
	char *helo;    /* the word behind "from", lower-case: unproven, but for
	                  Exim, which puts there what it verified */
	char *ip;      /* of the peer, lower-case, without "ipv6:" */
	char *name;    /* of the peer, verified by DNS, lower-case */
	char *login;   /* Postfix's "Authenticated sender" */
	char *to;      /* canonical, behind `for`: where it says one */
} Received;

/* Without `by` nothing of it is to be believed, and all else is NULL. */
void received_read(const char *raw, Received *ret);
void received_clear(Received *received);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Received, received_clear)

/* Whether the peer logged in (RFC 3848: ESMTPA, ESMTPSA and their UTF8SMTP
 * forms): then what stands below is the writer's, wherever they connect from. */
bool received_is_login(const Received *received);

typedef enum {
	PEER_UNKNOWN, /* the field does not say it */
	PEER_HERE,    /* a loopback address, no `from` at all, or LMTP */
	PEER_PRIVATE, /* an address of no public network */
	PEER_PUBLIC,
} PeerPlace;

PeerPlace received_place(const Received *received);

/* The field's date, or INSTANT_NONE. */
Instant received_date(const char *raw);

#endif
