/*
 * ticket: the present state of one case, folded from its events.
 *
 * ticket_apply() is the only writer. The same events give the same ticket,
 * whatever the order in which the program was stopped and started.
 *
 *   new -> open -> waiting-customer | waiting-approval | waiting-third-party
 *       -> open ...
 *   any -> resolved -> closed; resolved or closed -> open (reopened)
 */
#ifndef GUICHET_TICKET_H
#define GUICHET_TICKET_H

#include "guichet/rules/plan.h"
#include "guichet/ticket/event.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"

typedef enum {
	TICKET_NEW, /* nobody of the desk has answered yet */
	TICKET_OPEN,
	TICKET_WAITING_CUSTOMER,
	TICKET_WAITING_APPROVAL,
	TICKET_WAITING_THIRD_PARTY, /* stops no clock */
	TICKET_RESOLVED,
	TICKET_CLOSED,
	TICKET_STATE_COUNT,
} TicketState;

const char *ticket_state_name(TicketState state);
bool ticket_state_parse(const char *name, TicketState *ret_state);
bool ticket_state_is_done(TicketState state); /* resolved or closed */
/* Whether a ticket in one state may become the other. */
bool ticket_state_may_follow(TicketState from, TicketState to);

/* A stretch in which the client was waited for, or in which it was done
 * (`why` resolved or closed); `to` INSTANT_NONE: still. */
typedef struct {
	Instant from, to;
	TicketState why;
} Pause;

/* What promises depended on when a milestone was met, if it has changed since:
 * a change recomputes what was not met, and nothing else. */
typedef struct {
	TicketKind kind;
	int severity;
	char *scope, *component, *contract, *rules;
	bool excluded;
	guint grades; /* how many severities it had been given by then */
} TicketPast;

/* A severity that it was given. A correction says that it was that all along, a
 * worsening that it became so: its promises count from there, and what was
 * promised before holds where it is due earlier (doc/domain.md 4). */
typedef struct {
	int severity;
	Instant from; /* INSTANT_NONE: all along */
	bool anew;    /* a response is owed from then, though one was met */
} TicketGrade;

/* Whose doing a change of terms is. */
typedef enum {
	CAUSE_DESK, /* a technician, or a manager */
	CAUSE_CLIENT,
	CAUSE_ALERT,
	CAUSE_MERGE,
	CAUSE_RULE,
	CAUSE_COUNT,
} TicketCause;

/* What an answer told the client (ticket_told.h). */
typedef struct {
	Instant at;
	gint64 outbox;      /* the answer, 0: not known */
	SendKind answer;    /* its kind, SEND_COUNT: not known */
	bool is_correction; /* of what another answer had told */
	TicketPast as;      /* the facts that the promises hang on */
	char *plan, *exclusion;
	struct {
		bool is;
		Commitment commitment;
		Instant due; /* INSTANT_NONE: without a term */
	} promised[MILESTONE_COUNT];
} TicketTold;

/* That a guarantee was missed, as its client was told (ticket_missed.h). */
typedef struct {
	Instant at;    /* INSTANT_NONE: not */
	gint64 outbox; /* the answer, 0: not known */
	bool is_alone; /* in a mail of its own */
} TicketMissed;

/* A promise of a ticket that was merged into this one (doc/domain.md 4): the
 * earlier of it and the ticket's own holds. */
typedef struct {
	gint64 ticket;         /* whose it was */
	Instant received, due; /* as it stood then */
	Instant since;   /* the merge: what pauses from then on moves it */
	bool alone;      /* the ticket's own was met already */
	TicketKind kind; /* what it hangs on */
	int severity;
	char *scope, *component;
} TicketCarried;

/* What met the response, or would have: words that did not go out met
 * nothing. */
typedef struct {
	Instant at;
	gint64 mail; /* whose words, or 0 */
} TicketAnswer;

/* A mail that asks for an answer, or what answers such mails. */
typedef struct {
	Instant at;
	gint64 mail;  /* 0: none */
	bool is_word; /* words to the client, which may come back */
} TicketWord;

