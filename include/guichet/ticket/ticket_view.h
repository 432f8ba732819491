/*
 * ticket_view: a ticket as all must see it who judge it, answer on it or show
 * it: the rules it lives under, its clocks, its client.
 *
 * Pure. What the store and the rules of the past know is put in by the work
 * layer (view_of() in work.h); nobody asks today's rules about a ticket that is
 * there (doc/design.md 4: editing a file rewrites no past).
 */
#ifndef GUICHET_TICKET_VIEW_H
#define GUICHET_TICKET_VIEW_H

#include "guichet/rules/contract.h"
#include "guichet/rules/ruleset.h"
#include "guichet/ticket/sla.h"
#include "guichet/ticket/ticket.h"

/* The sets of rules that a ticket's promises were made under. Borrowed. */
typedef struct {
	const Ruleset *own; /* in force when it was opened or last moved */
	/* Those of a milestone that ticket_met_elsewhere(); else NULL. */
	const Ruleset *past[MILESTONE_COUNT];
	/* Of the day on which somebody reopened it; NULL: `own`. */
	const Ruleset *anew;
} TicketRules;

/* Who wrote on the ticket, as the store knows it. */
typedef struct {
	char *subject; /* of the opening mail, "" */
	char *opener;  /* its writer, canonical; "" without identity */
	gint64 opening_mail;
	bool opened_by_program; /* a machine's or a list's mail, or an alert */
	char *first_client;     /* the first person of the client's, "" */
	gint64 last_mail;       /* the last public one of a person outside, 0 */
	/* Of the client's people: who asked last, "", and their last mail; who
	 * wrote the last mail that is proven, "", and whom besides us to; who
	 * opened it, or what was merged into it; all who wrote. Canonical. */
	char *asker, *proven;
	gint64 asker_mail, proven_mail;
	char **copied, **openers, **writers;
} TicketPeople;

/* Nobody yet: empty words and lists. */
TicketPeople *ticket_people_new(void);
void ticket_people_free(TicketPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TicketPeople, ticket_people_free)

typedef struct {
	Ticket *ticket; /* the view's own */
	TicketRules rules;
	bool is_settled;          /* what follows is of the ticket as it is */
	const Contract *contract; /* as its own rules have it; NULL: none */
	Terms terms;    /* `plan` NULL: the contract was not in force */
	bool has_terms; /* clocks may run: false also for an alert that is no
			 * mandate to work before its client writes */
	Terms in_force; /* of the plan that its facts fall under; `plan` NULL:
			 * none, or no terms */
	GPtrArray *clocks;              /* SlaClock *, by milestone; NULL before
			    * ticket_view_run() */
	Instant now;                    /* of `clocks` */
	const struct SilenceDesk *desk; /* awaits.h; borrowed, NULL: none */
	TicketPeople *people;           /* NULL: nobody has asked yet */
} TicketView;

/* Takes the ticket, also on failure of what follows. No clocks yet. */
TicketView *ticket_view_new(Ticket *take_ticket);
void ticket_view_free(TicketView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TicketView, ticket_view_free)

/* Looks up the terms in these sets; what was computed before is gone. */
void ticket_view_settle(TicketView *view, const TicketRules *rules);
/* Computes the clocks as of `now`, unless they are there already. */
void ticket_view_run(TicketView *view, Instant now);
/* Folds in an event that was appended. False: what the ticket is promised, or
 * who wrote on it, may be another now: ticket_view_settle() is next. */
bool ticket_view_apply(TicketView *view, const Event *event);

/* ---- its client ---- */

/* Whom answers on a ticket go to. Borrowed of view and rules. */
typedef struct {
	const char *address; /* canonical; "": nobody */
	gint64 thread;       /* the mail that is answered; 0: none */
	bool is_program;     /* no person is known: only a program wrote */
} TicketClient;

/*
 * Who of the client's people asked last, if they are still the contract's, or
 * opened it. Else who opened it; where a program did, the first person of the
 * client's who has written since; before that the program, which may have
 * written in a person's name, but never a monitoring system: then the first of
 * those who are told of the contract's alerts (ticket_view_alert_contacts()).
 *
 * The thread is that of the last mail of who asked, else of the last that a
 * person outside wrote, else of the opening mail where its writer is answered.
 */
