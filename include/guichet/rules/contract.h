/*
 * contract: one client's subscription, as data (rules/contracts/NAME.yaml).
 *
 * A contract has dated versions: what a ticket is promised is read from the
 * version in force when it was received. Public mail domains never name a
 * client (contract_public_domain()).
 */
#ifndef GUICHET_CONTRACT_H
#define GUICHET_CONTRACT_H

#include "guichet/rules/plan.h"

typedef struct {
	char *name;             /* of the person, "" if not given */
	char *address;          /* canonical */
	char *function, *phone; /* what technicians read of them, "" */
} Contact;

/* A technician whom it names, and where: the site's file knows who they are. */
typedef struct {
	char *name;
	YamlPlace at;
} ContractTechnician;

typedef struct {
	Date from;    /* in force from this local date on */
	char **plans; /* in order of preference: the first that applies */
	char *zone_name;
	const Zone *zone; /* the client's, NULL: the plan's */
	char **holidays;  /* NULL: the plan's */
	GHashTable
	    *fields; /* char * to char *: what plans ask for, "yes", "no" */

	/* Its own promises in place of those of the first plan, or NULL; and
	 * then its own continuous effort. */
	GPtrArray *targets; /* Target * */
	guint continuous;
	Duration remind_every;

	/* Its own, what it leaves out being the plan's; NULL: the plan's. */
	AvailabilityTerms *availability;
	gsize line;
} ContractVersion;

/* Who gave notice of it. */
typedef enum {
	PARTY_CLIENT,
	PARTY_US,
	PARTY_COUNT,
} ContractParty;

/* "client", "us". */
const char *contract_party_name(ContractParty party);
bool contract_party_parse(const char *name, ContractParty *ret_party);

typedef struct Contract {
	char *name; /* the file's */
	char *client;
	char *language;      /* "fr" or "en" */
	GPtrArray *contacts; /* Contact * */
	char **domains;      /* any address there belongs to the client */
	bool
	    named_contacts_only; /* others of the domain are told who may ask */
	char **recipients;       /* our addresses that choose this contract */
	/* Who read of its tickets while nobody has them (notice_readers.h). */
	ContractTechnician *referent; /* or NULL */
	GPtrArray *team;              /* ContractTechnician *, maybe none */
	bool inform_of_alerts;
	bool inform_of_missed; /* guarantees, which they are told of */
	bool has_until;
	Date until;         /* last day of the term */
	Duration term;      /* renewed tacitly by this much; 0: not */
	Duration notice;    /* before `until`; 0: none */
	YamlPlace term_at;  /* of `term` */
	bool tells_client;  /* a month before the date that counts */
	bool duties_report; /* its contacts read each month what was done */
	bool has_noticed;   /* somebody gave notice (contract_note_notice()) */
	Date noticed;       /* on that day */
	ContractParty noticed_by;
	GPtrArray *versions; /* ContractVersion *, ascending by `from` */
	const Zone *zone;    /* in which its dates are read: its first plan's */
	char *file;
} Contract;

/* The version in force on the local date of `at`, in the zone of the version
 * itself, else of the desk's contracts (Contract.zone); NULL before the
 * first. */
const ContractVersion *contract_version(const Contract *contract, Instant at);

/* The zone in which the contract's dates are read at that instant. */
const Zone *contract_zone(const Contract *contract, Instant at);

/*
 * The term that a day lies in. A contract that is renewed tacitly goes on by
 * whole terms, each counted from the day after the last. Notice must have been
 * given on `notice_by` at the latest, so that the whole length of the notice,
 * one calendar month for instance, lies between that day and the end.
 */
typedef struct {
	bool has_end; /* false: without a term; then nothing else holds */
	Date end;     /* its last day */
	gint64 renewals;
	bool renews; /* after `end`, unless notice is given */
	bool over;   /* it ended before that day */
	bool has_notice;
	Date notice_by;
	bool notice_passed; /* it will be renewed once more */
	bool is_noticed;    /* notice was given: it ends for good */
} ContractTerm;

/*
 * A notice ends the term that it was given in; one that came after that term's
 * last day for it, the next. It ends nothing before its own day.
 */
ContractTerm contract_term(const Contract *contract, Date today);

/* That notice was given, which no file says: the store does (store_contract.h).
 * Without `given`: that none was. */
void
contract_note_notice(Contract *contract, const Date *given, ContractParty by);

/* The last day of one that is renewed and of which notice was given. */
Date contract_noticed_end(const Contract *contract);

/* How many days the term lasts that lies in `term`; that of one that is not
 * renewed counts from its first version. */
int contract_term_days(const Contract *contract, const ContractTerm *term);

/* Whether it promises anything (doc/domain.md 11). */
typedef enum {
	CONTRACT_IN_FORCE,
	CONTRACT_NOT_BEGUN, /* its first version begins later */
	CONTRACT_OVER,      /* its term ended */
	CONTRACT_LIFE_COUNT,
} ContractLife;

/* "in-force", "not-begun", "over". */
const char *contract_life_name(ContractLife life);

/* On the local date of `at`; *ret_date (may be NULL) is the first day of what
 * has not begun, the last of what is over, and else is left alone. */
ContractLife
contract_life(const Contract *contract, Instant at, Date *ret_date);

typedef enum {
	CONTACT_NONE,   /* not of this contract */
	CONTACT_DOMAIN, /* only by the domain */
	CONTACT_NAMED,
} ContactMatch;

/* Whom the contract names by that address, which is canonical; NULL: nobody. */
const Contact *contract_contact(const Contract *contract, const char *address);

/* `address` is canonical. A domain matches whole, not its subdomains. */
ContactMatch contract_match(const Contract *contract, const char *address);

bool contract_public_domain(const char *domain);

#endif