/* Who spoke last, and what was promised or set beside the clocks. */
typedef struct {
	GArray *asks;    /* TicketWord: mails of people outside */
	GArray *answers; /* TicketWord: of ours */
	Instant touched; /* somebody's last word or order about it */
	Instant entered; /* the state that it is in */

	Instant next, next_said; /* news, promised when; INSTANT_NONE */
	gint64 next_mail;        /* with these words, which do not keep it */
	Instant next_met;        /* INSTANT_NONE */
	gint64 next_met_mail;

	Instant later, later_said; /* somebody looks again; INSTANT_NONE */
	const char *later_by;      /* interned: technician's name, "" */

	Instant away; /* until when the client says to be; INSTANT_NONE */

	Instant minded[MIND_COUNT]; /* the last time; INSTANT_NONE */
	int reviews; /* since anybody last said or did anything */
} TicketTalk;

/* The last estimate, and what the client said of it: an earlier one is void. */
typedef struct {
	int minutes; /* 0: none */
	bool asks; /* they are to agree to it; it lapses when the ticket ends */
	gint64 batch;  /* of the mail that asks, 0: not known yet */
	Instant given; /* recorded */
	EventApproval said;
	bool is_proven; /* it counts */
} TicketEstimate;

typedef struct Ticket {
	gint64 number;
	TicketState state;
	TicketKind kind;
	bool unsure;    /* the plan's guess, until a technician says the kind */
	int severity;   /* 0: none given */
	GArray *grades; /* TicketGrade, in turn; the last is of `severity` */
	char *scope, *component; /* "" if none */
	char *contract, *plan;   /* "" if none */
	char *rules;             /* hash of the rules in force for it */
	char *source, *mailbox;
	char *assigned;   /* "" nobody */
	GPtrArray *part;  /* char *, sorted: technicians who had it, answered on
			   * it or ordered something of it */
	Instant received; /* of what opened it: the clocks' origin */
	Instant asked;    /* of an alert: its client's first mail, or NONE */
	Instant opened;   /* recorded */
	Instant changed;  /* the latest `at` of its events */
	Instant resolved; /* INSTANT_NONE */
	Instant reopened; /* by a person, the last time: its response is owed
			   * from then on; INSTANT_NONE */
	char *reopened_rules;   /* hash of those in force then; "": `rules` */
	gint32 epoch;           /* rises on close and reopen: token.h */
	Instant turned;         /* when it last rose: older answers are void */
	bool closed_unanswered; /* by the desk, without a word: its response
				 * clock runs to its term all the same */
	gint32 messages;
	bool worked; /* somebody told a time worked on it */
	bool excluded;
	bool objected;       /* its client did, once: ticket_objection.h */
	char *exclusion;     /* reason, "" */
	Instant excluded_at; /* INSTANT_NONE */
	char
	    *proposed; /* a component that its words name and its plan excludes,
			 * until a technician says what it is; "" */
	Instant met[MILESTONE_COUNT]; /* INSTANT_NONE */
	GArray *answers;              /* TicketAnswer: what met the response */
	TicketPast *met_as[MILESTONE_COUNT]; /* NULL: as it is now */
	Instant
	    changed_terms; /* of the last change of these; else `received` */

	/* Announced: the highest share, and when. `rearmed`: what promises
	 * depend on has changed since, and the clock may be another. */
	int warned[MILESTONE_COUNT];
	Instant warned_at[MILESTONE_COUNT];
	bool rearmed[MILESTONE_COUNT];

	gint64 merged_into; /* it is that one now, and nothing moves it; 0 */
	gint64 continued;   /* its client goes on in that one; 0 */
	TicketCarried *carried[MILESTONE_COUNT]; /* NULL: nothing */

	TicketTold *told, *told_before; /* the last answer that told terms, and
					 * the one it replaced; or NULL */
	Instant untold; /* recorded: since when something may be another than
			 * was told; INSTANT_NONE */
	TicketCause untold_why;
	GArray *auto_told; /* Instant: corrections nobody has ordered */
	TicketMissed missed[MILESTONE_COUNT];
	bool is_proven; /* a mail of its client's is known to be theirs */

	TicketEstimate estimate;
	TicketTalk talk;
	int reminders;                    /* under continuous effort */
	Instant reminded;                 /* the last, INSTANT_NONE */
	GArray *pauses;                   /* Pause, ascending */
	GPtrArray *tags;                  /* char *, sorted */
	char *host, *service, *alert_key; /* "" unless from alerts */
	gint64 alert_mail;                /* the last of them, 0 */
} Ticket;

