/*
 * plan: what a provider promises, as data (doc/domain.md 1 to 5).
 *
 * A plan is a file rules/plans/NAME.yaml; no provider's name and no promise
 * stands in C. The structs are immutable once loaded and borrowed from their
 * Ruleset. Calendars are named here and looked up with the contract's zone and
 * holidays by ruleset_calendar().
 */
#ifndef GUICHET_PLAN_H
#define GUICHET_PLAN_H

#include "guichet/base/limits.h"
#include "guichet/rules/silence.h"
#include "guichet/time/duration.h"
#include "guichet/yaml/load.h"

typedef enum {
	KIND_INCIDENT,
	KIND_REQUEST,
	KIND_QUESTION,
	KIND_DUTY,
	KIND_COUNT,
} TicketKind;

typedef enum {
	MILESTONE_RESPONSE,
	MILESTONE_WORKAROUND,
	MILESTONE_RESOLUTION,
	MILESTONE_RESTORE,
	MILESTONE_COUNT,
} Milestone;

typedef enum {
	COMMITMENT_GUARANTEED,  /* missed: a breach */
	COMMITMENT_OBJECTIVE,   /* missed: reported as missed */
	COMMITMENT_BEST_EFFORT, /* reported without judgment */
	COMMITMENT_COUNT,
} Commitment;

/* "incident", "response", "guaranteed", "best-effort"; parse returns false on
 * others. The rows of names end with a NULL. */
const char *ticket_kind_name(TicketKind kind);
bool ticket_kind_parse(const char *name, TicketKind *ret_kind);
const char *milestone_name(Milestone milestone);
bool milestone_parse(const char *name, Milestone *ret_milestone);
const char *const *milestone_names(void);
const char *commitment_name(Commitment commitment);
bool commitment_parse(const char *name, Commitment *ret_commitment);
const char *const *commitment_names(void);

/* What a ticket is, as far as promises depend on it. */
typedef struct {
	int severity;
	TicketKind kind;
	const char *scope;       /* "" if none */
	const char *component;   /* "" if none: counts as covered */
	bool excluded_component; /* plan_covers_component() said no */
	bool excluded;           /* by a technician's word: see `fallback` */
	Instant received;
} Facts;

/* All that is given must hold; a part that is not given always holds. Note
 * that `covered` of an empty one is -1: see condition_init(). */
typedef struct {
	guint severities;   /* bit 1 << severity; 0: any */
	guint kinds;        /* bit 1 << kind; 0: any */
	char **scopes;      /* NULL: any */
	int covered;        /* -1 any, 0 only excluded, 1 only covered */
	char *received_in;  /* calendar, or NULL: any */
	bool received_open; /* with received_in: open on receipt, or shut */
	char *field;        /* of the contract, or NULL: any */
	bool field_yes;     /* with field: it must be yes, or must not */
} Condition;

/* One that always holds. */
void condition_init(Condition *condition);

typedef struct {
	Milestone milestone;
	Commitment commitment;
	bool has_term; /* false: best effort without a term */
	Duration within;
	char *clock; /* calendar name, never NULL */
	Condition when;
	gsize line; /* in the plan's or contract's file */
} Target;

void target_free(Target *target);

/* A part of the client's system that the plan knows. */
typedef struct {
	char *name;
	Words title;
	bool covered;
	char *covered_if; /* a contract's field that must be yes, or NULL */
} Component;

typedef enum {
	FIELD_YES_NO,
	FIELD_NUMBER,
	FIELD_TEXT,
	FIELD_DATE,
	FIELD_COUNT,
} FieldKind;

/* What a plan asks of each contract under it. */
typedef struct {
	char *name;
	FieldKind kind;
} PlanField;

typedef struct {
	char *name; /* of the duty */
	Words title;
	Duration every; /* mo or d or bd */
	char *clock;
} Duty;

/*
 * What is promised of availability: availability.h counts it. An alert counts
 * by its level, its host and, where it names one, its service. Without `ahead`
 * no maintenance counts as planned.
 */
