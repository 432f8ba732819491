/*
 * alert_case: what the desk knows of one alert, and what it must know to judge
 * the next mail about it.
 *
 * An alert is known by source, system and key, all three compared whole; each
 * has one AlertCase in the store, whatever became of its tickets. A case is
 * no projection of a ticket's events: like a mail's row it is what was seen,
 * also of alerts that no ticket was opened for. It holds no personal text.
 */
#ifndef GUICHET_ALERT_CASE_H
#define GUICHET_ALERT_CASE_H

#include "guichet/alert/alert.h"
#include "guichet/alert/alert_map.h"
#include "guichet/ticket/ticket_view.h"

/* `ticket` of a case that goes to the ticket its mail opens. */
#define ALERT_TICKET_NEW (-1)

typedef struct AlertCase {
	gint64 id;                   /* 0: not stored yet */
	char *source, *system, *key; /* the key as alert_case_key() gives it */
	char *alias, *host, *service, *contract;
	gint64 ticket; /* the last it was on, 0 */
	gint64 mail;   /* the last about it, 0 */
	bool firing, flapping, silenced;
	AlertLevel level;
	gint64 count;           /* mails since it last began */
	gint64 active;          /* of a storm: alerts of it that fire */
	char **members;         /* of a group: keys that fire, sorted */
	Instant first, last;    /* mails about it */
	Instant opened, turned; /* its ticket was; it began or ended */
	Instant wake;           /* the tick must look, INSTANT_NONE */
} AlertCase;

AlertCase *
alert_case_new(const char *source, const char *system, const char *key);
AlertCase *alert_case_copy(const AlertCase *one);
void alert_case_free(AlertCase *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertCase, alert_case_free)

/* The alert's key, whole, or its hash where it is long. The caller frees. */
char *alert_case_key(const char *key);
/* Of all three, for the ticket. The caller frees. */
char *alert_case_ticket_key(const AlertCase *one);
/* The name of the mail that did not come, if a ticket's key is of one; "". */
const char *alert_case_awaited(const char *ticket_key);

/*
 * Of cases (AlertCase *) that share the alert's alias, the one that it is about:
 * of equal host and service or, where either names none, of what both name.
 * NULL if there is none, or where several would do.
 */
const AlertCase *alert_case_alike(const GPtrArray *cases, const Alert *alert);

/* Repeats are counted on the case; the ticket's log is told of the first few
 * and of each doubling, so that a mail costs the same after a year of them. */
bool alert_case_is_told(gint64 count);

/* Numbers of the trade. */
#define ALERT_FLAP_WINDOW  3600 /* seconds in which changes are counted */
#define ALERT_FLAP_CHANGES 6    /* so many in it: flapping */
#define ALERT_REJOIN       3600 /* a recovered alert that is back so soon */
#define ALERT_STORM_HOUR   60   /* tickets an hour and source */
#define ALERT_STORM_WINDOW 3600 /* that hour, to the second */

/* Whose an alert is, where nothing says so. */
typedef struct {
	const char *contract;  /* "" none */
	const char *component; /* "" */
	const char *scope;     /* "" */
	int severity;          /* of its level; 0: the plan's default */
	bool is_mapped; /* a line of hosts.yaml, or the source, says so */
	bool by_source; /* the source does */
	const AlertHost *line; /* of hosts.yaml, NULL */
} AlertTarget;

/* What a ticket's client was told of it, where their contract wants them told. */
typedef struct {
	bool began, over;
	bool budget; /* they may be told one more thing within the hour */
} AlertTold;

/* What it takes to judge a mail as an alert, or the passing of time. Borrowed,
 * nothing changes. */
typedef struct AlertFacts {
	const Alert
	    *alert; /* NULL: only a mail that was expected, or no mail */
	const char *source; /* as in the case */
	bool is_trusted;    /* the source is who it says: may open and close */
	const char *why;    /* for the trace */
	const AlertCase *known; /* NULL: first seen */
	const Ticket *ticket;   /* of `known`, NULL */
	const TicketView *view; /* of `ticket` */
	gint64 victim; /* untrusted: the open ticket of a source it names, 0 */
	bool over_before; /* its end was here first, within ALERT_REJOIN: by its
			   * id, or by what the two mails' Date says */
	int changes;      /* beginnings and ends within ALERT_FLAP_WINDOW */
	Instant silent_until; /* planned maintenance, or INSTANT_NONE */
	AlertTarget target;
	bool is_shared; /* a group of several clients' hosts: nobody's */
	bool is_partly; /* of a group, some hosts are no client's */
	AlertTold told;
	/* Of a contract that promises nothing, where each host has one ticket:
	 * the open one about this host, 0, and how many of its alerts fire
	 * there, this one apart. */
	gint64 host_ticket;
	guint host_firing;
	int openings; /* tickets of the source within the hour */
	/* Of the client whose alert it is, within the site's `storm`: how many,
	 * and whether that is a storm; then `storm` is the client's. */
	int client_openings;
	bool is_client_storm;
	const AlertCase *storm;
	const Ticket *storm_ticket;
	Seconds silent_after; /* no news for so long: a reminder; 0: none */
	const AlertCase *expected; /* that this mail is, or NULL */
	const Ticket *expected_ticket;
	const TicketView *expected_view; /* of `expected_ticket` */
	AlertTold expected_told;

	/* Of time alone: the rule of `known`, a mail that must come (NULL: there
	 * is none any more), and until when all mailboxes were looked at. */
	const AlertExpected *awaited;
	Instant heard;
} AlertFacts;

/* Whether the host's name stands in the text as a word of its own: not as a part
 * of a longer name. One of less than three letters means nothing. */
bool alert_host_is_named(const char *host, const char *text);

/* What may be a host's name in a text: its words that hold a digit, a dot, a
 * hyphen or an underscore, lower-case, each once, at most `max`. The caller
 * frees. */
char **alert_hosts_in(const char *text, guint max);

/* The tag of a ticket whose alert nobody's contract knows. */
#define ALERT_TAG_UNMAPPED "unmapped-host"

/* The line of hosts.yaml that would map a ticket's alert, but for the contract's
 * name; NULL where it is mapped, or names no host. The caller frees. */
char *alert_host_line(const Ticket *ticket);

/* Why the clocks of an alert's ticket count from when they do. */
const char *alert_mandate_words(const char *mandate, const char *language);

#endif