/* (ticket_talk.c) The oldest mail of a person outside that nothing of ours has
 * answered since: its receipt, INSTANT_NONE without one. */
Instant ticket_unanswered(const Ticket *ticket);
/* Our last words to the client that did not come back; INSTANT_NONE. */
Instant ticket_last_word(const Ticket *ticket);
/* Whether news were promised and nobody has written since. */
bool ticket_owes_news(const Ticket *ticket);
/* Whether somebody of the desk is still to be reminded of it. */
bool ticket_is_set_aside(const Ticket *ticket);

/* Whether it bears the tag. */
bool ticket_has_tag(const Ticket *ticket, const char *tag);

/* Whether the technician of that name has, or had, a part in it. */
bool ticket_has_part(const Ticket *ticket, const char *technician);

Ticket *ticket_new(gint64 number);
/* The caller owns it: to see what events would make of it. */
Ticket *ticket_copy(const Ticket *ticket);
void ticket_free(Ticket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ticket, ticket_free)

/*
 * Folds one event in. Returns false and changes nothing if the event makes no
 * sense for the ticket's state: another ticket's, a second opening or anything
 * before the first, an impossible move or a move to where it is, a value that
 * no plan can have. What is merely said twice (met, a tag, a warning) is
 * accepted; of two instants at which something was met, the earlier counts.
 *
 * Resolving meets every milestone that was not met, save that a recovery by
 * itself, or the client's own word, leaves the response as it is: nobody has
 * answered (doc/domain.md 4).
 * Reopening takes back the resolution and, where the event says that the
 * response is owed anew, the response. Time while it was done is a pause.
 * Instants are of receipt and may come out of order: pauses
 * stay ascending and nothing is met before it was received.
 */
bool ticket_apply(Ticket *ticket, const Event *event);

/* Whether somebody waits for an answer whom a closing by the desk would not give
 * one: not where the alert that opened it is over. */
bool ticket_is_answer_wanted(const Ticket *ticket);

/* Since when it is done; INSTANT_NONE: it is not. */
Instant ticket_done_since(const Ticket *ticket);

/* Whether promises hang on what such an event says. */
bool ticket_event_changes_terms(EventType type);

/* Whether the milestone was met under another contract or other rules than
 * the ticket is under now: then the present terms are not those of its clock. */
bool ticket_met_elsewhere(const Ticket *ticket, Milestone milestone);

bool ticket_is_of_an_alert(const Ticket *ticket);

/* What a promise that was carried over hangs on. */
Facts ticket_facts_carried(const Ticket *ticket, Milestone milestone,
    const Terms *terms);

/* Whether this milestone is the response that a reopening made owed anew: it
 * counts from `reopened`, under the contract's version of that instant. */
bool ticket_response_anew(const Ticket *ticket, Milestone milestone);

/* What the promise of one milestone depends on: as it was when it was met, if
 * it was. */
Facts
ticket_facts_for(const Ticket *ticket, Milestone milestone, const Terms *terms);

/*
 * From when on its promises count: its receipt. An alert is a mandate to work
 * only where the plan says so; elsewhere they count from the client's first
 * mail about it, and INSTANT_NONE says that there is none yet.
 */
Instant ticket_origin(const Ticket *ticket, const Plan *plan);
/* Whose mandate it is, under the plan: "alert", "client", "none" yet; NULL for
 * what is no alert. */
const char *ticket_mandate(const Ticket *ticket, const Plan *plan);

/* What promises depend on, the plan's default severity included. Strings are
 * the ticket's. `terms` NULL: no plan. */
Facts ticket_facts(const Ticket *ticket, const Terms *terms);

#endif