TicketClient ticket_view_client(const TicketView *view, const Ruleset *today);
/* The same in answer to a mail of `writer`: them, if they may be answered. */
TicketClient ticket_view_client_who(const TicketView *view,
    const Ruleset *today, const char *writer, gint64 mail);

/*
 * Who besides `client` gets the words that a person says to the client: who
 * opened it, and of the last mail that is proven to be the client's its writer
 * and those whom it was written to, if the contract today names them or takes
 * all of their domain. Nobody else ever (doc/security.md T18). const char *,
 * borrowed of `view`; the caller frees the array.
 */
GPtrArray *ticket_view_copies(const TicketView *view, const Ruleset *today,
    const char *client);
/* All who wrote on it, or read along, and may be answered still: the same. */
GPtrArray *ticket_view_parties(const TicketView *view, const Ruleset *today);
/* Whether the contract as it is today lets them be answered in copy. */
bool ticket_view_may_copy(const TicketView *view, const Ruleset *today,
    const char *address);

/* Who is told of alerts under the contract as the ticket has it: Contact *, the
 * people whom the contract names today; NULL if it does not ask for it. */
const GPtrArray *
ticket_view_alert_contacts(const Contract *own, const Ruleset *today);

/* ---- its own rules ---- */

/* The plan whose promise is kept: for its title, severities and checks. NULL:
 * none. */
const Plan *ticket_view_plan(const TicketView *view);
/* The same; where no promise is kept, the plan that the ticket falls under all
 * the same: what it is called, and what it says of estimates. */
const Plan *ticket_view_plan_meant(const TicketView *view);
/* Whether an alert, by itself no mandate to work, still has no client's word:
 * then the next one starts its clocks. */
bool ticket_view_awaits_client(const TicketView *view);
/* Whether its client's plan puts it ahead in the queue. */
bool ticket_view_is_ahead(const TicketView *view);
/* Whether a technician checks the recovery of its alert. */
bool ticket_view_checks_recovery(const TicketView *view);
/*
 * Of a ticket that a recovery resolved and nobody had answered: the last
 * instant at which the same alert is the same ticket. That is the plan's
 * `recurrence`, else the term in which it owed a response, and never less than
 * `least` behind its end (doc/domain.md, ended clocks).
 */
Instant ticket_view_recurrence_end(const TicketView *view, Seconds least);
/* The last instant at which a person may reopen it, which is done: the plan's
 * `reopen` behind its end, without one `otherwise`. */
Instant ticket_view_reopen_end(const TicketView *view, Seconds otherwise);
/* Those that hold for it, else, of a contract that is over, those of its last day,
 * which promise nothing and whose zone and words the client still knows. False:
 * neither. */
bool ticket_view_known_terms(const TicketView *view, Terms *ret_terms);
/* The zone in which its client reads instants; NULL: the site's. */
const Zone *ticket_view_zone(const TicketView *view);

/* The event that moves it to the plan that its facts now fall under; NULL where
 * it is there, or has no terms, or is a duty. */
Event *ticket_view_follow(const TicketView *view, const char *actor, Instant at,
    Instant now);

/* ---- what time brings; all need clocks ---- */

/* Whether the ticket, once it became as bad as that, of this kind, owes a response
 * that it did not owe as strictly, though one was met (doc/domain.md 4): of
 * another plan, in a shorter term, or a guaranteed one. */
bool ticket_view_owes_response(const TicketView *view, const TicketGrade *grade,
    TicketKind kind);

/* The highest share of the clock that was announced, of this clock: a change of
 * severity may have made another of it since. */
int ticket_view_told_share(const TicketView *view, const SlaClock *clock);
/* The next share of the clock to announce above `after`: one of the plan's,
 * then 100 for the breach, then 0. And when: its instant, or the opening after
 * it of the hours in which the plan wants warnings. */
int ticket_view_next_share(const TicketView *view, const SlaClock *clock,
    int after);
Instant
ticket_view_alarm_at(const TicketView *view, const SlaClock *clock, int share);
/* When the tick must look again; INSTANT_NONE: never. With a desk, an open
 * ticket always has such an instant. */
Instant ticket_view_wake(const TicketView *view);
/* The same for its clocks alone. */
Instant ticket_view_clocks_wake(const TicketView *view);

#endif