typedef struct {
	Commitment commitment;
	gint64 target;      /* millionths: 99.9 % is 999000 */
	guint levels;       /* bit 1 << AlertLevel */
	char **hosts;       /* patterns of alert_map.h, NULL: any */
	char **services;    /* NULL: any */
	Seconds ahead;      /* announced so long before; 0: see above */
	bool has_night;     /* a window every night, in the client's zone */
	int32_t night_from; /* seconds of the wall clock */
	int32_t night_to;   /* above night_from, perhaps past midnight */
} AvailabilityTerms;

void availability_terms_free(AvailabilityTerms *terms);

/* One value of a plan's `terms`, for people. */
typedef struct {
	char *name;  /* "fees.steps.1.amount" */
	char *value; /* as it stands in the file */
} PlanTerm;

/*
 * What a plan offers beside its clocks. All of it is shown; what decides
 * something is read besides.
 */
typedef struct {
	GPtrArray *shown;       /* PlanTerm *, in the order of the keys */
	GArray *lengths;        /* Duration: of a term; empty: any */
	Duration notice;        /* count 0: any */
	GArray *packages;       /* Duration: hours sold; empty: any */
	char *bought;           /* the field that says which was, or NULL */
	char *approval;         /* the field of the estimate that waits, NULL */
	gint64 approval_least;  /* and what it may be at least */
	Seconds approval_of;    /* what it counts */
	char *approval_contact; /* the field of who is asked, or NULL */
	Seconds limit; /* estimated at more, it is another team's; 0: nothing */
	Words limit_team; /* whose */
	char *limit_to;   /* and the field of that team's address, or NULL */
	bool estimates;   /* each estimate goes to the client, and waits */
	struct PlanHours *hours; /* hours.h; NULL: no terms at all */
	bool ahead;              /* its tickets come first in the queue */
	char *ahead_if;          /* or where this field is yes; NULL */
} PlanTerms;

/* A number that clients under the plan may call. */
typedef struct {
	Words title;
	char *number;
	char *hours; /* a calendar's name */
} PlanPhone;

/* What clients must have ready before the work. */
typedef struct {
	Words what;
	guint kinds; /* bit 1 << kind; 0: any */
} PlanReady;

typedef struct Plan {
	char *name, *provider;
	Words title;
	const Zone *zone; /* default of calendars that name none */
	char **holidays;  /* default sets, may be empty */
	char *intake;     /* calendar name: the guaranteed intake window */
	Words severity_names[SEVERITY_MAX + 1];
	guint severities; /* bits of those that exist */
	int default_severity;
	TicketKind default_kind; /* where no rule tells and `unsure` does not */
	TicketKind unsure;       /* of a mail that no rule could tell, until a
			    * technician has; KIND_COUNT: `default_kind` */
	Condition applies;       /* else `otherwise` is in force */
	char *otherwise;         /* another plan, or NULL: none, no promise */
	char *fallback; /* the plan of what a technician excludes, or NULL: its
			 * promises end */
	GPtrArray *components; /* Component * */
	GPtrArray *targets;    /* Target *, in file order */
	bool
	    targets_in_contract; /* `targets` is empty: each contract has its own */
	GPtrArray *fields;       /* PlanField * */
	int contacts_max; /* named contacts a contract may have; 0: any */

	int warning_shares
	    [8];             /* percent, ascending, 0 ends; the breach is 100 */
	char *warning_hours; /* calendar in which warnings are sent */
	char **warn;         /* addresses; none: every technician */
	guint continuous;    /* severities under continuous effort */
	Duration
	    remind_every;  /* under continuous effort, until the workaround */
	GPtrArray *duties; /* Duty * */
	bool no_calls;     /* a ticket is opened by mail alone */
	bool
	    alerts_are_mandate; /* an alert starts the clocks as a request does */
	bool has_reopen;        /* `reopen` is given */
	Duration reopen;        /* so long behind its end a client reopens a
			      * ticket; then they open another */
	bool inform_of_alerts; /* clients are told of outages, unless their
				* contract says otherwise */
	bool inform_of_missed; /* and of missed guarantees; likewise */
	Words missed;   /* what follows from one by the contract, or empty */
	guint blocking; /* levels of alerts that are severity 1, as bits;
			 * others never are; 0: as the host's line says */
	bool has_recurrence; /* `recurrence` is given; else the response term */
	Duration recurrence; /* of an alert back within it: the same ticket */
	guint confirm_recoveries; /* severities whose recovery a technician
				   * confirms */
	AvailabilityTerms *availability; /* NULL: none is promised */
	SilenceRules silence;            /* what it says over the site's */
	PlanTerms terms;
	char **needs;      /* plans it is only sold with */
	GPtrArray *phones; /* PlanPhone * */
	GPtrArray *ready;  /* PlanReady * */
	char *since_field; /* a contract's date that may not lie before */
	Date since;        /* this one, or NULL */
	char *file;        /* "plans/sos24.yaml" */
} Plan;

