/*
 * store_availability: what availability is counted from (availability.h), as
 * it was at the time: turns of alerts, and the rules in force. See store.h for
 * errors and transactions.
 */
#ifndef GUICHET_STORE_AVAILABILITY_H
#define GUICHET_STORE_AVAILABILITY_H

#include "guichet/alert/alert.h"
#include "guichet/store/store.h"

/* What an alert is from this instant on: firing or not, and how bad, until
 * its next turn. */
typedef struct {
	gint64 alert; /* of all its turns */
	char *host, *service;
	char *contract; /* the ticket's, else the one it was mapped to; "" */
	Instant at;
	bool firing;
	AlertLevel level;
	gint64 ticket; /* 0: none, in a silence */
} AlertTurn;

void alert_turn_free(AlertTurn *turn);

/* Turns before `to`, and of those before `from` the last of each alert that was
 * not over for good by then: AlertTurn *, by alert, then in order. */
GPtrArray *
store_alert_turns(Store *store, Instant from, Instant to, GError **error);

/* Hosts of alerts that were mapped to the contract last: char *, sorted. */
GPtrArray *
store_alert_hosts_of(Store *store, const char *contract, GError **error);

/* Rules that came into force. */
typedef struct {
	Instant at;
	char *hash;
} RulesSince;

void rules_since_free(RulesSince *since);

/* Notes that these kept rules are in force from then on, if others are now. */
bool
store_rules_since(StoreTx *tx, const char *hash, Instant at, GError **error);
/* RulesSince *, ascending, no two neighbours alike. */
GPtrArray *store_rules_history(Store *store, GError **error);

#endif
