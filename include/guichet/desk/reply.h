/*
 * reply: what an answer may say, as plain data, and the values that its
 * templates (rules/replies/LANGUAGE/NAME.{subject,txt,html}) are made with.
 *
 * Who reads an answer is a matter of type: a client's is made of a ReplyPublic,
 * which has no place for a note, a proof or a technician's name; what only the
 * desk may know is in ReplyInternal. A client's template that names a variable
 * of the desk is refused when the rules are loaded (doc/security.md T19). What
 * a stranger gets has nothing but a number in it (T15).
 *
 * Structs borrow all they hold. Text is in the language asked for, "fr", and
 * in English for any other. The Values are the caller's. No error, no I/O.
 */
#ifndef GUICHET_REPLY_H
#define GUICHET_REPLY_H

#include "guichet/compose/reply_variables.h"
#include "guichet/compose/template.h"
#include "guichet/desk/decide.h"
#include "guichet/judgment/reply_files.h"
#include "guichet/order/command.h"
#include "guichet/rules/contract.h"
#include "guichet/ticket/awaits.h"
#include "guichet/ticket/sla.h"
#include "guichet/ticket/ticket_told.h"

/* The template's name for what the outbox sends. */
const char *reply_name(SendKind kind, bool stranger);

/* "[#12]". The caller frees. */
char *reply_tag(gint64 ticket);

/* ---- what a client may know ---- */

/* One promise, in words and in the reader's zone. */
typedef struct {
	Milestone milestone;
	bool again; /* a response that a reopening made owed again */
	Commitment commitment;
	SlaState state;
	bool has_term;
	Duration within; /* if it has a term */
	bool open_time;  /* counted in opening hours only */
	char *due;       /* sla_when(), "" if it cannot be known */
	char *how;       /* sla_explain_short(), "" */
	Seconds left;    /* until due, negative when late; 0 without due */
} ReplyClock;

ReplyClock *reply_clock_new(const SlaClock *clock, const char *language,
    const Zone *zone, Instant now);
void reply_clock_free(ReplyClock *clock);
/* The same of a row of SlaClock *: ReplyClock *. The caller owns both. */
GPtrArray *reply_clocks(const GPtrArray *clocks, const char *language,
    const Zone *zone, Instant now);

typedef enum {
	REPLY_WINDOW_NONE, /* nothing to say about it */
	REPLY_WINDOW_IN,
	REPLY_WINDOW_OUT, /* the clocks start at `intake` */
} ReplyWindow;

/* A contract that promises nothing: over, or not begun. */
typedef struct {
	ContractLife life; /* in force: nothing to say */
	const char *since; /* sla_date() of its last day, or of its first */
	/* Whom to ask; the name "" where the site names no manager. */
	const char *manager, *manager_address;
} ReplyLife;

/* Of a contract whose hours are bought in advance. */
typedef struct {
	bool are_told;           /* else there is nothing to say */
	Minutes worked, counted; /* on the ticket: as told, as debited */
	Minutes left;            /* of the contract; below 0: overdrawn */
} ReplyHours;

typedef struct {
	const char *desk; /* the site's name */
	gint64 ticket;
	const char *subject;  /* of the ticket */
	const char *client;   /* "" if none, as everywhere below */
	const char *contract; /* its file's name */
	const char *plan;     /* its title */
	TicketKind kind;
	bool unsure;  /* nobody has said it yet, and the words do not */
	int severity; /* 0: none */
	const char *severity_words;
	const char *received, *intake; /* sla_when() */
	ReplyWindow window;
	bool always; /* the intake window never shuts: nothing to say of it */
	const GPtrArray *clocks; /* ReplyClock *, or NULL */
	/* Contact * who may ask, where the writer is none of them; or NULL */
	const GPtrArray *contacts;
	const char *text;      /* the technician's words */
	const char *signature; /* below them, lines; NULL */
	const Terms *offer;    /* whose telephones and prerequisites, or NULL */
	Instant now;           /* with `offer`: who answers then */
	const Zone *in;        /* with `offer`: the reader's */
	/* A component that `plan` does not cover, its title; and the plan that
	 * the ticket falls under in its place. */
	const char *excluded, *instead;
	const char *reopened; /* sla_when() a person did, "" nobody */
	const char *opens;    /* sla_when(): nothing runs before, and nobody is
			    * there now */
	const char *zone;     /* whose time instants are, where it is not the
			    * desk's */
	ReplyLife life;
	const GPtrArray *remarks; /* Remark *, of an acknowledgment and a
				   * notice; or NULL */
	const char *next;        /* sla_when() of the news that were promised */
	const ReplyHours *hours; /* NULL: nothing to say of them */
} ReplyPublic;

Values *reply_client_values(const ReplyPublic *facts, const char *language);
/* What an information about an alert's ticket has beside: `what` is "opened" or
 * "recovered". */
void
reply_add_alert(Values *values, EventInformed informed, const Ticket *ticket);
/* What word of who has it has beside: a technician's name (NULL: the desk), since
 * when, and whether they have it, have seen it or telephoned. */
void reply_add_handled(Values *values, const char *technician, const char *at,
    HandledHow how);
/* What a mail has beside that asks again, or says that nothing came: when we
 * wrote last, in which words (NULL: unknown), and whether an approval was asked
 * for. */
void reply_add_silence(Values *values, const char *asked, const char *question,
    bool is_approval);