/* An empty one, to be filled by the loader, or by hand in tests. */
Plan *plan_new(const char *name);
void plan_free(Plan *plan);

/* A plan under a contract: what calendars and coverage depend on. Plain data;
 * all borrowed. */
typedef struct {
	const struct Ruleset *ruleset;
	const Plan *plan;
	const Zone *zone;            /* client's; NULL: the plan's */
	const char *const *holidays; /* NULL: the plan's */
	GHashTable *fields; /* contract's fields, or NULL: all absent */

	/* A contract's own targets in place of the plan's, with what it says
	 * of continuous effort; NULL: the plan's. Not for `otherwise`. */
	const GPtrArray *targets;
	guint continuous;
	Duration remind_every;

	bool fell_back; /* the plan is the fall-back of what was excluded */
} Terms;

/* The calendar of that name under these terms, borrowed; loading has made
 * sure that it exists. */
const Calendar *terms_calendar(const Terms *terms, const char *name);

/* What the contract says in that field; NULL: nothing, or no field. */
const char *terms_field(const Terms *terms, const char *field);
/* Whether the contract says yes to that field; NULL: no. */
bool terms_field_is_yes(const Terms *terms, const char *field);

/* The severities under continuous effort, as bits; the interval of reminders
 * goes to *ret_every (it may be NULL) if there are any. */
guint terms_continuous(const Terms *terms, Duration *ret_every);

/* "severity 1 or 2, incident, covered", "" for one that always holds. The
 * caller frees. */
char *condition_describe(const Condition *condition);

bool condition_holds(const Condition *condition, const Facts *facts,
    const Terms *terms);

/* What an alert of that level weighs under the plan, where its host's line says
 * so much (0: nothing). */
int plan_alert_severity(const Plan *plan, guint level, int severity);

/* The severity; the default if the plan lacks it, or for 0. */
int plan_severity(const Plan *plan, int severity);

/* Whether the component counts as covered; an unknown one does. */
bool plan_covers_component(const Plan *plan, const char *component,
    GHashTable *fields);

/*
 * The plan in force for these facts: `terms->plan`, or what its `otherwise`
 * leads to. NULL: nothing is promised. The first target of each milestone
 * whose condition holds goes to ret_targets[milestone], NULL for none.
 * Calendars of a plan that `otherwise` led to are looked up under Terms whose
 * `plan` is that one: its zone and holidays are the defaults then.
 */
const Plan *plan_in_force(const Terms *terms, const Facts *facts,
    const Target *ret_targets[MILESTONE_COUNT]);

/* The same as Terms of that plan, for its calendars, warnings and effort;
 * `plan` is NULL where nothing is promised. */
Terms terms_in_force(const Terms *terms, const Facts *facts,
    const Target *ret_targets[MILESTONE_COUNT]);

#endif