Values *reply_stranger_values(gint64 ticket, const char *desk);
/* Maintenance that a technician ordered: MaintenanceOrder *, or NULL. */
void reply_add_orders(Values *values, const GPtrArray *orders,
    const char *language, const Zone *zone);

/* What a parked mail would do, order by order, in our words: `orders` are
 * OrderCase *, of the commands. */
void reply_add_parked(Values *values, const CommandList *commands,
    const GPtrArray *orders, const char *language, const Zone *zone);

/* ---- what only technicians may know ---- */

/* An answer that was not sent. */
typedef struct {
	SendKind what;
	/* event_held_name(); any other word is shown as it is */
	const char *why;
} ReplyHeld;

/* What a monitoring system says, where a notice is about that. */
typedef struct {
	const char *host, *service; /* "" if not said */
	const char *state;          /* the system's own word, "" */
	const char *since;          /* sla_when() */
	const char *source;         /* of guichet.yaml, "" */
	bool trusted;               /* it is who it says */
} ReplyAlert;

/* What was told and is not so any more, in words: {{changes}} of {{what}},
 * {{before}} and {{now}}, then {{why}}, {{arithmetic}}, {{objection}}. */
void reply_add_changes(Values *values, const TicketView *view,
    const ToldChanges *changes, const char *language, const Zone *zone);

/* Guarantees that were missed (SlaClock *): {{missed}} of {{milestone}},
 * {{within}}, {{due}} and {{met}}, "" while it is owed still; what follows from
 * it by the plan, what is next. */
void reply_add_missed(Values *values, const TicketView *view,
    const GPtrArray *missed, const char *language, const Zone *zone);

/* An order that a notice offers. */
typedef struct {
	char *order;       /* the line that gives it, "#resolve" */
	const char *label; /* what it does, in the reader's language */
	char *link;        /* a mailto: that writes it, or NULL */
} ReplyButton;

/*
 * What can be ordered of a ticket in that state: ReplyButton *. The caller owns.
 * With `tag`, the ticket's, each has a link, to the placeholder of its number
 * (reply_button_place()), which button_fill() puts signed addresses in for.
 */
GPtrArray *
reply_buttons(TicketState state, const char *language, const char *tag);
/* `href="mailto:button-3?`: nothing that people write stands so in HTML, where
 * their quotation marks are written otherwise. The caller frees. */
char *reply_button_place(int number);
int reply_button_count(void);
/* Whether that is the order that the mail gives, and all that it orders. */
bool reply_button_writes(int number, const CommandList *commands);

/* A component that the mail's words name, and its plan excludes. */
typedef struct {
	const char *name;  /* as orders take it; NULL: none */
	const char *title; /* in the reader's language */
} ReplyProposed;

/* What else the mail of an alarm is about. */
typedef struct {
	Reason reason;
	ReplyClock *clock; /* NULL: of none */
	int share;
	char *when; /* NULL: of nothing */
} ReplyAlarm;

typedef struct {
	ReplyProposed proposed;
	ReplyPublic public; /* with clocks in the technician's language */
	Reason reason;
	const char *by; /* the colleague who did it; NULL: the manager */
	TicketState state;
	const char *assigned;

	/* who wrote, and how far that is proven */
	const char *writer_name, *writer_address;
	/* by the contract, else by their signature; "" */
	const char *writer_function, *writer_phone;
	const ReplyAlert *alert; /* a machine wrote: NULL for people */
	/* message_answers_to(), message_sent_by(); NULL: nobody else */
	const char *asks_answers_to, *sent_by;
	WhoKind who;
	bool verified;
	bool failed;       /* its domain says that the mail is not its own */
	const char *proof; /* Situation.auth_why, in English */

	const char *new_text;     /* what this mail adds */
	const char *signature;    /* below it, not read before; "" */
	guint lines_cut;          /* those it has besides */
	const GPtrArray *files;   /* ReplyFile *, or NULL */
	const GPtrArray *held;    /* ReplyHeld *, or NULL */
	const GPtrArray *buttons; /* ReplyButton *, or NULL */
	const char *answer_to;    /* who gets an answer; "": nobody can */
	const char *to_map;       /* alert_host_line(), or NULL */
	const char *copied;     /* who of the client's gets it in copy, NULL */
	const char *not_copied; /* whom the mail was written to besides, who
				 * gets nothing, NULL */

	/* a refusal: their own words back, and what the parser said */
	const char *your_text;
	const char *their_text; /* and what a colleague wrote meanwhile, NULL */
	const char *const *errors; /* or NULL */
	const bool
	    *tried; /* by OrderKind: what is told how to write; or NULL */
	const GPtrArray *done; /* char *: what orders did, or NULL */
	bool told;             /* and the client reads of it */
	gint64
	    file_limit; /* how much may go along, 0 where it does not matter */

	/* an alarm: the clock it is about, and the share used */
	const ReplyClock *clock;
	int share;
	const char *when; /* sla_when() of what silence is about, or NULL */
	/* What is next where no clock of `public` says it, awaits_first() */
	Awaits awaits;
	const char *awaits_at; /* sla_when(), NULL: a clock says it, or it is
				* done */
	Seconds awaits_left;   /* negative when late */

	const GPtrArray *also; /* ReplyAlarm *: more of the instant, or NULL */

	/* a delivery that failed */
	SendKind failed_what;
	const char *failed_to, *failed_reply; /* the server's words */
} ReplyInternal;

Values *
reply_technician_values(const ReplyInternal *facts, const char *language);

#endif
